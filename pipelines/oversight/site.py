"""The comparison site: a folder of plain files made from the published warehouse (对照网站).

The same warehouse and raw folder give the same bytes. Nothing on a page refers to another host.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from pipelines.acquisition.inventory import take_inventory
from pipelines.oversight.coverage_pages import write_coverage
from pipelines.oversight.department_pages import DepartmentUnit
from pipelines.oversight.digests import (
    code_digests,
    department_digests,
    digest_of,
    finding_digests,
    program_digest,
    shared_digest,
)
from pipelines.oversight.downloads import write_marts
from pipelines.oversight.finding_lists import FindingListUnit, finding_list_units
from pipelines.oversight.findings_pages import write_findings
from pipelines.oversight.international_pages import group_units, page_of, write_international
from pipelines.oversight.making import Ground, Made, Unit, duckdb_settings, make_units
from pipelines.oversight.overview_pages import (
    write_checks,
    write_compare,
    write_method,
    write_regions,
    write_start,
)
from pipelines.oversight.purpose_pages import CODE_LISTS, CodeList, code_units, write_code_list
from pipelines.oversight.rendering import Site, by_key, environment
from pipelines.oversight.views import View, Warehouse
from pipelines.oversight.writing import SiteFolder, Written
from pipelines.settings import Settings
from pipelines.warehouse.locking import build_lock

STATIC = Path(__file__).parent / "static"
VENDOR = Path(__file__).parent / "vendor"
#: The views of overview pages, to be taken away from the page on data and method.
_DOWNLOADS = (
    "departments",
    "publication",
    "findings",
    "finding_symptoms",
    "signals",
    "purposes",
    "economic_codes",
    "international_groups",
    "international_coverage",
    "international_uncovered",
    "identities",
    "largest_changes",
    "three_public_by_year",
    "verdicts",
    "reading",
)


class SiteError(RuntimeError):
    """The site cannot be made; the message says why and what to do. The published one stays."""


def build_site(
    settings: Settings, *, with_specimens: bool | None = None, wait_seconds: float = 600.0
) -> Written:
    """Make the site of the published warehouse and swap it in.

    Specimens (样例) are left out where there are published documents, unless ``with_specimens``. Raises
    ``SiteError`` where there is no warehouse or it is of another version of the program,
    ``BuildBusyError`` where another build holds the data folder for longer than ``wait_seconds``.
    """
    if not settings.warehouse.is_file():
        raise SiteError(f"there is no warehouse at {settings.warehouse}; make one with: juesuan build")
    with build_lock(settings.data, wait_seconds=wait_seconds):
        folder = SiteFolder(settings.site)
        made = Made(settings.data / "site.json", program_digest())
        try:
            with (
                duckdb_settings(settings) as config,
                Warehouse(settings.warehouse, with_specimens=False, config=config) as warehouse,
            ):
                published = warehouse.has_published()
                warehouse.with_specimens = bool(with_specimens) or not published
                n_units = _write(
                    settings, warehouse, folder, made, only_specimens=not published, config=config
                )
        except duckdb.CatalogException as error:
            raise SiteError(
                f"{settings.warehouse} lacks what the site shows ({error}); make it anew: juesuan build"
            ) from error
        except duckdb.Error as error:
            raise SiteError(f"{settings.warehouse} cannot be asked: {error}") from error
        written = folder.finish()
        made.write()
        return replace(written, n_units=n_units)


def _write(
    settings: Settings,
    warehouse: Warehouse,
    folder: SiteFolder,
    made: Made,
    *,
    only_specimens: bool,
    config: Mapping[str, str | int],
) -> int:
    departments = warehouse.view("departments")
    listed = {codes: warehouse.view(codes.list_view) for codes in CODE_LISTS}
    groups = warehouse.view("international_groups")
    group_pages = {page_of(row) for row in groups if row["group_code"]}
    (state,) = warehouse.view("data_state").rows
    held = _carry_documents(settings, folder, warehouse)
    site = Site(
        warehouse=warehouse,
        folder=folder,
        state=state,
        only_specimens=only_specimens,
        documents=held.keys(),
        has_data_docs=_carry_data_docs(settings, folder),
    )
    lists = write_by_department(site, departments)
    for codes, view in listed.items():
        write_code_list(site, codes, view, group_pages)
    write_international(site, groups)
    write_compare(site, departments, [state["first_year"], state["last_year"]] if state["first_year"] else [])
    write_checks(site)
    write_method(site, [f"data/{name}.csv" for name in _DOWNLOADS], write_marts(site))
    folder.write("index.html", environment().get_template("root.html.j2").render())
    _carry_assets(folder)
    folder.taken()
    ground = Ground(
        warehouse=settings.warehouse,
        published=settings.site,
        with_specimens=warehouse.with_specimens,
        only_specimens=only_specimens,
        state=state,
        documents=frozenset(held),
        has_data_docs=site.has_data_docs,
        config=config,
    )
    units = {
        **_department_units(site, departments, held),
        **_list_units(site, departments, lists),
        **_code_units(site, departments, listed, group_pages),
        **_group_units(site, departments, groups),
    }
    return make_units(ground, folder, units, made, workers=settings.workers)


def write_by_department(site: Site, departments: View) -> Sequence[FindingListUnit]:
    """The overviews of what there is by department and year; returns the lists of findings to be made."""
    ask = site.warehouse.long_view
    with ask("findings") as findings, ask("finding_symptoms") as symptoms:
        with ask("publication") as publication:
            write_start(site, departments, findings, symptoms, publication)
            write_regions(site, departments, publication)
            write_coverage(site, publication)
        with ask("signals") as signals:
            lists = finding_list_units(findings, signals)
            write_findings(site, lists, departments, findings, symptoms, signals)
    return lists


def _list_units(
    site: Site, departments: View, lists: Sequence[FindingListUnit]
) -> dict[str, tuple[str, Unit]]:
    """Every list of findings with the digest of all that its pages are made of."""
    names = _names_digest(site, departments)
    rows_of = finding_digests(site.warehouse.connection)
    found: dict[str, tuple[str, Unit]] = {}
    for unit in lists:
        own = (
            sorted(rows for (year, _), rows in rows_of.items() if year == unit.year)
            if unit.region is None
            else rows_of.get((unit.year, unit.region[0]))
        )
        found[unit.stem] = (digest_of(names, own, unit), unit)
    return found


def _department_units(site: Site, departments: View, held: Mapping[str, str]) -> dict[str, tuple[str, Unit]]:
    """Every department with the digest of all that its pages are made of."""
    connection = site.warehouse.connection
    shared = digest_of(shared_digest(connection), site.warehouse.with_specimens, site.only_specimens)
    rows_of = department_digests(connection)
    documents: dict[str, list[str]] = {}
    for document, one in held.items():
        documents.setdefault(one, []).append(document)
    below = by_key(departments.rows, "parent_department_id")
    by_id = {row["department_id"]: row for row in departments}
    found: dict[str, tuple[str, Unit]] = {}
    for one, row in by_id.items():
        unit = DepartmentUnit(
            department=row,
            parent=by_id.get(row["parent_department_id"]),
            units=tuple(below.get(one, [])),
            documents=tuple(documents.get(one, [])),
        )
        names = [unit.parent and unit.parent["department_name"], [r["department_name"] for r in unit.units]]
        digest = digest_of(shared, rows_of.get(one), row, names, unit.documents)
        found[f"department/{one}"] = (digest, unit)
    return found


def _code_units(
    site: Site, departments: View, listed: Mapping[CodeList, View], group_pages: Collection[str]
) -> dict[str, tuple[str, Unit]]:
    """Every code of the classifications with the digest of all that its pages are made of."""
    names = _names_digest(site, departments)
    found: dict[str, tuple[str, Unit]] = {}
    for codes, view in listed.items():
        rows_of = code_digests(site.warehouse.connection, codes.mart, codes.column)
        for unit in code_units(codes, view, group_pages):
            code = unit.code[codes.column]
            found[f"{codes.folder}/{code}"] = (digest_of(names, rows_of.get(code), unit), unit)
    return found


def _group_units(site: Site, departments: View, groups: View) -> dict[str, tuple[str, Unit]]:
    """Every international group with the digest of all that its pages are made of."""
    names = _names_digest(site, departments)
    rows_of = code_digests(
        site.warehouse.connection, "mart_international_year", "scheme || '/' || group_code"
    )
    found: dict[str, tuple[str, Unit]] = {}
    for unit in group_units(groups):
        # A group holds what stands under the groups below it.
        stem = f"{unit.group['scheme']}/{unit.group['group_code']}"
        own = sorted((code, rows) for code, rows in rows_of.items() if code and code.startswith(stem))
        found[page_of(unit.group)] = (digest_of(names, own, unit), unit)
    return found


def _names_digest(site: Site, departments: View) -> str:
    """Of what the pages of codes and groups say besides their own rows."""
    return digest_of(
        shared_digest(site.warehouse.connection),
        [(row["department_id"], row["department_name"]) for row in departments],
        sorted(site.documents),
        dict(site.state),
    )


def _carry_documents(settings: Settings, folder: SiteFolder, warehouse: Warehouse) -> Mapping[str, str]:
    """Put the PDFs of the raw folder beside the pages; returns those still there, with whose they are."""
    inventory = take_inventory(settings.raw, cache=settings.data / "hashes.json")
    files: Mapping[str, Any] = {file.document_id: file for file in inventory.files}
    found = {}
    with warehouse.long_view("documents") as documents:
        for document in documents.rows(only=("document_id", "department_id")):
            one = document["document_id"]
            if one in files:
                folder.carry(f"pdf/{one}.pdf", settings.raw / files[one].source_path)
                found[one] = document["department_id"]
    return found


def _carry_data_docs(settings: Settings, folder: SiteFolder) -> bool:
    """Put the Data Docs of the checks beside the pages; whether there are any."""
    files = [path for path in sorted(settings.data_docs.rglob("*")) if path.is_file()]
    for path in files:
        folder.write(f"data_docs/{path.relative_to(settings.data_docs).as_posix()}", path.read_bytes())
    return (settings.data_docs / "index.html").is_file()


def _carry_assets(folder: SiteFolder) -> None:
    for source in (STATIC, VENDOR):
        for path in sorted(source.rglob("*")):
            if path.is_file():
                folder.write(f"assets/{path.relative_to(source).as_posix()}", path.read_bytes())
