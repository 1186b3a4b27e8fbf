"""Reading in worker processes: two beside one, and the memory of one over many documents.

    python -m benchmarks.reading_workers FOLDER [--rounds 3] [--documents 1000]

The workers are those of a build (``pipelines.warehouse.pool``), not renewed here. Wall clock, the fastest of
rounds taken in turn, says something only where two cores are free; beside it stands the processor time of
the busier worker, which two workers cannot be faster than and which does not ask what else the machine does.
"""

from __future__ import annotations

import argparse
import itertools
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipelines.extraction import read_document
from pipelines.warehouse.pool import run_guarded

#: How often the memory of the worker is reported.
STEPS = 10


class Spent(NamedTuple):
    """What a worker had spent after a document: processor seconds for it, memory resident in MB."""

    worker: int
    seconds: float
    resident: float


def read_and_weigh(path: Path) -> Spent:
    """Read a document and return what that took of this process."""
    start = time.process_time()
    read_document(path, "0" * 16, reader="pdfium")
    seconds = time.process_time() - start
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return Spent(os.getpid(), seconds, pages * os.sysconf("SC_PAGE_SIZE") / 2**20)


def _run(paths: Sequence[Path], workers: int) -> list[Spent]:
    """What was spent on each document, in the order in which they were finished."""
    spent: list[Spent] = []
    for finished in run_guarded(
        read_and_weigh,
        paths,
        workers=workers,
        seconds=600,
        memory_mb=4000,
        recycle_after=len(paths) + 1,
        preload=["pipelines.extraction"],
    ):
        if finished.result is None:
            raise RuntimeError(f"{finished.task}: {finished.failure}")
        spent.append(finished.result)
    return spent


def _busiest(spent: Sequence[Spent]) -> float:
    """The processor seconds of the worker that had most to do."""
    return max(sum(s.seconds for s in spent if s.worker == each) for each in {s.worker for s in spent})


def speedup(paths: Sequence[Path], rounds: int) -> str:
    """All documents with one worker and with two: wall clock and processor time of the busier one."""
    ordered = sorted(paths, key=lambda path: path.stat().st_size, reverse=True)
    wall = {1: float("inf"), 2: float("inf")}
    busiest = dict(wall)
    _run(ordered[:1], 1)  # the fork server starts once
    for _ in range(rounds):
        for workers in wall:
            start = time.perf_counter()
            spent = _run(ordered, workers)
            wall[workers] = min(wall[workers], time.perf_counter() - start)
            busiest[workers] = min(busiest[workers], _busiest(spent))
    lines = [f"| {len(paths)} documents | one worker s | two workers s | faster |", "|---|---:|---:|---:|"]
    for name, times in (("wall clock", wall), ("busier worker's processor time", busiest)):
        lines.append(f"| {name} | {times[1]:.2f} | {times[2]:.2f} | {times[1] / times[2]:.2f} |")
    return "\n".join(lines)


def memory(paths: Sequence[Path], documents: int) -> str:
    """Resident memory of one worker after each tenth of ``documents``, the folder read over and over."""
    spent = _run(list(itertools.islice(itertools.cycle(paths), documents)), 1)
    lines = ["| documents | resident MB |", "|---:|---:|"]
    for step in range(1, STEPS + 1):
        end = step * len(spent) // STEPS
        if end:
            lines.append(f"| {end} | {max(s.resident for s in spent[:end]):.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure over every PDF below a folder and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=1000)
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    if not paths:
        parser.error(f"no PDF below {arguments.folder}")
    print(speedup(paths, arguments.rounds), flush=True)
    print()
    print(memory(paths, arguments.documents))


if __name__ == "__main__":
    main()
