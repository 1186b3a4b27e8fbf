"""What a process holds while it makes pages does not grow with the departments there are."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.site_at_scale import generate
from pipelines.oversight import international_pages, purpose_pages, views
from pipelines.oversight.international_pages import GroupUnit, group_units, write_groups
from pipelines.oversight.making import Ground, duckdb_settings
from pipelines.oversight.purpose_pages import FUNCTIONAL, code_units, write_codes
from pipelines.oversight.rendering import Site
from pipelines.oversight.site import write_by_department
from pipelines.oversight.views import LongView, Row, Warehouse
from pipelines.oversight.writing import SiteFolder
from pipelines.settings import Settings
from tests.built_raw import GROUP, BuiltRaw

pytestmark = pytest.mark.xdist_group(GROUP)

FEW, MANY = 21, 210


@pytest.fixture(scope="module")
def copied(built_raw: BuiltRaw, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Warehouses with as many departments as asked, copies of those of ``raw/``."""
    folder = tmp_path_factory.mktemp("copied")

    def warehouse(departments: int) -> Path:
        path = folder / f"{departments}.duckdb"
        if not path.exists():
            generate(built_raw.data / "warehouse.duckdb", path, departments, 4)
        return path

    return warehouse


def largest_code(site: Site) -> None:
    units = list(code_units(FUNCTIONAL, site.warehouse.view(FUNCTIONAL.list_view), ()))
    assert list(write_codes(site, [max(units, key=lambda unit: unit.code["n_departments"])]))


def largest_group(site: Site) -> None:
    groups = site.warehouse.view("international_groups")
    n_codes: dict[str, int] = {}
    for row in groups:
        if row["group_code"]:
            n_codes[row["group_code"]] = max(n_codes.get(row["group_code"], 0), row["n_codes"])

    def size(unit: GroupUnit) -> int:
        return n_codes[unit.group["group_code"]]

    assert list(write_groups(site, [max(group_units(groups), key=size)]))


def opened(warehouse: Warehouse, folder: Path) -> Site:
    (state,) = warehouse.view("data_state").rows
    return Site(warehouse, SiteFolder(folder), state, only_specimens=True, documents=())


def test_overviews_of_ten_times_the_departments_hold_little_more(
    copied: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_BATCH", 100)

    def most(departments: int, name: str) -> int:
        with Warehouse(copied(departments), with_specimens=True) as warehouse:
            site = opened(warehouse, tmp_path / name)
            # The list of departments itself is held: it is little beside the rest.
            tracemalloc.start()
            write_by_department(site, warehouse.view("departments"))
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        return peak

    most(FEW, "first")  # templates and words are there afterwards
    few, many = most(FEW, "few"), most(MANY, "many")
    assert many < 3 * few


@pytest.mark.parametrize("write", [largest_code, largest_group])
def test_of_a_code_or_group_of_all_departments_rows_come_as_its_pages_are_written(
    write: Callable[[Site], None],
    copied: Callable[[int], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(purpose_pages, "LINES_SHOWN", 20)
    monkeypatch.setattr(international_pages, "LINES_SHOWN", 20)
    taken = [0]
    rows, page = LongView.rows, Site.page

    def counted(self: LongView, *arguments: Any, **named: Any) -> Iterator[Row]:
        for row in rows(self, *arguments, **named):
            taken[-1] += 1
            yield row

    def written(self: Site, *arguments: Any, **named: Any) -> None:
        page(self, *arguments, **named)
        taken.append(0)

    monkeypatch.setattr(LongView, "rows", counted)
    monkeypatch.setattr(Site, "page", written)
    with Warehouse(copied(MANY), with_specimens=True) as warehouse:
        write(opened(warehouse, tmp_path / "site"))
    assert len(taken) > 20
    # Each page has rows of its own, and none much more than the others.
    assert max(taken) < 4 * sum(taken) / len(taken)


@pytest.mark.parametrize("name", ["documents", "findings", "finding_symptoms", "publication", "signals"])
def test_a_long_view_is_the_view_in_batches_and_other_questions_may_come_between(
    built_raw: BuiltRaw, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(views, "_BATCH", 7)
    with Warehouse(built_raw.data / "warehouse.duckdb", with_specimens=True) as warehouse:
        whole = warehouse.view(name)
        with warehouse.long_view(name) as long:
            rows = []
            for row in long.rows():
                assert warehouse.view("data_state").rows
                rows.append(row)
            assert tuple(rows) == whole.rows
            assert (long.shown, long.columns, long.n_rows) == (whole.shown, whole.columns, len(whole.rows))
            assert "".join(long.csv()) == "".join(whole.csv())
            first = whole.columns[0]
            counted = long.counts(first)
            assert [*counted] == [*dict.fromkeys(row[first] for row in whole)]
            for value in list(counted)[:3]:
                own = [{first: row[first]} for row in whole if row[first] == value]
                assert list(long.rows(f"{first} = $value", only=(first,), value=value)) == own
                assert counted[value] == len(own)
        left = warehouse.connection.execute("select count(*) from duckdb_tables() where temporary").fetchone()
        assert left == (0,)


def test_processes_share_half_of_the_memory_of_a_build_and_write_to_disk_apart(
    built_raw: BuiltRaw, tmp_path: Path
) -> None:
    settings = replace(Settings(raw=tmp_path, data=tmp_path / "data"), build_memory_mb=3000, workers=2)
    with duckdb_settings(settings) as config:
        ground = Ground(
            warehouse=built_raw.data / "warehouse.duckdb",
            published=settings.site,
            with_specimens=True,
            only_specimens=True,
            state={},
            documents=frozenset(),
            has_data_docs=False,
            config=config,
        )
        found = []
        for made in (ground.site, ground.site_of_worker):
            with made().warehouse as warehouse:
                found += warehouse.connection.execute(
                    "select current_setting('memory_limit'), current_setting('temp_directory')"
                ).fetchall()
        (first, worker) = found
        assert first[0] == worker[0] == "476.8 MiB"  # 500 MB
        assert first[1] != worker[1]
        assert Path(worker[1]).name == str(os.getpid())
        assert {Path(one[1]).parent.parent for one in found} == {settings.data}
    assert list(settings.data.iterdir()) == []
