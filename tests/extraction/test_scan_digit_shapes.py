"""Digits told by the shapes that a page prints them in: figures drawn, made one bit, strokes taken away."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipelines.extraction.scan_digit_places import Figure, placed_digits
from pipelines.extraction.scan_digit_shapes import REPLACED, fonts, told_by_shape
from pipelines.extraction.scan_image import Grey
from pipelines.extraction.scan_lines import Region
from pipelines.extraction.scan_recognition import Character, Reading

FONT = Path(__file__).resolve().parents[1] / "corpus/fonts/wqy-microhei-gb2312.ttf"
SIZE, ROW = 26, 40
FIGURES = (
    "12,345.67",
    "8,901.24",
    "567.80",
    "3,412.95",
    "48.06",
    "7,193.52",
    "640.00",
    "2080501",
    "1,405.73",
)
#: As sure as a network is of a clear digit, and of a broken one that it takes for another.
CLEAR, BROKEN = 0.9999, 0.98


def page_of(texts: tuple[str, ...]) -> tuple[Grey, list[Region]]:
    """Figures below each other, and the outlines of their ink."""
    sheet = Image.new("L", (260, ROW * len(texts)), 255)
    draw = ImageDraw.Draw(sheet)
    face = ImageFont.truetype(str(FONT), SIZE)
    for row, text in enumerate(texts):
        draw.text((40, ROW * row + 6), text, fill=0, font=face)
    picture = np.array(sheet)
    return picture, [_ink(picture, row) for row in range(len(texts))]


def _ink(picture: Grey, row: int) -> Region:
    ys, xs = np.nonzero(picture[row * ROW : (row + 1) * ROW] < 128)
    return Region(int(xs.min()), row * ROW + int(ys.min()), int(xs.max()) + 1, row * ROW + int(ys.max()) + 1)


def window(row: int, place: int, texts: tuple[str, ...]) -> tuple[slice, slice]:
    """Where a character of a figure is drawn."""
    face = ImageFont.truetype(str(FONT), SIZE)
    left, right = (40 + round(face.getlength(texts[row][:k])) for k in (place, place + 1))
    return slice(row * ROW, (row + 1) * ROW), slice(left, right)


def without_slant(picture: Grey, row: int, place: int, texts: tuple[str, ...]) -> None:
    """Take away all of a 4 but its stem and the ends of its crossbar."""
    part = picture[window(row, place, texts)]
    part[:, : round(0.5 * part.shape[1])] = 255


def one_bit(picture: Grey) -> Grey:
    """As a fax sends it: blurred, grained, black or white."""
    blurred = cv2.GaussianBlur(picture, (0, 0), 1.0).astype(np.float32)
    grained = blurred + np.random.default_rng(5).normal(0, 30, picture.shape)
    return np.where(grained < 150, 0, 255).astype(np.uint8)


def reading(text: str, sure: float = CLEAR, misread: int | None = None) -> Reading:
    return Reading(
        tuple(
            Character(c, BROKEN if k == misread else sure, ((c, BROKEN if k == misread else sure),))
            for k, c in enumerate(text)
        )
    )


def test_a_4_that_lost_its_slanted_stroke_is_no_1() -> None:
    picture, inks = page_of(FIGURES)
    row, place = 3, FIGURES[3].index("4")
    without_slant(picture, row, place, FIGURES)
    readings = [reading(text, 0.995) for text in FIGURES]
    readings[row] = reading("3,112.95", 0.995, place)
    told = told_by_shape(one_bit(picture), SIZE * 0.75, inks, readings)
    assert [each.text for each in told] == list(FIGURES)
    digit = told[row].characters[place]
    assert digit.confidence <= REPLACED, "two readers disagree: the figure is in doubt"
    assert "1" in dict(digit.alternatives), "what was read stays possible"
    assert told[row].confidence < 0.9


def test_a_letter_among_the_digits_of_an_amount_is_a_digit() -> None:
    picture, inks = page_of(FIGURES)
    readings = [reading(text) for text in FIGURES]
    readings[5] = reading("T,193.52", CLEAR, 0)
    readings[7] = reading("20B0501")
    told = told_by_shape(picture, SIZE * 0.75, inks, readings)
    assert told[5].text == "7,193.52"
    assert told[5].confidence <= REPLACED
    assert told[7].text == "20B0501", "codes may have letters"


def test_a_page_that_both_readers_agree_on_stays_as_it_is() -> None:
    picture, inks = page_of(FIGURES)
    readings = [reading(text) for text in FIGURES]
    told = told_by_shape(picture, SIZE * 0.75, inks, readings)
    assert [each.text for each in told] == list(FIGURES)
    assert all(each.confidence >= 0.99 for each in told)


def test_no_figure_is_surer_than_its_first_reader_was() -> None:
    picture, inks = page_of(FIGURES)
    told = told_by_shape(one_bit(picture), SIZE * 0.75, inks, [reading(text, 0.6) for text in FIGURES])
    assert all(character.confidence <= 0.6 for each in told for character in each.characters)


@pytest.mark.parametrize("texts", [("12.34", "345.67"), ("合计", "支出"), ()])
def test_too_few_figures_show_nothing(texts: tuple[str, ...]) -> None:
    picture, inks = page_of(texts) if texts else (np.full((40, 40), 255, np.uint8), [])
    readings = [reading(text, 0.7) for text in texts]
    assert told_by_shape(picture, SIZE * 0.75, inks, readings) == readings


def test_words_and_signs_stay() -> None:
    texts = (*FIGURES, "-123.45", "(67.89)", "合计12")
    picture, inks = page_of(texts)
    told = told_by_shape(picture, SIZE * 0.75, inks, [reading(text) for text in texts])
    assert [each.text for each in told] == list(texts)


def test_digits_stand_in_windows_of_their_advance() -> None:
    picture, inks = page_of(FIGURES)
    figures = [Figure(text, ink) for text, ink in zip(FIGURES, inks, strict=True)]
    places = placed_digits(picture, figures, SIZE * 0.75, fonts())
    assert all(place is not None for place in places)
    for text, place in zip(FIGURES, places, strict=True):
        assert place is not None
        assert len(place.windows) == sum(character.isdigit() for character in text)
        # The ink of a digit does not touch the edges of its window but for a 4.
        edges = place.windows[:, :, [0, -1]].mean(axis=(1, 2))
        assert (edges < 0.35 * place.windows.max()).all()


def test_the_shapes_of_ten_digits_differ() -> None:
    for shapes in fonts():
        level = shapes.reshape(10, -1) - shapes.reshape(10, -1).mean(axis=1, keepdims=True)
        level /= np.linalg.norm(level, axis=1, keepdims=True)
        alike = level @ level.T - 2 * np.eye(10)
        assert alike.max() < 0.95
