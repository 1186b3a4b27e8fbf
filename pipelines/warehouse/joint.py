"""Whether all identities of a disclosure can hold at once, each within its rounding: a linear program.

Every identity may hold for itself while no true amounts satisfy all: they meet in figures that cannot be
rounded both ways. HiGHS (in scipy, simplex, one thread: the same input gives the same answer) looks for
such amounts in floating point. That there are none is believed only with a proof in whole numbers: a
combination of the identities that the intervals of the figures cannot satisfy (Farkas' lemma).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf
from typing import Any

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]
from scipy.sparse import csr_matrix, hstack, identity  # type: ignore[import-untyped]

from pipelines.warehouse.intervals import Changes, System

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

#: Multipliers of a proof are fractions with denominators up to this; they are 1/2 or whole nearly always.
_LARGEST_DENOMINATOR = 60
_FEASIBLE, _INFEASIBLE = 0, 2


@dataclass(frozen=True, slots=True)
class Conflict:
    """Equations that cannot hold together, with their multipliers, and the figures whose width decides it."""

    multipliers: Mapping[int, Fraction]
    figures: tuple[str, ...]


def amounts_exist(
    lines: Numbers, places: Numbers, weights: Numbers, differences: Numbers, widths: Numbers, is_equal: Flags
) -> bool:
    """Whether amounts were found with which all equations hold: what ``JointProblem`` says, of arrays.

    An entry is the weight of the figure at a place in the equation of a line; lines and places are counted
    from 0 without a gap, entries are in their order. ``differences`` and ``is_equal`` are those of a line,
    ``widths`` those of a place.
    """
    unit = int(np.gcd.reduce(np.concatenate([differences, widths]))) or 1
    matrix = csr_matrix((weights, (lines, places)), shape=(len(differences), len(widths)), dtype=float)
    right, reach = -differences / unit, widths / unit
    equal, most = np.flatnonzero(is_equal), np.flatnonzero(~is_equal)
    found = linprog(
        np.zeros(len(widths)),
        A_eq=matrix[equal] if len(equal) else None,
        b_eq=right[equal] if len(equal) else None,
        A_ub=matrix[most] if len(most) else None,
        b_ub=right[most] if len(most) else None,
        bounds=np.column_stack([-reach, reach]),
        method="highs-ds",
    )
    return bool(found.status == _FEASIBLE)


class JointProblem:
    """The equations ``numbers`` of a system over the intervals of their figures.

    Deviations from what is printed are the unknowns, in the largest unit in which all is whole.
    ``changes`` are figures taken to be others.
    """

    def __init__(self, system: System, numbers: Collection[int], changes: Changes) -> None:
        self.numbers: list[int] = []
        self.differences: list[int] = []
        for number in sorted(numbers):
            difference, tolerance = system.sides(number, changes)
            row = system.rows[number]
            # A part that is smaller than its whole by more than rounding says nothing about rounding.
            if row.is_equal or difference + tolerance > 0:
                self.numbers.append(number)
                self.differences.append(difference)
        self.system = system
        self.figures = sorted({figure for number in self.numbers for figure in system.rows[number].weights})
        self.widths = [changes.get(figure, system.values[figure])[1] for figure in self.figures]
        self._unit = gcd(*self.differences, *self.widths) or 1
        self._place = {figure: place for place, figure in enumerate(self.figures)}
        self._equal = [n for n, number in enumerate(self.numbers) if system.rows[number].is_equal]
        self._at_most = [n for n, number in enumerate(self.numbers) if not system.rows[number].is_equal]

    def can_hold(self) -> bool:
        """Whether amounts were found with which all equations hold."""
        return not any(self.differences) or bool(self._solve().status == _FEASIBLE)

    def conflict(self) -> Conflict | None:
        """A proof that not all equations can hold; None where they can, or where nothing is proved."""
        if not any(self.differences) or self._solve().status != _INFEASIBLE:
            return None
        return self._proved(self._multipliers())

    def span(self, figure: str) -> tuple[int | None, int | None] | None:
        """How far the true amount of a figure may lie from what is printed if it were any amount at all.

        Taken outwards to whole numbers; None where the others cannot hold together whatever it were.
        """
        place = self._place[figure]
        cost = np.zeros(len(self.figures))
        ends: list[int | None] = []
        for sign in (1, -1):
            cost[place] = sign
            found = self._solve(cost=cost, free=place)
            if found.status == _INFEASIBLE:
                return None
            ends.append(
                sign * int(np.floor(found.fun + 1e-6)) * self._unit if found.status == _FEASIBLE else None
            )
        return ends[0], ends[1]

    def _matrix(self, places: Sequence[int]) -> csr_matrix:
        entries = [
            (line, self._place[figure], weight)
            for line, place in enumerate(places)
            for figure, weight in self.system.rows[self.numbers[place]].weights.items()
        ]
        lines, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_matrix((weights, (lines, columns)), shape=(len(places), len(self.figures)), dtype=float)

    def _right(self, places: Sequence[int]) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([-self.differences[place] / self._unit for place in places])

    def _solve(self, *, cost: Any = None, free: int | None = None) -> Any:
        bounds = [(-width / self._unit, width / self._unit) for width in self.widths]
        if free is not None:
            bounds[free] = (-inf, inf)
        return linprog(
            np.zeros(len(self.figures)) if cost is None else cost,
            A_eq=self._matrix(self._equal) if self._equal else None,
            b_eq=self._right(self._equal) if self._equal else None,
            A_ub=self._matrix(self._at_most) if self._at_most else None,
            b_ub=self._right(self._at_most) if self._at_most else None,
            bounds=bounds,
            method="highs-ds",
        )

    def _multipliers(self) -> dict[int, Fraction]:
        """By how much each equation must be relaxed at least, and what that costs: the dual of it."""
        n, equal, most = len(self.figures), len(self._equal), len(self._at_most)
        bounds = [(-width / self._unit, width / self._unit) for width in self.widths]
        slack = [(0, inf)] * (2 * equal + most)
        found = linprog(
            np.concatenate([np.zeros(n), np.ones(2 * equal + most)]),
            A_eq=hstack(
                [
                    self._matrix(self._equal),
                    identity(equal),
                    -identity(equal),
                    csr_matrix((equal, most)),
                ]
            )
            if equal
            else None,
            b_eq=self._right(self._equal) if equal else None,
            A_ub=hstack([self._matrix(self._at_most), csr_matrix((most, 2 * equal)), -identity(most)])
            if most
            else None,
            b_ub=self._right(self._at_most) if most else None,
            bounds=[*bounds, *slack],
            method="highs-ds",
        )
        if found.status != _FEASIBLE:
            return {}
        duals = [
            *zip(self._equal, found.eqlin.marginals if equal else (), strict=True),
            *zip(self._at_most, found.ineqlin.marginals if most else (), strict=True),
        ]
        exact = {
            self.numbers[place]: -Fraction(float(dual)).limit_denominator(_LARGEST_DENOMINATOR)
            for place, dual in duals
        }
        return {number: multiplier for number, multiplier in exact.items() if multiplier}

    def _proved(self, multipliers: Mapping[int, Fraction]) -> Conflict | None:
        """The conflict, if the multipliers prove it in whole numbers."""
        difference = dict(zip(self.numbers, self.differences, strict=True))
        combined: dict[str, Fraction] = {}
        gap = Fraction(0)
        for number, multiplier in multipliers.items():
            row = self.system.rows[number]
            if multiplier < 0 and not row.is_equal:
                return None
            gap += multiplier * difference[number]
            for figure, weight in row.weights.items():
                combined[figure] = combined.get(figure, Fraction(0)) + multiplier * weight
        reach = sum(abs(c) * self.widths[self._place[figure]] for figure, c in combined.items())
        if gap <= reach:
            return None
        return Conflict(multipliers, tuple(sorted(figure for figure, c in combined.items() if c)))
