"""A planned document as the rooms would understand it if they read without error: nothing drawn or read.

For what is asked of many documents at once. Cells, statements and figures only: of the narrative nothing is
understood. ``test_perfect_documents`` compares with what the rooms make of the drawn PDF.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from pipelines.extraction.model import Box, Cell, Page, ReadDocument, Table, cell_id
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import Identification, LineItem, RowKind, UnderstoodDocument
from pipelines.warehouse.reading import Understanding
from tests.corpus.document import StatementBlock
from tests.corpus.forms import build
from tests.corpus.panel import PanelDocument
from tests.corpus.perfect_reading import printed_forms

_WIDTH, _ROW, _TOP, _LEFT = 800.0, 16.0, 80.0, 40.0


def understanding(each: PanelDocument, document_id: str) -> Understanding:
    """The document read without error: each statement on a page of its own, high enough for all its rows."""
    blocks = [block for block in each.plan.blocks if isinstance(block, StatementBlock)]
    plan = each.plan
    printed = printed_forms(
        document_id, plan.department, plan.year, each.kind, [(block.form, block.content) for block in blocks]
    )
    pages = tuple(_page(block, plan.year, number) for number, block in enumerate(blocks, 1))
    ids = {
        (cell.page, cell.row, cell.column): cell_id(document_id, cell)
        for page in pages
        for table in page.tables
        for cell in table.cells
    }
    what = Identification(plan.department, plan.year, each.kind, "department", each.region_code, plan.title)
    items = tuple(_placed(item, ids) for item in printed.line_items)
    document = ReadDocument(document_id, "read", len(pages), pages, (), producer="none", title=plan.title)
    statements = tuple(replace(each, department_printed=plan.department) for each in printed.statements)
    return Understanding(document, UnderstoodDocument(what, statements, items), what)


def _page(block: StatementBlock, year: int, number: int) -> Page:
    grid = build(block.form, block.content, year)
    whole = sum(grid.widths)
    edges = [_LEFT]
    for width in grid.widths:
        edges.append(edges[-1] + (_WIDTH - 2 * _LEFT) * width / whole)

    def box(row: int, column: int, rows: int, columns: int) -> Box:
        top = _TOP + _ROW * row
        return Box(edges[column], top, edges[column + columns], top + _ROW * rows)

    cells = tuple(
        Cell(
            number,
            1,
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
            cell.text,
            box(cell.row, cell.column, cell.row_span, cell.column_span),
        )
        for cell in grid.cells
    )
    outline = box(0, 0, grid.n_rows, len(grid.widths))
    table = Table(number, 1, grid.n_rows, len(grid.widths), cells, outline, "lines", tuple(edges))
    return Page(number, _WIDTH, outline.bottom + _TOP, 0, (), (table,))


def _placed(item: LineItem, ids: dict[tuple[int, int, int], str]) -> LineItem:
    """A figure of ``printed_forms`` with the name of its cell, and what the catalogue says of its row."""
    row, _, column = item.cell_id.rpartition("-r")[2].partition("c")
    kind, side = _row_of(item.statement_id, item.row_key)
    return replace(
        item, cell_id=ids[item.page, int(row), int(column)], row_kind=kind, side=side, row_path=item.row_label
    )


@cache
def _row_of(statement_id: str, row_key: str) -> tuple[RowKind, str]:
    """Kind and side of a row: those of the form's line of that key, or else of the form's rows."""
    catalogue = load_catalogue()
    form = catalogue.form(statement_id).form
    for name in form.lines:
        line_set = catalogue.line_sets[name]
        if any(line.key == row_key for line in line_set.lines):
            return line_set.row_kind, line_set.side
    return form.row_kind, ""
