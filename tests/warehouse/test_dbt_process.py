"""dbt as a build starts it reads the project once, however many files are built of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.dbt_process import PARSED
from pipelines.warehouse.dbt_runner import run_dbt

#: What dbt says where it reads all of the project.
ALL_OF_IT = "Unable to do partial parsing"


def test_another_file_to_build_and_another_target_are_no_reason_to_read_the_project_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each build has a file of its own, and each run of Dagster a target."""
    monkeypatch.delenv(PARSED)
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data")
    said = []
    for target in ("one", "other"):
        run = run_dbt(
            settings,
            ["parse"],
            warehouse=tmp_path / target / "warehouse.duckdb",
            target=tmp_path / target,
            logs=tmp_path / target,
        )
        assert run.succeeded, run.output
        said.append(run.output)
    assert ALL_OF_IT in said[0]
    assert ALL_OF_IT not in said[1]
    assert [path.name for path in settings.data.iterdir()] == ["dbt_parsed.msgpack"]


def test_a_project_that_lies_elsewhere_now_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dbt looks for seeds in the place where it read of them."""
    monkeypatch.delenv(PARSED)
    for place in ("before", "now"):
        shutil.copytree(PROJECT_ROOT / "dbt_project", tmp_path / place / "dbt_project")
        run = run_dbt(
            Settings(raw=tmp_path / "raw", data=tmp_path / "data", project=tmp_path / place),
            ["seed", "--select", "signal_kinds"],
            warehouse=tmp_path / place / "warehouse.duckdb",
            target=tmp_path / "target",
            logs=tmp_path / "logs",
        )
        assert run.succeeded, run.output
        shutil.rmtree(tmp_path / place)


def test_where_another_lake_lies_is_taken_up(tmp_path: Path) -> None:
    for data in ("one", "other"):
        run = run_dbt(
            Settings(raw=tmp_path / "raw", data=tmp_path / data),
            ["parse"],
            warehouse=tmp_path / "warehouse.duckdb",
            target=tmp_path / "target",
            logs=tmp_path / "logs",
        )
        assert run.succeeded, run.output
    manifest = (tmp_path / "target" / "manifest.json").read_text(encoding="utf-8")
    assert str(tmp_path / "other" / "lake") in manifest
    assert str(tmp_path / "one" / "lake") not in manifest
