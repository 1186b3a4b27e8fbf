"""The characters of a page as pdfium reads them, with boxes by the reference reader's rule.

The reference (pdfminer) gives each character the box from its font's descent to one type size
above it, as wide as its advance. pdfium's loose box is the same but for the height (descent to
ascent), so left side and advance are taken from it, the base line from the text's matrix. What
pdfium adds of its own (blanks and line ends where it supposes them) is left out; what it takes out
(the second of two blanks) is put back where its place shows.

Characters are counted in columns of numbers, a page at a time: touching each one by one in Python
would cost more than all of pdfium's own work.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.marks import Glyph
from pipelines.extraction.painted import WHITE
from pipelines.extraction.pdfium_calls import Handle, Matrix, Numbers
from pipelines.extraction.pdfium_fonts import (
    SLIP,
    Font,
    Placer,
    UnlikeReferenceError,
    font_of,
    lost_blanks,
    unseen_blanks,
)

#: What pdfium puts in the place of a hyphen at the end of a line.
_HYPHENS = ("\x02", "\ufffe")
_BLANK = ord(" ")
#: More than there are codes of characters.
_CODES = 0x200000
#: What is nearer (points) is in the same place but for rounding.
_SAME = 0.002
#: A glyph from the tuple of its fields, with nothing of Python in between.
_new_glyph = partial(tuple.__new__, Glyph)

Truths = NDArray[np.bool_]
Places = NDArray[np.intp]
#: Text objects of one form (or of the page) and the form's matrix.
DrawnTexts = tuple[list[Handle], Matrix]


class Characters(NamedTuple):
    """Characters in drawing order, those in the white of paper apart."""

    glyphs: list[Glyph]
    white: list[Glyph]


@dataclass(slots=True)
class _Objects:
    """The text objects that characters belong to, a row each."""

    handles: list[Handle]
    fonts: list[Font]
    font: Places
    size: Numbers
    matrix: Numbers
    is_level: Truths
    is_white: Truths

    def style(self, k: int) -> tuple[Font, float, Matrix]:
        """Font, type size and matrix of one object."""
        a, b, c, d, e, f = self.matrix[k].tolist()
        return self.fonts[self.font[k]], float(self.size[k]), (a, b, c, d, e, f)


@dataclass(slots=True)
class _Printed:
    """Characters in drawing order, a row each: place in pdfium's text, object, text, loose box."""

    index: Places
    of: Places
    texts: list[str]
    boxes: Numbers
    #: Whether ink may reach over the advance and has widened the box.
    overhangs: Truths
    #: Whether pdfium saw white between the one before and this, both of one object.
    is_parted: Truths


def read_characters(
    page: Handle, drawn: Sequence[DrawnTexts], to_sheet: Matrix, width: float, height: float
) -> Characters:
    """The characters of a page within ``width`` x ``height``; ``to_sheet`` maps pdfium's space there.

    ``drawn`` are all text objects of the page: pdfium's text leaves some of them out.
    Raises ``UnlikeReferenceError`` where a character has no known meaning or a font no measures.
    """
    text_page = pdfium.load_text(page)
    if not text_page:
        raise UnlikeReferenceError("no text page")
    try:
        count = pdfium.count_chars(text_page)
        if count <= 0:
            return Characters([], [])
        return _characters(text_page, count, drawn, to_sheet, width, height)
    finally:
        pdfium.close_text(text_page)


def _characters(
    page: Handle, count: int, drawn: Sequence[DrawnTexts], to_sheet: Matrix, width: float, height: float
) -> Characters:
    printed, objects = _printed(page, count, to_sheet)
    place = Placer(to_sheet)
    glyphs, lost = _placed(page, printed, objects, to_sheet, place)
    seen = set(objects.handles)
    last = [
        glyph
        for handles, within in drawn
        for glyph in unseen_blanks([h for h in handles if h not in seen], within, place)
    ]
    shown: list[Glyph] = []
    white: list[Glyph] = []
    wide, high = 2 * width, 2 * height
    for k, (glyph, is_white) in enumerate(zip(glyphs, objects.is_white[printed.of].tolist(), strict=True)):
        target = white if is_white else shown
        if k in lost:
            target.append(lost[k])
        if 0 <= glyph[0] + glyph[2] <= wide and 0 <= glyph[1] + glyph[3] <= high:
            target.append(glyph)
    shown.extend(g for g in last if 0 <= g.x0 + g.x1 <= wide and 0 <= g.top + g.bottom <= high)
    return Characters(shown, white)


def _printed(page: Handle, count: int, to_sheet: Matrix) -> tuple[_Printed, _Objects]:
    """What the page's author printed of pdfium's text, and the objects that it belongs to."""
    handle = pdfium.results(pdfium.char_object, count, repeat(page), range(count))
    text = _texts(page, count)
    code = np.fromiter(map(ord, text), np.int64, count)
    # What pdfium put in belongs to no object (line ends), or is a blank that says so.
    index = np.flatnonzero(handle)
    blanks = index[code[index] == _BLANK]
    is_made = pdfium.results(pdfium.char_is_generated, len(blanks), repeat(page), blanks.tolist())
    made = blanks[is_made != 0]
    if len(made):
        index = np.setdiff1d(index, made, assume_unique=True)
    handles, example, of = np.unique(handle[index], return_index=True, return_inverse=True)
    objects = _objects(page, handles.tolist(), index[example].tolist(), to_sheet)
    boxes = pdfium.room(len(index), 4)
    pdfium.run(pdfium.char_loose_box, repeat(page), index.tolist(), pdfium.rows(boxes))
    # Characters of one font and code mean the same and look the same: one of each is asked for.
    kinds, example, kind = np.unique(
        objects.font[of] * _CODES + code[index], return_index=True, return_inverse=True
    )
    texts = _meanings(page, text, index, example, kind)
    which, level = _firsts(kind, objects.is_level[of])
    may_overhang = np.zeros(len(kinds), np.bool_)
    may_overhang[which] = _overhangs(page, index[level], boxes[level])
    overhangs = may_overhang[kind]
    # A character in the very box of the one before is another letter of its code (a ligature).
    goes_on = np.zeros(len(index), np.bool_)
    goes_on[1:] = (of[1:] == of[:-1]) & (boxes[1:] == boxes[:-1]).all(axis=1)
    if goes_on.any():
        starts = np.flatnonzero(~goes_on)
        ends = [*starts[1:].tolist(), len(index)]
        texts = ["".join(texts[k:end]) for k, end in zip(starts.tolist(), ends, strict=True)]
        index, of, boxes, overhangs = index[starts], of[starts], boxes[starts], overhangs[starts]
    is_parted = np.zeros(len(index), np.bool_)
    if len(made):
        after = np.searchsorted(index, made)
        is_inner = (after > 0) & (after < len(index))
        after, made = after[is_inner], made[is_inner]
        is_parted[after[handle[made] == handle[index[after - 1]]]] = True
    return _Printed(index, of, texts, boxes.astype(np.float64), overhangs, is_parted), objects


def _placed(
    page: Handle, printed: _Printed, objects: _Objects, to_sheet: Matrix, place: Placer
) -> tuple[list[Glyph], dict[int, Glyph]]:
    """Each character in its place, and the blanks that pdfium lost before some of them."""
    of, texts = printed.of, printed.texts
    if not texts:
        return [], {}
    _, _, _, d, e, y = objects.matrix[of].T
    left, _, right, _ = printed.boxes.T
    is_level = objects.is_level[of]
    is_downward = np.array([font.is_vertical for font in objects.fonts])[objects.font[of]]
    asked = np.flatnonzero(~is_level | is_downward | printed.overhangs)
    origins = pdfium.room(len(asked), 2, np.float64)
    places = printed.index[asked].tolist()
    pdfium.run(pdfium.char_origin, repeat(page), places, pdfium.rows(origins), pdfium.rows(origins, 1))
    left[asked], y[asked] = origins.T
    wide = np.flatnonzero(is_level & printed.overhangs)
    advances = [
        place.width(objects.fonts[font], texts[k][0])
        for k, font in zip(wide.tolist(), objects.font[of[wide]].tolist(), strict=True)
    ]
    right[wide] = left[wide] + np.array(advances) * objects.size[of[wide]] * objects.matrix[of[wide], 0]
    *_, to_x, to_y = to_sheet
    tall = objects.size[of] * d
    bottom = to_y - y - np.array([font.descent for font in objects.fonts])[objects.font[of]] * tall
    top = bottom - tall
    columns = (left + to_x, top, right + to_x, bottom)
    glyphs: list[Glyph] = list(
        map(
            _new_glyph,
            zip(*(c.tolist() for c in columns), texts, tall.tolist(), repeat(0), repeat(1.0), strict=False),
        )
    )
    # Where blanks may be lost: after a blank, where an object begins, where pdfium saw white.
    was_blank = np.array([False, *(text == " " for text in texts[:-1])])
    begins = np.ones(len(texts), np.bool_)
    begins[1:] = of[1:] != of[:-1]
    was_blank[1:] &= is_level[:-1]
    begins[1:] &= ~(was_blank[1:] & (np.abs(y[1:] - y[:-1]) < SLIP * tall[1:]))
    reach = np.where(begins, e, np.roll(right, 1))
    may_be = is_level & (was_blank | begins | printed.is_parted) & (left - reach > SLIP * tall)
    lost: dict[int, Glyph] = {}
    for k in np.flatnonzero(may_be).tolist():
        font, size, (a, *_) = objects.style(of[k])
        begin = float(reach[k])
        blank = lost_blanks(float(left[k]) - begin, place.width(font, " ") * size * a)
        if blank:
            _, upper, _, lower, _, high, *_ = glyphs[k]
            lost[k] = Glyph(begin + to_x, upper, float(left[k]) + to_x, lower, blank, high, 0)
    last, last_end = -1, (0.0, 0.0)
    for k in np.flatnonzero(~is_level).tolist():
        font, size, matrix = objects.style(of[k])
        a, b, *_ = matrix
        at = (float(left[k]), float(y[k]))
        # The box of text that stands turned or aslant does not tell its advance.
        advance = place.width(font, texts[k][0]) * size
        if k and last == k - 1 and texts[last] == " ":
            between = place.lost_after(last_end, at, font, size, matrix)
            if between:
                lost[k] = between
        last, last_end = k, (at[0] + a * advance, at[1] + b * advance)
        glyphs[k] = place.glyph(at, font, size, matrix, advance, texts[k])
    return glyphs, lost


def _objects(page: Handle, handles: list[Handle], examples: list[int], to_sheet: Matrix) -> _Objects:
    """What is known of text objects, each with one of its characters."""
    count = len(handles)
    matrix = pdfium.room(count, 6)
    pdfium.run(pdfium.char_matrix, repeat(page), examples, pdfium.rows(matrix))
    size = pdfium.room(count, 1)
    pdfium.run(pdfium.text_size, handles, pdfium.rows(size))
    exact = matrix.astype(np.float64)
    a, b, c, d, _, y = exact.T
    is_level = (b == 0) & (c == 0) & (a > 0) & (d > 0)
    handles_of_fonts, font = np.unique(pdfium.results(pdfium.text_font, count, handles), return_inverse=True)
    fonts = [font_of(handle) for handle in handles_of_fonts.tolist()]
    origin = pdfium.room(1, 2, np.float64)
    for which, k in zip(*(each.tolist() for each in _firsts(font, is_level)), strict=True):
        # Only characters that are set downwards begin off the base line of their object.
        pdfium.char_origin(page, examples[k], pdfium.rows(origin).start, pdfium.rows(origin, 1).start)
        fonts[which] = fonts[which]._replace(is_vertical=bool(origin[0, 1] != y[k]))
    paint, is_known = pdfium.channels(pdfium.object_fill, handles)
    if to_sheet[:4] != (1.0, 0.0, 0.0, -1.0):
        is_level[:] = False
    return _Objects(
        handles=handles,
        fonts=fonts,
        font=font,
        size=size[:, 0].astype(np.float64),
        matrix=exact,
        is_level=is_level,
        is_white=(paint[:, :3] / 255 >= WHITE).all(axis=1) & (is_known != 0),
    )


def _firsts(values: Places, among: Truths) -> tuple[Places, Places]:
    """The values there are among those marked, and where each of them is first."""
    places = np.flatnonzero(among)
    found, example = np.unique(values[places], return_index=True)
    return found, places[example]


def _meanings(page: Handle, text: Sequence[str], index: Places, example: Places, kind: Places) -> list[str]:
    """The text of each character in ``index``; raises where pdfium does not know what one means.

    ``example`` says where each kind of character is first, ``kind`` of which one each is.
    """
    examples = index[example].tolist()
    is_unmapped = map(pdfium.char_is_unmapped, repeat(page), examples)
    hyphens: set[int] = set()
    for n, (k, is_unknown) in enumerate(zip(examples, is_unmapped, strict=True)):
        if text[k] in _HYPHENS and pdfium.char_is_hyphen(page, k):
            hyphens.add(n)
        elif is_unknown or text[k] == "\0":
            raise UnlikeReferenceError("a character without known meaning")
    texts = [text[k] for k in index.tolist()]
    if hyphens:
        texts = ["-" if n in hyphens else each for each, n in zip(texts, kind.tolist(), strict=True)]
    return texts


def _overhangs(page: Handle, index: Places, boxes: Numbers) -> Truths:
    """Whether the ink of characters reaches to a side of their loose boxes or beyond.

    pdfium widens the loose box to hold all ink, which is that of another font where the file brings
    none along, of one that happens to be on the machine: such a box does not tell the advance.
    """
    ink = pdfium.room(len(index), 4, np.float64)
    pdfium.run(pdfium.char_ink, repeat(page), index.tolist(), *(pdfium.rows(ink, k) for k in range(4)))
    left, right, _, _ = ink.T
    reaches: Truths = (left < right) & ((left <= boxes[:, 0] + _SAME) | (right >= boxes[:, 2] - _SAME))
    return reaches


def _texts(page: Handle, count: int) -> Sequence[str]:
    """The text of each character: in one call where characters and code units go one to one."""
    buffer = ctypes.create_string_buffer(2 * count + 2)
    written = pdfium.page_text(page, 0, count, ctypes.addressof(buffer))
    if written == count + 1:
        text = buffer.raw[: 2 * count].decode("utf-16-le", "replace")
        if len(text) == count and "\0" not in text:
            return text
    codes = map(pdfium.char_unicode, repeat(page), range(count))
    return [chr(code) if code <= 0x10FFFF else "\0" for code in codes]
