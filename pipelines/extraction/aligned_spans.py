"""The stretches from left to right in which the lines of an unruled table print something.

White over all lines parts columns. What may stand elsewhere in its column than the rest (names of totals,
dashes, counts) shows none, or is put together with its neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.extraction.aligned_lines import Line, Piece

#: White between two columns is at least this wide (points).
VALLEY = 1.2


def occupied(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The stretches from left to right in which the lines print something, parted by white.

    The name of a total may lie across the white between two columns of names, on one line of few,
    on two of many; nothing else may.
    """
    allowed = 0 if len(lines) < 6 else 1 if len(lines) < 20 else 2
    solid = sorted(p.ink for line in lines for p in line.pieces if not p.is_total)
    totals = [(p.x0, p.x1) for line in lines for p in line.pieces if p.is_total]
    if not allowed:
        return _merged(sorted([*solid, *totals]))
    spans = _merged(solid)
    for x0, x1 in totals:
        touched = [span for span in spans if span[0] < x1 + VALLEY and x0 - VALLEY < span[1]]
        if len(touched) > 1 and sum(a < x1 and x0 < b for a, b in totals) <= allowed:
            continue
        if touched:
            joined = (min(x0, touched[0][0]), max(x1, touched[-1][1]))
            spans = sorted([*(span for span in spans if span not in touched), joined])
        elif not spans or x1 <= spans[0][0]:
            spans = sorted([*spans, (x0, x1)])
        # Elsewhere the name of a total stands in the middle of several columns and shows none.
    return spans


def spans_between(lines: Sequence[Line], uprights: Sequence[float]) -> list[tuple[float, float]]:
    """``printed_spans`` of each strip between upright rules; a strip has at least one.

    Two stretches of a strip that no line prints in together are one.
    """
    if not uprights:
        return printed_spans(lines)
    lines = [line for line in lines if not line.counts_columns] or lines
    places = [float("-inf"), *uprights, float("inf")]
    found: list[tuple[float, float]] = []
    for left, right in pairwise(places):
        strip = [
            line._replace(pieces=inside)
            for line in lines
            if (inside := tuple(p for p in line.pieces if left < p.centre < right))
        ]
        spans = printed_spans(strip) if strip else []
        if not any(sum(_has(line, *span) for span in spans) > 1 for line in strip):
            spans = [(spans[0][0], spans[-1][1])] if spans else []
        if len(spans) < 2 and left > float("-inf") and right < float("inf"):
            spans = [(left + 1, right - 1)]
        found.extend((max(a, left), min(b, right)) for a, b in spans)
    return found


def printed_spans(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """``occupied`` without what may stand elsewhere in its column than the rest.

    Counts of columns (栏次 1 2 3) and single characters (类 款 项) stand in the middle over figures at
    the right; a dash for nothing often does too. A dash beside figures is of their column where no
    line has both.
    """
    kept = [_without_levels(line) for line in lines if not line.counts_columns and not _is_spelled(line)]
    kept = kept or list(lines)
    dashes = [p for line in kept for p in line.pieces if p.is_number and not any(c.isdigit() for c in p.text)]
    if not dashes:
        return _with_totals_in_columns(occupied(kept), kept)
    figured = [
        line._replace(pieces=tuple(p for p in line.pieces if p not in dashes))
        for line in kept
        if any(p not in dashes for p in line.pieces)
    ]
    spans = _with_totals_in_columns(occupied(figured), figured)
    for x0, x1 in _merged(sorted((p.x0, p.x1) for p in dashes)):
        if any(a < x1 and x0 < b for a, b in spans):
            continue
        right = next((span for span in spans if span[0] >= x1), None)
        if right is not None and not any(_has(line, x0, x1) and _has(line, *right) for line in kept):
            spans = sorted([*(span for span in spans if span != right), (x0, right[1])])
        else:
            spans = sorted([*spans, (x0, x1)])
    return spans


def _with_totals_in_columns(
    spans: Sequence[tuple[float, float]], lines: Sequence[Line]
) -> list[tuple[float, float]]:
    """The stretches, one that holds nothing but names of totals put together with the names left of it.

    Names begin at the left of their column, the name of a total stands in its middle: right of them all
    where they are short. On its line there is no other name.
    """
    found: list[tuple[float, float]] = []
    for span in spans:
        inside = [p for line in lines for p in line.pieces if _crosses(p, *span)]
        if found and inside and all(p.is_total for p in inside):
            before = found[-1]
            names = [p for line in lines for p in line.pieces if _crosses(p, *before)]
            is_free = not any(_has(line, *before) and _has(line, *span) for line in lines)
            if is_free and names and not any(p.is_number or p.is_total for p in names):
                found[-1] = (before[0], span[1])
                continue
        found.append(span)
    return found


def stacked_spans(
    spans: Sequence[tuple[float, float]], lines: Sequence[Line]
) -> list[tuple[tuple[float, float], ...]]:
    """Other ways to read ``spans``: two neighbours in which only numbers stand, and on no line both, as one.

    Counts in the middle of a column of amounts look like a column of their own.
    """
    ways: list[tuple[tuple[float, float], ...]] = []
    for k, (left, right) in enumerate(pairwise(spans)):
        inside = [p for line in lines for p in line.pieces if _crosses(p, *left) or _crosses(p, *right)]
        if all(p.is_number for p in inside) and not any(
            _has(line, *left) and _has(line, *right) for line in lines
        ):
            ways.append((*spans[:k], (left[0], right[1]), *spans[k + 2 :]))
    return ways


def _crosses(piece: Piece, x0: float, x1: float) -> bool:
    return piece.x0 < x1 and x0 < piece.x1


def _has(line: Line, x0: float, x1: float) -> bool:
    return any(_crosses(piece, x0, x1) for piece in line.pieces)


def _is_spelled(line: Line) -> bool:
    """Whether a line is nothing but single characters parted by white."""
    return len(line.pieces) > 1 and all(len(p.text) == 1 and not p.is_number for p in line.pieces)


def _without_levels(line: Line) -> Line:
    """A line without the three and more single characters it begins with (类 款 项 beside 合计 and figures).

    They head the levels of codes that are printed below them in one column or in three.
    """
    first = next((k for k, p in enumerate(line.pieces) if len(p.text) > 1 or p.is_number), len(line.pieces))
    return line._replace(pieces=line.pieces[first:]) if first > 2 else line


def _merged(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for x0, x1 in spans:
        if merged and x0 - merged[-1][1] < VALLEY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
        else:
            merged.append((x0, x1))
    return merged
