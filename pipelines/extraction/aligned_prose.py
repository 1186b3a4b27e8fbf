"""Pages of prose are told before their lines are cut into pieces: most pages of a disclosure are.

What ``aligned_regions`` asks of a table without rules is a line that states the unit of money, or lines with
two figures each that stand apart: one of the two has other text left of it and much white before it. Where
neither is on a page, all the rest need not be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import itemgetter

import numpy as np

from pipelines.extraction.aligned_lines import SAME_LINE
from pipelines.extraction.aligned_regions import PARTED
from pipelines.extraction.marks import Glyph, Numbers, sides_of

#: What a number, or the dash that stands for none, may begin with beside digits.
_BEGINS = frozenset("-+−,，—–")
#: ``aligned_regions.states_unit``, in text without white space.
_UNIT = re.compile(r"单位[:：]?(?:人民币)?[十百千万亿]*元")


def is_prose(glyphs: Sequence[Glyph], sides: Numbers | None = None) -> bool:
    """Whether there is certainly no table without rules among the characters.

    Lines are told by ``aligned_lines.lines_of``'s rule; where that might part them otherwise, nothing
    is certain. ``sides`` are those of the characters, where they are at hand.
    """
    sides = sides_of(glyphs) if sides is None else sides
    text = list(map(itemgetter(4), glyphs))
    is_left_out = list(map(str.isspace, text))
    if any(map(itemgetter(6), glyphs)):
        is_left_out = [out or glyph[6] != 0 for out, glyph in zip(is_left_out, glyphs, strict=True)]
    kept = np.flatnonzero(~np.array(is_left_out, np.bool_))
    if not len(kept):
        return True
    x0, top, x1, bottom = sides[kept].T
    tall = np.fromiter(map(itemgetter(5), glyphs), np.float64, len(glyphs))[kept]
    middle = (top + bottom) / 2
    heights = np.sort(middle)
    begins = np.flatnonzero(np.diff(heights) > SAME_LINE * tall.max()) + 1
    starts = np.concatenate(([0], begins))
    span = heights[np.concatenate((begins, [len(heights)])) - 1] - heights[starts]
    if span.max() > SAME_LINE * tall.min():
        return False
    line = np.searchsorted(heights[starts], middle, "right")
    order = np.lexsort((x0, line))
    letters = [text[k] for k in kept[order].tolist()]
    if _UNIT.search("".join(letters)):
        return False
    x0, x1, tall, line = x0[order], x1[order], tall[order], line[order]
    stands_apart = (line[1:] == line[:-1]) & (x0[1:] - x1[:-1] >= PARTED * tall[1:])
    apart = [letters[k][:1] for k in (np.flatnonzero(stands_apart) + 1).tolist()]
    return not any(letter in _BEGINS or letter.isdigit() for letter in apart)
