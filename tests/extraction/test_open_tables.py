"""Tables whose cells nobody ruled, in the forms budgets print: every cell known, every way of ruling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from reportlab.pdfbase import pdfmetrics

from pipelines.extraction import read_document
from pipelines.extraction.model import Page, Table
from tests.extraction.drawing import FONT, Sheet, steps

Align = Literal["left", "center", "right"]
SIZE = 9.0
LEADING = 10.6


@dataclass(frozen=True)
class Set:
    """A cell to be set: its place, its spans, its printed text (lines parted by a newline)."""

    row: int
    column: int
    text: str
    align: Align = "center"
    rows: int = 1
    columns: int = 1


def draw(sheet: Sheet, cells: Sequence[Set], xs: Sequence[float], ys: Sequence[float]) -> None:
    """Set cells as word processors do: in the middle of their height, aligned in their width."""
    for cell in cells:
        left, right = xs[cell.column], xs[cell.column + cell.columns]
        middle = (ys[cell.row] + ys[cell.row + cell.rows]) / 2
        lines = cell.text.split("\n")
        for k, line in enumerate(lines):
            y = middle + (k - (len(lines) - 1) / 2) * LEADING + SIZE * 0.35
            width = pdfmetrics.stringWidth(line, FONT, SIZE)
            x = {"left": left + 2.5, "right": right - 2.5 - width, "center": (left + right - width) / 2}
            sheet.text(x[cell.align], y, line, SIZE)


def rule(sheet: Sheet, how: str, header: int, xs: Sequence[float], ys: Sequence[float]) -> None:
    """Draw the rules of one way of ruling."""
    if how in ("frame", "uprights"):
        sheet.rect(xs[0], ys[0], xs[-1], ys[-1], stroke=1, fill=0)
    if how == "uprights":
        for x in xs[1:-1]:
            sheet.line(x, ys[header], x, ys[-1])
    levels = {"levels": list(ys), "three": [ys[0], ys[header], ys[-2], ys[-1]]}.get(how, [])
    for y in levels:
        sheet.line(xs[0], y, xs[-1], y)


def title(sheet: Sheet, top: float) -> None:
    """A statement's title, department and unit above its table."""
    sheet.text(220, top - 28, "收入支出决算总表", 14)
    sheet.text(60, top - 6, "部门：甲局", SIZE)
    sheet.text(460, top - 6, "单位：万元", SIZE)


def rows_of(table: Table) -> list[list[tuple[int, str]]]:
    """The cells that hold text, as (column, text), row by row."""
    return [
        [(c.column, c.text) for c in table.cells if c.row == row and c.text] for row in range(table.n_rows)
    ]


def spans_of(table: Table, text: str) -> tuple[int, int, int, int]:
    """Row, column and spans of the one cell with this text."""
    (cell,) = [c for c in table.cells if c.text == text]
    return cell.row, cell.column, cell.row_span, cell.column_span


def page_of(sheet: Sheet) -> Page:
    return read_document(sheet.save(), "d").pages[0]


TWO_SIDED_XS = steps(60, 150, 80, 165, 80)
TWO_SIDED = [
    Set(0, 0, "收  入", columns=2),
    Set(0, 2, "支  出", columns=2),
    *[Set(1, k, text) for k, text in enumerate(["项目", "决算数", "项目", "决算数"])],
    Set(2, 0, "一、一般公共预算财政拨款收入", "left"),
    Set(2, 1, "12,262.64", "right"),
    Set(2, 2, "一、一般公共服务支出", "left"),
    Set(2, 3, "9,887.25", "right"),
    Set(3, 0, "二、政府性基金预算财政\n拨款收入", "left"),
    Set(3, 1, "4.18", "right"),
    Set(3, 2, "二、外交支出", "left"),
    Set(4, 2, "三、国防支出", "left"),
    Set(5, 2, "四、文化旅游体育与传媒\n支出", "left"),
    Set(5, 3, "508.02", "right"),
    Set(6, 0, "本年收入合计"),
    Set(6, 1, "12,266.82", "right"),
    Set(6, 2, "本年支出合计"),
    Set(6, 3, "10,395.27", "right"),
]


@pytest.mark.parametrize("how", ["none", "frame", "levels", "three", "uprights"])
def test_two_sided_table(tmp_path: Path, how: str) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    ys = steps(120, 18, 18, 18, 28, 18, 28, 18)
    title(sheet, 120)
    draw(sheet, TWO_SIDED, TWO_SIDED_XS, ys)
    rule(sheet, how, 2, TWO_SIDED_XS, ys)
    (table,) = page_of(sheet).tables
    assert rows_of(table)[1:] == [
        [(c.column, c.text) for c in TWO_SIDED if c.row == row] for row in range(1, 7)
    ]
    assert spans_of(table, "收  入")[1:] == (0, 1, 2)
    assert spans_of(table, "支  出")[1:] == (2, 1, 2)


@pytest.mark.parametrize("how", ["none", "frame", "levels", "three", "uprights"])
def test_one_line_of_amounts_under_three_header_rows(tmp_path: Path, how: str) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    xs, ys = steps(60, *[78] * 6), steps(120, 18, 18, 28, 18)
    cells = [
        Set(0, 0, "合计", rows=3),
        Set(0, 1, "“三公”经费", columns=5),
        Set(1, 1, "因公出国\n（境）费", rows=2),
        Set(1, 2, "公务用车购置及运行费", columns=3),
        Set(1, 5, "公务接待费", rows=2),
        *[Set(2, k + 2, text) for k, text in enumerate(["小计", "公务用车购置\n费", "公务用车运行\n费"])],
        *[Set(3, k, text, "right") for k, text in ((0, "27.50"), (2, "17.50"), (4, "17.50"), (5, "10.00"))],
    ]
    title(sheet, 120)
    draw(sheet, cells, xs, ys)
    rule(sheet, how, 3, xs, ys)
    (table,) = page_of(sheet).tables
    assert table.n_columns == 6
    assert rows_of(table)[-1] == [(0, "27.50"), (2, "17.50"), (4, "17.50"), (5, "10.00")]
    assert spans_of(table, "公务用车购置及运行费") == (1, 2, 1, 3)
    assert spans_of(table, "“三公”经费") == (0, 1, 1, 5)
    assert spans_of(table, "合计") == (0, 0, 3, 1)
    assert spans_of(table, "公务接待费") == (1, 5, 2, 1)


def test_codes_of_the_block_beside_are_not_the_amounts_of_this_one(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    xs = steps(60, 45, 110, 70, 45, 110, 70)
    cells = [Set(0, k, text) for k, text in enumerate(["科目\n编码", "科目名称", "决算数"] * 2)]
    left = [("301", "工资福利支出", "3,109.43"), ("30101", "基本工资", ""), ("30102", "津贴补贴", "1,125.75")]
    right = [("302", "商品和服务支出", "422.23"), ("30201", "办公费", "49.01"), ("30202", "印刷费", "")]
    for k, both in enumerate(zip(left, right, strict=True), start=1):
        for at, (code, name, amount) in zip((0, 3), both, strict=True):
            cells += [Set(k, at, code, "left"), Set(k, at + 1, name, "left")]
            cells += [Set(k, at + 2, amount, "right")] if amount else []
    title(sheet, 120)
    draw(sheet, cells, xs, steps(120, 28, 18, 18, 18))
    (table,) = page_of(sheet).tables
    assert rows_of(table)[1:] == [[(c.column, c.text) for c in cells if c.row == row] for row in (1, 2, 3)]


def test_blank_columns_dashes_and_counts_of_columns(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    xs = steps(60, 60, 130, 72, 72, 72, 72)
    heads = ["科目编码", "科目名称", "合计", "基本支出", "项目支出", "经营支出"]
    cells = [Set(0, k, text) for k, text in enumerate(heads)]
    cells += [Set(1, k + 2, str(k + 1)) for k in range(4)]
    for row, (code, total, basic, project) in enumerate(
        [("201", "79.25", "—", "79.25"), ("20101", "79.25", "30.58", "48.67"), ("208", "4.07", "4.07", "—")],
        start=2,
    ):
        cells += [Set(row, 0, code, "left"), Set(row, 1, "名称" + code, "left"), Set(row, 2, total, "right")]
        for column, text in ((3, basic), (4, project)):
            cells.append(Set(row, column, text, "center" if text == "—" else "right"))
    title(sheet, 120)
    draw(sheet, cells, xs, steps(120, *[18] * 5))
    (table,) = page_of(sheet).tables
    assert rows_of(table) == [
        [(c.column, c.text) for c in sorted(cells, key=lambda c: c.column) if c.row == row]
        for row in range(5)
    ]


def test_a_table_that_goes_on_keeps_its_columns(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    xs, ys = TWO_SIDED_XS, steps(120, 18, 18, 18, 28, 18, 28, 18)
    title(sheet, 120)
    draw(sheet, TWO_SIDED, xs, ys)
    sheet.new_page()
    rest = [
        Set(0, 2, "二十三、其他支出", "left"),
        Set(0, 3, "591.60", "right"),
        Set(1, 2, "二十四、债务还本支出", "left"),
    ]
    draw(sheet, [*rest, Set(2, 0, "总计"), Set(2, 1, "1,398.69", "right")], xs, steps(60, 18, 18, 18))
    document = read_document(sheet.save(), "d")
    (joined,) = document.tables
    assert len(joined.parts) == 2
    assert rows_of(joined.parts[1]) == [
        [(2, "二十三、其他支出"), (3, "591.60")],
        [(2, "二十四、债务还本支出")],
        [(0, "总计"), (1, "1,398.69")],
    ]


def test_a_name_beside_several_rows_belongs_to_all_of_them(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    xs = steps(60, 140, 160, 120)
    cells = [Set(0, 0, "项目名称", columns=2), Set(0, 2, "金额")]
    cells += [Set(1, 0, "一般公共预算资金", rows=3), Set(4, 0, "其他资金", rows=2)]
    names = ["小计", "公共财政拨款资金", "专项收入", "小计", "事业收入"]
    for k, name in enumerate(names, start=1):
        cells += [Set(k, 1, name), Set(k, 2, f"{k}23.40", "right")]
    title(sheet, 120)
    draw(sheet, cells, xs, steps(120, *[18] * 6))
    (table,) = page_of(sheet).tables
    assert spans_of(table, "一般公共预算资金")[1:] == (0, 3, 1)
    assert spans_of(table, "其他资金")[1:] == (0, 2, 1)


def test_prose_under_a_unit_and_in_a_frame_is_no_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(460, 80, "单位：万元")
    for k in range(12):
        sheet.text(
            60, 100 + 18 * k, f"2023年度收入总计{1000 + k}.50万元，比上年增加 {k * 3}.07 万元，增长 {k}.2%。"
        )
    sheet.rect(50, 60, 550, 330, stroke=1, fill=0)
    assert read_document(sheet.save(), "d").tables == ()
