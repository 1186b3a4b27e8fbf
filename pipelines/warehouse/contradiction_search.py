"""Contradictions of some departments: numbered, looked at as arrays, and only what needs it as objects."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import numpy as np

from pipelines.statements.catalogue import load_catalogue
from pipelines.warehouse.contradiction_arrays import MOST_YUAN, Department, Numbers, is_reckonable
from pipelines.warehouse.contradictions import (
    FEN,
    Contradiction,
    PrintedFigure,
    explain_part,
    find_contradictions,
)
from pipelines.warehouse.equations import Equation
from pipelines.warehouse.intervals import SCALE, Whole

# Numbers begin at 0 and are in the order of departments, so that those of a department follow each other.
_NUMBERED_FIGURES = """
    create or replace temp table numbered_figures as
    select
        *,
        row_number() over (order by department_id, figure_id) - 1 as figure_number,
        dense_rank() over (order by department_id) - 1 as department_number
    from {source}
"""
_NUMBERED_EQUATIONS = """
    create or replace temp table numbered_equations as
    select
        *,
        row_number() over (order by department_id, disclosure_id, identity_id, identity_key) - 1
            as equation_number
    from {source}
"""
_NUMBERED_ENTRIES = """
    create or replace temp table numbered_entries as
    select e.equation_number, f.figure_number, f.department_number, w.weight
    from {source} as w
    inner join temp.numbered_equations as e on w.answer_number = e.answer_number
    inner join temp.numbered_figures as f
        on w.department_id = f.department_id and w.figure_id = f.figure_id
"""
_FIGURES_AS_NUMBERS = f"""
    select
        department_number,
        cast(
            if(abs(amount_yuan) < {MOST_YUAN}, amount_yuan, {MOST_YUAN})::decimal(18, 2) * {SCALE} as bigint
        ) as amount,
        cast(
            if(is_blank or precision_yuan <= {FEN}, 0, least(precision_yuan, {MOST_YUAN})::decimal(18, 4))
            * {SCALE // 2} as bigint
        ) as width,
        dense_rank() over (partition by department_number order by statement_key) - 1 as statement
    from temp.numbered_figures order by figure_number
"""
_ENTRIES_AS_NUMBERS = """
    select
        n.equation_number, n.figure_number, n.department_number, n.weight, e.relation = 'eq' as is_equal
    from temp.numbered_entries as n
    inner join temp.numbered_equations as e on n.equation_number = e.equation_number
    order by n.equation_number, n.figure_number
"""
_FIGURES = """
    select department_number, department_id, figure_number, figure_id, is_blank, cell_id, statement_key,
        row_key, column_id, amount_yuan, precision_yuan, unit, row_place
    from temp.numbered_figures
    where figure_number in (
        select n.figure_number from temp.numbered_entries as n
        semi join (select unnest($equations::bigint[]) as number) as w on n.equation_number = w.number
    )
    order by figure_number
"""
_EQUATIONS = """
    select any_value(n.department_number), e.equation_number, any_value(e.disclosure_id),
        any_value(e.identity_id), any_value(e.identity_key), any_value(e.relation), any_value(e.verdict),
        list(f.figure_id order by n.figure_number), list(n.weight order by n.figure_number)
    from temp.numbered_equations as e
    inner join temp.numbered_entries as n on e.equation_number = n.equation_number
    inner join temp.numbered_figures as f on n.figure_number = f.figure_number
    semi join (select unnest($equations::bigint[]) as number) as w on e.equation_number = w.number
    group by e.equation_number
    order by e.equation_number
"""
_UNITS = """
    select department_number, statement_key,
        coalesce(first(unit order by figure_number) filter (not is_blank), '')
    from temp.numbered_figures
    where department_number in (select unnest($numbers::bigint[]))
    group by department_number, statement_key
"""


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A department as arrays, with the numbers that its figures (from the first on) and equations have."""

    arrays: Department
    first_figure: int
    equation_numbers: Numbers


@dataclass(frozen=True, slots=True)
class Objects:
    """Figures as rows of ``_FIGURES``, by id, and equations of a department, with the number of each."""

    department_id: str
    printed: dict[str, tuple[Any, ...]]
    equations: list[Equation]
    numbers: list[int]

    def figures(self) -> dict[str, PrintedFigure]:
        """The figures as objects."""
        return {key: _figure(row) for key, row in self.printed.items()}


def search(
    connection: duckdb.DuckDBPyConnection, figures: str, equations: str, weights: str
) -> list[tuple[Objects, Contradiction]]:
    """What is found in the rows of three sources, in the order of departments.

    Objects are made of what a violated equation touches; of all of a department only where that does not do.
    Raises ``TypeError`` where a value is missing.
    """
    connection.execute(_NUMBERED_FIGURES.format(source=figures))
    connection.execute(_NUMBERED_EQUATIONS.format(source=equations))
    connection.execute(_NUMBERED_ENTRIES.format(source=weights))
    found: dict[int, tuple[Objects, list[Contradiction]]] = {}
    with _no_collection():
        whole, parts = [], {}
        numbered = _departments(connection)
        for number, each in numbered.items():
            if not each.arrays.is_reckonable():
                whole.append(number)
            elif (touched := each.arrays.touching_violated()).any():
                parts[number] = each.equation_numbers[touched]
            elif not each.arrays.can_hold({}, np.empty(0, dtype=np.int64)):
                whole.append(number)
        units = _units(connection, list(parts))
        for number, objects in _objects(connection, parts.values()).items():
            explained = _explained(numbered[number], objects, units[number])
            if explained is None:
                whole.append(number)
            else:
                found[number] = objects, explained
        all_of_them = [numbered[number].equation_numbers for number in whole]
        for number, objects in _objects(connection, all_of_them).items():
            found[number] = objects, find_contradictions(objects.figures(), objects.equations)
    for name in ("numbered_figures", "numbered_equations", "numbered_entries"):
        connection.execute(f"drop table temp.{name}")
    return [
        (objects, each) for _, (objects, contradictions) in sorted(found.items()) for each in contradictions
    ]


def _departments(connection: duckdb.DuckDBPyConnection) -> dict[int, _Numbered]:
    """The numbered tables as arrays, by the number of the department."""
    figures = _arrays(connection, _FIGURES_AS_NUMBERS)
    entries = _arrays(connection, _ENTRIES_AS_NUMBERS)
    found = {}
    numbers, first_entries = np.unique(entries["department_number"], return_index=True)
    ends = np.searchsorted(entries["department_number"], numbers, side="right")
    for number, first, end in zip(numbers.tolist(), first_entries, ends, strict=True):
        first_figure, last_figure = np.searchsorted(figures["department_number"], [number, number + 1])
        own = slice(first_figure, last_figure)
        entry = slice(first, end)
        equations, starts, lines = np.unique(
            entries["equation_number"][entry], return_index=True, return_inverse=True
        )
        arrays = Department(
            amounts=figures["amount"][own],
            widths=figures["width"][own],
            statements=figures["statement"][own],
            is_equal=entries["is_equal"][entry][starts],
            equations=lines,
            places=entries["figure_number"][entry] - first_figure,
            weights=entries["weight"][entry].astype(np.int64),
        )
        found[number] = _Numbered(arrays, int(first_figure), equations)
    return found


def _arrays(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    """Columns of a query as arrays; raises ``TypeError`` where a value is missing."""
    columns = connection.execute(sql).fetchnumpy()
    if missing := [name for name, values in columns.items() if np.ma.is_masked(values)]:
        raise TypeError(f"no value in {', '.join(missing)}")
    return {name: np.asarray(values) for name, values in columns.items()}


def _objects(connection: duckdb.DuckDBPyConnection, numbers: Iterable[Numbers]) -> dict[int, Objects]:
    """The equations of these numbers, with their figures, as objects, by the number of their department."""
    wanted = {"equations": [number for some in numbers for number in some.tolist()]}
    if not wanted["equations"]:
        return {}
    found: dict[int, Objects] = {}
    for department, department_id, *row in connection.execute(_FIGURES, wanted).fetchall():
        objects = found.setdefault(department, Objects(department_id, {}, [], []))
        objects.printed[row[1]] = tuple(row[1:] + row[:1])
    for (
        department,
        number,
        disclosure,
        identity,
        key,
        relation,
        verdict,
        figures,
        weights,
    ) in connection.execute(_EQUATIONS, wanted).fetchall():
        objects = found[department]
        objects.numbers.append(number)
        objects.equations.append(
            Equation(
                identity,
                key,
                relation,
                tuple(zip(figures, weights, strict=True)),
                verdict=verdict,
                disclosure_id=disclosure,
            )
        )
    return found


def _units(connection: duckdb.DuckDBPyConnection, departments: Sequence[int]) -> dict[int, dict[str, str]]:
    """The unit of each statement of departments: that of the first figure printed in it."""
    found: dict[int, dict[str, str]] = {}
    for department, statement, unit in connection.execute(_UNITS, {"numbers": departments}).fetchall():
        found.setdefault(department, {})[statement] = unit
    return found


def _explained(numbered: _Numbered, objects: Objects, units: Mapping[str, str]) -> list[Contradiction] | None:
    """The contradictions of a department of which a part is made objects; None where that does not do."""
    arrays = numbered.arrays
    line_of = dict(
        zip(
            map(id, objects.equations),
            np.searchsorted(numbered.equation_numbers, objects.numbers).tolist(),
            strict=True,
        )
    )

    def can_hold(changes: Mapping[str, Whole], given_up: Sequence[Equation]) -> bool:
        now = {
            objects.printed[figure][-1] - numbered.first_figure: value for figure, value in changes.items()
        }
        gone = np.array([line_of[id(equation)] for equation in given_up], dtype=np.int64)
        return all(map(is_reckonable, now.values())) and arrays.can_hold(now, gone)

    return explain_part(objects.figures(), objects.equations, units, can_hold)


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


def _figure(row: tuple[Any, ...]) -> PrintedFigure:
    figure_id, is_blank, _, statement_key, _, column_id, amount, precision, unit, place, _ = row
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
