"""Time and memory of each step by number of documents: is anything worse than linear?

    python -m benchmarks.scale [--counts 100 1000 10000] [--read 100] [--root DIR] [--plot PICTURE.svg]

Reading is measured on ``--read`` generated PDFs. The lake of each size holds copies of these readings under
other departments' names (``scale_documents``; the steps "copies" and "more" make this input); listing, dbt,
checks, publication, queries, a second pass with nothing new and a build with one partition more are the
product's own. Each step is a process of its own. Read the processor seconds: they are of this step alone,
whatever else the machine does; memory is the most that its processes had resident at one time.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
#: In their order.
STEPS = ("listing", "packing", "dbt", "checks", "publication", "queries", "again", "one_more")


@dataclass(frozen=True, slots=True)
class Step:
    """What one step took: wall clock, processor seconds and most memory of it and all that it started."""

    documents: int
    name: str
    wall: float
    processor: float
    megabytes: float
    counted: dict[str, Any]


def measured(documents: int, name: str, *arguments: object) -> Step:
    """Run a step in a process of its own; ends the benchmark with what it said where it fails.

    What it starts is watched five times a second: workers that a fork server starts are no children of the
    step, whose time the system would add up.
    """
    command = [sys.executable, "-m", "benchmarks.scale_steps", name, *map(str, arguments)]
    began = time.monotonic()
    spent: dict[int, float] = {}
    most = 0.0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, text=True, start_new_session=True)
        while process.poll() is None:
            resident = 0.0
            for pid, seconds, megabytes in _of_session(process.pid):
                spent[pid] = seconds
                resident += megabytes
            most = max(most, resident)
            time.sleep(0.2)
        wall = time.monotonic() - began
        output.seek(0)
        said = output.read()
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with status {process.returncode}")
    counted = json.loads(said.strip().splitlines()[-1])
    return Step(documents, name, wall, sum(spent.values()), most, counted)


def _of_session(session: int) -> Iterator[tuple[int, float, float]]:
    """Processes of a session: id, processor seconds so far, resident megabytes (with what they share)."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            ticks, pages = int(fields[11]) + int(fields[12]), int(fields[21])
            yield (
                int(folder.name),
                ticks / os.sysconf("SC_CLK_TCK"),
                pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
            )


def measure(count: int, root: Path, templates: Path) -> list[Step]:
    """All steps over ``count`` documents below ``root``, each printed as soon as it is measured."""
    if not (root / "data").is_dir():
        told(measured(count, "copies", root, templates, count))
    steps = [told(measured(count, name, root)) for name in STEPS[:-1]]
    told(measured(count, "more", root, templates))
    return [*steps, told(measured(count, STEPS[-1], root))]


def told(step: Step) -> Step:
    """Print a step as a row."""
    counted = ", ".join(
        f"{name.replace('_', ' ')} {value:,.1f}"
        if isinstance(value, float)
        else f"{name.replace('_', ' ')} {value:,}"
        for name, value in step.counted.items()
    )
    print(
        f"| {step.documents:,} | {step.name.replace('_', ' ')} | {step.wall:.1f} | {step.processor:.1f} "
        f"| {step.megabytes:.0f} | {counted} |",
        flush=True,
    )
    return step


HEADER = """\
| documents | step | wall s | processor s | MB | counted (queries: ms) |
|---:|---|---:|---:|---:|---|"""


def main() -> None:
    """Measure each size and print it; write all of it down where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000, 10_000])
    parser.add_argument(
        "--read", type=int, default=104, help="generated PDFs to be read, eight of a department"
    )
    parser.add_argument("--root", type=Path, help="keep the folders here instead of a temporary place")
    parser.add_argument(
        "--figures", type=Path, help="add what was measured to this file, a line of JSON a step"
    )
    parser.add_argument("--plot", type=Path, help="draw the figures of --figures as a picture (SVG)")
    arguments = parser.parse_args()
    root = arguments.root or Path(tempfile.mkdtemp(prefix="juesuan-scale-"))
    try:
        steps = _run(arguments.counts, arguments.read, root)
    finally:
        if arguments.root is None:
            shutil.rmtree(root, ignore_errors=True)
    if arguments.figures:
        with arguments.figures.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(step), ensure_ascii=False) + "\n" for step in steps)
    if arguments.plot:
        arguments.plot.write_text(plot(steps), encoding="utf-8")


def _run(counts: Sequence[int], to_read: int, root: Path) -> list[Step]:
    templates = root / "templates"
    print(HEADER, flush=True)
    steps = []
    if not (templates / "raw").is_dir():
        steps.append(told(measured(to_read, "make", templates, to_read)))
        steps.append(told(measured(to_read, "read", templates)))
    for count in counts:
        steps += measure(count, root / str(count), templates)
    return steps


def plot(steps: Sequence[Step]) -> str:
    """Processor seconds of each step by number of documents, both on a scale of powers of ten, as SVG.

    A straight line as steep as the dashed one is linear; a flatter one grows less than the documents do.
    """
    drawn = ("listing", "packing", "dbt", "checks", "publication", "again", "one_more")
    colours = ("#06c", "#690", "#c30", "#093", "#906", "#960", "#066")
    least, most = (f(step.documents for step in steps if step.name in drawn) for f in (min, max))
    high = max(step.processor for step in steps if step.name in drawn)
    decades = (math.log10(most / least) or 1.0, math.log10(high) + 1)

    def place(documents: float, seconds: float) -> tuple[float, float]:
        along = math.log10(documents / least) / decades[0]
        up = (math.log10(max(seconds, 0.1)) + 1) / decades[1]
        return 60 + 400 * along, 300 - 260 * up

    parts = []
    for name, colour in zip(drawn, colours, strict=True):
        places = [place(step.documents, step.processor) for step in steps if step.name == name]
        if not places:
            continue
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in places)
        x, y = places[-1]
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{name.replace("_", " ")}</text>'
        )
    (x0, y0), (x1, y1) = place(least, 1.0), place(most, most / least)
    parts.append(f'<path d="M{x0:.0f},{y0:.0f}L{x1:.0f},{y1:.0f}" stroke="#999" stroke-dasharray="4 4"/>')
    counts = sorted({step.documents for step in steps if step.name in drawn})
    parts += [
        f'<text x="{place(count, 1)[0]:.0f}" y="318" text-anchor="middle">{count:,}</text>'
        for count in counts
    ]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 580 345" font-family="sans-serif" '
        'font-size="13">'
        '<rect width="580" height="345" fill="white"/><path d="M60,30V300H480" fill="none" stroke="#666"/>'
        + "".join(parts)
        + '<text x="270" y="338" text-anchor="middle">documents</text>'
        '<text x="60" y="20">processor seconds, from 0.1 (both scales logarithmic; dashed: linear)</text>'
        "</svg>\n"
    )


if __name__ == "__main__":
    main()
