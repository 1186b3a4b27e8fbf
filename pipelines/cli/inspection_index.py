"""``juesuan inspect --picture DIR``: pages beside what was read there, as one HTML page.

One folder that opens with no network: ``index.html`` and a PNG per page. The PNG is the page as printed;
everything said of it lies over it as SVG, so that it needs no font of ours and can be pointed at. What a
document prints is untrusted text: the template escapes all of it.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import jinja2

from pipelines.cli.inspection_pages import ABOVE, SeenPage
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.recognition import THRESHOLD
from pipelines.warehouse.inspection import Inspected

TEMPLATES = Path(__file__).parent / "templates"


def write_index(found: Inspected, pages: Sequence[SeenPage], folder: Path) -> Path:
    """Write ``index.html`` into ``folder``; returns its path."""
    template = _environment().get_template("inspection.html.j2")
    script = (TEMPLATES / "inspection.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    counts = Counter(result.verdict for result in found.identities)
    page = template.render(
        found=found,
        what=found.understood.identification,
        pages=pages,
        verdicts=dict(sorted(counts.items())),
        threshold=THRESHOLD,
        above=ABOVE,
        script=script,
        script_digest=digest,
        forms={form.id: form.form for form in load_catalogue().forms},
    )
    path = folder / "index.html"
    path.write_bytes(page.encode("utf-8", "replace"))
    return path


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = shown
    environment.filters["yuan"] = lambda amount: f"{amount:,}"
    return environment


def shown(text: str) -> str:
    """Printed text as a page can hold it: what is no character or turns the line round is replaced."""
    return "".join(
        "\ufffd" if _is_unprintable(character) else character for character in text if character != "\r"
    )


def _is_unprintable(character: str) -> bool:
    code = ord(character)
    controls = (code < 32 and character not in "\n\t") or 127 <= code < 160
    turns = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    return controls or turns or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)
