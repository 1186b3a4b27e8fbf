"""Repairs of planted misreadings: how many are right, how many errors are left, and that none is wrong.

    python -m benchmarks.repairs FILE.pdf ... [--seeds 100] [--errors 0.3 1 3]

The figures of documents with a text layer are misread as readers of pictures misread
(``tests.warehouse.misreadings``; the same seed plants the same), with that many times the usual errors.
Exit status 1 where any figure is repaired to anything but what is printed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random

from pipelines.extraction import read_document
from pipelines.statements import understand
from pipelines.warehouse.equations import equations_of
from pipelines.warehouse.identities import Printed
from tests.warehouse.misreadings import Outcome, Rates, try_repair


def main() -> int:
    """Measure, and print a Markdown table with a row for each document and rate of errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--errors", type=float, nargs="*", default=[0.1, 0.3, 1.0, 3.0])
    arguments = parser.parse_args()
    print(
        "| document | errors × | trials | figures | wrong, true digit proposed | not proposed | not doubted "
        "| missed | repaired | repaired wrongly | left wrong | of these in doubt | in doubt of all |"
    )
    print("|---" + "|---:" * 12 + "|")
    total = Outcome()
    for path in arguments.files:
        understood = understand(read_document(path, "0" * 16), file_name=path.name)
        items = understood.line_items
        equations = equations_of(Printed("0" * 16, understood.identification, understood.statements, items))
        for times in arguments.errors:
            outcome = Outcome()
            for seed in range(arguments.seeds):
                random = Random(f"{path.name} {times} {seed}")
                outcome.add(try_repair(items, equations, random, Rates().times(times)))
            print(_row(path.name, times, outcome), flush=True)
            total.add(outcome)
    print(_row("all", None, total))
    for wrong in total.wrong_ones:
        print(wrong, file=sys.stderr)
    return 1 if total.wrong_ones else 0


def _row(name: str, times: float | None, outcome: Outcome) -> str:
    planted = (outcome.planted.get(kind, 0) for kind in ("among", "not_among", "unnoticed", "missed"))
    return (
        f"| {name} | {times or ''} | {outcome.documents} | {outcome.figures} "
        + "".join(f"| {count} " for count in planted)
        + f"| {outcome.repaired} | {outcome.wrongly} | {outcome.left} | {outcome.left_in_doubt} "
        f"| {100 * outcome.in_doubt / max(outcome.figures, 1):.1f} % |"
    )


if __name__ == "__main__":
    sys.exit(main())
