"""One page's marks become its tables and its lines of text.

Every character inside a table's outline lands in exactly one cell; empty cells are cells too; the
rest of the page's text is its lines. What tables mean together is for ``joining``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from pipelines.extraction.aligned import FIRST_PAGE, Frame, aligned_grids
from pipelines.extraction.aligned_columns import LEADING
from pipelines.extraction.aligned_lines import Line, lines_of
from pipelines.extraction.grid import SNAP, Grid, grid_of
from pipelines.extraction.lines import DIRECTION, PrintedLine, printed_lines, slanted_lines
from pipelines.extraction.marks import SLANTED, Fill, Glyph, Marks, Numbers, Rule, sides_of
from pipelines.extraction.model import Box, Cell, Doubt, PageBefore, Ruling, Table, TextLine
from pipelines.extraction.rules import Framework, frameworks, join_pieces

#: Characters whose gap is below this share of the type size were set as one word or number.
TOUCHING = 0.12
#: ... and a number goes on after the space behind its point or comma within this share of the size.
SPACED = 0.8
#: Text this near (points) to the edge it is aligned to is aligned to it.
PADDING = 6.0
#: A surface smaller than this (points) either way is no cell.
SMALLEST_CELL = 6.0

#: A cell at least this high (points), and over this share of its table, may hold rows nobody ruled.
TALL_CELL = 20.0
TALL_SHARE = 0.4

#: Edges that differ by no more than this (points) are one but for rounding.
SAME_EDGE = 0.01

_WRAPPED = re.compile(r"^[\d,，.．%]+$")
_POINTS = (".", ",", "．", "，")
_BRACKETS = ("（", "(")
_AMOUNT = re.compile(r"[-+−(]?[\d,.，．]+[%)]?")


@dataclass(frozen=True, slots=True)
class FoundGrid:
    """A grid with how it was ruled."""

    grid: Grid
    ruling: Ruling
    #: That of its header where it stands at the foot of the page before.
    header: Grid | None = None


def find_grids(marks: Marks, before: PageBefore = FIRST_PAGE, header: Grid | None = None) -> list[FoundGrid]:
    """The grids on a page, from the top down, then from the left.

    ``before`` is what the page before leaves to this one, ``header`` the header at its foot of the table
    that begins the next page.

    First what rules divide; where coloured surfaces lie outside of that, their edges count as
    rules too (cells drawn as surfaces, a shaded header without rules); last, in the text that is
    still free, what alignment shows. Raises ``grid.GridTooLargeError`` for a page of thousands of rules.
    """
    horizontals = join_pieces(marks.horizontals)
    verticals = join_pieces(marks.verticals)
    touching = frameworks(horizontals, verticals)
    found = _ruled(touching)
    loose = [fill for fill in marks.fills if _is_cell_like(fill) and not _is_covered(fill, found)]
    if len(loose) > 1:
        level = [Rule(at, f.x0, f.x1, "rectangle") for f in loose for at in (f.top, f.bottom)]
        upright = [Rule(at, f.top, f.bottom, "rectangle") for f in loose for at in (f.x0, f.x1)]
        filled = _ruled(frameworks(join_pieces([*horizontals, *level]), join_pieces([*verticals, *upright])))
        # Striped rows make bands, not columns: those are for alignment to read.
        found = [f for f in filled if len(f.grid.column_edges) > 2 or _is_among(f, found)]
    found += [FoundGrid(header, "none")] if header is not None else []
    coarse = [f for f in found if f.grid is not header and _has_undrawn_rows(f.grid, marks.glyphs)]
    found = [f for f in found if f not in coarse]
    free, sides = _outside(marks.glyphs, _sides_of(marks), [f.grid for f in found])
    unused = [rule for rule in horizontals if not any(_bounds(rule, f.grid) for f in found)]
    page_height = marks.height if marks.turn in (0, 180) else marks.width
    inside = [Frame(_outline(f.grid), _uprights(f.grid, verticals)) for f in coarse]
    open_grids = aligned_grids(
        free,
        unused,
        height=page_height,
        frames=[*inside, *_frames(touching, [*found, *coarse])],
        taken=[_outline(f.grid) for f in found],
        before=before,
        sides=sides,
    )
    for grid, above in open_grids:
        x, y = sum(grid.column_edges[:2]) / 2, sum(grid.row_edges[:2]) / 2
        drawn = [f for f in coarse if _contains(f.grid, x, y)]
        found.append(FoundGrid(grid, drawn[0].ruling if drawn else "none", above))
        coarse = [f for f in coarse if f not in drawn]
    found.extend(coarse)
    return _in_reading_order(found)


def _is_among(each: FoundGrid, found: Sequence[FoundGrid]) -> bool:
    """Whether a grid was found before; more pieces of the same rules leave its edges where they are."""
    for other in found:
        if other.ruling == each.ruling and other.grid.cells == each.grid.cells:
            edges = (*each.grid.column_edges, *each.grid.row_edges)
            others = (*other.grid.column_edges, *other.grid.row_edges)
            if all(abs(a - b) <= SAME_EDGE for a, b in zip(edges, others, strict=True)):
                return True
    return False


def _in_reading_order(found: list[FoundGrid]) -> list[FoundGrid]:
    """Grids from the top down; those that begin at the same height from the left."""
    ordered: list[FoundGrid] = []
    beside: list[FoundGrid] = []
    for each in sorted(found, key=lambda f: (f.grid.row_edges[0], f.grid.column_edges[0])):
        if beside and each.grid.row_edges[0] - beside[0].grid.row_edges[0] > SNAP:
            ordered.extend(sorted(beside, key=lambda f: f.grid.column_edges[0]))
            beside = []
        beside.append(each)
    return [*ordered, *sorted(beside, key=lambda f: f.grid.column_edges[0])]


def _ruled(touching: Sequence[Framework]) -> list[FoundGrid]:
    found: list[FoundGrid] = []
    for framework in touching:
        grid = grid_of(framework)
        if grid is not None:
            found.append(FoundGrid(grid, framework.ruling))
    return found


def _has_undrawn_rows(grid: Grid, glyphs: Sequence[Glyph]) -> bool:
    """Whether cells beside each other hold figures of rows that no rule parts.

    Such cells take much of the table's height, and their figures stand at the same heights with
    other lines above or below.
    """
    edges = grid.row_edges
    least = max(TALL_CELL, TALL_SHARE * (edges[-1] - edges[0]))
    tall = [grid.box(cell) for cell in grid.cells if edges[cell.row_end] - edges[cell.row] >= least]
    if len(tall) < 2:
        return False
    within: list[list[Glyph]] = [[] for _ in tall]
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for (left, top, right, bottom), inside in zip(tall, within, strict=True):
            if left <= x <= right and top <= y <= bottom:
                inside.append(glyph)
    figures: list[set[int]] = []
    others: list[set[int]] = []
    for inside in within:
        lines = lines_of(inside)
        figures.append({round(middle / 3) for middle in _parted_figures(lines)})
        others.append({round(line.middle / 3) for line in lines})
    pairs = [(a, b) for a in range(len(tall)) for b in range(len(tall)) if a != b]
    return any(figures[a] & figures[b] or len(figures[a] & others[b]) > 1 for a, b in pairs)


def _parted_figures(lines: Sequence[Line]) -> list[float]:
    """The heights of lines that are nothing but a number, in a cell that has other lines too.

    A number wrapped over two lines is one number.
    """
    found: list[float] = []
    for k, line in enumerate(lines):
        if len(lines) < 2 or not line.has_figures or len(line.numbers) < len(line.pieces):
            continue
        near = [other for other in lines[max(0, k - 1) : k + 2] if other is not line]
        if any(
            abs(other.middle - line.middle) < LEADING * line.size and _WRAPPED.search(other.text)
            for other in near
        ):
            continue
        found.append(line.middle)
    return found


def _uprights(grid: Grid, verticals: Sequence[Rule]) -> tuple[float, ...]:
    """The inner column edges of a grid that are ruled down to its lower side, where columns part."""
    top, bottom = grid.row_edges[0], grid.row_edges[-1]
    found: list[float] = []
    for edge in grid.column_edges[1:-1]:
        rules = [rule for rule in verticals if abs(rule.at - edge) <= SNAP and rule.end >= bottom - SNAP]
        if any(min(rule.end, bottom) - max(rule.start, top) >= SMALLEST_CELL for rule in rules):
            found.append(edge)
    return tuple(found)


def _frames(touching: Sequence[Framework], found: Sequence[FoundGrid]) -> list[Frame]:
    """Rectangles of rules with nothing divided inside, the innermost first."""
    frames: list[Frame] = []
    for framework in touching:
        left, right = framework.verticals[0].at, framework.verticals[-1].at
        top, bottom = framework.horizontals[0].at, framework.horizontals[-1].at
        if min(right - left, bottom - top) <= SMALLEST_CELL:
            continue
        if not any(_contains(f.grid, (left + right) / 2, (top + bottom) / 2) for f in found):
            frames.append(Frame(Box(left, top, right, bottom)))
    return sorted(frames, key=lambda f: (f.box.x1 - f.box.x0) * (f.box.bottom - f.box.top))


def _sides_of(marks: Marks) -> Numbers:
    """The sides of a page's characters."""
    return sides_of(marks.glyphs) if marks.sides is None else marks.sides


def _outer(grid: Grid) -> tuple[float, float, float, float]:
    return grid.column_edges[0], grid.row_edges[0], grid.column_edges[-1], grid.row_edges[-1]


def _outline(grid: Grid) -> Box:
    return Box(*_outer(grid))


def _is_cell_like(fill: Fill) -> bool:
    """Whether a surface is large enough to hold a character."""
    return fill.x1 - fill.x0 > SMALLEST_CELL and fill.bottom - fill.top > SMALLEST_CELL


def _is_covered(fill: Fill, found: Sequence[FoundGrid]) -> bool:
    x, y = (fill.x0 + fill.x1) / 2, (fill.top + fill.bottom) / 2
    return any(_contains(f.grid, x, y) for f in found)


def _outside(
    glyphs: Sequence[Glyph], sides: Numbers, grids: Sequence[Grid]
) -> tuple[Sequence[Glyph], Numbers]:
    """The characters whose middles lie in none of the grids, with their sides."""
    if not grids:
        return glyphs, sides
    x, y = (sides[:, 0] + sides[:, 2]) / 2, (sides[:, 1] + sides[:, 3]) / 2
    is_inside = np.zeros(len(glyphs), np.bool_)
    for x0, top, x1, bottom in map(_outer, grids):
        is_inside |= (x0 <= x) & (x <= x1) & (top <= y) & (y <= bottom)
    free = np.flatnonzero(~is_inside)
    return [glyphs[k] for k in free.tolist()], sides[free]


def _contains(grid: Grid, x: float, y: float) -> bool:
    return grid.column_edges[0] <= x <= grid.column_edges[-1] and grid.row_edges[0] <= y <= grid.row_edges[-1]


def _bounds(rule: Rule, grid: Grid) -> bool:
    """Whether a level rule belongs to a grid."""
    return _contains(grid, (rule.start + rule.end) / 2, rule.at)


def read_tables(
    marks: Marks, page: int, before: PageBefore = FIRST_PAGE, header: Grid | None = None
) -> tuple[tuple[Table, ...], tuple[TextLine, ...]]:
    """The tables of a page, numbered from 1 down the page, and all its lines in reading order.

    ``before`` is what the page before leaves to this one, ``header`` the header at its foot of the table
    that begins the next page.
    """
    found = find_grids(marks, before, header)
    are_upright = not any(map(DIRECTION, marks.glyphs))
    shares, rest = _share_out(
        marks.glyphs, _sides_of(marks), [f.grid for f in found], are_upright=are_upright
    )
    tables: list[Table] = []
    placed: list[tuple[float, float, TextLine]] = []
    for number, (each, cell_glyphs) in enumerate(zip(found, shares, strict=True), start=1):
        cells: list[Cell] = []
        boxes = _boxes_of(marks, each.grid)
        for cell, box, glyphs in zip(each.grid.cells, boxes, cell_glyphs, strict=True):
            lines = printed_lines(glyphs, are_upright=are_upright) if glyphs else []
            text = "\n".join([line.text for line in lines])
            cells.append(
                Cell(
                    page=page,
                    table=number,
                    row=cell.row,
                    column=cell.column,
                    row_span=cell.row_end - cell.row,
                    column_span=cell.column_end - cell.column,
                    text=text,
                    box=box,
                    read_by=marks.read_by,
                    confidence=_confidence(marks, glyphs),
                    doubts=_doubts(marks, glyphs, text) if marks.alternatives else (),
                )
            )
            placed.extend([(line.top, line.x0, _text_line(marks, line, page, True)) for line in lines])
        tables.append(_table(marks, each, page, number, tuple(cells)))
    outside = printed_lines(rest, None if found else marks.sides, are_upright=are_upright)
    placed.extend((line.top, line.x0, _free_line(marks, line, rest, page)) for line in outside)
    for line in () if are_upright else slanted_lines(rest):
        text_line = replace(_text_line(marks, line, page, False), is_slanted=True)
        placed.append((line.top, line.x0, text_line))
    placed.sort(key=lambda entry: entry[:2])
    return tuple(tables), tuple(line for _, _, line in placed)


def _boxes_of(marks: Marks, grid: Grid) -> list[Box]:
    """The place of each cell of a grid on the displayed page; edges are shared, and rounded once."""
    if marks.turn or marks.skew:
        return [marks.to_page(*grid.box(cell)) for cell in grid.cells]
    x, y = ([round(edge, 2) for edge in edges] for edges in (grid.column_edges, grid.row_edges))
    return [Box(x[column], y[row], x[right], y[below]) for row, column, below, right in grid.cells]


def _confidence(marks: Marks, glyphs: Sequence[Glyph]) -> float | None:
    """That of a recognised cell's least certain character; None for a text layer and for no text."""
    if marks.read_by == "text" or not glyphs:
        return None
    return min(glyph.confidence for glyph in glyphs)


def _doubts(marks: Marks, glyphs: Sequence[Glyph], text: str) -> tuple[Doubt, ...]:
    """The characters in doubt of a recognised text.

    None where the characters do not make up the text in the order in which they were recognised.
    """
    seen = [glyph for glyph in glyphs if not glyph.text.isspace()]
    if "".join(glyph.text for glyph in seen) != "".join(text.split()):
        return ()
    return tuple(
        Doubt(at, glyph.text, marks.alternatives[glyph])
        for at, glyph in enumerate(seen)
        if glyph in marks.alternatives
    )


def _table(marks: Marks, found: FoundGrid, page: int, number: int, cells: tuple[Cell, ...]) -> Table:
    grid = found.grid
    return Table(
        page=page,
        number=number,
        n_rows=len(grid.row_edges) - 1,
        n_columns=len(grid.column_edges) - 1,
        cells=cells,
        box=marks.to_page(grid.column_edges[0], grid.row_edges[0], grid.column_edges[-1], grid.row_edges[-1]),
        ruling=found.ruling,
        column_edges=tuple(round(edge, 2) for edge in grid.column_edges),
    )


def _text_line(marks: Marks, line: PrintedLine, page: int, in_table: bool) -> TextLine:
    box = marks.to_page(line.x0, line.top, line.x1, line.bottom)
    return TextLine(page=page, text=line.text, box=box, in_table=in_table)


def _free_line(marks: Marks, line: PrintedLine, glyphs: Sequence[Glyph], page: int) -> TextLine:
    """A line outside of all tables, which are its characters in doubt."""
    free = _text_line(marks, line, page, False)
    if not marks.alternatives:
        return free
    own = [g for g in glyphs if line.x0 <= (g.x0 + g.x1) / 2 <= line.x1]
    own = [g for g in own if line.top <= (g.top + g.bottom) / 2 <= line.bottom]
    return replace(free, doubts=_doubts(marks, sorted(own, key=lambda g: g.x0), line.text))


def _share_out(
    glyphs: Sequence[Glyph], sides: Numbers, grids: Sequence[Grid], *, are_upright: bool
) -> tuple[list[list[list[Glyph]]], list[Glyph]]:
    """The characters of each cell of each grid, and those in none; ``are_upright`` says that none is turned.

    A character belongs to the cell that holds its middle, of the smallest grid where one lies
    within another. A word or number set in one go that crosses a rule stays whole (``_kept_whole``).
    """
    if not grids:
        return [], list(glyphs)
    # The cells of all grids are counted through, 0 is the place outside of all.
    first = list(accumulate((len(grid.cells) for grid in grids), initial=1))
    at = np.zeros(len(glyphs), np.int64)
    x, y = (sides[:, 0] + sides[:, 2]) / 2, (sides[:, 1] + sides[:, 3]) / 2
    for k in sorted(range(len(grids)), key=lambda k: grids[k].area, reverse=True):
        inside, cells = _cells_at(grids[k], x, y)
        at[inside] = cells + first[k]
    place_of = at.tolist()

    def box_of(place: int) -> tuple[float, float, float, float]:
        k = bisect_right(first, place) - 1
        return grids[k].box(grids[k].cells[place - first[k]])

    shares: list[list[Glyph]] = [[] for _ in range(first[-1])]
    # Words are put together only where one may go on from one place into another.
    begin, is_one_place = 0, are_upright
    changes = (np.flatnonzero(np.diff(at)) + 1).tolist()
    for end in [*changes, len(glyphs)] if glyphs else []:
        if end < len(glyphs) and not (are_upright and _is_parted(glyphs, end)):
            is_one_place = False
            continue
        if is_one_place:
            shares[place_of[begin]].extend(glyphs[begin:end])
        else:
            for word in _words(glyphs[begin:end]):
                places = place_of[begin : begin + len(word)]
                begin += len(word)
                place = places[0]
                if len(word) > 1 and places.count(place) < len(word):
                    place = _kept_whole(word, places, box_of)
                elif word[0].direction == SLANTED:
                    place = 0
                shares[place].extend(word)
        begin, is_one_place = end, are_upright
    return [shares[start:end] for start, end in pairwise(first)], shares[0]


def _cells_at(grid: Grid, x: Numbers, y: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of the points lie in a cell of the grid, and in which, by bisection over its edges."""
    left, top, right, bottom = _outer(grid)
    inside = np.flatnonzero((left <= x) & (x <= right) & (top <= y) & (y <= bottom))
    field = np.full((len(grid.row_edges) - 1, len(grid.column_edges) - 1), -1)
    for k, cell in enumerate(grid.cells):
        field[cell.row : cell.row_end, cell.column : cell.column_end] = k
    row = np.minimum(np.searchsorted(grid.row_edges, y[inside], "right"), len(field)) - 1
    column = np.minimum(np.searchsorted(grid.column_edges, x[inside], "right"), field.shape[1]) - 1
    cells = field[row, column]
    hit = cells >= 0
    return inside[hit], cells[hit]


def _is_parted(glyphs: Sequence[Glyph], k: int) -> bool:
    """Whether upright character ``k`` certainly begins another of ``_words`` than the one before it is in."""
    before, glyph = glyphs[k - 1], glyphs[k]
    if glyph.text.isspace():
        return not before.text.isspace() and before.text not in _POINTS
    if before.text.isspace():
        # Unless it is the space after a point or comma.
        last = glyphs[k - 2].text if k > 1 else ""
        return not last.isspace() and last not in _POINTS
    return (
        abs(glyph.bottom - before.bottom) >= 0.2 * glyph.size
        or abs(glyph.x0 - before.x1) > TOUCHING * glyph.size
    )


def _words(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Runs of characters drawn one after the other that touch on one line, in drawing order.

    A space after the point or comma of a number (3, 295. 68) does not end it.
    """
    words: list[list[Glyph]] = []
    may_go_on, is_parted, reach, base = False, False, 0.0, 0.0
    for glyph in glyphs:
        x0, _, x1, bottom, text, size, direction, _ = glyph
        is_blank = text.isspace()
        if is_blank and may_go_on and len(words[-1]) > 1 and (is_parted or words[-1][-1].text in _POINTS):
            words[-1].append(glyph)
            is_parted = True
            continue
        gap = x0 - reach
        if (
            may_go_on
            and not direction
            and not is_blank
            and abs(bottom - base) < 0.2 * size
            and (abs(gap) <= TOUCHING * size or (is_parted and text.isdigit() and 0 < gap <= SPACED * size))
            # Brackets may be set into the white before them: 11.14 | （一）行政单位 touch over a rule.
            and not (text in _BRACKETS and _AMOUNT.fullmatch("".join(g.text for g in words[-1])))
        ):
            words[-1].append(glyph)
        else:
            words.append([glyph])
        may_go_on, is_parted = not is_blank and not direction, False
        reach, base = x1, bottom
    return words


def _kept_whole(
    word: list[Glyph], places: list[int], box_of: Callable[[int], tuple[float, float, float, float]]
) -> int:
    """One place for a word that crosses a rule; 0 is outside of all, ``box_of`` gives the box of another.

    A text that begins at the left edge of its cell has run over into the next (spreadsheets let it
    where that is empty) and stays where it began; a number that ends at the right edge of its cell
    stays there. Otherwise the cell that holds most of the word has it, the first on a tie.
    """
    is_number = _AMOUNT.fullmatch("".join(glyph.text.strip() for glyph in word)) is not None
    anchor = places[-1] if is_number else places[0]
    if anchor:
        left, _, right, _ = box_of(anchor)
        if (right - word[-1].x1 if is_number else word[0].x0 - left) <= PADDING:
            return anchor
    length: dict[int, float] = {}
    for glyph, place in zip(word, places, strict=True):
        length[place] = length.get(place, 0.0) + glyph.x1 - glyph.x0
    return max(length, key=lambda place: length[place])
