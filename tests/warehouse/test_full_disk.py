"""A disk without space is no fault of a document: none is set aside for it, and the next run makes good."""

from __future__ import annotations

import multiprocessing
import resource
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse.build import BuildFailedError, build
from pipelines.warehouse.datasets import DOCUMENTS, PER_DOCUMENT
from pipelines.warehouse.lake import DocumentRows, Lake
from tests.warehouse.data_folder import state_of
from tests.warehouse.dying_builds import run
from tests.warehouse.fakes import put, understand_fake

#: No file may be longer: what the lake writes of a long document is, what else a build writes of it is not.
LIMIT = 40_000


def build_on_a_full_disk(settings: Settings, told: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY))
    try:
        run(settings)
        told.write_text("it went well", encoding="utf-8")
    except BuildFailedError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        told.write_text(f"{error.stage}: {error}", encoding="utf-8")


def on_a_full_disk(settings: Settings, told: Path) -> str:
    process = multiprocessing.get_context("spawn").Process(target=build_on_a_full_disk, args=(settings, told))
    process.start()
    process.join()
    return told.read_text(encoding="utf-8")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    put(tmp_path / "raw" / "a.pdf", "2023\n1.00\n")
    return Settings(raw=tmp_path / "raw", data=tmp_path / "data", workers=1)


def test_a_document_that_does_not_fit_is_not_set_aside_and_is_read_when_there_is_space(
    settings: Settings, tmp_path: Path
) -> None:
    run(settings)
    before = state_of(settings.data)
    figures = "\n".join(f"{number * 7919 % 100_003}.{number % 100:02d}" for number in range(5000))
    put(settings.raw / "long.pdf", f"2023\n{figures}\n")
    said = on_a_full_disk(settings, tmp_path / "told.txt")
    assert said.startswith("reading: reading: the lake")
    assert "too large" in said
    now = state_of(settings.data)
    assert (now.tables, now.build_version) == (before.tables, before.build_version)
    with duckdb.connect() as connection:
        held = connection.execute(f"SELECT outcome FROM {Lake(settings.lake).read(DOCUMENTS)}").fetchall()
    assert held == [("read",)], "nothing is known of the one that could not be written"
    built = run(settings)
    assert [document.source_path for document in built.documents] == ["long.pdf"]
    assert built.summary.n_amounts == 5001


def test_a_warehouse_that_cannot_be_committed_is_a_disk_without_space(settings: Settings) -> None:
    def without_space(settings: Settings, folder: Path) -> Path:
        raise duckdb.TransactionException(
            'TransactionContext Error: Failed to commit: Could not write file "x.wal": '
            "No space left on device"
        )

    with pytest.raises(BuildFailedError, match="No space left") as failed:
        build(settings, understand=understand_fake, transform=without_space)
    assert failed.value.stage == "data folder"


def test_looking_for_what_a_document_left_does_not_grow_with_partitions_and_documents(tmp_path: Path) -> None:
    """Once a run, not once a document: else both together grow with the square."""
    lake = Lake(tmp_path / "lake")
    lake.prepare()
    for region in range(20):
        lake.write_document(DocumentRows(f"{region:016x}", 2023, f"{region:06d}", {}))
    held = lake.files_of(["0" * 16, "f" * 16])
    assert len(held["0" * 16]) == len(PER_DOCUMENT)
    assert held["f" * 16] == ()
    listed: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"os.scandir", "os.listdir"} and str(arguments[0]).startswith(str(tmp_path)):
            listed.append(str(arguments[0]))

    sys.addaudithook(watch)
    lake.write_document(DocumentRows("0" * 16, 2022, "000007", {}), held["0" * 16])
    assert listed == []
    assert sorted({path.parent.name for path in lake.files_of(["0" * 16])["0" * 16]}) == [
        "region_code=000007"
    ]
    assert listed
