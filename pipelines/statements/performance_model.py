"""What the performance sheets of a document say: money of projects and indicators, each with its cells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

#: What a sheet is: targets (绩效目标表), what came of them (绩效自评表), or a list of projects with amounts.
SheetKind = Literal["target", "self_evaluation", "project_list"]
#: Whose a sheet is: one project's, or all expenditure of the department (部门整体支出).
Scope = Literal["project", "department"]
#: An indicator; a row that stands for all indicators of a kind; or the row that sums up (总分, 合计).
IndicatorRole = Literal["indicator", "kind", "total"]


@dataclass(frozen=True, slots=True)
class PerformanceProject:
    """One line of money in a performance sheet, or one project of a list.

    ``sheet_number`` counts the sheets of the document from 1, ``line_number`` all their lines of money.
    ``money_line`` is what part of the project's money it is (``total``, ``fiscal``, ``carryover``, …); in
    a list ``total`` for each project, ``list_total`` for the row that sums up. Amounts are yuan, None where
    nothing is printed; ``precision_yuan`` is what one unit of their coarsest last digit is worth. ``rate``
    is the execution rate as printed (98.2 for 98.2%), ``rate_decimals`` its decimals, ``rate_is_percent``
    whether a % stands with it. ``weight`` and ``score`` are points for the execution of the budget.
    """

    line_number: int
    sheet_number: int
    sheet_kind: SheetKind
    scope: Scope
    project_name: str
    money_line: str
    line_label: str
    initial_yuan: Decimal | None
    adjusted_yuan: Decimal | None
    final_yuan: Decimal | None
    unit: str
    precision_yuan: Decimal | None
    rate: Decimal | None
    rate_printed: str
    rate_decimals: int
    rate_is_percent: bool
    weight: Decimal | None
    score: Decimal | None
    page: int
    cell_id: str
    initial_cell_id: str
    adjusted_cell_id: str
    final_cell_id: str
    rate_cell_id: str
    weight_cell_id: str
    score_cell_id: str

    @property
    def cell_ids(self) -> tuple[str, ...]:
        """The cells of its figures."""
        figures = (self.initial_cell_id, self.adjusted_cell_id, self.final_cell_id, self.rate_cell_id)
        return tuple(filter(None, (*figures, self.weight_cell_id, self.score_cell_id)))


@dataclass(frozen=True, slots=True)
class PerformanceIndicator:
    """One row of indicators of a performance sheet, or one indicator told in a sentence.

    ``indicator_number`` counts the rows of the document from 1. Names are as printed, without what their
    bracket says: ``level1_weight`` and ``level2_weight`` are points ((50分)), ``level1_count`` and
    ``level2_count`` numbers of indicators ((20个)). ``target`` and ``result`` are as printed,
    ``n_indicators`` is the number of a row of the role ``kind``. ``weight`` and ``score`` are points;
    ``share`` is the weight in per cent where that is printed too. One told in a sentence has no cells;
    ``sentence`` and ``page`` say where it stands.
    """

    indicator_number: int
    sheet_number: int
    sheet_kind: SheetKind
    scope: Scope
    project_name: str
    role: IndicatorRole
    level1: str
    level2: str
    level3: str
    level1_weight: Decimal | None
    level1_count: int | None
    level2_weight: Decimal | None
    level2_count: int | None
    n_indicators: int | None
    target: str
    result: str
    weight: Decimal | None
    share: Decimal | None
    score: Decimal | None
    score_rate: str
    reason: str
    sentence: str
    page: int
    cell_id: str
    target_cell_id: str
    result_cell_id: str
    weight_cell_id: str
    score_cell_id: str
    reason_cell_id: str

    @property
    def cell_ids(self) -> tuple[str, ...]:
        """The cells of its figures."""
        figures = (self.target_cell_id, self.result_cell_id, self.weight_cell_id, self.score_cell_id)
        return tuple(filter(None, figures))


@dataclass(frozen=True, slots=True)
class Performance:
    """All that the performance sheets of a document say."""

    projects: tuple[PerformanceProject, ...] = ()
    indicators: tuple[PerformanceIndicator, ...] = ()

    @property
    def cell_ids(self) -> frozenset[str]:
        """The cells of all its figures."""
        of_projects = {cell for project in self.projects for cell in project.cell_ids}
        return frozenset(of_projects | {cell for row in self.indicators for cell in row.cell_ids})
