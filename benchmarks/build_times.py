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
    """Seconds of one ``juesuan build``; raises ``CalledProcessError`` when it fails."""
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
        raise subprocess.CalledProcessError(finished.returncode, command, finished.stdout, finished.stderr)
    return time.monotonic() - begun


def report(timings: list[BuildTiming]) -> str:
    """A Markdown table."""
    lines = [
        "| documents | MB | first build s | s per document | again s | one changed s |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {t.documents} | {t.megabytes:.1f} | {t.first:.1f} | {t.first / t.documents:.2f} "
        f"| {t.again:.1f} | {t.one_changed:.1f} |"
        for t in timings
    ]
    return "\n".join(lines)


def main() -> None:
    """Time the builds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--counts", type=int, nargs="+", default=[50, 100, 200, 400])
    arguments = parser.parse_args()
    timings = []
    for count in arguments.counts:
        folder = Path(tempfile.mkdtemp(prefix="juesuan-bench-"))
        try:
            timings.append(measure(count, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(report(timings))


if __name__ == "__main__":
    main()
