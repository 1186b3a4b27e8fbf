"""What the site asks the warehouse: one SQL file a view, shown on the page beside what it gave.

The SQL has ``$names``; ``View.shown`` fills them as literals, so that it can be run as it stands.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import chain
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
        select result_id, cell_id as one from fct_identity_operands
        union all
        -- Where the reported place is blank, it is the document's all the same.
        select result_id, document_id as one from fct_identity_results
        where verdict <> 'not_evaluable' and cell_id is null and document_id is not null
    )
    order by document_id, result_id"""


# Rows of a long view that are held at a time.
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class View:
    """The rows of a view and the SQL that gives them."""

    name: str
    shown: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def csv(self) -> Iterator[str]:
        """The rows as CSV in pieces (RFC 4180, UTF-8 with a mark so that spreadsheets read the Chinese).

        Amounts are yuan as they are. A text that a spreadsheet would take for a formula gets an
        apostrophe before it.
        """
        yield csv_head(self.columns)
        yield csv_lines([[row[name] for row in self.rows] for name in self.columns])


class LongView:
    """The rows of a view that may be more than a process should hold: they lie in a temporary table.

    DuckDB writes to disk what is beyond its memory; here rows come in batches, in the order of the view.
    Other questions may be asked in between.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, name: str, sql: str, used: Mapping[str, Any]
    ) -> None:
        """Ask ``sql`` with the parameters it uses."""
        self.name = name
        self.shown = filled(sql, used)
        self._connection = connection
        self._table = f"temp.long_{name}"
        connection.execute(f"create or replace temp table long_{name} as {sql}", dict(used))
        cursor = connection.execute(f"select * from {self._table} limit 0")
        self.columns: tuple[str, ...] = tuple(column[0] for column in cursor.description or ())
        (self.n_rows,) = connection.execute(f"select count(*) from {self._table}").fetchone() or (0,)

    def close(self) -> None:
        """Let the rows go."""
        self._connection.execute(f"drop table {self._table}")

    def rows(self, where: str = "true", *, only: Sequence[str] = (), **parameters: Any) -> Iterator[Row]:
        """The rows for which a condition over the columns holds; ``$names`` in it are ``parameters``.

        ``only`` these columns, where they are given.
        """
        columns = only or self.columns
        for _, *row in chain.from_iterable(self._batches(columns, where, parameters)):
            yield dict(zip(columns, row, strict=True))

    def counts(self, *columns: str, of: str = "*") -> Counter[Any]:
        """How many rows have each value of a column, or of columns together; in the order they come.

        ``of`` is what else to count: ``distinct code`` counts codes.
        """
        named = ", ".join(columns)
        found = self._connection.execute(
            f"select {named}, count({of}) from {self._table} group by {named} order by min(rowid)"
        ).fetchall()
        return Counter({row[0] if len(columns) == 1 else row[:-1]: row[-1] for row in found})

    def first(self) -> Row | None:
        """The first row; None where there is none."""
        return next(self.rows(), None)

    def csv(self) -> Iterator[str]:
        """The rows as CSV, a piece for each batch, as ``View.csv`` has them."""
        yield csv_head(self.columns)
        for batch in self._batches(self.columns, "true", {}):
            yield csv_lines([*zip(*batch, strict=True)][1:])

    def _batches(
        self, columns: Sequence[str], where: str, parameters: Mapping[str, Any]
    ) -> Iterator[list[tuple[Any, ...]]]:
        # DuckDB keeps the order of a table where it only filters and limits.
        last, named = -1, ", ".join(columns)
        while batch := self._connection.execute(
            f"select rowid, {named} from {self._table} where rowid > {last} and ({where}) limit {_BATCH}",
            dict(parameters),
        ).fetchall():
            yield batch
            if len(batch) < _BATCH:
                return
            last = batch[-1][0]


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
        sql, used = self._asked(name, parameters)
        cursor = self.connection.execute(sql, used)
        columns = tuple(column[0] for column in cursor.description or ())
        rows = tuple(dict(zip(columns, row, strict=True)) for row in cursor.fetchall())
        return View(name, filled(sql, used), columns, rows)

    @contextmanager
    def long_view(self, name: str, **parameters: str | int) -> Iterator[LongView]:
        """Ask a view of ``views/`` whose rows grow with the departments, and let them go afterwards.

        Raises ``duckdb.Error`` as ``view`` does.
        """
        with closing(LongView(self.connection, name, *self._asked(name, parameters))) as view:
            yield view

    def _asked(self, name: str, parameters: Mapping[str, str | int]) -> tuple[str, dict[str, Any]]:
        sql = view_sql(name)
        given: dict[str, Any] = {**parameters, "with_specimens": self.with_specimens}
        return sql, {key: value for key, value in given.items() if re.search(rf"\${key}\b", sql)}

    def narrow(self, department_ids: Sequence[str], *, with_cells: bool) -> None:
        """Let the views see the rows of these departments only, as temporary tables before the others.

        The list of departments stays whole; cells and most other facts are of pages of documents alone.
        """
        for table in tables_by_department(self.connection):
            if with_cells or not table.startswith("fct_") or table in _FACTS_OF_DEPARTMENTS:
                self._narrow(
                    table,
                    "t.department_id between $first and $last "
                    "and list_contains($departments, t.department_id)",
                    {
                        "first": min(department_ids),
                        "last": max(department_ids),
                        "departments": list(department_ids),
                    },
                )
        if with_cells:
            self._narrow(
                "fct_identity_operands",
                "t.result_id in (select result_id from temp.fct_identity_results)",
                {},
            )
            self.connection.execute(_RESULTS_OF_DOCUMENT)

    def narrow_findings(self, years: Collection[int], regions: Collection[str]) -> None:
        """Let the views see findings and signals of these years, and of these regions if any is named."""
        self.widen()
        given = {"years": sorted(years), "regions": sorted(regions)}
        of_region = (
            "list_contains($years, t.fiscal_year) and (len($regions) = 0 or t.department_id in "
            "(select department_id from dim_department where list_contains($regions, region_code)))"
        )
        for table in ("mart_findings", "mart_signals"):
            self._narrow(table, of_region, given)

    def _narrow(self, table: str, where: str, parameters: Mapping[str, Any]) -> None:
        self.connection.execute(
            f"create or replace temp table {table} as "
            f"select t.* from {self._catalogue}.main.{table} as t where {where}",
            dict(parameters),
        )
        self._narrowed.add(table)

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


def csv_head(columns: Sequence[str]) -> str:
    """How a CSV file begins: with its mark, then the names of the columns."""
    return "\ufeff" + csv_lines([[name] for name in columns])


def csv_lines(columns: Sequence[Sequence[Any]]) -> str:
    """Lines of CSV of the values of each column."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(zip(*map(csv_column, columns), strict=True))
    return buffer.getvalue()


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
