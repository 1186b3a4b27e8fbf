"""Which lines of a page make an unruled table.

Four things lead to one: a line that states the unit of money, as it is printed above tables; a frame
around it; the table of the page before that goes on; or, with none of these, at least ``ROWS`` lines
with at least ``NUMBER_COLUMNS`` numbers each that stand under each other. Narrative full of figures
does none of that. A table ends before prose, notes, a title in larger type, or a wide white gap.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from pipelines.extraction.aligned_lines import Line, Piece
from pipelines.extraction.model import PageBefore
from pipelines.extraction.normalise import normalise_text

#: Without other evidence a table has at least this many rows with numbers ...
ROWS = 3
#: ... in at least this many columns.
NUMBER_COLUMNS = 2
#: A single line of at least so many numbers and nothing else, so many of them with decimals, is one too.
ROW_NUMBERS, ROW_DECIMALS = 4, 2
#: Numbers whose left edges, right edges or middles differ less (points) stand under each other.
UNDER = 4.0
#: Without other evidence white before a number is at least this wide (type sizes).
PARTED = 0.9
#: White of more type sizes than this ends a table.
WIDEST_GAP = 5.0
#: ... unless a line below it with figures under the table's ends so many type sizes of blank rows.
WIDEST_BLANK = 15.0
#: Type larger or smaller than the table's by more than this share is not the table's.
OTHER_TYPE = 0.17
#: A single piece of text longer than this is a sentence.
LONGEST_NAME = 40

#: A line longer than this is a sentence and no head of a table.
LONGEST_HEAD = 80
#: The unit of money as lines above tables state it.
UNIT = re.compile(r"单位\s*[:：]?\s*(?:人民币)?\s*[十百千万亿]*元")
_NOTE = re.compile(r"[（(]?(?:备\s*)?[注说]\s*明?\s*[:：]|备注|说明")
_FURNITURE = re.compile(r"(?:^|\s)[-–—]\s?\d{1,4}\s?[-–—]$|第\s?\d{1,4}\s?页|^\d{1,4}$")
_FIELD = re.compile(r"^\S{2,6}[:：]")


class Region(NamedTuple):
    """Lines from ``first`` to ``last`` (included) that make one table; whether it goes on one before."""

    first: int
    last: int
    goes_on: bool = False


def is_furniture(line: Line, height: float) -> bool:
    """Whether a line is a page number at the edge of the page."""
    if 0.1 * height < line.middle < 0.9 * height:
        return False
    return _FURNITURE.search(line.text) is not None


def counts_on(line: Line, height: float, before: PageBefore) -> bool:
    """Whether the last line of a page is the foot of the page before with the next page number.

    The pages of a new section may be counted from 1 again.
    """
    if not before.foot or line.middle < 0.9 * height:
        return False
    foot, numbers = foot_words(line.text)
    return foot == before.foot and numbers in ([before.foot_number + 1], [1])


def foot_words(text: str) -> tuple[str, list[int]]:
    """The words of a line without white space and with ``#`` for its numbers, and the numbers."""
    words = "".join(normalise_text(text).split())
    return re.sub(r"\d{1,9}", "#", words), [int(number) for number in re.findall(r"\d{1,9}", words)]


def states_unit(line: Line) -> bool:
    """Whether a line states the unit of the figures below (单位：万元) and holds no figures itself."""
    return UNIT.search(line.text) is not None and not line.figures and len(line.text) < LONGEST_HEAD


def regions_of(
    lines: Sequence[Line],
    barriers: Sequence[float],
    *,
    is_framed: bool = False,
    goes_on: bool = False,
    is_headed: bool = False,
) -> list[Region]:
    """The tables among the lines, from the top.

    ``barriers`` are heights that no table crosses (tables already found). ``is_framed`` says that
    all lines stand in one frame, ``goes_on`` that a table of the page before may go on at the top,
    ``is_headed`` that the page before ends with the head of a table that begins here.
    """
    found: list[Region] = []
    k = 0
    starts = [j + 1 for j, line in enumerate(lines) if states_unit(line)]
    if is_framed:
        starts = starts[:1] or [0]
    elif (goes_on or is_headed) and lines:
        starts = [0, *starts]
    for start in starts:
        if start < k or start >= len(lines):
            continue
        end = len(lines) - 1 if is_framed else _end(lines, start, barriers)
        region = _checked(lines, start, end, goes_on=goes_on and start == 0)
        if region is not None:
            found.append(region)
            k = region.last + 1
    if is_framed:
        return found
    for first, last in _blocks(lines, barriers):
        if not any(first <= r.last and r.first <= last for r in found):
            floor = max((r.last + 1 for r in found if r.last < first), default=0)
            first = _with_header(lines, first, last, barriers, floor)
            found.append(Region(first, max(last, _with_foot(lines, last, barriers))))
    return sorted(found)


def _is_parted(lines: Sequence[Line], k: int, barriers: Sequence[float]) -> bool:
    """Whether something stands between line ``k - 1`` and line ``k``, or much white."""
    above, below = lines[k - 1], lines[k]
    if below.top - above.bottom > WIDEST_GAP * max(above.size, below.size):
        return True
    return any(above.middle < at < below.middle for at in barriers)


def _end(lines: Sequence[Line], start: int, barriers: Sequence[float]) -> int:
    """The last line that may belong to the table whose first line is ``start`` (start - 1: none)."""
    size = lines[start].size
    for k in range(start, len(lines)):
        line = lines[k]
        if k > 0 and _is_parted(lines, k, barriers) and not _is_far_total(lines, start, k, barriers):
            return k - 1
        if states_unit(line) or is_note(line):
            return k - 1
        if abs(line.size - size) > OTHER_TYPE * size and not line.has_figures:
            return k - 1
    return len(lines) - 1


def _is_far_total(lines: Sequence[Line], start: int, k: int, barriers: Sequence[float]) -> bool:
    """Whether line ``k`` goes on the table over white: its figures are under the table's or its first."""
    above, line = lines[k - 1], lines[k]
    if k == start or line.top - above.bottom > WIDEST_BLANK * line.size or not line.has_figures:
        return False
    if any(above.middle < at < line.middle for at in barriers):
        return False
    if len(line.figures) < 2 and not line.pieces[0].is_total:
        return False  # a running foot with a page number, not the line of the totals
    earlier = [number for other in lines[start:k] for number in other.figures]
    # Below the header alone a high row of two figures and more begins the table.
    return not earlier or all(any(is_under(number, other) for other in earlier) for number in line.figures)


def is_note(line: Line) -> bool:
    """Whether a line begins a note, is a sentence or goes on over a sentence's length."""
    text = line.text
    if _NOTE.match(text) or text.endswith(("。", "；", "！")):
        return True
    return any(len(piece.text) > LONGEST_NAME for piece in line.pieces)


def _checked(lines: Sequence[Line], start: int, end: int, *, goes_on: bool) -> Region | None:
    """The region if its lines hold a table's figures, without the lines below that hold none."""
    figures = [k for k in range(start, end + 1) if lines[k].has_figures]
    if not figures or figures[0] - start > 12:
        return None
    most = max(len(lines[k].figures) for k in figures)
    if most < 3 and not (len(figures) >= 2 and _some_under(lines, figures)) and not goes_on:
        return None
    if most < 2 and len(figures) < 2 and not goes_on:
        return None
    if not most and any("，" in lines[k].text for k in figures):
        return None  # a sentence on the page after a table
    return Region(start, end, goes_on)


def _some_under(lines: Sequence[Line], figures: Sequence[int]) -> bool:
    numbers = [n for k in figures for n in lines[k].figures]
    return any(is_under(a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :])


def is_under(one: Piece, other: Piece) -> bool:
    """Whether two pieces stand under each other: left sides, right sides or middles agree."""
    return (
        abs(one.x1 - other.x1) <= UNDER
        or abs(one.x0 - other.x0) <= UNDER
        or abs(one.x0 + one.x1 - other.x0 - other.x1) <= 2 * UNDER
    )


def _blocks(lines: Sequence[Line], barriers: Sequence[float]) -> list[tuple[int, int]]:
    """First and last line of each stretch whose numbers stand under each other."""
    blocks: list[tuple[int, int]] = []
    run: list[int] = []
    for k, line in enumerate(lines):
        if len(_apart(line)) < NUMBER_COLUMNS:
            continue
        if run and not _goes_with(lines, run, k, barriers):
            if _is_enough(lines, run):
                blocks.append((run[0], run[-1]))
            run = []
        run.append(k)
    if _is_enough(lines, run):
        blocks.append((run[0], run[-1]))
    return blocks


def _is_enough(lines: Sequence[Line], run: Sequence[int]) -> bool:
    """Whether lines with numbers under each other are a table without any other evidence.

    A line that is nothing but figures is what a page end leaves of a statement of one row.
    """
    return len(run) >= ROWS or any(_is_all_figures(lines[k]) for k in run)


def _is_all_figures(line: Line) -> bool:
    decimals = sum("." in piece.text for piece in line.numbers)
    return len(line.numbers) == len(line.pieces) >= ROW_NUMBERS and decimals >= ROW_DECIMALS


def _goes_with(lines: Sequence[Line], run: Sequence[int], k: int, barriers: Sequence[float]) -> bool:
    """Whether line ``k`` stands near the run before it with its numbers under theirs."""
    last = lines[run[-1]]
    pitch = max(3.0 * (last.bottom - last.top), 1.0)
    between = lines[run[-1] + 1 : k]
    if lines[k].top - last.bottom > pitch * (1 + len(between)) or len(between) > 4:
        return False
    if any(is_note(line) or states_unit(line) for line in between):
        return False
    if any(last.middle < at < lines[k].middle for at in barriers):
        return False
    under = sum(any(is_under(number, other) for other in _apart(last)) for number in _apart(lines[k]))
    return under >= NUMBER_COLUMNS


def _apart(line: Line) -> list[Piece]:
    """The figures with plenty of white before them, more than between words."""
    return [
        piece
        for k, piece in enumerate(line.pieces)
        if piece in line.figures and (not k or piece.x0 - line.pieces[k - 1].x1 >= PARTED * piece.size)
    ]


def _with_header(lines: Sequence[Line], first: int, last: int, barriers: Sequence[float], floor: int) -> int:
    """The first line counting header lines above: near, of the table's type, no title and no field."""
    body = lines[first]
    low = min(line.pieces[0].x0 for line in lines[first : last + 1])
    high = max(line.pieces[-1].x1 for line in lines[first : last + 1])
    while first > floor:
        line = lines[first - 1]
        if _is_parted(lines, first, barriers) or is_note(line) or states_unit(line):
            break
        if abs(line.size - body.size) > OTHER_TYPE * body.size:
            break
        higher = lines[max(floor, first - 3) : first - 1]
        if len(line.pieces) < 2 and not any(len(above.pieces) > 1 for above in higher):
            break
        if line.pieces[0].x0 < low - 30 or line.pieces[-1].x1 > high + 30:
            break
        if any(_FIELD.search(piece.text) for piece in line.pieces):
            break  # "部门：…    单位：…" stands above a table, it is not its header
        first -= 1
    return first


def _with_foot(lines: Sequence[Line], last: int, barriers: Sequence[float]) -> int:
    """The last line counting those below that may still belong to the table."""
    size = lines[last].size
    pitch = median([2.5 * size, WIDEST_GAP * size, 2 * size])
    while last + 1 < len(lines):
        line = lines[last + 1]
        if _is_parted(lines, last + 1, barriers) or line.top - lines[last].bottom > pitch:
            break
        if is_note(line) or states_unit(line) or abs(line.size - size) > OTHER_TYPE * size:
            break
        last += 1
    return last
