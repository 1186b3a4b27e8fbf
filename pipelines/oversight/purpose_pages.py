"""What the money is for and what it becomes (钱用在哪里): the lists of codes, and one code over years."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat
from operator import itemgetter

from pipelines.oversight.parts import parts
from pipelines.oversight.rendering import Site, by_key
from pipelines.oversight.views import LongView, Row, View
from pipelines.oversight.years import span

#: Lines of departments on a page of a code.
LINES_SHOWN = 150
_KINDS = ("final_accounts", "budget")


@dataclass(frozen=True, slots=True)
class CodeList:
    """A classification: its folder and section of the messages, its views, the mart of its money.

    ``column`` names its code in views and mart, ``group`` the international group in the list's view,
    ``scheme`` the classification that group is of.
    """

    folder: str
    column: str
    mart: str
    list_view: str
    view: str
    names_view: str
    group: str
    scheme: str


FUNCTIONAL = CodeList(
    folder="purpose",
    column="functional_code",
    mart="mart_purpose_year",
    list_view="purposes",
    view="purpose",
    names_view="purpose_names",
    group="cofog_group",
    scheme="COFOG",
)
ECONOMIC = CodeList(
    folder="economic",
    column="economic_code",
    mart="mart_economic_year",
    list_view="economic_codes",
    view="economic",
    names_view="economic_names",
    group="gfsm_code",
    scheme="GFSM 2014",
)
CODE_LISTS = (FUNCTIONAL, ECONOMIC)


@dataclass(frozen=True, slots=True)
class CodeUnit:
    """A code with the code above it and those below; ``group_page`` is that of its international group."""

    codes: CodeList
    code: Row
    parent: Row | None
    children: tuple[Row, ...]
    group_page: str


@dataclass(frozen=True, slots=True)
class CodeLine:
    """What one department spends under a code, by year, in one kind of document."""

    kind: str
    department: Row
    by_year: Mapping[int, Row]


def group_page(scheme: str, group_code: str) -> str:
    """The path of the page of an international group, within a language."""
    return f"international/{scheme.split()[0].lower()}-{group_code}.html"


def write_code_list(site: Site, codes: CodeList, listed: View, group_pages: Collection[str]) -> None:
    """The list of the codes of a classification that departments print; groups with a page lead there."""
    site.page(
        f"{codes.folder}/index.html",
        "purposes.html.j2",
        here="purpose",
        codes=codes,
        listed=listed,
        parents={row["parent_code"] for row in listed},
        pages={row[codes.column]: _group_page(codes, row, group_pages) for row in listed},
        view=listed,
        csv=site.data(listed, listed.name),
    )


def code_units(codes: CodeList, listed: View, group_pages: Collection[str]) -> Iterator[CodeUnit]:
    """Every code of a classification that departments print."""
    by_code = {row[codes.column]: row for row in listed}
    children = by_key(listed.rows, "parent_code")
    for code, row in by_code.items():
        yield CodeUnit(
            codes,
            row,
            by_code.get(row["parent_code"]),
            tuple(children.get(code, [])),
            _group_page(codes, row, group_pages),
        )


def write_codes(site: Site, units: Sequence[CodeUnit]) -> Iterator[str]:
    """Write the pages and the CSV of each code; yields the code when its files are there."""
    # A process that made something of a few departments before would see those alone.
    site.warehouse.widen()
    for unit in units:
        codes = unit.codes
        code = unit.code[codes.column]
        with site.warehouse.long_view(codes.view, **{codes.column: code}) as amounts:
            _write_code(site, unit, amounts)
        yield code


def _write_code(site: Site, unit: CodeUnit, amounts: LongView) -> None:
    codes = unit.codes
    code = unit.code[codes.column]
    names = site.warehouse.view(codes.names_view, **{codes.column: code})
    csv = site.data(amounts, f"{codes.folder}/{code}")
    years = span([*amounts.counts("fiscal_year")])
    n_lines = sum(kind in _KINDS for kind, _ in amounts.counts("document_kind", "department_id"))
    for part in parts(f"{codes.folder}/{code}", _lines(amounts), LINES_SHOWN, sizes=repeat(1, n_lines)):
        by_kind: dict[str, list[CodeLine]] = {}
        for line in part.items:
            by_kind.setdefault(line.kind, []).append(line)
        site.page(
            part.path,
            "purpose.html.j2",
            here="purpose",
            codes=codes,
            code=code,
            purpose=unit.code,
            parent=unit.parent,
            children=unit.children,
            group_page=unit.group_page,
            names=names.rows if len(names.rows) > 1 else (),
            part=part,
            years=years,
            kinds=list(by_kind.items()),
            view=amounts,
            csv=csv,
        )


def _group_page(codes: CodeList, row: Row, group_pages: Collection[str]) -> str:
    page = group_page(codes.scheme, row[codes.group]) if row[codes.group] else ""
    return page if page in group_pages else ""


def _lines(amounts: LongView) -> Iterator[CodeLine]:
    for kind in _KINDS:
        of_kind = amounts.rows("document_kind = $kind", kind=kind)
        for _, own in groupby(of_kind, itemgetter("department_id")):
            rows = list(own)
            yield CodeLine(kind, rows[0], {row["fiscal_year"]: row for row in rows})
