"""Random grids with random merged cells, drawn in random ways, come back exactly."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extraction import read_document
from tests.extraction.drawing import STYLES, Drawn, Sheet, as_drawn

#: "fills" draws surfaces, which cannot show where an empty cell was merged but by their size alone.
RULED_STYLES = tuple(style for style in STYLES if style != "fills")


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[Drawn], list[float], list[float]]:
    """A lattice of up to 12 x 8 fields with merged cells, some empty, and its edges.

    Each lattice edge bounds at least one cell on part of its length, as in any printed table: an
    edge all of whose stretches were merged away would not be printed at all.
    """
    n_rows, n_columns = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    if n_rows * n_columns < 2:
        n_columns = 2
    widths = draw(st.lists(st.integers(24, 60), min_size=n_columns, max_size=n_columns))
    heights = draw(st.lists(st.integers(11, 40), min_size=n_rows, max_size=n_rows))
    xs, ys = [40.0], [50.0]
    for width in widths:
        xs.append(xs[-1] + width)
    for height in heights:
        ys.append(ys[-1] + height)
    taken = [[False] * n_columns for _ in range(n_rows)]
    cells: list[Drawn] = []
    for i in range(n_rows):
        for j in range(n_columns):
            if taken[i][j]:
                continue
            down, across = 1, 1
            if draw(st.integers(0, 3)) == 0:
                across = draw(st.integers(1, 3))
                down = draw(st.integers(1, 3))
            across = max(
                k for k in range(1, across + 1) if j + k <= n_columns and not any(taken[i][j : j + k])
            )
            down = max(k for k in range(1, down + 1) if i + k <= n_rows)
            for a in range(i, i + down):
                for b in range(j, j + across):
                    taken[a][b] = True
            text = draw(st.sampled_from(["", "a", "合计", "1,234.50", "0.00", "—", "201"]))
            if len(text) > 3 and widths[j] < 36 and across == 1:
                text = "9"
            cells.append(Drawn(i, j, down, across, text))
    return cells, xs, ys


def without_unused_edges(
    cells: list[Drawn], xs: list[float], ys: list[float]
) -> tuple[list[Drawn], list[float], list[float]]:
    """The same cells on the lattice of the edges that are really drawn."""
    used_x = sorted({c.column for c in cells} | {c.column + c.column_span for c in cells})
    used_y = sorted({c.row for c in cells} | {c.row + c.row_span for c in cells})
    moved = [
        Drawn(
            used_y.index(c.row),
            used_x.index(c.column),
            used_y.index(c.row + c.row_span) - used_y.index(c.row),
            used_x.index(c.column + c.column_span) - used_x.index(c.column),
            c.text,
        )
        for c in cells
    ]
    return moved, [xs[k] for k in used_x], [ys[k] for k in used_y]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=grids(), style=st.sampled_from(RULED_STYLES))
def test_random_grids_come_back(drawn: tuple[list[Drawn], list[float], list[float]], style: str) -> None:
    cells, xs, ys = without_unused_edges(*drawn)
    with tempfile.TemporaryDirectory() as folder:
        sheet = Sheet(Path(folder) / "t.pdf")
        sheet.text(40, 30, "表")
        sheet.table(cells, xs, ys, style, size=7)
        document = read_document(sheet.save(), "d")
    if len(cells) < 2:
        assert document.tables == ()
        return
    (table,) = document.pages[0].tables
    assert as_drawn(table) == sorted(cells, key=lambda c: (c.row, c.column))
    inside = sorted("".join(c.text for c in table.cells))
    assert inside == sorted("".join(c.text for c in cells))
