"""Sentences as other places word them: which figure of a statement each amount repeats."""

from __future__ import annotations

import pytest

from pipelines.statements.claims import read_claims
from pipelines.statements.model import DocumentKind
from pipelines.statements.narrative import sentences
from tests.statements.test_claims import document


@pytest.mark.parametrize(
    ("kind", "lines", "about"),
    [
        # 重庆 铜梁 2021: the parts of the budget are no final figures.
        (
            "final_accounts",
            [
                "一、“三公”经费情况",
                "2023年“三公”经费预算为20万元，其中：因公出国（境）费0万元，公务用车运行维护费11万元。",
            ],
            [
                "final_three_public/total/budget_total",
                "final_three_public/total/budget_abroad",
                "final_three_public/total/budget_vehicle_operation",
            ],
        ),
        (
            "final_accounts",
            [
                "一、“三公”经费情况",
                "2023年“三公”经费预算为20万元。",
                "其中：公务用车购置5万元。",
                "2023年“三公”经费支出9万元，其中：公务用车购置4万元。",
            ],
            [
                "final_three_public/total/budget_total",
                "final_three_public/total/budget_vehicle_purchase",
                "final_three_public/total/final_total",
                "final_three_public/total/final_vehicle_purchase",
            ],
        ),
        # 重庆 丰都, 新疆 乌鲁木齐: totals with balances, and what they are made of.
        (
            "final_accounts",
            [
                "（一）收入支出决算总体情况说明。",
                "2023年度本单位收入总计434.72万元，其中：年初结转和结余0.55万元。",
                "支出总计434.72万元，其中：结余分配0.00万元，年末结转和结余0.55万元。",
            ],
            [
                "final_summary/grand_total_revenue/amount",
                "final_summary/opening_balance/amount",
                "final_summary/grand_total_expenditure/amount",
                "final_summary/surplus_distribution/amount",
                "final_summary/closing_balance/amount",
            ],
        ),
        # 四川: the funds of the appropriation one by one, none of them the whole of it.
        (
            "final_accounts",
            [
                "二、收入决算情况说明",
                "其中：一般公共预算财政拨款收入37.10万元；政府性基金预算财政拨款收入0万元。",
                "财政拨款收入37.10万元。",
                "三、支出决算情况说明",
                "项目支出3.64万元；上缴上级支出0万元；对附属单位补助支出0万元。",
            ],
            [
                "final_summary/rev_general_public/amount",
                "final_summary/rev_government_fund/amount",
                "final_revenue/total/fiscal_appropriation",
                "final_expenditure/total/project",
                "final_expenditure/total/to_superior",
                "final_expenditure/total/to_affiliated",
            ],
        ),
        # The appropriation's totals are others, and so are those of other years.
        (
            "final_accounts",
            ["四、财政拨款收入支出决算总体情况说明", "2023年度收入总计400.00万元。"],
            [""],
        ),
        (
            "final_accounts",
            ["一、收入支出决算总体情况说明", "2022年度收入总计400.00万元。"],
            [""],
        ),
        # 安徽 杜集, 宣城; 内蒙古 鄂尔多斯
        (
            "budget",
            [
                "二、“三公”经费支出预算情况说明",
                "某管委会2023年“三公”经费支出预算为30.20万元，其中：公务用车运行维护及购置费支出预算为18.00万元，"
                "公务接待11.80万元，因公出国（境）费用0.40万元。",
            ],
            [
                "budget_three_public/total/budget_total",
                "budget_three_public/total/budget_vehicle_total",
                "budget_three_public/total/budget_reception",
                "budget_three_public/total/budget_abroad",
            ],
        ),
        # 广西: more than the appropriation pays.
        (
            "budget",
            ["七、“三公”经费情况说明", "2023年单位预算全口径安排“三公”经费支出预算1200元。"],
            [""],
        ),
        # 浙江, 湖南
        (
            "budget",
            ["二、部门预算总体情况", "部门收入预算总计1415.03万元。", "2023年本单位支出预算1415.03万元。"],
            ["budget_summary/grand_total_revenue/amount", "budget_summary/grand_total_expenditure/amount"],
        ),
    ],
)
def test_a_sentence_of_another_place_names_its_figure(
    kind: DocumentKind, lines: list[str], about: list[str]
) -> None:
    claims = read_claims(document(lines), kind, 2023)
    assert [claim.about for claim in claims] == about


@pytest.mark.parametrize(
    ("kind", "sentence", "about"),
    [
        # What is compared with is another year's, also where no year is said; the year's own budget is not.
        ("budget", "2023年收入预算8000万元，比上年预算数7500万元增加500万元。", ""),
        ("budget", "2023年收入预算8000万元，比2022年预算数7500万元增加500万元。", ""),
        ("final_accounts", "2023年公务接待费支出决算3万元，比上年决算数4万元减少1万元。", ""),
        (
            "final_accounts",
            "2023年公务接待费支出决算3万元，比2023年年初预算数4万元减少1万元。",
            "final_three_public/total/budget_reception",
        ),
        (
            "final_accounts",
            "2023年公务接待费支出决算3万元，比年初预算数4万元减少1万元。",
            "final_three_public/total/budget_reception",
        ),
    ],
)
def test_a_figure_that_is_compared_with_is_not_the_years(
    kind: DocumentKind, sentence: str, about: str
) -> None:
    section = "一、收入预算情况说明" if kind == "budget" else "七、“三公”经费支出决算情况说明"
    first, second, change = read_claims(document([section, sentence]), kind, 2023)
    assert first.about
    assert (second.about, change.about) == (about, "")


def test_of_two_years_the_one_right_before_a_figure_is_its_year() -> None:
    # 江苏 2017: the amount in the brackets is last year's.
    text = "2023年度部门支出预算安排与2022年度相比（2022年度部门支出预算为8648.07万元），增加498.72万元。"
    claims = read_claims(document(["四、部门收支预算编制的相关依据", text]), "budget", 2023)
    assert [claim.about for claim in claims] == ["", ""]


def test_a_share_of_the_three_kinds_is_one_of_their_total() -> None:
    read = document(["七、“三公”经费支出决算情况说明", "公务接待费支出决算0.18万元，占0.30%。"])
    share = read_claims(read, "final_accounts", 2023)[-1]
    assert share.denominator_about == ("final_three_public/total/final_total",)


def test_a_heading_may_end_with_a_full_stop() -> None:
    lines = ["七、“三公”经费情况", "（一）因公出国情况。", "（二）公务接待费支出0.18万元。"]
    assert [s.section for s in sentences(document(lines))] == ["七、“三公”经费情况 (一)因公出国情况"]


def test_parts_told_after_a_whole_of_another_year_are_of_that_year() -> None:
    said = [
        "一、“三公”经费预算安排情况",
        "2022年度“三公”经费预算总计21.8万元，其中：公务接待费11.8万元，公务用车运行费10万元。",
        "2021年度“三公”经费合计支出20.12万元，其中：公务接待费12.39万元，公务用车运行费7.73万元。",
        "公务接待费较上年减少0.58万元，下降4.68%。",
    ]
    claims = read_claims(document(said), "budget", 2022)
    places = {claim.value_printed: claim.about for claim in claims}
    assert places["11.8万元"] == "budget_three_public/total/budget_reception"
    assert places["10万元"] == "budget_three_public/total/budget_vehicle_operation"
    assert (places["12.39万元"], places["7.73万元"]) == ("", "")
    numbers = {claim.claim_number: claim.value_printed for claim in claims}
    fall = next(claim for claim in claims if claim.value_printed == "4.68%")
    assert numbers.get(fall.denominator_claim or 0) != "12.39万元", "it is not what it has fallen to"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("budget", ["三、财政拨款支出预算", "机关运行经费预算46万元，其中：办公费30万元，其他支出5万元。"]),
        (
            "final_accounts",
            ["七、财政拨款支出决算情况", "机关运行经费支出46万元，其中：办公费30万元，其他支出5万元。"],
        ),
    ],
)
def test_parts_of_running_costs_are_no_rows_of_that_name(kind: DocumentKind, said: list[str]) -> None:
    whole, *parts = read_claims(document(said), kind, 2018)
    assert whole.about.split("/")[0].endswith("_running_cost")
    assert [part.about for part in parts] == ["", ""]
