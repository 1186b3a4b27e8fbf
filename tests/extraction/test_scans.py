"""Scanned pages: what is printed on them is read like any page, each cell at its place."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
import typst

from pipelines.extraction import read_document
from pipelines.extraction.model import Box, Cell, ReadDocument, Table
from pipelines.extraction.scan_recognition import OTHER_SCRIPTS, Character, Reading, Recogniser
from pipelines.extraction.scan_second_look import averaged_word
from tests.corpus.producers.typst_pages import FONT
from tests.corpus.scanning import ScannedPage, Spoiling, scan_pages, turned, write_scan
from tests.corpus.sheet import EMBEDDED, FONT_FILE, font
from tests.extraction.drawing import Drawn, Sheet, plain, steps

PAGE = (420.0, 300.0)
XS, YS = steps(40, 70, 130, 70, 70), steps(70, 20, 20, 20, 20, 32)
#: A merged header, a wrapped name, blanks, zeros, thousands separators, a negative amount.
CELLS = [
    Drawn(0, 0, 1, 2, "项目"),
    Drawn(0, 2, 1, 2, "本年支出"),
    *(
        Drawn(row + 1, column, 1, 1, text)
        for row, texts in enumerate(
            [
                ["科目编码", "科目名称", "基本支出", "项目支出"],
                ["", "合计", "1,385.51", "1,910.17"],
                ["201", "一般公共服务支出", "813.49", "0.00"],
                ["2080505", "机关事业单位基本养老\n保险缴费支出", "-105.95", ""],
            ]
        )
        for column, text in enumerate(texts)
    ),
]


class PrintedSheet(Sheet):
    """A sheet set in a font that is in the file: pictures are made of it on machines without any."""

    def text(self, x: float, y: float, text: str, size: float = 9) -> None:
        self.canvas.setFont(font(EMBEDDED), size)
        self.canvas.drawString(x, self.height - y, text)


def printed(path: Path, size: tuple[float, float] = PAGE) -> Path:
    sheet = PrintedSheet(path, size)
    sheet.text(150, 40, "2023年度支出决算表", 14)
    sheet.text(310, 62, "单位：万元", 8)
    sheet.table(CELLS, XS, YS, size=10)
    return sheet.save()


def read(path: Path) -> ReadDocument:
    return read_document(path, "0123456789abcdef")


def texts(table: Table) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.column): cell.text.replace("\n", "") for cell in table.cells}


#: Names with upright strokes.
NARROW = ("印刷费", "单位补贴", "职业年金", "邮电费", "专用材料费", "培训费", "基本工资", "福利费")

KNOWN = {(cell.row, cell.column): cell.text.replace("\n", "") for cell in CELLS}


def middle(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2


def test_a_scanned_table_is_read_cell_by_cell(tmp_path: Path) -> None:
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(printed(tmp_path / "p.pdf"), "clean", 150, 1))
    document = read(scan)
    assert document.outcome == "read"
    assert document.problems == ()
    assert document.is_scanned and document.pages[0].is_image_only
    (table,) = document.pages[0].tables
    assert texts(table) == KNOWN
    spans = {(c.row, c.column): (c.row_span, c.column_span) for c in table.cells}
    assert spans == {(c.row, c.column): (c.row_span, c.column_span) for c in CELLS}
    for cell in table.cells:
        place = (XS[cell.column], YS[cell.row], XS[cell.column + cell.column_span], YS[cell.row + 1])
        box = (cell.box.x0, cell.box.top, cell.box.x1, cell.box.bottom)
        assert box == pytest.approx(place, abs=1.0)
    outside = [line.text for line in document.pages[0].lines if not line.in_table]
    assert outside == ["2023年度支出决算表", "单位：万元"]


def test_recognised_cells_say_so_and_how_certain_they_are(tmp_path: Path) -> None:
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(printed(tmp_path / "p.pdf"), "clean", 150, 1))
    cells: list[Cell] = [cell for table in read(scan).pages[0].tables for cell in table.cells]
    assert {cell.read_by for cell in cells} == {"ocr"}
    for cell in cells:
        if cell.text:
            assert cell.confidence is not None and 0 < cell.confidence <= 1
        else:
            assert cell.confidence is None
    born_digital = [cell for table in read(tmp_path / "p.pdf").pages[0].tables for cell in table.cells]
    assert {(cell.read_by, cell.confidence) for cell in born_digital} == {("text", None)}


@pytest.mark.parametrize("spoiling", ["skew", "noise", "jpeg", "shadow", "blur", "seal"])
def test_what_scanners_and_stamps_do_to_a_page(tmp_path: Path, spoiling: Spoiling) -> None:
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(printed(tmp_path / "p.pdf"), spoiling, 150, 3))
    (table,) = read(scan).pages[0].tables
    figures = {place: text for place, text in KNOWN.items() if text[-2:].isdigit() or not text}
    assert {place: texts(table)[place] for place in figures} == figures


@pytest.mark.parametrize("degrees", [-3.0, 2.2])
def test_boxes_of_a_sheet_that_lay_askew_are_those_of_the_page_as_seen(
    tmp_path: Path, degrees: float
) -> None:
    (page,) = scan_pages(printed(tmp_path / "p.pdf"), "clean", 150, 1)
    askew = ScannedPage(turned(page.picture, degrees), page.width, page.height)
    (table,) = read(write_scan(tmp_path / "scan.pdf", [askew])).pages[0].tables
    assert texts(table) == KNOWN
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    for cell in table.cells:
        x = (XS[cell.column] + XS[cell.column + cell.column_span] - PAGE[0]) / 2
        y = (YS[cell.row] + YS[cell.row + 1] - PAGE[1]) / 2
        seen = (PAGE[0] / 2 + x * cosine + y * sine, PAGE[1] / 2 - x * sine + y * cosine)
        assert middle(cell.box) == pytest.approx(seen, abs=1.5)


def test_a_sheet_scanned_sideways_is_turned(tmp_path: Path) -> None:
    (page,) = scan_pages(printed(tmp_path / "p.pdf"), "clean", 150, 1)
    sideways = ScannedPage(np.ascontiguousarray(np.rot90(page.picture)), page.height, page.width)
    document = read(write_scan(tmp_path / "scan.pdf", [sideways]))
    assert document.pages[0].turn == 90
    (table,) = document.pages[0].tables
    assert texts(table) == KNOWN
    (total,) = [cell for cell in table.cells if cell.text == "1,385.51"]
    x, y = (XS[2] + XS[3]) / 2, (YS[2] + YS[3]) / 2
    assert middle(total.box) == pytest.approx((y, PAGE[0] - x), abs=1.5)


def test_a_red_seal_is_taken_away_and_a_figure_printed_red_is_not(tmp_path: Path) -> None:
    sheet = PrintedSheet(tmp_path / "red.pdf", PAGE)
    sheet.table(plain([["项目", "金额"], ["合计", ""]]), steps(60, 120, 120), steps(60, 24, 24), size=10)
    sheet.canvas.setFillColorRGB(0.85, 0.1, 0.1)
    sheet.text(200, 100, "-1,207.36", 10)
    sheet.save()
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(tmp_path / "red.pdf", "clean", 200, 1))
    (table,) = read(scan).pages[0].tables
    assert texts(table)[1, 1] == "-1,207.36"


def test_a_text_layer_that_nobody_sees_is_not_read(tmp_path: Path) -> None:
    """A scanner's program lays its own recognition under the picture; its errors are not figures."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    (page,) = scan_pages(printed(tmp_path / "p.pdf"), "clean", 150, 1)
    sheet = Sheet(tmp_path / "layer.pdf", PAGE)
    sheet.canvas.drawImage(ImageReader(Image.fromarray(page.picture)), 0, 0, *PAGE)
    for k in range(6):
        hidden = sheet.canvas.beginText(40, 200 - 20 * k)
        hidden.setFont("Helvetica", 10)
        hidden.setTextRenderMode(3)
        hidden.textOut("9,999.99 8,888.88")
        sheet.canvas.drawText(hidden)
    document = read(sheet.save())
    assert document.pages[0].is_image_only
    (table,) = document.pages[0].tables
    assert texts(table) == KNOWN


def test_a_table_without_rules_is_read_by_its_columns(tmp_path: Path) -> None:
    sheet = PrintedSheet(tmp_path / "open.pdf", PAGE)
    sheet.text(150, 40, "2023年度支出决算表", 14)
    rows = [
        ("项目", "合计", "基本支出"),
        ("一般公共服务支出", "2,723.66", "813.49"),
        ("社会保障和就业支出", "316.84", "316.84"),
        ("卫生健康支出", "138.19", "138.19"),
        ("住房保障支出", "116.99", "116.99"),
    ]
    for k, row in enumerate(rows):
        for x, text in zip((50, 220, 320), row, strict=True):
            sheet.text(x, 80 + 20 * k, text, 10)
    sheet.save()
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(tmp_path / "open.pdf", "clean", 150, 1))
    (table,) = read(scan).pages[0].tables
    found = texts(table)
    assert [tuple(found[row, column] for column in range(3)) for row in range(5)] == rows


def test_recognised_cells_keep_what_their_characters_may_be_besides(tmp_path: Path) -> None:
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(printed(tmp_path / "p.pdf"), "fax", 150, 1))
    (table,) = read(scan).pages[0].tables
    doubted = [cell for cell in table.cells if cell.doubts]
    assert doubted
    for cell in doubted:
        characters = "".join(cell.text.split())
        for doubt in cell.doubts:
            assert characters[doubt.at] == doubt.read
            assert doubt.alternatives
            assert all(text != doubt.read and 0.01 <= p <= 1 for text, p in doubt.alternatives)
    assert any(cell.doubts for cell in table.cells if re.search("[一-鿿]", cell.text)), (
        "words as well as figures"
    )
    (sure,) = read(printed(tmp_path / "text.pdf")).pages[0].tables
    assert not any(cell.doubts for cell in sure.cells), "print from a text layer is certain"


def test_a_word_is_what_most_looks_that_see_as_many_characters_hold_likeliest() -> None:
    def look(*seen: tuple[str, float]) -> Reading:
        return Reading(tuple(Character(text, sure, ((text, sure),)) for text, sure in seen))

    looks = [look(("万", 0.6), ("儿", 0.5)), look(("力", 0.9), ("元", 0.8)), look(("元", 0.99))]
    word = averaged_word(looks)
    assert word.text == "力元", "a look that misses a character does not know of it"
    assert word.confidence == 0.4, "the others see another word"
    first, second = word.characters
    assert first.alternatives == (("万", 0.3),)
    assert second.alternatives == (("儿", 0.25),)


def test_brackets_are_as_certain_as_both_of_their_widths_together() -> None:
    looks = [
        Reading((Character("（", 0.9, (("（", 0.9), ("C", 0.1))),)),
        Reading((Character("(", 0.8, (("(", 0.8), ("（", 0.1))),)),
    ]
    assert averaged_word(looks).characters[0][:3] == ("（", 0.9, (("（", 0.9), ("C", 0.05)))


def test_a_script_that_no_statement_is_printed_in_is_not_read() -> None:
    assert OTHER_SCRIPTS.fullmatch("ド")
    for printed in "下一、（）〇①Ⅰ％￥—…“A0":
        assert not OTHER_SCRIPTS.fullmatch(printed)


def test_what_a_rule_hides_of_a_line_is_no_text(tmp_path: Path) -> None:
    """A header word wrapped in a row too low for it: of 式 only the top is seen above the rule."""
    path = tmp_path / "p.pdf"
    sheet = PrintedSheet(path, PAGE)
    rows = [["品目名称", "采购组织形"], ["会议服务", "分散采购"], ["印刷服务", "集中采购"]]
    cells = [Drawn(row, column, 1, 1, text) for row, of in enumerate(rows) for column, text in enumerate(of)]
    sheet.table(cells, steps(60, 140, 140), steps(60, 30, 30, 30), size=12)
    clip = sheet.canvas.beginPath()
    clip.rect(200, PAGE[1] - 90, 140, 30)
    sheet.canvas.clipPath(clip, stroke=0)
    sheet.text(264, 97, "式", 12)
    sheet.save()
    (table,) = read(write_scan(tmp_path / "scan.pdf", scan_pages(path, "shadow", 150, 1))).pages[0].tables
    assert texts(table)[0, 1] == "采购组织形"


def test_a_character_missed_or_one_too_many_is_among_the_alternatives() -> None:
    """Probabilities along a line by hand: a 3 that may be an 8, a faint 1 after it, a 0 that may be none."""
    recogniser = Recogniser.__new__(Recogniser)
    recogniser._alphabet = ["", "0", "1", "3", "8", " "]
    likely = np.array(
        [
            [0.9, 0.02, 0.02, 0.02, 0.02, 0.02],
            [0.1, 0.0, 0.0, 0.6, 0.3, 0.0],
            [0.0, 0.0, 0.0, 0.8, 0.2, 0.0],
            [0.6, 0.0, 0.4, 0.0, 0.0, 0.0],
            [0.3, 0.7, 0.0, 0.0, 0.0, 0.0],
        ],
        np.float32,
    )
    reading = recogniser._decoded(likely)
    assert reading.text == "30"
    three, nought = reading.characters
    assert (three.confidence, reading.missed) == (0.8, 0.4)
    assert three.alternatives == (("31", 0.4), ("8", 0.3), ("03", 0.02))
    assert nought.alternatives == (("", 0.3),)


def test_an_invisible_text_layer_over_a_scan_is_said_to_be_another_programs_recognition(
    tmp_path: Path,
) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    (page,) = scan_pages(printed(tmp_path / "p.pdf"), "clean", 150, 1)
    sheet = Sheet(tmp_path / "layer.pdf", PAGE)
    sheet.canvas.drawImage(ImageReader(Image.fromarray(page.picture)), 0, 0, *PAGE)
    hidden = sheet.canvas.beginText(40, 200)
    hidden.setFont("Helvetica", 10)
    hidden.setTextRenderMode(3)
    hidden.textOut("9,999.99")
    sheet.canvas.drawText(hidden)
    (remark,) = read(sheet.save()).remarks
    assert remark.reason == "hidden_text"
    assert "another program's recognition" in remark.message and "9,999.99" in remark.message


def test_text_without_meaning_is_recognised_from_its_picture(tmp_path: Path) -> None:
    """A font without ToUnicode prints what anybody can read; its codes say nothing."""
    rows = [
        ["项目名称", "本年支出", "基本支出"],
        ["合计", "1,385.51", "1,910.17"],
        ["住房", "813.49", "0.00"],
    ]
    cells = ", ".join(f"[{text}]" for row in rows for text in row)
    source = (
        "#set page(width: 420pt, height: 200pt)\n"
        f'#set text(font: "{FONT}", size: 11pt)\n'
        f"#table(columns: (120pt, 100pt, 100pt), {cells})\n"
    )
    fonts = [str(Path(FONT_FILE).parent)]
    content = typst.compile(source.encode(), font_paths=fonts, ignore_system_fonts=True)
    assert isinstance(content, bytes)
    assert b"/ToUnicode" in content
    path = tmp_path / "t.pdf"
    path.write_bytes(content.replace(b"/ToUnicode", b"/XoUnicode"))
    document = read(path)
    assert document.outcome == "read", document.problems
    assert [remark.reason for remark in document.remarks] == ["page_recognised"]
    (table,) = document.pages[0].tables
    found = texts(table)
    assert [[found[row, column] for column in range(3)] for row in range(3)] == rows
    assert {cell.read_by for cell in table.cells} == {"ocr"}


def test_strokes_as_high_as_their_rows_are_no_rules(tmp_path: Path) -> None:
    """In narrow rows the strokes of 单, 印, 补 run nearly from one rule to the next."""
    rows = [["单位", "金额"], *([name, f"{k},385.51"] for k, name in enumerate(NARROW, start=1))]
    sheet = PrintedSheet(tmp_path / "narrow.pdf", PAGE)
    sheet.table(plain(rows), steps(60, 120, 90), steps(60, *[13.5] * len(rows)), size=10.5)
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(sheet.save(), "noise", 150, 1))
    (table,) = read(scan).pages[0].tables
    found = texts(table)
    assert table.n_columns == 2
    assert [[found[row, column] for column in range(2)] for row in range(len(rows))] == rows


def test_figures_and_rules_under_the_strokes_of_a_seal(tmp_path: Path) -> None:
    figures = [[f"第{k}项", f"{k}1,207.36", f"{k}4,681.90"] for k in range(1, 7)]
    rows = [["项目", "预算数", "决算数"], *figures]
    sheet = PrintedSheet(tmp_path / "seal.pdf", (300, 240))
    sheet.table(plain(rows), steps(30, 80, 80, 80), steps(40, *[22] * len(rows)), size=10)
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(sheet.save(), "seal", 150, 5))
    (table,) = read(scan).pages[0].tables
    found = texts(table)
    assert [[found[row, column] for column in range(3)] for row in range(len(rows))] == rows
