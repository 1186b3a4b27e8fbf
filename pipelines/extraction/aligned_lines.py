"""The printed lines of a page cut into pieces: words, names and numbers with white between them.

Cutting is fine rather than coarse, because pieces that stand in one column come together again,
while a figure and the name in the next column, often only five points apart, never part once glued.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from statistics import median
from typing import NamedTuple

from pipelines.extraction.lines import from_top
from pipelines.extraction.marks import Glyph

#: White wider than this share of the type size parts two pieces of text ...
PARTED = 0.3
#: ... and than this share where a figure stands on one side of it.
PARTED_FIGURE = 0.15
#: A blank is no wider than this share of the type size.
ONE_BLANK = 0.55
#: Characters whose middles differ less than this share of the type size stand on one line.
SAME_LINE = 0.35

_NUMBER = re.compile(r"[-+−]?[\d,，]*\d(?:[.．]\d+)?%?|[-—–]+")
_AMOUNT = re.compile(r"[-+−]?[\d,，]*\d[.．]\d\d")
_CLASS = re.compile(r"2\d\d")
_OPENS = "（(一二三四五六七八九十"
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_AT_END = re.compile(r"(?:^|[与和较比及])(?:19|20)\d\d$")
_ENUMERATOR = re.compile(r"[（(]?[一二三四五六七八九十]+[、)）]|[（(]?\d{1,2}[.．、)）]")
_STARTS = re.compile(r"[（(]?[一二三四五六七八九十]+[、)）]|\d{1,2}[.．、]|\d{3}")
#: A number with no more white than this on either side (type sizes) is part of the text around it.
SPACED_IN = 0.32
_SHORT_NUMBER = re.compile(r"\d{1,4}")
#: The characters of a total's name set wide are no further apart than this, and equally but for this (sizes).
WIDEST_SET, EVENLY = 4.0, 0.3
#: Of a full-width bracket or stop this share of the type size is white, at its outer side.
EMPTY_HALF = 0.45
_EMPTY_LEFT, _EMPTY_RIGHT = "（《〈【〔「“", "）》〉】〕」”，。、：；"
#: Words after which a phrase cannot end (2021年预算数与 | 2020年执行数相比).
_GOES_ON = re.compile(r"[\u4e00-\u9fff](?:与|和|较|比|及)$")
_IDEOGRAPH_AT_END = re.compile(r"[\u4e00-\u9fff]$")
_TOTAL = re.compile(r".{0,6}[合总小]计")


class Piece(NamedTuple):
    """A piece of a line parted from the next by white space."""

    x0: float
    x1: float
    top: float
    bottom: float
    text: str
    size: float

    @property
    def is_number(self) -> bool:
        """Whether it is printed like a number or like the dash that stands for none."""
        return _NUMBER.fullmatch(self.text) is not None

    @property
    def is_total(self) -> bool:
        """Whether it names a total, which often stands over several columns of names."""
        return _TOTAL.fullmatch(self.text) is not None

    @property
    def starts_anew(self) -> bool:
        """Whether it begins the way rows begin (``一、``, a code)."""
        return _STARTS.match(self.text) is not None

    @property
    def centre(self) -> float:
        """Its middle from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def middle(self) -> float:
        """Its middle from top to bottom."""
        return (self.top + self.bottom) / 2

    @property
    def ink(self) -> tuple[float, float]:
        """Its left and right side without the empty halves of full-width brackets.

        Programs that set type close up move a bracket at the beginning of a cell out of it by that half.
        """
        half = EMPTY_HALF * self.size
        if len(self.text) < 2 or self.x1 - self.x0 < 4 * half:
            return self.x0, self.x1
        left = half if self.text[0] in _EMPTY_LEFT else 0.0
        right = half if self.text[-1] in _EMPTY_RIGHT else 0.0
        return self.x0 + left, self.x1 - right


class Line(NamedTuple):
    """A printed line: where it stands and its pieces from left to right."""

    top: float
    bottom: float
    size: float
    pieces: tuple[Piece, ...]

    @property
    def middle(self) -> float:
        """Its middle from top to bottom."""
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        """All of it, pieces parted by a space."""
        return " ".join(piece.text for piece in self.pieces)

    @property
    def numbers(self) -> list[Piece]:
        """The pieces that are numbers."""
        return [piece for piece in self.pieces if piece.is_number]

    @property
    def figures(self) -> list[Piece]:
        """The numbers with white beside them: those of a sentence are no figures of a table.

        Beside another number there may be less: columns of figures can be as full as they are wide.
        """
        return [piece for k, piece in enumerate(self.pieces) if piece.is_number and self._stands_free(k)]

    def _stands_free(self, k: int) -> bool:
        piece = self.pieces[k]
        before = self.pieces[k - 1] if k else None
        after = self.pieces[k + 1] if k + 1 < len(self.pieces) else None
        return (before is None or before.is_number or piece.x0 - before.x1 >= 0.45 * piece.size) and (
            after is None or after.is_number or after.x0 - piece.x1 >= 0.2 * piece.size
        )

    @property
    def counts_columns(self) -> bool:
        """Whether its numbers count columns (栏次  1  2  3)."""
        texts = [piece.text for piece in self.numbers]
        if len(texts) < 2 or not all(text.isdigit() and len(text) < 3 for text in texts):
            return False
        return all(int(b) == int(a) + 1 for a, b in pairwise(texts))

    @property
    def has_figures(self) -> bool:
        """Whether it holds numbers other than years (which head columns)."""
        return any(not _YEAR.fullmatch(piece.text) for piece in self.numbers)


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """Upright characters as lines cut into pieces, from the top down."""
    rows: list[list[Glyph]] = []
    row: list[Glyph] = []
    middle, last_size = 0.0, 0.0
    for glyph in from_top([g for g in glyphs if not g[6] and not g[4].isspace()]):
        _, top, _, bottom, _, size, *_ = glyph
        here = (top + bottom) / 2
        if rows and here - middle <= SAME_LINE * (size if size < last_size else last_size):
            row.append(glyph)
            middle += (here - middle) / len(row)
        else:
            row = [glyph]
            rows.append(row)
            middle = here
        last_size = size
    return [_line(sorted(row, key=_LEFT)) for row in rows]


_LEFT = itemgetter(0)
_TOP, _RIGHT, _BOTTOM, _TEXT, _SIZE = (itemgetter(k) for k in range(1, 6))


def _line(glyphs: list[Glyph]) -> Line:
    runs: list[list[Glyph]] = []
    reach = last_size = float("inf")
    is_figure = False
    for glyph in glyphs:
        x0, _, x1, _, text, size, *_ = glyph
        white = PARTED_FIGURE if is_figure or text in "0123456789.,-—" else PARTED
        is_apart = x0 - reach > white * (size if size < last_size else last_size)
        is_over = bool(runs) and text in _OPENS and _ends_at(runs[-1], glyph, reach)
        if not runs or is_apart or is_over:
            run = [glyph]
            runs.append(run)
        else:
            run.append(glyph)
        if len(runs) == len(run) == 1 or x1 > reach:
            reach = x1
        is_figure, last_size = text in "0123456789.,%", size
    pieces: list[Piece] = []
    for run in runs:
        piece = _piece(run)
        if pieces and _is_one(pieces[-1], piece):
            last = pieces.pop()
            piece = Piece(
                last.x0,
                piece.x1,
                min(last.top, piece.top),
                max(last.bottom, piece.bottom),
                last.text + piece.text,
                max(last.size, piece.size),
            )
        pieces.append(piece)
    return Line(
        min(map(_TOP, glyphs)),
        max(map(_BOTTOM, glyphs)),
        median(map(_SIZE, glyphs)),
        tuple(_with_totals_whole(_with_numbers_inside(pieces))),
    )


def _ends_at(figure: Sequence[Glyph], name: Glyph, reach: float) -> bool:
    """Whether a figure ends where a name begins though hardly any white is left: 11.14（一）行政单位.

    An amount with its decimals does. Any other number does before the empty half of a bracket, that
    is white to the eye: 0（一）基本支出.
    """
    text = "".join(map(_TEXT, figure))
    if _AMOUNT.fullmatch(text):
        return True
    x0, _, x1, _, opening, size, *_ = name
    white = EMPTY_HALF * size if opening in _EMPTY_LEFT and x1 - x0 >= 2 * EMPTY_HALF * size else 0.0
    return white > 0 and x0 + white - reach > PARTED_FIGURE * size and _NUMBER.fullmatch(text) is not None


def _with_totals_whole(pieces: list[Piece]) -> list[Piece]:
    """Pieces put together where they are the characters of a total's name set wide (支  出  总  计).

    Equally far apart: so they are set in the middle of their column, beyond the names above them.
    """
    whole: list[Piece] = []
    for piece in pieces:
        whole.append(piece)
        if len(piece.text) > 1 or piece.text != "计":
            continue
        first = len(whole) - 1
        gap = piece.x0 - whole[first - 1].x1 if first else 0.0
        while (
            first
            and len(whole[first - 1].text) == 1
            and not whole[first - 1].is_number
            and whole[first].x0 - whole[first - 1].x1 <= WIDEST_SET * piece.size
            and abs(whole[first].x0 - whole[first - 1].x1 - gap) <= EVENLY * piece.size
        ):
            first -= 1
        run = whole[first:]
        text = "".join(each.text for each in run)
        if len(run) > 1 and _TOTAL.fullmatch(text):
            top, bottom = min(each.top for each in run), max(each.bottom for each in run)
            whole[first:] = [Piece(run[0].x0, piece.x1, top, bottom, text, max(each.size for each in run))]
    return whole


def _with_numbers_inside(pieces: list[Piece]) -> list[Piece]:
    """Pieces put together where a short number stands inside a text (公开 06 表).

    Typesetting programs put a quarter of the type size between ideographs and figures. A figure of a
    table has no name that near on both sides.
    """
    joined: list[Piece] = []
    k = 0
    while k < len(pieces):
        if k + 2 < len(pieces) and _stands_inside(*pieces[k : k + 3]):
            before, number, after = pieces[k : k + 3]
            text = before.text + number.text + after.text
            top, bottom = min(p.top for p in pieces[k : k + 3]), max(p.bottom for p in pieces[k : k + 3])
            size = max(before.size, number.size, after.size)
            pieces = [*pieces[:k], Piece(before.x0, after.x1, top, bottom, text, size), *pieces[k + 3 :]]
            continue
        joined.append(pieces[k])
        k += 1
    return joined


def _stands_inside(before: Piece, number: Piece, after: Piece) -> bool:
    return (
        _SHORT_NUMBER.fullmatch(number.text) is not None
        and _IDEOGRAPH_AT_END.search(before.text) is not None
        and "\u4e00" <= after.text[0] <= "\u9fff"
        and max(number.x0 - before.x1, after.x0 - number.x1) <= SPACED_IN * number.size
    )


def _piece(run: list[Glyph]) -> Piece:
    return Piece(
        run[0].x0,
        max(map(_RIGHT, run)),
        min(map(_TOP, run)),
        max(map(_BOTTOM, run)),
        "".join(map(_TEXT, run)),
        max(map(_SIZE, run)),
    )


def _is_one(left: Piece, right: Piece) -> bool:
    """Whether two pieces belong together whatever the white between them.

    ``3, 295. 68`` is one number; ``一、`` goes with the name it counts, ``2019`` with 年预算数.
    """
    gap, size = right.x0 - left.x1, min(left.size, right.size)
    if re.search(r"\d[,.，．]$", left.text) and right.text[0].isdigit():
        return gap < 0.8 * size
    if _ENUMERATOR.fullmatch(left.text) and not right.is_number:
        return gap < 1.6 * size
    if _YEAR_AT_END.search(left.text) and right.text[0] == "年":
        return gap <= ONE_BLANK * size
    if _GOES_ON.search(left.text) and _YEAR.match(right.text):
        return gap <= SPACED_IN * size
    if _CLASS.fullmatch(left.text) and "\u4e00" <= right.text[0] <= "\u9fff":
        return gap <= ONE_BLANK * size  # 201 一般公共服务支出
    return False
