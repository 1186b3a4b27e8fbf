"""What the warehouse would find in documents that are not in it: the findings of one file, in a second.

A department can so read, before it publishes, what an overseer would ask it afterwards. The models that
find are the warehouse's own (``models_in_memory``); the documents given are all that they know, so what
only last year's document can contradict is not found without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

import duckdb

from pipelines.statements.catalogue import load_catalogue
from pipelines.warehouse.datasets import DOCUMENTS, PER_DOCUMENT, RAW_INVENTORY, Dataset
from pipelines.warehouse.identities import default_tables
from pipelines.warehouse.identity_tables import create_tables, insert_rows
from pipelines.warehouse.lake import DocumentRows, Row
from pipelines.warehouse.models_in_memory import build
from pipelines.warehouse.reference_data import catalogue_tables


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of ``mart_findings``: what to look at, the question to ask, where it is printed; yuan."""

    finding_id: str
    finding_kind: str
    severity: str
    document_id: str
    statement_name_zh: str | None
    statement_name_en: str | None
    sentence_zh: str
    sentence_en: str
    question_zh: str
    question_en: str
    expected_yuan: Decimal | None
    reported_yuan: Decimal | None
    difference_yuan: Decimal | None
    page: int | None
    cell_id: str | None
    operand_cell_ids: tuple[str, ...]
    identity_key: str | None
    is_read_by_ocr: bool


def findings_of(documents: Sequence[DocumentRows]) -> tuple[Finding, ...]:
    """The findings of documents that lie in no warehouse, the gravest first.

    One that does not say whose it is, of which year and kind has none: what should be in it is not
    known. Raises ``duckdb.Error`` where a model cannot run.
    """
    with duckdb.connect() as connection:
        create_tables(connection, default_tables())
        for dataset in PER_DOCUMENT:
            _insert(connection, dataset, [row for one in documents for row in one.rows.get(dataset.name, ())])
        _insert(connection, RAW_INVENTORY, [_listed(document) for document in documents])
        for dataset, rows in catalogue_tables(load_catalogue()):
            _insert(connection, dataset, rows)
        build(connection, ["mart_findings"])
        names = ", ".join(field.name for field in fields(Finding))
        # In the order the mart was made in.
        found: list[tuple[Any, ...]] = connection.execute(
            f"select {names} from mart_findings order by rowid"
        ).fetchall()
    return tuple(_finding(row) for row in found)


def _finding(row: tuple[Any, ...]) -> Finding:
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in row]
    return Finding(*values)


def _insert(connection: duckdb.DuckDBPyConnection, dataset: Dataset, rows: Sequence[Row]) -> None:
    columns = {column.name: column.type for column in dataset.columns}
    named = [dict(zip(columns, map(_plain, row), strict=True)) for row in rows]
    insert_rows(connection, dataset.name, columns, named)


def _plain(value: Any) -> Any:
    """A value as DuckDB takes it in a struct: an amount as text, so that it passes through no float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return list(value) if isinstance(value, tuple) else value


def _listed(document: DocumentRows) -> Row:
    (row,) = document.rows[DOCUMENTS.name]
    values = dict(zip((column.name for column in DOCUMENTS.columns), row, strict=True))
    return (values["source_path"], document.document_id, values["size_bytes"], False, None)
