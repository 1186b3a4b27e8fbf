"""The rows of an unruled table: what stands at the height of its figures, wrapped names included.

A line with figures is a row. A name wrapped over several lines stands in the middle about the height
of its row; a name at no row's height has a row of its own. A name half-way between two rows that
leave no room between them, or in the middle beside several rows, belongs to all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from pipelines.extraction.aligned_columns import LEADING, WIDE_LEADING, place
from pipelines.extraction.aligned_lines import Line, Piece

#: Middles that differ less than this share of the type size are at one height.
LEVEL = 0.3
#: Lines of a wrapped name stand nearer than this share of the distance between rows.
TIGHT = 0.85
#: A name has no more lines than this.
MOST_LINES = 6
#: A name over several columns stands in their middle but for so many points (borders are estimates).
OFF_CENTRE = 15.0


@dataclass(slots=True)
class Entry:
    """The pieces of one line in one cell."""

    first: int
    last: int
    pieces: list[Piece]
    line: int

    @property
    def middle(self) -> float:
        """Its middle from top to bottom."""
        return sum(p.middle for p in self.pieces) / len(self.pieces)

    @property
    def size(self) -> float:
        """Its type size."""
        return max(p.size for p in self.pieces)

    @property
    def is_number(self) -> bool:
        """Whether all of it is a number."""
        return len(self.pieces) == 1 and self.pieces[0].is_number


@dataclass(slots=True)
class BodyRow:
    """A row: its middle and what stands in it."""

    middle: float
    entries: list[Entry] = field(default_factory=list)

    @property
    def top(self) -> float:
        """The top of its highest character."""
        return min(p.top for e in self.entries for p in e.pieces)

    @property
    def bottom(self) -> float:
        """The bottom of its lowest character."""
        return max(p.bottom for e in self.entries for p in e.pieces)

    def holds(self, column: int) -> bool:
        """Whether something stands in a column."""
        return any(e.first <= column < e.last for e in self.entries)


@dataclass(frozen=True, slots=True)
class Body:
    """Rows from the top down, and what stands beside several: (first row, last row + 1, column)."""

    rows: tuple[BodyRow, ...]
    over_rows: tuple[tuple[int, int, int], ...]


def body_rows(lines: Sequence[Line], edges: Sequence[float], rules: Sequence[float]) -> Body:
    """The rows that ``lines`` make in columns parted at ``edges``; level ``rules`` part rows."""
    figure_columns = _figure_columns(lines, edges)
    entries = [entry for k, line in enumerate(lines) for entry in _entries(line, k, edges)]
    inside = [at for at in rules if lines[0].middle < at < lines[-1].middle]
    bands: dict[int, list[Entry]] = {}
    between: list[Entry] = []
    for entry in entries:
        across = [at for at in inside if entry.pieces[0].top < at < entry.pieces[-1].bottom]
        if across and abs(across[0] - entry.middle) < LEVEL * entry.size:
            between.append(entry)  # a rule stops at a cell that goes on below it
        else:
            bands.setdefault(sum(at < entry.middle for at in inside), []).append(entry)
    pitch = _pitch(lines)
    rows: list[BodyRow] = []
    # Rules between most rows: each band is one row, unless its figures say otherwise.
    figure_lines = {e.line for e in entries if e.is_number}
    is_ruled = len(inside) >= 2 and len(inside) >= 0.6 * (len(figure_lines) - 1)
    for key in sorted(bands):
        band = bands[key]
        if is_ruled and len({e.line for e in band if e.is_number}) <= 1:
            numbers = [e.middle for e in band if e.is_number]
            middle = numbers[0] if numbers else sum(e.middle for e in band) / len(band)
            rows.append(BodyRow(middle, band))
            continue
        found, half_way = _aligned_rows(band, pitch)
        rows.extend(found)
        between.extend(half_way)
    rows.sort(key=lambda row: row.middle)
    over_rows = _beside_rows(rows, between, len(edges) - 1)
    taken = {(row, column) for first, last, column in over_rows for row in range(first, last)}
    for row in rows:
        for entry in row.entries:
            _widen(entry, row, edges, figure_columns)
    for entry in between:
        after = next((k for k, row in enumerate(rows) if row.middle > entry.middle), len(rows) - 1)
        if not after:
            rows[0].entries.append(entry)
            continue
        rows[after].entries.append(entry)
        if not taken & {(after - 1, entry.first), (after, entry.first)} and entry.last - entry.first == 1:
            over_rows.append((after - 1, after + 1, entry.first))
    return Body(tuple(rows), tuple(over_rows))


def _figure_columns(lines: Sequence[Line], edges: Sequence[float]) -> set[int]:
    """The columns in which mostly numbers stand."""
    counts: dict[int, list[int]] = {}
    for line in lines:
        for piece in line.pieces:
            first, last = place(edges, piece.x0, piece.x1)
            if last - first == 1:
                counts.setdefault(first, []).append(piece.is_number)
    return {column for column, numbers in counts.items() if 2 * sum(numbers) > len(numbers)}


def _widen(entry: Entry, row: BodyRow, edges: Sequence[float], figure_columns: set[int]) -> None:
    """Give a name that stands in a column of figures the blank columns it is in the middle of."""
    if entry.is_number or entry.last - entry.first > 1 or entry.first not in figure_columns:
        return
    others = [e for e in row.entries if e is not entry]
    low = max((e.last for e in others if e.last <= entry.first), default=0)
    high = min((e.first for e in others if e.first >= entry.last), default=len(edges) - 1)
    centre = (entry.pieces[0].x0 + entry.pieces[-1].x1) / 2
    ways = [
        (abs(edges[first] + edges[last] - 2 * centre) / 2, first, last)
        for first in range(low, entry.first + 1)
        for last in range(entry.last, high + 1)
        if last - first > 1
    ]
    away, first, last = min(ways, default=(float("inf"), 0, 0))
    if away <= OFF_CENTRE:
        entry.first, entry.last = first, last


def _entries(line: Line, number: int, edges: Sequence[float]) -> list[Entry]:
    found: list[Entry] = []
    for piece in line.pieces:
        first, last = place(edges, piece.x0, piece.x1)
        if found and first < found[-1].last:
            found[-1].last = max(last, found[-1].last)
            found[-1].pieces.append(piece)
        else:
            found.append(Entry(first, last, [piece], number))
    return found


def _pitch(lines: Sequence[Line]) -> float:
    """How far rows with figures stand from each other."""
    middles = [line.middle for line in lines if line.has_figures]
    steps = [b - a for a, b in pairwise(middles)]
    size = median(line.size for line in lines)
    return max(median(steps), size) if steps else 2.0 * size


def _aligned_rows(entries: Sequence[Entry], pitch: float) -> tuple[list[BodyRow], list[Entry]]:
    """Rows from heights alone, and the entries half-way between two of them."""
    rows: list[BodyRow] = []
    by_line: dict[int, list[Entry]] = {}
    for entry in entries:
        by_line.setdefault(entry.line, []).append(entry)
    attached: dict[int, BodyRow] = {}
    for line, inside in sorted(by_line.items()):
        numbers = [e for e in inside if e.is_number]
        if numbers:
            attached[line] = BodyRow(numbers[0].middle)
            rows.append(attached[line])
    loose: list[list[Entry]] = []
    for column in sorted({e.first for e in entries}):
        stack = sorted((e for e in entries if e.first == column), key=lambda e: e.middle)
        for run in _runs(stack, pitch, rows):
            loose.extend(_placed(run, rows, attached))
    half_way: list[Entry] = []
    for group in sorted(_around_others(loose, rows), key=_middle):
        middle, size = _middle(group), group[0].size
        row = next((r for r in rows if abs(r.middle - middle) <= LEVEL * size), None)
        if row is None:
            above = max((r for r in rows if r.middle < middle), key=lambda r: r.middle, default=None)
            below = min((r for r in rows if r.middle > middle), key=lambda r: r.middle, default=None)
            if (
                above is not None
                and below is not None
                and below.middle - above.middle <= 1.4 * pitch
                and abs(above.middle + below.middle - 2 * middle) <= 0.5 * size
                and not any(r.holds(group[0].first) for r in (above, below))
            ):
                half_way.extend(group)
                continue
            row = BodyRow(middle)
            rows.append(row)
        row.entries.extend(group)
    return [row for row in rows if row.entries], half_way


def _around_others(loose: Sequence[list[Entry]], rows: Sequence[BodyRow]) -> list[list[Entry]]:
    """The groups, with two lines of a name put together whose middle is at the height of another name.

    In a row of blank amounts no figure says so. Nothing else stands at the height of either line.
    """
    found: list[list[Entry]] = []
    heights = [(group, _middle(group)) for group in loose]

    def is_alone(group: list[Entry]) -> bool:
        near = LEVEL * group[0].size
        others = [middle for other, middle in heights if other is not group]
        return all(abs(at - _middle(group)) > near for at in [*others, *(row.middle for row in rows)])

    for group in loose:
        last = found[-1] if found else []
        if (
            len(last) == len(group) == 1
            and last[0].first == group[0].first
            and group[0].middle - last[0].middle <= WIDE_LEADING * min(group[0].size, last[0].size)
            and not group[0].pieces[0].starts_anew
            and is_alone(last)
            and is_alone(group)
            and any(
                other[0].first != group[0].first
                and abs(2 * middle - last[0].middle - group[0].middle) <= 2 * LEVEL * group[0].size
                for other, middle in heights
            )
        ):
            found[-1] = [*last, *group]
            continue
        found.append(group)
    return found


def _middle(run: Sequence[Entry]) -> float:
    return (run[0].middle + run[-1].middle) / 2


def _runs(stack: Sequence[Entry], pitch: float, rows: Sequence[BodyRow]) -> list[list[Entry]]:
    """The entries of a column, lines of one wrapped name together.

    Where rows are low, lines of one name may be as far apart as rows. Then what stands near together is
    cut so that the middle of each piece is at the height of a row, if that can be done.
    """
    chains: list[list[Entry]] = []
    for entry in stack:
        if chains:
            last = chains[-1][-1]
            is_near = entry.middle - last.middle <= WIDE_LEADING * min(entry.size, last.size)
            if is_near and not (entry.is_number or last.is_number or entry.pieces[0].starts_anew):
                chains[-1].append(entry)
                continue
        chains.append([entry])
    return [run for chain in chains for run in _at_rows(chain, pitch, rows) or _close_together(chain, pitch)]


def _close_together(chain: Sequence[Entry], pitch: float) -> list[list[Entry]]:
    """The entries parted where they stand further apart than lines of one name, or as far as rows do."""
    runs: list[list[Entry]] = [[chain[0]]]
    for last, entry in pairwise(chain):
        step = entry.middle - last.middle
        if step <= LEADING * min(entry.size, last.size) and step < TIGHT * pitch:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return runs


def _at_rows(chain: Sequence[Entry], pitch: float, rows: Sequence[BodyRow]) -> list[list[Entry]]:
    """The entries cut into as many runs as can be, each in the middle about a row; empty if none fits."""
    best: list[list[list[Entry]] | None] = [[]]
    for end in range(1, len(chain) + 1):
        found: list[list[Entry]] | None = None
        for start in range(max(0, end - MOST_LINES), end):
            before, run = best[start], list(chain[start:end])
            if before is None or (found is not None and len(before) < len(found)):
                continue
            # With a line of its own at the height of the row the others may be names of rows without figures.
            is_sure = len(run) == 1 or len(run) % 2 == 0 or len(_close_together(run, pitch)) == 1
            # No name reaches over the height of a row that it does not stand at.
            beside = [row for row in rows if run[0].middle < row.middle < run[-1].middle]
            is_at = any(abs(row.middle - _middle(run)) <= LEVEL * run[0].size for row in rows)
            if is_sure and is_at and (len(run) == 1 or len(beside) < 2):
                found = [*before, run]
        best.append(found)
    return best[-1] or []


def _placed(run: list[Entry], rows: list[BodyRow], attached: dict[int, BodyRow]) -> list[list[Entry]]:
    """Put a run where its height says; what belongs to no row with figures comes back."""
    if len(run) == 1:
        if run[0].line in attached:
            attached[run[0].line].entries.append(run[0])
            return []
        return [run]
    middle = _middle(run)
    row = next((r for r in rows if abs(r.middle - middle) <= LEVEL * run[0].size), None)
    if row is not None:
        row.entries.extend(run)
        return []
    at_rows = [entry for entry in run if entry.line in attached]
    if not at_rows:
        return [run]
    if len(at_rows) == 1:
        attached[at_rows[0].line].entries.extend(run)
        return []
    for entry in at_rows:
        attached[entry.line].entries.append(entry)
    return [[entry] for entry in run if entry.line not in attached]


def _beside_rows(
    rows: Sequence[BodyRow], between: Sequence[Entry], n_columns: int
) -> list[tuple[int, int, int]]:
    """What in the first column stands beside several rows, in their middle.

    Only where the whole column fits: from the first row to the last each name in the middle of its
    rows, rows left over holding the name of a total only.
    """
    if n_columns < 3:
        return []
    stated = [e for row in rows for e in row.entries if e.first == 0 and e.last == 1]
    marks = sorted([*stated, *(e for e in between if e.first == 0)], key=lambda e: e.middle)
    if not marks or len(marks) == len(rows) or any(e.is_number for e in marks):
        return []
    found: list[tuple[int, int, int]] = []
    start = 0
    for entry in marks:
        while start < len(rows) and rows[start].middle < entry.middle and _is_total(rows[start]):
            start += 1
        end = next(
            (
                k
                for k in range(start, len(rows))
                if abs((rows[start].middle + rows[k].middle) / 2 - entry.middle) <= LEVEL * entry.size
            ),
            None,
        )
        if end is None:
            return []
        if end > start:
            found.append((start, end + 1, 0))
        start = end + 1
    return found if start == len(rows) else []


def _is_total(row: BodyRow) -> bool:
    names = [p.text for e in row.entries for p in e.pieces if not p.is_number]
    return bool(names) and all(name.endswith(("合计", "总计")) for name in names)
