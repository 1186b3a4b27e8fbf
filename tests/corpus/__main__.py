"""``python -m tests.corpus``: make the committed documents, their truth, or random ones."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from tests.corpus.drawing import Rules
from tests.corpus.random_documents import write_random
from tests.corpus.raw import make_raw, write_raw
from tests.corpus.truth import write_truth

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    """Parse the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    raw = commands.add_parser("raw", help="make raw/ again, byte for byte")
    raw.add_argument("folder", nargs="?", type=Path, default=ROOT / "raw")
    truth = commands.add_parser("truth", help="write the truth of raw/ as CSV")
    truth.add_argument("out", type=Path)
    truth.add_argument("--only", default="", help="documents whose path contains this")
    random_ = commands.add_parser(
        "random", help="write consistent random documents with register.csv and truth.csv"
    )
    random_.add_argument("folder", type=Path)
    random_.add_argument("--seed", type=int, default=1)
    random_.add_argument("--count", type=int, default=50)
    random_.add_argument("--open-tables", action="store_true", help="also tables without rules between cells")
    random_.add_argument("--rules", choices=get_args(Rules), help="rule all tables in this way")
    arguments = parser.parse_args()
    if arguments.command == "raw":
        print(f"{write_raw(arguments.folder)} documents in {arguments.folder}")
    elif arguments.command == "random":
        count = write_random(
            arguments.folder,
            arguments.seed,
            arguments.count,
            open_tables=arguments.open_tables,
            rules=arguments.rules,
        )
        print(f"{count} documents in {arguments.folder}")
    elif arguments.command == "truth":
        rows = (row for _, made in make_raw(arguments.only) for row in made.truth)
        print(f"{write_truth(arguments.out, rows)} amounts in {arguments.out}")


if __name__ == "__main__":
    main()
