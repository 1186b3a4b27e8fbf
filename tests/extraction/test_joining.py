"""Tables over page ends: what belongs together, what does not, and whose text is whose."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.extraction.model import JoinedTable
from tests.extraction.drawing import Drawn, Sheet, plain, steps

HEADER = ["编码", "名称", "合计"]
XS = steps(60, 60, 160, 90)


def rows(first: int, count: int) -> list[list[str]]:
    return [[f"201{k:02d}", f"科目{k}", f"{k}.00"] for k in range(first, first + count)]


def grid(sheet: Sheet, texts: list[list[str]], top: float, xs: list[float] | None = None) -> None:
    sheet.table(plain(texts), xs or XS, steps(top, *[20.0] * len(texts)))


def joined(sheet: Sheet) -> tuple[JoinedTable, ...]:
    document = read_document(sheet.save(), "d")
    assert document.outcome == "read"
    return document.tables


def texts_of(table: JoinedTable) -> list[list[str]]:
    """Rows of all parts without repeated headers."""
    found: list[list[str]] = []
    for part, header in zip(table.parts, table.repeated_header_rows, strict=True):
        found.extend([c.text for c in part.cells if c.row == row] for row in range(header, part.n_rows))
    return found


@pytest.mark.parametrize("header_again", [False, True])
def test_table_over_three_pages(tmp_path: Path, header_again: bool) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(200, 60, "支出决算表", 14)
    sheet.text(450, 80, "单位：万元")
    again = [HEADER] if header_again else []
    grid(sheet, [HEADER, *rows(1, 5)], 100)
    sheet.text(290, 815, "- 1 -")
    sheet.new_page()
    grid(sheet, [*again, *rows(6, 5)], 60)
    sheet.text(290, 815, "- 2 -")
    sheet.new_page()
    grid(sheet, [*again, *rows(11, 2)], 60)
    sheet.text(60, 180, "注：本表反映支出。")
    sheet.text(290, 815, "- 3 -")
    (table,) = joined(sheet)
    assert [part.page for part in table.parts] == [1, 2, 3]
    assert table.repeated_header_rows == ((0, 1, 1) if header_again else (0, 0, 0))
    assert texts_of(table) == [HEADER, *rows(1, 12)]
    assert [line.text for line in table.lead] == ["支出决算表", "单位：万元"]
    assert [line.text for line in table.trail] == ["注：本表反映支出。"]
    assert table.broken_rows == ()


def test_new_title_makes_a_new_table_for_all_its_same_columns(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(200, 60, "收入决算表", 14)
    grid(sheet, [HEADER, *rows(1, 3)], 100)
    sheet.new_page()
    sheet.text(200, 60, "支出决算表", 14)
    grid(sheet, [HEADER, *rows(1, 3)], 100)
    one, two = joined(sheet)
    assert [line.text for line in one.lead] == ["收入决算表"]
    assert [line.text for line in one.trail] == ["支出决算表"]
    assert [line.text for line in two.lead] == ["支出决算表"]
    assert two.trail == ()


def test_title_at_the_foot_belongs_to_the_grid_on_the_next_page(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(200, 60, "收入决算表", 14)
    grid(sheet, [HEADER, *rows(1, 3)], 100)
    sheet.text(200, 780, "支出决算表", 14)
    sheet.text(290, 815, "第 1 页 共 2 页")
    sheet.new_page()
    grid(sheet, [HEADER, *rows(1, 3)], 40)
    sheet.text(290, 815, "第 2 页 共 2 页")
    one, two = joined(sheet)
    assert len(one.parts) == 1
    assert [line.text for line in two.lead] == ["支出决算表"]


def test_title_and_unit_printed_again_on_each_page(tmp_path: Path) -> None:
    """Spreadsheets print title rows again on each page: still one table."""
    sheet = Sheet(tmp_path / "t.pdf")
    for k in range(3):
        sheet.text(200, 60, "支出决算表", 14)
        sheet.text(450, 80, "单位：万元")
        grid(sheet, [HEADER, *rows(1 + 4 * k, 4)], 100)
        sheet.new_page()
    (table,) = joined(sheet)
    assert [part.page for part in table.parts] == [1, 2, 3]
    assert table.repeated_header_rows == (0, 1, 1)
    assert texts_of(table) == [HEADER, *rows(1, 12)]


def test_continued_mark_is_no_title(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(200, 60, "支出决算表", 14)
    grid(sheet, [HEADER, *rows(1, 3)], 100)
    sheet.new_page()
    sheet.text(450, 60, "（续表）")
    grid(sheet, [HEADER, *rows(4, 3)], 80)
    (table,) = joined(sheet)
    assert texts_of(table) == [HEADER, *rows(1, 6)]


def test_other_columns_are_another_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    grid(sheet, [HEADER, *rows(1, 3)], 100)
    sheet.new_page()
    grid(sheet, [HEADER, *rows(4, 3)], 60, steps(60, 100, 120, 90))
    assert [len(table.parts) for table in joined(sheet)] == [1, 1]


def test_a_page_of_prose_between_ends_a_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    grid(sheet, [HEADER, *rows(1, 3)], 100)
    sheet.new_page()
    sheet.text(60, 100, "二、情况说明")
    sheet.new_page()
    grid(sheet, [HEADER, *rows(1, 3)], 60)
    one, two = joined(sheet)
    assert [line.text for line in two.lead] == ["二、情况说明"]
    assert len(one.parts) == 1


def test_spill_page_with_one_empty_row(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    grid(sheet, [HEADER, *rows(1, 3)], 700)
    sheet.new_page()
    grid(sheet, [["", "", ""]], 60)
    (table,) = joined(sheet)
    assert [(part.page, part.n_rows) for part in table.parts] == [(1, 4), (2, 1)]
    assert table.broken_rows == ()


def test_mirrored_margins_shift_the_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    grid(sheet, [HEADER, *rows(1, 3)], 100)
    sheet.new_page()
    grid(sheet, rows(4, 3), 60, [x + 18 for x in XS])
    (table,) = joined(sheet)
    assert texts_of(table) == [HEADER, *rows(1, 6)]


def test_columns_mean_the_same_in_every_part(tmp_path: Path) -> None:
    """The part without the divided header is counted in the columns of the one with it."""
    sheet = Sheet(tmp_path / "t.pdf")
    xs = steps(60, 80, 60, 60, 80)
    head = [Drawn(0, 0, 1, 4, "表头"), *[Drawn(1, j, text=f"c{j}") for j in range(4)]]
    sheet.table(head, xs, steps(100, 20, 20))
    sheet.new_page()
    sheet.table([Drawn(0, 0, text="a"), Drawn(0, 1, 1, 2, "b"), Drawn(0, 3, text="d")], xs, steps(60, 20))
    (table,) = joined(sheet)
    assert [part.n_columns for part in table.parts] == [4, 4]
    assert [(c.column, c.column_span, c.text) for c in table.parts[1].cells] == [
        (0, 1, "a"),
        (1, 2, "b"),
        (3, 1, "d"),
    ]


@pytest.mark.parametrize(
    ("last", "rest", "is_broken"),
    [
        (["208", "机关事业单位基本养老保险缴费支", "1.00"], ["", "出", ""], True),
        (["208", "养老支出", "1.00"], ["", "其他支出", ""], False),
        (["208", "机关事业单位基本养老保险缴费支", "1.00"], ["", "九、卫生健康支出", ""], False),
        (["208", "机关事业单位基本养老保险缴费支", "1.00"], ["", "出", "2.00"], False),
        (["208", "机关事业单位基本养老保险缴费支", ""], ["", "", ""], False),
    ],
)
def test_row_broken_by_the_page_end(
    tmp_path: Path, last: list[str], rest: list[str], is_broken: bool
) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    xs = steps(60, 60, 124, 90)
    grid(sheet, [HEADER, *rows(1, 2), last], 740, xs)
    sheet.new_page()
    grid(sheet, [rest, *rows(3, 2)], 40, xs)
    (table,) = joined(sheet)
    assert table.broken_rows == ((1,) if is_broken else ())


def test_running_head_and_page_numbers_are_nobodys_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    for k in range(4):
        sheet.text(60, 30, "某市某局2023年度部门决算")
        sheet.text(200, 60, f"第{'一二三四'[k]}张表", 14)
        grid(sheet, [HEADER, *rows(1, 3)], 100)
        sheet.text(290, 815, str(k + 1))
        sheet.new_page()
    tables = joined(sheet)
    assert [[line.text for line in t.lead] for t in tables] == [[f"第{n}张表"] for n in "一二三四"]
    assert tables[-1].trail == ()


def test_sideways_page_has_its_title_before_its_table(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.canvas.translate(595, 0)
    sheet.canvas.rotate(90)
    sheet.width, sheet.height = 842.0, 595.0
    sheet.text(200, 60, "支出决算表", 14)
    grid(sheet, [HEADER, *rows(1, 3)], 100)
    sheet.text(60, 210, "注：本表反映支出。")
    (table,) = joined(sheet)
    assert [line.text for line in table.lead] == ["支出决算表"]
    assert [line.text for line in table.trail] == ["注：本表反映支出。"]


def test_foot_that_counts_pages_is_nobodys_text(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    for k in range(3):
        if k == 1:
            sheet.new_page((842.0, 595.0))
        elif k == 2:
            sheet.new_page((595.0, 842.0))
        grid(sheet, [HEADER, *rows(1 + 4 * k, 4)] if not k else rows(1 + 4 * k, 4), 60)
        sheet.text(60, sheet.height - 30, f"某局 样例    {k + 7} / 20")
    (table,) = joined(sheet)
    assert [part.page for part in table.parts] == [1, 2, 3]


def test_numbered_labels_over_statements_are_no_running_heads(tmp_path: Path) -> None:
    """公开01表, 公开02表 … at one place on pages in turn name statements; they must not vanish."""
    sheet = Sheet(tmp_path / "t.pdf")
    for k in range(5):
        sheet.text(60, 40, f"公开{k + 1:02d}表")
        sheet.text(200, 60, f"第{'一二三四五'[k]}张表", 14)
        grid(sheet, [HEADER, *rows(1, 3)], 100)
        sheet.new_page()
    assert [table.lead[0].text for table in joined(sheet)] == [f"公开{k:02d}表" for k in range(1, 6)]


def test_watermark_printed_aslant_is_in_no_cell_and_no_lead(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.text(200, 60, "支出决算表", 14)
    grid(sheet, [HEADER, *rows(1, 6)], 100)
    sheet.canvas.saveState()
    sheet.canvas.translate(80, sheet.height - 260)
    sheet.canvas.rotate(40)
    sheet.canvas.setFont("STSong-Light", 40)
    sheet.canvas.drawString(0, 0, "内部资料")
    sheet.canvas.restoreState()
    document = read_document(sheet.save(), "d")
    (table,) = document.tables
    assert texts_of(table) == [HEADER, *rows(1, 6)]
    assert [line.text for line in table.lead] == ["支出决算表"]
    assert [line.text for line in document.pages[0].lines if line.is_slanted] == ["内部资料"]
