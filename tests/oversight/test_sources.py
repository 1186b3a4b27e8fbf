"""Every picture has its table, its SQL and its CSV, and the SQL gives the rows of the CSV."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.built_raw import GROUP
from tests.oversight.conftest import CORPUS, BuiltSite
from tests.oversight.pages import Element, Page, resolved, within

#: Both sites, each in the worker that makes it.
SITES = [
    pytest.param("site", marks=pytest.mark.xdist_group(GROUP)),
    pytest.param("corpus_site", marks=pytest.mark.xdist_group(CORPUS)),
]


@pytest.fixture
def one_site(request: pytest.FixtureRequest) -> BuiltSite:
    """The site that a test is given by the name of its fixture."""
    site = request.getfixturevalue(request.param)
    assert isinstance(site, BuiltSite)
    return site


def sources_of(page: Page) -> list[Element]:
    """The boxes of a page that say what a picture or table was made of."""
    return [one for one in page.all("details") if "source" in one.get("class")]


def written(value: Any) -> str:
    """A value as the row of a CSV has it: what a spreadsheet would take for a formula has an apostrophe."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case list():
            return "; ".join(map(str, value))
        case str() if value[:1] in set("=+-@\t\r\n＝＋－＠"):
            return f"'{value}"
    return str(value)


@pytest.mark.parametrize("one_site", SITES, indirect=True)
def test_the_sql_shown_gives_the_rows_of_the_csv_beside_it(one_site: BuiltSite) -> None:
    checked = 0
    with one_site.warehouse() as warehouse:
        for name, page in one_site.pages.items():
            if not name.startswith("zh/"):
                continue
            for source in sources_of(page):
                links = [a for a in page.all("a") if source in a.within and a.get("href").endswith(".csv")]
                if not links:
                    continue
                (sql,) = (code.text for code in page.all("code") if source in code.within)
                cursor = warehouse.execute(sql)
                expected = [[written(value) for value in row] for row in cursor.fetchall()]
                target, _ = resolved(name, links[0].get("href"))
                with (one_site.folder / target).open(encoding="utf-8-sig", newline="") as file:
                    head, *rows = csv.reader(file)
                assert head == [column[0] for column in cursor.description or ()], name
                assert rows == expected, name
                checked += 1
    assert checked > 100


@pytest.mark.parametrize("one_site", SITES, indirect=True)
def test_every_picture_has_its_numbers_in_a_table_with_sql_and_csv(one_site: BuiltSite) -> None:
    pictures = 0
    for name, page in one_site.pages.items():
        for picture in (one for one in page.all("figure") if "chart" in one.get("class")):
            pictures += 1
            section = within(picture, "section")
            assert section is not None, name
            told = {data.text for data in page.all("data") if section in data.within}
            columns = [one.text for one in page.all("title") if picture in one.within and "万元" in one.text]
            assert columns, name
            for column in columns:
                assert column.rpartition(": ")[2].removesuffix(" 万元") in told, (name, column)
            sources = [one for one in sources_of(page) if section in one.within]
            assert sources, name
            for source in sources:
                assert [a for a in page.all("a") if source in a.within and a.get("href").endswith(".csv")], (
                    name
                )
                assert [code for code in page.all("code") if source in code.within and "select" in code.text]
    assert pictures > 30
