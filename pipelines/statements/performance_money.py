"""Money of projects: the lines below a head of money, form sheets, and lists of projects with amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pipelines.extraction.model import cell_id
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.performance_model import PerformanceProject, Scope
from pipelines.statements.performance_sheets import (
    Head,
    Owner,
    Sheet,
    SheetReader,
    amount_in,
    columns_of,
    points_in,
    rate_in,
)
from pipelines.statements.performance_words import PerformanceWords, meaning_of
from pipelines.statements.printed_text import label_of, one_line
from pipelines.statements.units import unit_in


def read_money(reader: SheetReader, sheet: Sheet, head: Head, end: int, owner: Owner) -> None:
    """Read the lines of money between a head and ``end`` (a row number), up to a row that is none."""
    unit = _unit(sheet, head.row)
    for number in range(head.row + 1, end):
        row = sheet.grid.covering(number)
        labels = [
            (cell, line)
            for cell in row
            if cell.row == number and (line := meaning_of(cell.cell.text, reader.words.money_lines))
        ]
        if not labels:
            return
        _add_money(reader, head, row, *labels[-1], unit, owner)


def _unit(sheet: Sheet, head_row: int) -> str:
    """The unit of a band of money: what its head says, else its surroundings."""
    catalogue = load_catalogue()
    said = {unit for cell in sheet.grid.covering(head_row) if (unit := unit_in(cell.text, catalogue))}
    return said.pop() if len(said) == 1 else sheet.unit


def _add_money(
    reader: SheetReader,
    head: Head,
    row: Sequence[GridCell],
    label: GridCell,
    line: str,
    unit: str,
    owner: Owner,
) -> None:
    amounts = {
        meaning: amount_in(head.cells(meaning, row), unit) for meaning in ("initial", "adjusted", "final")
    }
    rate = rate_in(head.cells("rate", row))
    weight, score = points_in(head.cells("weight", row)), points_in(head.cells("score", row))
    if not any(amounts.values()) and rate is None and score is None:
        return
    cells = {meaning: found[0] if found else None for meaning, found in amounts.items()}
    _append_money(
        reader,
        label,
        line=line,
        unit=unit,
        owner=owner,
        amounts={meaning: found[1:] for meaning, found in amounts.items() if found},
        rate=rate,
        weight=weight,
        score=score,
        cells=cells,
    )


def _append_money(
    reader: SheetReader,
    label: GridCell,
    *,
    line: str,
    unit: str,
    owner: Owner,
    amounts: Mapping[str, tuple[Decimal, Decimal]],
    cells: Mapping[str, GridCell | None],
    rate: tuple[GridCell, Decimal, bool] | None = None,
    weight: tuple[GridCell, Decimal] | None = None,
    score: tuple[GridCell, Decimal] | None = None,
) -> None:
    def amount(meaning: str) -> Decimal | None:
        return amounts[meaning][0] if meaning in amounts else None

    def place(cell: GridCell | None) -> str:
        return cell_id(reader.document_id, cell.cell) if cell is not None else ""

    printed = one_line(rate[0].cell.text) if rate else ""
    reader.projects.append(
        PerformanceProject(
            line_number=len(reader.projects) + 1,
            sheet_number=reader.n_sheets,
            sheet_kind=owner.kind,
            scope=owner.scope,
            project_name=owner.name,
            money_line=line,
            line_label=one_line(label.cell.text),
            initial_yuan=amount("initial"),
            adjusted_yuan=amount("adjusted"),
            final_yuan=amount("final"),
            unit=unit if amounts else "",
            precision_yuan=max((precision for _, precision in amounts.values()), default=None),
            rate=rate[1] if rate else None,
            rate_printed=printed,
            rate_decimals=len(printed.rstrip("%").partition(".")[2]),
            rate_is_percent=rate[2] if rate else False,
            weight=weight[1] if weight else None,
            score=score[1] if score else None,
            page=label.cell.page,
            cell_id=cell_id(reader.document_id, label.cell),
            initial_cell_id=place(cells.get("initial")),
            adjusted_cell_id=place(cells.get("adjusted")),
            final_cell_id=place(cells.get("final")),
            rate_cell_id=place(rate[0] if rate else None),
            weight_cell_id=place(weight[0] if weight else None),
            score_cell_id=place(score[0] if score else None),
        )
    )


def read_statement_money(reader: SheetReader, sheet: Sheet, owner: Owner) -> None:
    """Money of a form sheet that is a statement too: what was placed there is not looked for again."""
    lines = reader.words.from_statement.get(sheet.statement_id, {})
    assert sheet.reading is not None
    for item in sheet.reading.placed:
        if item.column_id in lines and (found := amount_in([item.cell], sheet.unit)):
            label = max(
                (
                    cell
                    for cell in sheet.grid.covering(item.cell.row)
                    if cell.text and cell.column < item.cell.column
                ),
                key=lambda cell: cell.column,
                default=item.cell,
            )
            _append_money(
                reader,
                label,
                line=lines[item.column_id],
                unit=sheet.unit,
                owner=owner,
                amounts={"initial": found[1:]},
                cells={"initial": found[0]},
            )


def list_head(grid: Grid, words: PerformanceWords) -> Head | None:
    """The head of a list of projects: every word of it known, one project and an amount among them."""
    cells = [cell for cell in grid.rows[0] if cell.text] if grid.rows else []
    columns = columns_of(cells, words.list_columns)
    known = [meaning for meaning, _ in columns]
    amounts = [meaning for meaning in known if meaning in ("amount", "initial", "adjusted", "final")]
    fits = len(columns) == len(cells) and known.count("project") == 1 and len(amounts) == len(set(amounts))
    return Head(0, columns) if fits and amounts else None


def read_list(reader: SheetReader, sheet: Sheet, head: Head, scope: Scope) -> None:
    """Read the projects of a list, and the row that sums them up."""
    unit = _unit(sheet, head.row)
    # 金额 without more words is what was spent in final accounts, what is planned in a budget.
    plain_amount = "final" if reader.kind == "final_accounts" else "initial"
    for number in range(1, len(sheet.grid.rows)):
        row = sheet.grid.covering(number)
        named = head.cells("project", row) or [cell for cell in row if cell.row == number and cell.text][:1]
        if not named or named[0].printed.content == "number":
            continue
        amounts = {}
        for meaning in ("amount", "initial", "adjusted", "final"):
            if found := amount_in(head.cells(meaning, row), unit):
                amounts[plain_amount if meaning == "amount" else meaning] = found
        if not amounts:
            continue
        is_total = label_of(named[0].cell.text) in reader.words.totals
        _append_money(
            reader,
            named[0],
            line="list_total" if is_total else "total",
            unit=unit,
            owner=Owner("project_list", scope, "" if is_total else one_line(named[0].cell.text)),
            amounts={meaning: found[1:] for meaning, found in amounts.items()},
            cells={meaning: found[0] for meaning, found in amounts.items()},
            rate=rate_in(head.cells("rate", row)),
            score=points_in(head.cells("score", row)),
        )
