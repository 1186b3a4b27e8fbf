"""A table as a grid of cells before it is drawn: header trees, spans, and what each amount means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Tag:
    """What a printed amount is: the truth of a cell. ``yuan`` is the value of the printed figure."""

    row_key: str
    row_label: str
    column_id: str
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell at ``row``, ``column`` (from 0) with its spans, its text as printed and its meaning."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    align: Align = "left"
    bold: bool = False
    tag: Tag | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A rectangle of cells. ``widths`` are relative; the first ``header_rows`` rows may be repeated.

    ``row_keys`` and ``column_ids`` name what the form prints, with or without figures in it.
    """

    widths: tuple[float, ...]
    n_rows: int
    header_rows: int
    cells: tuple[GridCell, ...]
    row_keys: tuple[str, ...] = ()
    column_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderNode:
    """A header cell over its children.

    A leaf stands over one column, or several that it merges, and names their meaning.
    """

    text: str
    columns: tuple[str, ...] = ("",)
    children: tuple[HeaderNode, ...] = field(default=())
    rows: int = 1

    @property
    def leaves(self) -> tuple[str, ...]:
        """The meanings of the columns under this node, from left to right."""
        if not self.children:
            return self.columns
        return tuple(leaf for child in self.children for leaf in child.leaves)

    @property
    def depth(self) -> int:
        """How many header rows this node needs."""
        return self.rows + max((child.depth for child in self.children), default=0)


def node(data: dict[str, object] | str, year: int = 0) -> HeaderNode:
    """A header tree out of YAML: ``{text, column or columns, children, rows}``, or a bare string.

    ``{year}`` in a text is the year of the document, ``{last_year}`` the one before, where that is known.
    """
    if isinstance(data, str):
        return HeaderNode(text=data)
    children, columns = data.get("children", []), data.get("columns", [data.get("column", "")])
    assert isinstance(children, list) and isinstance(columns, list)
    return HeaderNode(
        text=str(data.get("text", ""))
        .replace("{year}", str(year or "{year}"))
        .replace("{last_year}", str(year - 1 if year else "{last_year}")),
        columns=tuple(str(each) for each in columns),
        children=tuple(node(child, year) for child in children),
        rows=int(str(data.get("rows", 1))),
    )


def header_cells(nodes: Sequence[HeaderNode], bold: bool = False) -> tuple[tuple[GridCell, ...], int]:
    """Header cells with spans and the number of header rows; leaves reach down to the last row."""
    depth = max(each.depth for each in nodes)
    cells: list[GridCell] = []

    def place(each: HeaderNode, row: int, column: int) -> int:
        width = len(each.leaves)
        rows = each.rows if each.children else depth - row
        cells.append(GridCell(row, column, each.text, rows, width, "center", bold))
        at = column
        for child in each.children:
            at = place(child, row + rows, at)
        return column + width

    column = 0
    for each in nodes:
        column = place(each, 0, column)
    return tuple(cells), depth
