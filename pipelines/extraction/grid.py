"""The cells that a framework of rules divides the page into.

The rules' places make a lattice; two neighbouring fields of the lattice belong to one printed cell
where no rule stands between them. So merged cells come out with their spans whatever shape the
table has, and a cell the author drew as one stays one.

Decisions, with their reasons:

- A side of the table with no rule at all along it is taken as drawn (tables open to the left and
  right, rows cut off by the end of the page). A side ruled in parts is taken as it is, and a field
  open on two or more sides is paper, not a cell.
- Edges nearer than ``SNAP`` are one edge (double rules, slips); no line of text fits between.
- Two tables that touch are one grid: rows, columns and spans say all there is to see; whether the
  lower one is another statement is for ``statements`` to say. So is a title printed in the grid.
- A frame around a table that does not touch it makes a grid of one cell, which is no table.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.extraction.marks import Rule
from pipelines.extraction.rules import GAP, Framework

#: Parallel rules no further apart than this (points) bound the same cells.
SNAP = 3.5
#: A field's side counts as ruled when at least this share of it is.
RULED = 0.5
#: An overhang of level rules beyond the last upright one is an open column from this width (points).
OPEN = 8.0
#: A lattice of more fields than this is a drawing or an attack, not a table that people print.
MOST_FIELDS = 50_000


class GridTooLargeError(ValueError):
    """The rules of a page make a lattice too large to be a printed table."""


class GridCell(NamedTuple):
    """A cell of a grid by its place in the lattice, ends not included."""

    row: int
    column: int
    row_end: int
    column_end: int


@dataclass(frozen=True, slots=True)
class Grid:
    """Edges from left to right and from top to bottom, and the cells between them."""

    column_edges: tuple[float, ...]
    row_edges: tuple[float, ...]
    cells: tuple[GridCell, ...]

    @property
    def area(self) -> float:
        """The area of the whole grid in square points."""
        return (self.column_edges[-1] - self.column_edges[0]) * (self.row_edges[-1] - self.row_edges[0])

    def box(self, cell: GridCell) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a cell."""
        return (
            self.column_edges[cell.column],
            self.row_edges[cell.row],
            self.column_edges[cell.column_end],
            self.row_edges[cell.row_end],
        )


def grid_of(framework: Framework) -> Grid | None:
    """The grid of a framework, or None where it divides nothing (fewer than two cells).

    Raises GridTooLargeError where the lattice has more than MOST_FIELDS fields.
    """
    columns = _edges(framework.verticals, framework.horizontals)
    rows = _edges(framework.horizontals, framework.verticals)
    if len(columns) < 2 or len(rows) < 2:
        return None
    if (len(columns) - 1) * (len(rows) - 1) > MOST_FIELDS:
        raise GridTooLargeError(f"{len(rows) - 1} x {len(columns) - 1} fields")
    # above[i][j]: is the top of field (i, j) ruled; left[j][i]: is the left of field (i, j) ruled.
    above = _close_open_sides(_coverage(framework.horizontals, rows, columns))
    left = _close_open_sides(_coverage(framework.verticals, columns, rows))
    cells = _cells(above, left, len(rows) - 1, len(columns) - 1)
    if len(cells) < 2:
        return None
    return _compressed(columns, rows, cells)


def _edges(rules: Sequence[Rule], crossing: Sequence[Rule]) -> list[float]:
    """The places of edges in one direction: rules closer than SNAP together, plus open sides."""
    places: list[float] = []
    ordered = sorted(rules)
    i = 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j].at - ordered[i].at <= SNAP:
            j += 1
        weight = sum(rule.end - rule.start for rule in ordered[i:j])
        places.append(sum(rule.at * (rule.end - rule.start) for rule in ordered[i:j]) / weight)
        i = j
    first, last = places[0], places[-1]
    for ends, is_first in (
        ([(rule.start, rule) for rule in crossing if rule.start < first - OPEN], True),
        ([(rule.end, rule) for rule in crossing if rule.end > last + OPEN], False),
    ):
        # One rule that sticks out is a slip or an underline, unless it goes through the whole table (a
        # header's one upright in a table without outer rules); two that end together are a side.
        outer = min(ends)[0] if is_first and ends else max(ends)[0] if ends else 0.0
        at_side = [rule for end, rule in ends if abs(end - outer) <= GAP]
        if len(at_side) > 1 or any(r.start <= first + GAP and last - GAP <= r.end for r in at_side):
            places.insert(0, outer) if is_first else places.append(outer)
    return places


def _coverage(rules: Sequence[Rule], edges: Sequence[float], across: Sequence[float]) -> list[list[float]]:
    """For each edge, for each stretch between two crossing edges, the share of it that is ruled."""
    spans: list[dict[int, list[tuple[float, float]]]] = [{} for _ in edges]
    ruled = [[0.0] * (len(across) - 1) for _ in edges]
    for rule in rules:
        near = bisect_left(edges, rule.at)
        if near and (near == len(edges) or rule.at - edges[near - 1] <= edges[near] - rule.at):
            near -= 1
        # The stretches that the rule runs through from end to end, and those it ends in.
        first, last = bisect_left(across, rule.start), bisect_right(across, rule.end) - 1
        if first < last:
            ruled[near][first:last] = [1.0] * (last - first)
        for k in {first - 1, last}:
            if 0 <= k < len(across) - 1:
                low, high = max(rule.start, across[k]), min(rule.end, across[k + 1])
                if high > low:
                    spans[near].setdefault(k, []).append((low, high))
    for along, found in zip(ruled, spans, strict=True):
        for k, pieces in found.items():
            along[k] = max(along[k], _length(pieces) / max(across[k + 1] - across[k], 0.01))
    return ruled


def _length(spans: list[tuple[float, float]]) -> float:
    """How much of the line the spans cover together."""
    if len(spans) == 1:
        return spans[0][1] - spans[0][0]
    covered, reach = 0.0, float("-inf")
    for low, high in sorted(spans):
        if high > reach:
            covered += high - max(low, reach)
            reach = high
    return covered


def _close_open_sides(covered: list[list[float]]) -> list[list[bool]]:
    """Which sides are ruled; an outermost side without any rule along it counts as ruled."""
    ruled = [[share >= RULED for share in line] for line in covered]
    for outer in (0, -1):
        if not any(ruled[outer]):
            ruled[outer] = [True] * len(ruled[outer])
    return ruled


def _cells(above: list[list[bool]], left: list[list[bool]], n_rows: int, n_columns: int) -> list[GridCell]:
    """Fields grown together over missing rules, as rectangles, in reading order."""
    region = [[-1] * n_columns for _ in range(n_rows)]
    cells: list[GridCell] = []
    for row in range(n_rows):
        for column in range(n_columns):
            if region[row][column] >= 0:
                continue
            mark = row * n_columns + column
            region[row][column] = mark
            if above[row][column] and above[row + 1][column] and left[column][row] and left[column + 1][row]:
                cells.append(GridCell(row, column, row + 1, column + 1))  # as nearly all are
                continue
            fields, todo = [], [(row, column)]
            while todo:
                i, j = todo.pop()
                fields.append((i, j))
                for a, b, is_open in (
                    (i - 1, j, not above[i][j]),
                    (i + 1, j, not above[i + 1][j]),
                    (i, j - 1, not left[j][i]),
                    (i, j + 1, not left[j + 1][i]),
                ):
                    if is_open and 0 <= a < n_rows and 0 <= b < n_columns and region[a][b] < 0:
                        region[a][b] = mark
                        todo.append((a, b))
            cells.extend(cell for cell in _rectangles(fields) if _is_closed(cell, above, left))
    return sorted(cells)


def _rectangles(fields: list[tuple[int, int]]) -> list[GridCell]:
    """A set of fields as rectangles: one where it is one, else runs of a row joined downwards."""
    rows = [i for i, _ in fields]
    columns = [j for _, j in fields]
    whole = GridCell(min(rows), min(columns), max(rows) + 1, max(columns) + 1)
    if (whole.row_end - whole.row) * (whole.column_end - whole.column) == len(fields):
        return [whole]
    found: list[GridCell] = []
    growing: dict[tuple[int, int], int] = {}
    for row in range(whole.row, whole.row_end):
        run = sorted(j for i, j in fields if i == row)
        runs: list[tuple[int, int]] = []
        for j in run:
            if runs and runs[-1][1] == j:
                runs[-1] = (runs[-1][0], j + 1)
            else:
                runs.append((j, j + 1))
        ended = [key for key in growing if key not in runs]
        found.extend(GridCell(growing.pop(key), key[0], row, key[1]) for key in ended)
        for key in runs:
            growing.setdefault(key, row)
    found.extend(GridCell(start, key[0], whole.row_end, key[1]) for key, start in growing.items())
    return found


def _is_closed(cell: GridCell, above: list[list[bool]], left: list[list[bool]]) -> bool:
    """Whether at least three sides of a cell are ruled along most of their fields.

    Sides inside the lattice are ruled by construction, so this only ever drops the open paper
    beside a table whose outline is not a rectangle.
    """
    sides = (
        [above[cell.row][j] for j in range(cell.column, cell.column_end)],
        [above[cell.row_end][j] for j in range(cell.column, cell.column_end)],
        [left[cell.column][i] for i in range(cell.row, cell.row_end)],
        [left[cell.column_end][i] for i in range(cell.row, cell.row_end)],
    )
    return sum(2 * sum(side) >= len(side) for side in sides) >= 3


def _compressed(columns: list[float], rows: list[float], cells: list[GridCell]) -> Grid:
    """The grid without edges that bound no cell."""
    used_columns = sorted({c.column for c in cells} | {c.column_end for c in cells})
    used_rows = sorted({c.row for c in cells} | {c.row_end for c in cells})
    if len(used_columns) == len(columns) and len(used_rows) == len(rows):
        return Grid(tuple(columns), tuple(rows), tuple(cells))
    new_column = {old: new for new, old in enumerate(used_columns)}
    new_row = {old: new for new, old in enumerate(used_rows)}
    return Grid(
        tuple(columns[k] for k in used_columns),
        tuple(rows[k] for k in used_rows),
        tuple(
            GridCell(new_row[c.row], new_column[c.column], new_row[c.row_end], new_column[c.column_end])
            for c in cells
        ),
    )
