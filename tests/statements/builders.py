"""Tables as the room ``extraction`` hands them over, written down by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extraction.model import Box, Cell, JoinedTable, Page, ReadDocument, Table, TextLine
from pipelines.statements import understand
from pipelines.statements.amounts import coverage
from pipelines.statements.model import UnderstoodDocument

WIDTH, HEIGHT = 60.0, 15.0


@dataclass(frozen=True)
class Merged:
    """A cell that covers several rows or columns."""

    text: str
    columns: int = 1
    rows: int = 1


Entry = str | Merged


def part(rows: Sequence[Sequence[Entry]], page: int = 1, number: int = 1) -> Table:
    """One table on one page; covered places are left out of the rows below and right of a merge."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    width = 0
    for r, row in enumerate(rows):
        column = 0
        for entry in row:
            while (r, column) in taken:
                column += 1
            merged = entry if isinstance(entry, Merged) else Merged(entry)
            for dr in range(merged.rows):
                for dc in range(merged.columns):
                    taken.add((r + dr, column + dc))
            cells.append(_cell(merged, page, number, r, column))
            column += merged.columns
            width = max(width, column)
    edges = tuple(WIDTH * i for i in range(width + 1))
    box = Box(0.0, 0.0, edges[-1], HEIGHT * len(rows))
    return Table(page, number, len(rows), width, tuple(cells), box, "lines", edges)


def _cell(merged: Merged, page: int, number: int, row: int, column: int) -> Cell:
    box = Box(
        WIDTH * column,
        HEIGHT * row,
        WIDTH * (column + merged.columns),
        HEIGHT * (row + merged.rows),
    )
    return Cell(page, number, row, column, merged.rows, merged.columns, merged.text, box)


def lines(texts: Sequence[str], page: int = 1) -> tuple[TextLine, ...]:
    """Lines of text on a page."""
    return tuple(TextLine(page, text, Box(0, 10.0 * i, 500, 10.0 * i + 9)) for i, text in enumerate(texts))


def table(
    lead: Sequence[str],
    *parts: Sequence[Sequence[Entry]],
    trail: Sequence[str] = (),
    repeated: Sequence[int] = (),
    broken: Sequence[int] = (),
    page: int = 1,
) -> JoinedTable:
    """A table over as many pages as it has parts, with the text around it."""
    built = tuple(part(rows, page + i) for i, rows in enumerate(parts))
    return JoinedTable(
        built,
        lines(lead, page),
        lines(trail, page + len(parts) - 1),
        tuple(repeated) or (0,) * len(parts),
        tuple(broken),
    )


def document(*tables: JoinedTable, cover: Sequence[str] = ()) -> ReadDocument:
    """A document of these tables after a cover page."""
    pages = [Page(1, 595, 842, 0, lines(cover), ())]
    numbers = sorted({p.page for t in tables for p in t.parts} - {1})
    pages += [
        Page(number, 595, 842, 0, (), tuple(p for t in tables for p in t.parts if p.page == number))
        for number in numbers
    ]
    return ReadDocument("0123456789abcdef", "read", len(pages), tuple(pages), tables)


def read(*tables: JoinedTable) -> UnderstoodDocument:
    """Understand a document of these tables; every amount must be accounted for, once."""
    doc = document(*tables)
    found = understand(doc)
    assert not coverage(doc, found).missing
    ids = [item.cell_id for item in found.line_items]
    assert len(ids) == len(set(ids))
    return found


def facts(found: UnderstoodDocument) -> dict[tuple[str, str], str]:
    """Printed amounts by row key and column id; a side is put before the key where there is one."""
    return {(item.row_key, item.column_id): item.amount_printed for item in found.line_items}


def kinds(found: UnderstoodDocument) -> list[str]:
    return [note.kind for note in found.notes]


# The head of a statement of expenditure by code.
CODE_HEAD: list[list[Entry]] = [
    [
        Merged("项目", columns=2),
        Merged("本年支出合计", rows=2),
        Merged("基本支出", rows=2),
        Merged("项目支出", rows=2),
    ],
    ["功能分类\n科目编码", "科目名称"],
]
