"""Tidying takes away what is old and of no use, and nothing that anything depends on."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetKey,
    DagsterInstance,
    Definitions,
    StaticPartitionsDefinition,
    asset,
    asset_check,
    define_asset_job,
    in_process_executor,
    instance_for_test,
)
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.operations.jobs import purge_runs
from pipelines.operations.tidying import tidy_folders
from pipelines.settings import Settings
from pipelines.warehouse.locking import BuildBusyError, build_lock
from pipelines.warehouse.publish import COMMAND_BUILD

DAY = 86_400
CHECK = AssetCheckKey(AssetKey("lake"), "holds")


def make(path: Path, age_days: float, text: str = "x" * 1000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    for place in (path, path.parent):
        os.utime(place, (time.time() - age_days * DAY,) * 2)
    return path


def test_what_broken_builds_left_goes_and_what_counts_stays(tmp_path: Path) -> None:
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data")
    data = settings.data
    kept = [
        make(settings.raw / "a.pdf", 4000),
        make(data / "warehouse.duckdb", 4000),
        make(data / "warehouse.json", 4000),
        make(data / "lake" / "documents" / "fiscal_year=2019" / "region_code=1" / "old.parquet", 4000),
        make(data / "releases" / "2019-01-01" / "README.md", 4000),
        make(data / "alerts" / "waiting" / "a.json", 4000),
        make(data / "next" / "run-under-way" / "warehouse.duckdb", 0.1),
        make(data / "dbt_failed.log", 10),
    ]
    gone = [
        make(data / "next" / "broken" / "warehouse.duckdb", 2),
        make(data / "next" / "killed" / COMMAND_BUILD, 0),
        make(data / "lake" / "cells" / ".x.parquet.7.part", 1),
        make(data / "data_docs_of_failed_build" / "index.html", 100),
        make(data / "dbt_parse.abc" / "manifest.json", 100),
        make(data / "hashes.json.4711", 100),
        make(data / ".status.html.part", 100),
    ]
    tidied = tidy_folders(settings, days=90)
    assert [path for path in kept if not path.exists()] == []
    assert [path for path in gone if path.exists()] == []
    assert tidied.freed == 1000 * len(gone)
    assert tidied.removed == (
        ".status.html.part",
        "data_docs_of_failed_build",
        "dbt_parse.abc",
        "hashes.json.4711",
        "lake/cells/.x.parquet.7.part",
        "next/broken",
        "next/killed",
    )
    assert tidy_folders(settings, days=90).removed == ()


def test_nothing_is_taken_from_under_a_build(tmp_path: Path) -> None:
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data")
    left = make(settings.data / "next" / "broken" / "warehouse.duckdb", 2)
    tidy = ["tidy", "--data", str(settings.data)]
    with build_lock(settings.data):
        with pytest.raises(BuildBusyError):
            tidy_folders(settings)
        assert CliRunner().invoke(app, tidy).exit_code == 4
    assert left.exists()
    done = CliRunner().invoke(app, tidy)
    assert (done.exit_code, left.exists()) == (0, False)
    assert "next/broken" in done.output


@asset(partitions_def=StaticPartitionsDefinition(["2022", "2023"]))
def lake() -> None:
    """Has partitions."""


@asset
def warehouse() -> None:
    """Has none."""


@asset_check(asset=lake)
def holds() -> AssetCheckResult:
    return AssetCheckResult(passed=True)


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with instance_for_test() as instance:
        yield instance


def test_old_runs_go_and_what_they_said_last_stays(instance: DagsterInstance) -> None:
    jobs = {
        "read": define_asset_job("read", [lake], executor_def=in_process_executor),
        "build": define_asset_job("build", [warehouse], executor_def=in_process_executor),
        "check": define_asset_job("check", "*", executor_def=in_process_executor),
    }
    defs = Definitions([lake, warehouse], asset_checks=[holds], jobs=[jobs["read"], jobs["build"]])

    def run(name: str, partition: str | None = None) -> str:
        made = defs.resolve_job_def(name).execute_in_process(instance=instance, partition_key=partition)
        return made.run_id

    first_2022, second_2022, only_2023 = run("read", "2022"), run("read", "2022"), run("read", "2023")
    first_build, second_build = run("build"), run("build")
    assert purge_runs(instance, 90, [CHECK]) == (), "nothing is old"

    later = time.time() + 91 * DAY
    assert set(purge_runs(instance, 90, [CHECK], now=later)) == {first_2022, first_build}
    assert instance.get_materialized_partitions(AssetKey("lake")) == {"2022", "2023"}
    newest = instance.get_latest_materialization_event(AssetKey("warehouse"))
    assert newest
    assert newest.run_id == second_build
    for kept in (second_2022, only_2023, second_build):
        assert instance.get_run_by_id(kept)
    assert not instance.all_logs(first_build), "its events are gone with it"
    assert purge_runs(instance, 90, [CHECK], now=later) == ()


def test_the_run_in_which_a_check_was_made_last_stays(instance: DagsterInstance) -> None:
    from dagster import AssetSelection

    only_checks = define_asset_job(
        "only_checks", AssetSelection.all_asset_checks(), executor_def=in_process_executor
    )
    defs = Definitions([lake, warehouse], asset_checks=[holds], jobs=[only_checks])
    runs = [
        defs.resolve_job_def("only_checks").execute_in_process(instance=instance).run_id for _ in range(2)
    ]
    assert purge_runs(instance, 90, [CHECK], now=time.time() + 91 * DAY) == (runs[0],)
