"""The space of layouts: everything a publisher may do with a form without changing what it says.

A layout is drawn at random for a document and laid over the forms of any family: line and column
numbers, shape of the codes, place of the totals, unit and number format, page, rules, what follows
what. Whatever the layout, the amounts and their meanings stay those of the form.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.corpus.forms import Form
from tests.corpus.inheritance import leaves_of, overlaid, without_columns

CodeShape = Literal["as_printed", "one", "merged", "split"]
A4 = (595.28, 841.89)
A3 = (841.89, 1190.55)
#: Rules that every producer can draw; those only a drawing program can are added for it.
RULES = ("lines", "lines", "lines", "rectangles", "double", "dotted", "frame", "none", "levels", "open_sides")
DRAWN_RULES = ("cells", "pieces", "outer", "three_lines", "uprights")


@dataclass(frozen=True, slots=True)
class Layout:
    """One way of printing; ``None`` and empty mappings leave the form as it is."""

    line_numbers: bool = True
    column_numbers: bool = True
    code_shape: CodeShape = "as_printed"
    total: Literal["top", "bottom"] | None = None
    total_spans: bool | None = None
    unit: str | None = None
    mixed_units: bool = False
    number: Mapping[str, Any] = field(default_factory=dict)
    table: Mapping[str, Any] = field(default_factory=dict)
    turned: bool = False
    """Statements that fit upright stand on landscape pages."""
    large: bool = False
    """A3 instead of A4."""
    rotation: int = 0
    amount_align: Literal["right", "center"] = "right"
    packed: bool = False
    title_at_foot: bool = False
    watermark: bool = False
    stray_marks: bool = False
    font_name: str = ""
    fake_bold: bool = False


def random_layout(rng: random.Random, *, drawn: bool) -> Layout:
    """One layout; ``drawn`` where a drawing program prints it, which can do more than a word processor."""
    number: dict[str, Any] = {"grouping": rng.random() < 0.6, "zero": rng.choice(["", "0.00", "0", "—"])}
    if rng.random() < 0.05:
        number["spaced"] = True
    return Layout(
        line_numbers=rng.random() < 0.6,
        column_numbers=rng.random() < 0.6,
        code_shape=rng.choice(["as_printed", "one", "merged", "split"]),
        total=rng.choice([None, "top", "bottom"]),
        total_spans=rng.choice([None, True, False]),
        unit=rng.choice([None, None, "万元", "元"]),
        mixed_units=rng.random() < 0.15,
        number=number,
        table={
            "rules": rng.choice([*RULES, *(DRAWN_RULES if drawn else ())]),
            "rule_width": rng.choice([0.4, 0.5, 0.75, 1.0]),
            "repeat_header": rng.random() < 0.5,
            "row_height": rng.choice([14.0, 16.0, 20.0, 26.0]),
        },
        turned=rng.random() < 0.3,
        large=rng.random() < 0.1,
        rotation=rng.choice([0, 0, 0, 90, 270]) if drawn else 0,
        amount_align=rng.choice(["right", "right", "center"]),
        packed=rng.random() < 0.3,
        title_at_foot=drawn and rng.random() < 0.05,
        watermark=rng.random() < 0.1,
        stray_marks=drawn and rng.random() < 0.15,
        font_name=rng.choice(["", "", "STSong-Light"]) if drawn else "",
        fake_bold=drawn and rng.random() < 0.2,
    )


def laid_out(form: Form, layout: Layout, rng: random.Random) -> Form:
    """The form in a layout; ``rng`` decides what a mixture gives this statement."""
    settings = dict(form.settings)
    settings["table"] = {**settings["table"], **layout.table}
    settings["number"] = _number(settings["number"], layout, rng)
    settings["amount_align"] = layout.amount_align
    if not layout.column_numbers:
        settings.update(caption=None, stub=None)
    if not layout.line_numbers:
        numbers = [leaf for leaf in leaves_of(settings) if leaf.rpartition(":")[2] == "number"]
        settings = without_columns(settings, numbers)
    if settings["layout"] == "codes":
        settings = _with_codes(settings, layout)
        if layout.total is not None:
            settings["total"] = layout.total
        if layout.total_spans is not None:
            settings["total_spans"] = layout.total_spans
        if settings.get("stub") and settings.get("total", "top") == "top":
            # 类 款 项 stand beside the 合计 row there, whose label has the name's column alone.
            settings["total_spans"] = False
        elif settings.get("stub") and not settings.get("caption"):
            settings["stub"] = None
    settings["page"] = _page(settings, layout)
    return Form(form.statement_id, settings)


def _number(number: Mapping[str, Any], layout: Layout, rng: random.Random) -> dict[str, Any]:
    changed = {**number, **layout.number}
    if layout.mixed_units:
        changed["unit"] = rng.choice(["元", "万元"])
    elif layout.unit:
        changed["unit"] = layout.unit
    if changed["unit"] == "万元":
        changed["decimals"] = 2
    elif changed["zero"] == "0.00" and not changed.get("decimals", 2):
        changed["zero"] = "0"
    return changed


def _page(settings: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    """Paper wide enough for the columns, upright or not."""
    n_columns = len(leaves_of(settings))
    short, long = A3 if layout.large or n_columns > 13 else A4
    lies = layout.turned or n_columns > 7
    width, height = (long, short) if lies else (short, long)
    rotation = layout.rotation if lies else 0
    page = {key: settings["page"].get(key, 50) for key in ("left", "right", "top", "bottom")}
    return {**page, "width": width, "height": height, "rotation": rotation}


def _with_codes(settings: dict[str, Any], layout: Layout) -> dict[str, Any]:
    """The codes in one column, in one column over three, or 类 款 项 side by side."""
    shape = layout.code_shape
    codes = [leaf for leaf in leaves_of(settings) if leaf.startswith("code")]
    if shape == "as_printed" or not codes:
        return settings
    is_economic = settings["id"].endswith(("_basic", "_running_cost", "expenditure_by_economic"))
    n_columns = {"one": 1, "merged": 3, "split": 2 if is_economic else 3}[shape]
    names = [f"code{number + 1}" for number in range(n_columns)]
    if shape == "split":
        words = ("类", "款", "项")[:n_columns]
        own = {"children": [{"text": word, "column": leaf} for word, leaf in zip(words, names, strict=True)]}
    else:
        own = {"columns": names}
    widths, caption = settings.get("widths"), settings.get("caption")
    at = leaves_of(settings).index(codes[0])
    changed = overlaid(settings, {"header": _with_code_node(settings["header"], own)})
    if widths:
        width = sum(widths[at : at + len(codes)])
        widths = [*widths[:at], *[max(width, 48) / n_columns] * n_columns, *widths[at + len(codes) :]]
    if caption:
        caption = [*caption[:at], *[None] * n_columns, *caption[at + len(codes) :]]
    changed.update(widths=widths, caption=caption, code_split=n_columns if shape == "split" else 1)
    if shape != "merged" or is_economic:
        changed["stub"] = None
    return changed


def _with_code_node(nodes: list[Any], own: Mapping[str, Any]) -> list[Any]:
    changed: list[Any] = []
    for each in nodes:
        columns = [] if isinstance(each, str) else each.get("columns", [each.get("column", "")])
        if not isinstance(each, str) and each.get("children"):
            if all(_is_code(child) for child in each["children"]):
                changed.append({"text": each["text"], **own})
            else:
                changed.append({**each, "children": _with_code_node(each["children"], own)})
        elif any(column.startswith("code") for column in columns):
            changed.append({"text": each["text"], **own})
        else:
            changed.append(each)
    return changed


def _is_code(each: Any) -> bool:
    columns = each.get("columns", [each.get("column", "")]) if isinstance(each, dict) else []
    return bool(columns) and all(column.startswith("code") for column in columns)
