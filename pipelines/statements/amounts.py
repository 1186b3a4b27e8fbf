"""What counts as a printed amount, and whether every one of them has been accounted for.

An amount-like cell is a printed number inside a table that is not, by its header or its row, a
code, a row or column number, a count, a rank, a percentage, a date or a target. This is the only
definition; reading and ``coverage`` both use it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extraction.model import JoinedTable, ReadDocument, cell_id
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.statements.columns import code_columns
from pipelines.statements.grid import Grid, GridCell, build_grid
from pipelines.statements.headers import Header, is_column_numbers, read_header
from pipelines.statements.joining import instances, join_repeated
from pipelines.statements.lead import lead_rows
from pipelines.statements.model import Note, UnderstoodDocument
from pipelines.statements.printed_text import plain

_INTEGER = re.compile(r"\d+")
_CODE = re.compile(r"[1-5]\d{2}(?:\d{2}){0,2}")
_MONEY_IN_TEXT = re.compile(r"(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+\.\d{2})(?![\d%.])")
_FIGURE_OR_STROKE = re.compile(r"[-+]?[\d,]+(?:\.\d+)?|[-—–－]+")
_FIGURES_ENOUGH = 2
_SHORT_TEXT = 30


@dataclass(frozen=True)
class Coverage:
    """How the amount-like cells of a document have been accounted for, by cell id."""

    amount_like: frozenset[str]
    in_facts: frozenset[str]
    in_notes: frozenset[str]
    missing: frozenset[str]
    facts_not_amount_like: frozenset[str]

    @property
    def share_in_facts(self) -> float:
        """Share of the amount-like cells that are line items (1 where there are none)."""
        return len(self.amount_like & self.in_facts) / len(self.amount_like) if self.amount_like else 1.0


def coverage(document: ReadDocument, understood: UnderstoodDocument) -> Coverage:
    """Account for every amount-like cell of a document: in a fact, in a note, or missing.

    The facts are line items and the figures of performance sheets.
    """
    catalogue = load_catalogue()
    like = {
        cell_id(document.document_id, cell.cell)
        for table in join_repeated(document.tables, catalogue)
        for cell in amount_like_in(table, catalogue)
    }
    items = {item.cell_id for item in understood.line_items}
    facts = items | understood.performance.cell_ids
    notes = {note.cell_id for note in understood.notes if note.cell_id}
    return Coverage(
        frozenset(like),
        frozenset(facts),
        frozenset(notes),
        frozenset(like - facts - notes),
        # Points, rates and targets of performance are no amounts.
        frozenset(items - like),
    )


def figures_outside_tables(document: ReadDocument) -> tuple[Note, ...]:
    """A note for each line of figures that stands in no table: a row whose table was not seen.

    Such a line is nothing but figures, two with decimals at least, or, on a page with a table or after
    one and without a sentence, words that end in a figure with decimals (or in a stroke, where there is such
    a figure), or, on a page that states a unit
    and shows no table, words with such a figure among them. Other words and the figures in them are the
    narrative's.
    """
    notes: list[Note] = []
    near_tables = False
    for page in document.pages:
        near_tables, was_near = bool(page.tables), near_tables
        free = [line for line in page.lines if not line.in_table and not line.is_slanted]
        is_prose = any("。" in line.text for line in free)
        may_go_on = (near_tables or was_near) and not is_prose
        # The head of a table without one: all of it was not seen.
        is_headless = not near_tables and not is_prose and any(_states_unit(line.text) for line in free)
        for line in free:
            figures = [word for word in line.text.split() if _FIGURE_OR_STROKE.fullmatch(word)]
            decimals = sum("." in figure for figure in figures)
            is_bare = len(figures) == len(line.text.split()) and decimals >= _FIGURES_ENOUGH
            is_row = may_go_on and _ends_a_row(line.text.split())
            if is_headless and not is_row:
                is_row = any(_MONEY_IN_TEXT.fullmatch(word) for word in line.text.split())
            if is_bare or (is_row and decimals):
                message = f"figures in no table: {line.text}"
                notes.append(Note("amount_not_understood", message, page.number, line.text))
        near_tables = near_tables or (was_near and may_go_on)
    return tuple(notes)


def _ends_a_row(words: Sequence[str]) -> bool:
    """Whether a line ends as a row of a table does: in a figure with decimals, or in a stroke after one."""
    is_stroke = bool(_FIGURE_OR_STROKE.fullmatch(words[-1])) and not any(c.isdigit() for c in words[-1])
    return any(_MONEY_IN_TEXT.fullmatch(word) for word in (words if is_stroke else words[-1:]))


def _states_unit(text: str) -> bool:
    levelled = plain(text)
    return any(re.search(pattern, levelled) for pattern in load_catalogue().wording.unit_patterns)


def amount_like_in(table: JoinedTable, catalogue: Catalogue) -> list[GridCell]:
    """The amount-like cells of a table as it was extracted, whatever the table is."""
    found: list[GridCell] = []
    for part in instances(table, catalogue):
        grid = build_grid(part)
        header = read_header(grid, len(lead_rows(grid, catalogue)), catalogue)
        found += amount_like_cells(grid, header, catalogue)
    return found


def amount_like_cells(grid: Grid, header: Header, catalogue: Catalogue) -> list[GridCell]:
    """The amount-like cells below a header, in reading order."""
    found: list[GridCell] = []
    targets = False
    texts_too = any(
        cell.printed.content == "number" and cell.printed.decimals for row in grid.rows for cell in row
    )
    codes = code_columns(grid, header, catalogue)
    for number in range(header.body, len(grid.rows)):
        row = [cell for cell in grid.rows[number] if cell.column not in codes or cell.column_span > 1]
        if any(_is_indicator_word(cell, catalogue) for cell in row):
            targets = True
        if targets:
            continue
        named = [cell for cell in row if cell.text]
        if number not in header.column_numbers and not is_column_numbers(named, catalogue):
            found += [
                cell for cell in row if _is_amount_like(cell, row, header.path_of(cell), texts_too, catalogue)
            ]
    found += [cell for cell in grid.dropped if _is_dropped_amount(cell, grid, catalogue)]
    return found


def _is_indicator_word(cell: GridCell, catalogue: Catalogue) -> bool:
    return cell.text in catalogue.wording.indicator_words


def _is_amount_like(
    cell: GridCell,
    row: Sequence[GridCell],
    path: tuple[str, ...],
    texts_too: bool,
    catalogue: Catalogue,
) -> bool:
    content = cell.printed.content
    if content == "text":
        # With its white space too: 559.37 1、人员经费 is 559.371、人员经费 without it.
        printed = (cell.text, cell.cell.text)
        return texts_too and len(cell.text) <= _SHORT_TEXT and any(map(_MONEY_IN_TEXT.search, printed))
    if content not in ("number", "numbers"):
        return False
    # A figure beside a rate in one cell (增减额 and 增减幅度 not parted) is one under whatever words.
    has_figure = content == "numbers" and _MONEY_IN_TEXT.search(cell.cell.text) is not None
    if path and (catalogue.is_never_amount(path[-1]) or _counts(path[-1], catalogue)) and not has_figure:
        return False
    names = [other.text for other in row if other.column < cell.column and _is_name(other)]
    if names and _counts(names[-1], catalogue):
        return False
    if not _INTEGER.fullmatch(cell.text):
        return True
    if any(catalogue.is_never_amount(word) or word.endswith(catalogue.words.code_ends) for word in path):
        return False
    if any(catalogue.role_of_word.get(word) in ("code", "unit", "line_number", "remark") for word in path):
        return False
    if path and not any(catalogue.role_of_word.get(word) == "label" for word in path):
        return True
    # Without a header, or under a name's: digits are a code if they are built like one and stand
    # left of a name.
    name_follows = any(other.column > cell.column and _is_name(other) for other in row)
    return not (name_follows and (_CODE.fullmatch(cell.text) or len(cell.text) == 2))


def _counts(name: str, catalogue: Catalogue) -> bool:
    """Whether a row or column counts things (公务用车保有量（辆）) instead of money."""
    return bool(re.search(catalogue.wording.count_pattern, name))


def _is_name(cell: GridCell) -> bool:
    return cell.printed.content == "text" and any("\u4e00" <= c <= "\u9fff" for c in cell.text)


def _is_dropped_amount(cell: GridCell, grid: Grid, catalogue: Catalogue) -> bool:
    if cell.printed.content not in ("number", "numbers"):
        return False
    same_row = [
        other
        for other in grid.dropped
        if other.cell.page == cell.cell.page and other.cell.row == cell.cell.row and other.text
    ]
    return not is_column_numbers(same_row, catalogue)
