"""Whether all text of a page is seen, as far as pdfium tells; where it may not be, the reference decides.

Text is doubtful that is printed invisibly, transparent or tiny, that reaches over the page's edge, that
something opaque is painted over later, or that has the colour of a surface.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

import numpy as np
import pypdfium2.raw as raw
from pdfminer.pdfpage import PDFPage

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.annotations import annotations_of, appearance, undrawn_values
from pipelines.extraction.marks import Glyph, HiddenBy
from pipelines.extraction.painted import PAPER, THIN, Corners, Sheet, are_alike
from pipelines.extraction.pdfium_calls import Handle, Matrix
from pipelines.extraction.pdfium_fonts import UnlikeReferenceError
from pipelines.extraction.printed import INVISIBLE, TINY, TRANSPARENT
from pipelines.extraction.rendering import MOST_MARKS, groups_off

_TEXT, _PATH, _IMAGE, _SHADING, _FORM = 1, 2, 3, 4, 5
_NO_CHANGE: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
#: Texts are filed by squares of this size (points).
_SQUARE = 40.0
#: A surface that overlaps a text by no more than this share of its height does not hide it.
_OVERLAP = 0.4
#: Text may reach over the page's edge by so much (points): ascenders and side bearings.
_OVER_EDGE = 2.0
#: Forms within forms deeper than this are an attack.
_DEEPEST = 28

assert INVISIBLE[0] == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def check_page(source: PDFPage) -> None:
    """Raise ``UnlikeReferenceError`` for a page with what pdfium's text does not tell of.

    That is optional content that is off and the appearance of annotations and form fields.
    """
    if groups_off(source.doc.catalog):
        raise UnlikeReferenceError("optional content that is off")
    if any(appearance(one) is not None for one in annotations_of(source)) or undrawn_values(source):
        raise UnlikeReferenceError("annotations with an appearance")


def check_seen(page: Handle, sheet: Sheet, ctm: Matrix) -> None:
    """Raise ``UnlikeReferenceError`` where some text of the page may not be seen.

    ``ctm`` maps pdfium's space to the frame of pdfminer's layout objects, as for ``take_objects``.
    """
    to_sheet = pdfium.concat(ctm, (1.0, 0.0, 0.0, -1.0, -sheet.left, sheet.upper))
    drawn = list(_drawn(_handles(page, pdfium.page_count_objects, pdfium.page_object), to_sheet, 0))
    if not any(one.kind == _TEXT for one in drawn):
        return
    texts, surfaces = _Texts(), set[pdfium.Colour]()
    for one in drawn:
        if one.kind == _TEXT:
            _check_text(one, sheet)
            texts.add(one.box)
        elif one.kind == _SHADING:
            surfaces.add((-1.0, -1.0, -1.0))
        else:
            texts.check_under(one.box)
            if one.colour is not None:
                surfaces.add(one.colour)
    inks = {one.colour for one in drawn if one.kind == _TEXT and one.colour is not None}
    if any(are_alike(ink, surface) for ink in inks if not are_alike(ink, PAPER) for surface in surfaces):
        raise UnlikeReferenceError("text in the colour of a surface")
    if any(are_alike(ink, PAPER) for ink in inks) and any(one.kind in (_SHADING, _IMAGE) for one in drawn):
        raise UnlikeReferenceError("white text beside pictures")


def seen_white(sheet: Sheet, white: Sequence[Glyph]) -> tuple[list[Glyph], list[tuple[HiddenBy, str]]]:
    """The white characters that are seen on coloured surfaces, and the others as hidden.

    Raises ``UnlikeReferenceError`` where the order of painting would decide.
    """
    seen: list[Glyph] = []
    hidden: list[tuple[HiddenBy, str]] = []
    for glyph in white:
        below = sheet.surfaces.at((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2)
        grounds = {are_alike(surface.look, PAPER) for surface in below} or {True}
        if len(grounds) > 1:
            raise UnlikeReferenceError("white text over white and other surfaces")
        if grounds == {True}:
            hidden.append(("paper", glyph.text))
        else:
            seen.append(glyph)
    return seen, hidden


class _Drawn(NamedTuple):
    """A text, a surface, a picture or a shading, with its box on the sheet."""

    kind: int
    box: Corners
    colour: pdfium.Colour | None
    alpha: float
    mode: int
    size: float


def _handles(owner: Handle, count: Callable[..., int], get: Callable[..., Handle]) -> list[Handle]:
    number = max(0, count(owner))
    if number > MOST_MARKS:
        raise UnlikeReferenceError("too many marks")
    return list(map(get, repeat(owner), range(number)))


def _drawn(handles: Sequence[Handle], to_sheet: Matrix, depth: int) -> Iterator[_Drawn]:
    """Texts and surfaces in drawing order, those in forms included."""
    if depth > _DEEPEST:
        raise UnlikeReferenceError("forms within forms without end")
    kinds = list(map(pdfium.object_type, handles))
    bounds = pdfium.room(len(handles), 4)
    known = pdfium.results(
        pdfium.object_bounds, len(handles), handles, *(pdfium.rows(bounds, k) for k in range(4))
    )
    by_kind = {
        kind: [handle for handle, of in zip(handles, kinds, strict=True) if of == kind]
        for kind in (_TEXT, _PATH, _FORM)
    }
    painted = [handle for handle, kind in zip(handles, kinds, strict=True) if kind in (_TEXT, _PATH)]
    paints = _paints(painted)
    texts, fills, matrices = (
        _text_sizes(by_kind[_TEXT], to_sheet),
        _fills(by_kind[_PATH]),
        _matrices(by_kind[_FORM]),
    )
    for kind, handle, is_known, box in zip(kinds, handles, known.tolist(), bounds.tolist(), strict=True):
        colour, alpha = next(paints) if kind in (_TEXT, _PATH) else (None, 1.0)
        mode, size = next(texts) if kind == _TEXT else (0, 0.0)
        is_filled = next(fills) if kind == _PATH else True
        if kind == _FORM:
            inner = _handles(handle, pdfium.form_count_objects, pdfium.form_object)
            yield from _drawn(inner, pdfium.concat(next(matrices), to_sheet), depth + 1)
        if kind not in (_TEXT, _PATH, _IMAGE, _SHADING) or not is_known or not is_filled:
            continue
        corners = _on_sheet(box, to_sheet)
        if kind == _PATH and min(corners[2] - corners[0], corners[3] - corners[1]) <= THIN:
            continue
        yield _Drawn(kind, corners, colour, alpha, mode, size)


def _matrices(handles: Sequence[Handle]) -> Iterator[Matrix]:
    """The matrix of each object."""
    matrices = pdfium.room(len(handles), 6)
    pdfium.run(pdfium.object_matrix, handles, pdfium.rows(matrices))
    yield from map(tuple, matrices.tolist())


def _text_sizes(texts: Sequence[Handle], to_sheet: Matrix) -> Iterator[tuple[int, float]]:
    """Rendering mode and type size on the sheet (points) of each text object."""
    sizes = pdfium.room(len(texts), 1)
    pdfium.run(pdfium.text_size, texts, pdfium.rows(sizes))
    p, q, r, s, _, _ = to_sheet
    for mode, (size,), (_, _, c, d, _, _) in zip(
        map(pdfium.text_mode, texts), sizes.tolist(), _matrices(texts), strict=True
    ):
        yield mode, size * max(abs(c * p + d * r), abs(c * q + d * s))


def _fills(paths: Sequence[Handle]) -> Iterator[bool]:
    """Whether each path is filled."""
    modes = pdfium.room(len(paths), 2, np.int32)
    pdfium.run(pdfium.path_mode, paths, pdfium.rows(modes), pdfium.rows(modes, 1))
    return (fill != 0 for fill, _ in modes.tolist())


def _paints(handles: Sequence[Handle]) -> Iterator[tuple[pdfium.Colour | None, float]]:
    """Fill colour and opacity of each object."""
    values, known = pdfium.channels(pdfium.object_fill, handles)
    for (red, green, blue, alpha), is_known in zip(values.tolist(), known.tolist(), strict=True):
        if is_known:
            yield (red / 255, green / 255, blue / 255), alpha / 255
        else:
            yield None, 1.0


def _on_sheet(box: Sequence[float], matrix: Matrix) -> Corners:
    left, low, right, high = box
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in (left, right) for y in (low, high)]
    ys = [b * x + d * y + f for x in (left, right) for y in (low, high)]
    return min(xs), min(ys), max(xs), max(ys)


def _check_text(text: _Drawn, sheet: Sheet) -> None:
    x0, top, x1, bottom = text.box
    if text.mode in INVISIBLE or text.alpha <= TRANSPARENT:
        raise UnlikeReferenceError("invisible text")
    if text.size < TINY:
        raise UnlikeReferenceError("tiny text")
    if min(x0, top, sheet.width - x1, sheet.height - bottom) < -_OVER_EDGE:
        raise UnlikeReferenceError("text over the edge of the page")


class _Texts:
    """The boxes of the texts so far, by place."""

    def __init__(self) -> None:
        self._squares: dict[tuple[int, int], list[Corners]] = {}

    def add(self, box: Corners) -> None:
        for square in _squares(box):
            self._squares.setdefault(square, []).append(box)

    def check_under(self, box: Corners) -> None:
        """Raise where a text so far lies under ``box``."""
        if not self._squares:
            return
        for square in _squares(box):
            for other in self._squares.get(square, ()):
                wide = min(box[2], other[2]) - max(box[0], other[0])
                high = min(box[3], other[3]) - max(box[1], other[1])
                if min(wide, high) > _OVERLAP * min(other[2] - other[0], other[3] - other[1]):
                    raise UnlikeReferenceError("something is painted over text")


def _squares(box: Corners) -> Iterator[tuple[int, int]]:
    x0, top, x1, bottom = (int(max(-2e4, min(2e4, at)) // _SQUARE) for at in box)
    return ((column, row) for column in range(x0, x1 + 1) for row in range(top, bottom + 1))
