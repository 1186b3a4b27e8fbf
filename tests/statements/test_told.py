"""What only a narrative tells: numbers of cars, trips and receptions, procurement."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.extraction.model import Box, Page, ReadDocument, TextLine
from pipelines.statements.claims import read_claims
from pipelines.statements.model import Claim, DocumentKind


def told(
    text: str, section: str = "九、“三公”经费支出说明", kind: DocumentKind = "final_accounts"
) -> list[Claim]:
    lines = tuple(
        TextLine(1, line, Box(80, 100 + 20 * at, 500, 114 + 20 * at))
        for at, line in enumerate((section, *text.split("\n")))
    )
    read = ReadDocument("d" * 16, "read", 1, (Page(1, 595, 842, 0, lines, ()),), ())
    return [claim for claim in read_claims(read, kind, 2023) if claim.measure]


@pytest.mark.parametrize(
    ("text", "measures"),
    [
        (
            "全年安排因公出国（境）团组 2 个，累计 13 人次。",
            {"trips_abroad": 2, "persons_abroad": 13},
        ),
        (
            "因公出国（境）团组数1个，因公出国（境）人次数3人。",
            {"trips_abroad": 1, "persons_abroad": 3},
        ),
        ("公务用车购置费0万元，本年度购置公务用车0辆。", {"vehicles_bought": 0}),
        ("公务用车购置数1辆，公务用车保有量为15辆。", {"vehicles_bought": 1, "vehicles_held": 15}),
        ("截至2023年12月31日，开支财政拨款的公务车保有量 4 辆。", {"vehicles_held": 4}),
        (
            "国内公务接待 29 批次，1,229 人次（不包括陪同人员）。",
            {"receptions": 29, "reception_guests": 1229},
        ),
        (
            "国内公务接待批次5个，国内公务接待人次61人，国（境）外公务接待批次7个。",
            {"receptions": 5, "reception_guests": 61},
        ),
        (
            "2023年共接待国内来访团组12个、来宾95人次（不包括陪同人员）。",
            {"receptions": 12, "reception_guests": 95},
        ),
    ],
)
def test_numbers_of_the_three_public(text: str, measures: dict[str, int]) -> None:
    claims = told(text)
    assert {claim.measure: claim.value for claim in claims} == measures
    assert all((claim.claim_kind, claim.unit, claim.precision) == ("count", "count", 1) for claim in claims)


def test_a_number_has_its_place_and_what_is_printed() -> None:
    (claim,) = told("公务用车运行费7.41万元，比上年减少1.59万元。截至2023年\n12月31日，公务用车保有量4辆。")
    assert (claim.value_printed, claim.page, claim.box.top) == ("4辆", 1, 140)
    assert claim.sentence == "截至2023年12月31日,公务用车保有量4辆。"
    assert claim.subject == "公务用车保有量"


def test_cars_and_machines_among_the_assets() -> None:
    claims = told(
        "截至2023年12月31日，样例局共有车辆18辆，其中，机要通信用车1辆，其他用车17辆；"
        "单价100万元（含）以上设备（不含车辆）3台（套）。",
        section="十三、国有资产占用情况说明",
    )
    assert {claim.measure: claim.value for claim in claims} == {"vehicles_owned": 18, "large_equipment": 3}


def test_procurement_and_what_small_enterprises_get_of_it() -> None:
    claims = told(
        "2023年度样例局政府采购支出总额1915.84万元，其中：政府采购货物支出3.37万元、政府采购工程支出0万元、"
        "政府采购服务支出1912.47万元。授予中小企业合同金额254.18万元，占政府采购支出总额的13.3%，"
        "其中：授予小微企业合同金额154.18万元，占授予中小企业合同金额的60.7%。",
        section="十二、政府采购支出情况说明",
    )
    assert {claim.measure: claim.value for claim in claims} == {
        "procurement": Decimal("19158400"),
        "procurement_goods": Decimal("33700"),
        "procurement_works": Decimal(0),
        "procurement_services": Decimal("19124700"),
        "procurement_small_and_medium": Decimal("2541800"),
        "procurement_small_and_micro": Decimal("1541800"),
    }
    assert {claim.unit for claim in claims} == {"yuan"}


@pytest.mark.parametrize(
    "text",
    [
        "公务用车购置及运行费主要用于公务用车购置、租用3辆以下车辆的费用。",
        "参加其他单位组织的会议2个，累计5人次。",
        "公务接待费预算支出412.50万元，主要原因是公务接待批次和人数减少。",
        "开支财政拨款的公务用车保有量为XXX辆。",
        "比上年减少公务用车2辆。",
    ],
)
def test_what_tells_no_such_number(text: str) -> None:
    assert told(text) == []


def test_a_budget_tells_plans_and_not_what_was() -> None:
    assert told("计划购置公务用车2辆。", kind="budget") == []
