"""Every document has a partition, in every year to come."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.acquisition.model import FoundFile, RegisteredDocument
from pipelines.acquisition.partitions import YEARS, partition_of, partition_years, year_outside


def found(year: int | None, region: str = "420100") -> FoundFile:
    return FoundFile(
        "a.pdf", "0" * 16, "0" * 64, 1, 1, RegisteredDocument("a.pdf", "", region, fiscal_year=year)
    )


@pytest.mark.parametrize("now", [2026, 2027, 2028, 2040, 2099])
def test_the_years_never_end(now: int) -> None:
    years = partition_years(date(now, 12, 31))
    assert years[:2] == ("unknown", "2007")
    assert years[-1] == str(now + 2)
    assert len(years) == len(set(years)) == now + 2 - 2007 + 2


def test_a_later_day_only_adds_years_at_the_end() -> None:
    before, after = partition_years(date(2026, 12, 31)), partition_years(date(2027, 1, 1))
    assert after[: len(before)] == before
    assert after[len(before) :] == ("2029",)


def test_this_years_budget_and_the_next_have_a_partition() -> None:
    for year in (date.today().year, date.today().year + 1):
        assert partition_of(found(year)) == (str(year), "420100")
        assert year_outside(found(year)) == ""


@pytest.mark.parametrize("year", [1994, 2006, int(YEARS[-1]) + 1, 2100])
def test_a_year_outside_is_unknown_and_told_of(year: int) -> None:
    assert partition_of(found(year)) == ("unknown", "420100")
    assert f"a.pdf: registered for {year}" in year_outside(found(year))


def test_a_file_without_year_is_unknown_and_no_trouble() -> None:
    assert partition_of(found(None, "")) == ("unknown", "000000")
    assert year_outside(found(None)) == ""
