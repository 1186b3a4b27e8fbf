"""Every named example of ``juesuan query`` runs on a real warehouse and answers what it promises."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.querying import LIMIT, NamedQuery, named_queries
from tests.built_raw import GROUP, BuiltRaw

pytestmark = pytest.mark.xdist_group(GROUP)

QUERIES = named_queries()
# These have nothing to say of raw/: all of it is read and understood, and nothing stands out.
QUIET = {"set-aside", "not-understood", "signals"}
NOBODY = "no such name"


def rows(raw: BuiltRaw, name: str, **given: str) -> list[dict[str, Any]]:
    """What an example answers; its parameters by name."""
    pairs = [part for key, value in given.items() for part in ("--set", f"{key}={value}")]
    result = CliRunner().invoke(app, ["query", name, *pairs, "-f", "json", "--data", str(raw.data)])
    assert result.exit_code == ExitCode.DONE, result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_it_runs_and_answers(built_raw: BuiltRaw, query: NamedQuery) -> None:
    found = rows(built_raw, query.name)
    assert found or query.name in QUIET
    dead = [name for name in (found[0] if found else ()) if all(row[name] in (None, "") for row in found)]
    assert dead == [], "columns in which nothing ever stands"


def test_no_table_is_longer_than_a_person_reads(built_raw: BuiltRaw) -> None:
    for name in QUERIES:
        result = CliRunner().invoke(app, ["query", name, "--data", str(built_raw.data)])
        assert len(result.stdout.splitlines()) <= LIMIT + 1, name


def test_identities_that_do_not_hold_are_counted_by_identity(built_raw: BuiltRaw) -> None:
    found = rows(built_raw, "identities")
    with duckdb.connect(str(built_raw.data / "warehouse.duckdb"), read_only=True) as connection:
        expected = connection.execute(
            "SELECT identity_id, count(*) FROM fct_identity_results WHERE verdict = 'violated' GROUP BY 1"
        ).fetchall()
    assert {row["identity_id"]: row["violated"] for row in found} == dict(expected)
    assert [row["violated"] for row in found] == sorted((row["violated"] for row in found), reverse=True)
    assert all(row["reported_in"] and row["departments"] > 0 for row in found)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (query.name, parameter.name)
        for query in QUERIES.values()
        for parameter in query.parameters
        if query.name not in QUIET
    ],
)
def test_a_parameter_makes_a_difference(built_raw: BuiltRaw, name: str, parameter: str) -> None:
    other = {"level": "3", "verdict": "rounding", "amount": "-0.01"}.get(parameter, NOBODY)
    assert rows(built_raw, name, **{parameter: other}) != rows(built_raw, name)


def test_one_department_is_all_one_asked_for(built_raw: BuiltRaw) -> None:
    departments = {row["department_name"] for row in rows(built_raw, "departments")}
    assert len(departments) > 5
    one = sorted(departments)[0]
    for query in QUERIES.values():
        if "department" in {parameter.name for parameter in query.parameters}:
            assert {row["department_name"] for row in rows(built_raw, query.name, department=one)} <= {one}


def test_an_amount_is_traced_to_its_cell(built_raw: BuiltRaw) -> None:
    with duckdb.connect(str(built_raw.data / "warehouse.duckdb"), read_only=True) as connection:
        amount, cell_id, page = connection.execute(
            "SELECT amount_yuan, cell_id, page FROM fct_expenditure_by_function "
            "ORDER BY amount_yuan DESC LIMIT 1"
        ).fetchall()[0]
    found = rows(built_raw, "trace", amount=str(amount))
    assert (cell_id, page) in {(row["cell_id"], row["page"]) for row in found}
