"""Characters put together to printed lines, within a cell or over a page."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from pipelines.extraction.marks import SLANTED, Glyph, Numbers, sides_of

#: Two characters stand on one line when their middles differ less than this share of the smaller.
SAME_LINE = 0.5
#: A gap wider than this share of the type size is printed white: one space.
SPACE = 0.3
#: So many characters are sorted faster as columns of numbers.
MANY = 48


class PrintedLine(NamedTuple):
    """A line of text and the box of its characters in the reading frame."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float


def printed_lines(
    glyphs: Sequence[Glyph], sides: Numbers | None = None, *, are_upright: bool = False
) -> list[PrintedLine]:
    """The printed lines that the characters make, from the top down; blank ones left out.

    Text is as printed: nothing is normalised. White space between characters becomes one space
    where it is wider than SPACE of the type size and no space was printed there. Characters that
    stand turned by a quarter (a label along the side of a table) are put together in their own
    direction and come after the others. ``sides`` are those of the characters, where they are at hand;
    ``are_upright`` says that none of them stands turned.
    """
    if are_upright or not any(map(DIRECTION, glyphs)):
        return _lines(glyphs, sides)
    lines = _lines([glyph for glyph in glyphs if not glyph.direction])
    for direction in (90, 180, 270):
        turned = [glyph for glyph in glyphs if glyph.direction == direction]
        if turned:
            lines.extend(_turned_lines(turned, direction))
    return lines


def slanted_lines(glyphs: Sequence[Glyph]) -> list[PrintedLine]:
    """The lines of text printed aslant, from characters in the order in which they were drawn.

    A character far from the one before begins another line.
    """
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.direction != SLANTED:
            continue
        if runs:
            last = runs[-1][-1]
            reach = 1.5 * (abs(last.x1 - last.x0) + abs(last.bottom - last.top))
            if abs(glyph.x0 - last.x0) + abs(glyph.top - last.top) <= reach:
                runs[-1].append(glyph)
                continue
        runs.append([glyph])
    return [
        PrintedLine(
            "".join(g.text for g in run).strip(),
            min(g.x0 for g in run),
            min(g.top for g in run),
            max(g.x1 for g in run),
            max(g.bottom for g in run),
            run[0].size,
        )
        for run in runs
        if any(g.text.strip() for g in run)
    ]


def _lines(glyphs: Sequence[Glyph], sides: Numbers | None = None) -> list[PrintedLine]:
    if not glyphs:
        return []
    if _are_level(glyphs):  # the one line of most cells
        line = _line(sorted(glyphs, key=_LEFT))
        return [] if line is None else [line]
    if len(glyphs) >= MANY:
        certain = _certain_lines(glyphs, sides_of(glyphs) if sides is None else sides, SAME_LINE)
        if certain is not None:
            found = map(_line, certain)
            return [line for line in found if line is not None]
    rows: list[list[Glyph]] = []
    row: list[Glyph] = []
    middle, height = 0.0, 0.0
    for glyph in from_top(glyphs):
        _, top, _, bottom, *_ = glyph
        here, tall = (top + bottom) / 2, bottom - top
        if rows and here - middle <= SAME_LINE * (tall if tall < height else height):
            row.append(glyph)
            # The line's middle follows its characters, so that mixed fonts do not split it.
            middle += (here - middle) / len(row)
            if height < tall < 2 * height:
                height = tall
        else:
            row = [glyph]
            rows.append(row)
            middle, height = here, tall
    lines = (_line(sorted(row, key=_LEFT)) for row in rows)
    return [line for line in lines if line is not None]


def from_top(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The characters by their middles from the top down, those at one height from the left."""
    if len(glyphs) < MANY:
        ordered = sorted((top + bottom, x0, k) for k, (x0, top, _, bottom, *_) in enumerate(glyphs))
        return [glyphs[k] for _, _, k in ordered]
    left, top, _, bottom, *_ = zip(*glyphs, strict=True)
    order = np.lexsort((np.array(left), np.array(top) + np.array(bottom)))
    return [glyphs[k] for k in order.tolist()]


def _are_level(glyphs: Sequence[Glyph]) -> bool:
    first, last = glyphs[0], glyphs[-1]
    if first[1] + first[3] != last[1] + last[3]:
        return False
    heights = set(map(_UPRIGHT, glyphs))
    return len(heights) == 1 or len({top + bottom for top, bottom in heights}) == 1


def _certain_lines(glyphs: Sequence[Glyph], sides: Numbers, share: float) -> list[list[Glyph]] | None:
    """The lines of characters, each from left to right, where their heights leave no doubt; else None.

    Characters are of one line when their middles differ by less than ``share`` of their heights. There is no
    doubt where the middles of each line lie within that share of the least height, and the next line's
    further off than of the greatest.
    """
    x0, upper, x1, lower = sides.T
    middle, tall = (upper + lower) / 2, lower - upper
    heights = np.sort(middle)
    begins = np.flatnonzero(np.diff(heights) > share * tall.max()) + 1
    ends = np.concatenate((begins, [len(heights)]))
    starts = np.concatenate(([0], begins))
    if (heights[ends - 1] - heights[starts]).max() > share * tall.min():
        return None
    line = np.searchsorted(heights[starts], middle, "right")
    order = np.lexsort((middle, x1, x0, line)).tolist()
    return [[glyphs[k] for k in order[start:end]] for start, end in zip(starts, ends, strict=True)]


#: A character's left and right side, its upper and lower one, and how it stands turned.
_LEFT, _UPRIGHT, DIRECTION = itemgetter(0, 2), itemgetter(1, 3), itemgetter(6)


def _line(row: list[Glyph]) -> PrintedLine | None:
    """The line of characters ordered from left to right; None where all is blank."""
    while row and not row[0].text.strip():
        row = row[1:]
    while row and not row[-1].text.strip():
        row = row[:-1]
    if not row:
        return None
    begin, top, reach, bottom, text, size, *_ = row[0]
    parts = [text]
    was_blank = False
    for x0, upper, x1, lower, text, tall, *_ in row[1:]:
        if text.isspace():
            was_blank = True
        else:
            if not was_blank and x0 - reach > SPACE * (tall if tall < size else size):
                parts.append(" ")
            was_blank = False
            size = tall
            if upper < top:
                top = upper
            if lower > bottom:
                bottom = lower
        parts.append(text)
        if x1 > reach:
            reach = x1
    return PrintedLine("".join(parts).strip(), begin, top, reach, bottom, size)


def _turned_lines(glyphs: Sequence[Glyph], direction: int) -> list[PrintedLine]:
    """Lines of turned characters: laid level, put together, and their boxes laid back."""

    def level(g: Glyph) -> Glyph:
        if direction == 90:  # runs down: x from top, lines from right to left
            return Glyph(g.top, -g.x1, g.bottom, -g.x0, g.text, g.size)
        if direction == 270:  # runs up: x from bottom, lines from left to right
            return Glyph(-g.bottom, g.x0, -g.top, g.x1, g.text, g.size)
        return Glyph(-g.x1, -g.bottom, -g.x0, -g.top, g.text, g.size)

    def back(line: PrintedLine) -> PrintedLine:
        x0, top, x1, bottom = line.x0, line.top, line.x1, line.bottom
        if direction == 90:
            box = (-bottom, x0, -top, x1)
        elif direction == 270:
            box = (top, -x1, bottom, -x0)
        else:
            box = (-x1, -bottom, -x0, -top)
        return PrintedLine(line.text, *box, line.size)

    return [back(line) for line in _lines([level(g) for g in glyphs])]
