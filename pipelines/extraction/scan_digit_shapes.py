"""A second reader for the digits of recognised figures: the shapes that the page itself prints them in.

All figures of a page are printed in one font or two. What the recognition network took for a 4 shows how a 4
looks on this page, in this picture; what it took for a 1 and has the stem where a 4 has it is no 1, though
its slanted stroke be lost. The shapes of the page are weighed against those of some fonts
(``digit_shapes.png``), for a page may hold only three figures, or have each of its 4s misread.

Where both readers disagree clearly, the shape counts; the figure is in doubt then and keeps both. What the
shape tells makes no figure surer than its first reader was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.extraction.scan_digit_places import (
    HIGH,
    UNKNOWN,
    WIDE,
    Array,
    Figure,
    is_digit,
    placed_digits,
)
from pipelines.extraction.scan_image import Grey
from pipelines.extraction.scan_lines import Region
from pipelines.extraction.scan_numbers import SEPARATORS, is_number
from pipelines.extraction.scan_recognition import LEAST, Character, Reading

_AMOUNT = re.compile(r"[\d?]{1,3}(?:s[\d?]{3})*s[\d?]{2}")

Likely = npt.NDArray[np.float64]

#: The ten digits in several fonts, a row each, 0 paper to 255 ink (drawn by ``tests.corpus.digit_shapes``).
SHAPES = Path(__file__).with_name("digit_shapes.png")
#: The shape of a font weighs as much as so many digits of the page.
WEIGHT = 3.0
#: A digit of the page shows its shape where both readers take it for what was read, and it fits so well.
SHOWING = 0.5
#: The shapes are taken from the page so many times, the second time with the digits that then agree.
ROUNDS = 2
#: How much likelier a digit is for each 1 that its shape fits better (natural logarithm).
LIKELIER = 30.0
#: So likely is a digit that the network does not see at all where it doubts what it sees, or the digits of
#: the page on the average, by so much; in proportion where it doubts less. (On pages of broken strokes it
#: doubts 0.001 to 0.03 and errs where it is sure; on others less than 0.0001.)
UNSEEN, DOUBTED = 0.2, 0.01
#: A digit that was replaced is never surer than this.
REPLACED = 0.85


def told_by_shape(
    picture: Grey, size: float, inks: Sequence[Region], readings: Sequence[Reading]
) -> list[Reading]:
    """The readings of a page, digits of figures as sure as their shapes allow, or replaced.

    ``picture`` is what they were cut out of, ``size`` the usual height of its lines, ``inks`` the outlines of
    the pieces of text that were read (pixels).
    """
    found = list(readings)
    figure_of = {k: core for k, reading in enumerate(readings) if (core := _core(reading))}
    numbers = list(figure_of)
    figures = [Figure(figure_of[k], inks[k]) for k in numbers]
    digits = [[c for c in readings[k].characters if is_digit(c.text) or _is_letter(c.text)] for k in numbers]
    places = placed_digits(picture, figures, size, fonts())
    doubt = 1 - float(np.mean([each.confidence for figure in digits for each in figure] or [1.0]))
    for font in sorted({place.font for place in places if place is not None}):
        here = [(n, place) for n, place in enumerate(places) if place is not None and place.font == font]
        seen = [_seen(each, doubt) for n, _ in here for each in digits[n]]
        windows = np.concatenate([place.windows for _, place in here])
        rows = iter(_likely(np.array(seen), windows, fonts()[font]))
        for n, _ in here:
            reading = found[numbers[n]]
            both = (_both(c, next(rows)) if c in digits[n] else c for c in reading.characters)
            found[numbers[n]] = reading._replace(characters=tuple(both))
    return found


@cache
def fonts() -> tuple[Array, ...]:
    """The shapes of the ten digits (10, HIGH, WIDE) in each known font, ink 1 and paper 0.

    Raises ``FileNotFoundError`` where the picture of them is missing or broken.
    """
    drawn = cv2.imdecode(np.fromfile(SHAPES, np.uint8), cv2.IMREAD_GRAYSCALE)
    if drawn is None:
        raise FileNotFoundError(f"{SHAPES} is no picture")
    rows = drawn.astype(np.float32).reshape(-1, HIGH, 10, WIDE).transpose(0, 2, 1, 3) / 255
    return tuple(np.ascontiguousarray(row) for row in rows)


def _core(reading: Reading) -> str:
    """A figure without its sign, brackets and gaps; empty where it is none.

    An amount with a letter among its digits has a digit there that was not made out; codes may have letters.
    """
    known = "".join(UNKNOWN if _is_letter(c.text) else c.text for c in reading.characters)
    core = "".join(c for c in known if is_digit(c) or c in SEPARATORS or c == UNKNOWN)
    if is_number(reading.text):
        return core
    shape = "".join("s" if c in SEPARATORS else c for c in core)
    is_amount = known.count(UNKNOWN) == 1 and is_number(known.replace(UNKNOWN, "0"))
    return core if is_amount and _AMOUNT.fullmatch(shape) else ""


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha()


def _seen(character: Character, doubt: float) -> list[float]:
    """How likely each of the ten digits is by what the network saw, ``doubt`` being that of the page."""
    unseen = UNSEEN * min(1.0, max(1 - character.confidence, doubt) / DOUBTED)
    seen = {**dict(character.candidates), character.text: character.confidence}
    if _is_letter(character.text):
        unseen = UNSEEN
    return [max(seen.get(str(digit), 0.0), unseen) for digit in range(10)]


def _likely(seen: Likely, windows: Array, shapes: Array) -> Likely:
    """How likely each of the ten digits is (n, 10) by what was ``seen`` and by the shape of its ink.

    The shapes are those of the font (10, HIGH, WIDE) and of the page together. A digit's own ink is no
    evidence for it: its shape is taken from the others.
    """
    inked, printed = _level(windows), _level(shapes)
    read, row = seen.argmax(axis=1), np.arange(len(seen))
    is_read = seen.max(axis=1) > UNSEEN
    fits = inked @ printed.T
    for _ in range(ROUNDS):
        meant = _weighed(seen, fits).argmax(axis=1)
        showing = np.flatnonzero(is_read & (meant == read) & (fits[row, read] > SHOWING))
        summed = WEIGHT * printed
        np.add.at(summed, read[showing], inked[showing])
        length = np.linalg.norm(summed, axis=1)
        product = inked @ summed.T
        fits = product / length
        own = product[showing, read[showing]]
        others = np.sqrt(length[read[showing]] ** 2 - 2 * own + 1)
        fits[showing, read[showing]] = (own - 1) / others
    return _weighed(seen, fits)


def _weighed(seen: Likely, fits: Array) -> Likely:
    likely = seen * np.exp(LIKELIER * (fits - fits.max(axis=1, keepdims=True)))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _level(windows: Array) -> Array:
    """Windows as rows of a mean of 0 and a length of 1."""
    rows = windows.reshape(len(windows), -1)
    level = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(level / np.maximum(np.linalg.norm(level, axis=1, keepdims=True), 1e-6), np.float32)


def _both(character: Character, likely: Likely) -> Character:
    """A digit of what the network saw and how likely the ten are by both readers."""
    meant = int(likely.argmax())
    is_replaced = str(meant) != character.text
    sure = min(float(likely[meant]), REPLACED if is_replaced else character.confidence)
    others = {text: p for text, p in character.candidates if text != str(meant) and not _is_letter(text)}
    for digit, p in enumerate(likely.tolist()):
        if digit != meant:
            others[str(digit)] = max(p, others.get(str(digit), 0.0))
    if is_replaced and is_digit(character.text):
        others[character.text] = max(others[character.text], 1 - REPLACED)
    kept = [(str(meant), sure), *((text, p) for text, p in others.items() if p >= LEAST)]
    ordered = sorted(((round(p, 4), text) for text, p in kept), reverse=True)
    slips = () if is_replaced else character.slips
    return Character(str(meant), round(sure, 4), tuple((text, p) for p, text in ordered), slips)
