"""Functional and economic codes with the names they have in the years generated, from ``codes.yaml``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _data() -> dict[str, Any]:
    loaded = yaml.safe_load((Path(__file__).parent / "codes.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def _of_year(entry: object, year: int) -> str:
    """A name, or the one in force: ``[[from_year, name], …]`` in order of years."""
    if isinstance(entry, str):
        return entry
    assert isinstance(entry, list)
    return str([name for since, name in entry if since <= year][-1])


def code_name(code: str, year: int) -> str:
    """The name of a functional (3, 5, 7 digits) or economic (3, 5 digits) code in a year."""
    table = "economic" if code.startswith("3") else "functional"
    return _of_year(_data()[table][code], year)


def class_lines(year: int) -> list[tuple[str, str]]:
    """The expenditure classes a summary statement of the year lists, in order."""
    lists = [codes for since, codes in _data()["class_lists"] if since <= year]
    return [(str(code), code_name(str(code), year)) for code in lists[-1]]


def government_code(code: str) -> tuple[str, str]:
    """Code and name in the government's economic classification of a class or section of the department's."""
    other = _data()["government"]
    listed = other.get(code) or other[code[:3]]
    return str(listed[0]), str(listed[1])


def parents(code: str) -> tuple[str, ...]:
    """The section and class above a functional item, or the class above an economic section."""
    return tuple(code[:length] for length in (3, 5) if length < len(code))
