"""The characters of a page as pdfium reads them, with boxes by the reference reader's rule.

The reference (pdfminer) gives each character the box from its font's descent to one type size
above it, as wide as its advance. pdfium's loose box is the same but for the height (descent to
ascent), so origin and advance are taken from it. What pdfium adds of its own (blanks and line ends
where it supposes them) is left out; what it takes out (the second of
two blanks) is put back where its place shows.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.marks import SLANTED, Glyph
from pipelines.extraction.painted import is_white
from pipelines.extraction.pdfium_calls import Handle, Matrix

#: Text is aslant from about this slope on (as for the reference reader).
SLOPE = 0.18
#: No base line of a level text.
NOWHERE = float("inf")
#: Gaps below this share of the type size come from rounding.
SLIP = 0.05
#: A gap is one of whole blanks when it is off by no more than this share ...
WHOLE = 0.1
#: ... and there are no more than so many.
MOST_BLANKS = 200
#: What pdfium puts in the place of a hyphen at the end of a line.
_HYPHENS = ("\x02", "\ufffe")


class UnlikeReferenceError(Exception):
    """Something on the page that pdfium does not tell as the reference does; the reference reads it."""


class _Font(NamedTuple):
    """A font and its descent as a share of the type size."""

    handle: Handle
    descent: float


#: Font, type size, matrix and whether it is printed in white.
_Style = tuple[_Font, float, Matrix, bool]


class Characters(NamedTuple):
    """Characters in drawing order, those in the white of paper apart."""

    glyphs: list[Glyph]
    white: list[Glyph]


#: A text object and the matrix of the form it stands in.
DrawnText = tuple[Handle, Matrix]


def read_characters(
    page: Handle, drawn: Sequence[DrawnText], to_sheet: Matrix, width: float, height: float
) -> Characters:
    """The characters of a page within ``width`` x ``height``; ``to_sheet`` maps pdfium's space there.

    ``drawn`` are all text objects of the page: pdfium's text leaves some of them out.
    Raises ``UnlikeReferenceError`` where a character has no known meaning or a font no measures.
    """
    text_page = pdfium.load_text(page)
    if not text_page:
        raise UnlikeReferenceError("no text page")
    try:
        return _characters(text_page, drawn, to_sheet, width, height)
    finally:
        pdfium.close_text(text_page)


def _characters(
    page: Handle, drawn: Sequence[DrawnText], to_sheet: Matrix, width: float, height: float
) -> Characters:
    count = pdfium.count_chars(page)
    if count <= 0:
        return Characters([], [])
    everything = pdfium.for_each(pdfium.char_object, page, range(count))
    indices = [k for k, handle in enumerate(everything) if handle]
    handles: list[Handle] = [everything[k] for k in indices]
    texts = _texts(page, count)
    boxes = pdfium.Floats(4, len(indices))
    pdfium.for_each(pdfium.char_loose_box, page, indices, boxes.addresses())
    origins = pdfium.Doubles(2, len(indices))
    at = origins.addresses()
    pdfium.for_each(pdfium.char_origin, page, indices, at, range(at.start + 8, at.stop + 8, 16))
    first: dict[Handle, int] = {}
    for k, handle in zip(indices, handles, strict=True):
        first.setdefault(handle, k)
    styles = _styles(page, first)
    glyphs: list[Glyph] = []
    white: list[Glyph] = []
    place = _Placer(to_sheet)
    known: dict[tuple[Handle, str], str] = {}
    last_box: tuple[float, ...] = ()
    blank = (0.0, 0.0)
    last_handle, reach, last_y, was_blank, after_blank = 0, 0.0, 0.0, False, False
    ma, mb, mc, md, me, mf = to_sheet
    is_level = mb == mc == 0 and ma == 1 and md == -1
    for k, handle, box, (x, y) in zip(indices, handles, boxes.tuples(), origins.tuples(), strict=True):
        font, size, matrix, is_paper = styles[handle]
        a, b, c, d, e, _ = matrix
        text = texts[k]
        if text == " " and pdfium.char_is_generated(page, k):
            after_blank = after_blank or handle == last_handle
            continue
        key = (font.handle, text)
        if key not in known:
            known[key] = _meaning(page, k, text)
        text = known[key]
        target = white if is_paper else glyphs
        if box == last_box and handle == last_handle:
            # One character code that stands for several letters (a ligature).
            target[-1] = target[-1]._replace(text=target[-1].text + text)
            continue
        if is_level and b == c == 0 and a > 0 and d > 0:
            tall = size * d
            bottom = mf - y - font.descent * tall
            if handle != last_handle and not (was_blank and abs(y - last_y) < SLIP * tall):
                reach, after_blank = e, True
            if after_blank and x - reach > SLIP * tall:
                lost = _lost_blanks(x - reach, place.width(font, " ") * size * a)
                if lost:
                    target.append(Glyph(reach + me, bottom - tall, x + me, bottom, lost, tall, 0))
            was_blank = after_blank = text == " "
            reach, last_y = box[2], y
            glyph = Glyph(x + me, bottom - tall, reach + me, bottom, text, tall, 0)
        else:
            # The box of text that stands turned or aslant does not tell its advance.
            wide = abs(box[2] - box[0]) / abs(a) if a and b == c == 0 else place.width(font, text) * size
            if (
                was_blank
                and last_y == NOWHERE
                and (between := place.lost_after(blank, (x, y), font, size, matrix))
            ):
                target.append(between)
            was_blank, after_blank, last_y = text == " ", False, NOWHERE
            blank = (x + a * wide, y + b * wide)
            glyph = place((x, y), font, size, matrix, wide, text)
        last_box, last_handle = box, handle
        if 0 <= glyph.x0 + glyph.x1 <= 2 * width and 0 <= glyph.top + glyph.bottom <= 2 * height:
            target.append(glyph)
        else:
            last_box = ()
    glyphs.extend(_blanks([text for text in drawn if text[0] not in first], place, to_sheet, width, height))
    return Characters(glyphs, white)


def _lost_blanks(gap: float, blank: float) -> str:
    """The blanks that pdfium took out of a text where it leaves a gap of whole blanks, else nothing."""
    count = round(gap / blank) if blank > 0 else 0
    is_whole = 0 < count <= MOST_BLANKS and abs(gap - count * blank) <= WHOLE * count * blank
    return " " * count if is_whole else ""


def _blanks(
    unseen: Sequence[DrawnText], place: _Placer, to_sheet: Matrix, width: float, height: float
) -> Iterator[Glyph]:
    """One blank for each text object without height of which pdfium shows no character."""
    room = pdfium.Floats(6)
    corners = [room.address + 4 * k for k in range(4)]
    for handle, within in unseen:
        if not pdfium.object_bounds(handle, *corners):
            continue
        _, lower, _, upper, *_ = room.first()
        if upper - lower > SLIP:
            continue  # a character printed twice
        font = _font(pdfium.text_font(handle))
        pdfium.text_size(handle, room.address)
        size = room.first()[0]
        pdfium.object_matrix(handle, room.address)
        a, b, c, d, e, f = room.first()
        a, b, c, d, e, f = pdfium.concat((a, b, c, d, e, f), within)
        glyph = place((e, f), font, size, (a, b, c, d, e, f), place.width(font, " ") * size, " ")
        if 0 <= glyph.x0 + glyph.x1 <= 2 * width and 0 <= glyph.top + glyph.bottom <= 2 * height:
            yield glyph


def _texts(page: Handle, count: int) -> Sequence[str]:
    """The text of each character: in one call where characters and code units go one to one."""
    buffer = ctypes.create_string_buffer(2 * count + 2)
    written = pdfium.page_text(page, 0, count, ctypes.addressof(buffer))
    if written == count + 1:
        text = buffer.raw[: 2 * count].decode("utf-16-le", "replace")
        if len(text) == count and "\0" not in text:
            return text
    codes = pdfium.for_each(pdfium.char_unicode, page, range(count))
    return [chr(code) if code <= 0x10FFFF else "\0" for code in codes]


def _meaning(page: Handle, k: int, text: str) -> str:
    """The character itself; raises where pdfium does not know what it means."""
    if text in _HYPHENS and pdfium.char_is_hyphen(page, k):
        return "-"
    if text == "\0" or pdfium.char_is_unmapped(page, k):
        raise UnlikeReferenceError("a character without known meaning")
    return text


def _styles(page: Handle, first: dict[Handle, int]) -> dict[Handle, _Style]:
    """Font, matrix and whether it is printed in white, for each text object by its first character."""
    objects = list(first)
    matrices = pdfium.Floats(6, len(objects))
    pdfium.for_each(pdfium.char_matrix, page, first.values(), matrices.addresses())
    fonts: dict[Handle, _Font] = {}
    paper: dict[pdfium.Colour | None, bool] = {}
    styles: dict[Handle, _Style] = {}
    sizes = pdfium.Floats(1, len(objects))
    list(map(pdfium.text_size, objects, sizes.addresses()))
    painted = pdfium.colours(pdfium.object_fill, objects)
    for handle, font, (size,), matrix, colour in zip(
        objects, map(pdfium.text_font, objects), sizes.tuples(), matrices.tuples(), painted, strict=True
    ):
        if font not in fonts:
            fonts[font] = _font(font)
        if colour not in paper:
            paper[colour] = is_white(colour)
        a, b, c, d, e, f = matrix
        styles[handle] = (fonts[font], size, (a, b, c, d, e, f), paper[colour])
    return styles


def _font(handle: Handle) -> _Font:
    ascent, descent = pdfium.Floats(1), pdfium.Floats(1)
    pdfium.font_ascent(handle, 1.0, ascent.address)
    pdfium.font_descent(handle, 1.0, descent.address)
    (up,), (down,) = ascent.first(), descent.first()
    if up == down:
        raise UnlikeReferenceError("a font without measures")
    return _Font(handle, min(down, -down))


class _Placer:
    """Places characters that stand turned, aslant or on a turned page."""

    def __init__(self, to_sheet: Matrix) -> None:
        self._to_sheet = to_sheet
        self._widths: dict[tuple[Handle, str], float] = {}

    def __call__(
        self, at: tuple[float, float], font: _Font, size: float, matrix: Matrix, wide: float, text: str
    ) -> Glyph:
        low = font.descent * size
        a, b, c, d, e, f = pdfium.concat((*matrix[:4], *at), self._to_sheet)
        xs = [a * x + c * y + e for x in (0.0, wide) for y in (low, low + size)]
        ys = [b * x + d * y + f for x in (0.0, wide) for y in (low, low + size)]
        x0, top, x1, bottom = min(xs), min(ys), max(xs), max(ys)
        # Directions are those of text with y upwards; the sheet's y runs downwards.
        direction = direction_of(a, -b, -d)
        tall = (x1 - x0) if direction in (90, 270) else (bottom - top)
        return Glyph(x0, top, x1, bottom, text, tall, direction)

    def lost_after(
        self, end: tuple[float, float], at: tuple[float, float], font: _Font, size: float, matrix: Matrix
    ) -> Glyph | None:
        """The blanks lost between the end of a blank and the character at ``at``, if there are any."""
        a, b = matrix[:2]
        x, y = at[0] - end[0], at[1] - end[1]
        scale = math.hypot(a, b)
        if not scale or abs(a * y - b * x) > SLIP * size * scale * scale:
            return None  # on another line
        gap = (a * x + b * y) / scale
        text = _lost_blanks(gap, self.width(font, " ") * size * scale)
        return self(end, font, size, matrix, gap / scale, text) if text else None

    def width(self, font: _Font, text: str) -> float:
        """The advance as a share of the type size, from the font (the box of turned text has none)."""
        key = (font.handle, text)
        if key not in self._widths:
            found = pdfium.Floats(1)
            if not pdfium.font_glyph_width(font.handle, ord(text), 1.0, found.address):
                raise UnlikeReferenceError("a character without width")
            (self._widths[key],) = found.first()
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
