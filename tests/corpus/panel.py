"""The panel: six invented departments, four years, budget and final accounts, with planted faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.statements.model import DocumentKind
from tests.corpus.contents import Content
from tests.corpus.document import Block, Plan, StatementBlock, TextStyle
from tests.corpus.faults import apply_faults, planted_faults
from tests.corpus.figures import DepartmentYear, LineProfile, Profile, simulate
from tests.corpus.forms import Form, load_family
from tests.corpus.narrative import narrative
from tests.corpus.sheet import PageStyle
from tests.corpus.statements_budget import budget_contents
from tests.corpus.statements_final import final_contents
from tests.corpus.variation import PLAIN, Variation, varied

HERE = Path(__file__).parent
KIND_PATH = {"budget": "budget", "final_accounts": "final-accounts"}
KIND_NAME = {"budget": "部门预算", "final_accounts": "部门决算"}


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the panel: who it is, its forms, its figures by year."""

    folder: str
    name: str
    region_code: str
    family: str
    settings: Mapping[str, Any]
    years: Mapping[int, DepartmentYear]


@dataclass(frozen=True, slots=True)
class PanelDocument:
    """A document of the panel and its place in the register."""

    plan: Plan
    region_code: str
    kind: DocumentKind
    part: str
    published_name: str
    published_at: str
    note: str
    units_stated: str


@cache
def departments() -> tuple[Department, ...]:
    """The departments of ``panel.yaml`` with their simulated years."""
    data = yaml.safe_load((HERE / "panel.yaml").read_text(encoding="utf-8"))
    span = data["years"]
    return tuple(_department(each, span["simulate_from"], span["publish_to"]) for each in data["departments"])


def profile_of(data: Mapping[str, Any]) -> Profile:
    """A profile out of an entry of ``panel.yaml``."""
    return Profile(
        name=data["name"],
        is_administrative=data["is_administrative"],
        lines=tuple(LineProfile(**line) for line in data["lines"]),
        three_public=data["three_public"],
        purchase_years=tuple(data.get("purchase_years", ())),
        meeting=data.get("meeting", 0),
        training=data.get("training", 0),
        reserve=data.get("reserve", 0),
        carryover=data.get("carryover", 0),
        surplus_used=data.get("surplus_used", {}),
        surplus_distributed=data.get("surplus_distributed", {}),
        vehicles=data.get("vehicles", 0),
        purchases=tuple(
            (str(a), str(b), str(c), str(d), int(e)) for a, b, c, d, e in data.get("purchases", ())
        ),
    )


def _department(data: Mapping[str, Any], first: int, last: int) -> Department:
    years = simulate(profile_of(data), first, last, data["seed"])
    return Department(data["folder"], data["name"], data["region_code"], data["family"], data, years)


def panel_documents() -> Iterator[PanelDocument]:
    """All documents of the panel with their planted faults, in order of department, year and kind."""
    data = yaml.safe_load((HERE / "panel.yaml").read_text(encoding="utf-8"))["years"]
    for department in departments():
        for year in range(data["publish_from"], data["publish_to"] + 1):
            yield from department_documents(department, year, "budget")
            yield from department_documents(department, year, "final_accounts")


def department_documents(
    department: Department,
    year: int,
    kind: DocumentKind,
    *,
    with_faults: bool = True,
    variation: Variation = PLAIN,
) -> Iterator[PanelDocument]:
    """One or two files of a department, year and kind."""
    stem = f"{department.folder}/{year}-{KIND_PATH[kind]}"
    split = kind == "budget" and department.settings.get("split_budget", False)
    for part in ("text", "tables") if split else ("",):
        path = f"{stem}-{part}.pdf" if part else f"{stem}.pdf"
        yield _document(department, year, kind, path, part, with_faults, variation)


def _document(
    department: Department,
    year: int,
    kind: DocumentKind,
    path: str,
    part: str,
    with_faults: bool,
    variation: Variation = PLAIN,
) -> PanelDocument:
    figures, before = department.years[year], department.years[year - 1]
    faults = [fault for fault in planted_faults() if fault.document == path] if with_faults else []
    forms = [varied(form, variation) for form in family_forms(department, kind)]
    contents = apply_faults(statement_contents(figures, kind), forms, faults)
    blocks = [
        StatementBlock(form, contents[form.statement_id]) for form in forms if form.statement_id in contents
    ]
    wording = (
        "tables_only"
        if part == "tables"
        else f"{'budget' if kind == 'budget' else 'final'}_{department.family}"
    )
    changes = {key: value for fault in faults for key, value in fault.text_changes.items()}
    text = narrative(wording, figures, before, lambda: blocks, changes)
    if department.family == "jiangsu" and kind == "budget" and not part:
        text = _after_heading(text, blocks)
    units = dict.fromkeys(
        str(block.content.unit or block.form.settings["number"]["unit"]) for block in blocks
    )
    counts = {
        unit: sum(1 for b in blocks if (b.content.unit or b.form.settings["number"]["unit"]) == unit)
        for unit in units
    }
    title = f"{department.name}{year}年{'度' if kind == 'final_accounts' else ''}{KIND_NAME[kind]}"
    plan = Plan(
        path,
        title,
        department.name,
        year,
        tuple(text),
        _text_style(department, kind),
        variation.font_name,
        packed=variation.packed,
        fake_bold=variation.fake_bold,
    )
    published = f"{year}-02-10" if kind == "budget" else f"{year + 1}-09-20"
    name = title + {"text": "", "tables": "（公开表）", "": ""}[part] + ".pdf"
    stated = (
        "{" + ", ".join(f'"{unit}": {count}' for unit, count in counts.items()) + "}"
        if part != "text"
        else "{}"
    )
    return PanelDocument(
        plan, department.region_code, kind, part, name, published, "invented department", stated
    )


def statement_contents(figures: DepartmentYear, kind: str) -> dict[str, Content]:
    """All statements of a year and kind."""
    return budget_contents(figures) if kind == "budget" else final_contents(figures)


def family_forms(department: Department, kind: str) -> list[Form]:
    """The department's forms: its family's, with its own number format where it has one."""
    forms = []
    for form in load_family(department.family, kind).forms:
        own = department.settings.get("budget_number") if kind == "budget" else None
        if own and form.settings["number"]["unit"] == "元":
            form = Form(form.statement_id, {**form.settings, "number": {**form.settings["number"], **own}})
        forms.append(form)
    return forms


def _after_heading(text: list[Block], statements: list[StatementBlock]) -> list[Block]:
    """In one file the statements stand where the text says that they follow."""
    at = next(
        place for place, block in enumerate(text) if getattr(block, "text", "").endswith("公开表附后。")
    )
    return [*text[:at], *statements, *text[at + 1 :]]


def _text_style(department: Department, kind: str) -> TextStyle:
    if department.family == "shanghai" and kind == "budget":
        landscape = PageStyle(841.89, 595.28, left=70, right=70, top=64, bottom=56)
        return TextStyle(size=11, leading=20, page=landscape, heading_size=12, part_size=17)
    if department.family == "shanghai":
        return TextStyle(size=14, leading=30, heading_size=14, part_size=17)
    return TextStyle()
