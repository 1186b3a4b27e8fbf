"""A scanned page as its rules and the pieces of text on it, before and while they are recognised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extraction.marks import Marks
from pipelines.extraction.scan_image import Grey, StraightPage
from pipelines.extraction.scan_lines import Mask, Piece, Region

#: A text outside of tables recognised with less confidence than this is a picture, not text.
NO_TEXT = 0.5
#: What stands outside of tables and is smaller than this share of the type size is a speck, not a character.
LONE = 0.65
#: Signs that are a single stroke.
STROKES = frozenset("-—–−一丨|")

#: Which grid on the page, and which of its columns.
Column = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture with its rules and the pieces of text on it.

    ``text`` is the picture without rules as it is best recognised, ``unsmoothed`` as it is; ``free`` is the
    ink outside of grids. Each piece has its column and the number of its cell if it stands in a grid.
    """

    page: StraightPage
    text: Grey
    unsmoothed: Grey
    free: Mask
    marks: Marks
    pieces: tuple[Piece, ...]
    columns: tuple[Column | None, ...]
    cells: tuple[int | None, ...]
    size: float


def is_beside(ink: Region, others: Sequence[Region]) -> bool:
    """Whether a piece stands in one line with others."""
    middle = (ink.top + ink.bottom) / 2
    return any(other.top <= middle <= other.bottom for other in others)
