"""One build of 250 to 2,000 disclosures, reading apart: all identities, claims and suites. How does it grow?

    python -m benchmarks.checked_builds [--counts 250 500 1000 2000] [--root DIR] [--seconds 60 --at 1000]

The lake of each size is that of ``benchmarks.scale``: copies of the readings of 104 generated PDFs under
other departments' names, one in twenty with a wrong digit. What is measured is the product's own build with
nothing left to read: listing the folder, dbt's models and tests, contradictions, Great Expectations,
publication. On a machine that others use read the processor seconds; on a free one the wall clock. With
``--seconds`` the exit status is 1 where the build of ``--at`` documents took longer.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.scale import Step, measured
from pipelines.settings import usable_cores

HEADER = """\
| disclosures | wall s | processor s | MB | listing s | dbt s | checks, publication s | \
identities judged | claims | rules | findings | documents x | processor x |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


def row(step: Step, smaller: Step | None) -> str:
    """A size as a row: what it took, what it judged, and by what both grew since the size before."""
    counted = step.counted
    stages = " | ".join(f"{counted[name]:.1f}" for name in ("listing_s", "dbt_s", "checks_and_publication_s"))
    judged = " | ".join(f"{counted[name]:,}" for name in ("identities_judged", "claims", "rules", "findings"))
    grown = (
        f"{step.documents / smaller.documents:.2f} | {step.processor / smaller.processor:.2f}"
        if smaller
        else " | "
    )
    return (
        f"| {counted['disclosures']:,} | {step.wall:.1f} | {step.processor:.1f} | {step.megabytes:.0f} "
        f"| {stages} | {judged} | {grown} |"
    )


def run(counts: Sequence[int], root: Path) -> list[Step]:
    """Measure each size, the smallest first, and print it; lakes that are there are used as they are."""
    templates = root / "templates"
    if not (templates / "raw").is_dir():
        measured(104, "make", templates, 104)
        measured(104, "read", templates)
    print(f"{usable_cores()} core(s)\n\n{HEADER}", flush=True)
    steps: list[Step] = []
    for count in sorted(counts):
        folder = root / str(count)
        if not (folder / "data").is_dir():
            measured(count, "copies", folder, templates, count)
        steps.append(measured(count, "whole", folder))
        print(row(steps[-1], steps[-2] if len(steps) > 1 else None), flush=True)
    return steps


def main() -> int:
    """Measure, and say by the exit status whether a limit that was given is kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--counts", type=int, nargs="+", default=[250, 500, 1000, 2000])
    parser.add_argument("--root", type=Path, help="keep the folders here instead of a temporary place")
    parser.add_argument("--seconds", type=float, help="the wall clock that the build of --at may take")
    parser.add_argument("--at", type=int, default=1000)
    arguments = parser.parse_args()
    root = arguments.root or Path(tempfile.mkdtemp(prefix="juesuan-builds-"))
    try:
        steps = run(arguments.counts, root)
    finally:
        if arguments.root is None:
            shutil.rmtree(root, ignore_errors=True)
    late = [
        step for step in steps if step.documents == arguments.at and step.wall > (arguments.seconds or 1e9)
    ]
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
