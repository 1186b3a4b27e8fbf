"""Kinds of faults, read from ``fault_kinds.yaml``, each planted into documents of invented departments.

A kind says which documents of a department it needs, which of them is changed and how, and what a reader
must say of it. Where a change is put is chosen at random among the places that fit, so that one kind is
as many faults as there are seeds and forms. Kinds of change, told of a document's plan:

- ``figure``: another amount in a cell of ``statement`` (``rows`` and ``columns`` are patterns of what must be
  there), ``more`` or less by a random part of it; ``to: 0`` leaves the cell blank;
- ``exchange``: two amounts of a row in each other's columns; ``unit``: another unit in the head;
  ``name``: a code with the name of another one; ``drop``: a statement left out;
- ``label``: a row with the name ``put``;
- ``footnote``: the notes under a statement become ``put``, where something stands in ``columns``;
- ``text``: the first text of the narrative in which ``find`` is found gets ``put`` instead; where ``number``
  names a group, its figure becomes another one;
- ``add``: a paragraph ``put`` after the text in which ``find`` is found.

In patterns and texts ``{year}``, ``{last_year}`` and ``{department}`` stand for the document's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from pipelines.statements.model import DocumentKind
from tests.corpus.codes import code_name
from tests.corpus.contents import Amount, Content, parse_printed
from tests.corpus.document import Heading, ListLine, Plan, Prose, StatementBlock
from tests.corpus.forms import build, number_format

FILE = Path(__file__).parent / "fault_kinds.yaml"
#: Which places a form prints does not hang on the year; it needs one.
FORM_YEAR = 2023
Text = Heading | ListLine | Prose


class NoPlaceError(Exception):
    """These documents have no place for the fault (a sentence that this form does not have, say)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document: of which year (as an offset), what, and whether of the department's own level (本级)."""

    offset: int
    kind: DocumentKind
    of_unit: bool = False


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind: ``says`` is the line of the domain's identities that it breaks, in words.

    ``documents`` are the years (as offsets) and kinds that the department publishes, ``changed`` which of
    them is at fault. ``found_as`` are kinds of findings of which one must come out, in the document
    ``told_in``; ``quotes`` what its sentence must say, besides the wrong figure.
    """

    kind_id: str
    says: str
    documents: tuple[Wanted, ...]
    changed: int
    told_in: int
    changes: tuple[Mapping[str, Any], ...]
    found_as: frozenset[str]
    quotes: tuple[str, ...]
    families: tuple[str, ...]
    unit_share: Decimal
    """What a unit has of what its department has: more than all, where that is the fault."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A plan with a fault in it: the ``wrong`` text that stands there now, and what was there."""

    plan: Plan
    wrong: str
    right: str


@cache
def fault_kinds() -> tuple[FaultKind, ...]:
    """All kinds, in the order of the file."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    kinds = []
    for each in data["kinds"]:
        documents = tuple(_document(text) for text in each.get("documents", ["final_accounts"]))
        changed = each.get("changed", len(documents) - 1)
        kinds.append(
            FaultKind(
                each["id"],
                each["says"],
                documents,
                changed,
                each.get("told_in", changed),
                tuple(each["changes"]),
                frozenset(each["found_as"]),
                tuple(each.get("quotes", ())),
                tuple(each.get("families", ("hubei", "jiangsu", "shanghai"))),
                Decimal(str(each.get("unit_share", "0.6"))),
            )
        )
    return tuple(kinds)


def _document(text: str) -> Wanted:
    kind, offset, level = [*text.split(), "0", ""][:3] if " " in text else (text, "0", "")
    assert kind in ("budget", "final_accounts"), text
    return Wanted(int(offset), kind, level == "unit")


def plant(kind: FaultKind, plan: Plan, rng: Random) -> Planted:
    """The plan with the fault; raises ``NoPlaceError`` where it has no place for it."""
    wrong = right = ""
    for change in kind.changes:
        planted = _CHANGES[change["do"]](plan, change, rng)
        plan, wrong, right = planted.plan, wrong or planted.wrong, right or planted.right
    return Planted(plan, wrong, right)


def filled(text: str, plan: Plan) -> str:
    """A text of the file with what stands for the document's year and name."""
    names = {
        "{year}": str(plan.year),
        "{last_year}": str(plan.year - 1),
        "{earlier_year}": str(plan.year - 2),
        "{department}": plan.department,
    }
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def _statements(plan: Plan, statement_id: str) -> Iterator[tuple[int, StatementBlock]]:
    for place, block in enumerate(plan.blocks):
        if isinstance(block, StatementBlock) and block.form.statement_id == statement_id:
            yield place, block


def _statement(plan: Plan, change: Mapping[str, Any]) -> tuple[int, StatementBlock]:
    for place, block in _statements(plan, change["statement"]):
        if not block.content.is_empty:
            return place, block
    raise NoPlaceError(f"{change['statement']} is not there, or empty")


def _with_content(plan: Plan, place: int, block: StatementBlock, content: Content) -> Plan:
    blocks = [*plan.blocks]
    blocks[place] = replace(block, content=content)
    return replace(plan, blocks=tuple(blocks))


def _places(block: StatementBlock, change: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Amounts that are printed and fit, in order."""
    truth = _printed_places(block)
    fits = [
        key
        for key, amount in block.content.amounts.items()
        if key in truth
        and re.fullmatch(str(change.get("rows", ".*")), key[0])
        and re.fullmatch(str(change.get("columns", ".*")), key[1])
        and amount.yuan
    ]
    if not fits:
        raise NoPlaceError(f"no such amount in {change['statement']}")
    return sorted(fits)


def _printed_places(block: StatementBlock) -> set[tuple[str, str]]:
    grid = build(block.form, block.content, FORM_YEAR)
    return {(cell.tag.row_key, cell.tag.column_id) for cell in grid.cells if cell.tag is not None}


def _figure(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    place, block = _statement(plan, change)
    key = rng.choice(_places(block, change))
    form = number_format(block.form)
    right = form.show(block.content.amounts[key].yuan)
    if "to" in change:
        amount = Amount(Decimal(0), str(change["to"] or ""))
        wrong = ""
    else:
        wrong = _other_figure(right, rng, str(change.get("way", "more")), int(change.get("times", 1)))
        amount = Amount(parse_printed(wrong, form.unit), wrong)
    amounts = {**block.content.amounts, key: amount}
    return Planted(_with_content(plan, place, block, replace(block.content, amounts=amounts)), wrong, right)


def _other_figure(printed: str, rng: Random, way: str, times: int = 1) -> str:
    """Another figure in the same writing: 5 to 40 % more or less, and 2 units of its whole part at least."""
    plain = printed.replace(" ", "").replace(",", "")
    value = Decimal(plain)
    by = max(Decimal(2), abs(value) * rng.randint(5, 40) / 100) * times
    other = value + by if way == "more" or value - by <= 0 else value - by
    text = (
        f"{other.quantize(Decimal(1).scaleb(-len(plain.partition('.')[2]))):{',' if ',' in printed else ''}}"
    )
    return text.replace(",", ", ").replace(".", ". ") if " " in printed else text


def _exchange(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    place, block = _statement(plan, change)
    one, other = change["columns"]
    rows = [
        row
        for row, _ in _places(block, {**change, "columns": one})
        if (row, other) in _printed_places(block)
        and block.content.amounts[row, one].yuan != block.content.amounts[row, other].yuan
    ]
    if not rows:
        raise NoPlaceError("no row with two different amounts")
    row = rng.choice(rows)
    amounts = dict(block.content.amounts)
    amounts[row, one], amounts[row, other] = amounts[row, other], amounts[row, one]
    right = number_format(block.form).show(block.content.amounts[row, one].yuan)
    return Planted(_with_content(plan, place, block, replace(block.content, amounts=amounts)), right, right)


def _unit(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    place, block = _statement(plan, change)
    unit = number_format(block.form).unit
    other = {"元": "万元", "万元": "元"}[unit]
    return Planted(_with_content(plan, place, block, replace(block.content, unit=other)), "", unit)


def _name(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    place, block = _statement(plan, change)
    codes = [code for code in block.content.codes if re.fullmatch(str(change["rows"]), code)]
    pairs = [(a, b) for a in codes for b in codes if a != b and a[:3] == b[:3]]
    if not pairs:
        raise NoPlaceError("no two codes of one class")
    code, other = rng.choice(pairs)
    name = code_name(other, plan.year)
    content = replace(block.content, labels={**block.content.labels, code: name})
    return Planted(_with_content(plan, place, block, content), "", code_name(code, plan.year))


def _drop(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    found = [place for place, _ in _statements(plan, change["statement"])]
    if not found:
        raise NoPlaceError(f"{change['statement']} is not there")
    blocks = [block for place, block in enumerate(plan.blocks) if place not in found]
    return Planted(replace(plan, blocks=tuple(blocks)), "", "")


def _texts(plan: Plan, change: Mapping[str, Any]) -> Iterator[tuple[int, Text, re.Match[str]]]:
    kinds = {"heading": Heading, "list": ListLine, "prose": Prose}
    wanted = tuple(kinds[name] for name in change.get("in", ["prose"]))
    for place, block in enumerate(plan.blocks):
        if isinstance(block, wanted) and isinstance(block, Heading | ListLine | Prose):
            found = re.search(filled(str(change["find"]), plan), block.text)
            if found:
                yield place, block, found


def _text(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    found = list(_texts(plan, change))
    if not found:
        raise NoPlaceError(f"no text with {change['find']}")
    place, block, match = found[0]
    blocks = [*plan.blocks]
    if "number" in change:
        group = change["number"]
        right = match[group]
        wrong = _other_figure(right, rng, str(change.get("way", "more")), int(change.get("times", 1)))
        text = block.text[: match.start(group)] + wrong + block.text[match.end(group) :]
    else:
        right, wrong = match[0], match.expand(filled(str(change["put"]), plan))
        text = block.text[: match.start()] + wrong + block.text[match.end() :]
    blocks[place] = replace(block, text=text)
    return Planted(replace(plan, blocks=tuple(blocks)), wrong if "number" in change else "", right)


def _add(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    found = list(_texts(plan, change))
    if not found:
        raise NoPlaceError(f"no text with {change['find']}")
    place, _, match = found[-1]
    text = match.expand(filled(str(change["put"]), plan))
    blocks = [*plan.blocks[: place + 1], Prose(text), *plan.blocks[place + 1 :]]
    return Planted(replace(plan, blocks=tuple(blocks)), "", "")


def _label(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    place, block = _statement(plan, change)
    codes = [code for code in block.content.codes if re.fullmatch(str(change["rows"]), code)]
    if not codes:
        raise NoPlaceError(f"no row {change['rows']}")
    labels = {**block.content.labels, codes[0]: str(change["put"])}
    return Planted(_with_content(plan, place, block, replace(block.content, labels=labels)), "", "")


def _footnote(plan: Plan, change: Mapping[str, Any], rng: Random) -> Planted:
    place, block = _statement(plan, change)
    left_out = [
        amount.yuan for (_, column), amount in block.content.amounts.items() if column == change["columns"]
    ]
    if not any(left_out):
        raise NoPlaceError(f"nothing in {change['columns']}: the note would hold")
    form = replace(block.form, settings={**block.form.settings, "notes": [str(change["put"])]})
    blocks = [*plan.blocks]
    blocks[place] = replace(block, form=form)
    return Planted(replace(plan, blocks=tuple(blocks)), "", "")


_CHANGES: Mapping[str, Callable[[Plan, Mapping[str, Any], Random], Planted]] = {
    "figure": _figure,
    "exchange": _exchange,
    "unit": _unit,
    "name": _name,
    "drop": _drop,
    "text": _text,
    "add": _add,
    "label": _label,
    "footnote": _footnote,
}
