"""A fault of every kind, planted into a document of its own: found, named, and nothing else told."""

from __future__ import annotations

from tests.corpus.fault_kinds import fault_kinds
from tests.corpus.planted_kinds import Outcome, outcomes, trials

SEED = 1


def test_a_fault_of_each_kind_is_found_and_named_and_nothing_else_is() -> None:
    """One region's form for each kind, in turn; ``benchmarks.planted_faults`` takes all and more seeds."""
    kinds = fault_kinds()
    # As many numbers for each kind as it may need: departments of one name would be judged as one.
    most = max(len(kind.families) for kind in kinds)
    chosen = [
        trial
        for number, kind in enumerate(kinds)
        for trial in trials([kind], SEED, [kind.families[number % len(kind.families)]], first=number * most)
    ]
    found = outcomes(chosen)
    assert len({kind.kind_id for kind in kinds}) == len(kinds) >= 40
    assert [each.trial.kind.kind_id for each in found] == [kind.kind_id for kind in kinds]
    assert {_amiss(each) for each in found} == {""}


def _amiss(outcome: Outcome) -> str:
    told = [*outcome.told, *outcome.others]
    if outcome.told and outcome.is_named and not outcome.others:
        return ""
    said = "\n".join(f"{each.finding_kind}: {each.sentence_zh}" for each in told)
    return f"{outcome.trial.kind.kind_id} in {outcome.trial.family}: {said or 'nothing is told'}"
