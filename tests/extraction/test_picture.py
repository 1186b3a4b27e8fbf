"""Pictures show the page as printed with the cells where the model says they are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from pipelines.extraction import read_document
from pipelines.extraction.model import Box, Cell
from pipelines.extraction.picture import LARGEST, page_picture, turned
from tests.extraction.drawing import Sheet, plain, steps

RED, BLUE, VIOLET, WHITE = (200, 20, 40), (30, 110, 220), (110, 30, 160), (255, 255, 255)


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain([["a", "b"], ["c", "d"]]), steps(60, 90, 90), steps(100, 20, 20))
    return sheet.save()


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def box_of(image: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The smallest box around all pixels of a colour."""
    places = [
        (x, y) for y in range(image.height) for x in range(image.width) if image.getpixel((x, y)) == colour
    ]
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return min(xs), min(ys), max(xs), max(ys)


def test_page_picture_has_the_size_of_the_page(drawn: Path) -> None:
    assert opened(page_picture(drawn, 1, scale=1.0)).size == (595, 842)


def test_cells_of_tables_are_outlined_where_they_stand(drawn: Path) -> None:
    table = read_document(drawn, "d").pages[0].tables[0]
    image = opened(page_picture(drawn, 1, tables=(table,), scale=2.0))
    assert box_of(image, BLUE) == (121, 201, 479, 279), "a hair inside 60..240 and 100..140 points"


def test_a_marked_cell_is_framed_where_it_was_drawn_and_tinted(drawn: Path) -> None:
    cell = read_document(drawn, "d").pages[0].tables[0].cells[3]
    image = opened(page_picture(drawn, 1, marked=(cell,), scale=1.0))
    assert cell.text == "d"
    assert box_of(image, RED) == (148, 118, 242, 142), "two pixels around 150..240 and 120..140 points"
    assert image.getpixel((200, 135)) == (255, 244, 150), "paper under the marker"
    assert image.getpixel((100, 135)) == WHITE, "no other cell"


def test_a_dashed_cell_is_told_apart_without_colour(drawn: Path) -> None:
    cell = read_document(drawn, "d").pages[0].tables[0].cells[0]
    image = opened(page_picture(drawn, 1, dashed=(cell,), scale=2.0))
    left, top, right, _ = box_of(image, VIOLET)
    assert (left, top) in {(x, y) for x in range(117, 121) for y in range(197, 201)}
    along = [image.getpixel((x, top)) == VIOLET for x in range(left, right)]
    assert True in along and False in along, "the line is broken"


def test_a_cell_of_another_page_is_not_drawn(drawn: Path) -> None:
    cell = Cell(2, 1, 0, 0, 1, 1, "", Box(10, 10, 50, 50))
    assert page_picture(drawn, 1, marked=(cell,), dashed=(cell,)) == page_picture(drawn, 1)


@pytest.mark.parametrize(
    ("turn", "box"),
    [
        (0, Box(10, 20, 40, 30)),
        (90, Box(170, 10, 180, 40)),
        (180, Box(60, 170, 90, 180)),
        (270, Box(20, 60, 30, 90)),
    ],
)
def test_boxes_turn_with_the_paper(tmp_path: Path, turn: int, box: Box) -> None:
    sheet = Sheet(tmp_path / "t.pdf", (100, 200))
    sheet.canvas.setFillColorRGB(0, 0, 1)
    sheet.rect(10, 20, 40, 30)
    path = sheet.save()
    assert turned(Box(10, 20, 40, 30), 100, 200, turn) == box
    found = box_of(opened(page_picture(path, 1, scale=1.0, turn=turn)), (0, 0, 255))
    expected = (box.x0, box.top, box.x1 - 1, box.bottom - 1)
    assert all(abs(one - other) <= 1 for one, other in zip(found, expected, strict=True)), found


def test_same_picture_twice(drawn: Path) -> None:
    assert page_picture(drawn, 1) == page_picture(drawn, 1)


def test_no_picture_grows_beyond_bounds(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "huge.pdf", (14000, 200))
    sheet.text(10, 20, "x")
    assert max(opened(page_picture(sheet.save(), 1, scale=3)).size) <= LARGEST


def test_no_such_page(drawn: Path) -> None:
    with pytest.raises(IndexError):
        page_picture(drawn, 2)
