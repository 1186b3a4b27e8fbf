"""The identities as three flat tables, which is all that the SQL evaluating them knows of them.

``identities`` (one row each), ``identity_terms`` (one row per identity × term × row × column it
selects; term 0 is the reported amount) and ``identity_conditions`` (what the reported statement must
or must not print for the identity to be a question to it). The build writes them to the lake.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.settings import PROJECT_ROOT
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.warehouse.identity_schema import (
    CHILDREN,
    CLASSES,
    KEY,
    Identity,
    StatementForm,
    Term,
    check_against_forms,
    load_identities,
)

IDENTITIES_FOLDER = PROJECT_ROOT / "expectations" / "identities"
Value = str | int | bool | None | list[str]

#: Column names and DuckDB types of each table, in order.
TABLES: Mapping[str, Mapping[str, str]] = {
    "identities": {
        "identity_id": "VARCHAR",
        "family": "VARCHAR",
        "document_kind": "VARCHAR",
        "severity": "VARCHAR",
        "relation": "VARCHAR",
        "ranges_over": "VARCHAR",
        "row_filter": "VARCHAR",
        "title_zh": "VARCHAR",
        "title_en": "VARCHAR",
        "message_zh": "VARCHAR",
        "message_en": "VARCHAR",
        "years_first": "INTEGER",
        "years_last": "INTEGER",
        "reported_statement": "VARCHAR",
        "statements": "VARCHAR[]",
        "asked_of": "VARCHAR[]",
        "source": "VARCHAR",
    },
    "identity_terms": {
        "identity_id": "VARCHAR",
        "term_number": "INTEGER",
        "weight": "INTEGER",
        "statement_id": "VARCHAR",
        "year_offset": "INTEGER",
        "document_kind": "VARCHAR",
        "row_rule": "VARCHAR",
        "row_key": "VARCHAR",
        "column_id": "VARCHAR",
        "absent_is_nothing": "BOOLEAN",
    },
    "identity_conditions": {
        "identity_id": "VARCHAR",
        "statement_id": "VARCHAR",
        "axis": "VARCHAR",
        "name": "VARCHAR",
        "must_be_printed": "BOOLEAN",
    },
}
_ROW_RULES = {KEY: "key", CHILDREN: "children", CLASSES: "classes"}


@dataclass(frozen=True, slots=True)
class IdentityTables:
    """Rows of the three tables, each in the column order of ``TABLES``."""

    identities: tuple[tuple[Value, ...], ...]
    identity_terms: tuple[tuple[Value, ...], ...]
    identity_conditions: tuple[tuple[Value, ...], ...]

    def rows(self, table: str) -> Sequence[tuple[Value, ...]]:
        """The rows of one of ``TABLES``."""
        rows: dict[str, tuple[tuple[Value, ...], ...]] = {
            "identities": self.identities,
            "identity_terms": self.identity_terms,
            "identity_conditions": self.identity_conditions,
        }
        return rows[table]


def compile_identities(
    folder: Path = IDENTITIES_FOLDER, forms: Mapping[str, StatementForm] | None = None
) -> IdentityTables:
    """Load the identities under ``folder``, check them against the statement forms, and flatten them.

    ``forms`` are the catalogue's unless given.

    Raises:
        IdentityError: for a file or identity that breaks the schema or names what does not exist.

    """
    identities = load_identities(folder)
    check_against_forms(identities, statement_forms(load_catalogue()) if forms is None else forms)
    return flatten(identities)


def statement_forms(catalogue: Catalogue) -> dict[str, StatementForm]:
    """What identities may name, by statement id: every line and column of the catalogue's forms."""
    forms = {}
    for known in catalogue.forms:
        form = known.form
        lines = {line.key for name in form.lines for line in catalogue.line_sets[name].lines}
        forms[form.id] = StatementForm(
            document_kind=known.document_kind,
            rows=frozenset(lines | {"total"}),
            columns=frozenset(column.id for column in form.columns),
            has_codes=form.row_kind in ("functional", "economic"),
        )
    return forms


def flatten(identities: Iterable[Identity]) -> IdentityTables:
    """The three tables of these identities, in their order."""
    listed = tuple(identities)
    return IdentityTables(
        identities=tuple(_identity_row(identity) for identity in listed),
        identity_terms=tuple(row for identity in listed for row in _term_rows(identity)),
        identity_conditions=tuple(row for identity in listed for row in _condition_rows(identity)),
    )


def _identity_row(identity: Identity) -> tuple[Value, ...]:
    own = [t.statement for t in identity.all_terms if t.document_kind in (None, identity.document_kind)]
    return (
        identity.id,
        identity.family,
        identity.document_kind,
        identity.severity,
        identity.relation,
        identity.over,
        identity.rows,
        identity.title.zh,
        identity.title.en,
        identity.message.zh,
        identity.message.en,
        identity.years.first or 0,
        identity.years.last or 9999,
        identity.reported.statement,
        list(identity.statements),
        list(identity.asked_of) or list(dict.fromkeys(own)),
        identity.source,
    )


def _term_rows(identity: Identity) -> Iterable[tuple[Value, ...]]:
    for number, term in enumerate(identity.all_terms):
        for rule, row_key in _selected_rows(term):
            for column_id in term.column_names or (None,):
                yield (
                    identity.id,
                    number,
                    term.weight,
                    term.statement,
                    term.year_offset,
                    term.document_kind or identity.document_kind,
                    rule,
                    row_key,
                    column_id,
                    term.absent == "nothing",
                )


def _selected_rows(term: Term) -> tuple[tuple[str, str | None], ...]:
    if term.row is not None and term.row in _ROW_RULES:
        return ((_ROW_RULES[term.row], None),)
    return tuple(("named", name) for name in term.row_names)


def _condition_rows(identity: Identity) -> Iterable[tuple[Value, ...]]:
    for axis, names, must in (
        ("row", identity.if_rows, True),
        ("row", identity.unless_rows, False),
        ("column", identity.if_columns, True),
        ("column", identity.unless_columns, False),
    ):
        for name in names:
            statement, _, rest = name.rpartition("/")
            yield (identity.id, statement or identity.reported.statement, axis, rest, must)


def create_tables(connection: duckdb.DuckDBPyConnection, tables: IdentityTables) -> None:
    """Create the three tables in ``connection`` and fill them."""
    for name, columns in TABLES.items():
        rows = [dict(zip(columns, row, strict=True)) for row in tables.rows(name)]
        insert_rows(connection, name, columns, rows)


def insert_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, object]],
) -> None:
    """Create ``table`` with ``columns`` (name to DuckDB type) and insert ``rows`` in one statement.

    One statement for all rows: a thousand single inserts take DuckDB a second.
    """
    connection.execute(f"create table {table} ({', '.join(f'{n} {t}' for n, t in columns.items())})")
    if rows:
        struct = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(
            f"insert into {table} select unnest(cast($rows as struct({struct})[]), recursive := true)",
            {"rows": [{name: row[name] for name in columns} for row in rows]},
        )


def write_identities(tables: IdentityTables, folder: Path) -> tuple[Path, ...]:
    """Write each of ``TABLES`` to ``folder`` as ``{name}.parquet``; returns their paths.

    Each is written under a temporary name and moved into place, so that a reader never sees half.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with duckdb.connect() as connection:
        create_tables(connection, tables)
        for name in TABLES:
            target = folder / f"{name}.parquet"
            draft = folder / f".{name}.parquet.part"
            connection.table(name).write_parquet(str(draft))
            draft.replace(target)
            written.append(target)
    return tuple(written)
