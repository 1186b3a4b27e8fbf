"""What is printed on one page of a PDF, brought down to ``marks``.

It reads pdfminer's layout objects as pdfplumber hands them over (``page.layout``), not
pdfplumber's dictionaries: making one dictionary per character costs a third of the reading time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page as PlumberPage

from pipelines.extraction.marks import SLANTED, Glyph, Marks, turn_of, turned
from pipelines.extraction.painted import Sheet, is_white, take_image, take_path, take_white_on_colour

#: Doubled characters (fake bold) lie within this share of the type size of each other ...
DOUBLE_SHARE = 0.15
#: ... and never further apart than this (points).
DOUBLE_LIMIT = 1.5
#: Text is aslant from about this slope on; less is a slip of a scanner or a typesetter.
SLOPE = 0.18


def read_marks(page: PlumberPage) -> Marks:
    """Everything printed on ``page`` that a reader sees and tables are made of.

    Left out are: paths neither stroked nor filled, rules and letters in the white of the paper
    (unless they lie on a coloured surface), and whatever lies outside the crop box. A line of
    width 0 stays: by ISO 32000-1, 8.4.3.2 it is the thinnest line that can be shown.

    Raises whatever pdfminer raises for a damaged page; ``read`` turns it into a Problem.
    """
    sheet = displayed_page(page.page_obj)
    glyphs: list[Glyph] = []
    white: list[Glyph] = []
    for item in _walk(page.layout):
        if isinstance(item, LTChar):
            glyph = _glyph(sheet, item)
            if glyph is not None:
                (white if is_white(item.graphicstate.ncolor) else glyphs).append(glyph)
        elif isinstance(item, LTCurve):
            take_path(sheet, item)
        elif isinstance(item, LTImage):
            take_image(sheet, item)
    take_white_on_colour(sheet)
    return finished_marks(sheet, glyphs, white, int(page.rotation or 0) % 360)


def finished_marks(sheet: Sheet, glyphs: list[Glyph], white: list[Glyph], rotation: int) -> Marks:
    """The marks of a page from what was painted and printed on it, in the reading frame.

    ``white`` are the characters printed in the white of the paper; ``rotation`` is that of the page.
    """
    # White letters are seen on coloured surfaces, and on pictures for all one can tell.
    seen = [glyph for glyph in white if sheet.n_images or sheet.is_on_colour(glyph[:4])]
    glyphs = _without_doubles([*glyphs, *seen])
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
    )
    turn = turn_of(glyphs)
    return turned(marks, turn) if turn else marks


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


def _glyph(sheet: Sheet, item: LTChar) -> Glyph | None:
    """The character with its place and direction; None where its middle lies outside the page."""
    x0, top, x1, bottom = sheet.box(item)
    if not (0 <= (x0 + x1) / 2 <= sheet.width and 0 <= (top + bottom) / 2 <= sheet.height):
        return None
    direction = 0
    a, b, _, d, _, _ = item.matrix
    if min(abs(a), abs(b)) > SLOPE * max(abs(a), abs(b)):
        direction = SLANTED
    elif abs(b) > abs(a):
        direction = 90 if b < 0 else 270
    elif a < 0 and d < 0:
        direction = 180
    size = (x1 - x0) if direction in (90, 270) else (bottom - top)
    return Glyph(x0, top, x1, bottom, item.get_text(), size, direction)


def _without_doubles(glyphs: list[Glyph]) -> list[Glyph]:
    """Each character once where fake bold prints it two or four times with a small shift.

    Characters are filed by text and 4 pt squares, so that each is compared with few others.
    """
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept: list[Glyph] = []
    for glyph in glyphs:
        reach = min(DOUBLE_LIMIT, DOUBLE_SHARE * glyph.size)
        x, y = glyph.x0, glyph.top
        left, right = int((x - reach) // 4), int((x + reach) // 4)
        upper, lower = int((y - reach) // 4), int((y + reach) // 4)
        is_double = False
        for column in (left,) if left == right else (left, right):
            for row in (upper,) if upper == lower else (upper, lower):
                for other in seen.get((glyph.text, column, row), ()):
                    if abs(other.x0 - x) <= reach and abs(other.top - y) <= reach:
                        is_double = True
        if not is_double:
            kept.append(glyph)
            seen.setdefault((glyph.text, int(x // 4), int(y // 4)), []).append(glyph)
    return kept
