"""What a narrative tells of other documents, lists as paid, and contradicts in itself, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.warehouse.mini_lake import MiniLake
from tests.warehouse.models_of_lake import models_of

pytestmark = pytest.mark.xdist_group("other_documents")

TOTAL = "final_expenditure/total/total"
CLASS = "final_expenditure/@3:一般公共服务/total"
BUDGET = "budget_general_expenditure/total/total"
SINCE: dict[str, Any] = {
    "claim_kind": "change",
    "relation": "change",
    "other_kind": "final_accounts",
    "other_fiscal_year": 2022,
    "other_about": [TOTAL],
}
UP, DOWN = {"direction": "increase"}, {"direction": "decrease"}
# Last year's accounts say 120.00, this year's 131.00; the budget of the year said 110.00.
# Number, value, fields, verdict, value it must be.
CLAIMS: list[tuple[int, str, dict[str, Any], str, str | None]] = [
    (1, "1310000", {"about": TOTAL}, "exact", "1310000"),
    (2, "110000", SINCE | UP | {"numerator_claim": 1}, "exact", "110000"),
    # 131 less 120.00 each way, printed to 0.1: 11.0 and 11.1, and not 11.2.
    (3, "111000", SINCE | UP | {"numerator_claim": 1, "precision": Decimal(1000)}, "violated", "110000"),
    (4, "110400", SINCE | UP | {"numerator_claim": 1, "precision": Decimal(1000)}, "rounding", "110000"),
    # The direction counts: it rose.
    (5, "110000", SINCE | DOWN | {"numerator_claim": 1}, "violated", "-110000"),
    # From the amount of the text where the statement has another: one wrong amount is one finding.
    (6, "1330000", {"about": TOTAL}, "violated", "1310000"),
    (7, "130000", SINCE | UP | {"numerator_claim": 6}, "exact", "130000"),
    (8, "110000", SINCE | UP | {"numerator_claim": 6}, "exact", "110000"),
    # A row called by its name; a year that is not there; a row that is not there.
    (9, "110000", SINCE | UP | {"numerator_claim": 1, "other_about": [CLASS]}, "exact", "110000"),
    (10, "1", SINCE | UP | {"numerator_claim": 1, "other_fiscal_year": 2021}, "not_evaluable", None),
    (11, "1", SINCE | UP | {"numerator_claim": 1, "other_about": ["final_expenditure/205/total"]},
     "not_evaluable", None),
    # The year's budget.
    (12, "1100000", {"claim_kind": "initial_budget", "other_kind": "budget", "other_fiscal_year": 2023,
                     "other_about": [BUDGET]}, "exact", "1100000"),
    (13, "1080000", {"claim_kind": "initial_budget", "other_kind": "budget", "other_fiscal_year": 2023,
                     "other_about": [BUDGET]}, "violated", "1100000"),
    # Nothing has a percentage of none.
    (14, "0", {"claim_kind": "initial_budget"}, "not_evaluable", None),
    (15, "95.89", {"claim_kind": "completion", "relation": "ratio", "numerator_claim": 1,
                   "denominator_claim": 14, "unit": "percent", "precision": Decimal("0.01")},
     "violated", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("other_documents")
    lake = MiniLake()
    bureau: dict[str, Any] = {"department": "示例区文化局"}
    ids = {}
    for year, printed in ((2022, "120.00"), (2023, "131.00")):
        amounts = {"total": printed, "basic": printed}
        rows = [("201", "一般公共服务支出", "", amounts), ("total", "合计", "", amounts)]
        economic = [
            ("302", "商品和服务支出", "", {"amount": "5.00"}),
            ("30201", "办公费", "", {"amount": "5.00"}),
            ("30203", "咨询费", "", {}),
            ("30206", "电费", "", {}),
        ]
        statements = [("final_expenditure", rows), ("final_general_basic", economic)]
        ids[year] = lake.document(
            f"{year}.pdf", year=year, kind="final_accounts", statements=statements, **bureau
        )
    planned = [("total", "合计", "", {"total": "110.00", "basic": "110.00"})]
    lake.document(
        "budget.pdf",
        year=2023,
        kind="budget",
        statements=[("budget_general_expenditure", planned)],
        **bureau,
    )
    for number, value, fields, *_ in CLAIMS:
        lake.claim(ids[2023], number, "支出", value, f"第{number}句。", **fields)
    for number, name in enumerate(("办公费", "咨询费", "电费", "物业管理费", "没有的费"), start=1):
        row = f"final_general_basic/@0:{name}/amount"
        lake.listed(ids[2023], number, name, [row], "公用经费5.00万元，主要包括：办公费、咨询费、电费。")
    lake.fault(ids[2023], 1)
    with models_of(lake, folder, ["fct_claims", "fct_cells", "mart_findings"]).connection as connection:
        yield connection


@pytest.mark.parametrize(("number", "verdict", "compared"), [(n, v, c) for n, _, _, v, c in CLAIMS])
def test_a_figure_of_another_document_is_held_against_it(
    built: duckdb.DuckDBPyConnection, number: int, verdict: str, compared: str | None
) -> None:
    assert built.execute(
        "select verdict, round(compared_value, 4) from fct_claims where claim_number = ?", [number]
    ).fetchone() == (verdict, None if compared is None else Decimal(compared))


def test_the_other_document_is_named_with_its_page_and_what_it_makes(
    built: duckdb.DuckDBPyConnection,
) -> None:
    rows = built.execute(
        "select sentence_zh, severity from mart_findings "
        "where finding_kind = 'claim_contradicts_other_document' order by identity_key"
    ).fetchall()
    place = "第8页，文字说明“三、支出决算情况说明”："
    last = "，按2022年度决算第2页支出决算表“合计”行“total”栏所印数字计算应为增加"
    assert rows == [
        (f"{place}“支出”的变动写为增加11.1万元{last}11.0万元：“第3句。”", "medium"),
        (f"{place}“支出”的变动写为减少11.00万元{last}11.00万元：“第5句。”", "medium"),
        (
            f"{place}“支出”写为108.00万元，按2023年预算第2页一般公共预算支出预算表“合计”行“total”栏"
            "所印数字为110.00万元：“第13句。”",
            "medium",
        ),
    ]


def test_a_percentage_of_nothing_is_asked_about(built: duckdb.DuckDBPyConnection) -> None:
    (row,) = built.execute(
        "select sentence_zh from mart_findings where finding_kind = 'claim_ratio_wrong'"
    ).fetchall()
    assert "百分比印为95.89%，按文中所印数字无从计算［131.00万元÷0.00万元］" in row[0]


def test_what_is_listed_as_paid_and_blank_in_the_statement_is_one_finding(
    built: duckdb.DuckDBPyConnection,
) -> None:
    # 物业管理费 is no row of the statement, which says nothing of it.
    assert built.execute(
        "select sentence_zh, page, statement_id from mart_findings "
        "where finding_kind = 'claim_listed_but_blank'"
    ).fetchall() == [
        (
            "第9页，文字说明“六、基本支出决算情况说明”：所列“咨询费”“电费”，"
            "第3页一般公共预算财政拨款基本支出决算表中为空白（未印数字）："
            "“公用经费5.00万元，主要包括：办公费、咨询费、电费。”",
            9,
            "final_general_basic",
        )
    ]


def test_a_fault_of_the_text_is_a_finding_and_a_question(built: duckdb.DuckDBPyConnection) -> None:
    assert built.execute(
        "select sentence_zh, question_zh from mart_findings where finding_kind = 'text_broken'"
    ).fetchall() == [
        (
            "第7页，文字说明“一、总体情况说明”：句子没有写完：“主要原因是。”",
            "贵单位公开的2023年度决算中，第7页，文字说明“一、总体情况说明”：句子没有写完：“主要原因是。”"
            "请问完整的表述是什么？",
        )
    ]
