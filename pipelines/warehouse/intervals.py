"""The identities of a disclosure as one system of intervals, in whole numbers.

A figure printed with precision p stands for the interval of width p around it; an identity holds while the
intervals of both sides meet (XBRL Calculations 1.1). Amounts are reckoned as whole numbers of 1/20,000 yuan
(half the last digit that a precision has), so that every verdict is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from pipelines.warehouse.equations import Equation

#: What a yuan is in whole numbers.
SCALE = 20_000

#: A figure as whole numbers: its amount, and half the width of its interval.
Whole = tuple[int, int]
#: What figures are taken to be instead of what is printed.
Changes = Mapping[str, Whole]


@dataclass(frozen=True, slots=True)
class Row:
    """An equation in whole numbers; ``names`` are all identities that say the same."""

    names: tuple[Equation, ...]
    is_equal: bool
    weights: Mapping[str, int]
    blanks: frozenset[str]
    difference: int
    tolerance: int


class System:
    """Figures and equations as printed, looked up both ways. Figures that have no value are left out."""

    def __init__(self, values: Mapping[str, Whole], equations: Iterable[Equation]) -> None:
        self.values = values
        self.rows = _rows(values, equations)
        self.rows_of: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            for figure in row.weights:
                self.rows_of.setdefault(figure, []).append(number)
        self.violated = {number for number in range(len(self.rows)) if not self.holds(number)}

    def sides(self, number: int, changes: Changes | None = None) -> Whole:
        """Difference (reported less expected) and tolerance of an equation under changes."""
        row = self.rows[number]
        difference, tolerance = row.difference, row.tolerance
        if not changes:
            return difference, tolerance
        for figure, weight in row.weights.items():
            if figure in changes:
                (amount, width), (before, width_before) = changes[figure], self.values[figure]
                difference += weight * (amount - before)
                tolerance += abs(weight) * (width - width_before)
        return difference, tolerance

    def holds(self, number: int, changes: Changes | None = None) -> bool:
        """Whether the intervals of both sides meet."""
        difference, tolerance = self.sides(number, changes)
        return difference <= tolerance and (not self.rows[number].is_equal or difference >= -tolerance)

    def is_exact(self, number: int, changes: Changes | None = None) -> bool:
        """Whether the figures themselves satisfy an equation."""
        difference, _ = self.sides(number, changes)
        return difference == 0 or (difference < 0 and not self.rows[number].is_equal)

    def allowed(
        self, figure: str, number: int, changes: Changes | None = None
    ) -> tuple[int | None, int | None]:
        """The lowest and highest true amount of a figure with which an equation can hold; None: no bound.

        Bounds that are no whole numbers are taken outwards.
        """
        difference, tolerance = self.sides(number, changes)
        weight = self.rows[number].weights[figure]
        amount, width = (changes or {}).get(figure, self.values[figure])
        # weight * amount + rest lies between -tolerance (in equations) and tolerance of the others.
        rest, tolerance = difference - weight * amount, tolerance - abs(weight) * width
        top, bottom = tolerance - rest, -tolerance - rest
        is_equal = self.rows[number].is_equal
        if weight < 0:
            top, bottom = bottom, top
        high = -(-top // weight) if is_equal or weight > 0 else None
        low = bottom // weight if is_equal or weight < 0 else None
        return low, high

    def range_of(
        self, figure: str, numbers: Iterable[int], changes: Changes | None = None, *, width: int = 0
    ) -> tuple[int | None, int | None] | None:
        """The true amounts of a figure with which all these equations can hold; None where there are none.

        With a ``width``: the printed amounts, of intervals that reach so far to both sides, with which each
        equation for itself holds.
        """
        low: int | None = None
        high: int | None = None
        for number in numbers:
            lower, upper = self.allowed(figure, number, changes)
            if lower is not None and (low is None or lower - width > low):
                low = lower - width
            if upper is not None and (high is None or upper + width < high):
                high = upper + width
        return None if low is not None and high is not None and low > high else (low, high)


def whole(yuan: Decimal) -> int:
    """An amount in yuan as a whole number; raises ``decimal.Inexact`` nowhere: no printed amount is finer."""
    return int((yuan * SCALE).to_integral_exact())


def in_yuan(amount: int) -> Decimal:
    """A whole number as an amount in yuan."""
    return Decimal(amount) / SCALE


def _rows(values: Mapping[str, Whole], equations: Iterable[Equation]) -> list[Row]:
    """The equations in order, those that say the same in one."""
    alike: dict[tuple[object, ...], tuple[dict[str, int], list[Equation]]] = {}
    for equation in equations:
        weights = {figure: weight for figure, weight in equation.weights if figure in values}
        if not weights:
            continue
        same = tuple(sorted(weights.items()))
        if equation.relation == "eq" and same[0][1] < 0:
            same = tuple((figure, -weight) for figure, weight in same)
        alike.setdefault((equation.relation, same), (weights, []))[1].append(equation)
    return [_row(values, weights, names) for weights, names in alike.values()]


def _row(values: Mapping[str, Whole], weights: Mapping[str, int], names: Sequence[Equation]) -> Row:
    difference = tolerance = 0
    for figure, weight in weights.items():
        amount, width = values[figure]
        difference += weight * amount
        tolerance += abs(weight) * width
    blanks = frozenset(chain.from_iterable(name.blanks for name in names))
    return Row(tuple(names), names[0].relation == "eq", weights, blanks, difference, tolerance)
