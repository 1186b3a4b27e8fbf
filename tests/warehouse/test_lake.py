"""The lake keeps every version of every document, and a rerun touches only what changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import fields, replace
from pathlib import Path

import duckdb
import pytest

from pipelines.acquisition.model import FoundFile, RegisteredDocument
from pipelines.settings import Limits, Settings
from pipelines.statements.model import Claim, LineItem, ListedItem, NarrativeFault, Note, Statement
from pipelines.warehouse.build import list_raw, read_new
from pipelines.warehouse.datasets import (
    CELLS,
    CLAIMS,
    DOCUMENTS,
    LINE_ITEMS,
    LISTED_ITEMS,
    NARRATIVE_FAULTS,
    NOTES,
    PER_DOCUMENT,
    RAW_INVENTORY,
    REPAIRS,
    STATEMENTS,
)
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.reading import DocumentRead, Understand, plan_reading, read_documents
from pipelines.warehouse.repairing import Repair
from pipelines.warehouse.summary import summarise
from pipelines.warehouse.versions import registration_version
from tests.warehouse.fakes import put, understand_fake, understand_fake_scan


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "raw").mkdir()
    return Settings(
        raw=tmp_path / "raw",
        data=tmp_path / "data",
        workers=2,
        limits=Limits(seconds=120, memory_mb=400, max_pages=50, max_file_mb=1),
    )


def read(settings: Settings, **options: object) -> dict[str, DocumentRead]:
    documents, _ = read_new(settings, list_raw(settings), understand=understand_fake, **options)  # type: ignore[arg-type]
    return {document.source_path: document for document in documents}


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    lake = Lake(settings.lake)
    for dataset in (*PER_DOCUMENT, RAW_INVENTORY):
        query = query.replace("{" + dataset.name + "}", lake.read(dataset))
    return duckdb.sql(query).fetchall()


def test_an_empty_lake_can_be_read(settings: Settings) -> None:
    Lake(settings.lake).prepare()
    for dataset in PER_DOCUMENT:
        assert rows(settings, f"SELECT count(*) FROM {{{dataset.name}}}") == [(0,)]
    types = dict(
        duckdb.sql(
            f"SELECT column_name, column_type FROM (DESCRIBE FROM {Lake(settings.lake).read(LINE_ITEMS)})"
        ).fetchall()
    )
    assert types["amount_yuan"] == "DECIMAL(18,2)"
    assert list(types) == [column.name for column in LINE_ITEMS.columns]


def test_the_datasets_hold_every_field_of_the_records() -> None:
    for dataset, record in (
        (LINE_ITEMS, LineItem),
        (STATEMENTS, Statement),
        (NOTES, Note),
        (CLAIMS, Claim),
        (LISTED_ITEMS, ListedItem),
        (NARRATIVE_FAULTS, NarrativeFault),
        (REPAIRS, Repair),
    ):
        names = [field.name for field in fields(record)]
        if "box" in names:
            names[names.index("box") : names.index("box") + 1] = ["x0", "top", "x1", "bottom"]
        assert [column.name for column in dataset.columns] == ["document_id", *names], dataset.name


def test_a_document_lies_in_its_partition_with_its_rows(settings: Settings) -> None:
    put(settings.raw / "甲局/2023.pdf", "2023\n12.34\n0.01\n-5.00\n")
    assert read(settings)["甲局/2023.pdf"].n_line_items == 3
    document_id = hashlib.sha256((settings.raw / "甲局/2023.pdf").read_bytes()).hexdigest()[:16]
    for dataset in PER_DOCUMENT:
        folder = settings.lake / dataset.name / "fiscal_year=2023" / "region_code=420100"
        assert [path.name for path in folder.iterdir()] == [f"{document_id}.parquet"]
    assert rows(settings, "SELECT amount_yuan::varchar, cell_id FROM {line_items} ORDER BY row_number") == [
        ("123400.00", f"{document_id}-p0001-t01-r000-c00"),
        ("100.00", f"{document_id}-p0001-t01-r001-c00"),
        ("-50000.00", f"{document_id}-p0001-t01-r002-c00"),
    ]
    assert rows(settings, "SELECT department_name, department_registered, fiscal_year FROM {documents}") == [
        ("印错的局", "", 2023)
    ]


@pytest.mark.parametrize(
    ("understand", "again"), [(understand_fake, []), (understand_fake_scan, ["a.pdf"])], ids=["text", "scan"]
)
def test_a_change_in_what_repairs_scans_reads_scans_again_and_nothing_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, understand: Understand, again: list[str]
) -> None:
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    inventory = list_raw(settings)
    assert [d.outcome for d in read_documents(settings, inventory, inventory.files, understand=understand)]
    assert plan_reading(Lake(settings.lake), inventory).to_read == ()
    monkeypatch.setattr("pipelines.warehouse.versions.repair_version", lambda: "another one")
    assert [file.source_path for file in plan_reading(Lake(settings.lake), inventory).to_read] == again


def test_nothing_is_read_twice(settings: Settings) -> None:
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    put(settings.raw / "b.pdf", "crash\n")
    assert set(read(settings)) == {"a.pdf", "b.pdf"}
    assert read(settings) == {}, "also what ran into a limit is not tried again"
    assert set(read(settings, retry=True)) == {"b.pdf"}, "unless asked for"
    put(settings.raw / "sub/c.pdf", "2022\n1.00\n")
    assert set(read(settings)) == {"sub/c.pdf"}


def test_the_same_input_gives_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    other = replace(settings, data=tmp_path / "other")
    for number in range(6):
        put(settings.raw / f"{number}.pdf", f"2023\n{number}.00\n1.00\n")
    read(settings)
    read(replace(other, workers=1))
    files = sorted(path.relative_to(settings.lake) for path in settings.lake.rglob("*.parquet"))
    assert files == sorted(path.relative_to(other.lake) for path in other.lake.rglob("*.parquet"))
    for file in files:
        assert (settings.lake / file).read_bytes() == (other.lake / file).read_bytes(), file


def test_a_document_that_takes_too_long_is_set_aside(settings: Settings) -> None:
    put(settings.raw / "hang.pdf", "hang\n")
    (done,) = read(replace(settings, limits=replace(settings.limits, seconds=2))).values()
    assert (done.outcome, done.reason) == ("set_aside", "time_limit")


def test_what_cannot_be_read_is_set_aside_with_its_reason_and_the_rest_goes_on(settings: Settings) -> None:
    for word in ("crash", "swell", "raise", "blank", "novel"):
        put(settings.raw / f"{word}.pdf", f"{word}\n")
    put(settings.raw / "big.pdf", "2023\n" + "1.00\n" * 300_000)
    put(settings.raw / "good.pdf", "2023\n1.00\n")
    done = read(settings)
    assert done["good.pdf"].outcome == "read"
    assert {path: document.reason for path, document in done.items() if document.outcome == "set_aside"} == {
        "crash.pdf": "crashed",
        "swell.pdf": "memory_limit",
        "raise.pdf": "crashed",
        "blank.pdf": "no_text",
        "novel.pdf": "not_a_disclosure",
        "big.pdf": "file_too_large",
    }
    stored = rows(
        settings,
        "SELECT source_path, outcome_reason, outcome_message FROM {documents} WHERE outcome = 'set_aside'",
    )
    assert {row[0]: row[1] for row in stored} == {
        path: document.reason for path, document in done.items() if document.outcome == "set_aside"
    }
    assert all(row[2] for row in stored)
    unknown = settings.lake / "documents" / "fiscal_year=0" / "region_code=000000"
    assert len(list(unknown.glob("*.parquet"))) == 7, "six documents and the empty file"
    summary = summarise(Lake(settings.lake))
    assert (summary.n_documents, summary.n_read, len(summary.set_aside)) == (7, 1, 6)


def test_the_register_vouches_for_a_document_without_statements(settings: Settings) -> None:
    put(settings.raw / "text.pdf", "novel\n")
    (settings.raw / "register.csv").write_text(
        "path,department,fiscal_year,kind,part\ntext.pdf,甲局,2019,budget,text\n", encoding="utf-8"
    )
    assert read(settings)["text.pdf"].outcome == "read"


def test_the_time_of_download_is_stored_in_utc(settings: Settings) -> None:
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    (settings.raw / "register.csv").write_text(
        "path,fetched_at\na.pdf,2024-09-30T05:15:00+08:00\n", encoding="utf-8"
    )
    read(settings)
    assert rows(settings, "SELECT fetched_at::varchar FROM {documents}") == [("2024-09-29 21:15:00",)]


def test_a_changed_file_is_read_alone_and_the_lake_keeps_both(settings: Settings) -> None:
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    put(settings.raw / "b.pdf", "2023\n2.00\n")
    first = read(settings)["a.pdf"].document_id
    put(settings.raw / "a.pdf", "2023\n1.50\n")
    again = read(settings)
    assert set(again) == {"a.pdf"}
    second = again["a.pdf"].document_id
    assert rows(
        settings, "SELECT document_id, supersedes_document_id FROM {documents} WHERE source_path = 'a.pdf'"
    ) in (
        [(first, ""), (second, first)],
        [(second, first), (first, "")],
    )
    assert dict(rows(settings, "SELECT source_path, document_id FROM {raw_inventory}"))["a.pdf"] == second
    summary = summarise(Lake(settings.lake))
    assert (summary.n_documents, summary.n_amounts) == (2, 2), "an older version is kept and not counted"
    assert read(settings) == {}


def test_a_corrected_register_moves_a_document_to_its_partition(settings: Settings) -> None:
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    read(settings)
    (settings.raw / "register.csv").write_text(
        "path,fiscal_year,region_code\na.pdf,2022,310107\n", encoding="utf-8"
    )
    assert set(read(settings)) == {"a.pdf"}
    for dataset in (DOCUMENTS, CELLS, LINE_ITEMS, NOTES):
        found = [
            path
            for path in (settings.lake / dataset.name).rglob("*.parquet")
            if not path.name.startswith("_")
        ]
        assert [path.parent.name for path in found] == ["region_code=310107"]


def test_what_the_lake_holds_is_told_as_it_is_now(settings: Settings) -> None:
    """However often it was asked before: what one process has read of a document's row is kept by it."""
    lake = Lake(settings.lake)
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    put(settings.raw / "b.pdf", "2023\n2.00\n")
    read(settings)
    first = lake.entries()
    assert lake.entries() == first
    assert {(entry.source_path, entry.region_code) for entry in first.values()} == {
        ("a.pdf", "420100"),
        ("b.pdf", "420100"),
    }
    (settings.raw / "register.csv").write_text(
        "path,fiscal_year,region_code\na.pdf,2023,310107\n", encoding="utf-8"
    )
    read(settings)
    assert {(entry.source_path, entry.region_code) for entry in lake.entries().values()} == {
        ("a.pdf", "310107"),
        ("b.pdf", "420100"),
    }
    (row,) = (settings.lake / "documents").rglob("*/region_code=310107/*.parquet")
    kept = row.read_bytes()
    row.unlink()
    assert [entry.source_path for entry in lake.entries().values()] == ["b.pdf"]
    row.write_bytes(kept)
    assert sorted(entry.source_path for entry in lake.entries().values()) == ["a.pdf", "b.pdf"]


def test_a_document_that_an_earlier_version_wrote_with_fewer_columns_is_held(settings: Settings) -> None:
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    put(settings.raw / "b.pdf", "2023\n2.00\n")
    read(settings)
    earlier = next(path for path in (settings.lake / "documents").rglob("*.parquet") if path.name[0] != "_")
    other = Path(f"{earlier}.part")
    duckdb.sql(f"SELECT * EXCLUDE (supersedes_document_id) FROM '{earlier}'").write_parquet(str(other))
    other.replace(earlier)
    entries = Lake(settings.lake).entries().values()
    assert sorted((entry.source_path, entry.supersedes_document_id is None) for entry in entries) in (
        [("a.pdf", True), ("b.pdf", False)],
        [("a.pdf", False), ("b.pdf", True)],
    )


def test_a_reading_that_was_broken_off_is_done_again(settings: Settings) -> None:
    """The row in ``documents`` is written last: without it, the document is not in the lake."""
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    read(settings)
    (document,) = (path for path in (settings.lake / "documents").rglob("*.parquet") if path.name[0] != "_")
    document.unlink()
    assert set(read(settings)) == {"a.pdf"}


def test_a_move_to_another_partition_that_was_broken_off_is_done_again(settings: Settings) -> None:
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    read(settings)
    (document,) = (path for path in (settings.lake / "documents").rglob("*.parquet") if path.name[0] != "_")
    stale = settings.lake / "documents" / "fiscal_year=2022" / "region_code=420100" / document.name
    stale.parent.mkdir(parents=True)
    shutil.copy(document, stale)
    assert set(read(settings)) == {"a.pdf"}
    assert rows(settings, "SELECT count(*) FROM {documents}") == [(1,)]
    assert not stale.exists()


def test_no_half_written_file_is_left_or_seen(settings: Settings) -> None:
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    read(settings)
    partition = settings.lake / "cells" / "fiscal_year=2023" / "region_code=420100"
    (partition / ".b.parquet.123.part").write_bytes(b"PAR1 half of it")
    assert rows(settings, "SELECT count(*) FROM {cells}") == [(1,)]
    assert not [
        name for _, _, names in os.walk(settings.lake / "notes") for name in names if name.endswith(".part")
    ]


def test_what_the_register_says_is_part_of_the_version() -> None:
    empty = RegisteredDocument(path="a.pdf")
    file = FoundFile("a.pdf", "0" * 16, "0" * 64, 1, 1, empty)
    assert registration_version(file) == registration_version(replace(file, modified_ns=2))
    named = replace(file, registered=replace(empty, department="甲局"))
    assert registration_version(file) != registration_version(named)
