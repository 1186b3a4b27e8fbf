"""Whether a clipping path may cut off text of a page, as far as pdfium tells; the reference decides then.

pdfium tells a clip for each text alone, so only pages whose contents clip at all are asked, and a clip that
several texts share is looked at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import numpy as np

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.pdfium_calls import Handle
from pipelines.extraction.pdfium_fonts import UnlikeReferenceError

#: Text may reach out of its clip by this share of its height: ascenders and side bearings.
_OVER = 0.25
_NOWHERE = (-np.inf, -np.inf, np.inf, np.inf)


def check_clips(texts: Sequence[Handle]) -> None:
    """Raise ``UnlikeReferenceError`` where one of the texts may be cut off."""
    clips = list(map(pdfium.clip_of, texts))
    counts = pdfium.results(pdfium.clip_count_paths, len(clips), clips)
    clipped = np.flatnonzero(counts > 0)
    if not len(clipped):
        return
    at = clipped.tolist()
    # Texts that share a clip share its last path.
    last = pdfium.results(
        pdfium.clip_segment, len(at), [clips[k] for k in at], (counts[clipped] - 1).tolist(), repeat(0)
    )
    _, example, which = np.unique(last, return_index=True, return_inverse=True)
    limits = np.array([_box(clips[at[k]], int(counts[at[k]])) for k in example.tolist()])[which]
    bounds = pdfium.room(len(at), 4)
    handles = [texts[k] for k in at]
    pdfium.run(pdfium.object_bounds, handles, *(pdfium.rows(bounds, k) for k in range(4)))
    left, lower, right, upper = bounds.astype(np.float64).T
    over = _OVER * np.minimum(upper - lower, right - left)
    is_cut = (
        (left < limits[:, 0] - over)
        | (lower < limits[:, 1] - over)
        | (right > limits[:, 2] + over)
        | (upper > limits[:, 3] + over)
    )
    if (is_cut & (right > left) & (upper > lower)).any():
        raise UnlikeReferenceError("text that a clipping path may cut off")


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
