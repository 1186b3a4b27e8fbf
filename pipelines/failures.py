"""Kinds of failure of a run: which pass by themselves, what each means, what to do. The kinds are data.

A failure that passes (a lock held, a full disk, a process killed) is worth trying again; one that does not
(a slip in a file, a broken rule) would fail again at the same cost and waits for a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class FailureKind:
    """A kind of failure, as ``failures.yaml`` has it."""

    id: str
    passing: bool
    patterns: tuple[str, ...]
    zh: str
    en: str
    do_zh: str
    do_en: str


@cache
def failure_kinds() -> tuple[FailureKind, ...]:
    """All kinds, in the order in which they are asked; the last takes every failure."""
    entries = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return tuple(FailureKind(**{**entry, "patterns": tuple(entry["patterns"])}) for entry in entries)


def kind_of(said: str) -> FailureKind:
    """The kind of a failure by the words of its error."""
    for kind in failure_kinds():
        if any(re.search(pattern, said, re.IGNORECASE) for pattern in kind.patterns):
            return kind
    raise AssertionError("the last kind takes every failure")


def words_of(error: BaseException) -> str:
    """What an error and those that caused it say, with their types: what ``kind_of`` is asked with."""
    said: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(said) < 10:
        said.append(f"{type(seen).__name__}: {seen}")
        said.extend(str(detail) for detail in getattr(seen, "details", ()))
        seen = seen.__cause__ or seen.__context__
    return "\n".join(said)
