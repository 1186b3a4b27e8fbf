"""Where the columns of an unruled table part: white over all its lines, and the words of its header.

The lines with figures show the columns in which something is printed; the lowest words of the header
are matched with them from left to right, and a word left over heads a column that is blank on this
page. Where exactly a border was meant follows from how tables are set: a header word stands in the
middle of its column, figures end at its right side, names begin at its left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.extraction.aligned_lines import Line, Piece

#: Header lines nearer than this many type sizes (middle to middle) are one wrapped word ...
LEADING = 1.4
#: ... or than this where the upper line had no room to be longer, so near (type sizes) its neighbour is ...
WIDE_LEADING, NO_ROOM = 2.0, 1.5
#: Words of a header line nearer than this (type sizes) stand in neighbouring columns.
NEIGHBOURS = 12.0
#: ... when their middles or left sides differ less than this (points).
CENTRED = 2.5
#: A word stands lower than another from this share of its size.
LOWER = 0.6
#: The two characters of a spaced word (支　　　　出) are no further apart (type sizes).
WIDEST_SPACED = 8.0
#: Those of a longer one (预  算  数) no further than this, and equally far but for this.
NEAR_SPACED, EVEN = 3.0, 0.3
#: What it costs to take a header word for the name of a blank column, or to leave a column nameless.
BLANK_COLUMN = 40.0
NAMELESS = 25.0

_ASIDE = re.compile(r"[(（][^()（）]*[)）]$")
_OPENING, _CLOSING = re.compile("[(（]"), re.compile("[)）]")


@dataclass(frozen=True, slots=True)
class Block:
    """A word of the header, wrapped or not."""

    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    pieces: tuple[Piece, ...]

    @property
    def centre(self) -> float:
        """Its middle from left to right."""
        return (self.x0 + self.x1) / 2

    @property
    def middle(self) -> float:
        """Its middle from top to bottom."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Columns:
    """The edges of the columns, the header word of each column (None without one), words over several."""

    edges: tuple[float, ...]
    leaves: tuple[Block | None, ...]
    parents: tuple[Block, ...]
    cost: float = 0.0


def blocks_of(header: Sequence[Line], rules: Sequence[float] = (), *, wide: bool = True) -> list[Block]:
    """The words of a header, wrapped lines put together; ``rules`` are level rules that part them.

    ``wide`` takes lines further apart for one word too where the upper one had no room.
    """
    blocks: list[Block] = []
    full = _without_room(header)
    for line in header:
        second = _second_lines(line, blocks)
        for group in _spaced_words(line.pieces, blocks):
            new = _block(group)
            above = [
                b
                for b in blocks
                if _is_wrapped(
                    b,
                    new,
                    WIDE_LEADING
                    if _closes(b, new) or (wide and (b.pieces[-1] in full or second[group[0]]))
                    else LEADING,
                )
                and not any(b.middle < rule < new.middle for rule in rules)
            ]
            if above:
                old = min(above, key=lambda b: abs(b.centre - new.centre))
                blocks[blocks.index(old)] = _block([*old.pieces, *new.pieces])
            else:
                blocks.append(new)
    return blocks


def _closes(above: Block, below: Block) -> bool:
    """Whether a word closes the bracket that one above it opens: 上年结转（结 over 余）."""
    opened, closed = ("".join(piece.text for piece in block.pieces) for block in (above, below))
    is_open = len(_OPENING.findall(opened)) - len(_CLOSING.findall(opened)) == 1
    return is_open and len(_CLOSING.findall(closed)) - len(_OPENING.findall(closed)) == 1


def _block(pieces: Sequence[Piece]) -> Block:
    return Block(
        min(p.x0 for p in pieces),
        max(p.x1 for p in pieces),
        min(p.top for p in pieces),
        max(p.bottom for p in pieces),
        max(p.size for p in pieces),
        tuple(pieces),
    )


def _spaced_words(pieces: Sequence[Piece], above: Sequence[Block]) -> list[list[Piece]]:
    """Pieces of a header line, a word of two spaced characters (收  入, 项  目（按功能分类）) as one.

    Not where one of the two is the last character of a wrapped word ``above``, or both are of words whose
    lines stand further apart.
    """
    groups: list[list[Piece]] = []
    k = 0
    while k < len(pieces):
        if n := _evenly_spaced(pieces[k:]):
            groups.append(list(pieces[k : k + n]))
            k += n
            continue
        pair = pieces[k : k + 2]
        is_pair = (
            len(pair) == 2
            and all(len(_ASIDE.sub("", p.text)) == 1 and not p.is_number for p in pair)
            and len(pair[0].text) == 1
            and pair[1].x0 - pair[0].x1 < WIDEST_SPACED * pair[0].size
            and not (k and pair[0].x0 - pieces[k - 1].x1 < 2 * (pair[1].x0 - pair[0].x1))
            and not (k + 2 < len(pieces) and pieces[k + 2].x0 - pair[1].x1 < 2 * (pair[1].x0 - pair[0].x1))
            and not any(_is_wrapped(block, _block([piece])) for piece in pair for block in above)
            and not all(any(_is_wrapped(b, _block([piece]), WIDE_LEADING) for b in above) for piece in pair)
        )
        groups.append(list(pair) if is_pair else [pieces[k]])
        k += len(groups[-1])
    return groups


def _evenly_spaced(pieces: Sequence[Piece]) -> int:
    """How many pieces are the characters of one word of three and more (预  算  数), 0 where they are none.

    They stand alone, near each other and equally far apart.
    """
    n = 1
    while n < len(pieces) and len(pieces[n - 1].text) == len(pieces[n].text) == 1:
        if pieces[n - 1].is_number or pieces[n].is_number:
            break
        gap = pieces[n].x0 - pieces[n - 1].x1
        first = pieces[1].x0 - pieces[0].x1
        if gap > NEAR_SPACED * pieces[n].size or abs(gap - first) > EVEN * pieces[n].size:
            break
        n += 1
    return n if n > 2 else 0


def _second_lines(line: Line, blocks: Sequence[Block]) -> dict[Piece, bool]:
    """Of the first piece of each word of a header line, whether the word goes on a longer one right above.

    Words that stand over several columns have as many beside each other below them, not one shorter one.
    """
    words = [_block(group) for group in _spaced_words(line.pieces, blocks)]
    short = [
        any(
            _is_wrapped(above, word, WIDE_LEADING)
            and len(above.pieces[-1].text) > max(3, sum(len(piece.text) for piece in word.pieces))
            for above in blocks
        )
        for word in words
    ]
    near = NEIGHBOURS * line.size
    return {
        word.pieces[0]: is_short
        and all(
            other_is_short
            for other, other_is_short in zip(words, short, strict=True)
            if other.x0 - word.x1 < near and word.x0 - other.x1 < near
        )
        for word, is_short in zip(words, short, strict=True)
    }


def _without_room(header: Sequence[Line]) -> set[Piece]:
    """The words of a header, of four characters and more, that stand close to the next beside them.

    Words of one and of two lines in the middle of one row stand half a line apart.
    """
    full: set[Piece] = set()
    for k, line in enumerate(header):
        near = [other for other in header[k:] if other.middle - line.middle <= line.size]
        pieces = sorted((piece for other in near for piece in other.pieces), key=lambda piece: piece.x0)
        for left, right in pairwise(pieces):
            if 0 <= right.x0 - left.x1 <= NO_ROOM * left.size:
                full.update(piece for piece in (left, right) if len(piece.text) > 3)
    return full


def _is_wrapped(above: Block, below: Block, leading: float = LEADING) -> bool:
    last = above.pieces[-1]
    distance = below.middle - last.middle
    if not 0.5 * below.size < distance <= leading * min(last.size, below.size):
        return False
    if distance > LEADING * min(last.size, below.size) and below.x1 - below.x0 > last.x1 - last.x0 + 1:
        return False
    if last.size != below.size and abs(last.size - below.size) > 0.2 * below.size:
        return False
    off_centre = min(abs(above.centre - below.centre), abs(_ink_centre(above) - _ink_centre(below)))
    return off_centre <= CENTRED or abs(above.x0 - below.x0) <= CENTRED / 2


def _ink_centre(block: Block) -> float:
    """The middle of a word to the eye, without the empty halves of brackets at its sides."""
    sides = [piece.ink for piece in block.pieces]
    return (min(x0 for x0, _ in sides) + max(x1 for _, x1 in sides)) / 2


def head_columns(
    spans: Sequence[tuple[float, float]],
    leaves: Sequence[Block],
    parents: Sequence[Block],
    outline: tuple[float, float],
    figures: Sequence[bool],
    uprights: Sequence[float] = (),
) -> Columns:
    """The columns of a table from where its lines print (``spans``) and from its header's words.

    ``leaves`` are the words that head one column, ``parents`` those over several; ``figures`` says of
    each span whether figures stand in it, ``uprights`` are upright rules between columns.
    """
    columns, cost = _matched(spans, sorted(leaves, key=lambda b: b.centre), figures)
    extents: list[tuple[float, float]] = []
    for span, leaf in columns:
        if span is None:
            assert leaf is not None
            extents.append((leaf.x0, leaf.x1))
        else:
            extents.append(span)
    low = min(outline[0], *(x0 for x0, _ in extents))
    high = max(outline[1], *(x1 for _, x1 in extents))
    edges = [high]
    for k in range(len(columns) - 1, 0, -1):
        leaf = columns[k][1]
        left, right = extents[k - 1][1], extents[k][0]
        before = columns[k - 1][1]
        wide = (
            max(left, before.x1 if before and before.x1 < right else left),
            min(right, leaf.x0 if leaf and leaf.x0 > left else right),
        )
        if wide[0] <= wide[1]:
            left, right = wide
        edge = (left + right) / 2
        if leaf is not None:
            mirrored = 2 * leaf.centre - edges[0]
            if left - 1 <= mirrored <= right + 1:
                edge = min(max(mirrored, left), right)
        drawn = [at for at in uprights if left - 1 <= at <= right + 1]
        edges.insert(0, drawn[0] if drawn else edge)
    return Columns((low, *edges), tuple(leaf for _, leaf in columns), tuple(parents), cost)


def part_leaves(
    blocks: Sequence[Block], spans: Sequence[tuple[float, float]]
) -> tuple[list[Block], list[Block], list[Block]]:
    """The words that head one column, those that stand over several, and those that may be either.

    A word high in the header, or with another below it, stands over several columns; so may one
    between two lower neighbours.
    """
    leaves: list[Block] = []
    parents: list[Block] = []
    doubtful: list[Block] = []
    # A row with a wrapped word is higher than others, and looks yet higher than it is.
    middles = [b.middle for b in blocks]
    half = (min(b.top for b in blocks) + max(b.bottom for b in blocks)) / 2 if blocks else 0.0
    middle = min(half, (min(middles) + max(middles)) / 2) if blocks else 0.0
    for block in blocks:
        lower = [other for other in blocks if other.middle > block.middle + LOWER * block.size]
        crossed = sum(x0 < block.x1 - 1 and block.x0 + 1 < x1 for x0, x1 in spans)
        is_high = block.middle < middle - 0.35 * block.size
        is_between = any(b.centre < block.centre for b in lower) and any(
            b.centre > block.centre for b in lower
        )
        if not lower:
            leaves.append(block)
        elif (
            any(other.x0 < block.x1 and block.x0 < other.x1 for other in lower)
            or (is_high and is_between)
            or crossed > 1
        ):
            parents.append(block)
        elif is_high or is_between:
            # A long word wrapped into the foot of the header makes others look high that head one column.
            doubtful.append(block)
        else:
            leaves.append(block)
    return leaves, parents, doubtful


def _matched(
    spans: Sequence[tuple[float, float]], leaves: Sequence[Block], figures: Sequence[bool]
) -> tuple[list[tuple[tuple[float, float] | None, Block | None]], float]:
    """Columns and header words in one row from left to right, matched where that costs least."""
    n, m = len(spans), len(leaves)
    cost = [[0.0] * (m + 1) for _ in range(n + 1)]
    step = [[""] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            if i == j == 0:
                continue
            ways: list[tuple[float, str]] = []
            if i and j:
                ways.append(
                    (cost[i - 1][j - 1] + _distance(spans[i - 1], leaves[j - 1], figures[i - 1]), "both")
                )
            if i:
                ways.append((cost[i - 1][j] + NAMELESS, "span"))
            if j:
                ways.append((cost[i][j - 1] + _blank_cost(spans, leaves[j - 1], i), "leaf"))
            cost[i][j], step[i][j] = min(ways)
    found: list[tuple[tuple[float, float] | None, Block | None]] = []
    i, j = n, m
    while i or j:
        way = step[i][j]
        found.append((spans[i - 1] if way != "leaf" else None, leaves[j - 1] if way != "span" else None))
        i -= way != "leaf"
        j -= way != "span"
    return found[::-1], cost[n][m]


def _blank_cost(spans: Sequence[tuple[float, float]], leaf: Block, i: int) -> float:
    """What it costs that ``leaf`` heads a blank column between spans ``i - 1`` and ``i``."""
    out = 0.0
    if i:
        out += max(0.0, spans[i - 1][1] - leaf.centre)
    if i < len(spans):
        out += max(0.0, leaf.centre - spans[i][0])
    return BLANK_COLUMN + 20 * out


def _distance(span: tuple[float, float], leaf: Block, is_figures: bool) -> float:
    """How far a header word stands beside what it would head; nothing where they overlap.

    Beside a word in the middle of its column, figures stand right of it and names left.
    """
    apart = max(span[0] - leaf.x1, leaf.x0 - span[1])
    if apart <= 0:
        return 0.01 * abs(span[0] + span[1] - leaf.x0 - leaf.x1)
    is_right = span[0] > leaf.x1
    return (5 + 0.3 * apart) if is_right == is_figures else 40 + apart


def place(edges: Sequence[float], x0: float, x1: float) -> tuple[int, int]:
    """First and last column (not included) that a piece from ``x0`` to ``x1`` stands in."""
    shares = [min(x1, right) - max(x0, left) for left, right in pairwise(edges)]
    best = max(range(len(shares)), key=lambda k: shares[k])
    slack = max(2.0, 0.15 * (x1 - x0))
    first = last = best
    while first > 0 and shares[first - 1] > slack:
        first -= 1
    while last + 1 < len(shares) and shares[last + 1] > slack:
        last += 1
    return first, last + 1
