"""The status as a page a person opens: ``data/status.html``, one file that needs nothing else."""

from __future__ import annotations

from pathlib import Path

import jinja2

from pipelines.operations.status import Status, by_reason
from pipelines.settings import Settings

TEMPLATES = Path(__file__).with_name("templates")
# Rows of a list; the command or the UI has all.
LISTED = 50


def page_of(settings: Settings) -> Path:
    """Where the page lies."""
    return settings.data / "status.html"


def status_html(status: Status) -> str:
    """The page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("status.html.j2")
    return template.render(status=status, reasons=by_reason(status.set_aside), listed=LISTED)


def write_status_page(settings: Settings, status: Status) -> Path:
    """Write the page whole, in one step; raises ``OSError`` where the data folder takes no file."""
    page = page_of(settings)
    page.parent.mkdir(parents=True, exist_ok=True)
    temporary = page.with_name(f".{page.name}.part")
    temporary.write_text(status_html(status), encoding="utf-8")
    temporary.replace(page)
    return page
