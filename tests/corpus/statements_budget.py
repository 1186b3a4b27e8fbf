"""The budget statements of all families, as contents, out of the figures of a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tests.corpus.codes import class_lines
from tests.corpus.contents import Content, FreeRow
from tests.corpus.figures import FISCAL, BudgetLine, DepartmentYear, personnel, running
from tests.corpus.statements_final import (
    REVENUE_LINES,
    Amounts,
    economic_content,
    public_amounts,
    with_parents,
    yuan,
)

Column = Callable[[BudgetLine], int]
#: A unit's own revenue by where it comes from (单位资金).
OWN_SOURCES = ("superior_subsidy", "undertaking", "business", "affiliated", "other")


def budget_contents(figures: DepartmentYear) -> dict[str, Content]:
    """Every budget statement the figures can fill, by statement id; a family prints those it has."""
    general = [line for line in figures.budget if line.fund == "general_public"]
    fiscal = [line for line in figures.budget if line.fund in FISCAL]
    spending: dict[str, Column] = {"total": _all, "basic": lambda b: b.basic, "project": lambda b: b.project}
    contents = [
        _summary(figures),
        code_content(
            "budget_revenue_by_function",
            figures.budget,
            {
                "total": _all,
                "fiscal_appropriation": lambda b: b.total if b.fund in FISCAL else 0,
                **{source: _from(source) for source in ("undertaking", "business", "other")},
                **{fund: _of_fund(fund) for fund in FISCAL},
                "fiscal_account": lambda b: 0,
            },
        ),
        _by_source(figures),
        code_content("budget_expenditure_by_function", figures.budget, {**spending, **BY_CLASS}),
        _by_kind(figures),
        _appropriation(figures),
        code_content("budget_appropriation_by_function", fiscal, {"total": _all}),
        _economic("budget_appropriation_basic", figures),
        code_content("budget_general_expenditure", general, {**spending, **BY_CLASS}),
        _economic("budget_general_basic", figures),
        code_content("budget_fund", [b for b in figures.budget if b.fund == "government_fund"], spending),
        code_content(
            "budget_state_capital", [b for b in figures.budget if b.fund == "state_capital"], spending
        ),
        _running_cost(figures),
        _three_public(figures),
        _procurement(figures),
    ]
    return {each.statement_id: each for each in contents}


def _all(line: BudgetLine) -> int:
    return line.total


def _of_fund(fund: str) -> Column:
    return lambda line: line.total if line.fund == fund else 0


def _of_class(kind: str, code: str) -> Column:
    """A part of an item's basic or project expenditure by economic class; the parts sum to it exactly."""

    def column(line: BudgetLine) -> int:
        whole = getattr(line, kind)
        parts = {each: whole * share // 100 for each, share in SHARES[kind].items()}
        first = next(iter(parts))
        return int(parts[code] + (whole - sum(parts.values()) if code == first else 0))

    return column


#: How basic and project expenditure of an item divide over economic classes (河南); in hundredths.
SHARES = {"basic": {"301": 70, "302": 18, "303": 9, "310": 3}, "project": {"302": 80, "310": 20}}
BY_CLASS: dict[str, Column] = {
    **{f"basic_economic_{code}": _of_class("basic", code) for code in SHARES["basic"]},
    **{f"project_economic_{code}": _of_class("project", code) for code in SHARES["project"]},
    "project_ordinary": lambda b: b.project if b.fund == "nonfiscal" else 0,
    "project_special": lambda b: 0 if b.fund == "nonfiscal" else b.project,
}


def _from(source: str) -> Column:
    return lambda line: line.total if line.source == source else 0


def _sum(lines: Iterable[BudgetLine], of: Column = _all) -> int:
    return sum(of(each) for each in lines)


def code_content(statement_id: str, lines: Sequence[BudgetLine], columns: dict[str, Column]) -> Content:
    """A statement with a row per code; columns summed over the lines below it."""
    used = [line for line in lines if line.total]
    codes = with_parents(line.code for line in used)
    amounts: Amounts = {}
    for column, of in columns.items():
        for code in codes:
            amounts[code, column] = yuan(_sum((line for line in used if line.code.startswith(code)), of))
        amounts["total", column] = yuan(_sum(used, of))
    return Content(statement_id, amounts if used else {}, codes, is_empty=not used)


def _summary(figures: DepartmentYear) -> Content:
    budget = figures.budget
    revenue = {line: _sum(b for b in budget if b.fund == fund) for fund, line in REVENUE_LINES.items()}
    revenue["rev_fiscal_appropriation"] = sum(revenue.values())
    for source in OWN_SOURCES:
        revenue[f"rev_{source}"] = _sum(b for b in budget if b.source == source)
    revenue["rev_fiscal_account"] = revenue["rev_superior_fiscal_subsidy"] = 0
    revenue["rev_other_funds"] = _sum(b for b in budget if b.fund == "nonfiscal")
    total = _sum(budget)
    lines = {
        **revenue,
        **{code: _sum(b for b in budget if b.code.startswith(code)) for code, _ in class_lines(figures.year)},
        "revenue_total": total + figures.carryover_to - figures.carryover_from,
        "carryover_from_last_year": figures.carryover_from,
        "use_nonfiscal_surplus": 0,
        "grand_total_revenue": total + figures.carryover_to,
        "use_basic": _sum(budget, lambda b: b.basic),
        "use_project": _sum(budget, lambda b: b.project),
        "use_reserve": _sum(budget, lambda b: b.reserve),
        "expenditure_total": total,
        "carryover_to_next_year": figures.carryover_to,
        "grand_total_expenditure": total + figures.carryover_to,
    }
    if figures.carryover_from or figures.carryover_to:
        # What was carried over pays for part of the year, what is carried on is added to receipts.
        added = figures.carryover_to - figures.carryover_from
        for line in ("rev_other_funds", "rev_other"):
            lines[line] += added
    # 单位资金收入 heads the lines of the unit's own revenue (河北).
    lines["rev_unit_funds"] = sum(lines[f"rev_{source}"] for source in OWN_SOURCES)
    amounts: Amounts = {(line, "amount"): yuan(cents) for line, cents in lines.items()}
    return Content("budget_summary", amounts | _use_by_fund(figures))


def _use_by_fund(figures: DepartmentYear) -> Amounts:
    """The uses of the summary by fund (河南), with the economic classes below them."""
    amounts: Amounts = {}
    for column, funds in {
        "total": (*FISCAL, "nonfiscal"),
        "general_public": ("general_public",),
        "government_fund": ("government_fund",),
        "state_capital": ("state_capital",),
        "unit_funds": ("nonfiscal",),
    }.items():
        lines = [b for b in figures.budget if b.fund in funds]
        for kind, shares in SHARES.items():
            amounts[f"use_{kind}", column] = yuan(_sum(lines, lambda b, kind=kind: getattr(b, kind)))  # type: ignore[misc]
            for code in shares:
                amounts[f"use_{kind}_{code}", column] = yuan(_sum(lines, _of_class(kind, code)))
        amounts["use_reserve", column] = yuan(_sum(lines, lambda b: b.reserve))
        amounts["expenditure_total", column] = yuan(_sum(lines))
        amounts["grand_total_expenditure", column] = yuan(
            _sum(lines) + figures.carryover_to * (len(funds) > 1)
        )
    amounts["carryover_to_next_year", "total"] = yuan(figures.carryover_to)
    return amounts


def _by_source(figures: DepartmentYear) -> Content:
    summary = _summary(figures).amounts
    other = {
        source: _sum(b for b in figures.budget if b.source == source)
        for source in ("undertaking", "business", "other")
    }
    other["other"] += figures.carryover_to - figures.carryover_from
    general = summary["rev_general_public", "amount"]
    lines = {
        "grand_total_revenue": summary["grand_total_revenue", "amount"],
        "src_general_public": general,
        "src_general_public_appropriation": general,
        "src_general_public_earmarked": yuan(0),
        "src_government_fund": summary["rev_government_fund", "amount"],
        "src_fiscal_account": yuan(0),
        "src_other_funds": summary["rev_other_funds", "amount"],
        "src_other_undertaking": yuan(other["undertaking"]),
        "src_other_business": yuan(other["business"]),
        "src_other_other": yuan(other["other"]),
        "src_carryover": yuan(figures.carryover_from),
        "src_carryover_used": yuan(figures.carryover_from),
    }
    return Content("budget_revenue_by_source", {(line, "amount"): amount for line, amount in lines.items()})


def _by_kind(figures: DepartmentYear) -> Content:
    summary = _summary(figures).amounts
    columns = {
        "total": "grand_total_expenditure",
        "basic": "use_basic",
        "project": "use_project",
        "reserve": "use_reserve",
        "carryover_to_next_year": "carryover_to_next_year",
    }
    return Content(
        "budget_expenditure_by_kind", {("total", c): summary[line, "amount"] for c, line in columns.items()}
    )


def _appropriation(figures: DepartmentYear) -> Content:
    by_fund = {fund: [b for b in figures.budget if b.fund == fund] for fund in FISCAL}
    fiscal = [b for lines in by_fund.values() for b in lines]
    amounts: Amounts = {}
    for fund, line in REVENUE_LINES.items():
        amounts[line, "amount"] = yuan(_sum(by_fund[fund]))
    amounts["rev_fiscal_appropriation", "amount"] = yuan(_sum(fiscal))
    amounts["grand_total_revenue", "amount"] = yuan(_sum(fiscal))
    amounts["revenue_total", "amount"] = yuan(_sum(fiscal))
    amounts["carryover_from_last_year", "amount"] = yuan(0)
    amounts["carryover_to_next_year", "total"] = yuan(0)
    for fund in FISCAL:
        amounts[f"opening_{fund}", "amount"] = yuan(0)
    for use, of in {
        "basic": lambda b: b.basic,
        "project": lambda b: b.project,
        "reserve": lambda b: b.reserve,
    }.items():
        amounts[f"use_{use}", "amount"] = yuan(_sum(fiscal, of))
    amounts["grand_total_expenditure", "amount"] = yuan(_sum(fiscal))
    for column, lines in [("total", fiscal), *by_fund.items()]:
        for code in sorted({b.code[:3] for b in fiscal}):
            amounts[code, column] = yuan(_sum(b for b in lines if b.code.startswith(code)))
        amounts["grand_total_expenditure", column] = yuan(_sum(lines))
        amounts["expenditure_total", column] = yuan(_sum(lines))
    return Content("budget_appropriation_summary", amounts)


def _economic(statement_id: str, figures: DepartmentYear) -> Content:
    """With the columns of both kinds of forms: one amount, or split into personnel and running costs."""
    economic = figures.budget_economic
    content = economic_content(statement_id, economic)
    amounts: Amounts = dict(content.amounts)
    for (row, _), amount in content.amounts.items():
        of_personnel = row[:3] in ("301", "303")
        if row in ("personnel_total", "running_total"):
            continue
        amounts[row, "total"] = amount
        amounts[row, "personnel"] = amount if of_personnel else yuan(0)
        amounts[row, "running"] = yuan(0) if of_personnel else amount
    amounts["total", "personnel"] = yuan(personnel(economic))
    amounts["total", "running"] = yuan(running(economic))
    return Content(statement_id, amounts, content.codes)


def _running_cost(figures: DepartmentYear) -> Content:
    if not figures.profile.is_administrative:
        return Content("budget_running_cost", is_empty=True)
    economic = {
        code: cents for code, cents in figures.budget_economic.items() if code[:3] not in ("301", "303")
    }
    return economic_content("budget_running_cost", economic)


def _three_public(figures: DepartmentYear) -> Content:
    columns = public_amounts("budget", figures.budget_public)
    columns["budget_meeting"], columns["budget_training"] = figures.meeting, figures.training
    columns["budget_total_with_meetings"] = columns["budget_total"] + figures.meeting + figures.training
    columns["budget_running_cost"] = figures.running_cost
    return Content(
        "budget_three_public", {("total", column): yuan(cents) for column, cents in columns.items()}
    )


CATEGORIES = {"A": "一、货物A", "B": "二、工程B", "C": "三、服务C"}


def _procurement(figures: DepartmentYear) -> Content:
    purchases = figures.purchases
    if not purchases:
        return Content("budget_procurement", is_empty=True)
    rows = [_free({"category": "合计"}, sum(p.amount for p in purchases), "total")]
    for letter, label in CATEGORIES.items():
        of_category = [p for p in purchases if p.category == letter]
        if not of_category:
            continue
        rows.append(_free({"category": label}, sum(p.amount for p in of_category), label))
        for programme, economic in dict.fromkeys((p.programme, p.economic) for p in of_category):
            grouped = [p for p in of_category if (p.programme, p.economic) == (programme, economic)]
            path = f"{label}/{programme}/{economic}"
            rows.append(
                _free({"programme": programme, "economic": economic}, sum(p.amount for p in grouped), path)
            )
            rows += [
                _free({"thing": p.thing, "mode": "分散自行组织"}, p.amount, f"{path}/{p.thing}")
                for p in grouped
            ]
    return Content("budget_procurement", free_rows=tuple(rows))


def _free(texts: dict[str, str], cents: int, path: str) -> FreeRow:
    return FreeRow(texts, {"amount": yuan(cents)}, path)
