"""A department's page (部门): what changed and why, planned and spent, for what, what does not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pipelines.oversight.charts import ColumnChart, column_chart
from pipelines.oversight.document_pages import write_documents
from pipelines.oversight.finding_groups import grouped
from pipelines.oversight.findings_pages import write_letter
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import Row
from pipelines.oversight.wording import wording
from pipelines.oversight.years import span

#: The measures of the page, in the groups they are read in.
MEASURES = (
    ("overall", ("revenue_total", "expenditure_total", "expenditure_adjusted", "grand_total")),
    (
        "sources",
        (
            "fiscal_appropriation_revenue",
            "general_public_expenditure",
            "undertaking_revenue",
            "business_revenue",
            "other_revenue",
        ),
    ),
    ("nature", ("basic_expenditure", "project_expenditure", "personnel_costs", "running_costs")),
    ("balances", ("opening_balance", "closing_balance")),
    ("procurement", ("procurement",)),
)
#: Measures that can be compared: those of the page and the kinds of “三公” spending.
COMPARED = (
    "expenditure_total",
    "revenue_total",
    *(name for group, names in MEASURES if group != "overall" for name in names),
    "three_public",
    "three_public_abroad",
    "three_public_vehicles",
    "three_public_vehicle_purchase",
    "three_public_vehicle_operation",
    "three_public_reception",
)
KINDS = ("final_accounts", "budget")
SPENDING_KINDS = (
    "total",
    "abroad",
    "vehicle_total",
    "vehicle_purchase",
    "vehicle_operation",
    "reception",
    "meeting",
    "training",
)
_REASONS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class DepartmentUnit:
    """A department, the one above it, its units, and the ids of its documents that have a page."""

    department: Row
    parent: Row | None
    units: tuple[Row, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure of one kind of document over the years; ``latest`` is its last figure."""

    measure: str
    kind: str
    by_year: Mapping[int, Row]
    latest: Row


@dataclass(frozen=True, slots=True)
class PurposeLine:
    """A code over the years, with the names it had before (and until when)."""

    code: str
    level: int
    parent: str
    row: Row
    by_year: Mapping[int, Row]
    earlier_names: tuple[tuple[str, int], ...]
    has_children: bool
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Purposes:
    """What one kind of document says the money is for, or becomes; ``latest`` is the year of the shares."""

    kind: str
    years: tuple[int, ...]
    latest: int
    lines: tuple[PurposeLine, ...]
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcurementLine:
    """What is procured over the years; ``depth`` is 0 for the total and for goods, works, services."""

    path: str
    depth: int
    row: Row
    by_year: Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class Change:
    """The latest figures of one kind of document against the year before, and what is said of it."""

    kind: str
    year: int
    expenditure: Row | None
    revenue: Row | None
    reasons: tuple[Row, ...]
    other_words: tuple[Row, ...]


def write_departments(site: Site, units: Sequence[DepartmentUnit]) -> Iterator[str]:
    """Write the page, the CSV files, the letter and the documents of each department.

    Yields the department when its files are there. The views are narrowed to these departments.
    """
    ask = site.warehouse.view
    site.warehouse.narrow(
        [unit.department["department_id"] for unit in units],
        with_cells=any(unit.documents for unit in units),
    )
    findings = ask("findings")
    findings_of = by_key(findings.rows, "department_id")
    publication_of = by_key(ask("publication").rows, "department_id")
    documents_of = by_key(ask("documents").rows, "department_id")
    site.symptoms = by_key(ask("finding_symptoms").rows, "finding_id")
    for unit in units:
        one = unit.department["department_id"]
        own = findings_of.get(one, [])
        state = _write(site, unit, own, publication_of.get(one, []))
        if own:
            write_letter(site, unit.department, own, state)
        held = [row for row in documents_of.get(one, []) if row["document_id"] in unit.documents]
        write_documents(site, held, own, state)
        yield one


def _write(site: Site, unit: DepartmentUnit, findings: Sequence[Row], publication: Sequence[Row]) -> Row:
    """Write the page and its data; returns what stands at the foot of the pages of the department."""
    department = unit.department
    one = department["department_id"]
    ask = site.warehouse.view
    figures = ask("department_figures", department_id=one)
    purposes = ask("department_purposes", department_id=one)
    economic = ask("department_economic", department_id=one)
    signals = ask("department_signals", department_id=one)
    three_public = ask("department_three_public", department_id=one)
    explanations = ask("department_explanations", department_id=one)
    documents = ask("department_documents", department_id=one)
    procurement = ask("department_procurement", department_id=one)
    sentences = ask("department_sentences", department_id=one)
    told = ask("department_told", department_id=one)
    restatements = ask("department_restatements", department_id=one)
    shown = (figures, purposes, economic, three_public, explanations, signals)
    views = {view.name: view for view in (*shown, procurement, sentences, told, restatements)}
    csv = {
        name: site.data(view, f"department/{one}/{name}")
        for name, view in views.items()
        if view.rows or view is figures
    }
    years = span(
        [
            row["fiscal_year"]
            for rows in (figures, documents)
            for row in rows
            if row["fiscal_year"] is not None
        ]
    )
    lines = measure_lines(figures.rows)
    state = _state(documents.rows)
    site.json(f"data/compare/{one}.json", _compared(figures.rows))
    by_kind = by_key(purposes.rows, "document_kind")
    spent_on = by_key(economic.rows, "document_kind")
    site.page(
        f"department/{one}.html",
        "department.html.j2",
        here="start",
        state=state,
        department=department,
        parent=unit.parent,
        units=unit.units,
        years=years,
        changes=[
            change for kind in KINDS if (change := latest_change(kind, lines, explanations.rows)) is not None
        ],
        measures=[
            (group, [line for name in names for line in lines if line.measure == name])
            for group, names in MEASURES
        ],
        purposes=[purposes_of(kind, by_kind[kind]) for kind in KINDS if kind in by_kind],
        economic=[
            purposes_of(kind, spent_on[kind], code="economic_code") for kind in KINDS if kind in spent_on
        ],
        signals=signals,
        spending=spending_lines(three_public.rows),
        bases=[
            basis
            for basis in ("budget", "budget_in_final", "final")
            if any(row[f"{basis}_yuan"] is not None for row in three_public)
        ],
        charts=lambda lang: _charts(lang, years, lines, three_public.rows),
        documents=documents,
        publication=publication,
        procurement=procurement_lines(procurement.rows),
        said=by_key(sentences.rows, "topic"),
        told=by_key(told.rows, "told_measure"),
        restatements=restatements,
        groups=grouped(findings),
        views=views,
        csv=csv,
    )
    return state


def _state(documents: Sequence[Row]) -> Row:
    """The department's own documents, as the data state of all stands on pages of all."""
    current = [row for row in documents if row["document_status"] == "current"]
    days = [
        row["fetched_at"].date() if row["fetched_at"] else row["published_at"]
        for row in current
        if row["fetched_at"] or row["published_at"]
    ]
    years = [row["fiscal_year"] for row in current if row["fiscal_year"] is not None]
    return {
        "n_documents": len(current),
        "n_departments": 1,
        "first_year": min(years, default=None),
        "last_year": max(years, default=None),
        "data_date": max(days, default=None),
    }


def _compared(figures: Sequence[Row]) -> Mapping[str, Any]:
    """Measure → year → kind of document: the amount and its cell."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in figures:
        if row["measure"] in COMPARED:
            line = found.setdefault(row["measure"], {}).setdefault(str(row["fiscal_year"]), {})
            line[row["document_kind"]] = [row["amount_yuan"], row["cell_id"]]
    return found


def measure_lines(figures: Sequence[Row]) -> list[MeasureLine]:
    """The measures, each by kind of document: budget before final accounts."""
    found: dict[tuple[str, str], dict[int, Row]] = {}
    for row in figures:
        found.setdefault((row["measure"], row["document_kind"]), {})[row["fiscal_year"]] = row
    return [
        MeasureLine(measure, kind, by_year, by_year[max(by_year)])
        for (measure, kind), by_year in sorted(found.items())
    ]


def latest_change(kind: str, lines: Sequence[MeasureLine], words: Sequence[Row]) -> Change | None:
    """The latest year of one kind of document against the year before."""
    found = {line.measure: line for line in lines if line.kind == kind}
    line = found.get("expenditure_total") or found.get("revenue_total")
    if line is None:
        return None
    year = max(line.by_year)
    said = [row for row in words if row["document_kind"] == kind and row["fiscal_year"] == year]
    reasons = [row for row in said if row["gives_reason"]]
    return Change(
        kind=kind,
        year=year,
        expenditure=found["expenditure_total"].by_year.get(year) if "expenditure_total" in found else None,
        revenue=found["revenue_total"].by_year.get(year) if "revenue_total" in found else None,
        reasons=tuple(reasons[:_REASONS_SHOWN]),
        other_words=(*reasons[_REASONS_SHOWN:], *(row for row in said if not row["gives_reason"])),
    )


def purposes_of(kind: str, rows: Sequence[Row], *, code: str = "functional_code") -> Purposes:
    """Spending by code over the years: class, its sections, their items.

    ``code`` names the column of the code. Shares are of the printed total, or of the classes together
    where no total is among the rows.
    """
    found: dict[str, dict[int, Row]] = {}
    for row in rows:
        found.setdefault(row[code], {})[row["fiscal_year"]] = row
    latest = max(row["fiscal_year"] for row in rows)
    printed = found.get("total", {}).get(latest)
    classes = [row["amount_yuan"] for row in rows if row["fiscal_year"] == latest and row["code_level"] == 1]
    total = printed["amount_yuan"] if printed is not None else sum(classes, Decimal(0))
    parents = {row["parent_code"] for row in rows}
    lines = []
    # The total comes first, as it is what the shares are of.
    for one in sorted(found, key=lambda one: (one != "total", one)):
        by_year = found[one]
        last = by_year[max(by_year)]
        now = by_year.get(latest)
        lines.append(
            PurposeLine(
                code=one,
                level=last["code_level"],
                parent=last["parent_code"] or "",
                row=last,
                by_year=by_year,
                earlier_names=_earlier_names(by_year),
                has_children=one in parents,
                share=_share(now, total),
            )
        )
    statements = tuple(dict.fromkeys(row["statement_id"] for row in rows))
    return Purposes(kind, span([row["fiscal_year"] for row in rows]), latest, tuple(lines), statements)


def procurement_lines(rows: Sequence[Row]) -> list[tuple[str, tuple[int, ...], list[ProcurementLine]]]:
    """What is procured, by kind of document: goods, works and services with the items under them."""
    found = []
    for kind, own in by_key(rows, "document_kind").items():
        lines = [
            ProcurementLine(path, path.count("/"), items[0], {row["fiscal_year"]: row for row in items})
            for path, items in by_key(own, "item_path").items()
        ]
        found.append((kind, span([row["fiscal_year"] for row in own]), lines))
    return found


def spending_lines(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """“三公” spending by kind in the order of the form, each over the years."""
    found = by_key(rows, "spending_kind")
    return [(kind, found[kind]) for kind in SPENDING_KINDS if kind in found]


def _share(now: Row | None, total: Decimal) -> Decimal | None:
    if now is None or not total:
        return None
    return Decimal(now["amount_yuan"] / total)


def _earlier_names(by_year: Mapping[int, Row]) -> tuple[tuple[str, int], ...]:
    """Names of a code that differ from its last one, each with the last year it is printed under."""
    last = by_year[max(by_year)]["name_zh"]
    names: dict[str, int] = {}
    for year in sorted(by_year):
        if by_year[year]["name_zh"] != last:
            names[by_year[year]["name_zh"]] = year
    return tuple(names.items())


def _charts(
    lang: str, years: Sequence[int], lines: Sequence[MeasureLine], three_public: Sequence[Row]
) -> Mapping[str, ColumnChart | None]:
    t = wording(lang)
    amounts: dict[tuple[str, str], dict[int, Decimal | None]] = {
        (line.measure, line.kind): {year: row["amount_yuan"] for year, row in line.by_year.items()}
        for line in lines
    }
    kind = "final_accounts" if ("basic_expenditure", "final_accounts") in amounts else "budget"
    totals = {row["fiscal_year"]: row for row in three_public if row["spending_kind"] == "total"}

    def drawn(series: Mapping[str, Mapping[int, Any]], names: Mapping[str, str]) -> ColumnChart | None:
        held = {name: line for name, line in series.items() if any(v is not None for v in line.values())}
        return column_chart(years, held, names) if years else None

    return {
        "expenditure": drawn(
            {
                "budget": amounts.get(("expenditure_total", "budget"), {}),
                "final": amounts.get(("expenditure_total", "final_accounts"), {}),
            },
            {"budget": t("kind.budget"), "final": t("kind.final_accounts")},
        ),
        "nature": drawn(
            {
                "basic": amounts.get(("basic_expenditure", kind), {}),
                "project": amounts.get(("project_expenditure", kind), {}),
            },
            {"basic": t("measure.basic_expenditure"), "project": t("measure.project_expenditure")},
        ),
        "three_public": drawn(
            {
                "budget": {year: row["budget_yuan"] for year, row in totals.items()},
                "final": {year: row["final_yuan"] for year, row in totals.items()},
            },
            {"budget": t("kind.budget"), "final": t("kind.final_accounts")},
        ),
    }
