"""What a page is made of, as a digest: pages whose digest is that of the last site are not made again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

_PACKAGE = Path(__file__).parent
#: What pages of a department take from tables that are not by department.
SHARED_TABLES = (
    "dim_economic_code",
    "dim_functional_code",
    "dim_identity",
    "dim_international_group",
    "dim_region",
    "dim_statement",
)
# The day as of which all holds is no news of a department; what follows from it (days late) is.
_LEFT_OUT = {"mart_publication": "exclude (as_of_date)"}
_ROWS = "count(*)::varchar || '/' || bit_xor(hash(t))::varchar || '/' || sum(hash(t) >> 20)::varchar"


@cache
def program_digest() -> str:
    """Of the templates, the words, the views and the code that set them, and of the forms they name."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for folder in (_PACKAGE, _PACKAGE.parent / "statements"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not {"__pycache__", "vendor", "static"} & set(path.parts):
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def digest_of(*parts: Any) -> str:
    """Of values with a fixed ``repr``, in order."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def tables_by_department(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The tables of the warehouse that say whose a row is, but for the list of departments itself."""
    rows = connection.execute(
        "select table_name from duckdb_columns() where database_name = current_database() "
        "and schema_name = 'main' and column_name = 'department_id' "
        "and table_name not in ('dim_department', 'dim_department_name') order by table_name"
    ).fetchall()
    return tuple(row[0] for row in rows)


def shared_digest(connection: duckdb.DuckDBPyConnection) -> str:
    """Of what all departments share: lists of codes, identities, statements, regions."""
    found = [connection.execute(f"select {_ROWS} from {table} as t").fetchone() for table in SHARED_TABLES]
    return digest_of(found)


def department_digests(connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """For each department a digest of all rows of the warehouse that are its own."""
    found: dict[str, list[Any]] = {}
    for table in tables_by_department(connection):
        columns = _LEFT_OUT.get(table, "")
        for department, rows in connection.execute(
            f"select department_id, {_ROWS} from (select * {columns} from {table}) as t "
            "group by department_id"
        ).fetchall():
            found.setdefault(department, []).append((table, rows))
    for department, rows in connection.execute(
        f"select f.department_id, {_ROWS} from mart_finding_symptoms as t "
        "inner join mart_findings as f on t.finding_id = f.finding_id group by f.department_id"
    ).fetchall():
        found.setdefault(department, []).append(("mart_finding_symptoms", rows))
    return {department: digest_of(sorted(own)) for department, own in found.items()}


def finding_digests(connection: duckdb.DuckDBPyConnection) -> Mapping[tuple[int, str], str]:
    """For each year and region a digest of its findings, what they explain, their states, and its signals."""
    found: dict[tuple[int, str], list[Any]] = {}
    for table in ("mart_findings", "mart_finding_states", "mart_finding_symptoms"):
        for year, region, rows in connection.execute(
            f"select f.fiscal_year, f.region_code, {_ROWS} from {table} as t "
            "inner join mart_findings as f on t.finding_id = f.finding_id group by all"
        ).fetchall():
            found.setdefault((year, region), []).append((table, rows))
    for year, region, rows in connection.execute(
        f"select t.fiscal_year, p.region_code, {_ROWS} from mart_signals as t "
        "inner join dim_department as p on t.department_id = p.department_id group by all"
    ).fetchall():
        found.setdefault((year, region), []).append(("mart_signals", rows))
    return {place: digest_of(own) for place, own in found.items()}


def code_digests(connection: duckdb.DuckDBPyConnection, table: str, code: str) -> Mapping[str, str]:
    """For each code a digest of its rows in a mart of spending by code."""
    rows: Iterable[tuple[str, str]] = connection.execute(
        f"select {code}, {_ROWS} from {table} as t group by {code}"
    ).fetchall()
    return {one: digest_of(table, own) for one, own in rows}
