"""A file that is written to while a build is at work: no bytes are stored under the hash of others."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pytest

from pipelines.acquisition.model import FoundFile
from pipelines.settings import Settings
from pipelines.warehouse.build import build, list_raw
from pipelines.warehouse.datasets import DOCUMENTS, LINE_ITEMS, Dataset
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.reading import (
    CHANGED,
    DocumentRead,
    Understanding,
    plan_reading,
    read_documents,
)
from tests.warehouse.fakes import put, understand_fake
from tests.warehouse.test_build import check, transform

BEFORE, AFTER = "2023\n1.00\n", "2023\n777.00\n"


def understand_while_it_changes(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The old bytes of a.pdf are read, then the file is written anew."""
    found = understand_fake(path, file, max_pages)
    if file.source_path == "a.pdf":
        put(path, AFTER)
    return found


def understand_while_it_is_cut(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The writer has emptied the file and not yet filled it: what reads it breaks."""
    put(path, "raise\n")
    return understand_fake(path, file, max_pages)


def understand_while_it_goes(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The file is taken away as soon as it is read."""
    found = understand_fake(path, file, max_pages)
    path.unlink()
    return found


def understand_what_never_rests(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """A file that is written to each time it is looked at."""
    found = understand_fake(path, file, max_pages)
    with path.open("a", encoding="utf-8") as stream:
        stream.write("1.00\n")
    return found


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def rows(settings: Settings, dataset: Dataset, columns: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT {columns} FROM {Lake(settings.lake).read(dataset)} ORDER BY ALL")
        return found.fetchall()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    # Within the lake: a reading process may write there only, and some here change what they read.
    raw = tmp_path / "data" / "lake" / "raw"
    put(raw / "a.pdf", BEFORE)
    put(raw / "b.pdf", "2023\n2.00\n")
    return Settings(raw=raw, data=tmp_path / "data", workers=1)


def test_bytes_written_after_the_listing_are_not_stored_under_the_old_hash(settings: Settings) -> None:
    inventory = list_raw(settings)
    put(settings.raw / "a.pdf", AFTER)
    read: dict[str, DocumentRead] = {
        document.source_path: document
        for document in read_documents(settings, inventory, inventory.files, understand=understand_fake)
    }
    assert read["b.pdf"].outcome == "read"
    assert (read["a.pdf"].outcome, read["a.pdf"].reason) == ("set_aside", CHANGED)
    assert hash_of(BEFORE) in read["a.pdf"].message
    assert hash_of(AFTER) in read["a.pdf"].message
    assert rows(settings, LINE_ITEMS, "document_id, amount_yuan::varchar") == [
        (hash_of("2023\n2.00\n"), "20000.00")
    ]
    assert (hash_of(BEFORE), CHANGED) in rows(settings, DOCUMENTS, "document_id, outcome_reason")


@pytest.mark.parametrize(
    "understand", [understand_while_it_changes, understand_while_it_is_cut, understand_while_it_goes]
)
def test_a_change_during_the_reading_is_noticed_too(settings: Settings, understand: object) -> None:
    inventory = list_raw(settings)
    (file,) = (file for file in inventory.files if file.source_path == "a.pdf")
    (read,) = read_documents(settings, inventory, [file], understand=understand)  # type: ignore[arg-type]
    assert (read.outcome, read.reason) == ("set_aside", CHANGED)
    assert rows(settings, LINE_ITEMS, "amount_yuan") == []


def test_the_old_bytes_are_read_if_they_come_back(settings: Settings) -> None:
    inventory = list_raw(settings)
    put(settings.raw / "a.pdf", AFTER)
    list(read_documents(settings, inventory, inventory.files, understand=understand_fake))
    put(settings.raw / "a.pdf", BEFORE)
    plan = plan_reading(Lake(settings.lake), list_raw(settings))
    assert [file.source_path for file in plan.to_read] == ["a.pdf"]


def test_an_earlier_reading_of_the_same_bytes_stays_in_the_lake(settings: Settings) -> None:
    inventory = list_raw(settings)
    list(read_documents(settings, inventory, inventory.files, understand=understand_fake))
    put(settings.raw / "a.pdf", AFTER)
    list(read_documents(settings, inventory, inventory.files, understand=understand_fake))
    assert (hash_of(BEFORE), "10000.00") in rows(settings, LINE_ITEMS, "document_id, amount_yuan::varchar")


def test_a_build_lists_the_folder_again_and_reads_the_new_bytes(settings: Settings) -> None:
    built = build(settings, understand=understand_while_it_changes, transform=transform, check=check)
    assert [(read.source_path, read.outcome) for read in built.documents] == [
        ("a.pdf", "read"),
        ("b.pdf", "read"),
    ]
    assert built.summary.set_aside == ()
    current = {str(row[0]) for row in rows(settings, LINE_ITEMS, "document_id")}
    assert hash_of(AFTER) in current
    assert hash_of(BEFORE) not in current


def test_a_file_that_is_written_to_all_the_time_is_set_aside_by_name(settings: Settings) -> None:
    (settings.raw / "b.pdf").unlink()
    built = build(settings, understand=understand_what_never_rests, transform=transform, check=check)
    (aside,) = built.summary.set_aside
    assert (aside.source_path, aside.reason) == ("a.pdf", CHANGED)
