"""A page that is a picture becomes marks: rules seen, characters recognised, each with its place.

The grid comes first: it says where text can stand, so nothing has to look for text all over the
page, and text is recognised cell by cell. What the marks mean is for ``tables``, as with any page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

import numpy as np
import pypdfium2

from pipelines.extraction.grid import GridTooLargeError
from pipelines.extraction.marks import Glyph, Marks, Turn
from pipelines.extraction.model import Alternatives
from pipelines.extraction.scan_digit_shapes import told_by_shape
from pipelines.extraction.scan_glyphs import (
    SAME_FIGURE,
    SAME_SIZE,
    boxes,
    cut_region,
    parted,
    places,
    type_size,
    with_gap,
    without_blanks,
)
from pipelines.extraction.scan_image import Grey, StraightPage, is_one_bit, rendered, smoothed, straightened
from pipelines.extraction.scan_layout import LONE, NO_TEXT, STROKES, Column, Layout, is_beside
from pipelines.extraction.scan_lines import Piece, Region, inked, text_pieces
from pipelines.extraction.scan_numbers import (
    LOOKALIKES,
    as_number,
    decimals_of,
    is_number,
    is_pointed,
)
from pipelines.extraction.scan_recognition import Character, Reading, Recogniser
from pipelines.extraction.scan_rules import find_rules, without_scraps
from pipelines.extraction.scan_scraps import lone_marks, stray_strokes, without_scraps_of_cells
from pipelines.extraction.scan_second_look import looked_at_again
from pipelines.extraction.scan_widths import (
    doubted_where_lines_begin_late,
    widths,
    with_lost_characters,
)
from pipelines.extraction.scan_words import words_of
from pipelines.extraction.tables import find_grids

#: White kept between a cell's rules and its text (points).
INSET = 0.5
#: So many lines are tried to see which way up a page is ...
SAMPLE = 12
#: ... and it is the right way when they are recognised with this confidence on the average ...
UPRIGHT = 0.75
#: ... and hold so many characters on the average.
LINE = 4
#: ... unless it stands in one line with text and is recognised with at least this.
NO_TEXT_BESIDE = 0.25
#: So many other numerals that stand alone beside a 一 count columns with it.
COUNTING = 2
#: Commas reach so far below digits (type sizes).
COMMA = 0.12
#: Digits and small letters take so much of the height of an ideograph.
DIGIT_HEIGHT = 0.72


class ScanReader:
    """Reads scanned pages of one open file."""

    def __init__(self, document: pypdfium2.PdfDocument, recogniser: Recogniser) -> None:
        self._document = document
        self._recogniser = recogniser

    def read_marks(self, number: int) -> Marks:
        """The marks of page ``number`` (from 1): no glyphs where no text was recognised.

        Raises ``pypdfium2.PdfiumError`` where pdfium cannot draw the page.
        """
        source = self._document[number - 1]
        try:
            width, height = source.get_size()
            rotation = int(source.get_rotation())
            picture, scale = rendered(source)
            one_bit = is_one_bit(source)
        finally:
            source.close()
        blank = Marks(width, height, rotation, 0, (), (), (), (), 1.0, 1, read_by="ocr")
        straight = straightened(picture, scale, one_bit=one_bit)
        layout, known = self._right_way_up(straight, replace(blank, skew=straight.skew))
        lines = [_cut_out(layout, piece) for piece in layout.pieces]
        rest = [k for k in range(len(lines)) if k not in known]
        known |= dict(zip(rest, self._recogniser.read([lines[k] for k in rest]), strict=True))
        layout, lines, readings = _parted(layout, lines, [known[k] for k in range(len(lines))])
        inks = [piece.ink for piece in layout.pieces]
        readings = looked_at_again(self._recogniser, lines, readings)
        wide = widths(layout.unsmoothed, inks, readings)
        readings = with_lost_characters(self._recogniser, lines, inks, readings, wide)
        readings = doubted_where_lines_begin_late(inks, layout.cells, readings, wide)
        glyphs: list[Glyph] = []
        alternatives: dict[Glyph, Alternatives] = {}
        readings = told_by_shape(layout.unsmoothed, layout.size, inks, _numbers(layout, readings))
        readings = without_scraps_of_cells(layout, _numbers(layout, readings))
        stray = stray_strokes(layout, readings) | lone_marks(layout, readings)
        is_text = [
            column is not None or (reading.mean_confidence >= NO_TEXT and k not in stray)
            for k, (column, reading) in enumerate(zip(layout.columns, readings, strict=True))
        ]
        sizes = _type_sizes(layout, readings)
        sure = [piece.ink for piece, certain in zip(layout.pieces, is_text, strict=True) if certain]
        for piece, certain, reading, size in zip(layout.pieces, is_text, readings, sizes, strict=True):
            may_be_text = reading.mean_confidence >= NO_TEXT_BESIDE and (
                len(reading.characters) > 1 or _is_as_large(piece.ink, layout.size)
            )
            if certain or (may_be_text and is_beside(piece.ink, sure)):
                for glyph, character in _glyphs(layout, piece, reading, size):
                    glyphs.append(glyph)
                    if character.alternatives:
                        alternatives[glyph] = character.alternatives
        return replace(layout.marks, glyphs=tuple(glyphs), alternatives=alternatives)

    def _right_way_up(self, straight: StraightPage, marks: Marks) -> tuple[Layout, dict[int, Reading]]:
        """The layout of the page turned so that its text can be read; as it lies where none can.

        With it come the readings of the pieces that were tried, by their places in it.
        """
        turns: tuple[Turn, ...] = (0, 90, 270, 180)
        best: tuple[float, Layout, dict[int, Reading]] | None = None
        for turn in turns:
            grey = np.ascontiguousarray(np.rot90(straight.grey, -turn // 90))
            layout = _layout(replace(straight, grey=grey), replace(marks, turn=turn))
            pieces = layout.pieces
            if not pieces:
                return layout, {}
            widest = sorted(range(len(pieces)), key=lambda k: pieces[k].ink.left - pieces[k].ink.right)[
                :SAMPLE
            ]
            readings = self._recogniser.read([_cut_out(layout, pieces[k]) for k in widest])
            tried = dict(zip(widest, readings, strict=True))
            sure = mean(reading.mean_confidence for reading in readings)
            # Seen from the side, lines fall apart into characters, some of which look like others.
            length = mean(len(reading.characters) for reading in readings)
            if sure >= UPRIGHT and length >= LINE:
                return layout, tried
            if best is None or sure * length > best[0]:
                best = (sure * length, layout, tried)
        assert best is not None
        return best[1], best[2]


def _is_as_large(ink: Region, size: float) -> bool:
    """Whether a piece is as high and wide as an ideograph, as no speck is."""
    return min(ink.bottom - ink.top, ink.right - ink.left) >= LONE * size


def _layout(page: StraightPage, marks: Marks) -> Layout:
    found = find_rules(page)
    ruled = replace(marks, horizontals=found.horizontals, verticals=found.verticals)
    try:
        grids = [each.grid for each in find_grids(ruled)]
    except GridTooLargeError:
        ruled, grids = marks, []
    text = without_scraps(page, found.text, grids) if grids else found.text
    outside = text.copy()
    cells: list[Region] = []
    columns_of: list[Column] = []
    for number, grid in enumerate(grids):
        cells.extend(_region(page, *grid.box(cell)) for cell in grid.cells)
        columns_of.extend((number, cell.column) for cell in grid.cells)
        columns, rows = grid.column_edges, grid.row_edges
        outline = _region(page, columns[0], rows[0], columns[-1], rows[-1])
        outside[outline.top : outline.bottom, outline.left : outline.right] = 255
    everything = Region(0, 0, outside.shape[1], outside.shape[0])
    ink = inked(text, page.scale, cells or [everything])
    free = inked(outside, page.scale, [])._replace(size=ink.size)
    inner = [
        (piece, columns_of[number], number)
        for number, cell in enumerate(cells)
        for piece in text_pieces(ink, cell)
    ]
    outer = [
        piece
        for piece in words_of(free)
        if max(piece.ink.bottom - piece.ink.top, piece.ink.right - piece.ink.left) >= LONE * ink.size
    ]
    pieces = (*(piece for piece, _, _ in inner), *outer)
    places = (*(column for _, column, _ in inner), *(None for _ in outer))
    numbers = (*(number for _, _, number in inner), *(None for _ in outer))
    return Layout(page, smoothed(text, page), text, free.mask, ruled, pieces, places, numbers, ink.size)


def _parted(
    layout: Layout, lines: Sequence[Grey], readings: Sequence[Reading]
) -> tuple[Layout, list[Grey], list[Reading]]:
    """The layout with its pieces outside of grids cut where white parts columns, their pictures, readings."""
    pieces: list[Piece] = []
    columns: list[Column | None] = []
    cells: list[int | None] = []
    pictures: list[Grey] = []
    kept: list[Reading] = []
    for k, piece in enumerate(layout.pieces):
        is_free = layout.columns[k] is None
        parts = parted(layout.free, piece, layout.size, readings[k]) if is_free else [(piece, readings[k])]
        for part, reading in parts:
            pieces.append(part)
            columns.append(layout.columns[k])
            cells.append(layout.cells[k])
            pictures.append(lines[k] if len(parts) == 1 else _cut_out(layout, part))
            kept.append(reading)
    changed = replace(layout, pieces=tuple(pieces), columns=tuple(columns), cells=tuple(cells))
    return changed, pictures, kept


def _type_sizes(layout: Layout, readings: Sequence[Reading]) -> list[float | None]:
    """The type size of each piece outside of grids, in pixels; sizes that differ by a hair are one.

    Names tell sizes better than figures do, and a dash not at all.
    """
    sizes: list[float | None] = []
    names: Counter[float] = Counter()
    figures: Counter[float] = Counter()
    for piece, column, reading in zip(layout.pieces, layout.columns, readings, strict=True):
        characters = without_blanks(reading)
        if column is not None or not characters:
            sizes.append(None)
            continue
        if all(character.text in STROKES for character in characters):
            sizes.append(0.0)
            continue
        size = type_size(piece, characters, places(layout.free, piece, layout.size, characters))
        sizes.append(size)
        (figures if is_number(reading.text) else names)[size] += len(characters)
    known: list[float] = []
    one_size = _clustered(names, known, SAME_SIZE) | _clustered(figures, known, SAME_FIGURE)
    one_size[0.0] = known[0] if known else layout.size
    return [None if size is None else one_size[size] for size in sizes]


def _clustered(weights: Counter[float], known: list[float], near: float) -> dict[float, float]:
    """For each size the ``known`` one near it; that around which most others are becomes known."""
    found: dict[float, float] = {}
    left = Counter(weights)
    while left:
        for size in [*left]:
            best = min(known, key=lambda each: abs(each - size), default=0.0)
            if abs(size - best) <= near * best:
                found[size] = best
                del left[size]
        if left:
            known.append(max(left, key=lambda at: (_around(left, at), -at)))
    return found


def _around(weights: Counter[float], at: float) -> int:
    return sum(n for size, n in weights.items() if abs(size - at) <= SAME_SIZE / 2 * at)


def _numbers(layout: Layout, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, numbers written as those of their column are.

    Outside of grids numbers that stand under each other are a column.
    """
    readings = [
        reading if column is not None else with_gap(layout.free, piece, layout.size, reading)
        for piece, column, reading in zip(layout.pieces, layout.columns, readings, strict=True)
    ]
    columns = [*layout.columns]
    free = [k for k, column in enumerate(columns) if column is None and _is_figure(readings[k])]
    reach, number = -1, 0
    for k in sorted(free, key=lambda k: layout.pieces[k].ink.left):
        ink = layout.pieces[k].ink
        number += ink.left >= reach
        reach = max(reach, ink.right)
        columns[k] = (-1, number)
    texts: dict[Column, list[str]] = {}
    for column, reading in zip(columns, readings, strict=True):
        if column is not None:
            texts.setdefault(column, []).append(as_number(reading).text)
    # A nought is written without decimals in any column.
    texts = {column: [text for text in listed if text.strip("0 ")] for column, listed in texts.items()}
    written = {column: decimals_of(listed) for column, listed in texts.items()}
    # What lost its points under a seal is written as the figures of the columns beside it.
    pointed = [column for column, listed in texts.items() if column[0] < 0 and any(map(is_pointed, listed))]
    usual = decimals_of([text for column in pointed for text in texts[column]])
    written |= {column: usual for column in pointed if written[column] is None}
    return [
        as_number(reading, written[column]) if column is not None else reading
        for column, reading in zip(columns, _with_dashes(layout, readings), strict=True)
    ]


def _is_figure(reading: Reading) -> bool:
    """Whether a reading is a number, letters taken for the digits they look like."""
    text = "".join(LOOKALIKES.get(character, character) for character in reading.text)
    return any(character.isdigit() for character in reading.text) and is_number(text)


def _with_dashes(layout: Layout, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, a 一 that stands alone outside of grids as the dash that says that there is nothing.

    Not where other numerals stand alone at its height (一 二 三 count columns).
    """
    numerals = [
        piece.ink
        for piece, reading in zip(layout.pieces, readings, strict=True)
        if reading.text.strip() in tuple("二三四五六七八九十")
    ]
    return [
        reading._replace(characters=tuple(each._replace(text="—") for each in without_blanks(reading)))
        if column is None
        and reading.text.strip() == "一"
        and sum(is_beside(piece.ink, [each]) for each in numerals) < COUNTING
        else reading
        for piece, column, reading in zip(layout.pieces, layout.columns, readings, strict=True)
    ]


def _region(page: StraightPage, x0: float, top: float, x1: float, bottom: float) -> Region:
    height, width = page.grey.shape
    return Region(
        max(0, round(page.to_pixels(x0 + INSET))),
        max(0, round(page.to_pixels(top + INSET))),
        min(width, round(page.to_pixels(x1 - INSET))),
        min(height, round(page.to_pixels(bottom - INSET))),
    )


def _cut_out(layout: Layout, piece: Piece) -> Grey:
    """A piece of text with some paper around, white where its own does not reach."""
    room, wanted = piece.room, cut_region(piece, layout.size)
    left, top = max(room.left, wanted.left), max(room.top, wanted.top)
    right, bottom = min(room.right, wanted.right), min(room.bottom, wanted.bottom)
    sides = ((top - wanted.top, wanted.bottom - bottom), (left - wanted.left, wanted.right - right))
    return np.pad(layout.text[top:bottom, left:right], sides, constant_values=255)


def _glyphs(
    layout: Layout, piece: Piece, reading: Reading, type_size: float | None
) -> list[tuple[Glyph, Character]]:
    """The characters of a line at their places; of a size (pixels) where that is known."""
    if type_size is None:
        return _side_by_side(layout, piece, reading)
    characters = without_blanks(reading)
    to_points = layout.page.to_points
    top, bottom = to_points(piece.ink.top), to_points(piece.ink.bottom)
    size = type_size / layout.page.scale
    # A comma reaches below the line.
    middle = (top + bottom - (COMMA * size if is_number(reading.text) and "," in reading.text else 0)) / 2
    ink = places(layout.free, piece, layout.size, characters)
    return [
        (
            Glyph(
                to_points(place.left),
                middle - size / 2,
                to_points(place.right),
                middle + size / 2,
                character.text,
                size,
                0,
                min(character.confidence, 1 - reading.missed),
            ),
            character,
        )
        for character, place in zip(characters, boxes(piece, characters, ink, type_size), strict=True)
    ]


def _side_by_side(layout: Layout, piece: Piece, reading: Reading) -> list[tuple[Glyph, Character]]:
    """The characters of a line side by side over its length, ideographs twice as wide as digits."""
    characters = reading.characters
    while characters and characters[0].text == " ":
        characters = characters[1:]
    while characters and characters[-1].text == " ":
        characters = characters[:-1]
    if not characters:
        return []
    page = layout.page
    widths = [2 if character.text > "\u2e7f" else 1 for character in characters]
    x0, x1 = page.to_points(piece.ink.left), page.to_points(piece.ink.right)
    top, bottom = page.to_points(piece.ink.top), page.to_points(piece.ink.bottom)
    high = max(bottom - top, 0.6 * layout.size / page.scale)
    size = high if max(widths) == 2 else high / DIGIT_HEIGHT
    middle = (top + bottom) / 2
    step = (x1 - x0) / sum(widths)
    glyphs: list[tuple[Glyph, Character]] = []
    at = x0
    for character, wide in zip(characters, widths, strict=True):
        glyph = Glyph(
            at,
            middle - size / 2,
            at + wide * step,
            middle + size / 2,
            character.text,
            size,
            0,
            min(character.confidence, 1 - reading.missed),
        )
        glyphs.append((glyph, character))
        at += wide * step
    return glyphs
