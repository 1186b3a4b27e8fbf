"""What an overseer comes for, walked in a real browser, once from the start to the proof by keyboard alone.

Needs Debian's Chromium (``CHROMIUM`` names another); nothing is downloaded. Skipped where there is none.
"""

from __future__ import annotations

import csv
import re
from decimal import Decimal

import docx
import pytest
from docx.oxml.ns import qn
from playwright.sync_api import Browser, Page

from tests.built_raw import GROUP
from tests.oversight.browsing import Watched
from tests.oversight.conftest import BuiltSite

pytestmark = pytest.mark.xdist_group(GROUP)

DEPARTMENT = "420100-756f7d3e"
#: More stops of the tabulator than a page may have before what a walk looks for.
STOPS = 200


def tab_to(page: Page, wanted: str) -> None:
    """Press the tabulator until what is wanted has the focus, and see that it is seen."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            outline = page.evaluate(
                "() => { const one = getComputedStyle(document.activeElement);"
                " return [one.outlineStyle, parseFloat(one.outlineWidth)]; }"
            )
            assert outline[0] != "none" and outline[1] >= 2, wanted
            return
    raise AssertionError(f"no {wanted} within {STOPS} stops of the tabulator")


def test_by_keyboard_alone_a_department_is_found_its_change_read_and_a_figure_proved(
    address: str, browser: Browser
) -> None:
    with Watched(browser, address) as watched:
        page = watched.go("zh/index.html")
        tab_to(page, "#search")
        page.keyboard.type("ylzwbz")  # 样例政务保障
        page.wait_for_selector("#found a")
        tab_to(page, "#found a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/department/*.html")
        assert "主要原因" in page.locator("#changes blockquote").first.inner_text()
        tab_to(page, "#changes a.figure")
        exact = page.evaluate("document.activeElement.querySelector('data').value")
        page.keyboard.press("Enter")
        page.wait_for_selector("#page[data-drawn] .marked")
        told = page.locator("#told dd").nth(1).inner_text()
        assert Decimal(re.sub(r"[^\d.-]", "", told)) == Decimal(exact)
        # From the proof on: the next stop is on the page, and the identities can be followed.
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body")


def test_enter_in_the_search_leads_to_the_first_department_found(address: str, browser: Browser) -> None:
    with Watched(browser, address) as watched:
        page = watched.go("zh/index.html")
        page.locator("#search").focus()
        page.keyboard.type("ylzwbz")
        page.wait_for_selector("#found a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/department/*.html")
        assert "样例政务保障局" in page.locator("h1").inner_text()


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


def test_all_contradictions_of_a_year_are_listed_one_is_opened_and_the_letter_printed(
    address: str, browser: Browser
) -> None:
    with Watched(browser, address) as watched:
        page = watched.go("zh/findings/2023.html")
        contradictions = page.locator("section[data-group]").first
        assert contradictions.locator("h2").inner_text().startswith("矛盾")
        n_told = int(contradictions.locator(".count").inner_text())
        assert contradictions.locator("li.finding:visible").count() == n_told > 10
        all_of_them = page.locator("li.finding:visible").count()
        page.locator("select[name=region]").select_option(index=1)
        fewer = page.locator("li.finding:visible").count()
        assert 0 < fewer < all_of_them
        page.reload()
        assert page.locator("li.finding:visible").count() == fewer
        # One of them opened: both figures of the contradiction are framed.
        page.locator("li.finding:visible .links > a").first.click()
        page.wait_for_selector("#page[data-drawn] .marked")
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
        # Levels are closed at first: open the class, then the section, as a visitor does.
        for above in (code[:3], code[:5]):
            if above != code and page.locator(f"tr[data-code='{above}'] .twist").count():
                page.locator(f"tr[data-code='{above}'] .twist").click()
        page.locator(f"a[href='{code}.html']").click()
        page.wait_for_url(f"**/purpose/{code}.html")
        text = page.locator("main").inner_text()
        assert earlier in text and later in text
        assert page.locator("a.figure").count() > 0


def test_an_economic_code_leads_to_its_group_and_to_the_codes_that_are_in_none(
    address: str, browser: Browser
) -> None:
    with Watched(browser, address) as watched:
        page = watched.go("zh/purpose/index.html")
        page.locator(".ways a[href$='economic/index.html']").click()
        page.locator("tr[data-code='301'] .twist").click()
        page.locator("a[href='30101.html']").click()
        page.locator(".lead a[href*='international/gfsm-211']").click()
        page.wait_for_url("**/international/gfsm-211.html")
        first = page.locator("tr.level1").first
        first.locator(".twist").click()
        page.locator("tr.level2:visible a.figure").first.click()
        page.wait_for_selector("#page[data-drawn] .marked")
        page = watched.go("zh/international/index.html")
        assert "为本单位职工缴纳" in page.locator("tr", has_text="2210201").last.inner_text()
