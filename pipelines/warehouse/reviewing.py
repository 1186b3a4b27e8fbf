"""What reviewers decided of a document, applied where it is read, and what each decision changes.

A correction replaces the text of one cell before the document is understood, so that a label, a code or
a figure is put right with everything that follows from it. The cells of the lake keep what was read; the
figures say that they were corrected or confirmed. A row that does not fit what is read changes nothing
and says so in its ``state``; ``warehouse/review.py`` lets no such row pass silently.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from pipelines.acquisition.model import Correction, Decision, Reviewed, same_text
from pipelines.extraction.model import Cell, ReadDocument, cell_id
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import LineItem, UnderstoodDocument
from pipelines.statements.printed_tables import table_key
from pipelines.statements.printed_text import one_line

State = Literal["applied", "cell_missing", "text_differs", "table_missing", "form_unknown", "not_read"]
#: Why a document is set aside that a reviewer excluded.
EXCLUDED = "excluded"

Understand = Callable[[ReadDocument, Mapping[str, str]], UnderstoodDocument]
"""A document understood, given what its tables were decided to be (``statements.understand``)."""


@dataclass(frozen=True, slots=True)
class ReviewEffect:
    """What came of one row of ``review/``; the fields are the columns of the lake's ``reviews``."""

    review_id: str
    decision: str
    cell_id: str
    page: int | None
    old: str
    new: str
    text_read: str | None
    state: State
    amount_before_yuan: Decimal | None
    amount_after_yuan: Decimal | None
    n_figures_added: int
    n_figures_removed: int
    n_figures_changed: int
    reason: str
    decided_by: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class ReviewedReading:
    """A document with the texts that reviewers saw, understood as they decided, and what that changed."""

    document: ReadDocument
    understood: UnderstoodDocument
    effects: tuple[ReviewEffect, ...]


def understand_reviewed(
    document: ReadDocument, reviewed: Reviewed, understand: Understand
) -> ReviewedReading:
    """Understand a document by what reviewers decided of it.

    The effect of a row is what would be read without that row alone, before any repair. Nothing is
    understood twice where nobody decided anything.
    """
    if reviewed == Reviewed():
        return ReviewedReading(document, understand(document, {}), ())
    read = {
        cell_id(document.document_id, cell): cell
        for table in document.tables
        for part in table.parts
        for cell in part.cells
    }
    fitting = tuple(c for c in reviewed.corrections if c.cell_id in read and _fits(c, read[c.cell_id]))
    forms = {form.form.id for form in load_catalogue().forms}
    tables = {
        key: decision
        for key, decision in reviewed.tables.items()
        if decision.decision == "no_statement" or decision.value in forms
    }

    def reading(
        corrections: Collection[Correction], decisions: Mapping[str, Decision]
    ) -> tuple[ReadDocument, UnderstoodDocument]:
        seen = _with_texts(document, {each.cell_id: each for each in corrections})
        understood = understand(seen, {key: decision.value for key, decision in decisions.items()})
        return seen, _marked(understood, {each.cell_id: each for each in corrections}, read)

    seen, understood = reading(fitting, tables)
    there = {table_key(document.document_id, table.parts[0]) for table in understood.tables}
    is_read = document.outcome != "set_aside"
    effects = []
    for correction in reviewed.corrections:
        cell = read.get(correction.cell_id)
        state: State = "applied"
        before = understood
        if not is_read:
            state = "not_read"
        elif cell is None:
            state = "cell_missing"
        elif correction not in fitting:
            state = "text_differs"
        elif not correction.is_confirmation:
            before = reading([each for each in fitting if each != correction], tables)[1]
        effects.append(_of_correction(correction, cell, state, before, understood))
    for key, decision in reviewed.tables.items():
        before = understood
        if not is_read:
            state = "not_read"
        elif key not in tables:
            state = "form_unknown"
        elif key not in there:
            state = "table_missing"
        else:
            state = "applied"
            others = {other: each for other, each in tables.items() if other != key}
            before = reading(fitting, others)[1]
        effects.append(_of_table(decision, read.get(key), state, before, understood))
    return ReviewedReading(seen, understood, tuple(effects))


def not_read(reviewed: Reviewed) -> tuple[ReviewEffect, ...]:
    """What to say of the rows about a document that was not read, or that a reviewer excluded."""
    exclusion = reviewed.exclusion
    effects = [] if exclusion is None else [_said(exclusion, exclusion.decision, "", None, None, "applied")]
    effects += [_of_correction(each, None, "not_read", None, None) for each in reviewed.corrections]
    effects += [_of_table(each, None, "not_read", None, None) for each in reviewed.tables.values()]
    return tuple(effects)


def _fits(correction: Correction, cell: Cell) -> bool:
    return same_text(correction.old, cell.text)


def _with_texts(document: ReadDocument, corrections: Mapping[str, Correction]) -> ReadDocument:
    """The document with the texts that reviewers saw in its cells; nothing about those is in doubt."""
    if not corrections:
        return document

    def seen(cell: Cell) -> Cell:
        correction = corrections.get(cell_id(document.document_id, cell))
        if correction is None:
            return cell
        text = cell.text if correction.is_confirmation else correction.new
        return replace(cell, text=text, confidence=None, doubts=())

    tables = tuple(
        replace(
            table,
            parts=tuple(
                replace(part, cells=tuple(seen(cell) for cell in part.cells)) for part in table.parts
            ),
        )
        for table in document.tables
    )
    return replace(document, tables=tables)


def _marked(
    understood: UnderstoodDocument, corrections: Mapping[str, Correction], read: Mapping[str, Cell]
) -> UnderstoodDocument:
    """The document whose figures in reviewed cells say so, and what was read there."""

    def marked(item: LineItem) -> LineItem:
        correction = corrections.get(item.cell_id)
        if correction is None:
            return item
        if correction.is_confirmation:
            return replace(item, reading_quality="confirmed")
        as_read = one_line(read[item.cell_id].text)
        return replace(item, reading_quality="corrected", amount_as_read=as_read)

    return replace(understood, line_items=tuple(marked(item) for item in understood.line_items))


def _of_correction(
    correction: Correction,
    cell: Cell | None,
    state: State,
    before: UnderstoodDocument | None,
    after: UnderstoodDocument | None,
) -> ReviewEffect:
    decision = "confirm" if correction.is_confirmation else "correct"
    return replace(
        _said(correction, decision, correction.cell_id, cell, (before, after), state),
        old=correction.old,
        new=correction.new,
    )


def _of_table(
    decision: Decision,
    cell: Cell | None,
    state: State,
    before: UnderstoodDocument | None,
    after: UnderstoodDocument | None,
) -> ReviewEffect:
    said = _said(decision, decision.decision, decision.subject, cell, (before, after), state)
    return replace(said, new=decision.value)


def _said(
    row: Correction | Decision,
    decision: str,
    cell_name: str,
    cell: Cell | None,
    readings: tuple[UnderstoodDocument | None, UnderstoodDocument | None] | None,
    state: State,
) -> ReviewEffect:
    before, after = readings or (None, None)
    was, now = _figures(before), _figures(after)
    return ReviewEffect(
        review_id=row.review_id if isinstance(row, Decision) else f"figure/{row.cell_id}",
        decision=decision,
        cell_id=cell_name,
        page=cell.page if cell is not None else None,
        old="",
        new="",
        text_read=cell.text if cell is not None else None,
        state=state,
        amount_before_yuan=_amount(was, cell_name),
        amount_after_yuan=_amount(now, cell_name),
        n_figures_added=len(now.keys() - was.keys()),
        n_figures_removed=len(was.keys() - now.keys()),
        n_figures_changed=sum(_meaning(was[key]) != _meaning(now[key]) for key in was.keys() & now.keys()),
        reason=row.reason,
        decided_by=row.decided_by,
        decided_on=row.decided_on,
    )


def _figures(understood: UnderstoodDocument | None) -> dict[str, LineItem]:
    return {} if understood is None else {item.cell_id: item for item in understood.line_items}


def _amount(figures: Mapping[str, LineItem], cell_name: str) -> Decimal | None:
    item = figures.get(cell_name)
    return item.amount_yuan if item is not None else None


def _meaning(item: LineItem) -> tuple[object, ...]:
    """What a figure says: how much, and of what."""
    place = (item.statement_id, item.row_kind, item.row_key, item.side, item.column_id)
    return (item.amount_yuan, item.precision_yuan, *place)


def excluded_message(exclusion: Decision) -> str:
    """Why a reviewer excluded a document, in a sentence."""
    return (
        f"excluded by {exclusion.decided_by} on {exclusion.decided_on.isoformat()}: {exclusion.reason} "
        "(review/decisions.csv)"
    )
