"""What is no text among the recognised pieces: scraps of rules and seals, specks, a printer's marks."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.extraction.scan_layout import LONE, NO_TEXT, STROKES, Layout, is_beside
from pipelines.extraction.scan_lines import Region
from pipelines.extraction.scan_numbers import SEPARATORS, is_number
from pipelines.extraction.scan_recognition import Reading

#: A stroke is so many times longer than wide.
STROKE = 3.0
#: A text recognised with this confidence on the average is legible.
LEGIBLE = 0.8


def stray_strokes(layout: Layout, readings: Sequence[Reading]) -> set[int]:
    """The pieces that are one stroke each and stand further out than all text: marks of a printer's."""
    inks = [piece.ink for piece in layout.pieces]
    strokes = {k for k, ink in enumerate(inks) if _is_stroke(ink) and len(readings[k].characters) < 2}
    text = [ink for k, ink in enumerate(inks) if k not in strokes and len(readings[k].characters) > 1]
    if not text:
        return set()
    left, right = min(ink.left for ink in text), max(ink.right for ink in text)
    top, bottom = min(ink.top for ink in text), max(ink.bottom for ink in text)
    return {
        k
        for k in strokes
        if layout.columns[k] is None
        and (inks[k].right <= left or inks[k].left >= right or inks[k].bottom <= top or inks[k].top >= bottom)
    }


def lone_marks(layout: Layout, readings: Sequence[Reading]) -> set[int]:
    """The pieces outside of grids that are punctuation with no text beside: specks, what a seal leaves."""
    inks = [piece.ink for piece in layout.pieces]
    marks = {
        k
        for k, reading in enumerate(readings)
        if layout.columns[k] is None
        and not any(character.text.isalnum() or character.text in STROKES for character in reading.characters)
    }
    text = [ink for k, ink in enumerate(inks) if k not in marks]
    near = layout.size
    return {
        k
        for k in marks
        if not any(
            is_beside(inks[k], [other])
            and max(other.left - inks[k].right, inks[k].left - other.right) <= near
            for other in text
        )
    }


def _is_stroke(ink: Region) -> bool:
    sides = sorted((ink.right - ink.left, ink.bottom - ink.top))
    return sides[1] >= STROKE * sides[0]


def without_scraps_of_cells(layout: Layout, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, those empty that are scraps above or below the text of their cell.

    A seal's edges leave some, and a line of which the cell's rule hides the most. What stands beside the text
    in its line stays: it may be the sign of a number. Beside words only what is lower than a line is a scrap.
    """
    of_cell: dict[int, list[int]] = {}
    for k, cell in enumerate(layout.cells):
        if cell is not None and readings[k].characters:
            of_cell.setdefault(cell, []).append(k)
    kept = list(readings)
    for own in of_cell.values():
        numbers = [k for k in own if is_number(readings[k].text)]
        sure = [k for k in own if readings[k].mean_confidence >= LEGIBLE]
        text = numbers if len(numbers) == 1 else sure if not numbers else []
        lines = [layout.pieces[k].ink for k in text]
        for k in own if lines else ():
            ink = layout.pieces[k].ink
            is_scrap = readings[k].mean_confidence < NO_TEXT or set(readings[k].text) <= SEPARATORS
            is_low = bool(numbers) or ink.bottom - ink.top < LONE * layout.size
            if k not in text and is_scrap and is_low and not is_beside(ink, lines):
                kept[k] = Reading(())
    return kept
