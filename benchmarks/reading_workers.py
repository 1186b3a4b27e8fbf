"""Reading in worker processes: two beside one, and the memory of one over many documents.

    python -m benchmarks.reading_workers FOLDER [--rounds 3] [--documents 1000] [--plot FILE.svg]

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


def memory(paths: Sequence[Path], documents: int) -> list[tuple[int, float]]:
    """The most memory (MB) that one worker had resident up to each tenth of ``documents``.

    The folder is read over and over.
    """
    spent = _run(list(itertools.islice(itertools.cycle(paths), documents)), 1)
    ends = sorted({step * len(spent) // STEPS for step in range(1, STEPS + 1)} - {0})
    return [(end, max(s.resident for s in spent[:end])) for end in ends]


def table(steps: Sequence[tuple[int, float]]) -> str:
    """Documents and memory as Markdown."""
    return "\n".join(
        [
            "| documents | resident MB |",
            "|---:|---:|",
            *(f"| {end} | {megabytes:.0f} |" for end, megabytes in steps),
        ]
    )


def plot(steps: Sequence[tuple[int, float]]) -> str:
    """Documents and memory as a line in a picture (SVG)."""
    most, high = max(end for end, _ in steps), 1.25 * max(megabytes for _, megabytes in steps)
    places = [(60 + 500 * end / most, 240 - 200 * megabytes / high) for end, megabytes in steps]
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
    x, y = places[-1]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 290" font-family="sans-serif" '
        'font-size="13">'
        '<rect width="640" height="290" fill="white"/>'
        '<path d="M60,40V240H580" fill="none" stroke="#666"/>'
        f'<polyline points="{line}" fill="none" stroke="#06c" stroke-width="2"/>'
        f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="end">{steps[-1][1]:.0f} MB</text>'
        f'<text x="560" y="260" text-anchor="middle">{most}</text><text x="60" y="260">0</text>'
        '<text x="310" y="280" text-anchor="middle">documents read by one worker</text>'
        '<text x="60" y="28">most memory resident (MB, from 0)</text></svg>\n'
    )


def main() -> None:
    """Measure over every PDF below a folder and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--plot", type=Path, help="write the memory as a picture (SVG) too")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    if not paths:
        parser.error(f"no PDF below {arguments.folder}")
    print(speedup(paths, arguments.rounds), flush=True)
    print()
    steps = memory(paths, arguments.documents)
    print(table(steps))
    if arguments.plot:
        arguments.plot.write_text(plot(steps), encoding="utf-8")


if __name__ == "__main__":
    main()
