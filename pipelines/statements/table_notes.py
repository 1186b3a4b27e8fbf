"""What is noted of tables: rows, columns, amounts and whole tables that were not understood, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.extraction.model import cell_id
from pipelines.statements.amounts import amount_like_cells
from pipelines.statements.catalogue import Catalogue
from pipelines.statements.grid import GridCell
from pipelines.statements.model import Note
from pipelines.statements.performance_model import Performance
from pipelines.statements.printed_tables import PrintedTable, table_key
from pipelines.statements.printed_text import one_line
from pipelines.statements.recognition import Candidate, not_a_statement
from pipelines.statements.table_reading import Unplaced
from pipelines.statements.titles import SLIP

NEAREST = 3  # forms named for a table, best first
_REASONS = {
    "row": "row not understood: {text}",
    "column": "column not understood: {text}",
    "amount": "not one number that can be read: {text}",
}


def title_note(table: PrintedTable, best: Candidate) -> list[Note]:
    """A note where a statement was known without its title, or by one with a slip."""
    score = table.title.scores.get(best.form.id, 0.0)
    if not score:
        message = f"no title is printed; taken for {best.form.form.name_zh} by its header and rows"
    elif score == SLIP:
        message = f"title with a slip: {table.title.text}; read as {best.form.form.name_zh}"
    else:
        return []
    return [table_note("title_not_exact", message, table)]


def unplaced_notes(unplaced: Sequence[Unplaced], document_id: str) -> list[Note]:
    """One note for each row and column that is not understood, and one for each of its amounts."""
    notes: list[Note] = []
    said: set[tuple[str, str]] = set()
    for item in unplaced:
        place = (item.reason, item.text)
        if item.reason != "amount" and place not in said:
            said.add(place)
            kind = "row_not_understood" if item.reason == "row" else "column_not_understood"
            message = _REASONS[item.reason].format(text=item.text or "(no name)")
            notes.append(Note(kind, message, item.cell.cell.page, item.text))  # type: ignore[arg-type]
        message = _REASONS[item.reason].format(text=item.text or "(no name)")
        notes.append(cell_note("amount_not_understood", message, item.cell, document_id))
    return notes


def cell_note(kind: str, message: str, cell: GridCell, document_id: str) -> Note:
    """A note of a cell, with its text and its id."""
    return Note(
        kind,  # type: ignore[arg-type]
        message,
        cell.cell.page,
        one_line(cell.cell.text),
        cell_id(document_id, cell.cell),
    )


def table_note(kind: str, message: str, table: PrintedTable) -> Note:
    """A note of a whole table, on its first page."""
    return Note(kind, message, table.grid.first_page, table.title.text)  # type: ignore[arg-type]


def emptiness_notes(sentence: str, n_like: int, table: PrintedTable) -> list[Note]:
    """What a sentence says that calls a statement empty, which holds ``n_like`` cells like amounts."""
    if not sentence:
        return []
    if n_like == 0:
        message = f"stated empty: {sentence}"
    else:
        message = f"a note says that the statement is empty, but it holds {n_like} amounts: {sentence}"
    return [replace(table_note("statement_stated_empty", message, table), text=sentence)]


def not_understood(
    table: PrintedTable,
    ranked: Sequence[Candidate],
    document_id: str,
    catalogue: Catalogue,
    performance: Performance,
    is_decided: bool,
) -> list[Note]:
    """What to say of a table that is no statement, by the catalogue, by a reviewer, or as far as is known."""
    amounts = amount_like_cells(table.grid, table.header, catalogue)
    is_read = {cell_id(document_id, cell.cell) for cell in table.grid.cells()} & performance.cell_ids
    near = " | ".join(table.lead[-3:])
    key = table_key(document_id, table.joined.parts[0])
    if is_decided:
        said = "no statement: a reviewer decided so"
        # Of its amounts too: every printed amount is a figure or is spoken of.
        return [
            Note("not_a_statement", said, table.grid.first_page, near, key),
            *(
                cell_note("not_a_statement", said, cell, document_id)
                for cell in amounts
                if cell_id(document_id, cell.cell) not in is_read
            ),
        ]
    rule = not_a_statement(table.grid, table.title, len(amounts), catalogue)
    if rule is not None:
        message = f"no statement: {rule.name_en} ({rule.name_zh})"
        notes = [Note("not_a_statement", message, table.grid.first_page, near)]
    elif is_read:
        message = "no statement: projects and performance (项目与绩效)"
        notes = [Note("not_a_statement", message, table.grid.first_page, near)]
    else:
        best = ", ".join(f"{c.form.id} {c.score:.2f} ({c.lacks})" for c in ranked[:NEAREST])
        message = f"table not understood; nearest forms: {best or 'none'}"
        notes = [Note("table_not_understood", message, table.grid.first_page, near, key)]
    return notes + [
        cell_note("amount_not_understood", "in a table that is not understood", cell, document_id)
        for cell in amounts
        if cell_id(document_id, cell.cell) not in is_read
    ]
