"""Tables that are one statement though they were printed as two, and the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipelines.extraction.model import Cell, JoinedTable, Table
from pipelines.statements.catalogue import Catalogue
from pipelines.statements.numerals import read_number
from pipelines.statements.printed_text import plain
from pipelines.statements.titles import PrintedTitle, department_in, find_title, title_scores
from pipelines.statements.units import unit_in


def join_repeated(tables: Sequence[JoinedTable], catalogue: Catalogue) -> list[JoinedTable]:
    """Join a table to the one before it where the next page repeats title, department and header.

    Some programs print the whole head of a statement again on each page.
    """
    joined: list[JoinedTable] = []
    for table in tables:
        if joined and (repeated := _goes_on(joined[-1], table, catalogue)):
            before = joined[-1]
            joined[-1] = replace(
                before,
                parts=before.parts + table.parts,
                trail=table.trail,
                repeated_header_rows=(*_padded(before), repeated, *_padded(table)[1:]),
                broken_rows=(*before.broken_rows, *(n + len(before.parts) for n in table.broken_rows)),
            )
        else:
            joined.append(table)
    return joined


def _padded(table: JoinedTable) -> tuple[int, ...]:
    missing = len(table.parts) - len(table.repeated_header_rows)
    return table.repeated_header_rows + (0,) * missing


def _goes_on(before: JoinedTable, table: JoinedTable, catalogue: Catalogue) -> int:
    """How many header rows of ``table`` repeat those of ``before`` if it goes on, else 0."""
    first, last = before.parts[0], before.parts[-1]
    follows = table.parts[0].page == last.page + 1 and table.parts[0].number == 1
    if not follows or table.parts[0].n_columns != first.n_columns or not table.lead:
        return 0
    titles = [_title(t, catalogue) for t in (before, table)]
    if not titles[0].scores or plain(titles[0].text) != plain(titles[1].text):
        return 0
    if titles[0].label != titles[1].label or _department(before, catalogue) != _department(table, catalogue):
        return 0
    if _unit(table, catalogue) not in ("", _unit(before, catalogue)):
        return 0
    return _equal_rows(first, table.parts[0])


def _title(table: JoinedTable, catalogue: Catalogue) -> PrintedTitle:
    return find_title([line.text for line in table.lead], catalogue)


def _unit(table: JoinedTable, catalogue: Catalogue) -> str:
    units = [unit_in(line.text, catalogue) for line in table.lead[-4:]]
    return next((unit for unit in reversed(units) if unit), "")


def _department(table: JoinedTable, catalogue: Catalogue) -> str:
    names = [department_in(line.text, catalogue) for line in table.lead[-4:]]
    return next((name for name in reversed(names) if name), "")


def _texts(table: Table) -> dict[int, list[tuple[int, str]]]:
    rows: dict[int, list[tuple[int, str]]] = {}
    for cell in table.cells:
        if text := plain(cell.text):
            rows.setdefault(cell.row, []).append((cell.column, text))
    return rows


def _equal_rows(first: Table, other: Table) -> int:
    ours, theirs = _texts(first), _texts(other)
    count = 0
    while ours.get(count) and ours.get(count) == theirs.get(count):
        count += 1
    return count


def instances(table: JoinedTable, catalogue: Catalogue) -> list[JoinedTable]:
    """Split a joined table into its statements.

    Form sheets that follow one another, each with the same heading inside its frame, look like
    one table with a repeated header: a later part that begins with such a title is another. Two
    statements drawn in one frame are parted at the row that holds nothing but the second's title.
    """
    return [piece for sheet in _sheets(table, catalogue) for piece in _split_at_titles(sheet, catalogue)]


def _split_at_titles(table: JoinedTable, catalogue: Catalogue) -> list[JoinedTable]:
    if len(table.parts) != 1:
        return [table]
    part = table.parts[0]
    rows: dict[int, list[Cell]] = {}
    for cell in part.cells:
        if plain(cell.text):
            rows.setdefault(cell.row, []).append(cell)
    starts = [
        row
        for row, cells in sorted(rows.items())
        if len(cells) == 1 and _is_title_of_a_form(cells[0].text, catalogue) and _has_amounts(rows, row)
    ]
    if not starts:
        return [table]
    bounds = [0, *starts, part.n_rows]
    pieces = []
    for start, end in pairwise(bounds):
        cells = tuple(cell for cell in part.cells if start <= cell.row < end)
        pieces.append(replace(part, cells=cells, n_rows=end - start))
    return [
        JoinedTable(
            (piece,),
            table.lead if number == 0 else (),
            table.trail if number == len(pieces) - 1 else (),
            (0,),
        )
        for number, piece in enumerate(pieces)
    ]


def _is_title_of_a_form(text: str, catalogue: Catalogue) -> bool:
    return any(
        score >= 0.95 for line in text.splitlines()[:3] for score in title_scores(line, catalogue).values()
    )


def _has_amounts(rows: dict[int, list[Cell]], before: int) -> bool:
    """Whether figures stand above a row: a title at the head of a grid is that grid's own."""
    above = [cell for row, cells in rows.items() if row < before for cell in cells]
    return any(read_number(cell.text).content == "number" for cell in above)


def _sheets(table: JoinedTable, catalogue: Catalogue) -> list[JoinedTable]:
    starts = [0] + [
        number for number, part in enumerate(table.parts) if number and _begins_with_title(part, catalogue)
    ]
    if len(starts) == 1:
        return [table]
    split: list[JoinedTable] = []
    for start, end in zip(starts, [*starts[1:], len(table.parts)], strict=True):
        repeated = (0, *_padded(table)[start + 1 : end])
        broken = tuple(n - start for n in table.broken_rows if start < n < end)
        split.append(
            JoinedTable(
                parts=table.parts[start:end],
                lead=table.lead if start == 0 else (),
                trail=table.trail if end == len(table.parts) else (),
                repeated_header_rows=repeated,
                broken_rows=broken,
            )
        )
    return split


def _begins_with_title(part: Table, catalogue: Catalogue) -> bool:
    first = [cell for cell in part.cells if cell.row == 0 and plain(cell.text)]
    if len(first) != 1:
        return False
    scores = title_scores(first[0].text, catalogue)
    return any(
        catalogue.form(statement_id).form.layout == "pairs" and score >= 0.9
        for statement_id, score in scores.items()
    )
