"""What is at fault where a disclosure's identities contradict each other: the least that explains it.

All identities are one system of intervals (``intervals``), in which what is printed to the fen is exact.
Where it cannot hold, the smallest explanation is looked for: one figure that, were it another, would let
everything hold; two figures in each other's places; a statement whose unit is another; amounts that slid
against the names of their rows; several figures, each of which explains several identities. Every violated
identity is a symptom of exactly one contradiction, and those that nothing explains together stand alone.
Where no identity is violated for itself, ``joint`` says whether all can hold together.

That figures contradict each other is decided in whole numbers; only the span of values with which a
contradiction that shows jointly would go away comes out of a linear program.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Literal

from pipelines.statements.catalogue import load_catalogue
from pipelines.warehouse.equations import Equation
from pipelines.warehouse.intervals import System, Whole, in_yuan, whole
from pipelines.warehouse.slips import Slip, digits_changed, slip_between

Kind = Literal["figure", "exchange", "unit", "rows", "figures"]

#: The smallest amount of money, in yuan.
FEN = Decimal("0.01")
#: Printed values looked through for the likeliest; a wider span says too little to choose from.
MOST_VALUES = 400
#: Amounts that slid further against their names are not looked for.
MOST_ROWS_MOVED = 6
#: A statement's amounts are moved only to make so many violated identities hold that say something.
LEAST_PROVED_BY_MOVING = 3
#: Contradictions that show only jointly are looked for one after the other, so many in one disclosure.
MOST_JOINT = 5
#: And so far around the identities that are not exact, in steps from figure to identity.
STEPS_AROUND = 3


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure of a statement, or a place that is printed blank; amounts in yuan.

    ``row`` is the place of its row among those its statement prints. The precision of a blank place is that
    of its statement.
    """

    figure_id: str
    amount_yuan: Decimal
    precision_yuan: Decimal
    decimals: int
    statement_key: str
    row: int
    column_id: str
    unit: str
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Suspect:
    """A figure that may be wrong, and what it would have to be; amounts in yuan.

    ``low_yuan`` and ``high_yuan`` bound the true amount (None: no bound). ``value_yuan`` is the likeliest of
    the amounts that could be printed, ``is_only_value`` says that there is no other.
    """

    figure_id: str
    value_yuan: Decimal | None
    low_yuan: Decimal | None
    high_yuan: Decimal | None
    is_only_value: bool
    slip: Slip
    n_exact: int = 0
    is_tied: bool = False

    @property
    def rank(self) -> tuple[int, int]:
        """The smaller, the likelier."""
        return (self.slip, -self.n_exact)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Identities that cannot all hold, and the least that explains it.

    ``figure``: one of ``suspects``, the likeliest first; those as likely as the first are tied. ``exchange``:
    two suspects, each of which should stand where the other does. ``unit``: the
    statement's amounts would agree in ``unit``. ``rows``: they would if those of ``column_id`` (of every
    column where it is empty) stood ``moved`` rows further down, from the place ``from_row`` on. ``figures``:
    no one figure explains it. ``is_joint``: each identity holds for itself.
    """

    kind: Kind
    symptoms: tuple[Equation, ...]
    suspects: tuple[Suspect, ...] = ()
    statement_key: str = ""
    unit: str = ""
    moved: int = 0
    column_id: str = ""
    from_row: int = 0
    is_joint: bool = False


#: Whether all equations of a department but these can hold together under changes.
CanHold = Callable[[Mapping[str, Whole], Sequence[Equation]], bool]


def find_contradictions(
    figures: Mapping[str, PrintedFigure], equations: Sequence[Equation]
) -> list[Contradiction]:
    """Everything that contradicts itself, in the order of the equations.

    Blank places weigh in ``equations`` like figures. The equations may be of several disclosures.
    """
    return _Explaining(figures, equations).all()


def explain_part(
    figures: Mapping[str, PrintedFigure],
    equations: Sequence[Equation],
    units: Mapping[str, str],
    can_hold: CanHold,
) -> list[Contradiction] | None:
    """What ``find_contradictions`` finds in a department of which only a part is given, or None.

    The part are all equations that touch a statement which a violated one touches, with their figures.
    ``units`` are those of the first printed figure of each statement of the department, empty where all are
    blank. None where ``can_hold`` says that the department cannot hold together then: what shows only jointly
    is looked for in all of it.
    """
    explaining = _Explaining(figures, equations, units)
    explaining.explain_violated()
    if not can_hold(explaining.changes, explaining.given_up()):
        return None
    return explaining.told()


class _Explaining:
    """Explains violated equations one after the other, the widest explanation first."""

    def __init__(
        self,
        figures: Mapping[str, PrintedFigure],
        equations: Sequence[Equation],
        units: Mapping[str, str] | None = None,
    ) -> None:
        self.figures = figures
        self.system = System({key: _whole_figure(figure) for key, figure in figures.items()}, equations)
        #: Equations that do not hold even if a figure printed to the fen were rounded: intervals are no
        #: narrower then, so that what holds now holds then.
        self.violated = {n for n in self.system.violated if not self.system.holds(n, self._rounded(n))}
        self.open = set(self.system.violated)
        self.changes: dict[str, Whole] = {}
        #: Equations that no explanation may break.
        self.kept = set(range(len(self.system.rows))) - self.open
        self.by_statement: dict[str, list[str]] = {}
        for figure in figures.values():
            if figure.figure_id in self.system.rows_of:
                self.by_statement.setdefault(figure.statement_key, []).append(figure.figure_id)
        self.units = self._printed_units() if units is None else units
        self.found: list[tuple[int, Contradiction]] = []

    def _rounded(self, number: int) -> dict[str, Whole]:
        """The figures of an equation, each as rounded as any other figure of its precision."""
        return {f: _whole_figure(self.figures[f], is_rounded=True) for f in self.system.rows[number].weights}

    def all(self) -> list[Contradiction]:
        """All contradictions, explained."""
        self.explain_violated()
        self._explain_jointly()
        return self.told()

    def explain_violated(self) -> None:
        """Explain what does not hold by itself."""
        for statement in sorted(self._statements(self.open), key=self._unusual_first):
            self._explain_by_unit(statement)
        for group in self._groups():
            if len(group) > 1 and (suspects := self._suspects_of_all(group)):
                self._settle("figure", group, suspects)
        for statement in sorted(self._statements(self.open)):
            self._explain_by_exchange(statement)
        for group in self._groups():
            self._explain(group)

    def given_up(self) -> list[Equation]:
        """Equations that explanations broke, or could not mend: nothing is asked of them any more."""
        gone = set(range(len(self.system.rows))) - self.kept
        return [equation for n in gone for equation in self.system.rows[n].names]

    def told(self) -> list[Contradiction]:
        """What was found, in the order of the equations."""
        # One identity within its rounding is told by its verdict.
        told = [each for each in self.found if not each[1].is_joint or len(each[1].symptoms) > 1]
        return [contradiction for _, contradiction in sorted(told, key=lambda each: each[0])]

    # --- one figure -------------------------------------------------------------------------------

    def _explain(self, group: set[int]) -> None:
        """Explain the equations of one group, all of them by one figure if that is possible."""
        left = set(group)
        while left:
            suspects = self._suspects_of_all(left)
            if suspects:
                self._settle("figure", left, suspects)
                return
            if len(left) > 1 and self._explain_by_moving(left):
                left &= self.open
                continue
            covered, suspects = self._widest(left)
            if len(covered) < 2:
                break
            self._settle("figure", covered, suspects)
            left -= covered
        for number in sorted(left):
            self._settle("figures", {number}, self._suspects_of_all({number}))

    def _suspects_of_all(self, numbers: set[int]) -> list[Suspect]:
        """The figures any of which explains all of these equations, the likeliest first."""
        shared = set.intersection(*(set(self.system.rows[number].weights) for number in numbers))
        suspects = []
        for figure in sorted(shared - self.changes.keys()):
            span = self.system.range_of(figure, {*numbers, *self._keeping(figure)}, self.changes)
            if span is not None and (suspect := self._suspect(figure, span)):
                suspects.append(suspect)
        return _ranked(suspects)

    def _widest(self, numbers: set[int]) -> tuple[set[int], list[Suspect]]:
        """The most of these equations that one figure explains, and the figures that explain just these."""
        best: dict[frozenset[int], list[Suspect]] = {}
        for figure in sorted({f for n in numbers for f in self.system.rows[n].weights} - self.changes.keys()):
            own = numbers & set(self.system.rows_of[figure])
            if len(own) < 2:
                continue
            covered, span = self._most_at_once(figure, sorted(own))
            if len(covered) > 1 and span is not None and (suspect := self._suspect(figure, span)):
                best.setdefault(frozenset(covered), []).append(suspect)
        if not best:
            return set(), []
        chosen = min(
            best, key=lambda covered: (-len(covered), min(s.rank for s in best[covered]), sorted(covered))
        )
        return set(chosen), _ranked(best[chosen])

    def _most_at_once(
        self, figure: str, own: Sequence[int]
    ) -> tuple[set[int], tuple[int | None, int | None] | None]:
        kept = self._keeping(figure)
        spans = {n: self.system.range_of(figure, {n, *kept}, self.changes) for n in own}
        most: tuple[set[int], tuple[int | None, int | None] | None] = (set(), None)
        for span in spans.values():
            if span is None:
                continue
            # Where most spans overlap, one of them begins, or none has a beginning.
            low = span[0]
            together = {
                n
                for n, other in spans.items()
                if other is not None
                and (other[0] is None or (low is not None and other[0] <= low))
                and (other[1] is None or low is None or low <= other[1])
            }
            if len(together) > len(most[0]):
                most = together, self.system.range_of(figure, {*together, *kept}, self.changes)
        return most

    def _keeping(self, figure: str) -> list[int]:
        return [n for n in self.system.rows_of[figure] if n in self.kept]

    def _suspect(self, figure_id: str, span: tuple[int | None, int | None]) -> Suspect | None:
        """A figure with what it would have to be; None where nothing that can be printed would do."""
        figure = self.figures[figure_id]
        step = max(whole(figure.precision_yuan), 1)
        amount = self.system.values[figure_id][0]
        half = 0 if figure.precision_yuan <= FEN else step // 2
        low, high = span
        bounds = (None if low is None else in_yuan(low), None if high is None else in_yuan(high))
        if low is None or high is None:
            return Suspect(figure_id, None, *bounds, False, Slip.BLANK if figure.is_blank else Slip.OTHER)
        # A value whose interval only touches the span is as good as impossible.
        inner = min(half, 1) if high > low else 0
        first = -(-(low - half + inner - amount) // step)
        last = (high + half - inner - amount) // step
        values = [amount + n * step for n in range(first, last + 1)] if last - first < MOST_VALUES else []
        own = [n for n in self.system.rows_of[figure_id] if self.system.rows[n].is_equal]
        best: tuple[int, int, int, int, int] | None = None
        n_values = 0
        for value in values:
            now = {**self.changes, figure_id: (value, half)}
            if value == amount or not all(self.system.holds(n, now) for n in self._keeping(figure_id)):
                continue
            n_values += 1
            exact = sum(self.system.is_exact(n, now) for n in own)
            slip = slip_between(amount // step, value // step, figure.decimals)
            changed = digits_changed(amount // step, value // step)
            off_centre = abs(2 * value - low - high)
            choice = (Slip.BLANK if figure.is_blank else slip, -exact, changed, off_centre, value)
            best = min(best, choice) if best else choice
        if best is None:
            return None if values else Suspect(figure_id, None, *bounds, False, Slip.OTHER)
        likeliest, minus_exact, _, _, value = best
        return Suspect(figure_id, in_yuan(value), *bounds, n_values == 1, Slip(likeliest), -minus_exact)

    def _unusual_first(self, statement: str) -> tuple[int, int, str]:
        """Statements whose unit few others have, then small ones: they are likelier to have slipped."""
        alike = sum(unit == self.units[statement] for unit in self.units.values())
        return alike, len(self.by_statement[statement]), statement

    def _printed_units(self) -> dict[str, str]:
        return {
            key: next((self.figures[f].unit for f in own if not self.figures[f].is_blank), "")
            for key, own in self.by_statement.items()
        }

    # --- a whole statement --------------------------------------------------------------------------

    def _explain_by_unit(self, statement: str) -> None:
        """Whether all that disagrees with a statement would agree if its unit were another."""
        own = self.by_statement[statement]
        touching = {n for figure in own for n in self.system.rows_of[figure]}
        broken = touching & self.open
        printed = next((self.figures[f].unit for f in own if not self.figures[f].is_blank), "")
        units = load_catalogue().wording.units
        # What disagrees by no more than rounding is no matter of units.
        if len(broken & set(self.violated)) < 2 or printed not in units:
            return
        decisive = {f for n in broken for f in self.system.rows[n].weights} & set(own)
        for unit, yuan in units.items():
            factor = Fraction(yuan) / Fraction(units[printed])
            # Nearly always a unit does not even mend what is broken: the rest is looked at where it does.
            if factor == 1 or not self._hold(broken, self._in_unit(decisive, factor)):
                continue
            changes = self._in_unit(own, factor)
            if self._hold(touching & (self.kept | broken), changes):
                self.changes = changes
                self._settle("unit", broken, [], statement_key=statement, unit=unit)
                return

    def _in_unit(self, figures: Iterable[str], factor: Fraction) -> dict[str, Whole]:
        """The changes with these figures in another unit, so many times the one that is printed.

        Whole numbers stay whole where they can, and exact fractions where they cannot. What was printed to
        the fen is rounded in a larger unit.
        """
        return self.changes | {
            f: _times(_whole_figure(self.figures[f], is_rounded=True), factor) for f in figures
        }

    def _hold(self, numbers: Iterable[int], changes: Mapping[str, Whole]) -> bool:
        return all(self.system.holds(n, changes) for n in numbers)

    def _explain_by_exchange(self, statement: str) -> None:
        """Whether two figures of a statement stand in each other's places, in one row or in one column."""
        broken = {n for f in self.by_statement[statement] for n in self.system.rows_of[f]} & self.open
        accused = {f for n in broken for f in self.system.rows[n].weights}
        own = [self.figures[f] for f in self.by_statement[statement] if f in accused - self.changes.keys()]
        for here, there in combinations(sorted(own, key=lambda figure: figure.figure_id), 2):
            if (here.row == there.row) == (here.column_id == there.column_id):
                continue
            one, other = here.figure_id, there.figure_id
            touched = {*self.system.rows_of[one], *self.system.rows_of[other]}
            covered = touched & broken & self.open
            if len(covered) < 2 or self.system.values[one][0] == self.system.values[other][0]:
                continue
            changes = self.changes | {one: self.system.values[other], other: self.system.values[one]}
            if all(self.system.holds(n, changes) for n in covered | (touched & self.kept)):
                self.changes = changes
                # The one that is printed names the contradiction, where the other is blank.
                pair = sorted((here, there), key=lambda figure: (figure.is_blank, figure.figure_id))
                self._settle(
                    "exchange", covered, [_as_exchanged(pair[0], pair[1]), _as_exchanged(pair[1], pair[0])]
                )

    def _explain_by_moving(self, left: set[int]) -> bool:
        """Whether amounts of a statement slid against the names of their rows."""
        for statement in sorted(self._statements(left)):
            own = [self.figures[figure] for figure in self.by_statement[statement]]
            broken = {n for figure in own for n in self.system.rows_of[figure.figure_id]} & left
            if len(broken) < LEAST_PROVED_BY_MOVING:
                continue
            rows = sorted({figure.row for figure in own})
            columns = sorted({figure.column_id for figure in own})
            moves = [
                (size * sign, column, start)
                for size in range(1, MOST_ROWS_MOVED + 1)
                for sign in (1, -1)
                for column in ("", *columns)
                for start in rows
            ]
            for moved, column, start in moves:
                covered = self._covered_by_moving(own, broken, moved, column, start)
                if covered:
                    self._settle(
                        "rows",
                        covered,
                        [],
                        statement_key=statement,
                        moved=moved,
                        column_id=column,
                        from_row=start,
                    )
                    return True
        return False

    def _covered_by_moving(
        self, own: Sequence[PrintedFigure], broken: set[int], moved: int, column: str, start: int
    ) -> set[int]:
        """The violated equations that moving the amounts explains; none where it does not explain all.

        An equation that reads a place for which nothing is left is explained, but proves nothing.
        """
        place = {(figure.row, figure.column_id): figure.figure_id for figure in own}
        changes = dict(self.changes)
        unknown = set()
        for figure in own:
            if figure.row < start or (column and figure.column_id != column):
                continue
            source = place.get((figure.row - moved, figure.column_id))
            if source is None or figure.row - moved < start:
                unknown.add(figure.figure_id)
            elif self.system.values[source] != self.system.values[figure.figure_id]:
                changes[figure.figure_id] = self.system.values[source]
        touched = {n for figure in (*changes, *unknown) for n in self.system.rows_of.get(figure, ())}
        told = {n for n in touched if not unknown & self.system.rows[n].weights.keys()}
        proved = [
            n
            for n in told & broken
            if sum(bool(changes.get(f, self.system.values[f])[0]) for f in self.system.rows[n].weights) > 1
        ]
        if len(proved) < LEAST_PROVED_BY_MOVING or not broken <= touched:
            return set()
        if not all(self.system.holds(n, changes) for n in (*proved, *(told & (self.kept | broken)))):
            return set()
        self.changes.update(changes)
        self.kept -= touched - told
        return set(broken)

    # --- together -----------------------------------------------------------------------------------

    def _explain_jointly(self) -> None:
        """Find what holds identity by identity, but not together."""
        inexact = {
            n for n in self.kept if self.system.rows[n].is_equal and not self.system.is_exact(n, self.changes)
        }
        if not inexact or self._can_all_hold(inexact):
            return
        for disclosure in sorted({self.system.rows[n].names[0].disclosure_id for n in inexact}):
            own = {n for n in inexact if self.system.rows[n].names[0].disclosure_id == disclosure}
            for _ in range(MOST_JOINT):
                if not self._explain_one_jointly(own):
                    break

    def _can_all_hold(self, numbers: set[int]) -> bool:
        """Whether these equations of all disclosures can hold together: then those of each can, too."""
        # Imported where it is needed: scipy takes its time to load.
        from pipelines.warehouse.joint import JointProblem

        return JointProblem(self.system, self._around(numbers), self.changes).can_hold()

    def _explain_one_jointly(self, inexact: set[int]) -> bool:
        from pipelines.warehouse.joint import JointProblem

        problem = JointProblem(self.system, self._around(inexact & self.kept), self.changes)
        conflict = problem.conflict()
        if conflict is None:
            return False
        numbers = set(conflict.multipliers)
        problem = JointProblem(self.system, self._around(numbers), self.changes)
        suspects = []
        for figure in conflict.figures:
            if figure in self.changes:
                continue
            span = problem.span(figure)
            if span is not None:
                amount = self.system.values[figure][0]
                low, high = (None if end is None else end + amount for end in span)
                if suspect := self._suspect(figure, (low, high)):
                    suspects.append(suspect)
        self._settle("figure" if suspects else "figures", numbers, _ranked(suspects))
        return True

    def _around(self, numbers: Collection[int]) -> set[int]:
        """The equations that keep and that hang together with these, some steps away."""
        near = set(numbers)
        edge = set(numbers)
        for _ in range(STEPS_AROUND):
            edge = {
                n
                for number in edge
                for figure in self.system.rows[number].weights
                for n in self.system.rows_of[figure]
                if n in self.kept and n not in near
            }
            near |= edge
        return near

    # --- bookkeeping --------------------------------------------------------------------------------

    def _settle(
        self,
        kind: Kind,
        numbers: Collection[int],
        suspects: Sequence[Suspect],
        *,
        statement_key: str = "",
        unit: str = "",
        moved: int = 0,
        column_id: str = "",
        from_row: int = 0,
    ) -> None:
        """Note a contradiction; what is said of its first suspect is taken for granted from here on."""
        symptoms = tuple(equation for n in sorted(numbers) for equation in self.system.rows[n].names)
        if suspects and not statement_key:
            statement_key = self.figures[suspects[0].figure_id].statement_key
        self.found.append(
            (
                min(numbers),
                Contradiction(
                    kind,
                    symptoms,
                    tuple(suspects),
                    statement_key,
                    unit,
                    moved,
                    column_id,
                    from_row,
                    is_joint=self.violated.isdisjoint(numbers),
                ),
            )
        )
        self.open -= set(numbers)
        if kind == "figure":
            first = suspects[0]
            if first.low_yuan is None or first.high_yuan is None:
                self.kept -= set(self.system.rows_of[first.figure_id])
                return
            low, high = whole(first.low_yuan), whole(first.high_yuan)
            self.changes[first.figure_id] = ((low + high) // 2, (high - low + 1) // 2)
        # What does not hold even now, because a figure of it is not known, proves nothing more.
        self.kept -= set(numbers)
        self.kept |= {n for n in numbers if kind != "figures" and self.system.holds(n, self.changes)}

    def _statements(self, numbers: Iterable[int]) -> set[str]:
        return {self.figures[figure].statement_key for n in numbers for figure in self.system.rows[n].weights}

    def _groups(self) -> list[set[int]]:
        """The violated equations that share figures, directly or by others."""
        groups: list[tuple[set[int], set[str]]] = []
        for number in sorted(self.open):
            numbers, figures = {number}, set(self.system.rows[number].weights)
            for group in [group for group in groups if group[1] & figures]:
                groups.remove(group)
                numbers |= group[0]
                figures |= group[1]
            groups.append((numbers, figures))
        return [numbers for numbers, _ in groups]


def _as_exchanged(figure: PrintedFigure, other: PrintedFigure) -> Suspect:
    amount = other.amount_yuan
    return Suspect(figure.figure_id, amount, amount, amount, True, Slip.OTHER, is_tied=True)


def _ranked(suspects: Iterable[Suspect]) -> list[Suspect]:
    """The likeliest first, and which of the others are as likely."""
    ranked = sorted(suspects, key=lambda suspect: (*suspect.rank, suspect.figure_id))
    return [replace(suspect, is_tied=suspect.rank == ranked[0].rank) for suspect in ranked]


def _whole_figure(figure: PrintedFigure, *, is_rounded: bool = False) -> Whole:
    """A figure with the width of its interval.

    What is printed to the fen is exact, for no amount of money is finer; ``is_rounded`` gives it the width
    that any other figure has by its precision.
    """
    exact = figure.is_blank or (figure.precision_yuan <= FEN and not is_rounded)
    return (whole(figure.amount_yuan), 0 if exact else whole(figure.precision_yuan) // 2)


def _times(value: Whole, factor: Fraction) -> Whole:
    amount, width = value[0] * factor, value[1] * factor
    # Comparisons of fractions are exact too; the type says whole numbers because nearly all are.
    return (
        amount.numerator if amount.denominator == 1 else amount,  # type: ignore[return-value]
        width.numerator if width.denominator == 1 else width,
    )
