"""The lake in few files: the same rows, as the lake has them now, whatever was packed before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse.datasets import DOCUMENTS, PER_DOCUMENT, PER_FOLDER, Dataset
from pipelines.warehouse.lake import EMPTY, DocumentRows, Lake, LakeWriteError
from pipelines.warehouse.packing import PACKED_FROM, lake_to_count, packed_lake
from tests.warehouse.mini_lake import MiniLake, document_id

TABLES = (*PER_DOCUMENT, *PER_FOLDER)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A lake with two partitions: one is worth packing, the other has two documents."""
    lake = MiniLake()
    for number in range(PACKED_FROM):
        lake.document(
            f"many/{number}.pdf",
            department=f"第{number}局",
            year=2023,
            kind="final_accounts",
            region="420100",
            statements=[("final_expenditure", [])],
        )
    for number in range(2):
        lake.document(f"few/{number}.pdf", department=f"又{number}局", year=2022, kind="final_accounts")
    settings = Settings.from_environment(raw=tmp_path / "raw", data=tmp_path / "data")
    lake.write(settings.lake)
    return settings


def rows(lake: Lake, dataset: Dataset) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"FROM {lake.read(dataset)} ORDER BY ALL").fetchall()


def files(lake: Lake, dataset: Dataset = DOCUMENTS) -> list[Path]:
    found = (lake.root / dataset.name).rglob("*")
    return sorted(path for path in found if path.is_file() and path.name != EMPTY)


def test_a_packed_lake_has_the_rows_of_the_lake_in_fewer_files(settings: Settings) -> None:
    packed = packed_lake(settings)
    for dataset in TABLES:
        assert rows(packed, dataset) == rows(Lake(settings.lake), dataset), dataset.name
    assert len(rows(packed, DOCUMENTS)) == PACKED_FROM + 2
    for dataset in PER_DOCUMENT:
        assert len(files(packed, dataset)) == 3, dataset.name
        assert len(files(Lake(settings.lake), dataset)) == PACKED_FROM + 2
    for name in ("catalogue", "identities"):
        of_lake = {path.name: path.read_bytes() for path in (settings.lake / name).iterdir()}
        assert {path.name: path.read_bytes() for path in (packed.root / name).iterdir()} == of_lake


def test_what_did_not_change_is_not_written_again(settings: Settings) -> None:
    first = {path: path.stat().st_mtime_ns for path in files(packed_lake(settings))}
    assert {path: path.stat().st_mtime_ns for path in files(packed_lake(settings))} == first


@pytest.mark.parametrize("path", ["many/0.pdf", "few/0.pdf"])
def test_a_document_read_again_is_packed_again(settings: Settings, path: str) -> None:
    before = files(packed_lake(settings))
    lake, key = Lake(settings.lake), document_id(path)
    own = {dataset.name: [row for row in rows(lake, dataset) if row[0] == key] for dataset in PER_DOCUMENT}
    entry = lake.entries()[key]
    title = [column.name for column in DOCUMENTS.columns].index("title")
    (row,) = own["documents"]
    own["documents"] = [(*row[:title], "读了第二次", *row[title + 1 :])]
    lake.write_document(DocumentRows(key, entry.fiscal_year, entry.region_code, own))
    assert lake_to_count(settings) == lake
    packed = packed_lake(settings)
    assert [row[0] for row in rows(packed, DOCUMENTS) if row[title] == "读了第二次"] == [key]
    for dataset in TABLES:
        assert rows(packed, dataset) == rows(lake, dataset), dataset.name
    assert len(set(files(packed)) & set(before)) == 2
    assert len(files(packed)) == 3


def test_a_document_that_went_is_packed_no_more_and_leftovers_are_removed(settings: Settings) -> None:
    packed = packed_lake(settings)
    gone = document_id("few/0.pdf")
    for file in Lake(settings.lake).files_of([gone])[gone]:
        file.unlink()
    left = files(packed)[0].with_name(".broken-off.parquet.part")
    left.touch()
    packed_lake(settings)
    assert not left.exists()
    assert len(rows(packed, DOCUMENTS)) == PACKED_FROM + 1
    assert len(files(packed)) == 2


def test_counted_is_what_the_lake_holds_now(settings: Settings) -> None:
    lake = Lake(settings.lake)
    assert lake_to_count(settings) == lake
    packed = packed_lake(settings)
    assert lake_to_count(settings) == packed
    inventory = PER_FOLDER[0]
    lake.write_table(inventory, [], f"{inventory.name}/{inventory.name}.parquet")
    assert lake_to_count(settings) == lake


def test_documents_of_an_earlier_version_with_fewer_columns_are_packed(settings: Settings) -> None:
    lake = Lake(settings.lake)
    (file,) = (settings.lake / "documents").rglob(f"{document_id('many/0.pdf')}.parquet")
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE old AS SELECT * EXCLUDE size_bytes FROM '{file}'")
        connection.execute(f"COPY old TO '{file}' (FORMAT parquet)")
    assert rows(packed_lake(settings), DOCUMENTS) == rows(lake, DOCUMENTS)


def test_a_place_that_cannot_be_written_is_named(settings: Settings) -> None:
    (settings.data / "lake_packed").touch()
    with pytest.raises(LakeWriteError, match="lake_packed"):
        packed_lake(settings)
