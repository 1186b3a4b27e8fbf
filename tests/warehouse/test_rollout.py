"""A new version of the reader is tried, compared, accepted by partition and taken back."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from pipelines.acquisition.inventory import take_inventory
from pipelines.settings import Limits, Settings
from pipelines.warehouse.build import list_raw, read_new
from pipelines.warehouse.datasets import DOCUMENTS
from pipelines.warehouse.lake import DocumentRows, Lake
from pipelines.warehouse.reading import Understand, plan_reading
from pipelines.warehouse.rollout import accept_reader, roll_back_reader
from pipelines.warehouse.trial import (
    Selection,
    Trial,
    TrialError,
    n_of_older_versions,
    trial_settings,
    try_reader,
)
from pipelines.warehouse.trial_comparison import Change, Comparison, Figure, compare, pair_figures
from tests.warehouse.fakes import put
from tests.warehouse.two_readers import understand_before, understand_next

ALL = Selection()
NAMES = ("added", "aside", "meaning", "moved", "removed", "same", "statement", "value")
WUHAN_2023 = Selection(region="420100", year=2023)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Eight documents of 2023 and one of 2022, as the old version reads them."""
    for number, name in enumerate(NAMES):
        put(tmp_path / "raw" / f"{name}.pdf", f"2023\n{number + 1}.00\n{number + 20}.50\n")
    put(tmp_path / "raw" / "2022" / "value.pdf", "2022\n7.00\n8.00\n")
    settings = Settings(
        raw=tmp_path / "raw",
        data=tmp_path / "data",
        workers=1,
        limits=Limits(seconds=120, memory_mb=400),
        rollout="by_hand",
    )
    with version("old"):
        read(settings, understand_before)
    return settings


@contextmanager
def version(name: str) -> Iterator[None]:
    """The code as it is in another version of the extractor."""
    with patch("pipelines.warehouse.reading.extractor_version", lambda: name):
        yield


def read(settings: Settings, understand: Understand) -> list[str]:
    documents, _ = read_new(settings, list_raw(settings), understand=understand)
    return [document.source_path for document in documents]


def try_next(settings: Settings, selection: Selection = ALL) -> Trial:
    with version("new"):
        return try_reader(settings, selection, understand=understand_next)


def compared(settings: Settings, trial: Trial) -> Comparison:
    return compare(Lake(settings.lake), Lake(trial_settings(settings).lake), trial.compared)


def bytes_of(settings: Settings) -> dict[str, bytes]:
    """The lake, file by file."""
    return {
        path.relative_to(settings.lake).as_posix(): path.read_bytes()
        for path in sorted(settings.lake.rglob("*.parquet"))
    }


def of_new_version(settings: Settings) -> list[str]:
    entries = Lake(settings.lake).entries().values()
    return sorted(entry.source_path for entry in entries if entry.extractor_version == "new")


def test_by_hand_a_new_version_reads_new_and_changed_files_only(settings: Settings) -> None:
    put(settings.raw / "new.pdf", "2023\n3.00\n")
    put(settings.raw / "same.pdf", "2023\n4.00\n")
    with version("new"):
        assert read(settings, understand_next) == ["new.pdf", "same.pdf"]
        assert n_of_older_versions(Lake(settings.lake)) == (8, 10)
        plan = plan_reading(Lake(settings.lake), take_inventory(settings.raw))
    assert len(plan.to_read) == 8, "at once it would read the others too"


def test_the_comparison_finds_what_was_planted_and_nothing_else(settings: Settings) -> None:
    before = bytes_of(settings)
    trial = try_next(settings, WUHAN_2023)
    assert bytes_of(settings) == before, "nothing that counts is touched"
    assert len(trial.read) == len(trial.compared) == 8
    assert (trial.n_current, trial.n_for_build) == (0, 0)
    found = compared(settings, trial)
    assert (found.n_documents, found.n_figures_old, found.n_figures_new) == (8, 15, 13)
    figures = {
        (change.source_path, change.kind, change.text_old, change.text_new, said(change))
        for change in found.changes
        if change.kind not in {"rows", "document"}
    }
    assert figures == {
        ("added.pdf", "added", "", "20.50", "None -> 205000.00"),
        ("aside.pdf", "outcome", "read", reason(found), "None -> None"),
        ("aside.pdf", "removed", "2.00", "", "20000.00 -> None"),
        ("aside.pdf", "removed", "21.50", "", "215000.00 -> None"),
        ("aside.pdf", "statement_lost", "收入支出决算总表", "", "None -> None"),
        ("meaning.pdf", "meaning", "3.00", "3.00", "30000.00 -> 30000.00"),
        ("moved.pdf", "moved", "4.00", "4.00", "40000.00 -> 40000.00"),
        ("moved.pdf", "moved", "23.50", "23.50", "235000.00 -> 235000.00"),
        ("removed.pdf", "removed", "24.50", "", "245000.00 -> None"),
        ("statement.pdf", "statement_lost", "收入支出决算总表", "", "None -> None"),
        ("statement.pdf", "statement_gained", "", "收入支出决算总表", "None -> None"),
        ("statement.pdf", "meaning", "7.00", "7.00", "70000.00 -> 70000.00"),
        ("statement.pdf", "meaning", "26.50", "26.50", "265000.00 -> 265000.00"),
        ("value.pdf", "value", "8.00", "8.00", "80000.00 -> 800000.00"),
    }
    (meaning,) = (each for each in found.changes if each.source_path == "meaning.pdf" and each.page)
    assert meaning.subject_old == "final_summary/line/line_0/revenue/amount (第0行)"
    assert meaning.subject_new == "final_summary/line/line_9/revenue/amount (第0行)"
    assert meaning.cell_old == meaning.cell_new
    assert {each.partition for each in found.changes} == {"2023|420100"}
    assert "same.pdf" not in {each.source_path for each in found.changes}


def said(change: Change) -> str:
    return f"{change.yuan_old} -> {change.yuan_new}"


def reason(found: Comparison) -> str:
    (outcome,) = (each for each in found.changes if each.kind == "outcome")
    assert "the new version cannot read it" in outcome.text_new
    return outcome.text_new


def test_a_trial_goes_on_where_it_was_broken_off(settings: Settings) -> None:
    assert len(try_next(settings, Selection(year=2022)).read) == 1
    trial = try_next(settings)
    assert (len(trial.read), len(trial.compared)) == (8, 9)
    assert try_next(settings).read == ()


def test_what_is_accepted_counts_and_only_that(settings: Settings) -> None:
    before = bytes_of(settings)
    try_next(settings)
    with version("new"):
        moved = accept_reader(settings, Selection(year=2022))
        assert len(moved.document_ids) == 1
        assert of_new_version(settings) == ["2022/value.pdf"]
        now = bytes_of(settings)
        assert {name for name in before if before[name] != now.get(name)} == {
            name
            for name in before
            if "fiscal_year=2022" in name and name.startswith(("documents/", "line_items/"))
        }
        assert set(before) == set(now)
        assert read(settings, understand_next) == []
        assert len(accept_reader(settings, ALL).document_ids) == 8
        assert n_of_older_versions(Lake(settings.lake)) == (0, 9)
    # As if the new version had read everything at once.
    accepted = bytes_of(settings)
    with version("new"):
        fresh = Settings(raw=settings.raw, data=settings.data.parent / "fresh", workers=1)
        read(fresh, understand_next)
    assert {name: content for name, content in bytes_of(fresh).items() if "inventory" not in name} == {
        name: content for name, content in accepted.items() if "inventory" not in name
    }


def test_a_rollback_brings_back_the_same_bytes(settings: Settings) -> None:
    before = bytes_of(settings)
    try_next(settings)
    with version("new"):
        accept_reader(settings, WUHAN_2023)
        assert bytes_of(settings) != before
        assert len(roll_back_reader(settings, ALL).document_ids) == 8
        assert bytes_of(settings) == before
        with pytest.raises(TrialError, match="nothing that counts"):
            roll_back_reader(settings, ALL)
        # It can be accepted again, and taken back again.
        try_next(settings)
        accept_reader(settings, ALL)
        roll_back_reader(settings, ALL)
    assert bytes_of(settings) == before


def test_what_another_version_tried_is_refused(settings: Settings) -> None:
    before = bytes_of(settings)
    try_next(settings)
    with version("newer"), pytest.raises(TrialError, match="9 of 9") as caught:
        accept_reader(settings, ALL)
    assert "tried with version new" in caught.value.details[0]
    with version("new"), pytest.raises(TrialError, match="nothing of the selection was tried"):
        accept_reader(settings, Selection(region="310107"))
    assert bytes_of(settings) == before


def test_a_file_or_a_register_that_changed_since_is_refused_and_tried_again(settings: Settings) -> None:
    before = bytes_of(settings)
    try_next(settings)
    put(settings.raw / "same.pdf", "2023\n99.00\n")
    (settings.raw / "register.csv").write_text("path,department\nvalue.pdf,甲局\n", encoding="utf-8")
    with version("new"):
        with pytest.raises(TrialError, match="2 of 9") as caught:
            accept_reader(settings, ALL)
        assert [detail.split(":")[0] for detail in caught.value.details] == ["same.pdf", "value.pdf"] or [
            detail.split(":")[0] for detail in caught.value.details
        ] == ["value.pdf", "same.pdf"]
        assert bytes_of(settings) == before
        trial = try_next(settings)
        assert (len(trial.compared), trial.n_for_build) == (7, 1), "the build reads what changed"
        assert len(accept_reader(settings, ALL).document_ids) == 7


def test_rows_of_review_that_the_new_version_has_no_cell_for_are_told(settings: Settings) -> None:
    before = Lake(settings.lake).entries()
    (moved,) = (id_ for id_, entry in before.items() if entry.source_path == "moved.pdf")
    (settings.raw / "review").mkdir()
    (settings.raw / "review" / "corrections.csv").write_text(
        "document_id,cell_id,old,new,reason,decided_by,decided_on\n"
        f"{moved},{moved}-p0001-t01-r000-c00,4.00,5.00,the page prints 5,王某,2026-01-05\n",
        encoding="utf-8",
    )
    with version("old"):
        assert read(settings, understand_before) == ["moved.pdf"]
    (told,) = try_next(settings).review_stops
    assert "moved.pdf" in told


def test_cells_of_one_name_that_lie_apart_are_not_one_figure() -> None:
    def figure(cell: str, row: str, yuan: int, top: float) -> Figure:
        return Figure(cell, 1, "s", f"s/{row}", (), yuan, str(yuan), (0, top, 10, top + 9), row)  # type: ignore[arg-type]

    # A line was found above: every cell has the name that the one above it had.
    old = [figure("c0", "a", 1, 0), figure("c1", "b", 2, 10)]
    new = [figure("c0", "z", 9, -10), figure("c1", "a", 1, 0), figure("c2", "b", 3, 10)]
    assert [(one and one.label, other and other.label) for one, other in pair_figures(old, new)] == [
        ("a", "a"),
        ("b", "b"),
        (None, "z"),
    ]


def change_until(settings: Settings, command: str, number: int) -> None:
    """Accept or roll back, and die before the ``number``th change of a name in the lake that counts."""
    os.setsid()
    steps = 0

    def watch(event: str, arguments: Sequence[Any]) -> None:
        nonlocal steps
        if event in {"os.rename", "os.remove"} and any(
            str(each).startswith(f"{settings.lake}/") for each in arguments
        ):
            steps += 1
            if steps == number:
                os.killpg(0, signal.SIGKILL)

    sys.addaudithook(watch)
    with version("new"):
        (accept_reader if command == "accept" else roll_back_reader)(settings, Selection(year=2022))


def die(settings: Settings, command: str, number: int) -> bool:
    process = multiprocessing.get_context("spawn").Process(
        target=change_until, args=(settings, command, number)
    )
    process.start()
    process.join()
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode != 0


@pytest.mark.parametrize("number", [1, 2, 9, 27])
def test_killed_in_between_the_same_command_completes_it(settings: Settings, number: int) -> None:
    before = bytes_of(settings)
    try_next(settings)
    assert die(settings, "accept", number)
    with version("new"):
        accept_reader(settings, Selection(year=2022))
        assert of_new_version(settings) == ["2022/value.pdf"]
    accepted = bytes_of(settings)
    assert die(settings, "roll back", number)
    with version("new"):
        roll_back_reader(settings, ALL)
        assert bytes_of(settings) == before
        try_next(settings)
        accept_reader(settings, Selection(year=2022))
    assert bytes_of(settings) == accepted


@pytest.mark.parametrize("number", [1, 2, 9])
def test_killed_in_between_a_build_completes_it(settings: Settings, number: int) -> None:
    before = bytes_of(settings)
    try_next(settings)
    assert die(settings, "accept", number)
    with version("new"):
        again = read(settings, understand_next)
        assert again == ([] if number == 1 else ["2022/value.pdf"])
        accept_reader(settings, Selection(year=2022))
        assert of_new_version(settings) == ["2022/value.pdf"]
        roll_back_reader(settings, ALL)
    assert bytes_of(settings) == before


def test_a_reading_broken_off_leaves_no_row_that_vouches_for_it(settings: Settings) -> None:
    """Else it would count as it is where a new version counts by hand."""
    lake = Lake(settings.lake)
    (document_id,) = (id_ for id_, entry in lake.entries().items() if entry.source_path == "same.pdf")
    broken = DocumentRows(document_id, 2023, "420100", {"statements": [("a row", "too short")]})
    with pytest.raises(IndexError):
        lake.write_document(broken)
    assert not list((settings.lake / DOCUMENTS.name).rglob(f"{document_id}.parquet"))
    with version("new"):
        assert read(settings, understand_next) == ["same.pdf"]
