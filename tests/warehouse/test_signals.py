"""What stands out is told with what it was compared with, and nothing else is told; figures known by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.warehouse.identity_tables import insert_rows
from pipelines.warehouse.models_in_memory import build

FIGURES = {
    "department_id": "VARCHAR",
    "fiscal_year": "INTEGER",
    "document_kind": "VARCHAR",
    "measure": "VARCHAR",
    "amount_yuan": "DECIMAL(18,2)",
    "document_id": "VARCHAR",
    "page": "INTEGER",
    "cell_id": "VARCHAR",
}
PURPOSES = {
    "department_id": "VARCHAR",
    "fiscal_year": "INTEGER",
    "document_kind": "VARCHAR",
    "functional_code": "VARCHAR",
    "row_label": "VARCHAR",
    "code_level": "INTEGER",
    "amount_yuan": "DECIMAL(18,2)",
    "previous_amount_yuan": "DECIMAL(18,2)",
    "document_id": "VARCHAR",
    "page": "INTEGER",
    "cell_id": "VARCHAR",
}
DEPARTMENTS = {
    "department_id": "VARCHAR",
    "department_name": "VARCHAR",
    "department_level": "VARCHAR",
    "region_code": "VARCHAR",
    "is_synthetic": "BOOLEAN",
}
REGIONS = {"region_code": "VARCHAR", "region_name": "VARCHAR", "region_level": "VARCHAR"}


class Panel:
    """Departments' figures, and the signals that they give."""

    def __init__(self) -> None:
        self.figures: list[dict[str, Any]] = []
        self.purposes: list[dict[str, Any]] = []
        self.departments: list[dict[str, Any]] = []

    def department(self, name: str, main_class: str = "205", years: range = range(2019, 2025)) -> None:
        self.departments.append(
            {
                "department_id": name,
                "department_name": name,
                "department_level": "department",
                "region_code": "420100",
                "is_synthetic": True,
            }
        )
        for year in years:
            self.purpose(name, year, main_class, "9000000", level=1)

    def figure(self, name: str, year: int, measure: str, amount: str, kind: str = "final_accounts") -> None:
        self.figures.append(
            {
                "department_id": name,
                "fiscal_year": year,
                "document_kind": kind,
                "measure": measure,
                "amount_yuan": amount,
                "document_id": f"{name}-{year}",
                "page": 7,
                "cell_id": f"{name}-{year}-{kind}-{measure}",
            }
        )

    def ratio(self, name: str, year: int, percent: str) -> None:
        """Projects as a share of expenditure."""
        self.figure(name, year, "expenditure_total", "1000000")
        self.figure(name, year, "project_expenditure", str(Decimal(percent) * 10000))

    def purpose(
        self, name: str, year: int, code: str, amount: str, *, level: int = 3, before: str | None = None
    ) -> None:
        self.purposes.append(
            {
                "department_id": name,
                "fiscal_year": year,
                "document_kind": "final_accounts",
                "functional_code": code,
                "row_label": "行政运行",
                "code_level": level,
                "amount_yuan": amount,
                "previous_amount_yuan": before,
                "document_id": f"{name}-{year}",
                "page": 8,
                "cell_id": f"{name}-{year}-{code}",
            }
        )

    def signals(self, connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
        insert_rows(connection, "mart_department_year_figures", FIGURES, self.figures)
        insert_rows(connection, "mart_purpose_year", PURPOSES, self.purposes)
        insert_rows(connection, "dim_department", DEPARTMENTS, self.departments)
        region = {"region_code": "420100", "region_name": "武汉市", "region_level": "prefecture"}
        insert_rows(connection, "dim_region", REGIONS, [region])
        build(connection, ["mart_signals"])
        return connection.execute(
            "select signal_kind, signal_measure, department_id, fiscal_year, signal_value, typical_value, "
            "n_compared, sentence_zh, cell_id from mart_signals order by all"
        ).fetchall()


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def test_a_year_far_from_the_years_before(connection: duckdb.DuckDBPyConnection) -> None:
    panel = Panel()
    panel.department("甲局")
    for year, percent in ((2020, "40"), (2021, "42"), (2022, "41"), (2023, "44"), (2024, "70.05")):
        panel.ratio("甲局", year, percent)
    (signal,) = panel.signals(connection)
    assert signal[:7] == (
        "own_past", "project_share", "甲局", 2024, Decimal("0.700500"), Decimal("0.415000"), 4
    )  # fmt: skip
    assert signal[7] == "项目支出占总支出的比重2024年为70.1%，此前4年的中位数为41.5%（40.0%至44.0%）。"
    assert signal[8] == "甲局-2024-final_accounts-project_expenditure"


@pytest.mark.parametrize(
    ("percents", "why"),
    [
        (("40", "42", "70"), "two years before are too few"),
        (("20", "45", "60", "30", "75"), "it always changed as much"),
        (("40", "40", "40", "40", "50"), "10 points are no more than such a share moves"),
    ],
)
def test_a_year_that_does_not_stand_out(
    connection: duckdb.DuckDBPyConnection, percents: tuple[str, ...], why: str
) -> None:
    panel = Panel()
    panel.department("甲局")
    for year, percent in enumerate(percents, start=2025 - len(percents)):
        panel.ratio("甲局", year, percent)
    assert panel.signals(connection) == [], why


def test_a_department_far_from_its_peers(connection: duckdb.DuckDBPyConnection) -> None:
    """Five of the same work; one of other work is not among them, and four would be too few."""
    panel = Panel()
    for name, percent in zip("甲乙丙丁戊己", ("80", "40", "41", "42", "43", "44"), strict=True):
        panel.department(name)
        panel.ratio(name, 2024, percent)
    panel.department("庚", main_class="214")
    panel.ratio("庚", 2024, "5")
    (signal,) = panel.signals(connection)
    assert signal[:7] == ("peers", "project_share", "甲", 2024, Decimal("0.8"), Decimal("0.42"), 5)
    assert "同级、同类工作的5个部门的中位数为42.0%（40.0%至44.0%）" in signal[7]


def test_four_peers_are_too_few(connection: duckdb.DuckDBPyConnection) -> None:
    panel = Panel()
    for name, percent in zip("甲乙丙丁戊", ("80", "40", "41", "42", "43"), strict=True):
        panel.department(name)
        panel.ratio(name, 2024, percent)
    assert panel.signals(connection) == []


def test_more_spent_than_the_budget_of_three_public(connection: duckdb.DuckDBPyConnection) -> None:
    panel = Panel()
    panel.department("甲局")
    for year, final in ((2023, "100000"), (2024, "100000.01")):
        panel.figure("甲局", year, "three_public", final)
        panel.figure("甲局", year, "three_public", "100000", kind="budget")
    (signal,) = panel.signals(connection)
    assert signal[:4] == ("beyond", "three_public_execution", "甲局", 2024)


def test_balances_that_grow_year_after_year(connection: duckdb.DuckDBPyConnection) -> None:
    panel = Panel()
    panel.department("甲局")
    panel.department("乙局")
    for year, rising, falling in ((2022, "5", "30"), (2023, "12", "40"), (2024, "21", "35")):
        for name, percent in (("甲局", rising), ("乙局", falling)):
            panel.figure(name, year, "closing_balance", f"{percent}000")
            panel.figure(name, year, "grand_total", "100000")
    (signal,) = panel.signals(connection)
    assert signal[:4] == ("growing", "closing_balance_share", "甲局", 2024)
    assert signal[7].endswith("2024年为21.0%，前一年12.0%，再前一年5.0%，连年上升。")


def test_items_that_are_the_same_to_the_cent(connection: duckdb.DuckDBPyConnection) -> None:
    panel = Panel()
    panel.department("甲局")
    panel.purpose("甲局", 2024, "2050101", "3456789.12", before="3456789.12")
    panel.purpose("甲局", 2024, "2050102", "3456789.12", before="3456789.13")
    panel.purpose("甲局", 2024, "2050103", "500000", before="500000")
    panel.purpose("甲局", 2024, "2050104", "777.11", before="777.11")
    (signal,) = panel.signals(connection)
    assert signal[:4] == ("identical", "2050101", "甲局", 2024)
    assert "“2050101 行政运行”2024年与上年的决算数完全相同，都是345.678912万元。" in signal[7]
    assert signal[8] == "甲局-2024-2050101"


def test_the_share_of_other_items_and_of_round_amounts_is_counted(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Eight items, of which two are round and one is “other”; seven are too few to count round ones."""
    panel = Panel()
    panel.department("甲局")
    for number in range(1, 8):
        panel.purpose("甲局", 2024, f"205010{number}", "10000" if number < 3 else "10000.5")
    panel.purpose("甲局", 2024, "2050199", "30000.5")
    for number in range(1, 8):
        panel.purpose("甲局", 2023, f"205010{number}", "10000")
    panel.signals(connection)
    values = connection.execute(
        "select signal_measure, fiscal_year, numerator, denominator, cell_id "
        "from int_signal_values order by all"
    ).fetchall()
    assert values == [
        ("other_items", 2023, Decimal(0), Decimal(70000), None),
        ("other_items", 2024, Decimal("30000.50"), Decimal("100003.00"), "甲局-2024-2050199"),
        ("round_amounts", 2024, Decimal(2), Decimal(8), "甲局-2024-2050101"),
    ]
