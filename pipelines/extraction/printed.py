"""What is printed on one page of a PDF, brought down to ``marks``.

It reads layout objects as pdfminer makes them (``rendering``), not pdfplumber's dictionaries: making
one dictionary per character costs a third of the reading time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTLine, LTRect
from pdfminer.pdfpage import PDFPage
from pdfplumber.pdf import PDF

from pipelines.extraction.clipping import is_cut_off
from pipelines.extraction.marks import (
    SLANTED,
    Glyph,
    Hidden,
    HiddenBy,
    Marks,
    Numbers,
    codes_of,
    letters_of,
    sides_of,
    turn_of,
    turned,
)
from pipelines.extraction.painted import (
    PaintedPath,
    Sheet,
    Surface,
    Surfaces,
    are_alike,
    is_white,
    look_of,
    take_image,
    take_path,
    take_white_on_colour,
)
from pipelines.extraction.rendering import State, laid_out, told

#: Doubled characters (fake bold) lie within this share of the type size of each other ...
DOUBLE_SHARE = 0.15
#: ... and never further apart than this (points).
DOUBLE_LIMIT = 1.5
#: No page is wider than this (points) ...
_FAR = 16_000
#: ... or, either way from its upper edge, more than so many bands of twice DOUBLE_LIMIT high.
_BANDS = 16_000
#: Text is aslant from about this slope on; less is a slip of a scanner or a typesetter.
SLOPE = 0.18
#: Rendering modes (ISO 32000-1, 9.3.6) that print nothing, and those that draw outlines.
INVISIBLE, OUTLINED = (3, 7), (1, 2, 5, 6)
#: Type smaller than this (points) cannot be read on the page.
TINY = 1.0
#: A mark of no more opacity than this cannot be seen.
TRANSPARENT = 0.05


def read_marks(pdf: PDF, source: PDFPage) -> Marks:
    """Everything printed on a page that a reader sees and tables are made of.

    What a reader does not see is no mark: paths neither stroked nor filled, rules in the white of the
    paper (unless they lie on a coloured surface), and text outside the crop box, in the colour of its
    ground, in an invisible rendering, too small to be seen, under an opaque surface painted later, cut
    off by a clipping path, in optional content that is off. Such text is told in ``Marks.hidden``. The
    appearance of annotations and form fields is part of the page. A line of width 0 stays: by ISO
    32000-1, 8.4.3.2 it is the thinnest line that can be shown.

    Raises ``PageTooComplexError``, and whatever pdfminer raises for a damaged page; ``read`` turns it
    into a Problem.
    """
    sheet = displayed_page(source)
    layout, n_lost = laid_out(source, pdf.rsrcmgr, pdf.doc.catalog)
    printed: list[tuple[Glyph, int, LTChar]] = []
    hidden: list[tuple[HiddenBy, str]] = []
    for order, item in enumerate(_walk(layout)):
        if isinstance(item, LTChar):
            glyph, is_inside = _glyph(sheet, item)
            by = _hidden_by_itself(item, glyph) if is_inside else "outside"
            if by is None:
                printed.append((glyph, order, item))
            else:
                hidden.append((by, glyph.text))
            continue
        sheet.order = order
        if isinstance(item, LTCurve):
            take_path(sheet, _painted(item))
        elif isinstance(item, LTImage):
            is_opaque, clip = getattr(item, "is_opaque", True), getattr(item, "clip", None)
            take_image(sheet, sheet.box(item), is_opaque, clip)
        elif getattr(item, "is_shading", False):
            whole = (0.0, 0.0, sheet.width, sheet.height)
            sheet.surfaces.add(Surface(order, whole, None, is_opaque=False))
    take_white_on_colour(sheet)
    glyphs: list[Glyph] = []
    for glyph, order, item in printed:
        by = _hidden_by_others(sheet.surfaces, glyph, order, item)
        if by is None:
            glyphs.append(glyph)
        else:
            hidden.append((by, glyph.text))
    return finished_marks(sheet, glyphs, hidden, int(source.rotate or 0) % 360, n_lost)


def _painted(item: LTCurve) -> PaintedPath:
    """A path of pdfminer's with what counts of it."""
    return PaintedPath(
        "line" if isinstance(item, LTLine) else "rectangle" if isinstance(item, LTRect) else "curve",
        item.x0,
        item.y0,
        item.x1,
        item.y1,
        item.stroke,
        item.fill,
        item.stroking_color,
        item.non_stroking_color,
        item.pts,
        item.original_path or (),
        getattr(item, "is_opaque", True),
        getattr(item, "clip", None),
    )


def _state(item: LTChar) -> State:
    assert isinstance(item.graphicstate, State)
    return item.graphicstate


def _hidden_by_itself(item: LTChar, glyph: Glyph) -> HiddenBy | None:
    """Why a character cannot be seen wherever it stands, if so."""
    state = _state(item)
    if state.is_off:
        return "switched_off"
    if is_cut_off(item, state.clip):
        return "clipped"
    if state.render in INVISIBLE or state.alpha <= TRANSPARENT:
        return "invisible"
    return "tiny" if 0 <= glyph.size < TINY and not glyph.text.isspace() else None


def _hidden_by_others(surfaces: Surfaces, glyph: Glyph, order: int, item: LTChar) -> HiddenBy | None:
    """Why a character cannot be seen for what lies under or over it, if so."""
    box = glyph[:4]
    if order < surfaces.last_order and surfaces.cover(box, order):
        return "covered"
    state = _state(item)
    if state.render in OUTLINED:
        return None  # its stroke may be seen
    look = look_of(told(state.ncolor, state.ncs))
    if look is None or not (is_white(look) or any(are_alike(look, other) for other in surfaces.looks)):
        return None
    ground = surfaces.look_below((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, order)
    return "paper" if are_alike(look, ground) else None


def finished_marks(
    sheet: Sheet,
    glyphs: list[Glyph],
    hidden: Sequence[tuple[HiddenBy, str]],
    rotation: int,
    n_lost: int = 0,
    sides: Numbers | None = None,
) -> Marks:
    """The marks of a page from what was painted and printed on it, in the reading frame.

    ``hidden`` are the characters that no reader sees, in drawing order; ``rotation`` is that of the page.
    ``sides`` are those of the characters, where they are at hand.
    """
    sides = sides_of(glyphs) if sides is None else sides
    letters = letters_of(glyphs)
    doubles = _doubles(glyphs, sides, letters)
    if doubles:
        seen = [k for k in range(len(glyphs)) if k not in doubles]
        glyphs, sides, letters = [glyphs[k] for k in seen], sides[seen], None
    marks = Marks(
        width=round(sheet.width, 2),
        height=round(sheet.height, 2),
        rotation=rotation,
        turn=0,
        glyphs=tuple(glyphs),
        horizontals=tuple(sheet.horizontals),
        verticals=tuple(sheet.verticals),
        fills=tuple(sheet.fills),
        image_share=min(1.0, sheet.image_area / max(sheet.width * sheet.height, 1.0)),
        n_images=sheet.n_images,
        hidden=_hidden_texts(hidden),
        n_curves=sheet.n_curves,
        n_lost=n_lost,
        sides=sides,
        letters=letters,
    )
    turn = turn_of(glyphs)
    return turned(marks, turn) if turn else marks


def _hidden_texts(hidden: Sequence[tuple[HiddenBy, str]]) -> tuple[Hidden, ...]:
    """The hidden characters put together by why they are; what has neither letter nor digit is nothing."""
    texts: dict[HiddenBy, list[str]] = {}
    for by, text in hidden:
        texts.setdefault(by, []).append(text)
    joined = [Hidden(by, " ".join("".join(parts).split())) for by, parts in texts.items()]
    return tuple(sorted(one for one in joined if any(letter.isalnum() for letter in one.text)))


def displayed_page(source: PDFPage) -> Sheet:
    """The displayed page: the crop box, brought through the same turn as pdfminer's objects."""
    mx0, my0, mx1, my1 = source.mediabox
    mx0, mx1, my0, my1 = min(mx0, mx1), max(mx0, mx1), min(my0, my1), max(my0, my1)
    cx0, cy0, cx1, cy1 = source.cropbox or source.mediabox
    cx0, cx1 = max(min(cx0, cx1), mx0), min(max(cx0, cx1), mx1)
    cy0, cy1 = max(min(cy0, cy1), my0), min(max(cy0, cy1), my1)
    if cx1 <= cx0 or cy1 <= cy0:
        cx0, cy0, cx1, cy1 = mx0, my0, mx1, my1
    rotate = int(source.rotate or 0) % 360
    if rotate == 90:
        x0, y0, x1, y1 = cy0 - my0, mx1 - cx1, cy1 - my0, mx1 - cx0
    elif rotate == 180:
        x0, y0, x1, y1 = mx1 - cx1, my1 - cy1, mx1 - cx0, my1 - cy0
    elif rotate == 270:
        x0, y0, x1, y1 = my1 - cy1, cx0 - mx0, my1 - cy0, cx1 - mx0
    else:
        x0, y0, x1, y1 = cx0 - mx0, cy0 - my0, cx1 - mx0, cy1 - my0
    return Sheet(float(x1 - x0), float(y1 - y0), float(x0), float(y1))


def _walk(container: Any) -> Iterator[Any]:
    """All layout objects in the order in which they were drawn, those in forms included."""
    for item in container:
        if isinstance(item, LTContainer):
            yield from _walk(item)
        else:
            yield item


def _glyph(sheet: Sheet, item: LTChar) -> tuple[Glyph, bool]:
    """The character with its place and direction, and whether its middle lies on the page."""
    x0, top, x1, bottom = sheet.box(item)
    is_inside = 0 <= (x0 + x1) / 2 <= sheet.width and 0 <= (top + bottom) / 2 <= sheet.height
    direction = 0
    a, b, _, d, _, _ = item.matrix
    if min(abs(a), abs(b)) > SLOPE * max(abs(a), abs(b)):
        direction = SLANTED
    elif abs(b) > abs(a):
        direction = 90 if b < 0 else 270
    elif a < 0 and d < 0:
        direction = 180
    size = (x1 - x0) if direction in (90, 270) else (bottom - top)
    return Glyph(x0, top, x1, bottom, item.get_text(), size, direction), is_inside


def _doubles(glyphs: Sequence[Glyph], sides: Numbers, letters: str | None) -> set[int]:
    """Which characters fake bold prints once more, two or four times in all with a small shift.

    ``letters`` are the characters where each is one letter.
    Most characters have none of the same text anywhere near: those are told first, all at once.
    """
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    doubles: set[int] = set()
    for k in _near_alike(glyphs, sides, letters):
        glyph = glyphs[k]
        reach = min(DOUBLE_LIMIT, DOUBLE_SHARE * glyph.size)
        x, y = glyph.x0, glyph.top
        # Filed by 4 pt squares, so that each is compared with few others.
        left, right = int((x - reach) // 4), int((x + reach) // 4)
        upper, lower = int((y - reach) // 4), int((y + reach) // 4)
        for column in (left,) if left == right else (left, right):
            for row in (upper,) if upper == lower else (upper, lower):
                for other in seen.get((glyph.text, column, row), ()):
                    if abs(other.x0 - x) <= reach and abs(other.top - y) <= reach:
                        doubles.add(k)
        if k not in doubles:
            seen.setdefault((glyph.text, int(x // 4), int(y // 4)), []).append(glyph)
    return doubles


def _near_alike(glyphs: Sequence[Glyph], sides: Numbers, letters: str | None) -> list[int]:
    """Which characters may have another that begins with the same letter within DOUBLE_LIMIT.

    Bands of the page twice as high as the limit, laid out a second time shifted by half their height,
    hold any two such characters together in one of both layouts; there they are neighbours from left to
    right, or have such neighbours between them.
    """
    count = len(glyphs)
    if count < 2:
        return []
    if letters is None:
        letters = "".join([glyph[4][:1] or "\0" for glyph in glyphs])
    codes = codes_of(letters) << 40
    x, y = sides[:, 0], sides[:, 1] / (2.1 * DOUBLE_LIMIT)
    # Thousandths of a point; characters far outside of the page are put together at its edge.
    place = (np.minimum(np.maximum(x, -_FAR), _FAR) * 1000 + _FAR * 1000).astype(np.int64)
    within = int(1000 * DOUBLE_LIMIT) + 1
    near: list[NDArray[np.int64]] = []
    for shift in (0.0, 0.5):
        band = (np.floor(np.minimum(np.maximum(y + shift, -_BANDS), _BANDS)) + _BANDS).astype(np.int64)
        key = codes + (band << 25) + place
        ordered = np.sort(key)
        if (ordered[1:] - ordered[:-1] <= within).any():
            order = np.argsort(key)
            alike = np.flatnonzero(np.diff(key[order]) <= within)
            near += [order[alike], order[alike + 1]]
    return np.unique(np.concatenate(near)).tolist() if near else []
