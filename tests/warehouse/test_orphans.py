"""What a build started ends with it, whatever ended it."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

_CHILD = """
import os, pathlib, sys, time
from pipelines.warehouse.orphans import end_with_parent
end_with_parent(int(sys.argv[1]))
pathlib.Path(sys.argv[2]).write_text(str(os.getpid()), encoding="ascii")
time.sleep(600)
"""


def parent(told: Path) -> None:
    subprocess.run([sys.executable, "-c", _CHILD, str(os.getpid()), str(told)], check=False)


def is_alive(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and bool(command.read_bytes())


def test_a_process_ends_with_its_killed_parent(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    process = multiprocessing.get_context("spawn").Process(target=parent, args=(told,))
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
