"""“三公”, procurement and projects: shapes of their own."""

from __future__ import annotations

from decimal import Decimal

from tests.statements.builders import Entry, Merged, facts, read, table

M = Merged


SHANGHAI_THREE: list[list[Entry]] = [
    [M("财政拨款“三公”经费", columns=12)],
    [M("合计", 2, 2), M("因公出国\n（境）费", 2, 2), M("公务用车购置及运行维护费", 6), M("公务接待费", 2, 2)],
    [M("小计", 2), M("公务用车\n购置费", 2), M("公务用车\n运行维护费", 2)],
    ["预算数", "决算数"] * 6,
]
WUHAN_THREE: list[list[Entry]] = [
    [M("预算数", columns=6), M("决算数", columns=6)],
    [
        M("合计", rows=2),
        M("因公出国（境）费", rows=2),
        M("公务用车购置及运行费", columns=3),
        M("公务接待费", rows=2),
    ]
    * 2,
    ["小计", "公务用车购置费", "公务用车运行费"] * 2,
    [str(n) for n in range(1, 13)],
]
PAIRS = ["total", "abroad", "vehicle_total", "vehicle_purchase", "vehicle_operation", "reception"]


def test_three_public_in_six_pairs_across() -> None:
    amounts = [f"{n}.00" for n in range(1, 13)]
    found = read(table(["财政拨款“三公”经费支出决算表", "单位：万元"], [*SHANGHAI_THREE, amounts]))
    expected = {}
    for i, kind in enumerate(PAIRS):
        expected["total", f"budget_{kind}"] = f"{2 * i + 1}.00"
        expected["total", f"final_{kind}"] = f"{2 * i + 2}.00"
    assert facts(found) == expected


def test_three_public_budget_first_then_final() -> None:
    amounts = ["7.48", "", "7. 41", "", "7. 41", "0. 07", "8.48", "1.00", "7.41", "", "7. 41", "0. 07"]
    found = read(table(["财政拨款“三公”经费支出决算表(表9)", "单位：万元"], [*WUHAN_THREE, amounts]))
    got = facts(found)
    assert got["total", "budget_total"] == "7.48"
    assert got["total", "final_abroad"] == "1.00"
    assert got["total", "budget_vehicle_operation"] == "7. 41"
    assert got["total", "final_reception"] == "0. 07"
    assert len(got) == 9


def test_three_public_one_row_per_kind() -> None:
    rows: list[list[Entry]] = [
        ["项目", "年初预算数", "决算数"],
        ["合计", "10.00", "9.00"],
        ["1.因公出国（境）费", "0.00", "0.00"],
        ["2.公务接待费", "4.00", "3.00"],
        ["3.公务用车购置及运行维护费", "6.00", "6.00"],
        ["其中：公务用车购置费", "", ""],
        ["公务用车运行维护费", "6.00", "6.00"],
    ]
    found = read(table(["“三公”经费支出决算表", "单位：万元"], rows))
    got = facts(found)
    assert got["total", "budget_reception"] == "4.00"
    assert got["total", "final_vehicle_operation"] == "6.00"
    assert len(got) == 10


def test_three_public_with_meetings_and_training() -> None:
    rows: list[list[Entry]] = [
        [M("合计", rows=3), M("“三公”经费", columns=6), M("会议费", rows=3), M("培训费", rows=3)],
        [
            M("小计", rows=2),
            M("因公出国（境）费", rows=2),
            M("公务用车购置及运行维护费", columns=3),
            M("公务接待费", rows=2),
        ],
        ["小计", "公务用车购置费", "公务用车运行维护费"],
        ["2,542.60", "833.60", "222.50", "183.6\n0", "", "183.60", "427.50", "1,305.25", "403.75"],
    ]
    found = read(table(["“三公”经费、会议费、培训费支出预算表", "部门：某厅 单位：万元"], rows))
    got = {column: printed for (_, column), printed in facts(found).items()}
    assert got["budget_total_with_meetings"] == "2,542.60"
    assert got["budget_total"] == "833.60"
    assert (
        got["budget_vehicle_total"] == "183.6\n0".replace("\n", "")
        or got["budget_vehicle_total"] == "183.6 0"
    )
    assert got["budget_meeting"] == "1,305.25"
    amount = next(i for i in found.line_items if i.column_id == "budget_vehicle_total")
    assert amount.amount_yuan == Decimal("1836000.00")


def test_three_public_without_meetings_has_its_total_in_the_first_column() -> None:
    rows: list[list[Entry]] = [
        [M("2023年“三公”经费预算数", columns=6), M("2023年机关运行经\n费预算数", rows=3)],
        [
            M("合计", rows=2),
            M("因公出国(境)费", rows=2),
            M("公务接待费", rows=2),
            M("公务用车购置及运行费", columns=3),
        ],
        ["小计", "购置费", "运行费"],
        ["22.91", "0", "1.35", "21.56", "0", "21.56", "786.09"],
    ]
    found = read(table(["2023年部门“三公”经费和机关运行经费预算表", "编制部门：某办 单位:万元"], rows))
    got = {column: printed for (_, column), printed in facts(found).items()}
    assert got == {
        "budget_total": "22.91",
        "budget_abroad": "0",
        "budget_reception": "1.35",
        "budget_vehicle_total": "21.56",
        "budget_vehicle_purchase": "0",
        "budget_vehicle_operation": "21.56",
        "budget_running_cost": "786.09",
    }
    precision = {i.column_id: i.precision_yuan for i in found.line_items}
    assert (precision["budget_total"], precision["budget_abroad"]) == (Decimal(100), Decimal(10000))


PROCUREMENT: list[list[Entry]] = [
    ["采购品目大类", "专项名称", "经济科目", "采购物品名称", "采购组织形式", "总计"],
    ["合计", "", "", "", "", "90.00"],
    ["一、货物A", "", "", "", "", "60.00"],
    ["", "办公设备购置费", "办公设备购置", "", "", "60.00"],
    ["", "", "", "台式计算机（20万以下）", "分散自行组织", "20.00"],
    ["", "", "", "复印机", "分散自行组织", "40.00"],
]


def test_procurement_rows_are_named_by_their_path() -> None:
    more: list[list[Entry]] = [
        ["三、服务C", "", "", "", "", "30.00"],
        ["", "省政协全委会", "会议费", "", "", "20.00"],
        ["", "", "", "会议服务", "分散自行组织", "20.00"],
        ["", "", "培训费", "", "", "10.00"],
    ]
    found = read(table(["2017年政府采购预算表", "部门：某厅 单位：万元"], PROCUREMENT + more))
    paths = [item.row_path for item in found.line_items]
    assert paths == [
        "合计",
        "一、货物A",
        "一、货物A / 办公设备购置费 / 办公设备购置",
        "一、货物A / 办公设备购置费 / 办公设备购置 / 台式计算机（20万以下）",
        "一、货物A / 办公设备购置费 / 办公设备购置 / 复印机",
        "三、服务C",
        "三、服务C / 省政协全委会 / 会议费",
        "三、服务C / 省政协全委会 / 会议费 / 会议服务",
        "三、服务C / 省政协全委会 / 培训费",
    ]
    assert found.line_items[0].row_key == "total"


def test_statement_whose_whole_head_is_printed_again_on_the_next_page_is_one() -> None:
    again: list[list[Entry]] = [PROCUREMENT[0], ["", "", "", "打印机", "分散自行组织", "30.00"]]
    lead = ["2017年政府采购预算表", "部门：某厅 单位：万元"]
    found = read(table(lead, PROCUREMENT), table(lead, again, page=2))
    assert len(found.statements) == 1
    assert (found.statements[0].first_page, found.statements[0].last_page) == (1, 2)
    assert found.line_items[-1].row_path == "一、货物A / 办公设备购置费 / 办公设备购置 / 打印机"


def target(name: str, total: str) -> list[list[Entry]]:
    return [
        [M("财政项目支出绩效目标填报表", columns=8)],
        [M("（2023年度）", columns=8)],
        [M("项目名称", 2), M(name, 2), "项目性质", "经常性项目", "项目类别", "其他运转类"],
        [M("计划开始日期", 2), M("2023-01-01", 2), "计划完成日期", M("2023-12-31", 3)],
        [M("项目资金\n（元）", 2, 4), M("项目资金总额", 2), total, M("年度资金申请总额", 2), total],
        [M("其中：财政资金", 2, 2), M(total, rows=2), M("其中：当年财政拨款", 2), total],
        [M("上年结转资金", 2), "0.00"],
        [M("其他资金", 2), "1.00", M("其他资金", 2), "2.00"],
        ["", "一级指标", "二级指标", M("三级指标", 3), M("年度(/项目)指标值", 2)],
        [M("绩效指标"), "产出指标", "数量指标", M("活动场次", 3), M("300.00", 2)],
    ]


def test_project_sheets_are_one_instance_each_and_targets_are_no_amounts() -> None:
    sheets = table(
        [], target("就业援助", "6,351,000.00"), target("环境整治", "4,563,800.00"), repeated=(0, 2)
    )
    found = read(sheets)
    assert [s.statement_id for s in found.statements] == ["budget_project_target"] * 2
    first = {i.column_id: i.amount_printed for i in found.line_items if i.row_key == "就业援助"}
    assert first == {
        "project_total": "6,351,000.00",
        "project_fiscal": "6,351,000.00",
        "project_other": "1.00",
        "year_total": "6,351,000.00",
        "year_fiscal": "6,351,000.00",
        "year_carryover": "0.00",
        "year_other": "2.00",
    }
    assert found.line_items[0].unit == "元"
    assert len(found.line_items) == 14


def test_the_first_kind_may_be_blank_and_is_no_header_word() -> None:
    rows: list[list[Entry]] = [
        [M("项目", rows=2), M("一般公共预算财政拨款", columns=2), M("政府性基金预算财政拨款", columns=2)],
        ["预算数", "决算数"] * 2,
        ["因公出国（境）费", "", "", "", ""],
        ["公务接待费", "3.00", "2.91", "", ""],
        ["总计", "3.00", "2.91", "", ""],
    ]
    found = read(table(["财政拨款“三公”经费支出决算表", "单位：万元"], rows))
    assert facts(found) == {
        ("total", "budget_reception_general_public"): "3.00",
        ("total", "final_reception_general_public"): "2.91",
        ("total", "budget_total_general_public"): "3.00",
        ("total", "final_total_general_public"): "2.91",
    }


def test_the_first_kind_is_blank_below_another_word_for_kinds() -> None:
    found = read(
        table(
            ["2023年度“三公”经费财政拨款预算安排情况表", "计量单位：万元"],
            [
                ["经费类别", "2022年度预算安排数", "2023年度预算安排数", "增减数额"],
                ["因公出国（境）经费支出", "", "", ""],
                ["公务车购置及运行维护经费支出", "26.78", "25.50", "-1.28"],
                ["公务接待经费支出", "0.63", "0.60", "-0.03"],
                ["三项经费合计数", "27.41", "26.10", "-1.31"],
            ],
        )
    )
    assert facts(found) == {
        ("total", "last_year_vehicle_total"): "26.78",
        ("total", "budget_vehicle_total"): "25.50",
        ("total", "change_vehicle_total"): "-1.28",
        ("total", "last_year_reception"): "0.63",
        ("total", "budget_reception"): "0.60",
        ("total", "change_reception"): "-0.03",
        ("total", "last_year_total"): "27.41",
        ("total", "budget_total"): "26.10",
        ("total", "change_total"): "-1.31",
    }
