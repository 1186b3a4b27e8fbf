"""Claims of the narrative against statements and against each other, in figures known by hand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.warehouse.mini_lake import MiniLake
from tests.warehouse.models_of_lake import models_of

pytestmark = pytest.mark.xdist_group("claim_checks")

BASIC, PROJECT = "final_expenditure/total/basic", "final_expenditure/total/project"
TOTAL = "final_expenditure/total/total"
PERCENT: dict[str, Any] = {"unit": "percent", "precision": Decimal("0.1")}
# Number, value, other fields, verdict expected, value it is compared with.
CLAIMS: list[tuple[int, str, dict[str, Any], str, str | None]] = [
    (1, "800000", {"about": BASIC}, "exact", "800000"),
    (2, "1300000", {"about": TOTAL, "precision": Decimal(100000)}, "rounding", "1310000"),
    (3, "512300", {"about": PROJECT}, "violated", "510000"),
    # Without a place, and with one that is not printed.
    (4, "70000", {}, "not_evaluable", None),
    (5, "70000", {"about": "final_three_public/total/final_total"}, "not_evaluable", None),
    # The first place that is printed counts.
    (6, "800000", {"about": "final_summary/grand_total_revenue/amount", "about_alternatives": [BASIC]},
     "exact", "800000"),
    # 100 * 131 / 110 = 119.09
    (7, "1100000", {"claim_kind": "initial_budget"}, "not_evaluable", None),
    (8, "1310000", {"claim_kind": "final"}, "not_evaluable", None),
    (9, "119.1", {"claim_kind": "completion", "relation": "ratio", "numerator_claim": 8,
                  "denominator_claim": 7} | PERCENT, "exact", "119.0909"),
    (10, "118", {"claim_kind": "completion", "relation": "ratio", "numerator_claim": 8,
                 "denominator_claim": 7, "unit": "percent", "precision": Decimal(1)}, "violated", "119.0909"),
    # 100 * 51 / 131 = 38.93: wrong for the amount the text gives (39.11), right for the statement's. One
    # wrong amount is one finding.
    (11, "38.9", {"claim_kind": "share", "relation": "ratio", "numerator_claim": 3,
                  "denominator_about": [TOTAL]} | PERCENT, "exact", "38.9313"),
    # 100 * 80 / 131 = 61.07: shares are made to sum to 100 by their last digit, not by more.
    (12, "61.0", {"claim_kind": "share", "relation": "ratio", "numerator_claim": 1,
                  "denominator_about": [TOTAL]} | PERCENT, "rounding", "61.0687"),
    (13, "61.3", {"claim_kind": "share", "relation": "ratio", "numerator_claim": 1,
                  "denominator_about": [TOTAL]} | PERCENT, "violated", "61.0687"),
    # 131 after a rise of 31: from 100; and the word must be that of the change.
    (14, "310000", {"claim_kind": "change", "direction": "increase"}, "not_evaluable", None),
    (15, "31", {"claim_kind": "growth", "relation": "growth", "direction": "increase", "numerator_claim": 14,
                "denominator_claim": 8} | PERCENT, "exact", "31"),
    (16, "31", {"claim_kind": "growth", "relation": "growth", "direction": "decrease", "numerator_claim": 14,
                "denominator_claim": 8} | PERCENT, "violated", "31"),
    # From 110 to 131; downwards from 131 to 110; from nothing.
    (17, "19.1", {"claim_kind": "growth", "relation": "increase", "direction": "increase",
                  "numerator_claim": 8, "denominator_claim": 7} | PERCENT, "exact", "19.0909"),
    (18, "16", {"claim_kind": "growth", "relation": "increase", "direction": "decrease",
                "numerator_claim": 7, "denominator_claim": 8} | PERCENT, "exact", "16.0305"),
    (19, "0", {}, "not_evaluable", None),
    (20, "100", {"claim_kind": "growth", "relation": "increase", "direction": "increase",
                 "numerator_claim": 8, "denominator_claim": 19} | PERCENT, "not_evaluable", None),
    # Cut off instead of rounded.
    (21, "119.0", {"claim_kind": "completion", "relation": "ratio", "numerator_claim": 8,
                   "denominator_claim": 7} | PERCENT, "cut_off", "119.0909"),
    # The country's product told in a department's text, and a percentage that is none, stop no build.
    (22, "126058200000000", {"about": TOTAL}, "not_evaluable", None),
    (23, "99999999999999", {"claim_kind": "share", "relation": "ratio", "numerator_claim": 8,
                            "denominator_claim": 22} | PERCENT, "not_evaluable", None),
    # Off by one in the last digit is no cutting off: 119.0909 is neither 119.2 nor, cut off, 118.9.
    (24, "119.2", {"claim_kind": "completion", "relation": "ratio", "numerator_claim": 8,
                   "denominator_claim": 7} | PERCENT, "violated", "119.0909"),
    (25, "118.9", {"claim_kind": "completion", "relation": "ratio", "numerator_claim": 8,
                   "denominator_claim": 7} | PERCENT, "violated", "119.0909"),
    # A fall from 131 by 31: 23.66 %; cut off 23.6.
    (26, "310000", {"claim_kind": "change", "direction": "decrease"}, "not_evaluable", None),
    (27, "1000000", {"claim_kind": "amount"}, "not_evaluable", None),
    (28, "23.6", {"claim_kind": "growth", "relation": "growth", "direction": "decrease",
                  "numerator_claim": 26, "denominator_claim": 27} | PERCENT, "cut_off", "23.6641"),
]  # fmt: skip

# A statement that has 行政运行 twice, and what a text calls its rows: name, yuan, verdict, row.
NAMED_ROWS = [
    ("201", "一、一般公共服务支出", "131.00"),
    ("20101", "人大事务", "31.00"),
    ("2010101", "行政运行", "31.00"),
    ("20103", "政府办公厅（室）及相关机构事务", "100.00"),
    ("2010301", "行政运行", "60.00"),
    ("2010302", "一般行政管理事务", "40.00"),
    ("total", "合计", "131.00"),
]
NAMED: list[tuple[str, str, str, str | None]] = [
    ("@3:一般公共服务支出>5:人大事务>7:行政运行", "310000", "exact", "2010101"),
    ("@3:一般公共服务>5:政府办公厅(室)及相关机构事务>7:行政运行", "610000", "violated", "2010301"),
    # The class is called a section, as texts do.
    ("@5:一般公共服务支出>7:一般行政管理事务", "400000", "exact", "2010302"),
    ("@3:一般公共服务支出>7:一般行政管理事务", "400000", "exact", "2010302"),
    ("@0:一般公共服务支出", "1310000", "exact", "201"),
    # Two codes bear the name; another class; a level at which no code has the name; no such name.
    ("@7:行政运行", "310000", "not_evaluable", None),
    ("@3:教育支出>7:一般行政管理事务", "400000", "not_evaluable", None),
    ("@5:一般行政管理事务", "400000", "not_evaluable", None),
    ("@0:职业教育", "1310000", "not_evaluable", None),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("claims")
    lake = MiniLake()
    shared: dict[str, Any] = {"department": "示例区文化局", "year": 2023, "kind": "final_accounts"}
    # Text and tables are two files of one disclosure.
    text = lake.document("text.pdf", part="text", statements=[], **shared)
    amounts = {"total": "131.00", "basic": "80.00", "project": "51.00"}
    rows = [("201", "一般公共服务支出", "", amounts), ("total", "合计", "", amounts)]
    lake.document("tables.pdf", part="tables", statements=[("final_expenditure", rows)], **shared)
    for number, value, fields, *_ in CLAIMS:
        lake.claim(text, number, "支出", value, f"第{number}句。", **fields)
    spent = [(code, name, "", {"total": yuan, "basic": yuan}) for code, name, yuan in NAMED_ROWS]
    named = lake.document(
        "named.pdf",
        department="示例区档案局",
        year=2023,
        kind="final_accounts",
        statements=[("final_general_expenditure", spent)],
    )
    for number, (row, value, *_) in enumerate(NAMED, start=100):
        about = f"final_general_expenditure/{row}/total"
        lake.claim(named, number, "支出", value, f"第{number}句。", about=about)
    # The same contradiction within a row, printed by one department and read from a scan of another.
    wrong = [("total", "合计", "", {"total": "131.00", "basic": "80.00", "project": "55.00"})]
    for department, is_scan in (("示例区体育局", False), ("示例区教育局", True)):
        added = lake.document(
            f"{department}.pdf",
            department=department,
            year=2023,
            kind="final_accounts",
            statements=[("final_expenditure", wrong)],
        )
        if is_scan:
            lake.recognised(added, "ocr")
            lake.repaired(added, "55.00", "53.00")
    asked = ["fct_claims", "fct_cells", "fct_repairs", "fct_expenditure_by_function", "mart_findings"]
    with models_of(lake, folder, asked).connection as connection:
        yield connection


@pytest.mark.parametrize(("number", "verdict", "compared"), [(n, v, c) for n, _, _, v, c in CLAIMS])
def test_a_claim_is_held_against_what_it_names(
    built: duckdb.DuckDBPyConnection, number: int, verdict: str, compared: str | None
) -> None:
    row = built.execute(
        "select verdict, round(compared_value, 4), difference - (claimed_value - compared_value) "
        "from fct_claims where claim_number = ?",
        [number],
    ).fetchone()
    assert row is not None
    assert row[0] == verdict
    assert row[1] == (None if compared is None else Decimal(compared))
    assert not row[2]


@pytest.mark.parametrize(
    ("number", "verdict", "row"), [(n, v, r) for n, (_, _, v, r) in enumerate(NAMED, 100)]
)
def test_a_row_called_by_its_name_is_looked_up_in_the_statement(
    built: duckdb.DuckDBPyConnection, number: int, verdict: str, row: str | None
) -> None:
    about = None if row is None else f"final_general_expenditure/{row}/total"
    assert built.execute(
        "select verdict, about from fct_claims where claim_number = ?", [number]
    ).fetchall() == [(verdict, about)]


def test_a_contradiction_is_a_finding_with_the_statements_cell(built: duckdb.DuckDBPyConnection) -> None:
    assert built.execute(
        "select sentence_zh, severity, expected_yuan, reported_yuan, difference_yuan, page, statement_id "
        "from mart_findings where finding_kind = 'claim_contradicts_statement' "
        "and statement_id = 'final_expenditure'"
    ).fetchall() == [
        (
            "第8页，文字说明“三、支出决算情况说明”：“支出”写为51.23万元，"
            "第2页支出决算表“合计”行“project”栏印为51.00万元，相差0.23万元。",
            "medium",
            Decimal("510000.00"),
            Decimal("512300.00"),
            Decimal("2300.00"),
            8,
            "final_expenditure",
        )
    ]
    assert built.execute(
        "select count(*) from mart_findings as f inner join fct_cells as c on f.cell_id = c.cell_id "
        "where f.finding_kind = 'claim_contradicts_statement' and c.printed_text = '51.00'"
    ).fetchone() == (1,)


def test_a_percentage_off_by_its_last_digit_weighs_less(built: duckdb.DuckDBPyConnection) -> None:
    assert built.execute(
        "select right(identity_key, 5), severity from mart_findings "
        "where finding_kind = 'claim_ratio_wrong' order by 1"
    ).fetchall() == [
        ("n0010", "medium"),
        ("n0013", "medium"),
        ("n0016", "medium"),
        ("n0024", "medium"),
        ("n0025", "medium"),
    ]


def test_a_percentage_cut_off_is_told_apart_and_shows_how_it_is_worked_out(
    built: duckdb.DuckDBPyConnection,
) -> None:
    rows = built.execute(
        "select severity, sentence_zh, question_zh from mart_findings "
        "where finding_kind = 'claim_ratio_cut_off' order by identity_key"
    ).fetchall()
    assert [(severity, sentence) for severity, sentence, _ in rows] == [
        (
            "low",
            "第8页，文字说明“三、支出决算情况说明”：百分比印为119.0%，按文中所印数字计算为119.0909%"
            "［131.00万元÷110.00万元］，末位似为截尾而非四舍五入：“第21句。”",
        ),
        (
            "low",
            "第8页，文字说明“三、支出决算情况说明”：百分比印为23.6%，按文中所印数字计算为23.6641%"
            "［31.00万元÷(100.00万元+31.00万元)］，末位似为截尾而非四舍五入：“第28句。”",
        ),
    ]
    assert rows[0][2] == (
        "贵单位公开的2023年度决算中，" + rows[0][1] + "请问百分比是否按截尾而不是四舍五入取数？"
    )


def test_every_finding_ends_as_a_question_in_both_languages(built: duckdb.DuckDBPyConnection) -> None:
    rows = built.execute(
        "select sentence_zh, question_zh, sentence_en, question_en from mart_findings"
    ).fetchall()
    assert rows
    for sentence_zh, question_zh, sentence_en, question_en in rows:
        assert sentence_zh in question_zh
        assert "请问" in question_zh or "请确认" in question_zh
        assert sentence_en in question_en
        assert "?" in question_en.removeprefix("In your final accounts for 2023: " + sentence_en)


def test_a_finding_on_a_scan_first_doubts_the_reading(built: duckdb.DuckDBPyConnection) -> None:
    told = built.execute(
        "select department_name, is_read_by_ocr, sentence_zh, question_zh, sentence_en from mart_findings "
        "where finding_kind = 'identity_violated' order by is_read_by_ocr"
    ).fetchall()
    assert [(name, is_scan) for name, is_scan, *_ in told] == [
        ("示例区体育局", False),
        ("示例区教育局", True),
    ]
    printed, scanned = told
    doubt = "（该页是扫描件，数字由图像识别得出，请先对照原件核对读数。）"
    assert doubt not in printed[3]
    assert scanned[2].startswith(printed[2] + doubt)
    assert doubt in scanned[3]
    assert "Check the reading first.)" in scanned[4]


def test_a_finding_says_which_of_its_figures_were_repaired(built: duckdb.DuckDBPyConnection) -> None:
    (told,) = built.execute(
        "select sentence_zh, sentence_en from mart_findings "
        "where finding_kind = 'identity_violated' and is_read_by_ocr"
    ).fetchall()
    assert told[0].endswith("（第2页55.00万元原识别为53.00，已按勾稽关系更正。）")
    assert told[1].endswith("(55.00 万元 on page 2 was recognised as 53.00 and repaired by the identities.)")


def test_a_repair_keeps_what_was_read_and_its_proof(built: duckdb.DuckDBPyConnection) -> None:
    assert built.execute(
        "select r.amount_as_read, r.amount_printed, r.amount_yuan = f.amount_yuan, r.proof, "
        "f.reading_quality, f.column_id "
        "from fct_repairs as r inner join fct_expenditure_by_function as f on r.cell_id = f.cell_id"
    ).fetchall() == [
        ("53.00", "55.00", True, ["t3_row_total [total]", "t3_rollup [total|project]"], "repaired", "project")
    ]
