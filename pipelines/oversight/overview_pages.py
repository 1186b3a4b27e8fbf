"""Pages about all departments: start, findings, coverage, purposes, comparison, checks, method."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipelines.oversight.charts import column_chart, shares
from pipelines.oversight.department_pages import KINDS, MEASURES, span
from pipelines.oversight.finding_groups import GROUPS, group_of, grouped
from pipelines.oversight.initials import initials
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import Row, View, view_sql
from pipelines.oversight.wording import wording

#: Verdicts from good to bad, as they are shown.
VERDICTS = ("exact", "rounding", "improbable", "violated", "not_evaluable")
#: From bad to good.
SEVERITIES = ("critical", "high", "medium", "low")
_NEWEST = 6
#: Measures that can be compared: those of a department's page and the kinds of “三公” spending.
COMPARED = (
    "expenditure_total",
    "revenue_total",
    *(name for group, names in MEASURES if group != "overall" for name in names),
    "three_public",
    "three_public_abroad",
    "three_public_vehicles",
    "three_public_reception",
)


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """A department's row of the matrix: what is held by year and kind."""

    department: Row
    by_place: Mapping[tuple[int, str], Row]


def write_start(site: Site, departments: View, findings: View, coverage: View) -> None:
    """The start page: search, three questions with a picture, the newest findings, all departments."""
    ask = site.warehouse.view
    kind, year = _year_of_changes(site, coverage)
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
    status = Counter(row["coverage_status"] for row in coverage)
    csv = {view.name: site.data(view, view.name) for view in (changes, spending, verdicts, departments)}
    site.json(
        "data/search.json",
        [
            [
                row["department_id"],
                row["department_name"],
                row["region_name"],
                row["earlier_names"],
                initials(row["department_name"]),
            ]
            for row in departments
        ],
    )
    site.page(
        "index.html",
        "start.html.j2",
        here="start",
        departments=by_key(departments.rows, "region_code"),
        newest=list(findings)[:_NEWEST],
        n_findings=len(findings.rows),
        changes=changes,
        change_bars=shares([row["change_yuan"] for row in changes]),
        change_kind=kind,
        change_year=year,
        spending=spending,
        spending_chart=drawn,
        verdicts=verdicts,
        verdict_totals=totals,
        verdict_names=VERDICTS,
        status=status,
        csv=csv,
    )


def _year_of_changes(site: Site, coverage: View) -> tuple[str, int]:
    """The latest kind and year in which most departments can be held against their year before."""
    held = Counter(
        (row["fiscal_year"], row["document_kind"])
        for row in coverage
        if row["coverage_status"] not in ("not_held", "set_aside")
    )
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


def write_findings(site: Site, findings: View) -> None:
    """The findings: one page that tells their number by year and kind, and one page a year to filter."""
    by_year = by_key(findings.rows, "fiscal_year")
    csv = site.data(findings, "findings")
    counts = Counter((row["fiscal_year"], group_of(row)) for row in findings)
    site.page(
        "findings/index.html",
        "findings_index.html.j2",
        here="findings",
        years=sorted(by_year, reverse=True),
        counts=counts,
        groups=GROUPS,
        letters=_letters(findings.rows),
        view=findings,
        csv=csv,
    )
    for year, rows in by_year.items():
        site.page(
            f"findings/{year}.html",
            "findings_year.html.j2",
            here="findings",
            year=year,
            years=sorted(by_year, reverse=True),
            groups=grouped(rows),
            kinds=sorted({row["finding_kind"] for row in rows}),
            severities=[name for name in SEVERITIES if any(row["severity"] == name for row in rows)],
            regions=sorted({(row["region_code"], row["region_name"]) for row in rows}),
            n=len(rows),
        )


def _letters(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """The departments with findings, each with their number, the most first."""
    found = by_key(rows, "department_id")
    return sorted(
        ((own[0], len(own)) for own in found.values()), key=lambda pair: (-pair[1], pair[0]["department_id"])
    )


def write_coverage(site: Site, coverage: View) -> None:
    """What is held and what is not: a matrix of departments over years and kinds, region by region."""
    years = span([row["fiscal_year"] for row in coverage])
    regions: dict[str, list[CoverageLine]] = {}
    for rows in by_key(coverage.rows, "department_id").values():
        line = CoverageLine(rows[0], {(row["fiscal_year"], row["document_kind"]): row for row in rows})
        regions.setdefault(rows[0]["region_code"], []).append(line)
    site.page(
        "coverage.html",
        "coverage.html.j2",
        here="coverage",
        years=years,
        kinds=("budget", "final_accounts"),
        regions=regions,
        totals=Counter(row["coverage_status"] for row in coverage),
        view=coverage,
        csv=site.data(coverage, "coverage"),
    )


def write_purposes(site: Site) -> None:
    """One functional code over departments and years, and the list of codes."""
    purposes = site.warehouse.view("purposes")
    site.page(
        "purpose/index.html",
        "purposes.html.j2",
        here="purpose",
        purposes=purposes,
        view=purposes,
        csv=site.data(purposes, "purposes"),
    )
    by_code = {row["functional_code"]: row for row in purposes}
    children = by_key(purposes.rows, "parent_code")
    for code, purpose in by_code.items():
        amounts = site.warehouse.view("purpose", functional_code=code)
        names = site.warehouse.view("purpose_names", functional_code=code)
        site.page(
            f"purpose/{code}.html",
            "purpose.html.j2",
            here="purpose",
            purpose=purpose,
            parent=by_code.get(purpose["parent_code"]),
            children=children.get(code, []),
            names=names.rows if len(names.rows) > 1 else (),
            kinds=[
                (kind, span([row["fiscal_year"] for row in rows]), _lines(rows))
                for kind in KINDS
                if (rows := [row for row in amounts if row["document_kind"] == kind])
            ],
            view=amounts,
            csv=site.data(amounts, f"purpose/{code}"),
        )


def _lines(rows: Sequence[Row]) -> list[tuple[Row, Mapping[int, Row]]]:
    """Departments, each with its figures by year."""
    return [
        (own[0], {row["fiscal_year"]: row for row in own}) for own in by_key(rows, "department_id").values()
    ]


def write_compare(site: Site, departments: View) -> None:
    """The comparison: what can be chosen, and the figures of each department in a file of its own."""
    years: set[int] = set()
    for department in departments:
        figures = site.warehouse.view("department_figures", department_id=department["department_id"])
        found: dict[str, dict[str, dict[str, Any]]] = {}
        for row in figures:
            if row["measure"] in COMPARED:
                years.add(row["fiscal_year"])
                line = found.setdefault(row["measure"], {}).setdefault(str(row["fiscal_year"]), {})
                line[row["document_kind"]] = [row["amount_yuan"], row["cell_id"]]
        site.json(f"data/compare/{department['department_id']}.json", found)

    def words(lang: str) -> Mapping[str, str]:
        t = wording(lang)
        return {
            **t.section("script"),
            **{f"measure.{name}": t(f"measure.{name}") for name in COMPARED},
            **{f"kind.{kind}": t(f"kind.{kind}") for kind in KINDS},
        }

    site.page(
        "compare.html",
        "compare.html.j2",
        here="compare",
        departments=departments,
        measures=COMPARED,
        years=span(sorted(years)),
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


def write_method(site: Site, downloads: Sequence[str]) -> None:
    """How the data came about, what to beware of, what can be taken away."""
    site.page("method.html", "method.html.j2", here="method", downloads=downloads)
