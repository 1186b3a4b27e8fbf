"""Two versions of the reader that differ in planted places. Importable by worker processes.

Which change is planted in a document is said by its file name.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipelines.acquisition.model import FoundFile
from pipelines.extraction.model import JoinedTable
from pipelines.statements.model import LineItem
from pipelines.warehouse.reading import Understanding
from tests.warehouse.fakes import understand_fake


def understand_before(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The old version: it does not see the last amount of added.pdf."""
    found = understand_fake(path, file, max_pages)
    return _with_items(found, found.understood.line_items[:-1]) if path.name == "added.pdf" else found


def understand_next(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The new version, with a change in every document whose name says one."""
    if path.name == "aside.pdf":
        raise ValueError("the new version cannot read it")
    found = understand_fake(path, file, max_pages)
    first, *others = found.understood.line_items
    if path.name == "value.pdf":
        return _with_items(found, (replace(first, amount_yuan=first.amount_yuan * 10), *others))
    if path.name == "meaning.pdf":
        return _with_items(found, (replace(first, row_key="line_9"), *others))
    if path.name == "removed.pdf":
        return _with_items(found, (first, *others[:-1]))
    if path.name == "moved.pdf":
        return _with_table_number(found, 2)
    if path.name == "statement.pdf":
        items = tuple(replace(item, statement_id="final_revenue") for item in (first, *others))
        found = _with_items(found, items)
        statements = tuple(
            replace(each, statement_id="final_revenue") for each in found.understood.statements
        )
        return replace(found, understood=replace(found.understood, statements=statements))
    return found


def _with_items(found: Understanding, items: tuple[LineItem, ...]) -> Understanding:
    statements = tuple(replace(each, n_amounts=len(items)) for each in found.understood.statements)
    return replace(found, understood=replace(found.understood, line_items=items, statements=statements))


def _with_table_number(found: Understanding, number: int) -> Understanding:
    """The same figures, the table counted as another of its page: all its cells have new names."""
    (page,) = found.document.pages
    (table,) = page.tables
    table = replace(
        table,
        number=number,
        cells=tuple(replace(cell, table=number) for cell in table.cells),
    )
    document = replace(
        found.document, pages=(replace(page, tables=(table,)),), tables=(JoinedTable((table,)),)
    )
    items = tuple(
        replace(item, cell_id=item.cell_id.replace("-t01-", f"-t{number:02d}-"))
        for item in found.understood.line_items
    )
    # What a reviewer's row names is not there any more.
    reviews = tuple(replace(each, state="cell_missing") for each in found.reviews)
    understood = replace(found.understood, line_items=items)
    return replace(found, document=document, understood=understood, reviews=reviews)
