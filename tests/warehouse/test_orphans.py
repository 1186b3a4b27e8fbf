"""What a build started ends with it, whatever ended it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.dbt_assets import dbt_resource
from pipelines.warehouse.dbt_runner import dbt_environment

_CHILD = """
import os, pathlib, sys, time
from pipelines.warehouse.orphans import end_with_parent
end_with_parent(int(sys.argv[1]))
pathlib.Path(sys.argv[2]).write_text(str(os.getpid()), encoding="ascii")
time.sleep(600)
"""


def steps_dbt(told: Path, folder: Path) -> None:
    """A step of Dagster that runs dbt; tells the process id of what it started."""
    settings = Settings(raw=folder, data=folder)
    os.environ.update(dbt_environment(settings, folder / "warehouse.duckdb"))
    running = dbt_resource(settings).cli(["parse"], target_path=folder / "target")
    told.write_text(str(running.process.pid), encoding="ascii")
    running.wait()


def parent(told: Path) -> None:
    subprocess.run([sys.executable, "-c", _CHILD, str(os.getpid()), str(told)], check=False)


def is_alive(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and bool(command.read_bytes())


def test_a_process_ends_with_its_killed_parent(tmp_path: Path) -> None:
    ends_with(parent, tmp_path / "pid")


def test_the_dbt_that_dagster_starts_ends_with_the_killed_step(tmp_path: Path) -> None:
    ends_with(steps_dbt, tmp_path / "pid", tmp_path)
    assert not (tmp_path / "target" / "manifest.json").exists(), "it ended by itself, all done"


def ends_with(target: Callable[..., None], told: Path, *more: Path) -> None:
    """Kill a process once it has told of one it started: that one must end too."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=(told, *more))
    process.start()
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text(encoding="ascii")):
        assert time.monotonic() < deadline, "the process did not begin"
        time.sleep(0.02)
    child = int(told.read_text(encoding="ascii"))
    assert is_alive(child)
    process.kill()
    process.join()
    deadline = time.monotonic() + 30
    while is_alive(child):
        assert time.monotonic() < deadline, "the process goes on without its parent"
        time.sleep(0.05)


def test_one_that_begins_after_its_parent_has_ended_ends_at_once(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    gone = multiprocessing.get_context("spawn").Process()
    gone.start()
    gone.join()
    ended = subprocess.run([sys.executable, "-c", _CHILD, str(gone.pid), str(told)], check=False)
    assert ended.returncode < 0
    assert not told.exists()
