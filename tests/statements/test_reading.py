"""Statements of all shapes, built by hand: every amount in its row and column."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.statements.builders import CODE_HEAD, Entry, Merged, facts, kinds, read, table

M = Merged


def test_codes_in_one_column_with_the_total_first() -> None:
    rows = [
        *CODE_HEAD,
        [M("合计", columns=2), "307.82", "105.58", "202.24"],
        ["201", "一般公共服务支出", "264.87", "62.63", "202.24"],
        ["20139", "社会工作事务", "264.87", "62.63", "202.24"],
        ["2013901", "行政运行", "51.32", "51.32", ""],
        ["2080505", "机关事业单位基本养老保\n险缴费支出", "6.18", "6.18", "0.00"],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert [s.statement_id for s in found.statements] == ["final_expenditure"]
    got = facts(found)
    assert got["total", "total"] == "307.82"
    assert got["2013901", "basic"] == "51.32"
    assert ("2013901", "project") not in got, "a blank is nothing"
    assert got["2080505", "project"] == "0.00", "a printed zero is a fact"
    item = next(i for i in found.line_items if i.row_key == "2080505" and i.column_id == "total")
    assert item.row_label == "机关事业单位基本养老保险缴费支出"
    assert item.amount_yuan == Decimal("61800.00")
    assert item.precision_yuan == Decimal(100)
    assert (item.unit, item.page, item.row_kind) == ("万元", 1, "functional")
    assert kinds(found) == []


def test_a_header_word_that_ends_in_a_cell_of_its_own_is_no_blank_row() -> None:
    # 31002 is known by its code alone: 30902 is called 办公设备购置 too.
    rows: list[list[Entry]] = [
        [M("项目", columns=2), M("一般公共预算基本支出", columns=3)],
        [
            "部门预算经",
            M("经济分类科目名称", rows=2),
            *(M(w, rows=2) for w in ("合计", "人员经费", "公用经费")),
        ],
        ["济分类科目\n编码"],
        ["301", "工资福利支出", "1,062.21", "1,062.21", "—"],
        ["310", "资本性支出", "5.89", "—", "5.89"],
        ["31002", "办公设备购置", "5.89", "—", "5.89"],
        ["", "合计", "1,068.10", "1,062.21", "5.89"],
    ]
    found = read(table(["一般公共预算基本支出部门预算经济分类预算表", "单位：万元"], rows))
    got = facts(found)
    assert (got["31002", "total"], got["31002", "running"]) == ("5.89", "5.89")
    assert got["total", "total"] == "1,068.10"
    assert kinds(found) == []


def test_codes_and_names_left_of_the_words_that_head_them() -> None:
    # Without rules, words in the middle of wide columns stand in columns of their own.
    rows: list[list[Entry]] = [
        [M("项目", columns=4), M("合计", rows=2), M("基本支出", rows=2), M("项目支出", rows=2)],
        ["", "支出经济分类科目编码", "", "科目名称"],
        ["", "", "", "合计", "9.00", "8.00", "1.00"],
        ["301", "", "工资福利支出", "", "6.00", "6.00", ""],
        ["30101", "", "基本工资", "", "6.00", "6.00", ""],
        ["302", "", "商品和服务支出", "", "3.00", "2.00", "1.00"],
    ]
    found = read(table(["一般公共预算财政拨款支出决算表（二）", "单位：万元"], rows))
    assert [s.statement_id for s in found.statements] == ["final_general_expenditure_by_economic"]
    got = facts(found)
    assert (got["total", "total"], got["30101", "basic"], got["302", "project"]) == ("9.00", "6.00", "1.00")
    assert kinds(found) == []


@pytest.mark.parametrize(
    "codes",
    [
        [("201", "", ""), ("201", "06", ""), ("201", "06", "01")],
        [("201", "", ""), ("201", "20106", ""), ("201", "20106", "2010601")],
        [("201", "", ""), ("201", "6", ""), ("201", "6", "1")],
    ],
)
def test_codes_in_three_columns(codes: Sequence[tuple[str, str, str]]) -> None:
    rows: list[list[Entry]] = [
        [M("项目", columns=4), M("一般公共预算支出", columns=3)],
        [
            M("功能分类科目编码", columns=3),
            M("功能分类科目名称", rows=2),
            M("合计", rows=2),
            M("基本支出", rows=2),
            M("项目支出", rows=2),
        ],
        ["类", "款", "项"],
    ]
    rows += [[*code, f"名称{i}", f"{i}1.00", f"{i}2.00", ""] for i, code in enumerate(codes, start=1)]
    rows += [[M("合计", columns=4), "9.00", "8.00", "1.00"]]
    found = read(table(["2025年部门一般公共预算支出功能分类预算表", "编制部门：某局 单位：元"], rows))
    assert [s.statement_id for s in found.statements] == ["budget_general_expenditure"]
    got = facts(found)
    assert [got[key, "total"] for key in ("201", "20106", "2010601", "total")] == [
        "11.00",
        "21.00",
        "31.00",
        "9.00",
    ]
    assert found.statements[0].department_printed == "某局"


def test_summary_with_line_numbers_and_sides_of_different_length() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=3), M("支出", columns=3)],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、一般公共预算财政拨款收入", "1", "3, 295. 68", "一、一般公共服务支出", "32", "2, 723. 66"],
        ["二、政府性基金预算财政拨款收入", "2", "0. 00", "七、文化体育与传媒支出", "38", "1.00"],
        ["", "9", "", "九、卫生健康支出", "40", "138. 19"],
        ["本年收入合计", "27", "3, 295. 68", "本年支出合计", "58", "3, 295. 68"],
        ["使用非财政拨款结余（含专用结余）", "28", "0.00", "结余分配", "59", "0.00"],
        ["年初结转和结余", "29", "0.00", "年末结转和结余", "60", "0.00"],
        ["总计", "31", "3, 295. 68", "总计", "62", "3, 295. 68"],
    ]
    found = read(table(["2023年度收入支出决算总表(表1)", "单位名称：某中心", "金额单位:万元"], rows))
    got = facts(found)
    assert got["rev_general_public", "amount"] == "3, 295. 68"
    assert got["201", "amount"] == "2, 723. 66"
    assert got["207", "amount"] == "1.00", "the old name of the class"
    assert got["grand_total_revenue", "amount"] == got["grand_total_expenditure", "amount"] == "3, 295. 68"
    sides = {item.row_key: item.side for item in found.line_items}
    assert (sides["use_nonfiscal_surplus"], sides["surplus_distribution"]) == ("revenue", "expenditure")
    assert len(found.line_items) == 13
    assert kinds(found) == []


def test_appropriation_summary_tells_revenue_from_opening_balance_by_the_line_above() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=5)],
        [
            "项目",
            "决算数",
            "项目",
            "合计",
            "一般公共预\n算财政拨款",
            "政府性基\n金预算财\n政拨款",
            "国有资本\n经营预算\n财政拨款",
        ],
        ["一、一般公共预算财政拨款", "100.00", "一、一般公共服务支出", "90.00", "80.00", "10.00", ""],
        ["本年收入合计", "100.00", "本年支出合计", "90.00", "80.00", "10.00", ""],
        ["年初财政拨款结转和结余", "5.00", "年末财政拨款结转和结余", "15.00", "15.00", "", ""],
        ["一、一般公共预算财政拨款", "3.00", "", "", "", "", ""],
        ["二、政府性基金预算财政拨款", "2.00", "", "", "", "", ""],
        ["总计", "105.00", "总计", "105.00", "95.00", "10.00", ""],
    ]
    found = read(table(["财政拨款收入支出决算总表", "单位：万元"], rows))
    got = facts(found)
    assert got["rev_general_public", "amount"] == "100.00"
    assert got["opening_general_public", "amount"] == "3.00"
    assert got["opening_government_fund", "amount"] == "2.00"
    assert got["201", "government_fund"] == "10.00"
    assert got["closing_balance", "general_public"] == "15.00"
    assert got["grand_total_expenditure", "total"] == "105.00"
    path = next(i.row_path for i in found.line_items if i.row_key == "opening_general_public")
    assert path == "年初财政拨款结转和结余 / 一、一般公共预算财政拨款"


def test_economic_codes_in_three_blocks_with_totals_below() -> None:
    rows: list[list[Entry]] = [
        [M("人员经费", columns=3), M("公用经费", columns=6)],
        ["经济分类科目编码", "科目名称", "决算数"] * 3,
        ["301", "工资福利支出", "1, 042. 94", "302", "商品和服务支出", "149. 20", "310", "资本性支出", ""],
        ["30101", "基本工资", "176. 66", "30201", "办公费", "11.41", "31002", "办公设备购置", "2.00"],
        [M("人员经费合计", columns=2), "1,236.31", M("公用经费合计", columns=5), "149.20"],
    ]
    found = read(table(["一般公共预算财政拨款基本支出决算明细表（表6）", "单位：万元"], rows))
    got = facts(found)
    assert got["30201", "amount"] == "11.41"
    assert got["31002", "amount"] == "2.00"
    assert got["personnel_total", "amount"] == "1,236.31"
    assert got["running_total", "amount"] == "149.20"
    assert len(got) == 7


def test_fund_statement_whose_header_row_is_also_the_row_of_totals() -> None:
    rows: list[list[Entry]] = [
        [
            M("项目", columns=2),
            M("年初结转和\n结余", rows=2),
            M("本年收入", rows=2),
            M("本年支出", columns=3, rows=2),
            M("年末结转和\n结余", rows=2),
        ],
        ["功能分类\n科目编码", "科目名称"],
        [M("合计", columns=2), "0", "2002.80", "合计", "基本支出", "项目支出", "0"],
        ["212", "城乡社区支出", "", "2002.80", "2002.80", "", "2002.80", ""],
    ]
    found = read(table(["政府性基金预算财政拨款收入支出决算表", "单位：万元"], rows))
    assert found.statements[0].statement_id == "final_fund"
    got = facts(found)
    assert got["total", "revenue"] == "2002.80"
    assert got["total", "opening_balance"] == got["total", "closing_balance"] == "0"
    assert got["212", "total"] == got["212", "project"] == "2002.80"
    assert len(got) == 6


def test_words_for_code_parts_merged_over_the_row_of_totals() -> None:
    rows: list[list[Entry]] = [
        [M("项目", columns=4), M("本年支出", columns=3)],
        [M("功能分类科目编码", columns=3), "科目名称", "合计", "基本支出", "项目支出"],
        [M("类", rows=2), M("款", rows=2), M("项", rows=2), "栏次", "1", "2", "3"],
        ["合计", "5.00", "3.00", "2.00"],
        [M("223", columns=3), "国有资本经营预算支出", "5.00", "3.00", "2.00"],
    ]
    found = read(table(["国有资本经营预算财政拨款支出决算表（表8）", "单位：万元"], rows))
    got = facts(found)
    assert got == {
        ("total", "total"): "5.00",
        ("total", "basic"): "3.00",
        ("total", "project"): "2.00",
        ("223", "total"): "5.00",
        ("223", "basic"): "3.00",
        ("223", "project"): "2.00",
    }


def test_statement_of_one_row_without_label() -> None:
    rows: list[list[Entry]] = [
        ["合    计", "基本支出", "项目支出", "单位预留机动经费", "结转下年资金"],
        ["9,146.79", "5,916.27", "3,123.68", "106.84", ""],
    ]
    found = read(table(["支出预算总表", "部门：某厅 单位：万元"], rows))
    assert found.statements[0].statement_id == "budget_expenditure_by_kind"
    assert facts(found) == {
        ("total", "total"): "9,146.79",
        ("total", "basic"): "5,916.27",
        ("total", "project"): "3,123.68",
        ("total", "reserve"): "106.84",
    }


def test_revenue_by_source_takes_the_group_beside_the_line() -> None:
    rows: list[list[Entry]] = [
        ["项目名称", "", "金额"],
        [M("收入总计", columns=2), "100.00"],
        [M("一般公共预算资金", rows=3), "小计", "60.00"],
        ["公共财政拨款(补助)资金", "50.00"],
        ["专项收入", "10.00"],
        [M("其他资金", rows=2), "小计", "40.00"],
        ["其他收入", "40.00"],
    ]
    found = read(table(["收入预算总表", "部门：某厅 单位：万元"], rows))
    assert found.statements[0].statement_id == "budget_revenue_by_source"
    assert {k: v for (k, _), v in facts(found).items()} == {
        "grand_total_revenue": "100.00",
        "src_general_public": "60.00",
        "src_general_public_appropriation": "50.00",
        "src_general_public_earmarked": "10.00",
        "src_other_funds": "40.00",
        "src_other_other": "40.00",
    }
    path = next(i.row_path for i in found.line_items if i.row_key == "src_other_funds")
    assert path == "其他资金 / 小计"


def test_label_merged_over_two_blocks_names_the_side_it_begins_on() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=4)],
        [M("项目名称", rows=2), M("金额", rows=2), M("功能分类", columns=2), M("支出用途", columns=2)],
        ["功能科目名称", "金额", "项目名称", "金额"],
        ["一、财政拨款", "90.00", "一、一般公共服务支出", "90.00", "一、基本支出", "80.00"],
        ["1.一般公共预算", "90.00", "二、外交支出", "", "二、项目支出", "10.00"],
        ["当年收入小计", "90.00", M("当年支出小计", columns=3), "90.00"],
        ["收入合计", "90.00", M("支出合计", columns=3), "90.00"],
    ]
    found = read(table(["收支预算总表", "部门：某厅 单位：万元"], rows))
    sides = {item.row_key: item.side for item in found.line_items}
    assert sides == {
        "rev_fiscal_appropriation": "revenue",
        "rev_general_public": "revenue",
        "201": "expenditure",
        "use_basic": "use",
        "use_project": "use",
        "revenue_total": "revenue",
        "expenditure_total": "expenditure",
        "grand_total_revenue": "revenue",
        "grand_total_expenditure": "expenditure",
    }


def test_title_number_and_unit_inside_the_frame() -> None:
    rows: list[list[Entry]] = [
        [M("公开03表\n支出决算表\n部门：某局　单位：万元", columns=5)],
        *CODE_HEAD,
        ["201", "一般公共服务支出", "1.00", "1.00", ""],
    ]
    found = read(table([], rows))
    statement = found.statements[0]
    assert (statement.statement_id, statement.label_printed) == ("final_expenditure", "公开03表")
    assert (statement.unit, statement.department_printed) == ("万元", "某局")
    assert facts(found)["201", "basic"] == "1.00"


def test_row_broken_by_the_page_end_is_one_row() -> None:
    first = [*CODE_HEAD, ["2080505", "机关事业单位基本养老", "6.18", "6.18", ""]]
    second: list[list[Entry]] = [
        ["", "保险缴费支出", "", "", ""],
        ["210", "卫生健康支出", "2.71", "2.71", ""],
    ]
    found = read(table(["支出决算表", "单位：万元"], first, second, broken=(1,)))
    labels = {item.row_key: item.row_label for item in found.line_items}
    assert labels == {"2080505": "机关事业单位基本养老保险缴费支出", "210": "卫生健康支出"}
    assert {i.page for i in found.line_items if i.row_key == "210"} == {2}


def test_names_under_an_unknown_header_still_part_the_sides() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=2)],
        ["项目", "决算数", "按某种分类", "决算数"],
        ["七、附属单位上缴收入", "", "七、文化旅游体育与传媒支出", "1.00"],
        ["八、其他收入", "", "八、社会保障和就业支出", "2.00"],
        ["总计", "9.00", "总计", "9.00"],
    ]
    found = read(table(["收入支出决算总表", "单位：万元"], rows))
    assert facts(found) == {
        ("207", "amount"): "1.00",
        ("208", "amount"): "2.00",
        ("grand_total_revenue", "amount"): "9.00",
        ("grand_total_expenditure", "amount"): "9.00",
    }


def test_a_meaning_that_two_columns_would_have_is_given_to_neither() -> None:
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "6.00", "1.00", "2.00", "3.00"],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert facts(found) == {("201", "total"): "6.00", ("201", "project"): "3.00"}
    assert [n.text for n in found.notes if n.kind == "amount_not_understood"] == ["1.00", "2.00"]


def test_two_statements_drawn_in_one_frame() -> None:
    rows: list[list[Entry]] = [
        *CODE_HEAD,
        ["201", "一般公共服务支出", "9.00", "9.00", ""],
        [M("收入决算表", columns=5)],
        [M("单位：元", columns=5)],
        ["功能分类科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"],
        ["201", "一般公共服务支出", "8.00", "7.00", "1.00"],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert [(s.statement_id, s.unit, s.n_amounts) for s in found.statements] == [
        ("final_expenditure", "万元", 2),
        ("final_revenue", "元", 3),
    ]
    assert {i.amount_yuan for i in found.line_items if i.statement_id == "final_revenue"} == {8, 7, 1}
