"""Documents are dealt into chunks whole and evenly, and locks let each be read by one worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.acquisition.model import FoundFile, Inventory, RegisteredDocument
from pipelines.settings import Settings
from pipelines.warehouse.build import chunks_to_read
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.locking import BuildBusyError, build_lock, reading_lock

SIZES = (10, 900, 20, 800, 30, 700, 40)


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    return Inventory(
        tmp_path / "raw",
        tuple(
            FoundFile(
                f"{size}.pdf", f"{size:016d}", f"{size:064d}", size, 0, RegisteredDocument(f"{size}.pdf")
            )
            for size in SIZES
        ),
    )


def settings(tmp_path: Path, chunk_documents: int | None) -> Settings:
    made = Settings(raw=tmp_path / "raw", data=tmp_path / "data", chunk_documents=chunk_documents)
    Lake(made.lake).prepare()
    return made


def test_on_one_machine_all_documents_are_one_chunk(tmp_path: Path, inventory: Inventory) -> None:
    ids = {file.document_id for file in inventory.files}
    (chunk,) = chunks_to_read(settings(tmp_path, None), inventory, only=ids)
    assert (len(chunk.files), chunk.alone) == (len(SIZES), True)


def test_each_document_is_in_one_chunk_and_the_big_ones_in_different_ones(
    tmp_path: Path, inventory: Inventory
) -> None:
    ids = {file.document_id for file in inventory.files}
    chunks = chunks_to_read(settings(tmp_path, 3), inventory, only=ids)
    assert [[file.size_bytes for file in chunk.files] for chunk in chunks] == [
        [900, 40, 10],
        [800, 30],
        [700, 20],
    ]
    assert not any(chunk.alone for chunk in chunks)


def test_what_is_not_asked_for_is_in_no_chunk(tmp_path: Path, inventory: Inventory) -> None:
    made = settings(tmp_path, 3)
    (chunk,) = chunks_to_read(made, inventory, only={inventory.files[0].document_id})
    assert chunk.files == inventory.files[:1]
    assert chunks_to_read(made, inventory, only=set()) == ()


def test_chunks_are_read_side_by_side_and_nobody_builds_meanwhile(tmp_path: Path) -> None:
    shared = build_lock(tmp_path, shared=True), build_lock(tmp_path, shared=True)
    with shared[0], shared[1], pytest.raises(BuildBusyError), build_lock(tmp_path):
        pass
    with build_lock(tmp_path), pytest.raises(BuildBusyError), build_lock(tmp_path, shared=True):
        pass


def test_a_chunk_given_out_twice_waits_for_its_first_reader(tmp_path: Path) -> None:
    other = (
        "import sys; from pathlib import Path; from pipelines.warehouse.locking import reading_lock\n"
        "def told(text): print('waits', flush=True)\n"
        "with reading_lock(Path(sys.argv[1]), sys.argv[2:], on_wait=told): print('reads', flush=True)"
    )

    def start(*ids: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", other, str(tmp_path), *ids]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    with reading_lock(tmp_path, ["a", "b"]):
        assert start("c").communicate()[0] == "reads\n", "other documents"
        second = start("b", "a")
        assert second.stdout is not None
        assert second.stdout.readline() == "waits\n"
        assert second.poll() is None
    assert second.communicate()[0] == "reads\n"
