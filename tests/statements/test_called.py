"""What a figure is called, apart from speaker, year and measure, and what the text around it is about."""

from __future__ import annotations

import pytest

from pipelines.statements.called import Topic
from pipelines.statements.claim_grammar import load_grammar


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("2023年支出预算", "支出"),
        ("县政协2023年支出总预算", "支出总"),
        ("本单位2023年度收入合计", "收入合计"),
        ("2023年本年一般公共预算支出", "一般公共预算支出"),
        ("2.项目支出", "项目支出"),
        ("(一)因公出国(境)费支出决算为", "因公出国(境)费支出"),
        ("“三公”经费支出决算数比2016年", "三公经费支出"),
        ("公务用车购置费2023年决算数", "公务用车购置费"),
        ("(其中:公务用车运行维护费", "公务用车运行维护费"),
        ("使用非财政拨款结余(含专用结余)", "使用非财政拨款结余(含专用结余)"),
        ("年初结转和结余", "年初结转和结余"),
        ("年初预算为", ""),
        ("", ""),
    ],
)
def test_a_name_has_no_number_year_or_measure(words: str, name: str) -> None:
    assert load_grammar().calling.name(words) == name


def test_only_the_beginning_of_a_sentence_names_who_speaks() -> None:
    calling = load_grammar().calling
    assert calling.name("某市民政局收入预算", opens=True) == "收入"
    # One unit of several is not the whole department.
    assert calling.name("某市民政局收入预算") == "某市民政局收入"


@pytest.mark.parametrize(
    ("section", "scope"),
    [
        ("三、支出决算情况说明", "expenditure"),
        ("五、一般公共预算财政拨款支出决算情况说明 (二)财政拨款支出决算结构情况", "general"),
        ("五、财政拨款支出决算情况说明 (二)财政拨款支出决算结构情况", "appropriation_expenditure"),
        ("七、“三公”经费支出决算情况说明 (一)总体情况", "three_public"),
        ("四、财政拨款收入支出决算总体情况说明", "appropriation"),
        ("一、收入支出决算总体情况说明", "whole"),
        ("六、一般公共预算基本支出情况说明", "general_basic"),
        ("一、部门职责", ""),
    ],
)
def test_the_nearest_heading_that_tells_says_what_a_text_is_about(section: str, scope: str) -> None:
    assert load_grammar().calling.topic(section, "支出5万元。", Topic()).scope == scope


def test_a_text_without_such_headings_is_about_what_its_sentences_say() -> None:
    calling = load_grammar().calling
    first = calling.topic("", "“三公”经费包括三项。", Topic())
    assert first.scope == "three_public"
    assert calling.topic("", "公务接待费5万元。", first).scope == "three_public"
    # Not beyond the section.
    assert calling.topic("二、其他", "公务接待费5万元。", first).scope == ""
