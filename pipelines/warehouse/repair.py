"""Repair with proof: recognised figures replaced where the document's own identities leave one reading.

A figure may only become what a reader proposed for it. Over all identities of the document together,
exactly one combination of proposals must make everything hold that did not hold and break nothing;
each figure changed must be proved (see ``_is_proved``). Where there is no such combination, or too many
to look through, nothing is changed: a wrong repair is far worse than none. How likely a reader thinks a
proposal decides nothing. Intervals are exact (see ``intervals``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.warehouse.equations import Equation
from pipelines.warehouse.intervals import System, whole

#: Combinations of more figures than this are not looked for beyond those that must change anyway.
MOST_CHANGED = 3
#: So many sets of figures are tried for one group of identities ...
MOST_SETS = 10_000
#: ... and so many combinations of proposals within one set, before the group is left in doubt.
MOST_COMBINATIONS = 20_000
#: A figure is proved by at least so many identities that did not hold as it was read, one of which adds up
#: at least so many figures that are not zero. The same number printed in two places may be misread alike in
#: both, so that identities between equal numbers prove less:
PROOFS, FIGURES_OF_A_SUM = 2, 3
#: without a sum it takes so many.
PROOFS_WITHOUT_SUM = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a figure may be according to its reader: its amount in yuan, and how it would be printed.

    ``likelihood`` (0 to 1) is the reader's, kept for whoever looks at a repair; it decides nothing.
    """

    printed: str
    amount_yuan: Decimal
    precision_yuan: Decimal
    likelihood: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure as it was read, in yuan, and the other readings proposed for it.

    ``is_recognised`` is false for print from a text layer, which is never in doubt.
    """

    cell_id: str
    amount_yuan: Decimal
    precision_yuan: Decimal
    is_recognised: bool = True
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Proved:
    """A figure that must be read otherwise, with the equations that prove it.

    ``together`` are the cells of the other figures changed in the same combination.
    """

    cell_id: str
    proposal: Proposal
    proof: tuple[Equation, ...]
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """What may be repaired, and the cells of figures that stay in doubt."""

    proved: tuple[Proved, ...] = ()
    in_doubt: frozenset[str] = frozenset()


def solve(figures: Sequence[Figure], equations: Sequence[Equation]) -> Solution:
    """Find what the equations prove about figures in doubt. The same input gives the same answer."""
    problem = _Problem(figures, equations)
    found = [changes for group in problem.groups() if (changes := problem.only_solution(group))]
    while True:
        changes = {cell: proposal for each in found for cell, proposal in each.items()}
        proofs = {cell: problem.proof(cell, changes) for cell in sorted(changes)}
        kept = [each for each in found if all(proofs[cell] for cell in each)]
        # A group whose figures are not all proved proves nothing for another one.
        if len(kept) == len(found):
            break
        found = kept
    proved = tuple(
        Proved(
            cell,
            changes[cell],
            tuple(name for number in numbers for name in problem.rows[number].names),
            tuple(sorted(next(each for each in found if cell in each).keys() - {cell})),
        )
        for cell, numbers in proofs.items()
    )
    return Solution(proved, problem.suspects(changes))


#: What figures become: cell and proposal.
_Changes = Mapping[str, Proposal]


class _Problem(System):
    """Figures and equations as read; what a figure may become are its reader's proposals."""

    def __init__(self, figures: Sequence[Figure], equations: Sequence[Equation]) -> None:
        self.figures = {figure.cell_id: figure for figure in figures}
        super().__init__(
            {f.cell_id: (whole(f.amount_yuan), whole(f.precision_yuan) // 2) for f in figures}, equations
        )
        self.open = {f.cell_id for f in figures if f.is_recognised and f.proposals}
        self._changed = {
            (cell, proposal): (whole(proposal.amount_yuan), whole(proposal.precision_yuan) // 2)
            for cell in self.open
            for proposal in self.figures[cell].proposals
        }

    def read_as(self, changes: _Changes) -> dict[str, tuple[int, int]]:
        """Proposals as whole numbers."""
        return {cell: self._changed[cell, proposal] for cell, proposal in changes.items()}

    def holds_with(self, number: int, changes: _Changes) -> bool:
        """Whether an equation holds if these figures are read otherwise."""
        return self.holds(number, self.read_as(changes))

    def is_exact_with(self, number: int, changes: _Changes) -> bool:
        """Whether the figures as printed satisfy an equation if these are read otherwise."""
        return self.is_exact(number, self.read_as(changes))

    def groups(self) -> list[frozenset[int]]:
        """The violated equations that hang together by figures in doubt; those without any are left out."""
        groups: list[tuple[set[int], set[str]]] = []
        for number in sorted(self.violated):
            cells = self.open & self.rows[number].weights.keys()
            if not cells:
                continue
            numbers = {number}
            for group in [group for group in groups if group[1] & cells]:
                groups.remove(group)
                numbers |= group[0]
                cells |= group[1]
            groups.append((numbers, cells))
        return [frozenset(numbers) for numbers, _ in groups]

    def only_solution(self, group: frozenset[int]) -> _Changes | None:
        """The one combination that satisfies a group; None where there is none, several or no end of them."""
        solutions = _Search(self, group).solutions()
        return solutions[0] if solutions is not None and len(solutions) == 1 else None

    def proof(self, cell: str, changes: _Changes) -> list[int]:
        """The equations that prove a change among others; none where it is not proved.

        At least PROOFS equations that did not hold hold exactly, one of them a sum; no equation that was
        exact is less exact; no figure of the proof stands in an equation that does not hold; and no
        other single figure, whatever it were, would explain the same.
        """
        own = self.rows_of.get(cell, [])
        broken = [n for n in own if self.rows[n].is_equal and n in self.violated]
        proof = [n for n in broken if self.is_exact_with(n, changes)]
        enough = PROOFS if any(self._is_sum(n, changes) for n in proof) else PROOFS_WITHOUT_SUM
        if len(proof) < enough:
            return []
        if any(self.is_exact(n) and not self.is_exact_with(n, changes) for n in own):
            return []
        near = {n for each in proof for other in self.rows[each].weights for n in self.rows_of[other]}
        if any(not self.holds_with(n, changes) for n in near):
            return []
        others = {other: proposal for other, proposal in changes.items() if other != cell}
        return [] if self._is_explained_otherwise(cell, others) else proof

    def _is_sum(self, number: int, changes: _Changes) -> bool:
        cells = self.rows[number].weights
        there = sum(bool(self._value(cell, changes)) for cell in cells)
        return there >= FIGURES_OF_A_SUM

    def _value(self, cell: str, changes: _Changes) -> int:
        return self._changed[cell, changes[cell]][0] if cell in changes else self.values[cell][0]

    def _is_explained_otherwise(self, cell: str, changes: _Changes) -> bool:
        """Whether another figure, or a figure in a blank place, could be wrong instead of ``cell``.

        ``changes`` are the others of the combination.
        """
        broken = [n for n in self.rows_of[cell] if not self.holds_with(n, changes)]
        shared = set.intersection(*(set(self.rows[n].weights) for n in broken)) - {cell}
        if any(self.can_explain(other, broken, changes) for other in shared):
            return True
        blanks = frozenset.intersection(*(self.rows[n].blanks for n in broken))
        # A figure missed in a blank place would break the other equations that read it as nothing.
        return any(
            not any(
                place in row.blanks and row.is_equal and number not in broken
                for number, row in enumerate(self.rows)
            )
            for place in blanks
        )

    def can_explain(self, cell: str, broken: Iterable[int], changes: _Changes) -> bool:
        """Whether some amount of ``cell`` lets the equations ``broken`` hold and breaks no other one."""
        numbers = {*broken, *(n for n in self.rows_of[cell] if self.holds_with(n, changes))}
        width = self.values[cell][1]
        return self.range_of(cell, numbers, self.read_as(changes), width=width) is not None

    def suspects(self, changes: _Changes) -> frozenset[str]:
        """Recognised figures that leave an equation violated: those that could explain it alone.

        Where none could, all of the equation that have other readings; where none has, all.
        """
        found: set[str] = set()
        for number in range(len(self.rows)):
            if self.holds_with(number, changes):
                continue
            seen = {c for c in self.rows[number].weights if self.figures[c].is_recognised} - changes.keys()
            alone = {c for c in seen if self.can_explain(c, [number], changes)}
            found |= alone or (seen & self.open) or seen
        return frozenset(found)


class _Search:
    """Looks for all minimal combinations of proposals that satisfy one group of violated equations."""

    def __init__(self, problem: _Problem, group: frozenset[int]) -> None:
        self.problem = problem
        self.group = group
        self._alone: dict[tuple[str, int], frozenset[Proposal]] = {}

    def solutions(self) -> list[_Changes] | None:
        """All minimal combinations of up to MOST_CHANGED figures; None where there are too many sets."""
        found: list[_Changes] = []
        tried: set[frozenset[str]] = set()
        sets = [frozenset[str]()]
        for size in range(MOST_CHANGED + 1):
            following: dict[frozenset[str], None] = {}
            for cells in sets:
                if size:
                    combinations = self._combinations(cells)
                    if combinations is None:
                        return None
                    found += [c for c in combinations if not any(f.items() <= c.items() for f in found)]
                if size < MOST_CHANGED:
                    for cell in self._next(cells):
                        wider = cells | {cell}
                        if wider not in tried:
                            tried.add(wider)
                            following[wider] = None
                if len(tried) > MOST_SETS:
                    return None
            sets = list(following)
        return found

    def _next(self, cells: frozenset[str]) -> list[str]:
        """Figures one of which must change too, or those that hang together with the set."""
        problem = self.problem
        for number in sorted(self.group):
            weights = problem.rows[number].weights
            if not cells & weights.keys():
                return sorted(problem.open & weights.keys())
        near = {other for c in cells for n in problem.rows_of[c] for other in problem.rows[n].weights}
        return sorted((near & problem.open) - cells)

    def _combinations(self, cells: frozenset[str]) -> list[_Changes] | None:
        """All ways to change every one of the figures so that all their equations and the group's hold."""
        problem = self.problem
        if any(not cells & problem.rows[number].weights.keys() for number in self.group):
            return []
        ordered = sorted(cells)
        choices: list[list[Proposal]] = []
        joint: set[int] = set()
        for cell in ordered:
            allowed: set[Proposal] | None = None
            for number in problem.rows_of.get(cell, ()):
                if len(cells & problem.rows[number].weights.keys()) > 1:
                    if number in self.group or number not in problem.violated:
                        joint.add(number)
                    continue
                if number in problem.violated and number not in self.group:
                    continue
                here = self._allowed(cell, number)
                allowed = set(here) if allowed is None else allowed & here
                if not allowed:
                    return []
            proposals = problem.figures[cell].proposals
            choices.append([p for p in proposals if allowed is None or p in allowed])
        return self._joined(ordered, choices, sorted(joint))

    def _joined(
        self, cells: Sequence[str], choices: Sequence[Sequence[Proposal]], joint: Sequence[int]
    ) -> list[_Changes] | None:
        count = 1
        for each in choices:
            count *= len(each)
        if count > MOST_COMBINATIONS:
            return None
        return [
            changes
            for changes in _products(cells, choices)
            if all(self.problem.holds_with(number, changes) for number in joint)
        ]

    def _allowed(self, cell: str, number: int) -> frozenset[Proposal]:
        """The proposals for a figure under which an equation holds if nothing else of it changes."""
        if (cell, number) not in self._alone:
            self._alone[cell, number] = frozenset(
                proposal
                for proposal in self.problem.figures[cell].proposals
                if self.problem.holds_with(number, {cell: proposal})
            )
        return self._alone[cell, number]


def _products(cells: Sequence[str], choices: Sequence[Sequence[Proposal]]) -> Iterator[_Changes]:
    if not cells:
        yield {}
        return
    for proposal in choices[0]:
        for rest in _products(cells[1:], choices[1:]):
            yield {cells[0]: proposal, **rest}
