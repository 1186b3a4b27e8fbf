"""Contradictions out of the tables of identities and back into one: for dbt, and for a document by itself.

dbt runs this as the model ``int_contradictions``; ``identities`` runs it over one document in memory.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import usable_cores
from pipelines.warehouse.contradiction_search import Objects, search
from pipelines.warehouse.contradictions import Contradiction, Suspect
from pipelines.warehouse.pool import run_guarded

_SUSPECT: Mapping[str, str] = {
    "figure_id": "VARCHAR",
    "cell_id": "VARCHAR",
    "row_key": "VARCHAR",
    "column_id": "VARCHAR",
    "statement_key": "VARCHAR",
    "value_yuan": "DECIMAL(18,2)",
    "low_yuan": "DECIMAL(18,4)",
    "high_yuan": "DECIMAL(18,4)",
    "is_only_value": "BOOLEAN",
    "is_tied": "BOOLEAN",
}
_SYMPTOM: Mapping[str, str] = {
    "disclosure_id": "VARCHAR",
    "identity_id": "VARCHAR",
    "identity_key": "VARCHAR",
}
#: Columns of ``int_contradictions`` with their types.
COLUMNS: Mapping[str, str] = {
    "contradiction_id": "VARCHAR",
    "department_id": "VARCHAR",
    "contradiction_kind": "VARCHAR",
    "is_joint": "BOOLEAN",
    "statement_key": "VARCHAR",
    "likely_unit": "VARCHAR",
    "rows_moved": "INTEGER",
    "column_id": "VARCHAR",
    "from_row": "VARCHAR",
    "suspects": f"STRUCT({', '.join(f'{name} {kind}' for name, kind in _SUSPECT.items())})[]",
    "symptoms": f"STRUCT({', '.join(f'{name} {kind}' for name, kind in _SYMPTOM.items())})[]",
}
#: As likely suspects beyond this number are no help to anybody.
MOST_SUSPECTS = 20
#: Weights of figures in identities that one process is given at once: those of some hundred disclosures.
SHARE_OF_WEIGHTS = 150_000
#: They are our own figures: these only end what would never end.
SHARE_SECONDS = 3600.0
SHARE_MEMORY_MB = 4000

# Weights and equations are asked for where they are; figures, a view and a dear one in dbt, once.
_FIGURES_TO_SHARE = "create or replace temp table figures_to_share as {figures}"
_EQUATIONS_TO_SHARE = """
    create or replace temp table equations_to_share as
    select e.*, a.disclosure_id, a.identity_id, a.key as identity_key, a.verdict
    from (select department_id, answer_number, relation, count(*) as n from ({weights}) group by all) as e
    inner join ({answers}) as a on e.answer_number = a.answer_number
"""
_SHARES = """
    create or replace temp table shares as
    with counted as (select department_id, sum(n) as n from temp.equations_to_share group by department_id)
    select
        department_id,
        dense_rank() over (order by so_far // {share}) - 1 as share
    from (select department_id, sum(n) over (order by department_id) - n as so_far, n from counted)
"""
_OF_SHARES = """
    select t.*, s.share from {source} as t inner join temp.shares as s on t.department_id = s.department_id
"""


@dataclass(frozen=True, slots=True)
class Share:
    """Figures, equations and weights of some departments, each a folder of Parquet files."""

    figures: Path
    equations: Path
    weights: Path


def contradictions_table(
    connection: duckdb.DuckDBPyConnection,
    weights: duckdb.DuckDBPyRelation,
    figures: duckdb.DuckDBPyRelation,
    answers: duckdb.DuckDBPyRelation,
) -> duckdb.DuckDBPyRelation:
    """All contradictions as a table of ``COLUMNS``, one row each, in a fixed order.

    ``weights`` and ``figures`` are ``int_contradiction_weights`` and ``int_contradiction_figures``; of
    ``answers``, ``int_identity_results``, is asked what an answer is called. No department depends on
    another: where there are many, processes of their own share them. Raises ``RuntimeError`` where one of
    these fails.
    """
    connection.execute(_FIGURES_TO_SHARE.format(figures=figures.sql_query()))
    connection.execute(_EQUATIONS_TO_SHARE.format(weights=weights.sql_query(), answers=answers.sql_query()))
    sources = ("temp.figures_to_share", "temp.equations_to_share", f"({weights.sql_query()})")
    beside = _folder_beside(connection)
    # A document by itself, in memory, may be looked at by a process that can write nowhere.
    n_shares = _deal_out(connection, SHARE_OF_WEIGHTS if beside else None)
    if n_shares < 2:
        found = [_rows(connection, *sources)]
    else:
        with tempfile.TemporaryDirectory(prefix="contradictions.", dir=beside) as folder:
            found = _in_processes(_written(connection, sources, n_shares, Path(folder)))
    for name in ("figures_to_share", "equations_to_share", "shares"):
        connection.execute(f"drop table temp.{name}")
    declared = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute("drop table if exists temp.contradictions_found")
    connection.execute(f"create temp table contradictions_found ({declared})")
    for rows in found:
        if rows:
            connection.execute(
                "insert into temp.contradictions_found "
                f"select unnest(cast($rows as struct({declared})[]), max_depth := 2)",
                {"rows": rows},
            )
    return connection.table("contradictions_found")


def contradictions_of(task: Share) -> list[dict[str, object]]:
    """The contradictions of some departments as rows of ``COLUMNS``, in the order of their ids."""
    with duckdb.connect(config={"threads": 1}) as connection:
        folders = (task.figures, task.equations, task.weights)
        return _rows(
            connection,
            *(f"read_parquet('{_quoted(each)}/*.parquet', hive_partitioning = false)" for each in folders),
        )


def _rows(
    connection: duckdb.DuckDBPyConnection, figures: str, equations: str, weights: str
) -> list[dict[str, object]]:
    return [_row(*found) for found in search(connection, figures, equations, weights)]


def _deal_out(connection: duckdb.DuckDBPyConnection, share: int | None) -> int:
    """Number the departments by shares of so many weights, in the order of their ids; None: one of all."""
    connection.execute(_SHARES.format(share=share or "(select greatest(sum(n), 1) from counted)"))
    return int(connection.execute("select coalesce(max(share) + 1, 0) from temp.shares").fetchall()[0][0])


def _written(
    connection: duckdb.DuckDBPyConnection, sources: Sequence[str], n_shares: int, folder: Path
) -> list[Share]:
    """The shares as files below ``folder``, each source written in one pass.

    In files, because two results cannot be read side by side on one connection: asking for the next
    rows of one ends the other, and not in words.
    """
    folders = [folder / name for name in ("figures", "equations", "weights")]
    for source, target in zip(sources, folders, strict=True):
        rows = _OF_SHARES.format(source=source)
        connection.execute(f"copy ({rows}) to '{_quoted(target)}' (format parquet, partition_by (share))")
    return [Share(*(target / f"share={number}" for target in folders)) for number in range(n_shares)]


def _in_processes(tasks: Sequence[Share]) -> list[list[dict[str, object]]]:
    """What ``contradictions_of`` says of each, in their order."""
    done: dict[Share, list[dict[str, object]]] = {}
    for finished in run_guarded(
        contradictions_of, tasks, workers=usable_cores(), seconds=SHARE_SECONDS, memory_mb=SHARE_MEMORY_MB
    ):
        if finished.result is None:
            raise RuntimeError(
                f"contradictions: {finished.failure.message if finished.failure else 'no result'}"
            )
        done[finished.task] = finished.result
    return [done[task] for task in tasks]


def _folder_beside(connection: duckdb.DuckDBPyConnection) -> Path | None:
    """The folder of the file that is built: swept when a build is broken off. None where there is no file."""
    ((path,),) = connection.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchall()
    return Path(path).parent if path and Path(path).is_file() else None


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _row(objects: Objects, contradiction: Contradiction) -> dict[str, object]:
    printed = objects.printed
    first = contradiction.symptoms[0]
    # What it is about names it: the figure, the statement, or the first identity.
    about = {
        "figure": contradiction.suspects[0].figure_id if contradiction.suspects else "",
        "exchange": "/".join(suspect.figure_id for suspect in contradiction.suspects),
        "unit": contradiction.statement_key,
        "rows": f"{contradiction.statement_key}/{contradiction.column_id}",
        "figures": f"{first.disclosure_id}/{first.name}",
    }[contradiction.kind]
    names = sorted(
        {row[4] for row in printed.values() if _is_at(row, contradiction)}
        if contradiction.kind == "rows"
        else ()
    )
    return {
        "contradiction_id": f"{contradiction.kind}/{about}",
        "department_id": objects.department_id,
        "contradiction_kind": contradiction.kind,
        "is_joint": contradiction.is_joint,
        "statement_key": contradiction.statement_key or None,
        "likely_unit": contradiction.unit or None,
        "rows_moved": contradiction.moved or None,
        "column_id": contradiction.column_id or None,
        "from_row": names[0] if names else None,
        "suspects": [_suspect(each, printed) for each in contradiction.suspects[:MOST_SUSPECTS]],
        "symptoms": [
            {
                "disclosure_id": symptom.disclosure_id,
                "identity_id": symptom.identity_id,
                "identity_key": symptom.key,
            }
            for symptom in contradiction.symptoms
        ],
    }


def _is_at(row: tuple[Any, ...], contradiction: Contradiction) -> bool:
    return bool(row[3] == contradiction.statement_key and row[9] == contradiction.from_row)


def _suspect(suspect: Suspect, printed: Mapping[str, tuple[Any, ...]]) -> dict[str, object]:
    _, _, cell_id, statement_key, row_key, column_id, *_ = printed[suspect.figure_id]
    return {
        "figure_id": suspect.figure_id,
        "cell_id": cell_id,
        "row_key": row_key,
        "column_id": column_id,
        "statement_key": statement_key,
        "value_yuan": _text(suspect.value_yuan),
        "low_yuan": _text(suspect.low_yuan),
        "high_yuan": _text(suspect.high_yuan),
        "is_only_value": suspect.is_only_value,
        "is_tied": suspect.is_tied,
    }


def _text(amount: Decimal | None) -> str | None:
    """Decimals cross as text, so that none passes through a float."""
    return None if amount is None else format(amount, "f")
