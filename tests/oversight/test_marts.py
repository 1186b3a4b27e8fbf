"""Marts behind the site, on the committed ``raw/``, with answers read off its pages, and planted faults."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from tests.built_raw import GROUP, BuiltRaw

pytestmark = pytest.mark.xdist_group(GROUP)


@pytest.fixture
def warehouse(built_raw: BuiltRaw) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(built_raw.data / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def test_a_purpose_is_taken_once_from_the_widest_statement(warehouse: duckdb.DuckDBPyConnection) -> None:
    # 武汉市信息中心 2023, 支出决算表, page 8: 2010399 is 1, 910. 17 万元, all of it project; basic is blank.
    rows = warehouse.execute(
        "select statement_id, amount_yuan, basic_yuan, project_yuan, previous_amount_yuan, page, is_leaf "
        "from mart_purpose_year where functional_code = '2010399' and document_id = 'dcaab82395bd3af3'"
    ).fetchall()
    amount = Decimal("19101700.00")
    assert rows == [("final_expenditure", amount, None, amount, None, 8, True)]


def test_the_change_of_a_purpose_is_against_the_same_code_of_the_year_before(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    rows = warehouse.execute(
        "select c.amount_yuan, p.amount_yuan, c.previous_amount_yuan, c.change_yuan "
        "from mart_purpose_year as c left join mart_purpose_year as p on c.department_id = p.department_id "
        "and c.functional_code = p.functional_code and c.document_kind = p.document_kind "
        "and c.fiscal_year - 1 = p.fiscal_year"
    ).fetchall()
    assert sum(row[1] is not None for row in rows) > 200
    for now, before, previous, change in rows:
        assert previous == before
        assert change == (None if before is None else now - before)


def test_the_three_figures_of_three_public_spending_are_those_of_their_cells(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    for basis in ("budget", "budget_in_final", "final"):
        rows = warehouse.execute(
            f"select m.{basis}_yuan, f.amount_yuan, f.document_kind, f.basis, f.fiscal_year = m.fiscal_year "
            "from mart_three_public_year as m inner join fct_three_public as f "
            f"on m.{basis}_cell_id = f.cell_id and m.spending_kind = f.spending_kind"
        ).fetchall()
        assert len(rows) > 80
        kind = "budget" if basis == "budget" else "final_accounts"
        of = "final" if basis == "final" else "budget"
        assert all(row == (row[1], row[1], kind, of, True) for row in rows)
    # The planted fault: its final accounts of 2024 print 33.30 万元 for a budget published as 28.30.
    rows = warehouse.execute(
        "select m.budget_yuan, m.budget_in_final_yuan from mart_three_public_year as m "
        "inner join dim_department as p on m.department_id = p.department_id "
        "where p.department_name = '上海市普陀区样例商务促进局' "
        "and m.fiscal_year = 2024 and m.spending_kind = 'total'"
    ).fetchall()
    assert rows == [(Decimal("283000.00"), Decimal("333000.00"))]


def test_coverage_tells_what_is_held_incomplete_and_not_held(warehouse: duckdb.DuckDBPyConnection) -> None:
    def status(name: str) -> dict[tuple[int, str], tuple[str, list[str]]]:
        rows = warehouse.execute(
            "select c.fiscal_year, c.document_kind, c.coverage_status, c.statements_missing "
            "from mart_coverage as c inner join dim_department as p on c.department_id = p.department_id "
            "where p.department_name = ?",
            [name],
        ).fetchall()
        return {(year, kind): (held, missing) for year, kind, held, missing in rows}

    one = status("武汉市信息中心（武汉市大数据中心）")
    assert one.pop((2023, "final_accounts")) == ("complete", [])
    assert len(one) == 7
    assert set(map(str, one.values())) == {"('not_held', [])"}
    # The planted fault: its final accounts of 2021 lack the statement of government funds.
    other = status("武汉市样例政务保障局")
    assert other[2021, "final_accounts"] == ("incomplete", ["final_fund"])
    assert other[2022, "final_accounts"] == ("complete", [])


def test_every_identity_that_is_answered_has_its_wording(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "select r.identity_id from fct_identity_results as r anti join dim_identity as i "
        "on r.identity_id = i.identity_id"
    ).fetchall()
    assert rows == []
    (n,) = warehouse.execute(
        "select count(*) from dim_identity where title_zh <> '' and title_en <> '' and family <> ''"
    ).fetchone() or (0,)
    assert n > 50


def test_what_only_the_narrative_tells_is_divided_by(warehouse: duckdb.DuckDBPyConnection) -> None:
    # 武汉市信息中心 2023: 公务用车运行费 7.41 万元, 保有量 4 辆; 政府采购支出总额 1915.84 万元,
    # 授予中小企业合同金额 254.18 万元. It received nobody, and does not say so.
    row = warehouse.execute(
        "select vehicles_held_final, operation_per_vehicle_yuan, procurement_told_yuan, "
        "procurement_small_and_medium_share, receptions_final, cost_per_reception_yuan "
        "from mart_department_year where department_name like '武汉市信息中心%' and fiscal_year = 2023"
    ).fetchall()
    assert row == [(4, Decimal("18525.00"), Decimal("19158400.00"), Decimal("0.132673"), None, None)]
    (place,) = warehouse.execute(
        "select t.page, c.value_printed, c.sentence from mart_told_year as t inner join fct_claims as c "
        "on t.claim_id = c.claim_id "
        "where t.told_measure = 'vehicles_held' and t.document_id = 'dcaab82395bd3af3'"
    ).fetchall()
    assert place[1:] == ("4辆", "截至2023年12月31日,开支财政拨款的公务车保有量4辆。")
