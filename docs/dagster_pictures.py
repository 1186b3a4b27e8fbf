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
# Milliseconds: what is drawn after the text.
DRAWN = 4_000
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the UI: its address below the UI's, the text that says it is there, its size in pixels.

    ``clicks`` are places (Playwright's selectors) clicked one after another before the picture is taken;
    ``shown`` is how much of the height is on it (0: all).
    """

    address: str
    ready: str
    width: int = 1280
    height: int = 640
    clicks: tuple[str, ...] = ()
    shown: int = 0


# The upper half of a run's page, which has its steps over time, at full height.
STEPS = "button:has([aria-label=expand_arrows]) >> nth=0"
PAGES = {
    "graph": Page("/asset-groups", "warehouse_staging", 1360, 480),
    "automation": Page("/automation", "weekly", height=560),
    "run": Page("/runs/{run}", "Run of", height=620, clicks=(STEPS,)),
    "partitions": Page(
        "/assets/lake/documents?view=partitions",
        "Partitions Selected",
        height=700,
        clicks=("text=/^2023$/", "text=/^310107$/"),
    ),
    "set-aside": Page(
        "/assets/lake/documents?view=partitions",
        "Partitions Selected",
        height=700,
        clicks=("text=/^unknown$/", "text=/^000000$/"),
    ),
    "sensor": Page("/locations/juesuan/sensors/{sensor}", "Latest tick", height=760),
    "failed": Page("/runs/{run}", "Run of", height=700, shown=490),
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
            view.wait_for_timeout(DRAWN)
            for place in ("text=Hide navigation", *page.clicks):
                view.locator(place).first.click()
                view.wait_for_timeout(DRAWN)
        shot = view.screenshot(full_page=not page.ready)
        browser.close()
    target = PICTURES / f"operations-{name}.png"
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    if page.shown:
        image = image.crop((0, 0, image.width, page.shown))
    image.quantize(colors=96, dither=Image.Dither.NONE).save(target, optimize=True)
    return target


def main() -> None:
    """Take one picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[*PAGES, "status"])
    parser.add_argument("--ui", default="http://localhost:3000")
    parser.add_argument("--run", default="", help="for run and failed: the run's id")
    parser.add_argument("--sensor", default="raw_folder_changes")
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.name == "status":
        if given.file is None:
            parser.error("status needs --file data/status.html")
        target = take("status", given.file.resolve().as_uri(), Page("", "", width=1000))
    else:
        page = PAGES[given.name]
        target = take(given.name, given.ui + page.address.format(run=given.run, sensor=given.sensor), page)
    print(f"wrote {target} ({target.stat().st_size / 1024:.0f} kB)")


if __name__ == "__main__":
    main()
