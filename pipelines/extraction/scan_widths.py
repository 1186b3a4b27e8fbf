"""How many characters a piece of text is wide: print of one size sets its ideographs at one pitch.

A thin 二 may be lost to recognition that is sure of all the rest, and a scrap be read as a letter. The width
of the ink tells both, where lines of nothing but ideographs, read for certain, show the pitch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

import numpy as np

from pipelines.extraction.scan_image import Grey
from pipelines.extraction.scan_lines import Region
from pipelines.extraction.scan_recognition import Reading

#: What is read with more confidence is read for certain.
CERTAIN = 0.97
#: Lines of so many ideographs show the pitch, and so many lines at least of about the same height ...
LONG, LINES = 3, 3
HEIGHTS = 0.2
#: ... whose pitch differs by no more than this share.
SPREAD = 0.06
#: The ink of a line ends so much (of the pitch) before its last character's room does.
WHITE = 0.08
#: Ink that is wider or narrower than its characters by this much (of the pitch) has another number of them.
OTHER = 0.75
#: Ink is darker than this.
DARK = 128
#: At the ends of a line ink beyond so much white (of its height), and less of it than this (of its height
#: squared), is dust.
APART, DUST = 0.1, 0.04
#: How likely a character is missing where the ink is as wide as one more.
LOST = 0.6

_IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]+")


def widths(page: Grey, inks: Sequence[Region], readings: Sequence[Reading]) -> list[float | None]:
    """How many ideographs wide each piece is; None where the page does not show it.

    ``page`` is the picture of the page, ``inks`` where the pieces stand in it.
    """
    wide = [_width(page, ink) for ink in inks]
    shown = [
        (ink.bottom - ink.top, width / (len(reading.text) - WHITE))
        for width, ink, reading in zip(wide, inks, readings, strict=True)
        if reading.confidence >= CERTAIN and len(reading.text) >= LONG and _IDEOGRAPHS.fullmatch(reading.text)
    ]
    found: list[float | None] = []
    for width, ink in zip(wide, inks, strict=True):
        high = ink.bottom - ink.top
        pitches = sorted(pitch for height, pitch in shown if abs(height - high) <= HEIGHTS * high)
        usual = median(pitches) if pitches else 0.0
        alike = [pitch for pitch in pitches if abs(pitch - usual) <= SPREAD * usual]
        is_one = len(alike) >= LINES and 4 * len(alike) >= 3 * len(pitches)
        found.append(width / usual + WHITE if is_one else None)
    return found


def _width(page: Grey, ink: Region) -> int:
    """How many pixels a piece's ink is wide, without the dust beside it."""
    high = ink.bottom - ink.top
    columns = (page[ink.top : ink.bottom, ink.left : ink.right] < DARK).sum(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (columns > 0).astype(np.int8), [0]))))
    runs = [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]

    def is_dust(run: tuple[int, int], beside: int) -> bool:
        return beside >= APART * high and int(columns[run[0] : run[1]].sum()) < DUST * high**2

    while len(runs) > 1 and is_dust(runs[0], runs[1][0] - runs[0][1]):
        runs.pop(0)
    while len(runs) > 1 and is_dust(runs[-1], runs[-1][0] - runs[-2][1]):
        runs.pop()
    return runs[-1][1] - runs[0][0] if runs else 0


def lacks_one(text: str, width: float) -> bool:
    """Whether the ink of nothing but ideographs is as wide as one more."""
    return bool(_IDEOGRAPHS.fullmatch(text)) and OTHER <= width - len(text) <= 2 - OTHER


def doubted_where_one_is_lost(readings: Sequence[Reading], wide: Sequence[float | None]) -> list[Reading]:
    """The readings, in doubt where the ink is as wide as one character more."""
    return [
        reading._replace(missed=max(reading.missed, LOST))
        if width is not None and lacks_one(reading.text, width)
        else reading
        for reading, width in zip(readings, wide, strict=True)
    ]
