"""Spending by COFOG group and GFSM 2014 category (国际分类): all departments, one group, and what is in none.

A code belongs to a group as a whole or not at all; nothing is apportioned, and what is in no group is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from pipelines.oversight.charts import column_chart, shares
from pipelines.oversight.parts import parts
from pipelines.oversight.purpose_pages import CODE_LISTS, LINES_SHOWN, group_page
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import LongView, Row, View
from pipelines.oversight.wording import wording
from pipelines.oversight.years import span

SCHEMES = tuple(codes.scheme for codes in CODE_LISTS)
_KINDS = ("final_accounts", "budget")


@dataclass(frozen=True, slots=True)
class GroupUnit:
    """A group with the group above it and those below that have money."""

    group: Row
    parent: Row | None
    children: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group, or the reason why codes are in none, over the years; ``level`` counts from 1."""

    group: Row
    level: int
    has_children: bool
    by_year: Mapping[int, Row]
    bar: float | None


@dataclass(frozen=True, slots=True)
class SchemeTable:
    """The money of one kind of document by the groups of one scheme; ``latest`` is the year of the bars."""

    scheme: str
    kind: str
    years: tuple[int, ...]
    latest: int
    lines: tuple[GroupLine, ...]
    coverage: Mapping[int, Row]


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """What a department spends in a group, and the codes that it is the sum of."""

    kind: str
    department: Row
    by_year: Mapping[int, Row]
    codes: tuple[tuple[Row, Mapping[int, Row]], ...]


def group_units(groups: View) -> Iterator[GroupUnit]:
    """Every group of a scheme that money stands in."""
    found = {(row["scheme"], row["group_code"]): row for row in groups if row["group_code"]}
    below: dict[tuple[str, str | None], list[Row]] = {}
    for row in found.values():
        below.setdefault((row["scheme"], row["parent_group_code"]), []).append(row)
    for (scheme, code), row in found.items():
        parent = found.get((scheme, row["parent_group_code"]))
        yield GroupUnit(
            _name(row), parent and _name(parent), tuple(map(_name, below.get((scheme, code), [])))
        )


def page_of(group: Row) -> str:
    """The path of a group's page within a language."""
    return group_page(group["scheme"], group["group_code"])


def write_international(site: Site, groups: View) -> None:
    """The page of all groups, by scheme and kind of document, with what is in no group and why."""
    coverage = site.warehouse.view("international_coverage")
    uncovered = site.warehouse.view("international_uncovered")
    tables = scheme_tables(groups.rows, coverage.rows)

    def drawn(lang: str) -> Mapping[tuple[str, str], Any]:
        t = wording(lang)
        names = {"in_group": t("international.in_group"), "in_no_group": t("international.in_no_group")}
        return {
            (one.scheme, one.kind): column_chart(
                one.years,
                {
                    series: {year: row[f"{series}_yuan"] for year, row in one.coverage.items()}
                    for series in names
                },
                names,
            )
            for one in tables
        }

    views = {view.name: view for view in (groups, coverage, uncovered)}
    site.page(
        "international/index.html",
        "international.html.j2",
        here="purpose",
        schemes=[
            (
                codes,
                [one for one in tables if one.scheme == codes.scheme],
                [row for row in uncovered if row["scheme"] == codes.scheme],
            )
            for codes in CODE_LISTS
        ],
        charts=drawn,
        views=views,
        page_of=lambda _: page_of,
        csv={name: site.data(view, name) for name, view in views.items()},
    )


def scheme_tables(groups: Sequence[Row], coverage: Sequence[Row]) -> list[SchemeTable]:
    """The rows of the view as tables: groups before reasons, each over the years."""
    found = []
    for scheme in SCHEMES:
        for kind in _KINDS:
            own = [row for row in groups if (row["scheme"], row["document_kind"]) == (scheme, kind)]
            if not own:
                continue
            of_year = {
                row["fiscal_year"]: row
                for row in coverage
                if (row["scheme"], row["document_kind"]) == (scheme, kind)
            }
            found.append(_table(scheme, kind, own, of_year))
    return found


def _table(scheme: str, kind: str, rows: Sequence[Row], coverage: Mapping[int, Row]) -> SchemeTable:
    by_group: dict[tuple[str | None, str | None], dict[int, Row]] = {}
    for row in rows:
        place = (row["group_code"], row["no_group_because"])
        by_group.setdefault(place, {})[row["fiscal_year"]] = row
    latest = max(coverage)
    lines = [(of_year[max(of_year)], of_year) for of_year in by_group.values()]
    bars = shares([of_year[latest]["amount_yuan"] if latest in of_year else None for _, of_year in lines])
    above = {row["group_code"]: row["parent_group_code"] for row in rows}
    parents = set(above.values()) - {None}
    return SchemeTable(
        scheme,
        kind,
        span(list(coverage)),
        latest,
        tuple(
            GroupLine(
                group=group,
                level=_level(group["group_code"], above),
                has_children=group["group_code"] in parents and group["group_code"] is not None,
                by_year=of_year,
                bar=bar,
            )
            for (group, of_year), bar in zip(lines, bars, strict=True)
        ),
        coverage,
    )


def _level(code: str | None, above: Mapping[str | None, str | None]) -> int:
    level = 1
    while code is not None and (code := above.get(code)) is not None:
        level += 1
    return level


def write_groups(site: Site, units: Sequence[GroupUnit]) -> Iterator[str]:
    """Write the pages and the CSV of each group; yields its path when its files are there."""
    site.warehouse.widen()
    for unit in units:
        group = unit.group
        with site.warehouse.long_view(
            "international_group", scheme=group["scheme"], group_code=group["group_code"]
        ) as amounts:
            _write_group(site, unit, amounts)
        yield page_of(group)


def _write_group(site: Site, unit: GroupUnit, amounts: LongView) -> None:
    stem = page_of(unit.group).removesuffix(".html")
    csv = site.data(amounts, stem)
    years = span([*amounts.counts("fiscal_year")])
    (codes,) = (one for one in CODE_LISTS if one.scheme == unit.group["scheme"])
    for part in parts(stem, _department_lines(amounts), LINES_SHOWN, sizes=_sizes(amounts)):
        by_kind: dict[str, list[DepartmentLine]] = {}
        for line in part.items:
            by_kind.setdefault(line.kind, []).append(line)
        site.page(
            part.path,
            "international_group.html.j2",
            here="purpose",
            codes=codes,
            group=unit.group,
            parent=unit.parent,
            children=unit.children,
            page_of=lambda _: page_of,
            part=part,
            years=years,
            kinds=list(by_kind.items()),
            view=amounts,
            csv=csv,
        )


def _department_lines(amounts: LongView) -> Iterator[DepartmentLine]:
    for kind in _KINDS:
        of_kind = amounts.rows("document_kind = $kind", kind=kind)
        for _, of_department in groupby(of_kind, itemgetter("department_id")):
            by_code = by_key(list(of_department), "code")
            sums = by_code[None]
            yield DepartmentLine(
                kind,
                sums[0],
                {row["fiscal_year"]: row for row in sums},
                tuple(
                    (found[-1], {row["fiscal_year"]: row for row in found})
                    for code, found in by_code.items()
                    if code is not None
                ),
            )


def _sizes(amounts: LongView) -> Iterator[int]:
    """How many lines each department takes: itself, and each of its codes."""
    n_codes = amounts.counts("document_kind", "department_id", of="distinct code")
    for kind in _KINDS:
        yield from (1 + n for (of_kind, _), n in n_codes.items() if of_kind == kind)


def _name(row: Row) -> Row:
    """What a group's pages say of a group, without its figures: those of one year are not the group's."""
    return {name: row[name] for name in ("scheme", "group_code", "parent_group_code", "name_zh", "name_en")}
