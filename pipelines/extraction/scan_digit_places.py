"""Where each digit of a recognised figure stands on the picture: digits advance by equal steps.

In all fonts that statements are printed in the ten digits are equally wide, points and commas as wide or
half as wide. So the digits of figures of one size stand in windows of one width, the pitch, and where in its
window the ink of a digit lies tells as much as its strokes: a 1 stands in the middle, the stem of a 4 does
not. The pitch comes from the widths of the figures, the place of a figure from where the shapes of the
digits that were recognised fit best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.extraction.scan_image import Grey
from pipelines.extraction.scan_lines import Region
from pipelines.extraction.scan_numbers import SEPARATORS

Array = npt.NDArray[np.float32]

#: Windows are scaled to so many columns, a digit's advance, and rows, of which a digit takes about 22.
WIDE, HIGH = 16, 26
#: ... and smoothed by so many of them, so that a stroke a hair beside another still meets it.
SMOOTH = 0.8
#: A separator is as wide as a digit or about half as wide, in digits.
SEPARATOR_WIDTHS = (1.0, 0.5, 0.56)
#: The white left and right of a digit, of a 1, in pitches.
BEARING, BEARING_OF_ONE = 0.07, 0.2
#: Pitches that are tried, in usual heights of lines, and how close they lie (pixels).
NARROWEST, BROADEST, CLOSE = 0.3, 1.1, 0.1
#: Figures whose width is that of their characters but for this share of a pitch are of one size.
OF_ONE_SIZE = 0.2
#: So many figures of so many digits at least show a pitch, and by no more than these is it told.
FEWEST, TELLING_DIGITS, MOST = 3, 3, 6
#: The pitch told by widths is that by the shapes but for these shares, then for these.
NEARBY, NEARER = (-0.02, 0.0, 0.02), (-0.01, 0.0, 0.01)
#: Shapes that fit less well than this on the average do not stand there.
FITTING = 0.62
#: Stands for a digit that was not made out.
UNKNOWN = "?"
#: Where there is hardly any ink, shapes are compared with this little contrast (deviation of 1).
LEAST_CONTRAST = 0.05


class Figure(NamedTuple):
    """A figure as it was recognised, and the outline of its ink on the picture.

    ``text`` has only digits and separators, and ``UNKNOWN`` for a digit that was not made out.
    """

    text: str
    ink: Region

    @property
    def length(self) -> int:
        """How many digits it has."""
        return sum(character not in SEPARATORS for character in self.text)


@dataclass(frozen=True, slots=True)
class Print:
    """How figures of one size are printed: pixels a digit takes, and the font."""

    pitch: float
    font: int = 0


class Placed(NamedTuple):
    """The windows of a figure's digits (n, HIGH, WIDE), and how well shapes of a font fit them (-1 to 1)."""

    windows: Array
    fit: float
    font: int = 0


def is_digit(character: str) -> bool:
    """Whether a character is one of the ten digits."""
    return character in "0123456789" and len(character) == 1


def placed_digits(
    picture: Grey, figures: Sequence[Figure], size: float, fonts: Sequence[Array]
) -> list[Placed | None]:
    """The windows of each figure's digits; None where no shapes fit, or too few figures are of its size.

    ``size`` is the usual height of lines (pixels), ``fonts`` the shapes of the ten digits in several fonts.
    """
    found: list[Placed | None] = [None] * len(figures)
    rest = list(range(len(figures)))
    while True:
        telling = [k for k in rest if figures[k].length >= TELLING_DIGITS]
        way = _print_of(picture, [figures[k] for k in telling], size, fonts)
        if way is None:
            return found
        for k in rest:
            here = _placed(_scaled(picture, figures[k].ink, way.pitch), figures[k].text, fonts[way.font])
            if here is not None and here.fit >= FITTING:
                found[k] = here._replace(font=way.font)
        if sum(found[k] is not None for k in telling) < FEWEST:
            return found
        rest = [k for k in rest if found[k] is None]


def _print_of(picture: Grey, figures: Sequence[Figure], size: float, fonts: Sequence[Array]) -> Print | None:
    """How most of some figures are printed, or none where there are too few: as they fit best."""
    if len(figures) < FEWEST:
        return None
    tried: list[Print] = []
    alike: set[int] = set()
    for separator in SEPARATOR_WIDTHS:
        pitch, of_one_size = _usual_pitch(figures, separator, size)
        tried.extend(Print(pitch * (1 + share)) for share in NEARBY)
        alike = max(alike, set(np.flatnonzero(of_one_size).tolist()), key=len)
    longest = sorted(alike, key=lambda k: (-len(figures[k].text), k))[:MOST]
    if len(longest) < FEWEST:
        return None

    def fit(way: Print) -> float:
        shapes = fonts[way.font]
        each = (figures[k] for k in longest)
        places = [_placed(_scaled(picture, f.ink, way.pitch), f.text, shapes) for f in each]
        return sum(place.fit for place in places if place is not None)

    best = max(tried, key=fit)
    best = max((replace(best, pitch=best.pitch * (1 + share)) for share in NEARER), key=fit)
    return max((replace(best, font=font) for font in range(len(fonts))), key=fit)


def _usual_pitch(
    figures: Sequence[Figure], separator: float, size: float
) -> tuple[float, npt.NDArray[np.bool_]]:
    """The pitch that explains the widths of most figures, and which those are."""
    widths = np.array([figure.ink.right - figure.ink.left for figure in figures], np.float64)
    counts = np.array([_advances(figure.text, separator) for figure in figures], np.float64)
    pitches = np.arange(NARROWEST * size, BROADEST * size, CLOSE)[:, None]
    off = np.abs(widths - pitches * counts) / pitches
    votes = np.clip(1 - off / OF_ONE_SIZE, 0, None).sum(axis=1)
    best = int(votes.argmax())
    return float(pitches[best, 0]), off[best] < OF_ONE_SIZE


def _advances(text: str, separator: float) -> float:
    """How many pitches the ink of a figure is wide."""
    wide = sum(separator if character in SEPARATORS else 1.0 for character in text)
    white = sum(BEARING_OF_ONE if character == "1" else BEARING for character in (text[0], text[-1]))
    return wide - white


def _scaled(picture: Grey, ink: Region, pitch: float) -> Array:
    """A figure with the white around it, ink 1 and paper 0: a digit is ``WIDE`` columns wide."""
    aside, above = round(1.2 * pitch), round(0.6 * pitch)
    height, width = picture.shape
    left, top = max(0, ink.left - aside), max(0, ink.top - above)
    right, bottom = min(width, ink.right + aside), min(height, ink.bottom + above)
    dark = (255 - picture[top:bottom, left:right]).astype(np.float32) / 255
    factor = WIDE / pitch
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(dark, None, fx=factor, fy=factor, interpolation=way)
    short = max(0, HIGH + 2 - resized.shape[0])
    padded = cv2.copyMakeBorder(resized, short // 2, short - short // 2, 0, 0, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.GaussianBlur(padded, (0, 0), SMOOTH), dtype=np.float32)


def _placed(dark: Array, text: str, shapes: Array) -> Placed | None:
    """The windows of a figure's digits where ``shapes`` (ten, HIGH, WIDE) fit what was recognised best.

    Separators are as wide as fits best: one page may set 0.00 and 0. 00. None where the figure is longer
    than its ink.
    """
    digits = [character for character in text if character not in SEPARATORS]
    fits = {digit: _fits(dark, shapes[int(digit)]) for digit in sorted(set(digits) - {UNKNOWN})}
    best: Placed | None = None
    is_parted = len(digits) < len(text)
    n_known = sum(digit != UNKNOWN for digit in digits)
    for separator in SEPARATOR_WIDTHS if is_parted else SEPARATOR_WIDTHS[:1]:
        columns = _columns(text, separator)
        room = dark.shape[1] - WIDE + 1 - columns[-1]
        if room <= 0:
            continue
        known = [(fits[d], x) for d, x in zip(digits, columns, strict=True) if d != UNKNOWN]
        total = np.sum([fit[:, x : x + room] for fit, x in known], axis=0)
        row, column = divmod(int(total.argmax()), room)
        fit = float(total[row, column]) / n_known
        if best is None or fit > best.fit:
            windows = [dark[row : row + HIGH, column + x : column + x + WIDE] for x in columns]
            best = Placed(np.stack(windows), fit)
    return best


def _columns(text: str, separator: float) -> list[int]:
    """Where the windows of a text's digits begin, in columns from the first one's."""
    at, found = 0.0, []
    for character in text:
        if character not in SEPARATORS:
            found.append(at)
        at += separator if character in SEPARATORS else 1.0
    return [round((place - found[0]) * WIDE) for place in found]


def _fits(dark: Array, shape: Array) -> Array:
    """How well a shape fits at each place of a picture (-1 to 1): the correlation of the two."""
    n = shape.size
    window = np.ones((HIGH, WIDE), np.float32)
    mean = cv2.matchTemplate(dark, window, cv2.TM_CCORR) / n
    squares = cv2.matchTemplate(dark * dark, window, cv2.TM_CCORR) / n
    deviation = np.sqrt(np.maximum(squares - mean**2, 0) + LEAST_CONTRAST**2)
    level = shape - shape.mean()
    product = cv2.matchTemplate(dark, level, cv2.TM_CCORR) / n
    return np.asarray(product / (deviation * level.std()), dtype=np.float32)
