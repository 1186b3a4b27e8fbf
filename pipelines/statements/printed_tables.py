"""A table with what is printed around it: the lines above and below it, its title, its header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extraction.model import JoinedTable, ReadDocument, Table, cell_id
from pipelines.statements.catalogue import Catalogue
from pipelines.statements.grid import Grid, build_grid
from pipelines.statements.headers import Header, read_header
from pipelines.statements.joining import instances
from pipelines.statements.lead import department_before, lead_rows, lead_texts
from pipelines.statements.printed_text import one_line
from pipelines.statements.titles import PrintedTitle, department_in, find_title

_TOUCHING = 3.0  # points a line may reach into the frame of the table below it


@dataclass(frozen=True)
class PrintedTable:
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


def table_key(document_id: str, first_part: Table) -> str:
    """The name of a table: that of its first cell; empty for a table of no cells."""
    return cell_id(document_id, first_part.cells[0]) if first_part.cells else ""


def tables_of(
    joined: JoinedTable, document: ReadDocument, catalogue: Catalogue, fiscal_year: int | None = None
) -> list[PrintedTable]:
    """The tables that a joined table of a document of a year holds, each with what is printed around it."""
    return [_look_at(part, document, catalogue, fiscal_year) for part in instances(joined, catalogue)]


def _look_at(
    joined: JoinedTable, document: ReadDocument, catalogue: Catalogue, fiscal_year: int | None
) -> PrintedTable:
    grid = build_grid(joined)
    inside = lead_rows(grid, catalogue)
    lead = (*(line.text for line in joined.lead), *lead_texts(inside))
    header = read_header(grid, len(inside), catalogue, fiscal_year)
    foot = [
        one_line(cell.cell.text)
        for row in grid.rows[header.body :]
        for cell in row
        if cell.text.startswith(tuple(catalogue.wording.note_starts)) and cell.printed.content == "text"
    ]
    trail = (*foot, *(line.text for line in joined.trail))
    near = _lines_above(joined.parts[0], document)
    return PrintedTable(joined, grid, header, lead, trail, near, find_title(lead, catalogue))


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


def department_of(table: PrintedTable, lead: Sequence[str], catalogue: Catalogue) -> str:
    """The department that the table names above itself; empty where it names none."""
    printed = table.joined.lead[-len(lead) :] if lead else ()
    if name := department_before(printed, catalogue):
        return name
    for line in reversed((*table.near, *lead)):
        if name := department_in(line, catalogue):
            return name
    return ""
