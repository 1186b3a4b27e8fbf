"""From a raw folder to the lake: which documents must be read, reading them, setting aside the rest.

The same functions serve the command line and Dagster. One document is read in one guarded worker
(see ``pool``), which writes its rows to the lake itself and answers with a few numbers. What cannot
be read is written too, as a document set aside with its reason. A document on which a process crashed
while it was read with pdfium is read once more without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.acquisition.inventory import hash_file
from pipelines.acquisition.model import FoundFile, Inventory, RegisteredDocument, is_registered
from pipelines.extraction.model import Problem, ReadDocument
from pipelines.settings import Reader, Settings, chosen_reader
from pipelines.statements.model import Identification, Note, UnderstoodDocument
from pipelines.warehouse.datasets import DECISIONS, RAW_INVENTORY
from pipelines.warehouse.lake import Lake, LakeWriteError
from pipelines.warehouse.pool import Failure, Finished, run_guarded
from pipelines.warehouse.reading_checks import INCONSISTENT, what_does_not_hold
from pipelines.warehouse.repairing import Repair, repair
from pipelines.warehouse.reviewing import (
    EXCLUDED,
    ReviewEffect,
    excluded_message,
    not_read,
    understand_reviewed,
)
from pipelines.warehouse.rows import READER_CRASHED, document_rows, outcome
from pipelines.warehouse.versions import extractor_version, reading_version, registration_version

# What a worker must have imported; the fork server imports it once for all of them.
_PRELOAD = ("pipelines.warehouse.reading", "pipelines.extraction", "pipelines.statements")


# Outcomes that depend on the limits in force, not on the file alone.
LIMIT_REASONS = frozenset({"crashed", "time_limit", "memory_limit", "file_too_large", "too_many_pages"})
# The bytes read were not those listed: nothing is known of the document that was listed.
CHANGED = "changed_while_reading"
# What a worker answers that could read a document and not write it: no outcome of the document.
NOT_WRITTEN = "not_written"


@dataclass(frozen=True, slots=True)
class Understanding:
    """A document read, what it is taken to be and holds, and what it says it is.

    ``repairs`` say which recognised figures ``understood`` holds otherwise than they were read, ``reviews``
    what came of the rows of ``review/`` that speak of the document.
    """

    document: ReadDocument
    understood: UnderstoodDocument
    printed: Identification
    repairs: tuple[Repair, ...] = ()
    reviews: tuple[ReviewEffect, ...] = ()


Understand = Callable[[Path, FoundFile, int], Understanding]


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """One document to be read into the lake."""

    file: FoundFile
    path: Path
    lake: Path
    max_pages: int
    extractor_version: str
    supersedes_document_id: str
    understand: Understand
    #: How the process ended that read it before, with the faster reader.
    crashed: str = ""
    #: Files that the lake held of the document before the run; None where they must be looked for.
    earlier: tuple[Path, ...] | None = None


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """What came of one document, small enough to travel between processes."""

    document_id: str
    source_path: str
    outcome: str
    reason: str
    message: str
    n_pages: int
    n_statements: int
    n_line_items: int
    n_notes: int
    seconds: float = 0.0
    #: What its reading process could not do, in words; empty where it never got ready.
    confinement: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do: documents to read, and how many the lake holds already."""

    to_read: tuple[FoundFile, ...]
    n_unchanged: int


def current_versions(version: str | None = None) -> frozenset[str]:
    """The versions that the present code stores documents under, without and with recognised figures."""
    version = version or extractor_version()
    return frozenset(reading_version(version, is_recognised) for is_recognised in (False, True))


def plan_reading(
    lake: Lake,
    inventory: Inventory,
    *,
    retry: bool = False,
    version: str | None = None,
    by_hand: bool = False,
) -> Plan:
    """Which documents the lake does not hold as they are now (content, code, what the register says).

    Documents that ran into a limit or whose reading broke are held too: failing again would cost the
    same again. ``retry`` reads them once more, after a limit was raised. One whose file changed while
    it was read is not held: if its bytes lie in the folder again, they were never read. ``by_hand``: what
    another version of the code read counts until a person accepts the new one (``rollout``).
    """
    current = current_versions(version)
    held = lake.entries()
    files = inventory.distinct()
    to_read = []
    for file in files:
        entry = held.get(file.document_id)
        if (
            entry is None
            or (not by_hand and entry.extractor_version not in current)
            or entry.registration_version != registration_version(file)
            or entry.outcome_reason == CHANGED
            or (retry and entry.outcome_reason in LIMIT_REASONS)
        ):
            to_read.append(file)
    return Plan(tuple(to_read), len(files) - len(to_read))


def read_documents(
    settings: Settings,
    inventory: Inventory,
    files: Collection[FoundFile],
    *,
    understand: Understand | None = None,
    fallback: Understand | None = None,
) -> Iterator[DocumentRead]:
    """Read ``files`` into the lake, several at a time; yields each document as it is done.

    ``write_inventory`` comes first: it knows which content a file's content replaces.
    A document on which ``understand`` crashes is given to ``fallback``, after all others: where pdfium reads
    (``settings.chosen_reader``) that is reading with pdfplumber.
    Never raises for a document: what could not be read is in the lake as set aside, with the reason. Raises
    ``LakeWriteError`` where the lake cannot be written to: that is no fault of the document at hand.
    """
    if understand is None:
        understand = read_and_understand
        fallback = fallback or fallback_reader()
    lake = Lake(settings.lake)
    lake.prepare()
    version = extractor_version()
    recorded = lake.inventory()
    # Once for all: a look through all partitions for each document would grow with both.
    held = lake.files_of({file.document_id for file in files})
    tasks: list[ReadingTask] = []
    for file in files:
        known = recorded.get(file.source_path)
        task = ReadingTask(
            file=file,
            path=inventory.root / file.source_path,
            lake=settings.lake,
            max_pages=settings.limits.max_pages,
            extractor_version=version,
            supersedes_document_id=known.previous_document_id if known else "",
            understand=understand,
            earlier=held[file.document_id],
        )
        if file.size_bytes > settings.limits.max_file_mb * 2**20:
            size = file.size_bytes / 2**20
            yield set_aside(
                task, "file_too_large", f"{size:.0f} MB; the limit is {settings.limits.max_file_mb} MB"
            )
        else:
            tasks.append(task)
    # The longest first: a big document begun last would keep one worker busy after the others are done.
    tasks.sort(key=lambda task: (-task.file.size_bytes, task.file.source_path))
    crashed: list[ReadingTask] = []
    for finished in _read_guarded(settings, tasks):
        failure = finished.failure
        if failure is not None and failure.reason == "crashed" and fallback is not None:
            # What crashed may have written before it did, to a partition of its own finding.
            crashed.append(replace(finished.task, understand=fallback, crashed=failure.message, earlier=None))
        else:
            yield _done(finished)
    yield from map(_done, _read_guarded(settings, crashed))


def fallback_reader() -> Understand | None:
    """What reads a document on which a process crashed; None where the reference crashed itself."""
    return read_with_reference if chosen_reader() == "pdfium" else None


def _read_guarded(
    settings: Settings, tasks: Sequence[ReadingTask]
) -> Iterator[Finished[ReadingTask, DocumentRead]]:
    return run_guarded(
        read_into_lake,
        tasks,
        workers=settings.workers,
        seconds=settings.limits.seconds,
        memory_mb=settings.limits.memory_mb,
        recycle_after=settings.recycle_after,
        preload=_PRELOAD,
        writable=(settings.lake,),
    )


def _done(finished: Finished[ReadingTask, DocumentRead]) -> DocumentRead:
    """What came of a task; where it failed its document is set aside."""
    failure: Failure | None = finished.failure
    if failure is not None:
        changed = what_changed(finished.task)
        read = (
            set_aside_as_changed(finished.task, changed)
            if changed
            else set_aside(finished.task, failure.reason, failure.message)
        )
    else:
        assert finished.result is not None
        read = finished.result
        if read.outcome == NOT_WRITTEN:
            raise LakeWriteError(read.message)
    confined = finished.confinement.said() if finished.confinement else ""
    return replace(read, seconds=finished.seconds, confinement=confined)


def read_into_lake(task: ReadingTask) -> DocumentRead:
    """Read one document and write its rows. Runs in a worker; anything may go wrong in here.

    A document is stored under the hash of its bytes, so the file must hold them before and after it is
    read; if it does not, the document is set aside as ``changed_while_reading``.
    """
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    if changed := what_changed(task):
        return set_aside_as_changed(task, changed)
    if exclusion := task.file.reviewed.exclusion:
        return set_aside(task, EXCLUDED, excluded_message(exclusion))
    found = task.understand(task.path, task.file, task.max_pages)
    if task.crashed:
        found = with_crash(found, task.crashed)
    if changed := what_changed(task):
        return set_aside_as_changed(task, changed)
    if wrong := what_does_not_hold(found.document, found.understood):
        return set_aside(task, INCONSISTENT, wrong)
    found = _set_aside_if_not_a_disclosure(found, task.file.registered)
    try:
        return _write(task, found)
    except LakeWriteError as error:
        return replace(_told(task, found), outcome=NOT_WRITTEN, message=str(error))


def what_changed(task: ReadingTask) -> str:
    """How a file differs from what was listed of it, in a sentence; empty where it is the same."""
    try:
        now = hash_file(task.path)
    except OSError as error:
        why = error.strerror or str(error)
        return f"the file cannot be opened any more ({why}); it was there when the folder was listed"
    if now == task.file.sha256:
        return ""
    return (
        f"the file changed while it was being read (SHA-256 {task.file.sha256[:16]}… when the folder "
        f"was listed, {now[:16]}… now)"
    )


def read_and_understand(
    path: Path, file: FoundFile, max_pages: int, *, reader: Reader | None = None
) -> Understanding:
    """The rooms ``extraction`` and ``statements`` on one file, and the repair of what was recognised.

    What the register says wins, and what reviewers decided of the document is applied. ``reader`` is that
    of the settings where it is not given.
    """
    from pipelines.extraction import read_document
    from pipelines.statements import identify, understand

    document = read_document(path, file.document_id, max_pages=max_pages, reader=reader)
    name = file.registered.published_name or path.name
    printed = identify(document, name)
    registered = what_is_registered(file.registered)
    found = understand_reviewed(
        document,
        file.reviewed,
        lambda seen, decided: understand(seen, file_name=name, registered=registered, decided=decided),
    )
    understood, repairs = repair(found.document, found.understood)
    return Understanding(document, understood, printed, repairs, found.effects)


def read_with_reference(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """The same with pdfplumber, which reads what pdfium crashes on."""
    return read_and_understand(path, file, max_pages, reader="pdfplumber")


def with_crash(found: Understanding, how: str) -> Understanding:
    """What was read after a crash, saying so: ``how`` tells how the process before ended."""
    message = f"pdfplumber read the document, because reading it with pdfium failed: {how}"
    remark = Problem(READER_CRASHED, message)
    return Understanding(
        replace(found.document, remarks=(*found.document.remarks, remark)),
        replace(found.understood, notes=(*found.understood.notes, Note("reader_crashed", message))),
        found.printed,
        found.repairs,
        found.reviews,
    )


def set_aside(task: ReadingTask, reason: str, message: str) -> DocumentRead:
    """Write a document that could not be read at all, with what is known of it, and why."""
    return _write(replace(task, earlier=None), _nothing_of(task, reason, message))


def set_aside_as_changed(task: ReadingTask, message: str) -> DocumentRead:
    """Set aside a document whose file holds other bytes now.

    What an earlier reading of the listed bytes left in the lake stays: they cannot be read again.
    """
    found = _nothing_of(task, CHANGED, message)
    if Lake(task.lake).holds(task.file.document_id):
        return _told(task, found)
    return _write(task, found)


def _nothing_of(task: ReadingTask, reason: str, message: str) -> Understanding:
    document = ReadDocument(
        document_id=task.file.document_id,
        outcome="set_aside",
        page_count=0,
        pages=(),
        tables=(),
        problems=(Problem(reason, message),),
    )
    understood = UnderstoodDocument(
        identification=what_is_registered(task.file.registered) or Identification()
    )
    return Understanding(document, understood, Identification(), reviews=not_read(task.file.reviewed))


def write_inventory(lake: Lake, inventory: Inventory) -> None:
    """Record what lies in the raw folder and what lay at each path before, and what reviewers decided."""
    before = lake.inventory()
    rows = []
    for file in inventory.files:
        last = before.get(file.source_path)
        if last is None:
            previous = ""
        elif last.document_id == file.document_id:
            previous = last.previous_document_id
        else:
            previous = last.document_id
        rows.append((file.source_path, file.document_id, file.size_bytes, is_registered(file), previous))
    lake.write_table(RAW_INVENTORY, rows, "raw_inventory/raw_inventory.parquet")
    decided = [
        (each.review_id, each.decision, each.value, each.reason, each.decided_by, each.decided_on)
        for each in inventory.decisions
    ]
    lake.write_table(DECISIONS, decided, "review_decisions/review_decisions.parquet")


def _write(task: ReadingTask, found: Understanding) -> DocumentRead:
    rows = document_rows(
        task.file,
        found.document,
        found.understood,
        found.printed,
        extractor_version=reading_version(
            task.extractor_version,
            any(item.reading_quality != "text" for item in found.understood.line_items),
        ),
        registration_version=registration_version(task.file),
        supersedes_document_id=task.supersedes_document_id,
        repairs=found.repairs,
        reviews=found.reviews,
    )
    try:
        Lake(task.lake).write_document(rows, task.earlier)
    except (OSError, duckdb.IOException) as error:
        raise LakeWriteError(f"the lake {task.lake} cannot be written to ({error})") from error
    return _told(task, found)


def _told(task: ReadingTask, found: Understanding) -> DocumentRead:
    reason, message = outcome(found.document)
    return DocumentRead(
        document_id=task.file.document_id,
        source_path=task.file.source_path,
        outcome=found.document.outcome,
        reason=reason,
        message=message,
        n_pages=found.document.page_count,
        n_statements=len(found.understood.statements),
        n_line_items=len(found.understood.line_items),
        n_notes=len(found.understood.notes),
    )


def what_is_registered(registered: RegisteredDocument) -> Identification | None:
    """What the register says a document is; None where it says nothing."""
    identification = Identification(
        department_name=registered.department,
        fiscal_year=registered.fiscal_year,
        kind=registered.kind,
        level=registered.level,
        region_code=registered.region_code,
    )
    return None if identification == Identification() else identification


def _set_aside_if_not_a_disclosure(found: Understanding, registered: RegisteredDocument) -> Understanding:
    """Set aside a PDF that reads well but is something else (a novel, a notice).

    Only where the register does not vouch for it: the narrative half of a disclosure has no statement.
    """
    what = found.understood.identification
    if (
        found.document.outcome == "set_aside"
        or found.understood.statements
        or what_is_registered(registered) is not None
        or (what.kind is not None and what.fiscal_year is not None)
    ):
        return found
    message = (
        "no statement of a budget or final accounts was recognised, and neither title nor file name "
        "says of which year and kind it is; if it is one, enter it in register.csv"
    )
    document = replace(
        found.document,
        outcome="set_aside",
        problems=(Problem("not_a_disclosure", message), *found.document.problems),
    )
    return Understanding(
        document,
        replace(found.understood, notes=(*found.understood.notes, Note("not_a_statement", message))),
        found.printed,
        reviews=found.reviews,
    )
