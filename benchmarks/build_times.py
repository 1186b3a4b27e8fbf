"""How long a build takes for 50, 100, 200 and 400 documents: first, again, and with one file changed.

``python -m benchmarks.build_times --counts 50 100``. Documents are made by the project's generator.
Each build is a process of its own, as a person would start it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import usable_cores
from tests.corpus.random_documents import write_random


@dataclass(frozen=True, slots=True)
class BuildTiming:
    """Seconds of three builds over the same folder, and its size."""

    documents: int
    megabytes: float
    first: float
    again: float
    one_changed: float


def measure(count: int, folder: Path, seed: int = 7) -> BuildTiming:
    """Make ``count`` documents in ``folder`` and time the builds."""
    raw, data = folder / "raw", folder / "data"
    write_random(raw, seed, count)
    files = sorted(raw.rglob("*.pdf"))
    size = sum(path.stat().st_size for path in files) / 2**20
    first = build(raw, data)
    again = build(raw, data)
    # Trailing bytes after the end of the file make it another document with the same pages.
    with files[0].open("ab") as stream:
        stream.write(b"\n% published again\n")
    return BuildTiming(len(files), size, first, again, build(raw, data))


def build(raw: Path, data: Path) -> float:
    """Seconds of one ``juesuan build``; ends the benchmark with what it said when it fails."""
    begun = time.monotonic()
    command = [
        str(Path(sys.executable).with_name("juesuan")),
        "build",
        "--raw",
        str(raw),
        "--data",
        str(data),
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    if finished.returncode not in (0, 3):
        sys.exit(f"{' '.join(command)} ended with status {finished.returncode}:\n{finished.stderr}")
    return time.monotonic() - begun


HEADER = """\
| documents | MB | first s | s per document | again s | again / first | one changed s | changed / first |
|---:|---:|---:|---:|---:|---:|---:|---:|"""


def row(timing: BuildTiming) -> str:
    """A row of the table: seconds, and what the later builds are of the first."""
    t = timing
    return (
        f"| {t.documents} | {t.megabytes:.1f} | {t.first:.1f} | {t.first / t.documents:.2f} "
        f"| {t.again:.1f} | {t.again / t.first:.2f} | {t.one_changed:.1f} | {t.one_changed / t.first:.2f} |"
    )


def main() -> None:
    """Time the builds and print the table, each row as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--counts", type=int, nargs="+", default=[50, 100, 200, 400])
    arguments = parser.parse_args()
    print(f"{usable_cores()} core(s)\n\n{HEADER}", flush=True)
    for count in arguments.counts:
        folder = Path(tempfile.mkdtemp(prefix="juesuan-bench-"))
        try:
            print(row(measure(count, folder)), flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
