"""A made document as a perfect reader would understand it: the records rooms pass, without any reading."""

from __future__ import annotations

from decimal import Decimal

from pipelines.statements.model import DocumentKind, Identification, LineItem, Statement
from pipelines.warehouse.identities import Printed
from tests.corpus.contents import YUAN_PER_UNIT
from tests.corpus.document import Made, Plan


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
