"""A scan of a known document gives the figures of the document, each in its statement, row and column."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.statements import understand
from pipelines.statements.model import DocumentKind, LineItem
from pipelines.statements.printed_text import plain
from tests.corpus.layout_space import space_plan, with_rules
from tests.corpus.producers import print_plans
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


@pytest.mark.parametrize(
    ("rules", "family", "kind", "spoiling"),
    [
        ("none", "tibet_budget", "budget", "skew"),
        ("frame", "central_2012", "budget", "seal"),
        ("three_lines", "gansu", "final_accounts", "skew"),
        ("levels", "gansu", "final_accounts", "jpeg"),
        ("open_sides", "chongqing", "final_accounts", "shadow"),
    ],
)
def test_a_scanned_table_without_rules_is_read(
    tmp_path: Path, rules: str, family: str, kind: DocumentKind, spoiling: Spoiling
) -> None:
    """The first page with amounts, which tells all of itself: it is read alone."""
    (pdf,) = print_plans("reportlab", [with_rules(space_plan(3, family, kind, "reportlab", 0), rules)])
    path = tmp_path / "document.pdf"
    path.write_bytes(pdf)
    printed = understand(read_document(path, "printed"), file_name=path.name)
    page = min(item.page for item in printed.line_items)
    known = Counter(map(place, (item for item in printed.line_items if item.page == page)))
    scan = write_scan(tmp_path / "scan.pdf", scan_pages(path, spoiling, 150, 1, [page]))
    read = Counter(map(place, understand(read_document(scan, "scan"), file_name=path.name).line_items))
    assert known
    assert not read - known
    assert (known & read).total() >= 0.99 * known.total()


def place(item: LineItem) -> tuple[str, str, str, str, Decimal]:
    return item.statement_id, plain(item.row_key), item.column_id, item.side, item.amount_yuan
