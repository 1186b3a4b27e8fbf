"""What becomes of broken and bombing files: outcome, worst time and memory by kind.

``python -m benchmarks.hostile_files [FOLDER]``: FOLDER holds good PDFs that are broken in many ways besides
the ones the project makes itself. Exit status 1 where a file ends as it must not: a crash, a hang that
only the limit ends, where it need not be, a silent empty, a figure lost without a word.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from pipelines.settings import Reader, usable_cores
from tests.extraction.hostile import all_kinds
from tests.extraction.hostile.building import HostileFile, one_page
from tests.extraction.hostile.mutations import mutations
from tests.extraction.hostile.trial import Verdict, tried

#: Bigger files are not mutated: they cost time and break in no other way.
MOST_BYTES = 400_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Read all hostile files with the readers asked for and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("raw"))
    parser.add_argument("--mutations", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", choices=("pdfplumber", "pdfium"), action="append")
    parser.add_argument("--kind", action="append", help="only this kind")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--memory-mb", type=int, default=1500)
    parser.add_argument("--all", action="store_true", help="a line for every file")
    chosen = parser.parse_args(arguments)
    files = [*all_kinds(), *mutations(_bases(chosen.folder), chosen.mutations, chosen.seed)]
    if chosen.kind:
        files = [file for file in files if file.kind in chosen.kind]
    worst = 0
    for reader in chosen.reader or ("pdfplumber", "pdfium"):
        worst |= _try(files, reader, chosen)
    return worst


def _bases(folder: Path) -> list[tuple[str, bytes]]:
    paths = sorted(path for path in folder.rglob("*.pdf") if path.stat().st_size <= MOST_BYTES)
    return [("made", one_page()), *((path.stem, path.read_bytes()) for path in paths)]


def _try(files: Sequence[HostileFile], reader: Reader, chosen: argparse.Namespace) -> int:
    begun = time.monotonic()
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory() as folder:
        good = Path(folder) / "good.pdf"
        good.write_bytes(one_page())
        limits = {"workers": usable_cores(), "seconds": chosen.seconds, "memory_mb": chosen.memory_mb}
        for verdict in tried(files, Path(folder), reader, good, **limits):
            verdicts.append(verdict)
            if chosen.all:
                _print_file(verdict)
    print(f"\n### {reader}: {len(files)} files in {time.monotonic() - begun:.0f} s\n")
    print("| kind | files | outcomes | slowest (s) | most memory (MB) |\n|---|---:|---|---:|---:|")
    by_kind: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_kind[verdict.file.kind].append(verdict)
    for kind, own in by_kind.items():
        ends = Counter(_end(verdict) for verdict in own)
        slowest, biggest = max(v.seconds for v in own), max(v.told.peak_mb for v in own)
        said = ", ".join(f"{end} {count}" for end, count in ends.most_common())
        print(f"| {kind} | {len(own)} | {said} | {slowest:.1f} | {biggest:.0f} |")
    bad = [verdict for verdict in verdicts if verdict.faults]
    print(f"\n{len(bad)} of {len(verdicts)} readings ended as they must not.")
    for verdict in bad:
        _print_file(verdict)
    return 1 if bad else 0


def _end(verdict: Verdict) -> str:
    told = verdict.told
    return told.outcome if told.outcome != "set_aside" else f"set_aside:{told.reasons[0]}"


def _print_file(verdict: Verdict) -> None:
    told = verdict.told
    pages = f" pages {','.join(map(str, told.pages[:8]))}" if told.pages else ""
    print(
        f"{verdict.seconds:6.1f} s {told.peak_mb:6.0f} MB  {verdict.file.kind}: {verdict.file.name}: "
        f"{_end(verdict)} [{' '.join(told.reasons)}]{pages} {told.message[:110]} {'; '.join(verdict.faults)}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
