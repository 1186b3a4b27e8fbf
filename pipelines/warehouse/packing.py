"""The lake in few files, for what reads all of it: one per dataset and partition instead of one per document.

Opening a file costs a millisecond, and each of its columns a bit more: of ten thousand documents that is a
sixth of a build. The lake stays as it is, a document at a time; what is packed is made of it, beside it, for
partitions (fiscal year, region) of some size, and made anew where a document of theirs changed. Deleting it
loses nothing.

``data/lake_packed/`` is laid out as the lake. Documents of small partitions are links to their files.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.datasets import DOCUMENTS, PER_DOCUMENT, PER_FOLDER, Dataset
from pipelines.warehouse.lake import EMPTY, Lake, LakeEntry, LakeWriteError, connect

#: Partitions of fewer documents are not packed: writing a file costs as much as opening some.
PACKED_FROM = 8
#: What of the lake is no document's: the catalogue and the identities as tables.
_OF_THE_FIELD = ("catalogue", "identities")


@dataclass(frozen=True, slots=True)
class _Pack:
    """Documents of one partition that lie in one file a dataset, which is named after what it is made of."""

    name: str
    entries: tuple[LakeEntry, ...]

    def file(self, packed: Lake, dataset: Dataset) -> Path:
        return packed.file_of(dataset, self.entries[0]).with_name(f"{self.name}.parquet")


def packed_lake(settings: Settings) -> Lake:
    """All that the lake holds, as it is now, in few files. Call with the data folder's lock held.

    Raises ``LakeWriteError`` where they cannot be written.
    """
    lake, packed = Lake(settings.lake), _place(settings)
    try:
        packed.prepare()
        wanted = set()
        with connect() as connection:
            # Each file is read once; what else is kept of thousands is gigabytes.
            connection.execute("SET enable_external_file_cache = false")
            for pack, dataset, target in _files(lake, packed):
                wanted.add(target)
                if not target.is_file():
                    _write(connection, [lake.file_of(dataset, entry) for entry in pack.entries], target)
        _remove_others(packed, wanted)
        copy_tables(lake, packed)
    except (OSError, duckdb.IOException) as error:
        raise LakeWriteError(f"{packed.root} cannot be written: {error}") from error
    return packed


def lake_to_count(settings: Settings) -> Lake:
    """The packed lake where it has all that the lake holds now, else the lake itself. Writes nothing."""
    lake, packed = Lake(settings.lake), _place(settings)
    if not packed.root.is_dir():
        return lake
    wanted = {target for _, _, target in _files(lake, packed)}
    if wanted != set(_documents_files(packed)):
        return lake
    copied = (f"{dataset.name}/{dataset.name}.parquet" for dataset in PER_FOLDER)
    same = all((lake.root / name).read_bytes() == (packed.root / name).read_bytes() for name in copied)
    return packed if same else lake


def copy_tables(lake: Lake, part: Lake) -> None:
    """Give a lake that is made of another the tables of that one that are no document's."""
    for dataset in PER_FOLDER:
        name = f"{dataset.name}/{dataset.name}.parquet"
        shutil.copyfile(lake.root / name, part.root / name)
    for name in _OF_THE_FIELD:
        shutil.copytree(lake.root / name, part.root / name, dirs_exist_ok=True)


def link(file: Path, target: Path) -> None:
    """The same file at another place; a copy where that is on another file system, or one without links.

    Raises ``FileNotFoundError`` where there is none.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(file, target)


def _place(settings: Settings) -> Lake:
    return Lake(settings.data / "lake_packed")


def _files(lake: Lake, packed: Lake) -> Iterator[tuple[_Pack, Dataset, Path]]:
    for pack in _packs(lake):
        for dataset in PER_DOCUMENT:
            yield pack, dataset, pack.file(packed, dataset)


def _packs(lake: Lake) -> Iterator[_Pack]:
    entries = sorted(
        lake.entries().values(), key=lambda e: (e.fiscal_year or 0, e.region_code, e.document_id)
    )
    for _, group in groupby(entries, lambda entry: (entry.fiscal_year, entry.region_code)):
        of_partition = tuple(group)
        shares = [of_partition] if len(of_partition) >= PACKED_FROM else [(entry,) for entry in of_partition]
        for share in shares:
            yield _Pack(_version_of(lake, share), share)


def _version_of(lake: Lake, entries: tuple[LakeEntry, ...]) -> str:
    """What tells these documents from any others, and from other readings of them."""
    digest = hashlib.sha256()
    for entry in entries:
        # Written last of a reading: it is not older than the others.
        written = lake.file_of(DOCUMENTS, entry).stat()
        digest.update(repr((entry, written.st_ino, written.st_mtime_ns, written.st_size)).encode())
    return digest.hexdigest()[:24]


def _write(connection: duckdb.DuckDBPyConnection, files: list[Path], target: Path) -> None:
    """Put the rows of ``files`` into one, in their order; nobody sees half of it."""
    if len(files) == 1:
        link(files[0], target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    named = str(temporary).replace("'", "''")
    try:
        try:
            _copy(connection, files, named, by_union=False)
        except duckdb.InvalidInputException:
            # Not all have the same columns: some were written by an earlier version. Opens each twice.
            _copy(connection, files, named, by_union=True)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _copy(connection: duckdb.DuckDBPyConnection, files: list[Path], target: str, *, by_union: bool) -> None:
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    connection.execute(
        f"COPY (FROM read_parquet([{listed}], hive_partitioning = false, union_by_name = {by_union})) "
        f"TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    )


def _remove_others(packed: Lake, wanted: Collection[Path]) -> None:
    """Remove files of what was packed before, and what killed builds left."""
    for file in _documents_files(packed):
        if file not in wanted:
            file.unlink(missing_ok=True)


def _documents_files(packed: Lake) -> Iterator[Path]:
    """The files of documents, and any that were not finished."""
    for dataset in PER_DOCUMENT:
        for folder, _, names in os.walk(packed.root / dataset.name):
            yield from (Path(folder, name) for name in names if name != EMPTY)
