"""The header of an unruled table that a page end cut off from the rows below it.

Such a header is no table by itself: nothing below it shows where its columns part. The rows on the next
page do, so that the page is read once more when they are known, with the header over the same columns.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from pipelines.extraction.aligned import ROW_BEGINS
from pipelines.extraction.aligned_lines import Line, lines_of
from pipelines.extraction.aligned_regions import UNIT, counts_on, is_furniture, is_note, states_unit
from pipelines.extraction.grid import GridTooLargeError
from pipelines.extraction.joining import page_before
from pipelines.extraction.marks import Marks
from pipelines.extraction.model import Page, PageBefore
from pipelines.extraction.tables import find_grids, read_tables

#: No header has more lines than this.
MOST_LINES = 12

_AMOUNT = re.compile(r"\d[.．]\d\d")


class LastPage(NamedTuple):
    """The page read last, with the marks on it and what the page before it left to it."""

    page: Page
    marks: Marks
    before: PageBefore

    def leaves(self, pages: list[Page]) -> PageBefore:
        """What it, the last of ``pages``, leaves to the next page."""
        left = page_before(pages)
        header = _cut_header(self)
        # What is nothing but a header has no columns yet that could go on.
        return replace(left, header=header, heads_table=True, edges=(), framed=()) if header else left

    def with_header(self, marks: Marks, left: PageBefore) -> Page:
        """The page with the header at its foot as a table, if the next page begins with its rows.

        ``marks`` are those of the next page, ``left`` is what this one leaves to it.
        """
        try:
            grids = find_grids(marks, left)
        except GridTooLargeError:
            return self.page  # the next page is a drawing
        header = next((each.header for each in grids if each.header is not None), None)
        if header is None:
            return self.page
        tables, lines = read_tables(self.marks, self.page.number, self.before, header)
        return replace(self.page, tables=tables, lines=lines)


def _cut_header(last: LastPage) -> tuple[Line, ...]:
    """The lines below the last statement of a unit, if they are all there is down to the foot of the page.

    None of them has a figure, but for the last, which may count the columns.
    """
    page, marks = last.page, last.marks
    stated = [k for k, each in enumerate(page.lines) if not each.in_table and UNIT.search(each.text)]
    if not stated or marks.turn or marks.skew:
        return ()
    unit = page.lines[stated[-1]]
    if any(_AMOUNT.search(each.text) for each in page.lines[stated[-1] + 1 :]):
        return ()
    if any(table.ruling != "none" and table.box.bottom > unit.box.bottom for table in page.tables):
        return ()
    lines = [line for line in lines_of(marks.glyphs) if not is_furniture(line, marks.height)]
    if lines and counts_on(lines[-1], marks.height, last.before):
        lines.pop()
    first = max((k + 1 for k, line in enumerate(lines) if states_unit(line)), default=len(lines))
    header = lines[first:]
    if not 0 < len(header) <= MOST_LINES or any(is_note(line) for line in header):
        return ()
    if any(ROW_BEGINS.match(piece.text) for line in header for piece in line.pieces):
        return ()
    has_rows = any(line.has_figures for line in header[:-1])
    is_row = header[-1].has_figures and not header[-1].counts_columns
    return () if has_rows or is_row else tuple(header)
