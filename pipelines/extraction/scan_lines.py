"""Where the lines of text stand on a scanned page, found by cutting it at its white.

A cell, or the paper outside all tables, is cut into bands where rows of the picture hold no ink, a
band into pieces where columns hold none, until nothing more parts. The pieces are cut out for
recognition. (A detection network finds the same at many times the cost, and does not know cells.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.extraction.scan_image import Grey

#: Ink is darker than paper by at least this share of how dark most strokes are, which blur makes less,
#: by at least so many deviations of the paper's grain, and so many levels of 256 at least and at most.
INK_SHARE, GRAIN, FAINTEST, INK = 0.25, 4.0, 22, 50
#: A dash is at least this wide (points), any other piece of text this high or wide: smaller things are dust.
SMALLEST, SMALL = 2.6, 3.8
#: ... and has so much ink (square points): a dash has more, specks of dust in a line have less.
LEAST_INK = 2.4
#: ... and so large a share of its rectangle: specks far from each other have less.
SPARSE = 0.07
#: White wider than this share of the type size parts two pieces of a line.
PARTED = 1.3
#: White is measured by this share of a band's height where that is more than the type size.
LARGE = 0.6
#: Bands whose union is no higher than this share of the type size are one line (二, 三, ：).
ONE_LINE = 1.25
#: Print higher than this share of the type size is large; what is no higher than that, or little, is a line.
HIGHER, AS_LARGE = 1.4, 1.2
#: A band higher than this share of the type size may be lines that touch.
TOUCHING = 1.7

Mask = npt.NDArray[np.uint8]


class Region(NamedTuple):
    """A rectangle of a picture in pixels, ends not included."""

    left: int
    top: int
    right: int
    bottom: int


class Piece(NamedTuple):
    """A piece of text: the outline of its ink, and the room up to what stands beside it."""

    ink: Region
    room: Region


class Inked(NamedTuple):
    """A page's ink without dust; ``size`` is the usual height of its lines in pixels."""

    mask: Mask
    size: float
    scale: float


def inked(text: Grey, scale: float, regions: Iterable[Region]) -> Inked:
    """The ink of a page whose rules have been taken out, and how high its lines usually are."""
    mask = np.asarray(text < 255 - _ink_level(text), dtype=np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    dust = max(3.0, (0.4 * scale) ** 2)
    is_ink = stats[:, cv2.CC_STAT_AREA] >= dust
    is_ink[0] = False
    mask = is_ink[labels].astype(np.uint8) if count > 1 else mask
    heights = [
        b - a
        for region in regions
        for a, b in _runs(mask[region.top : region.bottom, region.left : region.right].max(axis=1) > 0, 1)
    ]
    usual = [h for h in heights if 5 * scale <= h <= 20 * scale]
    return Inked(mask, median(usual) if usual else 9 * scale, scale)


def _ink_level(text: Grey) -> float:
    """By how many levels of 256 ink is darker than paper on this page."""
    dark = 255 - text[::2, ::2]
    strokes = dark[dark > INK]
    if not strokes.size:
        return float(INK)
    grain = float(np.median(np.abs(dark[dark <= INK].astype(np.float32)))) * 1.48
    return min(max(INK_SHARE * float(np.percentile(strokes, 90)), GRAIN * grain, FAINTEST), INK)


def text_pieces(page: Inked, region: Region, parted: float = PARTED) -> list[Piece]:
    """The pieces of text in a region, line by line, each line from left to right."""
    found: list[Piece] = []
    for top, bottom, above, below in _with_room(_bands(page, region), region.top, region.bottom):
        band = Region(region.left, top, region.right, bottom)
        found.extend(_cut(page, band, Region(region.left, above, region.right, below), parted))
    return found


def _cut(page: Inked, band: Region, room: Region, parted: float) -> list[Piece]:
    ink = page.mask[band.top : band.bottom, band.left : band.right]
    # A high band is large print, or a header that is wrapped beside one that is not.
    size = max(page.size, min(LARGE * (band.bottom - band.top), 3 * page.size))
    runs = _runs(ink.max(axis=0) > 0, max(1, round(parted * size)))
    runs = [(band.left + start, band.left + end) for start, end in runs]
    bands_of = [_bands(page, Region(left, band.top, right, band.bottom)) for left, right in runs]
    large = _large_print(page, bands_of)
    pieces: list[Piece] = []
    for bands, (left, right, before, after) in zip(
        bands_of, _with_room(runs, room.left, room.right), strict=True
    ):
        if not bands:
            continue
        if bands[-1][1] - bands[0][0] <= AS_LARGE * large:
            bands = [(bands[0][0], bands[-1][1])]
        if len(runs) > 1 and len(bands) > 1:
            for top, bottom, above, below in _with_room(bands, room.top, room.bottom):
                inner = Region(left, top, right, bottom)
                pieces.extend(_cut(page, inner, Region(before, above, after, below), parted))
            continue
        piece = Region(left, bands[0][0], right, bands[-1][1])
        if is_text(page, piece):
            pieces.append(Piece(piece, Region(before, room.top, after, room.bottom)))
    return pieces


def _large_print(page: Inked, bands_of: Sequence[Sequence[tuple[int, int]]]) -> float:
    """How high print is in a band where it is larger than on most of the page; 0 where it is not.

    Characters that white runs through (三, 公) fall apart into bands; those beside them tell their size.
    """
    heights = [bands[0][1] - bands[0][0] for bands in bands_of if len(bands) == 1]
    return float(median([h for h in heights if h >= HIGHER * page.size] or [0]))


def _with_room(runs: Sequence[tuple[int, int]], low: int, high: int) -> list[tuple[int, int, int, int]]:
    """Runs with the room around each: half-way to its neighbours, or to the ends."""
    middles = [low, *((a[1] + b[0]) // 2 for a, b in pairwise(runs)), high]
    return [(start, end, middles[k], middles[k + 1]) for k, (start, end) in enumerate(runs)]


def is_text(page: Inked, piece: Region) -> bool:
    """Whether a piece is large enough, and holds ink enough, to be text."""
    ink = page.mask[piece.top : piece.bottom, piece.left : piece.right]
    height, width = ink.shape
    is_dash = width >= SMALLEST * page.scale and width >= 2 * height
    is_large = is_dash or max(height, width) >= SMALL * page.scale
    n_inked = int(ink.sum())
    return is_large and n_inked >= max(LEAST_INK * page.scale**2, SPARSE * ink.size)


def _bands(page: Inked, region: Region) -> list[tuple[int, int]]:
    """The lines of a region from the top down, as rows of the picture."""
    ink = page.mask[region.top : region.bottom, region.left : region.right]
    rows = ink.sum(axis=1)
    bands = _runs(rows > 0, 1)
    bands = [part for band in bands for part in _parted(rows, band, page.size)]
    merged: list[tuple[int, int]] = []
    for start, end in bands:
        if merged:
            before = merged[-1]
            thin = min(end - start, before[1] - before[0]) < 0.5 * page.size
            if thin and end - before[0] <= ONE_LINE * page.size:
                merged[-1] = (before[0], end)
                continue
        merged.append((start, end))
    return [(region.top + start, region.top + end) for start, end in merged]


def parted_lines(page: Inked, region: Region) -> list[tuple[int, int]]:
    """The lines of a region in which lines touch, as rows of the picture."""
    rows = page.mask[region.top : region.bottom, region.left : region.right].sum(axis=1)
    parts = _parted(rows, (0, region.bottom - region.top), page.size)
    return [(region.top + start, region.top + end) for start, end in parts]


def _parted(rows: npt.NDArray[np.int64], band: tuple[int, int], size: float) -> Sequence[tuple[int, int]]:
    """A band of lines that touch, cut where it has little ink."""
    start, end = band
    if end - start <= TOUCHING * size:
        return [band]
    inside = rows[start:end]
    parts = [p for p in _runs(inside > 0.12 * inside.max(), 1) if p[1] - p[0] >= 0.4 * size]
    if len(parts) < 2:
        return [band]
    cuts = [start, *(start + (a[1] + b[0]) // 2 for a, b in pairwise(parts)), end]
    return list(pairwise(cuts))


def _runs(filled: npt.NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """The runs of True, those with fewer than ``gap`` False between them joined."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    runs: list[tuple[int, int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if runs and start - runs[-1][1] < gap:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs
