"""Tries the properties of ``tests/fuzzing`` for as long as it is told to, and says what does not hold.

``python -m benchmarks.fuzzing --minutes 30 --seed 1``: minutes of wall clock; the same seed tries the same.
Exit status 1 where something did not hold; each such thing is printed once, with the smallest example.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from pipelines.settings import Reader
from tests.corpus.document import make
from tests.corpus.random_documents import random_documents
from tests.extraction.hostile import all_kinds
from tests.extraction.hostile.building import HostileFile, one_page
from tests.extraction.hostile.mutations import mutations
from tests.extraction.hostile.trial import tried
from tests.fuzzing import made_statements, printed_pages, sentences, tables
from tests.fuzzing.properties import Property

PROPERTIES = tuple(
    one for each in (tables, made_statements, sentences, printed_pages) for one in each.PROPERTIES
)
READERS: tuple[Reader, ...] = ("pdfium", "pdfplumber")
#: Bigger files are not mutated: they cost time and break in no other way.
MOST_BYTES = 300_000
ROOT = Path(__file__).resolve().parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Go round all properties and files until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=100, help="of each property in one round")
    parser.add_argument("--files", type=int, default=20, help="mutated and read by each reader in one round")
    parser.add_argument("--only", action="append", help="properties whose name begins so; 'files'")
    chosen = parser.parse_args(arguments)
    end = time.monotonic() + 60 * chosen.minutes
    tries: Counter[str] = Counter()
    failures: dict[str, str] = {}
    wanted = tuple(chosen.only or ("",))
    bases = list(_bases()) if "files".startswith(wanted) else []
    for round_ in itertools.count():
        for one in (p for p in PROPERTIES if p.name.startswith(wanted)):
            if time.monotonic() < end:
                _note(failures, _tried(one, chosen.seed * 10_000 + round_, chosen.examples, tries))
        for reader in READERS if bases else ():
            if time.monotonic() < end:
                _note(
                    failures, _files_tried(bases, chosen.seed * 10_000 + round_, chosen.files, reader, tries)
                )
        if time.monotonic() >= end:
            break
    for name, count in tries.items():
        print(f"{count:9,}  {name}")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(each.ru_utime + each.ru_stime for each in used)
    print(f"{seconds / 60:.1f} minutes of processor time; {len(failures)} things do not hold")
    return 1 if failures else 0


def _note(failures: dict[str, str], found: Iterator[tuple[str, str]]) -> None:
    for key, told in found:
        if key not in failures:
            failures[key] = told
            print(f"--- {key}\n{told}\n", flush=True)


def _tried(one: Property, seed_: int, examples: int, tries: Counter[str]) -> Iterator[tuple[str, str]]:
    """Where a property does not hold: what kind of failure, and the smallest example of it."""
    last: list[object] = []

    def check(value: object) -> None:
        tries[one.name] += 1
        try:
            one.check(value)
        except Exception:
            last[:] = [value]
            raise

    run = seed(seed_)(given(one.values)(check))
    run = settings(
        max_examples=examples, deadline=None, database=None, derandomize=False, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
    )(run)  # fmt: skip
    try:
        run()
    except Exception as error:
        errors = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
        for each in errors:
            where = traceback.extract_tb(each.__traceback__)[-1]
            said = f"{type(each).__name__}: {str(each)[:600]}\nseed {seed_}: {one.show(last[0])[:3000]}"
            yield f"{one.name}: {type(each).__name__} at {Path(where.filename).name}:{where.lineno}", said


def _bases() -> Iterator[tuple[str, bytes]]:
    """Good files and bad ones to be changed: published specimens, generated documents, hostile files."""
    yield "made", one_page()
    for path in sorted((ROOT / "raw").rglob("*.pdf"))[::4]:
        if path.stat().st_size <= MOST_BYTES:
            yield path.stem, path.read_bytes()
    for k, each in enumerate(itertools.islice(random_documents(77, 6), 6)):
        yield f"random {k}", make(each.plan).pdf
    hostile = [file for file in all_kinds() if file.kind not in ("bombs", "bombs elsewhere", "operators")]
    for file in hostile[::7]:
        yield f"{file.kind} {file.name}", file.make()


def _files_tried(
    bases: Sequence[tuple[str, bytes]], seed_: int, count: int, reader: Reader, tries: Counter[str]
) -> Iterator[tuple[str, str]]:
    """The mutated files that end as they must not, or only because their time was up."""
    at = seed_ * count % len(bases)
    files: list[HostileFile] = list(mutations([*bases[at:], *bases[:at]], count, seed_))
    with tempfile.TemporaryDirectory() as folder:
        good = Path(folder) / "good.pdf"
        good.write_bytes(one_page())
        for verdict in tried(files, Path(folder), reader, good, workers=1, seconds=120, recycle_after=20):
            tries[f"files: {reader}"] += 1
            faults = list(verdict.faults)
            if {"time_limit", "memory_limit"} & set(verdict.told.reasons):
                faults.append(verdict.told.message)
            for fault in faults:
                yield f"files: {reader}: {fault[:60]}", f"seed {seed_}: {verdict.file.name}: {verdict.told}"


if __name__ == "__main__":
    sys.exit(main())
