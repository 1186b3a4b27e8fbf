"""Disclosures of all families' forms: consistent ones hold, a wrong digit is found and named."""

from __future__ import annotations

from itertools import islice
from random import Random

from pipelines.warehouse.identities import Printed, judged
from pipelines.warehouse.models_in_memory import build
from tests.corpus.consistent import consistent_disclosures, with_wrong_digit
from tests.corpus.layout_space import families

#: One of each family's forms and kind.
PLACES = len(families())


def verdicts_and_contradictions(documents: list[Printed]) -> tuple[dict[str, int], int]:
    with judged(documents) as connection:
        build(connection, ["int_contradictions"])
        verdicts = dict(
            connection.execute(
                "select verdict, count(*) from int_identity_results group by verdict"
            ).fetchall()
        )
        found = connection.execute("select count(*) from int_contradictions").fetchone()
        assert found is not None
        return verdicts, found[0]


def test_consistent_disclosures_are_not_contradicted() -> None:
    verdicts, contradictions = verdicts_and_contradictions(list(consistent_disclosures(20, PLACES)))
    assert "violated" not in verdicts
    assert contradictions == 0
    # They are rounded, or this would prove nothing.
    assert verdicts["rounding"] > 100
    assert verdicts["exact"] > 50 * PLACES


def test_a_wrong_digit_is_one_contradiction_that_names_the_figure() -> None:
    rng = Random(5)
    wrong = [with_wrong_digit(each, rng) for each in islice(consistent_disclosures(21, PLACES), PLACES)]
    with judged([each.printed for each in wrong]) as connection:
        build(connection, ["int_contradictions", "int_identity_figures"])
        read = dict(
            connection.execute(
                "select figure_id, count(*) from int_identity_figures group by figure_id"
            ).fetchall()
        )
        first = dict(
            connection.execute(
                "select department_id, arg_max(suspects[1].cell_id, len(symptoms)) "
                "from int_contradictions group by department_id"
            ).fetchall()
        )
        violated, told = connection.execute(
            "select (select count(*) from int_identity_results where verdict = 'violated'), "
            "(select count(*) from int_contradictions, unnest(symptoms) as s (symptom) where not is_joint)"
        ).fetchall()[0]
    # Every violated identity belongs to one contradiction.
    assert violated == told > PLACES
    checked = [each for each in wrong if read.get(each.wrong.cell_id, 0) >= 2]
    found = [each for each in checked if each.printed.identification.department_name in first]
    named = [
        each for each in found if first[each.printed.identification.department_name] == each.wrong.cell_id
    ]
    assert len(checked) > PLACES / 2
    assert len(found) >= 0.9 * len(checked)
    assert len(named) >= 0.85 * len(found)


def test_the_same_seed_gives_the_same_disclosures() -> None:
    assert list(consistent_disclosures(3, 4)) == list(consistent_disclosures(3, 4))
