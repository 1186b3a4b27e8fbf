"""``juesuan inspect`` on a hostile file: the same guard and limits as a build."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.settings import Limits, Settings
from pipelines.warehouse.inspection import inspect_document
from tests.extraction.hostile.building import one_page
from tests.extraction.hostile.contents import contents


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        raw=tmp_path, data=tmp_path / "data", limits=Limits(seconds=5, memory_mb=500, max_file_mb=1)
    )


def test_a_bomb_is_ended_by_the_limits(tmp_path: Path, settings: Settings) -> None:
    (bomb,) = (file for file in contents() if file.name == "CID widths of 1e9")
    path = tmp_path / "bomb.pdf"
    path.write_bytes(bomb.make())
    found = inspect_document(settings, path)
    assert found.outcome == "set_aside"
    assert found.problems[0].reason in {"time_limit", "memory_limit"}


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "large.pdf"
    path.write_bytes(one_page() + bytes(2**20))
    found = inspect_document(settings, path)
    assert (found.outcome, found.problems[0].reason) == ("set_aside", "file_too_large")


def test_a_pipe_is_not_waited_for(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "pipe.pdf"
    os.mkfifo(path)
    found = inspect_document(settings, path)
    assert (found.outcome, found.problems[0].reason) == ("set_aside", "not_a_pdf")
