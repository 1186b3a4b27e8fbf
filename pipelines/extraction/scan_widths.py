"""How many characters a piece of text is wide: print of one size sets its ideographs at one pitch.

A thin 二 may be lost to recognition that is sure of all the rest. The width of the ink tells it, where lines
of nothing but ideographs show the pitch; what stands in the gap is looked at alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np

from pipelines.extraction.scan_image import Grey
from pipelines.extraction.scan_lines import Region
from pipelines.extraction.scan_recognition import Character, Reading, Recogniser

#: Lines that are read with more confidence show the pitch: misread characters are counted rightly.
COUNTED = 0.8
#: They have so many ideographs, and there are so many at least of about the same height ...
LONG, LINES = 3, 3
HEIGHTS = 0.2
#: ... whose pitch differs by no more than this share.
SPREAD = 0.06
#: The ink of a line ends so much (of the pitch) before its last character's room does.
WHITE = 0.08
#: Ink that is wider than its characters by this much (of the pitch) has one more.
OTHER = 0.75
#: Ink is darker than half-way from paper to the darkest of a piece (this percentile of its pixels).
DARKEST = 2
#: At the ends of a line ink beyond so much white (of its height), and less of it than this (of its height
#: squared), is dust.
APART, DUST = 0.1, 0.04
#: How likely a character is missing where the ink is as wide as one more.
LOST = 0.6
#: It stands where its neighbours are farther apart by this much (of the pitch) ...
GAP = 0.5
#: ... and is seen in a window of this width, with so much paper around, and read if with this confidence.
WINDOW, PAPER, READ = 1.1, 0.3, 0.5

_IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]+")


class Width(NamedTuple):
    """How wide a piece is: in characters; and its pitch, its left and right end in its ink, in pixels."""

    characters: float
    pitch: float
    left: int
    right: int


def widths(page: Grey, inks: Sequence[Region], readings: Sequence[Reading]) -> list[Width | None]:
    """How many ideographs wide each piece is; None where the page does not show it.

    ``page`` is the picture of the page, ``inks`` where the pieces stand in it.
    """
    ends = [_ends(page, ink) for ink in inks]
    shown = [
        (ink.bottom - ink.top, (right - left) / (len(reading.text) - WHITE))
        for (left, right), ink, reading in zip(ends, inks, readings, strict=True)
        if right > left
        and reading.confidence >= COUNTED
        and len(reading.text) >= LONG
        and _IDEOGRAPHS.fullmatch(reading.text)
    ]
    found: list[Width | None] = []
    for (left, right), ink in zip(ends, inks, strict=True):
        high = ink.bottom - ink.top
        pitches = sorted(pitch for height, pitch in shown if abs(height - high) <= HEIGHTS * high)
        usual = median(pitches) if pitches else 0.0
        alike = [pitch for pitch in pitches if abs(pitch - usual) <= SPREAD * usual]
        is_one = len(alike) >= LINES and 4 * len(alike) >= 3 * len(pitches)
        found.append(Width((right - left) / usual + WHITE, usual, left, right) if is_one else None)
    return found


def _ends(page: Grey, ink: Region) -> tuple[int, int]:
    """Where a piece's ink begins and ends, in pixels from its left, without the dust beside it."""
    high = ink.bottom - ink.top
    piece = page[ink.top : ink.bottom, ink.left : ink.right]
    columns = (piece < (255 + float(np.percentile(piece, DARKEST))) / 2).sum(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (columns > 0).astype(np.int8), [0]))))
    runs = [(int(start), int(end)) for start, end in edges.reshape(-1, 2)]

    def is_dust(run: tuple[int, int], beside: int) -> bool:
        return beside >= APART * high and int(columns[run[0] : run[1]].sum()) < DUST * high**2

    while len(runs) > 1 and is_dust(runs[0], runs[1][0] - runs[0][1]):
        runs.pop(0)
    while len(runs) > 1 and is_dust(runs[-1], runs[-1][0] - runs[-2][1]):
        runs.pop()
    return (runs[0][0], runs[-1][1]) if runs else (0, 0)


def with_lost_characters(
    recogniser: Recogniser,
    lines: Sequence[Grey],
    inks: Sequence[Region],
    readings: Sequence[Reading],
    wide: Sequence[Width | None],
) -> list[Reading]:
    """The readings, where the ink is as wide as one character more with what is read in the gap.

    ``lines`` are the pictures of the pieces, as much paper left as right of their ink. What cannot be read
    leaves the reading in doubt.
    """
    found = list(readings)
    windows: dict[int, tuple[int, Grey]] = {}
    for k, (reading, width) in enumerate(zip(readings, wide, strict=True)):
        if width is not None and _lacks_one(reading.text, width.characters):
            found[k] = reading._replace(missed=max(reading.missed, LOST))
            paper = (lines[k].shape[1] - (inks[k].right - inks[k].left)) / 2
            if gap := _gap(reading.characters, width, lines[k].shape[1], paper):
                windows[k] = (gap[0], _window(lines[k], gap[1], width.pitch))
    seen = recogniser.read([window for _, window in windows.values()])
    for (k, (place, _)), look in zip(windows.items(), seen, strict=True):
        if len(look.characters) == 1 and _IDEOGRAPHS.fullmatch(look.text) and look.confidence >= READ:
            before, after = readings[k].characters[:place], readings[k].characters[place:]
            found[k] = readings[k]._replace(characters=(*before, *look.characters, *after))
    return found


def doubted_where_lines_begin_late(
    inks: Sequence[Region],
    cells: Sequence[int | None],
    readings: Sequence[Reading],
    wide: Sequence[Width | None],
) -> list[Reading]:
    """The readings, in doubt where a line of a cell begins one character later than the cell's first line.

    Of thin strokes nothing but specks may be left there. Lines in the middle or at the right end begin
    elsewhere anyway.
    """
    found = list(readings)
    first: dict[int, tuple[int, int]] = {}
    for k, (ink, cell, width) in enumerate(zip(inks, cells, wide, strict=True)):
        if cell is None or width is None:
            continue
        left, right = ink.left + width.left, ink.left + width.right
        if cell not in first:
            first[cell] = left, right
            continue
        begins, ends = first[cell]
        is_late = OTHER <= (left - begins) / width.pitch <= 2 - OTHER
        is_centred = abs((left + right) - (begins + ends)) / 2 < width.pitch
        is_at_the_right = abs(right - ends) < width.pitch / 2
        if is_late and not is_centred and not is_at_the_right and _IDEOGRAPHS.match(readings[k].text):
            found[k] = readings[k]._replace(missed=max(readings[k].missed, LOST))
    return found


def _lacks_one(text: str, width: float) -> bool:
    """Whether the ink of nothing but ideographs is as wide as one more."""
    return bool(_IDEOGRAPHS.fullmatch(text)) and OTHER <= width - len(text) <= 2 - OTHER


def _gap(characters: Sequence[Character], width: Width, line: int, paper: float) -> tuple[int, float] | None:
    """Before which character one is missing, and the middle of the gap in pixels of the line; or none."""
    if any(each.at is None for each in characters):
        return None
    middles = [(each.at or 0.0) * line for each in characters]
    # Characters as they would stand before the first and after the last if nothing were lost there.
    begin = paper + width.left - width.pitch / 2
    end = paper + width.right + width.pitch / 2
    gaps = [after - before for before, after in pairwise([begin, *middles, end])]
    widest = max(range(len(gaps)), key=lambda k: gaps[k])
    if gaps[widest] < (1 + GAP) * width.pitch:
        return None
    return widest, ([begin, *middles][widest] + [*middles, end][widest]) / 2


def _window(line: Grey, middle: float, pitch: float) -> Grey:
    half = WINDOW * pitch / 2
    left, right = max(0, round(middle - half)), min(line.shape[1], round(middle + half))
    paper = round(PAPER * pitch)
    return np.pad(line[:, left:right], ((0, 0), (paper, paper)), constant_values=255)
