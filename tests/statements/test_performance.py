"""Performance sheets and lists of projects, in the layouts that are printed: every figure known by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.extraction.model import JoinedTable
from pipelines.statements.amounts import coverage
from pipelines.statements.model import UnderstoodDocument
from pipelines.statements.performance_model import PerformanceIndicator, PerformanceProject
from tests.statements.builders import Entry, Merged, document, read, table

_KINDS = ["一级指标", "二级指标", "三级指标"]

# 项目支出绩效自评表 as the ministry's form has it (财政部 项目支出绩效自评表): money in a band of its own.
MINISTRY: list[list[Entry]] = [
    [Merged("项目支出绩效自评表", 9)],
    [Merged("项目名称", 2), Merged("社区养老补助", 7)],
    [
        Merged("项目资金\n（万元）", 2, 4),
        "",
        "年初预算数",
        "全年预算数",
        "全年执行数",
        "分值",
        "执行率",
        "得分",
    ],
    ["年度资金总额", "120", "100", "90", "10", "90.00%", "9"],
    ["其中：当年财政拨款", "100", "80", "70", "—", "87.50%", "—"],
    ["上年结转资金", "20", "20", "20", "—", "100.00%", "—"],
    ["绩效\n指标", *_KINDS, "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    [
        Merged("", 1, 3),
        Merged("产出指标\n(60分)", 1, 2),
        "数量指标",
        "补助人数",
        "≥200人",
        "180人",
        "30",
        "27",
        "有人迁出",
    ],
    ["时效指标", "发放及时率", "100%", "100%", "30", "30", ""],
    ["满意度指标（30分）", "满意度指标", "老人满意度", "≥90%", "95%", "30", "30", ""],
    [Merged("总分", 6), "100", "96", ""],
]

# 部门预算项目支出绩效自评表 of Sichuan: sign, value and unit of the target apart, the weight as 权重.
SICHUAN: list[list[Entry]] = [
    ["项目名称", Merged("51000021R-工资性支出", 9)],
    [
        Merged("预算执行情况（10分）", 1, 3),
        "年度预算数（万元）",
        "年初预算",
        "调整后预算数",
        "预算执行数",
        "预算执行率",
        "权重",
        "得分",
        Merged("原因", 2),
    ],
    ["总额", "238.93", "251.89", "251.89", "100.00%", "10", "10", Merged("", 2)],
    ["其中：财政资金", "238.93", "251.89", "251.89", "100.00%", "/", "/", Merged("", 2)],
    [*_KINDS, "指标性质", "指标值", "度量单位", "完成值", "权重", "得分", "未完成原因分析"],
    ["产出指标", "数量指标", "发放覆盖率", "=", "100", "%", "100", "60", "60", ""],
    ["效益指标", "社会效益指标", "足额保障率", "≥", "95", "%", "95", "30", "30", ""],
    [Merged("合计", 7), "100", "100", ""],
]

# 部门整体支出绩效自评表 of Hubei: what the department spent in all.
DEPARTMENT: list[list[Entry]] = [
    ["部门名称", Merged("示例市文化馆", 5)],
    ["", "", "预算数（A）", "执行数（B）", "执行率（B/A）", "得分（20分*执行率）"],
    [Merged("预算执行情况（万元）（20分）", 1, 2), "部门整体支出总额", "500.00", "450.00", "90%", "18"],
    ["其中：项目支出", "200.00", "150.00", "75%", ""],
    ["一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"],
    ["产出指标", "数量指标", "演出场次", "40场", "42场", "40"],
    ["总分", "", "", "", "", "58"],
]


def line(project: PerformanceProject) -> tuple[object, ...]:
    yuan = (project.initial_yuan, project.adjusted_yuan, project.final_yuan)
    return (project.money_line, *yuan, project.rate_printed, project.weight, project.score)


def row(indicator: PerformanceIndicator) -> tuple[object, ...]:
    names = (indicator.role, indicator.level1, indicator.level2, indicator.level3)
    return (*names, indicator.target, indicator.result, indicator.weight, indicator.score)


def understood(*tables: JoinedTable) -> UnderstoodDocument:
    found = read(*tables)
    assert not coverage(document(*tables), found).missing
    return found


def test_the_ministrys_form_gives_money_and_indicators() -> None:
    found = understood(table(["项目支出绩效自评表", "（2023年度）"], MINISTRY)).performance
    assert {project.project_name for project in found.projects} == {"社区养老补助"}
    assert {project.sheet_kind for project in found.projects} == {"self_evaluation"}
    assert [line(project) for project in found.projects] == [
        ("total", Decimal(1200000), Decimal(1000000), Decimal(900000), "90.00%", 10, 9),
        ("fiscal", Decimal(1000000), Decimal(800000), Decimal(700000), "87.50%", None, None),
        ("carryover", Decimal(200000), Decimal(200000), Decimal(200000), "100.00%", None, None),
    ]
    assert [row(indicator) for indicator in found.indicators] == [
        ("indicator", "产出指标", "数量指标", "补助人数", "≥200人", "180人", 30, 27),
        ("indicator", "产出指标", "时效指标", "发放及时率", "100%", "100%", 30, 30),
        ("indicator", "满意度指标", "满意度指标", "老人满意度", "≥90%", "95%", 30, 30),
        ("total", "", "", "", "", "", 100, 96),
    ]
    assert [indicator.level1_weight for indicator in found.indicators] == [60, 60, 30, None]
    assert found.indicators[0].reason == "有人迁出"


def test_every_figure_keeps_its_cell() -> None:
    sheet = table(["项目支出绩效自评表"], MINISTRY)
    found = understood(sheet).performance
    texts = {
        f"0123456789abcdef-p0001-t01-r{cell.row:03d}-c{cell.column:02d}": cell.text
        for cell in sheet.parts[0].cells
    }
    total = found.projects[0]
    cells = (total.initial_cell_id, total.adjusted_cell_id, total.final_cell_id, total.rate_cell_id)
    assert [texts[cell] for cell in cells] == ["120", "100", "90", "90.00%"]
    first = found.indicators[0]
    cells = (first.cell_id, first.target_cell_id, first.result_cell_id, first.weight_cell_id)
    assert [texts[cell] for cell in cells] == ["补助人数", "≥200人", "180人", "30"]
    assert texts[first.score_cell_id] == "27"
    assert texts[first.reason_cell_id] == "有人迁出"


def test_sign_and_unit_of_a_target_may_have_columns_of_their_own() -> None:
    found = understood(table(["部门预算项目支出绩效自评表（2023年度）"], SICHUAN)).performance
    assert [line(project) for project in found.projects] == [
        ("total", Decimal("2389300"), Decimal("2518900"), Decimal("2518900"), "100.00%", 10, 10),
        ("fiscal", Decimal("2389300"), Decimal("2518900"), Decimal("2518900"), "100.00%", None, None),
    ]
    assert [row(indicator)[3:] for indicator in found.indicators] == [
        ("发放覆盖率", "=100%", "100", 60, 60),
        ("足额保障率", "≥95%", "95", 30, 30),
        ("", "", "", 100, 100),
    ]


def test_a_sheet_of_the_whole_department_is_told_from_a_projects() -> None:
    found = understood(table(["部门整体支出绩效自评表"], DEPARTMENT)).performance
    assert {(p.scope, p.project_name) for p in found.projects} == {("department", "示例市文化馆")}
    assert [line(project) for project in found.projects] == [
        ("total", None, Decimal(5000000), Decimal(4500000), "90%", None, 18),
        ("project", None, Decimal(2000000), Decimal(1500000), "75%", None, None),
    ]
    assert [row(indicator)[0] for indicator in found.indicators] == ["indicator", "total"]
    assert found.indicators[1].score == 58


def test_kinds_of_indicators_are_rows_with_their_number() -> None:
    rows: list[list[Entry]] = [
        [*_KINDS, "设置分值"],
        ["预算执行（1个）", "执行率", "1个", "20分"],
        [Merged("产出指标（6个）", 1, 2), "数量指标", "4个", "50分"],
        ["质量指标", "2个", "30分"],
        [Merged("合计", 2), "7个", "100分"],
    ]
    found = understood(table(["大数据中心项目自评结果", "项目支出绩效评价分值分配表"], rows)).performance
    assert [
        (i.role, i.level1, i.level1_count, i.level2, i.n_indicators, i.weight) for i in found.indicators
    ] == [
        ("kind", "预算执行", 1, "执行率", 1, 20),
        ("kind", "产出指标", 6, "数量指标", 4, 50),
        ("kind", "产出指标", 6, "质量指标", 2, 30),
        ("total", "", None, "", 7, 100),
    ]
    assert {i.project_name for i in found.indicators} == {"大数据中心"}


def test_a_list_of_projects_has_its_total_apart() -> None:
    rows: list[list[Entry]] = [
        ["序号", "项目名称", "金额（万元）", "备注"],
        ["1", "机房维护", "208.75", ""],
        ["2", "网站运维", "109", "含域名"],
        ["", "合 计", "317.75", ""],
    ]
    found = understood(table(["资金具体使用情况如下：", "按项目分类明细"], rows))
    assert [(p.project_name, p.money_line, p.initial_yuan) for p in found.performance.projects] == [
        ("机房维护", "total", Decimal("2087500.00")),
        ("网站运维", "total", Decimal("1090000.00")),
        ("", "list_total", Decimal("3177500.00")),
    ]
    assert [note.kind for note in found.notes if note.page == 1] == ["not_a_statement"]


@pytest.mark.parametrize(
    "rows",
    [
        # A column that is not known: it may change what the amounts are.
        [["项目", "金额（万元）", "所占份额之外"], ["机房维护", "208.75", "1"]],
        # No unit anywhere.
        [["项目", "金额"], ["机房维护", "208.75"]],
        # A work report has no figures of performance.
        [["序号", "重要事项", "工作内容及目标", "完成情况"], ["1", "机房", "值守3人", "已完成。"]],
    ],
)
def test_what_is_not_known_is_not_guessed(rows: list[list[Entry]]) -> None:
    found = understood(table(["项目情况"], rows))
    assert not found.performance.projects
    assert not found.performance.indicators


def test_a_row_of_money_without_a_known_label_ends_the_band() -> None:
    rows: list[list[Entry]] = [
        ["项目名称", Merged("修缮", 4)],
        ["资金（元）", "全年预算数", "全年执行数", "执行率", "得分"],
        ["年度资金总额", "100", "50", "50%", "5"],
        ["不知何款", "30", "30", "100%", ""],
    ]
    found = understood(table(["项目支出绩效自评表"], rows))
    assert [project.money_line for project in found.performance.projects] == ["total"]
    # What is left over is listed.
    assert {note.text for note in found.notes if note.kind == "amount_not_understood"} >= {"30"}


def test_an_indicator_may_run_over_a_page_end() -> None:
    head: list[Entry] = [*_KINDS, "年度指标值", "实际完成值", "分值", "得分"]
    first: list[list[Entry]] = [
        head,
        [Merged("产出指标", 1, 2), Merged("数量指标", 1, 2), "培训期数", "4期", "4期", "50", "50"],
        ["培训人数", "100人", "90人", "20", "18"],
    ]
    second: list[list[Entry]] = [head, ["满意度指标", "满意度指标", "学员满意度", "90%", "92%", "30", "30"]]
    found = understood(table(["项目支出绩效自评表"], first, second, repeated=(0, 1))).performance
    assert [(i.level1, i.level3, i.page) for i in found.indicators] == [
        ("产出指标", "培训期数", 1),
        ("产出指标", "培训人数", 1),
        ("满意度指标", "学员满意度", 2),
    ]
