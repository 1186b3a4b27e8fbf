"""A scanned page as a picture one can read: rendered, freed of red seals and shadows, set straight.

Lengths are in pixels of the picture unless points are named. The picture's frame is that of the
page *set straight*: the displayed page turned about its middle by ``skew`` so that its lines are
level, with paper added around so that no corner is cut off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2

Grey = npt.NDArray[np.uint8]
Colour = npt.NDArray[np.uint8]

#: A page is rendered as fine as its largest picture is, within these bounds (dots an inch). Above,
#: nothing is gained and much time lost; below, strokes run together.
COARSEST, FINEST = 150, 300
#: No rendered page has more pixels than this, whatever it claims to measure.
MOST_PIXELS = 40_000_000
#: Sheets lie askew by no more than this (degrees); more is a sheet laid down wrongly.
MOST_SKEW = 5.0
#: A turn smaller than this (degrees) moves no line by as much as a rule is thick.
LEAST_SKEW = 0.02
#: A seal's ink is redder than paper and print by at least so many levels of 256 ...
SEAL_RED = 36
#: ... and a seal measures at least this much either way (points; the smallest chops have 12 mm).
SEAL_SIZE = 30.0
#: Print under a seal is darker than the ink within so many points. Ink is what is this share as red as most.
COLOUR, FULL_INK = 1.2, 0.5
#: What is left of a seal is fainter than print: darker than paper by so many levels at most, and at least.
PRINT, FAINT = 130, 40
#: What runs upright over so many points under a seal is a rule.
UPRIGHT = 12.0
#: Print under a seal has less contrast, which is put back by so much.
UNDER_SEAL = 1.4
#: A page is one of black and white alone where fewer than this share of its pixels lie between ...
GREYS, BLACK, WHITE = 0.01, 48, 208
#: ... and its edges are frayed by so much (points): smoothed by that, figures are recognised best.
FRAYED = 0.4
#: Shadows change over more than this many points; characters and rules are smaller.
SHADOW = 18.0


@dataclass(frozen=True, slots=True)
class StraightPage:
    """The picture of a page set straight.

    ``grey`` is 0 (ink) to 255 (paper). ``scale`` is pixels a point, ``skew`` by how many degrees
    clockwise the print lies askew on the displayed page, ``margin`` the paper added on every side.
    ``is_one_bit`` says that it was black and white alone, as faxes are: strokes have frayed edges.
    """

    grey: Grey
    scale: float
    skew: float
    margin: int
    is_one_bit: bool = False

    def to_points(self, pixels: float) -> float:
        """A place along either axis in points of the page set straight."""
        return (pixels - self.margin) / self.scale

    def to_pixels(self, points: float) -> float:
        """A place along either axis in pixels."""
        return points * self.scale + self.margin


def rendered(page: pypdfium2.PdfPage) -> tuple[Colour, float]:
    """The displayed page as a picture (red, green, blue) and its pixels a point."""
    width, height = page.get_size()
    scale = min(max(_dots_an_inch(page), COARSEST), FINEST) / 72
    scale = min(scale, math.sqrt(MOST_PIXELS / max(width * height, 1.0)))
    picture = page.render(scale=scale, rev_byteorder=True).to_numpy()
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    return np.ascontiguousarray(picture[..., :3]), scale


def is_one_bit(page: pypdfium2.PdfPage) -> bool:
    """Whether the largest picture on a page is black and white alone, as it lies in the file.

    What is rendered of it has grey edges.
    """
    image, area = _largest_picture(page)
    if image is None or not area:
        return False
    try:
        dots = image.get_bitmap().to_numpy()
    except pypdfium2.PdfiumError:
        return False  # a picture pdfium draws but does not hand out; then as any other
    sample = dots[::3, ::3]
    return float(((sample > BLACK) & (sample < WHITE)).mean()) < GREYS


def _dots_an_inch(page: pypdfium2.PdfPage) -> float:
    """How fine the largest picture on the page is."""
    image, area = _largest_picture(page)
    if image is None or not area:
        return float(COARSEST)
    pixels = image.get_px_size()
    return 72 * math.sqrt(pixels[0] * pixels[1] / area)


def _largest_picture(page: pypdfium2.PdfPage) -> tuple[pypdfium2.PdfImage | None, float]:
    """The picture that takes most of the page, and its area in square points."""
    best: tuple[pypdfium2.PdfImage | None, float] = (None, 0.0)
    for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]):
        left, lower, right, upper = item.get_bounds()
        if (right - left) * (upper - lower) > best[1]:
            best = (item, (right - left) * (upper - lower))
    return best


def straightened(picture: Colour, scale: float, *, one_bit: bool = False) -> StraightPage:
    """The picture freed of seals and shadows and turned so that its lines are level."""
    grey = without_shadows(without_seals(picture, scale), scale)
    skew = skew_of(grey, scale)
    if abs(skew) < LEAST_SKEW:
        return StraightPage(grey, scale, 0.0, 0, one_bit)
    height, width = grey.shape
    margin = math.ceil(math.sin(math.radians(abs(skew))) * max(width, height) / 2)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    matrix[:, 2] += margin
    straight = cv2.warpAffine(
        grey, matrix, (width + 2 * margin, height + 2 * margin), flags=cv2.INTER_CUBIC, borderValue=255.0
    )
    return StraightPage(np.asarray(straight, dtype=np.uint8), scale, skew, margin, one_bit)


def smoothed(grey: Grey, page: StraightPage) -> Grey:
    """The picture as it is best recognised: the frayed edges of a one-bit page are smoothed."""
    if not page.is_one_bit:
        return grey
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), FRAYED * page.scale), dtype=np.uint8)


def without_seals(picture: Colour, scale: float) -> Grey:
    """The picture in grey, red seals taken away.

    How red a place is tells how much ink lies there, and the ink around it how dark it would be without
    print; what is darker is print. Only around red things of a seal's size, so that a figure printed in red
    stays.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    red = picture[..., 0]
    excess = cv2.subtract(red, cv2.max(picture[..., 1], picture[..., 2]))
    inked = np.asarray(excess > SEAL_RED, dtype=np.uint8)
    if not inked.any():
        return np.asarray(grey, dtype=np.uint8)
    reach = 2 * round(3 * scale) + 1
    joined = cv2.morphologyEx(inked, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    whole = grey.copy()
    around = round(2 * scale)
    window = np.ones((2 * round(COLOUR * scale) + 1,) * 2, np.uint8)
    for left, top, width, height, _ in stats[1:count]:
        if min(width, height) < SEAL_SIZE * scale:
            continue
        here = (
            slice(max(0, top - around), top + height + around),
            slice(max(0, left - around), left + width + around),
        )
        light = whole[here].astype(np.float32)
        redness = np.clip(red[here].astype(np.float32) - light, 0, None)
        amount = redness / max(float(np.percentile(redness[inked[here] > 0], 95)), 1.0)
        is_ink = amount > FULL_INK
        lifted = np.zeros_like(light)
        for channel in (light, red[here].astype(np.float32)):
            # What is darker than the ink around it, both in itself and through a red glass, is print:
            # the edges of a seal's strokes are darker through the glass alone.
            around_it = cv2.dilate(np.where(is_ink, channel, 0), window)
            paper, full = float(np.percentile(channel, 90)), float(np.median(channel[is_ink]))
            thin = paper - (paper - full) * np.minimum(amount, 1)
            unprinted = np.where(is_ink, around_it, thin)
            lifted = np.maximum(lifted, channel / np.maximum(unprinted, 1.0))
        lifted = np.clip(255 - (1 - lifted) * 255 * UNDER_SEAL, 0, 255)
        near = cv2.dilate(inked[here], np.ones((5, 5), np.uint8)) > 0
        lifted[near & ~_with_core(255 - lifted, round(UPRIGHT * scale))] = 255
        grey[here] = np.where(near, lifted, grey[here]).astype(np.uint8)
    return np.asarray(grey, dtype=np.uint8)


def _with_core(dark: npt.NDArray[np.float32], upright: int) -> npt.NDArray[np.bool_]:
    """Where ink lies close by some that is as dark as print: the edges of a seal's strokes do not.

    An upright run of so many pixels is a rule, however faint: a seal has no such edge.
    """
    core = cv2.dilate((dark > PRINT).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    faint = (dark > FAINT).astype(np.uint8)
    rules = cv2.morphologyEx(faint, cv2.MORPH_OPEN, np.ones((upright, 1), np.uint8)) > 0
    return np.asarray((core & (faint > 0)) | rules)


def without_shadows(grey: Grey, scale: float) -> Grey:
    """The picture as evenly lit paper: each pixel's share of the brightness of the paper around."""
    small = cv2.resize(grey, None, fx=1 / (1.5 * scale), fy=1 / (1.5 * scale), interpolation=cv2.INTER_AREA)
    reach = 2 * round(SHADOW / 1.5 / 2) + 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), reach / 3)
    paper = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    lit = cv2.divide(grey, np.maximum(np.asarray(paper, np.uint8), 32), scale=255)
    return np.asarray(lit, dtype=np.uint8)


def skew_of(grey: Grey, scale: float) -> float:
    """By how many degrees clockwise the lines of a page lie askew: where their shadows are sharpest.

    Rows and columns of ink are summed for every turn; the sums change most from one row to the
    next where rules and lines of text lie along them.
    """
    coarse = _ink(grey, 0.7 / scale)
    best = _sharpest(coarse, np.arange(-MOST_SKEW, MOST_SKEW + 0.1, 0.25))
    middle = _ink(grey, 1.4 / scale)
    best = _sharpest(middle, best + np.arange(-0.3, 0.31, 0.05))
    return round(float(_sharpest(middle, best + np.arange(-0.05, 0.051, 0.01))), 3)


def _ink(grey: Grey, factor: float) -> npt.NDArray[np.float32]:
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.clip(255 - small.astype(np.float32) - 30, 0, None)


def _sharpest(ink: npt.NDArray[np.float32], turns: npt.NDArray[np.float64]) -> float:
    height, width = ink.shape
    best, sharpest = 0.0, -1.0
    for turn in turns:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(turn), 1.0)
        turned = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR)
        rows, columns = turned.sum(axis=1) / width, turned.sum(axis=0) / height
        sharpness = float((np.diff(rows) ** 2).sum() + (np.diff(columns) ** 2).sum())
        if sharpness > sharpest:
            best, sharpest = float(turn), sharpness
    return best
