"""Rows of regions in which nothing changed are carried over: the tables are those of a whole build."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse.build import build
from pipelines.warehouse.checking import Checked
from pipelines.warehouse.manifest import manifest_of
from pipelines.warehouse.progress import Silent
from tests.built_raw import GROUP, RAW, BuiltRaw
from tests.warehouse.data_folder import table_checksums
from tests.warehouse.models_only import models_only

pytestmark = pytest.mark.xdist_group(GROUP)

#: A region of three, with two fifths of the documents of ``raw/``.
REGION = "420100"
GONE = "420100-sample-cultural-centre/2024-final-accounts.pdf"
RENAMED = ("420100-sample-government-services/2022-budget.pdf", "武汉市样例政务保障中心")


@dataclass(frozen=True, slots=True)
class Builds:
    """Tables by name (rows, checksum) and records of builds, one after the other, of one data folder."""

    settings: Settings
    tables: dict[str, dict[str, tuple[int, int]]]
    records: dict[str, dict[str, Any]]
    rows_of_gone: list[tuple[int]]
    told: list[str]


class Told(Silent):
    """Keeps what a build says of its stages."""

    def __init__(self) -> None:
        self.stages: list[str] = []

    def stage(self, message: str) -> None:
        self.stages.append(message)


def unchecked(settings: Settings, built: Path, folder: Path) -> Checked:
    return Checked(stops=(), n_checks=0, n_broken=0)


@pytest.fixture(scope="module")
def builds(built_raw: BuiltRaw, tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """``raw/`` built whole; with a region changed, carried over and whole.

    Changes one after the other, week by week, are ``benchmarks.carried_builds``'s.
    """
    home = tmp_path_factory.mktemp("carried")
    raw, data = home / "raw", home / "data"
    shutil.copytree(RAW, raw)
    shutil.copytree(built_raw.data, data)
    settings = Settings(raw=raw, data=data, workers=1, carry_from=1)
    tables: dict[str, dict[str, tuple[int, int]]] = {}
    records: dict[str, dict[str, Any]] = {}

    def seen(name: str) -> None:
        tables[name] = table_checksums(settings.warehouse)
        records[name] = json.loads((data / "warehouse.json").read_text(encoding="utf-8"))

    seen("before")
    (raw / GONE).rename(home / "gone.pdf")
    rename(raw / "register.csv")
    progress = Told()
    with models_only():
        build(settings, check=unchecked, progress=progress)
    seen("changed")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        rows_of_gone = connection.execute(
            "SELECT count(*) FROM fct_cells JOIN dim_document USING (document_id) WHERE source_path = $1",
            [GONE],
        ).fetchall()
    with models_only():
        build(settings, check=unchecked, full=True)
    seen("changed, whole")
    return Builds(settings, tables, records, rows_of_gone, progress.stages)


def rename(register: Path) -> None:
    """Let the register call the department of a document otherwise, so that it is read and counted anew."""
    with register.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows, names = list(reader), list(reader.fieldnames or ())
    path, name = RENAMED
    (row,) = [row for row in rows if row["path"] == path]
    row["department"] = name
    with register.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def differing(one: dict[str, tuple[int, int]], other: dict[str, tuple[int, int]]) -> list[str]:
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def test_tables_are_those_of_a_build_of_everything(builds: Builds) -> None:
    assert len(builds.tables["changed"]) > 100
    assert differing(builds.tables["changed"], builds.tables["changed, whole"]) == []


def test_the_change_was_seen(builds: Builds) -> None:
    changed = differing(builds.tables["before"], builds.tables["changed"])
    assert {"main.fct_cells", "main.dim_department", "main.mart_findings", "main.mart_coverage"} <= {*changed}
    assert builds.rows_of_gone == [(0,)]


def test_it_is_said_what_is_carried_over(builds: Builds) -> None:
    (said,) = [stage for stage in builds.told if "carried over" in stage]
    with (RAW / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        others = sum(row["region_code"] != REGION for row in csv.DictReader(file))
    assert said.startswith(f"{others} document(s) of regions in which nothing changed are carried over")
    assert said.endswith("of 1 region(s) are made anew")


def test_only_the_region_that_changed_was_made_anew(builds: Builds) -> None:
    """A build that carries over leaves the size of the last whole one in the record."""
    regions = {name: record["made_of"]["regions"] for name, record in builds.records.items()}
    assert [key for key in regions["before"] if regions["before"][key] != regions["changed"][key]] == [REGION]
    of_whole = {name: record["bytes_of_whole"] for name, record in builds.records.items()}
    assert of_whole["changed"] == of_whole["before"]
    assert of_whole["changed, whole"] == builds.records["changed, whole"]["file"]["bytes"]


def test_nothing_of_it_is_left_beside_the_data(builds: Builds) -> None:
    left = {path.name for path in builds.settings.data.iterdir()}
    assert not {name for name in left if name.startswith("lake_of")}
    assert not list(builds.settings.building.iterdir())


def test_rows_of_a_region_are_made_of_nothing_that_other_regions_publish(builds: Builds) -> None:
    """What says so of itself refers to its like and to data of the field only, and that to no document."""
    nodes = json.loads(manifest_of(builds.settings).read_text(encoding="utf-8"))["nodes"]
    made_of = {
        key: node["config"]["meta"]["made_of"] if node["resource_type"] == "model" else "field"
        for key, node in nodes.items()
        if node["resource_type"] in ("model", "seed")
    }
    allowed = {"region": {"region", "field"}, "field": {"field"}, "all": {"region", "field", "all"}}
    wrong = [
        f"{made_of[key]} {key} <- {made_of[parent]} {parent}"
        for key in made_of
        for parent in nodes[key]["depends_on"].get("nodes", [])
        if parent in made_of and made_of[parent] not in allowed[made_of[key]]
    ]
    assert wrong == []
    of_documents = [
        key
        for key in made_of
        if made_of[key] == "field"
        for parent in nodes[key]["depends_on"].get("nodes", [])
        if parent.startswith("source.juesuan.lake.")
    ]
    assert of_documents == []
    assert sum(each == "region" for each in made_of.values()) > 60
