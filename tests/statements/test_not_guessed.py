"""Units, empty statements, and what is not understood: nothing is guessed, nothing dropped."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from pipelines.extraction.model import Box, Page, TextLine
from pipelines.statements import understand
from pipelines.statements.amounts import figures_outside_tables
from pipelines.statements.model import Identification
from tests.statements.builders import CODE_HEAD, Entry, Merged, document, kinds, read, table

M = Merged


# --- Units ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lead", "trail", "unit"),
    [
        (["支出决算表", "单位：元"], [], "元"),
        (["支出决算表", "金额单位:万元"], [], "万元"),
        (["支出决算表", "单 位 ： 万 元"], [], "万元"),
        (["支出决算表", "单位名称：某局 金额单位：元"], [], "元"),
        (["收入决算表", "单位：元", "支出决算表（单位：万元）"], [], "万元"),
        (["支出决算表"], ["注：金额单位：万元"], "万元"),
    ],
)
def test_unit_is_a_fact_of_the_statement(lead: list[str], trail: list[str], unit: str) -> None:
    rows = [*CODE_HEAD, ["201", "一般公共服务支出", "1.00", "1.00", ""]]
    found = read(table(lead, rows, trail=trail))
    assert found.statements[0].unit == unit
    assert found.line_items[0].amount_yuan == {"元": Decimal("1.00"), "万元": Decimal("10000.00")}[unit]


def test_without_a_unit_no_amount_is_guessed() -> None:
    rows = [*CODE_HEAD, ["201", "一般公共服务支出", "1.00", "1.00", ""]]
    other = table(
        ["收入决算表", "单位：万元"],
        [["功能分类科目编码", "科目名称", "本年收入合计"], ["201", "甲", "1.00"]],
    )
    found = read(other, table(["支出决算表"], rows))
    assert [s.unit for s in found.statements] == ["万元", ""]
    assert {i.statement_id for i in found.line_items} == {"final_revenue"}
    assert kinds(found) == ["unit_not_stated", "amount_not_understood", "amount_not_understood"]


def test_digits_that_no_sum_of_money_has_are_listed_and_cost_the_document_nothing() -> None:
    digits = "9" * 40 + ".00"
    rows = [
        *CODE_HEAD,
        ["201", "一般公共服务支出", digits, "1.00", ""],
        ["202", "外交支出", "1000000000.00", "999999999.99", ""],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert [item.amount_printed for item in found.line_items] == ["1.00", "999999999.99"]
    assert [note.text for note in found.notes if note.cell_id] == [digits, "1000000000.00"]
    assert "?" in found.statements[0].printed_columns, "sums over them stay undecided"


def test_an_amount_is_no_more_precise_than_it_is_kept() -> None:
    rows = [*CODE_HEAD, ["201", "一般公共服务支出", "1.23456789", "1.00", ""]]
    item = read(table(["支出决算表", "单位：万元"], rows)).line_items[0]
    assert (item.amount_yuan, item.precision_yuan) == (Decimal("12345.68"), Decimal("0.01"))


# --- Empty statements -----------------------------------------------------------------------------

EMPTY: list[list[Entry]] = [
    [M("项目", columns=2), M("政府性基金预算支出", columns=3)],
    ["功能分类科目编码", "功能分类科目名称", "合计", "基本支出", "项目支出"],
    ["", "", "", "", ""],
    [M("合计", columns=2), "", "", ""],
]


@pytest.mark.parametrize(
    "sentence",
    [
        "注:本部门2025年无政府性基金预算财政拨款安排的预算，故本表为空表。",
        "说明：某局本年度没有政府性基金预算财政拨款收入和支出，故本表无数据。",
        "注：我单位无2017年政府性基金支出安排。",
        "注：本部门无相关收支项目",
        "(无政府性基金支出）",
    ],
)
def test_statement_said_to_be_empty(sentence: str) -> None:
    found = read(
        table(["2025年部门政府性基金预算支出功能分类预算表", "单位：元"], EMPTY, trail=[sentence, "下一张表"])
    )
    statement = found.statements[0]
    assert statement.is_stated_empty
    assert statement.empty_sentence == sentence
    assert statement.n_amounts == 0


def test_wrapped_sentence_after_other_notes() -> None:
    trail = [
        "注：本表反映部门本年度政府性基金情况。",
        "无收入支出的，仍保留该表格式，并在本表下方作下述说明：",
        "说明：某局没有政府性基金预算财政拨款收入，也没有使用政府性基金预算财政拨款安排的支",
        "出，故本表无数据。",
    ]
    found = read(table(["政府性基金预算支出表", "单位：元"], EMPTY, trail=trail))
    assert found.statements[0].empty_sentence.endswith("安排的支出，故本表无数据。")


def test_empty_without_a_sentence_is_not_stated_empty() -> None:
    found = read(
        table(["政府性基金预算支出表", "单位：元"], EMPTY, trail=["注：本表反映情况。", "支出预算总表"])
    )
    assert not found.statements[0].is_stated_empty


def test_placeholders_of_a_blank_form_state_nothing() -> None:
    trail = ["说明：上海市 XX 局本年度没有政府性基金预算财政拨款收入和支出，故本表无数据。"]
    found = read(table(["政府性基金预算支出表", "单位：元"], EMPTY, trail=trail))
    assert not found.statements[0].is_stated_empty


def test_a_sentence_of_emptiness_under_amounts_is_reported_and_not_believed() -> None:
    rows: list[list[Entry]] = [
        ["合计", "基本支出", "项目支出", "单位预留机动经费"],
        ["9.00", "5.00", "3.00", "1.00"],
    ]
    found = read(table(["支出预算总表", "单位：万元"], rows, trail=["注:本部门无支出预算，故本表为空表。"]))
    assert not found.statements[0].is_stated_empty
    assert len(found.line_items) == 4
    assert kinds(found) == ["statement_stated_empty"]


# --- What is not understood -----------------------------------------------------------------------


def test_unknown_row_and_unknown_column_are_listed_with_their_amounts() -> None:
    rows: list[list[Entry]] = [
        [
            M("项目", columns=2),
            M("本年支出合计", rows=2),
            M("基本支出", rows=2),
            M("项目支出", rows=2),
            M("不明之数", rows=2),
        ],
        ["功能分类科目编码", "科目名称"],
        ["201", "一般公共服务支出", "1.00", "1.00", "", "7.00"],
        ["20103", "政府办公厅", "1.00", "1.00", "", ""],
        ["2010301", "行政运行", "1.00", "1.00", "", ""],
        ["", "没有编码的行", "3.00", "3.00", "", ""],
        ["20X", "错码", "4.00", "", "", ""],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert len(found.line_items) == 6
    texts = [(note.kind, note.text) for note in found.notes]
    assert ("column_not_understood", "不明之数") in texts
    assert ("row_not_understood", "没有编码的行") in texts
    assert [text for kind, text in texts if kind == "amount_not_understood"] == [
        "7.00",
        "3.00",
        "3.00",
        "4.00",
    ]
    assert all(note.cell_id for note in found.notes if note.kind == "amount_not_understood")


def test_two_numbers_in_a_cell_are_not_guessed() -> None:
    rows = [
        *CODE_HEAD,
        ["201", "一般公共服务支出", "1.00\n2.00", "1.00", ""],
        ["202", "外交支出", "5.00", "", ""],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert {i.amount_printed for i in found.line_items} == {"1.00", "5.00"}
    assert [(n.kind, n.text) for n in found.notes] == [("amount_not_understood", "1.00 2.00")]


def test_a_figure_beside_its_rate_in_one_cell_is_listed() -> None:
    # 增减额 and 增减幅度 were not parted: the words end like those over rates, which are no amounts.
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "合计", "增减额 增减幅度"],
        ["201", "一般公共服务支出", "1.00", "137,169.63 7.53%"],
    ]
    found = read(table(["一般公共预算支出表", "单位：元"], rows))
    listed = [note.text for note in found.notes if note.kind == "amount_not_understood"]
    assert listed == ["137,169.63 7.53%"]


def test_an_unknown_table_is_listed_with_the_nearest_forms() -> None:
    rows: list[list[Entry]] = [
        ["楼 栋", "金额（万元）"],
        ["1.机房安全维护项目", "208.75"],
        ["合 计", "208.75"],
    ]
    found = read(table(["资金具体使用情况如下：", "按项目分类明细"], rows))
    assert found.statements == ()
    assert kinds(found) == ["table_not_understood", "amount_not_understood", "amount_not_understood"]
    assert "nearest forms" in found.notes[0].message
    assert "按项目分类明细" in found.notes[0].text


def test_lists_and_indicators_are_no_statements() -> None:
    units: list[list[Entry]] = [["序号", "单位名称", "备注"], ["1", "某局（本级）", ""], ["2", "某中心", ""]]
    score: list[list[Entry]] = [
        ["评价项目", "权重", "得分"],
        ["预算执行", "20%", "20"],
        ["产出指标", "40%", "40"],
    ]
    found = read(table(["范围的单位包括："], units), table(["项目绩效自评综合得分表"], score, page=2))
    assert kinds(found) == ["not_a_statement", "not_a_statement"]


def test_a_title_alone_is_not_enough() -> None:
    rows: list[list[Entry]] = [["姓名", "电话"], ["张三", "123456"], ["李四", "654321"]]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert found.statements == ()
    assert kinds(found)[0] == "table_not_understood"


def test_a_table_without_title_is_never_recognised_by_its_place() -> None:
    rows = [*CODE_HEAD, ["201", "一般公共服务支出", "1.00", "1.00", ""]]
    assert read(table(["单位：万元"], rows)).statements == ()


def test_register_wins_and_disagreement_is_reported() -> None:

    doc = document(cover=["上海市普陀区2025年区级部门预算", "预算主管部门：上海市普陀区商务委员会"])
    found = understand(doc, registered=Identification("上海市普陀区商务委员会", 2024, "budget", "department"))
    assert found.identification.fiscal_year == 2024
    assert found.identification.region_code == "310107"
    assert [(n.kind, n.message) for n in found.notes] == [
        ("register_disagrees", "fiscal_year: the register says 2024, the document 2025")
    ]


def test_two_rows_in_one_cell_give_no_amount_to_either() -> None:
    # Without rules between rows, a code's row and the total below it may come out as one.
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "决算数"],
        ["301", "工资福利支出", "121.48"],
        [M("30299其他商品和服务支出2.14\n公用经费合计", columns=2), "20.88"],
    ]
    found = read(table(["一般公共预算财政拨款基本支出决算表", "单位：万元"], rows))
    assert [(item.row_key, item.amount_printed) for item in found.line_items] == [("301", "121.48")]
    assert "20.88" in {note.text for note in found.notes if note.kind == "amount_not_understood"}


@pytest.mark.parametrize(
    ("has_table_before", "lines", "listed"),
    [
        # The end of a table that was not seen as one: rows of a name and figures, or of figures alone.
        (True, ["十八、自然资源支出", "十九、住房保障支出 176.61", "总计 4,238.65 总计 4,238.65"], [1, 2]),
        (True, ["4,238.65 4,128.31"], [0]),
        (False, ["4,238.65 4,128.31"], [0]),
        # Rows that end in strokes below white that ended the table.
        (
            True,
            ["收入总计 4,238.65 二、年末结转 —", "支出总计 4,238.65 4,128.31 — —", "二、结转下年 —"],
            [0, 1],
        ),
        # A date, a page number, a figure without decimals; words and figures of a narrative.
        (True, ["2024年10月12日", "- 5 -", "共有车辆 4", "占比 12.35%"], []),
        (True, ["2023年度收入总计", "4,238.65万元。", "其中：本年收入 4,238.65"], []),
        (False, ["总计 4,238.65"], []),
        # The head of a table and no table: two sides, the last columns of a row blank.
        (False, ["单位：元", "一、财政拨款 4,238.65 一、外交支出", "二、事业收入"], [1]),
    ],
)
def test_figures_in_no_table_are_listed(has_table_before: bool, lines: list[str], listed: list[int]) -> None:
    rows = [*CODE_HEAD, ["201", "甲", "1.00", "1.00", ""]]
    before = document(table(["支出决算表", "单位：万元"], rows, page=2))
    if not has_table_before:
        before = replace(before, pages=tuple(replace(page, tables=()) for page in before.pages))
    number = before.pages[-1].number + 1
    printed = tuple(
        TextLine(number, text, Box(80, 100 + 20 * at, 500, 114 + 20 * at)) for at, text in enumerate(lines)
    )
    read_on = replace(before, pages=(*before.pages, Page(number, 595, 842, 0, printed, ())))
    notes = figures_outside_tables(read_on)
    assert [(note.kind, note.page, note.text) for note in notes] == [
        ("amount_not_understood", number, lines[at]) for at in listed
    ]
