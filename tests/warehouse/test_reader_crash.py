"""A crash of pdfium sets no document aside that pdfplumber can read, and the outcome says what happened."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import duckdb
import pytest

from pipelines.acquisition.model import FoundFile
from pipelines.extraction.pdfium_marks import PdfiumFile
from pipelines.settings import Limits, Settings
from pipelines.warehouse import inspection
from pipelines.warehouse.build import list_raw
from pipelines.warehouse.datasets import DOCUMENTS, LINE_ITEMS, NOTES
from pipelines.warehouse.inspection import Inspected, InspectionTask, inspect_document, inspect_in_worker
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.reading import (
    Understanding,
    fallback_reader,
    read_and_understand,
    read_documents,
    read_with_reference,
)
from tests.conftest import ROOT


def _crash(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def pdfium_crashes(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """Reads while pdfium ends the process on every page it is asked for."""
    setattr(PdfiumFile, "read_marks", _crash)  # noqa: B010  # in a worker, which it ends
    return read_and_understand(path, file, max_pages, reader="pdfium")


def always_crashes(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """Ends the process whatever reads."""
    _crash()
    raise AssertionError("not reached")


def inspection_crashes(task: InspectionTask) -> Inspected:
    """Inspects while the faster reader ends the process."""
    if not task.crashed:
        _crash()
    return inspect_in_worker(task)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "raw").mkdir()
    specimen = min((ROOT / "raw").rglob("*tables*.pdf"), key=lambda path: path.stat().st_size)
    shutil.copy(specimen, tmp_path / "raw" / "a.pdf")
    return Settings(raw=tmp_path / "raw", data=tmp_path / "data", workers=1, limits=Limits(seconds=300))


def test_what_pdfium_crashes_on_pdfplumber_reads(settings: Settings) -> None:
    inventory = list_raw(settings)
    (done,) = read_documents(
        settings, inventory, inventory.files, understand=pdfium_crashes, fallback=read_with_reference
    )
    assert (done.outcome, done.reason) == ("read", "")
    assert "pdfplumber read the document" in done.message
    assert "SIGSEGV" in done.message
    assert done.n_line_items > 0
    lake = Lake(settings.lake)
    stored = duckdb.sql(f"SELECT outcome, outcome_message FROM {lake.read(DOCUMENTS)}").fetchall()
    assert stored == [("read", done.message)]
    notes = duckdb.sql(f"SELECT message FROM {lake.read(NOTES)} WHERE kind = 'reader_crashed'")
    assert notes.fetchall() == [(done.message,)]
    amounts = duckdb.sql(f"SELECT count(*) FROM {lake.read(LINE_ITEMS)}").fetchone()
    assert amounts == (done.n_line_items,)


def test_what_both_crash_on_is_set_aside(settings: Settings) -> None:
    inventory = list_raw(settings)
    (done,) = read_documents(
        settings, inventory, inventory.files, understand=always_crashes, fallback=always_crashes
    )
    assert (done.outcome, done.reason) == ("set_aside", "crashed")


def test_the_reference_is_not_tried_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_READER", "pdfplumber")
    assert fallback_reader() is None
    monkeypatch.setenv("JUESUAN_READER", "pdfium")
    assert fallback_reader() is read_with_reference


def test_inspecting_goes_on_with_pdfplumber_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUESUAN_READER", "pdfium")
    monkeypatch.setattr(inspection, "inspect_in_worker", inspection_crashes)
    found = inspect_document(settings, settings.raw / "a.pdf")
    assert found.outcome == "read"
    assert [remark.reason for remark in found.remarks] == ["reader_crashed"]
