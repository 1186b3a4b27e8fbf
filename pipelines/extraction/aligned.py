"""Tables without upright rules: columns seen from how the text is aligned.

Only where it is plainly a table: at least ``ROWS`` lines with at least two numbers each, the
numbers standing under each other. Narrative full of figures does not do that. Level rules, where
there are any, say where rows end; otherwise lines do, and a line without numbers that stands
nearer to a row than rows stand to each other is part of that row (a wrapped name).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from pipelines.extraction.grid import Grid, GridCell
from pipelines.extraction.marks import Glyph, Rule

#: A table has at least this many rows with numbers ...
ROWS = 3
#: ... in at least this many columns.
NUMBER_COLUMNS = 2
#: A gap wider than this share of the type size parts two texts on a line.
PARTED = 0.9
#: Numbers whose left edges, right edges or middles differ less (points) stand under each other.
UNDER = 4.0
#: White between two columns must be at least this wide (points).
VALLEY = 2.5

_NUMBER = re.compile(r"[-+−]?[\d,，]*\d(?:[.．]\s?\d+)?%?|[-—–]+")


class Chunk(NamedTuple):
    """A piece of a line parted from the next by white space wider than a word space."""

    x0: float
    x1: float
    text: str

    @property
    def is_number(self) -> bool:
        """Whether it is printed like a number or like the dash that stands for none."""
        return _NUMBER.fullmatch(self.text) is not None


class Row(NamedTuple):
    """A printed line: where it stands and its pieces from left to right."""

    top: float
    bottom: float
    chunks: tuple[Chunk, ...]

    @property
    def numbers(self) -> list[Chunk]:
        """The pieces that are numbers."""
        return [chunk for chunk in self.chunks if chunk.is_number]


def aligned_grids(glyphs: Sequence[Glyph], horizontals: Sequence[Rule]) -> list[Grid]:
    """The grids of unruled tables among the characters that stand in no ruled one, from the top.

    ``horizontals`` are the level rules that bound no ruled grid.
    """
    if sum(glyph.text.isdigit() for glyph in glyphs) < ROWS * NUMBER_COLUMNS:
        return []
    rows = _rows(glyphs)
    grids: list[Grid] = []
    for first, last in _blocks(rows):
        grid = _grid(rows, first, last, horizontals)
        if grid is not None:
            grids.append(grid)
    return grids


def _rows(glyphs: Sequence[Glyph]) -> list[Row]:
    """Upright characters as lines cut into pieces, from the top down."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(
        (g for g in glyphs if not g.direction and not g.text.isspace()), key=lambda g: g.top + g.bottom
    ):
        middle = (glyph.top + glyph.bottom) / 2
        if rows:
            last = rows[-1][-1]
            if middle - (last.top + last.bottom) / 2 <= 0.35 * min(glyph.size, last.size):
                rows[-1].append(glyph)
                continue
        rows.append([glyph])
    return [_row(sorted(row, key=lambda g: g.x0)) for row in rows]


def _row(glyphs: list[Glyph]) -> Row:
    chunks: list[Chunk] = []
    text, x0, reach = glyphs[0].text, glyphs[0].x0, glyphs[0].x1
    for before, glyph in pairwise(glyphs):
        if glyph.x0 - reach > PARTED * min(before.size, glyph.size):
            chunks.append(Chunk(x0, reach, text))
            text, x0 = "", glyph.x0
        text += glyph.text
        reach = max(reach, glyph.x1)
    chunks.append(Chunk(x0, reach, text))
    return Row(min(g.top for g in glyphs), max(g.bottom for g in glyphs), tuple(chunks))


def _blocks(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """First and last row of each stretch whose numbers stand under each other."""
    figures = [k for k, row in enumerate(rows) if len(row.numbers) >= NUMBER_COLUMNS]
    blocks: list[tuple[int, int]] = []
    run: list[int] = []
    for k in figures:
        if run and not _goes_with(rows, run, k):
            blocks.extend(_block(run))
            run = []
        run.append(k)
    blocks.extend(_block(run))
    return blocks


def _block(run: list[int]) -> list[tuple[int, int]]:
    return [(run[0], run[-1])] if len(run) >= ROWS else []


def _goes_with(rows: Sequence[Row], run: list[int], k: int) -> bool:
    """Whether row ``k`` stands near the run before it with its numbers under theirs."""
    last = rows[run[-1]]
    pitch = max(3.0 * (last.bottom - last.top), 1.0)
    # Rows without two numbers may stand between (a heading, a wrapped name), prose may not.
    between = rows[run[-1] + 1 : k]
    if rows[k].top - last.bottom > pitch * (1 + len(between)) or len(between) > 4:
        return False
    if any(len(row.chunks) == 1 and len(row.chunks[0].text) > 40 for row in between):
        return False
    under = sum(any(_is_under(number, other) for other in last.numbers) for number in rows[k].numbers)
    return under >= NUMBER_COLUMNS


def _is_under(one: Chunk, other: Chunk) -> bool:
    return (
        abs(one.x1 - other.x1) <= UNDER
        or abs(one.x0 - other.x0) <= UNDER
        or abs(one.x0 + one.x1 - other.x0 - other.x1) <= 2 * UNDER
    )


def _grid(rows: Sequence[Row], first: int, last: int, horizontals: Sequence[Rule]) -> Grid | None:
    body = [row for row in rows[first : last + 1] if row.numbers]
    separators = _separators(body)
    if len(separators) < NUMBER_COLUMNS:
        return None
    low = min(chunk.x0 for row in body for chunk in row.chunks)
    high = max(chunk.x1 for row in body for chunk in row.chunks)
    pitch = median([b.top - a.top for a, b in pairwise(body)])
    first, last = _with_header(rows, first, last, low, high, pitch), _with_foot(rows, last, low, high, pitch)
    bands = _bands(rows[first : last + 1], pitch, _row_rules(horizontals, low, high))
    edges = [low - 1.0, *separators, high + 1.0]
    outer = [chunk for row in rows[first : last + 1] for chunk in row.chunks]
    edges[0] = min(edges[0], min(chunk.x0 for chunk in outer) - 1.0)
    edges[-1] = max(edges[-1], max(chunk.x1 for chunk in outer) + 1.0)
    tops = [band[0].top for band in bands]
    bottoms = [max(row.bottom for row in band) for band in bands]
    row_edges = [
        tops[0] - 1.0,
        *((b + t) / 2 for b, t in zip(bottoms, tops[1:], strict=False)),
        bottoms[-1] + 1.0,
    ]
    cells: list[GridCell] = []
    for k, band in enumerate(bands):
        cells.extend(_band_cells(k, [chunk for row in band for chunk in row.chunks], edges))
    return Grid(tuple(edges), tuple(row_edges), tuple(cells))


def _separators(body: Sequence[Row]) -> list[float]:
    """The middles of the white valleys that no piece of a row with numbers crosses."""
    spans = sorted((chunk.x0, chunk.x1) for row in body for chunk in row.chunks)
    found: list[float] = []
    reach = spans[0][1]
    for x0, x1 in spans[1:]:
        if x0 - reach >= VALLEY:
            found.append((x0 + reach) / 2)
        reach = max(reach, x1)
    return found


def _with_header(rows: Sequence[Row], first: int, last: int, low: float, high: float, pitch: float) -> int:
    """The first row counting the header lines above: near, of several pieces, within the width."""
    while first > 0:
        row = rows[first - 1]
        if rows[first].top - row.bottom > 1.5 * pitch:
            break
        if len(row.chunks) < 2 or row.chunks[0].x0 < low - 20 or row.chunks[-1].x1 > high + 20:
            break
        if any(re.search(r"[:：]", chunk.text) for chunk in row.chunks):
            break  # "部门：…    单位：…" stands above a table, it is not its header
        first -= 1
    return first


def _with_foot(rows: Sequence[Row], last: int, low: float, high: float, pitch: float) -> int:
    """The last row counting lines below that hold a number under the others (a total)."""
    while last + 1 < len(rows):
        row = rows[last + 1]
        if row.top - rows[last].bottom > 1.5 * pitch or len(row.chunks) < 2 or not row.numbers:
            break
        if row.chunks[0].x0 < low - 20 or row.chunks[-1].x1 > high + 20:
            break
        last += 1
    return last


def _row_rules(horizontals: Sequence[Rule], low: float, high: float) -> list[float]:
    """The places of level rules that run over most of the table's width."""
    return [
        rule.at for rule in horizontals if min(rule.end, high) - max(rule.start, low) > 0.7 * (high - low)
    ]


def _bands(rows: Sequence[Row], pitch: float, rules: Sequence[float]) -> list[list[Row]]:
    """Lines put together to rows: by the rules between them if there are many, else by nearness."""
    inside = [at for at in rules if rows[0].top < at < rows[-1].bottom]
    if len(inside) >= ROWS:
        bands: dict[int, list[Row]] = {}
        for row in rows:
            middle = (row.top + row.bottom) / 2
            bands.setdefault(sum(at < middle for at in inside), []).append(row)
        return [bands[key] for key in sorted(bands)]
    found: list[list[Row]] = []
    carried: list[Row] = []
    for k, row in enumerate(rows):
        is_wrapped = len(row.chunks) == 1 and not row.numbers
        above = row.top - rows[k - 1].top if k else float("inf")
        below = rows[k + 1].top - row.top if k + 1 < len(rows) else float("inf")
        if is_wrapped and min(above, below) < 0.75 * pitch:
            if above <= below and found:
                found[-1].append(row)
            else:
                carried.append(row)
            continue
        found.append([*carried, row])
        carried = []
    if carried:
        found.append(carried)
    return found


def _band_cells(row: int, chunks: Sequence[Chunk], edges: Sequence[float]) -> list[GridCell]:
    """The cells of a row: one per column, or one over the columns that a piece of text runs across."""
    n_columns = len(edges) - 1
    joined = [False] * n_columns  # does column k hang together with column k + 1 in this row
    for chunk in chunks:
        for k in range(n_columns - 1):
            if chunk.x0 < edges[k + 1] - 1.0 and chunk.x1 > edges[k + 1] + 1.0:
                joined[k] = True
    cells: list[GridCell] = []
    start = 0
    for k in range(n_columns):
        if not joined[k]:
            cells.append(GridCell(row, start, row + 1, k + 1))
            start = k + 1
    return cells
