"""One document that breaks its process must not take the run, or another document, with it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import billiard

from pipelines.settings import PROJECT_ROOT
from pipelines.warehouse.pool import Finished, run_guarded


def task(word: str) -> int:
    """What a worker does in these tests; answers with its process id."""
    if word == "crash":
        os.abort()
    if word == "exit":
        os._exit(7)
    if word == "hang":
        time.sleep(600)
    if word.startswith("hang and write to "):
        Path(word.removeprefix("hang and write to ")).write_text(str(os.getpid()), encoding="ascii")
        time.sleep(600)
    if word == "swell":
        blocks = []
        while True:
            blocks.append(b"x" * 20_000_000)
            time.sleep(0.01)
    if word == "leap":
        return len(bytearray(10**13))
    if word == "burst":
        # More than there is between two looks at its memory, touched as fast as it can be.
        return len(bytearray(b"\1") * 12_000_000_000)
    if word == "hang in C":
        ctypes.PyDLL(None).sleep(600)  # the interpreter lock is held
    if word == "deaf":
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        while True:
            pass
    if word.startswith("leave a child "):
        child = os.fork()
        if not child:
            time.sleep(600)
        Path(word.removeprefix("leave a child ")).write_text(str(child), encoding="ascii")
        os._exit(3)
    if word == "children swell":
        if not os.fork():
            os.kill(os.getpid(), 0)
            block = b"x" * 500_000_000
            time.sleep(600)
            return len(block)
        time.sleep(600)
    if word.startswith("write after "):
        _, _, seconds, place = word.split(" ", 3)
        time.sleep(float(seconds))
        Path(place).write_text("by the worker", encoding="ascii")
    if word == "deep":
        return task(word)
    if word == "raise":
        raise ValueError("broken file")
    return os.getpid()


def run(words: Sequence[str], **limits: Any) -> dict[str, Finished[str, int]]:
    settings = {"workers": 2, "seconds": 30.0, "memory_mb": 400, **limits}
    return {finished.task: finished for finished in run_guarded(task, words, **settings)}


def test_every_way_of_breaking_ends_with_its_document() -> None:
    broken = ["crash", "exit", "swell", "leap", "deep", "raise"]
    words = ["a", *broken, "b", "c", "d"]
    finished = run(words)
    assert set(finished) == set(words)
    assert {word: finished[word].failure.reason for word in broken if finished[word].failure} == {
        "crash": "crashed",
        "exit": "crashed",
        "swell": "memory_limit",
        "leap": "memory_limit",
        "deep": "crashed",
        "raise": "crashed",
    }
    assert "SIGABRT" in finished["crash"].failure.message  # type: ignore[union-attr]
    assert "ValueError: broken file" in finished["raise"].failure.message  # type: ignore[union-attr]
    for word in "abcd":
        assert finished[word].failure is None
        assert finished[word].result


def test_a_document_that_hangs_is_ended_in_time_while_others_go_on() -> None:
    begun = time.monotonic()
    finished = run(["hang", *"abcdefgh"], seconds=1.0)
    assert finished["hang"].failure is not None
    assert finished["hang"].failure.reason == "time_limit"
    assert 1.0 <= finished["hang"].seconds < 3.0
    assert all(finished[word].failure is None for word in "abcdefgh")
    assert time.monotonic() - begun < 20


def test_memory_taken_in_one_go_is_bounded_even_while_no_one_looks() -> None:
    iterator = run_guarded(task, ["a", "burst"], workers=2, seconds=30, memory_mb=400)
    first = next(iterator)
    time.sleep(1.0)  # the caller is busy with a result: nobody looks at the workers
    rest = list(iterator)
    reasons = {one.task: one.failure.reason for one in (first, *rest) if one.failure}
    assert reasons == {"burst": "memory_limit"}


def test_hangs_inside_libraries_and_deaf_workers_are_ended() -> None:
    finished = run(["hang in C", "deaf", "a"], seconds=1.0)
    assert finished["a"].failure is None
    for word in ("hang in C", "deaf"):
        assert finished[word].failure is not None
        assert finished[word].failure.reason == "time_limit"


def test_what_a_worker_started_ends_with_it_and_does_not_hide_its_end(tmp_path: Path) -> None:
    told = tmp_path / "child"
    word = f"leave a child {told}"
    finished = run([word], workers=1)  # seconds=30: its end must not be taken for a hang
    assert finished[word].failure is not None
    assert finished[word].failure.reason == "crashed"
    assert "status 3" in finished[word].failure.message
    child = int(told.read_text(encoding="ascii"))
    deadline = time.monotonic() + 10
    while is_alive(child):
        assert time.monotonic() < deadline, "the child is still there"
        time.sleep(0.05)


def test_memory_of_what_a_worker_started_counts() -> None:
    finished = run(["children swell"], workers=1)
    assert finished["children swell"].failure is not None
    assert finished["children swell"].failure.reason == "memory_limit"


def test_a_worker_is_ended_before_its_failure_is_told(tmp_path: Path) -> None:
    """What the caller writes of a failed task must not be overwritten by the task."""
    place = tmp_path / "rows"
    word = f"write after 1.2 {place}"
    for finished in run_guarded(task, [word], workers=1, seconds=0.8, memory_mb=400):
        assert finished.failure is not None
        place.write_text("by the caller", encoding="ascii")
        time.sleep(1.0)
        assert place.read_text(encoding="ascii") == "by the caller"


def test_workers_are_renewed() -> None:
    finished = run([str(number) for number in range(9)], workers=1, recycle_after=3)
    assert len({one.result for one in finished.values()}) == 3


def test_leaving_early_leaves_no_worker_behind() -> None:
    iterator = run_guarded(task, ["a", "hang", "hang2"], workers=2, seconds=600, memory_mb=400)
    pid = next(iterator).result
    assert pid
    iterator.close()
    command = Path(f"/proc/{pid}/cmdline")
    assert not command.exists() or not command.read_bytes()


def killed_parent(told: Path) -> None:
    """A worker that would go on for ten minutes when nobody waits for it any more."""
    run([f"hang and write to {told}"], workers=1, seconds=600.0)


def is_alive(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and bool(command.read_bytes())


def test_a_worker_ends_with_its_killed_parent(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    parent = multiprocessing.get_context("spawn").Process(target=killed_parent, args=(told,))
    parent.start()
    deadline = time.monotonic() + 60
    while not (told.exists() and told.read_text(encoding="ascii")):
        assert time.monotonic() < deadline, "the worker did not begin"
        time.sleep(0.02)
    parent.kill()
    parent.join()
    worker = int(told.read_text(encoding="ascii"))
    deadline = time.monotonic() + 30
    while is_alive(worker):
        assert time.monotonic() < deadline, "the worker is still there"
        time.sleep(0.1)


def run_in_celery() -> None:
    """The life of a worker of Celery, a daemon of its own kind: prints what became of a document."""
    print(run(["well"])["well"].failure, flush=True)


def main_of_celery() -> None:
    """Start a worker as Celery does."""
    worker = billiard.get_context("fork").Process(target=run_in_celery)
    worker.daemon = True
    worker.start()
    worker.join()


def test_documents_are_read_in_a_worker_of_celery_too() -> None:
    """Python lets a daemon have no children, and does not hand on the key of Celery's kind of process.

    In a program of its own: one that has started workers before, as that of the tests has, hands on a fork
    server that is not its child's.
    """
    called = [sys.executable, "-c", f"from {__name__} import main_of_celery; main_of_celery()"]
    ended = subprocess.run(called, cwd=PROJECT_ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (ended.stdout.strip(), ended.returncode) == ("None", 0), ended.stderr


def test_nothing_to_do() -> None:
    assert run([]) == {}
