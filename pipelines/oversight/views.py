"""What the site asks the warehouse: one SQL file a view, shown on the page beside what it gave.

The SQL has ``$names``; ``View.shown`` fills them as literals, so that it can be run as it stands.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from pipelines.oversight.digests import tables_by_department

VIEWS = Path(__file__).parent / "views"
Row = Mapping[str, Any]
# A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# The facts that pages of departments ask for; the others are of pages of documents.
_FACTS_OF_DEPARTMENTS = ("fct_claims", "fct_procurement", "fct_restatements")
_RESULTS_OF_DOCUMENT = """
    create or replace temp table results_of_document as
    select distinct left(one, 16) as document_id, result_id
    from (
        select result_id, unnest(list_append(operand_cell_ids, coalesce(cell_id, document_id))) as one
        from fct_identity_results
        where verdict <> 'not_evaluable'
    )
    where one is not null
    order by document_id, result_id"""


@dataclass(frozen=True, slots=True)
class View:
    """The rows of a view and the SQL that gives them."""

    name: str
    shown: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def csv(self) -> str:
        """The rows as CSV (RFC 4180, UTF-8 with a mark so that spreadsheets read the Chinese).

        Amounts are yuan as they are. A text that a spreadsheet would take for a formula gets an
        apostrophe before it.
        """
        buffer = io.StringIO()
        buffer.write("\ufeff")
        writer = csv.writer(buffer)
        writer.writerow(self.columns)
        columns = (csv_column([row[name] for row in self.rows]) for name in self.columns)
        writer.writerows(zip(*columns, strict=True))
        return buffer.getvalue()


class Warehouse:
    """The published warehouse, open for reading."""

    def __init__(
        self, path: Path, *, with_specimens: bool, config: Mapping[str, str | int] | None = None
    ) -> None:
        """``config`` are settings of DuckDB. Raises ``duckdb.Error`` where the file cannot be opened."""
        self.with_specimens = with_specimens
        self.connection = duckdb.connect(str(path), read_only=True, config=dict(config or {}))
        self.connection.execute("set enable_progress_bar = false")
        (self._catalogue,) = self.connection.execute("select current_database()").fetchone() or ("",)
        self._narrowed: set[str] = set()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def view(self, name: str, **parameters: str | int) -> View:
        """Ask a view of ``views/``. Raises ``duckdb.Error`` where the warehouse lacks what it asks for."""
        sql = view_sql(name)
        given: dict[str, Any] = {**parameters, "with_specimens": self.with_specimens}
        used = {key: value for key, value in given.items() if re.search(rf"\${key}\b", sql)}
        cursor = self.connection.execute(sql, used)
        columns = tuple(column[0] for column in cursor.description or ())
        rows = tuple(dict(zip(columns, row, strict=True)) for row in cursor.fetchall())
        return View(name, filled(sql, used), columns, rows)

    def narrow(self, department_ids: Sequence[str], *, with_cells: bool) -> None:
        """Let the views see the rows of these departments only, as temporary tables before the others.

        The list of departments stays whole; cells and most other facts are of pages of documents alone.
        """
        for table in tables_by_department(self.connection):
            if with_cells or not table.startswith("fct_") or table in _FACTS_OF_DEPARTMENTS:
                self.connection.execute(
                    f"create or replace temp table {table} as "
                    f"select t.* from {self._catalogue}.main.{table} as t "
                    "where t.department_id between $first and $last "
                    "and list_contains($departments, t.department_id)",
                    {
                        "first": min(department_ids),
                        "last": max(department_ids),
                        "departments": list(department_ids),
                    },
                )
                self._narrowed.add(table)
        if with_cells:
            self.connection.execute(_RESULTS_OF_DOCUMENT)

    def widen(self) -> None:
        """Let the views see the rows of all departments again."""
        for table in sorted(self._narrowed):
            self.connection.execute(f"drop table temp.{table}")
        self._narrowed.clear()

    def has_published(self) -> bool:
        """Whether there are departments that are no specimens (样例)."""
        row = self.connection.execute("select count(*) from dim_department where not is_synthetic").fetchone()
        return bool(row and row[0])


@cache
def view_sql(name: str) -> str:
    """The SQL of a view as it is written down, without the line end."""
    return (VIEWS / f"{name}.sql").read_text(encoding="utf-8").rstrip()


def filled(sql: str, values: Mapping[str, Any]) -> str:
    """SQL with its ``$names`` replaced by literals."""
    return re.sub(
        r"\$(\w+)", lambda match: _literal(values[match[1]]) if match[1] in values else match[0], sql
    )


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def csv_column(values: Sequence[Any]) -> Iterable[Any]:
    """The values of a column as ``csv_cell`` has them, told by their kind all together.

    A site has millions of them: whole numbers and gaps the writer sets as they are, and most columns of
    text have nothing in them that a spreadsheet would take for a formula.
    """
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {int}:
        return values
    if kinds == {str} and {text[0] for text in values if text}.isdisjoint(_FORMULA):
        return values
    if kinds == {Decimal}:
        return [None if value is None else f"{value:f}" for value in values]
    return map(csv_cell, values)


def csv_cell(value: Any) -> str:
    """A value as it stands in CSV: NULL as nothing, dates by ISO 8601, a list with "; " between its items.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        if isinstance(value, Decimal):
            return f"{value:f}"
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, int | float):
            return str(value)
        if isinstance(value, date | datetime):
            return value.isoformat()
        value = "; ".join(map(str, value)) if isinstance(value, Sequence) else str(value)
    return f"'{value}" if value.startswith(_FORMULA) else value
