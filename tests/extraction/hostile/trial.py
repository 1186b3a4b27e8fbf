"""Reads hostile files through the real worker pool and says what became of each."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.extraction import read_document
from pipelines.settings import Reader
from pipelines.warehouse.pool import run_guarded
from tests.extraction.hostile.building import LIE, SHOWN, HostileFile


@dataclass(frozen=True)
class Trial:
    """A file to be read, with the reader to read it."""

    path: Path
    reader: Reader


@dataclass(frozen=True)
class Told:
    """What a reading told: outcome, reasons and pages, whether it shows the figure, the lie, or anything."""

    outcome: str
    reasons: tuple[str, ...]
    pages: tuple[int, ...]
    message: str
    shows: bool
    lies: bool
    is_silent: bool
    peak_mb: float


@dataclass(frozen=True)
class Verdict:
    """What became of a hostile file, and everything that is wrong with that."""

    file: HostileFile
    reader: Reader
    told: Told
    seconds: float
    faults: tuple[str, ...]


def told_by(trial: Trial) -> Told:
    """Read one file; runs in a worker."""
    document = read_document(trial.path, "0" * 16, reader=trial.reader)
    lines = [line.text for page in document.pages for line in page.lines]
    said = [*document.problems, *document.remarks]
    pages = {problem.page for problem in said if problem.page is not None}
    return Told(
        outcome=document.outcome,
        reasons=tuple(dict.fromkeys(problem.reason for problem in said)),
        pages=tuple(sorted(pages)),
        message=said[0].message if said else "",
        shows=any(SHOWN in line for line in lines),
        lies=any(LIE in line for line in lines),
        is_silent=not said and (not document.page_count or not lines),
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def tried(
    files: Sequence[HostileFile],
    folder: Path,
    reader: Reader,
    good: Path,
    *,
    workers: int = 2,
    seconds: float = 60.0,
    memory_mb: int = 1500,
    recycle_after: int = 1,
) -> Iterator[Verdict]:
    """Read all files, a good one (``good``, showing the figure) after every fifth, and judge each.

    Every file is made in ``folder`` and removed after its reading. A worker that reads one file only
    (``recycle_after`` 1) tells that file's peak of memory; where it was ended, the limit stands.
    """
    by_path: dict[Path, HostileFile] = {}
    tasks: list[Trial] = []
    for k, file in enumerate(files):
        path = folder / f"{k:05d}.pdf"
        path.write_bytes(file.make())
        by_path[path] = file
        tasks.append(Trial(path, reader))
        if k % 5 == 4:
            tasks.append(Trial(good, reader))
    control = HostileFile("control", "a good file", lambda: b"", frozenset({"read"}), shows=True)
    for finished in run_guarded(
        told_by,
        tasks,
        workers=workers,
        seconds=seconds,
        memory_mb=memory_mb,
        recycle_after=recycle_after,
        preload=("tests.extraction.hostile.trial",),
        writable=(),
    ):
        if finished.failure is not None:
            failure = finished.failure
            peak = float(memory_mb) if failure.reason == "memory_limit" else 0.0
            told = Told("set_aside", (failure.reason,), (), failure.message, False, False, False, peak)
        else:
            assert finished.result is not None
            told = finished.result
        file = by_path.get(finished.task.path, control)
        if file is not control:
            finished.task.path.unlink()
        yield Verdict(file, reader, told, finished.seconds, tuple(_faults(file, told)))


def _faults(file: HostileFile, told: Told) -> Iterator[str]:
    if told.is_silent:
        yield "nothing was read and nothing said"
    if told.outcome != "read" and not (told.reasons and told.message):
        yield "no reason was given"
    expected = file.expected
    if expected & {"broken", "no_pages", "page_failed"}:
        expected = expected | {"rebuilt"}
    if expected and not expected & {told.outcome if told.outcome == "read" else "", *told.reasons}:
        yield f"expected {' or '.join(sorted(expected))}"
    if file.shows and told.outcome == "read" and not told.reasons and not told.shows:
        yield "the figure is lost in silence"
    if told.lies and not set(told.reasons) - {"hidden_text"}:
        yield "what is not seen is read"
    if "crashed" in told.reasons and "crashed" not in file.expected:
        yield f"crashed: {told.message}"
