"""Paths and pictures of a page as pdfium reads them, handed to the sheet in the reference's terms.

pdfminer gives one line, rectangle or curve for each part of a path that begins anew; the same is
made here from pdfium's segments, so that ``painted`` sorts them by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, compress, repeat
from typing import Any, Literal, NamedTuple

import numpy as np

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.painted import PaintedPath, Sheet, Surface, take_image, take_path
from pipelines.extraction.pdfium_calls import Argument, Colour, Matrix, Numbers
from pipelines.extraction.pdfium_objects import IMAGE, PATH, SHADING, Run

_LINE_TO, _BEZIER_TO, _MOVE_TO = 0, 1, 2
#: Corners are square when they are off by no more than this (points): pdfium counts in single precision.
SQUARE = 0.002

Point = tuple[float, float]


class Step(NamedTuple):
    """One step of a path: ``m`` move, ``l`` line, ``c`` curve (to its end), ``h`` close."""

    command: str
    x: float
    y: float


def take_objects(sheet: Sheet, runs: Sequence[Run], ctm: Matrix) -> None:
    """Take all paths, pictures and shadings of a page in drawing order.

    ``ctm`` maps pdfium's space to the frame of pdfminer's layout objects.
    """
    for run in runs:
        marks, places = run.of(PATH, IMAGE, SHADING)
        if not marks:
            continue
        kinds, orders = run.kinds[places].tolist(), (places + run.first).tolist()
        # All matrices at once: columns of numbers take the place of numbers.
        inner: Any = pdfium.object_matrix(marks).astype(np.float64).T
        placed: Numbers = np.array(pdfium.concat(pdfium.concat(inner, run.within), ctm)).T
        are_paths = [kind == PATH for kind in kinds]
        paths = _painted_paths(list(compress(marks, are_paths)), placed[are_paths])
        for kind, order, matrix in zip(kinds, orders, placed, strict=True):
            sheet.order = order
            if kind == PATH:
                for part in next(paths):
                    take_path(sheet, part)
            elif kind == IMAGE:
                take_image(sheet, _picture_box(sheet, matrix.tolist()))
            else:
                whole = (0.0, 0.0, sheet.width, sheet.height)
                sheet.surfaces.add(Surface(order, whole, None, is_opaque=False))


def _picture_box(sheet: Sheet, matrix: Sequence[float]) -> tuple[float, float, float, float]:
    """The place of a picture: the unit square as its matrix lays it down."""
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return min(xs) - sheet.left, sheet.upper - max(ys), max(xs) - sheet.left, sheet.upper - min(ys)


class _Paint(NamedTuple):
    """How a path is painted."""

    stroke: bool
    fill: bool
    stroke_colour: Colour | None
    fill_colour: Colour | None


def _painted_paths(paths: Sequence[Argument], placed: Numbers) -> Iterator[Sequence[PaintedPath]]:
    """The parts of each path, none where it is not painted; all paths are asked for in one go.

    ``placed`` are the matrices, a row each, that bring them to the frame of pdfminer's layout objects.
    """
    modes = pdfium.path_mode(paths)
    strokes = pdfium.colours(pdfium.object_stroke, paths)
    fills = pdfium.colours(pdfium.object_fill, paths)
    counts = [max(count, 0) for count in map(pdfium.path_count, paths)]
    segments = pdfium.arguments(
        map(
            pdfium.path_segment,
            chain.from_iterable(map(repeat, paths, counts)),
            chain.from_iterable(map(range, counts)),
        )
    )
    kinds = list(map(pdfium.segment_type, segments))
    closes = list(map(pdfium.segment_close, segments))
    x, y = pdfium.segment_point(segments).astype(np.float64).T
    a, b, c, d, e, f = np.repeat(placed, counts, axis=0).T
    corners = list(zip((a * x + c * y + e).tolist(), (b * x + d * y + f).tolist(), strict=True))
    begin = 0
    for count, (fill, stroke), stroke_colour, fill_colour in zip(
        counts, modes.tolist(), strokes, fills, strict=True
    ):
        end = begin + count
        if stroke or fill:
            paint = _Paint(bool(stroke), bool(fill), stroke_colour, fill_colour)
            yield _parts(kinds[begin:end], closes[begin:end], corners[begin:end], paint)
        else:
            yield ()
        begin = end


def _parts(kinds: list[int], closes: list[int], corners: list[Point], paint: _Paint) -> Sequence[PaintedPath]:
    """The parts of a path, each from one move to before the next."""
    if kinds == [_MOVE_TO, _LINE_TO] and not closes[0]:
        return (_path("line", corners, (), paint),)
    if (
        kinds == [_MOVE_TO, _LINE_TO, _LINE_TO, _LINE_TO, _LINE_TO]
        and not any(closes[:4])
        and (not closes[4] or corners[0] == corners[4])
        and _is_rectangle(corners)
    ):
        sides = [("m", corners[0]), *zip("llll", corners[1:], strict=True)] if paint.stroke else []
        return (_path("rectangle", corners, [*sides, ("h",)] if closes[4] else sides, paint),)
    return [_painted_part(part, paint) for part in _split(_steps(kinds, closes, corners))]


def _steps(kinds: list[int], closes: list[int], corners: list[Point]) -> Iterator[Step]:
    curve = 0
    for kind, close, (x, y) in zip(kinds, closes, corners, strict=True):
        command = "l" if kind == _LINE_TO else "m"
        if kind == _BEZIER_TO:  # two points that guide it, then its end
            curve += 1
            if curve % 3:
                continue
            command = "c"
        yield Step(command, x, y)
        if close:
            yield Step("h", 0.0, 0.0)


def _split(steps: Iterator[Step]) -> Iterator[list[Step]]:
    part: list[Step] = []
    for step in steps:
        if step.command == "m" and part:
            yield part
            part = []
        part.append(step)
    if part and part[0].command == "m":
        yield part


def _painted_part(steps: Sequence[Step], paint: _Paint) -> PaintedPath:
    """A part of a path as what pdfminer makes of it (``converter.paint_path``)."""
    shape = "".join(step.command for step in steps)
    points = [(step.x, step.y) for step in steps if step.command != "h"]
    if shape.endswith("h") and shape.count("h") == 1:
        points.append(points[0])
    path: list[Any] = [("h",) if step.command == "h" else (step.command, (step.x, step.y)) for step in steps]
    if len(shape) > 3 and shape[-2:] == "lh" and points[-2] == points[0]:
        shape = shape[:-2] + "h"
        points.pop()
    if shape in ("mlh", "ml"):
        return _path("line", points[:2], path, paint)
    if shape in ("mlllh", "mllll") and _is_rectangle(points):
        return _path("rectangle", points, path, paint)
    return _path("curve", points, path, paint)


def _path(
    shape: Literal["line", "rectangle", "curve"], points: Sequence[Point], steps: Sequence[Any], paint: _Paint
) -> PaintedPath:
    xs, ys = zip(*points, strict=True)
    return PaintedPath(shape, min(xs), min(ys), max(xs), max(ys), *paint, points, steps)


def _is_rectangle(points: Sequence[Point]) -> bool:
    (ax, ay), (bx, by), (cx, cy), (dx, dy), (ex, ey) = points
    if abs(ax - ex) > SQUARE or abs(ay - ey) > SQUARE:
        return False
    level_first = abs(ay - by) + abs(bx - cx) + abs(cy - dy) + abs(dx - ax)
    upright_first = abs(ax - bx) + abs(by - cy) + abs(cx - dx) + abs(dy - ay)
    return min(level_first, upright_first) <= 4 * SQUARE
