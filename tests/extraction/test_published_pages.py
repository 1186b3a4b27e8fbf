"""Grids of published pages: rows, columns and merged header cells, as one sees them on the page.

The expectations were checked on pictures of the pages (``picture.page_picture``). They are about
grids only; what the cells say is checked against hand-made truth elsewhere.
"""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pdfplumber
import pytest

from pipelines.extraction import normalise_text, read_document
from pipelines.extraction.model import ReadDocument, Table


def expected_grids() -> dict[str, dict[tuple[int, int], tuple[int, int, str]]]:
    """File -> (page, table on page) -> rows, columns, merged cells of the first four rows.

    Merged cells are those with text, written as text|rows x columns.
    """
    grids: dict[str, dict[tuple[int, int], tuple[int, int, str]]] = {}
    with Path(__file__).with_name("published_grids.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = (int(row["page"]), int(row["table"]))
            grid = (int(row["rows"]), int(row["columns"]), row["merged_cells"])
            grids.setdefault(row["file"], {})[place] = grid
    return grids


GRIDS = expected_grids()

#: File -> the parts of its joined tables as pages, for documents whose tables run over page ends.
JOINED: dict[str, str] = {
    "310107-social-work/2024-final-accounts.pdf": "4 5 6-7 8-9 10-11 12 13 14 15 16",
    "320000-peoples-congress/2017-budget.pdf": (
        "7-8-9 9-10 10 11 12 13-14-15 15 16-17 17-18 19 20 20-21-22-23"
    ),
    "320000-peoples-congress/2018-budget.pdf": "8 9 10 10 11 12 13 14 15 15 16 17-18",
    "320000-cppcc/2017-budget-tables.pdf": "1 2 3 4 5 6 7 8 9 10 11 12-13",
    "310107-commerce/2025-budget-unit.pdf": "9 10-11 12-13 14 15-16 17 18 19-20 21",
}

PAGES = sorted({(file, page) for file, tables in GRIDS.items() for page, _ in tables})


@cache
def read(path: Path) -> ReadDocument:
    return read_document(path, "0" * 16)


def shape(table: Table) -> tuple[int, int, str]:
    merged = [
        f"{normalise_text(c.text).replace(' ', '')}|{c.row_span}x{c.column_span}"
        for c in table.cells
        if c.row_span * c.column_span > 1 and c.row < 4 and c.text
    ]
    return table.n_rows, table.n_columns, " ".join(merged)


@pytest.mark.parametrize("file", sorted(GRIDS))
def test_grids_of_published_pages(corpus: Path, file: str) -> None:
    document = read(corpus / file)
    assert document.outcome == "read"
    pages = {page for page, _ in GRIDS[file]}
    found = {
        (table.page, table.number): shape(table)
        for page in document.pages
        if page.number in pages
        for table in page.tables
    }
    assert found == GRIDS[file]


@pytest.mark.parametrize("file", sorted(JOINED))
def test_tables_of_published_documents_over_page_ends(corpus: Path, file: str) -> None:
    joined = ["-".join(str(part.page) for part in table.parts) for table in read(corpus / file).tables]
    assert " ".join(joined) == JOINED[file]


#: Characters that the page cuts off at the edge of their cell: 采购组织形式 is seen without its last one.
#: Where they stand: left and upper edge in whole points.
CUT_OFF = {("320000-party-committee-office/2019-budget-tables.pdf", 12): ("式", 625, 102)}


@pytest.mark.parametrize(("file", "number"), PAGES)
def test_no_character_lost_or_doubled(corpus: Path, file: str, number: int) -> None:
    """Each cell holds what pdfplumber, asked on its own, finds with its middle inside the cell."""
    page = read(corpus / file).pages[number - 1]
    with pdfplumber.open(corpus / file) as pdf:
        source = pdf.pages[number - 1].dedupe_chars(tolerance=1, extra_attrs=())
        cut_off = CUT_OFF.get((file, number))
        chars = [c for c in source.chars if c["text"].strip()]
        chars = [c for c in chars if (c["text"], round(c["x0"]), round(c["top"])) != cut_off]
    expected: Counter[str] = Counter()
    for c in chars:
        x, y = (c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2
        for table in page.tables:
            box = table.box
            if box.x0 <= x <= box.x1 and box.top <= y <= box.bottom:
                cells = [
                    cell
                    for cell in table.cells
                    if cell.box.x0 <= x < cell.box.x1 and cell.box.top <= y < cell.box.bottom
                ]
                assert len(cells) == 1
                assert c["text"] in cells[0].text
                expected.update(c["text"])
    held = Counter(ch for t in page.tables for cell in t.cells for ch in cell.text if ch.strip())
    assert held == expected


def test_rows_broken_by_the_page_end(corpus: Path) -> None:
    tables = read(corpus / "320000-peoples-congress/2017-budget.pdf").tables
    assert [table.broken_rows for table in tables if table.broken_rows] == [(1, 2)]


def test_title_at_the_foot_of_the_page_before(corpus: Path) -> None:
    tables = read(corpus / "320000-peoples-congress/2017-budget.pdf").tables
    by_page = {table.parts[0].page: [line.text for line in table.lead] for table in tables}
    assert by_page[13][0] == "财政拨款基本支出预算表"
    assert by_page[19][0] == "一般公共预算机关运行经费支出预算表"
