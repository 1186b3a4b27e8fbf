"""Verdicts on the accounting identities of one document, or of several, without a warehouse.

The logic stands once, in ``dbt_project/models/identities/*.sql``: here the very same files run in
memory (``models_in_memory``). Nothing about any single identity is written in this module; they are
data (``expectations/identities``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal

import duckdb

from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import Identification, LineItem, Statement
from pipelines.warehouse.identity_tables import (
    IdentityTables,
    compile_identities,
    create_tables,
    insert_rows,
)
from pipelines.warehouse.models_in_memory import build
from pipelines.warehouse.reference_data import catalogue_tables

Verdict = Literal["exact", "rounding", "improbable", "violated", "not_evaluable"]

_DISCLOSURE = {
    "disclosure_id": "VARCHAR",
    "department_id": "VARCHAR",
    "region_code": "VARCHAR",
    "fiscal_year": "INTEGER",
    "document_kind": "VARCHAR",
    "document_id": "VARCHAR",
}
#: What the models read of ``int_statements`` and ``int_line_items``.
_STATEMENT_COLUMNS = _DISCLOSURE | {
    "statement_number": "INTEGER",
    "statement_id": "VARCHAR",
    "unit": "VARCHAR",
    "is_stated_empty": "BOOLEAN",
    "first_page": "INTEGER",
    "printed_rows": "VARCHAR[]",
    "printed_columns": "VARCHAR[]",
}
_ITEM_COLUMNS = _DISCLOSURE | {
    "statement_number": "INTEGER",
    "statement_id": "VARCHAR",
    "row_kind": "VARCHAR",
    "row_key": "VARCHAR",
    "row_label": "VARCHAR",
    "row_number": "INTEGER",
    "column_id": "VARCHAR",
    "amount_yuan": "DECIMAL(18,2)",
    "precision_yuan": "DECIMAL(18,4)",
    "unit": "VARCHAR",
    "page": "INTEGER",
    "cell_id": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class IdentityResult:
    """One verdict: identity × key of a disclosure; amounts in yuan.

    ``reported`` is what is printed, ``expected`` what the other figures give; both None where the
    identity could not be decided, with the reason in ``not_evaluable_because`` (statement: state).
    The sentences are those of a finding, where they were asked for and the result is in doubt.
    """

    disclosure_id: str
    fiscal_year: int
    identity_id: str
    family: str
    severity: str
    title_zh: str
    title_en: str
    key: str
    verdict: Verdict
    expected_yuan: Decimal | None
    reported_yuan: Decimal | None
    difference_yuan: Decimal | None
    tolerance_yuan: Decimal | None
    n_operands: int
    document_id: str
    statement_id: str
    page: int | None
    cell_id: str | None
    operand_cell_ids: tuple[str, ...]
    not_evaluable_because: tuple[str, ...]
    sentence_zh: str = ""
    sentence_en: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """One document's understood figures, for evaluating identities over several documents.

    Documents of the same ``department``, year and kind are one disclosure.
    """

    document_id: str
    identification: Identification
    statements: Sequence[Statement]
    line_items: Sequence[LineItem]


@cache
def default_tables() -> IdentityTables:
    """The project's own identities, compiled once per process."""
    return compile_identities()


def evaluate(
    line_items: Sequence[LineItem],
    statements: Sequence[Statement],
    identification: Identification,
    *,
    document_id: str = "document",
    tables: IdentityTables | None = None,
    in_words: bool = False,
) -> list[IdentityResult]:
    """Evaluate every identity that can be asked of one document, ordered by identity and key.

    A document whose kind is not known is asked nothing; one whose year is not known is taken to
    be of no special year. ``in_words`` adds the sentences that findings have.
    """
    printed = Printed(document_id, identification, statements, line_items)
    return evaluate_documents([printed], tables=tables, in_words=in_words)


def evaluate_documents(
    documents: Iterable[Printed], *, tables: IdentityTables | None = None, in_words: bool = False
) -> list[IdentityResult]:
    """Evaluate every identity over several documents: within each, over years, budget against final."""
    with judged(documents, tables=tables) as connection:
        if in_words:
            for dataset, rows in catalogue_tables(load_catalogue()):
                columns = {column.name: column.type for column in dataset.columns}
                named = [dict(zip(columns, row, strict=True)) for row in rows]
                insert_rows(connection, f"stg_{dataset.name}", columns, named)
            build(connection, ["int_identity_sentences"])
        return _results(connection, in_words)


@contextmanager
def judged(
    documents: Iterable[Printed], *, tables: IdentityTables | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory in which the identity models have run over documents.

    A document whose kind is not known is asked nothing. Closed with the block.
    """
    statement_rows: list[dict[str, object]] = []
    item_rows: list[dict[str, object]] = []
    for document in documents:
        if document.identification.kind is None:
            continue
        disclosure = _disclosure(document)
        statement_rows += [disclosure | _statement_row(statement) for statement in document.statements]
        item_rows += [disclosure | _item_row(item) for item in document.line_items]
    with duckdb.connect() as connection:
        create_tables(connection, tables or default_tables())
        insert_rows(connection, "int_statements", _STATEMENT_COLUMNS, statement_rows)
        insert_rows(connection, "int_line_items", _ITEM_COLUMNS, item_rows)
        build(connection, ["int_identity_results", "int_identity_operand_cells"])
        yield connection


def _disclosure(document: Printed) -> dict[str, object]:
    identification = document.identification
    department = identification.department_name or document.document_id
    year = identification.fiscal_year or 0
    return {
        "disclosure_id": f"{department}-{year}-{identification.kind}",
        "department_id": department,
        "region_code": identification.region_code,
        "fiscal_year": year,
        "document_kind": identification.kind,
        "document_id": document.document_id,
    }


def _statement_row(statement: Statement) -> dict[str, object]:
    return {
        "statement_number": statement.statement_number,
        "statement_id": statement.statement_id,
        "unit": statement.unit,
        "is_stated_empty": statement.is_stated_empty,
        "first_page": statement.first_page,
        "printed_rows": list(statement.printed_rows),
        "printed_columns": list(statement.printed_columns),
    }


def _item_row(item: LineItem) -> dict[str, object]:
    return {
        "statement_number": item.statement_number,
        "statement_id": item.statement_id,
        "row_kind": item.row_kind,
        "row_key": item.row_key,
        "row_label": item.row_label,
        "row_number": item.row_number,
        "column_id": item.column_id,
        "amount_yuan": str(item.amount_yuan),
        "precision_yuan": str(item.precision_yuan),
        "unit": item.unit,
        "page": item.page,
        "cell_id": item.cell_id,
    }


def _results(connection: duckdb.DuckDBPyConnection, in_words: bool) -> list[IdentityResult]:
    sentences = "s.sentence_zh, s.sentence_en" if in_words else "'', ''"
    joined = (
        "left join int_identity_sentences as s on r.disclosure_id = s.disclosure_id "
        "and r.identity_id = s.identity_id and r.key = s.identity_key"
    )
    rows: list[tuple[Any, ...]] = connection.execute(
        f"""
        select
            r.disclosure_id, r.fiscal_year, r.identity_id, i.family, i.severity, i.title_zh, i.title_en,
            r.key, r.verdict,
            r.expected_yuan, r.reported_yuan, r.difference_yuan, r.tolerance_yuan, r.n_operands,
            r.document_id, r.statement_id, r.page, r.cell_id, coalesce(o.cell_ids, []),
            r.not_evaluable_because,
            {sentences}
        from int_identity_results as r
        inner join identities as i on r.identity_id = i.identity_id
        left join (
            select answer_number, list(cell_id order by cell_id) as cell_ids
            from int_identity_operand_cells group by answer_number
        ) as o on r.answer_number = o.answer_number
        {joined if in_words else ""}
        order by r.disclosure_id, r.identity_id, r.key
        """
    ).fetchall()
    return [_result(row) for row in rows]


def _result(row: tuple[Any, ...]) -> IdentityResult:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return IdentityResult(*values)
