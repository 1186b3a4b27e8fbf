"""Where a page end cut a table: which first rows repeat the header, which row was broken in two."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipelines.extraction.model import Box, Cell, Table, TextLine
from pipelines.extraction.normalise import normalise_text

#: How deep into the first part its header may begin (a title or unit printed inside the grid).
HEADER_SEARCH = 4
#: What word processors keep free on either side of a cell at most (Word: 5.4 points).
MOST_PADDING = 5.5

_NUMBER = re.compile(r"[-+−]?[\d,.\s]+%?|[-—–/]+")
_STARTS_ANEW = re.compile(r"[一二三四五六七八九十]+[、.,]|\([一二三四五六七八九十\d]+\)|\d+[、.]?|其中")


def repeated_header(first: Table, part: Table) -> int:
    """How many first rows of ``part`` repeat the header of ``first``; 0 where none does.

    Rows are compared by the texts of their cells in order. At least one of the repeated rows must
    hold text, and a row with a number is data, so equal rows of figures are never taken for a
    header. Where the header begins below a title inside the grid, the title may be left out.
    """
    ours, theirs = _Rows(first), _Rows(part)
    best = 0
    for start in range(min(HEADER_SEARCH, first.n_rows)):
        count = 0
        while (
            count < part.n_rows
            and start + count < first.n_rows
            and ours.texts(start + count) == theirs.texts(count)
            and not any(re.search(r"\d[\d,]*\.\d", text) for text in theirs.texts(count))
        ):
            count += 1
        if any(any(theirs.texts(k)) for k in range(count)):
            best = max(best, count)
    while best and not any(theirs.texts(best - 1)):
        best -= 1
    return best


class _Rows:
    """The texts of a table's rows, of which mostly the first alone are looked at."""

    def __init__(self, table: Table) -> None:
        self._cells: list[list[Cell]] = [[] for _ in range(table.n_rows)]
        for cell in table.cells:
            self._cells[cell.row].append(cell)
        self._texts: dict[int, list[str]] = {}

    def texts(self, row: int) -> list[str]:
        """The texts of the cells that begin in a row, in order."""
        if row not in self._texts:
            self._texts[row] = [normalise_text(cell.text) for cell in self._cells[row]]
        return self._texts[row]


def goes_on_broken(before: Table, part: Table, header_rows: int, lines: Sequence[TextLine]) -> bool:
    """Whether the first row of ``part`` (after a repeated header) is the rest of a broken row.

    It is when every text in it stands under a text of the last row whose last line leaves no room
    for another character, so that a word processor had to wrap it there, and when it is neither a
    number nor has a beginning of its own ("一、", a code). ``lines`` are the lines of the page of
    ``before``.
    """
    last = {cell.column: cell for cell in before.cells if cell.row + cell.row_span == before.n_rows}
    texts = [cell for cell in part.cells if cell.row == header_rows and cell.text.strip()]
    padding = _padding(before, lines)
    return bool(texts) and all(_goes_on(last.get(cell.column), cell, lines, padding) for cell in texts)


def _padding(table: Table, lines: Sequence[TextLine]) -> float:
    """How near text comes to the left edges of the cells: what the author's program keeps free."""
    gaps = [
        line.box.x0 - table.column_edges[bisect_right(table.column_edges, line.box.x0) - 1]
        for line in lines
        if line.in_table and _holds(table.box, line.box) and line.box.x0 >= table.column_edges[0]
    ]
    return min(min(gaps, default=0.0), MOST_PADDING)


def _goes_on(above: Cell | None, below: Cell, lines: Sequence[TextLine], padding: float) -> bool:
    if above is None or above.column_span != below.column_span:
        return False
    text, ending = normalise_text(below.text), normalise_text(above.text)
    if not ending or _NUMBER.fullmatch(ending) or _NUMBER.fullmatch(text) or _STARTS_ANEW.match(text):
        return False
    inside = [line for line in lines if line.in_table and _holds(above.box, line.box)]
    if not inside:
        return False
    line = max(inside, key=lambda each: each.box.bottom)
    character = line.box.bottom - line.box.top
    room = (above.box.x1 - above.box.x0) - (line.box.x1 - line.box.x0)
    return room < character + 2 * padding


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.top + inner.bottom) / 2
    return outer.x0 <= x <= outer.x1 and outer.top <= y <= outer.bottom
