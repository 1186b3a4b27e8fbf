"""A document read without error is what the rooms read of the drawn PDF: figures, rows and columns."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from pipelines.acquisition.inventory import take_inventory
from pipelines.extraction.model import cell_id
from pipelines.statements.model import LineItem
from pipelines.warehouse.reading import read_and_understand
from tests.corpus.document import make
from tests.corpus.panel import department_documents, departments
from tests.corpus.perfect_documents import understanding

FIELDS = ("statement_id", "row_kind", "row_key", "side", "column_id", "amount_yuan", "precision_yuan", "unit")


def test_a_perfect_reading_is_what_the_rooms_read(tmp_path: Path) -> None:
    department = next(each for each in departments() if each.folder == "420100-sample-cultural-centre")
    for kind in ("budget", "final_accounts"):
        (planned,) = department_documents(department, 2022, kind, with_faults=False)
        path = tmp_path / kind / "document.pdf"
        path.parent.mkdir()
        path.write_bytes(make(planned.plan).pdf)
        (file,) = take_inventory(path.parent).files
        read = read_and_understand(path, file, 100).understood
        perfect = understanding(planned, file.document_id)
        assert _figures(perfect.understood.line_items) == _figures(read.line_items)
        assert [each.statement_id for each in perfect.understood.statements] == [
            each.statement_id for each in read.statements
        ]
        texts = {
            cell_id(file.document_id, cell): cell.text
            for page in perfect.document.pages
            for table in page.tables
            for cell in table.cells
        }
        assert all(texts[item.cell_id] == item.amount_printed for item in perfect.understood.line_items)


def _figures(items: Iterable[LineItem]) -> list[tuple[str, ...]]:
    return sorted(tuple(_text(getattr(item, name)) for name in FIELDS) for item in items)


def _text(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, Decimal) else str(value)
