"""What clipping paths leave of a page's text, as pdfium tells them.

pdfium tells a clip for each text alone, so only pages whose contents clip at all are asked, and a clip that
several texts share is looked at once.
"""

from __future__ import annotations

from itertools import compress, islice, repeat
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
    """Which texts of a page have a clip that may cut off characters, and a box on the sheet for each text."""

    may_cut: Truths
    limits: Numbers

    def cut_off(self, boxes: Numbers, rows: Places) -> Truths:
        """Which characters have their body, the box less a quarter on each side, outside the clip.

        ``boxes`` are places on the sheet, ``rows`` the texts they belong to: the rule of ``clipping``.
        """
        is_cut = np.zeros(len(boxes), np.bool_)
        some = np.flatnonzero(self.may_cut[rows])
        if len(some):
            x0, top, x1, bottom = boxes[some].T
            left, upper, right, lower = self.limits[rows[some]].T
            wide, high = (x1 - x0) / 4, (bottom - top) / 4
            is_cut[some] = (
                (left >= x1 - wide) | (right <= x0 + wide) | (upper >= bottom - high) | (lower <= top + high)
            )
        return is_cut


def no_clips(texts: Texts) -> Clips:
    """The clips of texts that nothing cuts off."""
    count = len(texts.objects)
    return Clips(np.zeros(count, np.bool_), np.zeros((count, 4)))


def clips_of(texts: Texts, runs: list[Run], characters: Characters, sheet: Sheet, to_sheet: Matrix) -> Clips:
    """The clips of texts that reach out of them; ``to_sheet`` maps pdfium's space to the displayed page.

    Raises ``UnlikeReferenceError`` for such a text within a form that has a matrix of its own: its clip is
    told in another space than its characters.
    """
    found = no_clips(texts)
    clips = pdfium.arguments(map(pdfium.clip_of, texts.objects))
    counts = pdfium.results(pdfium.clip_count_paths, len(clips), clips)
    is_clipped = counts > 0
    rows = np.flatnonzero(is_clipped)
    if not len(rows):
        return found
    # Texts that share a clip share its last path.
    clips, counts = list(compress(clips, is_clipped.tolist())), counts[rows]
    last = list(map(pdfium.clip_segment, clips, (counts - 1).tolist(), repeat(0)))
    examples = dict(zip(last, range(len(last)), strict=True))
    number = {path: k for k, path in enumerate(examples)}
    which = np.fromiter(map(number.__getitem__, last), np.int64, len(last))
    limits = _boxes([(clips[k], int(counts[k])) for k in examples.values()])
    placed = _on_sheet(limits, to_sheet)
    # What a clip around the whole page cuts off is outside of the page.
    left, upper, right, lower = placed.T
    is_narrow: Truths = (left > 0) | (upper > 0) | (right < sheet.width) | (lower < sheet.height)
    in_forms = np.array([run.within != NO_CHANGE for run in runs], np.bool_)
    is_in_form = in_forms[texts.run[rows]]
    found.may_cut[rows] = is_narrow[which] | is_in_form
    found.limits[rows] = placed[which]
    # Only these are asked for their bounds: texts with a character that a clip would cut off, or with none.
    may_be = np.zeros(len(texts.objects), np.bool_)
    may_be[characters.text[found.cut_off(characters.boxes, characters.text)]] = True
    may_be[[row for _, row in characters.unseen]] = True
    asked = np.flatnonzero(found.may_cut[rows] & (may_be[rows] | is_in_form))
    found.may_cut[:] = False
    if len(asked):
        out = asked[_reach_out([texts.objects[k] for k in rows[asked].tolist()], limits[which[asked]])]
        if is_in_form[out].any():
            raise UnlikeReferenceError("text of a form that a clipping path may cut off")
        found.may_cut[rows[out]] = True
    return found


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


def _boxes(clips: list[tuple[Argument, int]]) -> Numbers:
    """What the boxes around the paths of each clip have in common; a clip comes with how many it has."""
    paths = [(clip, path) for clip, count in clips for path in range(count)]
    sizes = [max(0, pdfium.clip_count_segments(clip, path)) for clip, path in paths]
    segments = pdfium.arguments(
        pdfium.clip_segment(clip, path, k)
        for (clip, path), size in zip(paths, sizes, strict=True)
        for k in range(size)
    )
    points, size_of = iter(pdfium.segment_point(segments).tolist()), iter(sizes)
    boxes: list[Corners] = []
    for _, count in clips:
        x0, y0, x1, y1 = _EVERYTHING
        for size in islice(size_of, count):
            if size:
                xs, ys = zip(*islice(points, size), strict=True)
                x0, y0, x1, y1 = max(x0, min(xs)), max(y0, min(ys)), min(x1, max(xs)), min(y1, max(ys))
        boxes.append((x0, y0, x1, y1))
    return np.array(boxes)
