"""Codes by their names, for statements that print the names alone and for columns that are codes."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from pipelines.statements.printed_text import label_of

_ROOT = Path(__file__).resolve().parents[2]


@cache
def _codes_by_name(file: str) -> dict[str, tuple[tuple[str, int, int], ...]]:
    """Codes and their years of validity by comparable name; empty if the file is not there.

    Columns: code, name_zh, valid_from, valid_to (empty: open).
    """
    path = _ROOT / file
    if not path.is_file():
        return {}
    names: dict[str, list[tuple[str, int, int]]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            years = (int(row["valid_from"] or 0), int(row["valid_to"] or 9999))
            names.setdefault(label_of(row["name_zh"]), []).append((row["code"], *years))
    return {name: tuple(codes) for name, codes in names.items()}


def codes_of_name(name: str, year: int | None, file: str) -> set[str]:
    """All codes that have a name in a year (in any year where the year is not known)."""
    listed = _codes_by_name(file).get(label_of(name), ())
    return {code for code, first, last in listed if year is None or first <= year <= last}


def names_of_codes(file: str) -> frozenset[str]:
    """All names that a list of codes holds, in comparable form."""
    return frozenset(_codes_by_name(file))


def is_listed(code: str, file: str) -> bool:
    """Whether a list of codes has a code, in any year."""
    return any(code == listed for codes in _codes_by_name(file).values() for listed, _, _ in codes)


def code_of_name(name: str, year: int | None, file: str, above: str | None = None) -> str:
    """The one code that has a name in a year (in any year where the year is not known).

    Empty where no code has it, or more than one: 办公设备购置 is 30902 and 31002. With ``above``, the
    code of the row before, only classes and codes below that row's class or section come into question:
    many sections have an item 行政运行.
    """
    codes = codes_of_name(name, year, file)
    if above is not None:
        codes = {code for code in codes if len(code) == 3 or above.startswith(code[:-2])}
    return codes.pop() if len(codes) == 1 else ""


def items_of_class(code: str, file: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The codes one level below a class: code -> its latest name and all names it has had."""
    names: dict[str, list[tuple[int, str]]] = {}
    for name, codes in _codes_by_name(file).items():
        for item, _, last in codes:
            if item.startswith(code) and len(item) == len(code) + 2:
                names.setdefault(item, []).append((last, name))
    return {
        item: (max(listed)[1], tuple(name for _, name in sorted(listed)))
        for item, listed in sorted(names.items())
    }
