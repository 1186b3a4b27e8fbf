"""Documents out of the space of layouts: any family, any layout, printed by any producer.

Every document is consistent by construction (``figures.py``) and small: a cover, some of the family's
statements, a few sentences. ``space_plan`` is a pure function of its arguments.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipelines.statements.model import DocumentKind
from tests.corpus.document import Block, Heading, Plan, Prose, StatementBlock, TitlePage
from tests.corpus.figures import DepartmentYear, simulate
from tests.corpus.forms import FAMILIES, family_file, load_family
from tests.corpus.layouts import laid_out, random_layout
from tests.corpus.random_documents import FIELDS, random_profile
from tests.corpus.sheet import EMBEDDED
from tests.corpus.statements_budget_regional import regional_budget_contents
from tests.corpus.statements_regional import regional_contents

KIND_NAME = {"budget": "部门预算", "final_accounts": "部门决算"}
PRODUCERS = ("reportlab", "typst", "chromium", "libreoffice")
#: Families from which rules were made before the space was there.
FIRST_FAMILIES = ("shanghai", "jiangsu", "hubei")


@dataclass(frozen=True, slots=True)
class SpaceDocument:
    """A document of the space: where it stands in it, and what is to be printed."""

    family: str
    kind: DocumentKind
    producer: str
    number: int
    plan: Plan


def families() -> tuple[tuple[str, DocumentKind], ...]:
    """Every family file with each kind of document it describes, in order."""
    return tuple(
        (path.stem, kind)
        for path in sorted(FAMILIES.glob("*.yaml"))
        for kind in KIND_NAME
        if kind in family_file(path.stem)
    )  # type: ignore[misc]


def space_documents(
    seed: int, per_place: int, producers: tuple[str, ...] = PRODUCERS, only: tuple[str, ...] = ()
) -> Iterator[SpaceDocument]:
    """``per_place`` documents of each family, kind and producer; ``only`` limits the families."""
    for family, kind in families():
        if only and family not in only:
            continue
        for producer in producers:
            for number in range(per_place):
                plan = space_plan(seed, family, kind, producer, number)
                yield SpaceDocument(family, kind, producer, number, plan)


def space_plan(seed: int, family: str, kind: DocumentKind, producer: str, number: int) -> Plan:
    """One document of the space."""
    rng = random.Random(f"{seed}-{family}-{kind}-{producer}-{number}")
    name = f"某省样例{rng.choice(sorted(FIELDS))}{number + 1}局"
    first, last = family_file(family).get("years", (2021, 2024))
    year = rng.randint(first, last)
    figures = simulate(random_profile(rng, name), year - 1, year, f"{seed}-{name}")[year]
    layout = random_layout(rng, drawn=producer == "reportlab")
    contents = regional_budget_contents(figures) if kind == "budget" else regional_contents(figures)
    described = load_family(family, kind)
    forms = [form for form in described.forms if form.statement_id in contents]
    n_statements = rng.randint(min(3, len(forms)), min(6, len(forms)))
    chosen = sorted(rng.sample(range(len(forms)), n_statements))
    statements = [
        StatementBlock(laid_out(forms[at], layout, rng), contents[forms[at].statement_id]) for at in chosen
    ]
    if layout.packed and producer == "chromium":
        # What is printed one after the other from one page of the web has one paper, wide enough for all.
        paper = max((each.form.settings["page"] for each in statements), key=lambda page: page["width"])
        statements = [
            StatementBlock(replace(each.form, settings={**each.form.settings, "page": paper}), each.content)
            for each in statements
        ]
    text = _text(figures, kind)
    title = f"{name}{year}年{'度' if kind == 'final_accounts' else ''}{KIND_NAME[kind]}"
    narrative_first = any(block.form.settings.get("narrative_first") for block in statements)
    blocks: list[Block] = [TitlePage((name, title.removeprefix(name)))]
    blocks += [*text, *statements] if narrative_first else [*statements, *text]
    return Plan(
        f"space/{family}/{kind}/{producer}-{number:04d}.pdf",
        title,
        name,
        year,
        tuple(blocks),
        font_name=layout.font_name or EMBEDDED,
        packed=layout.packed,
        fake_bold=layout.fake_bold,
        watermark="样例 SYNTHETIC" if layout.watermark else "",
        stray_marks=layout.stray_marks,
        title_at_foot=layout.title_at_foot,
    )


def with_rules(plan: Plan, rules: str) -> Plan:
    """A document of the space with its tables ruled in another way (``layouts.RULES``, ``DRAWN_RULES``)."""
    blocks: list[Block] = []
    for block in plan.blocks:
        if isinstance(block, StatementBlock):
            settings = dict(block.form.settings)
            settings["table"] = {**settings["table"], "rules": rules}
            block = StatementBlock(replace(block.form, settings=settings), block.content)
        blocks.append(block)
    return replace(plan, blocks=tuple(blocks))


def _text(figures: DepartmentYear, kind: DocumentKind) -> list[Block]:
    """A page of narrative that says what the figures say."""
    word = "预算" if kind == "budget" else "决算"
    total = (
        sum(line.total for line in figures.budget)
        if kind == "budget"
        else sum(account.expenditure for account in figures.accounts)
    )
    wan = f"{total / 1_000_000:.2f}"
    return [
        Heading(f"{figures.year}年度部门{word}情况说明", 0, new_page=True),
        Heading(f"一、收入支出{word}总体情况说明"),
        Prose(
            f"{figures.profile.name}{figures.year}年度支出{word}合计{wan}万元，按功能分类和用途列示如各表。"
        ),
        Heading("二、名词解释"),
        Prose("基本支出：指为保障机构正常运转、完成日常工作任务而发生的人员支出和公用支出。"),
    ]
