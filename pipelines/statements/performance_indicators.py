"""Indicators of performance: the rows below a head of indicators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.extraction.model import cell_id
from pipelines.statements.grid import GridCell
from pipelines.statements.performance_model import IndicatorRole, PerformanceIndicator
from pipelines.statements.performance_sheets import POINTS, Head, Owner, Sheet, SheetReader, points_in
from pipelines.statements.printed_text import label_of, one_line, plain

_BRACKET = re.compile(r"\((?:共|满分)?(\d+(?:\.\d+)?)(分|个|项|条)\)$")
_COUNT = re.compile(r"(\d+)(?:个|项|条)")


@dataclass
class _Kind:
    """The kind of indicators that a row stands under, as its last printed label says."""

    name: str = ""
    weight: Decimal | None = None
    count: int | None = None

    def read(self, cells: Sequence[GridCell]) -> bool:
        """Take over the label printed in the cells, if there is one; whether it is another than before."""
        if not cells:
            return False
        label = re.sub(r"^[\d.、]+", "", plain(cells[0].cell.text)) or plain(cells[0].cell.text)
        name = _BRACKET.sub("", label) or label
        marks = _BRACKET.search(label)
        number = Decimal(marks[1]) if marks else None
        is_other = name != self.name
        self.name = name
        self.weight = number if marks and marks[2] == "分" else None
        self.count = int(number) if marks and marks[2] != "分" and number is not None else None
        return is_other


def read_indicators(reader: SheetReader, sheet: Sheet, head: Head, end: int, owner: Owner) -> None:
    """Read the rows between a head of indicators and ``end`` (a row number), up to a row that ends them."""
    level1, level2 = _Kind(), _Kind()
    for number in range(head.row + 1, end):
        row = sheet.grid.covering(number)
        own = [cell for cell in row if cell.row == number and cell.text]
        labels = [label_of(cell.cell.text) for cell in own]
        if not own:
            continue
        if labels[0] in reader.words.ends and len(own) <= reader.words.head_words:
            return
        is_total = any(label in reader.words.totals for label in labels[:2])
        if is_total:
            level1, level2 = _Kind(), _Kind()
        else:
            if level1.read(head.cells("level1", row)):
                level2 = _Kind()
            level2.read(head.cells("level2", row))
        named = head.cells("level3", row) or head.cells("level2", row) or head.cells("level1", row) or own
        _add_indicator(reader, head, row, named[0], is_total, (level1, level2), owner)


def _add_indicator(
    reader: SheetReader,
    head: Head,
    row: Sequence[GridCell],
    named: GridCell,
    is_total: bool,
    levels: tuple[_Kind, _Kind],
    owner: Owner,
) -> None:
    def text(meaning: str) -> str:
        return "".join(one_line(cell.cell.text) for cell in head.cells(meaning, row)[:1])

    def place(meaning: str) -> str:
        found = head.cells(meaning, row)
        return cell_id(reader.document_id, found[0].cell) if found else ""

    weights = head.cells("weight", row)
    weight, score = points_in(weights), points_in(head.cells("score", row))
    shares = [Decimal(m[1]) for cell in weights if (m := POINTS.fullmatch(cell.text)) and m[2] == "%"]
    level3 = text("level3")
    counted = _COUNT.fullmatch(plain(level3))
    has_names = any(meaning == "level3" for meaning, _ in head.columns)
    role: IndicatorRole = "total" if is_total else "kind" if counted or not has_names else "indicator"
    target = text("operator") + text("target") + text("measure") if text("target") else ""
    result = text("result")
    if not (target or result or weight or score or shares):
        return
    reader.indicators.append(
        PerformanceIndicator(
            indicator_number=len(reader.indicators) + 1,
            sheet_number=reader.n_sheets,
            sheet_kind=owner.kind,
            scope=owner.scope,
            project_name=owner.name,
            role=role,
            level1=levels[0].name,
            level2=levels[1].name,
            level3="" if counted or is_total else level3,
            level1_weight=levels[0].weight,
            level1_count=levels[0].count,
            level2_weight=levels[1].weight,
            level2_count=levels[1].count,
            n_indicators=int(counted[1]) if counted else None,
            target=target,
            result=result,
            weight=weight[1] if weight else None,
            share=shares[0] if shares else None,
            score=score[1] if score else None,
            score_rate=text("score_rate"),
            reason=text("reason"),
            sentence="",
            page=named.cell.page,
            cell_id=cell_id(reader.document_id, named.cell),
            target_cell_id=place("target"),
            result_cell_id=place("result"),
            weight_cell_id=cell_id(reader.document_id, weight[0].cell) if weight else "",
            score_cell_id=cell_id(reader.document_id, score[0].cell) if score else "",
            reason_cell_id=place("reason"),
        )
    )
