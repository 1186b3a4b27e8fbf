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

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.marks import Glyph, codes_of, letters_with
from pipelines.extraction.painted import Corners
from pipelines.extraction.pdfium_calls import Argument, Handle, Matrix, Numbers, Truths
from pipelines.extraction.pdfium_fonts import (
    SLIP,
    Font,
    Placer,
    UnlikeReferenceError,
    font_of,
    lost_blanks,
    unseen_texts,
)
from pipelines.extraction.pdfium_objects import Run, Texts
from pipelines.extraction.printed import TINY

#: What pdfium puts in the place of a hyphen at the end of a line.
_HYPHENS = ("\x02", "\ufffe")
#: What stands for something else than itself: hyphens, and characters without meaning.
_ODD = frozenset((*_HYPHENS, "\0"))
_BLANK = ord(" ")
#: More than there are codes of characters.
_CODES = 0x200000
#: What is nearer (points) is in the same place but for rounding.
_SAME = 0.002
#: A glyph from the tuple of its fields, with nothing of Python in between.
_new_glyph = partial(tuple.__new__, Glyph)

Places = NDArray[np.intp]


class Characters(NamedTuple):
    """Characters as pdfium's text has them, mostly in drawing order, then the blanks that it leaves out.

    ``boxes`` are their places once more, as columns of numbers, ``text`` the row of the text object that
    each belongs to. ``unseen`` are the places on the sheet, with the rows, of texts that pdfium takes for
    printed twice.
    """

    glyphs: list[Glyph]
    boxes: Numbers
    text: Places
    unseen: list[tuple[Corners, int]]
    #: The fonts of the characters.
    fonts: list[Handle]


@dataclass(slots=True)
class _Objects:
    """The text objects of the page, a row each; what has no character has no numbers."""

    fonts: list[Font]
    font: Places
    size: Numbers
    matrix: Numbers
    is_level: Truths

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
    #: Whether it is a blank.
    is_blank: Truths


def read_characters(page: Argument, texts: Texts, runs: Sequence[Run], to_sheet: Matrix) -> Characters:
    """The characters of a page; ``to_sheet`` maps pdfium's space to the displayed page.

    ``texts`` are all text objects of the page: pdfium's text leaves some of them out.
    Raises ``UnlikeReferenceError`` where a character has no known meaning or a font no measures, or where
    type is too small to be seen.
    """
    handle = pdfium.load_text(page)
    if not handle:
        raise UnlikeReferenceError("no text page")
    text_page = pdfium.argument(handle)
    try:
        count = pdfium.count_chars(text_page)
        if count <= 0:
            return Characters([], np.zeros((0, 4)), np.zeros(0, np.intp), [], [])
        return _characters(text_page, count, texts, runs, to_sheet)
    finally:
        pdfium.close_text(text_page)


def _characters(
    page: Argument, count: int, drawn: Texts, runs: Sequence[Run], to_sheet: Matrix
) -> Characters:
    printed, objects, has_characters = _printed(page, count, drawn, to_sheet)
    place = Placer(to_sheet)
    glyphs, boxes, lost = _placed(page, printed, objects, to_sheet, place)
    rows = printed.of
    if lost:
        before = sorted(lost)
        boxes = np.insert(boxes, before, [lost[k][:4] for k in before], axis=0)
        rows = np.insert(rows, before, rows[before])
        for k in reversed(before):
            glyphs.insert(k, lost[k])
    doubles: list[tuple[Corners, int]] = []
    unseen = np.flatnonzero(~has_characters)
    for run in sorted(set(drawn.run[unseen].tolist())):
        some = unseen[drawn.run[unseen] == run].tolist()
        blanks, tall = unseen_texts([drawn.objects[k] for k in some], runs[run].within, to_sheet, place)
        doubles.extend((box, some[n]) for n, box in tall)
        if blanks:
            glyphs.extend(glyph for _, glyph in blanks)
            boxes = np.concatenate((boxes, [glyph[:4] for _, glyph in blanks]))
            rows = np.concatenate((rows, [some[n] for n, _ in blanks]))
    return Characters(glyphs, boxes, rows, doubles, [font.handle for font in objects.fonts])


def _printed(page: Argument, count: int, drawn: Texts, to_sheet: Matrix) -> tuple[_Printed, _Objects, Truths]:
    """What the page's author printed of pdfium's text, the text objects, and which of them are in it."""
    handle = pdfium.results(pdfium.char_object, count, repeat(page), range(count))
    text = _texts(page, count)
    code = codes_of("".join(text))
    # What pdfium put in belongs to no object (line ends), or is a blank that says so.
    index = np.flatnonzero(handle)
    blanks = index[code[index] == _BLANK]
    is_made = pdfium.results(pdfium.char_is_generated, len(blanks), repeat(page), blanks.tolist())
    made = blanks[is_made != 0]
    if len(made):
        index = np.setdiff1d(index, made, assume_unique=True)
    handles = drawn.handles
    by_handle = np.argsort(handles)
    found = np.searchsorted(handles[by_handle], handle[index])
    of = by_handle[np.minimum(found, max(len(handles) - 1, 0))] if len(handles) else found
    if len(index) and (not len(handles) or (handles[of] != handle[index]).any()):
        raise UnlikeReferenceError("characters of no text on the page")
    first = np.full(len(handles), -1)
    first[of[::-1]] = index[::-1]
    objects = _objects(page, drawn.objects, first, to_sheet)
    boxes = pdfium.char_loose_box(index.tolist(), page)
    texts = _meanings(page, letters_with(code[index]), index.tolist())
    # Characters of one font and code look the same: one of each is asked for.
    kind = objects.font[of] * _CODES + code[index]
    examples = _firsts(kind, objects.is_level[of])
    level = list(examples.values())
    reaches = _overhangs(page, index[level], boxes[level])
    overhangs = (
        np.isin(kind, list(compress(examples, reaches.tolist())))
        if reaches.any()
        else np.zeros(len(index), np.bool_)
    )
    # A character in the very box of the one before is another letter of its code (a ligature).
    is_blank = code[index] == _BLANK
    goes_on = np.zeros(len(index), np.bool_)
    goes_on[1:] = (of[1:] == of[:-1]) & (boxes[1:] == boxes[:-1]).all(axis=1)
    if goes_on.any():
        starts = np.flatnonzero(~goes_on)
        ends = [*starts[1:].tolist(), len(index)]
        texts = ["".join(texts[k:end]) for k, end in zip(starts.tolist(), ends, strict=True)]
        is_blank = is_blank[starts] & (np.diff([*starts, len(index)]) == 1)
        index, of, boxes, overhangs = index[starts], of[starts], boxes[starts], overhangs[starts]
    is_parted = np.zeros(len(index), np.bool_)
    if len(made):
        after = np.searchsorted(index, made)
        is_inner = (after > 0) & (after < len(index))
        after, made = after[is_inner], made[is_inner]
        is_parted[after[handle[made] == handle[index[after - 1]]]] = True
    printed = _Printed(index, of, texts, boxes.astype(np.float64), overhangs, is_parted, is_blank)
    return printed, objects, first >= 0


def _placed(
    page: Argument, printed: _Printed, objects: _Objects, to_sheet: Matrix, place: Placer
) -> tuple[list[Glyph], Numbers, dict[int, Glyph]]:
    """Each character in its place, their boxes, and the blanks that pdfium lost before some of them."""
    of, texts = printed.of, printed.texts
    if not texts:
        return [], np.zeros((0, 4)), {}
    _, _, _, d, e, y = objects.matrix[of].T
    left, _, right, _ = printed.boxes.T
    is_level = objects.is_level[of]
    is_downward = np.array([font.is_vertical for font in objects.fonts])[objects.font[of]]
    asked = np.flatnonzero(~is_level | is_downward | printed.overhangs)
    left[asked], y[asked] = pdfium.char_origin(printed.index[asked].tolist(), page).T
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
    sides = left + to_x, top, right + to_x, bottom
    boxes = np.empty((len(texts), 4))
    for k, side in enumerate(sides):
        boxes[:, k] = side
    glyphs: list[Glyph] = list(
        map(
            _new_glyph,
            zip(
                *(side.tolist() for side in sides), texts, tall.tolist(), repeat(0), repeat(1.0), strict=False
            ),
        )
    )
    # Where blanks may be lost: after a blank, where an object begins, where pdfium saw white.
    was_blank = np.zeros(len(texts), np.bool_)
    was_blank[1:] = printed.is_blank[:-1]
    begins = np.ones(len(texts), np.bool_)
    begins[1:] = of[1:] != of[:-1]
    was_blank[1:] &= is_level[:-1]
    begins[1:] &= ~(was_blank[1:] & (np.abs(y[1:] - y[:-1]) < SLIP * tall[1:]))
    reach = e.copy()
    reach[1:][~begins[1:]] = right[:-1][~begins[1:]]
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
        boxes[k] = glyphs[k][:4]
    return glyphs, boxes, lost


def _objects(page: Argument, drawn: Sequence[Argument], examples: Places, to_sheet: Matrix) -> _Objects:
    """What is known of text objects, each with one of its characters; -1 is none."""
    count = len(drawn)
    has_characters = examples >= 0
    rows = np.flatnonzero(has_characters)
    objects = list(compress(drawn, has_characters.tolist()))
    exact = pdfium.char_matrix(examples[rows].tolist(), page).astype(np.float64)
    size = pdfium.text_size(objects)[:, 0].astype(np.float64)
    a, b, c, d, _, y = exact.T
    p, q, r, s, *_ = to_sheet
    tall = size * np.maximum(np.abs(c * p + d * r), np.abs(c * q + d * s))
    if (tall < TINY).any():
        raise UnlikeReferenceError("tiny text")
    is_level = (b == 0) & (c == 0) & (a > 0) & (d > 0)
    of_texts = list(map(pdfium.text_font, objects))
    number = {handle: k for k, handle in enumerate(sorted(set(of_texts)))}
    font = np.fromiter(map(number.__getitem__, of_texts), np.int64, len(of_texts))
    fonts = [font_of(handle) for handle in number]
    level = _firsts(font, is_level)
    # Only characters that are set downwards begin off the base line of their object.
    origins = pdfium.char_origin(examples[rows[list(level.values())]].tolist(), page)
    for (which, k), (_, begin) in zip(level.items(), origins.tolist(), strict=True):
        fonts[which] = fonts[which]._replace(is_vertical=begin != y[k])
    if to_sheet[:4] != (1.0, 0.0, 0.0, -1.0):
        is_level[:] = False
    if len(rows) == count:
        return _Objects(fonts, font, size, exact, is_level)
    of_all = _Objects(
        fonts, np.zeros(count, np.intp), np.zeros(count), np.zeros((count, 6)), np.zeros(count, np.bool_)
    )
    of_all.font[rows], of_all.size[rows], of_all.matrix[rows] = font, size, exact
    of_all.is_level[rows] = is_level
    return of_all


def _firsts(values: Places, among: Truths) -> dict[int, int]:
    """Where each of the values is first among those marked."""
    places = np.flatnonzero(among)[::-1]
    return dict(zip(values[places].tolist(), places.tolist(), strict=True))


def _meanings(page: Argument, letters: str, index: list[int]) -> list[str]:
    """The text of each character in ``index``; raises where pdfium does not know what one means.

    ``letters`` are what pdfium says that they are.
    """
    is_unknown = pdfium.results(pdfium.char_is_unmapped, len(index), repeat(page), index) != 0
    texts = list(letters)
    if not _ODD.isdisjoint(texts):
        for n, (k, each) in enumerate(zip(index, texts, strict=True)):
            if each in _HYPHENS and pdfium.char_is_hyphen(page, k):
                texts[n], is_unknown[n] = "-", False
            elif each == "\0":
                is_unknown[n] = True
    if is_unknown.any():
        raise UnlikeReferenceError("a character without known meaning")
    return texts


def _overhangs(page: Argument, index: Places, boxes: Numbers) -> Truths:
    """Whether the ink of characters reaches to a side of their loose boxes or beyond.

    pdfium widens the loose box to hold all ink, which is that of another font where the file brings
    none along, of one that happens to be on the machine: such a box does not tell the advance.
    """
    left, right, _, _ = pdfium.char_ink(index.tolist(), page).T
    reaches: Truths = (left < right) & ((left <= boxes[:, 0] + _SAME) | (right >= boxes[:, 2] - _SAME))
    return reaches


def _texts(page: Argument, count: int) -> Sequence[str]:
    """The text of each character: in one call where characters and code units go one to one."""
    units = np.zeros(count + 1, np.uint16)
    written = pdfium.page_text(page, 0, count, pdfium.argument(units.ctypes.data))
    if written == count + 1:
        text = units[:count].tobytes().decode("utf-16-le", "replace")
        if len(text) == count and "\0" not in text:
            return text
    codes = map(pdfium.char_unicode, repeat(page), range(count))
    return [chr(code) if code <= 0x10FFFF else "\0" for code in codes]
