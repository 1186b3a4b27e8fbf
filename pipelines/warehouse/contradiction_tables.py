"""Contradictions out of the tables of identities and back into one: for dbt, and for a document by itself.

dbt runs this as the model ``int_contradictions``; ``identities`` runs it over one document in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from pipelines.statements.catalogue import load_catalogue
from pipelines.warehouse.contradictions import (
    Contradiction,
    PrintedFigure,
    Suspect,
    find_contradictions,
)
from pipelines.warehouse.equations import Equation

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
_ROWS_AT_ONCE = 100_000


def contradictions_table(
    connection: duckdb.DuckDBPyConnection,
    weights: duckdb.DuckDBPyRelation,
    figures: duckdb.DuckDBPyRelation,
) -> duckdb.DuckDBPyRelation:
    """All contradictions as a table of ``COLUMNS``, one row each, in a fixed order.

    ``weights`` and ``figures`` are ``int_contradiction_weights`` and ``int_contradiction_figures``.
    """
    rows: list[dict[str, object]] = []
    for first, last in _batches(weights):
        # Fetched whole, one after the other: of two results read in turns on a connection one ends early.
        among = duckdb.ColumnExpression("department_id").between(
            duckdb.ConstantExpression(first), duckdb.ConstantExpression(last)
        )
        of_figures = _by_department(
            figures.filter(among)
            .select(
                "department_id, figure_id, is_blank, cell_id, statement_key, row_key, column_id, "
                "amount_yuan, precision_yuan, unit, row_place"
            )
            .order("department_id, figure_id")
        )
        of_weights = _by_department(
            weights.filter(among)
            .select(
                "department_id, disclosure_id, identity_id, identity_key, relation, verdict, figure_id, "
                "weight"
            )
            .order("department_id, disclosure_id, identity_id, identity_key, figure_id")
        )
        # Both hold the same departments in the same order.
        for (department, own), (_, weighed) in zip(of_figures, of_weights, strict=True):
            printed = {row[0]: row for row in own}
            found = find_contradictions(
                {key: _figure(row) for key, row in printed.items()}, _equations(weighed)
            )
            rows += [_row(department, contradiction, printed) for contradiction in found]
    declared = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    connection.execute("drop table if exists temp.contradictions_found")
    connection.execute(f"create temp table contradictions_found ({declared})")
    if rows:
        connection.execute(
            "insert into temp.contradictions_found "
            f"select unnest(cast($rows as struct({declared})[]), max_depth := 2)",
            {"rows": rows},
        )
    return connection.table("contradictions_found")


def _batches(weights: duckdb.DuckDBPyRelation) -> Iterator[tuple[str, str]]:
    """First and last of departments that together have some ``_ROWS_AT_ONCE`` rows, in their order."""
    begun: str | None = None
    held = 0
    department = ""
    for department, count in (
        weights.aggregate("department_id, count(*)", "department_id").order("department_id").fetchall()
    ):
        begun = department if begun is None else begun
        held += count
        if held >= _ROWS_AT_ONCE:
            yield begun, department
            begun, held = None, 0
    if begun is not None:
        yield begun, department


def _by_department(relation: duckdb.DuckDBPyRelation) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """The rows of a relation ordered by department, without their first column, by department."""
    return [
        (department, [row[1:] for row in rows])
        for department, rows in groupby(relation.fetchall(), key=itemgetter(0))
    ]


def _figure(row: tuple[Any, ...]) -> PrintedFigure:
    figure_id, is_blank, _, statement_key, _, column_id, amount, precision, unit, place = row
    precision_in_unit = Decimal(precision) / load_catalogue().wording.units.get(unit, Decimal(1))
    exponent = precision_in_unit.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return PrintedFigure(
        figure_id, amount, precision, max(0, -exponent), statement_key, place, column_id, unit, is_blank
    )


def _equations(rows: list[tuple[Any, ...]]) -> list[Equation]:
    found: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    weights: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    for disclosure, identity, key, relation, verdict, figure, weight in rows:
        found.setdefault((disclosure, identity, key), (relation, verdict))
        weights.setdefault((disclosure, identity, key), []).append((figure, weight))
    return [
        Equation(identity, key, relation, tuple(weights[name]), verdict=verdict, disclosure_id=disclosure)
        for name, (relation, verdict) in found.items()
        for disclosure, identity, key in [name]
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
