"""What the money is for (钱用在哪里): the list of codes, and one code over departments and years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.oversight.parts import parts
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import Row, View
from pipelines.oversight.years import span

#: Lines of departments on a page of a code.
LINES_SHOWN = 150
_KINDS = ("final_accounts", "budget")


@dataclass(frozen=True, slots=True)
class CodeUnit:
    """A functional code with the code above it and those below."""

    code: Row
    parent: Row | None
    children: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class CodeLine:
    """What one department spends under a code, by year, in one kind of document."""

    kind: str
    department: Row
    by_year: Mapping[int, Row]


def write_purposes(site: Site, purposes: View) -> None:
    """The list of functional codes, and how much of the money international groups cover."""
    coverage = site.warehouse.view("code_coverage")
    site.page(
        "purpose/index.html",
        "purposes.html.j2",
        here="purpose",
        purposes=purposes,
        view=purposes,
        csv=site.data(purposes, "purposes"),
        coverage=coverage,
        coverage_csv=site.data(coverage, "code_coverage"),
    )


def code_units(purposes: View) -> Iterator[CodeUnit]:
    """Every code that departments print."""
    by_code = {row["functional_code"]: row for row in purposes}
    children = by_key(purposes.rows, "parent_code")
    for code, row in by_code.items():
        yield CodeUnit(row, by_code.get(row["parent_code"]), tuple(children.get(code, [])))


def write_codes(site: Site, units: Sequence[CodeUnit]) -> Iterator[str]:
    """Write the pages and the CSV of each code; yields the code when its files are there."""
    # A process that made departments before would see the last of them alone.
    site.warehouse.widen()
    for unit in units:
        code = unit.code["functional_code"]
        amounts = site.warehouse.view("purpose", functional_code=code)
        names = site.warehouse.view("purpose_names", functional_code=code)
        csv = site.data(amounts, f"purpose/{code}")
        years = span([row["fiscal_year"] for row in amounts])
        for part in parts(f"purpose/{code}", list(_lines(amounts.rows)), LINES_SHOWN):
            by_kind: dict[str, list[CodeLine]] = {}
            for line in part.items:
                by_kind.setdefault(line.kind, []).append(line)
            site.page(
                part.path,
                "purpose.html.j2",
                here="purpose",
                purpose=unit.code,
                parent=unit.parent,
                children=unit.children,
                names=names.rows if len(names.rows) > 1 else (),
                part=part,
                years=years,
                kinds=list(by_kind.items()),
                view=amounts,
                csv=csv,
            )
        yield code


def _lines(rows: Sequence[Row]) -> Iterator[CodeLine]:
    for kind in _KINDS:
        own = [row for row in rows if row["document_kind"] == kind]
        for of_department in by_key(own, "department_id").values():
            yield CodeLine(kind, of_department[0], {row["fiscal_year"]: row for row in of_department})
