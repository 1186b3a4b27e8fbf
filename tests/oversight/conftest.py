"""A site of the committed ``raw/`` for all tests that look at one, and small warehouses to be spoilt."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, sync_playwright

from pipelines.oversight import (
    finding_lists,
    findings_pages,
    international_pages,
    overview_pages,
    provinces,
    purpose_pages,
)
from pipelines.oversight.site import build_site
from pipelines.settings import Settings
from pipelines.warehouse.build import build
from tests.built_raw import RAW, BuiltRaw
from tests.oversight.browsing import ARGUMENTS, served
from tests.oversight.pages import Page, read_page

#: What a person says of a finding in the parted site.
REVIEWED = "张三核对：印刷如此。"
#: The xdist group of tests on the site of the published documents.
CORPUS = "corpus"


@dataclass(frozen=True, slots=True, repr=False)
class BuiltSite:
    """A site and the warehouse it was made of."""

    settings: Settings
    pages: dict[str, Page]

    @property
    def folder(self) -> Path:
        return self.settings.site

    def warehouse(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.settings.warehouse), read_only=True)


def made(settings: Settings, *, with_specimens: bool = False) -> BuiltSite:
    """Make the site and read all of its pages."""
    build_site(settings, with_specimens=with_specimens)
    pages = {
        path.relative_to(settings.site).as_posix(): read_page(path)
        for path in sorted(settings.site.rglob("*.html"))
        if "data_docs" not in path.parts  # not ours
    }
    return BuiltSite(settings, pages)


@pytest.fixture(scope="session")
def site(built_raw: BuiltRaw, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The site of the committed ``raw/``."""
    data = tmp_path_factory.mktemp("site")
    shutil.copyfile(built_raw.data / "warehouse.duckdb", data / "warehouse.duckdb")
    shutil.copytree(built_raw.data / "data_docs", data / "data_docs")
    return made(Settings(raw=RAW, data=data))


@pytest.fixture(scope="session")
def parted_site(site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The same where lists are longer than a page, and a person has looked at one finding, which is new.

    It has the kinds of page that only many findings make, and no pages of documents.
    """
    data = tmp_path_factory.mktemp("parted")
    raw = tmp_path_factory.mktemp("nothing")  # pages of documents are those of the other site
    shutil.copyfile(site.settings.warehouse, data / "warehouse.duckdb")
    with duckdb.connect(str(data / "warehouse.duckdb")) as connection:
        connection.execute("update mart_finding_states set is_new = false, review_state = 'not_asked'")
        connection.execute(
            "update mart_finding_states set is_new = true, review_state = 'decided', "
            f"decided_zh = '{REVIEWED}' where finding_id = (select min(finding_id) from mart_findings "
            "where fiscal_year = 2023 and region_code = '420100')"
        )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(finding_lists, "FINDINGS_SHOWN", 8)
        patched.setattr(findings_pages, "LETTERS_LISTED", 2)
        patched.setattr(findings_pages, "CHOSEN_SHOWN", 5)
        patched.setattr(purpose_pages, "LINES_SHOWN", 3)
        patched.setattr(overview_pages, "DEPARTMENTS_LISTED", 4)
        patched.setattr(provinces, "REGIONS_LISTED", 2)
        patched.setattr(international_pages, "LINES_SHOWN", 12)
        return made(Settings(raw=raw, data=data, workers=1))


@pytest.fixture(scope="session")
def corpus_site(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The site of the published documents; modules that ask for it share the xdist group ``CORPUS``."""
    settings = Settings.from_environment(raw=corpus, data=tmp_path_factory.mktemp("corpus") / "data")
    build(settings, wait_seconds=600)
    return made(settings, with_specimens=True)


@pytest.fixture(scope="module")
def address(site: BuiltSite) -> Iterator[str]:
    """Where the site of ``raw/`` is served."""
    with served(site.folder) as where:
        yield where


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium (``CHROMIUM`` names another); nothing is downloaded.

    Not for the whole session: an open Playwright holds the event loop of its thread.
    """
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium, or set CHROMIUM)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def small(built_raw: BuiltRaw, tmp_path: Path) -> Iterator[Callable[[Sequence[str]], Settings]]:
    """A data folder whose warehouse holds one department (武汉市样例文化馆) and its documents of one year.

    Called with statements that spoil it; there is then no raw folder to take PDFs from but the committed one.
    """

    def spoilt(statements: Sequence[str] = ()) -> Settings:
        # In this process: templates and catalogue have been read here.
        settings = Settings(raw=RAW, data=tmp_path / "data", workers=1)
        settings.data.mkdir(exist_ok=True)
        shutil.copyfile(built_raw.data / "warehouse.duckdb", settings.warehouse)
        with duckdb.connect(str(settings.warehouse)) as connection:
            for table in (
                "dim_document",
                "dim_disclosure",
                "mart_findings",
                "mart_coverage",
                "mart_publication",
                "mart_purpose_year",
                "mart_economic_year",
                "mart_international_year",
            ):
                connection.execute(
                    f"delete from {table} where fiscal_year <> 2023 or department_id not in "
                    "(select department_id from dim_department where department_name like '%样例文化馆')"
                )
            for statement in statements:
                connection.execute(statement)
        return settings

    yield spoilt
