"""Statements and columns that only some provinces print, out of the same figures of a year."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from tests.corpus.contents import Amount, Content, FreeRow
from tests.corpus.figures import FISCAL, Account, DepartmentYear, split
from tests.corpus.statements_final import (
    REVENUE_LINES,
    Amounts,
    code_content,
    economic_content,
    final_contents,
    public_amounts,
    yuan,
)

Columns = dict[str, Callable[[Account], int]]
#: How basic and project expenditure of a functional item divide over economic sections.
BASIC_SECTIONS = {"30101": 30, "30102": 22, "30103": 12, "30113": 6, "30201": 10, "30211": 4, "30302": 6}
PROJECT_SECTIONS = {"30201": 12, "30211": 8, "30226": 16, "30227": 30, "31002": 9}


def regional_contents(figures: DepartmentYear) -> dict[str, Content]:
    """The final accounts with every statement and column that some family prints, by statement id."""
    contents = final_contents(figures)
    for statement_id, columns in (
        ("final_revenue", REVENUE_COLUMNS),
        ("final_general_expenditure", MOVEMENT_COLUMNS),
    ):
        accounts = [
            a for a in figures.accounts if statement_id == "final_revenue" or a.fund == "general_public"
        ]
        contents[statement_id] = _with(contents[statement_id], code_content("", accounts, columns))
    contents["final_summary"] = _with(contents["final_summary"], _balances(figures))
    contents["final_summary"] = _with(contents["final_summary"], _budgets_of(contents["final_summary"]))
    contents["final_three_public"] = _with(contents["final_three_public"], _public_extras(figures))
    general = [a for a in figures.accounts if a.fund == "general_public"]
    fiscal = [a for a in figures.accounts if a.fund in FISCAL]
    projects: Columns = {"project": lambda a: a.project}
    added = [
        _by_unit("final_revenue_by_unit", figures, REVENUE_COLUMNS),
        _by_unit("final_expenditure_by_unit", figures, EXPENDITURE_COLUMNS),
        code_content("final_general_project", [a for a in general if a.project], projects),
        _by_economic("final_appropriation_by_economic", fiscal, figures),
        _by_economic("final_general_by_economic", general, figures),
        _general_by_code(general, figures),
        _projects(figures),
        _operating_information(figures),
    ]
    return contents | {each.statement_id: each for each in added}


def _from(source: str) -> Callable[[Account], int]:
    return lambda a: a.revenue if a.source == source else 0


def _of_fund(fund: str) -> Callable[[Account], int]:
    return lambda a: a.revenue if a.fund == fund else 0


REVENUE_COLUMNS: Columns = {
    "total": lambda a: a.revenue,
    "fiscal_appropriation": lambda a: a.revenue if a.fund in FISCAL else 0,
    **{
        source: _from(source)
        for source in ("superior_subsidy", "undertaking", "business", "affiliated", "other")
    },
    **{fund: _of_fund(fund) for fund in REVENUE_LINES},
    "undertaking_education_fees": lambda a: 0,
}
EXPENDITURE_COLUMNS: Columns = {
    "total": lambda a: a.expenditure,
    "basic": lambda a: a.basic,
    "project": lambda a: a.project,
    "to_superior": lambda a: 0,
    "business": lambda a: 0,
    "to_affiliated": lambda a: 0,
}
#: The general public budget with what was brought forward, received and carried forward (云南, 西藏).
MOVEMENT_COLUMNS: Columns = {
    "opening_balance": lambda a: a.opening,
    "opening_basic": lambda a: 0,
    "opening_project": lambda a: a.opening,
    "revenue": lambda a: a.revenue,
    "revenue_basic": lambda a: a.basic,
    "revenue_project": lambda a: a.revenue - a.basic,
    "total": lambda a: a.expenditure,
    "basic": lambda a: a.basic,
    "personnel": lambda a: a.basic * 8 // 10,
    "running": lambda a: a.basic - a.basic * 8 // 10,
    "project": lambda a: a.project,
    "closing_balance": lambda a: a.closing,
    "closing_basic": lambda a: 0,
    "closing_project": lambda a: a.closing,
}


def _with(content: Content, added: Content) -> Content:
    """A statement with the amounts of another one added; what both have stays as it is."""
    return Content(
        content.statement_id,
        {**added.amounts, **content.amounts},
        content.codes,
        content.free_rows,
        content.is_empty,
        content.unit,
        content.labels,
    )


def _budgets_of(summary: Content) -> Content:
    """The initial and the adjusted budget beside each line of the summary (吉林)."""
    amounts: Amounts = {}
    for (line, _), amount in summary.amounts.items():
        cents = int(amount.yuan * 100)
        amounts[line, "initial_budget"] = yuan(cents * 9 // 10)
        amounts[line, "adjusted_budget"] = yuan(cents)
    return Content("", amounts)


def _balances(figures: DepartmentYear) -> Content:
    """The balances of the summary by what they are for (forms to 2018); all surplus is of projects."""
    opening = sum(a.opening for a in figures.accounts)
    closing = sum(a.closing for a in figures.accounts)
    fiscal = sum(a.revenue for a in figures.accounts if a.fund in FISCAL)
    lines = {
        "rev_fiscal_appropriation": fiscal,
        "opening_basic": 0,
        "opening_project": opening,
        "opening_business": 0,
        "surplus_income_tax": 0,
        "surplus_welfare_fund": 0,
        "surplus_undertaking_fund": sum(a.distributed for a in figures.accounts),
        "closing_basic": 0,
        "closing_project": closing,
        "closing_business": 0,
    }
    return Content("", {(line, "amount"): yuan(cents) for line, cents in lines.items()})


def _public_extras(figures: DepartmentYear) -> Content:
    """Meetings, training, parts of receptions, running costs; and the “三公” by fund, all of one fund."""
    reception = figures.public["reception"]
    columns = {
        "budget_meeting": figures.meeting,
        "budget_training": figures.training,
        "final_meeting": figures.meeting * 3 // 4,
        "final_training": figures.training * 3 // 4,
        "final_reception_domestic": reception,
        "final_reception_foreign_affairs": 0,
        "final_reception_overseas": 0,
        "final_running_cost": figures.final_running_cost,
        "budget_running_cost": figures.running_cost,
    }
    amounts: Amounts = {("total", column): yuan(cents) for column, cents in columns.items()}
    for column, cents in public_amounts("adjusted", figures.budget_public).items():
        amounts["total", column] = yuan(cents)
    for (row, column), amount in final_contents(figures)["final_three_public"].amounts.items():
        amounts[row, f"{column}_general_public"] = amount
        amounts[row, f"{column}_government_fund"] = yuan(0)
    return Content("", amounts)


def _operating_information(figures: DepartmentYear) -> Content:
    """“三公”, meetings, training, running costs and procurement in one statement (机构运行信息表)."""
    columns = public_amounts("budget", figures.budget_public) | public_amounts("final", figures.public)
    columns |= {
        "final_reception_domestic": figures.public["reception"],
        "final_reception_foreign_affairs": 0,
        "final_reception_overseas": 0,
        "final_meeting": figures.meeting * 3 // 4,
        "final_training": figures.training * 3 // 4,
        "final_running_cost": figures.final_running_cost,
        "final_running_cost_administrative": figures.final_running_cost,
        "final_running_cost_institutions": 0,
    }
    kinds = {"goods": "A", "works": "B", "services": "C"}
    for kind, letter in kinds.items():
        columns[f"final_procurement_{kind}"] = sum(
            p.amount for p in figures.purchases if p.category == letter
        )
    total = sum(columns[f"final_procurement_{kind}"] for kind in kinds)
    columns |= {
        "final_procurement_total": total,
        "final_procurement_sme": total * 6 // 10,
        "final_procurement_small": total * 4 // 10,
    }
    amounts: Amounts = {("total", column): yuan(cents) for column, cents in columns.items()}
    return Content("final_operating_information", amounts)


def _by_unit(statement_id: str, figures: DepartmentYear, columns: Columns) -> Content:
    """A row for the department itself and for its units; every account belongs to one of them."""
    name = figures.profile.name
    units = [f"{name}本级", *(f"{name[-6:]}{part}中心" for part in ("信息", "服务", "保障"))]
    n_units = 1 + len(figures.accounts) % len(units)
    rows = [_unit_row("合计", "total", figures.accounts, columns)]
    for number, unit in enumerate(units[:n_units]):
        own = [a for place, a in enumerate(figures.accounts) if place % n_units == number]
        rows.append(_unit_row(unit, unit, own, columns))
    return Content(statement_id, free_rows=tuple(rows))


def _unit_row(text: str, key: str, accounts: Sequence[Account], columns: Columns) -> FreeRow:
    amounts = {column: yuan(sum(of(a) for a in accounts)) for column, of in columns.items()}
    return FreeRow({"unit": text}, amounts, key)


def _by_economic(statement_id: str, accounts: Sequence[Account], figures: DepartmentYear) -> Content:
    """Each functional code by economic class and section; the parts sum to the item exactly."""
    parts: dict[Account, Mapping[str, int]] = {}
    for account in accounts:
        rng = random.Random(f"{figures.profile.name}-{figures.year}-{account.code}-{account.fund}")
        basic = split(account.basic, BASIC_SECTIONS, rng)
        project = split(account.project, PROJECT_SECTIONS, rng)
        parts[account] = {
            code: basic.get(code, 0) + project.get(code, 0) for code in sorted({*basic, *project})
        }
    sections = sorted({code for each in parts.values() for code in each})
    columns: Columns = {"total": lambda a: a.expenditure}
    for code in dict.fromkeys([*(section[:3] for section in sections), *sections]):
        columns[f"economic_{code}"] = lambda a, code=code: sum(  # type: ignore[misc]
            cents for each, cents in parts[a].items() if each.startswith(code)
        )
    return code_content(statement_id, accounts, columns)


def _general_by_code(accounts: Sequence[Account], figures: DepartmentYear) -> Content:
    """The general public budget by economic code, basic and project expenditure (山西: 支出决算表（二）)."""
    projects: dict[str, int] = {}
    for account in accounts:
        rng = random.Random(f"{figures.profile.name}-{figures.year}-{account.code}-{account.fund}")
        for code, cents in split(account.project, PROJECT_SECTIONS, rng).items():
            projects[code] = projects.get(code, 0) + cents
    used = {code: cents for code, cents in projects.items() if cents}
    both = {code: figures.economic.get(code, 0) + used.get(code, 0) for code in {*figures.economic, *used}}
    whole = economic_content("final_general_expenditure_by_economic", both, "total")
    basic = economic_content("", {code: figures.economic.get(code, 0) for code in both}, "basic")
    project = economic_content("", {code: used.get(code, 0) for code in both}, "project")
    return _with(_with(whole, basic), project)


def _projects(figures: DepartmentYear) -> Content:
    """A row per project with its balances (内蒙古: 项目收入支出决算表)."""
    used = [a for a in figures.accounts if a.project]
    columns: Columns = {
        "opening_balance": lambda a: a.opening,
        "revenue": lambda a: a.revenue - a.basic,
        "total": lambda a: a.project,
        "closing_balance": lambda a: a.closing,
    }

    def row(text: str, key: str, accounts: Sequence[Account]) -> FreeRow:
        amounts: dict[str, Amount] = {c: yuan(sum(of(a) for a in accounts)) for c, of in columns.items()}
        return FreeRow({"project_name": text}, amounts, key)

    named = [(f"样例{'一二三四五六七八九'[n % 9]}号专项（{a.code}）", a) for n, a in enumerate(used)]
    rows = [row("合计", "total", used), *(row(name, name, [a]) for name, a in named)]
    return Content("final_project", free_rows=tuple(rows), is_empty=not used)
