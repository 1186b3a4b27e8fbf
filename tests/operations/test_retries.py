"""A failure that passes is tried again, one that does not is not, and neither hinders what is beside it."""

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    DagsterInstance,
    DagsterRunStatus,
    Definitions,
    Failure,
    MaterializeResult,
    SensorResult,
    SkipReason,
    asset,
    define_asset_job,
    in_process_executor,
    multi_asset,
)
from dagster._core.storage.tags import RUN_KEY_TAG
from dagster._core.test_utils import create_run_for_test

from pipelines import dagster_retries
from pipelines.acquisition.partitions import REGIONS
from pipelines.acquisition.review import CORRECTIONS
from pipelines.dagster_retries import AGAIN, PERMANENT_TAG, retries_what_passes
from pipelines.definitions import build_definitions
from pipelines.failures import failure_kinds, kind_of, words_of
from pipelines.settings import PROJECT_ROOT
from pipelines.warehouse.build import BuildFailedError
from pipelines.warehouse.locking import BuildBusyError
from tests.test_definitions import put, tick

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def instance(monkeypatch: pytest.MonkeyPatch) -> Iterator[DagsterInstance]:
    monkeypatch.setattr(dagster_retries, "WAIT_SECONDS", 0)
    with DagsterInstance.ephemeral() as instance:
        yield instance


def run_of(instance: DagsterInstance, attempt: Callable[[int], None]) -> tuple[bool, dict[str, str], str]:
    """A run of a step beside another: whether it succeeded, its tags, and what its failure says."""

    @multi_asset(specs=[AssetSpec("read")])
    @retries_what_passes
    def read(context: AssetExecutionContext) -> Iterator[MaterializeResult]:  # type: ignore[type-arg]
        attempt(context.retry_number)
        yield MaterializeResult(asset_key="read")

    @asset
    @retries_what_passes
    def beside(context: AssetExecutionContext) -> None:
        """Has nothing to do with the other."""

    defs = Definitions([read, beside], jobs=[define_asset_job("work", "*", executor_def=in_process_executor)])
    run = defs.resolve_job_def("work").execute_in_process(instance=instance, raise_on_error=False)
    assert instance.get_latest_materialization_event(AssetKey("beside")), "what is beside it goes on"
    failures = [event for event in run.all_events if event.event_type_value == "STEP_FAILURE"]
    said = str(failures[0].step_failure_data.user_failure_data) if failures else ""
    record = instance.get_run_by_id(run.run_id)
    assert record
    return run.success, dict(record.tags), said


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        MemoryError(),
        BuildBusyError("another build is at work in data: process 7"),
        BuildFailedError("reading", "worker processes end before they are ready"),
        BuildFailedError("dbt", "1 problem(s)", ("IO Error: could not write: No space left on device",)),
    ],
)
def test_what_passes_is_tried_again_and_then_done(instance: DagsterInstance, error: Exception) -> None:
    tries: list[int] = []

    def attempt(number: int) -> None:
        tries.append(number)
        if number < AGAIN:
            raise error

    success, tags, _ = run_of(instance, attempt)
    assert success
    assert tries == list(range(AGAIN + 1))
    assert PERMANENT_TAG not in tags


def test_what_does_not_pass_in_time_fails_and_may_be_asked_for_again(instance: DagsterInstance) -> None:
    def attempt(number: int) -> None:
        raise FULL

    success, tags, said = run_of(instance, attempt)
    assert not success
    assert "No space left on device" in said
    assert "disk_full" in said
    assert PERMANENT_TAG not in tags


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (BuildFailedError("publish", "amount without a cell"), "checks"),
        (BuildFailedError("catalogue and identities", "forms.yaml: no such column"), "catalogue"),
        (BuildFailedError("review", "1 row(s) do not fit what is read; nothing was published"), "review"),
        (ValueError("a bug"), "other"),
        (Failure("no site in sites is switched on", allow_retries=False), "no_sites"),
    ],
)
def test_what_does_not_pass_is_tried_once_and_marks_its_run(
    instance: DagsterInstance, error: Exception, kind: str
) -> None:
    tries: list[int] = []

    def attempt(number: int) -> None:
        tries.append(number)
        raise error

    success, tags, said = run_of(instance, attempt)
    assert not success
    assert tries == [0]
    assert tags[PERMANENT_TAG] == kind
    assert str(error) in said or isinstance(error, Failure)


def test_every_kind_says_what_to_do_in_both_languages() -> None:
    for kind in failure_kinds():
        assert all((kind.zh, kind.en, kind.do_zh, kind.do_en)), kind.id
    assert failure_kinds()[-1].patterns == ("",), "the last takes the rest"
    assert [kind.id for kind in failure_kinds() if kind.passing] == [
        "busy",
        "disk_full",
        "lost_worker",
        "memory",
        "storage",
    ]


def test_the_cause_of_an_error_counts_too() -> None:
    try:
        try:
            raise FULL
        except OSError as cause:
            raise RuntimeError("the step failed") from cause
    except RuntimeError as error:
        assert kind_of(words_of(error)).id == "disk_full"
    assert kind_of("Detected run worker status FAILED: pid 7 was killed").passing


def test_every_step_that_works_on_the_data_folder_tells_its_failures_apart() -> None:
    for module in ("acquisition", "warehouse", "oversight"):
        for path in (PROJECT_ROOT / "pipelines" / module).glob("*assets.py"):
            source = path.read_text(encoding="utf-8")
            steps = source.count(".settings()\n    with build_lock") + source.count("wait_seconds=TURN")
            assert not steps or "@retries_what_passes" in source, path.name


def test_a_run_whose_process_was_lost_is_done_again_from_its_beginning() -> None:
    """Only such a run: what a step fails of is the step's to try again."""
    config = yaml.safe_load((PROJECT_ROOT / "dagster-instance.yaml").read_text(encoding="utf-8"))
    assert config["run_monitoring"]["enabled"] is True
    assert config["run_retries"] == {
        "enabled": True,
        "max_retries": 2,
        "retry_on_asset_or_op_failure": False,
    }
    repository = build_definitions().get_repository_def()
    for name in ("acquire", "everything", "one_partition", "only_new", "make_release", "tidy"):
        assert repository.get_job(name).tags["dagster/retry_strategy"] == "ALL_STEPS", name


def test_the_sensor_does_not_ask_again_for_what_failed_for_good(
    tmp_path: Path, instance: DagsterInstance
) -> None:
    folder = tmp_path
    put(folder / "raw", "a.pdf", "content", "2023,310107")
    instance.add_dynamic_partitions(REGIONS, ["310107"])
    first = tick(folder / "raw", folder / "data", instance, None)
    assert isinstance(first, SensorResult)
    (request,) = first.run_requests or []
    tags = {RUN_KEY_TAG: str(request.run_key), PERMANENT_TAG: "catalogue"}
    create_run_for_test(instance, "only_new", status=DagsterRunStatus.FAILURE, tags=tags)
    again = tick(folder / "raw", folder / "data", instance, first.cursor)
    assert isinstance(again, SkipReason)
    assert "for a reason that does not pass (catalogue)" in (again.skip_message or "")
    put(folder / "raw", "b.pdf", "more", "2023,310107")
    assert isinstance(tick(folder / "raw", folder / "data", instance, first.cursor), SensorResult)


def test_the_sensor_asks_again_when_rows_of_reviewers_changed_that_speak_of_no_file(
    tmp_path: Path, instance: DagsterInstance
) -> None:
    """A row that cannot be used fails a run; once it is mended or gone, nothing else need change."""
    raw, data = tmp_path / "raw", tmp_path / "data"
    put(raw, "a.pdf", "content", "2023,310107")
    instance.add_dynamic_partitions(REGIONS, ["310107"])
    corrections = raw / CORRECTIONS
    corrections.parent.mkdir()
    corrections.write_text("document_id,cell_id\nffffffffffffffff,\n", encoding="utf-8")
    first = tick(raw, data, instance, None)
    assert isinstance(first, SensorResult)
    (request,) = first.run_requests or []
    tags = {RUN_KEY_TAG: str(request.run_key), PERMANENT_TAG: "review"}
    create_run_for_test(instance, "only_new", status=DagsterRunStatus.FAILURE, tags=tags)
    assert isinstance(tick(raw, data, instance, first.cursor), SkipReason)
    corrections.write_text("document_id,cell_id\n", encoding="utf-8")
    again = tick(raw, data, instance, first.cursor)
    assert isinstance(again, SensorResult)
    (other,) = again.run_requests or []
    assert other.run_key != request.run_key
    tags = {RUN_KEY_TAG: str(other.run_key)}
    create_run_for_test(instance, "only_new", status=DagsterRunStatus.SUCCESS, tags=tags)
    assert isinstance(tick(raw, data, instance, again.cursor), SkipReason), "it is asked for once"
