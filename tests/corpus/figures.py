"""A department's finances over years: consistent by construction, in whole cents.

The unit of the model is the account: one functional item paid out of one fund. Every year an
account opens with last year's closing balance, receives, spends (basic, project) and closes with
what is left. Every total any statement prints is a sum over accounts, so all sums over rows,
columns, statements and years hold exactly; only printing rounds them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Fund = Literal["general_public", "government_fund", "state_capital", "nonfiscal"]
FISCAL: tuple[Fund, ...] = ("general_public", "government_fund", "state_capital")
PUBLIC_KINDS = ("abroad", "vehicle_purchase", "vehicle_operation", "reception")


@dataclass(frozen=True, slots=True)
class LineProfile:
    """A functional item a department pays for: base amounts of the first year in 万元."""

    code: str
    fund: Fund = "general_public"
    basic: int = 0
    project: int = 0
    growth: int = 300
    """Yearly growth in hundredths of a percent."""
    balance: int = 0
    """Share of receipts that stays unspent, in hundredths of a percent (project items)."""
    source: str = "fiscal_appropriation"


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the simulation needs to know of a department."""

    name: str
    is_administrative: bool
    lines: tuple[LineProfile, ...]
    three_public: Mapping[str, int]
    """First year's budget by kind, in units of 100 yuan."""
    purchase_years: tuple[int, ...] = ()
    meeting: int = 0
    training: int = 0
    reserve: int = 0
    """Reserve of the budget as a share of basic expenditure of the main item, hundredths of a percent."""
    carryover: int = 0
    """Budgeted carry-over of the first year in 万元 (forms that print it)."""
    surplus_used: Mapping[int, int] = field(default_factory=dict)
    surplus_distributed: Mapping[int, int] = field(default_factory=dict)
    vehicles: int = 0
    purchases: tuple[tuple[str, str, str, str, int], ...] = ()
    """Procurement: category, programme, economic item, object, amount in 万元 of the first year."""


@dataclass(frozen=True, slots=True)
class Account:
    """One item out of one fund in one year, in cents."""

    code: str
    fund: Fund
    source: str
    opening: int
    revenue: int
    basic: int
    project: int
    surplus_used: int = 0
    distributed: int = 0

    @property
    def expenditure(self) -> int:
        """Basic and project."""
        return self.basic + self.project

    @property
    def closing(self) -> int:
        """What is carried to next year."""
        return self.opening + self.revenue + self.surplus_used - self.expenditure - self.distributed


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """What the initial budget gives an item out of one fund, in cents."""

    code: str
    fund: Fund
    source: str
    basic: int
    project: int
    reserve: int = 0

    @property
    def total(self) -> int:
        """All uses."""
        return self.basic + self.project + self.reserve


@dataclass(frozen=True, slots=True)
class Purchase:
    """A line of the procurement budget, in cents."""

    category: str
    programme: str
    economic: str
    thing: str
    amount: int


@dataclass(frozen=True, slots=True)
class DepartmentYear:
    """All figures of one department in one fiscal year."""

    profile: Profile
    year: int
    budget: tuple[BudgetLine, ...]
    accounts: tuple[Account, ...]
    budget_economic: Mapping[str, int]
    economic: Mapping[str, int]
    budget_public: Mapping[str, int]
    public: Mapping[str, int]
    meeting: int
    training: int
    carryover_from: int
    carryover_to: int
    purchases: tuple[Purchase, ...]

    @property
    def running_cost(self) -> int:
        """机关运行经费 of the budget: the running costs of an administrative body, else nothing."""
        return running(self.budget_economic) if self.profile.is_administrative else 0

    @property
    def final_running_cost(self) -> int:
        """机关运行经费 as spent."""
        return running(self.economic) if self.profile.is_administrative else 0


def running(economic: Mapping[str, int]) -> int:
    """公用经费: everything but 301 and 303."""
    return sum(amount for code, amount in economic.items() if code[:3] not in ("301", "303"))


def personnel(economic: Mapping[str, int]) -> int:
    """人员经费: 301 and 303."""
    return sum(amount for code, amount in economic.items() if code[:3] in ("301", "303"))


def simulate(profile: Profile, first: int, last: int, seed: str) -> dict[int, DepartmentYear]:
    """The department's years ``first`` to ``last``; the same seed gives the same figures."""
    years: dict[int, DepartmentYear] = {}
    closing: dict[tuple[str, Fund], int] = {}
    scale = {(line.code, line.fund): 10000 for line in profile.lines}
    carryover = profile.carryover * 1_000_000
    for year in range(first, last + 1):
        rng = random.Random(f"{seed}-{year}")
        budget, accounts = [], []
        for line in profile.lines:
            key = (line.code, line.fund)
            scale[key] = scale[key] * (10000 + line.growth + rng.randint(-250, 250)) // 10000
            planned = _budget_line(profile, line, scale[key], rng)
            budget.append(planned)
            accounts.append(_account(profile, line, planned, closing.get(key, 0), year, rng))
            closing[key] = accounts[-1].closing
        next_carryover = carryover * (10000 + rng.randint(-2500, 2500)) // 10000 // 10000 * 10000
        years[year] = _finish(profile, year, budget, accounts, (carryover, next_carryover), rng)
        carryover = next_carryover
    return years


def _jitter(amount: int, rng: random.Random, low: int, high: int) -> int:
    """``amount`` changed by a random share between two bounds in hundredths of a percent."""
    return amount * (10000 + rng.randint(low, high)) // 10000


def _budget_line(profile: Profile, line: LineProfile, scale: int, rng: random.Random) -> BudgetLine:
    basic = _jitter(line.basic * 100 * scale, rng, -30, 30)
    project = _jitter(line.project * 100 * scale, rng, -400, 400)
    if line.project:
        project = project // 10000 * 10000
    main = line.basic and line.basic == max(each.basic for each in profile.lines)
    reserve = basic * profile.reserve // 10000 // 10000 * 10000 if main else 0
    return BudgetLine(line.code, line.fund, line.source, basic, project, reserve)


def _account(
    profile: Profile, line: LineProfile, planned: BudgetLine, opening: int, year: int, rng: random.Random
) -> Account:
    basic = _jitter(planned.basic + planned.reserve, rng, -280, 420)
    project = _jitter(planned.project, rng, -900, 1500)
    if line.balance or opening:
        received = project * (10000 + rng.randint(0, line.balance)) // 10000
        used = min(opening, opening * rng.randint(4000, 9500) // 10000)
        project += used
        revenue = basic + received
    else:
        revenue = basic + project
    added = profile.surplus_used.get(year, 0) * 1_000_000 if line.fund == "nonfiscal" else 0
    distributed = profile.surplus_distributed.get(year, 0) * 1_000_000 if line.fund == "nonfiscal" else 0
    return Account(
        line.code,
        line.fund,
        line.source,
        opening,
        revenue,
        basic,
        project + added,
        added,
        min(distributed, opening + revenue - basic - project) if distributed else 0,
    )


def _finish(
    profile: Profile,
    year: int,
    budget: list[BudgetLine],
    accounts: list[Account],
    carryover: tuple[int, int],
    rng: random.Random,
) -> DepartmentYear:
    planned, spent = {}, {}
    for kind in PUBLIC_KINDS:
        base = profile.three_public.get(kind, 0)
        if kind == "vehicle_purchase" and year not in profile.purchase_years:
            base = 0
        planned[kind] = base * 10000
        spent[kind] = planned[kind] * rng.randint(3000, 9900) // 10000
    meeting, training = profile.meeting * 1_000_000, profile.training * 1_000_000
    by_code = _basic_by_code((each.code, each.basic) for each in budget if each.fund == "general_public")
    final_by_code = _basic_by_code(
        (each.code, each.basic) for each in accounts if each.fund == "general_public"
    )
    return DepartmentYear(
        profile=profile,
        year=year,
        budget=tuple(budget),
        accounts=tuple(accounts),
        budget_economic=_economic(profile, by_code, planned, meeting, training, rng),
        economic=_economic(profile, final_by_code, spent, meeting * 3 // 4, training * 3 // 4, rng),
        budget_public=planned,
        public=spent,
        meeting=meeting,
        training=training,
        carryover_from=carryover[0],
        carryover_to=carryover[1],
        purchases=tuple(
            Purchase(
                category,
                programme,
                economic,
                thing,
                _jitter(amount * 1_000_000, rng, -800, 800) // 10000 * 10000,
            )
            for category, programme, economic, thing, amount in profile.purchases
        ),
    )


def _basic_by_code(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Basic expenditure by functional item."""
    summed: dict[str, int] = {}
    for code, amount in amounts:
        summed[code] = summed.get(code, 0) + amount
    return summed


def split(total: int, weights: Mapping[str, int], rng: random.Random) -> dict[str, int]:
    """Divide ``total`` by jittered weights into non-negative parts that sum to it exactly."""
    keys = list(weights)
    drawn = {key: weights[key] * rng.randint(7000, 13000) for key in keys}
    whole = sum(drawn.values())
    parts = {key: total * drawn[key] // whole for key in keys}
    parts[keys[0]] += total - sum(parts.values())
    return parts


def split_of(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Divide ``total`` by fixed shares in hundredths into parts that sum to it exactly."""
    parts = {key: total * share // 100 for key, share in shares.items()}
    parts[next(iter(parts))] += total - sum(parts.values())
    return parts


PERSONNEL_OF = {
    "2080505": "30108",
    "2080506": "30109",
    "2101101": "30110",
    "2101102": "30110",
    "2101103": "30111",
    "2210201": "30113",
    "2210202": "30102",
    "2210203": "30102",
}
RETIRED = ("2080501", "2080502")


def _economic(
    profile: Profile,
    basic: Mapping[str, int],
    public: Mapping[str, int],
    meeting: int,
    training: int,
    rng: random.Random,
) -> dict[str, int]:
    """Basic expenditure by economic section; sums to the basic expenditure by function exactly.

    What contributions are paid for follows the functional items, with small differences as in real
    books; of the “三公” kinds only a share is basic expenditure.
    """
    parts: dict[str, int] = {}

    def add(code: str, amount: int) -> None:
        if amount:
            parts[code] = parts.get(code, 0) + amount

    rest = 0
    for code, amount in basic.items():
        if code in PERSONNEL_OF:
            moved = amount * rng.randint(0, 60) // 10000
            add(PERSONNEL_OF[code], amount - moved)
            add("30112", moved)
        elif code in RETIRED:
            on_leave = amount * rng.randint(800, 2200) // 10000
            add("30301", on_leave)
            add("30302", amount - on_leave)
        else:
            rest += amount
    running_total = rest * rng.randint(1800, 2400) // 10000
    wages = (
        {"30101": 30, "30102": 34, "30103": 22, "30199": 4}
        if profile.is_administrative
        else {"30101": 28, "30102": 8, "30107": 52, "30199": 5}
    )
    for code, amount in split(rest - running_total, wages, rng).items():
        add(code, amount)
    fixed = {
        "30212": public["abroad"] * 6 // 10,
        "30231": public["vehicle_operation"] * 8 // 10,
        "30217": public["reception"] * 9 // 10,
        "30215": meeting // 2,
        "30216": training // 2,
    }
    if sum(fixed.values()) > running_total // 2:
        fixed = {code: amount // 10 for code, amount in fixed.items()}
    for code, amount in fixed.items():
        add(code, amount)
    weights = {
        "30299": 12,
        "30201": 14,
        "30202": 2,
        "30205": 2,
        "30206": 6,
        "30207": 4,
        "30209": 10,
        "30211": 8,
        "30213": 6,
        "30226": 6,
        "30227": 9,
        "30228": 7,
        "30229": 9,
        "31002": 3,
    }
    if profile.is_administrative:
        weights["30239"] = 11
    for code, amount in split(running_total - sum(fixed.values()), weights, rng).items():
        add(code, amount)
    return dict(sorted(parts.items()))
