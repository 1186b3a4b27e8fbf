"""Tables without rules, or with level rules only: columns by alignment, and prose left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics

from pipelines.extraction import read_document
from pipelines.extraction.aligned_columns import blocks_of
from pipelines.extraction.aligned_header import headed
from pipelines.extraction.aligned_lines import Line, Piece
from pipelines.extraction.aligned_spans import printed_spans
from pipelines.extraction.model import Table
from tests.extraction.drawing import FONT, Sheet

NAMES = ["一般公共服务支出", "行政运行", "社会保障和就业支出", "住房公积金", "卫生健康支出"]
CODES = ["201", "2010301", "208", "2210201", "210"]
TOTALS = ["1,917.64", "1,204.20", "371.50", "105.95", "96.10"]
BASICS = ["1,204.20", "1,204.20", "371.50", "105.95", ""]


def right(sheet: Sheet, x: float, y: float, text: str) -> None:
    sheet.text(x - pdfmetrics.stringWidth(text, FONT, 9), y, text)


def draw(sheet: Sheet, *, with_rules: str = "none", pitch: float = 20, wrapped: bool = False) -> None:
    sheet.text(220, 60, "支出决算表", 14)
    sheet.text(60, 80, "部门：甲局")
    sheet.text(460, 80, "单位：万元")
    sheet.text(70, 100, "科目编码")
    sheet.text(170, 100, "科目名称")
    right(sheet, 400, 100, "本年支出合计")
    right(sheet, 500, 100, "基本支出")
    y = 100.0
    tops = [y - 14, y + 6]
    for code, name, total, basic in zip(CODES, NAMES, TOTALS, BASICS, strict=True):
        y += pitch
        sheet.text(70, y, code)
        if wrapped and len(name) > 8:
            sheet.text(160, y - 5, name[:6])
            sheet.text(160, y + 5, name[6:])
        else:
            sheet.text(160, y, name)
        right(sheet, 400, y, total)
        if basic:
            right(sheet, 500, y, basic)
        tops.append(y + 6)
    y += pitch
    sheet.text(160, y, "合计")
    right(sheet, 400, y, "2,385.24")
    right(sheet, 500, y, "1,681.65")
    tops.append(y + 6)
    if with_rules != "none":
        for k, top in enumerate(tops):
            if with_rules == "all" or k in (0, 1, len(tops) - 1):
                sheet.line(55, top, 510, top)


def texts(table: Table) -> list[list[str]]:
    return [[c.text for c in table.cells if c.row == row] for row in range(table.n_rows)]


EXPECTED = [
    ["科目编码", "科目名称", "本年支出合计", "基本支出"],
    *[list(row) for row in zip(CODES, NAMES, TOTALS, BASICS, strict=True)],
    ["", "合计", "2,385.24", "1,681.65"],
]


@pytest.mark.parametrize("with_rules", ["none", "three", "all"])
def test_columns_by_alignment(tmp_path: Path, with_rules: str) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    draw(sheet, with_rules=with_rules)
    document = read_document(sheet.save(), "d")
    (table,) = document.pages[0].tables
    assert texts(table) == EXPECTED
    assert table.ruling == "none"
    assert [line.text for line in document.tables[0].lead] == ["支出决算表", "部门：甲局 单位：万元"]


def test_wrapped_name_belongs_to_the_row_it_stands_at(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    draw(sheet, pitch=26, wrapped=True)
    (table,) = read_document(sheet.save(), "d").pages[0].tables
    assert texts(table)[3] == ["208", "社会保障和就\n业支出", "371.50", "371.50"]
    assert table.n_rows == len(EXPECTED)


def test_prose_with_many_figures_is_no_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    for k in range(20):
        sheet.text(
            60, 80 + 18 * k, f"{k}. 2023年支出{1000 + k}.50万元，占 {k}.2 %，比2022年增加 {k * 3}.07 万元。"
        )
    assert read_document(sheet.save(), "d").tables == ()


def test_contents_page_is_no_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    for k in range(12):
        sheet.text(60, 80 + 18 * k, f"{'一二三四五六七八九十甲乙'[k]}、收入支出决算总体情况说明")
        right(sheet, 500, 80 + 18 * k, f"........{k + 3}")
    assert read_document(sheet.save(), "d").tables == ()


def numbered_foot(sheet: Sheet, number: int) -> None:
    """A running foot whose page number stands in the middle of the page."""
    sheet.text(60, 265, "样例")
    sheet.text(296, 265, str(number))


def test_a_foot_that_counts_on_is_no_row_of_the_table_above_it(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "foot.pdf", (595.28, 275.0))
    sheet.text(60, 100, "封面")
    numbered_foot(sheet, 1)
    sheet.new_page()
    draw(sheet)
    numbered_foot(sheet, 2)
    sheet.save()
    (table,) = read_document(tmp_path / "foot.pdf", "0" * 16).pages[1].tables
    assert texts(table)[-1] == ["", "合计", "2,385.24", "1,681.65"]


def test_a_number_in_the_departments_name_does_not_hide_the_unit(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "unit.pdf")
    sheet.text(60, 80, "部门：甲市第")
    sheet.text(116.5, 80, "1")
    sheet.text(124, 80, "中学")
    sheet.text(460, 80, "单位：万元")
    sheet.text(70, 100, "科目名称")
    right(sheet, 400, 100, "本年支出合计")
    right(sheet, 500, 100, "基本支出")
    for y, name, total, basic in ((120, "行政运行", "8.20", "8.20"), (140, "合计", "8.20", "8.20")):
        sheet.text(70, y, name)
        right(sheet, 400, y, total)
        right(sheet, 500, y, basic)
    sheet.save()
    (table,) = read_document(tmp_path / "unit.pdf", "0" * 16).pages[0].tables
    assert texts(table)[0] == ["科目名称", "本年支出合计", "基本支出"]


def test_a_row_of_figures_alone_is_a_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "row.pdf")
    for x, figure in ((120, "13.10"), (220, "0.00"), (320, "12.50"), (420, "0.60")):
        right(sheet, x, 100, figure)
    sheet.save()
    (table,) = read_document(tmp_path / "row.pdf", "0" * 16).pages[0].tables
    assert texts(table) == [["13.10", "0.00", "12.50", "0.60"]]


def test_a_table_begins_below_a_head_at_the_foot_of_the_page_before(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(220, 730, "收入决算表", 14)
    sheet.text(60, 750, "部门：甲局")
    sheet.text(460, 750, "单位：万元")
    sheet.new_page()
    sheet.text(70, 100, "科目编码")
    sheet.text(170, 100, "科目名称")
    right(sheet, 400, 100, "本年收入合计")
    for k, (code, name, total) in enumerate(zip(CODES, NAMES, TOTALS, strict=True)):
        sheet.text(70, 120 + 20 * k, code)
        sheet.text(160, 120 + 20 * k, name)
        right(sheet, 400, 120 + 20 * k, total)
    document = read_document(sheet.save(), "d")
    (table,) = document.pages[1].tables
    assert texts(table)[0] == ["科目编码", "科目名称", "本年收入合计"]
    assert [row[0] for row in texts(table)[1:]] == CODES
    # The line with the unit is no running foot, for the table below it.
    assert any("单位：万元" in line.text for line in document.tables[0].lead)


def _cut_header(sheet: Sheet, y: float) -> None:
    """项目 over 科目编码 and 科目名称, with two columns of amounts, one word of them wrapped."""
    sheet.text(150, y, "项目")
    sheet.text(70, y + 16, "科目编码")
    sheet.text(200, y + 16, "科目名称")
    right(sheet, 400, y + 8, "本年支出合计")
    sheet.text(430, y + 2, "对附属单位补助支")
    sheet.text(460, y + 14, "出")


def _cut_rows(sheet: Sheet, y: float) -> None:
    for k, (code, name, total) in enumerate(zip(CODES, NAMES, TOTALS, strict=True)):
        sheet.text(70, y + 20 * k, code)
        sheet.text(160, y + 20 * k, name)
        right(sheet, 400, y + 20 * k, total)
        right(sheet, 500, y + 20 * k, "0.00")


@pytest.mark.parametrize("is_repeated", [False, True])
@pytest.mark.parametrize("counts", [False, True])
def test_a_header_at_the_foot_of_the_page_before_heads_the_rows_on_the_next(
    tmp_path: Path, is_repeated: bool, counts: bool
) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(220, 660, "支出决算表", 14)
    sheet.text(460, 680, "单位：万元")
    _cut_header(sheet, 700)
    if counts:
        sheet.text(210, 740, "栏次")
        right(sheet, 370, 740, "1")
        right(sheet, 475, 740, "2")
    sheet.new_page()
    if is_repeated:
        _cut_header(sheet, 80)
    _cut_rows(sheet, 120)
    document = read_document(sheet.save(), "d")
    (joined,) = document.tables
    head, rows = joined.parts
    assert (head.page, rows.page) == (1, 2)
    assert head.column_edges == rows.column_edges
    words = ["项目", "本年支出合计", "对附属单位补助支\n出", "科目编码", "科目名称"]
    assert [cell.text for cell in head.cells if cell.text][:5] == words
    assert texts(rows)[-1] == [CODES[-1], NAMES[-1], TOTALS[-1], "0.00"]
    assert len(texts(rows)) == len(CODES) + 2 * is_repeated
    assert joined.repeated_header_rows == (0, 2 * is_repeated)
    assert [line.text for line in joined.lead][-1] == "单位：万元"
    assert all(cell.box.bottom <= 792 and cell.page == 1 for cell in head.cells)


def test_a_header_at_the_foot_heads_no_table_that_has_another(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(460, 680, "单位：万元")
    _cut_header(sheet, 700)
    sheet.new_page()
    sheet.text(70, 96, "编码")
    sheet.text(200, 96, "名称")
    right(sheet, 400, 96, "金额")
    right(sheet, 500, 96, "比重")
    _cut_rows(sheet, 120)
    document = read_document(sheet.save(), "d")
    assert document.pages[0].tables == ()
    assert texts(document.pages[1].tables[0])[0] == ["编码", "名称", "金额", "比重"]


def test_lines_of_a_name_as_far_apart_as_rows_are_one_name(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(460, 80, "单位：万元")
    sheet.text(170, 100, "项目")
    right(sheet, 400, 100, "决算数")
    right(sheet, 500, 100, "上年决算数")
    names = [
        "一、财政拨款",
        "二、政府性基金预算/财政拨款",
        "三、事业收入",
        "四、国有资本经营/预算拨款",
        "五、其他收入",
    ]
    y = 120.0
    for name, figure in zip(names, TOTALS, strict=True):
        lines = name.split("/")
        for k, line in enumerate(lines):
            sheet.text(160, y + 14 * k, line)
        y += 7 * (len(lines) - 1)
        right(sheet, 400, y, figure)
        right(sheet, 500, y, figure)
        y += 7 * (len(lines) - 1) + 15
    (table,) = read_document(sheet.save(), "d").pages[0].tables
    assert [row[0].replace("\n", "/") for row in texts(table)[1:]] == names


def test_a_word_wrapped_into_the_foot_of_the_header_makes_no_other_word_stand_over_columns() -> None:
    # Henan's budgets: 对个人和家庭的补助支出 on three lines makes the middle of the header seem lower.
    def line(middle: float, *words: tuple[str, float]) -> Line:
        pieces = tuple(Piece(x, x + 9 * len(t), middle - 4.5, middle + 4.5, t, 9.0) for t, x in words)
        return Line(middle - 4.5, middle + 4.5, 9.0, pieces)

    header = [
        line(122.9, ("基本支出", 473.5), ("项目支出", 698.6)),
        line(140.9, ("科目编码", 86.5), ("科目名称", 213.6), ("合计", 313.7), ("对个人和家", 469.0)),
        line(147.6, ("工资福利支", 412.8), ("商品和服务", 525.3)),
        line(152.9, ("小计", 370.0), ("庭的补助支", 469.0), ("小计", 651.3), ("专项资金", 754.9)),
        line(158.1, ("出", 430.8), ("支出", 538.8)),
        line(163.4, ("出", 487.0)),
    ]
    printed = [(87, 122), (159, 288), (297, 348), (353, 405), (410, 461), (469, 514), (522, 573)]
    spans = [(float(a), float(b)) for a, b in [*printed, (635, 686), (747, 799)]]
    columns = headed(spans, blocks_of(header), (39.75, 801.75), [False, False, *[True] * 7])
    heads = ["".join(p.text for p in leaf.pieces) if leaf else "" for leaf in columns.leaves]
    assert heads[:4] == ["科目编码", "科目名称", "合计", "小计"]
    assert heads[5] == "对个人和家庭的补助支出"
    assert ["".join(p.text for p in over.pieces) for over in columns.parents] == ["基本支出", "项目支出"]


def piece(x0: float, text: str, middle: float, width: float | None = None) -> Piece:
    wide = 9 * len(text) if width is None else width
    return Piece(x0, x0 + wide, middle - 4.5, middle + 4.5, text, 9.0)


def rows_of_pieces(*rows: tuple[tuple[float, str, float | None], ...]) -> list[Line]:
    lines: list[Line] = []
    for k, row in enumerate(rows):
        middle = 100 + 20.0 * k
        pieces = tuple(piece(x0, text, middle, width) for x0, text, width in row)
        lines.append(Line(middle - 4.5, middle + 4.5, 9.0, pieces))
    return lines


def test_a_total_right_of_short_names_stands_in_their_column() -> None:
    # The first page of a statement by code held a few short names only, 合计 in the middle of their column.
    lines = rows_of_pieces(
        ((378.4, "合计", 17.0), (538.4, "4,624.85", 48.7)),
        ((64.7, "301", 14.1), (282.3, "工资福利支出", None), (545.2, "906.33", 41.9)),
        ((64.7, "30101", 23.4), (282.3, "基本工资", None), (545.2, "123.94", 41.9)),
    )
    assert [round(x0) for x0, _ in printed_spans(lines)] == [65, 282, 538]


def test_a_total_beside_a_name_shows_a_column() -> None:
    lines = rows_of_pieces(
        ((100.0, "甲局", None), (282.3, "合计", None), (545.2, "906.33", 41.9)),
        ((100.0, "乙局", None), (282.3, "小计", None), (545.2, "123.94", 41.9)),
        ((100.0, "丙局", None), (282.3, "小计", None), (545.2, "123.94", 41.9)),
    )
    assert [round(x0) for x0, _ in printed_spans(lines)] == [100, 282, 545]


def test_codes_stand_left_of_the_word_over_their_wide_column(tmp_path: Path) -> None:
    # 项目 over 支出经济分类科目编码 and 科目名称; the first row has no projects, no unit is stated.
    sheet = Sheet(tmp_path / "t.pdf")
    for x, y, text in [(160, 90, "项目"), (90, 110, "支出经济分类科目编码"), (270, 110, "科目名称")]:
        sheet.text(x, y, text)
    for x, text in [(390, "合计"), (470, "基本支出"), (540, "项目支出")]:
        right(sheet, x, 100, text)
    rows = [
        ("30110", "职工基本医疗保险缴费", "21,614.06", "21,614.06", ""),
        ("302", "商品和服务支出", "96,918.99", "37,302.82", "59,616.17"),
        ("30201", "办公费", "92,161.48", "21,822.65", "70,338.83"),
    ]
    for k, (code, name, *amounts) in enumerate(rows):
        y = 130 + 20 * k
        sheet.text(40, y, code)
        sheet.text(220, y, name)
        for x, amount in zip((400, 480, 560), amounts, strict=True):
            right(sheet, x, y, amount)
    (table,) = read_document(sheet.save(), "d").pages[0].tables
    assert table.n_columns == 5
    assert [text for text in texts(table)[-3] if text] == [text for text in rows[0] if text]
    assert {cell.text for cell in table.cells if cell.column > 1 and cell.row < 2} >= {"合计", "项目支出"}
