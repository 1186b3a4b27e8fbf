"""The warehouse as a DuckLake with its catalogue in PostgreSQL, for analysts on more than one machine.

dbt's target `lake` builds into a catalogue of its own, which only builds see and which is empty again
when the next begins. What was built goes into a file as with the target `build`, and that file is checked.
Publishing puts the checked tables into the catalogue that analysts read, all in one transaction: a
reader sees the tables of before or those of after, in one snapshot, and never waits.

Only the builder that holds the lock of the data folder writes. A catalogue serves one data folder.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.settings import DuckLake

# Schemas of the PostgreSQL database, one for each catalogue.
PUBLISHED = "juesuan"
BUILDING = "juesuan_building"
# The name of the attached catalogue that dbt builds into; profiles.yml has it too.
ALIAS = "building"
EXTENSIONS = ("ducklake", "postgres_scanner")
# What was published so long ago can no longer be read; files nobody reads any more go a day later.
KEPT_DAYS = 30


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a catalogue: its comment, and those of its columns that have one."""

    schema: str
    name: str
    comment: str | None
    columns: tuple[tuple[str, str], ...]


def install_extensions(lake: DuckLake) -> None:
    """Put DuckDB's extensions, which the installed packages hold, where DuckDB loads them from."""
    import duckdb_extensions  # of the extra `cluster`

    lake.extensions.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config=_configuration(lake)) as connection:
        for name in EXTENSIONS:
            duckdb_extensions.import_extension(name, con=connection)


def begin_build(lake: DuckLake) -> None:
    """Make the catalogue of builds empty. Call with the build lock held."""
    install_extensions(lake)
    with _connected(lake) as connection:
        connection.execute(f"ATTACH {_quoted(lake.catalogue)} AS postgres (TYPE postgres)")
        connection.execute(f"CALL postgres_execute('postgres', 'DROP SCHEMA IF EXISTS {BUILDING} CASCADE')")
    shutil.rmtree(lake.building, ignore_errors=True)
    lake.building.mkdir(parents=True)


def copy_build(lake: DuckLake, built: Path) -> None:
    """Write the tables of the catalogue of builds to the DuckDB file ``built``, with their comments."""
    built.unlink(missing_ok=True)
    with _connected(lake) as connection:
        _attach(connection, lake, ALIAS, BUILDING, lake.building, read_only=True)
        connection.execute(f"ATTACH {_quoted(str(built))} AS file")
        connection.execute("BEGIN")
        for table in _tables(connection, ALIAS):
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS file."{table.schema}"')
            _copy(connection, table, ALIAS, "file")
        connection.execute("COMMIT")
        connection.execute("DETACH file")


def publish_tables(lake: DuckLake, built: Path, build_version: str) -> None:
    """Put the tables of the checked file's schema ``main`` in the place of those published, at once."""
    install_extensions(lake)
    lake.published.mkdir(parents=True, exist_ok=True)
    with _connected(lake) as connection:
        _attach(connection, lake, "lake", PUBLISHED, lake.published)
        connection.execute(f"ATTACH {_quoted(str(built))} AS file (READ_ONLY)")
        built_now = [table for table in _tables(connection, "file") if table.schema == "main"]
        before = {table.name for table in _tables(connection, "lake") if table.schema == "main"}
        connection.execute("BEGIN")
        for name in sorted(before - {table.name for table in built_now}):
            connection.execute(f'DROP TABLE lake.main."{name}"')
        for table in built_now:
            _copy(connection, table, "file", "lake")
        connection.execute(f"CALL lake.set_commit_message('juesuan', {_quoted(build_version)})")
        connection.execute("COMMIT")
        age = f"now() - INTERVAL {KEPT_DAYS} DAY"
        connection.execute(f"CALL ducklake_expire_snapshots('lake', older_than => {age})")
        connection.execute("CALL ducklake_cleanup_old_files('lake', older_than => now() - INTERVAL 1 DAY)")


@contextlib.contextmanager
def reader(lake: DuckLake) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of an analyst: the published tables as ``lake.main``, read-only."""
    with _connected(lake) as connection:
        _attach(connection, lake, "lake", PUBLISHED, lake.published, read_only=True)
        yield connection


@contextlib.contextmanager
def _connected(lake: DuckLake) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config=_configuration(lake)) as connection:
        for name in EXTENSIONS:
            connection.execute(f"LOAD {name}")
        yield connection


def _configuration(lake: DuckLake) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "extension_directory": str(lake.extensions),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }


def _attach(
    connection: duckdb.DuckDBPyConnection,
    lake: DuckLake,
    alias: str,
    schema: str,
    data: Path,
    *,
    read_only: bool = False,
) -> None:
    connection.execute(
        f"ATTACH {_quoted('ducklake:postgres:' + lake.catalogue)} AS {alias} "
        f"(METADATA_SCHEMA {_quoted(schema)}, DATA_PATH {_quoted(f'{data}/')}{', READ_ONLY' * read_only})"
    )


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[_Table]:
    """All tables of an attached catalogue with what their comments say.

    In one question: for ``duckdb_tables()`` DuckLake counts the rows of every table, in PostgreSQL.
    """
    comments: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, comment in connection.execute(
        "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() "
        "WHERE database_name = ? AND comment IS NOT NULL ORDER BY table_oid, column_index",
        [database],
    ).fetchall():
        comments.setdefault((schema, table), []).append((column, comment))
    found = connection.execute(
        "SELECT schema_name, table_name, comment FROM duckdb_tables() "
        "WHERE database_name = ? AND NOT internal ORDER BY ALL",
        [database],
    ).fetchall()
    return [
        _Table(schema, name, comment, tuple(comments.get((schema, name), ())))
        for schema, name, comment in found
    ]


def _copy(connection: duckdb.DuckDBPyConnection, table: _Table, source: str, target: str) -> None:
    """A table of one catalogue in another, under its own name and with its comments."""
    name = f'"{table.schema}"."{table.name}"'
    connection.execute(f"CREATE OR REPLACE TABLE {target}.{name} AS FROM {source}.{name}")
    if table.comment:
        connection.execute(f"COMMENT ON TABLE {target}.{name} IS {_quoted(table.comment)}")
    for column, comment in table.columns:
        connection.execute(f'COMMENT ON COLUMN {target}.{name}."{column}" IS {_quoted(comment)}')


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
