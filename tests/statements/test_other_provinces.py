"""Columns and blocks of the national form and of provinces outside the first corpus.

Each test is a statement that a general rule is needed for; the figures are small and invented.
"""

from __future__ import annotations

import pytest

from tests.statements.builders import Entry, table
from tests.statements.other_provinces import KINDS, VEHICLES, M, facts, listed, read


def of_year(year: int) -> tuple[list[Entry], list[Entry]]:
    top: list[Entry] = [M(f"{year}年预算数", columns=6)]
    middle: list[Entry] = [
        M("合计", rows=2),
        M("因公出国（境）费", rows=2),
        M("公务用车购置及运行费", columns=3),
        M("公务接待费", rows=2),
    ]
    return top, middle


def test_last_year_beside_this_year_is_never_this_year() -> None:
    (before, kinds_before), (now, kinds_now) = of_year(2022), of_year(2023)
    rows: list[list[Entry]] = [
        [*before, *now],
        [*kinds_before, *kinds_now],
        [*VEHICLES, *VEHICLES],
        ["9.00", "1.00", "6.00", "2.00", "4.00", "2.00", "8.10", "0.10", "6.00", "1.50", "4.50", "2.00"],
    ]
    found = read(table(["一般公共预算“三公”经费支出表", "单位：万元"], rows))
    assert [s.statement_id for s in found.statements] == ["budget_three_public"]
    got = facts(found)
    assert [got["total", f"budget_{kind}"] for kind in KINDS] == rows[3][6:]
    assert [got["total", f"last_year_{kind}"] for kind in KINDS] == rows[3][:6]


def test_execution_of_last_year_and_the_change_against_it() -> None:
    rows: list[list[Entry]] = [
        [
            M("功能分类科目", columns=2),
            M("2022年执行数", rows=2),
            M("2023年预算数", columns=3),
            M("2023年预算数比2022年执行数", columns=2),
        ],
        ["科目编码", "科目名称", "小计", "基本支出", "项目支出", "增减额", "增减%"],
        ["201", "一般公共服务支出", "100.00", "110.00", "70.00", "40.00", "10.00", "10.00"],
        ["20103", "政府办公厅（室）及相关机构事务", "100.00", "110.00", "70.00", "40.00", "10.00", "10.00"],
    ]
    found = read(table(["一般公共预算支出表", "单位：万元"], rows))
    got = facts(found)
    assert got["201", "total"] == "110.00"
    assert got["201", "last_year_executed"] == "100.00"
    assert got["201", "change"] == "10.00"
    assert got["20103", "project"] == "40.00"
    assert len(got) == 10 and not listed(found), "a percentage is no amount"


def test_balances_under_their_heading_are_no_revenue_of_the_year() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=5)],
        ["项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"],
        ["一、本年收入", "90.00", "一、本年支出", "95.00", "80.00", "15.00", ""],
        ["（一）一般公共预算拨款", "78.00", "（一）外交支出", "80.00", "80.00", "", ""],
        ["（二）政府性基金预算拨款", "12.00", "（二）城乡社区支出", "15.00", "", "15.00", ""],
        ["二、上年结转", "7.00", "二、结转下年", "2.00", "2.00", "", ""],
        ["（一）一般公共预算拨款", "4.00", "", "", "", "", ""],
        ["（二）政府性基金预算拨款", "3.00", "", "", "", "", ""],
        ["收入总计", "97.00", "支出总计", "97.00", "82.00", "15.00", ""],
    ]
    found = read(table(["财政拨款收支总表", "单位：万元"], rows))
    got = facts(found)
    assert got["revenue_total", "amount"] == "90.00"
    assert got["rev_general_public", "amount"] == "78.00"
    assert got["opening_general_public", "amount"] == "4.00"
    assert got["opening_government_fund", "amount"] == "3.00"
    assert got["expenditure_total", "general_public"] == "80.00"
    assert got["carryover_to_next_year", "total"] == "2.00"
    assert got["grand_total_expenditure", "total"] == "97.00"
    assert not listed(found)


def test_rows_that_say_budget_or_final_with_the_kinds_across() -> None:
    rows: list[list[Entry]] = [
        [
            M("项目", rows=2),
            M("“三公”经费合计", rows=2),
            M("因公出国（境）费", rows=2),
            M("公务用车购置及运行费", columns=3),
            M("公务接待费", rows=2),
            M("会议费", rows=2),
        ],
        VEHICLES,
        ["预算数", "9.00", "1.00", "6.00", "2.00", "4.00", "2.00", "0.50"],
        ["决算数", "8.10", "0.10", "6.00", "1.50", "4.50", "2.00", "0.40"],
    ]
    found = read(
        table(["财政拨款“三公”经费、会议费和培训费支出决算表", "单位：万元"], rows),
        cover="某局2022年度部门决算",
    )
    got = facts(found)
    assert got["total", "budget_vehicle_operation"] == "4.00"
    assert got["total", "final_vehicle_operation"] == "4.50"
    assert got["total", "final_meeting"] == "0.40"
    assert len(got) == 14


def test_basic_expenditure_split_by_personnel_and_running() -> None:
    rows: list[list[Entry]] = [
        [
            M("科目编码", rows=2),
            M("科目名称", rows=2),
            M("合计", rows=2),
            M("基本支出", columns=3),
            M("项目支出", rows=2),
        ],
        ["小计", "人员经费", "公用经费"],
        ["201", "一般公共服务支出", "10.00", "7.00", "5.00", "2.00", "3.00"],
    ]
    got = facts(read(table(["一般公共预算支出表", "单位：万元"], rows)))
    assert got == {
        ("201", "total"): "10.00",
        ("201", "basic"): "7.00",
        ("201", "personnel"): "5.00",
        ("201", "running"): "2.00",
        ("201", "project"): "3.00",
    }


def test_projects_by_source_of_funds() -> None:
    rows: list[list[Entry]] = [
        [
            M("类型", rows=2),
            M("项目名称", rows=2),
            M("项目单位", rows=2),
            M("合计", rows=2),
            M("本年拨款", columns=2),
            M("财政拨款结转结余", columns=2),
        ],
        ["一般公共预算", "政府性基金预算", "一般公共预算", "政府性基金预算"],
        [M("合计", columns=3), "6.00", "4.00", "1.00", "1.00", ""],
        ["部门项目", "智慧政务运行", "某县政府办", "6.00", "4.00", "1.00", "1.00", ""],
    ]
    found = read(table(["项目支出表", "单位：万元"], rows))
    assert [s.statement_id for s in found.statements] == ["budget_project"]
    got = facts(found)
    assert got["智慧政务运行", "general_public"] == "4.00"
    assert got["智慧政务运行", "carryover_general_public"] == "1.00"
    assert got["total", "total"] == "6.00"


def test_codes_of_a_second_classification_only_describe_the_row() -> None:
    rows: list[list[Entry]] = [
        [
            M("部门预算经济分类", columns=2),
            M("政府预算经济分类", columns=2),
            M("合计", rows=2),
            M("人员经费", rows=2),
            M("公用经费", rows=2),
        ],
        ["科目编码", "科目名称", "科目编码", "科目名称"],
        ["30101", "基本工资", "50101", "工资奖金津补贴", "9.00", "9.00", ""],
        ["30201", "办公费", "50201", "办公经费", "3.00", "", "3.00"],
    ]
    got = facts(read(table(["一般公共预算基本支出表", "单位：万元"], rows)))
    assert got == {
        ("30101", "total"): "9.00",
        ("30101", "personnel"): "9.00",
        ("30201", "total"): "3.00",
        ("30201", "running"): "3.00",
    }


def test_an_appropriation_summary_with_one_amount_on_each_side() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=2)],
        ["项目", "决算数", "项目", "决算数"],
        ["一、一般公共预算财政拨款", "9.00", "一、一般公共服务支出", "8.00"],
        ["本年收入合计", "9.00", "本年支出合计", "8.00"],
        ["年初财政拨款结转和结余", "1.00", "年末财政拨款结转和结余", "2.00"],
        ["一、一般公共预算财政拨款", "1.00", "", ""],
        ["总计", "10.00", "总计", "10.00"],
    ]
    found = read(table(["财政拨款收入支出决算总表", "单位：万元"], rows), cover="某局2022年度部门决算")
    got = facts(found)
    assert got["201", "total"] == "8.00"
    assert got["opening_general_public", "amount"] == "1.00"
    assert got["grand_total_expenditure", "total"] == "10.00"
    assert not listed(found)


def test_budget_and_final_amounts_beside_each_other_in_a_summary() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=5), M("支出", columns=5)],
        ["项目", "行次", "年初预算数", "全年预算数", "决算数"] * 2,
        [
            "一、一般公共预算财政拨款收入",
            "1",
            "7.00",
            "8.00",
            "9.00",
            "一、一般公共服务支出",
            "32",
            "5.00",
            "6.00",
            "6.50",
        ],
    ]
    found = read(table(["收入支出决算总表", "单位：万元"], rows), cover="某局2022年度部门决算")
    assert facts(found) == {
        ("rev_general_public", "initial_budget"): "7.00",
        ("rev_general_public", "adjusted_budget"): "8.00",
        ("rev_general_public", "amount"): "9.00",
        ("201", "initial_budget"): "5.00",
        ("201", "adjusted_budget"): "6.00",
        ("201", "amount"): "6.50",
    }


def test_four_blocks_by_function_by_economic_classification_and_by_use() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=6)],
        ["项目", "预算数", "按功能分类", "预算数", "按部门预算经济分类", "预算数", "支出用途", "预算数"],
        [
            *("一、一般公共预算拨款收入", "9.00", "一、一般公共服务支出", "7.00"),
            *("一、工资福利支出", "5.00", "一、基本支出", "6.00"),
        ],
        ["二、其他收入", "1.00", "二、其他支出", "3.00", "二、其他支出", "5.00", "人员经费", "5.00"],
        ["", "", "", "", "", "", "公用经费", "1.00"],
        ["", "", "", "", "", "", "二、项目支出", "4.00"],
        ["收入总计", "10.00", "支出总计", "10.00", "支出总计", "10.00", "", ""],
    ]
    found = read(table(["部门收支总表", "单位：万元"], rows))
    got = {(i.side, i.row_key): i.amount_printed for i in found.line_items}
    assert got == {
        ("revenue", "rev_general_public"): "9.00",
        ("revenue", "rev_other"): "1.00",
        ("revenue", "grand_total_revenue"): "10.00",
        ("expenditure", "201"): "7.00",
        ("expenditure", "229"): "3.00",
        ("expenditure", "grand_total_expenditure"): "10.00",
        ("economic", "301"): "5.00",
        ("economic", "399"): "5.00",
        ("economic", "grand_total_expenditure"): "10.00",
        ("use", "use_basic"): "6.00",
        ("use", "use_personnel"): "5.00",
        ("use", "use_running"): "1.00",
        ("use", "use_project"): "4.00",
    }
    assert not listed(found)


def test_both_economic_classifications_in_one_summary_keep_apart() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=4)],
        ["项目", "预算数", "部门预算经济分类", "预算数", "政府预算经济分类", "预算数"],
        ["一、财政拨款收入", "9.00", "一、对企业补助", "7.00", "一、对企业补助", "6.00"],
    ]
    found = read(table(["部门收支总表", "单位：万元"], rows))
    got = {(i.side, i.row_key): i.amount_printed for i in found.line_items}
    assert got["economic", "312"] == "7.00"
    assert got["government_economic", "507"] == "6.00"


def test_expenditure_split_by_fund_and_kind() -> None:
    rows: list[list[Entry]] = [
        [
            M("科目编码", rows=2),
            M("科目名称", rows=2),
            M("合计", rows=2),
            M("一般公共预算拨款", columns=3),
            M("政府性基金预算拨款", columns=3),
        ],
        ["小计", "基本支出", "项目支出", "小计", "基本支出", "项目支出"],
        ["212", "城乡社区支出", "9.00", "5.00", "3.00", "2.00", "4.00", "", "4.00"],
    ]
    got = facts(read(table(["部门支出总表", "单位：万元"], rows)))
    assert got == {
        ("212", "total"): "9.00",
        ("212", "total_general_public"): "5.00",
        ("212", "basic_general_public"): "3.00",
        ("212", "project_general_public"): "2.00",
        ("212", "total_government_fund"): "4.00",
        ("212", "project_government_fund"): "4.00",
    }


def test_three_public_split_by_fund_with_counts_below() -> None:
    rows: list[list[Entry]] = [
        [M("项目", rows=2), M("预算数", columns=2), M("决算数", columns=3)],
        ["合计", "一般公共预算财政拨款", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款"],
        ["因公出国（境）费", "9.00", "9.00", "8.00", "7.00", "1.00"],
        ["公务接待费", "2.00", "2.00", "1.00", "1.00", ""],
        ["其中：国内接待费", "", "", "1.00", "1.00", ""],
        ["公务用车保有量（辆）", "——", "", "3", "3", ""],
    ]
    found = read(table(["“三公”经费支出决算表", "单位：万元"], rows), cover="某局2021年度部门决算")
    got = facts(found)
    assert got["total", "budget_abroad"] == "9.00"
    assert got["total", "budget_abroad_general_public"] == "9.00"
    assert got["total", "final_abroad_government_fund"] == "1.00"
    assert got["total", "final_reception_domestic"] == "1.00"
    assert not any(value == "3" for value in got.values()), "a number of cars is no amount"
    assert "3" not in listed(found)


def test_a_fund_over_the_whole_table_splits_nothing() -> None:
    rows: list[list[Entry]] = [
        [M("项目", rows=2), M("一般公共预算财政拨款", columns=2)],
        ["预算数", "决算数"],
        ["因公出国（境）费", "9.00", "8.00"],
        ["公务接待费", "2.00", "1.00"],
    ]
    found = read(table(["“三公”经费支出决算表", "单位：万元"], rows), cover="某局2021年度部门决算")
    assert facts(found)["total", "final_abroad"] == "8.00"


def test_functions_by_economic_class() -> None:
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "合计", "工资福利支出", "商品和服务支出", "资本性支出"],
        ["201", "一般公共服务支出", "9.00", "5.00", "3.00", "1.00"],
    ]
    found = read(
        table(["一般公共预算财政拨款支出决算明细表", "单位：万元"], rows), cover="某局2021年度部门决算"
    )
    assert [s.statement_id for s in found.statements] == ["final_general_by_economic"]
    got = facts(found)
    assert got["201", "economic_301"] == "5.00"
    assert got["201", "economic_310"] == "1.00"


@pytest.mark.parametrize(
    ("printed", "column"), [("2022年预算数", "last_year_budget"), ("2022年执行数", "last_year_executed")]
)
def test_a_year_over_one_column_only_is_not_the_year_of_the_others(printed: str, column: str) -> None:
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出", printed],
        ["201", "一般公共服务支出", "3.00", "1.00", "2.00", "9.00"],
    ]
    got = facts(read(table(["一般公共预算支出表", "单位：万元"], rows)))
    assert got == {
        ("201", "total"): "3.00",
        ("201", "basic"): "1.00",
        ("201", "project"): "2.00",
        ("201", column): "9.00",
    }


def test_a_year_left_over_above_all_columns_tells_nothing_apart() -> None:
    rows: list[list[Entry]] = [
        [M("科目编码", rows=2), M("科目名称", rows=2), M("2022年预算数", columns=3)],
        ["合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "3.00", "1.00", "2.00"],
    ]
    got = facts(read(table(["一般公共预算支出表", "单位：万元"], rows)))
    assert got == {("201", "total"): "3.00", ("201", "basic"): "1.00", ("201", "project"): "2.00"}
