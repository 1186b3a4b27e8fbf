"""Budget statements and columns that only some provinces print, out of the same figures of a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from tests.corpus.codes import code_name, government_code
from tests.corpus.contents import Amount, Content, FreeRow
from tests.corpus.figures import FISCAL, BudgetLine, DepartmentYear, split_of
from tests.corpus.statements_budget import SHARES, Column, budget_contents, code_content
from tests.corpus.statements_final import Amounts, economic_content, public_amounts, yuan

#: The economic sections of project expenditure where a form tells them; in hundredths.
PROJECT_SECTIONS = {"30201": 10, "30211": 15, "30227": 55, "31002": 20}


def regional_budget_contents(figures: DepartmentYear) -> dict[str, Content]:
    """The budget with every statement and column that some family prints, by statement id."""
    contents = budget_contents(figures)
    general = [line for line in figures.budget if line.fund == "general_public"]
    fiscal = [line for line in figures.budget if line.fund in FISCAL]
    contents["budget_revenue_by_function"] = _with(
        contents["budget_revenue_by_function"], code_content("", figures.budget, SOURCES)
    )
    for statement_id, lines in (
        ("budget_expenditure_by_function", list(figures.budget)),
        ("budget_general_expenditure", general),
        ("budget_fund", [line for line in figures.budget if line.fund == "government_fund"]),
    ):
        added = code_content("", lines, SPENDING)
        contents[statement_id] = _with(contents[statement_id], _with_growth(added))
    contents["budget_summary"] = _with(contents["budget_summary"], _by_economic_class(figures.budget))
    whole = contents["budget_summary"].amounts["revenue_total", "amount"]
    contents["budget_summary"] = _with(
        contents["budget_summary"], Content("", {("rev_department_budget", "amount"): whole})
    )
    contents["budget_appropriation_summary"] = _with(
        contents["budget_appropriation_summary"], _by_economic_class(fiscal)
    )
    contents["budget_three_public"] = _with(contents["budget_three_public"], _public_of_two_years(figures))
    basic = code_content("budget_general_basic_by_function", [b for b in general if b.basic], BASIC)
    contents["budget_general_basic"] = _with_government_codes(contents["budget_general_basic"])
    added = [
        basic,
        _general_by_economic(general, figures),
        _by_unit("budget_revenue_by_unit", figures, SOURCES),
        _by_unit("budget_expenditure_by_unit", figures, SPENDING),
        _projects(figures),
        _purchases(figures),
        *_by_fund_and_class(general),
    ]
    return contents | {each.statement_id: each for each in added}


def _of_fund(fund: str) -> Column:
    return lambda b: b.total if b.fund == fund else 0


def _of_source(source: str) -> Column:
    return lambda b: b.total if b.source == source else 0


def _personnel(line: BudgetLine) -> int:
    return line.basic * 8 // 10


SOURCES: dict[str, Column] = {
    "total": lambda b: b.total,
    "year_total": lambda b: b.total,
    "fiscal_appropriation": lambda b: b.total if b.fund in FISCAL else 0,
    **{fund: _of_fund(fund) for fund in FISCAL},
    "fiscal_account": lambda b: 0,
    "unit_funds": _of_fund("nonfiscal"),
    **{
        source: _of_source(source)
        for source in ("undertaking", "business", "superior_subsidy", "affiliated", "other")
    },
    "superior_fiscal_subsidy": lambda b: 0,
    "carryover": lambda b: 0,
}
SPENDING: dict[str, Column] = {
    "total": lambda b: b.total,
    "basic": lambda b: b.basic,
    "personnel": _personnel,
    "running": lambda b: b.basic - _personnel(b),
    "project": lambda b: b.project,
    "to_superior": lambda b: 0,
    "business": lambda b: 0,
    "to_affiliated": lambda b: 0,
    "last_year_executed": lambda b: b.total * 93 // 100,
    "change": lambda b: b.total - b.total * 93 // 100,
}
BASIC: dict[str, Column] = {
    "total": lambda b: b.basic,
    "personnel": _personnel,
    "running": lambda b: b.basic - _personnel(b),
}


def _with(content: Content, added: Content) -> Content:
    """A statement with the amounts and texts of another one added; what both have stays as it is."""
    return replace(
        content,
        amounts={**added.amounts, **content.amounts},
        texts={**added.texts, **content.texts},
    )


def _with_growth(content: Content) -> Content:
    """The rate of growth beside the change (海南): a text, for a rate is no amount."""
    texts: dict[tuple[str, str], str] = {}
    for (row, column), amount in content.amounts.items():
        before = content.amounts.get((row, "last_year_executed"))
        if column == "change" and before is not None and before.yuan:
            rate = (amount.yuan / before.yuan * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
            texts[row, "name_growth"] = f"{rate}%"
    return replace(content, texts=texts)


def _by_economic_class(lines: list[BudgetLine] | tuple[BudgetLine, ...]) -> Content:
    """Expenditure by class of both economic classifications and by use (summaries of four sides)."""
    by_class: dict[str, int] = {}
    by_use: dict[str, int] = {}
    for kind in SHARES:
        for line in lines:
            whole = getattr(line, kind)
            for code, cents in split_of(whole, SHARES[kind]).items():
                by_class[code] = by_class.get(code, 0) + cents
                by_use[f"use_{kind}_{code}"] = by_use.get(f"use_{kind}_{code}", 0) + cents
        by_use[f"use_{kind}"] = sum(getattr(line, kind) for line in lines)
    government: dict[str, int] = {}
    for code, cents in by_class.items():
        other, _ = government_code(code)
        government[other] = government.get(other, 0) + cents
    whole = sum(line.total for line in lines)
    cents_of = {**by_class, **government, **by_use, "expenditure_total": whole, "department_budget": whole}
    return Content("", {(row, "amount"): yuan(cents) for row, cents in cents_of.items()})


def _with_government_codes(content: Content) -> Content:
    """The code and name of the government's economic classification beside each of the department's."""
    texts: dict[tuple[str, str], str] = {}
    for code in content.codes:
        texts[code, "name_government_code"], texts[code, "name_government"] = government_code(code)
    return replace(content, texts=texts)


def _general_by_economic(general: list[BudgetLine], figures: DepartmentYear) -> Content:
    """The general public budget by economic section: personnel, running and project expenditure."""
    project = split_of(sum(line.project for line in general), PROJECT_SECTIONS)
    basic = figures.budget_economic
    codes = sorted({*project, *basic})
    whole = {code: basic.get(code, 0) + project.get(code, 0) for code in codes}
    content = economic_content("budget_general_by_economic", whole, "total")
    amounts: Amounts = {
        place: amount for place, amount in content.amounts.items() if not place[0].endswith("_total")
    }
    for column, of in (
        ("personnel", lambda code: code[:3] in ("301", "303")),
        ("running", lambda code: code[:3] not in ("301", "303")),
    ):
        own = {code: cents for code, cents in basic.items() if of(code)}
        for code in ("total", *content.codes):
            amounts[code, column] = yuan(
                sum(cents for each, cents in own.items() if code == "total" or each.startswith(code))
            )
    for code in ("total", *content.codes):
        amounts[code, "project"] = yuan(
            sum(cents for each, cents in project.items() if code == "total" or each.startswith(code))
        )
    return _with_government_codes(replace(content, amounts=amounts))


def _by_unit(statement_id: str, figures: DepartmentYear, columns: Mapping[str, Column]) -> Content:
    """A row for the department with its code, and one for each of its units below it."""
    name = figures.profile.name
    units = [f"{name}本级", f"{name[-6:]}信息中心", f"{name[-6:]}服务中心"]
    n_units = 1 + len(figures.budget) % len(units)

    def row(text: str, key: str, code: str, lines: list[BudgetLine]) -> FreeRow:
        amounts: dict[str, Amount] = {c: yuan(sum(of(b) for b in lines)) for c, of in columns.items()}
        return FreeRow({"unit_code": code, "unit": text}, amounts, key)

    rows = [row("合计", "total", "", list(figures.budget)), row(name, name, "136", list(figures.budget))]
    for number, unit in enumerate(units[:n_units]):
        own = [b for place, b in enumerate(figures.budget) if place % n_units == number]
        rows.append(row(unit, unit, f"136{number + 1:03d}", own))
    return Content(statement_id, free_rows=tuple(rows))


def _projects(figures: DepartmentYear) -> Content:
    """A row per project with the funds that pay for it."""
    used = [line for line in figures.budget if line.project]
    columns: dict[str, Column] = {
        "total": lambda b: b.project,
        **{fund: (lambda b, fund=fund: b.project if b.fund == fund else 0) for fund in FISCAL},  # type: ignore[misc]
        "carryover_general_public": lambda b: 0,
        "carryover_government_fund": lambda b: 0,
        "fiscal_account": lambda b: 0,
        # Forms have a column for one or the other.
        **dict.fromkeys(("unit_funds", "other_funds"), lambda b: b.project if b.fund == "nonfiscal" else 0),
    }

    def row(text: str, key: str, lines: list[BudgetLine], note: str = "") -> FreeRow:
        amounts: dict[str, Amount] = {c: yuan(sum(of(b) for b in lines)) for c, of in columns.items()}
        texts = {"project_name": text, "project_note": note, "unit": figures.profile.name if note else ""}
        return FreeRow(texts, amounts, key)

    named = [
        (f"样例{'一二三四五六七八九'[n % 9]}号{code_name(b.code, figures.year)[:6]}项目", b)
        for n, b in enumerate(used)
    ]
    rows = [row("合计", "total", used), *(row(name, name, [b], "保障工作正常开展") for name, b in named)]
    return Content("budget_project", free_rows=tuple(rows), is_empty=not used)


def _purchases(figures: DepartmentYear) -> Content:
    """Purchases one by one with what is bought and when (陕西: 采购项目 … 实施采购时间 预算金额)."""
    rows = [
        FreeRow({"programme": "合计"}, {"amount": yuan(sum(p.amount for p in figures.purchases))}, "total")
    ]
    rows += [
        FreeRow(
            {"programme": p.programme, "thing": p.thing, "mode": f"{figures.year}-0{n % 9 + 1}"},
            {"amount": yuan(p.amount)},
            f"{p.programme}/{p.thing}",
        )
        for n, p in enumerate(figures.purchases, 1)
    ]
    return Content("budget_procurement", free_rows=tuple(rows), is_empty=not figures.purchases)


def _by_fund_and_class(general: list[BudgetLine]) -> list[Content]:
    """Functional codes over economic classes in columns, of the department's classification (湖南)."""
    columns: dict[str, Column] = {"total": lambda b: b.total}
    for code in sorted({*SHARES["basic"], *SHARES["project"]}):
        columns[f"economic_{code}"] = lambda b, code=code: sum(  # type: ignore[misc]
            split_of(getattr(b, kind), SHARES[kind]).get(code, 0) for kind in SHARES
        )
    return [code_content("budget_general_function_by_economic", general, columns)]


def _public_of_two_years(figures: DepartmentYear) -> Content:
    """Last year's “三公” budget and the change beside this year's."""
    now = public_amounts("budget", figures.budget_public)
    now |= {"budget_meeting": figures.meeting, "budget_training": figures.training}
    now["budget_total_with_meetings"] = now["budget_total"] + figures.meeting + figures.training
    amounts: Amounts = {}
    for column, cents in now.items():
        kind = column.removeprefix("budget_")
        before = cents * 105 // 100
        amounts["total", f"last_year_{kind}"] = yuan(before)
        amounts["total", f"change_{kind}"] = yuan(cents - before)
    for kind, cents in now.items():
        for fund in FISCAL:
            amounts["total", f"{kind}_{fund}"] = yuan(cents if fund == "general_public" else 0)
    return Content("", amounts)
