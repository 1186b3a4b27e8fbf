"""The header of an unruled table as cells: which columns a word stands over.

A word over several columns stands in the middle above them. From the lowest level upwards each such
word takes the neighbouring columns, or groups of columns, whose middle is nearest its own, and among
the words of one level nothing is left over unless that fits plainly better.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from pipelines.extraction.aligned_columns import Block, Columns, head_columns, part_leaves
from pipelines.extraction.grid import GridCell

#: A column left out under a level of words costs as much as being so far (points) from the middle.
LEFT_OUT = 30.0
#: What it costs when the words of a level cannot be placed at all.
IMPOSSIBLE = 1000.0
#: With more words that may be either no combinations are tried.
MOST_DOUBTFUL = 6
#: Words whose middles differ less than this share of their size stand on one level.
ONE_LEVEL = 0.6


def headed(
    spans: Sequence[tuple[float, float]],
    blocks: Sequence[Block],
    outline: tuple[float, float],
    figures: Sequence[bool],
    uprights: Sequence[float] = (),
) -> Columns:
    """Columns and header together as they explain each other best.

    A word that may head a column or stand over several is tried both ways.
    """
    leaves, parents, doubtful = part_leaves(blocks, spans)
    if len(doubtful) > MOST_DOUBTFUL:
        leaves, doubtful = [*leaves, *doubtful], []
    best: tuple[float, int, Columns] | None = None
    for number, over in enumerate(product((False, True), repeat=len(doubtful))):
        heads = [*leaves, *(b for b, is_over in zip(doubtful, over, strict=True) if not is_over)]
        wide = [*parents, *(b for b, is_over in zip(doubtful, over, strict=True) if is_over)]
        columns = head_columns(spans, heads, wide, outline, figures, uprights)
        cost = columns.cost + header_grid(columns)[2]
        if best is None or (cost, number) < best[:2]:
            best = cost, number, columns
    assert best is not None
    return best[2]


def header_grid(columns: Columns) -> tuple[list[float], list[GridCell], float]:
    """The row edges of the header (without its lowest), its cells, and how ill its words fit.

    The first edge is the top of the highest word; without words there is nothing.
    """
    words = [leaf for leaf in columns.leaves if leaf is not None]
    if not words and not columns.parents:
        return [], [], 0.0
    levels = _levels(columns.parents)
    n_columns = len(columns.leaves)
    first_rows = _first_rows(columns.leaves, levels)
    units = [(k, k + 1) for k in range(n_columns)]
    spans: list[list[tuple[int, int]]] = [[] for _ in levels]
    total = 0.0
    for level in range(len(levels) - 1, -1, -1):
        # What it costs to leave a unit out at this level; None where it cannot be under a word of it.
        costs = [_left_out(first_rows[first:last], level) for first, last in units]
        spans[level], cost = _chosen(columns.edges, units, costs, levels[level])
        total += cost
        units = _regrouped(units, spans[level])
    cells: list[GridCell] = []
    begins = [0] * n_columns  # below the word over it a cell begins, and ends with its own level
    for level in range(len(levels)):
        for first, last in sorted(spans[level]):
            cells.append(GridCell(max(begins[first:last]), first, level + 1, last))
            begins[first:last] = [level + 1] * (last - first)
    cells.extend(GridCell(begins[k], k, len(levels) + 1, k + 1) for k in range(n_columns))
    edges = [min(b.top for b in [*words, *columns.parents])]
    for level, row in enumerate(levels):
        covered = {k for first, last in spans[level] for k in range(first, last)}
        below = [*(levels[level + 1] if level + 1 < len(levels) else ())]
        below += [leaf for k, leaf in enumerate(columns.leaves) if leaf is not None and k in covered]
        bottom = max(b.bottom for b in row)
        under = min((b.top for b in below if b.middle > bottom), default=bottom + 2)
        edges.append((bottom + max(under, bottom - 1)) / 2)
    return edges, cells, total


def _first_rows(leaves: Sequence[Block | None], levels: Sequence[Sequence[Block]]) -> list[int | None]:
    """The header row in which the cell of each lowest word begins, told by how high the word stands.

    A cell over the last rows of the header has its word in their middle: the fewer rows, the lower.
    """
    words = [leaf for leaf in leaves if leaf is not None]
    if not words or not levels:
        return [0 if leaf is not None else None for leaf in leaves]
    lowest = max(leaf.middle for leaf in words)
    last_row = [leaf for leaf in words if lowest - leaf.middle <= ONE_LEVEL * leaf.size]
    tops = [min(b.top for b in row) for row in [*levels, last_row]]
    bottoms = [max(b.bottom for b in row) for row in levels]
    borders = [(bottom + top) / 2 for bottom, top in zip(bottoms, tops[1:], strict=True)]
    first = 2 * sum(b.middle for b in levels[0]) / len(levels[0]) - borders[0]
    middle = sum(leaf.middle for leaf in last_row) / len(last_row)
    end = 2 * middle - borders[-1]
    middles = [(border + end) / 2 for border in [first, *borders]]
    found: list[int | None] = []
    for leaf in leaves:
        if leaf is None:
            found.append(None)
            continue
        above = sum(
            row[0].middle + ONE_LEVEL * leaf.size < leaf.middle for row in levels
        )  # it cannot begin below words that stand lower
        found.append(min(range(above + 1), key=lambda k: abs(middles[k] - leaf.middle)))
    return found


def _left_out(first_rows: Sequence[int | None], level: int) -> float | None:
    known = [row for row in first_rows if row is not None]
    if any(row <= level for row in known):
        return None
    if not known:
        return 0.0
    return 10 * LEFT_OUT if any(row == level + 1 for row in known) else LEFT_OUT


def _levels(parents: Sequence[Block]) -> list[list[Block]]:
    levels: list[list[Block]] = []
    for block in sorted(parents, key=lambda b: (b.middle, b.x0)):
        if levels and abs(block.middle - levels[-1][0].middle) <= ONE_LEVEL * block.size:
            levels[-1].append(block)
        else:
            levels.append([block])
    return [sorted(level, key=lambda b: b.x0) for level in levels]


def _chosen(
    edges: Sequence[float],
    units: Sequence[tuple[int, int]],
    costs: Sequence[float | None],
    words: Sequence[Block],
) -> tuple[list[tuple[int, int]], float]:
    """For each word of a level the columns it stands over, and what that costs."""
    n, m = len(units), len(words)
    infinite = float("inf")
    best = [[infinite] * (m + 1) for _ in range(n + 1)]
    back: list[list[int]] = [[-1] * (m + 1) for _ in range(n + 1)]
    best[0][0] = 0.0
    for i in range(n + 1):
        for j in range(m + 1):
            if best[i][j] == infinite or i == n:
                continue
            skip = best[i][j] + (costs[i] or 0.0)
            if skip < best[i + 1][j]:
                best[i + 1][j], back[i + 1][j] = skip, i
            if j == m:
                continue
            word = words[j]
            for end in range(i, n):
                if costs[end] is None:
                    break
                left, right = edges[units[i][0]], edges[units[end][1]]
                away = abs((left + right) / 2 - word.centre)
                away += 10 * max(0.0, left - word.x0 - 2, word.x1 - right - 2)
                if best[i][j] + away < best[end + 1][j + 1]:
                    best[end + 1][j + 1], back[end + 1][j + 1] = best[i][j] + away, -2 - i
    if best[n][m] == infinite:
        return [], IMPOSSIBLE
    found: list[tuple[int, int]] = []
    i, j = n, m
    while i:
        before = back[i][j]
        if before <= -2:
            start = -2 - before
            found.append((units[start][0], units[i - 1][1]))
            i, j = start, j - 1
        else:
            i = before
    return found[::-1], best[n][m]


def _regrouped(units: Sequence[tuple[int, int]], groups: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The units with those inside a group put together."""
    kept = [unit for unit in units if not any(g[0] <= unit[0] and unit[1] <= g[1] for g in groups)]
    return sorted([*kept, *groups])
