"""The comparison site: a folder of plain files made from the published warehouse (对照网站).

The same warehouse and raw folder give the same bytes. Nothing on a page refers to another host.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipelines.acquisition.inventory import take_inventory
from pipelines.oversight.department_pages import write_departments
from pipelines.oversight.document_pages import write_documents
from pipelines.oversight.overview_pages import (
    write_checks,
    write_compare,
    write_coverage,
    write_findings,
    write_method,
    write_purposes,
    write_start,
)
from pipelines.oversight.rendering import Site, environment
from pipelines.oversight.views import Row, Warehouse
from pipelines.oversight.writing import SiteFolder, Written
from pipelines.settings import Settings
from pipelines.warehouse.locking import build_lock

STATIC = Path(__file__).parent / "static"
VENDOR = Path(__file__).parent / "vendor"
#: The views of overview pages, to be taken away from the page on data and method.
_DOWNLOADS = (
    "departments",
    "coverage",
    "findings",
    "purposes",
    "identities",
    "largest_changes",
    "three_public_by_year",
    "verdicts",
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
        try:
            with Warehouse(settings.warehouse, with_specimens=bool(with_specimens)) as warehouse:
                published = warehouse.has_published()
                warehouse.with_specimens = bool(with_specimens) or not published
                _write(settings, warehouse, folder, only_specimens=not published)
        except duckdb.CatalogException as error:
            raise SiteError(
                f"{settings.warehouse} lacks what the site shows ({error}); make it anew: juesuan build"
            ) from error
        except duckdb.Error as error:
            raise SiteError(f"{settings.warehouse} cannot be asked: {error}") from error
        return folder.finish()


def _write(settings: Settings, warehouse: Warehouse, folder: SiteFolder, *, only_specimens: bool) -> None:
    departments = warehouse.view("departments")
    findings = warehouse.view("findings")
    coverage = warehouse.view("coverage")
    documents = warehouse.view("documents")
    (state,) = warehouse.view("data_state").rows
    site = Site(
        warehouse=warehouse,
        folder=folder,
        state=state,
        only_specimens=only_specimens,
        documents=_carry_documents(settings, folder, documents.rows),
    )
    held = [row for row in documents if row["document_id"] in site.documents]
    write_start(site, departments, findings, coverage)
    write_departments(site, departments, findings)
    write_documents(site, held, findings)
    write_findings(site, findings)
    write_coverage(site, coverage)
    write_purposes(site)
    write_compare(site, departments)
    write_checks(site)
    write_method(site, [f"data/{name}.csv" for name in _DOWNLOADS])
    folder.write("index.html", environment().get_template("root.html.j2").render())
    _carry_assets(folder)


def _carry_documents(settings: Settings, folder: SiteFolder, documents: Collection[Row]) -> Collection[str]:
    """Put the PDFs of the raw folder beside the pages; returns the ids of those that are still there."""
    inventory = take_inventory(settings.raw, cache=settings.data / "hashes.json")
    files: Mapping[str, Any] = {file.document_id: file for file in inventory.files}
    found = set()
    for document in documents:
        one = document["document_id"]
        if one in files:
            folder.carry(f"pdf/{one}.pdf", settings.raw / files[one].source_path)
            found.add(one)
    return frozenset(found)


def _carry_assets(folder: SiteFolder) -> None:
    for source in (STATIC, VENDOR):
        for path in sorted(source.rglob("*")):
            if path.is_file():
                folder.write(f"assets/{path.relative_to(source).as_posix()}", path.read_bytes())
