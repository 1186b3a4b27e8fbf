"""Numbers of things against their money, projects against target sheets, contents against statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipelines.extraction.model import Box, Page, ReadDocument, TextLine
from pipelines.statements import understand
from pipelines.statements.model import Identification, NarrativeFault
from tests.statements import builders
from tests.statements.builders import CODE_HEAD, Entry, Merged, table

THREE_PUBLIC = "九、财政拨款“三公”经费支出决算情况说明"


def faults(
    text: Sequence[str], *tables: builders.JoinedTable, kind: str = "final_accounts"
) -> list[NarrativeFault]:
    """The faults of a document of these lines (a page each list) and tables after them."""
    made = builders.document(*tables)
    printed = tuple(
        TextLine(1, line, Box(80, 100 + 20 * at, 500, 114 + 20 * at)) for at, line in enumerate(text)
    )
    pages = (Page(1, 595, 842, 0, printed, ()), *(page for page in made.pages if page.number > 1))
    read: ReadDocument = replace(made, pages=pages)
    who = Identification("示例市文化局", 2023, kind, "department", "420100")  # type: ignore[arg-type]
    return list(understand(read, registered=who).faults)


@pytest.mark.parametrize(
    ("sentences", "rule"),
    [
        (["公务接待费支出决算为0.07万元。国内公务接待0批次0人次。"], "receptions"),
        (["公务接待费支出决算为0万元。", "国内公务接待3批次，24人次。"], "receptions"),
        (["公务接待费支出决算为0.07万元。国内公务接待3批次24人次。"], ""),
        (["公务接待费0万元，接待0批次。"], ""),
        # A number alone says nothing of the money.
        (["全年接待3批次。"], ""),
        (["因公出国（境）费支出决算为4.2万元，出国团组0个。"], "delegations"),
        (["因公出国（境）费支出决算为4.2万元，出国团组1个，2人次。"], ""),
        (["公务用车购置费支出决算为18万元。本年购置公务用车0辆，保有量4辆。"], "vehicles_bought"),
        (["公务用车购置费0万元，公务用车运行费7万元。购置公务用车1辆。"], "vehicles_bought"),
        (["公务用车购置费18万元。购置公务用车1辆，公务用车保有量4辆。"], ""),
    ],
)
def test_a_number_without_its_money(sentences: list[str], rule: str) -> None:
    found = faults([THREE_PUBLIC, *sentences])
    assert [fault.rule for fault in found] == ([rule] if rule else [])
    assert {fault.kind for fault in found} <= {"text_count_differs"}


def test_numbers_of_other_sections_are_not_meant() -> None:
    assert faults(["二、主要工作", "全年接待3批次。公务接待费0万元。"]) == []


def target(name: str, yuan: str, page: int) -> builders.JoinedTable:
    rows: list[list[Entry]] = [
        ["项目名称", Merged(name, 4)],
        [Merged("项目资金\n（元）", 1, 4), "项目资金总额", yuan, "年度资金申请总额", yuan],
        [Merged("其中：财政资金", 1, 2), Merged(yuan, 1, 2), "其中：当年财政拨款", yuan],
        ["上年结转资金", "0.00"],
        ["其他资金", "0.00", "其他资金", "0.00"],
        [Merged("绩效指标", 1, 2), "一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "演出场次", "40场"],
    ]
    return table(["财政项目支出绩效目标填报表", "单位：元"], rows, page=page)


@pytest.mark.parametrize(
    ("says", "rule"),
    [
        ("编报绩效目标的项目2个，涉及项目预算资金300.10万元。", "covered"),
        ("编报绩效目标的项目2个，涉及项目预算资金300.01万元。", ""),
        # Rounded.
        ("编报绩效目标的项目2个，涉及项目预算资金300万元。", ""),
        # Of nine projects two sheets are published.
        ("编报绩效目标的项目9个，涉及项目预算资金900万元。", ""),
    ],
)
def test_projects_against_their_target_sheets(says: str, rule: str) -> None:
    sheets = [target("惠民演出", "1,000,100.00", 2), target("场馆修缮", "2,000,000.00", 3)]
    found = faults(["四、绩效目标设置情况", says], *sheets, kind="budget")
    assert [fault.rule for fault in found] == ([rule] if rule else [])
    if rule:
        assert "合计为300.01万元" in found[0].told_zh


def expenditure() -> builders.JoinedTable:
    rows = [
        *CODE_HEAD,
        ["201", "一般公共服务支出", "5.00", "3.00", "2.00"],
        ["", "合计", "5.00", "3.00", "2.00"],
    ]
    return table(["支出决算表", "单位：万元"], rows, page=3)


def contents(*entries: str, after: Sequence[str] = ()) -> list[str]:
    listed = [
        TextLine(1, text, Box(80, 100 + 20 * at, 500, 114 + 20 * at)) for at, text in enumerate(entries)
    ]
    made = builders.document(expenditure())
    rest = tuple(
        TextLine(2, text, Box(80, 100 + 20 * at, 500, 114 + 20 * at)) for at, text in enumerate(after)
    )
    own = next(page for page in made.pages if page.number == 3)
    title = TextLine(3, "支出决算表", Box(80, 50, 500, 64))
    pages = (
        Page(1, 595, 842, 0, tuple(listed), ()),
        Page(2, 595, 842, 0, rest, ()),
        replace(own, lines=(title,)),
    )
    who = Identification("示例市文化局", 2023, "final_accounts", "department", "420100")
    found = understand(replace(made, pages=pages), registered=who).faults
    return [fault.printed for fault in found if fault.rule == "contents"]


def test_a_statement_that_only_the_contents_have() -> None:
    head = ("目录", "第二部分 2023年度部门决算表")
    assert contents(*head, "一、支出决算表", "二、收入决算表（表2）") == ["收入决算表"]
    assert contents(*head, "一、支出决算表") == []
    # Its title is printed, with a sentence that there is nothing.
    assert (
        contents(*head, "一、支出决算表", "二、收入决算表", after=["收入决算表", "无收入，本表为空。"]) == []
    )
    # What is no statement is not looked for.
    assert contents(*head, "一、支出决算表", "二、名词解释") == []
