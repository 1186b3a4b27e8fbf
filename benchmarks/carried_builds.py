"""Builds that carry rows over, each beside a build of everything: the same tables, for how much less?

    python -m benchmarks.carried_builds [--documents 1200] [--weeks 4] [--seed 1] [--root DIR]

The lake is that of ``benchmarks.scale`` (``scale_documents``): regions of 400 documents, several in one
province. In each week files of one region are taken away, those of an earlier week are put back, or a
partition of a new region comes; then the warehouse is built twice, carrying over what did not change, and
whole. The exit status is 1 where a table differs by a row. Read the processor seconds on a machine that
others use.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.scale import Step, measured
from benchmarks.scale_steps import settings_of
from tests.warehouse.data_folder import table_checksums

#: Files that are taken away in a week.
TAKEN = 12
HEADER = """\
| week | what happened | documents | carried over: wall s | processor s | MB \
| whole: wall s | processor s | MB | \
share of the processor | file, of that made whole | tables that differ |
|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|"""


def change(root: Path, templates: Path, aside: Path, rng: random.Random) -> str:
    """Change one region's files; says how."""
    raw = settings_of(root).raw
    kinds = ["taken away", "taken away", "one partition more", "put back"]
    kind = rng.choice(kinds if any(aside.rglob("*.pdf")) else kinds[:3])
    if kind == "one partition more" and not (root / "has_more").exists():
        measured(0, "more", root, templates)
        (root / "has_more").touch()
        return kind
    if kind == "put back":
        moved = _move(sorted(aside.rglob("*.pdf")), aside, raw)
        return f"{moved} files put back"
    region = rng.choice(sorted({path.name[:6] for path in raw.iterdir() if path.is_dir()}))
    files = sorted(raw.glob(f"{region}-*/*.pdf"))
    moved = _move(rng.sample(files, min(TAKEN, len(files))), raw, aside)
    return f"{moved} files of {region} taken away"


def _move(files: list[Path], here: Path, there: Path) -> int:
    for file in files:
        target = there / file.relative_to(here)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
    return len(files)


def row(week: int, told: str, carried: Step, whole: Step, size: float, differing: list[str]) -> str:
    """A week as a row."""
    documents = carried.counted["documents"]
    return (
        f"| {week} | {told} | {documents:,} | {carried.wall:.1f} | {carried.processor:.1f} "
        f"| {carried.megabytes:.0f} | {whole.wall:.1f} | {whole.processor:.1f} | {whole.megabytes:.0f} "
        f"| {carried.processor / whole.processor:.1%} | {size:.2f} | {', '.join(differing) or 'none'} |"
    )


def run(documents: int, weeks: int, seed: int, root: Path) -> bool:
    """Weeks one after the other; whether all tables were the same."""
    templates, folder, aside = root / "templates", root / str(documents), root / "aside"
    if not (templates / "raw").is_dir():
        measured(104, "make", templates, 104)
        measured(104, "read", templates)
    if not (folder / "data").is_dir():
        measured(documents, "copies", folder, templates, documents)
    measured(documents, "whole", folder)
    warehouse = settings_of(folder).warehouse
    rng = random.Random(seed)
    print(HEADER, flush=True)
    same = True
    for week in range(1, weeks + 1):
        told = change(folder, templates, aside, rng)
        carried = measured(documents, "one_more", folder)
        kept = root / "carried.duckdb"
        shutil.copyfile(warehouse, kept)
        whole = measured(documents, "whole", folder)
        one, other = table_checksums(kept), table_checksums(warehouse)
        differing = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
        size = kept.stat().st_size / warehouse.stat().st_size
        print(row(week, told, carried, whole, size, differing), flush=True)
        same = same and not differing
    return same


def main() -> int:
    """Run the weeks; the exit status says whether carrying over made the tables of a whole build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=1200)
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--root", type=Path, help="keep the folders here instead of a temporary place")
    arguments = parser.parse_args()
    root = arguments.root or Path(tempfile.mkdtemp(prefix="juesuan-carried-"))
    try:
        return 0 if run(arguments.documents, arguments.weeks, arguments.seed, root) else 1
    finally:
        if arguments.root is None:
            shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
