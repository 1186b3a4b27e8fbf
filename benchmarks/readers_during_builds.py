"""Ten readers query in a loop while three builds run, one of which is killed half-way.

``python -m benchmarks.readers_during_builds RAW``. The real product in real processes: each reader
opens the warehouse anew for every query, as analysts' tools do. Prints how many queries each answered
and every error; exit status 1 if there was one.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from multiprocessing.managers import DictProxy
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

READERS = 10

# All in one statement, so that what it compares is of one moment: every fact points to a cell and a
# disclosure of the same build, and the sheet of the department agrees with the facts.
QUESTION = """
SELECT
    (SELECT count(*) FROM fct_statement_totals ANTI JOIN fct_cells USING (cell_id)),
    (SELECT count(*) FROM fct_identity_results ANTI JOIN dim_disclosure USING (disclosure_id)),
    (SELECT count(*) FROM fct_cells),
    (SELECT count(*) FROM dim_document)
"""


def read(warehouse: Path, stop: Event, answers: DictProxy[int, tuple[int, int, str]], number: int) -> None:
    """Ask until told to stop; records how many answers there were, how many builds were seen, an error."""
    count, seen = 0, set()
    error = ""
    while not stop.is_set() and not error:
        try:
            with duckdb.connect(str(warehouse), read_only=True) as connection:
                row = connection.execute(QUESTION).fetchone()
            seen.add(warehouse.stat().st_ino)
            if row is None or row[0] or row[1] or not row[2]:
                error = f"not whole: {row}"
            count += 1
        except (duckdb.Error, OSError) as problem:
            error = repr(problem)
    answers[number] = (count, len(seen), error)


def start_build(raw: Path, data: Path) -> subprocess.Popen[str]:
    """Start ``juesuan build --full`` in a process group of its own."""
    juesuan = str(Path(sys.executable).with_name("juesuan"))
    command = [juesuan, "build", "--full", "--raw", str(raw), "--data", str(data)]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def kill_half_way(building: subprocess.Popen[str], data: Path) -> str:
    """Kill a build, its dbt with it, once the warehouse it is building has tables in it."""
    until = time.monotonic() + 300
    while time.monotonic() < until and building.poll() is None:
        half = [path for path in data.glob("next/*/warehouse.duckdb*") if path.stat().st_size > 2**20]
        if half:
            os.killpg(building.pid, signal.SIGKILL)
            building.wait()
            return f"killed with {half[0].stat().st_size / 2**20:.1f} MB built"
        time.sleep(0.02)
    return "ended before it could be killed"


def main() -> int:
    """Run it and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("raw", type=Path)
    raw = parser.parse_args().raw
    data = Path(tempfile.mkdtemp(prefix="juesuan-readers-"))
    try:
        return _run(raw, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _run(raw: Path, data: Path) -> int:
    first = start_build(raw, data)
    _, said = first.communicate()
    if first.returncode not in (0, 3):
        print(said)
        return 1
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    with context.Manager() as manager:
        answers: DictProxy[int, tuple[int, int, str]] = manager.dict()
        readers = [
            context.Process(target=read, args=(data / "warehouse.duckdb", stop, answers, number))
            for number in range(READERS)
        ]
        for reader in readers:
            reader.start()
        for number in range(1, 4):
            begun = time.monotonic()
            building = start_build(raw, data)
            if number == 2:
                print(f"build {number}: {kill_half_way(building, data)}")
                continue
            _, said = building.communicate()
            print(f"build {number}: exit {building.returncode} after {time.monotonic() - begun:.1f} s")
        stop.set()
        for reader in readers:
            reader.join()
        found = dict(answers)
    for number, (count, seen, error) in sorted(found.items()):
        print(f"reader {number}: {count} answers from {seen} builds; {error or 'no error'}")
    with contextlib.suppress(FileNotFoundError):
        print(f"left in next/: {[path.name for path in (data / 'next').iterdir()]}")
    return int(any(error for _, _, error in found.values()) or len(found) < READERS)


if __name__ == "__main__":
    sys.exit(main())
