"""Units among the rows of a department's statement: whose a row is, by name or by the unit's code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.statements.catalogue import Catalogue
from pipelines.statements.columns import Block, touches
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.headers import Header
from pipelines.statements.printed_text import one_line, plain, with_ideographs


def units_of_row(covering: Sequence[GridCell], block: Block, catalogue: Catalogue) -> list[GridCell]:
    """The cells of a row that name its unit.

    In a column of units and names (单位名称（科目）) the name is a unit's where no code stands beside it.
    """
    printed = [cell for cell in covering if cell.text]
    units = [cell for cell in printed if touches(cell, block.of_role("unit"))]
    mixed = [cell for cell in printed if touches(cell, block.of_role("unit_or_label"))]
    codes = [cell for cell in printed if touches(cell, block.of_role("code"))]
    if mixed and not codes:
        units += [cell for cell in mixed if cell.printed.content == "text" and cell not in units]
    return units


def unit_name(units: Sequence[GridCell], catalogue: Catalogue, names: Mapping[str, str]) -> str:
    """The name of the unit that these cells print; ``names`` by code, the code if it has no name."""
    printed = [cell for cell in units if cell.text not in catalogue.total_words]
    named = [cell for cell in printed if cell.printed.content == "text"]
    if named or not printed:
        return " ".join(dict.fromkeys(one_line(cell.cell.text) for cell in named))
    return names.get(printed[0].text) or " ".join(dict.fromkeys(one_line(c.cell.text) for c in printed))


def unit_key(name: str) -> str:
    """A unit's name in the form that row keys have."""
    return with_ideographs("".join(name.split()))


def names_of_units(
    grid: Grid, header: Header, blocks: Sequence[Block], catalogue: Catalogue
) -> dict[str, str]:
    """The names of units by their codes, from the rows that print both."""
    names: dict[str, str] = {}
    for block in blocks:
        for number in range(header.body, len(grid.rows)):
            units = units_of_row(grid.covering(number), block, catalogue)
            codes = [plain(cell.text) for cell in units if cell.printed.content != "text"]
            name = unit_name(units, catalogue, {})
            if len(codes) == 1 and name and plain(name) != codes[0]:
                names.setdefault(codes[0], name)
    return names


def units_with_rows(grid: Grid, header: Header, blocks: Sequence[Block], catalogue: Catalogue) -> set[str]:
    """The units whose rows by code stand in the table, named in columns of their own.

    A unit's name counts for the rows below it until the next; a unit that only has a sum (the
    department above its units) has no rows of its own.
    """
    names = names_of_units(grid, header, blocks, catalogue)
    found: set[str] = set()
    unit = ""
    for number in range(header.body, len(grid.rows)):
        covering = grid.covering(number)
        units = [cell for block in blocks for cell in units_of_row(covering, block, catalogue)]
        unit = unit_name(units, catalogue, names) or unit
        keys = [
            cell
            for block in blocks
            for cell in covering
            if cell.text and touches(cell, block.keys) and cell not in units and cell.row >= header.body
        ]
        if unit and any(cell.text not in catalogue.total_words for cell in keys):
            found.add(unit)
    return found
