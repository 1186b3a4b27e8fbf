"""Whether all text of a page is seen, as far as pdfium tells; where it may not be, the reference decides.

Text is doubtful that is printed invisibly, transparent or tiny, that something opaque is painted over later,
or that has the colour of a surface. All texts of a page are judged in one go, with the surfaces that
``pdfium_paths`` found: most pages have nothing on them that could hide any.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pypdfium2.raw as raw
from pdfminer.pdfpage import PDFPage

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.annotations import annotations_of, appearance, undrawn_values
from pipelines.extraction.marks import Glyph, HiddenBy
from pipelines.extraction.optional_content import layers_of
from pipelines.extraction.page_contents import PageContents
from pipelines.extraction.painted import PAPER, WHITE, Sheet, are_alike
from pipelines.extraction.pdfium_clips import Clips
from pipelines.extraction.pdfium_fonts import UnlikeReferenceError
from pipelines.extraction.pdfium_objects import Texts
from pipelines.extraction.pdfium_text import Characters
from pipelines.extraction.printed import INVISIBLE, OUTLINED, TRANSPARENT

#: A surface that overlaps a character by no more than this share of its smaller side does not hide it:
#: what hides one lies over its middle half.
_OVERLAP = 0.4
#: Text that pdfium takes for printed twice may reach over the page's edge by so much (points).
_OVER_EDGE = 2.0
#: So many surfaces are held against all characters at a time.
_AT_A_TIME = 64

assert INVISIBLE[0] == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def check_page(source: PDFPage, contents: PageContents) -> None:
    """Raise ``UnlikeReferenceError`` for a page with what pdfium's text does not tell of.

    That is optional content, text that stands in for what is printed, which pdfium tells instead, and the
    appearance of annotations and form fields.
    """
    if layers_of(source.doc.catalog).groups:
        raise UnlikeReferenceError("optional content")
    if contents.has_stand_in_text:
        raise UnlikeReferenceError("text that stands in for what is printed")
    if any(appearance(one) is not None for one in annotations_of(source)) or undrawn_values(source):
        raise UnlikeReferenceError("annotations with an appearance")


def check_texts(texts: Texts, sheet: Sheet) -> None:
    """Raise ``UnlikeReferenceError`` where text is invisible, or its ink may be that of its ground.

    What was painted on the ``sheet`` is known already.
    """
    is_faint = (texts.paint[:, 3] <= 255 * TRANSPARENT) & texts.is_told
    if is_faint.any() or any(mode in INVISIBLE for mode in set(texts.mode.tolist())):
        raise UnlikeReferenceError("invisible text")
    red, green, blue, _ = texts.paint.astype(np.int64).T
    told = set(((red << 16) + (green << 8) + blue)[texts.is_told].tolist())
    inks: list[pdfium.Colour] = [(n >> 16, n >> 8 & 255, n & 255) for n in told]
    inks = [(red / 255, green / 255, blue / 255) for red, green, blue in inks]
    coloured = [ink for ink in inks if not are_alike(ink, PAPER)]
    if any(are_alike(ink, look) for ink in coloured for look in sheet.surfaces.looks):
        raise UnlikeReferenceError("text in the colour of a surface")
    if len(coloured) == len(inks):
        return
    if None in sheet.surfaces.looks:
        raise UnlikeReferenceError("white text beside pictures")
    if (are_white(texts) & np.isin(texts.mode, OUTLINED)).any():
        raise UnlikeReferenceError("white text with an outline")


def are_white(texts: Texts) -> pdfium.Numbers:
    """Which text objects are in the white of paper."""
    white: pdfium.Numbers = (texts.paint[:, :3] / 255 >= WHITE).all(axis=1) & texts.is_told
    return white


def seen_of(
    sheet: Sheet, texts: Texts, characters: Characters, clips: Clips
) -> tuple[list[Glyph], pdfium.Numbers, list[tuple[HiddenBy, str]]]:
    """The characters that a reader sees, with their sides, and the others with the reason, in drawing order.

    ``clips`` are what may cut off some of them. Raises ``UnlikeReferenceError`` where something may be
    painted over text, or where the order of painting
    would decide over white text.
    """
    glyphs = characters.glyphs
    if not glyphs:
        return glyphs, characters.boxes, []
    boxes, rows = characters.boxes, characters.text
    if (rows[1:] < rows[:-1]).any():
        # pdfium's text goes by lines where they are not drawn one after the other.
        drawn = np.argsort(rows, kind="stable")
        glyphs, boxes, rows = [glyphs[k] for k in drawn.tolist()], boxes[drawn], rows[drawn]
    sides = boxes
    x0, top, x1, bottom = boxes.T
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    order = texts.order[rows]
    is_cut = clips.cut_off(boxes, rows)
    if characters.unseen:
        if clips.may_cut[[row for _, row in characters.unseen]].any():
            raise UnlikeReferenceError("text printed twice that a clipping path may cut off")
        doubles = np.array([box for box, _ in characters.unseen])
        edges = np.array((0.0, 0.0, -sheet.width, -sheet.height))
        if ((doubles * (1, 1, -1, -1)) < edges - _OVER_EDGE).any():
            raise UnlikeReferenceError("text over the edge of the page")
        boxes = np.concatenate((boxes, doubles))
        order = np.concatenate((order, texts.order[[row for _, row in characters.unseen]]))
    _check_covered(sheet, boxes, order)
    is_outside = (x < 0) | (x > sheet.width) | (y < 0) | (y > sheet.height)
    white = are_white(texts)
    may_hide = is_outside | is_cut | white[rows] if white.any() else is_outside | is_cut
    if not may_hide.any():
        return glyphs, sides, []
    hidden: dict[int, HiddenBy] = {}
    for k in np.flatnonzero(may_hide).tolist():
        if is_outside[k]:
            hidden[k] = "outside"
        elif is_cut[k]:
            hidden[k] = "clipped"
        elif _is_on_paper(sheet, float(x[k]), float(y[k])):
            hidden[k] = "paper"
    seen = [k for k in range(len(glyphs)) if k not in hidden]
    unseen = [(by, glyphs[k].text) for k, by in hidden.items()]
    return [glyphs[k] for k in seen], sides[seen], unseen


def _is_on_paper(sheet: Sheet, x: float, y: float) -> bool:
    """Whether white text at a place cannot be seen; raises where the order of painting would decide."""
    grounds = {are_alike(surface.look, PAPER) for surface in sheet.surfaces.at(x, y)} or {True}
    if len(grounds) > 1:
        raise UnlikeReferenceError("white text over white and other surfaces")
    return grounds == {True}


def _check_covered(sheet: Sheet, boxes: pdfium.Numbers, order: pdfium.Numbers) -> None:
    """Raise where something painted later may lie over a character."""
    first = int(order.min())
    later = [surface for surface in sheet.surfaces.opaque if surface.order > first]
    if not later:
        return
    x0, top, x1, bottom = boxes.T
    least = _OVERLAP * np.minimum(x1 - x0, bottom - top)
    for begin in range(0, len(later), _AT_A_TIME):
        some: Sequence[tuple[float, ...]] = [
            (*surface.box, surface.order) for surface in later[begin : begin + _AT_A_TIME]
        ]
        left, upper, right, lower, painted = np.array(some).T[:, :, np.newaxis]
        wide = np.minimum(right, x1) - np.maximum(left, x0)
        high = np.minimum(lower, bottom) - np.maximum(upper, top)
        if ((painted > order) & (wide > least) & (high > least)).any():
            raise UnlikeReferenceError("something is painted over text")
