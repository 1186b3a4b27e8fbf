"""The few things on a page that tables are made of, as records.

Glyphs, horizontal and vertical rules, coloured fills and the share of the page under pictures,
all in one frame: points, origin at the top left of the crop box, as displayed after ``/Rotate``,
and, where the author set the whole page sideways without saying so (``turn``), turned upright so
that everything after this module may take "row" for horizontal. ``to_page`` brings a box back.
How they are read from a PDF is ``printed``'s matter, from the picture of a page ``scan_reading``'s.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.extraction.model import Alternatives, Box, ReadBy

Numbers = NDArray[np.float64]
RuleSource = Literal["line", "rectangle"]
Turn = Literal[0, 90, 180, 270]

#: ``Glyph.direction`` of text printed aslant over the page.
SLANTED = -1
#: A page was set sideways when more than this share of its characters stand turned alike.
SIDEWAYS = 0.6


class Glyph(NamedTuple):
    """One printed character in the reading frame.

    ``direction`` is by how many degrees clockwise it stands turned: 0, 90, 180, 270, or SLANTED.
    ``confidence`` (0 to 1) is that of its recognition in a picture; print from a text layer is certain.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    size: float
    direction: int = 0
    confidence: float = 1.0


#: Why a printed character is not seen.
HiddenBy = Literal["outside", "clipped", "covered", "invisible", "paper", "tiny", "switched_off"]


class Hidden(NamedTuple):
    """Text in the file that a reader of the page does not see, and why."""

    by: HiddenBy
    text: str


class Rule(NamedTuple):
    """A straight piece of a rule: where it lies, from where to where, how it was drawn.

    For a horizontal rule ``at`` is the distance from the top and ``start``/``end`` run along x;
    for a vertical one ``at`` is x and ``start``/``end`` run downwards.
    """

    at: float
    start: float
    end: float
    source: RuleSource


class Fill(NamedTuple):
    """A surface filled with another colour than the paper's."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything printed on one page that matters to reading tables.

    ``width`` and ``height`` are those of the displayed page; ``turn`` says by how many degrees
    clockwise the marks were turned from there into the reading frame. ``hidden`` is text that no reader
    sees; ``n_curves`` counts paths that are no rectangles, ``n_lost`` texts whose font cannot be read.
    ``skew`` is by how many degrees clockwise a scanned sheet lies askew: its frame is that of the sheet
    set straight about its middle. ``alternatives`` are what else the recognised characters in doubt may
    be, with probabilities.
    """

    width: float
    height: float
    rotation: int
    turn: Turn
    glyphs: tuple[Glyph, ...]
    horizontals: tuple[Rule, ...]
    verticals: tuple[Rule, ...]
    fills: tuple[Fill, ...]
    image_share: float
    n_images: int
    hidden: tuple[Hidden, ...] = ()
    n_curves: int = 0
    n_lost: int = 0
    skew: float = 0.0
    read_by: ReadBy = "text"
    alternatives: Mapping[Glyph, Alternatives] = field(default_factory=dict)
    #: The sides of the glyphs as ``sides_of`` gives them, where they are at hand.
    sides: Numbers | None = field(default=None, compare=False, repr=False)
    #: The text of the glyphs as ``letters_of`` gives it, where it is at hand.
    letters: str | None = field(default=None, compare=False, repr=False)

    def to_page(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        """The box on the displayed page of a box in the reading frame, rounded to 0.01 pt.

        Where the sheet lies askew the box keeps its measures about its middle, so that boxes of
        neighbours stay apart.
        """
        if self.turn == 90:
            x0, top, x1, bottom = top, self.height - x1, bottom, self.height - x0
        elif self.turn == 180:
            x0, top, x1, bottom = self.width - x1, self.height - bottom, self.width - x0, self.height - top
        elif self.turn == 270:
            x0, top, x1, bottom = self.width - bottom, x0, self.width - top, x1
        if self.skew:
            sine, cosine = math.sin(math.radians(self.skew)), math.cos(math.radians(self.skew))
            x, y = (x0 + x1 - self.width) / 2, (top + bottom - self.height) / 2
            right, down = x * (cosine - 1) - y * sine, x * sine + y * (cosine - 1)
            x0, top, x1, bottom = x0 + right, top + down, x1 + right, bottom + down
        return Box(round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))


def without_rules(marks: Marks) -> Marks:
    """The marks without rules and surfaces: what is left is text."""
    return replace(marks, horizontals=(), verticals=(), fills=())


def sides_of(glyphs: Sequence[Glyph]) -> Numbers:
    """Left, top, right and bottom of each character, a row each, to be reckoned with all at once."""
    sides: Numbers = np.empty((len(glyphs), 4))
    for k in range(4):
        sides[:, k] = np.fromiter(map(itemgetter(k), glyphs), np.float64, len(glyphs))
    return sides


def letters_of(glyphs: Sequence[Glyph]) -> str | None:
    """The text of characters that are one letter each; None where one is more (a ligature) or nothing."""
    texts = list(map(itemgetter(4), glyphs))
    letters = "".join(texts)
    return letters if len(letters) == len(texts) and all(texts) else None


def codes_of(letters: str) -> NDArray[np.int64]:
    """The code points of letters."""
    return np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


def letters_with(codes: NDArray[np.int64]) -> str:
    """The letters that have these code points."""
    return codes.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")


def number_shown(glyphs: Sequence[Glyph], letters: str | None = None) -> int:
    """How many of the characters are not blank; ``letters`` is their text where each is one letter."""
    if letters is None:
        return sum(not glyph[4].isspace() for glyph in glyphs)
    return len("".join(letters.split()))


def turn_of(glyphs: Sequence[Glyph]) -> Turn:
    """How far the page must be turned clockwise so that most of its text stands upright."""
    if not any(map(itemgetter(6), glyphs)):
        return 0
    counts = {0: 0, 90: 0, 180: 0, 270: 0, SLANTED: 0}
    for glyph in glyphs:
        if not glyph.text.isspace():
            counts[glyph.direction] += 1
    enough = SIDEWAYS * sum(counts.values())
    # Text running down (90) is righted by three quarter turns clockwise, running up (270) by one.
    turns: tuple[tuple[int, Turn], ...] = ((90, 270), (180, 180), (270, 90))
    return next((turn for direction, turn in turns if counts[direction] > enough), 0)


def _turned_direction(direction: int, turn: int) -> int:
    return direction if direction == SLANTED else (direction + turn) % 360


def turned(marks: Marks, turn: Turn) -> Marks:
    """The marks of a displayed page (turn 0) in the reading frame of ``turn``."""
    width, height = marks.width, marks.height

    def box(x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
        if turn == 90:
            return height - bottom, x0, height - top, x1
        if turn == 180:
            return width - x1, height - bottom, width - x0, height - top
        return top, width - x1, bottom, width - x0

    def level(rule: Rule, is_level: bool) -> tuple[Rule, bool]:
        if is_level:
            x0, top, x1, bottom = box(rule.start, rule.at, rule.end, rule.at)
        else:
            x0, top, x1, bottom = box(rule.at, rule.start, rule.at, rule.end)
        stays_level = is_level == (turn == 180)
        if stays_level:
            return Rule(top, x0, x1, rule.source), True
        return Rule(x0, top, bottom, rule.source), False

    rules = [level(rule, True) for rule in marks.horizontals]
    rules += [level(rule, False) for rule in marks.verticals]
    return replace(
        marks,
        turn=turn,
        glyphs=tuple(
            Glyph(*box(g.x0, g.top, g.x1, g.bottom), g.text, g.size, _turned_direction(g.direction, turn))
            for g in marks.glyphs
        ),
        horizontals=tuple(rule for rule, is_level in rules if is_level),
        verticals=tuple(rule for rule, is_level in rules if not is_level),
        fills=tuple(Fill(*box(f.x0, f.top, f.x1, f.bottom)) for f in marks.fills),
        sides=None,
    )
