"""Where the words stand on a scanned page outside of ruled tables, found from the ink upwards.

Without rules, lines of neighbouring columns stand at different heights (a wrapped header beside one
that is not), so that no white runs across the page between them. What stands close beside each other is
smeared together instead; a smear that is higher than a line is smeared less.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.extraction.scan_lines import Inked, Mask, Piece, Region, is_text, parted_lines

#: Ink is smeared over white narrower than these shares of the type size, the less the more hangs together.
SMEARS = (0.95, 0.7, 0.45, 0.3)
#: What is higher than this share of the type size is more than one line, unless its characters are as large.
LINE = 1.35
#: A part of a character (of 三, 公) is lower than this share of the type size ...
PART = 0.75
#: ... and makes one with another that overlaps this share of it, no further above or below than this share,
#: where both are no higher than a line.
ABOVE, WHITE, ONE_LINE = 0.5, 0.65, 1.1
#: Print higher than this share of the type size is large, and what stands nearer to it than so many times its
#: height in one line is as large.
LARGE, NEAR = 1.3, 3.0
#: What is smaller than this share of the type size both ways belongs to what stands as near beside it, its
#: middle no further above or below that than this share.
SMALL, AROUND = 0.5, 0.1
#: Ink that is larger than this share of the type size either way is no print.
NO_PRINT = 6.0


def words_of(page: Inked) -> list[Piece]:
    """The words on a page, from the top down, with the room up to what stands around each."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(page.mask)
    is_print = stats[:, cv2.CC_STAT_HEIGHT] <= NO_PRINT * page.size
    is_print[0] = False
    ink = is_print[labels].astype(np.uint8) if count > 1 else page.mask
    page = page._replace(mask=ink)
    boxes = [
        line for box in _smeared(page, ink, 0, 0, 0) for line in _lines(page, box) if is_text(page, line)
    ]
    boxes.sort(key=lambda box: (box.top, box.left))
    return [Piece(box, room) for box, room in zip(boxes, _rooms(page, boxes), strict=True)]


def _smeared(page: Inked, ink: Mask, left: int, top: int, step: int) -> list[Region]:
    """The outlines of what hangs together in a part of the page when smeared; the part begins there."""
    reach = max(1, round(SMEARS[step] * page.size))
    smear = cv2.morphologyEx(
        cv2.copyMakeBorder(ink, 0, 0, reach, reach, cv2.BORDER_CONSTANT),
        cv2.MORPH_CLOSE,
        np.ones((1, reach), np.uint8),
    )[:, reach:-reach]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(smear))
    found: list[Region] = []
    for k in range(1, count):
        x, y, width, height = (int(each) for each in stats[k][:4])
        part = np.where(labels[y : y + height, x : x + width] == k, ink[y : y + height, x : x + width], 0)
        if height > LINE * page.size and step + 1 < len(SMEARS) and not _is_large(page, part):
            found.extend(_smeared(page, np.asarray(part, np.uint8), left + x, top + y, step + 1))
        else:
            found.append(Region(left + x, top + y, left + x + width, top + y + height))
    return _with_small(page, _whole(page, found)) if not step else found


def _is_large(page: Inked, part: npt.NDArray[np.uint8]) -> bool:
    """Whether a part of the page holds characters that are higher than a line, most of its height."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(part, np.uint8))
    heights = stats[1:, cv2.CC_STAT_HEIGHT]
    large = heights >= 0.7 * part.shape[0]
    return int(stats[1:, cv2.CC_STAT_AREA][large].sum()) > 0.3 * int(part.sum())


def _whole(page: Inked, boxes: Sequence[Region]) -> list[Region]:
    """The outlines, those of parts of one character that stand above each other put together."""
    large = [box for box in boxes if box.bottom - box.top >= LARGE * page.size]
    whole: list[Region] = []
    for box in sorted(boxes, key=lambda each: (each.top, each.left)):
        size = _size_at(box, large, page.size)
        for k, other in enumerate(whole):
            joined = _union(box, other)
            narrower = min(box.right - box.left, other.right - other.left)
            overlap = min(box.right, other.right) - max(box.left, other.left)
            lower = min(box.bottom - box.top, other.bottom - other.top)
            if (
                lower < PART * size
                and overlap >= ABOVE * narrower
                and box.top - other.bottom <= WHITE * size
                and joined.bottom - joined.top <= ONE_LINE * size
            ):
                whole[k] = joined
                break
        else:
            whole.append(box)
    return whole


def _with_small(page: Inked, boxes: Sequence[Region]) -> list[Region]:
    """The outlines, small ones (quotes, commas, dots) put to what stands close beside them in their line."""
    large = [box for box in boxes if box.bottom - box.top >= LARGE * page.size]
    small = {
        box: size
        for box in boxes
        if max(box.bottom - box.top, box.right - box.left) < SMALL * (size := _size_at(box, large, page.size))
    }
    found = [box for box in boxes if box not in small]
    for box, size in small.items():
        middle = (box.top + box.bottom) / 2
        beside: list[tuple[int, int]] = []
        for k, other in enumerate(found):
            # A 一 is as high as a line.
            lift = max(0.0, size - (other.bottom - other.top)) / 2 + AROUND * size
            gap = max(other.left - box.right, box.left - other.right)
            if gap <= SMALL * size and other.top - lift <= middle <= other.bottom + lift:
                beside.append((gap, k))
        if beside:
            _, k = min(beside)
            found[k] = _union(box, found[k])
        else:
            found.append(box)
    return found


def _union(one: Region, other: Region) -> Region:
    return Region(
        min(one.left, other.left),
        min(one.top, other.top),
        max(one.right, other.right),
        max(one.bottom, other.bottom),
    )


def _size_at(box: Region, large: Sequence[Region], usual: float) -> float:
    """How high print is where a part stands: as high as large print that it stands in one line with."""
    middle = (box.top + box.bottom) / 2
    beside = [
        other.bottom - other.top
        for other in large
        if other.top <= middle <= other.bottom
        and max(other.left - box.right, box.left - other.right) <= NEAR * (other.bottom - other.top)
    ]
    return min(max(beside, default=usual), NO_PRINT * usual)


def _lines(page: Inked, box: Region) -> list[Region]:
    """An outline cut into the lines that touch in it, each as wide as its ink."""
    ink = page.mask[box.top : box.bottom, box.left : box.right]
    if box.bottom - box.top <= LINE * page.size or _is_large(page, ink):
        return [box]
    found: list[Region] = []
    for top, bottom in parted_lines(page, box):
        columns = np.flatnonzero(page.mask[top:bottom, box.left : box.right].any(axis=0))
        if columns.size:
            found.append(Region(box.left + int(columns[0]), top, box.left + int(columns[-1]) + 1, bottom))
    return found


def _rooms(page: Inked, boxes: Sequence[Region]) -> list[Region]:
    """The room of each outline: half-way to the nearest other one on every side."""
    height, width = page.mask.shape
    if not boxes:
        return []
    left, top, right, bottom = np.array(boxes).T
    near = round(0.5 * page.size)
    rooms: list[Region] = []
    for box in boxes:
        level = (top < box.bottom) & (box.top < bottom)
        stacked = (left < box.right + near) & (box.left - near < right)
        before, after = right[level & (right <= box.left)], left[level & (left >= box.right)]
        above, below = bottom[stacked & (bottom <= box.top)], top[stacked & (top >= box.bottom)]
        rooms.append(
            Region(
                (int(before.max()) + box.left) // 2 if before.size else 0,
                (int(above.max()) + box.top) // 2 if above.size else 0,
                (box.right + int(after.min()) + 1) // 2 if after.size else width,
                (box.bottom + int(below.min()) + 1) // 2 if below.size else height,
            )
        )
    return rooms
