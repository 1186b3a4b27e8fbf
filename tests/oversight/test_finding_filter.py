"""Findings over more pages than one: all of them are reached without a script, and filtered with one."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.built_raw import GROUP
from tests.oversight.browsing import Watched, served
from tests.oversight.conftest import REVIEWED, BuiltSite

pytestmark = pytest.mark.xdist_group(GROUP)

#: How a finding of the warehouse is told of in the form: name of the choice, its value in SQL.
CHOICES: Mapping[str, str] = {
    "year": "f.fiscal_year::varchar",
    "region": "f.region_code",
    "kind": "f.finding_kind",
    "severity": "f.severity",
    "document": "f.document_kind",
    "reading": "case when f.is_read_by_ocr then 'ocr' else 'text' end",
    "since": "case when s.is_new is null then 'undated' when s.is_new then 'new' else 'standing' end",
    "review": "s.review_state",
}


@pytest.fixture(scope="module")
def findings(parted_site: BuiltSite) -> dict[str, dict[str, str]]:
    """Every finding the site shows, by its id, with the values it can be chosen by."""
    columns = ", ".join(f"{sql} as {name}" for name, sql in CHOICES.items())
    with parted_site.warehouse() as warehouse:
        rows = warehouse.execute(
            f"select f.finding_id, {columns} from mart_findings as f inner join mart_finding_states as s "
            "on f.finding_id = s.finding_id where f.finding_kind <> 'register_disagrees'"
        ).fetchall()
    assert len(rows) > 30
    return {row[0]: dict(zip(CHOICES, row[1:], strict=True)) for row in rows}


def wanted(findings: Mapping[str, Mapping[str, str]], **choice: str) -> set[str]:
    state = choice.pop("state", None)
    return {
        one
        for one, row in findings.items()
        if all(row[name] == value for name, value in choice.items())
        and (state is None or state in (row["since"], row["review"]))
    }


def all_chosen(page: Page) -> set[str]:
    """The findings that are shown once there are no more to be shown, and that none is shown twice."""
    page.wait_for_function("() => document.getElementById('filtered').textContent")
    while page.locator("#more").is_visible():
        n = page.locator("#chosen > li").count()
        page.locator("#more").click()
        page.wait_for_function("(n) => document.querySelectorAll('#chosen > li').length > n", arg=n)
        assert page.evaluate("document.activeElement.closest('#chosen > li') !== null")
    ids = [one.get_attribute("id") or "" for one in page.locator("#chosen > li").all()]
    assert len(ids) == len(set(ids))
    said = re.findall(r"\d+", page.locator("#filtered").inner_text())
    assert said == [str(len(ids)), str(len(ids))]
    return {one.removeprefix("finding-") for one in ids}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_script_every_finding_and_every_letter_is_reached_by_links(
    parted_site: BuiltSite, findings: Mapping[str, Mapping[str, str]], lang: str
) -> None:
    reached, waiting = set(), [f"{lang}/findings/index.html"]
    while waiting:
        name = waiting.pop()
        if name in reached or not re.match(rf"{lang}/(findings|letter)/", name):
            continue
        reached.add(name)
        for link in parted_site.pages[name].all("a"):
            address = link.get("href").partition("#")[0].partition("?")[0]
            if address.endswith(".html"):
                waiting.append(
                    address.removeprefix("../../") if "/" in address else f"{lang}/findings/{address}"
                )
    shown = [one.removeprefix("finding-") for name in reached for one in parted_site.pages[name].ids]
    assert Counter(one for one in shown if one in findings) == Counter(dict.fromkeys(findings, 1))
    with parted_site.warehouse() as warehouse:
        departments = warehouse.execute(
            "select distinct department_id from mart_findings where finding_kind <> 'register_disagrees'"
        ).fetchall()
    assert {name for name in reached if "/letter/" in name} == {
        f"{lang}/letter/{one}.html" for (one,) in departments
    }
    lists = [name for name in reached if "/findings/letters-" in name]
    assert lists and not any("/letter/" in a.get("href") for a in _links(parted_site, lang))


def _links(site: BuiltSite, lang: str) -> list[Any]:
    return site.pages[f"{lang}/findings/index.html"].all("a")


def test_what_a_script_is_told_of_the_pages_is_what_stands_on_them(
    parted_site: BuiltSite, findings: Mapping[str, Mapping[str, str]]
) -> None:
    names = ("kind", "severity", "region", "document", "reading", "state")
    told = 0
    for path in sorted((parted_site.folder / "data/findings").iterdir()):
        for part in json.loads(path.read_text(encoding="utf-8")):
            items = [
                one
                for one in parted_site.pages[f"zh/findings/{part['page']}"].all("li")
                if one.get("data-kind")
            ]
            assert {tuple(line[:-1]): line[-1] for line in part["lines"]} == Counter(
                tuple(one.get(f"data-{name}") for name in names) for one in items
            )
            assert {findings[one.get("id").removeprefix("finding-")]["year"] for one in items} == {path.stem}
            told += len(items)
    assert told == len(findings)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_choice_is_made_over_all_findings_and_kept_in_the_address(
    parted_site: BuiltSite, findings: Mapping[str, Mapping[str, str]], browser: Browser, lang: str
) -> None:
    (kind, _), *_ = Counter(row["kind"] for row in findings.values()).most_common()
    choices = [
        {"kind": kind},
        {"severity": "high"},
        {"year": "2023", "region": "420100"},
        {"state": "new"},
        {"state": "decided", "year": "2023"},
        {"document": "budget", "reading": "text", "state": "standing"},
    ]
    with served(parted_site.folder) as address, Watched(browser, address) as watched:
        for choice in choices:
            page = watched.go(f"{lang}/findings/index.html")
            for name, value in choice.items():
                page.locator(f"#filter select[name={name}]").select_option(value)
            assert all_chosen(page) == wanted(findings, **choice) != set()
            page = watched.go(page.url.removeprefix(f"{address}/"))  # as sent to somebody
            assert all_chosen(page) == wanted(findings, **choice)
            # The other language shows the same choice.
            page.locator("a.language").click()
            page.wait_for_url(f"**/{'en' if lang == 'zh' else 'zh'}/findings/index.html?*")
            assert all_chosen(page) == wanted(findings, **choice)
        assert max(len(wanted(findings, **choice)) for choice in choices) > 10


def test_what_became_of_a_finding_is_told_with_it_and_it_leads_on(
    parted_site: BuiltSite, browser: Browser
) -> None:
    with served(parted_site.folder) as address, Watched(browser, address) as watched:
        page = watched.go("zh/findings/index.html?state=decided")
        page.wait_for_selector("#chosen li")
        assert REVIEWED in page.locator("#chosen li").inner_text()
        page.locator("#chosen .about a").click()
        page.wait_for_url("**/department/*.html")
        page.locator("a[href*='letter/']").click()
        page.wait_for_url("**/letter/*.html")
        assert page.locator(".questions > li:visible").count() > 0


def test_a_choice_that_nothing_fits_says_so_and_none_shows_the_lists_alone(
    parted_site: BuiltSite, findings: Mapping[str, Mapping[str, str]], browser: Browser
) -> None:
    nothing = {"year": "2021", "state": "new"}
    assert wanted(findings, **nothing) == set()
    with served(parted_site.folder) as address, Watched(browser, address) as watched:
        page = watched.go("zh/findings/index.html")
        for name, value in nothing.items():
            page.locator(f"#filter select[name={name}]").select_option(value)
        assert all_chosen(page) == set()
        for name in nothing:
            page.locator(f"#filter select[name={name}]").select_option("")
        page.wait_for_function("() => !document.getElementById('filtered').textContent")
        assert page.locator("#chosen > li").count() == 0
        assert "?" not in page.url


def test_a_list_of_several_pages_leads_to_the_filter_with_its_year_and_region_chosen(
    parted_site: BuiltSite, findings: Mapping[str, Mapping[str, str]], browser: Browser
) -> None:
    with served(parted_site.folder) as address, Watched(browser, address) as watched:
        page = watched.go("zh/findings/2023-420100-2.html")
        assert page.locator("form.filters").count() == 0
        page.locator("a[href*='index.html?year=2023']").click()
        page.wait_for_url("**/findings/index.html?year=2023&region=420100#filter")
        assert all_chosen(page) == wanted(findings, year="2023", region="420100") != set()
