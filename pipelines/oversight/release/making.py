"""Making a release: from the published warehouse to a folder that is never changed again.

It is written aside, verified as anyone would verify it, and only then given its name.
"""

from __future__ import annotations

import datetime
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import jinja2

from pipelines.oversight.release.bill_of_materials import write_sbom
from pipelines.oversight.release.layout import (
    CHANGES,
    CHECKSUMS,
    CITATION,
    COUNTS,
    DOCUMENTS,
    LICENSE,
    PACKAGE,
    README,
    SBOM,
    SYNTHETIC,
    ReleaseError,
    csv_of,
    figures_sql,
    files_of,
    hash_of,
)
from pipelines.oversight.release.lists import (
    Marts,
    change_rows,
    count_rows,
    counts,
    document_rows,
    header_of,
    open_marts,
    table_rows,
    write_csv,
)
from pipelines.oversight.release.package import State, data_package, write_package
from pipelines.oversight.release.storing import store_tables
from pipelines.oversight.release.verifying import verify_files, verify_release
from pipelines.settings import Settings
from pipelines.warehouse.dictionary import TableEntry, read_manifest
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.manifest import ManifestError, manifest_of

_STATE = """
    SELECT
        count(*), count(*) FILTER (is_synthetic), count(DISTINCT department_id), min(fiscal_year),
        max(fiscal_year), max(coalesce(fetched_at::date, published_at))
    FROM dim_document"""


@dataclass(frozen=True, slots=True)
class Released:
    """A release that stands. ``digest`` is the SHA-256 of its checksums: who has it can prove every byte."""

    folder: Path
    date: str
    digest: str
    n_files: int
    n_bytes: int
    n_changes: int
    n_specimens: int
    last_release: str
    is_new: bool


def make_release(
    settings: Settings,
    *,
    to: Path | None = None,
    date: datetime.date | None = None,
    since: Path | None = None,
    tables: Sequence[TableEntry] | None = None,
    wait_seconds: float = 600.0,
) -> Released:
    """Release the published warehouse into ``to``, or ``data/releases/DATE``.

    ``date`` is that of the release; without it, the day the newest document was fetched or published.
    ``since`` is the release to compare with; without it, the newest of an earlier date in the same folder.
    ``tables`` are what the dbt project describes, for who has asked it already. A release that stands is
    never changed: the same again is told so (``is_new``), another one under its name raises ``ReleaseError``,
    as does a warehouse that is missing or not of this program's version. Raises ``BuildBusyError`` where a
    build holds the data folder for longer than ``wait_seconds``.
    """
    if not settings.warehouse.is_file():
        raise ReleaseError(f"there is no warehouse at {settings.warehouse}; make one with: juesuan build")
    described = tuple(tables) if tables is not None else _described(settings)
    with build_lock(settings.data, wait_seconds=wait_seconds):
        day = (date or _date_of(settings.warehouse)).isoformat()
        folder = (to or settings.releases / day).absolute()
        last = since.absolute() if since is not None else _last_release(folder, day)
        if last is not None and (problems := verify_files(last)):
            raise ReleaseError(f"the release to compare with, {last}, is not whole: {problems[0].message}")
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            state, n_changes = _write(settings, aside, day, last, described)
            if problems := verify_release(aside):
                raise ReleaseError(f"what was written does not verify: {problems[0].message}")
            digest = hash_of(aside / CHECKSUMS)
            is_new = not folder.exists()
            if not is_new and (verify_files(folder) or hash_of(folder / CHECKSUMS) != digest):
                raise ReleaseError(
                    f"there is another release at {folder}, and a release is never changed: "
                    "give this one another date (--date) or folder (--to)"
                )
            files = list(files_of(aside))
            n_bytes = sum((aside / path).stat().st_size for path in files)
            if is_new:
                aside.chmod(0o755)
                aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return Released(
        folder, day, digest, len(files), n_bytes, n_changes, state.n_specimens, state.last_release, is_new
    )


def _write(
    settings: Settings, folder: Path, day: str, last: Path | None, described: Sequence[TableEntry]
) -> tuple[State, int]:
    store_tables(settings.warehouse, folder)
    marts = open_marts(folder)
    with marts.connection:
        missing = sorted(marts.tables.keys() ^ {table.name for table in described})
        if missing:
            raise ReleaseError(
                f"the warehouse is not of this version of the program ({', '.join(missing)}); "
                "make it anew: juesuan build"
            )
        for table, columns in marts.tables.items():
            write_csv(folder / csv_of(table), tuple(columns), table_rows(marts, table))
        write_csv(folder / DOCUMENTS, header_of(DOCUMENTS), document_rows(marts))
        _write_counts(settings.warehouse, folder, marts)
        changes = list(change_rows(marts, last))
        write_csv(folder / CHANGES, header_of(CHANGES), changes)
        state = _state_of(marts, day, last)
    write_package(folder, data_package(folder, described, state), PACKAGE)
    for name, template in ((README, "README.md.j2"), (CITATION, "CITATION.cff.j2")):
        text = (
            _templates()
            .get_template(template)
            .render(state=state, n_changes=len(changes), synthetic=SYNTHETIC)
        )
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copyfile(settings.project / LICENSE, folder / LICENSE)
    write_sbom(settings.project / "requirements.lock", folder / SBOM)
    sums = "".join(f"{hash_of(folder / path)}  {path}\n" for path in files_of(folder))
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8")
    return state, len(changes)


def _write_counts(warehouse: Path, folder: Path, marts: Marts) -> None:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = count_rows(counts(connection, _tables_of(connection)), counts(marts.connection, marts.tables))
    for table, region, year, in_warehouse, in_release in rows:
        if in_warehouse != in_release:
            raise ReleaseError(
                f"{table}, region {region or '—'}, year {year or '—'}: {in_warehouse} rows in the warehouse, "
                f"{in_release} in the release"
            )
    write_csv(folder / COUNTS, header_of(COUNTS), rows)


def _tables_of(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index"
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def _state_of(marts: Marts, day: str, last: Path | None) -> State:
    row: Any = marts.connection.execute(_STATE).fetchone()
    figures: Any = marts.connection.execute(f"SELECT count(*) FROM ({figures_sql()})").fetchone()
    return State(
        date=day,
        version=version("juesuan"),
        n_documents=row[0],
        n_specimens=row[1],
        n_departments=row[2],
        n_figures=figures[0],
        first_year=row[3],
        last_year=row[4],
        last_release="" if last is None else last.name,
    )


def _date_of(warehouse: Path) -> datetime.date:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        row: Any = connection.execute(_STATE).fetchone()
    newest: datetime.date | None = row[5]
    if newest is None:
        raise ReleaseError(
            "no document says when it was published or fetched, so the release has no date: "
            "give it one (--date)"
        )
    return newest


def _last_release(folder: Path, day: str) -> Path | None:
    """The newest release beside ``folder`` of an earlier date: releases are named by their dates."""
    if not folder.parent.is_dir():
        return None
    earlier = [
        path
        for path in folder.parent.iterdir()
        if (path / CHECKSUMS).is_file() and path.name < day and _is_date(path.name)
    ]
    return max(earlier, key=lambda path: path.name, default=None)


def _is_date(name: str) -> bool:
    try:
        return datetime.date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def _described(settings: Settings) -> tuple[TableEntry, ...]:
    try:
        manifest = manifest_of(settings)
    except ManifestError as error:
        raise ReleaseError(str(error)) from error
    return read_manifest(json.loads(manifest.read_text(encoding="utf-8")))


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # plain text; nothing a document says is put into it
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
