"""Tables without rules between their cells: columns and rows seen from how the text is aligned.

``aligned_regions`` says which lines are a table, ``aligned_columns`` and ``aligned_header`` where its
columns part and what heads them, ``aligned_rows`` which lines are one row; ``aligned_assembly`` makes a grid
of them. Rules there are (a frame, level rules, upright ones) are taken at their word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise
from statistics import median
from typing import NamedTuple

from pipelines.extraction.aligned_assembly import assembled
from pipelines.extraction.aligned_columns import (
    Block,
    Columns,
    blocks_of,
    place,
)
from pipelines.extraction.aligned_header import headed, header_grid
from pipelines.extraction.aligned_lines import Line, lines_of
from pipelines.extraction.aligned_prose import is_prose
from pipelines.extraction.aligned_regions import (
    Region,
    counts_on,
    is_furniture,
    regions_of,
    states_unit,
)
from pipelines.extraction.aligned_spans import occupied, spans_between, stacked_spans
from pipelines.extraction.grid import Grid
from pipelines.extraction.marks import Glyph, Numbers, Rule
from pipelines.extraction.model import Box, PageBefore

#: Nothing goes on from before the first page.
FIRST_PAGE = PageBefore()
#: Fewer digits than this among the characters: no table to look for.
FEWEST_DIGITS = 3
#: A name that begins this near (points) to where others begin stands in their column.
SAME_LEFT = 2.0
#: A table that goes on from the page before stands within its sides but for so many points.
SAME_SIDE = 10.0
#: Upright rules of two pages are one rule if they differ by no more than this (points).
SAME_RULE = 2.0
#: The line with the unit says where a table ends if it ends no further to the right than this (points).
UNIT_BEYOND = 90.0
#: A header cut otherwise into words fits plainly better from so much less cost on.
PLAINLY = 20.0
#: Level rules over this share of a table's width part its rows.
ACROSS = 0.7

_CODE = re.compile(r"\d{3}(?:\d\d){0,2}")
#: How the label of a row begins: (一), 201.
ROW_BEGINS = re.compile(r"[（(]?[一二三四五六七八九十]+[、)）]|(?!(?:19|20)\d\d(?!\d))\d{3}")


class Frame(NamedTuple):
    """A rectangle of rules around a table whose rows are not drawn, with the upright rules inside."""

    box: Box
    uprights: tuple[float, ...] = ()


class OpenGrid(NamedTuple):
    """The grid of an unruled table, and that of its header where it stands at the foot of the page before."""

    grid: Grid
    header: Grid | None = None


def aligned_grids(
    glyphs: Sequence[Glyph],
    horizontals: Sequence[Rule],
    *,
    height: float,
    frames: Sequence[Frame] = (),
    taken: Sequence[Box] = (),
    before: PageBefore = FIRST_PAGE,
    sides: Numbers | None = None,
) -> list[OpenGrid]:
    """The grids of unruled tables among the characters that stand in no ruled one, from the top.

    ``horizontals`` are the level rules that bound no ruled grid, ``frames`` rectangles of rules
    whose rows are not drawn, ``taken`` the ruled grids. ``before`` is what the page before leaves: the
    unruled table that ends it may go on here, and a line at the foot that counts on from its own is
    no row of a table. ``sides`` are those of the characters, where they are at hand.
    """
    digits = (glyph for glyph in glyphs if glyph[4].isdigit())
    if len(list(islice(digits, FEWEST_DIGITS))) < FEWEST_DIGITS:
        return []
    if not frames and not before.edges and is_prose(glyphs, sides):
        return []
    lines = [line for line in lines_of(glyphs) if not is_furniture(line, height)]
    if lines and counts_on(lines[-1], height, before):
        lines.pop()
    barriers = [box.top for box in taken]
    grids: list[OpenGrid] = []
    for frame in frames:
        inside = [line for line in lines if _is_inside(line, frame.box)]
        at_top = bool(inside) and inside[0] is lines[0]
        framed = (before.edges or _of_frame(before.framed, frame)) if at_top else ()
        for region in regions_of(inside, barriers, is_framed=True, goes_on=bool(framed)):
            edges = framed if region.first == 0 else ()
            grid = _grid(inside, region, horizontals, frame=frame, before=edges)
            if grid is not None:
                grids.append(grid)
                lines = [line for line in lines if line not in inside]
    barriers.extend(found.grid.row_edges[0] for found in grids)
    is_first = not any(at < lines[0].top for at in barriers) if lines else False
    goes_on, is_headed = bool(before.edges) and is_first, before.heads_table and is_first
    for region in regions_of(lines, barriers, goes_on=goes_on, is_headed=is_headed):
        head = before.header if is_first and region.first == 0 else ()
        grid = _grid(lines, region, horizontals, before=before.edges if region.goes_on else (), head=head)
        if grid is not None:
            grids.append(grid)
    return grids


def _of_frame(edges: Sequence[float], frame: Frame) -> tuple[float, ...]:
    """Column edges of the page before if a frame with its upright rules has its place among them.

    Or if it has all of them, and more, which part the cells of some rows.
    """
    known = [frame.box.x0, *frame.uprights, frame.box.x1]
    if not edges or not (_are_among(known, edges) or _are_among(edges, known)):
        return ()
    outer = abs(edges[0] - frame.box.x0), abs(edges[-1] - frame.box.x1)
    return tuple(edges) if max(outer) <= SAME_RULE else ()


def _are_among(some: Sequence[float], edges: Sequence[float]) -> bool:
    """Whether each of some upright rules is one of ``edges``."""
    return all(min(abs(at - edge) for edge in edges) <= SAME_RULE for at in some)


def _is_inside(line: Line, frame: Box) -> bool:
    # The empty half of a bracket at the side of a line may hang over the frame.
    hangs = line.size / 2
    return (
        frame.top <= line.middle <= frame.bottom
        and frame.x0 - hangs <= line.pieces[0].x0
        and line.pieces[-1].x1 <= frame.x1 + hangs
    )


def _grid(
    lines: Sequence[Line],
    region: Region,
    horizontals: Sequence[Rule],
    *,
    frame: Frame | None = None,
    before: Sequence[float] = (),
    head: Sequence[Line] = (),
) -> OpenGrid | None:
    inside = list(lines[region.first : region.last + 1])
    figures = [k for k, line in enumerate(inside) if line.has_figures]
    if not figures:
        return None
    core = [inside[k] for k in figures]
    low = min(line.pieces[0].x0 for line in core)
    high = max(line.pieces[-1].x1 for line in core)
    rules = [
        rule.at for rule in horizontals if min(rule.end, high) - max(rule.start, low) > ACROSS * (high - low)
    ]
    start = _body_start(inside, figures[0])
    uprights = frame.uprights if frame else ()
    if frame is None:
        end = _body_end(inside, start, figures[-1])
        inside = inside[: end + 1]
    header, body = inside[:start], inside[start:]
    outline = (frame.box.x0, frame.box.x1) if frame else _outline(inside, horizontals, rules)
    if frame is None and region.first and states_unit(lines[region.first - 1]):
        # The line with the unit ends where the table does, whose last column may be blank.
        side = lines[region.first - 1].pieces[-1].x1
        if outline[1] < side < outline[1] + UNIT_BEYOND:
            outline = (outline[0], side)
    if head and [line.text for line in header] == [line.text for line in head[: len(header)]]:
        return _below_header(head, header, body, outline, rules)
    columns = _columns(header, body, outline, rules, before, uprights)
    if columns is None or len(columns.edges) < 3:
        return None
    grid = assembled(columns, body, rules, frame.box if frame else None)
    return None if grid is None else OpenGrid(grid)


def _below_header(
    head: Sequence[Line],
    header: Sequence[Line],
    body: Sequence[Line],
    outline: tuple[float, float],
    rules: Sequence[float],
) -> OpenGrid | None:
    """A table whose header is at the foot of the page before, and that header over the same columns.

    ``head`` are the lines there, with those that count the columns; ``header`` those of them repeated.
    """
    figures = [k for k, line in enumerate(head) if line.has_figures]
    start = _body_start(head, figures[0]) if figures else len(head)
    low = min(line.pieces[0].x0 for line in head) - 1.0
    high = max(line.pieces[-1].x1 for line in head) + 1.0
    outline = min(outline[0], low), max(outline[1], high)
    columns = _columns(head[:start], body, outline, (), (), ())
    if columns is None or len(columns.edges) < 3:
        return None
    own = columns if header else Columns(columns.edges, (None,) * len(columns.leaves), ())
    if header:
        repeated = _columns(header, body, outline, rules, (), ())
        if repeated is not None and len(repeated.edges) == len(columns.edges):
            own = Columns(columns.edges, repeated.leaves, repeated.parents)
    grid = assembled(own, body, rules, None)
    return None if grid is None else OpenGrid(grid, assembled(columns, head[start:], (), None))


def _body_start(inside: Sequence[Line], first: int) -> int:
    """The first line below the header: the first with figures, or names above it that begin rows."""
    start = first
    size = inside[first].size
    # The upper line of a wrapped name stands above the figures of its row.
    while start and inside[first].middle - inside[start - 1].middle < 0.75 * size:
        start -= 1
    begins = {round(line.pieces[0].x0 / SAME_LEFT) for line in inside[first:] if line.pieces[0].starts_anew}
    names = [piece.x0 for line in inside[first:] for piece in line.pieces if not piece.is_number]
    for k in range(start):
        if any(
            ROW_BEGINS.match(piece.text)
            and (
                round(piece.x0 / SAME_LEFT) in begins
                or any(abs(piece.x0 - left) <= SAME_LEFT for left in names)
                or k == 0
                or len(inside[k].pieces) > 1
            )
            for piece in inside[k].pieces
        ):
            return k
    return _names_without_figures(inside, start, first)


def _names_without_figures(inside: Sequence[Line], start: int, first: int) -> int:
    """The first line of the body counting rows above ``start`` whose columns are blank.

    Such a row is one name that begins where other names do and no word of the header, as far above the
    next row as rows are apart.
    """
    body = inside[first:]
    lefts = [line.pieces[0].x0 for line in body if len(line.pieces) > 1 and not line.pieces[0].is_number]
    steps = [b.middle - a.middle for a, b in pairwise(body) if a.has_figures and b.has_figures]
    if len(lefts) < 2 or not steps:
        return start
    pitch = median(steps)
    while start:
        line = inside[start - 1]
        name = line.pieces[0]
        if (
            len(line.pieces) > 1
            or sum(abs(name.x0 - left) <= SAME_LEFT for left in lefts) < 2
            or abs(inside[start].middle - line.middle - pitch) > 0.5 * pitch
            or any(abs(name.x0 - above.pieces[0].x0) <= SAME_LEFT for above in inside[: start - 1])
            or start < 2
        ):
            return start
        start -= 1
    return start


def _body_end(inside: Sequence[Line], start: int, last: int) -> int:
    """The last line of the body: names below the last figures count that begin where others do."""
    spans = occupied([line for line in inside[start : last + 1] if line.has_figures])
    starts = [piece.x0 for line in inside[start : last + 1] for piece in line.pieces if not piece.is_number]
    end = last
    for k in range(last + 1, len(inside)):
        line = inside[k]
        for piece in line.pieces:
            crossed = sum(x0 < piece.x1 - 1 and piece.x0 + 1 < x1 for x0, x1 in spans)
            if crossed > 1 or not any(abs(piece.x0 - x) <= SAME_LEFT for x in starts):
                return end
        end = k
    return end


def _outline(
    inside: Sequence[Line], horizontals: Sequence[Rule], rules: Sequence[float]
) -> tuple[float, float]:
    """The left and right side of a table without a frame: its level rules', or its text's."""
    low = min(line.pieces[0].x0 for line in inside) - 1.0
    high = max(line.pieces[-1].x1 for line in inside) + 1.0
    near = [
        rule
        for rule in horizontals
        if rule.at in rules and inside[0].top - 20 < rule.at < inside[-1].bottom + 20
    ]
    if near:
        low, high = min(low, min(r.start for r in near)), max(high, max(r.end for r in near))
    return low, high


def _columns(
    header: Sequence[Line],
    body: Sequence[Line],
    outline: tuple[float, float],
    rules: Sequence[float],
    before: Sequence[float],
    uprights: Sequence[float],
) -> Columns | None:
    blocks = blocks_of(header, rules)
    narrow = blocks_of(header, rules, wide=False)
    spans = spans_between(body, uprights)
    figures = _are_figures(body, spans)
    if (
        before
        and (_are_among(uprights, before) or _are_among(before[1:-1], uprights))
        and before[0] - SAME_SIDE <= outline[0]
        and outline[1] <= before[-1] + SAME_SIDE
    ):
        pieces = [piece for line in body for piece in line.pieces]
        if all(_fits(before, piece.x0, piece.x1) or piece.is_total for piece in pieces):
            spans = [(a + 1, b - 1) for a, b in pairwise(before)]
            figures = _are_figures(body, spans)
            found = headed(spans, blocks, (before[0], before[-1]), figures)
            if len(found.edges) == len(before):
                return Columns(tuple(before), found.leaves, found.parents)
            return Columns(tuple(before), (None,) * (len(before) - 1), ()) if not header else None
    found = headed(spans, blocks, outline, figures, uprights)
    if len(narrow) != len(blocks):
        # A word below a longer one may be the second half of it or the name of a column under it.
        other = headed(spans, narrow, outline, figures, uprights)
        if _ill_fit(other) + PLAINLY < _ill_fit(found):
            found, blocks = other, narrow
    return _with_stacked_columns(found, spans, body, blocks, outline, uprights)


def _with_stacked_columns(
    found: Columns,
    spans: Sequence[tuple[float, float]],
    body: Sequence[Line],
    blocks: Sequence[Block],
    outline: tuple[float, float],
    uprights: Sequence[float],
) -> Columns:
    """The columns, stretches of numbers that never stand side by side as one where the header says so."""
    while any(leaf is not None for leaf in found.leaves):
        others = [
            (headed(way, blocks, outline, _are_figures(body, way), uprights), way)
            for way in stacked_spans(spans, body)
        ]
        best = min(others, key=lambda pair: _ill_fit(pair[0]), default=None)
        if best is None or _ill_fit(best[0]) + PLAINLY >= _ill_fit(found):
            break
        found, spans = best
    return found


def _ill_fit(columns: Columns) -> float:
    """How ill the words of a header fit its columns."""
    return columns.cost + header_grid(columns)[2]


def _are_figures(body: Sequence[Line], spans: Sequence[tuple[float, float]]) -> list[bool]:
    """Of each stretch, whether what stands in it is mostly figures, set at the right of their column.

    Codes (201, 20103, 2010301) are set at the left, as names are.
    """
    found: list[bool] = []
    for x0, x1 in spans:
        inside = [p for line in body for p in line.pieces if x0 - 1 <= p.centre <= x1 + 1]
        numbers = [p for p in inside if p.is_number]
        codes = [p for p in numbers if _CODE.fullmatch(p.text)]
        lefts = [p.x0 for p in codes]
        at_left = 2 * len(codes) > len(numbers) and max(lefts) - min(lefts) <= SAME_LEFT
        found.append(2 * len(numbers) > len(inside) and not at_left)
    return found


def _fits(edges: Sequence[float], x0: float, x1: float) -> bool:
    first, last = place(edges, x0, x1)
    return last - first == 1
