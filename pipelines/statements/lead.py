"""Text that belongs to the title of a table but stands in its first rows: title, unit, department."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.statements.catalogue import Catalogue
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.printed_text import plain
from pipelines.statements.titles import department_in, is_title_like, label_in
from pipelines.statements.units import unit_in


def lead_rows(grid: Grid, catalogue: Catalogue) -> list[tuple[GridCell, ...]]:
    """The first rows of a grid that hold nothing but title, label, year, unit and department."""
    rows: list[tuple[GridCell, ...]] = []
    for row in grid.rows:
        named = [cell for cell in row if cell.text]
        if not all(_is_lead(cell, len(named), catalogue) for cell in named):
            break
        rows.append(row)
    # Rows without any text at the end belong to the header, not to the title.
    while rows and not any(cell.text for cell in rows[-1]):
        rows.pop()
    return rows


def lead_texts(rows: Sequence[tuple[GridCell, ...]]) -> list[str]:
    """The printed lines of lead rows, in order."""
    return [line for row in rows for cell in row for line in cell.cell.text.splitlines() if line.strip()]


def _is_lead(cell: GridCell, beside: int, catalogue: Catalogue) -> bool:
    lines = [line for line in cell.cell.text.splitlines() if line.strip()]
    whole = plain(cell.cell.text)
    if is_title_like(whole, catalogue) and whole not in catalogue.role_of_word and beside <= 2:
        return True
    return all(_is_lead_line(line, catalogue) for line in lines)


def _is_lead_line(line: str, catalogue: Catalogue) -> bool:
    text = plain(line)
    if unit_in(line, catalogue) and (":" in text or "单位" in text):
        return True
    if department_in(line, catalogue) or label_in(line, catalogue) == text:
        return True
    if re.fullmatch(rf"\(?{catalogue.wording.year_pattern}\)?", text):
        return True
    return is_title_like(line, catalogue)
