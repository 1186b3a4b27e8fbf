"""The lists of findings and signals: a list for each year, of a year with many one for each region in it.

Here are the lists themselves, which several processes make; the pages that lead to them are in
``findings_pages.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.oversight.finding_groups import grouped
from pipelines.oversight.finding_states import STATES, states_of
from pipelines.oversight.parts import Part, parts
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import LongView, Row

#: From bad to good.
SEVERITIES = ("critical", "high", "medium", "low")
#: Findings on a page. A year that has more is told region by region.
FINDINGS_SHOWN = 100
_OF_A_FACET = (
    "finding_kind", "severity", "region_code", "document_kind", "is_read_by_ocr", "is_new", "review_state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FindingListUnit:
    """What a year, or a region (code, name) in it, has of findings and signals; ``years`` are all of them."""

    year: int
    years: tuple[int, ...]
    region: tuple[str, str] | None
    n_findings: int
    n_signals: int

    @property
    def stem(self) -> str:
        """The path of the list within a language, without its ending."""
        return f"findings/{self.year}" + (f"-{self.region[0]}" if self.region else "")


def finding_list_units(findings: LongView, signals: LongView) -> list[FindingListUnit]:
    """The lists there are: by year, the last first, and by region where a year is too long for a page."""
    columns = ("fiscal_year", "region_code", "region_name")
    n_findings, n_signals = findings.counts(*columns), signals.counts(*columns)
    places = n_findings.keys() | n_signals.keys()
    years = tuple(sorted({year for year, *_ in places}, reverse=True))
    found = []
    for year in years:
        own = sorted(place for place in places if place[0] == year)
        of_year = [sum(counts[place] for place in own) for counts in (n_findings, n_signals)]
        if sum(of_year) <= FINDINGS_SHOWN:
            found.append(FindingListUnit(year, years, None, *of_year))
            continue
        found += [
            FindingListUnit(year, years, (place[1], place[2]), n_findings[place], n_signals[place])
            for place in own
        ]
    return found


def write_finding_lists(site: Site, units: Sequence[FindingListUnit]) -> Iterator[str]:
    """Write the pages of each list; yields its path when they are there."""
    ask = site.warehouse.view
    regions = {unit.region[0] if unit.region else "" for unit in units}
    site.warehouse.narrow_findings({unit.year for unit in units}, () if "" in regions else regions)
    findings, signals = ask("findings").rows, ask("signals").rows
    site.symptoms = by_key(ask("finding_symptoms").rows, "finding_id")
    for unit in units:
        _write_list(site, unit, _of_list(findings, unit), _of_list(signals, unit))
        yield unit.stem


def _of_list(rows: Sequence[Row], unit: FindingListUnit) -> list[Row]:
    return [
        row
        for row in rows
        if row["fiscal_year"] == unit.year and unit.region in (None, (row["region_code"], row["region_name"]))
    ]


def _write_list(site: Site, unit: FindingListUnit, rows: Sequence[Row], signals: Sequence[Row]) -> None:
    """The pages of a list; signals stand after the last of the findings."""
    for part in _parts(unit, rows, signals):
        own = [row for kind, row in part.items if kind == "finding"]
        site.page(
            part.path,
            "findings_year.html.j2",
            here="findings",
            unit=unit,
            part=part,
            groups=grouped(own),
            signals=[row for kind, row in part.items if kind == "signal"],
            kinds=sorted({row["finding_kind"] for row in own}),
            states=[name for name in STATES if any(name in states_of(row) for row in own)],
            severities=[name for name in SEVERITIES if any(row["severity"] == name for row in own)],
            regions=sorted({(row["region_code"], row["region_name"]) for _, row in part.items}),
        )


def _parts(
    unit: FindingListUnit, rows: Sequence[Row], signals: Sequence[Row]
) -> Iterator[Part[tuple[str, Row]]]:
    in_order = [("finding", row) for _, own in grouped(rows) for row in own]
    return parts(unit.stem, [*in_order, *(("signal", row) for row in signals)], FINDINGS_SHOWN)


def facets(unit: FindingListUnit, findings: LongView) -> Iterator[Mapping[str, Any]]:
    """What tells a script where findings of a choice stand: for each page how many there are of which.

    A line has the values that ``data-…`` of a finding has (kind, severity, region, document, reading,
    state) and their number.
    """
    rows = list(
        findings.rows(
            "fiscal_year = $year and coalesce(region_code = $region, true)",
            only=_OF_A_FACET,
            year=unit.year,
            region=unit.region and unit.region[0],
        )
    )
    for part in _parts(unit, rows, ()):
        lines = Counter(
            (
                row["finding_kind"],
                row["severity"],
                row["region_code"],
                row["document_kind"],
                "ocr" if row["is_read_by_ocr"] else "text",
                " ".join(states_of(row)),
            )
            for _, row in part.items
        )
        if lines:
            yield {
                "page": part.path.removeprefix("findings/"),
                "lines": [[*line, n] for line, n in lines.items()],
            }
