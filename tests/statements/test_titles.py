"""Titles: the longest wins, what stands before it may change it, unknown titles end the search."""

from __future__ import annotations

import pytest

from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import DocumentKind
from pipelines.statements.titles import (
    BEFORE,
    SAME_MEANING,
    SLIP,
    department_in,
    find_title,
    in_document_of,
    label_in,
    title_scores,
)


@pytest.mark.parametrize(
    ("printed", "statement"),
    [
        ("2023年度支出决算表(表3)", "final_expenditure"),
        ("支出决算表", "final_expenditure"),
        ("一般公共预算财政拨款支出决算表", "final_general_expenditure"),
        ("一般公共预算财政拨款基本支出决算明细表（表 6）", "final_general_basic"),
        ("政府性基金预算财政拨款收入支出决算表", "final_fund"),
        ("国有资本经营预算财政拨款支出决算表", "final_state_capital"),
        ("财政拨款“三公”经费支出决算表", "final_three_public"),
        ("财政拨款收入支出决算总表", "final_appropriation_summary"),
        ("财政拨款收入支出决算表", "final_appropriation_summary"),
        ("收入支出决算表", "final_summary"),
        ("收入决算总表", "final_revenue"),
        ("六、2017年度某某部门财政拨款基本支出预算表", "budget_appropriation_basic"),
        ("公开 03 表：支出预算总表", "budget_expenditure_by_function"),
        ("表八一般公共预算支出预算表", "budget_general_expenditure"),
        ("《收入决算表》", "final_revenue"),
        ("2025年预算单位财务收支预算总表", "budget_summary"),
        ("2024年部门一般公共预算基本支出部门预算经济分类预算表", "budget_general_basic"),
        ("财政拨款支出预算表（功能科目）", "budget_appropriation_by_function"),
    ],
)
def test_title_names_its_form(printed: str, statement: str) -> None:
    scores = title_scores(printed, load_catalogue())
    assert scores.get(statement, 0) >= 0.95, scores


@pytest.mark.parametrize(
    ("printed", "statement"),
    [
        # 大冶市金牛镇 2021 (its table of contents on hbdaye.gov.cn)
        ("2021年部门收入预算情况表（表2）", "budget_revenue_by_function"),
        ("2021年财政拨款一般公共预算支出情况表（表5）", "budget_general_expenditure"),
        ("2021年财政拨款一般公共预算基本支出预算表（表6）", "budget_general_basic"),
        # Shanghai's units
        ("单位一般公共预算拨款基本支出明细表", "budget_general_basic"),
        ("单位“三公”经费和机关运行费预算表", "budget_three_public"),
        ("部门财政拨款支出预算明细表", "budget_appropriation_by_function"),
        # Made of the words that others vary
        ("收入支出决算公开表", "final_summary"),
        ("公共预算财政拨款支出决算表", "final_general_expenditure"),
        ("某某市教育局收入支出预算总体情况表", "budget_summary"),
        ("政府性基金预算支出预算情况表", "budget_fund"),
        ("一般公共预算支出表（按功能分类项级科目）", "budget_general_expenditure"),
        ("2023年部门预算收支批复总表", "budget_summary"),
        ("一般公共预算安排基本支出分经济科目表", "budget_general_basic"),
        ("基金预算拨款支出预算情况表", "budget_fund"),
    ],
)
def test_a_title_that_no_form_has_is_known_by_what_it_says(printed: str, statement: str) -> None:
    assert title_scores(printed, load_catalogue()).get(statement, 0) == SAME_MEANING


@pytest.mark.parametrize(
    "printed",
    [
        "专项支出预算表",
        "中央转移支付补助项目支出预算表",
        "社会保险基金收支情况表",
        "重点支出情况表",
        "教育收入情况表",
    ],
)
def test_a_title_that_says_more_is_another(printed: str) -> None:
    scores = title_scores(printed, load_catalogue())
    scores.pop("budget_project", None)  # which 专项支出预算表 is
    assert all(score < SLIP for score in scores.values()), scores


def test_words_before_a_title_that_change_it_count_against_it() -> None:
    scores = title_scores("社会保险基金收入支出决算表", load_catalogue())
    assert max(scores.values()) < 0.5


def test_heading_of_the_narrative_is_no_title() -> None:
    assert title_scores("三、支出决算情况说明", load_catalogue()) == {}


def test_nearest_title_wins_over_the_table_of_contents() -> None:
    lead = [
        "一、收支预算总表",
        "二、收入预算总表",
        "三、支出预算总表",
        "收支预算总表",
        "部门：某办公厅 单位：万元",
    ]
    title = find_title(lead, load_catalogue())
    assert title.text == "收支预算总表"
    assert set(title.scores) >= {"budget_summary"}


def test_wrapped_title_is_put_together() -> None:
    lead = ["“三公”经费、会议费、培训费支出预算", "表", "部门：某办公厅 单位：万元"]
    assert find_title(lead, load_catalogue()).scores.get("budget_three_public") == 1.0
    lead = ["一般公共预算财政拨款基本", "支出决算明细表", "单位：万元"]
    assert set(find_title(lead, load_catalogue()).scores) == {"final_general_basic"}


def test_an_unknown_title_between_ends_the_search() -> None:
    title = find_title(["收入决算表", "单位：万元", "国有资产占有使用情况表"], load_catalogue())
    assert title.scores == {}
    assert title.looks_like_title


@pytest.mark.parametrize(
    ("lead", "label"),
    [
        (["公开01表", "收支预算总表"], "公开01表"),
        (["公开 01 表", "收支预算总表"], "公开01表"),
        (["收支预算总表", "公开表一", "部门：某厅 单位：万元"], "公开表一"),
        (["表一", "收支预算总表"], "表一"),
        (["2023年度收入决算表(表 2)"], "表2"),
        (["财决公开01表", "收入支出决算总表"], "财决公开01表"),
        (["公开03表：支出预算总表"], "公开03表"),
        (["收支预算总表", "单位：万元"], ""),
    ],
)
def test_label_is_found_near_the_title(lead: list[str], label: str) -> None:
    assert find_title(lead, load_catalogue()).label == label


def test_a_title_is_not_taken_for_a_label() -> None:
    assert label_in("一般公共预算支出预算表", load_catalogue()) == ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("编制部门：上海市普陀区商务委员会 单位：元", "上海市普陀区商务委员会"),
        ("部门： 江苏省人大常委会办公厅 单位：万元", "江苏省人大常委会办公厅"),
        ("单位名称: 武汉市信息中心(武汉市大数据中心)", "武汉市信息中心(武汉市大数据中心)"),
        ("部 门:中共江苏省委办公厅", "中共江苏省委办公厅"),
        ("单位：万元", ""),
        ("金额单位：元", ""),
    ],
)
def test_department_on_the_statement(line: str, name: str) -> None:
    assert department_in(line, load_catalogue()) == name


@pytest.mark.parametrize(
    ("line", "statement", "score"),
    [
        ("附件1 表3 某某局2023年部门支出总表", "budget_expenditure_by_function", 0.95),
        ("收入支出决算总表续表", "final_summary", 1.0),
        ("续表：收入决算表", "final_revenue", 1.0),
        ("支出决算表（续表一）", "final_expenditure", 1.0),
        ("支出决算表 编制单位：某局 单位：万元", "final_expenditure", 1.0),
        ("财政拨款收人支出决算总表", "final_appropriation_summary", SLIP),
        ("政拨款收入支出决算总表", "final_appropriation_summary", SLIP),
        ("一般公共预算财政拔款支出决算表", "final_general_expenditure", SLIP),
    ],
)
def test_titles_with_words_glued_or_a_slip(line: str, statement: str, score: float) -> None:
    assert title_scores(line, load_catalogue()).get(statement) == score


def test_one_character_that_tells_statements_apart_is_no_slip() -> None:
    assert title_scores("一般公共决算支出表", load_catalogue()) == {}
    for title, form in load_catalogue().titles:
        assert title_scores(title, load_catalogue())[form.id] == 1.0


def test_the_line_before_a_title_makes_it_no_worse() -> None:
    lines = ["部门公开样表", "一般公共预算基本支出总体情况表", "单位：万元"]
    found = find_title(lines, load_catalogue())
    assert (found.text, found.scores["budget_general_basic"]) == (lines[1], SAME_MEANING)
    assert label_in("部门公开表6", load_catalogue()) == "部门公开表6"


@pytest.mark.parametrize(
    ("printed", "not_meant"),
    [
        # Once taken for the department's whole expenditure.
        ("基金预算拨款支出预算情况表", "budget_expenditure_by_function"),
        ("社会保险基金预算支出表", "budget_fund"),
    ],
)
def test_another_fund_before_a_title_changes_it(printed: str, not_meant: str) -> None:
    assert title_scores(printed, load_catalogue()).get(not_meant, 0) < SAME_MEANING


@pytest.mark.parametrize(
    ("title", "kind", "statement"),
    [
        ("收入总表", "final_accounts", "final_revenue"),
        ("收入总表", "budget", "budget_revenue_by_function"),
        ("一般公共预算财政拨款支出表", "final_accounts", "final_general_expenditure"),
        ("收入预算总表", "final_accounts", "budget_revenue_by_function"),
    ],
)
def test_a_title_of_neither_kind_is_the_documents(title: str, kind: DocumentKind, statement: str) -> None:
    catalogue = load_catalogue()
    scores = in_document_of(find_title([title], catalogue), kind, catalogue).scores
    assert scores[statement] >= BEFORE
    if statement.startswith("final"):
        assert not any(form.startswith("budget") for form in scores)


def test_a_part_named_after_a_title_is_another_title() -> None:
    catalogue = load_catalogue()
    lines = ["一般公共预算支出表", "一般公共预算基本支出表-人员经费(工资福利支出)（按部门预算经济分类）"]
    found = find_title(lines, catalogue)
    assert found.looks_like_title
    assert not found.scores
