"""The nine statements of the final accounts, as contents, out of the figures of a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from tests.corpus.codes import class_lines
from tests.corpus.contents import Amount, Content
from tests.corpus.figures import FISCAL, PUBLIC_KINDS, Account, DepartmentYear, Fund, personnel, running

REVENUE_LINES: dict[Fund, str] = {
    "general_public": "rev_general_public",
    "government_fund": "rev_government_fund",
    "state_capital": "rev_state_capital",
}
SOURCES = ("superior_subsidy", "undertaking", "business", "affiliated", "other")
Amounts = dict[tuple[str, str], Amount]


def yuan(cents: int) -> Amount:
    """Cents as an amount in yuan."""
    return Amount(Decimal(cents) / 100)


def with_parents(codes: Iterable[str], lengths: Sequence[int] = (3, 5, 7)) -> tuple[str, ...]:
    """Codes and the codes above them, in the order statements print them."""
    return tuple(sorted({code[:length] for code in codes for length in lengths if length <= len(code)}))


def final_contents(figures: DepartmentYear) -> dict[str, Content]:
    """All nine statements by statement id."""
    contents = [
        _summary(figures),
        _revenue(figures),
        _expenditure(figures),
        _appropriation(figures),
        _general(figures),
        economic_content("final_general_basic", figures.economic),
        _movement("final_fund", figures, "government_fund"),
        _movement("final_state_capital", figures, "state_capital"),
        _three_public(figures),
    ]
    return {each.statement_id: each for each in contents}


def _total(accounts: Iterable[Account], of: Callable[[Account], int]) -> int:
    return sum(of(each) for each in accounts)


def _summary(figures: DepartmentYear) -> Content:
    accounts = figures.accounts
    lines = {
        line: _total((a for a in accounts if a.fund == fund), lambda a: a.revenue)
        for fund, line in REVENUE_LINES.items()
    }
    for source in SOURCES:
        lines[f"rev_{source}"] = _total((a for a in accounts if a.source == source), lambda a: a.revenue)
    lines["revenue_total"] = _total(accounts, lambda a: a.revenue)
    lines["use_nonfiscal_surplus"] = _total(accounts, lambda a: a.surplus_used)
    lines["opening_balance"] = _total(accounts, lambda a: a.opening)
    lines["grand_total_revenue"] = (
        lines["revenue_total"] + lines["use_nonfiscal_surplus"] + lines["opening_balance"]
    )
    for code, _ in class_lines(figures.year):
        lines[code] = _total((a for a in accounts if a.code.startswith(code)), lambda a: a.expenditure)
    lines["expenditure_total"] = _total(accounts, lambda a: a.expenditure)
    lines["surplus_distribution"] = _total(accounts, lambda a: a.distributed)
    lines["closing_balance"] = _total(accounts, lambda a: a.closing)
    lines["grand_total_expenditure"] = (
        lines["expenditure_total"] + lines["surplus_distribution"] + lines["closing_balance"]
    )
    return Content("final_summary", {(line, "amount"): yuan(cents) for line, cents in lines.items()})


def code_content(
    statement_id: str, accounts: Sequence[Account], columns: dict[str, Callable[[Account], int]]
) -> Content:
    """A statement with a row per code: each column summed over the accounts below the code."""
    used = [a for a in accounts if any(of(a) for of in columns.values())]
    codes = with_parents(a.code for a in used)
    amounts: Amounts = {}
    for column, of in columns.items():
        for code in codes:
            amounts[code, column] = yuan(_total((a for a in used if a.code.startswith(code)), of))
        amounts["total", column] = yuan(_total(used, of))
    return Content(statement_id, amounts if used else {}, codes, is_empty=not used)


def _revenue(figures: DepartmentYear) -> Content:
    columns: dict[str, Callable[[Account], int]] = {
        "total": lambda a: a.revenue,
        "fiscal_appropriation": lambda a: a.revenue if a.fund in FISCAL else 0,
    }
    for source in SOURCES:
        columns[source] = lambda a, source=source: a.revenue if a.source == source else 0  # type: ignore[misc]
    return code_content("final_revenue", figures.accounts, columns)


def _expenditure(figures: DepartmentYear) -> Content:
    columns: dict[str, Callable[[Account], int]] = {
        "total": lambda a: a.expenditure,
        "basic": lambda a: a.basic,
        "project": lambda a: a.project,
        "to_superior": lambda a: 0,
        "business": lambda a: 0,
        "to_affiliated": lambda a: 0,
    }
    return code_content("final_expenditure", figures.accounts, columns)


def _general(figures: DepartmentYear) -> Content:
    accounts = [a for a in figures.accounts if a.fund == "general_public"]
    columns: dict[str, Callable[[Account], int]] = {
        "total": lambda a: a.expenditure,
        "basic": lambda a: a.basic,
        "project": lambda a: a.project,
    }
    return code_content("final_general_expenditure", accounts, columns)


def _movement(statement_id: str, figures: DepartmentYear, fund: str) -> Content:
    accounts = [a for a in figures.accounts if a.fund == fund]
    columns: dict[str, Callable[[Account], int]] = {
        "opening_balance": lambda a: a.opening,
        "revenue": lambda a: a.revenue,
        "total": lambda a: a.expenditure,
        "basic": lambda a: a.basic,
        "project": lambda a: a.project,
        "closing_balance": lambda a: a.closing,
    }
    return code_content(statement_id, accounts, columns)


def _appropriation(figures: DepartmentYear) -> Content:
    by_fund = {fund: [a for a in figures.accounts if a.fund == fund] for fund in FISCAL}
    fiscal = [a for accounts in by_fund.values() for a in accounts]
    amounts: Amounts = {}
    for fund, line in REVENUE_LINES.items():
        amounts[line, "amount"] = yuan(_total(by_fund[fund], lambda a: a.revenue))
        amounts[f"opening_{fund}", "amount"] = yuan(_total(by_fund[fund], lambda a: a.opening))
    revenue, opening = _total(fiscal, lambda a: a.revenue), _total(fiscal, lambda a: a.opening)
    amounts["revenue_total", "amount"] = yuan(revenue)
    amounts["opening_balance", "amount"] = yuan(opening)
    amounts["grand_total_revenue", "amount"] = yuan(revenue + opening)
    for column, accounts in [("total", fiscal), *by_fund.items()]:
        for code, _ in class_lines(figures.year):
            amounts[code, column] = yuan(
                _total((a for a in accounts if a.code.startswith(code)), lambda a: a.expenditure)
            )
        spent, closing = _total(accounts, lambda a: a.expenditure), _total(accounts, lambda a: a.closing)
        amounts["expenditure_total", column] = yuan(spent)
        amounts["closing_balance", column] = yuan(closing)
        amounts["grand_total_expenditure", column] = yuan(spent + closing)
    return Content("final_appropriation_summary", amounts)


def economic_content(statement_id: str, economic: Mapping[str, int], column: str = "amount") -> Content:
    """Basic expenditure by economic code with the totals of personnel and running costs."""
    codes = with_parents(economic, (3, 5))
    amounts: Amounts = {}
    for code in codes:
        amounts[code, column] = yuan(sum(cents for each, cents in economic.items() if each.startswith(code)))
    amounts["total", column] = yuan(sum(economic.values()))
    amounts["personnel_total", column] = yuan(personnel(economic))
    amounts["running_total", column] = yuan(running(economic))
    return Content(statement_id, amounts, codes)


def public_amounts(prefix: str, public: Mapping[str, int]) -> dict[str, int]:
    """Columns of the “三公” statement with sub-totals, in cents."""
    columns = {f"{prefix}_{kind}": public[kind] for kind in PUBLIC_KINDS}
    columns[f"{prefix}_vehicle_total"] = public["vehicle_purchase"] + public["vehicle_operation"]
    columns[f"{prefix}_total"] = sum(public[kind] for kind in PUBLIC_KINDS)
    return columns


def _three_public(figures: DepartmentYear) -> Content:
    columns = {**public_amounts("budget", figures.budget_public), **public_amounts("final", figures.public)}
    amounts = {("total", column): yuan(cents) for column, cents in columns.items()}
    return Content("final_three_public", amounts, is_empty=not any(columns.values()))
