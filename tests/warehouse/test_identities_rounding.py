"""Properties: rounding alone is never called a violation; a wrong digit beyond the interval always is."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.printed_figures import Book, verdicts

CENT = Decimal("0.01")
#: True amounts in 万元, to the yuan's cent, as an accounting system holds them.
TRUE_AMOUNTS = st.integers(min_value=0, max_value=10**10).map(lambda cents: Decimal(cents) / 10**6)
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


Table = dict[str, dict[str, Decimal]]


def printed(amount: Decimal, digits: Decimal) -> str:
    return str(amount.quantize(digits, rounding=ROUND_HALF_UP))


def as_printed(table: Table, digits: Decimal) -> dict[str, dict[str, str]]:
    return {
        row: {name: printed(sum_, digits) for name, sum_ in cells.items()} for row, cells in table.items()
    }


@st.composite
def true_tables(draw: st.DrawFn) -> Table:
    """A consistent code table: items with basic and project money, their sections, classes, total."""
    items = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(["201", "208", "210"]), st.integers(1, 3), st.integers(1, 4)),
            st.tuples(TRUE_AMOUNTS, TRUE_AMOUNTS),
            min_size=1,
            max_size=12,
        )
    )
    table: Table = {}
    for (code, section, item), (basic, project) in items.items():
        names = ("total", code, f"{code}{section:02d}", f"{code}{section:02d}{item:02d}")
        for name in names:
            row = table.setdefault(name, {"total": Decimal(0), "basic": Decimal(0), "project": Decimal(0)})
            row["basic"] += basic
            row["project"] += project
            row["total"] += basic + project
    return table


@SLOW
@given(true_tables(), st.sampled_from([Decimal("0.01"), Decimal("0.1"), Decimal(1)]))
def test_rounded_consistent_tables_are_never_violated(
    table: dict[str, dict[str, Decimal]], digits: Decimal
) -> None:
    rows = {
        row: {column: printed(amount, digits) for column, amount in cells.items()}
        for row, cells in table.items()
    }
    summary = {row: {"amount": cells["total"]} for row, cells in rows.items() if len(row) == 3}
    summary["expenditure_total"] = {"amount": rows["total"]["total"]}
    book = Book().add("final_expenditure", rows).add("final_general_expenditure", rows)
    book.add("final_summary", summary)
    results = verdicts(book)
    assert [result for result in results.values() if result.verdict == "violated"] == []
    assert results["t3_row_total", "total"].verdict in ("exact", "rounding", "improbable")
    assert results["t1_expenditure_total", ""].verdict != "not_evaluable"


@SLOW
@given(true_tables(), st.data())
def test_a_wrong_digit_beyond_the_interval_is_violated(table: Table, data: st.DataObject) -> None:
    """One digit of one row's total is misprinted by more than the row's interval (0.015 万元)."""
    rows = as_printed(table, CENT)
    row = data.draw(st.sampled_from(sorted(rows)))
    figure = rows[row]["total"]
    position = data.draw(st.sampled_from([i for i, letter in enumerate(figure) if letter != "."]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != figure[position]]))
    wrong = figure[:position] + digit + figure[position + 1 :]
    rows[row]["total"] = wrong
    off = abs(Decimal(wrong) - Decimal(rows[row]["basic"]) - Decimal(rows[row]["project"]))
    result = verdicts(Book().add("final_expenditure", rows))["t3_row_total", row]
    assert (result.verdict == "violated") == (off > Decimal("0.015"))
