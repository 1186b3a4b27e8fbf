"""What one PDF holds, without a lake or a warehouse: read, understood, its identities judged, its findings.

The PDF is opened in a guarded worker, as in a build.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.acquisition.inventory import hash_file
from pipelines.acquisition.model import FoundFile, RegisteredDocument
from pipelines.acquisition.register import read_register
from pipelines.acquisition.review import review_of
from pipelines.extraction.model import Problem, ReadDocument
from pipelines.settings import Settings
from pipelines.statements.amounts import coverage
from pipelines.statements.model import Identification, LineItem, UnderstoodDocument
from pipelines.warehouse.identities import IdentityResult, evaluate
from pipelines.warehouse.pool import Finished, run_guarded
from pipelines.warehouse.reading import (
    Understanding,
    fallback_reader,
    read_and_understand,
    read_with_reference,
    with_crash,
)
from pipelines.warehouse.repairing import Repair
from pipelines.warehouse.reviewing import ReviewEffect
from pipelines.warehouse.rows import document_rows
from pipelines.warehouse.self_check import Finding, findings_of


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the amount-like cells: amounts, listed as not understood, neither (there are none)."""

    in_amounts: int
    listed: int
    unaccounted: int


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page without what is on it: its size in points as displayed, and ``Page.turn``."""

    number: int
    width: float
    height: float
    turn: int
    is_image_only: bool


@dataclass(frozen=True, slots=True)
class Inspected:
    """All there is to say of a PDF."""

    file: FoundFile
    outcome: str
    problems: tuple[Problem, ...]
    page_count: int
    producer: str
    is_scanned: bool
    printed: Identification
    understood: UnderstoodDocument
    coverage: Coverage
    identities: tuple[IdentityResult, ...] = ()
    pages: tuple[PageFrame, ...] = ()
    remarks: tuple[Problem, ...] = ()
    repairs: tuple[Repair, ...] = ()
    reviews: tuple[ReviewEffect, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_checked(self) -> bool:
        """Whether findings were looked for: not in a document of no known year or kind."""
        what = self.understood.identification
        return self.outcome != "set_aside" and what.fiscal_year is not None and what.kind is not None

    @property
    def n_in_doubt(self) -> int:
        """How many recognised amounts may be others."""
        return sum(item.reading_quality == "doubtful" for item in self.understood.line_items)


@dataclass(frozen=True, slots=True)
class InspectionTask:
    """A file to be inspected."""

    path: Path
    file: FoundFile
    max_pages: int
    #: How the process ended that read it before, with the faster reader.
    crashed: str = ""


def inspect_document(settings: Settings, path: Path) -> Inspected:
    """Read one PDF, judge its identities, look for findings.

    Never raises for a bad PDF: it is set aside, with the reason.
    What a ``register.csv`` and a ``review`` folder beside the file, or above it, say of it is used.
    """
    path = path.resolve()
    if not path.is_file():  # a pipe or a device would be read for ever
        nothing = FoundFile(path.name, "", "", 0, 0, registration_of(path))
        return _set_aside(nothing, Problem("not_a_pdf", "it is no file but a pipe, a device or a folder"))
    sha256 = hash_file(path)
    size = path.stat().st_size
    document_id = sha256[:16]
    file = FoundFile(
        path.name,
        document_id,
        sha256,
        size,
        path.stat().st_mtime_ns,
        registration_of(path),
        review_of(path, document_id),
    )
    task = InspectionTask(path, file, settings.limits.max_pages)
    if size > settings.limits.max_file_mb * 2**20:
        return _set_aside(file, Problem("file_too_large", f"the file has {size / 2**20:.0f} MB"))
    finished = _inspect_guarded(settings, task)
    if finished.failure is not None and finished.failure.reason == "crashed" and fallback_reader():
        finished = _inspect_guarded(settings, replace(task, crashed=finished.failure.message))
    if finished.failure is not None:
        return _set_aside(file, Problem(finished.failure.reason, finished.failure.message))
    assert finished.result is not None
    return finished.result


def _inspect_guarded(settings: Settings, task: InspectionTask) -> Finished[InspectionTask, Inspected]:
    (finished,) = run_guarded(
        inspect_in_worker,
        [task],
        workers=1,
        seconds=settings.limits.seconds,
        memory_mb=settings.limits.memory_mb,
        writable=(),
    )
    return finished


def registration_of(path: Path) -> RegisteredDocument:
    """What the nearest register in a folder of the file or above it says of it; empty if none does."""
    for folder in path.parents:
        register = folder / "register.csv"
        if register.is_file():
            relative = path.relative_to(folder).as_posix()
            documents, _ = read_register(register)
            return documents.get(relative, RegisteredDocument(path=relative))
    return RegisteredDocument(path=path.name)


def inspect_in_worker(task: InspectionTask) -> Inspected:
    """Read, understand, judge and look for what does not agree. Runs in a worker."""
    if task.crashed:
        found = with_crash(read_with_reference(task.path, task.file, task.max_pages), task.crashed)
    else:
        found = read_and_understand(task.path, task.file, task.max_pages)
    document, understood = found.document, found.understood
    return Inspected(
        file=task.file,
        outcome=document.outcome,
        problems=document.problems,
        page_count=document.page_count,
        producer=document.producer,
        is_scanned=document.is_scanned,
        printed=found.printed,
        understood=understood,
        coverage=_coverage(document, understood),
        identities=tuple(
            evaluate(
                understood.line_items,
                understood.statements,
                understood.identification,
                document_id=document.document_id,
                in_words=True,
            )
        ),
        pages=tuple(
            PageFrame(page.number, page.width, page.height, page.turn, page.is_image_only)
            for page in document.pages
        ),
        remarks=document.remarks,
        repairs=found.repairs,
        reviews=found.reviews,
        findings=_findings(task.file, found),
    )


def _findings(file: FoundFile, found: Understanding) -> tuple[Finding, ...]:
    registered = file.registered
    if not (registered.department or found.printed.department_name):
        # Whose it is need not be known to say what does not add up in it.
        registered = replace(registered, department=file.source_path)
    rows = document_rows(
        replace(file, registered=registered),
        found.document,
        found.understood,
        found.printed,
        extractor_version="",
        registration_version="",
        repairs=found.repairs,
        reviews=found.reviews,
    )
    return findings_of([rows])


def main_total(items: Sequence[LineItem], statement_number: int) -> LineItem | None:
    """The amount that stands for a statement: its total row, or the total of its expenditure side."""
    own = [item for item in items if item.statement_number == statement_number]
    for row_key in ("total", "grand_total_expenditure", "expenditure_total", "grand_total_revenue"):
        candidates = [item for item in own if item.row_key == row_key]
        for column_id in ("total", "amount", "final_total", "budget_total"):
            for item in candidates:
                if item.column_id == column_id:
                    return item
    return None


def _coverage(document: ReadDocument, understood: UnderstoodDocument) -> Coverage:
    accounted = coverage(document, understood)
    in_amounts = accounted.amount_like & accounted.in_facts
    listed = (accounted.amount_like & accounted.in_notes) - in_amounts
    return Coverage(len(in_amounts), len(listed), len(accounted.missing))


def _set_aside(file: FoundFile, problem: Problem) -> Inspected:
    nothing = Identification()
    return Inspected(
        file, "set_aside", (problem,), 0, "", False, nothing, UnderstoodDocument(nothing), Coverage(0, 0, 0)
    )
