"""Builds that are killed before a chosen one of the steps they take in the file system.

Everything is the product's own but dbt, the checks and the reading of PDFs, for which quick ones stand
in: what is tried is what a build leaves behind. A step is one change of a name or the opening of a file for
writing by the building process itself; SIGKILL comes before it, to the whole session.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.build import Built, build
from pipelines.warehouse.checking import Checked
from pipelines.warehouse.datasets import DOCUMENTS, LINE_ITEMS, RAW_INVENTORY
from pipelines.warehouse.lake import Lake
from tests.warehouse.fakes import understand_fake

_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"})
_FOR_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def transform(settings: Settings, folder: Path) -> Path:
    """A warehouse of what lies in the lake, as dbt's is, of few tables: the same lake gives the same rows."""
    built = folder / settings.warehouse.name
    lake = Lake(settings.lake)
    current = f"SELECT document_id FROM {lake.read(RAW_INVENTORY)}"
    tables = {
        "dim_document": f"SELECT * FROM {lake.read(DOCUMENTS)} WHERE document_id IN ({current})",
        "fct_amounts": f"SELECT * FROM {lake.read(LINE_ITEMS)} WHERE document_id IN ({current})",
        "fct_identity_results": "SELECT 'exact' AS verdict",
        "mart_findings": "SELECT 1 AS finding WHERE false",
    }
    with duckdb.connect(str(built)) as connection:
        for name, sql in tables.items():
            connection.execute(f"CREATE TABLE {name} AS {sql}")
            connection.execute(f"COMMENT ON TABLE {name} IS 'a table'")
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
        for table, column in columns:
            connection.execute(f"COMMENT ON COLUMN {table}.\"{column}\" IS 'a column'")
    return built


def check(settings: Settings, built: Path, folder: Path) -> Checked:
    """Pages that say which documents were checked."""
    docs = folder / "data_docs"
    docs.mkdir()
    with duckdb.connect(str(built), read_only=True) as connection:
        documents = connection.execute("SELECT document_id FROM dim_document ORDER BY 1").fetchall()
    (docs / "index.html").write_text(" ".join(document for (document,) in documents), encoding="utf-8")
    return Checked(stops=(), n_checks=1, n_broken=0)


def run(settings: Settings, **options: Any) -> Built:
    """A build to its end."""
    return build(
        settings, **{"understand": understand_fake, "transform": transform, "check": check, **options}
    )


@dataclass(frozen=True, slots=True)
class Before:
    """The step before which a build is killed: the ``number``th whose words contain all of ``words``."""

    words: tuple[str, ...] = ()
    number: int = 1


def steps_of_a_build(settings: Settings, told: Path) -> list[str]:
    """The steps of a build, each in words: what is done, and to which path in the data folder."""
    _in_process(settings, None, told, {})
    return told.read_text(encoding="utf-8").splitlines()


def die(settings: Settings, before: Before, **options: Any) -> None:
    """Begin a build and kill it before a step. Raises ``LookupError`` where it never came to that step.

    ``options`` are those of ``run``.
    """
    exit_code = _in_process(settings, before, None, options)
    if exit_code != -signal.SIGKILL:
        raise LookupError(f"the build never came to {before}: it ended with {exit_code}")


def _in_process(
    settings: Settings, before: Before | None, told: Path | None, options: dict[str, Any]
) -> int | None:
    process = multiprocessing.get_context("spawn").Process(
        target=_build, args=(settings, before, told, options)
    )
    process.start()
    process.join()
    return process.exitcode


def _build(settings: Settings, before: Before | None, told: Path | None, options: dict[str, Any]) -> None:
    os.setsid()
    steps: list[str] = []
    n_met = 0

    def watch(event: str, arguments: Sequence[Any]) -> None:
        nonlocal n_met
        step = _in_words(settings.data, event, arguments)
        if not step:
            return
        steps.append(step)
        if before is not None and all(word in step for word in before.words):
            n_met += 1
            if n_met == before.number:
                os.killpg(0, signal.SIGKILL)

    sys.addaudithook(watch)
    run(settings, **options)
    if told is not None:
        told.write_text("\n".join(list(steps)), encoding="utf-8")


def _in_words(data: Path, event: str, arguments: Sequence[Any]) -> str:
    if event == "open":
        path, _, flags = arguments
        is_ours = isinstance(path, str) and path.startswith(str(data)) and flags & _FOR_WRITING
        return f"open {Path(path).relative_to(data)}" if is_ours else ""
    if event not in _CHANGES:
        return ""
    named = [str(each) for each in arguments if isinstance(each, str | os.PathLike)]
    return " ".join([event, *(name.removeprefix(f"{data}/") for name in named)])
