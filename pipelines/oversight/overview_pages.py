"""Pages about all departments: start, findings, purposes, comparison, checks, method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from pipelines.oversight.charts import column_chart, shares
from pipelines.oversight.department_pages import COMPARED, KINDS
from pipelines.oversight.downloads import Download
from pipelines.oversight.initials import initials
from pipelines.oversight.measured import measured
from pipelines.oversight.parts import parts
from pipelines.oversight.provinces import by_province
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import LongView, View, view_sql
from pipelines.oversight.wording import wording
from pipelines.oversight.years import span

#: Verdicts from good to bad, as they are shown.
VERDICTS = ("exact", "rounding", "improbable", "violated", "not_evaluable")
_NEWEST = 6
#: Departments listed on one page; of more, the start page lists the regions, or the provinces of many.
DEPARTMENTS_LISTED = 200
#: Departments in one file of the index of names.
SEARCH_PART = 1000


def write_start(
    site: Site, departments: View, findings: LongView, symptoms: LongView, publication: LongView
) -> None:
    """The start page: search, three questions with a picture, the newest findings, all departments."""
    ask = site.warehouse.view
    kind, year = _year_of_changes(publication)
    changes = ask("largest_changes", document_kind=kind, fiscal_year=year)
    spending = ask("three_public_by_year")
    verdicts = ask("verdicts")
    years = span([row["fiscal_year"] for row in spending])
    series: dict[str, dict[int, Decimal | None]] = {
        "budget": {row["fiscal_year"]: row["budget_yuan"] for row in spending},
        "final": {row["fiscal_year"]: row["final_yuan"] for row in spending},
    }
    held = {name: line for name, line in series.items() if any(value is not None for value in line.values())}

    def drawn(lang: str) -> Any:
        t = wording(lang)
        names = {"budget": t("kind.budget"), "final": t("kind.final_accounts")}
        return column_chart(years, held, names) if years else None

    totals = Counter[str]()
    for row in verdicts:
        totals[row["verdict"]] += row["n_results"]
    by_region = by_key(departments.rows, "region_code")
    regions = [(rows[0], len(rows)) for rows in by_region.values()]
    provinces = by_province(regions)
    csv = {view.name: site.data(view, view.name) for view in (changes, spending, verdicts, departments)}
    newest = list(islice(findings.rows(), _NEWEST))
    explained = symptoms.rows(
        "list_contains($findings, finding_id)", findings=[row["finding_id"] for row in newest]
    )
    site.symptoms = by_key(list(explained), "finding_id")
    site.page(
        "index.html",
        "start.html.j2",
        here="start",
        departments=by_region if len(departments.rows) <= DEPARTMENTS_LISTED else {},
        regions=() if provinces else regions,
        provinces=provinces,
        n_parts=search_parts(departments),
        newest=newest,
        n_findings=findings.n_rows,
        changes=changes,
        change_bars=shares([row["change_yuan"] for row in changes]),
        change_kind=kind,
        change_year=year,
        spending=spending,
        spending_chart=drawn,
        verdicts=verdicts,
        verdict_totals=totals,
        verdict_names=VERDICTS,
        status=publication.counts("publication_state"),
        csv=csv,
    )


def write_regions(site: Site, departments: View, publication: LongView) -> None:
    """The departments of each region, the regions of provinces, the index that finds names, in parts."""
    told = publication.counts("region_code")
    by_region = by_key(departments.rows, "region_code")
    for province in by_province([(rows[0], len(rows)) for rows in by_region.values()]):
        site.page(
            f"region/province-{province.code}.html", "province.html.j2", here="start", province=province
        )
    for code, rows in by_region.items():
        for part in parts(f"region/{code}", rows, DEPARTMENTS_LISTED):
            site.page(
                part.path,
                "region.html.j2",
                here="start",
                region_row=rows[0],
                part=part,
                has_coverage=code in told,
            )
    for number in range(search_parts(departments)):
        site.json(
            f"data/search/{number + 1}.json",
            [
                [
                    row["department_id"],
                    row["department_name"],
                    row["region_name"],
                    row["earlier_names"],
                    initials(row["department_name"]),
                ]
                for row in departments.rows[number * SEARCH_PART : (number + 1) * SEARCH_PART]
            ],
        )


def search_parts(departments: View) -> int:
    """How many files the index of names has; at least one."""
    return max(1, -(-len(departments.rows) // SEARCH_PART))


def _year_of_changes(publication: LongView) -> tuple[str, int]:
    """The latest kind and year in which most departments can be held against their year before."""
    held = Counter[tuple[int, str]]()
    counted = publication.counts("fiscal_year", "document_kind", "publication_state")
    for (year, kind, state), n in counted.items():
        if state not in ("missing", "not_yet_due", "set_aside"):
            held[year, kind] += n
    ready = {
        (year, kind): min(n, held[year - 1, kind])
        for (year, kind), n in held.items()
        if (year - 1, kind) in held
    }
    if not ready:
        year, kind = max(held, default=(0, KINDS[0]))
        return kind, year
    year, kind = max(ready, key=lambda place: (ready[place], place[1] == "final_accounts", place[0]))
    latest = max(one for one, of in ready if of == kind and 2 * ready[one, of] >= ready[year, kind])
    return kind, latest


def write_compare(site: Site, departments: View, years: Sequence[int]) -> None:
    """The comparison: what can be chosen. The figures lie beside it, a file for each department."""

    def words(lang: str) -> Mapping[str, str]:
        t = wording(lang)
        return {
            **t.section("script"),
            **{f"measure.{name}": t(f"measure.{name}") for name in COMPARED},
            **{f"kind.{kind}": t(f"kind.{kind}") for kind in KINDS},
        }

    is_whole = len(departments.rows) <= DEPARTMENTS_LISTED
    site.page(
        "compare.html",
        "compare.html.j2",
        here="compare",
        departments=departments.rows if is_whole else (),
        # The region that each part of the index of names begins with: of which a department is, its id says.
        part_regions=() if is_whole else [row["region_code"] for row in departments.rows[::SEARCH_PART]],
        measures=COMPARED,
        years=span(years),
        words=words,
        sql=view_sql("compare"),
    )


def write_checks(site: Site) -> None:
    """The identities with their wording, source and results."""
    identities = site.warehouse.view("identities")
    verdicts = site.warehouse.view("verdicts")
    by_year: dict[int, Counter[str]] = {}
    for row in verdicts:
        by_year.setdefault(row["fiscal_year"], Counter())[row["verdict"]] += row["n_results"]
    site.page(
        "checks.html",
        "checks.html.j2",
        here="checks",
        families=by_key(identities.rows, "family"),
        by_year=by_year,
        verdicts=verdicts,
        verdict_names=VERDICTS,
        view=identities,
        csv=site.data(identities, "identities"),
    )


def write_method(site: Site, downloads: Sequence[str], marts: Sequence[Download]) -> None:
    """How the data came about, how well it was read, what to beware of, what can be taken away."""
    reading = site.warehouse.view("reading")
    total = sum(row["n_amounts"] for row in reading)
    site.page(
        "method.html",
        "method.html.j2",
        here="method",
        reading=reading,
        parts_of={row["reading_quality"]: Decimal(row["n_amounts"]) / total for row in reading},
        csv=site.data(reading, "reading"),
        measured=measured(),
        downloads=downloads,
        marts=marts,
    )
