"""Header words and labels that the catalogue has otherwise: known by what they say, or not at all."""

from __future__ import annotations

import re

import pytest

from pipelines.statements.catalogue import FOLDER, load_catalogue
from pipelines.statements.printed_text import label_of
from tests.statements.builders import Entry, Merged, facts, kinds, read, table

M = Merged
LEAD = ["单位：万元"]


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        # 防城港市公共资源交易中心 2018, 鄂州市中心医院 2023 and other published forms, and what varies them
        ("上年结转收入", "年初结转和结余"),
        ("年初结余结转资金", "年初结转和结余"),
        ("纳入财政专户管理的非税收入", "财政专户管理资金"),
        ("财政专户管理的教育收费", "财政专户管理资金"),
        ("事业收入（含医疗收入）", "事业收入"),
        ("事业收入（不含专户资金）", "事业收入"),
        ("财政预算拨款", "财政拨款收入"),
        ("一般公共预算本级财政拨款", "一般公共预算"),
        ("上级主管部门补助收入", "上级补助收入"),
        ("下属单位上缴资金", "附属单位上缴收入"),
        ("补助下属单位", "对附属单位补助支出"),
        ("经营性支出", "经营支出"),
        ("人员类项目支出", "人员经费"),
        ("日常公用经费支出", "公用经费"),
        ("基本支出决算金额", "基本支出"),
        ("项目支出经费", "项目支出"),
        ("本年支出决算合计", "本年支出合计"),
        ("本年决算金额", "决算数"),
        ("年度预算安排金额", "预算数"),
        ("预算数（合计）", "预算数"),
        ("公务车运行维护及购置费", "公务用车购置及运行费"),
        ("公务车辆购置经费支出", "公务用车购置费"),
        ("部门预算经济分类科目代码", "科目编码"),
        ("政府预算经济分类科目代码", "政府经济科目编码"),
        ("支出项目类别（按功能科目）", "功能分类"),
        ("2021年预算数与2020年执行数相比", "比上年增减"),
        ("增减额（+、-）", "增减额"),
    ],
)
def test_a_header_word_is_known_by_what_it_says(printed: str, meant: str) -> None:
    assert load_catalogue().header_word(printed) == meant


@pytest.mark.parametrize(
    "printed",
    [
        "公务用车购置公务用车运行",  # two words in one cell
        "上年基本支出结转",  # a part of the balance
        "财政拨款结余分配",
        "非财政拨款收入",
        "一般公共预算转移支付",
        "其中：政府购买服务",
        "本年度",
    ],
)
def test_a_word_that_says_something_else_is_not_taken_for_a_known_one(printed: str) -> None:
    catalogue = load_catalogue()
    assert catalogue.header_word(printed) not in catalogue.canonical_word
    assert catalogue.words_in(printed) == ()


def test_no_spelling_of_a_word_becomes_another_by_its_meaning() -> None:
    catalogue = load_catalogue()
    for spelling, canonical in catalogue.canonical_word.items():
        assert catalogue.header_word(spelling) == canonical
    for role in catalogue.role_of_word:
        assert catalogue.header_word(role) in (role, catalogue.canonical_word.get(role))


def test_what_more_than_one_word_would_mean_none_is_taken_for() -> None:
    catalogue = load_catalogue()
    assert catalogue.meanings is not None
    unique = catalogue.meanings.unique({"支出总计": "a", "支出合计": "b", "其它收入": "c", "其他收入": "c"})
    assert unique == {"其他收入": "c"}


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("五、事业收入（不含专户资金）", "rev_undertaking"),
        ("二、纳入财政专户管理的非税收入", "rev_fiscal_account"),
        ("（六）上级主管部门补助收入", "rev_superior_subsidy"),
        ("八、其他各项收入", "rev_other"),
        ("上年结转结余收入", "carryover_from_last_year"),
        ("结转下年使用", "carryover_to_next_year"),
        ("商业服务业等事务支出", "216"),
        ("本年财政拨款支出", "expenditure_total"),
    ],
)
def test_a_label_is_known_by_what_it_says(printed: str, key: str) -> None:
    form = load_catalogue().form("budget_appropriation_summary")
    assert {known.line.key for known in form.lines_called(label_of(printed))} == {key}


# --- Words in their place -------------------------------------------------------------------------


def by_code(title: str, *heads: Entry, codes: str = "科目编码") -> dict[tuple[str, str], str]:
    """The facts of a statement with one row, of class 201, and a figure in each of its columns."""
    figures = [f"{n}.00" for n in range(1, len(heads) + 1)]
    return facts(
        read(table([title, *LEAD], [[codes, "科目名称", *heads], ["201", "一般公共服务支出", *figures]]))
    )


def test_the_fund_of_the_whole_statement_tells_nothing_apart() -> None:
    found = by_code("政府性基金预算支出表", "政府性基金预算支出合计", "其中：基本支出", "其中：项目支出")
    assert found == {("201", "total"): "1.00", ("201", "basic"): "2.00", ("201", "project"): "3.00"}
    found = by_code("一般公共预算支出情况表", "一般公共预算支出", "基本支出经费", "项目支出经费")
    assert found == {("201", "total"): "1.00", ("201", "basic"): "2.00", ("201", "project"): "3.00"}


def test_another_fund_than_the_statements_does() -> None:
    found = read(
        table(
            ["政府性基金预算支出表", *LEAD],
            [
                ["科目编码", "科目名称", "合计", "基本支出", "项目支出", "一般公共预算支出合计"],
                ["201", "一般公共服务支出", "1.00", "2.00", "3.00", "4.00"],
            ],
        )
    )
    assert "4.00" not in facts(found).values()
    assert kinds(found) == ["column_not_understood", "amount_not_understood"]


def test_a_year_alone_says_of_which_year_the_words_below_it_are() -> None:
    rows: list[list[Entry]] = [
        [
            M("科目编码", rows=2),
            M("科目名称", rows=2),
            "2022年",
            M("2023年", columns=3),
            M("2023年比2022年增减", columns=2),
        ],
        ["执行数", "合计", "基本支出", "项目支出", "金额", "%"],
        ["201", "一般公共服务支出", "9.00", "10.00", "6.00", "4.00", "1.00", "11.11"],
    ]
    found = facts(read(table(["2023年一般公共预算支出预算表", *LEAD], rows)))
    assert found == {
        ("201", "last_year_executed"): "9.00",
        ("201", "total"): "10.00",
        ("201", "basic"): "6.00",
        ("201", "project"): "4.00",
        ("201", "change"): "1.00",
    }


def test_a_year_alone_heads_the_amounts_of_that_year() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=2)],
        ["项目", "2023年", "项目", "2023年"],
        ["一、一般公共预算", "5.00", "一、一般公共服务支出", "5.00"],
        ["收入总计", "5.00", "支出总计", "5.00"],
    ]
    found = facts(read(table(["2023年预算收支总表", *LEAD], rows)))
    assert found["rev_general_public", "amount"] == "5.00"
    assert found["grand_total_expenditure", "amount"] == "5.00"


def test_a_wrapped_word_that_hangs_over_the_next_column_is_of_the_column_of_its_end() -> None:
    # Once the budget's 合计 was read as what is spent abroad.
    rows: list[list[Entry]] = [
        [M("因公出国（境）", columns=2), M("公务用车购置及运行费", columns=3), M("公务接待费", rows=2)],
        ["合计", "费", "小计", "公务用车购置费", "公务用车运行费"],
        ["6.00", "1.00", "3.00", "1.00", "2.00", "2.00"],
    ]
    found = facts(read(table(["一般公共预算“三公”经费支出表", *LEAD], rows)))
    assert found["total", "budget_total"] == "6.00"
    assert found["total", "budget_abroad"] == "1.00"


def test_the_change_of_the_three_public_is_no_budget() -> None:
    rows: list[list[Entry]] = [
        ["项目", "2022年预算数", "2023年预算数", "增减额（+、-）"],
        ["合计", "3.00", "2.00", "-1.00"],
        ["公务接待费", "3.00", "2.00", "-1.00"],
    ]
    found = facts(read(table(["2023年部门预算资金安排的“三公”经费情况表", *LEAD], rows)))
    assert found["total", "budget_total"] == "2.00"
    assert found["total", "last_year_reception"] == "3.00"
    assert found["total", "change_reception"] == "-1.00"


def test_a_total_below_the_revenue_of_the_year_is_the_grand_total() -> None:
    # Once 收入合计 below 本年收入小计 was read as the revenue of the year.
    head: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=2)],
        ["项目", "决算数", "项目", "决算数"],
        ["一、一般公共预算财政拨款收入", "5.00", "一、一般公共服务支出", "6.00"],
    ]
    rows: list[list[Entry]] = [
        *head,
        ["本年收入小计", "5.00", "本年支出小计", "6.00"],
        ["年初结转结余资金", "2.00", "年末结转结余资金", "1.00"],
        ["收入合计", "7.00", "支出合计", "7.00"],
    ]
    found = facts(read(table(["收入支出决算总表", *LEAD], rows)))
    assert found["revenue_total", "amount"] == "5.00"
    assert found["grand_total_revenue", "amount"] == "7.00"
    assert found["expenditure_total", "amount"] == "6.00"
    assert found["grand_total_expenditure", "amount"] == "7.00"
    rows = [
        *head,
        ["收入合计", "5.00", "支出合计", "6.00"],
        ["年初结转和结余", "2.00", "年末结转和结余", "1.00"],
    ]
    found = facts(read(table(["收入支出决算总表", *LEAD], rows)))
    assert found["revenue_total", "amount"] == "5.00"
    assert found["expenditure_total", "amount"] == "6.00"


def test_what_is_given_this_year_beside_what_is_carried_over_is_no_whole() -> None:
    rows: list[list[Entry]] = [
        [
            M("科目编码", rows=2),
            M("科目名称", rows=2),
            M("合计", rows=2),
            M("当年财政拨款安排", columns=2),
            M("上年结转安排", columns=2),
        ],
        ["基本支出", "项目支出", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "10.00", "1.00", "2.00", "3.00", "4.00"],
    ]
    found = facts(read(table(["一般公共预算支出预算表", *LEAD], rows)))
    assert ("201", "basic") not in found and ("201", "project") not in found
    alone: list[list[Entry]] = [[*rows[0][:4]], rows[1][:2], rows[2][:5]]
    found = facts(read(table(["一般公共预算支出预算表", *LEAD], alone)))
    assert found["201", "basic"] == "1.00"


def test_a_word_made_to_be_long_is_looked_at_as_fast_as_any() -> None:
    # Parts that a pattern can tell apart in two ways would double its work with each: it would not end.
    meanings = load_catalogue().meanings
    assert meanings is not None
    written = (FOLDER / "word_meanings.yaml").read_text(encoding="utf-8")
    parts = sorted({part for part in re.findall(r"[\u4e00-\u9fff]+", written) if len(part) < 6})
    assert len(parts) > 100
    for begin in ("", "功能", "经济", "政府经济", "公务用车运行", "三公经费", "财政专户"):
        for part in parts:
            assert meanings.by_shape(begin + 40 * part + "x") == ""
            assert meanings.of(begin + 40 * part + "x").endswith("x")
