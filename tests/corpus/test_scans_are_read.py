"""A scan of a known document gives the figures of the document, each in its statement, row and column."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.statements import understand
from pipelines.statements.model import LineItem
from tests.corpus.scanning import Spoiling, scan_pages, write_scan

DOCUMENT = Path(__file__).resolve().parents[2] / "raw/420100-information-center/2023-final-accounts.pdf"
#: Page 6 holds the summary of two sides, page 8 expenditure by code with a header of three levels.
PAGES = {6: "final_summary", 8: "final_expenditure"}


def figures(items: tuple[LineItem, ...], statement: str) -> Counter[tuple[str, str, Decimal]]:
    return Counter(
        (item.row_key, item.column_id, item.amount_yuan) for item in items if item.statement_id == statement
    )


@pytest.mark.parametrize(
    ("page", "spoiling", "dpi"), [(6, "skew", 150), (6, "seal", 150), (8, "shadow", 150), (8, "noise", 200)]
)
def test_a_scanned_statement_is_read(tmp_path: Path, page: int, spoiling: Spoiling, dpi: int) -> None:
    printed = understand(read_document(DOCUMENT, "printed"), file_name=DOCUMENT.name)
    scan = write_scan(tmp_path / DOCUMENT.name, scan_pages(DOCUMENT, spoiling, dpi, 1, [page]))
    document = read_document(scan, "scan")
    understood = understand(document, file_name=DOCUMENT.name)
    statement = PAGES[page]
    assert [found.statement_id for found in understood.statements] == [statement]
    known = figures(printed.line_items, statement)
    assert known
    assert figures(understood.line_items, statement) == known
    assert {item.reading_quality for item in understood.line_items} <= {"ocr", "doubtful"}
    sure = sum(item.reading_quality == "ocr" for item in understood.line_items)
    assert sure > 0.9 * len(understood.line_items)
