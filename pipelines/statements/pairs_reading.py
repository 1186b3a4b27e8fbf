"""Reading a form sheet: amounts beside their labels (funds of a project)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipelines.statements.amounts import amount_like_cells
from pipelines.statements.catalogue import Catalogue, KnownForm
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.headers import Header
from pipelines.statements.printed_text import label_of, one_line, plain
from pipelines.statements.rows import RowKey
from pipelines.statements.table_reading import Placed, TableReading, Unplaced


def read_pairs(grid: Grid, header: Header, form: KnownForm, catalogue: Catalogue) -> TableReading:
    """Read each amount by the label left of it and the labels above that one.

    The same label (其他资金) means different things in different columns of labels, so a column's
    pattern names the head of its column of labels too. The instance is named beside one of the
    form's ``name_labels``.
    """
    name = _instance_name(grid, form)
    placed: list[Placed] = []
    unplaced: list[Unplaced] = []
    used: set[str] = set()
    found: set[str] = set()
    for cell in amount_like_cells(grid, header, catalogue):
        label = _label_left_of(cell, grid)
        path = _labels_above(label, grid) if label is not None else []
        column_id = _column_of(path, form)
        printed = " / ".join(one_line(step.cell.text) for step in path)
        if cell.printed.content != "number" or cell in grid.dropped:
            unplaced.append(Unplaced(cell, "amount", cell.cell.text))
        elif not column_id or column_id in used:
            unplaced.append(Unplaced(cell, "column", printed))
        elif not name:
            unplaced.append(Unplaced(cell, "row", printed))
        else:
            used.add(column_id)
            row = RowKey("project", plain(name), name, name)
            placed.append(Placed(cell, row, cell.row + 1, "", column_id, printed))
        found |= {column_id} - {""}
    labels = {label_of(cell.cell.text) for cell in grid.cells()}
    wanted = {label_of(path.split("/")[-1]) for column in form.form.columns for path in column.paths}
    share = len(labels & wanted) / max(1, min(len(wanted), len(form.form.columns)))
    return TableReading(
        tuple(placed),
        tuple(unplaced),
        1 if placed else 0,
        min(1.0, share),
        len(placed) / (len(placed) + len(unplaced)) if placed or unplaced else 1.0,
        frozenset(found),
        name,
    )


def _instance_name(grid: Grid, form: KnownForm) -> str:
    wanted = {label_of(label) for label in form.form.name_labels}
    for row in grid.rows:
        for cell, following in pairwise(row):
            if label_of(cell.cell.text) in wanted and following.text:
                return one_line(following.cell.text)
    return ""


def _label_left_of(cell: GridCell, grid: Grid) -> GridCell | None:
    """The nearest cell with text left of an amount, in its row."""
    left = [
        other
        for other in grid.covering(cell.row)
        if other.column < cell.column and other.printed.content == "text"
    ]
    return max(left, key=lambda other: other.column, default=None)


def _labels_above(label: GridCell, grid: Grid) -> list[GridCell]:
    """The labels of the column of labels that a label stands in, from its first to itself."""
    column: list[GridCell] = []
    for row in range(label.row, -1, -1):
        above = [
            cell
            for cell in grid.rows[row]
            if cell.text and cell.column == label.column and cell.column_span == label.column_span
        ]
        column += above
        if row < label.row and not above and not _is_covered(row, label.column, grid):
            break
    return column[::-1]


def _is_covered(row: int, column: int, grid: Grid) -> bool:
    return any(cell.column <= column <= cell.last_column for cell in grid.covering(row))


def _column_of(path: Sequence[GridCell], form: KnownForm) -> str:
    if not path:
        return ""
    printed = [label_of(step.cell.text) for step in path]
    best = (0, -1)
    chosen = ""
    for column in form.form.columns:
        for pattern in column.paths:
            words = [label_of(word) for word in pattern.split("/")]
            if words[-1] != printed[-1] or not all(word in printed for word in words):
                continue
            nearest = min(len(printed) - 1 - printed[::-1].index(word) for word in words)
            if (len(words), nearest) > best:
                best, chosen = (len(words), nearest), column.id
    return chosen
