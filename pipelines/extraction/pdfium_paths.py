"""Paths and pictures of a page as pdfium reads them, handed to the sheet in the reference's terms.

pdfminer gives one line, rectangle or curve for each part of a path that begins anew; the same is
made here from pdfium's segments, so that ``painted`` sorts them by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, repeat
from typing import Any, NamedTuple

import numpy as np
from pdfminer.layout import LTComponent, LTCurve, LTLine, LTRect

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.painted import Sheet, take_image, take_path
from pipelines.extraction.pdfium_calls import Colour, Handle, Matrix
from pipelines.extraction.pdfium_fonts import UnlikeReferenceError
from pipelines.extraction.pdfium_text import DrawnTexts

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


def take_objects(sheet: Sheet, page: Handle, ctm: Matrix) -> list[DrawnTexts]:
    """Take all paths and pictures of a page, those in forms included, in drawing order.

    Returns the text objects, those of each form apart.

    ``ctm`` maps pdfium's space to the frame of pdfminer's layout objects.
    """
    handles = list(map(pdfium.page_object, repeat(page), range(pdfium.page_count_objects(page))))
    texts: list[DrawnTexts] = []
    _take(sheet, handles, _NO_CHANGE, ctm, texts, 0)
    return texts


def _take(
    sheet: Sheet, handles: Sequence[Handle], within: Matrix, ctm: Matrix, texts: list[DrawnTexts], depth: int
) -> None:
    if depth > DEEPEST:
        raise UnlikeReferenceError("forms within forms without end")
    kinds = list(map(pdfium.object_type, handles))
    texts.append(([handle for kind, handle in zip(kinds, handles, strict=True) if kind == _TEXT], within))
    marks = [(k, h) for k, h in zip(kinds, handles, strict=True) if k in (_PATH, _IMAGE, _FORM)]
    matrices = pdfium.room(len(marks), 6)
    pdfium.run(pdfium.object_matrix, [handle for _, handle in marks], pdfium.rows(matrices))
    paths = _painted_paths([handle for kind, handle in marks if kind == _PATH])
    for (kind, handle), (a, b, c, d, e, f) in zip(marks, matrices.tolist(), strict=True):
        inside = pdfium.concat((a, b, c, d, e, f), within)
        placed = pdfium.concat(inside, ctm)
        if kind == _PATH:
            _take_path(sheet, next(paths), placed)
        elif kind == _IMAGE:
            sheet.order += 1
            take_image(sheet, _component(placed))
        else:
            count = max(pdfium.form_count_objects(handle), 0)
            inner = list(map(pdfium.form_object, repeat(handle), range(count)))
            _take(sheet, inner, inside, ctm, texts, depth + 1)


def _component(matrix: Matrix) -> Any:
    """The place of a picture: the unit square as its matrix lays it down."""
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return LTComponent((min(xs), min(ys), max(xs), max(ys)))


class _Path(NamedTuple):
    """A path in its own space: its segments as kind, whether it closes there, and point."""

    stroke: bool
    fill: bool
    stroke_colour: Colour | None
    fill_colour: Colour | None
    segments: list[tuple[int, int, list[float]]]


def _painted_paths(paths: Sequence[Handle]) -> Iterator[_Path]:
    """The paths with how they are painted and their segments, all of a page asked for in one go."""
    modes = pdfium.room(len(paths), 2, np.int32)
    pdfium.run(pdfium.path_mode, paths, pdfium.rows(modes), pdfium.rows(modes, 1))
    strokes = pdfium.colours(pdfium.object_stroke, paths)
    fills = pdfium.colours(pdfium.object_fill, paths)
    counts = [max(count, 0) for count in map(pdfium.path_count, paths)]
    handles = [
        segment
        for path, count in zip(paths, counts, strict=True)
        for segment in map(pdfium.path_segment, repeat(path), range(count))
    ]
    points = pdfium.room(len(handles), 2)
    pdfium.run(pdfium.segment_point, handles, pdfium.rows(points), pdfium.rows(points, 1))
    kinds, closes = map(pdfium.segment_type, handles), map(pdfium.segment_close, handles)
    segments = list(zip(kinds, closes, points.tolist(), strict=True))
    ends = accumulate(counts)
    for count, end, (fill, stroke), stroke_colour, fill_colour in zip(
        counts, ends, modes.tolist(), strokes, fills, strict=True
    ):
        yield _Path(bool(stroke), bool(fill), stroke_colour, fill_colour, segments[end - count : end])


def _take_path(sheet: Sheet, path: _Path, matrix: Matrix) -> None:
    if not path.stroke and not path.fill:
        return
    sheet.order += 1
    for steps in _parts(_steps(path, matrix)):
        item = layout_item(steps, path.stroke, path.fill, path.stroke_colour, path.fill_colour)
        take_path(sheet, item)


def _steps(path: _Path, matrix: Matrix) -> Iterator[Step]:
    a, b, c, d, e, f = matrix
    curve = 0
    for kind, close, (x, y) in path.segments:
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
