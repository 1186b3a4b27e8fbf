"""What clipping paths leave of a page's text, as pdfium tells them.

pdfium tells a clip for each text alone, so only pages whose contents clip at all are asked, and a clip that
several texts share is looked at once.
"""

from __future__ import annotations

from itertools import repeat
from typing import NamedTuple

import numpy as np

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.pdfium_calls import Handle, Matrix, Numbers
from pipelines.extraction.pdfium_fonts import UnlikeReferenceError
from pipelines.extraction.pdfium_objects import NO_CHANGE, Places, Run, Texts, Truths

#: Text may reach out of its clip by this share of its height: ascenders and side bearings.
_OVER = 0.25
_NOWHERE = (-np.inf, -np.inf, np.inf, np.inf)


class Clips(NamedTuple):
    """The clips that may cut off characters: the rows of the texts, and a box on the sheet for each."""

    rows: Places
    limits: Numbers

    def cut_off(self, boxes: Numbers, rows: Places) -> Truths:
        """Which characters have their body, the box less a quarter on each side, outside the clip.

        ``boxes`` are places on the sheet, ``rows`` the texts they belong to: the rule of ``clipping``.
        """
        is_cut = np.zeros(len(boxes), np.bool_)
        if not len(self.rows):
            return is_cut
        some = np.flatnonzero(np.isin(rows, self.rows))
        x0, top, x1, bottom = boxes[some].T
        left, upper, right, lower = self.limits[np.searchsorted(self.rows, rows[some])].T
        wide, high = (x1 - x0) / 4, (bottom - top) / 4
        is_cut[some] = (
            (left >= x1 - wide) | (right <= x0 + wide) | (upper >= bottom - high) | (lower <= top + high)
        )
        return is_cut


NO_CLIPS = Clips(np.zeros(0, np.int64), np.zeros((0, 4)))


def clips_of(texts: Texts, runs: list[Run], to_sheet: Matrix) -> Clips:
    """The clips of texts that reach out of them; ``to_sheet`` maps pdfium's space to the displayed page.

    Raises ``UnlikeReferenceError`` for such a text within a form that has a matrix of its own: its clip is
    told in another space than its characters.
    """
    clips = list(map(pdfium.clip_of, texts.handles))
    counts = pdfium.results(pdfium.clip_count_paths, len(clips), clips)
    clipped = np.flatnonzero(counts > 0)
    if not len(clipped):
        return NO_CLIPS
    at = clipped.tolist()
    # Texts that share a clip share its last path.
    last = pdfium.results(
        pdfium.clip_segment, len(at), [clips[k] for k in at], (counts[clipped] - 1).tolist(), repeat(0)
    )
    _, example, which = np.unique(last, return_index=True, return_inverse=True)
    limits = np.array([_box(clips[at[k]], int(counts[at[k]])) for k in example.tolist()])[which]
    bounds = pdfium.room(len(at), 4)
    handles = [texts.handles[k] for k in at]
    pdfium.run(pdfium.object_bounds, handles, *(pdfium.rows(bounds, k) for k in range(4)))
    left, lower, right, upper = bounds.astype(np.float64).T
    over = _OVER * np.minimum(upper - lower, right - left)
    reaches_out = (
        (left < limits[:, 0] - over)
        | (lower < limits[:, 1] - over)
        | (right > limits[:, 2] + over)
        | (upper > limits[:, 3] + over)
    )
    out = np.flatnonzero(reaches_out & (right > left) & (upper > lower))
    if not len(out):
        return NO_CLIPS
    rows = clipped[out]
    if any(runs[run].within != NO_CHANGE for run in np.unique(texts.run[rows]).tolist()):
        raise UnlikeReferenceError("text of a form that a clipping path may cut off")
    a, b, c, d, e, f = to_sheet
    x0, y0, x1, y1 = limits[out].T
    corners = np.array([(a * x + c * y + e, b * x + d * y + f) for x, y in ((x0, y0), (x1, y1))])
    return Clips(rows, np.concatenate((corners.min(axis=0), corners.max(axis=0))).T)


def _box(clip: Handle, count: int) -> tuple[float, float, float, float]:
    """What the boxes around a clip's paths have in common."""
    x0, y0, x1, y1 = _NOWHERE
    point = pdfium.room(1, 2)
    x, y = pdfium.rows(point).start, pdfium.rows(point, 1).start
    for path in range(count):
        segments = pdfium.clip_count_segments(clip, path)
        xs, ys = [], []
        for k in range(max(0, segments)):
            pdfium.segment_point(pdfium.clip_segment(clip, path, k), x, y)
            xs.append(float(point[0, 0]))
            ys.append(float(point[0, 1]))
        if xs:
            x0, y0, x1, y1 = max(x0, min(xs)), max(y0, min(ys)), min(x1, max(xs)), min(y1, max(ys))
    return x0, y0, x1, y1
