"""Builds killed with SIGKILL at random moments: the last good warehouse stands, the next run makes good.

    python -m benchmarks.killed_builds [--moments 50] [--steps 50] [--seed 1] [--raw raw]

A data folder with a published warehouse (state A) is given one document more, and ``juesuan build`` is
killed at a random moment of its whole length: in turn the whole process group, as a machine that loses its
power, and the building process alone, as the kernel does that runs out of memory. After each kill the
warehouse must be that of A or, once swapped, that of B, table by table, and its record must not say
otherwise; no process may go on. The next run must end as a build of B from nothing does: the same rows, the
same lake byte for byte, no file more and none less. Every fifth kill meets a first build, with nothing
published before it.

``--steps`` kills at random among all steps that the building process takes in the file system, publication's
among them, which last too short to be met by chance. Quick ones stand in for dbt, the checks and the reading
of PDFs there (``tests/warehouse/dying_builds.py``). Exit status 1 where anything of this does not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.settings import Settings
from tests.warehouse.data_folder import DataFolder, different, recorded_version, state_of, table_checksums
from tests.warehouse.dying_builds import Before, die, run, steps_of_a_build
from tests.warehouse.fakes import put

#: The smallest specimens: a build of two documents that is given a third.
DOCUMENTS = (
    "420100-sample-cultural-centre/2024-budget.pdf",
    "420100-sample-cultural-centre/2024-final-accounts.pdf",
    "420100-sample-cultural-centre/2023-final-accounts.pdf",
)
#: Orphans of a killed builder must be gone by then.
ORPHAN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Prepared:
    """A folder with the three documents, the data folder of A kept aside, and what A and B are."""

    root: Path
    before: DataFolder
    after: DataFolder
    seconds: float
    seconds_first: float

    @property
    def raw(self) -> Path:
        """The raw folder of B."""
        return self.root / "raw"

    @property
    def data(self) -> Path:
        """The data folder that builds are killed in; always the same path, for it is part of a version."""
        return self.root / "data"

    @property
    def kept(self) -> Path:
        """The data folder of A."""
        return self.root / "kept"


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill: when, in what stage, and what did not hold after it."""

    after_seconds: float
    stage: str
    whole_group: bool
    is_first_build: bool
    wrong: tuple[str, ...]


def main() -> int:
    """Kill builds and print each as it was; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--raw", type=Path, default=Path("raw"))
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    root = Path(tempfile.mkdtemp(prefix="juesuan-killed-"))
    kills: list[Killed] = []
    try:
        if arguments.steps:
            kills += kill_at_steps(root / "steps", arguments.steps, rng)
        if arguments.moments:
            kills += _run(prepare(root, arguments.raw), arguments.moments, rng)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    stages = ", ".join(f"{n} in {stage}" for stage, n in sorted(Counter(k.stage for k in kills).items()))
    bad = [kill for kill in kills if kill.wrong]
    print(f"\n{len(kills)} kills ({stages}); {len(bad)} after which something did not hold")
    return 1 if bad else 0


def _run(prepared: Prepared, moments: int, rng: random.Random) -> list[Killed]:
    print(f"a build of B takes {prepared.seconds:.1f} s, from nothing {prepared.seconds_first:.1f} s\n")
    print("| kill | after s | in | of | before | not held |\n|---:|---:|---|---|---|---|")
    kills: list[Killed] = []
    while len(kills) < moments:
        number = len(kills)
        is_first = number % 5 == 4
        length = prepared.seconds_first if is_first else prepared.seconds
        kill = kill_one(
            prepared, rng.uniform(0, length), whole_group=number % 2 == 0, is_first_build=is_first
        )
        if kill is None:
            continue  # it was quicker this time: no kill
        kills.append(kill)
        print(
            f"| {len(kills)} | {kill.after_seconds:.1f} | {kill.stage} "
            f"| {'the group' if kill.whole_group else 'the process'} "
            f"| {'nothing' if kill.is_first_build else 'A'} | {'; '.join(kill.wrong) or 'none'} |",
            flush=True,
        )
    return kills


def kill_at_steps(root: Path, count: int, rng: random.Random) -> list[Killed]:
    """Kill builds before steps drawn at random from all that a build takes, each once before any twice."""
    settings = Settings(raw=root / "raw", data=root / "data", workers=1)
    put(settings.raw / "a.pdf", "2023\n1.00\n")
    run(settings)
    before, kept = state_of(settings.data), root / "kept"
    shutil.copytree(settings.data, kept)
    put(settings.raw / "b.pdf", "2023\n2.00\n3.00\n")
    steps = steps_of_a_build(settings, root / "steps.txt")
    shutil.rmtree(settings.data)
    run(settings)
    prepared = Prepared(root, before, state_of(settings.data), 0.0, 0.0)
    drawn: list[int] = []
    while len(drawn) < count:
        drawn += rng.sample(range(len(steps)), min(len(steps), count - len(drawn)))
    print(f"a build takes {len(steps)} steps in the file system\n")
    print("| kill | before step | which is | not held |\n|---:|---:|---|---|")
    kills = []
    for number, step in enumerate(drawn, 1):
        shutil.rmtree(settings.data)
        shutil.copytree(kept, settings.data)
        die(settings, Before(number=step + 1))
        wrong = published_wrong(prepared, is_first_build=False)
        run(settings)
        wrong += [
            f"after the next run: {each}" for each in _differences(state_of(settings.data), prepared.after)
        ]
        print(f"| {number} | {step + 1} | {_plain(steps[step])} | {'; '.join(wrong) or 'none'} |", flush=True)
        kills.append(Killed(0.0, "steps", True, False, tuple(wrong)))
    return kills


def _plain(step: str) -> str:
    """A step without the names that differ from build to build."""
    return re.sub(r"[0-9a-f]{12,}", "…", step)


def prepare(root: Path, raw: Path) -> Prepared:
    """Build A, keep it; build B from A and from nothing, which must be the same."""
    documents = [raw / name for name in DOCUMENTS]
    register = (raw / "register.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    for number, path in enumerate(documents):
        if number == 2:
            finish(root)
            before = state_of(root / "data")
            shutil.copytree(root / "data", root / "kept")
        target = root / "raw" / DOCUMENTS[number]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
        rows = [line for line in register[1:] if line.startswith(DOCUMENTS[: number + 1])]
        (root / "raw" / "register.csv").write_text("".join([register[0], *rows]), encoding="utf-8")
    seconds = finish(root)
    grown = state_of(root / "data")
    shutil.rmtree(root / "data")
    seconds_first = finish(root)
    after = state_of(root / "data")
    if wrong := _differences(grown, after):
        raise SystemExit(f"B from A is not B from nothing: {'; '.join(wrong)}")
    return Prepared(root, before, after, seconds, seconds_first)


def kill_one(prepared: Prepared, seconds: float, *, whole_group: bool, is_first_build: bool) -> Killed | None:
    """Start a build from A (or from nothing), kill it after ``seconds``, look, and run the next one."""
    shutil.rmtree(prepared.data, ignore_errors=True)
    if not is_first_build:
        shutil.copytree(prepared.kept, prepared.data)
    said = prepared.root / "said.txt"
    with said.open("w", encoding="utf-8") as output:
        building = start(prepared.root, output)
        try:
            building.wait(seconds)
            return None
        except subprocess.TimeoutExpired:
            pass
        if whole_group:
            os.killpg(building.pid, signal.SIGKILL)
        else:
            building.kill()
        building.wait()
    wrong = orphans_left(prepared.root)
    stage = _stage(said.read_text(encoding="utf-8"))
    wrong += published_wrong(prepared, is_first_build)
    try:
        finish(prepared.root)
        wrong += [
            f"after the next run: {each}" for each in _differences(state_of(prepared.data), prepared.after)
        ]
    except (subprocess.CalledProcessError, duckdb.Error, OSError) as error:
        wrong.append(f"the next run: {error}")
    return Killed(seconds, stage, whole_group, is_first_build, tuple(wrong))


def published_wrong(prepared: Prepared, is_first_build: bool) -> list[str]:
    """What is wrong with the warehouse that a killed build left published."""
    warehouse = prepared.data / "warehouse.duckdb"
    if not warehouse.is_file():
        return [] if is_first_build else ["the warehouse of A is gone"]
    try:
        tables, recorded = table_checksums(warehouse), recorded_version(prepared.data)
    except (duckdb.Error, OSError, ValueError) as error:
        return [f"the warehouse or its record does not open: {error}"]
    states = [prepared.after] if is_first_build else [prepared.before, prepared.after]
    of = next((state for state in states if state.tables == tables), None)
    if of is None:
        return ["the warehouse is neither that of A nor that of B"]
    # Without a record the next run builds again: a record is only wrong where it names another build.
    return [] if recorded in {"", of.build_version} else ["the record names another build"]


def orphans_left(root: Path) -> list[str]:
    """Processes of a killed builder that live on; waits for them for a while."""
    until = time.monotonic() + ORPHAN_SECONDS
    while (alive := _processes_about(root)) and time.monotonic() < until:
        time.sleep(0.05)
    return [f"{len(alive)} process(es) go on without their builder"] if alive else []


def _processes_about(root: Path) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                if f"JUESUAN_DATA={root}".encode() in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def start(root: Path, output: object = None) -> subprocess.Popen[str]:
    """Start ``juesuan build`` in a process group of its own."""
    return subprocess.Popen(
        [str(Path(sys.executable).with_name("juesuan")), "build"],
        env={**os.environ, "JUESUAN_RAW": str(root / "raw"), "JUESUAN_DATA": str(root / "data")},
        stdout=output or subprocess.DEVNULL,  # type: ignore[call-overload]
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def finish(root: Path) -> float:
    """Run a build to its end; its seconds. Raises ``CalledProcessError`` where it fails."""
    began = time.monotonic()
    status = start(root).wait()
    if status not in (0, 3):
        raise subprocess.CalledProcessError(status, "juesuan build")
    return time.monotonic() - began


def _differences(found: DataFolder, expected: DataFolder) -> list[str]:
    wrong = []
    if tables := different(found.tables, expected.tables):
        wrong.append(f"other rows in {tables}")
    if found.build_version != expected.build_version:
        wrong.append("another build version")
    if files := different(found.files, expected.files):
        wrong.append(f"other files: {files}")
    return wrong


def _stage(said: str) -> str:
    for words, stage in (
        ("checking it", "checks or publication"),
        ("building the warehouse", "dbt"),
        ("reading", "reading"),
    ):
        if words in said:
            return stage
    return "listing"


if __name__ == "__main__":
    sys.exit(main())
