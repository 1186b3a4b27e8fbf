"""No model pairs all rows of one table with all of another: a build must grow as its documents do.

DuckDB joins by hash where a condition sets a column of one side equal to one of the other. Where it cannot,
as for a left join with a condition on the left side alone, it looks at all pairs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from pipelines.warehouse.models_in_memory import DBT_PROJECT, rendered
from tests.warehouse.models_of_lake import models_of
from tests.warehouse.small_lake import small_lake

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("join_plans")

MODELS = sorted(path.stem for path in (DBT_PROJECT / "models").rglob("*.sql"))
#: The few factors by which a rate may be mistaken, tried on each rate.
OF_A_FEW_CONSTANTS = {"int_performance_amounts"}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return models_of(small_lake()[0], tmp_path_factory.mktemp("lake"), MODELS).connection


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["name"].strip()
    for child in plan["children"]:
        yield from operators(child)


def pairing(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """Whether a query looks at all pairs of rows of two tables."""
    ((_, plan),) = connection.execute(f"explain (format json) {sql}").fetchall()
    return any("BLOCKWISE_NL_JOIN" in operators(root) for root in json.loads(plan))


def test_a_left_join_with_a_condition_on_its_left_side_pairs_all_rows(
    models: duckdb.DuckDBPyConnection,
) -> None:
    join = "from int_line_items as a left join fct_cells as b on a.cell_id = b.cell_id"
    assert not pairing(models, f"select 1 {join}")
    assert pairing(models, f"select 1 {join} and a.row_kind = 'line'")


@pytest.mark.parametrize("model", MODELS)
def test_no_model_pairs_all_rows(models: duckdb.DuckDBPyConnection, model: str) -> None:
    assert pairing(models, rendered(model).sql) == (model in OF_A_FEW_CONSTANTS)
