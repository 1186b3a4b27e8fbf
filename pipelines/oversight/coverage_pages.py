"""Who published what by when (公开情况): counts by region or province, then a matrix for each region."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, groupby, repeat
from operator import itemgetter
from typing import Any

from pipelines.oversight.parts import parts
from pipelines.oversight.provinces import Province, by_province
from pipelines.oversight.rendering import Site
from pipelines.oversight.views import LongView, Row
from pipelines.oversight.years import span

#: States of a publication from good to bad, as they are shown.
STATES = ("on_time", "published", "in_part", "late", "incomplete", "set_aside", "missing", "not_yet_due")
#: Those that an overseer asks about, the most pressing first.
OUTSTANDING = ("missing", "set_aside", "incomplete", "late", "in_part")
KINDS = ("budget", "final_accounts")
#: Departments on a page, and publications asked about on the page of all regions.
DEPARTMENTS_SHOWN = 100
OUTSTANDING_SHOWN = 100


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A department's row of the matrix: the state by year and kind."""

    department: Row
    by_place: Mapping[tuple[int, str], Row]


def write_coverage(site: Site, publication: LongView) -> None:
    """Counts by region and by year, what is outstanding of all regions, and a matrix for each region."""
    years = span([*publication.counts("fiscal_year")])
    totals_of: dict[str, Counter[str]] = {}
    for (code, state), n in publication.counts("region_code", "publication_state").items():
        totals_of.setdefault(code, Counter())[state] = n
    n_departments = Counter(code for code, _ in publication.counts("region_code", "department_id"))
    first_of: dict[str, Row] = {}
    for code, totals in totals_of.items():
        in_region = publication.rows("region_code = $code", code=code)
        first_of[code] = first = next(in_region)
        for part in parts(
            f"coverage/{code}",
            _lines(chain([first], in_region)),
            DEPARTMENTS_SHOWN,
            sizes=repeat(1, n_departments[code]),
        ):
            own = outstanding(row for line in part.items for row in line.by_place.values())
            site.page(
                part.path,
                "coverage_region.html.j2",
                here="coverage",
                region_row=first,
                part=part,
                years=years,
                kinds=KINDS,
                states=STATES,
                totals=totals,
                as_of=first["as_of_date"],
                asked=own,
                asked_states=[
                    name for name in OUTSTANDING if any(r["publication_state"] == name for r in own)
                ],
            )
    totals = publication.counts("publication_state")
    pressing = publication.rows("publication_state in (select unnest($states))", states=[*OUTSTANDING])
    latest = publication.first()
    regions = [(first_of[code], counts) for code, counts in totals_of.items()]
    provinces = by_province(regions)
    for province in provinces:
        site.page(
            f"coverage/province-{province.code}.html",
            "coverage_province.html.j2",
            here="coverage",
            province=province,
            states=STATES,
            totals=_together(province),
            as_of=latest["as_of_date"] if latest else None,
        )
    site.page(
        "coverage/index.html",
        "coverage.html.j2",
        here="coverage",
        regions=() if provinces else regions,
        provinces=[(province, _together(province)) for province in provinces],
        by_year=_by_year(publication),
        years=years,
        kinds=KINDS,
        states=STATES,
        totals=totals,
        as_of=latest["as_of_date"] if latest else None,
        asked=outstanding(pressing, most=OUTSTANDING_SHOWN),
        n_asked=sum(totals[state] for state in OUTSTANDING),
        view=publication,
        csv=site.data(publication, "publication"),
    )


def _together(province: Province[Counter[str]]) -> Counter[str]:
    """The states of all regions of a province."""
    return sum((counts for _, counts in province.regions), Counter())


def _lines(rows: Iterable[Row]) -> Iterator[CoverageLine]:
    """The matrix of a region, department by department."""
    for _, own in groupby(rows, itemgetter("department_id")):
        held = list(own)
        yield CoverageLine(held[0], {(row["fiscal_year"], row["document_kind"]): row for row in held})


def outstanding(rows: Iterable[Row], *, most: int | None = None) -> list[Row]:
    """What is missing, unread, incomplete or late: the latest year first, within it the most pressing.

    ``most`` of them at most, where it is given.
    """
    order = {name: number for number, name in enumerate(OUTSTANDING)}

    def place(row: Row) -> tuple[Any, ...]:
        return (
            -row["fiscal_year"],
            order[row["publication_state"]],
            row["region_code"],
            row["department_name"],
            row["document_kind"],
        )

    asked = (row for row in rows if row["publication_state"] in order)
    return sorted(asked, key=place) if most is None else heapq.nsmallest(most, asked, key=place)


def _by_year(publication: LongView) -> Mapping[tuple[int, str], Counter[str]]:
    found: dict[tuple[int, str], Counter[str]] = {}
    counted = publication.counts("fiscal_year", "document_kind", "publication_state")
    for (year, kind, state), n in counted.items():
        found.setdefault((year, kind), Counter())[state] = n
    return dict(sorted(found.items(), key=lambda item: (-item[0][0], item[0][1])))
