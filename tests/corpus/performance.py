"""Performance sheets whose every figure is known, printed in the shapes that places use.

``print_sheets`` makes a PDF of one sheet a page and says where each figure fell and what it is: the key of a
tag's row is the line of money or the indicator, its column the meaning.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import Decimal

from tests.corpus.drawing import Drawn, TableStyle, draw_grid
from tests.corpus.grid import Grid, GridCell, Tag
from tests.corpus.sheet import PageStyle, Sheet

MONEY = ("initial", "adjusted", "final", "rate", "weight", "score")
INDICATOR = ("level1", "level2", "level3", "target", "result", "weight", "score")
_KINDS = {"产出指标": ("数量指标", "质量指标", "时效指标"), "满意度指标": ("服务对象满意度指标",)}
_LINES = {"total": "年度资金总额", "fiscal": "其中：当年财政拨款", "carryover": "上年结转资金"}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a place prints a sheet: its title, and the words over money and over indicators."""

    title: str
    money: tuple[str, ...]
    indicators: tuple[str, ...]
    total: str


SHAPES = (
    Shape(
        "项目支出绩效自评表",
        ("年初预算数", "全年预算数", "全年执行数", "执行率", "分值", "得分"),
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
        "总分",
    ),
    Shape(
        "部门预算项目支出绩效自评表",
        ("年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分"),
        ("一级指标", "二级指标", "三级指标", "指标值", "完成值", "权重", "得分"),
        "合计",
    ),
    Shape(
        "项目绩效目标完成情况表",
        ("年初预算数", "全年预算数（A）", "执行数（B）", "执行率（B/A）", "标准分值", "自评得分"),
        ("一级指标", "二级指标", "指标名称", "年初目标值", "全年完成值", "标准分值", "自评得分"),
        "总分",
    ),
)


def _figures(rng: random.Random) -> dict[str, dict[str, Decimal]]:
    """Budgets and what was spent, in 万元: the parts make the whole."""
    lines: dict[str, dict[str, Decimal]] = {}
    for line in ("fiscal", "carryover"):
        adjusted = Decimal(rng.randint(100, 900000)) / 100
        initial = adjusted + Decimal(rng.randint(0, 5000)) / 100
        final = (adjusted * rng.randint(50, 100) / 100).quantize(Decimal("0.01"))
        lines[line] = {"initial": initial, "adjusted": adjusted, "final": final}
    whole = {
        name: lines["fiscal"][name] + lines["carryover"][name] for name in ("initial", "adjusted", "final")
    }
    return {"total": whole} | lines


def _money_rows(rng: random.Random, shape: Shape) -> list[list[GridCell]]:
    head = [GridCell(0, 0, "项目资金（万元）", row_span=4), GridCell(0, 1, "")]
    head += [GridCell(0, at + 2, word) for at, word in enumerate(shape.money)]
    rows = [head]
    for row, (line, amounts) in enumerate(_figures(rng).items(), start=1):
        printed = {name: f"{amount:,.2f}" for name, amount in amounts.items()}
        printed["rate"] = f"{100 * amounts['final'] / amounts['adjusted']:.2f}%"
        printed["weight"] = "10" if line == "total" else "—"
        printed["score"] = f"{10 * amounts['final'] / amounts['adjusted']:.1f}" if line == "total" else "—"
        cells = [GridCell(row, 1, _LINES[line])]
        for at, name in enumerate(MONEY):
            text = printed[name]
            value = amounts[name] * 10000 if name in amounts else Decimal(0)
            tag = Tag(line, _LINES[line], name, value) if text != "—" else None
            cells.append(GridCell(row, at + 2, text, tag=tag))
        rows.append(cells)
    return rows


def _indicator_rows(rng: random.Random, shape: Shape, first: int) -> list[list[GridCell]]:
    rows = [[GridCell(first, at + (at > 2), word) for at, word in enumerate(shape.indicators)]]
    rows[0][2] = GridCell(first, 2, shape.indicators[2], column_span=2)
    n_of = {kind: rng.randint(1, 3) for kinds in _KINDS.values() for kind in kinds}
    points = [Decimal(90 // sum(n_of.values()))] * (sum(n_of.values()) - 1)
    points.append(90 - sum(points))
    scored: list[Decimal] = []
    row = first + 1
    for level1, kinds in _KINDS.items():
        span1 = sum(n_of[kind] for kind in kinds)
        for number, kind in enumerate(kinds):
            for place in range(n_of[kind]):
                weight = points[len(scored)]
                score = weight - rng.randint(0, int(weight) // 2)
                scored.append(score)
                name = f"{kind[:2]}事项{row - first}"
                cells = [GridCell(row, 0, level1, row_span=span1)] if not number and not place else []
                cells += [GridCell(row, 1, kind, row_span=n_of[kind])] if not place else []
                cells.append(GridCell(row, 2, name, column_span=2))
                values = {
                    "target": f"≥{rng.randint(1, 900)}次",
                    "result": f"{rng.randint(1, 900)}次",
                    "weight": str(weight),
                    "score": str(score),
                }
                for at, meaning in enumerate(INDICATOR[3:], start=4):
                    tag = Tag(name, f"{level1}/{kind}", meaning, Decimal(0))
                    cells.append(GridCell(row, at, values[meaning], tag=tag))
                rows.append(cells)
                row += 1
    total = [GridCell(row, 0, shape.total, column_span=6)]
    total.append(GridCell(row, 6, "90", tag=Tag("total", "", "weight", Decimal(0))))
    total.append(GridCell(row, 7, str(sum(scored)), tag=Tag("total", "", "score", Decimal(0))))
    return [*rows, total]


def print_sheets(seed: int, rules: str = "lines") -> tuple[bytes, list[Drawn]]:
    """A sheet of every shape, one a page, with random figures: the PDF, and its figures in their places."""
    rng = random.Random(seed)
    sheet = Sheet("样例绩效自评表")
    drawn: list[Drawn] = []
    for shape in SHAPES:
        sheet.new_page(PageStyle(left=40, right=40))
        sheet.line(shape.title, 14, "center", gap=8)
        sheet.line("（2023年度）", 10, "center", gap=6)
        name = [GridCell(0, 0, "项目名称", column_span=2)]
        name.append(GridCell(0, 2, f"样例项目{sheet.page}", column_span=6))
        money = _money_rows(rng, shape)
        rows = [name, *_moved(money, 1)]
        rows += _indicator_rows(rng, shape, len(rows))
        cells = tuple(cell for row in rows for cell in row)
        grid = Grid((70, 90, 60, 60, 60, 60, 50, 50), len(rows), 0, cells)
        drawn += draw_grid(sheet, grid, TableStyle(size=8, row_height=20, rules=rules))  # type: ignore[arg-type]
    return sheet.finish(), drawn


def _moved(rows: list[list[GridCell]], down: int) -> list[list[GridCell]]:
    return [
        [
            GridCell(c.row + down, c.column, c.text, c.row_span, c.column_span, c.align, c.bold, c.tag)
            for c in row
        ]
        for row in rows
    ]
