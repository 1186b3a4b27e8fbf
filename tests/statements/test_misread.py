"""Words read with a slip in a picture: the one word that is meant, never another that is printed so."""

from __future__ import annotations

import pytest

from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.misread import with_known_label, with_known_title, with_known_unit

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("功能分类科日编码", "功能分类科目编码"),
        ("決算數", "决算数"),
        ("机美事业单位基本奉老保险缴费", "机关事业单位基本养老保险缴费"),
        ("般公共服务支出", "一般公共服务支出"),
        ("、一般公共服务支出", "一般公共服务支出"),
        ("|办公费", "办公费"),
        ("高休费", "离休费"),
        ("人员经费台计", "人员经费合计"),
    ],
)
def test_a_slip_in_a_known_word(seen: str, meant: str) -> None:
    mended = with_known_label(seen, CATALOGUE)
    assert mended.removeprefix("一、") == meant


@pytest.mark.parametrize(
    "printed",
    [
        "一般公共服务支出",  # known
        "一、货物A",  # a letter is no scrap of a rule
        "便携式计算机采购",  # nobody's word
        "预算数",  # 预 and 决 tell columns apart
        "项算数",  # 预算数 or 决算数
        "支出预算",  # one character short of a known word is another word
        "本年支山",
        "12.34",
        "",
    ],
)
def test_what_is_known_or_may_be_several_words_stays(printed: str) -> None:
    assert with_known_label(printed, CATALOGUE) == ""


def test_titles() -> None:
    title = "一般公共预算财政拨款基本支出决算表"
    assert with_known_title(title, CATALOGUE) == ""
    assert with_known_title("2023年度般公共预算财政拔款基本支出决算表", CATALOGUE) == f"2023年度{title}"
    # Neither 预 nor 决 can be seen.
    assert with_known_title("一般公共预算财政拨款支出口算表", CATALOGUE) == ""


def test_a_title_is_not_taken_for_the_shorter_one_it_ends_with() -> None:
    """What is before it is no owner's name but the misread beginning of a longer title, of another fund."""
    title = "一般公共预算财政拨款基本支出决算表"
    assert with_known_title("般公共顾算财政拨款基本支出决算表", CATALOGUE) == title
    assert with_known_title("某某局般公共顾算财政拨款基本支出决算表", CATALOGUE) == f"某某局{title}"
    for owner in ("", "某某局", "市共青团", "公共资源交易中心", "公共就业服务"):
        assert with_known_title(f"{owner}财政拨款基本支出决算表", CATALOGUE) == ""
        assert with_known_title(f"{owner}支出决算表", CATALOGUE) == ""


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("单位:儿", "单位:元"),
        ("单位： 月元", "单位:万元"),
        ("编制部门：某局 单位：力元", "编制部门:某局单位:万元"),
        ("单位：万元", ""),
        ("单位：元", ""),
        ("警位：万元", "单位:万元"),
        ("部门：某局 单住：月元", "部门:某局单位:万元"),
        ("单位：某某局", ""),
        ("部门：万元", ""),
        ("单位：X元", ""),
    ],
)
def test_units(seen: str, meant: str) -> None:
    assert with_known_unit(seen, CATALOGUE) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("_、货物A", "一、货物A"),
        ("—、一般公共服务支出", "一、一般公共服务支出"),
        ("一、货物A", ""),
        ("二、货物A", ""),
    ],
)
def test_a_stroke_before_the_comma_of_a_list_is_its_number(read: str, meant: str) -> None:
    assert with_known_label(read, CATALOGUE) == meant
