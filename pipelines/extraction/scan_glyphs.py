"""Each recognised character at its place: between the white around its ink, as wide as print is set.

The recogniser says roughly where along a line it saw each character; the ink says exactly. Where no rule
parts columns, white does: a figure and the name beside it that were recognised in one go are two pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.extraction.scan_lines import Mask, Piece, Region
from pipelines.extraction.scan_numbers import SEPARATORS
from pipelines.extraction.scan_recognition import Character, Reading

#: White around a line that is recognised, as a share of its height.
AROUND = 0.2
#: Digits take so much of the height of an ideograph, ideographs so much of the type size.
DIGIT_HEIGHT, INK_HEIGHT = 0.72, 0.94
#: Digits are set so wide (type sizes), their ink so, other letters so, a point or comma at most so.
DIGIT, DIGIT_INK, LETTER, POINT = 0.5, 0.4, 0.6, 0.5
#: White wider than these shares of the type size parts two figures, a figure and a name, two names; a
#: bracket or comma has as much beside it by itself.
FIGURES, FIGURE, NAMES, POINTED = 0.4, 0.4, 0.5, 0.9
#: ... and after a whole amount this is enough.
AMOUNT = 0.22
#: Type sizes that differ by no more than this share are one, measured in ink; so are those of figures.
SAME_SIZE, SAME_FIGURE = 0.14, 0.35

#: Digits on both sides of a point are further apart than others by this factor, in figures of so many digits.
GAP, FEWEST = 1.3, 4
#: How likely a point is that left but its gap.
MAYBE = 0.5
#: White up to this (type sizes) beside a bracket or stop may be its own empty half.
EMPTY_HALF = 1.0

_OPENING, _CLOSING = frozenset("（《〈【〔「“(["), frozenset("）》〉】〕」”)]，。、,.!！？…")
_FIGURE = frozenset("0123456789.,%-+−")


#: How much ink each column of a piece of text holds.
Columns = npt.NDArray[np.uint64]


class Place(NamedTuple):
    """From where to where the ink of a character reaches, in pixels of the page."""

    left: float
    right: float


def cut_region(piece: Piece, size: float) -> Region:
    """What is cut out of the page for the recogniser: a piece with some paper around."""
    ink = piece.ink
    # A dash or a 一 is cut out as high as a line, or scaling would make a wall of it.
    high = max(ink.bottom - ink.top, round(0.8 * size))
    around = round(AROUND * high)
    lift = (high - (ink.bottom - ink.top)) // 2
    return Region(
        ink.left - around, ink.top - lift - around, ink.right + around, ink.top - lift + high + around
    )


def without_blanks(reading: Reading) -> tuple[Character, ...]:
    """The characters of a line but for the spaces."""
    return tuple(character for character in reading.characters if not character.text.isspace())


def places(mask: Mask, piece: Piece, size: float, characters: Sequence[Character]) -> list[Place]:
    """Where the ink of each character of a piece is.

    Between two of them the widest white counts, or the least ink where there is none. Characters that the
    recogniser gave no place (a point too faint to see) stand in the middle between their neighbours.
    """
    ink = piece.ink
    columns = mask[ink.top : ink.bottom, ink.left : ink.right].sum(axis=0)
    peaks = _peaks(piece, size, characters, columns)
    borders = [(0, 0)]
    for (a, b), (one, other) in zip(pairwise(peaks), pairwise(characters), strict=True):
        borders.append(_border(columns, a, b, _width(one.text) / (_width(one.text) + _width(other.text))))
    borders.append((len(columns), len(columns)))
    found: list[Place] = []
    for (_, begin), (end, _) in pairwise(borders):
        found.append(Place(ink.left + begin, ink.left + max(end, begin + 1)))
    return found


def _peaks(piece: Piece, size: float, characters: Sequence[Character], columns: Columns) -> list[float]:
    """Where each character was seen, in columns of the ink, each further right than the one before."""
    region = cut_region(piece, size)
    inked = np.flatnonzero(columns)
    seen: list[float | None] = []
    for character in characters:
        if character.at is None:
            seen.append(None)
            continue
        at = region.left + character.at * (region.right - region.left) - piece.ink.left
        # On ink: the network sees a narrow 1 a little beside it.
        seen.append(float(inked[np.abs(inked - at).argmin()]) if inked.size else at)
    known = [(-1, 0.0), *((k, at) for k, at in enumerate(seen) if at is not None), (len(seen), len(columns))]
    peaks = [0.0] * len(seen)
    for (a, low), (b, high) in pairwise(known):
        for k in range(a + 1, min(b + 1, len(seen))):
            peaks[k] = low + (high - low) * (k - a) / (b - a)
    for k in range(1, len(peaks)):
        peaks[k] = max(peaks[k], peaks[k - 1])
    return peaks


def _border(columns: Columns, a: float, b: float, share: float) -> tuple[int, int]:
    """Where the white between two characters begins and ends."""
    low, high = int(a), min(len(columns), int(b) + 1)
    white = np.flatnonzero(columns[low:high] == 0)
    if white.size:
        runs = np.split(white, np.flatnonzero(np.diff(white) > 1) + 1)
        widest = max(runs, key=len)
        return low + int(widest[0]), low + int(widest[-1]) + 1
    expected = a + (b - a) * share
    inside = np.arange(low, high)
    if not inside.size:
        return low, low
    at = int(inside[np.lexsort((np.abs(inside - expected), columns[low:high]))[0]])
    return at, at


def _width(text: str) -> float:
    return 1.0 if text > "\u2e7f" else 0.25 if text in SEPARATORS else DIGIT


def type_size(piece: Piece, characters: Sequence[Character], ink: Sequence[Place]) -> float:
    """The type size of a piece in pixels: how far ideographs stand from each other, or how high ink is."""
    steps = [
        (b.left + b.right - a.left - a.right) / 2
        for (a, b), (one, other) in zip(pairwise(ink), pairwise(characters), strict=True)
        if _is_ideograph(one.text) and _is_ideograph(other.text)
    ]
    high = piece.ink.bottom - piece.ink.top
    if len(steps) > 1:
        step = float(median(steps))
        # Characters set apart (收　入) say nothing of the size.
        return step if step <= 1.3 * high else high / INK_HEIGHT
    if any(_is_ideograph(character.text) and character.text != "一" for character in characters):
        return high / INK_HEIGHT
    if any(character.text in "()（）[]【】" for character in characters):
        return float(high)
    has_comma = any(character.text in ",，" for character in characters)
    return high / (DIGIT_HEIGHT + (0.14 if has_comma else 0.0))


def _is_ideograph(text: str) -> bool:
    return "\u3400" <= text <= "\u9fff"


def is_cut(one: Sequence[Character], other: Character, white: float, size: float) -> bool:
    """Whether so much white (pixels) parts the characters up to here from the next one."""
    last = one[-1].text
    if white >= AMOUNT * size and _ends_amount(one) and other.text not in _FIGURE - {"-"}:
        return True
    if last in _FIGURE and other.text in _FIGURE:
        if last in SEPARATORS or other.text in SEPARATORS:
            return white > POINTED * size
        return white > (AMOUNT if _ends_amount(one) else FIGURES) * size
    if other.text in _OPENING or last in _CLOSING:
        return white > POINTED * size
    return white > (FIGURE if last in _FIGURE or other.text in _FIGURE else NAMES) * size


def _ends_amount(characters: Sequence[Character]) -> bool:
    """Whether the last characters are a point and two digits."""
    tail = [character.text for character in characters[-4:]]
    return len(tail) == 4 and tail[1] == "." and all(each.isdigit() for each in (tail[0], *tail[2:]))


def parted(mask: Mask, piece: Piece, size: float, reading: Reading) -> list[tuple[Piece, Reading]]:
    """A piece and its reading cut where white parts columns, as itself where none does."""
    characters = without_blanks(reading)
    if len(characters) < 2:
        return [(piece, reading)]
    ink = places(mask, piece, size, characters)
    own = min(type_size(piece, characters, ink), 1.2 * (piece.ink.bottom - piece.ink.top))
    begins = [0]
    for k in range(1, len(characters)):
        white = ink[k].left - ink[k - 1].right
        if characters[k - 1].text.isdigit() and characters[k].text.isdigit():
            # Beside a narrow 1 there is more white.
            middles = (ink[k].left + ink[k].right - ink[k - 1].left - ink[k - 1].right) / 2
            white = min(white, middles - DIGIT_INK * own)
        if is_cut(characters[begins[-1] : k], characters[k], white, own):
            begins.append(k)
    if len(begins) == 1:
        return [(piece, reading)]
    cut = cut_region(piece, size)
    found: list[tuple[Piece, Reading]] = []
    for begin, end in pairwise([*begins, len(characters)]):
        left, right = int(ink[begin].left), int(ink[end - 1].right)
        rows = np.flatnonzero(mask[piece.ink.top : piece.ink.bottom, left:right].any(axis=1))
        top, bottom = (piece.ink.top + int(rows[k]) for k in (0, -1)) if rows.size else piece.ink[1::2]
        room = piece.room
        part = Piece(
            Region(left, top, right, bottom + 1 if rows.size else bottom),
            Region(
                int(ink[begin - 1].right + left) // 2 if begin else room.left,
                room.top,
                int(ink[end].left + right + 1) // 2 if end < len(characters) else room.right,
                room.bottom,
            ),
        )
        region = cut_region(part, size)
        moved = tuple(
            character
            if character.at is None
            else character._replace(
                at=(cut.left + character.at * (cut.right - cut.left) - region.left)
                / (region.right - region.left)
            )
            for character in characters[begin:end]
        )
        found.append((part, Reading(moved, reading.missed)))
    return found


def with_gap(mask: Mask, piece: Piece, size: float, reading: Reading) -> Reading:
    """The reading, less sure where a figure has white before its last two digits: there may be a point.

    A seal may take it away, and the digits around are read for certain.
    """
    characters = without_blanks(reading)
    if len(characters) < FEWEST or not all(character.text.isdigit() for character in characters):
        return reading
    ink = places(mask, piece, size, characters)
    steps = [b.left + b.right - a.left - a.right for a, b in pairwise(ink)]
    is_apart = steps[-2] > GAP * median([*steps[:-2], steps[-1]])
    return reading._replace(missed=max(reading.missed, MAYBE)) if is_apart else reading


def boxes(piece: Piece, characters: Sequence[Character], ink: Sequence[Place], size: float) -> list[Place]:
    """How far each character reaches as it is set: the white that belongs to it counted in.

    Full-width brackets and stops have an empty half at one side; all others have some white on both. At the
    ends of a piece that half counts only where it is all that parts the piece from what stands beside it.
    """
    wanted = [_set(character.text, place, size) for character, place in zip(characters, ink, strict=True)]
    if 2 * (ink[0].left - piece.room.left) > EMPTY_HALF * size:
        wanted[0] = wanted[0]._replace(left=max(wanted[0].left, ink[0].left - 0.05 * size))
    if 2 * (piece.room.right - ink[-1].right) > EMPTY_HALF * size:
        wanted[-1] = wanted[-1]._replace(right=min(wanted[-1].right, ink[-1].right + 0.05 * size))
    found = list(wanted)
    for k in range(1, len(found)):
        left, right = found[k - 1], found[k]
        if characters[k - 1].text in _FIGURE and characters[k].text in _FIGURE:
            # What was not parted is one figure, however broken its point.
            middle = (ink[k - 1].right + max(ink[k].left, ink[k - 1].right)) / 2
            found[k - 1], found[k] = left._replace(right=middle), right._replace(left=middle)
        elif left.right > right.left:
            room = (ink[k - 1].right, max(ink[k].left, ink[k - 1].right))
            reach = (left.right - room[0], room[1] - right.left)
            share = max(reach[0], 0.0) / max(sum(max(each, 0.0) for each in reach), 1e-6)
            at = room[0] + (room[1] - room[0]) * share
            found[k - 1], found[k] = left._replace(right=at), right._replace(left=at)
    return found


def _set(text: str, ink: Place, size: float) -> Place:
    wide = ink.right - ink.left
    if text in _OPENING:
        return Place(min(ink.left, ink.right - 0.95 * size), ink.right + 0.05 * size)
    if text in _CLOSING:
        # A bracket may be read as the narrow one; what stands beside it says how much white is its own.
        full = POINT * size if text in SEPARATORS and text < "\u2e7f" else size
        return Place(ink.left - 0.05 * size, max(ink.right, ink.left + 0.95 * full))
    full = (size if text > "\u2e7f" else DIGIT * size if text in _FIGURE else LETTER * size) - wide
    return Place(ink.left - max(full, 0) / 2, ink.right + max(full, 0) / 2)
