"""What the tests of other provinces' wordings and shapes share: words, and reading without a loss."""

from __future__ import annotations

from pipelines.extraction.model import JoinedTable
from pipelines.statements import understand
from pipelines.statements.amounts import coverage
from pipelines.statements.model import UnderstoodDocument
from tests.statements.builders import Entry, Merged, document

M = Merged
VEHICLES: list[Entry] = ["小计", "公务用车购置费", "公务用车运行费"]
KINDS = ("total", "abroad", "vehicle_total", "vehicle_purchase", "vehicle_operation", "reception")


def read(*tables: JoinedTable, cover: str = "某部2023年部门预算") -> UnderstoodDocument:
    """Understand a document of these tables; every amount must be accounted for, once."""
    doc = document(*tables, cover=[cover])
    found = understand(doc)
    assert not coverage(doc, found).missing
    return found


def facts(found: UnderstoodDocument) -> dict[tuple[str, str], str]:
    """Printed amounts by row key and column id; no two amounts have the same."""
    keys = [(item.row_key, item.column_id) for item in found.line_items]
    assert len(keys) == len(set(keys))
    return {(item.row_key, item.column_id): item.amount_printed for item in found.line_items}


def listed(found: UnderstoodDocument) -> list[str]:
    return [note.text for note in found.notes if note.kind == "amount_not_understood"]
