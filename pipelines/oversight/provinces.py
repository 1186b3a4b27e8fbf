"""Lists of regions: as they are where they are few, and else by province, which has a page of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from pipelines.oversight.views import Row

Told = TypeVar("Told")
#: Regions listed on one page; of more, it lists the provinces. A province has fewer than that.
REGIONS_LISTED = 250


@dataclass(frozen=True, slots=True)
class Province(Generic[Told]):
    """A province with its regions, each with what is told of it, in the order of their codes.

    ``code`` is that of GB/T 2260: the first two digits of its regions' and four zeroes.
    """

    code: str
    name: str
    regions: tuple[tuple[Row, Told], ...]


def by_province(regions: Sequence[tuple[Row, Told]]) -> tuple[Province[Told], ...]:
    """The provinces of regions where these are too many for one page; none where they are not.

    Each region is a row with ``region_code``, ``region_name`` and ``province_name``, and what is told of it;
    they come in the order of their codes.
    """
    if len(regions) <= REGIONS_LISTED:
        return ()
    found = []
    for place, own in groupby(regions, lambda region: region[0]["region_code"][:2]):
        held = tuple(own)
        code, first = f"{place}0000", held[0][0]
        # What no register places is of no province; a code that is in no list has no name.
        found.append(Province(code, first["province_name"] or first["region_name"] or code, held))
    return tuple(found)
