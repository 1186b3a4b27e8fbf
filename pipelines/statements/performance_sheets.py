"""A performance sheet as a grid with heads, and the figures below their words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.model import DocumentKind
from pipelines.statements.performance_model import PerformanceIndicator, PerformanceProject, Scope, SheetKind
from pipelines.statements.performance_words import PerformanceWords, meaning_of
from pipelines.statements.restating import in_yuan
from pipelines.statements.table_reading import TableReading

POINTS = re.compile(r"(-?\d+(?:\.\d+)?)(%|分)?")


@dataclass(frozen=True)
class Sheet:
    """A table that may be a performance sheet, with the text around it.

    ``unit`` is what its surroundings say of it; ``reading`` and ``statement_id`` are set where it is a
    form sheet that was read as a statement too.
    """

    grid: Grid
    title: str
    lead: tuple[str, ...]
    unit: str
    statement_id: str = ""
    reading: TableReading | None = None


@dataclass(frozen=True)
class Owner:
    """What kind of sheet it is, and whose."""

    kind: SheetKind
    scope: Scope
    name: str


@dataclass
class SheetReader:
    """What has been read so far of a document."""

    document_id: str
    kind: DocumentKind | None
    words: PerformanceWords
    projects: list[PerformanceProject] = field(default_factory=list)
    indicators: list[PerformanceIndicator] = field(default_factory=list)
    n_sheets: int = 0
    name: str = ""


@dataclass(frozen=True)
class Head:
    """A head: its row, and each meaning with the columns that its words cover, in printed order."""

    row: int
    columns: tuple[tuple[str, range], ...]

    def cells(self, meaning: str, row: Sequence[GridCell]) -> list[GridCell]:
        """The filled cells of a row below the words of that meaning."""
        spans = [span for known, span in self.columns if known == meaning]
        return [
            cell
            for span in spans
            for cell in row
            if cell.text and cell.column in span and cell.row > self.row
        ]


def columns_of(
    cells: Sequence[GridCell], words: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, range], ...]:
    """The meanings of the words in a row, with the columns that they cover."""
    return tuple(
        (meaning, range(cell.column, cell.last_column + 1))
        for cell in cells
        if (meaning := meaning_of(cell.cell.text, words))
    )


def amount_in(cells: Sequence[GridCell], unit: str) -> tuple[GridCell, Decimal, Decimal] | None:
    """The one amount among cells, in yuan, with its precision; None without a unit."""
    numbers = [cell for cell in cells if cell.printed.content == "number"]
    if len(numbers) != 1 or not unit:
        return None
    amount, precision = in_yuan(numbers[0].printed, load_catalogue().wording.units[unit])
    return numbers[0], amount, precision


def rate_in(cells: Sequence[GridCell]) -> tuple[GridCell, Decimal, bool] | None:
    """The one rate among cells, and whether it is printed in per cent."""
    found = [(cell, match) for cell in cells if (match := POINTS.fullmatch(cell.text)) and match[2] != "分"]
    return (found[0][0], Decimal(found[0][1][1]), found[0][1][2] == "%") if len(found) == 1 else None


def points_in(cells: Sequence[GridCell]) -> tuple[GridCell, Decimal] | None:
    """The first points among cells."""
    for cell in cells:
        if (match := POINTS.fullmatch(cell.text)) and match[2] != "%":
            return cell, Decimal(match[1])
    return None
