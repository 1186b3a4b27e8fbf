"""What must hold of a release, one function a matter; each yields what does not, in words."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from pipelines.oversight.release.layout import (
    CHANGES,
    CITATION,
    COUNTS,
    DATABASE,
    DOCUMENTS,
    LICENSE,
    PACKAGE,
    README,
    SYNTHETIC,
    csv_of,
    figures_sql,
    hash_of,
    literal,
    parquet_of,
    quoted,
)
from pipelines.oversight.release.lists import (
    Marts,
    Rows,
    change_rows,
    count_rows,
    counts,
    document_rows,
    header_of,
    table_rows,
    write_csv,
)
from pipelines.oversight.release.package import field_type, is_true_key, orphans

_IDENTITIES = f"""
    WITH figures AS ({figures_sql()}),
    sums AS (
        SELECT
            o.result_id,
            coalesce(sum(o.weight * f.amount_yuan) FILTER (o.operand_side = 'expected'), 0) AS expected,
            coalesce(sum(o.weight * f.amount_yuan) FILTER (o.operand_side = 'reported'), 0) AS reported,
            count(*) - count(f.cell_id) AS n_lost
        FROM fct_identity_operands AS o
        LEFT JOIN figures AS f ON o.cell_id = f.cell_id
        GROUP BY o.result_id
    )
    SELECT r.result_id, r.verdict, r.expected_yuan, r.reported_yuan, r.difference_yuan,
        coalesce(s.expected, 0), coalesce(s.reported, 0), coalesce(s.n_lost, 0)
    FROM fct_identity_results AS r
    LEFT JOIN sums AS s ON r.result_id = s.result_id
    WHERE r.verdict <> 'not_evaluable' AND (
        coalesce(s.expected, 0) <> r.expected_yuan
        OR coalesce(s.reported, 0) <> r.reported_yuan
        OR r.reported_yuan - r.expected_yuan <> r.difference_yuan
        OR coalesce(s.n_lost, 0) > 0
        OR CASE r.verdict
            WHEN 'violated' THEN abs(r.difference_yuan) <= r.tolerance_yuan
            -- A figure that may be less than another is right when it is.
            WHEN 'exact' THEN r.difference_yuan > 0
            ELSE r.difference_yuan = 0 OR abs(r.difference_yuan) > r.tolerance_yuan
        END
    )
    ORDER BY r.result_id"""
_FIGURES = f"""
    SELECT
        f.cell_id, coalesce(f.amount_as_read, f.amount_printed), c.printed_text, c.cell_id IS NULL AS is_lost
    FROM ({figures_sql()}) AS f
    LEFT JOIN fct_cells AS c ON f.cell_id = c.cell_id
    -- A cell holds what was read there, also where a proof or a person says otherwise.
    WHERE c.cell_id IS NULL OR coalesce(f.amount_as_read, f.amount_printed) IS DISTINCT FROM c.printed_text
    ORDER BY f.cell_id"""
# Of many problems of one kind, those told one by one.
_TOLD = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a release: what kind of thing, in which file, in words."""

    kind: str
    path: str
    message: str


def database(folder: Path, marts: Marts) -> Iterator[Problem]:
    """The DuckDB file holds the tables of the Parquet files, row for row, and nothing else."""
    connection = marts.connection
    connection.execute(f"ATTACH {literal(folder / DATABASE)} AS release (READ_ONLY)")
    held = {
        (schema, name)
        for schema, name in connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'release' UNION ALL "
            "SELECT schema_name, view_name FROM duckdb_views() "
            "WHERE database_name = 'release' AND NOT internal"
        ).fetchall()
    }
    for schema, name in sorted(held ^ {("main", table) for table in marts.tables}):
        where = "stands in it and in no Parquet file" if (schema, name) in held else "is missing in it"
        yield Problem("tables", DATABASE, f"{schema}.{name} {where}")
    for table, columns in marts.tables.items():
        if ("main", table) not in held:
            continue
        found = dict(
            connection.execute(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = 'release' "
                "AND schema_name = 'main' AND table_name = ? ORDER BY column_index",
                [table],
            ).fetchall()
        )
        if list(found.items()) != list(columns.items()):
            yield Problem("tables", DATABASE, f"the columns of {table} are not those of {parquet_of(table)}")
            continue
        here, there = f"release.main.{quoted(table)}", quoted(table)
        only_here = connection.execute(f"FROM {here} EXCEPT ALL FROM {there} ORDER BY ALL").fetchall()
        only_there = connection.execute(f"FROM {there} EXCEPT ALL FROM {here} ORDER BY ALL").fetchall()
        if only_here or only_there:
            shown = _shown(tuple(columns), (only_here or only_there)[0])
            yield Problem(
                "rows",
                DATABASE,
                f"{table}: {len(only_here)} rows stand only in the database, {len(only_there)} only in "
                f"{parquet_of(table)}; the first: {shown}",
            )


def csv_files(folder: Path, marts: Marts) -> Iterator[Problem]:
    """Each CSV file is its table, written as releases write CSV."""
    there = {path.stem for path in (folder / "csv").glob("*.csv")}
    for table in sorted(there ^ set(marts.tables)):
        yield Problem("tables", csv_of(table), "there is not one CSV and one Parquet file of this table")
    for table in sorted(there & set(marts.tables)):
        yield from _same_csv(
            folder, csv_of(table), tuple(marts.tables[table]), table_rows(marts, table), parquet_of(table)
        )


def documents(folder: Path, marts: Marts) -> Iterator[Problem]:
    """The list of documents is that of the tables, and a document's id begins its hash."""
    yield from _same_csv(folder, DOCUMENTS, header_of(DOCUMENTS), document_rows(marts), "dim_document")
    for document, sha256 in marts.connection.execute(
        "SELECT document_id, sha256 FROM dim_document "
        "WHERE NOT regexp_full_match(sha256, '[0-9a-f]{64}') OR left(sha256, 16) <> document_id ORDER BY ALL"
    ).fetchall():
        yield Problem(
            "document",
            DOCUMENTS,
            f"document {document} is named after its hash, but the hash given is {sha256}",
        )


def counted(folder: Path, marts: Marts) -> Iterator[Problem]:
    """The rows by region and year are those counted in the warehouse and in the release, both ways."""
    now = counts(marts.connection, marts.tables)
    given: dict[tuple[str, str, int | None], tuple[int, int]] = {}
    for row in _read_csv(folder / COUNTS, header_of(COUNTS)):
        given[row[0], row[1], int(row[2]) if row[2] else None] = (int(row[3]), int(row[4]))
    listed = {key: pair[1] for key, pair in given.items()}
    for table, region, year, told, found in count_rows(listed, now):
        where = f"{table}, region {region or '—'}, year {year or '—'}"
        in_warehouse = given.get((table, region, year), (0, 0))[0]
        if told != found or in_warehouse != found:
            yield Problem(
                "counts",
                COUNTS,
                f"{where}: the list has {in_warehouse} rows in the warehouse and {told} in the release, "
                f"{found} are there",
            )


def package(folder: Path, marts: Marts, said: Mapping[str, Any]) -> Iterator[Problem]:
    """What the data package says of files, columns, types and keys is true."""
    resources = {resource["path"]: resource for resource in said["resources"]}
    expected = {
        *map(csv_of, marts.tables),
        *map(parquet_of, marts.tables),
        *(DATABASE, DOCUMENTS, COUNTS, CHANGES),
    }
    for path in sorted(expected ^ set(resources)):
        known = "is not in" if path in expected else "does not belong to the release and is in"
        yield Problem("data package", path, f"{known} the data package")
    for path in sorted(expected & set(resources)):
        resource = resources[path]
        file = folder / path
        if not file.is_file():
            yield Problem("data package", path, "is in the data package and not there")
        elif resource["hash"] != f"sha256:{hash_of(file)}" or resource["bytes"] != file.stat().st_size:
            yield Problem("data package", path, "is not the file whose size and hash the data package gives")
    comments = _comments(marts)
    names = {resource["name"]: path for path, resource in resources.items()}
    for table, columns in marts.tables.items():
        if csv_of(table) in resources:
            yield from _schema(marts, table, columns, resources[csv_of(table)], comments, names)


def changes(folder: Path, marts: Marts, last_release: str) -> Iterator[Problem]:
    """The list of changes is what comparing with the last release gives, where that lies beside this one.

    Where it does not, the new amounts must be figures of this release.
    """
    header = header_of(CHANGES)
    if not last_release:
        yield from _same_csv(folder, CHANGES, header, (), "there being no release before")
        return
    beside = folder.resolve().parent / last_release
    if Path(last_release).name == last_release and (beside / "parquet").is_dir():
        yield from _same_csv(folder, CHANGES, header, change_rows(marts, beside), f"release {last_release}")
        return
    amounts = dict(
        marts.connection.execute(f"SELECT cell_id, amount_yuan::varchar FROM ({figures_sql()})").fetchall()
    )
    for row in _read_csv(folder / CHANGES, header):
        change = dict(zip(header, row, strict=True))
        if change["change"] != "removed" and amounts.get(change["new_cell_id"]) != change["new_yuan"]:
            yield Problem(
                "changes",
                CHANGES,
                f"{change['disclosure_id']}, {change['statement_id']}, {change['row_key']}: the new amount "
                f"{change['new_yuan']} is not in this release",
            )


def figures(_: Path, marts: Marts) -> Iterator[Problem]:
    """No figure without a cell; what is told as printed, or as read, is what stands in the cell."""
    rows = marts.connection.execute(_FIGURES).fetchall()
    for cell, amount, printed, is_lost in rows[:_TOLD]:
        told = (
            "no such cell is in the release"
            if is_lost
            else f"the cell prints {printed!r}, the figure {amount!r}"
        )
        yield Problem("figure", "parquet/", f"figure {cell}: {told}")
    if len(rows) > _TOLD:
        yield Problem("figure", "parquet/", f"and {len(rows) - _TOLD} figures more")


def identities(_: Path, marts: Marts) -> Iterator[Problem]:
    """Each answer to an identity, reckoned again from the figures, is the answer given."""
    rows = marts.connection.execute(_IDENTITIES).fetchall()
    for result, verdict, expected, reported, difference, sum_expected, sum_reported, lost in rows[:_TOLD]:
        if lost:
            told = f"{lost} of its figures are not in the release"
        elif (expected, reported) != (sum_expected, sum_reported):
            told = (
                f"it is told with {reported} against {expected}, "
                f"the figures of the release give {sum_reported} against {sum_expected}"
            )
        else:
            told = f"a difference of {difference} is told as {verdict}"
        yield Problem("identity", parquet_of("fct_identity_results"), f"{result} no longer holds: {told}")
    if len(rows) > _TOLD:
        more = f"and {len(rows) - _TOLD} answers more"
        yield Problem("identity", parquet_of("fct_identity_results"), more)


def papers(folder: Path, marts: Marts, said: Mapping[str, Any]) -> Iterator[Problem]:
    """Date, licence and the mark of specimens stand where a reader looks, and are the same everywhere."""
    row = marts.connection.execute(
        "SELECT count(*), count(*) FILTER (is_synthetic) FROM dim_document"
    ).fetchone()
    n_documents, n_specimens = row or (0, 0)
    told = (said["juesuan"]["n_documents"], said["juesuan"]["n_specimens"])
    if told != (n_documents, n_specimens):
        yield Problem(
            "specimens",
            PACKAGE,
            f"tells of {told[0]} documents, {told[1]} of them specimens; "
            f"there are {n_documents} and {n_specimens}",
        )
    citation = yaml.safe_load((folder / CITATION).read_text(encoding="utf-8"))
    readme = (folder / README).read_text(encoding="utf-8")
    date = str(said["version"])
    if str(citation["version"]) != date or str(citation["date-released"]) != date:
        yield Problem("citation", CITATION, f"gives another date than the data package, {date}")
    if date not in readme.partition("\n")[0]:
        yield Problem("citation", README, f"gives another date than the data package, {date}")
    if (
        "Apache License" not in (folder / LICENSE).read_text(encoding="utf-8")
        or citation["license"] != "Apache-2.0"
    ):
        yield Problem("licence", LICENSE, "is not the Apache License 2.0 that the release is given under")
    if n_specimens:
        for name, text in (
            (README, readme),
            (CITATION, citation["title"]),
            (PACKAGE, said["title"]),
        ):
            if SYNTHETIC not in text:
                yield Problem("specimens", name, f"does not say that it has specimens ({SYNTHETIC})")


def _schema(
    marts: Marts,
    table: str,
    columns: Mapping[str, str],
    resource: Mapping[str, Any],
    comments: Mapping[tuple[str, str], str],
    names: Mapping[str, str],
) -> Iterator[Problem]:
    path = csv_of(table)
    schema = resource["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    if list(fields) != list(columns):
        yield Problem("data package", path, "the data package gives it other columns than it has")
        return
    if " ".join(comments[table, ""].split()) != resource["description"]:
        yield Problem("data package", path, "is described otherwise here than in the database")
    for name, kind in columns.items():
        field = fields[name]
        if (field["type"], field["duckdbType"]) != (field_type(kind), kind):
            yield Problem(
                "data package",
                path,
                f"column {name} is {kind}, the data package says {field['duckdbType']} ({field['type']})",
            )
        if " ".join(comments[table, name].split()) != field["description"]:
            yield Problem(
                "data package",
                path,
                f"column {name} is described otherwise here than in the database",
            )
    for key in schema.get("primaryKey", []):
        if key not in columns or not is_true_key(marts.connection, table, key):
            yield Problem(
                "key", path, f"{key} is said to be its key, and is empty or the same in several rows"
            )
    for foreign in schema.get("foreignKeys", []):
        (column,), (key,) = foreign["fields"], foreign["reference"]["fields"]
        target = Path(names[foreign["reference"]["resource"]]).stem
        if target not in marts.tables or column not in columns or key not in marts.tables[target]:
            yield Problem("key", path, f"{column} is said to point to {target}.{key}, which is not there")
        elif lost := orphans(marts.connection, table, column, target, key):
            yield Problem("key", path, f"{lost} rows have a {column} that is no {key} of {target}")


def _comments(marts: Marts) -> dict[tuple[str, str], str]:
    rows = marts.connection.execute(
        "SELECT table_name, '', coalesce(comment, '') FROM duckdb_tables() "
        "WHERE database_name = 'release' UNION ALL "
        "SELECT table_name, column_name, coalesce(comment, '') FROM duckdb_columns() "
        "WHERE database_name = 'release'"
    ).fetchall()
    return {(table, column): comment for table, column, comment in rows}


def _same_csv(folder: Path, path: str, columns: Sequence[str], rows: Rows, made_of: str) -> Iterator[Problem]:
    """Whether a file is what writing ``rows`` gives, byte for byte; else where it first differs."""
    with tempfile.TemporaryDirectory() as aside:
        again = Path(aside) / "again.csv"
        write_csv(again, columns, rows)
        if hash_of(again) == hash_of(folder / path):
            return
        for number, (given, right) in enumerate(zip_longest(_lines(folder / path), _lines(again)), 1):
            if given != right:
                yield Problem(
                    "CSV",
                    path,
                    f"is not what {made_of} gives; first in line {number}: "
                    f"{_short(given)} instead of {_short(right)}",
                )
                return
        yield Problem("CSV", path, f"has the lines that {made_of} gives, written otherwise")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from file


def _short(line: str | None) -> str:
    return "nothing" if line is None else repr(line.rstrip("\r\n")[:120])


def _read_csv(path: Path, header: Sequence[str]) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first, *rows = csv.reader(file)
    if first != list(header):
        raise ValueError(f"its columns are {', '.join(first)} instead of {', '.join(header)}")
    return rows


def _shown(columns: Sequence[str], row: Sequence[Any]) -> str:
    values = dict(zip(columns, row, strict=True))
    wanted = [name for name in ("cell_id", "document_id", "amount_yuan") if name in values] or list(columns)[
        :3
    ]
    return ", ".join(f"{name} {values[name]}" for name in wanted)
