"""Tables found in any marks: each character in one place, each place of a grid taken once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from hypothesis import strategies as st

from pipelines.extraction.grid import GridTooLargeError
from pipelines.extraction.marks import Fill, Glyph, Marks, Rule
from pipelines.extraction.tables import read_tables
from tests.fuzzing.properties import Property, shown

WORDS = ["合计", "项目", "一、教育支出", "1,234.56", "0.00", "201", "2010301", "单位：万元", "（一）", "12", "-", "金额", "注：本表", "第 3 页", "3, 295. 68", "—"]  # fmt: skip
_places = st.one_of(st.sampled_from([60.0, 120.0, 180.0, 260.0, 340.0, 420.0]), st.floats(-20, 620))
_levels = st.one_of(st.integers(4, 60).map(lambda k: 14.0 * k), st.floats(-20, 860))


def _word(text: str, x: float, top: float, size: float, direction: int) -> list[Glyph]:
    glyphs = []
    for letter in text:
        wide = size if ord(letter) > 0x2000 else size / 2
        glyphs.append(Glyph(x, top, x + wide, top + size, letter, size, direction))
        x += wide
    return glyphs


@st.composite
def marks(draw: st.DrawFn) -> Marks:
    """Words in columns and anywhere, rules and surfaces that may or may not make a grid."""
    glyphs: list[Glyph] = []
    texts = st.one_of(st.sampled_from(WORDS), st.text(min_size=1, max_size=6))
    rows = draw(st.lists(_levels, max_size=12))
    columns = draw(st.lists(_places, max_size=6))
    for top in rows:
        for x in columns:
            if draw(st.integers(0, 4)):
                glyphs += _word(draw(texts), x, top, draw(st.sampled_from([9.0, 9.0, 10.5, 6.0])), 0)
    for _ in range(draw(st.integers(0, 4))):
        size, direction = draw(st.floats(1, 40)), draw(st.sampled_from([0, 0, 90, 180, 270, -1]))
        glyphs += _word(draw(texts), draw(_places), draw(_levels), size, direction)
    sources = st.sampled_from(["line", "rectangle"])
    horizontals = [Rule(at, min(a, b), max(a, b), s) for at, a, b, s in draw(st.lists(st.tuples(_levels, _places, _places, sources), max_size=14))]  # fmt: skip
    verticals = [Rule(at, min(a, b), max(a, b), s) for at, a, b, s in draw(st.lists(st.tuples(_places, _levels, _levels, sources), max_size=8))]  # fmt: skip
    fills = [Fill(min(a, b), min(c, d), max(a, b), max(c, d)) for a, b, c, d in draw(st.lists(st.tuples(_places, _places, _levels, _levels), max_size=4))]  # fmt: skip
    if draw(st.booleans()) and rows and columns:
        left, right = min(columns) - 4, max(columns) + 80
        horizontals += [Rule(at - 2.0, left, right, "line") for at in [*rows, max(rows) + 14]]
        verticals += [Rule(at - 4.0, min(rows) - 2, max(rows) + 12, "line") for at in [*columns, right + 4]]
    return Marks(
        595.0, 842.0, 0, 0, tuple(glyphs), tuple(horizontals), tuple(verticals), tuple(fills), 0.0, 0
    )


def each_character_has_one_place(printed: Marks) -> None:
    """Nothing printed is lost or doubled; cells do not overlap and lie within their table."""
    try:
        tables, lines = read_tables(printed, 1)
    except GridTooLargeError:
        return
    shown = Counter(c for glyph in printed.glyphs for c in glyph.text if not c.isspace())
    told = Counter(c for line in lines for c in line.text if not c.isspace())
    assert told == shown, f"lost {shown - told}, added {told - shown}"
    in_cells = Counter(c for table in tables for cell in table.cells for c in cell.text if not c.isspace())
    assert not in_cells - shown
    for table in tables:
        taken = Counter(
            (row, column)
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for column in range(cell.column, cell.column + cell.column_span)
        )
        assert max(taken.values(), default=1) == 1
        assert all(0 <= row < table.n_rows and 0 <= column < table.n_columns for row, column in taken)
    with suppress(GridTooLargeError):
        assert read_tables(printed, 1) == (tables, lines)


PROPERTIES = (Property("marks: each character has one place", marks(), each_character_has_one_place, shown),)
