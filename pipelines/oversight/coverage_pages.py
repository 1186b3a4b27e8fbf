"""Who published what by when (公开情况): counts, then a matrix for each region."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.oversight.parts import parts
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import Row, View
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


def write_coverage(site: Site, publication: View) -> None:
    """Counts by region and by year, what is outstanding of all regions, and a matrix for each region."""
    years = span([row["fiscal_year"] for row in publication])
    by_region = by_key(publication.rows, "region_code")
    asked = outstanding(publication.rows)
    site.page(
        "coverage/index.html",
        "coverage.html.j2",
        here="coverage",
        regions=[(rows[0], Counter(row["publication_state"] for row in rows)) for rows in by_region.values()],
        by_year=_by_year(publication.rows),
        years=years,
        kinds=KINDS,
        states=STATES,
        totals=Counter(row["publication_state"] for row in publication),
        as_of=publication.rows[0]["as_of_date"] if publication.rows else None,
        asked=asked[:OUTSTANDING_SHOWN],
        n_asked=len(asked),
        view=publication,
        csv=site.data(publication, "publication"),
    )
    for code, rows in by_region.items():
        lines = [
            CoverageLine(own[0], {(row["fiscal_year"], row["document_kind"]): row for row in own})
            for own in by_key(rows, "department_id").values()
        ]
        for part in parts(f"coverage/{code}", lines, DEPARTMENTS_SHOWN):
            own = outstanding([row for line in part.items for row in line.by_place.values()])
            site.page(
                part.path,
                "coverage_region.html.j2",
                here="coverage",
                region_row=rows[0],
                part=part,
                years=years,
                kinds=KINDS,
                states=STATES,
                totals=Counter(row["publication_state"] for row in rows),
                as_of=rows[0]["as_of_date"],
                asked=own,
                asked_states=[
                    name for name in OUTSTANDING if any(r["publication_state"] == name for r in own)
                ],
            )


def outstanding(rows: Sequence[Row]) -> list[Row]:
    """What is missing, unread, incomplete or late: the latest year first, within it the most pressing."""
    order = {name: number for number, name in enumerate(OUTSTANDING)}
    return sorted(
        (row for row in rows if row["publication_state"] in order),
        key=lambda row: (
            -row["fiscal_year"],
            order[row["publication_state"]],
            row["region_code"],
            row["department_name"],
            row["document_kind"],
        ),
    )


def _by_year(rows: Sequence[Row]) -> Mapping[tuple[int, str], Counter[str]]:
    found: dict[tuple[int, str], Counter[str]] = {}
    for row in rows:
        found.setdefault((row["fiscal_year"], row["document_kind"]), Counter())[row["publication_state"]] += 1
    return dict(sorted(found.items(), key=lambda item: (-item[0][0], item[0][1])))
