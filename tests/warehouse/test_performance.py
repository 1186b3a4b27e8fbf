"""What a performance sheet's own figures contradict is a finding; what only looks like it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from pipelines.acquisition.model import FoundFile, RegisteredDocument
from pipelines.statements import understand
from pipelines.statements.model import Identification
from pipelines.warehouse.lake import DocumentRows
from pipelines.warehouse.rows import document_rows
from pipelines.warehouse.self_check import Finding, findings_of
from tests.statements.builders import Entry, Merged, document, table

WHO = Identification("示例市文化局", 2023, "final_accounts", "department", "420100")
HEAD: list[Entry] = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
MONEY: list[Entry] = ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
WORKS: list[Entry] = ["产出指标", "数量指标", "演出场次", "40场", "42场", "60", "60"]
TOTAL: list[Entry] = [Merged("总分", 5), "100", "98"]


def sheet(
    money: Sequence[Entry] = ("年度资金总额", "120", "100", "90", "10", "90%", "9"),
    part: Sequence[Entry] = ("其中：财政拨款", "120", "100", "90", "—", "90.0%", "—"),
    works: Sequence[Entry] = ("产出指标（60分）", "数量指标", "演出场次", "40场", "42场", "60", "60"),
    liked: Sequence[Entry] = ("满意度指标", "满意度指标", "观众满意度", "90%", "88%", "30", "29"),
    total: Sequence[Entry] = (Merged("总分", 5), "100", "98"),
) -> list[list[Entry]]:
    name: list[Entry] = ["项目名称", Merged("惠民演出", 6)]
    return [name, MONEY, [*money], [*part], HEAD, [*works], [*liked], [*total]]


def kinds(products: str = "产出指标（3个）", total: str = "4个") -> list[list[Entry]]:
    return [
        ["一级指标", "二级指标", "三级指标", "设置分值"],
        ["预算执行（1个）", "执行率", "1个", "20分"],
        [Merged(products, 1, 2), "数量指标", "2个", "50分"],
        ["质量指标", "1个", "30分"],
        [Merged("合计", 2), total, "100分"],
    ]


def projects(total: str = "317.75") -> list[list[Entry]]:
    return [["项目", "金额（万元）"], ["机房维护", "208.75"], ["网站运维", "109.00"], ["合计", total]]


# A name, the sheet, and what must be found: kind of finding, words of its sentence.
FAULTS: dict[str, tuple[list[list[Entry]], str, str]] = {
    "rate": (
        sheet(money=("年度资金总额", "120", "100", "90", "10", "95%", "9")),
        "performance_rate_wrong",
        "绩效表“惠民演出”“年度资金总额”：执行率印为95%，按所印执行数90万元和预算数100万元计算为90%。",
    ),
    "part": (
        sheet(part=("其中：财政拨款", "120", "100", "99", "—", "99%", "—")),
        "performance_amount_wrong",
        "绩效表“惠民演出”：“其中：财政拨款”印为99万元，大于总额90万元。",
    ),
    "score": (
        sheet(
            liked=("满意度指标", "满意度指标", "观众满意度", "90%", "88%", "30", "31"),
            total=(Merged("总分", 5), "100", "100"),
        ),
        "performance_points_wrong",
        "绩效表“观众满意度”：得分印为31，大于分值30。",
    ),
    "weights": (
        sheet(
            liked=("满意度指标", "满意度指标", "观众满意度", "90%", "88%", "20", "20"),
            total=(Merged("总分", 5), "100", "89"),
        ),
        "performance_points_wrong",
        "绩效表“惠民演出”：各指标分值之和为90，而总分印为100。",
    ),
    "scores": (
        sheet(total=(Merged("总分", 5), "100", "97")),
        "performance_points_wrong",
        "绩效表“惠民演出”：各指标得分之和为98，而总得分印为97。",
    ),
    "kind": (
        sheet(works=("产出指标（50分）", "数量指标", "演出场次", "40场", "42场", "60", "60")),
        "performance_points_wrong",
        "绩效表“惠民演出”：“产出指标”各指标分值之和为60，而该类印为50分。",
    ),
    "number_of_kind": (
        kinds(products="产出指标（6个）"),
        "performance_points_wrong",
        "绩效表：“产出指标”所列指标共3个，而该类印为6个。",
    ),
    "number": (kinds(total="5个"), "performance_points_wrong", "绩效表：所列指标共4个，而合计印为5个。"),
    "list": (
        projects(total="317.85"),
        "performance_amount_wrong",
        "项目明细：合计印为317.85万元，所列各项之和为317.75万元，相差0.10万元。",
    ),
}

# Nothing is wrong with these.
RIGHT: dict[str, list[list[Entry]]] = {
    "sheet": sheet(),
    "kinds": kinds(),
    "projects": projects(),
    # Rounding: 33.33 of 66.67 are 49.99 %, printed 50 %; thirds of a total.
    "rounded_rate": sheet(
        money=("年度资金总额", "66.67", "66.67", "33.33", "10", "50%", "9"),
        part=("其中：财政拨款", "60", "60", "30", "—", "50%", "—"),
    ),
    # Of the initial budget, and without a sign of per cent.
    "rate_of_initial": sheet(money=("年度资金总额", "120", "100", "90", "10", "0.75", "9")),
    "rounded_list": [
        ["项目", "金额（万元）"],
        ["甲", "0.33"],
        ["乙", "0.33"],
        ["丙", "0.33"],
        ["合计", "1.00"],
    ],
    # A score left out takes nothing from the total; the total may leave the execution out.
    "blank_score": sheet(liked=("满意度指标", "满意度指标", "观众满意度", "90%", "", "30", "")),
    "without_execution": sheet(total=(Merged("总分", 5), "90", "89")),
    # One weight for two rows (a merged cell) counts once.
    "merged_weight": [
        HEAD,
        ["产出指标", "数量指标", "演出场次", "40场", "42场", Merged("60", 1, 2), Merged("60", 1, 2)],
        ["产出指标", "质量指标", "观众人数", "4000人", "4200人"],
        ["满意度指标", "满意度指标", "观众满意度", "90%", "88%", "40", "38"],
        [Merged("总分", 5), "100", "98"],
    ],
}


def rows_of(name: str, rows: Sequence[Sequence[Entry]]) -> DocumentRows:
    number = [*FAULTS, *RIGHT].index(name)
    read = replace(document(table(["项目支出绩效自评表"], rows)), document_id=f"{number:016x}")
    who = replace(WHO, department_name=f"{WHO.department_name}{name}")
    understood = understand(read, registered=who)
    registered = RegisteredDocument(path=f"{name}.pdf", department=who.department_name)
    file = FoundFile(f"{name}.pdf", read.document_id, "0" * 64, 1, 0, registered)
    return document_rows(file, read, understood, who, extractor_version="", registration_version="")


@cache
def findings() -> dict[str, list[Finding]]:
    sheets = {name: fault[0] for name, fault in FAULTS.items()} | RIGHT
    found: dict[str, list[Finding]] = {name: [] for name in sheets}
    for finding in findings_of([rows_of(name, rows) for name, rows in sheets.items()]):
        if finding.finding_kind.startswith("performance_"):
            found[[*sheets][int(finding.document_id, 16)]].append(finding)
    return found


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_one_finding(name: str) -> None:
    _, kind, sentence = FAULTS[name]
    (finding,) = findings()[name]
    assert (finding.finding_kind, finding.page) == (kind, 1)
    assert finding.sentence_zh == f"第1页，{sentence}"
    assert "请问" in finding.question_zh
    assert finding.cell_id is not None
    assert finding.operand_cell_ids


@pytest.mark.parametrize("name", RIGHT)
def test_what_fits_is_no_finding(name: str) -> None:
    assert findings()[name] == []


def test_amounts_of_a_finding_are_yuan() -> None:
    (finding,) = findings()["list"]
    assert (finding.reported_yuan, finding.expected_yuan) == (Decimal("3178500.00"), Decimal("3177500.00"))
    assert finding.difference_yuan == Decimal("1000.00")
    assert finding.sentence_en == (
        "Page 1, list of projects: the total is printed as 317.85 万元, what is listed sums to 317.75 万元, "
        "difference 0.10 万元."
    )
