"""A read and understood document as rows of the lake's datasets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from pipelines.acquisition.model import FoundFile
from pipelines.extraction.model import Cell, ReadDocument, cell_id, placed_cells
from pipelines.statements.model import Identification, Note, UnderstoodDocument
from pipelines.warehouse.datasets import (
    LINE_ITEMS,
    LISTED_ITEMS,
    PERFORMANCE_INDICATORS,
    PERFORMANCE_PROJECTS,
    REPAIRS,
    REVIEWS,
    STATED_SUMS,
    STATEMENTS,
    Dataset,
)
from pipelines.warehouse.lake import DocumentRows, Row
from pipelines.warehouse.repairing import Repair
from pipelines.warehouse.reviewing import ReviewEffect

#: The remark on a document that pdfium ended a process on.
READER_CRASHED = "reader_crashed"


def document_rows(
    file: FoundFile,
    document: ReadDocument,
    understood: UnderstoodDocument,
    printed: Identification,
    *,
    extractor_version: str,
    registration_version: str,
    supersedes_document_id: str = "",
    repairs: Sequence[Repair] = (),
    reviews: Sequence[ReviewEffect] = (),
) -> DocumentRows:
    """All rows of one document, ready to be written.

    ``understood.identification`` is what the document is taken to be (the register wins);
    ``printed`` is what it says of itself.
    """
    what = understood.identification
    registered = file.registered
    reason, message = outcome(document)
    row: Row = (
        file.document_id,
        file.sha256,
        file.source_path,
        registered.published_name or file.source_path.rsplit("/", 1)[-1],
        printed.department_name,
        registered.department,
        what.level or "",
        what.region_code,
        what.fiscal_year,
        what.kind or "",
        registered.part,
        what.title or document.title,
        document.page_count,
        document.producer,
        document.is_scanned,
        registered.is_synthetic,
        registered.published_at,
        registered.fetched_at,
        registered.obtained_from,
        document.outcome,
        reason,
        message,
        extractor_version,
        registration_version,
        supersedes_document_id,
        file.size_bytes,
    )
    return DocumentRows(
        document_id=file.document_id,
        fiscal_year=what.fiscal_year,
        region_code=what.region_code,
        rows={
            "documents": [row],
            "cells": list(_cells(document)),
            "statements": _fields(STATEMENTS, file.document_id, understood.statements),
            "line_items": _fields(LINE_ITEMS, file.document_id, understood.line_items),
            "stated_sums": _fields(STATED_SUMS, file.document_id, understood.stated_sums),
            "repairs": _fields(REPAIRS, file.document_id, repairs),
            "reviews": _fields(REVIEWS, file.document_id, reviews),
            "claims": list(_claims(file.document_id, understood)),
            "listed_items": _fields(LISTED_ITEMS, file.document_id, understood.listed),
            "narrative_faults": list(_faults(file.document_id, understood)),
            "performance_projects": _fields(
                PERFORMANCE_PROJECTS, file.document_id, understood.performance.projects
            ),
            "performance_indicators": _fields(
                PERFORMANCE_INDICATORS, file.document_id, understood.performance.indicators
            ),
            "notes": [
                _note(file.document_id, note)
                for note in (*_problems(document, understood), *understood.notes)
            ],
        },
    )


def outcome(document: ReadDocument) -> tuple[str, str]:
    """Why a document was not read whole: one word and a sentence; both empty when it was.

    One that the faster reader crashed on has the sentence alone where the reference read it whole.
    """
    if document.outcome == "read" or not document.problems:
        crashes = (remark.message for remark in document.remarks if remark.reason == READER_CRASHED)
        return "", next(crashes, "")
    whole = [problem for problem in document.problems if problem.page is None]
    first = (whole or list(document.problems))[0]
    if whole:
        return first.reason, first.message
    pages = sorted({problem.page for problem in document.problems if problem.page is not None})
    listed = ", ".join(str(page) for page in pages[:10]) + (" …" if len(pages) > 10 else "")
    return first.reason, f"page {listed}: {first.message}"


def _cells(document: ReadDocument) -> Iterator[Row]:
    for page, table in placed_cells(document):
        for cell in table.cells:
            yield (
                document.document_id,
                cell_id(document.document_id, cell),
                cell.page,
                cell.table,
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
                cell.text,
                cell.box.x0,
                cell.box.top,
                cell.box.x1,
                cell.box.bottom,
                page.width,
                page.height,
                cell.read_by,
                cell.confidence,
                _doubts(cell),
            )


def _doubts(cell: Cell) -> str | None:
    if not cell.doubts:
        return None
    told = [{"at": d.at, "read": d.read, "alternatives": dict(d.alternatives)} for d in cell.doubts]
    return json.dumps(told, ensure_ascii=False)


def _fields(dataset: Dataset, document_id: str, records: Sequence[Any]) -> list[Row]:
    """Records whose fields are named as the dataset's columns after ``document_id``."""
    take = attrgetter(*(column.name for column in dataset.columns[1:]))
    return [(document_id, *take(record)) for record in records]


def _claims(document_id: str, understood: UnderstoodDocument) -> Iterator[Row]:
    for claim in understood.claims:
        yield (
            document_id,
            claim.claim_number,
            claim.section,
            claim.claim_kind,
            claim.subject,
            claim.about,
            claim.value,
            claim.value_printed,
            claim.unit,
            claim.precision,
            claim.direction,
            claim.sentence,
            claim.page,
            claim.box.x0,
            claim.box.top,
            claim.box.x1,
            claim.box.bottom,
            claim.read_by,
            claim.about_alternatives,
            claim.relation,
            claim.numerator_claim,
            claim.denominator_claim,
            claim.denominator_about,
            claim.other_kind,
            claim.other_fiscal_year,
            claim.other_about,
            claim.reason,
            claim.measure,
        )


def _faults(document_id: str, understood: UnderstoodDocument) -> Iterator[Row]:
    for fault in understood.faults:
        yield (
            document_id,
            fault.fault_number,
            fault.kind,
            fault.rule,
            fault.severity,
            fault.section,
            fault.printed,
            fault.expected,
            fault.sentence,
            fault.told_zh,
            fault.told_en,
            fault.page,
            fault.box.x0,
            fault.box.top,
            fault.box.x1,
            fault.box.bottom,
        )


def _note(document_id: str, note: Note) -> Row:
    return (document_id, note.kind, note.message, note.page, note.text, note.cell_id)


def _problems(document: ReadDocument, understood: UnderstoodDocument) -> Iterator[Note]:
    """A page that could not be read is a note too, unless the reading has said so itself."""
    said = {note.page for note in understood.notes if note.kind == "page_not_read"}
    for problem in document.problems:
        if problem.page is not None and problem.page not in said:
            yield Note("page_not_read", f"{problem.reason}: {problem.message}", problem.page)
