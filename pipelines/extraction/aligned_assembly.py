"""Columns, header and rows of an unruled table become a grid: the edges, and what stands in one cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.extraction.aligned_columns import Columns
from pipelines.extraction.aligned_header import header_grid
from pipelines.extraction.aligned_lines import Line
from pipelines.extraction.aligned_rows import body_rows
from pipelines.extraction.grid import Grid, GridCell
from pipelines.extraction.model import Box


def assembled(
    columns: Columns, body: Sequence[Line], rules: Sequence[float], frame: Box | None
) -> Grid | None:
    """The grid of a header and the lines below it; None where its edges are in no order.

    Level ``rules`` are its borders where they are drawn, ``frame`` its sides.
    """
    edges = columns.edges
    n_columns = len(edges) - 1
    if not body:
        return _header_alone(columns)
    rows = body_rows(body, edges, rules)
    head_edges, cells, _ = header_grid(columns)
    n_head = len(head_edges)
    words = [b for b in [*columns.leaves, *columns.parents] if b is not None]
    tops = [row.top for row in rows.rows]
    bottoms = [row.bottom for row in rows.rows]
    first = min(tops[0], *(b.top for b in words)) - 1.0 if words else tops[0] - 1.0
    between = [_edge(b, t, rules) for b, t in zip(bottoms, tops[1:], strict=False)]
    row_edges = [first, *head_edges[1:]]
    if words:
        row_edges.append(_edge(max(b.bottom for b in words), tops[0], rules))
    row_edges.extend([*between, max(bottoms) + 1.0])
    # The outermost rules, within a line's height, are the sides of the table.
    above = [at for at in rules if row_edges[0] - body[0].size <= at <= row_edges[0] + 1]
    below = [at for at in rules if row_edges[-1] - 1 <= at <= row_edges[-1] + body[-1].size]
    row_edges[0], row_edges[-1] = max(above, default=row_edges[0]), min(below, default=row_edges[-1])
    if frame is not None:
        row_edges[0], row_edges[-1] = min(frame.top, row_edges[0]), max(frame.bottom, row_edges[-1])
    over = {
        (row, column): (first, last) for first, last, column in rows.over_rows for row in range(first, last)
    }
    for k, row in enumerate(rows.rows):
        joined = [False] * n_columns  # does column k hang together with column k + 1 in this row
        for entry in row.entries:
            for column in range(entry.first, entry.last - 1):
                joined[column] = True
        start = 0
        for column in range(n_columns):
            if joined[column]:
                continue
            begin, end = over.get((k, start), (k, k + 1)) if column == start else (k, k + 1)
            if begin == k:
                cells.append(GridCell(n_head + k, start, n_head + end, column + 1))
            start = column + 1
    if not all(a < b for a, b in pairwise(row_edges)) or not all(a < b for a, b in pairwise(edges)):
        return None
    return Grid(tuple(edges), tuple(row_edges), tuple(sorted(cells, key=lambda c: (c.row, c.column))))


def _header_alone(columns: Columns) -> Grid | None:
    """The grid of a header with nothing below it."""
    row_edges, cells, _ = header_grid(columns)
    words = [b for b in [*columns.leaves, *columns.parents] if b is not None]
    if not words:
        return None
    row_edges = [row_edges[0] - 1.0, *row_edges[1:], max(b.bottom for b in words) + 1.0]
    if not all(a < b for edges in (row_edges, columns.edges) for a, b in pairwise(edges)):
        return None
    return Grid(columns.edges, tuple(row_edges), tuple(sorted(cells)))


def _edge(bottom: float, top: float, rules: Sequence[float]) -> float:
    """The border between two rows: the rule there, or the middle of the white."""
    drawn = [at for at in rules if min(bottom, top) - 1 < at < max(bottom, top) + 1]
    return drawn[0] if drawn else (bottom + top) / 2
