"""The data package of a release: ``datapackage.json`` (Frictionless Data Package) over its CSV files.

What a table and a column mean, and which columns are keys, comes from the dbt project (descriptions and
rules ``unique`` and ``relationships``); types and what is never NULL from the tables themselves. A key is
stated only where it is true of the rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.oversight.release.layout import (
    CHANGES,
    COUNTS,
    DATABASE,
    DOCUMENTS,
    SYNTHETIC,
    ReleaseError,
    csv_of,
    hash_of,
    literal,
    parquet_of,
    quoted,
)
from pipelines.warehouse.dictionary import TableEntry

_TYPES = (
    (re.compile(r"(TINY|SMALL|BIG|HUGE|U\w+)?INT(EGER)?"), "integer"),
    (re.compile(r"DECIMAL\(.*\)|DOUBLE|FLOAT"), "number"),
    (re.compile(r"BOOLEAN"), "boolean"),
    (re.compile(r"DATE"), "date"),
    (re.compile(r"TIMESTAMP"), "datetime"),
)


@dataclass(frozen=True, slots=True)
class State:
    """What a release says of itself. ``last_release`` is empty where it is the first."""

    date: str
    version: str
    n_documents: int
    n_specimens: int
    n_departments: int
    n_figures: int
    first_year: int | None
    last_year: int | None
    last_release: str

    @property
    def marked(self) -> str:
        """How its title is marked: specimens are never to be taken for published documents."""
        if not self.n_specimens:
            return ""
        only = self.n_specimens == self.n_documents
        return f" {SYNTHETIC}" if only else f" (with specimens {SYNTHETIC})"


def field_type(duckdb_type: str) -> str:
    """The Table Schema type of a column; a list is a string, its items apart by "; "."""
    return next((name for pattern, name in _TYPES if pattern.fullmatch(duckdb_type)), "string")


def columns_of(connection: duckdb.DuckDBPyConnection, parquet: Path) -> dict[str, str]:
    """Columns of a Parquet file with their DuckDB types, in order."""
    rows = connection.execute(f"DESCRIBE FROM read_parquet({literal(parquet)})").fetchall()
    return {row[0]: row[1] for row in rows}


def data_package(folder: Path, tables: Sequence[TableEntry], state: State) -> dict[str, Any]:
    """The descriptor of the files that lie in ``folder``; what it says of keys is asked of the Parquet.

    Raises ``ReleaseError`` where the tables are not those the dbt project describes.
    """
    with duckdb.connect() as connection:
        for table in tables:
            path = folder / parquet_of(table.name)
            if not path.is_file() or tuple(columns_of(connection, path)) != tuple(
                column.name for column in table.columns
            ):
                raise ReleaseError(
                    f"the warehouse's table {table.name} is not as this program describes it; "
                    "make it anew: juesuan build"
                )
            connection.execute(f"CREATE VIEW {quoted(table.name)} AS FROM read_parquet({literal(path)})")
        keys = {table.name: table.key for table in tables if _is_key(connection, table.name, table.key)}
        owners = {key: table for table, key in keys.items()}
        resources = [
            _table_resource(connection, folder, table, keys, owners)
            for table in sorted(tables, key=lambda table: table.name)
        ]
    resources += [_list_resource(folder, *listed) for listed in LISTS]
    resources += [
        _file_resource(folder, f"{table.name}-parquet", parquet_of(table.name), "parquet")
        for table in sorted(tables, key=lambda table: table.name)
    ]
    resources.append(_file_resource(folder, "database", DATABASE, "duckdb"))
    return {
        "profile": "data-package",
        "name": "juesuan",
        "title": f"决算 Juesuan, {state.date}{state.marked}",
        "description": (
            "Budgets (部门预算) and final accounts (部门决算) that Chinese government departments published "
            "as PDF, as figures: each with the page and cell it is printed in, and with the accounting "
            "identities (勾稽关系) it must satisfy. "
            f"{state.n_documents} documents of {state.n_departments} departments; {state.n_specimens} of the "
            f"documents are specimens ({SYNTHETIC}), marked is_synthetic. "
            "In CSV a NULL and an empty text are both empty, lists are separated by '; ', and a text that a "
            "spreadsheet would take for a formula has an apostrophe before it; the Parquet files have the "
            "values as they are."
        ),
        "version": state.date,
        "created": f"{state.date}T00:00:00Z",
        "licenses": [
            {
                "name": "Apache-2.0",
                "title": "Apache License 2.0",
                "path": "https://www.apache.org/licenses/LICENSE-2.0",
            }
        ],
        "contributors": [{"title": "Juesuan contributors", "role": "wrangler"}],
        "keywords": ["部门预算", "部门决算", "government finance", "China"],
        "juesuan": {
            "program_version": state.version,
            "n_documents": state.n_documents,
            "n_specimens": state.n_specimens,
            "last_release": state.last_release,
        },
        "resources": resources,
    }


def write_package(folder: Path, package: Mapping[str, Any], name: str) -> None:
    """Write a descriptor as JSON, one way only."""
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / name).write_text(text + "\n", encoding="utf-8")


def is_true_key(connection: duckdb.DuckDBPyConnection, table: str, key: str) -> bool:
    """Whether ``key`` is never NULL and never the same in two rows."""
    row = connection.execute(
        f"SELECT count(*) - count(DISTINCT {quoted(key)}) FROM {quoted(table)}"
    ).fetchone()
    return row is not None and row[0] == 0


def orphans(connection: duckdb.DuckDBPyConnection, table: str, column: str, target: str, key: str) -> int:
    """How many rows of ``table`` have a value in ``column`` that no row of ``target`` has as its ``key``."""
    row = connection.execute(
        f"SELECT count(*) FROM {quoted(table)} AS t ANTI JOIN {quoted(target)} AS k "
        f"ON t.{quoted(column)} = k.{quoted(key)} WHERE t.{quoted(column)} IS NOT NULL"
    ).fetchone()
    return 0 if row is None else int(row[0])


def _is_key(connection: duckdb.DuckDBPyConnection, table: str, key: str) -> bool:
    return bool(key) and is_true_key(connection, table, key)


def _table_resource(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    table: TableEntry,
    keys: Mapping[str, str],
    owners: Mapping[str, str],
) -> dict[str, Any]:
    types = columns_of(connection, folder / parquet_of(table.name))
    filled = _always_filled(connection, table.name, types)
    fields = []
    for column in table.columns:
        field: dict[str, Any] = {
            "name": column.name,
            "type": field_type(types[column.name]),
            "description": column.description,
            "duckdbType": types[column.name],
        }
        if column.name in filled:
            field["constraints"] = {"required": True}
        fields.append(field)
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.name in keys:
        schema["primaryKey"] = [keys[table.name]]
    foreign = []
    for column in table.columns:
        # What the rules of dbt say, and a column named as the key of another table.
        target = column.points_to or owners.get(column.name, "")
        key = keys.get(target, "")
        if (
            key
            and target != table.name
            and (column.name == key or column.points_to)
            and types[column.name] == columns_of(connection, folder / parquet_of(target))[key]
            and not orphans(connection, table.name, column.name, target, key)
        ):
            reference = {"resource": _resource_name(target), "fields": [key]}
            foreign.append({"fields": [column.name], "reference": reference})
    if foreign:
        schema["foreignKeys"] = foreign
    return _csv_resource(folder, table.name, csv_of(table.name), table.description, schema)


def _always_filled(
    connection: duckdb.DuckDBPyConnection, table: str, types: Mapping[str, str]
) -> frozenset[str]:
    """Columns that are never empty in CSV, where neither a NULL nor an empty text or list has characters."""
    asked = ", ".join(
        f"coalesce(bool_and(coalesce({_shown(name, kind)}, '') <> ''), false)" for name, kind in types.items()
    )
    row = connection.execute(f"SELECT {asked} FROM {quoted(table)}").fetchone() or ()
    return frozenset(name for name, is_filled in zip(types, row, strict=True) if is_filled)


def _shown(name: str, kind: str) -> str:
    return f"array_to_string({quoted(name)}, '; ')" if kind.endswith("[]") else f"{quoted(name)}::varchar"


def _resource_name(table: str) -> str:
    return table.replace("_", "-")


def _csv_resource(
    folder: Path, name: str, path: str, description: str, schema: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "name": _resource_name(name),
        "type": "table",
        "profile": "tabular-data-resource",
        "path": path,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        **_size(folder / path),
        "description": description,
        "schema": schema,
    }


def _list_resource(
    folder: Path, path: str, description: str, fields: Sequence[tuple[str, str, str]]
) -> dict[str, Any]:
    schema = {
        "fields": [{"name": name, "type": kind, "description": said} for name, kind, said in fields],
        "missingValues": [""],
    }
    return _csv_resource(folder, Path(path).stem, path, description, schema)


def _file_resource(folder: Path, name: str, path: str, form: str) -> dict[str, Any]:
    return {
        "name": _resource_name(name),
        "type": "file",
        "profile": "data-resource",
        "path": path,
        "scheme": "file",
        "format": form,
        **_size(folder / path),
    }


def _size(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "hash": f"sha256:{hash_of(path)}"}


#: The lists beside the tables: path, what it is, its columns with type and meaning.
LISTS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        DOCUMENTS,
        "The documents (公开文件) the figures come from, superseded ones and those set aside too: their "
        "hashes and where they were obtained.",
        (
            ("document_id", "string", "First 16 hex digits of the SHA-256."),
            ("sha256", "string", "SHA-256 of the file."),
            ("published_name", "string", "File name it was published under."),
            ("source_path", "string", "Path in the raw folder it was read from."),
            ("obtained_from", "string", "Where the file was obtained (来源)."),
            ("published_at", "date", "Day of publication (公开日期), where known."),
            ("fetched_at", "datetime", "When the file was fetched (获取时间), UTC, where known."),
            ("department_name", "string", "Department or unit."),
            ("region_code", "string", "Administrative division (GB/T 2260)."),
            ("fiscal_year", "integer", "Fiscal year."),
            ("document_kind", "string", "budget (部门预算) or final_accounts (部门决算)."),
            ("document_part", "string", "Part of the disclosure the file holds."),
            ("version_number", "integer", "Version of that part, 1 the oldest."),
            ("document_status", "string", "current, superseded, withdrawn, set_aside, …"),
            ("page_count", "integer", "Pages."),
            ("is_scanned", "boolean", "Its pages are pictures: figures were recognised (OCR)."),
            ("is_synthetic", "boolean", f"Specimen ({SYNTHETIC}), not a published document."),
        ),
    ),
    (
        COUNTS,
        "Rows of each table by region and fiscal year, counted in the warehouse and in the release.",
        (
            ("table_name", "string", "Table."),
            ("region_code", "string", "Administrative division; empty where rows belong to none."),
            ("fiscal_year", "integer", "Fiscal year; empty where rows belong to none."),
            ("rows_in_warehouse", "integer", "Rows in the published warehouse."),
            ("rows_in_release", "integer", "Rows in the release."),
        ),
    ),
    (
        CHANGES,
        "Printed amounts that differ from the last release; without rows in a first release.",
        (
            ("change", "string", "changed, added or removed."),
            ("disclosure_id", "string", "Department, fiscal year, kind."),
            ("document_part", "string", "Part of the disclosure."),
            ("statement_id", "string", "Statement form."),
            ("row_key", "string", "Row: code, line or name."),
            ("column_id", "string", "Column."),
            ("occurrence", "integer", "Which of several such places of the disclosure, from 1."),
            ("old_yuan", "number", "Amount in the last release, yuan."),
            ("new_yuan", "number", "Amount in this release, yuan."),
            ("old_cell_id", "string", "Cell it was printed in, in the last release."),
            ("new_cell_id", "string", "Cell it is printed in now."),
        ),
    ),
)
