"""Contradictions out of the tables of identities and back into one: for dbt, and for a document by itself.

dbt runs this as the model ``int_contradictions``; ``identities`` runs it over one document in memory.
"""

from __future__ import annotations

import contextlib
import gc
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from pipelines.settings import usable_cores
from pipelines.statements.catalogue import load_catalogue
from pipelines.warehouse.contradictions import (
    Contradiction,
    PrintedFigure,
    Suspect,
    find_contradictions,
)
from pipelines.warehouse.equations import Equation
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

_SHARES = """
    create or replace temp table shares as
    with counted as (select department_id, count(*) as n from temp.weights_to_share group by department_id)
    select
        department_id,
        ((sum(n) over (order by department_id) - n) // {share})::integer as share
    from counted
"""
_FIGURES_OF_SHARE = """
    select f.* from temp.figures_to_share as f
    inner join temp.shares as s on f.department_id = s.department_id
    where s.share = {share}
"""
_WEIGHTS_OF_SHARE = """
    with places as (
        select department_id, figure_id,
            row_number() over (partition by department_id order by figure_id) - 1 as place
        from (
            select distinct f.department_id, f.figure_id from temp.figures_to_share as f
            inner join temp.shares as s on f.department_id = s.department_id
            where s.share = {share}
        )
    )
    select w.department_id, w.disclosure_id, w.identity_id, w.identity_key, w.relation, w.verdict,
        p.place, w.weight
    from temp.weights_to_share as w
    inner join places as p on w.department_id = p.department_id and w.figure_id = p.figure_id
"""
_FIGURES = """
    select department_id, figure_id, is_blank, cell_id, statement_key, row_key, column_id,
        amount_yuan, precision_yuan, unit, row_place
    from {source} order by department_id, figure_id
"""
_EQUATIONS = """
    select department_id, disclosure_id, identity_id, identity_key, any_value(relation), any_value(verdict),
        list(place order by place), list(weight order by place)
    from {source}
    group by department_id, disclosure_id, identity_id, identity_key
    order by department_id, disclosure_id, identity_id, identity_key
"""


@dataclass(frozen=True, slots=True)
class Share:
    """The equations and figures of some departments, each a Parquet file."""

    weights: Path
    figures: Path


def contradictions_table(
    connection: duckdb.DuckDBPyConnection,
    weights: duckdb.DuckDBPyRelation,
    figures: duckdb.DuckDBPyRelation,
) -> duckdb.DuckDBPyRelation:
    """All contradictions as a table of ``COLUMNS``, one row each, in a fixed order.

    ``weights`` and ``figures`` are ``int_contradiction_weights`` and ``int_contradiction_figures``. No
    department depends on another: where there are many, processes of their own share them. Raises
    ``RuntimeError`` where one of these fails.
    """
    # Each is asked for once: in dbt both are views, and dear ones.
    for name, relation in (("figures_to_share", figures), ("weights_to_share", weights)):
        connection.execute(f"create or replace temp table {name} as {relation.sql_query()}")
    beside = _folder_beside(connection)
    # A document by itself, in memory, may be looked at by a process that can write nowhere.
    n_shares = _deal_out(connection, SHARE_OF_WEIGHTS if beside else None)
    if n_shares < 2:
        weighed = _WEIGHTS_OF_SHARE.format(share=0)
        found = [_contradictions(connection, "temp.figures_to_share", f"({weighed})")]
    else:
        with tempfile.TemporaryDirectory(prefix="contradictions.", dir=beside) as folder:
            found = _in_processes(_written(connection, n_shares, Path(folder)))
    for name in ("figures_to_share", "weights_to_share", "shares"):
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
        return _contradictions(
            connection,
            f"read_parquet('{_quoted(task.figures)}')",
            f"read_parquet('{_quoted(task.weights)}')",
        )


def _contradictions(
    connection: duckdb.DuckDBPyConnection, figures_source: str, weights_source: str
) -> list[dict[str, object]]:
    """What is found in the rows of two sources; each is fetched whole before the other is asked."""
    rows: list[dict[str, object]] = []
    with _no_collection():
        figures = _by_department(connection.execute(_FIGURES.format(source=figures_source)).fetchall())
        equations = _by_department(connection.execute(_EQUATIONS.format(source=weights_source)).fetchall())
        for department, own in figures.items():
            printed = {row[0]: row for row in own}
            found = find_contradictions(
                {key: _figure(row) for key, row in printed.items()},
                _equations(equations.get(department, []), list(printed)),
            )
            rows += [_row(department, contradiction, printed) for contradiction in found]
    return rows


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Without Python's search for cycles, which looks at all figures again and again: there are none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _deal_out(connection: duckdb.DuckDBPyConnection, share: int | None) -> int:
    """Number the departments by shares of so many weights, in the order of their ids; None: one of all."""
    connection.execute(_SHARES.format(share=share or "greatest(sum(n) over (), 1)"))
    return int(connection.execute("select coalesce(max(share) + 1, 0) from temp.shares").fetchall()[0][0])


def _written(connection: duckdb.DuckDBPyConnection, n_shares: int, folder: Path) -> list[Share]:
    """The shares as files below ``folder``.

    In files, because two results cannot be read side by side on one connection: asking for the next
    rows of one ends the other, and not in words. Each weight tells its figure by its place among those of the
    department: a number crosses into Python for less than a name.
    """
    shares = [
        Share(folder / f"{n}.weights.parquet", folder / f"{n}.figures.parquet") for n in range(n_shares)
    ]
    for number, share in enumerate(shares):
        for file, sql in ((share.figures, _FIGURES_OF_SHARE), (share.weights, _WEIGHTS_OF_SHARE)):
            connection.execute(f"copy ({sql.format(share=number)}) to '{_quoted(file)}' (format parquet)")
    return shares


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


def _by_department(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows without their first column, by it."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for department, *rest in rows:
        found.setdefault(department, []).append(tuple(rest))
    return found


def _figure(row: tuple[Any, ...]) -> PrintedFigure:
    figure_id, is_blank, _, statement_key, _, column_id, amount, precision, unit, place = row
    decimals = _decimals(precision, unit)
    return PrintedFigure(
        figure_id, amount, precision, decimals, statement_key, place, column_id, unit, is_blank
    )


@cache
def _decimals(precision: Decimal, unit: str) -> int:
    """Digits after the point with which a precision in yuan is printed in a unit."""
    exponent = (
        (precision / load_catalogue().wording.units.get(unit, Decimal(1))).normalize().as_tuple().exponent
    )
    assert isinstance(exponent, int)
    return max(0, -exponent)


def _equations(rows: Iterable[tuple[Any, ...]], figures: Sequence[str]) -> list[Equation]:
    """Equations out of rows that tell their figures by their place in ``figures``."""
    return [
        Equation(
            identity,
            key,
            relation,
            tuple(zip(map(figures.__getitem__, places), weights, strict=True)),
            verdict=verdict,
            disclosure_id=disclosure,
        )
        for disclosure, identity, key, relation, verdict, places, weights in rows
    ]


def _row(
    department: str, contradiction: Contradiction, printed: Mapping[str, tuple[Any, ...]]
) -> dict[str, object]:
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
        "department_id": department,
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
