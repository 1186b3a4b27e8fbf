"""Pages of prose are told before their lines are cut into pieces: most pages of a disclosure are.

What ``aligned_regions`` asks of a table without rules is a line that states the unit of money, or lines with
two figures each that stand apart: one of the two has other text left of it and much white before it. Where
neither is on a page, all the rest need not be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from pipelines.extraction.aligned_lines import SAME_LINE
from pipelines.extraction.aligned_regions import PARTED
from pipelines.extraction.marks import Glyph

#: What a number, or the dash that stands for none, may begin with beside digits.
_BEGINS = frozenset("-+−,，—–")
#: ``aligned_regions.states_unit``, in text without white space.
_UNIT = re.compile(r"单位[:：]?(?:人民币)?[十百千万亿]*元")


def is_prose(glyphs: Sequence[Glyph]) -> bool:
    """Whether there is certainly no table without rules among the characters.

    Lines are told by ``aligned_lines.lines_of``'s rule; where that might part them otherwise, nothing
    is certain.
    """
    upright = [glyph for glyph in glyphs if not glyph[6] and not glyph[4].isspace()]
    if not upright:
        return True
    left, top, right, bottom, text, size, *_ = zip(*upright, strict=True)
    middle = (np.array(top) + np.array(bottom)) / 2
    heights = np.sort(middle)
    begins = np.flatnonzero(np.diff(heights) > SAME_LINE * max(size)) + 1
    starts = np.concatenate(([0], begins))
    span = heights[np.concatenate((begins, [len(heights)])) - 1] - heights[starts]
    if span.max() > SAME_LINE * min(size):
        return False
    x0, x1, tall = np.array(left), np.array(right), np.array(size)
    line = np.searchsorted(heights[starts], middle, "right")
    order = np.lexsort((x0, line))
    letters = [text[k] for k in order.tolist()]
    if _UNIT.search("".join(letters)):
        return False
    x0, x1, tall, line = x0[order], x1[order], tall[order], line[order]
    stands_apart = (line[1:] == line[:-1]) & (x0[1:] - x1[:-1] >= PARTED * tall[1:])
    apart = [letters[k][:1] for k in (np.flatnonzero(stands_apart) + 1).tolist()]
    return not any(letter in _BEGINS or letter.isdigit() for letter in apart)
