"""Which statement a table is: judged by title, header and content together, with a score.

Neither a printed number nor the place in the document plays a part. Every form is tried on the
table; the title counts for half of the score, header and rows for a quarter each, so that a
title alone is never enough. A table without any is a statement only where one form fits it wholly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.statements.catalogue import Catalogue, KnownForm
from pipelines.statements.grid import Grid
from pipelines.statements.headers import Header
from pipelines.statements.model import DocumentKind
from pipelines.statements.pairs_reading import read_pairs
from pipelines.statements.printed_text import plain
from pipelines.statements.schema import NotStatementRule
from pipelines.statements.table_reading import TableReading, read_table
from pipelines.statements.titles import PrintedTitle, title_core
from pipelines.statements.transposed_reading import read_transposed

THRESHOLD = 0.7
_LEAST = 0.34  # of the header, and
_HALF = 0.5  # of the rows have to fit, however good the rest
_TITLE, _HEADER, _CONTENT = 0.5, 0.25, 0.25
_OTHER_KIND = 0.1
_HEAD_ROWS = 20
_NEARLY = 0.9
_ROWS_ENOUGH = 6
_AMOUNTS_ENOUGH = 8
_WORDS_SHOWN, _CHARACTERS_SHOWN = 3, 40


@dataclass(frozen=True)
class Candidate:
    """A form tried on a table: how well it fits and what it reads there."""

    form: KnownForm
    score: float
    reading: TableReading
    title_score: float = 0.0

    @property
    def is_recognised(self) -> bool:
        """Whether the table is taken for the form: score enough, and no kind of evidence against it."""
        reading = self.reading
        fits = reading.header_score >= _LEAST and reading.content_score >= _HALF
        return self.score >= THRESHOLD and fits

    @property
    def lacks(self) -> str:
        """What keeps the table from being the form, for a person: title, header words, rows."""
        said: list[str] = []
        if self.title_score < 1:
            said.append(f"title fits {self.title_score:.2f}" if self.title_score else "no title")
        if self.reading.header_score < 1:
            words = ", ".join(
                word[:_CHARACTERS_SHOWN] for word in self.reading.unknown_headers[:_WORDS_SHOWN]
            )
            said.append(f"header {self.reading.header_score:.2f}" + (f", unknown: {words}" if words else ""))
        if self.reading.content_score < 1:
            rows = ", ".join(
                row[:_CHARACTERS_SHOWN] for row in self.reading.unknown_rows[:_WORDS_SHOWN] if row
            )
            said.append(f"rows {self.reading.content_score:.2f}" + (f", unknown: {rows}" if rows else ""))
        if self.reading.missing_columns:
            said.append(f"no column {', '.join(self.reading.missing_columns)}")
        return "; ".join(said)


def candidates(
    grid: Grid,
    header: Header,
    title: PrintedTitle,
    catalogue: Catalogue,
    year: int | None,
    document_kind: DocumentKind | None = None,
) -> list[Candidate]:
    """All forms that the table could be, best first.

    Budgets and final accounts share titles that say neither (一般公共预算财政拨款基本支出表): then
    the forms of the document's own kind come first. Without a title no form can reach the
    threshold; then only the table's head is tried, to name the nearest forms in the note.
    """
    if not title.scores:
        grid = grid.head(header.body + _HEAD_ROWS)
    tried = [
        Candidate(
            form,
            round(
                _score(title.scores.get(form.id, 0.0), reading) - _strangeness(form, title, document_kind), 3
            ),
            reading,
            title.scores.get(form.id, 0.0),
        )
        for form in catalogue.forms
        if title.scores.get(form.id, 0.0) > 0 or not title.scores
        for reading in _readings(grid, header, form, catalogue, year)
    ]
    return sorted(tried, key=lambda c: (-c.score, len(c.reading.unplaced), c.form.id))


def as_form(
    grid: Grid, header: Header, title: PrintedTitle, form_id: str, catalogue: Catalogue, year: int | None
) -> Candidate:
    """The table read by a form that somebody named, whatever speaks for it or against it.

    Raises ``KeyError`` for a form that the catalogue does not have.
    """
    form = catalogue.form(form_id)
    score = title.scores.get(form_id, 0.0)
    tried = [
        Candidate(form, round(_score(score, reading), 3), reading, score)
        for reading in _readings(grid, header, form, catalogue, year)
    ]
    return min(tried, key=lambda candidate: (-candidate.score, len(candidate.reading.unplaced)))


def without_title(
    grid: Grid,
    header: Header,
    title: PrintedTitle,
    catalogue: Catalogue,
    year: int | None,
    document_kind: DocumentKind | None,
) -> Candidate | None:
    """The one form of the document's kind that a table without any title fits in every row and column.

    None where a title (even an unknown one) stands above, where another form nearly fits too, where
    an amount stays without meaning, or where there is too little to go by. The score keeps the title
    missing, so that such a statement can be told from others.
    """
    if title.looks_like_title or document_kind is None:
        return None
    tried = [
        Candidate(form, _score(0.0, reading), reading)
        for form in catalogue.forms
        if form.document_kind == document_kind and not form.form.free_row_keys
        if form.form.layout == "table" and not form.form.one_row
        for reading in _readings(grid, header, form, catalogue, year)
        if min(reading.header_score, reading.content_score) >= _NEARLY
    ]
    if len(tried) != 1:
        return None
    reading = tried[0].reading
    fits = reading.header_score == 1.0 and reading.content_score == 1.0 and not reading.unplaced
    is_enough = reading.n_rows >= _ROWS_ENOUGH and len(reading.placed) >= _AMOUNTS_ENOUGH
    return tried[0] if fits and is_enough and len(reading.found_columns) > 0 else None


def _strangeness(form: KnownForm, title: PrintedTitle, document_kind: DocumentKind | None) -> float:
    """What a form of the other kind of document loses where the title does not ask for it."""
    if document_kind in (None, form.document_kind):
        return 0.0
    return 0.0 if form.document_kind == "final_accounts" and "决算" in plain(title.text) else _OTHER_KIND


def _readings(
    grid: Grid, header: Header, form: KnownForm, catalogue: Catalogue, year: int | None
) -> Sequence[TableReading]:
    if form.form.layout == "pairs":
        return [read_pairs(grid, header, form, catalogue)]
    straight = read_table(grid, header, form, catalogue, year)
    turned = read_transposed(grid, header, form, catalogue)
    return [straight] if turned is None else [straight, turned]


def _score(title: float, reading: TableReading) -> float:
    return round(_TITLE * title + _HEADER * reading.header_score + _CONTENT * reading.content_score, 3)


def not_a_statement(
    grid: Grid, title: PrintedTitle, n_amounts: int, catalogue: Catalogue
) -> NotStatementRule | None:
    """The catalogue's rule by which a table is no statement, or None."""
    first_rows = [{cell.text for cell in row if cell.text} for row in grid.rows[:3]]
    everywhere = {cell.text for cell in grid.cells()}
    for rule in catalogue.not_statements.rules:
        if rule.title and re.search(rule.title, title_core(title.text, catalogue)):
            return rule
        for words in rule.header_words:
            if any(set(words) <= row for row in first_rows):
                return rule
            if len(words) > 1 and n_amounts == 0 and set(words) <= everywhere:
                return rule
    return None
