"""Fonts as pdfium knows them, and the places of characters that do not stand level."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

import numpy as np
from pdfminer.pdfpage import PDFPage

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.marks import SLANTED, Glyph
from pipelines.extraction.painted import Corners
from pipelines.extraction.pdf_objects import name_of, resolved
from pipelines.extraction.pdfium_calls import Argument, Handle, Matrix

#: Text is aslant from about this slope on (as for the reference reader).
SLOPE = 0.18
#: Gaps below this share of the type size come from rounding.
SLIP = 0.05
#: What pdfium puts in for a font that is not there.
_PUT_IN = b"Helvetica"
#: A gap is one of whole blanks when it is off by no more than this share ...
WHOLE = 0.1
#: ... and there are no more than so many.
MOST_BLANKS = 200


class UnlikeReferenceError(Exception):
    """Something on the page that pdfium does not tell as the reference does; the reference reads it."""


class Font(NamedTuple):
    """A font: its descent as a share of the type size, whether it writes downwards."""

    handle: Handle
    descent: float
    is_vertical: bool = False


def font_of(handle: Handle) -> Font:
    """The font of a handle; raises ``UnlikeReferenceError`` where it has no height."""
    ascent, descent = ctypes.c_float(), ctypes.c_float()
    pdfium.font_ascent(handle, 1.0, ctypes.byref(ascent))
    pdfium.font_descent(handle, 1.0, ctypes.byref(descent))
    if ascent.value == descent.value:
        raise UnlikeReferenceError("a font without measures")
    return Font(handle, min(descent.value, -descent.value))


def check_fonts(source: PDFPage, fonts: Sequence[Handle]) -> None:
    """Raise ``UnlikeReferenceError`` where pdfium put in a font that the page does not have.

    Text whose font is missing pdfium shows in Helvetica; what its codes mean would be a guess.
    """
    buffer = ctypes.create_string_buffer(len(_PUT_IN) + 1)
    n_helvetica = 0
    for font in fonts:
        size = pdfium.font_base_name(font, ctypes.addressof(buffer), len(buffer))
        n_helvetica += size == len(buffer) and buffer.value == _PUT_IN
    if not n_helvetica:
        return
    resources = resolved(source.resources)
    listed = resolved(resources.get("Font")) if isinstance(resources, dict) else None
    entries = [resolved(one) for one in listed.values()] if isinstance(listed, dict) else []
    names = [name_of(resolved(one.get("BaseFont"))) for one in entries if isinstance(one, dict)]
    if n_helvetica > names.count(_PUT_IN.decode("ascii")):
        raise UnlikeReferenceError("text in a font that the page does not have")


def lost_blanks(gap: float, blank: float) -> str:
    """The blanks that pdfium took out of a text where it leaves a gap of whole blanks, else nothing."""
    count = round(gap / blank) if blank > 0 else 0
    is_whole = 0 < count <= MOST_BLANKS and abs(gap - count * blank) <= WHOLE * count * blank
    return " " * count if is_whole else ""


class Placer:
    """Widths of characters, and places of those that stand turned, aslant or on a turned page."""

    def __init__(self, to_sheet: Matrix) -> None:
        """``to_sheet`` maps pdfium's space to the displayed page."""
        self._to_sheet = to_sheet
        self._widths: dict[tuple[Handle, str], float] = {}
        self._width = ctypes.c_float()

    def glyph(
        self, at: tuple[float, float], font: Font, size: float, matrix: Matrix, wide: float, text: str
    ) -> Glyph:
        """The character with its origin ``at``, ``wide`` in the space of its text ``matrix``."""
        low = font.descent * size
        a, b, c, d, e, f = pdfium.concat((*matrix[:4], *at), self._to_sheet)
        if b == c == 0 and a > 0 > d and wide >= 0 and size >= 0:  # level, as nearly all is
            top, bottom = d * (low + size) + f, d * low + f
            return Glyph(e, top, a * wide + e, bottom, text, bottom - top)
        xs = [a * x + c * y + e for x in (0.0, wide) for y in (low, low + size)]
        ys = [b * x + d * y + f for x in (0.0, wide) for y in (low, low + size)]
        x0, top, x1, bottom = min(xs), min(ys), max(xs), max(ys)
        # Directions are those of text with y upwards; the sheet's y runs downwards.
        direction = direction_of(a, -b, -d)
        tall = (x1 - x0) if direction in (90, 270) else (bottom - top)
        return Glyph(x0, top, x1, bottom, text, tall, direction)

    def lost_after(
        self, end: tuple[float, float], at: tuple[float, float], font: Font, size: float, matrix: Matrix
    ) -> Glyph | None:
        """The blanks lost between the end of a blank and the character at ``at``, if there are any."""
        a, b = matrix[:2]
        x, y = at[0] - end[0], at[1] - end[1]
        scale = math.hypot(a, b)
        if not scale or abs(a * y - b * x) > SLIP * size * scale * scale:
            return None  # on another line
        gap = (a * x + b * y) / scale
        text = lost_blanks(gap, self.width(font, " ") * size * scale)
        return self.glyph(end, font, size, matrix, gap / scale, text) if text else None

    def width(self, font: Font, text: str) -> float:
        """The advance as a share of the type size, from the font (the box of turned text has none)."""
        key = (font.handle, text)
        if key not in self._widths:
            if not pdfium.font_glyph_width(font.handle, ord(text), 1.0, ctypes.byref(self._width)):
                raise UnlikeReferenceError("a character without width")
            self._widths[key] = self._width.value
        return self._widths[key]


def direction_of(a: float, b: float, d: float) -> int:
    """How a character stands turned (``Glyph.direction``) by its matrix with y upwards."""
    if min(abs(a), abs(b)) > SLOPE * max(abs(a), abs(b)):
        return SLANTED
    if abs(b) > abs(a):
        return 90 if b < 0 else 270
    if a < 0 and d < 0:
        return 180
    return 0


def unseen_texts(
    objects: Sequence[Argument], within: Matrix, to_sheet: Matrix, place: Placer
) -> tuple[list[tuple[int, Glyph]], list[tuple[int, Corners]]]:
    """What text objects are of which pdfium shows no character: blanks, or texts printed twice.

    One without height is a blank, as a glyph with its place among ``objects``; of one with height
    the box on the sheet is given. ``within`` is the matrix of the form they stand in.
    Raises ``UnlikeReferenceError`` where a font may lack characters: those look like blanks then.
    """
    bounds, is_known = pdfium.object_bounds.told(objects)
    left, lower, right, upper = bounds.astype(np.float64).T
    is_flat = is_known & (upper - lower <= SLIP)
    is_nothing = is_flat | (is_known & (right - left <= SLIP))
    fonts: dict[Handle, Font] = {}
    for font in set(map(pdfium.text_font, compress(objects, is_nothing.tolist()))):
        if not _has_its_characters(font, place):
            raise UnlikeReferenceError("blanks, or characters that the font put in for another lacks")
        fonts[font] = font_of(font)
    places = np.flatnonzero(is_flat).tolist()
    blanks = [objects[k] for k in places]
    sizes, matrices = pdfium.text_size(blanks)[:, 0].tolist(), pdfium.object_matrix(blanks).tolist()
    glyphs: list[tuple[int, Glyph]] = []
    for k, font, size, inner in zip(places, map(pdfium.text_font, blanks), sizes, matrices, strict=True):
        matrix = pdfium.concat(tuple(inner), within)
        wide = place.width(fonts[font], " ") * size
        glyphs.append((k, place.glyph(matrix[4:], fonts[font], size, matrix, wide, " ")))
    placed = pdfium.concat(within, to_sheet)
    tall = np.flatnonzero(is_known & ~is_flat).tolist()
    return glyphs, [(k, _box_on_sheet(bounds[k].tolist(), placed)) for k in tall]


def _box_on_sheet(box: Sequence[float], matrix: Matrix) -> Corners:
    left, low, right, high = box
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (left, right) for y in (low, high)]
    ys = [b * x + d * y + f for x in (left, right) for y in (low, high)]
    return min(xs), min(ys), max(xs), max(ys)


def _has_its_characters(font: Handle, place: Placer) -> bool:
    """Whether a font has the characters that it is printed with.

    For one that the file does not bring along pdfium takes one of the machine's, which may lack
    ideographs or even figures; what it lacks has neither width nor height.
    """
    if pdfium.font_is_embedded(font) == 1:
        return True
    has_ideographs = place.width(Font(font, 0.0), "款") > 0
    return all(pdfium.font_glyph_path(font, ord(each), 1.0) for each in ("0.款" if has_ideographs else "0."))
