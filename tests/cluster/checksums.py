"""What a lake and a warehouse hold, as one checksum for each table, whatever the order of rows and files."""

from __future__ import annotations

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.datasets import PER_DOCUMENT, PER_FOLDER
from pipelines.warehouse.lake import Lake


def of_lake(settings: Settings) -> dict[str, str]:
    """One checksum for each dataset of the lake."""
    lake = Lake(settings.lake)
    with duckdb.connect() as connection:
        return {
            dataset.name: checksum(connection, lake.read(dataset)) for dataset in (*PER_DOCUMENT, *PER_FOLDER)
        }


def load_lake(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """The lake's datasets as tables under their names, as the warehouse's models ask for them."""
    lake = Lake(settings.lake)
    for dataset in (*PER_DOCUMENT, *PER_FOLDER):
        connection.execute(f"CREATE TABLE {dataset.name} AS FROM {lake.read(dataset)}")
    for part in ("catalogue", "identities"):
        for file in sorted((settings.lake / part).glob("*.parquet")):
            connection.execute(f"CREATE TABLE {file.stem} AS FROM read_parquet('{file}')")


def of_tables(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    """One checksum for each table of the schema ``main`` of an attached database."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() "
        "WHERE database_name = ? AND schema_name = 'main' ORDER BY ALL",
        [database],
    ).fetchall()
    return {name: checksum(connection, f'"{database}".main."{name}"') for (name,) in tables}


def checksum(connection: duckdb.DuckDBPyConnection, rows: str) -> str:
    """Column names and types, the number of rows and the sum of their hashes."""
    columns = connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
    (said,) = connection.execute(
        f"SELECT count(*) || ' rows, ' || coalesce(sum(hash(found)::HUGEINT), 0) FROM {rows} AS found"
    ).fetchall()
    return f"{said[0]} in " + ", ".join(f"{name} {kind}" for name, kind, *_ in columns)
