"""A table over its pages as one grid of rows, which the room's other modules look things up in.

The grid keeps every cell's own record, so that a figure never loses its place on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipelines.extraction.model import Cell, JoinedTable, Table
from pipelines.statements.numerals import Printed, read_number
from pipelines.statements.printed_text import plain


@dataclass(frozen=True)
class GridCell:
    """A printed cell at its place in the whole table (``row`` and ``column`` from 0)."""

    cell: Cell
    row: int
    column: int
    row_span: int
    column_span: int
    is_repeated_header: bool = False

    @cached_property
    def text(self) -> str:
        """The text in comparable form."""
        return plain(self.cell.text)

    @cached_property
    def printed(self) -> Printed:
        """What the cell holds, read as a number."""
        return read_number(self.cell.text)

    @property
    def last_column(self) -> int:
        """The last grid column that the cell covers."""
        return self.column + self.column_span - 1

    @property
    def last_row(self) -> int:
        """The last grid row that the cell covers."""
        return self.row + self.row_span - 1


@dataclass(frozen=True)
class Grid:
    """All rows of a table over page ends, without the rows that only repeat the header."""

    rows: tuple[tuple[GridCell, ...], ...]
    n_columns: int
    first_page: int
    last_page: int
    dropped: tuple[GridCell, ...] = ()

    @cached_property
    def _covering(self) -> dict[int, list[GridCell]]:
        covering: dict[int, list[GridCell]] = {}
        for cell in self.cells():
            for row in range(cell.row, cell.last_row + 1):
                covering.setdefault(row, []).append(cell)
        return covering

    def cells(self) -> Iterator[GridCell]:
        """All cells in reading order."""
        for row in self.rows:
            yield from row

    def head(self, n_rows: int) -> Grid:
        """The grid of the first rows only."""
        return Grid(self.rows[:n_rows], self.n_columns, self.first_page, self.last_page)

    def covering(self, row: int) -> list[GridCell]:
        """The cells that cover a row, also those that begin above it, from left to right."""
        return sorted(self._covering.get(row, []), key=lambda cell: (cell.column, cell.row))


def build_grid(table: JoinedTable) -> Grid:
    """Lay the parts of a table under one another.

    Repeated header rows are left out (kept in ``dropped``). A row broken by a page end becomes
    one row. A part with another number of columns is fitted by the place of its cells.
    """
    rows: list[list[GridCell]] = []
    dropped: list[GridCell] = []
    first = table.parts[0]
    for number, part in enumerate(table.parts):
        repeated = table.repeated_header_rows[number] if number < len(table.repeated_header_rows) else 0
        skip = repeated if number else 0
        # A part may be the lower half of a table: its rows count from its first cell.
        start = min((cell.row for cell in part.cells), default=0) if not number else 0
        offset = len(rows) - skip - start
        if number in table.broken_rows and rows:
            offset -= 1
        for cell in sorted(part.cells, key=lambda c: (c.row, c.column)):
            column, span = _fit(cell, part, first)
            placed = GridCell(cell, cell.row + offset, column, max(cell.row_span, 1), span, cell.row < skip)
            if cell.row < skip:
                dropped.append(placed)
                continue
            while len(rows) <= placed.row:
                rows.append([])
            rows[placed.row].append(placed)
    pages = [part.page for part in table.parts]
    width = max([first.n_columns, *(cell.column + cell.column_span for row in rows for cell in row)])
    ordered = tuple(tuple(sorted(row, key=lambda c: (c.column, c.cell.page))) for row in rows)
    return Grid(ordered, width, min(pages), max(pages), tuple(dropped))


def _fit(cell: Cell, part: Table, first: Table) -> tuple[int, int]:
    """The columns of the first part that a cell of a later part stands in."""
    same = part is first or part.n_columns == first.n_columns or len(first.column_edges) < 2
    if same:
        return cell.column, max(cell.column_span, 1)
    edges = first.column_edges
    covered = [
        index
        for index, (left, right) in enumerate(pairwise(edges))
        if _overlap(left, right, cell) > 0.5 * min(right - left, cell.box.x1 - cell.box.x0)
    ]
    if not covered:
        return cell.column, max(cell.column_span, 1)
    return covered[0], covered[-1] - covered[0] + 1


def _overlap(left: float, right: float, cell: Cell) -> float:
    return min(right, cell.box.x1) - max(left, cell.box.x0)
