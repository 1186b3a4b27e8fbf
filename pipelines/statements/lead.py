"""Text that belongs to the title of a table but stands in its first rows: title, unit, department."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extraction.model import TextLine
from pipelines.statements.catalogue import Catalogue
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.printed_text import plain
from pipelines.statements.titles import department_in, is_title_like, label_in
from pipelines.statements.units import unit_in

_ALIGNED = 3.0  # points between the left edges of lines that begin at the same place


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


def department_before(lines: Sequence[TextLine], catalogue: Catalogue) -> str:
    """The department named nearest above a table, with a second line of its name if there is one.

    A long name is wrapped below its own beginning while the unit stands to its right.
    """
    for index in range(len(lines) - 1, -1, -1):
        name = department_in(lines[index].text, catalogue)
        if name:
            rest = [line.text for line in lines[index + 1 :] if _goes_on(lines[index], line, catalogue)]
            return plain(name + "".join(rest[:1]))
    return ""


def _goes_on(first: TextLine, line: TextLine, catalogue: Catalogue) -> bool:
    same_place = first.page == line.page and abs(first.box.x0 - line.box.x0) < _ALIGNED
    height = first.box.bottom - first.box.top
    close = 0 <= line.box.top - first.box.bottom < height
    is_text = ":" not in plain(line.text) and not is_title_like(line.text, catalogue)
    return same_place and close and is_text and not unit_in(first.text, catalogue)
