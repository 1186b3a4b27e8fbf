"""What Dagster's records say of runs that ended, as plain values."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dagster import (
    AssetCheckSeverity,
    AssetKey,
    AssetRecordsFilter,
    DagsterEventType,
    DagsterInstance,
    DagsterRun,
    DagsterRunStatus,
    RunsFilter,
)
from dagster._core.storage.tags import WILL_RETRY_TAG

from pipelines.dagster_settings import NEWLY_OUTSTANDING, SET_ASIDE_NOW, SITE_TROUBLES
from pipelines.failures import FailureKind, kind_of
from pipelines.operations.composing import DocumentAside, EndedRun, SiteTrouble, StepFailure
from pipelines.settings import Settings

ENDED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE]
# Runs looked at for the last one of each job.
LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run with the time (seconds since 1970) at which its record last changed."""

    run: EndedRun
    changed_at: float


@dataclass(frozen=True, slots=True)
class Observed:
    """Publications that ``publications_due`` told of: the event's number, how many, and sentences."""

    storage_id: int
    total: int
    said: tuple[str, ...]


def ended_since(instance: DagsterInstance, since: float, limit: int) -> tuple[RunSeen, ...]:
    """Runs that ended since a time, oldest first; those that Dagster starts again itself are left out."""
    records = instance.get_run_records(
        RunsFilter(statuses=ENDED, updated_after=datetime.fromtimestamp(since, UTC)),
        limit=limit,
        order_by="update_timestamp",
        ascending=True,
    )
    found = []
    for record in records:
        changed_at = record.update_timestamp.replace(tzinfo=UTC).timestamp()
        run = record.dagster_run
        if run.tags.get(WILL_RETRY_TAG) != "true":
            found.append(RunSeen(ended_run(instance, run), changed_at))
    return tuple(found)


def ended_run(instance: DagsterInstance, run: DagsterRun) -> EndedRun:
    """What a run's events say. A step that succeeded in the end has not failed."""
    failures = []
    for entry in instance.all_logs(run.run_id, of_type=DagsterEventType.STEP_FAILURE):
        event = entry.get_dagster_event()
        failures.append(StepFailure(event.step_key or "", _said(event.step_failure_data)))
    if not failures and run.status == DagsterRunStatus.FAILURE:
        failures = [
            StepFailure("", entry.get_dagster_event().message or "")
            for entry in instance.all_logs(run.run_id, of_type=DagsterEventType.RUN_FAILURE)
        ]
    checks = []
    for entry in instance.all_logs(run.run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION):
        evaluation = entry.get_dagster_event().asset_check_evaluation_data
        if not evaluation.passed and evaluation.severity == AssetCheckSeverity.ERROR:
            checks.append(f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name}")
    aside: list[DocumentAside] = []
    troubles: list[SiteTrouble] = []
    for metadata in _materialised(instance, run.run_id):
        aside += [DocumentAside(**row) for row in _rows(metadata, SET_ASIDE_NOW)]
        troubles += [SiteTrouble(**row) for row in _rows(metadata, SITE_TROUBLES)]
    return EndedRun(
        run_id=run.run_id,
        job=run.job_name,
        succeeded=run.status == DagsterRunStatus.SUCCESS,
        partitions=partitions_of(run),
        failures=tuple(failures),
        checks=tuple(checks),
        set_aside=tuple(aside),
        troubles=tuple(troubles),
    )


def partitions_of(run: DagsterRun) -> str:
    """The partitions of a run, in words; empty for a run of none."""
    start = run.tags.get("dagster/asset_partition_range_start", "")
    end = run.tags.get("dagster/asset_partition_range_end", "")
    if start:
        return start if start == end else f"{start} … {end}"
    return str(run.tags.get("dagster/partition", ""))


def observed_since(
    instance: DagsterInstance, key: AssetKey, storage_id: int, limit: int
) -> Sequence[Observed]:
    """What ``publications_due`` told since an event, oldest first."""
    records = instance.fetch_observations(
        AssetRecordsFilter(key, after_storage_id=storage_id), limit=limit, ascending=True
    ).records
    found = []
    for record in records:
        event = record.asset_observation
        metadata = event.metadata if event else {}
        if NEWLY_OUTSTANDING in metadata:
            listed = str(metadata["list"].value).splitlines() if "list" in metadata else []
            said = tuple(line.removeprefix("- ") for line in listed)
            found.append(Observed(record.storage_id, int(str(metadata[NEWLY_OUTSTANDING].value)), said))
    return found


def newest_observation(instance: DagsterInstance, key: AssetKey) -> int:
    """The number of an asset's last observation; 0 where there is none."""
    records = instance.fetch_observations(key, limit=1).records
    return records[0].storage_id if records else 0


def _materialised(instance: DagsterInstance, run_id: str) -> Iterator[Any]:
    for entry in instance.all_logs(run_id, of_type=DagsterEventType.ASSET_MATERIALIZATION):
        materialization = entry.get_dagster_event().step_materialization_data.materialization
        yield materialization.metadata


def _rows(metadata: Any, name: str) -> list[dict[str, str]]:
    value = metadata[name].value if name in metadata else []
    return list(value) if isinstance(value, list) else []


def _said(data: Any) -> str:
    """The words of a failed step: what was said for people first, then the error and its causes."""
    parts = []
    if data.user_failure_data is not None and data.user_failure_data.description:
        parts.append(str(data.user_failure_data.description))
    error = data.error
    while error is not None and len(parts) < 8:
        parts.append(str(error.message).strip())
        error = error.cause
    # Dagster's own wrapper says which step it was, which is told already.
    wrapper = "dagster._core.errors.DagsterExecutionStepExecutionError"
    useful = [part for part in parts if not part.startswith(wrapper)]
    return "\n".join(useful or parts)


@contextlib.contextmanager
def instance_of(settings: Settings) -> Iterator[DagsterInstance]:
    """Dagster's records: those of $DAGSTER_HOME where it is set, else those of the data folder."""
    if os.environ.get("DAGSTER_HOME"):
        with DagsterInstance.get() as instance:
            yield instance
    else:
        with DagsterInstance.from_config(str(settings.data / "dagster_home")) as instance:
            yield instance


def failing_jobs(instance: DagsterInstance) -> tuple[tuple[str, str, str, str, FailureKind], ...]:
    """Jobs whose last ended run failed: job, run, when it ended, what it said first, and its kind."""
    newest: dict[str, Any] = {}
    for record in instance.get_run_records(RunsFilter(statuses=ENDED), limit=LOOKED_AT):
        newest.setdefault(record.dagster_run.job_name, record)
    found = []
    for job, record in sorted(newest.items()):
        if record.dagster_run.status == DagsterRunStatus.FAILURE:
            said = "\n".join(one.said for one in ended_run(instance, record.dagster_run).failures)
            ended = datetime.fromtimestamp(record.end_time or record.update_timestamp.timestamp(), UTC)
            first = (said.strip().splitlines() or ["no error was recorded"])[0]
            at = ended.isoformat(timespec="seconds")
            found.append((job, record.dagster_run.run_id, at, first, kind_of(said)))
    return tuple(found)


def automations(instance: DagsterInstance) -> tuple[tuple[str, str, bool, str], ...]:
    """Schedules and sensors that were ever on or off: name, kind, whether it is on, its last tick's words."""
    found = []
    for state in instance.all_instigator_state():
        ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
        said = ""
        if ticks:
            tick = ticks[0]
            at = datetime.fromtimestamp(tick.timestamp, UTC).isoformat(timespec="seconds")
            why = tick.skip_reason or (tick.error.message.strip().splitlines()[0] if tick.error else "")
            said = f"{at} {tick.status.value.lower()}{': ' + why if why else ''}"
        kind = state.instigator_type.value.lower()
        found.append((state.instigator_name, kind, state.is_running, said))
    return tuple(sorted(found))
