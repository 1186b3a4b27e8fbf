"""A statement as it is to be printed, whoever prints it: head, grid, notes, and the truth of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.corpus.document import Plan, StatementBlock
from tests.corpus.forms import build, number_format
from tests.corpus.grid import Grid, GridCell
from tests.corpus.sheet import EMBEDDED, text_width
from tests.corpus.space_scores import Printed


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """Texts of the head, the grid with spans, notes below, and the settings of page, rules and type."""

    label: str
    label_align: str
    title: str
    left: str
    right: str
    grid: Grid
    notes: tuple[str, ...]
    settings: Mapping[str, Any]

    @property
    def table(self) -> Mapping[str, Any]:
        """Rules and type."""
        return self.settings["table"]  # type: ignore[no-any-return]

    def fitting_size(self, cell: GridCell, padding: float) -> float:
        """The type size at which a figure fits its cell, as spreadsheet programs shrink it."""
        page = self.settings["page"]
        inner = page["width"] - page["left"] - page["right"]
        widths = self.grid.widths
        own = sum(widths[cell.column : cell.column + cell.column_span])
        room = inner * own / sum(widths) - padding
        size = float(self.table["size"])
        return min(size, size * room / max(text_width(cell.text, EMBEDDED, size), 1.0))


def printed_statement(plan: Plan, block: StatementBlock) -> PrintedStatement:
    """What a statement of a plan prints."""
    form, content = block.form, block.content
    fields = {
        "year": plan.year,
        "department": plan.department,
        "unit": content.unit or number_format(form).unit,
    }
    return PrintedStatement(
        form.text("label", **fields),
        str(form.settings.get("label_align", "left")),
        form.text("title", **fields),
        form.text("head_left", **fields),
        form.text("head_right", **fields),
        build(form, content, plan.year),
        tuple(form.texts("empty_notes" if content.is_empty else "notes", **fields)),
        form.settings,
    )


def printed_amounts(plan: Plan) -> list[Printed]:
    """The truth of a plan: every amount of its statements, in printed order."""
    return [
        Printed(block.form.statement_id, cell.tag.row_key, cell.tag.column_id, cell.tag.yuan, cell.text)
        for block in plan.blocks
        if isinstance(block, StatementBlock)
        for cell in printed_statement(plan, block).grid.cells
        if cell.tag is not None
    ]
