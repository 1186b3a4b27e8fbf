"""The CSV files of a release: its tables, and the lists of documents, counts and changes.

All of them are made of the Parquet files alone, so that ``verify`` can make them again and compare.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.oversight.release.layout import FIGURES, literal, open_duckdb, parquet_of, quoted
from pipelines.oversight.release.package import LISTS, columns_of
from pipelines.oversight.views import csv_cell

# Rows fetched at a time: a table of millions of cells is not held in memory.
_BATCH = 10_000

_DOCUMENTS = """
    SELECT document_id, sha256, published_name, source_path, obtained_from, published_at, fetched_at,
        document_name AS department_name, region_code, fiscal_year, document_kind, document_part,
        version_number, document_status, page_count, is_scanned, is_synthetic
    FROM dim_document
    ORDER BY ALL"""
_CHANGES = """
    SELECT
        CASE
            WHEN o.amount_yuan IS NULL THEN 'added'
            WHEN n.amount_yuan IS NULL THEN 'removed'
            ELSE 'changed'
        END,
        disclosure_id, document_part, statement_id, row_key, column_id, occurrence,
        o.amount_yuan, n.amount_yuan, o.cell_id, n.cell_id
    FROM old_figures AS o
    FULL JOIN new_figures AS n
        USING (disclosure_id, document_part, statement_id, row_key, column_id, occurrence)
    WHERE o.amount_yuan IS DISTINCT FROM n.amount_yuan
    ORDER BY ALL"""

Rows = Iterable[Sequence[Any]]
Count = tuple[str, str, int | None, int]


@dataclass(frozen=True, slots=True)
class Marts:
    """The tables of a release as views of ``connection``, read from its Parquet files."""

    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, Mapping[str, str]]


def open_marts(folder: Path) -> Marts:
    """Open the Parquet files of a release. Raises ``duckdb.Error`` where one cannot be read."""
    connection = open_duckdb()
    tables = {}
    for path in sorted((folder / "parquet").glob("*.parquet")):
        name = path.stem
        connection.execute(f"CREATE VIEW {quoted(name)} AS FROM read_parquet({literal(path)})")
        tables[name] = columns_of(connection, path)
    return Marts(connection, tables)


def write_csv(path: Path, columns: Sequence[str], rows: Rows) -> None:
    """Write CSV (RFC 4180, UTF-8 with a mark so that spreadsheets read the Chinese, safe to open in them)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([csv_cell(value) for value in row] for row in rows)


def table_rows(marts: Marts, table: str) -> Iterator[Sequence[Any]]:
    """The rows of a table in the order they are stored in, which is that of all their columns."""
    marts.connection.execute(f"FROM {quoted(table)}")
    while batch := marts.connection.fetchmany(_BATCH):
        yield from batch


def header_of(path: str) -> tuple[str, ...]:
    """The columns of one of the lists."""
    (fields,) = [fields for listed, _, fields in LISTS if listed == path]
    return tuple(name for name, _, _ in fields)


def document_rows(marts: Marts) -> Rows:
    """The rows of ``documents.csv``."""
    return marts.connection.execute(_DOCUMENTS).fetchall()


def counts(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str, int | None], int]:
    """Rows of each table by region and fiscal year; a table that has neither counts as a whole."""
    found: dict[tuple[str, str, int | None], int] = {}
    for table, columns in sorted(tables.items()):
        region = "region_code" if "region_code" in columns and "fiscal_year" in columns else "NULL"
        year = "fiscal_year" if region != "NULL" else "NULL::integer"
        rows = connection.execute(
            f"SELECT coalesce({region}, ''), {year}, count(*) FROM {quoted(table)} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        # A table without rows is counted too: it must not be taken for one that is missing.
        for code, fiscal_year, n_rows in rows or [("", None, 0)]:
            found[table, code, fiscal_year] = n_rows
    return found


def count_rows(
    warehouse: Mapping[tuple[str, str, int | None], int], release: Mapping[tuple[str, str, int | None], int]
) -> list[tuple[str, str, int | None, int, int]]:
    """The rows of ``counts.csv``: what either side has, beside each other."""
    keys = sorted({*warehouse, *release}, key=lambda key: (key[0], key[1], -1 if key[2] is None else key[2]))
    return [(*key, warehouse.get(key, 0), release.get(key, 0)) for key in keys]


def change_rows(marts: Marts, last_release: Path | None) -> Rows:
    """The rows of ``changes.csv``: printed amounts that are not those of the last release, by their place.

    A place is the disclosure, its part, the statement, row and column, and which of several such: a document
    that is published again is compared with the one it replaces.
    """
    if last_release is None:
        return ()
    connection = marts.connection
    connection.execute(f"CREATE OR REPLACE TEMP VIEW new_figures AS {_figures('')}")
    connection.execute("CREATE SCHEMA IF NOT EXISTS last_release")
    for table in (*FIGURES, "dim_document"):
        path = literal(last_release / parquet_of(table))
        connection.execute(
            f"CREATE OR REPLACE VIEW last_release.{quoted(table)} AS FROM read_parquet({path})"
        )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW old_figures AS {_figures('last_release.')}")
    return connection.execute(_CHANGES).fetchall()


def _figures(schema: str) -> str:
    parts = " UNION ALL ".join(
        f"SELECT disclosure_id, document_id, statement_id, {row} AS row_key, column_id, amount_yuan, "
        f"cell_id, statement_number, row_number FROM {schema}{table}"
        for table, row in FIGURES.items()
    )
    place = "f.disclosure_id, d.document_part, f.statement_id, f.row_key, f.column_id"
    return (
        f"SELECT {place}, row_number() OVER (PARTITION BY {place} ORDER BY f.document_id, "
        f"f.statement_number, f.row_number, f.cell_id) AS occurrence, f.amount_yuan, f.cell_id "
        f"FROM ({parts}) AS f "
        f"INNER JOIN {schema}dim_document AS d ON f.document_id = d.document_id"
    )
