"""Where lines of text are cut on a scanned page: by their own size, not only that of most print."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipelines.extraction.scan_lines import Region, inked, text_pieces

SCALE = 150 / 72
#: Heights of the page's print and of a title's, in pixels.
SMALL, LARGE = 20, 52


def three(page: np.ndarray, left: int, top: int, size: int) -> None:
    """A 三: three level strokes with white between."""
    for share in (0.05, 0.45, 0.88):
        y = top + round(share * size)
        cv2.rectangle(page, (left, y), (left + size, y + max(2, size // 10)), 0, -1)


def block(page: np.ndarray, left: int, top: int, size: int) -> None:
    """Any character without white right through it."""
    cv2.rectangle(page, (left, top), (left + size, top + size), 0, 3)
    cv2.line(page, (left, top), (left + size, top + size), 0, 3)


@pytest.mark.parametrize("gap", [2, LARGE // 2, 2 * LARGE])
def test_strokes_of_a_large_title_are_one_line(gap: int) -> None:
    page = np.full((500, 1000), 255, np.uint8)
    left = 60
    for draw in (block, three, three, block, three):
        draw(page, left, 40, LARGE)
        left += LARGE + gap
    for line in range(6):
        for column in range(12):
            block(page, 60 + 30 * column, 180 + 45 * line, SMALL)
    whole = Region(0, 0, page.shape[1], page.shape[0])
    ink = inked(page, SCALE, [whole])
    assert abs(ink.size - SMALL) <= 5
    title = [piece.ink for piece in text_pieces(ink, whole, 0.7) if piece.ink.top < 150]
    # None is a stroke of a character alone, and none begins below another.
    assert {(piece.top, piece.bottom) <= (60, 200) for piece in title} == {True}
    assert min(piece.bottom - piece.top for piece in title) >= 0.8 * LARGE


def test_small_lines_beside_a_high_one_stay_lines() -> None:
    """A header wrapped over two lines beside one that is not."""
    page = np.full((300, 800), 255, np.uint8)
    for column in range(4):
        block(page, 40 + 26 * column, 40, SMALL)
        block(page, 40 + 26 * column, 70, SMALL)
        block(page, 400 + 26 * column, 55, SMALL)
    whole = Region(0, 0, page.shape[1], page.shape[0])
    pieces = [piece.ink for piece in text_pieces(inked(page, SCALE, [whole]), whole, 0.7)]
    assert sorted((piece.top > 60, piece.left > 300) for piece in pieces) == [
        (False, False),
        (False, True),
        (True, False),
    ]
