"""The rules drawn on a scanned page, found by their shape: long, straight, thin, along an axis.

They become the same ``Rule`` records that a PDF's own lines become, so that grids, cells and joined
tables are made of them by the same code.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.extraction.grid import Grid
from pipelines.extraction.marks import Rule
from pipelines.extraction.rules import ALIGNED, GAP, join_pieces
from pipelines.extraction.scan_image import Grey, StraightPage

#: A rule that hangs together over this length (points) is one, whatever it meets: strokes of
#: characters and dashes are shorter.
LONG = 26.0
#: One that is torn and was closed is one over this length: rows of characters close to shorter runs.
LONG_TORN = 60.0
#: A shorter one, in pieces from this length on (points), is one where it runs from one rule to another.
SHORT = 4.0
#: Rules are thinner than this (points).
THICK = 3.5
#: Gaps up to this (points) that dust and coarse dots tear into a rule are closed.
TORN = 1.6
#: A short rule reaches those it runs between up to so many points; print in a cell does not.
REACH = 1.2
#: So many level rules that end under each other make a side, drawn or not.
OPEN = 2
#: The pieces of a short rule lie within so many points of one line.
STRAIGHT = 0.9
#: Short rules in line with no long one are strokes of characters that fill their rows, unless so large a
#: share of them stands clean: with no more than this share of ink beside it, so many points away.
CLEAN, BESIDE_INK, BESIDE = 0.6, 0.1, 2.3
#: Where text stands close beside a rule all the way, it is one if most of its pieces (so many, that leave no
#: more than a fifth of its length out) are clean on one side, or have ink in this share of their length: no
#: character is as high as its row.
MANY, UNBROKEN, WHOLE = 5, 0.8, 0.97
#: One that is in line with no other at all is also this whole.
ALONE_COVERED = 0.92
#: A rule is darker than what lies beside it by at least so many levels of 256.
DARK = 30
#: A stretch of a rule is whole when this share of it was found. One that is not is torn when this
#: share of it holds ink darker than so many levels, and a side of it so much less.
TORN_COVERED, TORN_INK, TORN_CONTRAST, SCRAP_DARK = 0.75, 0.4, 0.25, 45
#: It has as much within so many points of either end, where print in a cell has none.
ENDS = 3.0
#: The ink of a rule reaches beyond where it was found by this (points).
HAIR = 0.35
#: A rule that is out of focus darkens the paper up to so far from its middle (points), by at least so much.
HEM, HEM_DARK = 3.0, 8
#: Ink that lies wholly within this of a cell's side (points) is a scrap of its rule ...
SCRAPS = 1.6
#: ... where scraps are darker than this level of 256.
SCRAP_INK = 200

Mask = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FoundRules:
    """Rules in points of the page set straight, and the picture without their ink."""

    horizontals: tuple[Rule, ...]
    verticals: tuple[Rule, ...]
    text: Grey


def find_rules(page: StraightPage) -> FoundRules:
    """The level and upright rules of a page."""
    dark = np.asarray(255 - page.grey, dtype=np.uint8)
    level_ink, level, level_mask = _long(page, dark)
    upright_ink, upright, upright_mask = _long(page, np.ascontiguousarray(dark.T))
    turned = np.ascontiguousarray(dark.T)
    for _ in range(2):  # what is found one way shows what runs between it the other way
        level.extend(_torn(page, dark, level, upright))
        upright.extend(_torn(page, turned, upright, level))
        more, mask = _between(page, dark, level_ink, level, [*upright, *_open_sides(level, upright)])
        level, level_mask = [*level, *more], _either(level_mask, mask)
        more, mask = _between(page, turned, upright_ink, upright, level)
        upright, upright_mask = [*upright, *more], _either(upright_mask, mask)
    ink = _either(level_mask, np.ascontiguousarray(upright_mask.T))
    reach = 2 * max(1, round(HAIR * page.scale)) + 1
    ink = np.asarray(cv2.dilate(ink, np.ones((reach, reach), np.uint8)), np.uint8)
    bright = page.grey.copy()
    _take_away(page, bright, join_pieces(level))
    _take_away(page, bright.T, join_pieces(upright))
    text = np.where(ink > 0, 255, bright).astype(np.uint8)
    return FoundRules(tuple(sorted(level)), tuple(sorted(upright)), text)


def _open_sides(level: Sequence[Rule], upright: Sequence[Rule]) -> list[Rule]:
    """The left and the right side of level rules that end under each other where no upright rule is."""
    rules = sorted(join_pieces(level))
    found: list[Rule] = []
    for ends, outermost in (([r.start for r in rules], min), ([r.end for r in rules], max)):
        side = outermost(ends, default=0.0)
        n_ends = sum(abs(end - side) <= REACH for end in ends)
        if n_ends >= OPEN and not any(abs(rule.at - side) <= ALIGNED for rule in upright):
            found.append(Rule(side, rules[0].at, rules[-1].at, "line"))
    return found


def without_scraps(page: StraightPage, text: Grey, grids: Sequence[Grid]) -> Grey:
    """The picture without rules, freed of the scraps that torn rules leave along the sides of cells."""
    along = np.zeros(text.shape, np.uint8)
    for grid in grids:
        for cell in grid.cells:
            x0, top, x1, bottom = grid.box(cell)
            for side in (
                (x0, top, x1, top),
                (x0, bottom, x1, bottom),
                (x0, top, x0, bottom),
                (x1, top, x1, bottom),
            ):
                left, upper = (max(0, round(page.to_pixels(at - SCRAPS))) for at in side[:2])
                right, lower = (max(0, round(page.to_pixels(at + SCRAPS))) for at in side[2:])
                along[upper : lower + 1, left : right + 1] = 1
    _, labels, stats, _ = cv2.connectedComponentsWithStats((text < SCRAP_INK).astype(np.uint8))
    inside = np.bincount(labels[along > 0].ravel(), minlength=len(stats))
    is_scrap = inside == stats[:, cv2.CC_STAT_AREA]
    is_scrap[0] = False
    scraps = cv2.dilate(is_scrap[labels].astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.where(scraps > 0, 255, text).astype(np.uint8)


def _take_away(page: StraightPage, bright: Grey, rules: Sequence[Rule]) -> None:
    """Brighten a picture by what level rules darken it at each distance: a blurred rule has a wide hem.

    How dark the hem is, most places along the rule say, where no text stands in it.
    """
    reach = round(HEM * page.scale)
    for rule in rules:
        at = round(page.to_pixels(rule.at) - 0.5)
        left, right = (max(0, round(page.to_pixels(x))) for x in (rule.start, rule.end))
        band = bright[max(0, at - reach) : at + reach + 1, left:right]
        if band.size:
            hem = 255 - np.percentile(band, 50, axis=1).astype(np.int16)
            hem[hem < HEM_DARK] = 0
            band[...] = np.clip(band + hem[:, None], 0, 255).astype(np.uint8)


def _thin(page: StraightPage, dark: Grey) -> Grey:
    """By how much each pixel is darker than what lies above and below: level strokes stand out."""
    high = np.ones((round(THICK * page.scale), 1), np.uint8)
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_TOPHAT, high), np.uint8)


def _either(one: Mask, other: Mask) -> Mask:
    return np.asarray(cv2.max(one, other), np.uint8)


def _runs(thin: Grey, length: float) -> Mask:
    """What lies in level runs of at least ``length`` pixels."""
    runs = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, round(length)), np.uint8))
    return np.asarray(runs > DARK, dtype=np.uint8)


def _pieces(page: StraightPage, mask: Mask) -> list[tuple[Rule, int]]:
    """The rules of a mask, each with its label among the mask's connected pieces."""
    count, _, stats, middles = cv2.connectedComponentsWithStats(mask)
    return [
        (
            Rule(
                page.to_points(float(middles[k][1]) + 0.5),
                page.to_points(float(stats[k][cv2.CC_STAT_LEFT])),
                page.to_points(float(stats[k][cv2.CC_STAT_LEFT] + stats[k][cv2.CC_STAT_WIDTH])),
                "line",
            ),
            k,
        )
        for k in range(1, count)
    ]


def _long(page: StraightPage, dark: Grey) -> tuple[Grey, list[Rule], Mask]:
    """The ink in which shorter level rules may be found, the long ones, and their mask."""
    width = 2 * round(TORN * page.scale / 2) + 1
    closed = np.asarray(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, width), np.uint8)), np.uint8)
    thin = _thin(page, closed)
    mask = _either(_runs(_thin(page, dark), LONG * page.scale), _runs(thin, LONG_TORN * page.scale))
    return thin, [rule for rule, _ in _pieces(page, mask)], mask


def _torn(page: StraightPage, dark: Grey, along: Sequence[Rule], across: Sequence[Rule]) -> list[Rule]:
    """Stretches of rules from one crossing rule to the next that are there, but in scraps.

    A torn rule has ink in most places along it and, unlike a line of text, little on one side of it.
    """
    found: list[Rule] = []
    crossing = join_pieces(across)
    for line in _in_line(along):
        at = sum(rule.at * (rule.end - rule.start) for rule in line) / sum(r.end - r.start for r in line)
        stops = [rule.at for rule in crossing if rule.start - GAP <= at <= rule.end + GAP]
        for start, end in pairwise(stops):
            covered = sum(max(0.0, min(r.end, end) - max(r.start, start)) for r in line)
            if end - start < GAP or covered >= TORN_COVERED * (end - start):
                continue
            nearest = min(line, key=lambda r: max(r.start - end, start - r.end, 0.0))
            here = _share_inked(page, dark, nearest.at, 0.9, start, end)
            beside = min(
                _share_inked(page, dark, nearest.at + side * 2.4, 0.6, start, end) for side in (-1, 1)
            )
            if (
                here >= TORN_INK
                and here - beside >= TORN_CONTRAST
                and _share_inked(page, dark, nearest.at, 0.9, start, start + ENDS) >= TORN_INK
                and _share_inked(page, dark, nearest.at, 0.9, end - ENDS, end) >= TORN_INK
            ):
                found.append(Rule(nearest.at, start, end, "line"))
    return found


def _in_line(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules sorted into sets that lie in one line with each other."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if lines and rule.at - lines[-1][-1].at <= ALIGNED:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    return lines


def _share_inked(page: StraightPage, dark: Grey, at: float, reach: float, start: float, end: float) -> float:
    """The share of a level strip's columns that hold ink; all measures in points."""
    rows = [max(0, round(page.to_pixels(at + side * reach))) for side in (-1, 1)]
    columns = [max(0, round(page.to_pixels(x))) for x in (start + 0.6, end - 0.6)]
    strip = dark[rows[0] : rows[1] + 1, columns[0] : columns[1]]
    return float((strip.max(axis=0) > SCRAP_DARK).mean()) if strip.size else 0.0


class _Short(NamedTuple):
    """A short rule that may be one.

    How much of it is there, which sides of it are clean, whether it is whole, its pieces' labels.
    """

    rule: Rule
    covered: float
    is_clean: tuple[bool, bool]
    is_whole: bool
    labels: tuple[int, ...]


def _between(
    page: StraightPage, dark: Grey, thin: Grey, along: Sequence[Rule], across: Sequence[Rule]
) -> tuple[list[Rule], Mask]:
    """Short rules that run from one rule across to the next, in one piece or several."""
    mask = _runs(thin, SHORT * page.scale)
    _, labels = cv2.connectedComponents(mask)
    crossing = join_pieces(across)
    known = join_pieces(along)
    label_of = dict(_pieces(page, mask))
    pieces = sorted(label_of)
    places = [piece.at for piece in pieces]
    found: list[_Short] = []
    for seed in pieces:
        at = seed.at
        stops = [rule.at for rule in crossing if rule.start - GAP <= at <= rule.end + GAP]
        k = bisect_right(stops, seed.start + GAP) - 1
        if not 0 <= k < len(stops) - 1:
            continue
        start, end = stops[k], stops[k + 1]
        # It begins at the rule above, so that each short rule has one seed.
        if seed.start > start + REACH or any(
            abs(rule.at - at) < ALIGNED and rule.start <= start + GAP and rule.end >= end - GAP
            for rule in (*known, *(short.rule for short in found))
        ):
            continue
        near = pieces[bisect_left(places, at - STRAIGHT) : bisect_right(places, at + STRAIGHT)]
        parts = [rule for rule in near if rule.start >= start - GAP and rule.end <= end + GAP]
        covered = _covered(parts) / (end - start)
        if max((rule.end for rule in parts), default=start) >= end - REACH and covered >= TORN_COVERED:
            rule = Rule(at, start, end, "line")
            chosen = tuple(label_of[part] for part in parts)
            is_whole = _share_inked(page, dark, at, 0.3, start, end) >= WHOLE
            found.append(_Short(rule, covered, _is_clean(page, dark, rule), is_whole, chosen))
    found.extend(_hidden(page, dark, found, crossing))
    kept = [short for short in found if _is_rule(short, found, known)]
    wanted = [label for short in kept for label in short.labels]
    inked = np.isin(labels, wanted) if wanted else np.zeros_like(mask, dtype=bool)
    return [short.rule for short in kept], inked.astype(np.uint8)


def _hidden(
    page: StraightPage, dark: Grey, found: Sequence[_Short], crossing: Sequence[Rule]
) -> list[_Short]:
    """Short rules in line with others, in rows where print touches them, so that they do not stand out.

    There they are where the ink does not end all the way from one rule across to the next.
    """
    hidden: list[_Short] = []
    for line in _in_line([short.rule for short in found]):
        at = sum(rule.at for rule in line) / len(line)
        stops = [rule.at for rule in crossing if rule.start - GAP <= at <= rule.end + GAP]
        for start, end in pairwise(stops):
            is_found = any(abs(rule.start - start) < GAP for rule in line)
            if is_found or end - start < GAP or _share_inked(page, dark, at, 0.3, start, end) < WHOLE:
                continue
            rule = Rule(at, start, end, "line")
            hidden.append(_Short(rule, 1.0, _is_clean(page, dark, rule), True, ()))
    return hidden


def _covered(parts: Sequence[Rule]) -> float:
    """The length that pieces cover together; strokes side by side cover theirs once."""
    length, reach = 0.0, float("-inf")
    for start, end in sorted((part.start, part.end) for part in parts):
        length += max(0.0, end - max(start, reach))
        reach = max(reach, end)
    return length


def _is_clean(page: StraightPage, dark: Grey, rule: Rule) -> tuple[bool, bool]:
    """Whether hardly any ink stands close on either side of a short rule, as that of a character would."""
    before, after = (
        _share_inked(page, dark, rule.at + side * BESIDE, 0.5, rule.start, rule.end) <= BESIDE_INK
        for side in (-1, 1)
    )
    return before, after


def _is_rule(short: _Short, found: Sequence[_Short], known: Sequence[Rule]) -> bool:
    """Whether a short rule is no stroke of a character that fills its row.

    It lies in line with a rule that is known, or most of those that lie in line with it stand clean.
    """
    at = short.rule.at
    if any(abs(rule.at - at) <= STRAIGHT for rule in known):
        return True
    in_line = [other for other in found if abs(other.rule.at - at) <= STRAIGHT]
    if len(in_line) == 1:
        return all(short.is_clean) and short.covered >= ALONE_COVERED
    if sum(all(other.is_clean) for other in in_line) >= CLEAN * len(in_line):
        return True
    length = max(other.rule.end for other in in_line) - min(other.rule.start for other in in_line)
    is_unbroken = sum(other.rule.end - other.rule.start for other in in_line) >= UNBROKEN * length
    one_sided = max(sum(other.is_clean[side] for other in in_line) for side in (0, 1))
    whole = sum(other.is_whole for other in in_line)
    return len(in_line) >= MANY and is_unbroken and max(one_sided, whole) >= UNBROKEN * len(in_line)
