"""The commands and the job of a new extractor: exit statuses, words, the list, the run's metadata."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dagster import DagsterInstance, MultiPartitionKey
from typer.testing import CliRunner

from pipelines.acquisition.partitions import REGIONS
from pipelines.cli.app import app
from pipelines.dagster_settings import JuesuanResource
from pipelines.operations.jobs import try_reader
from pipelines.settings import Settings
from pipelines.warehouse.build import list_raw, read_new
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.locking import build_lock
from tests.warehouse.fakes import put
from tests.warehouse.two_readers import understand_before, understand_next


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A lake of two regions as the old version read them, and the new version in force."""
    put(tmp_path / "raw" / "value.pdf", "2023\n7.00\n8.00\n")
    put(tmp_path / "raw" / "same.pdf", "2023\n3.00\n")
    (tmp_path / "raw" / "register.csv").write_text(
        "path,fiscal_year,region_code\nvalue.pdf,2023,420100\nsame.pdf,2023,310107\n", encoding="utf-8"
    )
    monkeypatch.setenv("JUESUAN_ROLLOUT", "by_hand")
    monkeypatch.setenv("JUESUAN_WORKERS", "1")
    monkeypatch.setattr("pipelines.warehouse.reading.extractor_version", lambda: "old")
    settings = Settings.from_environment(raw=tmp_path / "raw", data=tmp_path / "data")
    read_new(settings, list_raw(settings), understand=understand_before)
    monkeypatch.setattr("pipelines.warehouse.reading.extractor_version", lambda: "new")
    monkeypatch.setattr("pipelines.warehouse.reading.read_and_understand", understand_next)
    return ["--raw", str(settings.raw), "--data", str(settings.data)]


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def versions(folders: list[str]) -> list[str]:
    lake = Lake(Path(folders[-1]) / "lake")
    return sorted(entry.extractor_version for entry in lake.entries().values())


def test_from_trial_to_rollback(folders: list[str], tmp_path: Path) -> None:
    assert run("try-reader", "--region", "310107", *folders).exit_code == 0
    to = tmp_path / "changes.csv"
    tried = run("try-reader", "--csv", str(to), *folders)
    assert tried.exit_code == 3
    assert "otherwise   1 with another amount" in tried.stdout
    assert "2023|420100: 1 with another amount" in tried.stdout
    assert "final_summary: 1 with another amount" in tried.stdout
    (row,) = csv.DictReader(to.open(encoding="utf-8"))
    assert (row["kind"], row["source_path"], row["page"], row["text_old"]) == (
        "value",
        "value.pdf",
        "1",
        "7.00",
    )
    assert (row["yuan_old"], row["yuan_new"]) == ("70000.00", "700000.00")
    status = run("status", "--json", *folders)
    assert (json.loads(status.stdout)["of_older_version"], json.loads(status.stdout)["held"]) == (2, 2)
    assert versions(folders) == ["old", "old"]
    with build_lock(Path(folders[-1])):
        assert run("accept-reader", "--wait", "0", *folders).exit_code == 4
    assert run("accept-reader", "--year", "1999", *folders).exit_code == 1
    assert run("accept-reader", "--region", "420100", *folders).exit_code == 0
    assert versions(folders) == ["new", "old"]
    assert run("roll-back-reader", *folders).exit_code == 0
    assert versions(folders) == ["old", "old"]
    assert run("roll-back-reader", *folders).exit_code == 1


def test_a_rollback_where_the_next_build_would_read_it_all_again_says_so(
    folders: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("try-reader", *folders)
    run("accept-reader", *folders)
    monkeypatch.delenv("JUESUAN_ROLLOUT")
    assert "JUESUAN_ROLLOUT is at_once" in run("roll-back-reader", *folders).stdout


def test_without_a_lake_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    put(tmp_path / "raw" / "a.pdf", "2023\n1.00\n")
    tried = run("try-reader", "--raw", str(tmp_path / "raw"), "--data", str(tmp_path / "data"))
    assert (tried.exit_code, "juesuan build" in tried.output) == (1, True)


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("420100", (1, 1, "| final_summary | with another amount | 1 |")),
        ("310107", (1, 0, "nothing was read otherwise in 1 document(s)")),
    ],
)
def test_the_job_tells_what_a_partition_reads_otherwise(
    folders: list[str], region: str, expected: tuple[int, int, str]
) -> None:
    found = metadata(folders, region)
    assert (found("documents_tried"), found("differences")) == expected[:2]
    assert found("by_statement").endswith(expected[2])
    assert versions(folders) == ["old", "old"]


def metadata(folders: list[str], region: str) -> Callable[[str], Any]:
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(REGIONS, ["310107", "420100"])
        result = try_reader.execute_in_process(
            partition_key=MultiPartitionKey({"fiscal_year": "2023", "region": region}),
            instance=instance,
            resources={"juesuan": JuesuanResource(raw=folders[1], data=folders[3], sources="")},
        )
    (output,) = (event for event in result.all_events if event.event_type_value == "STEP_OUTPUT")
    told = output.event_specific_data.metadata  # type: ignore[union-attr]
    return lambda name: told[name].value
