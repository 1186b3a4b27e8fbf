"""Which administrative division (GB/T 2260) a name lies in."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.statements.printed_text import plain

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Region:
    """A division with its names, present and earlier, in comparable form."""

    code: str
    names: tuple[str, ...]
    parent: str


@cache
def load_regions(file: str) -> tuple[Region, ...]:
    """The divisions listed in a CSV of the project; none if the file is not there.

    Columns: region_code, name_zh, earlier_names, parent_region_code.
    """
    path = _ROOT / file
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Region(
                row["region_code"],
                tuple(plain(n) for n in (row["name_zh"], *_split(row.get("earlier_names", ""))) if n),
                row.get("parent_region_code", ""),
            )
            for row in csv.DictReader(stream)
        )


def _split(names: str) -> list[str]:
    for mark in "；|、,":
        names = names.replace(mark, ";")
    return [name.strip() for name in names.split(";") if name.strip()]


def region_of(text: str, file: str) -> str:
    """The code of the smallest division that a name spells out from its province (or city) down.

    ``上海市普陀区商务委员会`` gives 310107; the same county name under another province does not
    mislead, because a division counts only below one that stands before it. Where only a city or
    county is named, it counts if no other division has that name. Empty if nothing is named.
    """
    levelled = plain(text)
    regions = load_regions(file)
    code, end = "", 0
    while True:
        step = _below(levelled, code, end, regions)
        if step is None:
            return code
        code, end = step


def _below(text: str, parent: str, start: int, regions: tuple[Region, ...]) -> tuple[str, int] | None:
    """The division named next in a text below a parent (anywhere at the top level)."""
    found: list[tuple[int, int, str]] = []
    for region in regions:
        is_child = _lies_in(region, parent) if parent else True
        if not is_child or region.code == parent:
            continue
        for name in region.names:
            at = text.find(name, start)
            if at >= 0 and (at == start or (not parent and at <= 6)):
                found.append((at, -len(name), region.code))
    if not found:
        return None
    first = min(found)
    same = sorted({code for at, length, code in found if (at, length) == first[:2]})
    if not parent and len(same) > 1:
        provinces = [code for code in same if code.endswith("0000")]
        if len(provinces) != 1:
            return None
        same = provinces
    return same[0], first[0] - first[1]


def _lies_in(region: Region, parent: str) -> bool:
    if region.parent == parent:
        return True
    if parent.endswith("0000"):
        return region.code[:2] == parent[:2]
    return parent.endswith("00") and region.code[:4] == parent[:4]
