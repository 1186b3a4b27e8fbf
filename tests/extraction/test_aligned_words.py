"""Words of unruled tables as typesetting programs set them: close to figures, wide, wrapped, in brackets."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.extraction.aligned_columns import Block, blocks_of
from pipelines.extraction.aligned_header import headed
from pipelines.extraction.aligned_lines import Line, Piece, lines_of
from pipelines.extraction.aligned_rows import body_rows
from pipelines.extraction.marks import Glyph
from tests.extraction.drawing import Sheet
from tests.extraction.test_aligned import right, texts

SIZE = 9.0


def typed(*words: tuple[float, str]) -> list[Glyph]:
    """Characters on one line, ideographs and full-width brackets as wide as high, others half as wide."""
    glyphs: list[Glyph] = []
    for start, text in words:
        x0 = start
        for character in text:
            x1 = x0 + (SIZE if ord(character) > 0x2000 else SIZE / 2)
            glyphs.append(Glyph(x0, 100.0, x1, 109.0, character, SIZE))
            x0 = x1
    return glyphs


def pieces_of(*words: tuple[float, str]) -> list[str]:
    (line,) = lines_of(typed(*words))
    return [piece.text for piece in line.pieces]


def line(middle: float, *words: tuple[float, str]) -> Line:
    pieces = tuple(Piece(x0, x0 + SIZE * len(t), middle - 4.5, middle + 4.5, t, SIZE) for x0, t in words)
    return Line(middle - 4.5, middle + 4.5, SIZE, pieces)


def said(block: Block | None) -> str:
    return "" if block is None else "".join(piece.text for piece in block.pieces)


@pytest.mark.parametrize("figure", ["0", "1,405", "5,367.70", "-12"])
def test_a_figure_ends_before_the_empty_half_of_a_bracket(figure: str) -> None:
    # Hunan's summary: the amount ends at the right of its column, the name begins at the left of the next.
    end = 100 + SIZE / 2 * len(figure)
    assert pieces_of((100, figure), (end, "（一）基本支出")) == [figure, "（一）基本支出"]


def test_a_number_inside_a_name_does_not_end_before_a_bracket() -> None:
    assert pieces_of((100, "表"), (109, "7"), (113.5, "（续）")) == ["表7（续）"]


@pytest.mark.parametrize("name", ["合计", "小计", "支出总计", "本年支出合计"])
def test_the_name_of_a_total_set_wide_is_one_word(name: str) -> None:
    wide = [(100 + 18.0 * k, character) for k, character in enumerate(name)]
    assert pieces_of(*wide, (300, "231.37")) == [name, "231.37"]


def test_no_other_characters_side_by_side_are_one_word() -> None:
    words = (100.0, "类"), (118.0, "款"), (136.0, "项"), (200.0, "合"), (218.0, "计")
    assert pieces_of(*words) == ["类", "款", "项", "合计"]
    # The name and the first character of the next column, further apart.
    assert pieces_of((100, "支"), (154, "合"), (172, "计")) == ["支", "合计"]


def test_a_phrase_does_not_end_with_its_conjunction() -> None:
    # 2021年预算数与 | 2020年执行数: a quarter of the type size stands between ideographs and figures.
    words = (100.0, "2021"), (120.25, "年预算数与"), (167.5, "2020"), (187.75, "年执行数")
    assert pieces_of(*words) == ["2021年预算数与2020年执行数"]
    others = (100.0, "2021"), (120.25, "年预算数"), (158.5, "2020"), (178.75, "年执行数")
    assert pieces_of(*others) == ["2021年预算数", "2020年执行数"]


def test_a_word_is_whole_when_its_bracket_is_closed() -> None:
    # 15 points from line to line, another word beside the second line, 余） half a bracket off the middle.
    header = [line(139.5, (416.0, "上年结转（结")), line(154.5, (502.0, "小计"), (437.0, "余）"))]
    assert [said(block) for block in blocks_of(header)] == ["上年结转（结余）", "小计"]
    header = [line(139.5, (416.0, "上年结转结余")), line(154.5, (502.0, "小计"), (437.0, "其中"))]
    assert [said(block) for block in blocks_of(header)] == ["上年结转结余", "小计", "其中"]


def test_a_spaced_word_may_end_with_what_stands_in_brackets() -> None:
    header = [
        line(160, (130, "项目"), (249, "决算数"), (339, "项"), (351, "目（按功能分类）"), (484, "决算数"))
    ]
    assert [said(block) for block in blocks_of(header)] == ["项目", "决算数", "项目（按功能分类）", "决算数"]


def test_words_over_two_rows_head_one_column_though_a_lower_word_is_wrapped() -> None:
    # A university's funds: 年初结转和结余 between 编码 on two lines and 小计, each in the middle of its cell.
    header = [
        line(128.0, (179, "项目"), (569, "本年支出")),
        line(141.0, (322, "年初结转和结余"), (413, "本年收入"), (712, "年末结转和结余")),
        line(149.0, (67, "支出功能分类科目")),
        line(154.5, (210, "科目名称"), (500, "小计"), (569, "基本支出"), (647, "项目支出")),
        line(160.0, (93, "编码")),
    ]
    spans = [(65.0, 97.0), (143.0, 296.0), (446.0, 467.0), (523.0, 544.0), (679.0, 700.0)]
    columns = headed(spans, blocks_of(header), (62, 781), [False, False, True, True, True])
    assert [said(leaf) for leaf in columns.leaves] == [
        *("支出功能分类科目编码", "科目名称", "年初结转和结余", "本年收入"),
        *("小计", "基本支出", "项目支出", "年末结转和结余"),
    ]
    assert [said(parent) for parent in columns.parents] == ["项目", "本年支出"]


def test_lines_of_a_name_about_another_one_are_one_row_of_blank_amounts() -> None:
    # Xinjiang's summary: nothing but 结转下年 stands at the height of the wrapped name's row.
    rows = body_rows(
        [
            line(536.5, (300, "抗疫特别国债安排的支出"), (506, "1")),
            line(550.5, (127, "小计"), (268, "1"), (365, "小计"), (506, "1")),
            line(565.5, (62, "单位上年结余（不包括国库集中支付额")),
            line(572.5, (300, "结转下年")),
            line(579.5, (62, "度结余）")),
            line(594.5, (117, "收入总计"), (268, "1"), (355, "支出总计"), (506, "1")),
        ],
        (60, 224, 298, 462, 535),
        (),
    )
    assert len(rows.rows) == 4
    (blank,) = (row for row in rows.rows if not any(entry.is_number for entry in row.entries))
    stated = {entry.first: "".join(piece.text for piece in entry.pieces) for entry in blank.entries}
    names = sorted(entry.first for entry in blank.entries)
    assert names in ([0, 2], [0, 0, 2]) and stated[2] == "结转下年"


def _sides(sheet: Sheet, y: float) -> None:
    for x, word in ((100, "项目"), (200, "预算数"), (320, "项目"), (440, "预算数")):
        sheet.text(x, y, word)


def test_a_wrapped_name_may_begin_the_rows_of_a_page_that_goes_on(tmp_path: Path) -> None:
    # Its first line stands high above the figure of its row, right below the header that is repeated.
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(440, 60, "单位：万元")
    _sides(sheet, 80)
    for k in range(4):
        sheet.text(70, 100 + 20 * k, f"{'一二三四'[k]}、收入")
        right(sheet, 230, 100 + 20 * k, f"{k}1.00")
        sheet.text(260, 100 + 20 * k, f"{'一二三四'[k]}、一般公共服务支出")
        right(sheet, 480, 100 + 20 * k, f"{k}2.00")
    sheet.new_page()
    _sides(sheet, 100)
    sheet.text(260, 116, "五、抗疫特别国债安排的支")
    right(sheet, 480, 124, "0")
    sheet.text(260, 132, "出")
    for y, name in ((150, "结转下年支出"), (170, "其他支出")):
        sheet.text(70, y, name.replace("支出", "收入"))
        right(sheet, 230, y, "5.00")
        sheet.text(260, y, name)
        right(sheet, 480, y, "6.00")
    (joined,) = read_document(sheet.save(), "d").tables
    assert joined.repeated_header_rows == (0, 1)
    assert texts(joined.parts[1])[1] == ["", "", "五、抗疫特别国债安排的支\n出", "0"]


def test_a_row_alone_in_a_frame_goes_on_with_the_columns_of_the_page_before(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    edges = (60, 200, 300, 440, 540)

    def page(top: float, rows: list[tuple[str, str, str, str]]) -> None:
        bottom = top + 30 + 20 * len(rows)
        for x in edges:
            sheet.line(x, top, x, bottom)
        for y in (top, bottom):
            sheet.line(edges[0], y, edges[-1], y)
        for k, row in enumerate([("项目", "金额", "项目", "金额"), *rows]):
            for place, text in enumerate(row):
                if place % 2 and k:
                    right(sheet, edges[place + 1] - 3, top + 20 + 20 * k, text)
                else:
                    sheet.text(edges[place] + 5, top + 20 + 20 * k, text)

    sheet.text(460, 60, "单位：万元")
    page(70, [("一、财政拨款收入", f"{k}5.00", "一、教育支出", f"{k}6.00") for k in range(1, 6)])
    sheet.new_page()
    page(70, [("总计", "595.17", "总计", "595.17")])
    (joined,) = read_document(sheet.save(), "d").tables
    assert [part.page for part in joined.parts] == [1, 2]
    assert texts(joined.parts[1])[-1] == ["总计", "595.17", "总计", "595.17"]
