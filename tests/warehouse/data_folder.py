"""What a data folder holds, in a form that two builds can be compared by: rows, not bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

#: Written about a build (times, run ids, how things stand), or by the lock: not what was built.
_OF_THE_RUN = (
    "dbt_parsed.msgpack",
    "dbt_target",
    "dbt_target_of_changes",
    "data_docs",
    "build.lock",
    "hashes.json",
    "status.html",
    "warehouse.duckdb",
    "warehouse.json",
)


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A data folder at rest: its tables by name (rows, checksum), its record, and the files it consists of.

    ``files`` holds the hash of each file whose bytes a build determines; of the others, that they are there.
    """

    tables: Mapping[str, tuple[int, int]]
    build_version: str
    files: Mapping[str, str]


def state_of(data: Path) -> DataFolder:
    """Look at a data folder. Raises ``duckdb.Error`` or ``OSError`` where its warehouse does not open."""
    return DataFolder(table_checksums(data / "warehouse.duckdb"), recorded_version(data), _files(data))


def table_checksums(warehouse: Path) -> dict[str, tuple[int, int]]:
    """Rows and an order-free checksum of every table of a warehouse, by ``schema.table``."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        names = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        found = {}
        for schema, table in names:
            row = connection.execute(
                f'SELECT count(*), coalesce(sum(hash(t)::HUGEINT), 0) FROM "{schema}"."{table}" AS t'
            ).fetchone()
            assert row is not None
            found[f"{schema}.{table}"] = (int(row[0]), int(row[1]))
    return found


def recorded_version(data: Path) -> str:
    """What ``warehouse.json`` says the warehouse was built from; empty where it says nothing."""
    record = data / "warehouse.json"
    return str(json.loads(record.read_text(encoding="utf-8"))["build_version"]) if record.is_file() else ""


def different(one: Mapping[str, object], other: Mapping[str, object], most: int = 5) -> str:
    """The names in which two states differ, for a message; empty where they are the same."""
    names = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _files(data: Path) -> dict[str, str]:
    found = {}
    for path in sorted(data.rglob("*")):
        name = path.relative_to(data).as_posix()
        top = name.split("/", 1)[0]
        if path.is_dir():
            continue
        if top in {"dbt_target", "data_docs"}:
            # Pages are named by the time of their run; that the folder is there is all that can be said.
            found[f"{top}/"] = ""
        elif top in _OF_THE_RUN:
            found[name] = ""
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
