"""Amounts as markup and columns as CSV, each with known answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipelines.oversight.amounts import Amounts, share
from pipelines.oversight.views import csv_cell, csv_column
from pipelines.oversight.wording import wording

_VALUES = st.one_of(
    st.none(), st.integers(), st.booleans(), st.text(max_size=4), st.decimals(allow_nan=False, places=8)
)


def amounts(address: str = "") -> Amounts:
    return Amounts(wording("zh"), "../", lambda cell: address if cell else "")


def test_an_amount_leads_to_its_place_and_whatever_stands_around_it_is_escaped() -> None:
    set_in_a_table = amounts('document/a.html#"><b>').money(Decimal("12345.60"), "cell")
    assert set_in_a_table == (
        '<a class="figure" href="../zh/document/a.html#&#34;&gt;&lt;b&gt;" '
        'title="12,345.60 元 · 看原件出处"><data value="12345.60">1.23</data></a>'
    )


def test_an_amount_is_told_as_it_is_written_though_it_equals_another() -> None:
    assert 'value="10000.0"' in amounts().money(Decimal("10000.0"))
    assert 'value="10000.00"' in amounts().money(Decimal("10000.00"))
    assert ">+1.00<" in amounts().money(Decimal("10000.00"), signed=True)


def test_a_line_over_the_years_has_gaps_and_no_zeroes_and_marks_breaks() -> None:
    rows: dict[int, dict[str, Any]] = {
        2022: {"amount_yuan": Decimal("20000.00"), "cell_id": None, "break_kinds": ["renamed"]},
        2024: {"amount_yuan": None, "cell_id": None},
    }
    t = wording("zh")
    broken, absent, unknown = (
        cell.removeprefix('<td class="n">')
        for cell in amounts().cells((2022, 2023, 2024), rows, of_code=True).split("</td>")[:3]
    )
    assert ">2.00</data>" in broken and t("purpose.break_title") in broken
    assert absent == f'<span class="gap" title="{t("gap.code")}">—</span>'
    assert unknown == f'<span class="gap" title="{t("gap.title")}">—</span>'
    assert t("gap.title") in amounts().cells((2023,), rows)


def test_a_change_says_which_way_and_a_share_how_much() -> None:
    row = {"change_yuan": Decimal("-10000.00"), "change_ratio": Decimal("0.0314")}
    assert amounts().change(row).startswith('<span class="down"><data value="-10000.00"')
    assert "▲</span>+3.1%" in amounts().change_ratio(row)
    assert "gap" in amounts().change(None) and "gap" in amounts().change_ratio(None)
    assert 'width="12.35"' in share(Decimal("0.12346")) and share(None) == ""


@given(st.one_of(st.lists(_VALUES), st.lists(st.one_of(st.none(), st.sampled_from(["", "=1", "＋", "年"])))))
def test_a_column_is_written_as_its_cells_are(values: list[Any]) -> None:
    assert ["" if one is None else str(one) for one in csv_column(values)] == [csv_cell(v) for v in values]
