"""The equations of a department as arrays of whole numbers: which have to be explained, and can all hold?

Nearly all identities hold, and nothing is told of them. What is violated, what touches it, and whether the
rest can hold within its rounding is reckoned here for all equations at once; objects (``contradictions``) are
made of those alone that a violated one touches. Whole numbers are those of ``intervals``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.warehouse.contradictions import STEPS_AROUND
from pipelines.warehouse.intervals import SCALE, Whole

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

#: Amounts in yuan below this, with weights that come to less than ``MOST_WEIGHT`` in an equation, add up to
#: whole numbers of 64 bits. A department with others is looked at in Python's own, which have no end.
MOST_YUAN = 100_000_000_000
MOST_WEIGHT = 2**62 // (2 * MOST_YUAN * SCALE)


def is_reckonable(value: Whole) -> bool:
    """Whether a figure can stand in arrays: whole and not too large."""
    return all(isinstance(part, int) and abs(part) < MOST_YUAN * SCALE for part in value)


@dataclass(frozen=True, slots=True)
class Department:
    """Figures by their place and equations by their number, both from 0 and in order.

    ``amounts``, ``widths`` (half of the interval) and ``statements`` (a number for each) are those of a
    figure; ``is_equal`` is that of an equation. An entry is a figure's weight in an equation: ``equations``,
    ``places`` and ``weights``, by equation, then by place. Each equation has one at least.
    """

    amounts: Numbers
    widths: Numbers
    statements: Numbers
    is_equal: Flags
    equations: Numbers
    places: Numbers
    weights: Numbers

    def is_reckonable(self) -> bool:
        """Whether no sum can be larger than a whole number of 64 bits."""
        if not len(self.is_equal):
            return True
        most = max(int(np.abs(self.amounts).max()), int(self.widths.max()))
        return most < MOST_YUAN * SCALE and int(self._of_equations(np.abs(self.weights)).max()) < MOST_WEIGHT

    def touching_violated(self) -> Flags:
        """The equations with a figure of a statement that a violated equation touches."""
        difference, tolerance = self._sides(self.amounts, self.widths)
        violated = (difference > tolerance) | (self.is_equal & (difference < -tolerance))
        if not violated.any():
            return violated
        statements = np.zeros(int(self.statements.max()) + 1, dtype=bool)
        statements[self.statements[self.places[violated[self.equations]]]] = True
        return self._with_any(statements[self.statements])

    def can_hold(self, changes: Mapping[int, Whole], given_up: Numbers) -> bool:
        """Whether amounts are found with which all equations but these hold, under changes (by place).

        Asked of those near an equation that is not exact: all others hold with what is printed.
        """
        amounts, widths = self.amounts.copy(), self.widths.copy()
        for place, (amount, width) in changes.items():
            amounts[place], widths[place] = amount, width
        difference, tolerance = self._sides(amounts, widths)
        kept = np.ones(len(self.is_equal), dtype=bool)
        kept[given_up] = False
        inexact = kept & self.is_equal & (difference != 0)
        if not inexact.any():
            return True
        # A part that is smaller than its whole by more than rounding says nothing about rounding.
        asked = self._around(inexact, kept) & (self.is_equal | (difference + tolerance > 0))
        entries = self._once(np.flatnonzero(asked[self.equations]))
        numbers, lines = np.unique(self.equations[entries], return_inverse=True)
        places, columns = np.unique(self.places[entries], return_inverse=True)
        # Imported where it is needed: scipy takes its time to load.
        from pipelines.warehouse.joint import amounts_exist

        return amounts_exist(
            lines, columns, self.weights[entries], difference[numbers], widths[places], self.is_equal[numbers]
        )

    def _around(self, numbers: Flags, kept: Flags) -> Flags:
        """The equations that are kept and hang together with these, some steps away."""
        near = edge = numbers
        for _ in range(STEPS_AROUND):
            figures = np.zeros(len(self.amounts), dtype=bool)
            figures[self.places[edge[self.equations]]] = True
            edge = self._with_any(figures) & kept & ~near
            near = near | edge
        return near

    def _once(self, entries: Numbers) -> Numbers:
        """The entries of equations without those that say the same as one before."""
        equations = self.equations[entries]
        starts = np.flatnonzero(np.diff(equations, prepend=-1))
        lengths = np.diff(starts, append=len(entries))
        is_equal, weights = self.is_equal[equations[starts]], self.weights[entries]
        turned = np.where(is_equal & (weights[starts] < 0), -1, 1)
        # An equation as bytes: each of its entries as two whole numbers.
        said = np.column_stack([self.places[entries], weights * np.repeat(turned, lengths)]).tobytes()
        size = len(said) // max(len(entries), 1)
        seen, told = set(), np.zeros(len(starts), dtype=bool)
        ends = ((starts + lengths) * size).tolist()
        for line, (equal, start, end) in enumerate(
            zip(is_equal.tolist(), (starts * size).tolist(), ends, strict=True)
        ):
            same = (equal, said[start:end])
            told[line] = same not in seen
            seen.add(same)
        kept: Numbers = entries[np.repeat(told, lengths)]
        return kept

    def _with_any(self, figures: Flags) -> Flags:
        """The equations with any of these figures."""
        found = np.zeros(len(self.is_equal), dtype=bool)
        found[self.equations[figures[self.places]]] = True
        return found

    def _sides(self, amounts: Numbers, widths: Numbers) -> tuple[Numbers, Numbers]:
        """Difference (reported less expected) and tolerance of each equation."""
        return (
            self._of_equations(self.weights * amounts[self.places]),
            self._of_equations(np.abs(self.weights) * widths[self.places]),
        )

    def _of_equations(self, values: Numbers) -> Numbers:
        starts = np.flatnonzero(np.diff(self.equations, prepend=-1))
        sums: Numbers = np.add.reduceat(values, starts)
        return sums
