"""Models of the warehouse over a small lake, in memory: what a test asks of a few hand-made documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.warehouse.datasets import PER_DOCUMENT, PER_FOLDER
from pipelines.warehouse.models_in_memory import build
from tests.warehouse.mini_lake import MiniLake


@dataclass(frozen=True)
class Models:
    """The models that were asked for, as tables."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, parameters).fetchall()


def models_of(lake: MiniLake, folder: Path, wanted: Iterable[str], *tables: str) -> Models:
    """Build ``wanted`` from the lake, written to ``folder``; ``tables`` are SQL that stands in for seeds."""
    lake.write(folder)
    connection = duckdb.connect()
    for dataset in (*PER_DOCUMENT, *PER_FOLDER):
        files = f"{folder}/{dataset.name}/**/*.parquet"
        connection.execute(
            f"create table {dataset.name} as select * from read_parquet('{files}', union_by_name = true)"
        )
    for part in ("catalogue", "identities"):
        for file in sorted((folder / part).glob("*.parquet")):
            connection.execute(f"create table {file.stem} as select * from read_parquet('{file}')")
    for table in tables:
        connection.execute(table)
    build(connection, wanted)
    return Models(connection)
