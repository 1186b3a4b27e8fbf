"""The checks get ready while dbt is at work, ask what it built, and end where nothing is built."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.warehouse.checking import Checks, ChecksEndError, ask_suites, checked_outcome
from tests.warehouse.built_file import build


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data")
    settings.data.mkdir()
    return settings


def left(folder: Path) -> list[str]:
    assert not [thread for thread in threading.enumerate() if thread.name == "checks"]
    return sorted(path.name for path in folder.iterdir())


def test_what_is_built_after_they_have_begun_is_asked(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "next"
    folder.mkdir()
    built = folder / "warehouse.duckdb"
    with Checks(settings, built, folder) as checks:
        build(built, "every_amount_is_one_fact")
        checked = checked_outcome(checks.outcomes())
    assert [reason.split(":")[0] for reason in checked.stops] == ["every_amount_is_one_fact"]
    assert checked.n_checks > 250
    assert left(folder) == ["data_docs", "warehouse.duckdb"]


def test_they_end_with_a_build_that_comes_to_nothing(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "next"
    folder.mkdir()
    with pytest.raises(ArithmeticError), Checks(settings, folder / "warehouse.duckdb", folder):
        raise ArithmeticError("dbt failed")
    assert left(folder) == []


def test_checks_that_break_say_why(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "next"
    folder.mkdir()
    (folder / "warehouse.duckdb").write_text("no database", encoding="utf-8")
    with pytest.raises(ChecksEndError, match="not a valid DuckDB database file"):
        ask_suites(settings, folder / "warehouse.duckdb", folder)
    assert left(folder) == ["warehouse.duckdb"]
