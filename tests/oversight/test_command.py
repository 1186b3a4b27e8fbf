"""``juesuan site``: what it says, and what it says when it cannot."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.oversight import serving
from pipelines.settings import Settings
from tests.built_raw import GROUP


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.xdist_group(GROUP)
def test_the_command_makes_the_site_and_says_where(
    small: Callable[[Sequence[str]], Settings],
) -> None:
    settings = small(["delete from dim_department where department_name not like '%样例文化馆'"])
    told = run("site", "--raw", str(settings.raw), "--data", str(settings.data))
    assert told.exit_code == 0, told.output
    assert str(settings.site) in told.output
    assert " files, " in told.output
    assert (settings.site / "zh/index.html").is_file()


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path) -> None:
    told = run("site", "--data", str(tmp_path))
    assert told.exit_code == 1
    assert "juesuan build" in " ".join(told.output.split())


def test_the_folder_is_served_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("十", encoding="utf-8")
    ready: list[str] = []
    known = threading.Event()

    def told(address: str) -> None:
        ready.append(address)
        known.set()

    threading.Thread(target=serving.serve, args=(tmp_path, 0, told), daemon=True).start()
    assert known.wait(30)
    with urllib.request.urlopen(f"{ready[0].replace('localhost', '127.0.0.1')}page.html") as answer:
        assert answer.read().decode() == "十"
