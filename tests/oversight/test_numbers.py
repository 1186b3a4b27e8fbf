"""Every number of pages drawn at random is the warehouse's, and every picture has its table, SQL and CSV."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from pathlib import PurePosixPath
from typing import Any

import duckdb
import pytest

from pipelines.oversight import figures
from tests.built_raw import GROUP
from tests.oversight.conftest import CORPUS, BuiltSite
from tests.oversight.page_kinds import OF_MANY, kind_of, kinds
from tests.oversight.pages import Page, within

PAGES = 200
PERCENT = re.compile(r"[+-]?[\d,]+\.\d%")


def drawn(site: BuiltSite, seed: int) -> list[str]:
    """Pages drawn at random, at least one of every kind."""
    rng = random.Random(seed)
    names = sorted(name for name, page in site.pages.items() if kind_of(page))
    rng.shuffle(names)
    first = {kind_of(site.pages[name]): name for name in names}
    return [*first.values(), *(name for name in names if name not in first.values())][:PAGES]


class Asked:
    """What the warehouse says to the SQL that stands on a page, and its printed cells."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.cells: dict[str, set[Decimal]] = {}
        for cell, amount in connection.execute(
            "select cell_id, amount_yuan from intermediate.int_line_items"
        ).fetchall():
            self.cells.setdefault(cell, set()).add(amount)
        self.printed = dict(connection.execute("select cell_id, printed_text from fct_cells").fetchall())
        self.findings = {
            row[0]: set(row[1:]) - {None}
            for row in connection.execute(
                "select finding_id, expected_yuan, reported_yuan, difference_yuan from mart_findings"
            ).fetchall()
        }
        self.rows = cache(self._rows)

    def _rows(self, sql: str) -> tuple[dict[str, Any], ...]:
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return tuple(dict(zip(names, row, strict=True)) for row in cursor.fetchall())

    def of_page(self, page: Page) -> set[Decimal]:
        """All amounts and ratios that the SQL of a page gives."""
        found = set[Decimal]()
        for code in page.all("code"):
            # The comparison is asked in the browser: its SQL is held against its CSV in the walks.
            if (
                code.text
                and any("source" in one.get("class") for one in code.within)
                and code.within[-1].tag == "pre"
            ):
                for row in self.rows(code.text):
                    found.update(value for value in row.values() if isinstance(value, Decimal))
                    if row.get("budget_yuan") is not None and row.get("final_yuan") is not None:
                        found.add(row["final_yuan"] - row["budget_yuan"])
                counts = [row["n_amounts"] for row in self.rows(code.text) if "n_amounts" in row]
                found.update(Decimal(one) / sum(counts) for one in counts)
        return found


def wrong_amounts(name: str, page: Page, asked: Asked) -> Iterable[tuple[str, str]]:
    """Amounts of a page that are neither their cell's nor the finding's nor what the page's SQL gives."""
    given = asked.of_page(page)
    for data in page.all("data"):
        value = Decimal(data.get("value"))
        link = data.within[-1]
        if link.tag == "a" and "document/" in link.get("href"):
            target, _, place = link.get("href").partition("#")
            if value not in asked.cells.get(f"{PurePosixPath(target).stem}-{place}", set()):
                yield name, data.get("value")
            continue
        item = within(data, "li")
        finding = item and (item.get("data-finding") or item.get("id").removeprefix("finding-"))
        if finding in asked.findings:
            if value not in asked.findings[finding]:
                yield name, data.get("value")
        elif value not in given:
            yield name, data.get("value")


def wrong_percents(name: str, page: Page, asked: Asked) -> Iterable[tuple[str, str]]:
    """Rates of change and shares of a page that are no ratio its SQL gives, nor a share of what it gives."""
    given = asked.of_page(page)
    known = {
        figures.percent(one, signed=signed) for one in given if abs(one) < 10**6 for signed in (True, False)
    }
    for element in page.elements:
        if element.tag not in ("td", "span") or element.get("class") not in ("n", "up", "down", "same"):
            continue
        # What was measured of reading is of the documents on it, and is held against them.
        if any("measured" in one.get("class") for one in element.within):
            continue
        for text in PERCENT.findall(element.text):
            if text not in known:
                yield name, text


def wrong_shares(name: str, page: Page) -> Iterable[tuple[str, str]]:
    """Shares of a table of codes that are not the code's part of the whole of that year."""
    for table in page.all("table"):
        if "tree" not in table.get("class"):
            continue
        head = [one for one in page.all("th") if table in one.within and one.get("scope") == "col"]
        years = [n for n, one in enumerate(head) if re.fullmatch(r"\d{4}", one.text.strip())]
        rows = [one for one in page.all("tr") if table in one.within and one.get("data-code")]
        if not any(row.get("data-code") == "total" for row in rows) or not years:
            continue
        amounts: dict[str, Decimal] = {}
        shown: dict[str, str] = {}
        for row in rows:
            cells = [one for one in page.elements if one.within and one.within[-1] is row]
            latest = cells[years[-1]]
            of_cell = [data for data in page.all("data") if latest in data.within]
            share = PERCENT.findall(cells[-1].text)
            if share:
                amounts[row.get("data-code")] = Decimal(of_cell[0].get("value"))
                shown[row.get("data-code")] = share[0]
        for code, text in shown.items():
            if text != figures.percent(amounts[code] / amounts["total"]):
                yield name, f"{code}: {text}"


def wrong_prints(name: str, page: Page, asked: Asked) -> Iterable[tuple[str, str]]:
    """Cells of a table as printed whose text is not what is printed there."""
    if kind_of(page) != "document":
        return
    document = PurePosixPath(name).stem
    for cell in page.all("td"):
        if cell.get("id"):
            printed = asked.printed[f"{document}-{cell.get('id')}"] or ""
            if "".join(printed.split()) not in "".join(cell.text.split()):
                yield name, cell.get("id")


def check(site: BuiltSite, seed: int) -> int:
    """Hold pages drawn at random against the warehouse; how many numbers there were."""
    checked = 0
    wrong: list[tuple[str, str]] = []
    with site.warehouse() as warehouse:
        asked = Asked(warehouse)
        names = drawn(site, seed)
        assert len(names) == PAGES
        for name in names:
            page = site.pages[name]
            wrong += wrong_amounts(name, page, asked)
            wrong += wrong_percents(name, page, asked)
            wrong += wrong_shares(name, page)
            wrong += wrong_prints(name, page, asked)
            checked += len(page.all("data")) + len([td for td in page.all("td") if td.get("id")])
    assert wrong == []
    return checked


@pytest.mark.xdist_group(GROUP)
def test_every_number_on_200_pages_of_the_committed_documents_is_the_warehouse_s(site: BuiltSite) -> None:
    assert {kind_of(site.pages[name]) for name in drawn(site, 7)} >= kinds() - OF_MANY
    assert check(site, 7) > 10_000


@pytest.mark.xdist_group(CORPUS)
def test_every_number_on_200_pages_of_the_published_documents_is_the_warehouse_s(
    corpus_site: BuiltSite,
) -> None:
    assert check(corpus_site, 11) > 5_000


@pytest.mark.xdist_group(GROUP)
def test_counts_on_overview_pages_are_the_warehouse_s(site: BuiltSite) -> None:
    def shown(name: str, row: str) -> list[str]:
        page = site.pages[name]
        for line in page.all("tr"):
            cells = [one.text.strip() for one in page.elements if one.within and one.within[-1] is line]
            if cells[0] == row:
                return cells[1:]
        raise AssertionError(f"{name} has no row {row}")

    with site.warehouse() as warehouse:

        def count(sql: str) -> int:
            return int((warehouse.execute(sql).fetchone() or (0,))[0])

        tiles = [
            one.text
            for one in site.pages["zh/index.html"].all("b")
            if any("tiles" in above.get("class") for above in one.within)
        ]
        of = "from mart_publication where publication_status"
        assert tiles[:4] == [
            str(count("select count(*) from dim_document where document_status = 'current'")),
            str(count("select count(*) from dim_department")),
            str(count(f"select count(*) {of} = 'missing'")),
            str(count(f"select count(*) {of} = 'late'")),
        ]
        kept = "from mart_findings where finding_kind <> 'register_disagrees'"
        assert tiles[5] == str(count(f"select count(*) {kept}"))
        for year in (2021, 2022, 2023, 2024):
            told = shown("zh/findings/index.html", f"{year}年度疑点")
            assert sum(map(int, told[:3])) == count(f"select count(*) {kept} and fiscal_year = {year}")
        for state, word in ((True, "新增"), (False, "原有")):
            assert int(shown("zh/findings/index.html", word)[0]) == count(
                f"select count(*) from mart_finding_states as s inner join (select * {kept}) as f "
                f"on s.finding_id = f.finding_id where s.is_new = {state}"
            )
        for code, n in warehouse.execute(
            "select economic_code, count(distinct department_id) from mart_economic_year "
            "where code_level between 1 and 2 group by 1"
        ).fetchall():
            assert shown("en/economic/index.html", code)[1] == str(n)
