"""A pool of guarded worker processes: one untrusted document at a time in each.

A task that crashes its process, takes too long or takes too much memory ends as a ``Failure`` with a
reason; the next task gets a fresh worker and is unharmed. Python's own pools cannot do this: there,
one worker that dies breaks the pool, and a call that hangs cannot be ended.

Memory is watched from outside (resident size of the worker and its children, where /proc tells it) and
limited from inside (``RLIMIT_DATA`` and ``RLIMIT_AS``, for the allocation that comes too suddenly to be
watched, or while the caller is busy with a result). Time is watched from outside and, should the parent be
gone or busy, ends the worker by an alarm. A worker leads a process group of its own, which ends with it: what
it started does not outlive it. Where its parent is killed it is killed too (Linux), so that it does not write
beside the next build. Where it is asked for, it is confined too. It is ended before its failure is told, so
that whatever the caller then writes of the task is not overwritten by the task itself. Workers are renewed
after a number of tasks, because pdfminer does not give memory back (pdfplumber issue 1339).
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pipelines.warehouse.confinement import Confinement, confine
from pipelines.warehouse.orphans import end_with_other_end

FailureReason = Literal["crashed", "time_limit", "memory_limit"]

T = TypeVar("T")
R = TypeVar("R")

# How often the limits are looked at. A document may overrun its time by this much.
WATCH_SECONDS = 0.1
# A worker must import its task's code and say that it is ready within this time.
START_SECONDS = 120.0
# A worker ends itself so long after its time is up: the parent that would have ended it is gone.
ORPHAN_SECONDS = 5.0
# Writable memory beyond the limit that a worker may ask for: libraries reserve more than they touch.
SPARE_MB = 1024


class WorkersEndError(RuntimeError):
    """No worker gets as far as its first task: something is wrong with the installation, not a document."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a task gave no result: one word, and a sentence for a person."""

    reason: FailureReason
    message: str


@dataclass(frozen=True, slots=True)
class Finished(Generic[T, R]):
    """A task with its result or its failure, and the seconds it took."""

    task: T
    result: R | None
    failure: Failure | None
    seconds: float
    #: What its worker could not do; None where the worker was not confined or never got ready.
    confinement: Confinement | None = None


@dataclass(slots=True)
class _Worker(Generic[T]):
    process: Any
    connection: Connection
    #: Held open, never written to: the worker is killed when the process that holds it ends.
    lifeline: Connection
    ready: bool = False
    task: T | None = None
    busy: bool = False
    since: float = field(default_factory=time.monotonic)
    tasks_done: int = 0
    confinement: Confinement | None = None


def run_guarded(
    function: Callable[[T], R],
    tasks: Sequence[T],
    *,
    workers: int,
    seconds: float,
    memory_mb: int,
    recycle_after: int = 25,
    preload: Sequence[str] = (),
    writable: Sequence[Path] | None = None,
) -> Iterator[Finished[T, R]]:
    """Call ``function`` on every task in worker processes; yields each as it finishes, in any order.

    ``function`` must be importable by name and its argument and result picklable. ``seconds`` is wall
    clock per task, ``memory_mb`` resident memory of its process. An exception in ``function`` is a
    ``crashed`` failure (``memory_limit`` for ``MemoryError``). Leaving the iterator early ends the workers.
    With ``writable`` workers are confined (``confinement``): no network, no program, writes below these only.
    """
    context = _context(preload)
    waiting = deque(tasks)
    pool: list[_Worker[T]] = []
    failed_starts = 0
    try:
        while waiting or any(worker.busy for worker in pool):
            while waiting and len(pool) < min(workers, len(waiting) + sum(worker.busy for worker in pool)):
                pool.append(_start(context, function, memory_mb, seconds, writable))
            for worker in pool:
                if worker.ready and not worker.busy and waiting:
                    _give(worker, waiting.popleft())
            # A process that the worker started may hold its pipe open: its end is told by the sentinel.
            ends = [end for worker in pool for end in (worker.connection, worker.process.sentinel)]
            told = set(wait(ends, timeout=WATCH_SECONDS))
            for worker in list(pool):
                has_news = worker.connection in told or worker.process.sentinel in told
                finished, alive = _look(worker, has_news, seconds, memory_mb)
                if alive and worker.tasks_done >= recycle_after and not worker.busy:
                    alive = False
                if not alive:
                    # A worker that never became ready would be started again for ever.
                    failed_starts = 0 if worker.ready else failed_starts + 1
                    _end(worker)
                    pool.remove(worker)
                    if failed_starts >= 3:
                        raise WorkersEndError(
                            "worker processes end before they are ready: is the project installed (make "
                            "setup), and is there memory for JUESUAN_WORKERS of them?"
                        )
                if finished is not None:
                    yield finished
    finally:
        for worker in pool:
            _end(worker)


def _context(preload: Sequence[str]) -> BaseContext:
    """Where there is a fork server, workers start from one that has the code imported already."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(preload))
        return context
    return multiprocessing.get_context("spawn")


def _start(
    context: BaseContext,
    function: Callable[[T], R],
    memory_mb: int,
    seconds: float,
    writable: Sequence[Path] | None,
) -> _Worker[T]:
    # A worker of Celery counts as a daemon, which may not have children, because they would outlive it. Ours
    # do not: they end when their pipe closes. Its key is of Celery's own kind, which Python does not hand on.
    config = multiprocessing.current_process()._config  # type: ignore[attr-defined]
    config["daemon"] = False
    key_kind = multiprocessing.process.AuthenticationString  # type: ignore[attr-defined]
    config["authkey"] = key_kind(config["authkey"])
    ours, theirs = context.Pipe()
    watched, lifeline = context.Pipe(duplex=False)
    process = context.Process(  # type: ignore[attr-defined]  # BaseContext's stub lacks it
        target=_work,
        args=(theirs, watched, function, memory_mb, seconds, writable),
        daemon=True,
        name="juesuan-reader",
    )
    process.start()
    theirs.close()
    watched.close()
    return _Worker(process, ours, lifeline)


def _give(worker: _Worker[T], task: T) -> None:
    worker.task, worker.busy, worker.since = task, True, time.monotonic()
    with contextlib.suppress(OSError):  # died in between: seen as the end of its pipe
        worker.connection.send(task)


def _look(
    worker: _Worker[T], has_news: bool, seconds: float, memory_mb: int
) -> tuple[Finished[T, Any] | None, bool]:
    """What became of a worker since the last look: its finished task if any, and whether it lives on."""
    elapsed = time.monotonic() - worker.since
    if has_news:
        try:
            if not worker.connection.poll():
                raise EOFError  # only the process has ended
            word, content = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join(1)
            if not worker.busy:
                return None, False
            if worker.process.exitcode == -signal.SIGALRM:
                return _too_slow(worker, seconds, elapsed), False
            return _failed(worker, "crashed", _how_it_ended(worker.process.exitcode), elapsed), False
        if word == "ready":
            worker.ready, worker.confinement = True, content
            return None, True
        task, worker.task, worker.busy = worker.task, None, False
        worker.tasks_done += 1
        if word == "done":
            return Finished(task, content, None, elapsed, worker.confinement), True  # type: ignore[arg-type]
        reason, message = content
        failure = Failure(reason, message)
        # After a MemoryError nothing in the process can be relied on.
        return Finished(task, None, failure, elapsed, worker.confinement), reason != "memory_limit"  # type: ignore[arg-type]
    if not worker.ready:
        return None, elapsed < START_SECONDS
    if not worker.busy:
        return None, True
    if elapsed > seconds:
        return _too_slow(worker, seconds, elapsed), False
    if _resident_mb(worker.process.pid) > memory_mb:
        return _failed(
            worker, "memory_limit", f"reading took more than {memory_mb} MB of memory", elapsed
        ), False
    return None, True


def _too_slow(worker: _Worker[T], seconds: float, elapsed: float) -> Finished[T, Any]:
    return _failed(worker, "time_limit", f"reading took longer than {seconds:g} s", elapsed)


def _failed(worker: _Worker[T], reason: FailureReason, message: str, elapsed: float) -> Finished[T, Any]:
    task, worker.busy = worker.task, False
    return Finished(task, None, Failure(reason, message), elapsed, worker.confinement)  # type: ignore[arg-type]


def _end(worker: _Worker[T]) -> None:
    worker.connection.close()
    if worker.process.is_alive() and not worker.busy and worker.tasks_done:
        worker.process.join(0.5)  # an idle worker leaves by itself when its pipe closes
    if worker.process.is_alive():
        worker.process.kill()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(worker.process.pid, signal.SIGKILL)  # whatever it started
    worker.process.join()
    worker.lifeline.close()


def _how_it_ended(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        with contextlib.suppress(ValueError):
            return f"the reading process was ended by {signal.Signals(-exitcode).name}"
    return f"the reading process ended with status {exitcode}"


def _resident_mb(pid: int) -> float:
    """Resident memory of a process and of all that it has started."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0.0  # no /proc here: the limits from inside alone guard
    own = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return own  # not every kernel tells
    return own + sum(_resident_mb(int(child)) for child in children)


def _work(
    connection: Connection,
    lifeline: Connection,
    function: Callable[[Any], Any],
    memory_mb: int,
    seconds: float,
    writable: Sequence[Path] | None,
) -> None:
    """The life of a worker: one task after another until its pipe closes."""
    os.setpgid(0, 0)
    end_with_other_end(lifeline)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        data = (memory_mb + SPARE_MB) * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (data, data))
        # Address space is more than resident memory: libraries map what they never touch.
        limit = (2 * memory_mb + 2048) * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    connection.send(("ready", None if writable is None else confine(writable)))
    while True:
        try:
            task = connection.recv()
        except (EOFError, OSError):
            return
        # Not caught: it ends the process, inside a library's loop too.
        signal.setitimer(signal.ITIMER_REAL, seconds + ORPHAN_SECONDS)
        try:
            answer: tuple[str, Any] = ("done", function(task))
        except MemoryError:
            answer = ("failed", ("memory_limit", f"reading took more than {memory_mb} MB of memory"))
        except RecursionError:
            answer = ("failed", ("crashed", "RecursionError: the file is nested too deeply"))
        except Exception as error:  # whatever a hostile file provokes ends with that file
            answer = ("failed", ("crashed", f"{type(error).__name__}: {str(error)[:300]}"))
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            connection.send(answer)
        except (BrokenPipeError, OSError):
            return
