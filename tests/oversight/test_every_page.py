"""Pages of a site, carried elsewhere, in a real browser: nobody else asked, no error, no barrier."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.built_raw import GROUP
from tests.oversight.browsing import Watched, served
from tests.oversight.conftest import CORPUS, BuiltSite
from tests.oversight.page_kinds import OF_MANY, READY, examples, kinds
from tests.sampling import THOROUGH, sampled

NARROW, WIDE = 360, 1440
# Each rule that is broken, with the first element that breaks it.
BARRIERS = """(rules) => axe.run(document, {resultTypes: ['violations'], ...rules}).then(
    (found) => found.violations.map((one) => [one.id, one.nodes[0].html.slice(0, 160)]))"""
#: Those of axe's rules whose answer can be another in other colours or on a wider screen.
OF_COLOURS = {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"],
    }
}


def opened(watched: Watched, kind: str, path: str) -> Page:
    """A page once its scripts have done their work."""
    page = watched.go(path)
    if kind in READY:
        page.wait_for_selector(READY[kind], timeout=30_000)
    return page


@pytest.mark.xdist_group(GROUP)
def test_there_is_a_page_of_every_kind(site: BuiltSite, parted_site: BuiltSite) -> None:
    assert examples(site.pages).keys() | examples(parted_site.pages).keys() == kinds()
    assert kinds() - examples(site.pages).keys() == OF_MANY


@pytest.mark.xdist_group(GROUP)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_page_is_free_of_barriers_and_no_wider_than_the_screen(
    site: BuiltSite, parted_site: BuiltSite, browser: Browser, lang: str
) -> None:
    """All of axe's rules in the light and narrow; dark and wide, those that look at colours and widths."""
    barriers, too_wide = [], []
    own = examples(site.pages)
    others = {kind: path for kind, path in examples(parted_site.pages).items() if kind not in own}
    for folder, paths in ((site.folder, own), (parted_site.folder, others)):
        with served(folder) as address, Watched(browser, address, color_scheme="light") as watched:
            for kind, path in paths.items():
                page = opened(watched, kind, f"{lang}/{path}")
                page.evaluate(Axe().axe_script)
                for scheme, width, rules in (("light", NARROW, {}), ("dark", WIDE, OF_COLOURS)):
                    page.emulate_media(color_scheme=scheme)
                    page.set_viewport_size({"width": width, "height": 900})
                    if page.evaluate("document.documentElement.scrollWidth") > width:
                        too_wide.append((path, width))
                    barriers += [(path, scheme, *one) for one in page.evaluate(BARRIERS, rules)]
    assert too_wide == []
    assert barriers == []


@pytest.mark.xdist_group(GROUP)
def test_without_a_script_every_kind_of_page_shows_all_of_its_rows(
    site: BuiltSite, address: str, browser: Browser
) -> None:
    with Watched(browser, address, java_script_enabled=False) as watched:
        for kind, path in examples(site.pages).items():
            page = watched.go(f"zh/{path.partition('?')[0]}")
            assert page.locator("h1").is_visible(), kind
            # What needs a script is not offered, and the page says so where it is the page's purpose.
            assert page.locator(".js:visible").count() == 0, kind
            assert page.locator("main noscript").count() == (kind in ("compare", "document")), kind
            assert (
                page.locator("main tbody tr, main li.finding").evaluate_all(
                    "all => all.filter((one) => !one.closest('details:not([open])')"
                    " && !one.checkVisibility()).length"
                )
                == 0
            ), kind


def wrong_on(site: BuiltSite, browser: Browser, elsewhere: Path) -> tuple[int, list[str]]:
    """Carry a site to a folder below another and open its pages; how many, and what went wrong.

    All of them when thorough: else one of each kind in each language, and a quarter of the others.
    """
    shutil.copytree(site.folder, elsewhere / "a folder/site", copy_function=os.link)
    with served(elsewhere) as address, Watched(browser, f"{address}/a%20folder/site") as watched:
        names = sorted(path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.html"))
        of_kinds = {
            f"{lang}/{path.partition('?')[0]}"
            for path in examples(site.pages).values()
            for lang in ("zh", "en")
        }
        pages = sorted({*of_kinds, *sampled(names, 4)})
        wrong = []
        for name in pages:
            watched.go(name)
            wrong += [f"{name}: {one}" for one in watched.wrong]
            watched.wrong.clear()
    return len(pages), wrong


@pytest.mark.xdist_group(GROUP)
def test_pages_of_the_committed_documents_open_elsewhere_without_an_error(
    site: BuiltSite, browser: Browser, tmp_path: Path
) -> None:
    n_pages, wrong = wrong_on(site, browser, tmp_path)
    assert n_pages > (400 if THOROUGH in os.environ else 100)
    assert wrong == []


@pytest.mark.xdist_group(CORPUS)
def test_pages_of_the_published_documents_open_elsewhere_without_an_error(
    corpus_site: BuiltSite, browser: Browser, tmp_path: Path
) -> None:
    n_pages, wrong = wrong_on(corpus_site, browser, tmp_path)
    assert n_pages > (400 if THOROUGH in os.environ else 100)
    assert wrong == []
