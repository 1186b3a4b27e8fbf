"""Stand-ins for reading a PDF, for tests of what happens around it. Importable by worker processes.

A fake document is a small text file: its first line says what becomes of it, the rest are figures.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pipelines.acquisition.model import FoundFile
from pipelines.extraction.model import Box, Cell, JoinedTable, Page, Problem, ReadDocument, Table, cell_id
from pipelines.statements.model import (
    Identification,
    LineItem,
    Note,
    SeenTable,
    Statement,
    UnderstoodDocument,
)
from pipelines.warehouse.reading import Understanding
from pipelines.warehouse.reviewing import understand_reviewed

NOTHING = Box(0, 0, 10, 10)


def put(path: Path, text: str) -> Path:
    """Write a fake document."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def understand_fake(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """Do what the first line of the file says; the other lines are amounts."""
    word, *figures = path.read_text(encoding="utf-8").splitlines()
    if word == "crash":
        os.abort()
    if word == "hang":
        time.sleep(600)
    if word == "swell":
        blocks = []
        while True:
            blocks.append(bytearray(os.urandom(1)) * 20_000_000)
            time.sleep(0.01)
    if word == "raise":
        raise ValueError("something in the file")
    year = int(word) if word.isdigit() else None
    registered = file.registered
    what = Identification(
        department_name=registered.department or "印错的局",
        fiscal_year=registered.fiscal_year or year,
        kind=registered.kind or ("final_accounts" if year else None),
        level="department",
        region_code=registered.region_code or ("420100" if year else ""),
    )
    problems = (Problem("no_text", "all pages are blank"),) if word == "blank" else ()
    cells = tuple(Cell(1, 1, row, 0, 1, 1, text, NOTHING) for row, text in enumerate(figures))
    table = Table(1, 1, len(cells), 1, cells, NOTHING, "lines")
    document = ReadDocument(
        document_id=file.document_id,
        outcome="set_aside" if problems else "read",
        page_count=1,
        pages=(Page(1, 595.0, 842.0, 0, (), (table,)),),
        tables=(JoinedTable((table,)),),
        problems=problems,
    )
    found = understand_reviewed(
        document, file.reviewed, lambda seen, decided: _understood(seen, what, is_decided=bool(decided))
    )
    printed = Identification(department_name="印错的局", fiscal_year=year)
    return Understanding(document, found.understood, printed, reviews=found.effects)


def _understood(document: ReadDocument, what: Identification, *, is_decided: bool) -> UnderstoodDocument:
    """The one table of a fake document as a statement, or as none where a reviewer decided anything of it."""
    part = document.tables[0].parts[0]
    seen = (SeenTable((part,), None if is_decided else 1, "", (), (), ()),)
    cells = () if is_decided else part.cells
    items = tuple(
        LineItem(
            cell_id=cell_id(document.document_id, cell),
            statement_number=1,
            statement_id="final_summary",
            row_kind="line",
            row_key=f"line_{row}",
            row_label=f"第{row}行",
            row_path="",
            row_number=row + 1,
            side="revenue",
            column_id="amount",
            column_path="金额",
            amount_yuan=Decimal(cell.text) * 10_000,
            amount_printed=cell.text,
            unit="万元",
            precision_yuan=Decimal(100),
            page=1,
        )
        for row, cell in enumerate(cells)
    )
    statements = (
        (
            Statement(
                1,
                "final_summary",
                "收入支出决算总表",
                "",
                1,
                1,
                "万元",
                "",
                False,
                "",
                1.0,
                len(items),
                len(items),
            ),
        )
        if items
        else ()
    )
    notes = (Note("unit_not_stated", "a note", 1),) if items else ()
    return UnderstoodDocument(what, statements, items, (), notes, seen)


def understand_fake_scan(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The same document as a scan: its amounts were recognised."""
    found = understand_fake(path, file, max_pages)
    items = tuple(replace(item, reading_quality="ocr") for item in found.understood.line_items)
    return replace(found, understood=replace(found.understood, line_items=items))


def understand_fake_inconsistent(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The same document read so that the first cell of a.pdf stands for two amounts."""
    found = understand_fake(path, file, max_pages)
    items = found.understood.line_items
    if path.name != "a.pdf":
        return found
    return replace(found, understood=replace(found.understood, line_items=(*items, items[0])))
