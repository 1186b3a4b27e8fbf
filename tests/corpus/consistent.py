"""Any number of disclosures that are consistent but for rounding, as a perfect reader would understand them.

All statements that a family's forms print, of every family that is described, in its own number format, in
万元 with two decimals or in whole yuan. Nothing is drawn: these are for what is asked of figures.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipelines.statements.model import LineItem
from pipelines.warehouse.identities import Printed
from tests.corpus.codes import class_lines
from tests.corpus.contents import Content
from tests.corpus.figures import DepartmentYear, Profile, simulate
from tests.corpus.forms import Form, build, family_file, load_family
from tests.corpus.layout_space import families
from tests.corpus.perfect_reading import printed_forms
from tests.corpus.random_documents import FIELDS, random_profile
from tests.corpus.statements_budget_regional import regional_budget_contents
from tests.corpus.statements_regional import regional_contents

#: The number format of the form, and the two that round most.
FORMATS: tuple[Mapping[str, object], ...] = (
    {},
    {"unit": "万元", "decimals": 2},
    {"unit": "元", "decimals": 0},
)


def consistent_disclosures(seed: int, count: int) -> Iterator[Printed]:
    """``count`` disclosures of as many departments. The same seed gives the same."""
    places = families()
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")
        family, kind = places[number % len(places)]
        first, last = family_file(family).get("years", (2021, 2024))
        year = rng.randint(first, last)
        name = f"某省样例{rng.choice(sorted(FIELDS))}{number + 1}局"
        numbers = rng.choice(FORMATS)
        forms = [_with_numbers(form, numbers) for form in load_family(family, kind).forms]
        profile = printable(random_profile(rng, name), forms, kind, year)
        figures = simulate(profile, year - 1, year, f"{seed}-{number}")[year]
        contents = _contents(figures, kind)
        yield printed_forms(
            f"{seed:06d}{number:08d}",
            name,
            year,
            kind,
            [(form, contents[form.statement_id]) for form in forms if form.statement_id in contents],
        )


def printable(profile: Profile, forms: Sequence[Form], kind: str, year: int) -> Profile:
    """A profile without the money for which these forms have neither row nor column."""
    contents = _contents(simulate(profile, year - 1, year, "any")[year], kind)
    named: dict[str, set[str]] = {}
    for form in forms:
        if form.statement_id in contents:
            grid = build(form, contents[form.statement_id], year)
            named[form.statement_id] = {*grid.row_keys, *grid.column_ids}
    names = set[str]().union(*named.values())
    by_fund = [own for statement, own in named.items() if "appropriation_summary" in statement] or [names]
    lines = profile.lines
    # Where funds have columns, this one needs one too.
    if not all(
        "state_capital" in own or ("government_fund" not in own and any("state_capital" in n for n in own))
        for own in by_fund
    ):
        lines = tuple(line for line in lines if line.fund != "state_capital")
    # Summaries of some years list fewer classes.
    classes = {code for code, _ in class_lines(year)}
    lines = tuple(line for line in lines if line.code[:3] in classes)
    reserve = profile.reserve if any("reserve" in name for name in names) else 0
    return replace(profile, lines=lines, reserve=reserve)


def _contents(figures: DepartmentYear, kind: str) -> dict[str, Content]:
    return regional_budget_contents(figures) if kind == "budget" else regional_contents(figures)


@dataclass(frozen=True, slots=True)
class Misprint:
    """A disclosure with one wrong digit, the item as it is printed and as it should be."""

    printed: Printed
    wrong: LineItem
    right: LineItem


def with_wrong_digit(disclosure: Printed, rng: random.Random) -> Misprint:
    """One digit of one figure replaced by another; which, is as random as can be.

    A figure does not begin with 0 unless 0 is all there is before its point.
    """
    right = rng.choice(disclosure.line_items)
    printed = right.amount_printed
    places = [place for place, letter in enumerate(printed) if letter.isascii() and letter.isdigit()]
    whole = [place for place in places if place < len(printed.partition(".")[0])]
    place = rng.choice(places)
    others = [digit for digit in "0123456789" if digit != printed[place]]
    if place == whole[0] and len(whole) > 1:
        others = [digit for digit in others if digit != "0"]
    text = printed[:place] + rng.choice(others) + printed[place + 1 :]
    before, after = (Decimal("".join(t.split()).replace(",", "")) for t in (printed, text))
    unit = Decimal(10_000 if right.unit == "万元" else 1)
    wrong = replace(right, amount_printed=text, amount_yuan=right.amount_yuan + (after - before) * unit)
    items = [wrong if item is right else item for item in disclosure.line_items]
    return Misprint(replace(disclosure, line_items=items), wrong, right)


def _with_numbers(form: Form, numbers: Mapping[str, object]) -> Form:
    return Form(form.statement_id, {**form.settings, "number": {**form.settings["number"], **numbers}})
