"""The text around the statements: facts out of the figures, put into wordings from ``narratives/*.yaml``.

A wording file is a list of blocks: a bare string is a paragraph; ``{part: …}``, ``{section: …}``,
``{subsection: …}`` are headings, ``{list: …}`` a line of the contents, ``{cover: [...], date: …}``
the cover, ``{statements: all}`` where the statements stand, ``{each: classes, text: …}`` a paragraph
per expenditure class. ``{name}`` in a text is a fact of this module. Facts are printed as exactly
rounded figures of the year, so text and statements agree wherever nothing was planted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.codes import code_name, parents
from tests.corpus.document import Block, Heading, ListLine, Prose, TitlePage
from tests.corpus.figures import FISCAL, Account, DepartmentYear, Fund, personnel, running
from tests.corpus.forms import chinese_number

WORDINGS = Path(__file__).parent / "narratives"
SOURCE_NAMES = {
    "superior_subsidy": "上级补助收入",
    "undertaking": "事业收入",
    "business": "经营收入",
    "affiliated": "附属单位上缴收入",
    "other": "其他收入",
}
CENTS_PER_WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Style:
    """How a family writes figures in prose: whether trailing zeros go, decimals of percentages."""

    strip: bool = False
    percent_decimals: int = 2

    def wan(self, cents: int) -> str:
        """An amount in 万元."""
        value = (Decimal(cents) / CENTS_PER_WAN).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return _stripped(value) if self.strip or value == 0 else str(value)

    def percent(self, part: int, whole: int) -> str:
        """A percentage; of nothing it is written 0%."""
        if whole == 0:
            return "0%"
        value = (Decimal(part) * 100 / Decimal(whole)).quantize(
            Decimal(1).scaleb(-self.percent_decimals), ROUND_HALF_UP
        )
        return (_stripped(value) if self.strip else str(value)) + "%"

    def change(self, now: int, before: int) -> str:
        """“增加85.51万元，增长2.7%”, and the like."""
        if now == before:
            return "持平"
        up = now > before
        words = ("增加", "增长") if up else ("减少", "下降")
        growth = f"，{words[1]}{self.percent(abs(now - before), before)}" if before else ""
        return f"{words[0]}{self.wan(abs(now - before))}万元{growth}"

    def difference(self, now: int, before: int) -> str:
        """“增加85.51万元” or “持平”."""
        if now == before:
            return "持平"
        return f"{'增加' if now > before else '减少'}{self.wan(abs(now - before))}万元"


def _stripped(value: Decimal) -> str:
    return f"{value.normalize():f}"


def narrative(
    wording: str,
    figures: DepartmentYear,
    before: DepartmentYear,
    statements: Callable[[], Iterable[Block]],
    changes: Mapping[str, str] | None = None,
) -> list[Block]:
    """The blocks of a document; ``statements`` gives the statement blocks where the wording wants them.

    ``changes`` overrides facts (a planted slip in the text).
    """
    data = _wording(wording)
    style = Style(**data.get("style", {}))
    facts = {
        **_common(figures, style),
        **_final(figures, before, style),
        **_budget(figures, before, style),
        **(changes or {}),
    }
    blocks: list[Block] = []
    for each in data["blocks"]:
        if isinstance(each, str):
            blocks.append(Prose(each.format(**facts)))
        elif "statements" in each:
            blocks += statements()
        elif "each" in each:
            for item in {"classes": _class_facts, "items": _item_facts}[each["each"]](figures, before, style):
                blocks.append(Prose(str(each["text"]).format(**{**facts, **item})))
        else:
            blocks.append(_block(each, facts))
    return blocks


@cache
def _wording(name: str) -> Mapping[str, Any]:
    loaded = yaml.safe_load((WORDINGS / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def _block(data: Mapping[str, Any], facts: Mapping[str, str]) -> Block:
    kind, value = next(iter(data.items()))
    if kind == "cover":
        return TitlePage(
            tuple(str(line).format(**facts) for line in value), str(data.get("date", "")).format(**facts)
        )
    text = str(value).format(**facts)
    if kind == "list":
        return ListLine(text, float(data.get("indent", 2)), bool(data.get("bold", False)))
    level = ("part", "section", "subsection").index(kind)
    return Heading(text, level, bool(data.get("new_page", kind == "part")))


def _common(figures: DepartmentYear, style: Style) -> dict[str, str]:
    profile = figures.profile
    cars = profile.vehicles
    return {
        "department": profile.name,
        "year": str(figures.year),
        "last_year": str(figures.year - 1),
        "next_year": str(figures.year + 1),
        "cars": str(cars),
        "cars_general": str(cars - cars // 3),
        "cars_special": str(cars // 3),
    }


def _sum(accounts: Iterable[Account], of: Callable[[Account], int]) -> int:
    return sum(of(each) for each in accounts)


def _final(figures: DepartmentYear, before: DepartmentYear, style: Style) -> dict[str, str]:
    accounts = figures.accounts
    revenue, spent = _sum(accounts, lambda a: a.revenue), _sum(accounts, lambda a: a.expenditure)
    basic, project = _sum(accounts, lambda a: a.basic), _sum(accounts, lambda a: a.project)
    total, total_before = _grand(figures), _grand(before)
    fiscal, fiscal_before = _fiscal_grand(figures), _fiscal_grand(before)
    general, general_before = _spent(figures, "general_public"), _spent(before, "general_public")
    planned = sum(line.total for line in figures.budget if line.fund == "general_public")
    general_basic = sum(a.basic for a in accounts if a.fund == "general_public")
    public, planned_public = figures.public, figures.budget_public
    vehicles, planned_vehicles = _vehicles(public), _vehicles(planned_public)
    facts = {
        "total": style.wan(total),
        "total_change": style.change(total, total_before),
        "revenue_total": style.wan(revenue),
        "revenue_parts": _revenue_parts(figures, revenue, style),
        "spent_total": style.wan(spent),
        "basic": style.wan(basic),
        "basic_share": style.percent(basic, spent),
        "project": style.wan(project),
        "project_share": style.percent(project, spent),
        "fiscal_total": style.wan(fiscal),
        "fiscal_change": style.change(fiscal, fiscal_before),
        "general_total": style.wan(general),
        "general_share": style.percent(general, spent),
        "general_change": style.change(general, general_before),
        "general_classes": "；".join(
            f"{item['class_name']}（类）支出{item['class_final']}万元，占{item['class_share']}"
            for item in _class_facts(figures, before, style)
        ),
        "general_budget": style.wan(planned),
        "general_completion": style.percent(general, planned),
        "general_basic": style.wan(general_basic),
        "general_project": style.wan(general - general_basic),
        "personnel": style.wan(personnel(figures.economic)),
        "personnel_items": _names(figures, ("301", "303")),
        "running": style.wan(running(figures.economic)),
        "running_items": _names(figures, ("302", "310")),
        "public_budget": style.wan(sum(planned_public.values())),
        "public_final": style.wan(sum(public.values())),
        "public_completion": style.percent(sum(public.values()), sum(planned_public.values())),
        "vehicles_budget": style.wan(planned_vehicles),
        "vehicles_final": style.wan(vehicles),
        "final_running_cost": _running_cost_sentence(figures, before, style),
        **{f"{kind}_budget": style.wan(planned_public[kind]) for kind in planned_public},
        **{f"{kind}_final": style.wan(public[kind]) for kind in public},
        **_fund_sentences(figures, style),
        **_procurement(figures, style),
    }
    for kind in ("abroad", "reception", "vehicle_purchase", "vehicle_operation"):
        facts[f"{kind}_completion"] = _completion(public[kind], planned_public[kind], style)
    facts["vehicles_completion"] = _completion(vehicles, planned_vehicles, style)
    return facts


def _completion(final: int, budget: int, style: Style) -> str:
    return f"，完成预算的{style.percent(final, budget)}" if budget else ""


def _grand(figures: DepartmentYear) -> int:
    return _sum(figures.accounts, lambda a: a.opening + a.revenue + a.surplus_used)


def _fiscal_grand(figures: DepartmentYear) -> int:
    return _sum((a for a in figures.accounts if a.fund in FISCAL), lambda a: a.opening + a.revenue)


def _spent(figures: DepartmentYear, fund: Fund) -> int:
    return _sum((a for a in figures.accounts if a.fund == fund), lambda a: a.expenditure)


def _vehicles(public: Mapping[str, int]) -> int:
    return public["vehicle_purchase"] + public["vehicle_operation"]


def _revenue_parts(figures: DepartmentYear, revenue: int, style: Style) -> str:
    parts = [("财政拨款收入", _sum((a for a in figures.accounts if a.fund in FISCAL), lambda a: a.revenue))]
    for source, name in SOURCE_NAMES.items():
        parts.append((name, _sum((a for a in figures.accounts if a.source == source), lambda a: a.revenue)))
    return "；".join(
        f"{name}{style.wan(cents)}万元，占{style.percent(cents, revenue)}" for name, cents in parts if cents
    )


def _names(figures: DepartmentYear, classes: tuple[str, ...]) -> str:
    return "、".join(code_name(code, figures.year) for code in figures.economic if code[:3] in classes)


def _running_cost_sentence(figures: DepartmentYear, before: DepartmentYear, style: Style) -> str:
    if not figures.profile.is_administrative:
        return f"{figures.profile.name}{figures.year}年度无机关运行经费支出。"
    now, earlier = figures.final_running_cost, before.final_running_cost
    change = f"比{figures.year - 1}年度{style.change(now, earlier)}"
    return f"{figures.year}年度机关运行经费支出{style.wan(now)}万元，{change}。"


def _fund_sentences(figures: DepartmentYear, style: Style) -> dict[str, str]:
    sentences = {}
    for fund, key, name in (
        ("government_fund", "fund_sentence", "政府性基金预算"),
        ("state_capital", "capital_sentence", "国有资本经营预算"),
    ):
        accounts = [a for a in figures.accounts if a.fund == fund]
        revenue, spent = _sum(accounts, lambda a: a.revenue), _sum(accounts, lambda a: a.expenditure)
        opening, closing = _sum(accounts, lambda a: a.opening), _sum(accounts, lambda a: a.closing)
        if not (revenue or spent or opening):
            sentences[key] = (
                f"{figures.profile.name}{figures.year}年度没有{name}财政拨款收入，也没有使用{name}财政拨款安排的支出。"
            )
            continue
        sentences[key] = (
            f"{figures.year}年度{name}财政拨款年初结转和结余{style.wan(opening)}万元，本年收入{style.wan(revenue)}万元，"
            f"本年支出{style.wan(spent)}万元，年末结转和结余{style.wan(closing)}万元。"
        )
    return sentences


def _procurement(figures: DepartmentYear, style: Style) -> dict[str, str]:
    by_category = {
        letter: sum(p.amount for p in figures.purchases if p.category == letter) for letter in "ABC"
    }
    total = sum(by_category.values())
    small = by_category["A"] + by_category["C"] * 3 // 5
    return {
        "procurement_total": style.wan(total),
        "procurement_goods": style.wan(by_category["A"]),
        "procurement_works": style.wan(by_category["B"]),
        "procurement_services": style.wan(by_category["C"]),
        "procurement_small": style.wan(small),
        "procurement_small_share": style.percent(small, total) if total else "0%",
    }


def _class_facts(figures: DepartmentYear, before: DepartmentYear, style: Style) -> Iterator[dict[str, str]]:
    """Facts of each class paid out of the general public budget."""
    accounts = [a for a in figures.accounts if a.fund == "general_public"]
    whole = _sum(accounts, lambda a: a.expenditure)
    for number, code in enumerate(sorted({a.code[:3] for a in accounts if a.expenditure}), 1):
        final = _sum((a for a in accounts if a.code.startswith(code)), lambda a: a.expenditure)
        budget = sum(
            b.total for b in figures.budget if b.fund == "general_public" and b.code.startswith(code)
        )
        earlier = sum(
            b.total for b in before.budget if b.fund == "general_public" and b.code.startswith(code)
        )
        # As printed: nobody writes 小于 between two figures that are the same.
        shown, planned = Decimal(style.wan(final)), Decimal(style.wan(budget))
        relation = "大于" if shown > planned else "小于" if shown < planned else "等于"
        yield {
            "class_number": str(number),
            "class_chinese": chinese_number(number),
            "class_name": code_name(code, figures.year).removesuffix("支出"),
            "class_full": code_name(code, figures.year),
            "class_final": style.wan(final),
            "class_budget": style.wan(budget),
            "class_share": style.percent(final, whole),
            "class_completion": style.percent(final, budget),
            "class_relation": relation,
            "class_budget_change": style.change(budget, earlier),
        }


def _item_facts(figures: DepartmentYear, before: DepartmentYear, style: Style) -> Iterator[dict[str, str]]:
    """Facts of each functional item of the general public budget."""
    lines = [line for line in figures.budget if line.fund == "general_public" and line.total]
    for number, line in enumerate(sorted(lines, key=lambda each: each.code), 1):
        earlier = sum(b.total for b in before.budget if b.fund == line.fund and b.code == line.code)
        names = [code_name(code, figures.year) for code in (*parents(line.code), line.code)]
        yield {
            "item_number": str(number),
            "item_path": "-".join(names),
            "item_brackets": f"{names[1]}（款）{names[2]}（项）",
            "item_name": names[2],
            "item_budget": style.wan(line.total),
            "item_change": style.change(line.total, earlier),
        }


def _budget(figures: DepartmentYear, before: DepartmentYear, style: Style) -> dict[str, str]:
    def total(year: DepartmentYear, *funds: str) -> int:
        return sum(line.total for line in year.budget if not funds or line.fund in funds)

    whole, whole_before = total(figures) + figures.carryover_to, total(before) + before.carryover_to
    fiscal, fiscal_before = total(figures, *FISCAL), total(before, *FISCAL)
    uses = {
        use: sum(getattr(line, use) for line in figures.budget) for use in ("basic", "project", "reserve")
    }
    other = whole - fiscal - figures.carryover_from
    facts = {
        "plan_total": style.wan(whole),
        "plan_change": style.change(whole, whole_before),
        "plan_fiscal": style.wan(fiscal),
        "plan_fiscal_change": style.change(fiscal, fiscal_before),
        "plan_fiscal_difference": style.difference(fiscal, fiscal_before),
        "plan_general": style.wan(total(figures, "general_public")),
        "plan_general_difference": style.difference(
            total(figures, "general_public"), total(before, "general_public")
        ),
        "plan_fund": style.wan(total(figures, "government_fund")),
        "plan_fund_difference": style.difference(
            total(figures, "government_fund"), total(before, "government_fund")
        ),
        "plan_capital": style.wan(total(figures, "state_capital")),
        "plan_capital_difference": style.difference(
            total(figures, "state_capital"), total(before, "state_capital")
        ),
        "plan_other": style.wan(other),
        "plan_carryover": style.wan(figures.carryover_from),
        "plan_carryover_to": style.wan(figures.carryover_to),
        "plan_general_share": style.percent(total(figures, "general_public"), whole),
        "plan_other_share": style.percent(other, whole),
        "plan_personnel": style.wan(personnel(figures.budget_economic)),
        "plan_running": style.wan(running(figures.budget_economic)),
        "plan_general_basic": style.wan(sum(figures.budget_economic.values())),
        "plan_running_cost": style.wan(figures.running_cost),
        "plan_public": style.wan(sum(figures.budget_public.values())),
        "plan_public_difference": style.difference(
            sum(figures.budget_public.values()), sum(before.budget_public.values())
        ),
        "meeting": style.wan(figures.meeting),
        "training": style.wan(figures.training),
    }
    for source in ("undertaking", "business", "other"):
        amount = sum(line.total for line in figures.budget if line.source == source)
        facts[f"plan_{source}_revenue"] = style.wan(amount)
    for use, cents in uses.items():
        facts[f"plan_{use}"] = style.wan(cents)
        facts[f"plan_{use}_share"] = style.percent(cents, whole)
    facts["plan_vehicles"] = style.wan(_vehicles(figures.budget_public))
    for kind, cents in figures.budget_public.items():
        facts[f"plan_{kind}"] = style.wan(cents)
        facts[f"plan_{kind}_difference"] = style.difference(cents, before.budget_public[kind])
    return facts
