"""Where a page end cut a table: which first rows repeat the header, which row was broken in two."""

from __future__ import annotations

import re

from pipelines.extraction.model import Cell, Table
from pipelines.extraction.normalise import normalise_text

#: How deep into the first part its header may begin (a title or unit printed inside the grid).
HEADER_SEARCH = 4
#: A line of text was full when what is left of the cell's width is less than this many characters.
FULL_LINE = 2.6

_NUMBER = re.compile(r"[-+−]?[\d,.\s]+%?|[-—–/]+")
_STARTS_ANEW = re.compile(
    r"[一二三四五六七八九十]+[、.．,，]|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．]?|其中|合计|总计|小计"
)


def repeated_header(first: Table, part: Table) -> int:
    """How many first rows of ``part`` repeat the header of ``first``; 0 where none does.

    Rows are compared by the texts of their cells in order. At least one of the repeated rows must
    hold text, and a row with a number is data, so equal rows of figures are never taken for a
    header. Where the header begins below a title inside the grid, the title may be left out.
    """
    ours = _rows(first)
    theirs = _rows(part)
    best = 0
    for start in range(min(HEADER_SEARCH, len(ours))):
        count = 0
        while (
            count < len(theirs)
            and start + count < len(ours)
            and ours[start + count] == theirs[count]
            and not any(re.search(r"\d[\d,]*\.\d", text) for text in theirs[count])
        ):
            count += 1
        if count and any(any(row) for row in theirs[:count]):
            best = max(best, count)
    while best and not any(theirs[best - 1]):
        best -= 1
    return best


def _rows(table: Table) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.n_rows)]
    for cell in table.cells:
        rows[cell.row].append(normalise_text(cell.text))
    return rows


def goes_on_broken(before: Table, part: Table, header_rows: int) -> bool:
    """Whether the first row of ``part`` (after a repeated header) is the rest of a broken row.

    It is when it holds no number and no beginning of its own ("一、", a code), every text in it
    stands under a text of the last row, and the last line of that text had filled its cell, so
    that a word processor had to wrap it.
    """
    last = {cell.column: cell for cell in before.cells if cell.row + cell.row_span == before.n_rows}
    head = [cell for cell in part.cells if cell.row == header_rows]
    texts = [cell for cell in head if cell.text.strip()]
    if not texts:
        return False
    return all(_goes_on(last.get(cell.column), cell) for cell in texts)


def _goes_on(above: Cell | None, below: Cell) -> bool:
    if above is None or not above.text.strip() or above.column_span != below.column_span:
        return False
    text = normalise_text(below.text)
    if _NUMBER.fullmatch(text) or _STARTS_ANEW.match(text):
        return False
    ending = normalise_text(above.text)
    if _NUMBER.fullmatch(ending):
        return False
    return _was_full(above)


def _was_full(cell: Cell) -> bool:
    """Whether the cell's last printed line left no room for more; judged from its longest line."""
    lines = cell.text.split("\n")
    longest = max(_width(line) for line in lines)
    if len(lines) > 1:
        return _width(lines[-1]) >= longest - 1.0
    return True


def _width(text: str) -> float:
    """The width of a text in ideographs: other characters count half."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.5 for character in text)
