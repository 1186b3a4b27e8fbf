"""Pictures show the page as printed with the cells where the model says they are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from pipelines.extraction import read_document
from pipelines.extraction.picture import LARGEST, cell_picture, page_picture, table_picture
from tests.extraction.drawing import Sheet, plain, steps


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain([["a", "b"], ["c", "d"]]), steps(60, 90, 90), steps(100, 20, 20))
    return sheet.save()


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def test_page_picture_has_the_size_of_the_page(drawn: Path) -> None:
    assert opened(page_picture(drawn, 1, scale=1.0)).size == (595, 842)


def test_table_is_cut_out_with_its_cells_outlined(drawn: Path) -> None:
    table = read_document(drawn, "d").pages[0].tables[0]
    image = opened(table_picture(drawn, table, scale=2.0))
    assert image.size == (2 * (180 + 24), 2 * (40 + 24))
    # The upper left corner of the first cell, a margin of 12 points inwards.
    assert image.getpixel((25 + 10, 25)) == (30, 110, 220)


def test_marked_cell_is_red(drawn: Path) -> None:
    cell = read_document(drawn, "d").pages[0].tables[0].cells[3]
    colours = opened(cell_picture(drawn, cell)).getcolors(100_000) or []
    assert any(colour == (200, 20, 40) for _, colour in colours)


def test_same_picture_twice(drawn: Path) -> None:
    assert page_picture(drawn, 1) == page_picture(drawn, 1)


def test_no_picture_grows_beyond_bounds(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "huge.pdf", (14000, 200))
    sheet.text(10, 20, "x")
    assert max(opened(page_picture(sheet.save(), 1, scale=3)).size) <= LARGEST


def test_no_such_page(drawn: Path) -> None:
    with pytest.raises(IndexError):
        page_picture(drawn, 2)
