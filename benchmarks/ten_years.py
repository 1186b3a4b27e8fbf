"""Ten years of weekly runs with all that goes wrong in years, and one build from nothing beside them.

    python -m benchmarks.ten_years [--years 10] [--departments 6] [--seed 1]

The invented region and its mishaps are those of ``tests/warehouse/years.py``: builds and workers killed, a
full disk, identities that do not parse, a bad version of the reader that is rolled back. Every run is looked
at: what is published is whole, and a run that failed published nothing. At the end the rows must be those of
a build from nothing. Exit status 1 where anything does not hold.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pipelines.settings import Settings
from tests.warehouse.data_folder import different, table_checksums
from tests.warehouse.dying_builds import run
from tests.warehouse.weekly_runs import run_weeks
from tests.warehouse.years import understand_planned, weeks

#: The generator makes no documents of years long before this one.
FIRST = 2021


def main() -> int:
    """Run the years and print what came of them; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--departments", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="juesuan-years-"))
    try:
        return _run(root, arguments.years, arguments.departments, arguments.seed)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _run(root: Path, years: int, departments: int, seed: int) -> int:
    settings = Settings(raw=root / "raw", data=root / "data")
    every = list(weeks(FIRST, FIRST - 1 + years, departments=departments, seed=seed))
    began = time.process_time()
    outcomes = run_weeks(settings, every, seed)
    taken = time.process_time() - began
    mishaps = ", ".join(
        f"{n} {name}" for name, n in sorted(Counter(w.mishap for w in every if w.mishap).items())
    )
    wrong = [f"{week.day} ({week.mishap or 'no mishap'}): {each}" for week, o in outcomes for each in o.wrong]
    lived = table_checksums(settings.warehouse)
    shutil.rmtree(settings.data)
    built = run(settings, understand=understand_planned)
    # Else two builds that read nothing would be the same.
    wrong += [
        f"at the end: {each.source_path} is set aside: {each.message}" for each in built.summary.set_aside
    ]
    if other := different(lived, table_checksums(settings.warehouse)):
        wrong.append(f"at the end: other rows than from nothing in {other}")
    n_files = sum(len(week.published) for week in every)
    print(f"{len(every)} weeks, {n_files} files published; mishaps: {mishaps}")
    print(
        f"{sum(o.is_new for _, o in outcomes)} weeks published something new; {taken:.0f} s of processor time"
    )
    print("\n".join(wrong) or "each week whole; at the end the same rows as from nothing")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
