"""The lake: Parquet files, one per dataset and document, written so that no reader sees half of one.

``data/lake/<dataset>/fiscal_year=YYYY/region_code=NNNNNN/<document_id>.parquet``. A file is written
under a hidden name and renamed. ``documents`` is written last: its row, with the versions in it, is
what says that the document is in the lake. Content never seen at a path replaces nothing: the older
version keeps its own files under its own ``document_id``.
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.warehouse.datasets import (
    DECISIONS,
    DOCUMENTS,
    PER_DOCUMENT,
    PER_FOLDER,
    RAW_INVENTORY,
    Dataset,
)

#: The empty typed file that each dataset has, so that no glob is ever empty.
EMPTY = "_empty.parquet"
UNKNOWN_YEAR = 0
UNKNOWN_REGION = "000000"

Row = tuple[Any, ...]


class LakeWriteError(RuntimeError):
    """The lake cannot be written to (a full disk, no rights), with the reason. No document is at fault."""


@dataclass(frozen=True, slots=True)
class LakeEntry:
    """What the lake holds of a document: enough to say whether it must be read again."""

    document_id: str
    source_path: str
    extractor_version: str
    registration_version: str
    outcome: str
    outcome_reason: str
    fiscal_year: int | None
    region_code: str
    supersedes_document_id: str


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """The document at a path, and the one that lay there before its content changed (or empty)."""

    document_id: str
    previous_document_id: str


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """All rows of one document, by dataset name, in the column order of ``datasets``."""

    document_id: str
    fiscal_year: int | None
    region_code: str
    rows: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake at ``root``. Methods that write may be called from several processes for different documents."""

    root: Path

    def prepare(self) -> None:
        """Make the folders and the empty typed files without which a glob over nothing fails."""
        with connect() as connection:
            for dataset in PER_DOCUMENT:
                folder = self._partition(dataset, None, "")
                if not (folder / EMPTY).is_file():
                    write_parquet(connection, dataset, (), folder / EMPTY)
            for dataset in PER_FOLDER:
                table = self.root / dataset.name / f"{dataset.name}.parquet"
                if not table.is_file():
                    write_parquet(connection, dataset, (), table)

    def files_of(self, document_ids: Collection[str]) -> dict[str, tuple[Path, ...]]:
        """The files the lake holds of each of these documents, in whatever partition: one walk for all."""
        wanted = set(document_ids)
        found: dict[str, list[Path]] = {document_id: [] for document_id in wanted}
        for dataset in PER_DOCUMENT:
            for folder, _, names in os.walk(self.root / dataset.name):
                for name in names:
                    if (document_id := name.removesuffix(".parquet")) in wanted:
                        found[document_id].append(Path(folder, name))
        return {document_id: tuple(files) for document_id, files in found.items()}

    def write_document(self, document: DocumentRows, earlier: Iterable[Path] | None = None) -> None:
        """Write a document's datasets, replacing what an earlier reading of the same content left.

        A reading may move a document to another partition (the register corrected its year); the
        files it had elsewhere are removed once the new ones stand. The row that vouches for them goes
        first and comes last: broken off in between, the document is not held. ``earlier`` are the files that
        there were of it (``files_of``); without it all partitions are looked through.
        """
        if earlier is None:
            earlier = self.files_of([document.document_id])[document.document_id]
        held = set(earlier)
        name = f"{document.document_id}.parquet"
        with connect() as connection:
            for row in held:
                if row.is_relative_to(self.root / DOCUMENTS.name):
                    row.unlink(missing_ok=True)
            for dataset in PER_DOCUMENT:
                target = self._partition(dataset, document.fiscal_year, document.region_code) / name
                write_parquet(connection, dataset, document.rows.get(dataset.name, ()), target)
                for stale in sorted(held):
                    if stale != target and stale.is_relative_to(self.root / dataset.name):
                        stale.unlink(missing_ok=True)

    def write_table(self, dataset: Dataset, rows: Iterable[Row], path: str) -> None:
        """Write a dataset that is not per document to ``path`` below the lake, atomically."""
        with connect() as connection:
            write_parquet(connection, dataset, rows, self.root / path)

    def holds(self, document_id: str) -> bool:
        """Whether a reading of the document was written to its end, whatever came of it."""
        return any(self.root.glob(f"{DOCUMENTS.name}/*/*/{document_id}.parquet"))

    def entries(self) -> dict[str, LakeEntry]:
        """What the lake holds, by document id.

        A document whose files lie in two partitions is not among them: its reading was broken off
        while it moved there, and must be done again.
        """
        files = dict(_versions_of((self.root / DOCUMENTS.name).rglob("*.parquet")))
        known = _ENTRIES_READ.get(self.root, {})
        held = {version: known[version] for version in files if version in known}
        new = {str(path): version for version, path in files.items() if version not in held}
        if new:
            try:
                found = _read_entries(sorted(new), by_union=False)
            except duckdb.Error:
                # Not all have the same columns: some were written by an earlier version.
                found = _read_entries(sorted(new), by_union=True)
            held.update(dict.fromkeys(new.values()))
            held.update({new[row[0]]: LakeEntry(*row[1:]) for row in found})
        # Put there whole and never changed: sensors ask in several threads.
        _ENTRIES_READ[self.root] = held
        entries = [entry for entry in held.values() if entry is not None]
        times = Counter(entry.document_id for entry in entries)
        return {entry.document_id: entry for entry in entries if times[entry.document_id] == 1}

    def inventory(self) -> dict[str, InventoryEntry]:
        """What lay in the raw folder when it was last listed, by ``source_path``."""
        with connect() as connection:
            found = connection.execute(
                f"SELECT source_path, document_id, previous_document_id FROM {self.read(RAW_INVENTORY)}"
            ).fetchall()
        return {path: InventoryEntry(document_id, previous) for path, document_id, previous in found}

    def decisions(self) -> list[Row]:
        """What ``review/decisions.csv`` said when the raw folder was last listed, in its order."""
        with connect() as connection:
            rows: list[Row] = connection.execute(f"FROM {self.read(DECISIONS)}").fetchall()
        return rows

    def read(self, dataset: Dataset) -> str:
        """The SQL table expression that reads a dataset. Folder names are not read: the files say all."""
        pattern = str(self.root / dataset.name / "**" / "*.parquet").replace("'", "''")
        return f"read_parquet('{pattern}', hive_partitioning = false, union_by_name = true)"

    def file_of(self, dataset: Dataset, entry: LakeEntry) -> Path:
        """The file of a dataset that a document which the lake holds has."""
        return self._partition(dataset, entry.fiscal_year, entry.region_code) / f"{entry.document_id}.parquet"

    def _partition(self, dataset: Dataset, fiscal_year: int | None, region_code: str) -> Path:
        year = UNKNOWN_YEAR if fiscal_year is None else fiscal_year
        return (
            self.root / dataset.name / f"fiscal_year={year}" / f"region_code={region_code or UNKNOWN_REGION}"
        )


#: A file as it is: its place, and what tells it from one that was there before (number, time, size).
_FileVersion = tuple[str, int, int, int]
#: What this process has read of each lake's documents, by file; None for the empty one. A build asks several
#: times, and opening a thousand files takes a second.
_ENTRIES_READ: dict[Path, dict[_FileVersion, LakeEntry | None]] = {}


def _versions_of(files: Iterable[Path]) -> Iterator[tuple[_FileVersion, Path]]:
    for path in files:
        # Another worker may move its document to another partition meanwhile.
        with contextlib.suppress(FileNotFoundError):
            stat = path.stat()
            yield (str(path), stat.st_ino, stat.st_mtime_ns, stat.st_size), path


def _read_entries(files: Sequence[str], *, by_union: bool) -> list[Row]:
    """The rows of these files of documents, each after its file's name; ``by_union`` opens each twice."""
    with connect() as connection:
        rows: list[Row] = connection.execute(
            "SELECT filename, document_id, source_path, extractor_version, registration_version, outcome, "
            "outcome_reason, fiscal_year, region_code, supersedes_document_id "
            f"FROM read_parquet($1, hive_partitioning = false, union_by_name = {by_union}, filename = true)",
            [files],
        ).fetchall()
    return rows


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB connection in memory that uses one thread (rows stay in order) and installs nothing."""
    return duckdb.connect(
        ":memory:",
        config={"threads": 1, "autoinstall_known_extensions": False, "autoload_known_extensions": False},
    )


def write_parquet(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, rows: Iterable[Row], target: Path
) -> None:
    """Write ``rows`` to ``target`` as Parquet with the dataset's types, atomically and in the order given.

    Values cross as text where the type is a decimal, so that no amount passes through a float.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    columns = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in dataset.columns]
    parts = []
    for index, column in enumerate(dataset.columns):
        if column.type.startswith("DECIMAL"):
            columns[index] = [None if value is None else format(value, "f") for value in columns[index]]
        elif column.type in {"DATE", "TIMESTAMP"}:
            columns[index] = [None if value is None else value.isoformat() for value in columns[index]]
        elif column.type.endswith("[]"):
            columns[index] = [None if value is None else list(value) for value in columns[index]]
        source = "VARCHAR" if column.type.startswith(("DECIMAL", "DATE", "TIMESTAMP")) else column.type
        parts.append(f'unnest(${index + 1}::{source}[])::{column.type} AS "{column.name}"')
    # Of its own on every machine: processes of two may have the same number.
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    escaped = str(temporary).replace("'", "''")
    try:
        # COPY takes no parameters, hence the table between.
        connection.execute(f"CREATE OR REPLACE TEMP TABLE leaving AS SELECT {', '.join(parts)}", columns)
        connection.execute(f"COPY leaving TO '{escaped}' (FORMAT parquet, COMPRESSION zstd)")
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
