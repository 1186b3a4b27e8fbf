"""Printed numbers: read where there is one way to read them, else left to the notes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.statements.numerals import read_number


@pytest.mark.parametrize(
    ("text", "value", "decimals"),
    [
        ("2,946.25", "2946.25", 2),
        ("9746.50", "9746.50", 2),
        ("164,978,640", "164978640", 0),
        ("3, 295. 68", "3295.68", 2),
        ("1 ， 385．51", "1385.51", 2),
        ("２，９４６．２５", "2946.25", 2),
        ("1 2 3 . 4 5", "123.45", 2),
        ("0", "0", 0),
        ("0.00", "0.00", 2),
        ("-12.30", "-12.30", 2),
        ("－12.30", "-12.30", 2),
        ("- 12.30", "-12.30", 2),
        ("(12.30)", "-12.30", 2),
        ("（12.30）", "-12.30", 2),
        ("183.6\n0", "183.60", 2),
        ("164,978,\n640", "164978640", 0),
        ("1,05\n4.62", "1054.62", 2),
        ("¥1,000.00", "1000.00", 2),
    ],
)
def test_one_number(text: str, value: str, decimals: int) -> None:
    printed = read_number(text)
    assert printed.content == "number"
    assert printed.value == Decimal(value)
    assert printed.decimals == decimals


@pytest.mark.parametrize(
    "text", ["12.00\n13.00", "12 13", "1.5 2.5", "164,978\n640", "15\n600.00", "1234\n56", "01", "12,34"]
)
def test_what_could_be_more_than_one_number_is_not_guessed(text: str) -> None:
    assert read_number(text).content == "numbers"


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("—", "nothing"),
        ("-", "nothing"),
        ("－－", "nothing"),
        ("95%", "percentage"),
        ("≥95", "text"),
        ("20万以下", "text"),
        ("2023年", "text"),
        ("合计", "text"),
        ("2023-01-01", "numbers"),
    ],
)
def test_what_is_no_number(text: str, content: str) -> None:
    assert read_number(text).content == content


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_grouped_and_plain_writing_mean_the_same(value: Decimal) -> None:
    assert read_number(f"{value:,}").value == value
    assert read_number(str(value)).value == value


@given(st.text(max_size=30))
def test_never_fails(text: str) -> None:
    printed = read_number(text)
    assert (printed.value is not None) == (printed.content == "number")


@pytest.mark.parametrize(
    ("text", "value"), [("0\n¥", "0"), ("¥\n1,234.56", "1234.56"), ("￥", None), ("¥\n￥", None)]
)
def test_a_currency_sign_may_stand_on_a_line_of_its_own(text: str, value: str | None) -> None:
    """Found by random numerals: it ended the reading of the whole document."""
    assert read_number(text).value == (None if value is None else Decimal(value))
