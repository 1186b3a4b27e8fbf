"""Every way of drawing a table gives the same cells."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.extraction.model import Table
from tests.extraction.drawing import (
    A3_LANDSCAPE,
    STYLES,
    Drawn,
    Sheet,
    as_drawn,
    plain,
    steps,
)

HEADED = [
    Drawn(0, 0, 1, 2, "收入"),
    Drawn(0, 2, 1, 3, "支出"),
    Drawn(1, 0, 2, 1, "项目"),
    Drawn(1, 1, 2, 1, "金额"),
    Drawn(1, 2, 2, 1, "项目"),
    Drawn(1, 3, 1, 2, "其中"),
    Drawn(2, 3, text="基本支出"),
    Drawn(2, 4, text="项目支出"),
    Drawn(3, 0, text="一、财政拨款"),
    Drawn(3, 1, text="1,234.50"),
    Drawn(3, 2, text="一、一般公共\n服务支出"),
    Drawn(3, 3, text="3, 295. 68"),
    Drawn(3, 4),
    Drawn(4, 0),
    Drawn(4, 1),
    Drawn(4, 2, text="合计"),
    Drawn(4, 3, 1, 2, "0.00"),
]
XS = steps(60, 90, 70, 100, 80, 60)
YS = steps(100, 20, 18, 18, 30, 16)


def read_one(path: Path) -> Table:
    document = read_document(path, "d" * 16)
    assert document.outcome == "read", document.problems
    assert [len(joined.parts) for joined in document.tables] == [1]
    return document.tables[0].parts[0]


@pytest.mark.parametrize("style", STYLES)
def test_merged_header_however_it_is_drawn(tmp_path: Path, style: str) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(HEADED, XS, YS, style)
    table = read_one(sheet.save())
    assert as_drawn(table) == HEADED
    assert (table.n_rows, table.n_columns) == (5, 5)
    assert table.column_edges == pytest.approx(XS, abs=1.0)
    assert table.ruling == ("lines" if style in ("lines", "double", "slips") else "rectangles")


def test_boxes_are_points_of_the_displayed_page(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(HEADED, XS, YS)
    cell = read_one(sheet.save()).cells[1]
    assert (cell.box.x0, cell.box.top, cell.box.x1, cell.box.bottom) == (220, 100, 460, 120)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotated_page_is_read_as_displayed(tmp_path: Path, rotate: int) -> None:
    """The content is drawn so that it stands upright only after /Rotate."""
    # reportlab swaps the sides of the media box itself when a page is rotated by a quarter.
    sheet = Sheet(tmp_path / "t.pdf", (842.0, 595.0))
    canvas = sheet.canvas
    canvas.setPageRotation(rotate)
    if rotate == 90:
        canvas.translate(595, 0)
        canvas.rotate(90)
    elif rotate == 180:
        canvas.translate(842, 595)
        canvas.rotate(180)
    else:
        canvas.translate(0, 842)
        canvas.rotate(-90)
    sheet.width, sheet.height = 842.0, 595.0
    sheet.table(HEADED, XS, YS)
    path = sheet.save()
    table = read_one(path)
    assert as_drawn(table) == HEADED
    page = read_document(path, "d").pages[0]
    assert (page.width, page.height, page.rotation) == (842, 595, rotate)
    assert (table.box.x0, table.box.top) == (60, 100)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_table_set_sideways_without_rotation(tmp_path: Path, turn: int) -> None:
    """A landscape table turned on an upright page: rows and columns as one reads them."""
    sheet = Sheet(tmp_path / "t.pdf", (595.0, 842.0))
    canvas = sheet.canvas
    if turn == 90:
        canvas.translate(595, 0)
    elif turn == 180:
        canvas.translate(595, 842)
    else:
        canvas.translate(0, 842)
    canvas.rotate(turn)
    sheet.width, sheet.height = (595.0, 842.0) if turn == 180 else (842.0, 595.0)
    sheet.table(HEADED, XS, YS)
    table = read_one(sheet.save())
    assert as_drawn(table) == HEADED
    # Boxes stay those of the displayed page.
    first = table.cells[0].box
    if turn == 90:  # text runs upwards
        assert (first.x0, first.top, first.x1, first.bottom) == (100, 842 - 220, 120, 842 - 60)
    elif turn == 270:  # text runs downwards
        assert (first.x0, first.top, first.x1, first.bottom) == (595 - 120, 60, 595 - 100, 220)
    else:
        assert (first.x0, first.top) == (595 - 220, 842 - 120)


def test_crop_box_moves_the_origin_and_hides_what_is_outside(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.canvas.setCropBox((50, 0, 595, 800))
    sheet.text(5, 200, "裁掉的字")
    sheet.line(10, 90, 10, 300)
    sheet.table(HEADED, XS, YS)
    path = sheet.save()
    table = read_one(path)
    assert as_drawn(table) == HEADED
    assert (table.box.x0, table.box.top) == (10, 58)
    assert all("裁" not in line.text for line in read_document(path, "d").pages[0].lines)


def test_a3_landscape(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf", A3_LANDSCAPE)
    texts = [[f"r{i}c{j}" for j in range(18)] for i in range(39)]
    sheet.table(plain(texts), steps(40, *[60] * 18), steps(50, *[19] * 39), "pieces")
    assert as_drawn(read_one(sheet.save())) == plain(texts)


def test_outer_frame_is_no_cell(tmp_path: Path) -> None:
    """Neither a frame around the page nor one around the table swallows the table."""
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.rect(20, 20, 575, 822, stroke=1, fill=0)
    sheet.rect(50, 90, 470, 212, stroke=1, fill=0)
    sheet.table(HEADED, XS, YS)
    assert as_drawn(read_one(sheet.save())) == HEADED


def test_title_and_unit_inside_the_grid_are_cells(tmp_path: Path) -> None:
    cells = [Drawn(0, 0, 1, 3, "收入决算表"), Drawn(1, 0, 1, 3, "单位：万元"), *plain([[]])]
    cells += [Drawn(i, j, text=f"{i}{j}") for i in (2, 3) for j in range(3)]
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(cells, steps(60, 80, 80, 80), steps(100, 30, 15, 20, 20))
    assert as_drawn(read_one(sheet.save())) == cells


@pytest.mark.parametrize("hidden", ["white line", "white rectangle", "unpainted", "beside the page"])
def test_rules_nobody_sees_divide_nothing(tmp_path: Path, hidden: str) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(HEADED, XS, YS)
    canvas = sheet.canvas
    y = YS[3] + 15
    if hidden == "white line":
        canvas.setStrokeColorRGB(1, 1, 1)
        sheet.line(XS[0], y, XS[-1], y)
    elif hidden == "white rectangle":
        canvas.setFillGray(1)
        sheet.rect(XS[0], y - 0.3, XS[-1], y + 0.3)
    elif hidden == "unpainted":
        path = canvas.beginPath()
        path.moveTo(XS[0], sheet.height - y)
        path.lineTo(XS[-1], sheet.height - y)
        canvas.drawPath(path, stroke=0, fill=0)
    else:
        sheet.line(-50, y, -5, y)
        sheet.line(700, 50, 700, 400)
    assert as_drawn(read_one(sheet.save())) == HEADED


def test_white_rules_and_letters_on_colour_are_seen(tmp_path: Path) -> None:
    cells = plain([["项目", "金额"], ["甲", "1.00"], ["乙", "2.00"]])
    xs, ys = steps(60, 100, 80), steps(100, 20, 20, 20)
    sheet = Sheet(tmp_path / "t.pdf")
    canvas = sheet.canvas
    canvas.setFillColorRGB(0.1, 0.3, 0.6)
    sheet.rect(60, 100, 240, 160)
    canvas.setStrokeColorRGB(1, 1, 1)
    sheet.table([Drawn(c.row, c.column) for c in cells], xs, ys)
    canvas.setFillGray(1)
    for cell in cells:
        sheet.text(xs[cell.column] + 2, ys[cell.row] + 12, cell.text)
    assert as_drawn(read_one(sheet.save())) == cells


def test_white_letters_on_paper_are_not_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(HEADED, XS, YS)
    sheet.canvas.setFillGray(1)
    sheet.text(XS[0] + 3, YS[4] + 10, "看不见")
    assert as_drawn(read_one(sheet.save())) == HEADED


@pytest.mark.parametrize("times", [2, 4])
def test_fake_bold_is_read_once(tmp_path: Path, times: int) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    for k in range(times):
        shift = 0.12 * k
        sheet.table([Drawn(c.row, c.column, c.row_span, c.column_span) for c in HEADED], XS, YS)
        for cell in HEADED:
            for n, printed in enumerate(cell.text.split("\n") if cell.text else []):
                sheet.text(XS[cell.column] + 2 + shift, YS[cell.row] + 9 + 8 * n + shift / 2, printed, 8)
    assert as_drawn(read_one(sheet.save())) == HEADED


def test_repeated_digits_are_not_fake_bold(tmp_path: Path) -> None:
    cells = plain([["项目", "金额"], ["合计", "1,111,111.11"], ["…………", "......"]])
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(cells, steps(60, 100, 80), steps(100, 20, 20, 20), size=6)
    assert as_drawn(read_one(sheet.save())) == cells


def test_number_that_crosses_a_rule_stays_whole(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain([["甲", "乙", "丙"], ["", "", ""]]), steps(60, 60, 60, 60), steps(100, 20, 20))
    sheet.text(112, 132, "12,345,678.90", 8)  # begins 8 pt before its cell
    sheet.text(62, 132, "子", 8)
    assert [c.text for c in read_one(sheet.save()).cells] == ["甲", "乙", "丙", "子", "12,345,678.90", ""]


def test_text_that_runs_over_into_empty_cells_stays_where_it_began(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain([["", "", ""], ["甲", "乙", "丙"]]), steps(60, 30, 200, 60), steps(100, 20, 20))
    sheet.text(62, 112, "编制部门：某市某区人民政府某街道办事处", 8)
    assert [c.text for c in read_one(sheet.save()).cells][:3] == [
        "编制部门：某市某区人民政府某街道办事处",
        "",
        "",
    ]


def test_table_open_to_the_left_and_right(tmp_path: Path) -> None:
    cells = plain([["编码", "名称", "金额"], ["201", "一般公共服务", "1.00"], ["208", "社会保障", ""]])
    xs, ys = steps(60, 60, 120, 80), steps(100, 20, 20, 20)
    sheet = Sheet(tmp_path / "t.pdf")
    for y in ys:
        sheet.line(xs[0], y, xs[-1], y)
    for x in xs[1:-1]:
        sheet.line(x, ys[0], x, ys[-1])
    sheet.table(cells, xs, ys, "none")
    table = read_one(sheet.save())
    assert as_drawn(table) == cells


def test_last_row_cut_off_by_the_page_end_has_no_rule_below(tmp_path: Path) -> None:
    cells = plain([["编码", "名称", "金额"], ["201", "一般公共服务", "1.00"], ["208", "社会保障", "2.00"]])
    xs, ys = steps(60, 60, 120, 80), steps(740, 20, 20, 20)
    sheet = Sheet(tmp_path / "t.pdf")
    for y in ys[:-1]:
        sheet.line(xs[0], y, xs[-1], y)
    for x in xs:
        sheet.line(x, ys[0], x, ys[-1])
    sheet.table(cells, xs, ys, "none")
    assert as_drawn(read_one(sheet.save())) == cells


def test_underlines_and_lone_rules_are_no_tables(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(60, 100, "签字：")
    sheet.line(90, 102, 200, 102)
    sheet.line(60, 300, 500, 300)
    sheet.line(300, 400, 300, 600)
    sheet.rect(60, 620, 200, 660, stroke=1, fill=0)
    sheet.text(70, 640, "方框里的说明")
    document = read_document(sheet.save(), "d")
    assert document.outcome == "read"
    assert document.tables == ()
    assert [line.text for line in document.pages[0].lines] == ["签字：", "方框里的说明"]


def test_two_tables_side_by_side_and_one_below(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    left, right, below = (plain([[f"{n}1", f"{n}2"], [f"{n}3", ""]]) for n in "甲乙丙")
    sheet.table(left, steps(50, 60, 60), steps(100, 20, 20), "thin")
    sheet.table(right, steps(250, 60, 60), steps(100, 20, 20), "lines")
    sheet.table(below, steps(50, 90, 60), steps(300, 20, 20), "lines")
    tables = read_document(sheet.save(), "d").pages[0].tables
    assert [as_drawn(t) for t in tables] == [left, right, below]
    assert [t.number for t in tables] == [1, 2, 3]


def test_grid_inside_a_cell_keeps_its_own_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    outer = [Drawn(0, 0, text="外"), Drawn(0, 1), Drawn(1, 0), Drawn(1, 1, text="丁")]
    inner = plain([["子", "丑"], ["寅", "卯"]])
    sheet.table(outer, steps(50, 60, 300), steps(100, 150, 30))
    sheet.table(inner, steps(150, 60, 60), steps(130, 20, 20))
    tables = read_document(sheet.save(), "d").pages[0].tables
    assert [as_drawn(t) for t in tables] == [outer, inner]


def test_text_standing_turned_in_a_cell(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    cells = [Drawn(0, 0, 3, 1)] + [Drawn(i, j, text=f"第{i}行{j}") for i in range(3) for j in (1, 2)]
    cells.sort(key=lambda c: (c.row, c.column))
    sheet.table(cells, steps(50, 30, 90, 90), steps(100, 40, 40, 40))
    sheet.canvas.saveState()
    sheet.canvas.translate(68, sheet.height - 200)
    sheet.canvas.rotate(90)
    sheet.canvas.drawString(0, 0, "绩效指标")
    sheet.canvas.restoreState()
    table = read_one(sheet.save())
    assert table.cells[0].text == "绩效指标"
    assert [c.text for c in table.cells[1:]] == [c.text for c in cells[1:]]


def test_lines_outside_and_inside_tables(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(200, 60, "收入决算表", 14)
    sheet.text(60, 90, "部门：甲局")
    sheet.text(400, 90, "单位：万元")
    sheet.table(HEADED, XS, YS)
    page = read_document(sheet.save(), "d").pages[0]
    free = [line.text for line in page.lines if not line.in_table]
    assert free == ["收入决算表", "部门：甲局 单位：万元"]
    inside = sorted(line.text for line in page.lines if line.in_table)
    assert inside == sorted(text for c in HEADED for text in c.text.split("\n") if text)


def test_same_file_same_record(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(HEADED, XS, YS, "pieces")
    path = sheet.save()
    assert read_document(path, "d") == read_document(path, "d")


def test_shaded_header_without_rules_over_a_ruled_body(tmp_path: Path) -> None:
    cells = plain([["编码", "名称", "金额"], ["201", "一般公共服务", "1.00"], ["208", "社会保障", "2.00"]])
    xs, ys = steps(60, 60, 120, 80), steps(100, 20, 20, 20)
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.canvas.setFillGray(0.8)
    for x0, x1 in pairwise(xs):
        sheet.rect(x0, ys[0], x1, ys[1])
    sheet.table([Drawn(c.row, c.column) for c in cells[:6]], xs, ys[1:])
    sheet.table(cells, xs, ys, "none")
    assert as_drawn(read_one(sheet.save())) == cells


def test_shading_inside_a_ruled_table_changes_nothing(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.canvas.setFillGray(0.8)
    sheet.rect(XS[0], YS[0], XS[-1], YS[1])
    sheet.rect(XS[0], YS[3] + 10, XS[1], YS[4])
    sheet.canvas.setFillGray(0)
    sheet.table(HEADED, XS, YS)
    assert as_drawn(read_one(sheet.save())) == HEADED


def test_rounded_corners(tmp_path: Path) -> None:
    cells = plain([["甲", "乙"], ["1.00", "2.00"]])
    xs, ys = steps(60, 100, 100), steps(100, 30, 30)
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.canvas.roundRect(60, sheet.height - 160, 200, 60, 6, stroke=1, fill=0)
    sheet.line(160, 100, 160, 160)
    sheet.line(60, 130, 260, 130)
    sheet.table(cells, xs, ys, "none")
    assert as_drawn(read_one(sheet.save())) == cells


def test_two_tables_that_touch_are_one_grid_with_spans(tmp_path: Path) -> None:
    """Different columns above and below: spans say so; which statement it is is not ours to say."""
    upper = [Drawn(0, 0, 1, 2, "甲"), Drawn(0, 2, text="1")]
    lower = [Drawn(1, 0, text="乙"), Drawn(1, 1, 1, 2, "2")]
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table([*upper, *lower], steps(60, 50, 50, 80), steps(100, 20, 20))
    assert as_drawn(read_one(sheet.save())) == [*upper, *lower]


def test_outline_that_is_no_rectangle_makes_no_cell_of_the_paper_beside(tmp_path: Path) -> None:
    """A small box above the right end of a table: the paper to its left is no cell."""
    cells = [Drawn(0, 2, text="公开01表"), *[Drawn(i, j, text=f"{i}{j}") for i in (1, 2) for j in range(3)]]
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(cells, steps(60, 80, 80, 80), steps(100, 20, 20, 20))
    sheet.text(62, 112, "部门：甲局")
    document = read_document(sheet.save(), "d")
    assert as_drawn(document.tables[0].parts[0]) == cells
    assert [line.text for line in document.pages[0].lines if not line.in_table] == ["部门：甲局"]


def test_one_rule_through_the_whole_table_shows_how_far_it_reaches(
    tmp_path: Path,
) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    # 三公 in a row, open all around: only the rule below the header reaches the outer columns.
    sheet.line(60, 134, 360, 134)
    sheet.line(130, 117, 290, 117)
    for x in (130, 210, 290):
        sheet.line(x, 100 if x != 210 else 117, x, 154)
    for x, y, text in (
        (75, 120, "合计"),
        (150, 112, "公务用车购置及运行费"),
        (150, 130, "小计"),
        (230, 130, "购置费"),
        (300, 120, "接待费"),
        (80, 148, "25.50"),
        (150, 148, "18.00"),
        (230, 148, "7.50"),
        (310, 148, "1.25"),
    ):
        sheet.text(x, y, text)
    table = read_one(sheet.save())
    assert [cell.text for cell in table.cells if cell.row == table.n_rows - 1] == [
        "25.50",
        "18.00",
        "7.50",
        "1.25",
    ]
    assert table.n_columns == 4
