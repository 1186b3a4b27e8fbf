"""Figures published otherwise before, figure by figure, and what was known on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.warehouse.mini_lake import MiniLake, Row
from tests.warehouse.models_of_lake import Models, models_of

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("restatements")

BUREAU = "示例区城市更新局"
WANTED = ("fct_restatements", "fct_figure_versions")
AS_OF = (
    "select row_key, amount_yuan from fct_figure_versions where statement_id = 'final_expenditure' "
    "and fiscal_year = 2023 and column_id = 'total' "
    "and known_from <= ? and (known_until is null or known_until > ?) order by 1"
)


def spending(**totals: str) -> list[Row]:
    return [
        (code.removeprefix("c"), "科目", "", {"total": total, "basic": total})
        for code, total in totals.items()
    ]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    lake = MiniLake()

    def add(path: str, year: int, published: date | None, *statements: tuple[str, list[Row]]) -> str:
        return lake.document(
            path, department=BUREAU, year=year, kind="final_accounts", published_at=published,
            statements=statements,
        )  # fmt: skip

    fund = ("final_fund", [("total", "合计", "", {"opening_balance": "2.00", "closing_balance": "3.00"})])
    # Published again: three figures are others, one row is new and one is gone; a third time with one more.
    add(
        "v1.pdf",
        2023,
        date(2024, 9, 1),
        ("final_expenditure", spending(c201="10.00", c202="5.00", c203="1.00")),
        fund,
    )
    rows = [
        ("201", "科目", "", {"total": "11.00", "basic": "12.00"}),
        ("202", "科目", "", {"total": "5.00", "basic": "6.00"}),
        ("204", "科目", "", {"total": "7.00"}),
    ]
    add("v2.pdf", 2023, date(2024, 10, 1), ("final_expenditure", rows), fund)
    add(
        "v3.pdf",
        2023,
        date(2024, 11, 1),
        ("final_expenditure", [*rows[:2], ("204", "科目", "", {"total": "8.00"})]),
        fund,
    )
    # The next year opens with another balance, and its text implies another total of the year before.
    later = add(
        "next.pdf", 2024, None, ("final_expenditure", spending(c201="20.00")),
        ("final_fund", [("total", "合计", "", {"opening_balance": "4.00", "closing_balance": "1.00"})]),
    )  # fmt: skip
    about = "final_expenditure/201/total"
    lake.claim(later, 1, "本年支出", "200000", "支出20.00万元，比上年增加8.00万元，增长66.67%。", about=about)
    lake.claim(
        later, 2, "比上年", "80000", "支出20.00万元，比上年增加8.00万元，增长66.67%。",
        claim_kind="change", direction="increase",
    )  # fmt: skip
    lake.claim(
        later, 3, "比上年", "66.67", "支出20.00万元，比上年增加8.00万元，增长66.67%。",
        claim_kind="growth", unit="percent", precision=Decimal("0.01"), direction="increase",
        relation="growth", numerator_claim=2, denominator_claim=1,
    )  # fmt: skip
    return models_of(lake, tmp_path_factory.mktemp("versions") / "lake", WANTED)


def test_each_changed_figure_between_two_versions_is_one_row(models: Models) -> None:
    rows = models.rows(
        "select row_key, column_id, earlier_yuan, amount_yuan, difference_yuan, known_from "
        "from fct_restatements where restatement_kind = 'version' and change_kind = 'changed' "
        "and known_from = date '2024-10-01' order by 1, 2"
    )
    day = date(2024, 10, 1)
    assert rows == [
        ("201", "basic", Decimal(100_000), Decimal(120_000), Decimal(20_000), day),
        ("201", "total", Decimal(100_000), Decimal(110_000), Decimal(10_000), day),
        ("202", "basic", Decimal(50_000), Decimal(60_000), Decimal(10_000), day),
    ]


def test_figures_that_only_one_version_has_are_told_apart(models: Models) -> None:
    rows = models.rows(
        "select change_kind, row_key, column_id, earlier_yuan, amount_yuan, cell_id is null, "
        "earlier_cell_id is null from fct_restatements "
        "where restatement_kind = 'version' and change_kind <> 'changed' order by 1, 2, 3"
    )
    assert rows == [
        ("added", "204", "total", None, Decimal(70_000), False, True),
        ("removed", "203", "basic", Decimal(10_000), None, True, False),
        ("removed", "203", "total", Decimal(10_000), None, True, False),
    ]


def test_each_version_is_held_against_the_one_before_it(models: Models) -> None:
    rows = models.rows(
        "select row_key, earlier_yuan, amount_yuan from fct_restatements "
        "where restatement_kind = 'version' and known_from = date '2024-11-01'"
    )
    assert rows == [("204", Decimal(70_000), Decimal(80_000))]


def test_what_was_known_on_a_day_is_that_days_version(models: Models) -> None:
    def known(day: date) -> dict[str, int]:
        return {key: int(yuan / 10_000) for key, yuan in models.rows(AS_OF, day, day)}

    assert known(date(2024, 8, 31)) == {}
    assert known(date(2024, 9, 1)) == {"201": 10, "202": 5, "203": 1}
    assert known(date(2024, 9, 30)) == {"201": 10, "202": 5, "203": 1}
    assert known(date(2024, 10, 1)) == {"201": 11, "202": 5, "204": 7}
    assert known(date(2026, 1, 1)) == {"201": 11, "202": 5, "204": 8}


def test_a_day_that_is_not_registered_is_assumed_and_said_so(models: Models) -> None:
    assert models.rows(
        "select distinct known_from, known_from_basis from fct_figure_versions where fiscal_year = 2024"
    ) == [(date(2025, 1, 1), "assumed")]


def test_last_years_figures_printed_or_implied_otherwise_are_rows(models: Models) -> None:
    rows = models.rows(
        "select statement_id, row_key, column_id, earlier_yuan, amount_yuan, identity_id, "
        "claim_id is not null, earlier_cell_id is not null from fct_restatements "
        "where restatement_kind = 'last_year' order by 1"
    )
    assert rows == [
        # 20.00 less the increase of 8.00 is 12.00; last year's document prints 11.00.
        ("final_expenditure", "201", "total", Decimal(110_000), Decimal(120_000), None, True, True),
        (
            "final_fund",
            "total",
            "opening_balance",
            Decimal(30_000),
            Decimal(40_000),
            "t7_closing_opening",
            False,
            True,
        ),
    ]
