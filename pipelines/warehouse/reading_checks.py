"""Whether a reading holds together: what no printed page can be at fault for, only the reader.

It is asked before a document is written to the lake, so that the answer is in the data: a document whose
reading fails is set aside there, and no later run of anything downstream lets it through.
"""

from __future__ import annotations

from collections import Counter

from pipelines.extraction.model import ReadDocument, cell_id, placed_cells
from pipelines.statements.model import UnderstoodDocument

#: Why a document is set aside whose reading does not hold together.
INCONSISTENT = "reading_inconsistent"
_NAMED = 3


def what_does_not_hold(document: ReadDocument, understood: UnderstoodDocument) -> str:
    """What is wrong with a reading, in a sentence; empty where it holds together.

    Every amount stands in a cell that was read, on that cell's page, in a cell of its own; a cell has a
    place on its page; a statement has as many amounts as it says.
    """
    cells = {
        cell_id(document.document_id, cell): cell
        for _, table in placed_cells(document)
        for cell in table.cells
    }
    counts = Counter(item.cell_id for item in understood.line_items)
    faults = [f"{cell} stands for {n} amounts" for cell, n in sorted(counts.items()) if n > 1]
    for item in understood.line_items:
        cell = cells.get(item.cell_id)
        if cell is None:
            faults.append(f"{item.cell_id} holds an amount and was not read")
        elif cell.page != item.page:
            faults.append(f"{item.cell_id} is told to stand on page {item.page}")
        elif cell.box.x1 <= cell.box.x0 or cell.box.bottom <= cell.box.top:
            faults.append(f"{item.cell_id} has no place on page {item.page}")
    held = Counter(item.statement_number for item in understood.line_items)
    faults += [
        f"statement {each.statement_number} (page {each.first_page}) says that it has "
        f"{each.n_amounts} amounts and has {held[each.statement_number]}"
        for each in understood.statements
        if each.n_amounts != held[each.statement_number]
    ]
    if not faults:
        return ""
    named = "; ".join(faults[:_NAMED]) + (
        f"; and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
    )
    return f"the reading does not hold together, an error of this program: {named}"
