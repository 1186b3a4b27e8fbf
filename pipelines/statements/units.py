"""In which unit a statement's amounts are printed: a fact of each table, never carried over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipelines.statements.catalogue import Catalogue
from pipelines.statements.grid import Grid
from pipelines.statements.printed_text import plain

_UNIT_ALONE = 12  # characters of a line that says nothing but the unit (（金额单位：人民币万元）)


def unit_in(text: str, catalogue: Catalogue) -> str:
    """The unit that a line or cell states, or an empty string."""
    levelled = plain(text)
    for pattern in catalogue.wording.unit_patterns:
        if found := re.search(pattern, levelled):
            return str(found.group(1))
    return ""


def document_unit(lines: Iterable[str], cover: Iterable[str], stated: set[str], catalogue: Catalogue) -> str:
    """The unit that the document states for all of its statements, or an empty string.

    ``cover`` are the lines of the pages before the first table: a line there that says nothing but the
    unit is meant for all, unless some statement prints another (``stated`` are those that are printed).
    A unit said with one statement only is that statement's own.
    """
    said = {
        unit
        for line in cover
        if (unit := unit_in(line, catalogue)) and len(plain(line)) <= _UNIT_ALONE and "单位" in plain(line)
    }
    if len(said) == 1 and stated <= said:
        return said.pop()
    for line in lines:
        levelled = plain(line)
        for pattern in catalogue.wording.document_unit_patterns:
            if found := re.search(pattern, levelled):
                return str(found.group(1))
    return ""


def statement_unit(
    lead: Sequence[str], grid: Grid, trail: Sequence[str], whole_document: str, catalogue: Catalogue
) -> str:
    """The unit of one statement.

    Looked for in the text before it (nearest first), in its cells, in the notes right below, and
    last in what the document says for all statements. Two different units inside its cells, or
    others there than above, count as none: such amounts are not to be guessed.
    """
    inside = {unit for cell in grid.cells() if (unit := unit_in(cell.text, catalogue))}
    for line in reversed(lead):
        if unit := unit_in(line, catalogue):
            return unit if not inside or unit in inside else ""
    if len(inside) == 1:
        return inside.pop()
    if inside:
        return ""
    for line in trail[:3]:
        if unit := unit_in(line, catalogue):
            return unit
    return whole_document
