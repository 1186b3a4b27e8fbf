"""What Dagster costs: wall time of a run that reads documents, over the bare function on the same documents.

``python -m benchmarks.orchestration --documents 1000``. The documents are three pages each of a few made by
the project's generator, each again and again under other bytes (a comment after the end of the file), so
that each is a document of its own. Bare and Dagster take turns, in processes of their own, each into an
empty data folder; the time is that of the work (from the listing of the folder to the last document
written), not of starting Python and importing, which is told apart. Processor seconds are of all processes,
reading workers and imports included: the figure to compare by where others use the machine. Exits with 1
where Dagster's run takes more than 1.10 of the bare one.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2

from pipelines.settings import Settings
from tests.corpus.random_documents import write_random

LIMIT = 1.10
# Documents that differ in more than their bytes, and the pages taken of each: with statements on them.
DIFFERENT = 8
_PR_SET_CHILD_SUBREAPER = 36
PAGES = (4, 5, 6)


def make_documents(raw: Path, count: int) -> None:
    """``count`` documents of three pages in ``raw``, over five years of one region."""
    with tempfile.TemporaryDirectory(prefix="orchestration.") as made:
        write_random(Path(made), 7, DIFFERENT)
        originals = [_some_pages(path) for path in sorted(Path(made).rglob("*.pdf"))[:DIFFERENT]]
    rows = ["path,department,region_code,fiscal_year,kind"]
    for number in range(count):
        name = f"{number:06d}.pdf"
        content = originals[number % len(originals)]
        (raw / name).write_bytes(content + f"\n% copy {number}\n".encode())
        rows.append(f"{name},样例局{number},420100,{2020 + number % 5},final_accounts")
    (raw / "register.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _some_pages(path: Path) -> bytes:
    whole, part = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    part.import_pages(whole, [page for page in PAGES if page < len(whole)])
    written = io.BytesIO()
    part.save(written)
    return written.getvalue()


def run_bare(settings: Settings) -> int:
    """List and read, as ``juesuan build`` does; returns how many documents were read."""
    from pipelines.warehouse.build import list_raw, read_new
    from pipelines.warehouse.locking import build_lock

    with build_lock(settings.data):
        documents, _ = read_new(settings, list_raw(settings))
    return len(documents)


def run_dagster(settings: Settings) -> int:
    """The same through the assets, as ``one_partition`` does, over all years and with its records kept."""
    from dagster import (
        AssetKey,
        DagsterInstance,
        Definitions,
        FilesystemIOManager,
        define_asset_job,
        in_process_executor,
    )

    from pipelines.acquisition.partitions import REGIONS
    from pipelines.dagster_settings import HANDOVER, JuesuanResource
    from pipelines.warehouse.assets import raw_inventory
    from pipelines.warehouse.reading_assets import build_reading_assets

    home = settings.data / "dagster_home"
    home.mkdir(parents=True)
    resource = JuesuanResource(raw=str(settings.raw), data=str(settings.data))
    defs = Definitions(
        [raw_inventory, build_reading_assets()],
        resources={"juesuan": resource, HANDOVER: FilesystemIOManager(base_dir=str(settings.handover))},
        jobs=[define_asset_job("read", "*", executor_def=in_process_executor)],
    )
    with DagsterInstance.local_temp(str(home)) as instance:
        instance.add_dynamic_partitions(REGIONS, ["420100"])
        tags = {
            "dagster/asset_partition_range_start": "2020|420100",
            "dagster/asset_partition_range_end": "2024|420100",
        }
        run = defs.resolve_job_def("read").execute_in_process(instance=instance, tags=tags)
        event = instance.get_latest_materialization_event(AssetKey(["lake", "documents"]))
        assert run.success and event and event.asset_materialization
        return int(str(event.asset_materialization.metadata["documents_read_now"].value))


def one(kind: str, raw: Path, data: Path, workers: int) -> None:
    """One measurement, in this process; prints it as JSON."""
    begun = time.monotonic()
    from pipelines.warehouse import reading  # noqa: F401  imported by both, and not their work

    if kind == "dagster":
        from pipelines.warehouse import assets, reading_assets  # noqa: F401
    started = time.monotonic()
    settings = Settings(raw=raw, data=data, workers=workers)
    read = (run_dagster if kind == "dagster" else run_bare)(settings)
    done = time.monotonic()
    print(json.dumps({"read": read, "seconds": done - started, "import": started - begun}))


def measured(kind: str, raw: Path, data: Path, workers: int) -> dict[str, float]:
    """One measurement, in a process of its own; ``processor`` are the seconds of it and all it started."""
    before = _processor_seconds()
    command = [sys.executable, "-m", "benchmarks.orchestration", "--one", kind]
    command += ["--raw", str(raw), "--data", str(data), "--workers", str(workers)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        sys.exit(f"{kind} failed:\n{finished.stderr[-2000:]}")
    found: dict[str, float] = json.loads(finished.stdout.splitlines()[-1])
    _wait_for_orphans()
    return {**found, "processor": _processor_seconds() - before}


def _processor_seconds() -> float:
    used = os.times()
    return used.children_user + used.children_system


def _adopt_orphans() -> None:
    """Have the kernel give this process what its children leave: the server that forks reading workers.

    What it and its workers used is counted once it was waited for. Only Linux can do this.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _wait_for_orphans() -> None:
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def compare(documents: int, rounds: int, workers: int) -> int:
    """Measure in turns and print the table; returns the exit status."""
    _adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="orchestration.") as folder:
        root = Path(folder)
        (root / "raw").mkdir()
        make_documents(root / "raw", documents)
        print(
            "| round | documents | bare s | Dagster s | Dagster / bare | imports s (bare, Dagster) "
            "| processor s (bare, Dagster) |"
        )
        print("|---:|---:|---:|---:|---:|---:|---:|")
        sums = {"bare": 0.0, "dagster": 0.0}
        processor = {"bare": 0.0, "dagster": 0.0}
        for number in range(rounds):
            # Who goes first changes: a machine that others use too is faster at one moment than at another.
            order = ("bare", "dagster") if number % 2 == 0 else ("dagster", "bare")
            found = {kind: measured(kind, root / "raw", root / f"{kind}{number}", workers) for kind in order}
            bare, dagster = found["bare"], found["dagster"]
            if not bare["read"] == dagster["read"] == documents:
                sys.exit(f"read {bare['read']} and {dagster['read']} of {documents}")
            for kind in sums:
                sums[kind] += found[kind]["seconds"]
                processor[kind] += found[kind]["processor"]
            print(
                f"| {number + 1} | {documents} | {bare['seconds']:.1f} | {dagster['seconds']:.1f} "
                f"| {dagster['seconds'] / bare['seconds']:.3f} "
                f"| {bare['import']:.1f}, {dagster['import']:.1f} "
                f"| {bare['processor']:.1f}, {dagster['processor']:.1f} |",
                flush=True,
            )
    ratio = sums["dagster"] / sums["bare"]
    print(f"\nDagster / bare over all rounds: {ratio:.3f} (limit {LIMIT:.2f})")
    of_processor = processor["dagster"] / processor["bare"]
    print(
        f"of processor seconds, which a busy machine does not stretch, imports included: {of_processor:.3f}"
    )
    return int(ratio > LIMIT)


def main() -> int:
    """Compare, or measure one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one", choices=["bare", "dagster"], help=argparse.SUPPRESS)
    parser.add_argument("--raw", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one, given.raw, given.data, given.workers)
        return 0
    return compare(given.documents, given.rounds, given.workers)


if __name__ == "__main__":
    sys.exit(main())
