"""``juesuan try-reader``, ``accept-reader`` and ``roll-back-reader``: a new extractor by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

from rich.console import Console

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import TerminalProgress, line, messages, output
from pipelines.oversight.views import csv_cell
from pipelines.settings import Settings
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.locking import BuildBusyError, DataFolderError
from pipelines.warehouse.progress import Progress
from pipelines.warehouse.rollout import Moved, accept_reader, roll_back_reader
from pipelines.warehouse.trial import Selection, Trial, TrialError, trial_settings, try_reader
from pipelines.warehouse.trial_comparison import KIND_WORDS, Change, Comparison, compare

# Differences and reasons told one by one; the CSV has all.
_LISTED = 20


def try_new_reader(
    settings: Settings, selection: Selection, *, to_csv: Path | None = None, retry: bool = False
) -> ExitCode:
    """Try the present version and tell what it reads otherwise; CHANGED_READING where it does."""
    progress = TerminalProgress(messages())
    try:
        trial = try_reader(settings, selection, progress=progress, retry=retry)
        found = compare(Lake(settings.lake), Lake(trial_settings(settings).lake), trial.compared)
        if to_csv is not None:
            write_changes(to_csv, found)
    except (TrialError, DataFolderError, BuildBusyError, OSError) as error:
        return _told(error)
    _report(output(), trial, found)
    if to_csv is not None:
        line(output(), "list", str(to_csv), copied=True)
    return ExitCode.SET_ASIDE if found.changes or trial.review_stops else ExitCode.DONE


def accept_new_reader(settings: Settings, selection: Selection, *, wait: int) -> ExitCode:
    """Let what was tried count from the next build on."""
    code = _move(accept_reader, settings, selection, wait, "count as the present version reads them")
    if code is ExitCode.DONE:
        line(output(), "next", "juesuan build; back again with juesuan roll-back-reader", copied=True)
    return code


def roll_back_new_reader(settings: Settings, selection: Selection, *, wait: int) -> ExitCode:
    """Let what was replaced count again from the next build on."""
    code = _move(roll_back_reader, settings, selection, wait, "count as the version before read them")
    if code is ExitCode.DONE:
        line(output(), "next", "juesuan build", copied=True)
        if settings.rollout == "at_once":
            said = "JUESUAN_ROLLOUT is at_once: the build reads them with the present version; set by_hand"
            line(output(), "attention", said, "bold red")
    return code


def write_changes(path: Path, found: Comparison) -> None:
    """All differences as CSV, safe to open in a spreadsheet."""
    names = [field.name for field in fields(Change)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([csv_cell(getattr(change, name)) for name in names] for change in found.changes)


def _report(console: Console, trial: Trial, found: Comparison) -> None:
    line(
        console,
        "tried",
        f"{found.n_documents:,} documents, {len(trial.read):,} of them read now; {trial.n_current:,} more "
        f"count as the present version reads them, {trial.n_for_build:,} the next build reads anyway",
    )
    line(console, "figures", f"{found.n_figures_old:,} count, {found.n_figures_new:,} were read on trial")
    if not found.changes:
        line(console, "the same", "nothing was read otherwise")
    line(console, "otherwise", _in_words(found.counts())) if found.changes else None
    for label, key in (("partition", _partition), ("statement", _statement)):
        counted = found.by(key)
        for name, counts in list(counted.items())[:_LISTED]:
            line(console, label, f"{name}: {_in_words(counts)}")
        if len(counted) > _LISTED:
            line(console, "", f"and {len(counted) - _LISTED} more")
    for change in found.changes:
        if change.kind == "outcome":
            line(console, "outcome", f"{change.source_path}: {change.text_old} → {change.text_new}", "yellow")
    for said in trial.review_stops:
        line(console, "review", f"{said}; accepted as it is, this stops the build", "red")


def _partition(change: Change) -> str:
    return change.partition


def _statement(change: Change) -> str:
    return change.statement_id or "no statement"


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {KIND_WORDS[kind]}" for kind, count in counts.items())


def _move(
    move: Callable[..., Moved], settings: Settings, selection: Selection, wait: int, said: str
) -> ExitCode:
    progress: Progress = TerminalProgress(messages())
    try:
        moved = move(settings, selection, progress=progress, wait_seconds=float(wait))
    except (TrialError, DataFolderError, BuildBusyError, OSError) as error:
        return _told(error)
    line(output(), "moved", f"{len(moved.document_ids):,} document(s) {said}")
    for left in moved.left[:_LISTED]:
        line(output(), "left", left, "yellow")
    return ExitCode.DONE


def _told(error: Exception) -> ExitCode:
    console = messages()
    for detail in getattr(error, "details", ())[:_LISTED]:
        console.print("  " + detail, markup=False)
    console.print(f"juesuan: {error}", style="bold red", markup=False)
    if isinstance(error, BuildBusyError):
        return ExitCode.BUSY
    return ExitCode.USAGE if isinstance(error, DataFolderError | FileNotFoundError) else ExitCode.FAILED
