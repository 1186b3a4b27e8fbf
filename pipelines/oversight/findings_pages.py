"""What does not add up (疑点): counts by year and region, the filter over all findings, and the letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from pipelines.oversight.finding_groups import GROUPS, group_of, grouped
from pipelines.oversight.finding_lists import SEVERITIES, FindingListUnit, facets
from pipelines.oversight.finding_states import STATES, states_of
from pipelines.oversight.letters import letter_document
from pipelines.oversight.parts import parts
from pipelines.oversight.rendering import Site
from pipelines.oversight.views import LongView, Row, View
from pipelines.oversight.wording import LANGUAGES, wording

#: Departments with a letter on one page; of more, the page of all findings lists the regions.
LETTERS_LISTED = 200
#: Findings that a choice shows at a time.
CHOSEN_SHOWN = 50
#: Regions on a page of a year.
REGIONS_SHOWN = 800


def write_findings(
    site: Site,
    lists: Sequence[FindingListUnit],
    departments: View,
    findings: LongView,
    symptoms: LongView,
    signals: LongView,
) -> None:
    """The page of all years with its filter, the regions of years that have many, the lists of letters."""
    n_states = Counter[str]()
    for (is_new, review_state), n in findings.counts("is_new", "review_state").items():
        for state in states_of({"is_new": is_new, "review_state": review_state}):
            n_states[state] += n
    counts, severities = Counter[tuple[int, str]](), findings.counts("severity")
    for (year, kind), n in findings.counts("fiscal_year", "finding_kind").items():
        counts[year, group_of({"finding_kind": kind})] += n
    letters = _letters(findings, departments)
    is_short = len(letters) <= LETTERS_LISTED
    by_region: dict[str, list[tuple[Row, int]]] = {}
    for row, n in letters:
        by_region.setdefault(row["region_code"], []).append((row, n))
    regions = dict(sorted(by_region.items()))
    views = (findings, symptoms, signals)
    site.page(
        "findings/index.html",
        "findings_index.html.j2",
        here="findings",
        years=lists[0].years if lists else (),
        counts=counts,
        n_signals=signals.counts("fiscal_year"),
        groups=GROUPS,
        kinds=sorted(findings.counts("finding_kind")),
        severities=[name for name in SEVERITIES if severities[name]],
        regions=sorted(findings.counts("region_code", "region_name")),
        states=[(state, n_states[state]) for state in STATES if n_states[state]],
        chosen_shown=CHOSEN_SHOWN,
        letters=letters if is_short else (),
        letter_regions=() if is_short else [(own[0][0], len(own)) for own in regions.values()],
        views=views,
        csv={view.name: site.data(view, view.name) for view in views},
    )
    if not is_short:
        _write_letter_lists(site, regions)
    for year, of_year in groupby(lists, lambda unit: unit.year):
        own = list(of_year)
        site.json(f"data/findings/{year}.json", [line for unit in own for line in facets(unit, findings)])
        if own[0].region:
            _write_regions(site, year, own, findings)


def _write_regions(site: Site, year: int, lists: Sequence[FindingListUnit], findings: LongView) -> None:
    """The regions of a year that has too many findings for one page."""
    counts = Counter[tuple[str, str]]()
    for (of_year, code, kind), n in findings.counts("fiscal_year", "region_code", "finding_kind").items():
        if of_year == year:
            counts[code, group_of({"finding_kind": kind})] += n
    for part in parts(f"findings/{year}", lists, REGIONS_SHOWN):
        site.page(
            part.path,
            "findings_regions.html.j2",
            here="findings",
            year=year,
            years=lists[0].years,
            groups=GROUPS,
            part=part,
            counts=counts,
            n=sum(unit.n_findings for unit in lists),
        )


def _letters(findings: LongView, departments: View) -> list[tuple[Row, int]]:
    """The departments with findings, each with their number, the most first."""
    n_of = findings.counts("department_id")
    found = [(row, n_of[row["department_id"]]) for row in departments if row["department_id"] in n_of]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]["department_id"]))


def _write_letter_lists(site: Site, letters: Mapping[str, Sequence[tuple[Row, int]]]) -> None:
    for code, pairs in letters.items():
        for part in parts(f"findings/letters-{code}", pairs, LETTERS_LISTED):
            site.page(
                part.path,
                "findings_letters.html.j2",
                here="findings",
                region_row=pairs[0][0],
                part=part,
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
