"""A made document as a perfect reader would understand it: the records rooms pass, without any reading.

``printed`` takes a document that was drawn; ``printed_forms`` what forms print, without drawing it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pipelines.statements.model import DocumentKind, Identification, LineItem, Statement
from pipelines.warehouse.identities import Printed
from tests.corpus.contents import YUAN_PER_UNIT, Content
from tests.corpus.document import Made, Plan
from tests.corpus.forms import Form, build, number_format


def printed(plan: Plan, made: Made, kind: DocumentKind) -> Printed:
    """Statements and line items of a document out of its truth."""
    statements, items = [], []
    for number, each in enumerate(made.statements, 1):
        rows = [row for row in made.truth if row.statement_id == each.statement_id]
        order = {key: place for place, key in enumerate(each.row_keys, 1)}
        statements.append(
            Statement(
                statement_number=number,
                statement_id=each.statement_id,
                title_printed=each.statement_id,
                label_printed="",
                first_page=each.first_page,
                last_page=each.last_page,
                unit=each.unit,
                department_printed=plan.department,
                is_stated_empty=each.is_empty,
                empty_sentence="",
                score=1.0,
                n_rows=len(each.row_keys),
                n_amounts=len(rows),
                printed_rows=each.row_keys,
                printed_columns=each.column_ids,
            )
        )
        for place, row in enumerate(rows):
            decimals = len(row.printed.replace(" ", "").partition(".")[2])
            items.append(
                LineItem(
                    cell_id=f"{plan.document}-p{row.page:04d}-{each.statement_id}-{place:04d}",
                    statement_number=number,
                    statement_id=each.statement_id,
                    row_kind="line",
                    row_key=row.row_key,
                    row_label=row.row_label,
                    row_path=row.row_label,
                    row_number=order[row.row_key],
                    side="",
                    column_id=row.column_id,
                    column_path="",
                    amount_yuan=row.yuan,
                    amount_printed=row.printed,
                    unit=row.unit,
                    precision_yuan=YUAN_PER_UNIT[row.unit] * Decimal(1).scaleb(-decimals),
                    page=row.page,
                )
            )
    identification = Identification(plan.department, plan.year, kind, "department", plan.document[:6])
    return Printed(plan.document, identification, statements, items)


def printed_forms(
    document_id: str,
    department: str,
    year: int,
    kind: DocumentKind,
    statements: Iterable[tuple[Form, Content]],
) -> Printed:
    """What a document of these statements prints, each on a page of its own."""
    found, items = [], []
    for number, (form, content) in enumerate(statements, 1):
        grid = build(form, content, year)
        unit = content.unit or number_format(form).unit
        order = {key: place for place, key in enumerate(grid.row_keys, 1)}
        cells = [cell for cell in grid.cells if cell.tag is not None]
        found.append(
            Statement(
                statement_number=number,
                statement_id=form.statement_id,
                title_printed=form.statement_id,
                label_printed="",
                first_page=number,
                last_page=number,
                unit=unit,
                department_printed=department,
                is_stated_empty=content.is_empty,
                empty_sentence="",
                score=1.0,
                n_rows=len(grid.row_keys),
                n_amounts=len(cells),
                printed_rows=grid.row_keys,
                printed_columns=grid.column_ids,
            )
        )
        for cell in cells:
            tag = cell.tag
            assert tag is not None
            decimals = len("".join(cell.text.split()).partition(".")[2])
            items.append(
                LineItem(
                    cell_id=f"{document_id}-p{number:04d}-t01-r{cell.row:03d}c{cell.column:02d}",
                    statement_number=number,
                    statement_id=form.statement_id,
                    row_kind="line",
                    row_key=tag.row_key,
                    row_label=tag.row_label,
                    row_path=tag.row_label,
                    row_number=order.get(tag.row_key, cell.row),
                    side="",
                    column_id=tag.column_id,
                    column_path="",
                    amount_yuan=tag.yuan,
                    amount_printed=cell.text,
                    unit=unit,
                    precision_yuan=YUAN_PER_UNIT[unit] * Decimal(1).scaleb(-decimals),
                    page=number,
                )
            )
    identification = Identification(department, year, kind, "department", document_id[:6])
    return Printed(document_id, identification, found, items)
