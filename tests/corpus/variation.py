"""Ways in which the same form comes out of different hands: rules, type, numbers, pages."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.corpus.forms import Form
from tests.corpus.sheet import EMBEDDED


@dataclass(frozen=True, slots=True)
class Variation:
    """What is changed on every statement of a document; empty mappings leave the form as it is.

    ``rotation`` turns landscape pages: they are stored upright with ``/Rotate`` as scanners and
    printers do, and look the same.
    """

    font_name: str = EMBEDDED
    table: Mapping[str, Any] = field(default_factory=dict)
    number: Mapping[str, Any] = field(default_factory=dict)
    rotation: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    packed: bool = False
    fake_bold: bool = False


PLAIN = Variation()


def varied(form: Form, variation: Variation) -> Form:
    """The form with a variation laid over it."""
    if variation is PLAIN:
        return form
    old = form.settings
    page = dict(old["page"])
    if page["width"] > page["height"]:
        page["rotation"] = variation.rotation
    return Form(
        form.statement_id,
        {
            **old,
            **{
                key: value for key, value in variation.settings.items() if key in old or key == "amount_align"
            },
            "page": page,
            "table": {**old["table"], **variation.table},
            "number": {**old["number"], **variation.number},
        },
    )


def random_variation(rng: random.Random, *, open_tables: bool = False) -> Variation:
    """One way of many; each property is drawn by itself.

    ``open_tables`` adds tables without rules between cells (an outer frame, or none at all).
    """
    open_rules = ["frame", "none"] if open_tables else []
    table: dict[str, Any] = {
        "rules": rng.choice(["lines", "lines", "rectangles", "rectangles", "cells", "cells", *open_rules]),
        "rule_width": rng.choice([0.4, 0.5, 0.75, 1.0]),
        "repeat_header": rng.random() < 0.5,
    }
    number: dict[str, Any] = {"grouping": rng.random() < 0.7}
    if rng.random() < 0.5:
        number["zero"] = rng.choice(["", "0.00", "—"])
    if rng.random() < 0.1:
        number["spaced"] = True
    return Variation(
        font_name=rng.choice([EMBEDDED, EMBEDDED, "STSong-Light"]),
        table=table,
        number=number,
        rotation=rng.choice([0, 0, 90, 270]),
        packed=rng.random() < 0.3,
        fake_bold=rng.random() < 0.3,
        settings={
            "amount_align": rng.choice(["right", "right", "center"]),
            "total": rng.choice(["top", "bottom"]),
        }
        if rng.random() < 0.5
        else {},
    )
