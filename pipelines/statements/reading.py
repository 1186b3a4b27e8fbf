"""Understanding a document: its tables become statements, line items and notes.

Nothing is guessed and nothing dropped: an amount is a line item or stands in a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipelines.extraction.model import ReadDocument, cell_id, reading_quality
from pipelines.statements.amounts import figures_outside_tables
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.statements.claims import figures_not_understood, read_claims
from pipelines.statements.emptiness import empty_sentence
from pipelines.statements.footnotes import stated_sums
from pipelines.statements.identification import identify, reconcile
from pipelines.statements.joining import join_repeated
from pipelines.statements.listed_items import listed_items
from pipelines.statements.misread import with_known_words
from pipelines.statements.model import (
    Identification,
    LineItem,
    Note,
    NoteKind,
    SeenColumn,
    SeenTable,
    StatedSumTerm,
    Statement,
    UnderstoodDocument,
)
from pipelines.statements.narrative_faults import narrative_faults
from pipelines.statements.performance import read_performance
from pipelines.statements.performance_model import Performance
from pipelines.statements.performance_sheets import Sheet
from pipelines.statements.printed_tables import PrintedTable, department_of, table_key, tables_of
from pipelines.statements.printed_text import one_line
from pipelines.statements.recognition import (
    Candidate,
    as_form,
    candidates,
    without_title,
)
from pipelines.statements.restating import TOO_LARGE, in_yuan
from pipelines.statements.table_notes import (
    NEAREST,
    cell_note,
    emptiness_notes,
    not_understood,
    table_note,
    title_note,
    unplaced_notes,
)
from pipelines.statements.table_reading import Placed, TableReading, Unplaced
from pipelines.statements.titles import in_document_of
from pipelines.statements.units import document_unit, statement_unit

_COVER_PAGES = 3  # cover and contents: a unit in a narrative is that of its figures
#: What extraction notices on a page without its keeping anything from being read, as kinds of note.
_REMARKS: dict[str, NoteKind] = {
    "hidden_text": "hidden_text",
    "earlier_revision": "earlier_revision",
    "page_without_text": "page_without_text",
    "reader_crashed": "reader_crashed",
    "page_recognised": "page_recognised",
}


def understand(
    document: ReadDocument,
    *,
    file_name: str = "",
    registered: Identification | None = None,
    decided: Mapping[str, str] | None = None,
) -> UnderstoodDocument:
    """Turn a read document into statements, line items and notes.

    ``registered`` is what the register says of the file; it wins over what the document says, and
    a disagreement becomes a note. ``decided`` says of tables, by their first cells (``table_key``), which
    form they are, or with an empty text that they are no statement. Never raises for what a document holds;
    ``KeyError`` for a form that the catalogue does not have.
    """
    decided = decided or {}
    catalogue = load_catalogue()
    document, mended = with_known_words(document, catalogue)
    said = identify(document, file_name)
    identification, notes = reconcile(said, registered)
    notes += mended
    notes += [
        Note("page_not_read", problem.message, problem.page, problem.reason)
        for problem in document.problems
        if problem.page is not None
    ]
    notes += [Note(_REMARKS[remark.reason], remark.message, remark.page) for remark in document.remarks]
    statements: list[Statement] = []
    items: list[LineItem] = []
    sums: list[StatedSumTerm] = []
    seen: list[SeenTable] = []
    judged = [
        (table, _ranked(table, identification, catalogue))
        for table in _tables(document, identification, catalogue)
    ]
    titled = frozenset(ranked[0].form.id for _, ranked in judged if ranked and ranked[0].is_recognised)
    whole = _unit_of_all(document, [table for table, _ in judged], catalogue)
    # A blank form says nothing about a department, neither in its tables nor in its text.
    is_form = identification.level == "form"
    keys = [table_key(document.document_id, table.joined.parts[0]) for table, _ in judged]
    chosen = [
        _decided(table, decided[key], identification, catalogue)
        if key in decided
        else _chosen(table, ranked, titled, identification, catalogue)
        for key, (table, ranked) in zip(keys, judged, strict=True)
    ]
    sheets = [
        _sheet(table, best, whole, catalogue)
        for (table, _), best in zip(judged, chosen, strict=True)
        if best is None or best.form.form.layout == "pairs"
    ]
    performance = Performance() if is_form else read_performance(document, identification.kind, sheets)
    for key, (table, ranked), best in zip(keys, judged, chosen, strict=True):
        if best is None:
            unread = not_understood(
                table, ranked, document.document_id, catalogue, performance, key in decided
            )
            notes += unread
            seen.append(_seen(table, ranked, None, None, unread))
            continue
        number = len(statements) + 1
        found = _understand_table(table, best, document.document_id, number, whole, catalogue)
        statements.append(found[0])
        sums += stated_sums(
            table.grid,
            table.header,
            best.reading,
            table.trail,
            document_id=document.document_id,
            statement_number=number,
            statement_id=best.form.id,
            first=sums[-1].sum_number + 1 if sums else 1,
        )
        items += found[1]
        notes += found[2]
        seen.append(_seen(table, ranked, best, number, found[2]))
    claims = () if is_form else read_claims(document, identification.kind, identification.fiscal_year)
    notes += () if is_form else figures_not_understood(document)
    notes += figures_outside_tables(document)
    recognised = {page.number for page in document.pages if page.is_image_only}
    claims = tuple(replace(claim, read_by="ocr") if claim.page in recognised else claim for claim in claims)
    listed = () if is_form else listed_items(document, identification.kind)
    # A table that was not understood may be any statement.
    known = () if any(note.kind == "table_not_understood" for note in notes) else tuple(statements)
    faults = () if is_form else narrative_faults(document, identification, claims, known, performance)
    return UnderstoodDocument(
        identification=identification,
        statements=tuple(statements),
        line_items=tuple(items),
        claims=claims,
        notes=tuple(notes),
        tables=tuple(seen),
        stated_sums=tuple(sums),
        listed=listed,
        faults=faults,
        performance=performance,
    )


def _tables(
    document: ReadDocument, identification: Identification, catalogue: Catalogue
) -> Iterator[PrintedTable]:
    """The tables of a document in order, their titles as they are meant in one of its kind."""
    for joined in join_repeated(document.tables, catalogue):
        for table in tables_of(joined, document, catalogue, identification.fiscal_year):
            yield replace(table, title=in_document_of(table.title, identification.kind, catalogue))


def _decided(
    table: PrintedTable, form: str, identification: Identification, catalogue: Catalogue
) -> Candidate | None:
    """What a reviewer takes a table for; None is no statement."""
    if not form:
        return None
    return as_form(table.grid, table.header, table.title, form, catalogue, identification.fiscal_year)


def _sheet(table: PrintedTable, best: Candidate | None, whole_unit: str, catalogue: Catalogue) -> Sheet:
    unit = statement_unit(table.unit_lines, table.grid, table.trail, whole_unit, catalogue)
    if best is None:
        return Sheet(table.grid, table.title.text, table.lead, unit)
    return Sheet(table.grid, table.title.text, table.lead, unit, best.form.id, best.reading)


def _seen(
    table: PrintedTable,
    ranked: Sequence[Candidate],
    best: Candidate | None,
    number: int | None,
    notes: Sequence[Note],
) -> SeenTable:
    nearest = [best] if best is not None else list(ranked[:1])
    scores: dict[str, float] = {}
    for candidate in (*nearest, *ranked):
        scores.setdefault(candidate.form.id, candidate.score)
    columns = nearest[0].reading.columns if nearest else ()
    return SeenTable(
        parts=table.joined.parts,
        statement_number=number,
        title=table.title.text,
        candidates=tuple(scores.items())[:NEAREST],
        columns=tuple(SeenColumn(c.index, c.path, c.role, c.column_id) for c in columns),
        notes=tuple(notes),
    )


def _unit_of_all(document: ReadDocument, tables: Sequence[PrintedTable], catalogue: Catalogue) -> str:
    """The unit that the document states for all of its statements."""
    first = min((table.grid.first_page for table in tables), default=0)
    first = min(first, _COVER_PAGES + 1)
    stated = {statement_unit(table.unit_lines, table.grid, table.trail, "", catalogue) for table in tables}
    return document_unit(
        (line.text for page in document.pages for line in page.lines),
        (line.text for page in document.pages if page.number < first for line in page.lines),
        stated - {""},
        catalogue,
    )


def _ranked(table: PrintedTable, identification: Identification, catalogue: Catalogue) -> list[Candidate]:
    year, kind = identification.fiscal_year, identification.kind
    return candidates(table.grid, table.header, table.title, catalogue, year, kind)


def _chosen(
    table: PrintedTable,
    ranked: Sequence[Candidate],
    titled: frozenset[str],
    identification: Identification,
    catalogue: Catalogue,
) -> Candidate | None:
    """The form that a table is read by, or None.

    A table without a title is only taken for a statement that no titled table of the document is:
    a second one would be a part of it, or a table of the narrative.
    """
    if ranked and ranked[0].is_recognised:
        return ranked[0]
    year, kind = identification.fiscal_year, identification.kind
    found = without_title(table.grid, table.header, table.title, catalogue, year, kind)
    return found if found is not None and found.form.id not in titled else None


def _understand_table(
    table: PrintedTable,
    best: Candidate,
    document_id: str,
    number: int,
    whole_unit: str,
    catalogue: Catalogue,
) -> tuple[Statement, list[LineItem], list[Note]]:
    lead = table.own_lead
    unit = statement_unit(table.unit_lines, table.grid, table.trail, whole_unit, catalogue)
    factor = catalogue.wording.units[unit] if unit else Decimal(1)
    best = replace(best, reading=_without_too_large(best.reading, factor))
    notes = title_note(table, best) + unplaced_notes(best.reading.unplaced, document_id)
    items: list[LineItem] = []
    if best.reading.placed and not unit:
        notes.append(table_note("unit_not_stated", "no unit is stated for this statement", table))
        notes += [
            cell_note("amount_not_understood", "its unit is not stated", item.cell, document_id)
            for item in best.reading.placed
        ]
    else:
        items = [_line_item(item, best, number, unit, factor, document_id) for item in best.reading.placed]
    sentence = empty_sentence(table.trail, catalogue)
    n_like = len(best.reading.placed) + len(best.reading.unplaced)
    notes += emptiness_notes(sentence, n_like, table)
    statement = Statement(
        statement_number=number,
        statement_id=best.form.id,
        title_printed=table.title.text,
        label_printed=table.title.label,
        first_page=table.grid.first_page,
        last_page=table.grid.last_page,
        unit=unit,
        department_printed=department_of(table, lead, catalogue),
        is_stated_empty=bool(sentence) and n_like == 0,
        empty_sentence=sentence,
        score=best.score,
        n_rows=best.reading.n_rows,
        n_amounts=len(items),
        printed_rows=best.reading.rows_in_print,
        printed_columns=best.reading.columns_in_print,
    )
    return statement, items, notes


def _without_too_large(reading: TableReading, factor: Decimal) -> TableReading:
    """The reading with digits that no sum of money has among what is not understood."""
    large = [item for item in reading.placed if abs(_value(item) * factor) >= TOO_LARGE]
    if not large:
        return reading
    return replace(
        reading,
        placed=tuple(item for item in reading.placed if item not in large),
        unplaced=(*reading.unplaced, *(Unplaced(item.cell, "amount", item.cell.cell.text) for item in large)),
    )


def _value(item: Placed) -> Decimal:
    """The printed number, in the unit of its statement; only cells of one number are placed."""
    return item.cell.printed.value or Decimal(0)


def _line_item(
    item: Placed, best: Candidate, number: int, unit: str, factor: Decimal, document_id: str
) -> LineItem:
    printed = item.cell.printed
    amount, precision = in_yuan(printed, factor)
    return LineItem(
        cell_id=cell_id(document_id, item.cell.cell),
        statement_number=number,
        statement_id=best.form.id,
        row_kind=item.row.kind,
        row_key=item.row.key,
        row_label=item.row.label,
        row_path=item.row.path,
        row_number=item.row_number,
        side=item.side,
        column_id=item.column_id,
        column_path=item.column_path,
        amount_yuan=amount,
        amount_printed=one_line(item.cell.cell.text),
        unit=unit,
        precision_yuan=precision,
        page=item.cell.cell.page,
        reading_quality="doubtful" if item.row.is_doubtful else reading_quality(item.cell.cell),
    )
