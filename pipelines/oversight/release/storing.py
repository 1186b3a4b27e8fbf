"""Writing the marts as Parquet and as a DuckDB file so that the same rows give the same bytes.

Parquet needs fixed order and one thread. A DuckDB file needs more (found by comparing files written from
the same rows, DuckDB 1.5.5):

- its FSST compression of strings draws its samples at random: switched off;
- what it leaves unwritten, the gap of a block and the places of NULLs in a compressed segment, it saves as
  it lay in memory. So the writer is a process of its own in which all memory begins as zeros: blocks come
  fresh from the system (jemalloc keeps no freed pages), and glibc fills what it hands out.

Where memory is handed out by others than these (not Linux with glibc), the rows are the same and the bytes of
the DuckDB file may not be; ``verify`` compares the rows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb

from pipelines.oversight.release.layout import (
    DATABASE,
    ReleaseError,
    literal,
    open_duckdb,
    parquet_of,
    quoted,
)
from pipelines.settings import TELEMETRY_OFF

#: Memory that begins as zeros: glibc fills with the complement of this byte, jemalloc gives pages back.
_ZEROED = {"MALLOC_PERTURB_": "255", "DUCKDB_JE_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}


def store_tables(warehouse: Path, folder: Path) -> None:
    """Write the tables of the ``main`` schema of ``warehouse`` into ``folder``, in a process of their own.

    Raises ``ReleaseError`` with what DuckDB said where that fails.
    """
    (folder / "parquet").mkdir(parents=True, exist_ok=True)
    finished = subprocess.run(
        [sys.executable, "-m", "pipelines.oversight.release.storing", str(warehouse), str(folder)],
        env={**os.environ, **TELEMETRY_OFF, **_ZEROED},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        said = finished.stderr.strip().splitlines() or ["no reason given"]
        raise ReleaseError(f"the tables of {warehouse} could not be written: {said[-1]}")


def _store(warehouse: Path, folder: Path) -> None:
    with open_duckdb() as connection:
        connection.execute("SET threads = 1; SET preserve_insertion_order = true")
        connection.execute("SET disabled_compression_methods = 'fsst'")
        connection.execute(f"ATTACH {literal(warehouse)} AS published (READ_ONLY)")
        connection.execute(f"ATTACH {literal(folder / DATABASE)} AS release")
        tables = connection.execute(
            "SELECT table_name, comment FROM duckdb_tables() WHERE database_name = 'published' "
            "AND schema_name = 'main' ORDER BY table_name"
        ).fetchall()
        for table, comment in tables:
            _store_table(connection, table, comment)
            connection.execute(
                f"COPY (FROM release.main.{quoted(table)}) TO {literal(folder / parquet_of(table))} "
                "(FORMAT parquet, COMPRESSION zstd)"
            )
        connection.execute("CHECKPOINT release")
        connection.execute("DETACH release")


def _store_table(connection: duckdb.DuckDBPyConnection, table: str, comment: str | None) -> None:
    columns = connection.execute(
        "SELECT column_name, data_type, is_nullable, comment FROM duckdb_columns() "
        "WHERE database_name = 'published' AND schema_name = 'main' AND table_name = ? ORDER BY column_index",
        [table],
    ).fetchall()
    name = f"release.main.{quoted(table)}"
    declared = (
        f"{quoted(column)} {kind}{'' if nullable else ' NOT NULL'}" for column, kind, nullable, _ in columns
    )
    connection.execute(f"CREATE TABLE {name} ({', '.join(declared)})")
    connection.execute(f"INSERT INTO {name} FROM published.main.{quoted(table)} ORDER BY ALL")
    connection.execute(f"COMMENT ON TABLE {name} IS {literal(comment or '')}")
    for column, _, _, said in columns:
        connection.execute(f"COMMENT ON COLUMN {name}.{quoted(column)} IS {literal(said or '')}")


if __name__ == "__main__":
    _store(Path(sys.argv[1]), Path(sys.argv[2]))
