"""Reading a table by a form: every amount gets its row and its column, or a reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.statements.amounts import amount_like_cells
from pipelines.statements.catalogue import Catalogue, KnownForm
from pipelines.statements.columns import UNREAD, Block, GridColumn, column_for, read_blocks, touches
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.headers import Header
from pipelines.statements.printed_text import label_of, one_line, plain
from pipelines.statements.rows import (
    UNKNOWN_SECTION,
    FreeRows,
    RowKey,
    code_of,
    read_code_row,
    read_line_row,
)
from pipelines.statements.units_of_rows import (
    names_of_units,
    unit_key,
    unit_name,
    units_of_row,
    units_with_rows,
)

Reason = Literal["row", "column", "amount"]


_SUM = "小计"


@dataclass(frozen=True)
class Placed:
    """An amount whose meaning is understood."""

    cell: GridCell
    row: RowKey
    row_number: int
    side: str
    column_id: str
    column_path: str


@dataclass(frozen=True)
class Unplaced:
    """An amount that is not understood, and why, with the text a person needs to see."""

    cell: GridCell
    reason: Reason
    text: str


@dataclass(frozen=True)
class TableReading:
    """What a form made of a table. The scores (0 to 1) say how well header and rows fit the form."""

    placed: tuple[Placed, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    n_rows: int = 0
    header_score: float = 0.0
    content_score: float = 0.0
    found_columns: frozenset[str] = frozenset()
    name: str = ""
    printed_rows: tuple[str, ...] = ()
    by_unit: bool = False
    columns: tuple[GridColumn, ...] = ()
    unknown_rows: tuple[str, ...] = ()
    missing_columns: tuple[str, ...] = ()

    @property
    def unknown_headers(self) -> tuple[str, ...]:
        """The header paths of the columns that mean nothing to the form."""
        unknown = (c for c in self.columns if c.path and not (c.role not in ("", UNREAD) or c.column_id))
        return tuple(dict.fromkeys(" / ".join(column.path) for column in unknown))

    @property
    def rows_in_print(self) -> tuple[str, ...]:
        """Keys of all rows understood, blank ones too; ``?`` where a row or an amount is not understood."""
        keys = (*self.printed_rows, *(item.row.key for item in self.placed))
        unknown = ("?",) if any(item.reason in ("row", "amount") for item in self.unplaced) else ()
        if self.by_unit:
            # The rows of the whole are not printed; what they would be is not known.
            unknown = ("?",)
        return tuple(dict.fromkeys((*keys, *unknown)))

    @property
    def columns_in_print(self) -> tuple[str, ...]:
        """Ids of all columns found, blank ones too; ``?`` where one or an amount is not understood."""
        unknown = ("?",) if any(item.reason in ("column", "amount") for item in self.unplaced) else ()
        return (*sorted(self.found_columns | {item.column_id for item in self.placed}), *unknown)


@dataclass
class _State:
    """What is remembered while going down the rows of one block."""

    free: FreeRows
    n_rows_with_amounts: int
    section: str = ""
    section_label: str = ""
    rows_with_amounts: int = 0
    several_units: bool = False
    unit: str = ""
    code: str = ""
    unit_names: Mapping[str, str] = field(default_factory=dict)
    known: int = 0
    unknown: list[str] = field(default_factory=list)
    items: int = 0
    keys: set[str] = field(default_factory=set)


def read_table(
    grid: Grid, header: Header, form: KnownForm, catalogue: Catalogue, year: int | None
) -> TableReading:
    """Read a table by a form. Never fails: what does not fit is in ``unplaced``."""
    blocks = read_blocks(grid, header, form, catalogue)
    amount_like = amount_like_cells(grid, header, catalogue)
    like = {id(cell) for cell in amount_like}
    tails = _ends_of_figures(grid)
    n_rows = len({cell.row for cell in amount_like if cell.row >= header.body})
    unit_names = names_of_units(grid, header, blocks, catalogue)
    several = form.form.row_kind != "unit" and len(units_with_rows(grid, header, blocks, catalogue)) > 1
    states = [
        _State(FreeRows(catalogue), n_rows, several_units=several, unit_names=unit_names) for _ in blocks
    ]
    placed: list[Placed] = []
    unplaced: list[Unplaced] = []
    printed_rows: list[str] = []
    used: dict[tuple[str, str], set[str]] = {}
    for number in range(header.body, len(grid.rows)):
        covering = grid.covering(number)
        if _is_repeated_header(grid.rows[number], header) or _is_note(covering, catalogue):
            continue
        for index, block in enumerate(blocks):
            amounts = [
                cell
                for cell in grid.rows[number]
                if id(cell) in like and (found := column_for(cell, blocks)) and found[0] is block
            ]
            below = [cell for cell in covering if cell.row >= header.body]
            row = _sum_above(grid, number, block, states[index], form, year)
            if row is None:
                row = _read_row(below, block, blocks, states[index], form, catalogue, year, bool(amounts))
            printed_rows += [row.key] if row is not None else []
            unplaced += [Unplaced(cell, "amount", cell.cell.text) for cell in amounts if id(cell) in tails]
            amounts = [cell for cell in amounts if id(cell) not in tails]
            _place(amounts, row, number - header.body + 1, block, blocks, used, placed, unplaced, covering)
    unplaced += [Unplaced(cell, "amount", cell.cell.text) for cell in grid.dropped if id(cell) in like]
    done = {id(item.cell) for item in placed} | {id(item.cell) for item in unplaced}
    rest = [cell for cell in amount_like if id(cell) not in done]
    unplaced += [Unplaced(cell, "row", cell.cell.text) for cell in rest]
    known, unknown = sum(s.known for s in states), sum(len(s.unknown) for s in states)
    header_score = _header_score(blocks, form)
    # Free rows take any name, so that they say nothing about the form.
    has_items = any(state.items for state in states)
    tells = known + unknown > 0 and (not form.form.free_row_keys or has_items)
    content_score = known / (known + unknown) if tells else header_score
    return TableReading(
        placed=tuple(placed),
        unplaced=tuple(unplaced),
        n_rows=len({item.row_number for item in placed}) if form.form.one_row else known,
        header_score=header_score,
        # A statement printed empty has no rows to judge: then the header speaks for them too.
        content_score=content_score,
        found_columns=frozenset(c.column_id for b in blocks for c in b.columns if c.column_id),
        printed_rows=tuple(printed_rows) or (("total",) if form.form.one_row else ()),
        by_unit=several and any(item.row.kind == "unit" for item in placed),
        columns=tuple(column for block in blocks for column in block.columns),
        unknown_rows=tuple(dict.fromkeys(label for state in states for label in state.unknown)),
        missing_columns=_missing_columns(blocks, form),
    )


def _ends_of_figures(grid: Grid) -> set[int]:
    """The cells that hold the last digits of a figure wrapped over two rows: 21 below 9,200,843."""
    last: dict[int, GridCell] = {}
    found: set[int] = set()
    for cell in grid.cells():
        if not cell.text:
            continue
        above = last.get(cell.column)
        is_cut = above is not None and above.printed.content == "numbers" and above.text[-1] in ",."
        if is_cut and cell.text.isdigit() and len(cell.text) <= 3:
            found.add(id(cell))
        last[cell.column] = cell
    return found


def _read_row(
    covering: Sequence[GridCell],
    block: Block,
    blocks: Sequence[Block],
    state: _State,
    form: KnownForm,
    catalogue: Catalogue,
    year: int | None,
    has_amounts: bool,
) -> RowKey | None:
    """What this row is in this block; remembers sections, names and how many rows are understood."""
    state.rows_with_amounts += has_amounts
    keys = [cell for cell in covering if cell.text and touches(cell, block.keys)]
    # 类 款 项 are printed in the row of the total where the header leaves no room for them.
    keys = [cell for cell in keys if not set(cell.text) <= set(catalogue.words.code_levels)]
    if has_amounts and not keys:
        keys = _label_among_amounts(covering, block, blocks)
    codes = [cell for cell in keys if touches(cell, block.of_role("code"))]
    units = units_of_row(covering, block, catalogue)
    keys = [cell for cell in keys if cell not in units]
    labels = [cell for cell in keys if cell not in codes and cell.printed.content == "text"]
    described = [cell for cell in covering if cell.text and touches(cell, block.of_role("text"))]
    total = next((cell for cell in (*units, *described) if cell.text in catalogue.total_words), None)
    unit = unit_name(units, catalogue, state.unit_names)
    if form.form.one_row and not keys:
        return _only_row(state, total, unit) if has_amounts else None
    if not keys and total is None:
        # The sum of a unit, printed above its rows.
        state.unit = unit or state.unit
        if not unit or not (state.several_units or block.keys):
            # A row of amounts that says nothing to this form tells against it.
            state.unknown += [unit] if has_amounts else []
            return None
        state.known += 1
        return RowKey("unit", unit_key(unit), unit, unit)
    row: RowKey | None
    if not keys and total is not None:
        label = one_line(total.cell.text)
        row = RowKey(form.form.row_kind, "total", label, label)
    elif form.form.row_kind in ("functional", "economic"):
        prints_codes = bool(block.of_role("code"))
        row = read_code_row(
            codes,
            labels,
            form,
            catalogue,
            year,
            prints_codes=prints_codes,
            above=state.code,
            levels=block.code_levels(catalogue),
        )
        state.code = row.key if row is not None and row.key.isdigit() else state.code
        if row is not None and state.several_units:
            row = _row_of_unit(row, unit, state, form)
    elif form.form.row_kind == "line":
        side = _side_of_label(labels, block, blocks)
        row = read_line_row(labels or codes, form, side, state.section, year, state.keys)
        row = _in_section(row, state)
        if row is None and form.form.one_row and plain(keys[0].text) in catalogue.total_words:
            row = RowKey("line", "total", one_line(keys[0].cell.text), one_line(keys[0].cell.text))
    elif form.form.row_kind == "unit" and _tells_an_item(codes):
        # A list of units tells their totals; where items have rows it is another statement.
        row = None
        state.items += 1
    else:
        row = state.free.read([*codes, *labels], form.form.row_kind)
        if any(cell.text and touches(cell, block.of_role(UNREAD)) for cell in covering):
            row = None
    if row is None:
        state.unknown.append(" ".join(one_line(cell.cell.text) for cell in keys))
        # What is not understood may have opened a section, and ended the one before.
        state.section = UNKNOWN_SECTION
    elif has_amounts or keys:
        state.known += 1
        state.keys.add(row.key)
    return row


def _tells_an_item(codes: Sequence[GridCell]) -> bool:
    """Whether a row prints the code of a functional section or item (departments' own have 3 or 6 digits)."""
    return len(code_of([cell.cell.text for cell in codes], "functional")) > 3


def _label_among_amounts(
    covering: Sequence[GridCell], block: Block, blocks: Sequence[Block]
) -> list[GridCell]:
    """The name of a total that stands left of a block in another one's column of amounts.

    公用经费合计 in the middle of several blocks, its amount in the last of them.
    """
    first = min(column.index for column in block.columns)
    before = [cell for cell in covering if cell.text and cell.last_column < first]
    if not before or before[-1].printed.content != "text":
        return []
    return [] if any(touches(before[-1], other.keys) for other in blocks) else before[-1:]


def _sum_above(
    grid: Grid, number: int, block: Block, state: _State, form: KnownForm, year: int | None
) -> RowKey | None:
    """The line that a bare 小计 means for the line printed next below it in the same block."""
    if form.form.row_kind != "line":
        return None
    labels = [cell for cell in grid.covering(number) if cell.text and touches(cell, block.keys)]
    if len(labels) != 1 or label_of(labels[0].cell.text) != _SUM:
        return None
    for below in range(labels[0].last_row + 1, len(grid.rows)):
        named = [cell for cell in grid.rows[below] if cell.text and touches(cell, block.keys)]
        named = [cell for cell in named if cell.printed.content == "text"]
        if named:
            next_row = read_line_row(named, form, block.side, state.section, year, state.keys)
            meant = next_row.line.line.after_sum if next_row is not None and next_row.line else ""
            if next_row is None or not meant:
                return None
            state.known += 1
            lines = [known for spelled in form.by_label.values() for known in spelled]
            line = next((k for k in lines if k.line.key == meant and k.side == next_row.side), None)
            label = one_line(labels[0].cell.text)
            return None if line is None else RowKey(line.row_kind, meant, label, label, line.side, line)
    return None


def _only_row(state: _State, total: GridCell | None, unit: str) -> RowKey | None:
    """The row of a statement of one row: the only one with amounts, that of the total, or a unit's."""
    if total is None and unit and state.n_rows_with_amounts > 1:
        state.known += 1
        return RowKey("unit", unit_key(unit), unit, unit)
    if total is None and state.rows_with_amounts > 1:
        state.unknown.append(unit)
        return None
    state.known += 1
    label = one_line(total.cell.text) if total is not None else unit
    return RowKey("line", "total", label, label)


def _row_of_unit(row: RowKey, unit: str, state: _State, form: KnownForm) -> RowKey | None:
    """A row of a statement that lists the rows of each unit: the unit's own, or the total of all.

    A unit's name may be printed once, above or beside its first row. A total without a unit's name
    counts for all of them before the first unit or in the last row, elsewhere it is nobody's.
    """
    state.unit = unit or state.unit
    is_total = row.key == "total"
    if is_total and not unit and (not state.unit or state.rows_with_amounts == state.n_rows_with_amounts):
        return row
    if not state.unit or (is_total and not unit):
        return None
    key = f"{unit_key(state.unit)}/{row.key}"
    return RowKey("unit", key, row.label, f"{state.unit} / {row.path}")


def _in_section(row: RowKey | None, state: _State) -> RowKey | None:
    if row is None or row.line is None:
        return row
    line = row.line.line
    if line.opens_section:
        state.section, state.section_label = line.key, row.label
    elif line.closes_section:
        state.section = ""
    elif line.under:
        return RowKey(row.kind, row.key, row.label, f"{state.section_label} / {row.path}", row.side, row.line)
    return row


def _side_of_label(labels: Sequence[GridCell], block: Block, blocks: Sequence[Block]) -> str:
    """A label merged over another block's columns speaks for that block's side."""
    for cell in labels[:1]:
        found = column_for(cell, blocks)
        if found is not None:
            return found[0].side
    return block.side


def _place(
    amounts: Sequence[GridCell],
    row: RowKey | None,
    number: int,
    block: Block,
    blocks: Sequence[Block],
    used: dict[tuple[str, str], set[str]],
    placed: list[Placed],
    unplaced: list[Unplaced],
    covering: Sequence[GridCell],
) -> None:
    """Put the amounts of one row of one block in their places; ``used`` are the places taken so far."""
    label = " ".join(one_line(c.cell.text) for c in covering if c.text and touches(c, block.keys))
    side = (row.side if row is not None else "") or block.side
    # A key that stands twice (the rows of each unit, a list below the statement) is not the
    # statement's own again; free rows may well have the same name.
    is_own = row is not None and row.kind in ("functional", "economic", "line")
    taken = used.setdefault((row.key, side), set()) if row is not None and is_own else set()
    for cell in amounts:
        found = column_for(cell, blocks)
        columns = found[1] if found else []
        column = _one_column(columns)
        if cell.printed.content != "number":
            unplaced.append(Unplaced(cell, "amount", cell.cell.text))
        elif column is None:
            header = " / ".join(dict.fromkeys(word for c in columns for word in c.path))
            unplaced.append(Unplaced(cell, "column", header))
        elif row is None:
            unplaced.append(Unplaced(cell, "row", label))
        elif column.column_id in taken:
            unplaced.append(Unplaced(cell, "column", f"{label} / {' / '.join(column.path)} (twice)"))
        else:
            taken.add(column.column_id)
            placed.append(Placed(cell, row, number, side, column.column_id, " / ".join(column.path)))


def _one_column(columns: Sequence[GridColumn]) -> GridColumn | None:
    """The one amount column that a cell covers, or None where it covers none or several."""
    known = {column.column_id: column for column in reversed(columns) if column.column_id}
    if len(known) != 1 or any(column.role and column.role != "line_number" for column in columns):
        return None
    return next(iter(known.values()))


def _is_repeated_header(row: Sequence[GridCell], header: Header) -> bool:
    """A row that says again what the header says, or only numbers the columns."""
    named = [cell for cell in row if cell.text]
    words = {(word.column, word.text) for word in header.words}
    return bool(named) and all((cell.column, cell.text) in words for cell in named)


def _is_note(covering: Sequence[GridCell], catalogue: Catalogue) -> bool:
    """A note printed inside the table's frame below the last row."""
    named = [cell for cell in covering if cell.text]
    if len(named) != 1 or len(named[0].text) < 8 or named[0].printed.content != "text":
        return False
    return any(named[0].text.startswith(start) for start in catalogue.wording.note_starts)


def _missing_columns(blocks: Sequence[Block], form: KnownForm) -> tuple[str, ...]:
    """The names of the columns that the form cannot be without and that are not there."""
    found = {column.column_id for block in blocks for column in block.columns}
    return tuple(form.column(column).name_zh for column in form.form.requires if column not in found)


def _header_score(blocks: Sequence[Block], form: KnownForm) -> float:
    """Share of the headed columns that mean something in the form; halved if a required one lacks."""
    headed = [column for block in blocks for column in block.columns if column.path]
    if not headed:
        return 0.0
    known = [column for column in headed if column.role not in ("", UNREAD) or column.column_id]
    found = {column.column_id for column in known}
    score = len(known) / len(headed)
    if not set(form.form.requires) <= found:
        score /= 2
    if form.form.requires_any and not found & set(form.form.requires_any):
        score /= 2
    if not found - {""}:
        score /= 2
    if form.form.free_row_keys and not any(block.of_role("free") for block in blocks):
        score /= 2
    return score
