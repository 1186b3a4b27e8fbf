"""Titles of other provinces, tables without a title or without codes: which statement is it?

Each test is a statement that a general rule is needed for; the figures are small and invented.
"""

from __future__ import annotations

import pytest

from tests.statements.builders import Entry, table
from tests.statements.other_provinces import VEHICLES, M, facts, listed, read

REVENUE: list[list[Entry]] = [
    [
        *("科目编码", "科目名称", "本年收入合计", "财政拨款收入", "上级补助收入"),
        *("事业收入", "经营收入", "附属单位上缴收入", "其他收入"),
    ],
    *(
        [code, name, "9.00", "8.00", "", "", "", "", "1.00"]
        for code, name in (
            ("201", "一般公共服务支出"),
            ("20103", "政府办公厅（室）及相关机构事务"),
            ("2010301", "行政运行"),
            ("208", "社会保障和就业支出"),
            ("20805", "行政事业单位养老支出"),
            ("2080501", "行政单位离退休"),
        )
    ),
]
FINAL = "某局2022年度部门决算"


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("一般公共预算财政拨款支出表", "budget_general_expenditure"),
        ("政府性基金预算财政拨款支出表", "budget_fund"),
        ("国有资本经营预算财政拨款支出表", "budget_state_capital"),
        ("某某区一般公共预算支出情况表（按功能分类科目）", "budget_general_expenditure"),
        ("支出总体情况表", "budget_expenditure_by_function"),
    ],
)
def test_a_fund_in_the_title_makes_it_another_statement(title: str, statement: str) -> None:
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "3.00", "1.00", "2.00"],
    ]
    found = read(table([title, "单位：万元"], rows))
    assert [s.statement_id for s in found.statements] == [statement]


@pytest.mark.parametrize(
    ("title", "statement"),
    [
        ("公共财政预算财政拨款支出预算表", "budget_general_expenditure"),
        ("公共财政拨款支出预算表", "budget_general_expenditure"),
        ("公共财政支出预算表", "budget_general_expenditure"),
        ("纳入政府性基金预算管理收入安排支出表", "budget_fund"),
        ("单位资金支出预算表", ""),
        ("预算外资金支出预算表", ""),
        ("其他资金安排支出预算表", ""),
        ("教育收费支出预算表", ""),
        ("非财政拨款支出预算表", ""),
        ("经营支出预算表", ""),
        ("工会经费支出预算表", ""),
        ("教育支出预算表", ""),
        ("上年支出预算表", ""),
        # Behind the title it is said as well.
        ("支出预算表（一般公共预算）", "budget_general_expenditure"),
        ("财政拨款支出预算表（政府性基金）", "budget_fund"),
        ("支出预算表（财政拨款）", "budget_appropriation_by_function"),
    ],
)
def test_the_money_named_beside_a_title_makes_it_another_statement(title: str, statement: str) -> None:
    # None of them is what the whole department spends, or what it spends of its appropriation.
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "3.00", "1.00", "2.00"],
    ]
    found = read(table([title, "单位：万元"], rows))
    assert [s.statement_id for s in found.statements] == ([statement] if statement else [])


@pytest.mark.parametrize(
    ("cover", "statement"),
    [("某部2023年部门预算", "budget_general_basic"), ("某部2023年度部门决算", "final_general_basic")],
)
def test_a_title_of_both_kinds_is_read_by_the_kind_of_document(cover: str, statement: str) -> None:
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["301", "工资福利支出", "3.00", "3.00", ""],
        ["30101", "基本工资", "3.00", "3.00", ""],
    ]
    found = read(table(["一般公共预算财政拨款基本支出表", "单位：万元"], rows), cover=cover)
    assert [s.statement_id for s in found.statements] == [statement]


def test_an_aside_in_a_title_does_not_hide_it() -> None:
    rows: list[list[Entry]] = [
        [
            M("“三公”经费合计", rows=2),
            M("因公出国（境）费", rows=2),
            M("公务用车购置及运行费", columns=3),
            M("公务接待费", rows=2),
        ],
        VEHICLES,
        ["8.10", "0.10", "6.00", "1.50", "4.50", "2.00"],
    ]
    title = "财政拨款（含一般公共预算和政府性基金预算）“三公”经费支出表"
    found = read(table([title, "单位：万元"], rows))
    assert facts(found)["total", "budget_total"] == "8.10"


def test_a_statement_without_title_is_known_by_what_only_it_prints() -> None:
    found = read(table(["单位：万元"], REVENUE), cover=FINAL)
    assert [s.statement_id for s in found.statements] == ["final_revenue"]
    assert found.statements[0].score < 0.7, "its score says that the title is missing"
    assert [n.kind for n in found.notes] == ["title_not_exact"]
    assert facts(found)["2010301", "fiscal_appropriation"] == "8.00"


def test_a_table_without_title_that_could_be_two_statements_is_listed() -> None:
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        *([*row[:2], "3.00", "1.00", "2.00"] for row in REVENUE[1:]),
    ]
    found = read(table(["单位：万元"], rows), cover=FINAL)
    assert not found.statements
    assert len(listed(found)) == 18


def test_a_second_table_without_title_is_not_the_statement_again() -> None:
    found = read(
        table(["收入决算表", "单位：万元"], REVENUE), table(["单位：万元"], REVENUE, page=2), cover=FINAL
    )
    assert [s.statement_id for s in found.statements] == ["final_revenue"]
    assert len(listed(found)) == 18


def test_economic_items_by_name_where_no_codes_are_printed() -> None:
    rows: list[list[Entry]] = [
        ["项目", "决算数", "项目", "决算数"],
        ["一、工资福利支出", "9.00", "二、商品和服务支出", "5.00"],
        ["基本工资", "8.00", "办公费", "4.00"],
        ["住房公积金", "1.00", "办公设备购置", "1.00"],
    ]
    found = read(table(["一般公共预算财政拨款基本支出决算表", "单位：万元"], rows), cover=FINAL)
    got = facts(found)
    assert got["301", "amount"] == "9.00"
    assert got["30101", "amount"] == "8.00"
    assert got["30113", "amount"] == "1.00"
    assert got["30201", "amount"] == "4.00"
    assert listed(found) == ["1.00"], "办公设备购置 is the name of two codes"
