"""A fixed part of what ``python -m benchmarks.fuzzing`` tries for as long as it is told to."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzzing import made_statements, printed_pages, sentences, tables
from tests.fuzzing.properties import Property

PROPERTIES = [one for room in (tables, made_statements, sentences, printed_pages) for one in room.PROPERTIES]
#: Each table is read as every form that it may be: a few of them take as long as hundreds of sentences.
DEAR = ("tables", "statements")


@pytest.mark.parametrize("one", PROPERTIES, ids=lambda one: one.name)
def test_a_property_holds(one: Property) -> None:
    run = given(one.values)(one.check)
    examples = 6 if one.name.startswith(DEAR) else 60
    settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )(run)()


def test_most_made_statements_are_read_and_not_only_listed() -> None:
    """Else ``read right or listed`` would hold of a reader that understands nothing."""
    outcomes = made_statements.outcomes(15)
    assert outcomes["right"] > 0.8 * sum(outcomes.values()), outcomes
