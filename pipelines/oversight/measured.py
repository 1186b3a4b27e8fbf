"""How well reading works, as it was measured (识读准确率): from ``measured.yaml``, for the page on method."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement: amounts and what became of them, when it was written down, and what measures it again.

    ``right`` is in per cent as the source prints it; None is what the source does not say.
    """

    name: str
    zh: str
    en: str
    documents: int | None
    amounts: int
    right: str | None
    listed: int | None
    missing: int | None
    wrong: int | None
    on: date
    command: str
    source: str


@cache
def measured() -> tuple[Measured, ...]:
    """The measurements in their order. Raises ``KeyError`` where a field is missing."""
    tree = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return tuple(_one(row) for row in tree["measured"])


def _one(row: Mapping[str, Any]) -> Measured:
    names = (
        "zh",
        "en",
        "documents",
        "amounts",
        "right",
        "listed",
        "missing",
        "wrong",
        "on",
        "command",
        "source",
    )
    return Measured(row["id"], *(row[name] for name in names))
