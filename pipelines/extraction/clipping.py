"""What a clipping path leaves of a page (ISO 32000-1, 8.5.4): outside it nothing printed is seen.

Only the box around a path is kept: text within it is taken as seen, so that no figure is lost for a path
that is no rectangle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pdfminer.utils import Matrix, apply_matrix_pt

#: Left, lower, right and upper side in the frame of pdfminer's layout objects.
Clip = tuple[float, float, float, float]


def path_box(path: Sequence[Any], matrix: Matrix) -> Clip | None:
    """The box around a path of pdfminer's operators, laid out by ``matrix``; None for one without a point."""
    points = [
        apply_matrix_pt(matrix, (part[k], part[k + 1])) for part in path for k in range(1, len(part) - 1, 2)
    ]
    return _around(points) if points else None


def form_box(box: Sequence[float], matrix: Matrix) -> Clip:
    """The box around a form's ``BBox``, to which it is clipped (8.10.1), laid out by ``matrix``."""
    return _around([apply_matrix_pt(matrix, (x, y)) for x in (box[0], box[2]) for y in (box[1], box[3])])


def _around(points: Sequence[tuple[float, float]]) -> Clip:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def within(clip: Clip | None, other: Clip | None) -> Clip | None:
    """What is left of a clip within another one; None is the whole page."""
    if clip is None or other is None:
        return other if clip is None else clip
    return max(clip[0], other[0]), max(clip[1], other[1]), min(clip[2], other[2]), min(clip[3], other[3])


def is_cut_off(item: Any, clip: Clip | None) -> bool:
    """Whether the body of a layout object, its box less a quarter on each side, lies outside a clip."""
    if clip is None:
        return False
    wide, high = (item.x1 - item.x0) / 4, (item.y1 - item.y0) / 4
    return bool(
        clip[0] >= item.x1 - wide
        or clip[2] <= item.x0 + wide
        or clip[1] >= item.y1 - high
        or clip[3] <= item.y0 + high
    )
