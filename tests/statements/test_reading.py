"""Statements of all shapes, built by hand: every amount in its row and column, or in the notes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from pipelines.extraction.model import JoinedTable
from pipelines.statements import understand
from pipelines.statements.amounts import coverage
from pipelines.statements.model import UnderstoodDocument
from tests.statements.builders import Entry, Merged, document, table

M = Merged


def read(*tables: JoinedTable) -> UnderstoodDocument:
    """Understand a document of these tables; every amount must be accounted for, once."""
    doc = document(*tables)
    found = understand(doc)
    assert not coverage(doc, found).missing
    ids = [item.cell_id for item in found.line_items]
    assert len(ids) == len(set(ids))
    return found


def facts(found: UnderstoodDocument) -> dict[tuple[str, str], str]:
    """Printed amounts by row key and column id; a side is put before the key where there is one."""
    return {(item.row_key, item.column_id): item.amount_printed for item in found.line_items}


def kinds(found: UnderstoodDocument) -> list[str]:
    return [note.kind for note in found.notes]


CODE_HEAD: list[list[Entry]] = [
    [M("项目", columns=2), M("本年支出合计", rows=2), M("基本支出", rows=2), M("项目支出", rows=2)],
    ["功能分类\n科目编码", "科目名称"],
]


def test_codes_in_one_column_with_the_total_first() -> None:
    rows = [
        *CODE_HEAD,
        [M("合计", columns=2), "307.82", "105.58", "202.24"],
        ["201", "一般公共服务支出", "264.87", "62.63", "202.24"],
        ["20139", "社会工作事务", "264.87", "62.63", "202.24"],
        ["2013901", "行政运行", "51.32", "51.32", ""],
        ["2080505", "机关事业单位基本养老保\n险缴费支出", "6.18", "6.18", "0.00"],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert [s.statement_id for s in found.statements] == ["final_expenditure"]
    got = facts(found)
    assert got["total", "total"] == "307.82"
    assert got["2013901", "basic"] == "51.32"
    assert ("2013901", "project") not in got, "a blank is nothing"
    assert got["2080505", "project"] == "0.00", "a printed zero is a fact"
    item = next(i for i in found.line_items if i.row_key == "2080505" and i.column_id == "total")
    assert item.row_label == "机关事业单位基本养老保险缴费支出"
    assert item.amount_yuan == Decimal("61800.00")
    assert item.precision_yuan == Decimal(100)
    assert (item.unit, item.page, item.row_kind) == ("万元", 1, "functional")
    assert kinds(found) == []


@pytest.mark.parametrize(
    "codes",
    [
        [("201", "", ""), ("201", "06", ""), ("201", "06", "01")],
        [("201", "", ""), ("201", "20106", ""), ("201", "20106", "2010601")],
        [("201", "", ""), ("201", "6", ""), ("201", "6", "1")],
    ],
)
def test_codes_in_three_columns(codes: Sequence[tuple[str, str, str]]) -> None:
    rows: list[list[Entry]] = [
        [M("项目", columns=4), M("一般公共预算支出", columns=3)],
        [
            M("功能分类科目编码", columns=3),
            M("功能分类科目名称", rows=2),
            M("合计", rows=2),
            M("基本支出", rows=2),
            M("项目支出", rows=2),
        ],
        ["类", "款", "项"],
    ]
    rows += [[*code, f"名称{i}", f"{i}1.00", f"{i}2.00", ""] for i, code in enumerate(codes, start=1)]
    rows += [[M("合计", columns=4), "9.00", "8.00", "1.00"]]
    found = read(table(["2025年部门一般公共预算支出功能分类预算表", "编制部门：某局 单位：元"], rows))
    assert [s.statement_id for s in found.statements] == ["budget_general_expenditure"]
    got = facts(found)
    assert [got[key, "total"] for key in ("201", "20106", "2010601", "total")] == [
        "11.00",
        "21.00",
        "31.00",
        "9.00",
    ]
    assert found.statements[0].department_printed == "某局"


def test_summary_with_line_numbers_and_sides_of_different_length() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=3), M("支出", columns=3)],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、一般公共预算财政拨款收入", "1", "3, 295. 68", "一、一般公共服务支出", "32", "2, 723. 66"],
        ["二、政府性基金预算财政拨款收入", "2", "0. 00", "七、文化体育与传媒支出", "38", "1.00"],
        ["", "9", "", "九、卫生健康支出", "40", "138. 19"],
        ["本年收入合计", "27", "3, 295. 68", "本年支出合计", "58", "3, 295. 68"],
        ["使用非财政拨款结余（含专用结余）", "28", "0.00", "结余分配", "59", "0.00"],
        ["年初结转和结余", "29", "0.00", "年末结转和结余", "60", "0.00"],
        ["总计", "31", "3, 295. 68", "总计", "62", "3, 295. 68"],
    ]
    found = read(table(["2023年度收入支出决算总表(表1)", "单位名称：某中心", "金额单位:万元"], rows))
    got = facts(found)
    assert got["rev_general_public", "amount"] == "3, 295. 68"
    assert got["201", "amount"] == "2, 723. 66"
    assert got["207", "amount"] == "1.00", "the old name of the class"
    assert got["grand_total_revenue", "amount"] == got["grand_total_expenditure", "amount"] == "3, 295. 68"
    sides = {item.row_key: item.side for item in found.line_items}
    assert (sides["use_nonfiscal_surplus"], sides["surplus_distribution"]) == ("revenue", "expenditure")
    assert len(found.line_items) == 13
    assert kinds(found) == []


def test_appropriation_summary_tells_revenue_from_opening_balance_by_the_line_above() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=5)],
        [
            "项目",
            "决算数",
            "项目",
            "合计",
            "一般公共预\n算财政拨款",
            "政府性基\n金预算财\n政拨款",
            "国有资本\n经营预算\n财政拨款",
        ],
        ["一、一般公共预算财政拨款", "100.00", "一、一般公共服务支出", "90.00", "80.00", "10.00", ""],
        ["本年收入合计", "100.00", "本年支出合计", "90.00", "80.00", "10.00", ""],
        ["年初财政拨款结转和结余", "5.00", "年末财政拨款结转和结余", "15.00", "15.00", "", ""],
        ["一、一般公共预算财政拨款", "3.00", "", "", "", "", ""],
        ["二、政府性基金预算财政拨款", "2.00", "", "", "", "", ""],
        ["总计", "105.00", "总计", "105.00", "95.00", "10.00", ""],
    ]
    found = read(table(["财政拨款收入支出决算总表", "单位：万元"], rows))
    got = facts(found)
    assert got["rev_general_public", "amount"] == "100.00"
    assert got["opening_general_public", "amount"] == "3.00"
    assert got["opening_government_fund", "amount"] == "2.00"
    assert got["201", "government_fund"] == "10.00"
    assert got["closing_balance", "general_public"] == "15.00"
    assert got["grand_total_expenditure", "total"] == "105.00"
    path = next(i.row_path for i in found.line_items if i.row_key == "opening_general_public")
    assert path == "年初财政拨款结转和结余 / 一、一般公共预算财政拨款"


def test_economic_codes_in_three_blocks_with_totals_below() -> None:
    rows: list[list[Entry]] = [
        [M("人员经费", columns=3), M("公用经费", columns=6)],
        ["经济分类科目编码", "科目名称", "决算数"] * 3,
        ["301", "工资福利支出", "1, 042. 94", "302", "商品和服务支出", "149. 20", "310", "资本性支出", ""],
        ["30101", "基本工资", "176. 66", "30201", "办公费", "11.41", "31002", "办公设备购置", "2.00"],
        [M("人员经费合计", columns=2), "1,236.31", M("公用经费合计", columns=5), "149.20"],
    ]
    found = read(table(["一般公共预算财政拨款基本支出决算明细表（表6）", "单位：万元"], rows))
    got = facts(found)
    assert got["30201", "amount"] == "11.41"
    assert got["31002", "amount"] == "2.00"
    assert got["personnel_total", "amount"] == "1,236.31"
    assert got["running_total", "amount"] == "149.20"
    assert len(got) == 7


def test_fund_statement_whose_header_row_is_also_the_row_of_totals() -> None:
    rows: list[list[Entry]] = [
        [
            M("项目", columns=2),
            M("年初结转和\n结余", rows=2),
            M("本年收入", rows=2),
            M("本年支出", columns=3, rows=2),
            M("年末结转和\n结余", rows=2),
        ],
        ["功能分类\n科目编码", "科目名称"],
        [M("合计", columns=2), "0", "2002.80", "合计", "基本支出", "项目支出", "0"],
        ["212", "城乡社区支出", "", "2002.80", "2002.80", "", "2002.80", ""],
    ]
    found = read(table(["政府性基金预算财政拨款收入支出决算表", "单位：万元"], rows))
    assert found.statements[0].statement_id == "final_fund"
    got = facts(found)
    assert got["total", "revenue"] == "2002.80"
    assert got["total", "opening_balance"] == got["total", "closing_balance"] == "0"
    assert got["212", "total"] == got["212", "project"] == "2002.80"
    assert len(got) == 6


def test_words_for_code_parts_merged_over_the_row_of_totals() -> None:
    rows: list[list[Entry]] = [
        [M("项目", columns=4), M("本年支出", columns=3)],
        [M("功能分类科目编码", columns=3), "科目名称", "合计", "基本支出", "项目支出"],
        [M("类", rows=2), M("款", rows=2), M("项", rows=2), "栏次", "1", "2", "3"],
        ["合计", "5.00", "3.00", "2.00"],
        [M("223", columns=3), "国有资本经营预算支出", "5.00", "3.00", "2.00"],
    ]
    found = read(table(["国有资本经营预算财政拨款支出决算表（表8）", "单位：万元"], rows))
    got = facts(found)
    assert got == {
        ("total", "total"): "5.00",
        ("total", "basic"): "3.00",
        ("total", "project"): "2.00",
        ("223", "total"): "5.00",
        ("223", "basic"): "3.00",
        ("223", "project"): "2.00",
    }


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


def test_statement_of_one_row_without_label() -> None:
    rows: list[list[Entry]] = [
        ["合    计", "基本支出", "项目支出", "单位预留机动经费", "结转下年资金"],
        ["9,146.79", "5,916.27", "3,123.68", "106.84", ""],
    ]
    found = read(table(["支出预算总表", "部门：某厅 单位：万元"], rows))
    assert found.statements[0].statement_id == "budget_expenditure_by_kind"
    assert facts(found) == {
        ("total", "total"): "9,146.79",
        ("total", "basic"): "5,916.27",
        ("total", "project"): "3,123.68",
        ("total", "reserve"): "106.84",
    }


def test_revenue_by_source_takes_the_group_beside_the_line() -> None:
    rows: list[list[Entry]] = [
        ["项目名称", "", "金额"],
        [M("收入总计", columns=2), "100.00"],
        [M("一般公共预算资金", rows=3), "小计", "60.00"],
        ["公共财政拨款(补助)资金", "50.00"],
        ["专项收入", "10.00"],
        [M("其他资金", rows=2), "小计", "40.00"],
        ["其他收入", "40.00"],
    ]
    found = read(table(["收入预算总表", "部门：某厅 单位：万元"], rows))
    assert found.statements[0].statement_id == "budget_revenue_by_source"
    assert {k: v for (k, _), v in facts(found).items()} == {
        "grand_total_revenue": "100.00",
        "src_general_public": "60.00",
        "src_general_public_appropriation": "50.00",
        "src_general_public_earmarked": "10.00",
        "src_other_funds": "40.00",
        "src_other_other": "40.00",
    }
    path = next(i.row_path for i in found.line_items if i.row_key == "src_other_funds")
    assert path == "其他资金 / 小计"


def test_label_merged_over_two_blocks_names_the_side_it_begins_on() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=4)],
        [M("项目名称", rows=2), M("金额", rows=2), M("功能分类", columns=2), M("支出用途", columns=2)],
        ["功能科目名称", "金额", "项目名称", "金额"],
        ["一、财政拨款", "90.00", "一、一般公共服务支出", "90.00", "一、基本支出", "80.00"],
        ["1.一般公共预算", "90.00", "二、外交支出", "", "二、项目支出", "10.00"],
        ["当年收入小计", "90.00", M("当年支出小计", columns=3), "90.00"],
        ["收入合计", "90.00", M("支出合计", columns=3), "90.00"],
    ]
    found = read(table(["收支预算总表", "部门：某厅 单位：万元"], rows))
    sides = {item.row_key: item.side for item in found.line_items}
    assert sides == {
        "rev_fiscal_appropriation": "revenue",
        "rev_general_public": "revenue",
        "201": "expenditure",
        "use_basic": "use",
        "use_project": "use",
        "revenue_total": "revenue",
        "expenditure_total": "expenditure",
        "grand_total_revenue": "revenue",
        "grand_total_expenditure": "expenditure",
    }


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


def test_title_number_and_unit_inside_the_frame() -> None:
    rows: list[list[Entry]] = [
        [M("公开03表\n支出决算表\n部门：某局　单位：万元", columns=5)],
        *CODE_HEAD,
        ["201", "一般公共服务支出", "1.00", "1.00", ""],
    ]
    found = read(table([], rows))
    statement = found.statements[0]
    assert (statement.statement_id, statement.label_printed) == ("final_expenditure", "公开03表")
    assert (statement.unit, statement.department_printed) == ("万元", "某局")
    assert facts(found)["201", "basic"] == "1.00"


def test_row_broken_by_the_page_end_is_one_row() -> None:
    first = [*CODE_HEAD, ["2080505", "机关事业单位基本养老", "6.18", "6.18", ""]]
    second: list[list[Entry]] = [
        ["", "保险缴费支出", "", "", ""],
        ["210", "卫生健康支出", "2.71", "2.71", ""],
    ]
    found = read(table(["支出决算表", "单位：万元"], first, second, broken=(1,)))
    labels = {item.row_key: item.row_label for item in found.line_items}
    assert labels == {"2080505": "机关事业单位基本养老保险缴费支出", "210": "卫生健康支出"}
    assert {i.page for i in found.line_items if i.row_key == "210"} == {2}


# --- Units ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lead", "trail", "unit"),
    [
        (["支出决算表", "单位：元"], [], "元"),
        (["支出决算表", "金额单位:万元"], [], "万元"),
        (["支出决算表", "单 位 ： 万 元"], [], "万元"),
        (["支出决算表", "单位名称：某局 金额单位：元"], [], "元"),
        (["收入决算表", "单位：元", "支出决算表（单位：万元）"], [], "万元"),
        (["支出决算表"], ["注：金额单位：万元"], "万元"),
    ],
)
def test_unit_is_a_fact_of_the_statement(lead: list[str], trail: list[str], unit: str) -> None:
    rows = [*CODE_HEAD, ["201", "一般公共服务支出", "1.00", "1.00", ""]]
    found = read(table(lead, rows, trail=trail))
    assert found.statements[0].unit == unit
    assert found.line_items[0].amount_yuan == {"元": Decimal("1.00"), "万元": Decimal("10000.00")}[unit]


def test_without_a_unit_no_amount_is_guessed() -> None:
    rows = [*CODE_HEAD, ["201", "一般公共服务支出", "1.00", "1.00", ""]]
    other = table(
        ["收入决算表", "单位：万元"],
        [["功能分类科目编码", "科目名称", "本年收入合计"], ["201", "甲", "1.00"]],
    )
    found = read(other, table(["支出决算表"], rows))
    assert [s.unit for s in found.statements] == ["万元", ""]
    assert {i.statement_id for i in found.line_items} == {"final_revenue"}
    assert kinds(found) == ["unit_not_stated", "amount_not_understood", "amount_not_understood"]


# --- Empty statements -----------------------------------------------------------------------------

EMPTY: list[list[Entry]] = [
    [M("项目", columns=2), M("政府性基金预算支出", columns=3)],
    ["功能分类科目编码", "功能分类科目名称", "合计", "基本支出", "项目支出"],
    ["", "", "", "", ""],
    [M("合计", columns=2), "", "", ""],
]


@pytest.mark.parametrize(
    "sentence",
    [
        "注:本部门2025年无政府性基金预算财政拨款安排的预算，故本表为空表。",
        "说明：某局本年度没有政府性基金预算财政拨款收入和支出，故本表无数据。",
        "注：我单位无2017年政府性基金支出安排。",
        "注：本部门无相关收支项目",
        "(无政府性基金支出）",
    ],
)
def test_statement_said_to_be_empty(sentence: str) -> None:
    found = read(
        table(["2025年部门政府性基金预算支出功能分类预算表", "单位：元"], EMPTY, trail=[sentence, "下一张表"])
    )
    statement = found.statements[0]
    assert statement.is_stated_empty
    assert statement.empty_sentence == sentence
    assert statement.n_amounts == 0


def test_wrapped_sentence_after_other_notes() -> None:
    trail = [
        "注：本表反映部门本年度政府性基金情况。",
        "无收入支出的，仍保留该表格式，并在本表下方作下述说明：",
        "说明：某局没有政府性基金预算财政拨款收入，也没有使用政府性基金预算财政拨款安排的支",
        "出，故本表无数据。",
    ]
    found = read(table(["政府性基金预算支出表", "单位：元"], EMPTY, trail=trail))
    assert found.statements[0].empty_sentence.endswith("安排的支出，故本表无数据。")


def test_empty_without_a_sentence_is_not_stated_empty() -> None:
    found = read(
        table(["政府性基金预算支出表", "单位：元"], EMPTY, trail=["注：本表反映情况。", "支出预算总表"])
    )
    assert not found.statements[0].is_stated_empty


def test_placeholders_of_a_blank_form_state_nothing() -> None:
    trail = ["说明：上海市 XX 局本年度没有政府性基金预算财政拨款收入和支出，故本表无数据。"]
    found = read(table(["政府性基金预算支出表", "单位：元"], EMPTY, trail=trail))
    assert not found.statements[0].is_stated_empty


def test_a_sentence_of_emptiness_under_amounts_is_reported_and_not_believed() -> None:
    rows: list[list[Entry]] = [
        ["合计", "基本支出", "项目支出", "单位预留机动经费"],
        ["9.00", "5.00", "3.00", "1.00"],
    ]
    found = read(table(["支出预算总表", "单位：万元"], rows, trail=["注:本部门无支出预算，故本表为空表。"]))
    assert not found.statements[0].is_stated_empty
    assert len(found.line_items) == 4
    assert kinds(found) == ["statement_stated_empty"]


# --- What is not understood -----------------------------------------------------------------------


def test_unknown_row_and_unknown_column_are_listed_with_their_amounts() -> None:
    rows: list[list[Entry]] = [
        [
            M("项目", columns=2),
            M("本年支出合计", rows=2),
            M("基本支出", rows=2),
            M("项目支出", rows=2),
            M("不明之数", rows=2),
        ],
        ["功能分类科目编码", "科目名称"],
        ["201", "一般公共服务支出", "1.00", "1.00", "", "7.00"],
        ["20103", "政府办公厅", "1.00", "1.00", "", ""],
        ["2010301", "行政运行", "1.00", "1.00", "", ""],
        ["", "没有编码的行", "3.00", "3.00", "", ""],
        ["20X", "错码", "4.00", "", "", ""],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert len(found.line_items) == 6
    texts = [(note.kind, note.text) for note in found.notes]
    assert ("column_not_understood", "不明之数") in texts
    assert ("row_not_understood", "没有编码的行") in texts
    assert [text for kind, text in texts if kind == "amount_not_understood"] == [
        "7.00",
        "3.00",
        "3.00",
        "4.00",
    ]
    assert all(note.cell_id for note in found.notes if note.kind == "amount_not_understood")


def test_two_numbers_in_a_cell_are_not_guessed() -> None:
    rows = [
        *CODE_HEAD,
        ["201", "一般公共服务支出", "1.00\n2.00", "1.00", ""],
        ["202", "外交支出", "5.00", "", ""],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert {i.amount_printed for i in found.line_items} == {"1.00", "5.00"}
    assert [(n.kind, n.text) for n in found.notes] == [("amount_not_understood", "1.00 2.00")]


def test_an_unknown_table_is_listed_with_the_nearest_forms() -> None:
    rows: list[list[Entry]] = [
        ["项 目", "金额（万元）"],
        ["1.机房安全维护项目", "208.75"],
        ["合 计", "208.75"],
    ]
    found = read(table(["资金具体使用情况如下：", "按项目分类明细"], rows))
    assert found.statements == ()
    assert kinds(found) == ["table_not_understood", "amount_not_understood", "amount_not_understood"]
    assert "nearest forms" in found.notes[0].message
    assert "按项目分类明细" in found.notes[0].text


def test_lists_and_indicators_are_no_statements() -> None:
    units: list[list[Entry]] = [["序号", "单位名称", "备注"], ["1", "某局（本级）", ""], ["2", "某中心", ""]]
    score: list[list[Entry]] = [
        ["评价项目", "权重", "得分"],
        ["预算执行", "20%", "20"],
        ["产出指标", "40%", "40"],
    ]
    found = read(table(["范围的单位包括："], units), table(["项目绩效自评综合得分表"], score, page=2))
    assert kinds(found) == ["not_a_statement", "not_a_statement"]


def test_a_title_alone_is_not_enough() -> None:
    rows: list[list[Entry]] = [["姓名", "电话"], ["张三", "123456"], ["李四", "654321"]]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert found.statements == ()
    assert kinds(found)[0] == "table_not_understood"


def test_a_table_without_title_is_never_recognised_by_its_place() -> None:
    rows = [*CODE_HEAD, ["201", "一般公共服务支出", "1.00", "1.00", ""]]
    assert read(table(["单位：万元"], rows)).statements == ()


def test_register_wins_and_disagreement_is_reported() -> None:
    from pipelines.statements.model import Identification

    doc = document(cover=["上海市普陀区2025年区级部门预算", "预算主管部门：上海市普陀区商务委员会"])
    found = understand(doc, registered=Identification("上海市普陀区商务委员会", 2024, "budget", "department"))
    assert found.identification.fiscal_year == 2024
    assert found.identification.region_code == "310107"
    assert [(n.kind, n.message) for n in found.notes] == [
        ("register_disagrees", "fiscal_year: the register says 2024, the document 2025")
    ]


def test_names_under_an_unknown_header_still_part_the_sides() -> None:
    rows: list[list[Entry]] = [
        [M("收入", columns=2), M("支出", columns=2)],
        ["项目", "决算数", "按某种分类", "决算数"],
        ["七、附属单位上缴收入", "", "七、文化旅游体育与传媒支出", "1.00"],
        ["八、其他收入", "", "八、社会保障和就业支出", "2.00"],
        ["总计", "9.00", "总计", "9.00"],
    ]
    found = read(table(["收入支出决算总表", "单位：万元"], rows))
    assert facts(found) == {
        ("207", "amount"): "1.00",
        ("208", "amount"): "2.00",
        ("grand_total_revenue", "amount"): "9.00",
        ("grand_total_expenditure", "amount"): "9.00",
    }


def test_a_meaning_that_two_columns_would_have_is_given_to_neither() -> None:
    rows: list[list[Entry]] = [
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "基本支出", "项目支出"],
        ["201", "一般公共服务支出", "6.00", "1.00", "2.00", "3.00"],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert facts(found) == {("201", "total"): "6.00", ("201", "project"): "3.00"}
    assert [n.text for n in found.notes if n.kind == "amount_not_understood"] == ["1.00", "2.00"]


def test_two_statements_drawn_in_one_frame() -> None:
    rows: list[list[Entry]] = [
        *CODE_HEAD,
        ["201", "一般公共服务支出", "9.00", "9.00", ""],
        [M("收入决算表", columns=5)],
        [M("单位：元", columns=5)],
        ["功能分类科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"],
        ["201", "一般公共服务支出", "8.00", "7.00", "1.00"],
    ]
    found = read(table(["支出决算表", "单位：万元"], rows))
    assert [(s.statement_id, s.unit, s.n_amounts) for s in found.statements] == [
        ("final_expenditure", "万元", 2),
        ("final_revenue", "元", 3),
    ]
    assert {i.amount_yuan for i in found.line_items if i.statement_id == "final_revenue"} == {8, 7, 1}
