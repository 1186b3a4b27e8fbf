"""Where words stand on a scanned page without rules, and where each of their characters does."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from pipelines.extraction.scan_glyphs import boxes, cut_region, parted, places, with_gap
from pipelines.extraction.scan_lines import Piece, Region, inked
from pipelines.extraction.scan_recognition import Character, Reading
from pipelines.extraction.scan_words import words_of

SCALE = 150 / 72
#: The height of the page's print in pixels, and the white between its characters.
SIZE, WHITE = 18, 3
#: Digits are so wide, a point so.
DIGIT, POINT = 8, 3


def block(page: np.ndarray, left: int, top: int, size: int = SIZE) -> None:
    """Any character without white through it."""
    cv2.rectangle(page, (left, top), (left + size - 1, top + size - 1), 0, 2)
    cv2.line(page, (left, top), (left + size - 1, top + size - 1), 0, 2)


def word(page: np.ndarray, left: int, top: int, length: int, size: int = SIZE) -> Region:
    """So many characters, and the outline of their ink."""
    for k in range(length):
        block(page, left + k * (size + WHITE), top, size)
    return Region(left, top, left + length * (size + WHITE) - WHITE, top + size)


def blank() -> np.ndarray:
    """A page with enough print on it to tell the type size."""
    page = np.full((700, 900), 255, np.uint8)
    for line in range(8):
        word(page, 60, 400 + 36 * line, 12)
    return page


def found(page: np.ndarray) -> list[Region]:
    """The words above the print that tells the size, without the outline's last pixel or two."""
    whole = Region(0, 0, page.shape[1], page.shape[0])
    return [piece.ink for piece in words_of(inked(page, SCALE, [whole])) if piece.ink.bottom < 380]


def near(one: Region, other: Region) -> bool:
    return all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("apart", [11, 15, 40])
def test_header_words_at_half_the_height_of_those_beside_are_words(apart: int) -> None:
    """Words of two lines beside such of one: no white runs across between them."""
    page = blank()
    drawn: list[Region] = []
    left = 60
    for k in range(6):
        if k % 2:
            drawn.append(word(page, left, 61, 4))
        else:
            drawn += [word(page, left, 50, 4), word(page, left, 50 + SIZE + 4, 4)]
        left += 4 * (SIZE + WHITE) + apart
    words = found(page)
    assert len(words) == len(drawn)
    assert all(any(near(each, other) for other in words) for each in drawn)


def test_strokes_that_stand_above_each_other_are_one_character_small_or_large() -> None:
    page = blank()
    for size, left in ((SIZE, 60), (2 * SIZE, 300)):
        if size > SIZE:
            word(page, left + 2 * size, 60, 3, size)
        for share in (0.0, 0.45, 0.9):
            y = 60 + round(share * size)
            cv2.rectangle(page, (left, y), (left + size, y + max(2, size // 10)), 0, -1)
    heights = sorted(word.bottom - word.top for word in found(page))
    assert len(heights) in (2, 3), "the title's strokes may be with the characters beside them"
    assert heights[0] >= 0.9 * SIZE


def test_a_comma_belongs_to_the_stroke_before_it() -> None:
    """一、 is a numeral and a stop, at other heights of the line."""
    page = blank()
    cv2.rectangle(page, (60, 68), (60 + SIZE, 70), 0, -1)
    cv2.rectangle(page, (60 + SIZE + 3, 73), (60 + SIZE + 6, 77), 0, -1)
    (only,) = found(page)
    assert near(only, Region(60, 68, 60 + SIZE + 7, 78))


def line(texts: str, whites: dict[int, int]) -> tuple[np.ndarray, Piece, Reading, list[tuple[int, int]]]:
    """Ink of a line of text with so much white before some characters, and a reading of it.

    The recogniser sees each character a little beside its middle.
    """
    spans: list[tuple[int, int]] = []
    at = 50
    for k, text in enumerate(texts):
        at += whites.get(k, 2 if k else 0)
        wide = SIZE if text > "\u2e7f" else POINT if text in ".,1" else DIGIT
        spans.append((at, at + wide))
        at += wide
    mask = np.zeros((100, at + 50), np.uint8)
    for (left, right), text in zip(spans, texts, strict=True):
        mask[60 - (3 if text in ".," else SIZE - 4) : 60, left:right] = 1
    ink = Region(spans[0][0], 60 - SIZE + 4, spans[-1][1], 60)
    piece = Piece(ink, Region(0, 0, mask.shape[1], 100))
    cut = cut_region(piece, SIZE)
    characters = tuple(
        Character(text, 0.99, at=((left + right) / 2 + (-1) ** k * 2 - cut.left) / (cut.right - cut.left))
        for k, (text, (left, right)) in enumerate(zip(texts, spans, strict=True))
    )
    return mask, piece, Reading(characters), spans


def test_each_character_stands_where_its_ink_is() -> None:
    texts = "1,012.50支出"
    mask, piece, reading, spans = line(texts, {8: 9})
    ink = places(mask, piece, SIZE, reading.characters)
    assert [(round(place.left), round(place.right)) for place in ink] == spans
    set_out = boxes(piece, reading.characters, ink, SIZE)
    gaps = [b.left - a.right for a, b in pairwise(set_out)]
    assert min(gaps) > -0.01
    assert all(gap < 0.01 for gap in gaps[:7]), "within a figure there is none"


@pytest.mark.parametrize(
    ("texts", "whites", "parts"),
    [
        ("24,481.37支出", {9: 6}, ["24,481.37", "支出"]),
        ("24,481.37支出", {}, ["24,481.37支出"]),
        ("0.0012.50", {4: 6}, ["0.00", "12.50"]),
        ("1,012.50", {2: 6}, ["1,012.50"]),
        ("公开06表", {2: 5, 4: 5}, ["公开06表"]),
        ("9,011.21", {4: 8}, ["9,011.21"]),
        ("支出项目", {2: 12}, ["支出", "项目"]),
        ("二、支出", {2: 13}, ["二、支出"]),
    ],
)
def test_white_parts_columns_but_not_words(texts: str, whites: dict[int, int], parts: list[str]) -> None:
    mask, piece, reading, spans = line(texts, whites)
    cut = parted(mask, piece, SIZE, reading)
    assert [part.text for _, part in cut] == parts
    at = 0
    for (own, part), text in zip(cut, parts, strict=True):
        first, last = spans[at], spans[at + len(text) - 1]
        assert (own.ink.left, own.ink.right) == (first[0], last[1])
        again = places(mask, own, SIZE, part.characters)
        assert [(round(p.left), round(p.right)) for p in again] == spans[at : at + len(text)]
        at += len(text)


@pytest.mark.parametrize(("whites", "is_doubted"), [({4: 7}, True), ({}, False)])
def test_white_where_a_point_may_have_been_makes_a_figure_doubtful(
    whites: dict[int, int], is_doubted: bool
) -> None:
    mask, piece, reading, _ = line("232645", whites)
    assert (with_gap(mask, piece, SIZE, reading).confidence < 0.9) == is_doubted
