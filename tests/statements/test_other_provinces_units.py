"""Statements of other provinces that tell several units apart: whose figures are they?

Each test is a statement that a general rule is needed for; the figures are small and invented.
"""

from __future__ import annotations

from tests.statements.builders import Entry, table
from tests.statements.other_provinces import M, facts, listed, read


def test_revenue_of_each_unit_with_what_is_carried_over() -> None:
    rows: list[list[Entry]] = [
        [
            M("部门（单位）代码", rows=2),
            M("部门（单位）名称", rows=2),
            M("合计", rows=2),
            M("本年收入", columns=3),
            M("上年结转结余", columns=2),
        ],
        ["小计", "一般公共预算", "其他收入", "小计", "一般公共预算"],
        ["", "合计", "12.00", "10.00", "9.00", "1.00", "2.00", "2.00"],
        ["123", "某县政府办公室", "12.00", "10.00", "9.00", "1.00", "2.00", "2.00"],
        ["123001", "某县政府办公室本级", "12.00", "10.00", "9.00", "1.00", "2.00", "2.00"],
    ]
    found = read(table(["收入总表", "单位：万元"], rows))
    assert [s.statement_id for s in found.statements] == ["budget_revenue_by_unit"]
    got = facts(found)
    assert got["total", "year_total"] == "10.00"
    assert got["某县政府办公室本级", "general_public"] == "9.00"
    assert got["某县政府办公室本级", "carryover_general_public"] == "2.00"
    assert {item.row_kind for item in found.line_items} == {"unit"}
    assert not listed(found), "a unit's code is no amount"


def test_the_same_words_under_two_headings_keep_apart() -> None:
    rows: list[list[Entry]] = [
        [
            M("项目", columns=2),
            M("年初结转和结余", rows=2),
            M("本年收入", columns=3),
            M("本年支出", columns=3),
        ],
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出", "合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "1.00", "9.00", "6.00", "3.00", "10.00", "7.00", "3.00"],
    ]
    found = read(
        table(["一般公共预算财政拨款收入支出决算表", "单位：万元"], rows), cover="某局2021年度部门决算"
    )
    assert [s.statement_id for s in found.statements] == ["final_general_expenditure"]
    got = facts(found)
    assert got["201", "revenue"] == "9.00"
    assert got["201", "total"] == "10.00"
    assert got["201", "basic"] == "7.00"
    assert got["201", "revenue_basic"] == "6.00"


def test_rows_of_several_units_are_not_the_departments() -> None:
    rows: list[list[Entry]] = [
        ["单位名称", "科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["合计", "", "", "7.00", "3.00", "4.00"],
        ["甲中心", "2010301", "行政运行", "5.00", "2.00", "3.00"],
        ["乙中心", "2010301", "行政运行", "2.00", "1.00", "1.00"],
    ]
    found = read(table(["部门支出总表", "单位：万元"], rows))
    assert facts(found) == {
        ("total", "total"): "7.00",
        ("total", "basic"): "3.00",
        ("total", "project"): "4.00",
        ("甲中心/2010301", "total"): "5.00",
        ("甲中心/2010301", "basic"): "2.00",
        ("甲中心/2010301", "project"): "3.00",
        ("乙中心/2010301", "total"): "2.00",
        ("乙中心/2010301", "basic"): "1.00",
        ("乙中心/2010301", "project"): "1.00",
    }
    assert [item.row_kind for item in found.line_items] == ["functional"] * 3 + ["unit"] * 6
    assert "?" in found.statements[0].printed_rows, "the department's own rows by code are not printed"


def test_a_department_above_its_only_unit_has_the_units_rows() -> None:
    rows: list[list[Entry]] = [
        ["单位编码", "单位名称", "科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["", "合计", "", "", "5.00", "2.00", "3.00"],
        ["123", "某县政府办", "", "", "5.00", "2.00", "3.00"],
        ["123001", "某县政府办本级", "201", "一般公共服务支出", "5.00", "2.00", "3.00"],
        ["", "", "2010301", "行政运行", "5.00", "2.00", "3.00"],
    ]
    got = facts(read(table(["部门支出总表", "单位：万元"], rows)))
    assert got["201", "total"] == "5.00"
    assert got["2010301", "project"] == "3.00"


def test_a_units_sum_is_never_the_departments_total() -> None:
    rows: list[list[Entry]] = [
        ["单位名称", "科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["甲中心", "2010301", "行政运行", "5.00", "2.00", "3.00"],
        ["", "合计", "", "5.00", "2.00", "3.00"],
        ["乙中心", "2010301", "行政运行", "2.00", "1.00", "1.00"],
        ["乙中心", "合计", "", "2.00", "1.00", "1.00"],
        ["", "合计", "", "7.00", "3.00", "4.00"],
    ]
    found = read(table(["部门支出总表", "单位：万元"], rows))
    got = facts(found)
    assert got["total", "total"] == "7.00"
    assert got["乙中心/total", "total"] == "2.00"
    assert listed(found) == ["5.00", "2.00", "3.00"], "whose sum the unnamed one is, is not printed"


def test_three_public_of_each_unit_beside_the_departments() -> None:
    rows: list[list[Entry]] = [
        ["单位编码", "单位名称", "“三公”经费合计", "因公出国（境）费", "公务接待费"],
        ["", "合计", "3.00", "1.00", "2.00"],
        ["123001", "甲中心", "3.00", "1.00", "2.00"],
    ]
    found = read(table(["一般公共预算“三公”经费支出表", "单位：万元"], rows))
    got = facts(found)
    assert got["total", "budget_total"] == "3.00"
    assert got["甲中心", "budget_reception"] == "2.00"
    assert {i.row_kind for i in found.line_items if i.row_key == "甲中心"} == {"unit"}


def test_a_unit_above_and_another_in_the_columns_is_not_guessed() -> None:
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "合计（万元）", "基本支出（万元）", "项目支出（万元）"],
        ["201", "一般公共服务支出", "9.00", "8.00", "1.00"],
    ]
    found = read(table(["支出总表", "单位：元"], rows))
    assert not found.line_items
    assert listed(found) == ["9.00", "8.00", "1.00"]
    assert [i.unit for i in read(table(["支出总表", "单位：万元"], rows)).line_items] == ["万元"] * 3
