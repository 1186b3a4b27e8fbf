"""Errors printed on purpose: read from ``planted_faults.yaml`` and put into contents before drawing.

A fault changes what is printed, never the figures behind it. Kinds of change: ``print`` (another
figure in a cell), ``move`` (a figure under another column of its row), ``swap`` (two statements'
figures of one key exchanged), ``unit`` (another unit in the head), ``name`` (a code with another
name), ``drop`` (a statement left out), ``text`` (a fact of the narrative).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.corpus.contents import Amount, Content, NumberFormat, parse_printed
from tests.corpus.forms import Form, number_format

FILE = Path(__file__).parent / "planted_faults.yaml"


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault: where, what is changed, and what a reader of the document must report."""

    fault_id: str
    kind: str
    document: str
    changes: tuple[Mapping[str, Any], ...]
    expected: tuple[Mapping[str, Any], ...]
    text_changes: Mapping[str, str] = field(default_factory=dict)


@cache
def planted_faults() -> tuple[Fault, ...]:
    """All planted faults."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        Fault(
            each["id"],
            each["kind"],
            each["document"],
            tuple(each.get("changes", ())),
            tuple(each["expected"]),
            each.get("text_changes", {}),
        )
        for each in data["faults"]
    )


def apply_faults(
    contents: Mapping[str, Content], forms: Sequence[Form], faults: Sequence[Fault]
) -> dict[str, Content]:
    """The contents as they are to be printed."""
    changed = dict(contents)
    formats = {form.statement_id: number_format(form) for form in forms}
    for fault in faults:
        for change in fault.changes:
            statement = change["statement"]
            if change["do"] == "drop":
                del changed[statement]
                continue
            changed[statement] = _CHANGES[change["do"]](changed[statement], change, formats[statement])
    return changed


def _print(content: Content, change: Mapping[str, Any], form: NumberFormat) -> Content:
    key = (str(change["row_key"]), str(change["column_id"]))
    correct = form.show(content.amounts[key].yuan)
    if correct != change["correct"]:
        raise ValueError(
            f"{content.statement_id} {key}: the model prints {correct!r}, "
            f"the fault expects {change['correct']!r}"
        )
    printed = str(change["printed"])
    amount = Amount(parse_printed(printed, form.unit), printed)
    return replace(content, amounts={**content.amounts, key: amount})


def _move(content: Content, change: Mapping[str, Any], form: NumberFormat) -> Content:
    row, source, target = str(change["row_key"]), str(change["column_id"]), str(change["to_column"])
    amounts = dict(content.amounts)
    moved = amounts[row, source]
    if form.show(moved.yuan) != change["printed"]:
        raise ValueError(f"{content.statement_id} {row}: the model prints {form.show(moved.yuan)!r}")
    amounts[row, target], amounts[row, source] = moved, Amount(moved.yuan * 0, "")
    return replace(content, amounts=amounts)


def _unit(content: Content, change: Mapping[str, Any], form: NumberFormat) -> Content:
    return replace(content, unit=str(change["printed"]))


def _name(content: Content, change: Mapping[str, Any], form: NumberFormat) -> Content:
    return replace(content, labels={**content.labels, str(change["row_key"]): str(change["printed"])})


_CHANGES = {"print": _print, "move": _move, "unit": _unit, "name": _name}
