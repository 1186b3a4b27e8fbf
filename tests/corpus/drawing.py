"""Draws grids onto a sheet, over page ends, and notes where every tagged cell fell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.corpus.grid import Grid, GridCell, Tag
from tests.corpus.sheet import Sheet, text_width, wrap

Rules = Literal[
    "lines",
    "rectangles",
    "cells",
    "frame",
    "none",
    "levels",
    "three_lines",
    "uprights",
    "open_sides",
    "double",
    "dotted",
    "pieces",
    "outer",
]
#: Distance of the lines of a double rule, and length of the pieces a rule is drawn in, in points.
DOUBLE, PIECE = 1.6, 14.0


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How a grid looks: type size, least row height, rules, whether the header stands on each page."""

    size: float = 9.0
    row_height: float = 16.0
    rules: Rules = "lines"
    repeat_header: bool = False
    padding: float = 2.5
    rule_width: float = 0.5
    shrink: bool = True


@dataclass(frozen=True, slots=True)
class Drawn:
    """A tagged amount on paper: page from 1, box (x0, top, x1, bottom) of its cell as seen."""

    page: int
    box: tuple[float, float, float, float]
    printed: str
    tag: Tag


def draw_grid(
    sheet: Sheet, grid: Grid, style: TableStyle, breaks: tuple[int, ...] = (), tail: float = 0.0
) -> list[Drawn]:
    """Draw ``grid`` at the sheet's ``y``; a new page before each row in ``breaks`` and where room ends.

    ``tail`` is the height that must stay free under the last row (for the notes). Returns the
    tagged cells in drawing order; ``sheet.y`` ends below the grid.
    """
    edges = _edges(sheet, grid)
    heights = _row_heights(sheet, grid, style, edges)
    drawn: list[Drawn] = []
    for number, (first, last) in enumerate(_chunks(sheet, grid, style, heights, breaks, tail)):
        rows = list(range(first, last))
        if number:
            sheet.new_page()
            if style.repeat_header:
                rows = list(range(grid.header_rows)) + rows
        drawn += _draw_rows(sheet, grid, style, edges, heights, rows)
    return drawn


def least_height(sheet: Sheet, grid: Grid, style: TableStyle) -> float:
    """The height in points of the header and the first row, which no producer parts over a page's end."""
    return sum(_row_heights(sheet, grid, style, _edges(sheet, grid))[: grid.header_rows + 1])


def _edges(sheet: Sheet, grid: Grid) -> list[float]:
    """Where the columns begin and end on the sheet's paper, in points."""
    scale = sheet.style.inner_width / sum(grid.widths)
    edges = [sheet.style.left]
    for width in grid.widths:
        edges.append(edges[-1] + width * scale)
    return edges


def _cell_lines(sheet: Sheet, cell: GridCell, style: TableStyle, width: float) -> list[str]:
    if cell.tag is not None:
        return [cell.text]
    return wrap(cell.text, sheet.font_name, style.size, width - 2 * style.padding)


def _row_heights(sheet: Sheet, grid: Grid, style: TableStyle, edges: list[float]) -> list[float]:
    heights = [style.row_height] * grid.n_rows
    leading = style.size * 1.18
    for cell in sorted(grid.cells, key=lambda each: each.row_span):
        if not cell.text:
            continue
        width = edges[cell.column + cell.column_span] - edges[cell.column]
        needed = len(_cell_lines(sheet, cell, style, width)) * leading + 2 * style.padding
        rows = range(cell.row, min(cell.row + cell.row_span, grid.n_rows))
        missing = needed - sum(heights[row] for row in rows)
        if missing > 0:
            for row in rows:
                heights[row] += missing / len(rows)
    return heights


def _chunks(
    sheet: Sheet, grid: Grid, style: TableStyle, heights: list[float], breaks: tuple[int, ...], tail: float
) -> list[tuple[int, int]]:
    full = sheet.style.height - sheet.style.top - sheet.style.bottom
    header = sum(heights[: grid.header_rows]) if style.repeat_header else 0.0
    room, first, chunks = sheet.room, 0, []
    for row in range(grid.n_rows):
        needed = heights[row] + (tail if row == grid.n_rows - 1 else 0.0)
        if row > first and row >= grid.header_rows and (needed > room or row in breaks):
            chunks.append((first, row))
            first, room = row, full - header
        room -= heights[row]
    chunks.append((first, grid.n_rows))
    return chunks


def _draw_rows(
    sheet: Sheet, grid: Grid, style: TableStyle, edges: list[float], heights: list[float], rows: list[int]
) -> list[Drawn]:
    tops: dict[int, float] = {}
    y = sheet.y
    for row in rows:
        tops[row] = y
        y += heights[row]
    boxes: list[tuple[float, float, float, float]] = []
    drawn: list[Drawn] = []
    for cell in grid.cells:
        covered = [row for row in range(cell.row, cell.row + cell.row_span) if row in tops]
        if not covered:
            continue
        box = (
            edges[cell.column],
            tops[covered[0]],
            edges[cell.column + cell.column_span],
            tops[covered[-1]] + heights[covered[-1]],
        )
        boxes.append(box)
        if covered[0] == cell.row:
            _draw_text(sheet, cell, style, box)
            if cell.tag is not None:
                x0, top, x1, bottom = (round(value, 2) for value in box)
                drawn.append(Drawn(sheet.page, (x0, top, x1, bottom), cell.text, cell.tag))
    begins = [row for row in rows if row >= grid.header_rows]
    marks = [sheet.y, y, *(tops[row] for row in (begins[:1] if begins != rows else []))]
    if rows[-1] == grid.n_rows - 1 and begins:
        marks.append(tops[rows[-1]])
    _draw_rules(sheet, style, boxes, (edges[0], sheet.y, edges[-1], y), sorted(set(marks)))
    sheet.y = y
    return drawn


def _draw_text(
    sheet: Sheet, cell: GridCell, style: TableStyle, box: tuple[float, float, float, float]
) -> None:
    x0, top, x1, bottom = box
    size = style.size
    lines = _cell_lines(sheet, cell, style, x1 - x0)
    if style.shrink and lines:
        # A figure wider than its cell is set smaller, as spreadsheet programs do on paper.
        widest = max(text_width(each, sheet.font_name, size) for each in lines)
        size = min(size, size * (x1 - x0 - 2) / widest) if widest else size
    leading = style.size * 1.18
    y = (top + bottom) / 2 - leading * len(lines) / 2 + (leading - size) / 2
    for each in lines:
        if cell.align == "left":
            sheet.text(x0 + style.padding, y, each, size, "left", cell.bold)
        elif cell.align == "right":
            sheet.text(x1 - style.padding, y, each, size, "right", cell.bold)
        else:
            sheet.text((x0 + x1) / 2, y, each, size, "center", cell.bold)
        y += leading


def _draw_rules(
    sheet: Sheet,
    style: TableStyle,
    boxes: list[tuple[float, float, float, float]],
    outer: tuple[float, float, float, float],
    marks: list[float],
) -> None:
    """Rules around and between cells.

    ``marks`` are the heights of a three-line table's rules: over all, under the header, over the
    last row, under all.
    """
    if style.rules == "none":
        return
    if style.rules == "three_lines":
        for at in marks:
            sheet.rule(outer[0], at, outer[2], at, style.rule_width)
        return
    if style.rules == "uprights":
        sheet.frame(*outer, style.rule_width)
    if style.rules == "frame":
        sheet.frame(*outer, style.rule_width)
        return
    if style.rules == "cells":
        for box in boxes:
            sheet.frame(*box, style.rule_width)
        return
    segments = sorted(
        {
            segment
            for x0, top, x1, bottom in boxes
            for segment in (
                (x0, top, x1, top),
                (x0, bottom, x1, bottom),
                (x0, top, x0, bottom),
                (x1, top, x1, bottom),
            )
        }
    )
    half = style.rule_width / 2
    for x0, top, x1, bottom in segments:
        is_level = top == bottom
        if (style.rules == "levels" and not is_level) or (style.rules == "uprights" and is_level):
            continue
        if style.rules == "open_sides" and x0 == x1 and x0 in (outer[0], outer[2]):
            continue
        if style.rules == "rectangles":
            sheet.bar(x0 - half, top - half, x1 + half, bottom + half)
        elif style.rules == "pieces":
            for piece in _pieces(x0, top, x1, bottom):
                sheet.bar(piece[0] - half, piece[1] - half, piece[2] + half, piece[3] + half)
        elif style.rules == "double":
            shift = (0.0, DOUBLE) if is_level else (DOUBLE, 0.0)
            sheet.rule(x0, top, x1, bottom, style.rule_width)
            sheet.rule(x0 + shift[0], top + shift[1], x1 + shift[0], bottom + shift[1], style.rule_width)
        else:
            sheet.rule(x0, top, x1, bottom, style.rule_width, dots=style.rules == "dotted")
    if style.rules == "outer":
        sheet.frame(outer[0] - 4, outer[1] - 4, outer[2] + 4, outer[3] + 4, 1.2)


def _pieces(x0: float, top: float, x1: float, bottom: float) -> list[tuple[float, float, float, float]]:
    """A level or upright stretch cut into pieces that touch, as some programs print long rules."""
    n_pieces = max(1, int((x1 - x0 + bottom - top) / PIECE))
    xs = [x0 + (x1 - x0) * number / n_pieces for number in range(n_pieces + 1)]
    ys = [top + (bottom - top) * number / n_pieces for number in range(n_pieces + 1)]
    return [(xs[n], ys[n], xs[n + 1], ys[n + 1]) for n in range(n_pieces)]
