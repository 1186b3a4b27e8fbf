"""Faults of every kind planted into documents of invented departments: planted, found, named, false alarms.

    python -m benchmarks.planted_faults [--seeds 3] [--kind NAME ...] [--verbose]

One fault of each kind (``tests/corpus/fault_kinds.yaml``) per seed and region's form. The documents are drawn
as PDFs and read by the rooms, so a fault that is not found may be one that was not read. Exit status 1 where
a fault is not found or not named, or anything else is told of its documents.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from time import process_time

from tests.corpus.fault_kinds import fault_kinds
from tests.corpus.planted_kinds import Outcome, outcomes, trials


def main() -> int:
    """Measure, and print what came out as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--kind", action="append", default=[], help="only this kind; may be given again")
    parser.add_argument("--family", action="append", default=[], help="only in this region's form")
    parser.add_argument("--verbose", action="store_true", help="what was told where something is amiss")
    arguments = parser.parse_args()
    kinds = [kind for kind in fault_kinds() if not arguments.kind or kind.kind_id in arguments.kind]
    began = process_time()
    found: dict[str, list[Outcome]] = defaultdict(list)
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        for outcome in outcomes(list(trials(kinds, seed, arguments.family))):
            found[outcome.trial.kind.kind_id].append(outcome)
            if arguments.verbose and not (outcome.told and outcome.is_named and not outcome.others):
                _tell(outcome)
    print("| kind | breaks | planted | found | named | false alarms |")
    print("|---|---|---:|---:|---:|---:|")
    for kind in kinds:
        print(f"| {kind.kind_id} | {kind.says} {_counts(found[kind.kind_id])}")
    every = [outcome for each in found.values() for outcome in each]
    print(f"| **{len(kinds)} kinds** |  {_counts(every)}")
    print(f"\n{process_time() - began:.0f} s of processor time")
    return 0 if all(each.told and each.is_named and not each.others for each in every) else 1


def _counts(found: list[Outcome]) -> str:
    told, named = sum(bool(each.told) for each in found), sum(each.is_named for each in found)
    return f"| {len(found)} | {told} | {named} | {sum(len(each.others) for each in found)} |"


def _tell(outcome: Outcome) -> None:
    trial = outcome.trial
    print(
        f"{trial.kind.kind_id} in {trial.family}: "
        f"{trial.planted.wrong!r} instead of {trial.planted.right!r}; "
        f"{'found' if outcome.told else 'NOT FOUND'}, {'named' if outcome.is_named else 'NOT NAMED'}",
        file=sys.stderr,
    )
    for name, told in (("told", outcome.told), ("besides", outcome.others), ("hint", outcome.hints)):
        for each in told:
            print(f"  {name}: {each.finding_kind} ({each.severity}) {each.sentence_zh}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
