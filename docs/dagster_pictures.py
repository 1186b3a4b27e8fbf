"""Takes the pictures of operations.md from a running Dagster UI, each at the step of the walk it belongs to.

    python -m docs.dagster_pictures automation --ui http://localhost:3000
    python -m docs.dagster_pictures run --ui http://localhost:3000 --run RUN_ID
    python -m docs.dagster_pictures status --file data/status.html

Chromium is Debian's, or $CHROMIUM. What is on the picture is what the UI shows then: make the state first.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from docs.examples import FOLDER

PICTURES = FOLDER / "pictures"
# Milliseconds: the first page after a start loads the whole graph.
SLOW = 300_000
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the UI: its address below the UI's, the text that says it is there, its size."""

    address: str
    ready: str
    width: int = 1280
    height: int = 640


PAGES = {
    "overview": Page("/runs", "everything"),
    "automation": Page("/automation", "weekly"),
    "launch": Page("/locations/juesuan/jobs/everything", "Materialize"),
    "run": Page("/runs/{run}", "Timed view", height=700),
    "backfill": Page("/runs?view=backfills", "Backfill"),
    "partitions": Page("/assets/lake/documents?view=partitions", "fiscal_year", height=700),
    "set-aside": Page("/assets/lake/documents?view=events", "set_aside", height=900),
    "sensor": Page("/locations/juesuan/sensors/alerts", "Tick history", height=560),
    "failed": Page("/runs/{run}", "Failure", height=700),
}


def take(name: str, address: str, page: Page) -> Path:
    """Open a page, wait for its text, and write the picture; returns its place."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        sys.exit("no Chromium on this machine (apt-get install chromium, or set CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        view = browser.new_page(viewport={"width": page.width, "height": page.height})
        view.goto(address, wait_until="domcontentloaded", timeout=SLOW)
        if page.ready:
            view.get_by_text(page.ready).first.wait_for(timeout=SLOW)
        view.wait_for_timeout(4_000)  # what is drawn after the text
        shot = view.screenshot(full_page=not page.ready)
        browser.close()
    target = PICTURES / f"operations-{name}.png"
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.quantize(colors=96, dither=Image.Dither.NONE).save(target, optimize=True)
    return target


def main() -> None:
    """Take one picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[*PAGES, "status"])
    parser.add_argument("--ui", default="http://localhost:3000")
    parser.add_argument("--run", default="")
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.name == "status":
        if given.file is None:
            parser.error("status needs --file data/status.html")
        target = take("status", given.file.resolve().as_uri(), Page("", "", width=1000))
    else:
        page = PAGES[given.name]
        target = take(given.name, given.ui + page.address.format(run=given.run), page)
    print(f"wrote {target} ({target.stat().st_size / 1024:.0f} kB)")


if __name__ == "__main__":
    main()
