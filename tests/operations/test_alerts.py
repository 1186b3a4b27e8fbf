"""What people are told of: runs that failed, checks, documents, sites, publications; each once, in words."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetObservation,
    DagsterInstance,
    Definitions,
    Failure,
    MaterializeResult,
    MetadataValue,
    SensorEvaluationContext,
    SkipReason,
    asset,
    asset_check,
    build_sensor_context,
    define_asset_job,
    in_process_executor,
)
from dagster._core.storage.tags import WILL_RETRY_TAG

from pipelines.dagster_retries import retries_what_passes
from pipelines.dagster_settings import NEWLY_OUTSTANDING, SET_ASIDE_NOW, SITE_TROUBLES, JuesuanResource
from pipelines.operations.outbox import Outbox
from pipelines.operations.sensors import alerts
from tests.operations.servers import Postbox, hook_server


@asset(name="documents")
@retries_what_passes
def broken_step(context: AssetExecutionContext) -> None:
    """Fails for good."""
    raise Failure("catalogue and identities: forms/budget.yaml: no such column", allow_retries=False)


@asset(name="read")
def sets_aside() -> MaterializeResult:  # type: ignore[type-arg]
    """One document of it could not be read."""
    row = {"source_path": "a/b.pdf", "reason": "broken", "message": "The PDF is cut off."}
    return MaterializeResult(metadata={SET_ASIDE_NOW: MetadataValue.json([row])})


@asset(name="acquired")
def troubled() -> MaterializeResult:  # type: ignore[type-arg]
    """One address of it is refused."""
    row = {"site": "puto", "result": "refused", "address": "http://x/1.pdf", "said": "HTTP 403"}
    return MaterializeResult(metadata={SITE_TROUBLES: MetadataValue.json([row])})


@asset(name="facts")
def checked() -> None:
    """Has a check that does not hold."""


@asset_check(asset="facts")
def keys_are_unique() -> AssetCheckResult:
    return AssetCheckResult(passed=False, severity=AssetCheckSeverity.ERROR)


@asset_check(asset="facts")
def sums_agree() -> AssetCheckResult:
    return AssetCheckResult(passed=False, severity=AssetCheckSeverity.WARN)


JOBS = {"everything": "documents", "one_partition": "read", "acquire": "acquired", "only_new": "facts"}
DEFS = Definitions(
    [broken_step, sets_aside, troubled, checked],
    asset_checks=[keys_are_unique, sums_agree],
    jobs=[define_asset_job(name, [key], executor_def=in_process_executor) for name, key in JOBS.items()],
)


class World:
    """An instance, a data folder and a hook, and the sensor's cursor between its ticks."""

    def __init__(self, instance: DagsterInstance, data: Path, postbox: Postbox) -> None:
        self.instance, self.data, self.postbox = instance, data, postbox
        self.cursor: str | None = None
        self.tick()

    def run(self, job: str, **tags: str) -> str:
        result = DEFS.resolve_job_def(job).execute_in_process(
            instance=self.instance,
            raise_on_error=False,
            tags={key.replace("__", "/"): value for key, value in tags.items()},
        )
        return result.run_id

    def tick(self) -> str:
        context: SensorEvaluationContext = build_sensor_context(
            instance=self.instance,
            cursor=self.cursor,
            resources={"juesuan": JuesuanResource(raw=str(self.data / "raw"), data=str(self.data))},
        )
        result = alerts(context)
        assert isinstance(result, SkipReason), "it starts no run"
        self.cursor = context.cursor
        return str(result.skip_message)

    def told(self) -> list[str]:
        posts = [post["text"] for post in self.postbox.posts]
        self.postbox.posts.clear()
        return posts


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with DagsterInstance.ephemeral() as instance, hook_server(Postbox()) as postbox:
        monkeypatch.setenv("JUESUAN_ALERT_HOOK", f"http://127.0.0.1:{postbox.port}/key")
        monkeypatch.setenv("JUESUAN_UI", "https://dagster.example.org/")
        monkeypatch.setattr("pipelines.operations.sensors.collect_status", lambda settings: None)
        monkeypatch.setattr("pipelines.operations.sensors.write_status_page", lambda settings, status: None)
        yield World(instance, tmp_path / "data", postbox)


def test_a_run_that_failed_is_told_of_once_with_what_to_do_and_where(world: World) -> None:
    run_id = world.run(
        "everything",
        dagster__asset_partition_range_start="2023|310107",
        dagster__asset_partition_range_end="2024|420100",
    )
    world.tick()
    (text,) = world.told()
    assert "运行失败：everything" in text
    assert "run failed: everything" in text
    assert "2023|310107 … 2024|420100" in text
    assert "步骤 step documents" in text
    assert "forms/budget.yaml: no such column" in text
    assert "correct the entry it names" in text
    assert text.endswith(f"https://dagster.example.org/runs/{run_id}")
    world.tick()
    assert world.told() == []


def test_a_run_that_dagster_starts_again_itself_is_not_told_of(world: World) -> None:
    world.run("everything", **{WILL_RETRY_TAG.replace("/", "__"): "true"})
    world.tick()
    assert world.told() == []


def test_documents_set_aside_are_told_by_name_and_reason(world: World) -> None:
    world.run("one_partition")
    world.tick()
    (text,) = world.told()
    assert "a/b.pdf [broken] The PDF is cut off." in text
    assert "1 document(s) set aside; all others were read" in text


def test_checks_of_severity_error_are_told_of_and_warnings_are_not(world: World) -> None:
    world.run("only_new")
    world.tick()
    (text,) = world.told()
    assert "facts: keys_are_unique" in text
    assert "sums_agree" not in text, "a finding is the product, not a fault"


def test_the_trouble_of_a_site_is_told_of_once_and_again_when_it_comes_back(world: World) -> None:
    world.run("acquire")
    world.tick()
    (text,) = world.told()
    assert "puto: refused http://x/1.pdf HTTP 403" in text
    world.run("acquire")
    world.tick()
    assert world.told() == [], "the same trouble a week later"
    cursor = json.loads(world.cursor or "")
    world.cursor = json.dumps({**cursor, "troubles": []})  # an acquisition without trouble in between
    world.run("acquire")
    world.tick()
    assert len(world.told()) == 1


def test_publications_are_told_of_as_the_other_sensor_observed_them(world: World) -> None:
    def observe(said: str) -> None:
        metadata = {NEWLY_OUTSTANDING: 1, "list": MetadataValue.md(f"- {said}")}
        world.instance.report_runless_asset_event(AssetObservation(AssetKey("warehouse"), metadata=metadata))

    observe("甲局2024年部门预算：至今未见")
    world.tick()
    (text,) = world.told()
    assert "甲局2024年部门预算：至今未见" in text
    world.tick()
    assert world.told() == []


def test_what_happened_before_anyone_watched_is_history(tmp_path: Path, world: World) -> None:
    world.run("everything")
    world.cursor = None
    time.sleep(0.01)
    world.tick()
    assert world.told() == []


def test_a_dead_channel_fails_no_tick_and_what_it_missed_comes_later(world: World) -> None:
    world.postbox.status = 502
    world.run("everything")
    said = world.tick()
    assert "1 waiting; hook 127.0.0.1: answered 502. They are tried again at the next tick" in said
    world.postbox.status = 200
    assert world.tick() == "0 new, 1 sent, 0 waiting"
    assert len(world.told()) == 1


def test_without_a_channel_nothing_is_kept_and_with_a_slip_it_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JUESUAN_ALERT_HOOK")
    world.run("everything")
    assert "no channel is configured" in world.tick()
    assert Outbox.of(world.data).waiting() == ()
    monkeypatch.setenv("JUESUAN_ALERT_HOOK", "key-without-address")
    assert world.tick() == (
        "no alert can be sent: JUESUAN_ALERT_HOOK must be an address that begins with https:// or http://"
    )


def test_a_page_that_cannot_be_written_keeps_no_alert_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("pipelines.operations.sensors.collect_status", full)
    world.run("everything")
    world.tick()
    assert len(world.told()) == 1
