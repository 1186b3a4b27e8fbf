"""The marts, built by dbt from a small lake whose figures are known by hand."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.mini_lake import MiniLake
from tests.warehouse.small_lake import small_lake

# Where dbt keeps what it parsed, so that only the first build of this process parses the project.
PARSED = Path(tempfile.mkdtemp(prefix="dbt-parsed-"))
atexit.register(shutil.rmtree, PARSED, ignore_errors=True)

# One worker builds the small lake once for all of these.
pytestmark = pytest.mark.xdist_group("dbt_marts")

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
# Counted by hand in small_lake.py.
FACTS_OF_AMOUNTS = {
    "fct_revenue_by_function": 2 * (2 * 3 + 3),  # T2: two rows of three columns; T7: three rows
    "fct_expenditure_by_function": 2 * (2 * 13 + 7 + 6) + 2,  # T3, T5, T7, budget; two more
    "fct_expenditure_by_economic": 2 * 5 + 1,  # T6; a code of one year
    "fct_statement_totals": 15 * 8 + 2 * (3 * 2) + 2 * 2,  # summaries; balances of T7; totals of T6
    "fct_three_public": 2 * 7,
    "fct_procurement": 2,
    "fct_project_target": 2 * 2,
}

# Known from small_lake.py: the information centre prints two of the eight final statements of the small
# lake in 2022 (in 2023 a table of it was not understood, so nothing is said), and the bureau's own unit
# prints one of the four statements that half of the budgets of its province and year hold.
MISSING = [
    *(
        ("示例区城市更新局（本级）", 2023, "budget", statement_id)
        for statement_id in ("budget_general_expenditure", "budget_procurement", "budget_project_target")
    ),
    *(
        ("示例市信息中心", 2022, "final_accounts", statement_id)
        for statement_id in (
            "final_expenditure",
            "final_general_basic",
            "final_general_expenditure",
            "final_revenue",
            "final_state_capital",
            "final_three_public",
        )
    ),
]


@dataclass(frozen=True)
class Built:
    """A warehouse that dbt built, open for reading, and the document ids of its lake by short name."""

    connection: duckdb.DuckDBPyConnection
    ids: dict[str, str]
    output: str

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters).fetchall()

    def value(self, sql: str, *parameters: Any) -> Any:
        (row,) = self.rows(sql, *parameters)
        return row[0]


def run_dbt(lake: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run dbt over ``lake``; the warehouse it built is ``folder/warehouse.duckdb``.

    To dbt, lake and warehouse always lie in the same place: it parses anew where their paths change.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (PARSED / "lake").unlink(missing_ok=True)
    (PARSED / "lake").symlink_to(lake, target_is_directory=True)
    warehouse = PARSED / "warehouse.duckdb"
    environment = {
        **os.environ,
        "DO_NOT_TRACK": "1",
        "JUESUAN_LAKE": str(PARSED / "lake"),
        "JUESUAN_WAREHOUSE": str(warehouse),
    }
    command = [
        *(sys.executable, "-m", "pipelines.warehouse.dbt_process", "--no-use-colors", *arguments),
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(PARSED / "target"), "--log-path", str(folder / "logs")),
    ]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if warehouse.is_file():
        warehouse.replace(folder / "warehouse.duckdb")
    return finished


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    folder = tmp_path_factory.mktemp("small")
    lake, ids = small_lake()
    lake.write(folder / "lake")
    finished = run_dbt(folder / "lake", folder / "next", "build")
    assert finished.returncode == 0, finished.stdout
    with duckdb.connect(str(folder / "next" / "warehouse.duckdb"), read_only=True) as connection:
        yield Built(connection, ids, finished.stdout)


def status(built: Built, name: str) -> str:
    sql = "select document_status from dim_document where document_id = ?"
    return str(built.value(sql, built.ids[name]))


def test_every_dbt_test_ran_and_passed(built: Built) -> None:
    assert " ERROR=0 " in built.output
    assert " SKIP=0 " in built.output
    assert " WARN=0 " in built.output


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bureau_final_2023", "current"),
        ("bureau_unit", "current"),
        ("centre_budget_old", "superseded"),
        ("centre_budget_new", "current"),
        ("taken_down", "withdrawn"),
        ("broken", "set_aside"),
        ("blank_form", "blank_form"),
        ("nobody", "not_identified"),
        ("same_day_early", "superseded"),
        ("same_day_late", "current"),
        ("unknown_a", "superseded"),
        ("unknown_b", "current"),
        ("readable", "current"),
        ("unreadable", "set_aside"),
        ("tables", "current"),
        ("words", "current"),
        ("corrected", "current"),
        ("superseded", "superseded"),
        ("whole", "superseded"),
        ("statements_again", "current"),
        ("first_half", "current"),
        ("other_half", "current"),
    ],
)
def test_which_version_counts(built: Built, name: str, expected: str) -> None:
    assert status(built, name) == expected


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("centre_budget_old", "centre_budget_new"),
        ("same_day_early", "same_day_late"),
        ("unknown_a", "unknown_b"),
        ("superseded", "corrected"),  # though its date is later
        ("whole", "statements_again"),
    ],
)
def test_versions_are_numbered_in_order(built: Built, earlier: str, later: str) -> None:
    sql = "select version_number from dim_document where document_id = ?"
    assert [built.value(sql, built.ids[name]) for name in (earlier, later)] == [1, 2]


def test_a_document_that_does_not_count_leaves_no_figure(built: Built) -> None:
    gone = [built.ids[name] for name in ("centre_budget_old", "taken_down", "superseded", "blank_form")]
    for table in (*FACTS_OF_AMOUNTS, "fct_cells", "mart_department_year_figures"):
        assert built.value(f"select count(*) from {table} where list_contains(?, document_id)", gone) == 0


def test_a_unit_under_its_departments_name_is_a_department_of_its_own(built: Built) -> None:
    rows = built.rows(
        "select u.department_name, u.department_level, p.department_name, p.department_level "
        "from dim_department u join dim_department p on u.parent_department_id = p.department_id"
    )
    assert rows == [("示例区城市更新局（本级）", "unit", "示例区城市更新局", "department")]


def test_every_amount_is_one_fact(built: Built) -> None:
    counted = {table: built.value(f"select count(*) from {table}") for table in FACTS_OF_AMOUNTS}
    total = built.value("select count(*) from intermediate.int_line_items")
    assert sum(counted.values()) == total
    assert counted == FACTS_OF_AMOUNTS


def test_balances_and_revenue_of_the_fund_statement_go_where_the_catalogue_says(built: Built) -> None:
    document = built.ids["bureau_final_2022"]
    assert built.rows(
        "select column_id, amount_yuan from fct_statement_totals "
        "where document_id = ? and statement_id = 'final_fund' and row_key = 'total' order by 1",
        document,
    ) == [("closing_balance", Decimal("30000.00")), ("opening_balance", Decimal("20000.00"))]
    assert built.rows(
        "select functional_code, fund, amount_yuan from fct_revenue_by_function "
        "where document_id = ? and statement_id = 'final_fund' order by 1",
        document,
    ) == [(code, "government_fund", Decimal("90000.00")) for code in ("212", "21208", "total")]


def test_personnel_and_running_totals_are_not_economic_codes(built: Built) -> None:
    assert (
        built.value(
            "select count(*) from fct_expenditure_by_economic where economic_code not similar to '[0-9]+'"
        )
        == 0
    )


def test_a_sum_over_leaves_counts_nothing_twice(built: Built) -> None:
    assert built.rows(
        "select expenditure_kind, sum(amount_yuan) from fct_expenditure_by_function "
        "where document_id = ? and statement_id = 'final_expenditure' and is_leaf group by 1 order by 1",
        built.ids["bureau_final_2023"],
    ) == [
        ("basic", Decimal("800000.00")),
        ("project", Decimal("500000.00")),
        ("total", Decimal("1300000.00")),
    ]


def test_a_class_whose_section_is_not_printed_is_no_leaf(built: Built) -> None:
    leaves = built.rows(
        "select distinct functional_code from fct_expenditure_by_function "
        "where document_id = ? and statement_id = 'final_fund' and is_leaf order by 1",
        built.ids["bureau_final_2022"],
    )
    assert leaves == [("21208",), ("2299901",)]


def test_a_printed_zero_is_a_fact_and_a_blank_is_none(built: Built) -> None:
    kinds = built.rows(
        "select basis, amount_yuan from fct_three_public where document_id = ? and spending_kind = 'abroad'",
        built.ids["bureau_final_2023"],
    )
    assert kinds == [("budget", Decimal("0.00"))]


def test_the_comparison_sheet(built: Built) -> None:
    sheet = built.rows(
        """
        select fiscal_year, expenditure_total_budget_yuan, expenditure_total_final_yuan,
            expenditure_total_final_change_yuan, expenditure_total_final_change_ratio,
            expenditure_execution_ratio, personnel_costs_final_yuan, running_costs_final_yuan,
            three_public_final_yuan, closing_balance_final_yuan, project_share_final
        from mart_department_year
        where department_name = '示例区城市更新局'
        order by fiscal_year
        """
    )
    wan = Decimal(10000)
    assert [row[:4] for row in sheet] == [
        (2022, 100 * wan, 120 * wan, None),
        (2023, 110 * wan, 130 * wan, 10 * wan),
    ]
    assert [row[4:6] for row in sheet] == [
        (None, Decimal("1.200000")),
        (Decimal("0.083333"), Decimal("1.181818")),
    ]
    assert [row[6:10] for row in sheet] == [(60 * wan, 20 * wan, 3 * wan, 5 * wan)] * 2
    assert [row[10] for row in sheet] == [Decimal("0.333333"), Decimal("0.384615")]


def test_every_figure_of_the_sheet_has_its_cell(built: Built) -> None:
    assert (
        built.value(
            "select count(*) from mart_department_year_figures f "
            "anti join fct_cells c on f.cell_id = c.cell_id"
        )
        == 0
    )


def test_findings(built: Built) -> None:
    counted = dict(built.rows("select finding_kind, count(*) from mart_findings group by 1"))
    assert counted == {
        "identity_violated": 3,  # the summary does not balance in two years; a balance is not carried over
        "register_disagrees": 1,
        "restated": 24,
        "statement_missing": len(MISSING),
        "unknown_code": 1,
        "name_of_other_year": 1,
    }


def test_a_violated_identity_is_a_sentence_with_its_evidence(built: Built) -> None:
    (row,) = built.rows(
        "select sentence_zh, sentence_en, severity, expected_yuan, reported_yuan, difference_yuan, page, "
        "len(operand_cell_ids) from mart_findings "
        "where identity_id = 't1_balanced' and fiscal_year = 2022 and document_kind = 'final_accounts'"
    )
    assert row == (
        "第2页，总表：印为120.00万元，应为125.00万元，相差5.00万元。",
        "Page 2, summary: printed 120.00 万元, should be 125.00 万元, difference 5.00 万元.",
        "high",
        Decimal("1250000.00"),
        Decimal("1200000.00"),
        Decimal("-50000.00"),
        2,
        1,
    )


def test_a_code_that_the_list_does_not_know_is_reported_and_kept(built: Built) -> None:
    assert built.rows(
        "select sentence_en from mart_findings where finding_kind = 'unknown_code' and fiscal_year = 2022"
    ) == [
        (
            "Page 6, final general basic: code 32999 is printed as 没有这个科目, "
            "which is not in the code list of 2022.",
        )
    ]
    assert built.rows(
        "select is_in_code_list, valid_from, first_seen_year, last_seen_year "
        "from dim_economic_code where economic_code = '32999'"
    ) == [(False, None, 2022, 2022)]


def test_a_code_with_two_names_has_both_with_their_years(built: Built) -> None:
    assert built.rows(
        "select name_zh, valid_from, valid_to from dim_economic_code where economic_code = '30311' order by 2"
    ) == [("住房公积金", 2007, 2017), ("代缴社会保险费", 2018, None)]


def test_a_statement_printed_empty_is_there_with_its_sentence(built: Built) -> None:
    assert built.rows(
        "select is_stated_empty, empty_sentence, n_amounts from fct_statements "
        "where document_id = ? and statement_id = 'final_state_capital'",
        built.ids["bureau_final_2023"],
    ) == [(True, "本部门没有此项收支，故本表无数据。", 0)]


def test_completeness_tells_empty_from_missing(built: Built) -> None:
    (row,) = built.rows(
        "select statements_stated_empty, statements_missing, is_complete from dim_disclosure "
        "where list_contains(current_document_ids, ?)",
        built.ids["bureau_final_2023"],
    )
    assert row == (["final_state_capital"], [], True)
    missing = built.value(
        "select statements_missing from dim_disclosure where list_contains(current_document_ids, ?)",
        built.ids["centre_final_2023"],
    )
    assert "final_expenditure" in missing
    assert "final_fund" not in missing


def test_every_statement_that_is_missing_is_a_finding(built: Built) -> None:
    found = built.rows(
        "select department_name, fiscal_year, document_kind, statement_id from mart_findings "
        "where finding_kind = 'statement_missing' order by all"
    )
    assert found == MISSING


def test_no_one_is_told_to_lack_a_statement_that_may_not_have_been_understood(built: Built) -> None:
    told = dict(
        built.rows(
            "select document_id, count(*) from mart_findings "
            "where finding_kind = 'statement_missing' group by 1"
        )
    )
    assert told
    assert built.ids["centre_final_2023"] not in told, "a table of it was not understood"


def test_a_file_whose_figures_count_nowhere_is_listed_with_its_reason(built: Built) -> None:
    assert built.rows("select source_path, outcome_reason from mart_documents_set_aside order by 1") == [
        ("archive/unreadable.pdf", "encrypted"),
        ("broken.pdf", "not_a_pdf"),
        ("nobody.pdf", "not_identified"),
    ]


def test_analysts_find_comments_in_the_file(built: Built) -> None:
    comment = built.value(
        "select comment from duckdb_columns() "
        "where table_name = 'fct_three_public' and column_name = 'amount_yuan'"
    )
    assert "金额" in comment


def test_the_same_lake_gives_the_same_warehouse(built: Built, tmp_path: Path) -> None:
    lake, _ = small_lake()
    lake.write(tmp_path / "lake")
    finished = run_dbt(
        tmp_path / "lake", tmp_path / "next", "build", "--threads", "1", "--exclude-resource-type", "test"
    )
    assert finished.returncode == 0, finished.stdout
    with duckdb.connect(str(tmp_path / "next" / "warehouse.duckdb"), read_only=True) as other:
        for (table,) in built.rows("select table_name from duckdb_tables() where schema_name = 'main'"):
            sql = f"select * from {table} order by all"
            assert other.execute(sql).fetchall() == built.rows(sql), table


def test_a_lake_of_nothing_builds(tmp_path: Path) -> None:
    MiniLake().write(tmp_path / "lake")
    finished = run_dbt(tmp_path / "lake", tmp_path / "next", "build")
    assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize(
    ("column", "damage", "selected", "told"),
    [
        (
            "cell_id",
            "none",
            "+rules_of_fct_statement_totals",
            "cell_id relationships: 1 case(s), such as none",
        ),
        ("column_id", "none", "+rules_of_int_line_items", "fact_table not_null: 1 case(s), such as NULL"),
    ],
)
def test_an_amount_without_its_cell_or_its_place_stops_the_build(
    tmp_path: Path, column: str, damage: str, selected: str, told: str
) -> None:
    lake, _ = small_lake()
    lake.rows["line_items"][0][column] = damage
    lake.write(tmp_path / "lake")
    finished = run_dbt(tmp_path / "lake", tmp_path / "next", "build", "--select", selected)
    assert finished.returncode == 1
    assert told in finished.stdout


# What is done to tables that dbt built, each a broken rule of another kind, and what tests must say of it.
DAMAGE = {
    "update intermediate.int_line_items set fact_table = null where cell_id = "
    "(select min(cell_id) from intermediate.int_line_items)": "fact_table not_null: 1 case(s), such as NULL",
    "insert into intermediate.int_line_items from intermediate.int_line_items where cell_id = "
    "(select max(cell_id) from intermediate.int_line_items)": "cell_id unique: 1 case(s), such as {cell_id}",
    "update fct_three_public set basis = 'guess' where cell_id = "
    "(select max(cell_id) from fct_three_public)": "basis accepted_values: 1 case(s), such as guess",
    "update fct_three_public set disclosure_id = 'nowhere' where cell_id = "
    "(select min(cell_id) from fct_three_public)": "disclosure_id relationships: 1 case(s), such as nowhere",
    "insert into mart_department_year from mart_department_year where rowid = 0": (
        "department_id, fiscal_year unique_together: 1 case(s), such as {department_year}"
    ),
}


def test_a_broken_rule_of_any_kind_fails_its_table_and_is_told_by_column_and_case(
    built: Built, tmp_path: Path
) -> None:
    (path,) = built.rows("select path from duckdb_databases() where database_name = 'warehouse'")[0]
    shutil.copy(path, PARSED / "warehouse.duckdb")
    known = {
        "cell_id": built.value("select max(cell_id) from intermediate.int_line_items"),
        "department_year": built.value(
            "select concat_ws(' / ', department_id, fiscal_year) from mart_department_year where rowid = 0"
        ),
    }
    with duckdb.connect(str(PARSED / "warehouse.duckdb")) as connection:
        for damage in DAMAGE:
            connection.execute(damage)
    tests = [f"rules_of_{table}" for table in ("int_line_items", "fct_three_public", "mart_department_year")]
    finished = run_dbt(tmp_path / "lake", tmp_path / "next", "test", "--select", *tests)
    assert finished.returncode == 1
    for told in DAMAGE.values():
        assert told.format(**known) in finished.stdout
    assert f"ERROR={len(tests)} " in finished.stdout
