"""Pictures of a few numbers, as geometry that the templates set as SVG: bars from zero, and gaps.

Drawn when the site is made, so that they need no script. Sizes are those of the drawing, which scales.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.oversight.figures import WAN, in_wan

WIDTH, HEIGHT = 360.0, 190.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 6.0, 14.0, 22.0
_MOST_LABELLED = 4
# Room that a digit of a label takes; one wider than its column would run into its neighbour's.
_DIGIT = 5.7


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a chart; ``series`` names its look, ``label`` stands above it, empty where crowded."""

    x: float
    y: float
    width: float
    height: float
    series: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale at ``at``, with its text."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Columns over years. ``gaps`` are places where nothing was published."""

    width: float
    height: float
    left: float
    zero: float
    columns: tuple[Column, ...]
    gaps: tuple[tuple[float, float, str], ...]
    years: tuple[Tick, ...]
    ticks: tuple[Tick, ...]
    series: tuple[str, ...]


def column_chart(
    years: Sequence[int], series: Mapping[str, Mapping[int, Decimal | None]], names: Mapping[str, str]
) -> ColumnChart | None:
    """A chart of amounts in yuan, shown in 万元, over ``years``; ``series`` beside each other in each year.

    None where there is no amount at all. A year without an amount gets no column but a gap.
    """
    amounts = [value for line in series.values() for value in line.values() if value is not None]
    if not amounts:
        return None
    highest, lowest = max([*amounts, Decimal(0)]), min([*amounts, Decimal(0)])
    step = _step(float((highest - lowest) / WAN))
    top = math.ceil(float(highest / WAN) / step) * step
    bottom = math.floor(float(lowest / WAN) / step) * step
    if top == bottom:
        top = step
    height = HEIGHT - _TOP - _BOTTOM

    def y(wan: float) -> float:
        return round(_TOP + (top - wan) / (top - bottom) * height, 2)

    slot = (WIDTH - _LEFT - _RIGHT) / len(years)
    width = min(36.0, slot * 0.94 / len(series))
    columns: list[Column] = []
    gaps: list[tuple[float, float, str]] = []
    for place, year in enumerate(years):
        middle = _LEFT + slot * (place + 0.5)
        for number, (name, line) in enumerate(series.items()):
            x = round(middle + (number - len(series) / 2) * width, 2)
            value = line.get(year)
            title = f"{year} {names[name]}"
            if value is None:
                gaps.append((round(x + width / 2, 2), y(0), title))
                continue
            at = y(float(value / WAN))
            label = _short(value)
            columns.append(
                Column(
                    x=x,
                    y=min(at, y(0)),
                    width=round(width - 1.5, 2),
                    height=round(abs(at - y(0)), 2),
                    series=name,
                    label=label if len(years) <= _MOST_LABELLED and len(label) * _DIGIT <= width else "",
                    title=f"{title}: {in_wan(value)} 万元",
                )
            )
    n_ticks = round((top - bottom) / step)
    return ColumnChart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        zero=y(0),
        columns=tuple(columns),
        gaps=tuple(gaps),
        years=tuple(Tick(round(_LEFT + slot * (p + 0.5), 2), str(year)) for p, year in enumerate(years)),
        ticks=tuple(Tick(y(bottom + step * n), f"{bottom + step * n:,g}") for n in range(n_ticks + 1)),
        series=tuple(series),
    )


def shares(values: Sequence[Decimal | None]) -> list[float | None]:
    """Lengths of bars from zero, 0 to 100, against the largest amount; None where there is none."""
    largest = max((abs(value) for value in values if value is not None), default=Decimal(0))
    return [
        None if value is None else round(float(abs(value) / largest * 100), 2) if largest else 0.0
        for value in values
    ]


def _step(extent: float) -> float:
    """A round step that divides the extent into about four."""
    if extent <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(extent / 4))
    return float(next(power * factor for factor in (1, 2, 5, 10) if extent / (power * factor) <= 5))


def _short(value: Decimal) -> str:
    wan = value / WAN
    return f"{wan:,.0f}" if abs(wan) >= 100 else f"{wan:,.1f}" if abs(wan) >= 10 else f"{wan:,.2f}"
