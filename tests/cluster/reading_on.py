"""Analysts who go on asking the DuckLake while it is built and published."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import duckdb

from pipelines.settings import DuckLake
from pipelines.warehouse.ducklake import reader

# One question over several tables, so that half a publication would show.
TABLES = ("dim_document", "fct_cells", "fct_identity_results", "mart_findings")
Counts = tuple[int, ...]
# Between questions, and at least so many times what the last one took: whoever comes anew loads extensions
# and attaches the catalogue, and the build that is watched needs the cores.
BETWEEN_SECONDS, TIMES = 0.5, 4


@dataclass
class Answers:
    """What readers were told, each different answer once and in order, how often, and what went wrong."""

    told: list[Counts] = field(default_factory=list)
    n_questions: int = 0
    errors: list[str] = field(default_factory=list)


@contextmanager
def reading_on(lake: DuckLake) -> Iterator[tuple[Answers, Answers]]:
    """Two readers: one that connects anew for each question, and one that stays connected."""
    stop = threading.Event()
    coming, staying = Answers(), Answers()

    def pause(began: float) -> None:
        stop.wait(max(BETWEEN_SECONDS, TIMES * (time.monotonic() - began)))

    def come_and_go() -> None:
        while not stop.is_set():
            began = time.monotonic()
            with _noting(coming), reader(lake) as connection:
                _ask(connection, coming)
            pause(began)

    def stay() -> None:
        with _noting(staying), reader(lake) as connection:
            while not stop.is_set():
                began = time.monotonic()
                _ask(connection, staying)
                pause(began)

    threads = [threading.Thread(target=each, daemon=True) for each in (come_and_go, stay)]
    for thread in threads:
        thread.start()
    try:
        yield coming, staying
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def count_all(connection: duckdb.DuckDBPyConnection, database: str) -> Counts:
    """The number of rows of each of ``TABLES``."""
    asked = ", ".join(f'(SELECT count(*) FROM {database}.main."{table}")' for table in TABLES)
    (counts,) = connection.execute(f"SELECT {asked}").fetchall()
    return tuple(counts)


def _ask(connection: duckdb.DuckDBPyConnection, answers: Answers) -> None:
    # Twice in one transaction: what is published in between must not show.
    connection.execute("BEGIN")
    first, second = count_all(connection, "lake"), count_all(connection, "lake")
    connection.execute("COMMIT")
    answers.n_questions += 1
    if first != second:
        answers.errors.append(f"one transaction was told {first}, then {second}")
    if not answers.told or answers.told[-1] != first:
        answers.told.append(first)


@contextmanager
def _noting(answers: Answers) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        answers.errors.append(str(error))
