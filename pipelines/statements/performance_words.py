"""The words of performance sheets (``catalogue/performance.yaml``), checked when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml
from pydantic import model_validator

from pipelines.statements.performance_model import Scope, SheetKind
from pipelines.statements.printed_text import label_of, plain
from pipelines.statements.schema import Entry, Pattern

INDICATOR_COLUMNS = frozenset(
    (
        *("level1", "level2", "level3", "operator", "target", "measure", "result"),
        *("weight", "score", "score_rate", "reason", "remark"),
    )
)
MONEY_COLUMNS = frozenset(("initial", "adjusted", "final", "rate", "weight", "score", "remark"))
LIST_COLUMNS = frozenset(
    ("number", "project", "amount", "initial", "adjusted", "final", "rate", "score", "remark")
)

_BRACKET = re.compile(r"\([^()]*\)?$")


class InText(Entry):
    """Indicators told in sentences."""

    section: Pattern
    indicator: Pattern
    kind_heading: Pattern


class PerformanceWords(Entry):
    """The fields are explained at the head of the file."""

    @model_validator(mode="after")
    def _columns_are_known(self) -> PerformanceWords:
        known = {
            "indicator_columns": INDICATOR_COLUMNS,
            "money_columns": MONEY_COLUMNS,
            "list_columns": LIST_COLUMNS,
        }
        for name, columns in known.items():
            if strange := set(getattr(self, name)) - columns:
                raise ValueError(f"{name}: no such columns: {', '.join(sorted(strange))}")
        return self

    head_words: int
    money_words: int
    name_columns: tuple[str, ...]
    value_columns: tuple[str, ...]
    indicator_columns: Mapping[str, tuple[str, ...]]
    money_columns: Mapping[str, tuple[str, ...]]
    money_lines: Mapping[str, tuple[str, ...]]
    list_columns: Mapping[str, tuple[str, ...]]
    totals: tuple[str, ...]
    kinds_of_sheet: Mapping[SheetKind, Pattern]
    default_kind: SheetKind
    scopes: Mapping[Scope, Pattern]
    names: Mapping[Scope, tuple[str, ...]]
    name_before: tuple[Pattern, ...]
    ends: tuple[str, ...]
    from_statement: Mapping[str, Mapping[str, str]]
    in_text: InText


@cache
def load_performance_words() -> PerformanceWords:
    """The words, checked. Raises ``pydantic.ValidationError`` naming the entry."""
    text = resources.files("pipelines.statements").joinpath("catalogue/performance.yaml")
    return PerformanceWords.model_validate(yaml.safe_load(text.read_text("utf-8")))


def meaning_of(text: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """What a printed word means among lists of words, with its bracket or else without it; or nothing."""
    for spelling in dict.fromkeys((plain(text), label_of(text), _BRACKET.sub("", label_of(text)))):
        for meaning, spellings in words.items():
            if spelling and spelling in spellings:
                return meaning
    return ""
