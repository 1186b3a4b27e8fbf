"""A page that is a picture becomes marks: rules seen, characters recognised, each with its place.

The grid comes first: it says where text can stand, so nothing has to look for text all over the
page, and text is recognised cell by cell. What the marks mean is for ``tables``, as with any page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean

import numpy as np
import pypdfium2

from pipelines.extraction.grid import GridTooLargeError
from pipelines.extraction.marks import Glyph, Marks, Turn
from pipelines.extraction.model import Alternatives
from pipelines.extraction.scan_digit_shapes import told_by_shape
from pipelines.extraction.scan_image import Grey, StraightPage, is_one_bit, rendered, smoothed, straightened
from pipelines.extraction.scan_lines import Piece, Region, inked, text_pieces
from pipelines.extraction.scan_numbers import SEPARATORS, as_number, decimals_of, is_number
from pipelines.extraction.scan_recognition import Character, Reading, Recogniser
from pipelines.extraction.scan_rules import find_rules, without_scraps
from pipelines.extraction.scan_second_look import looked_at_again
from pipelines.extraction.tables import find_grids

#: White kept between a cell's rules and its text (points).
INSET = 0.5
#: White around a line that is recognised, as a share of its height.
AROUND = 0.2
#: Pieces of text outside grids are parted by white wider than this share of the type size.
PARTED_OUTSIDE = 0.7
#: So many lines are tried to see which way up a page is ...
SAMPLE = 12
#: ... and it is the right way when they are recognised with this confidence on the average ...
UPRIGHT = 0.75
#: ... and hold so many characters on the average.
LINE = 4
#: A text outside of tables recognised with less confidence than this is a picture, not text.
NO_TEXT = 0.5
#: ... unless it stands in one line with text and is recognised with at least this.
NO_TEXT_BESIDE = 0.25
#: A text recognised with this confidence on the average is legible.
LEGIBLE = 0.8
#: What stands outside of tables and is smaller than this share of the type size is a speck, not a character.
LONE = 0.65
#: Digits and small letters take so much of the height of an ideograph.
DIGIT_HEIGHT = 0.72


#: Which grid on the page, and which of its columns.
Column = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Layout:
    """A picture with its rules and the pieces of text on it.

    ``text`` is the picture without rules as it is best recognised, ``unsmoothed`` as it is.
    Each piece of text has its column and the number of its cell if it stands in a grid.
    """

    page: StraightPage
    text: Grey
    unsmoothed: Grey
    marks: Marks
    pieces: tuple[Piece, ...]
    columns: tuple[Column | None, ...]
    cells: tuple[int | None, ...]
    size: float


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
        readings = looked_at_again(self._recogniser, lines, [known[k] for k in range(len(lines))])
        glyphs: list[Glyph] = []
        alternatives: dict[Glyph, Alternatives] = {}
        inks = [piece.ink for piece in layout.pieces]
        readings = told_by_shape(layout.unsmoothed, layout.size, inks, _numbers(layout, readings))
        readings = _without_scraps(layout, _numbers(layout, readings))
        is_text = [
            column is not None or reading.mean_confidence >= NO_TEXT
            for column, reading in zip(layout.columns, readings, strict=True)
        ]
        sure = [piece.ink for piece, certain in zip(layout.pieces, is_text, strict=True) if certain]
        for piece, certain, reading in zip(layout.pieces, is_text, readings, strict=True):
            may_be_text = reading.mean_confidence >= NO_TEXT_BESIDE and len(reading.characters) > 1
            if certain or (may_be_text and _is_beside(piece.ink, sure)):
                for glyph, character in _glyphs(layout, piece, reading):
                    glyphs.append(glyph)
                    if character.alternatives:
                        alternatives[glyph] = character.alternatives
        return replace(layout.marks, glyphs=tuple(glyphs), alternatives=alternatives)

    def _right_way_up(self, straight: StraightPage, marks: Marks) -> tuple[_Layout, dict[int, Reading]]:
        """The layout of the page turned so that its text can be read; as it lies where none can.

        With it come the readings of the pieces that were tried, by their places in it.
        """
        turns: tuple[Turn, ...] = (0, 90, 270, 180)
        best: tuple[float, _Layout, dict[int, Reading]] | None = None
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


def _is_beside(ink: Region, others: Sequence[Region]) -> bool:
    """Whether a piece stands in one line with others."""
    middle = (ink.top + ink.bottom) / 2
    return any(other.top <= middle <= other.bottom for other in others)


def _layout(page: StraightPage, marks: Marks) -> _Layout:
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
        for piece in text_pieces(free, everything, PARTED_OUTSIDE)
        if max(piece.ink.bottom - piece.ink.top, piece.ink.right - piece.ink.left) >= LONE * ink.size
    ]
    pieces = (*(piece for piece, _, _ in inner), *outer)
    places = (*(column for _, column, _ in inner), *(None for _ in outer))
    numbers = (*(number for _, _, number in inner), *(None for _ in outer))
    return _Layout(page, smoothed(text, page), text, ruled, pieces, places, numbers, ink.size)


def _numbers(layout: _Layout, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, numbers written as those of their column are."""
    texts: dict[Column, list[str]] = {}
    for column, reading in zip(layout.columns, readings, strict=True):
        if column is not None:
            texts.setdefault(column, []).append(as_number(reading).text)
    written = {column: decimals_of(listed) for column, listed in texts.items()}
    return [
        as_number(reading, written[column]) if column is not None else reading
        for column, reading in zip(layout.columns, readings, strict=True)
    ]


def _without_scraps(layout: _Layout, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, those empty that are scraps above or below the text of their cell.

    A seal's edges leave some, and a line of which the cell's rule hides the most. What stands beside the text
    in its line stays: it may be the sign of a number. Beside words only what is lower than a line is a scrap.
    """
    of_cell: dict[int, list[int]] = {}
    for k, cell in enumerate(layout.cells):
        if cell is not None and readings[k].characters:
            of_cell.setdefault(cell, []).append(k)
    kept = list(readings)
    for own in of_cell.values():
        numbers = [k for k in own if is_number(readings[k].text)]
        sure = [k for k in own if readings[k].mean_confidence >= LEGIBLE]
        text = numbers if len(numbers) == 1 else sure if not numbers else []
        lines = [layout.pieces[k].ink for k in text]
        for k in own if lines else ():
            ink = layout.pieces[k].ink
            is_scrap = readings[k].mean_confidence < NO_TEXT or set(readings[k].text) <= SEPARATORS
            is_low = bool(numbers) or ink.bottom - ink.top < LONE * layout.size
            if k not in text and is_scrap and is_low and not _is_beside(ink, lines):
                kept[k] = Reading(())
    return kept


def _region(page: StraightPage, x0: float, top: float, x1: float, bottom: float) -> Region:
    height, width = page.grey.shape
    return Region(
        max(0, round(page.to_pixels(x0 + INSET))),
        max(0, round(page.to_pixels(top + INSET))),
        min(width, round(page.to_pixels(x1 - INSET))),
        min(height, round(page.to_pixels(bottom - INSET))),
    )


def _cut_out(layout: _Layout, piece: Piece) -> Grey:
    """A piece of text with some paper around, white where its own does not reach."""
    ink, room = piece
    # A dash or a 一 is cut out as high as a line, or scaling would make a wall of it.
    high = max(ink.bottom - ink.top, round(0.8 * layout.size))
    around = round(AROUND * high)
    lift = (high - (ink.bottom - ink.top)) // 2
    wanted = Region(
        ink.left - around,
        ink.top - lift - around,
        ink.right + around,
        ink.top - lift + high + around,
    )
    left, top = max(room.left, wanted.left), max(room.top, wanted.top)
    right, bottom = min(room.right, wanted.right), min(room.bottom, wanted.bottom)
    sides = ((top - wanted.top, wanted.bottom - bottom), (left - wanted.left, wanted.right - right))
    return np.pad(layout.text[top:bottom, left:right], sides, constant_values=255)


def _glyphs(layout: _Layout, piece: Piece, reading: Reading) -> list[tuple[Glyph, Character]]:
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
