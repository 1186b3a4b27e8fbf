"""What should be published by when: known answers for the specimens, and each told of once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dagster import DagsterInstance, SensorResult, SkipReason, build_sensor_context

from pipelines.dagster_settings import JuesuanResource
from pipelines.oversight.assets import publications_are_there, publications_due
from pipelines.oversight.publications import outstanding
from pipelines.settings import PROJECT_ROOT, Settings, SettingsError
from tests.built_raw import GROUP, BuiltRaw

COMMERCE = "上海市普陀区样例商务促进局"


@pytest.mark.xdist_group(GROUP)
def test_the_specimens_have_the_status_reckoned_by_hand(built_raw: BuiltRaw) -> None:
    with duckdb.connect(str(built_raw.data / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "SELECT fiscal_year, document_kind, publication_status, due_on, due_basis, days_late "
            "FROM mart_publication WHERE department_name = ? ORDER BY ALL",
            [COMMERCE],
        ).fetchall()
        (as_of,) = connection.execute("SELECT DISTINCT as_of_date FROM mart_publication").fetchall()
        (matrix,) = connection.execute(
            "SELECT count(*), count(DISTINCT (department_id, fiscal_year, document_kind)) "
            "FROM mart_publication"
        ).fetchall()
    assert as_of == (date(2025, 9, 20),), "the day of the newest document, not today"
    found = {(year, kind): rest for year, kind, *rest in rows}
    # Congress 2021-01-22 and 40 days; published 2021-02-10.
    assert found[2021, "budget"] == ["on_time", date(2021, 3, 3), "congress", None]
    # Approved by the finance authority 2022-08-20 and 20 days; published 2022-09-20.
    assert found[2021, "final_accounts"] == ["late", date(2022, 9, 9), "finance", 11]
    # No approval known: published, and no word of whether in time.
    assert found[2023, "budget"] == ["published", date(2023, 6, 30), "presumed", None]
    # Listed as a publisher, nothing held: 2025-06-30 is 82 days before the newest document.
    assert found[2025, "budget"] == ["missing", date(2025, 6, 30), "presumed", 82]
    assert found[2025, "final_accounts"] == ["not_yet_due", date(2026, 12, 31), "presumed", None]
    assert matrix[0] == matrix[1] > 20


@pytest.mark.xdist_group(GROUP)
def test_specimens_are_nobodys_omission(built_raw: BuiltRaw) -> None:
    warehouse = built_raw.data / "warehouse.duckdb"
    assert outstanding(warehouse) == ()
    said = [one.said() for one in outstanding(warehouse, with_specimens=True)]
    assert f"{COMMERCE}2021年部门决算：应于2022-09-09前公开，逾期11天 (late by 11 days)" in said
    assert (
        f"{COMMERCE}2025年部门预算：应于2025-06-30（推定）前公开，至今未见 (missing, due 2025-06-30)" in said
    )


def test_no_model_looks_at_the_clock() -> None:
    clocks = ("current_date", "current_timestamp", "now()", "today()", "run_started_at", "get_current_time")
    for path in sorted((PROJECT_ROOT / "dbt_project").rglob("*.sql")):
        text = path.read_text(encoding="utf-8").lower()
        assert [clock for clock in clocks if clock in text] == [], path.name


def test_the_day_is_an_input() -> None:
    assert Settings.from_environment({"JUESUAN_AS_OF": "2026-11-25"}).as_of == date(2026, 11, 25)
    assert Settings.from_environment({}).as_of is None
    with pytest.raises(SettingsError, match="JUESUAN_AS_OF must be a day"):
        Settings.from_environment({"JUESUAN_AS_OF": "25/11/2026"})


Row = tuple[str, int, str]


def publish(data: Path, *rows: Row) -> None:
    """A warehouse with these publications: department, year, status."""
    data.mkdir(exist_ok=True)
    path = data / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE dim_department (department_id VARCHAR, is_synthetic BOOLEAN)")
        connection.execute("INSERT INTO dim_department VALUES ('甲局', false), ('样例局', true)")
        connection.execute(
            "CREATE TABLE mart_publication (region_code VARCHAR, department_id VARCHAR, "
            "department_name VARCHAR, fiscal_year INTEGER, document_kind VARCHAR, "
            "publication_status VARCHAR, due_on DATE, "
            "due_basis VARCHAR, days_late INTEGER)"
        )
        for name, year, status in rows:
            connection.execute(
                "INSERT INTO mart_publication "
                "VALUES ('420100', $1, $1, $2, 'budget', $3, '2024-03-01', 'finance', 5)",
                [name, year, status],
            )


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    with DagsterInstance.ephemeral() as instance:
        yield instance


def tick(data: Path, instance: DagsterInstance, cursor: str | None) -> tuple[Any, str]:
    context = build_sensor_context(
        instance=instance, cursor=cursor, resources={"juesuan": JuesuanResource(raw="", data=str(data))}
    )
    result = publications_due(context)
    return result, result.cursor if isinstance(result, SensorResult) else str(context.cursor)


def told(result: SensorResult) -> str:
    (event,) = result.asset_events
    return str(event.metadata["list"].value)


def test_each_is_told_of_once_and_not_daily(tmp_path: Path, instance: DagsterInstance) -> None:
    data = tmp_path / "data"
    assert isinstance(tick(data, instance, None)[0], SkipReason), "no warehouse yet"
    publish(data, ("甲局", 2023, "on_time"), ("甲局", 2024, "missing"), ("样例局", 2024, "missing"))
    first, cursor = tick(data, instance, None)
    assert isinstance(first, SensorResult)
    assert not first.run_requests
    assert told(first) == "- 甲局2024年部门预算：应于2024-03-01前公开，至今未见 (missing, due 2024-03-01)"
    for _ in range(3):
        again, cursor = tick(data, instance, cursor)
        assert isinstance(again, SkipReason)
        assert "1 publications outstanding" in str(again.skip_message)
    publish(data, ("甲局", 2023, "incomplete"), ("甲局", 2024, "missing"))
    second, cursor = tick(data, instance, cursor)
    assert isinstance(second, SensorResult)
    assert told(second) == "- 甲局2023年部门预算：已公开，但不完整 (incomplete)", "only what is new"
    publish(data, ("甲局", 2024, "late"))
    third, cursor = tick(data, instance, cursor)
    assert isinstance(third, SensorResult)
    assert "逾期5天" in told(third), "what was missing came, late"
    publish(data, ("甲局", 2024, "on_time"))
    assert isinstance(tick(data, instance, cursor)[0], SkipReason)
    _, cursor = tick(data, instance, cursor)
    publish(data, ("甲局", 2024, "missing"))
    assert isinstance(tick(data, instance, cursor)[0], SensorResult), "and again if it comes up again"


def test_the_check_warns_and_does_not_block(tmp_path: Path) -> None:
    data = tmp_path / "data"
    resource = JuesuanResource(raw="", data=str(data))
    publish(data, ("甲局", 2024, "missing"))
    failed = publications_are_there(resource)
    assert (failed.passed, failed.severity.value) == (False, "WARN")
    publish(data, ("甲局", 2024, "on_time"))
    assert publications_are_there(resource).passed
