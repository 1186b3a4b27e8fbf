"""The site in a real browser: no barriers, choices kept, nobody else asked.

Needs Debian's Chromium (``CHROMIUM`` names another); nothing is downloaded. Skipped where there is none.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from typing import Any

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from docx.oxml.ns import qn
from playwright.sync_api import Browser

from tests.built_raw import GROUP
from tests.oversight.browsing import Watched
from tests.oversight.conftest import BuiltSite

pytestmark = pytest.mark.xdist_group(GROUP)

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
    "coverage/index.html",
    "coverage/310107.html",
    "region/310107.html",
    "checks.html",
    "method.html",
)


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
        page.emulate_media(media="screen")
        asked = [one.inner_text() for one in questions.locator("> p:not(.where)").all()]
        with page.expect_download() as download:
            page.locator("#docx").click()
        words = [one.text for one in docx.Document(download.value.path()).element.body.iter(qn("w:p"))]
    numbered = [text for text in words if re.match(r"\d+\. ", text)]
    assert numbered == [f"{number}. {text.strip()}" for number, text in enumerate(asked[1:], start=1)]


def test_who_did_not_publish_is_found_and_leads_to_the_department(address: str, browser: Browser) -> None:
    with Watched(browser, address) as watched:
        page = watched.go("zh/index.html")
        page.locator(".tiles a[href='coverage/index.html']").first.click()
        page.locator("a[href='420100.html']").first.click()
        page.wait_for_url("**/coverage/420100.html")
        page.locator("select[name=state]").select_option("missing")
        page.locator("select[name=year]").select_option("2022")
        rows = page.locator("tr[data-item]:visible")
        assert rows.count() == 2
        assert "期限已过" in rows.first.inner_text()
        assert "state=missing" in page.url
        rows.first.locator("a").click()
        page.wait_for_url("**/department/*.html#publication")
        assert "到期未见" in page.locator("#publication").inner_text()


def test_a_code_is_followed_over_a_rename(site: BuiltSite, address: str, browser: Browser) -> None:
    with site.warehouse() as warehouse:
        (code, earlier, later) = warehouse.execute(
            "select functional_code, min_by(name_zh, valid_from), max_by(name_zh, valid_from) "
            "from dim_functional_code where functional_code in "
            "(select functional_code from mart_purpose_year "
            "group by 1 having count(distinct fiscal_year) > 2) "
            "and valid_from <= 2024 and coalesce(valid_to, 9999) >= 2018 "
            "group by 1 having count(distinct name_zh) > 1 order by 1 limit 1"
        ).fetchone() or ("", "", "")
    with Watched(browser, address) as watched:
        page = watched.go("zh/purpose/index.html")
        page.locator(f"a[href='{code}.html']").first.evaluate("one => one.click()")
        page.wait_for_url(f"**/purpose/{code}.html")
        text = page.locator("main").inner_text()
        assert earlier in text and later in text
        assert page.locator("a.figure").count() > 0


def test_without_a_script_every_table_is_read(address: str, browser: Browser) -> None:
    with Watched(browser, address, java_script_enabled=False) as watched:
        page = watched.go(f"zh/department/{DEPARTMENT}.html")
        rows = page.locator("#purposes table").first.locator("tbody tr")
        assert rows.count() == page.locator("#purposes table").first.locator("tbody tr:visible").count() > 10
        page.locator("#changes a.figure").first.click()
        assert page.locator("td:target").count() == 1
        assert page.locator("noscript").first.is_visible()
