"""The site in a real browser: figures framed where they are printed, choices kept, nobody else asked.

Needs Debian's Chromium (``CHROMIUM`` names another); nothing is downloaded. Skipped where there is none.
"""

from __future__ import annotations

import csv
import os
import shutil
import threading
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.built_raw import GROUP
from tests.oversight.conftest import BuiltSite

pytestmark = pytest.mark.xdist_group(GROUP)

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEPARTMENT = "420100-756f7d3e"
KINDS = (
    "index.html",
    f"department/{DEPARTMENT}.html",
    "findings/index.html",
    "findings/2023.html",
    f"letter/{DEPARTMENT}.html",
    f"compare.html?d={DEPARTMENT},420100-574798d7&m=three_public&y=2021-2024",
    "purpose/index.html",
    "purpose/2010399.html",
    "coverage.html",
    "checks.html",
    "method.html",
)
#: Points that the frame may be off the cell.
NEAR = 2.0


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture(scope="module")
def address(site: BuiltSite) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site.folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium, or set CHROMIUM)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


class Watched:
    """A page whose errors and requests to others fail the test when it ends."""

    def __init__(self, browser: Browser, address: str, **context: Any) -> None:
        self.address = address
        self.wrong: list[str] = []
        self.context = browser.new_context(**context)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: self._hear(said.type, said.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("response", lambda answer: self._answered(answer.status, answer.url))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.wrong.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "blob:", "data:")):
            self.wrong.append(f"asked another host: {url}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.wrong.append(f"{status}: {url}")

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.context.close()
        if kind is None:
            assert self.wrong == []

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.address}/{path}", wait_until="load")
        return self.page


@pytest.mark.parametrize(("lang", "scheme", "width"), [("zh", "light", 360), ("en", "dark", 1440)])
def test_every_kind_of_page_is_free_of_barriers_errors_and_strangers(
    site: BuiltSite, address: str, browser: Browser, lang: str, scheme: Any, width: int
) -> None:
    with site.warehouse() as warehouse:
        (document,) = warehouse.execute(
            "select min(document_id) from mart_findings where finding_kind = 'identity_violated'"
        ).fetchone() or ("",)
    axe = Axe()
    barriers = []
    with Watched(browser, address, color_scheme=scheme, viewport={"width": width, "height": 900}) as watched:
        for path in (*KINDS, f"document/{document}.html"):
            page = watched.go(f"{lang}/{path}")
            if path.startswith("document"):
                page.wait_for_selector("#page[data-drawn]")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            found = axe.run(page)
            barriers += [
                (path, one["id"], one["nodes"][0]["html"][:160]) for one in found.response["violations"]
            ]
    assert barriers == []


def test_a_figure_is_framed_where_its_cell_is_printed(
    site: BuiltSite, address: str, browser: Browser
) -> None:
    """Cells spread over all documents, turned pages among them: the frame within two points of the cell."""
    with site.warehouse() as warehouse:
        cells = warehouse.execute(
            "select c.cell_id, c.document_id, c.x0, c.top, c.x1, c.bottom, c.page, c.page_width "
            "from fct_cells as c semi join intermediate.int_line_items as i on c.cell_id = i.cell_id "
            "qualify row_number() over (partition by c.document_id order by md5(c.cell_id)) <= 2 "
            "order by md5(c.document_id), c.cell_id limit 24"
        ).fetchall()
    assert len(cells) == 24
    # The frame in points of the page as pdf.js drew it, which has its own idea of the page's size and turn.
    measure = """() => {
        const paper = document.getElementById('page').getBoundingClientRect();
        const frame = document.querySelector('#page .marked').getBoundingClientRect();
        return [frame.left - paper.left, frame.top - paper.top, frame.right - paper.left,
                frame.bottom - paper.top].map(one => one / paper.width);
    }"""
    with Watched(browser, address, viewport={"width": 1440, "height": 900}) as watched:
        for cell, document, *box, number, width in cells:
            page = watched.go(f"zh/document/{document}.html#{cell[17:]}")
            page.wait_for_selector(f"#page[data-drawn='{number}'] .marked", timeout=30_000)
            framed = [one * width for one in page.evaluate(measure)]
            assert framed == pytest.approx(box, abs=NEAR), cell
            assert page.locator("td.chosen").count() == 1


def test_a_department_is_found_by_its_initials_and_leads_to_the_proof_of_a_figure(
    address: str, browser: Browser
) -> None:
    with Watched(browser, address) as watched:
        page = watched.go("zh/index.html")
        page.locator("#search").focus()
        page.keyboard.type("ylzwbz")  # 样例政务保障
        page.wait_for_selector("#found a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/department/*.html")
        assert "主要原因" in page.locator("#changes blockquote").first.inner_text()
        page.locator("#changes a.figure").first.click()
        page.wait_for_selector("#page[data-drawn] .marked")
        shown = page.locator("#told dd").nth(1).inner_text()
        assert shown.endswith("元")


def test_a_comparison_is_kept_in_the_address_and_its_csv_is_the_warehouse_to_the_yuan(
    site: BuiltSite, address: str, browser: Browser
) -> None:
    with site.warehouse() as warehouse:
        rows = warehouse.execute(
            "select department_id, fiscal_year, three_public_budget_yuan, three_public_final_yuan "
            "from mart_department_year where fiscal_year between 2021 and 2024 "
            "and department_id in (select department_id from dim_department order by 1 limit 4) order by 1, 2"
        ).fetchall()
    ids = sorted({row[0] for row in rows})
    assert len(ids) == 4
    with Watched(browser, address) as watched:
        page = watched.go("zh/compare.html")
        for one in ids:
            page.locator(f"input[value='{one}']").check()
        page.locator("select[name=measure]").select_option("three_public")
        page.wait_for_selector("#table table")
        page = watched.go(page.url.removeprefix(f"{address}/"))  # as sent to somebody
        page.wait_for_selector("#table table")
        assert page.locator(".multiples svg").count() == 4
        page.locator("#asked summary").click()
        with page.expect_download() as download:
            page.locator("#csv").click()
        sql = page.locator("#sql").inner_text()
        with open(download.value.path(), encoding="utf-8-sig", newline="") as file:  # noqa: PTH123
            taken = list(csv.DictReader(file))
    given = {
        (row["department_id"], int(row["fiscal_year"])): (row["budget_yuan"], row["final_yuan"])
        for row in taken
    }
    assert given == {
        (row[0], row[1]): tuple("" if amount is None else str(amount) for amount in row[2:]) for row in rows
    }
    with site.warehouse() as warehouse:
        asked = warehouse.execute(sql).fetchall()
    assert {(row[1], row[2]): row[4:] for row in asked} == {
        key: tuple(Decimal(amount) if amount else None for amount in amounts)
        for key, amounts in given.items()
    }


def test_contradictions_are_filtered_and_go_into_a_letter(address: str, browser: Browser) -> None:
    with Watched(browser, address) as watched:
        page = watched.go("zh/findings/2023.html")
        all_of_them = page.locator("li.finding:visible").count()
        page.locator("select[name=region]").select_option(index=1)
        fewer = page.locator("li.finding:visible").count()
        assert 0 < fewer < all_of_them
        page.reload()
        assert page.locator("li.finding:visible").count() == fewer
        page = watched.go(f"zh/letter/{DEPARTMENT}.html")
        questions = page.locator(".questions > li")
        n = questions.count()
        questions.first.locator("input").uncheck()
        page.emulate_media(media="print")
        assert page.locator(".questions > li:visible").count() == n - 1
        assert not page.locator("button").first.is_visible()


def test_without_a_script_every_table_is_read(address: str, browser: Browser) -> None:
    with Watched(browser, address, java_script_enabled=False) as watched:
        page = watched.go(f"zh/department/{DEPARTMENT}.html")
        rows = page.locator("#purposes table").first.locator("tbody tr")
        assert rows.count() == page.locator("#purposes table").first.locator("tbody tr:visible").count() > 10
        page.locator("#changes a.figure").first.click()
        assert page.locator("td:target").count() == 1
        assert page.locator("noscript").first.is_visible()
