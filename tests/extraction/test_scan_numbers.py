"""Separators of recognised numbers: written as amounts are, whatever dots were seen; no digit is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.scan_numbers import as_number, decimals_of
from pipelines.extraction.scan_recognition import Character, Reading


def reading(text: str) -> Reading:
    return Reading(tuple(Character(c, 0.6, ((c, 0.6),)) for c in text))


@pytest.mark.parametrize(
    ("seen", "written"),
    [
        ("12.291,733.00", "12,291,733.00"),
        ("9.389.913.00", "9,389,913.00"),
        ("3,295,68", "3,295.68"),
        ("17,70", "17.70"),
        ("-1.207,36", "-1,207.36"),
        ("12.291.733", "12,291,733"),
        ("1,234.O0", "1,234.00"),
        ("l,234.00", "1,234.00"),
        ("1, 234. 00", "1,234.00"),
    ],
)
def test_separators_and_lookalikes(seen: str, written: str) -> None:
    assert as_number(reading(seen)).text == written


@pytest.mark.parametrize(
    "seen", ["12.291", "2024.03.15", "201", "20101", "表1.2", "1.234.5", "3.2.1", "4.5.67.89", "公开01表", ""]
)
def test_what_may_be_read_two_ways_stays(seen: str) -> None:
    assert as_number(reading(seen)).text == seen


def test_a_gap_is_a_point_only_in_a_column_of_decimals() -> None:
    assert as_number(reading("17 70")).text == "17 70"
    assert as_number(reading("17 70"), decimals=True).text == "17.70"
    assert as_number(reading("0 00"), decimals=True).text == "0.00"
    assert as_number(reading("201 13 01"), decimals=True).text == "201 13 01"


@pytest.mark.parametrize(
    ("seen", "written"), [(".363.38", "363.38"), ("1,363.38.", "1,363.38"), ("·0.00", "0.00")]
)
def test_a_scrap_beside_a_number_of_decimals_makes_it_doubtful(seen: str, written: str) -> None:
    found = as_number(reading(seen), decimals=True)
    assert (found.text, found.confidence) == (written, 0.5)
    assert as_number(reading(seen)).text == seen
    assert as_number(reading(".50"), decimals=True).text == ".50"


def test_how_a_column_is_written() -> None:
    assert decimals_of(["1.00", "23,456.78", "0.00", "", "合计"]) is True
    assert decimals_of(["257,700", "888.700", "1,200,000", "0", "支出"]) is False
    assert decimals_of(["201", "20101", "2010101", "1.00"]) is None
    assert decimals_of(["1.00", "2.00"]) is None
    assert decimals_of(["257,700", "888.700", "1,200,000", "12.5"]) is None


def test_a_point_before_three_digits_is_a_comma_in_a_column_of_whole_numbers() -> None:
    assert as_number(reading("257.700")).text == "257.700"
    assert as_number(reading("257.700"), decimals=True).text == "257.700"
    assert as_number(reading("257.700"), decimals=False).text == "257,700"


def test_a_point_that_cannot_be_seen_at_all_makes_a_doubtful_number() -> None:
    assert as_number(Reading(tuple(Character(c, 0.99) for c in "125")), decimals=True).text == "125"
    found = as_number(reading("1131"), decimals=True)
    assert found.text == "11.31"
    assert found.confidence <= 0.5
    assert as_number(reading("201"), decimals=False).text == "201"


def test_a_separator_is_as_certain_as_that_one_stands_there() -> None:
    unsure = Character(",", 0.55, ((",", 0.55), (".", 0.44)))
    digits = [Character(c, 0.99, ((c, 0.99),)) for c in "1200"]
    written = as_number(Reading((*digits[:2], unsure, *digits[2:])))
    assert written.text == "12.00"
    assert written.confidence == pytest.approx(0.99)


@given(st.decimals(min_value=0, max_value=10**12, places=2), st.data())
def test_any_amount_is_found_again_whatever_its_separators_were_taken_for(
    amount: object, data: st.DataObject
) -> None:
    written = f"{amount:,.2f}"
    seen = "".join(data.draw(st.sampled_from(".,")) if c in ".," else c for c in written)
    assert as_number(reading(seen)).text == written


def test_two_dots_in_a_row_are_one_and_the_number_is_in_doubt() -> None:
    written = as_number(reading("10.150..48"))
    assert written.text == "10,150.48"
    assert written.confidence <= 0.5
