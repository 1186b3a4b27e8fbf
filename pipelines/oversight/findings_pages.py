"""What does not add up (疑点): counts by year, a list for each year to filter, signals apart, and letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.oversight.finding_groups import GROUPS, group_of, grouped
from pipelines.oversight.finding_states import STATES, states_of
from pipelines.oversight.letters import letter_document
from pipelines.oversight.parts import parts
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import Row, View
from pipelines.oversight.wording import LANGUAGES, wording

#: From bad to good.
SEVERITIES = ("critical", "high", "medium", "low")
#: Findings on a page. A year that has more is told region by region.
FINDINGS_SHOWN = 150


def write_findings(site: Site, findings: View, signals: View, symptoms: View) -> None:
    """The page of all years, and the findings and signals of each year."""
    by_year = by_key(findings.rows, "fiscal_year")
    signals_of = by_key(signals.rows, "fiscal_year")
    years = sorted(by_year.keys() | signals_of.keys(), reverse=True)
    n_states = Counter(state for row in findings for state in states_of(row))
    site.page(
        "findings/index.html",
        "findings_index.html.j2",
        here="findings",
        years=years,
        counts=Counter((row["fiscal_year"], group_of(row)) for row in findings),
        n_signals={year: len(rows) for year, rows in signals_of.items()},
        groups=GROUPS,
        states=[(state, n_states[state]) for state in STATES if n_states[state]],
        letters=_letters(findings.rows),
        views=(findings, symptoms, signals),
        csv={view.name: site.data(view, view.name) for view in (findings, symptoms, signals)},
    )
    for year in years:
        rows, told = by_year.get(year, []), signals_of.get(year, [])
        if len(rows) + len(told) <= FINDINGS_SHOWN:
            _write_list(site, f"findings/{year}", years, year, None, rows, told)
            continue
        found = {row["region_code"]: row for row in (*told, *rows)}
        by_region, signals_in = by_key(rows, "region_code"), by_key(told, "region_code")
        site.page(
            f"findings/{year}.html",
            "findings_regions.html.j2",
            here="findings",
            year=year,
            years=years,
            groups=GROUPS,
            regions=[found[code] for code in sorted(found)],
            counts=Counter((row["region_code"], group_of(row)) for row in rows),
            n_signals={code: len(own) for code, own in signals_in.items()},
            n=len(rows),
        )
        for code in sorted(found):
            stem = f"findings/{year}-{code}"
            _write_list(
                site, stem, years, year, found[code], by_region.get(code, []), signals_in.get(code, [])
            )


def _write_list(
    site: Site,
    stem: str,
    years: Sequence[int],
    year: int,
    region: Row | None,
    rows: Sequence[Row],
    signals: Sequence[Row],
) -> None:
    """The findings of a year, or of one region in it; signals stand after the last of them."""
    in_order = [row for _, own in grouped(rows) for row in own]
    together: list[tuple[str, Row]] = [("finding", row) for row in in_order]
    together += [("signal", row) for row in signals]
    for part in parts(stem, together, FINDINGS_SHOWN):
        own = [row for kind, row in part.items if kind == "finding"]
        site.page(
            part.path,
            "findings_year.html.j2",
            here="findings",
            year=year,
            years=years,
            region_row=region,
            part=part,
            groups=grouped(own),
            signals=[row for kind, row in part.items if kind == "signal"],
            kinds=sorted({row["finding_kind"] for row in own}),
            states=[name for name in STATES if any(name in states_of(row) for row in own)],
            severities=[name for name in SEVERITIES if any(row["severity"] == name for row in own)],
            regions=sorted({(row["region_code"], row["region_name"]) for _, row in part.items}),
            n=len(rows),
        )


def write_letter(site: Site, department: Row, findings: Sequence[Row], state: Row) -> None:
    """The letter to a department with all of its findings: a page to choose from and print, and DOCX."""
    one = department["department_id"]
    groups = grouped(findings)
    site.page(
        f"letter/{one}.html",
        "letter.html.j2",
        here="findings",
        state=state,
        department=department,
        groups=groups,
    )
    rows = [row for _, own in groups for row in own]
    for lang in LANGUAGES:
        site.folder.write(
            f"{lang}/letter/{one}.docx", letter_document(department, rows, state, wording(lang))
        )


def _letters(rows: Sequence[Row]) -> list[tuple[Row, int]]:
    """The departments with findings, each with their number, the most first."""
    found: Mapping[str, list[Row]] = by_key(rows, "department_id")
    return sorted(
        ((own[0], len(own)) for own in found.values()), key=lambda pair: (-pair[1], pair[0]["department_id"])
    )
