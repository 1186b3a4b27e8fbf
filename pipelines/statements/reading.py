"""Understanding a document: its tables become statements, line items and notes.

Nothing is guessed and nothing dropped: an amount is a line item or stands in a note.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.extraction.model import JoinedTable, ReadDocument, Table, cell_id, reading_quality
from pipelines.statements.amounts import amount_like_cells, figures_outside_tables
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.statements.claims import figures_not_understood, read_claims
from pipelines.statements.emptiness import empty_sentence
from pipelines.statements.footnotes import stated_sums
from pipelines.statements.grid import Grid, GridCell, build_grid
from pipelines.statements.headers import Header, read_header
from pipelines.statements.identification import identify, reconcile
from pipelines.statements.joining import instances, join_repeated
from pipelines.statements.lead import department_before, lead_rows, lead_texts
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
from pipelines.statements.printed_text import one_line
from pipelines.statements.recognition import (
    Candidate,
    as_form,
    candidates,
    not_a_statement,
    without_title,
)
from pipelines.statements.restating import TOO_LARGE, in_yuan
from pipelines.statements.table_reading import Placed, TableReading, Unplaced
from pipelines.statements.titles import SLIP, PrintedTitle, department_in, find_title
from pipelines.statements.units import document_unit, statement_unit

_TOUCHING = 3.0  # points a line may reach into the frame of the table below it
_COVER_PAGES = 3  # cover and contents: a unit in a narrative is that of its figures
_NEAREST = 3  # forms named for a table, best first
_REASONS = {
    "row": "row not understood: {text}",
    "column": "column not understood: {text}",
    "amount": "not one number that can be read: {text}",
}


@dataclass(frozen=True)
class _Table:
    """A table with what is printed around it.

    ``near`` are the lines above it on its own page, also those that look like a running head:
    the line with department and unit is often the same on every page.
    """

    joined: JoinedTable
    grid: Grid
    header: Header
    lead: tuple[str, ...]
    trail: tuple[str, ...]
    near: tuple[str, ...]
    title: PrintedTitle

    @property
    def own_lead(self) -> tuple[str, ...]:
        """The lines above the table from two before its title on."""
        return self.lead[max(self.title.line_index - 2, 0) :]

    @property
    def unit_lines(self) -> tuple[str, ...]:
        """The lines in which the table's unit may stand."""
        return (*self.near, *self.own_lead)


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
        for joined in join_repeated(document.tables, catalogue)
        for table in _tables(joined, document, catalogue)
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
            unread = _not_understood(
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


def _decided(
    table: _Table, form: str, identification: Identification, catalogue: Catalogue
) -> Candidate | None:
    """What a reviewer takes a table for; None is no statement."""
    if not form:
        return None
    return as_form(table.grid, table.header, table.title, form, catalogue, identification.fiscal_year)


def _sheet(table: _Table, best: Candidate | None, whole_unit: str, catalogue: Catalogue) -> Sheet:
    unit = statement_unit(table.unit_lines, table.grid, table.trail, whole_unit, catalogue)
    if best is None:
        return Sheet(table.grid, table.title.text, table.lead, unit)
    return Sheet(table.grid, table.title.text, table.lead, unit, best.form.id, best.reading)


def table_key(document_id: str, first_part: Table) -> str:
    """The name of a table: that of its first cell; empty for a table of no cells."""
    return cell_id(document_id, first_part.cells[0]) if first_part.cells else ""


def _seen(
    table: _Table,
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
        candidates=tuple(scores.items())[:_NEAREST],
        columns=tuple(SeenColumn(c.index, c.path, c.role, c.column_id) for c in columns),
        notes=tuple(notes),
    )


def _unit_of_all(document: ReadDocument, tables: Sequence[_Table], catalogue: Catalogue) -> str:
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


def _tables(joined: JoinedTable, document: ReadDocument, catalogue: Catalogue) -> list[_Table]:
    return [_look_at(part, document, catalogue) for part in instances(joined, catalogue)]


def _look_at(joined: JoinedTable, document: ReadDocument, catalogue: Catalogue) -> _Table:
    grid = build_grid(joined)
    inside = lead_rows(grid, catalogue)
    lead = (*(line.text for line in joined.lead), *lead_texts(inside))
    header = read_header(grid, len(inside), catalogue)
    foot = [
        one_line(cell.cell.text)
        for row in grid.rows[header.body :]
        for cell in row
        if cell.text.startswith(tuple(catalogue.wording.note_starts)) and cell.printed.content == "text"
    ]
    trail = (*foot, *(line.text for line in joined.trail))
    near = _lines_above(joined.parts[0], document)
    return _Table(joined, grid, header, lead, trail, near, find_title(lead, catalogue))


def _lines_above(table: Table, document: ReadDocument) -> tuple[str, ...]:
    """The lines of a table's page between the table before (or the page's top) and the table."""
    for page in document.pages:
        if page.number != table.page:
            continue
        if page.turn:
            return ()
        above = [other.box.bottom for other in page.tables if other.number < table.number]
        top = max(above, default=0.0)
        return tuple(
            line.text
            for line in page.lines
            if not line.in_table and top <= line.box.bottom <= table.box.top + _TOUCHING
        )
    return ()


def _ranked(table: _Table, identification: Identification, catalogue: Catalogue) -> list[Candidate]:
    year, kind = identification.fiscal_year, identification.kind
    return candidates(table.grid, table.header, table.title, catalogue, year, kind)


def _chosen(
    table: _Table,
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


def _title_note(table: _Table, best: Candidate) -> list[Note]:
    score = table.title.scores.get(best.form.id, 0.0)
    if not score:
        message = f"no title is printed; taken for {best.form.form.name_zh} by its header and rows"
    elif score == SLIP:
        message = f"title with a slip: {table.title.text}; read as {best.form.form.name_zh}"
    else:
        return []
    return [_note("title_not_exact", message, table)]


def _understand_table(
    table: _Table,
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
    notes = _title_note(table, best) + _unplaced_notes(best.reading.unplaced, document_id)
    items: list[LineItem] = []
    if best.reading.placed and not unit:
        notes.append(_note("unit_not_stated", "no unit is stated for this statement", table))
        notes += [
            _cell_note("amount_not_understood", "its unit is not stated", item.cell, document_id)
            for item in best.reading.placed
        ]
    else:
        items = [_line_item(item, best, number, unit, factor, document_id) for item in best.reading.placed]
    sentence = empty_sentence(table.trail, catalogue)
    n_like = len(best.reading.placed) + len(best.reading.unplaced)
    notes += _emptiness_notes(sentence, n_like, table)
    statement = Statement(
        statement_number=number,
        statement_id=best.form.id,
        title_printed=table.title.text,
        label_printed=table.title.label,
        first_page=table.grid.first_page,
        last_page=table.grid.last_page,
        unit=unit,
        department_printed=_department(table, lead, catalogue),
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


def _unplaced_notes(unplaced: Sequence[Unplaced], document_id: str) -> list[Note]:
    """One note for each row and column that is not understood, and one for each of its amounts."""
    notes: list[Note] = []
    said: set[tuple[str, str]] = set()
    for item in unplaced:
        place = (item.reason, item.text)
        if item.reason != "amount" and place not in said:
            said.add(place)
            kind = "row_not_understood" if item.reason == "row" else "column_not_understood"
            message = _REASONS[item.reason].format(text=item.text or "(no name)")
            notes.append(Note(kind, message, item.cell.cell.page, item.text))  # type: ignore[arg-type]
        message = _REASONS[item.reason].format(text=item.text or "(no name)")
        notes.append(_cell_note("amount_not_understood", message, item.cell, document_id))
    return notes


def _cell_note(kind: str, message: str, cell: GridCell, document_id: str) -> Note:
    return Note(
        kind,  # type: ignore[arg-type]
        message,
        cell.cell.page,
        one_line(cell.cell.text),
        cell_id(document_id, cell.cell),
    )


def _note(kind: str, message: str, table: _Table) -> Note:
    return Note(kind, message, table.grid.first_page, table.title.text)  # type: ignore[arg-type]


def _emptiness_notes(sentence: str, n_like: int, table: _Table) -> list[Note]:
    if not sentence:
        return []
    if n_like == 0:
        message = f"stated empty: {sentence}"
    else:
        message = f"a note says that the statement is empty, but it holds {n_like} amounts: {sentence}"
    return [replace(_note("statement_stated_empty", message, table), text=sentence)]


def _not_understood(
    table: _Table,
    ranked: Sequence[Candidate],
    document_id: str,
    catalogue: Catalogue,
    performance: Performance,
    is_decided: bool,
) -> list[Note]:
    """What to say of a table that is no statement, by the catalogue, by a reviewer, or as far as is known."""
    amounts = amount_like_cells(table.grid, table.header, catalogue)
    is_read = {cell_id(document_id, cell.cell) for cell in table.grid.cells()} & performance.cell_ids
    near = " | ".join(table.lead[-3:])
    key = table_key(document_id, table.joined.parts[0])
    if is_decided:
        said = "no statement: a reviewer decided so"
        # Of its amounts too: every printed amount is a figure or is spoken of.
        return [
            Note("not_a_statement", said, table.grid.first_page, near, key),
            *(
                _cell_note("not_a_statement", said, cell, document_id)
                for cell in amounts
                if cell_id(document_id, cell.cell) not in is_read
            ),
        ]
    rule = not_a_statement(table.grid, table.title, len(amounts), catalogue)
    if rule is not None:
        message = f"no statement: {rule.name_en} ({rule.name_zh})"
        notes = [Note("not_a_statement", message, table.grid.first_page, near)]
    elif is_read:
        message = "no statement: projects and performance (项目与绩效)"
        notes = [Note("not_a_statement", message, table.grid.first_page, near)]
    else:
        best = ", ".join(f"{c.form.id} {c.score:.2f} ({c.lacks})" for c in ranked[:_NEAREST])
        message = f"table not understood; nearest forms: {best or 'none'}"
        notes = [Note("table_not_understood", message, table.grid.first_page, near, key)]
    return notes + [
        _cell_note("amount_not_understood", "in a table that is not understood", cell, document_id)
        for cell in amounts
        if cell_id(document_id, cell.cell) not in is_read
    ]


def _department(table: _Table, lead: Sequence[str], catalogue: Catalogue) -> str:
    printed = table.joined.lead[-len(lead) :] if lead else ()
    if name := department_before(printed, catalogue):
        return name
    for line in reversed((*table.near, *lead)):
        if name := department_in(line, catalogue):
            return name
    return ""
