"""Paths and pictures of a page as pdfium reads them, handed to the sheet in the reference's terms.

pdfminer gives one line, rectangle or curve for each part of a path that begins anew; the same is
made here from pdfium's segments, so that ``painted`` sorts them by the same rules.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pdfminer.layout import LTComponent, LTCurve, LTLine, LTRect

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.painted import Sheet, take_image, take_path
from pipelines.extraction.pdfium_calls import Colour, Handle, Matrix
from pipelines.extraction.pdfium_text import DrawnText, UnlikeReferenceError

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
_NO_CHANGE = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_LINE_TO, _BEZIER_TO, _MOVE_TO = 0, 1, 2
#: Forms within forms deeper than this are an attack.
DEEPEST = 30
#: Corners are square when they are off by no more than this (points): pdfium counts in single precision.
SQUARE = 0.002


class Step(NamedTuple):
    """One step of a path: ``m`` move, ``l`` line, ``c`` curve (to its end), ``h`` close."""

    command: str
    x: float
    y: float


def take_objects(sheet: Sheet, page: Handle, ctm: Matrix) -> list[DrawnText]:
    """Take all paths and pictures of a page, those in forms included, in drawing order.

    Returns the text objects, each with the matrix of the form it stands in.

    ``ctm`` maps pdfium's space to the frame of pdfminer's layout objects.
    """
    handles = pdfium.for_each(pdfium.page_object, page, range(pdfium.page_count_objects(page)))
    texts: list[DrawnText] = []
    _take(sheet, handles, _NO_CHANGE, ctm, texts, 0)
    return texts


def _take(
    sheet: Sheet, handles: Sequence[Handle], within: Matrix, ctm: Matrix, texts: list[DrawnText], depth: int
) -> None:
    if depth > DEEPEST:
        raise UnlikeReferenceError("forms within forms without end")
    marks: list[tuple[int, Handle]] = []
    for kind, handle in zip(map(pdfium.object_type, handles), handles, strict=True):
        if kind == _TEXT:
            texts.append((handle, within))
        elif kind in (_PATH, _IMAGE, _FORM):
            marks.append((kind, handle))
    paths = [handle for kind, handle in marks if kind == _PATH]
    paints = iter(
        zip(
            pdfium.colours(pdfium.object_stroke, paths),
            pdfium.colours(pdfium.object_fill, paths),
            strict=True,
        )
    )
    matrix = pdfium.Floats(6)
    for kind, handle in marks:
        pdfium.object_matrix(handle, matrix.address)
        a, b, c, d, e, f = matrix.first()
        inside = pdfium.concat((a, b, c, d, e, f), within)
        placed = pdfium.concat(inside, ctm)
        if kind == _PATH:
            _take_path(sheet, handle, placed, *next(paints))
        elif kind == _IMAGE:
            sheet.order += 1
            take_image(sheet, _component(placed))
        else:
            count = pdfium.form_count_objects(handle)
            inner = pdfium.for_each(pdfium.form_object, handle, range(max(count, 0)))
            _take(sheet, inner, inside, ctm, texts, depth + 1)


def _component(matrix: Matrix) -> Any:
    """The place of a picture: the unit square as its matrix lays it down."""
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return LTComponent((min(xs), min(ys), max(xs), max(ys)))


_mode, _stroke = ctypes.c_int(), ctypes.c_int()
_MODE = (ctypes.addressof(_mode), ctypes.addressof(_stroke))


def _take_path(
    sheet: Sheet, handle: Handle, matrix: Matrix, stroke_colour: Colour | None, fill_colour: Colour | None
) -> None:
    pdfium.path_mode(handle, *_MODE)
    stroke, fill = bool(_stroke.value), bool(_mode.value)
    if not stroke and not fill:
        return
    sheet.order += 1
    for steps in _parts(_steps(handle, matrix)):
        take_path(sheet, layout_item(steps, stroke, fill, stroke_colour, fill_colour))


def _steps(handle: Handle, matrix: Matrix) -> Iterator[Step]:
    count = pdfium.path_count(handle)
    segments = pdfium.for_each(pdfium.path_segment, handle, range(max(count, 0)))
    points = pdfium.Floats(2, len(segments))
    places = points.addresses()
    list(map(pdfium.segment_point, segments, places, range(places.start + 4, places.stop + 4, 8)))
    a, b, c, d, e, f = matrix
    curve = 0
    for kind, close, (x, y) in zip(
        map(pdfium.segment_type, segments), map(pdfium.segment_close, segments), points.tuples(), strict=True
    ):
        command = "l" if kind == _LINE_TO else "m"
        if kind == _BEZIER_TO:  # two points that guide it, then its end
            curve += 1
            if curve % 3:
                continue
            command = "c"
        yield Step(command, a * x + c * y + e, b * x + d * y + f)
        if close:
            yield Step("h", 0.0, 0.0)


def _parts(steps: Iterator[Step]) -> Iterator[list[Step]]:
    """The parts of a path, each from one ``m`` to before the next."""
    part: list[Step] = []
    for step in steps:
        if step.command == "m" and part:
            yield part
            part = []
        part.append(step)
    if part and part[0].command == "m":
        yield part


def layout_item(
    steps: Sequence[Step],
    stroke: bool,
    fill: bool,
    stroke_colour: Colour | None,
    fill_colour: Colour | None,
) -> LTCurve:
    """A part of a path as the layout object that pdfminer makes of it (``converter.paint_path``)."""
    shape = "".join(step.command for step in steps)
    points = [(step.x, step.y) for step in steps if step.command != "h"]
    if shape.endswith("h") and shape.count("h") == 1:
        points.append(points[0])
    path: list[Any] = [("h",) if step.command == "h" else (step.command, (step.x, step.y)) for step in steps]
    if len(shape) > 3 and shape[-2:] == "lh" and points[-2] == points[0]:
        shape = shape[:-2] + "h"
        points.pop()
    colours: dict[str, Any] = {
        "stroke": stroke,
        "fill": fill,
        "stroking_color": stroke_colour,
        "non_stroking_color": fill_colour,
        "original_path": path,
    }
    if shape in ("mlh", "ml"):
        return LTLine(1.0, points[0], points[1], **colours)
    if shape in ("mlllh", "mllll") and _is_rectangle(points):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return LTRect(1.0, (min(xs), min(ys), max(xs), max(ys)), **colours)
    return LTCurve(1.0, points, **colours)


def _is_rectangle(points: Sequence[tuple[float, float]]) -> bool:
    (ax, ay), (bx, by), (cx, cy), (dx, dy), (ex, ey) = points
    if abs(ax - ex) > SQUARE or abs(ay - ey) > SQUARE:
        return False
    level_first = abs(ay - by) + abs(bx - cx) + abs(cy - dy) + abs(dx - ax)
    upright_first = abs(ax - bx) + abs(by - cy) + abs(cx - dx) + abs(dy - ay)
    return min(level_first, upright_first) <= 4 * SQUARE
