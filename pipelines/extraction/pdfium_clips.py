"""What clipping paths leave of a page's text, as pdfium tells them.

pdfium tells a clip for each text alone, so only pages whose contents clip at all are asked, and a clip that
several texts share is looked at once.
"""

from __future__ import annotations

from itertools import compress, repeat
from typing import NamedTuple

import numpy as np

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.painted import Corners, Sheet
from pipelines.extraction.pdfium_calls import Argument, Matrix, Numbers, Truths
from pipelines.extraction.pdfium_fonts import UnlikeReferenceError
from pipelines.extraction.pdfium_objects import NO_CHANGE, Places, Run, Texts
from pipelines.extraction.pdfium_text import Characters

#: Text may reach out of its clip by this share of its height: ascenders and side bearings.
_OVER = 0.25
#: A clip without paths leaves everything: further than any page reaches (points).
_EVERYTHING = (-1e9, -1e9, 1e9, 1e9)


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


def clips_of(texts: Texts, runs: list[Run], characters: Characters, sheet: Sheet, to_sheet: Matrix) -> Clips:
    """The clips of texts that reach out of them; ``to_sheet`` maps pdfium's space to the displayed page.

    Raises ``UnlikeReferenceError`` for such a text within a form that has a matrix of its own: its clip is
    told in another space than its characters.
    """
    clips = pdfium.arguments(map(pdfium.clip_of, texts.objects))
    counts = pdfium.results(pdfium.clip_count_paths, len(clips), clips)
    is_clipped = counts > 0
    if not is_clipped.any():
        return NO_CLIPS
    # Texts that share a clip share its last path.
    last = list(
        map(
            pdfium.clip_segment,
            compress(clips, is_clipped.tolist()),
            (counts[is_clipped] - 1).tolist(),
            repeat(0),
        )
    )
    rows = np.flatnonzero(is_clipped)
    examples = dict(zip(last, rows.tolist(), strict=True))
    limits = np.array([_box(clips[k], int(counts[k])) for k in examples.values()])
    placed = _on_sheet(limits, to_sheet)
    in_forms = [k for k, run in enumerate(runs) if run.within != NO_CHANGE]
    # What a clip around the whole page cuts off is outside of the page.
    left, upper, right, lower = placed.T
    is_narrow: Truths = (left > 0) | (upper > 0) | (right < sheet.width) | (lower < sheet.height)
    if not is_narrow.any() and not in_forms:
        return NO_CLIPS
    number = {path: k for k, path in enumerate(examples)}
    which = np.fromiter(map(number.__getitem__, last), np.int64, len(last))
    is_in_form = np.isin(texts.run[rows], in_forms)
    some = is_narrow[which] | is_in_form
    rows, which, is_in_form = rows[some], which[some], is_in_form[some]
    # Only these are asked for their bounds: texts with a character that a clip would cut off, or with none.
    cut = Clips(rows, placed[which]).cut_off(characters.boxes, characters.text)
    may_be = np.zeros(len(texts.objects), np.bool_)
    may_be[characters.text[cut]] = True
    may_be[[row for _, row in characters.unseen]] = True
    asked = np.flatnonzero(may_be[rows] | is_in_form)
    if not len(asked):
        return NO_CLIPS
    rows, which = rows[asked], which[asked]
    out = _reach_out([texts.objects[k] for k in rows.tolist()], limits[which])
    if (out & is_in_form[asked]).any():
        raise UnlikeReferenceError("text of a form that a clipping path may cut off")
    return Clips(rows[out], placed[which[out]])


def _reach_out(objects: list[Argument], limits: Numbers) -> Truths:
    """Which texts reach out of the boxes of their clips, both in pdfium's space."""
    left, lower, right, upper = pdfium.object_bounds(objects).astype(np.float64).T
    over = _OVER * np.minimum(upper - lower, right - left)
    reaches: Truths = (
        (left < limits[:, 0] - over)
        | (lower < limits[:, 1] - over)
        | (right > limits[:, 2] + over)
        | (upper > limits[:, 3] + over)
    )
    reaches &= (right > left) & (upper > lower)
    return reaches


def _on_sheet(boxes: Numbers, to_sheet: Matrix) -> Numbers:
    """Boxes in pdfium's space, a row each, as boxes on the displayed page."""
    a, b, c, d, e, f = to_sheet
    x0, y0, x1, y1 = boxes.T
    corners = np.array([(a * x + c * y + e, b * x + d * y + f) for x, y in ((x0, y0), (x1, y1))])
    placed: Numbers = np.concatenate((corners.min(axis=0), corners.max(axis=0))).T
    return placed


def _box(clip: Argument, count: int) -> Corners:
    """What the boxes around a clip's paths have in common."""
    x0, y0, x1, y1 = _EVERYTHING
    for path in range(count):
        n_segments = pdfium.clip_count_segments(clip, path)
        if n_segments <= 0:
            continue
        segments = map(pdfium.clip_segment, repeat(clip), repeat(path), range(n_segments))
        xs, ys = zip(*pdfium.segment_point(pdfium.arguments(segments)).tolist(), strict=True)
        x0, y0, x1, y1 = max(x0, min(xs)), max(y0, min(ys)), min(x1, max(xs)), min(y1, max(ys))
    return x0, y0, x1, y1
