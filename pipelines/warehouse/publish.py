"""Publishing: what was built aside and checked takes the place of what is published, in one step.

A reader who has the old file open keeps reading the old one; one who opens it afterwards sees the new
one; nobody sees half. The file keeps its name on the way, because DuckDB names the catalogue after it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.carrying import MadeOf, file_as_recorded, remove_lakes
from pipelines.warehouse.ducklake import publish_tables
from pipelines.warehouse.versions import made_with

# Marks a folder whose builder holds the lock for as long as it builds.
COMMAND_BUILD = "built_by_command"
# A Dagster run that is older than this has been broken off.
RUN_HOURS = 12
# What a build is made of, in its folder.
_MADE_OF = "made_of.json"


class NotPublishableError(RuntimeError):
    """What was built must not be published; the message says why."""


def sweep(settings: Settings, *, keep: Path | None = None) -> None:
    """Remove builds that were broken off, and what killed readers left. Call with the build lock held.

    A Dagster run does not hold the lock between its steps, so a folder whose last change is recent
    may belong to one under way and stays; a command's own goes at once.
    """
    for part in settings.lake.rglob(".*.part"):
        part.unlink(missing_ok=True)
    remove_lakes(settings)
    if not settings.building.is_dir():
        return
    for folder in settings.building.iterdir():
        if folder != keep and not _may_be_under_way(folder):
            shutil.rmtree(folder, ignore_errors=True)


def new_folder(settings: Settings) -> Path:
    """A folder of its own for one build by a command that holds the lock to its end."""
    folder = settings.building / uuid.uuid4().hex[:12]
    folder.mkdir(parents=True)
    (folder / COMMAND_BUILD).touch()
    return folder


def _may_be_under_way(folder: Path) -> bool:
    # A command holds the lock while it builds, and now the caller holds it: such a build is over.
    if (folder / COMMAND_BUILD).exists():
        return False
    return time.time() - folder.stat().st_mtime < RUN_HOURS * 3600


def undescribed(warehouse: Path) -> tuple[str, ...]:
    """Tables and columns of the ``main`` schema without a comment, as ``table`` or ``table.column``."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT internal "
            "AND coalesce(comment, '') = '' ORDER BY ALL"
        ).fetchall()
        columns = connection.execute(
            "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE schema_name = 'main' "
            "AND NOT internal AND coalesce(comment, '') = '' ORDER BY ALL"
        ).fetchall()
    return tuple(name for (name,) in (*tables, *columns))


def record_made_of(folder: Path, made_of: MadeOf, *, is_whole: bool) -> None:
    """Write down beside a build what it is made of; ``publish`` keeps it with the file.

    ``is_whole``: nothing was carried over from the published file.
    """
    record = {"made_of": made_of.recorded(), "is_whole": is_whole}
    (folder / _MADE_OF).write_text(json.dumps(record), encoding="utf-8")


def drop_views(warehouse: Path) -> None:
    """Take the views, and the schemas that held nothing else, out of a built file.

    The staging views read the lake at its place on this machine: in a file that is copied elsewhere
    they would only fail. Everything analysts use is a table.
    """
    with duckdb.connect(str(warehouse)) as connection:
        views = connection.execute(
            "SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        for schema, view in views:
            connection.execute(f'DROP VIEW "{schema}"."{view}"')
        kept = {
            name
            for (name,) in connection.execute("SELECT DISTINCT schema_name FROM duckdb_tables()").fetchall()
        }
        for schema in sorted({schema for schema, _ in views} - kept - {"main"}):
            connection.execute(f'DROP SCHEMA "{schema}"')


def publish(
    settings: Settings,
    built: Path,
    *,
    build_version: str,
    stops: Sequence[str] = (),
    data_docs: Path | None = None,
) -> None:
    """Swap ``built`` (a file named as the published one) in, and record what it was built from.

    ``data_docs`` are the pages about it, which take the place of those published before.

    ``stops`` are reasons found by the checks; with any of them, with an undescribed table, or with a
    file that is not closed, nothing is published and ``NotPublishableError`` says why.
    """
    reasons = list(stops)
    if built.name != settings.warehouse.name:
        reasons.append(f"the file must be called {settings.warehouse.name}, it is {built.name}")
    if Path(f"{built}.wal").exists():
        reasons.append("the file was not closed: its write-ahead log is still there")
    if not reasons:
        missing = undescribed(built)
        if missing:
            reasons.append("tables or columns without a comment: " + ", ".join(missing[:10]))
    if reasons:
        raise NotPublishableError("; ".join(reasons))
    drop_views(built)
    with built.open("rb") as file:
        os.fsync(file.fileno())
    made_of = _made_of(settings, built)
    # The record goes first out of the way: a swap that is broken off must not look up to date.
    _record(settings).unlink(missing_ok=True)
    if settings.ducklake:
        publish_tables(settings.ducklake, built, build_version)
    built.replace(settings.warehouse)
    # Before the record too: else pages of an earlier build would stay beside a warehouse that looks done.
    if data_docs is not None:
        publish_folder(data_docs, settings.data_docs)
    temporary = _record(settings).with_suffix(".part")
    # When and by what it was made is for the status alone: nothing that is derived depends on it.
    record = {
        "build_version": build_version,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": made_with(),
        **made_of,
    }
    temporary.write_text(json.dumps(record) + "\n", encoding="utf-8")
    temporary.replace(_record(settings))


def _made_of(settings: Settings, built: Path) -> dict[str, Any]:
    """What is recorded of a build that the next may carry over from; empty where nothing is known."""
    beside = built.with_name(_MADE_OF)
    if not beside.is_file():
        return {}
    record = json.loads(beside.read_text(encoding="utf-8"))
    file = file_as_recorded(built)
    of_whole = (
        file["bytes"] if record["is_whole"] else publication(settings).get("bytes_of_whole", file["bytes"])
    )
    return {"made_of": record["made_of"], "file": file, "bytes_of_whole": of_whole}


def published_version(settings: Settings) -> str | None:
    """What the published warehouse was built from; None where there is none or the record is missing."""
    version = publication(settings).get("build_version")
    return None if version is None else str(version)


def publication(settings: Settings) -> Mapping[str, Any]:
    """What is recorded of the published warehouse; empty where there is none, or the record is torn.

    ``build_version``, ``published_at`` (UTC, ISO 8601), ``versions`` of what made it; ``made_of``, ``file``
    and ``bytes_of_whole`` (of the last that carried nothing over) where a build may carry over from it.
    """
    if settings.warehouse.is_file():
        with contextlib.suppress(OSError, ValueError):
            record = json.loads(_record(settings).read_text(encoding="utf-8"))
            if isinstance(record, dict):
                return record
    return {}


def publish_folder(built: Path, published: Path) -> None:
    """Put a folder of pages in the place of another.

    Between two renames there is none for a moment: pages, unlike the warehouse, are looked at by people.
    """
    if not built.is_dir():
        return
    old = published.with_name(f".{published.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    with contextlib.suppress(FileNotFoundError):
        published.rename(old)
    built.rename(published)
    shutil.rmtree(old, ignore_errors=True)


def _record(settings: Settings) -> Path:
    return settings.data / "warehouse.json"
