"""The jobs that are no assets: tidying (old runs, leftovers), and trying a new version of the extractor."""

import time
from collections.abc import Iterable, Iterator

from dagster import (
    AssetCheckKey,
    AssetRecordsFilter,
    Config,
    DagsterEventType,
    DagsterInstance,
    DagsterRunStatus,
    DefaultScheduleStatus,
    MetadataValue,
    OpExecutionContext,
    RunRequest,
    RunsFilter,
    ScheduleEvaluationContext,
    in_process_executor,
    job,
    op,
    schedule,
)
from pydantic import Field

from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.partitions import DOCUMENT_PARTITIONS, key_of, partition_of
from pipelines.dagster_retries import FROM_THE_BEGINNING, retries_what_passes
from pipelines.dagster_settings import JuesuanResource
from pipelines.operations.tidying import DAYS, tidy_folders
from pipelines.settings import Settings
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.trial import Selection, Trial, trial_settings
from pipelines.warehouse.trial import try_reader as try_documents
from pipelines.warehouse.trial_comparison import Comparison, compare
from pipelines.warehouse.trial_metadata import counts_of_changes, list_of_changes

FINISHED = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
# Events asked for at a time.
_AT_ONCE = 1000


class TidyConfig(Config):
    """How long things are kept."""

    days: int = Field(default=DAYS, ge=1, description="Days that runs, their logs and leftovers are kept")


@op(description="Take away runs and logs older than the days given, and what broken builds left.")
@retries_what_passes
def take_away(context: OpExecutionContext, config: TidyConfig, juesuan: JuesuanResource) -> None:
    """Tidy, and say what went."""
    tidied = tidy_folders(juesuan.settings(), days=config.days)
    checks = context.repository_def.asset_graph.asset_check_keys
    runs = purge_runs(context.instance, config.days, checks)
    context.log.info(f"taken away: {', '.join(tidied.removed) or 'no leftovers'}; {len(runs)} old runs")
    context.add_output_metadata(
        {
            "leftovers": len(tidied.removed),
            "megabytes": round(tidied.freed / 2**20, 1),
            "runs": len(runs),
            "days_kept": config.days,
        }
    )


@job(
    executor_def=in_process_executor,
    tags=FROM_THE_BEGINNING,
    description=(
        "Makes room: runs with their logs and leftovers of builds older than 90 days (configuration: days). "
        "Keeps raw/, the lake, the warehouse, releases, and runs in which something was last made or checked."
    ),
)
def tidy() -> None:
    """One step."""
    take_away()


@op(description="Read a year and region with the present extractor beside what counts, and compare.")
@retries_what_passes
def read_on_trial(context: OpExecutionContext, juesuan: JuesuanResource) -> None:
    """Try the documents of the run's partition, or all where it has none, and tell what is read otherwise."""
    settings = juesuan.settings()
    selection = _selection(settings, context.partition_key if context.has_partition_key else None)
    if selection is None:
        context.log.info("no document of this year and region")
        return
    trial = try_documents(settings, selection)
    found = compare(Lake(settings.lake), Lake(trial_settings(settings).lake), trial.compared)
    context.add_output_metadata(_told(trial, found))


@job(
    executor_def=in_process_executor,
    partitions_def=DOCUMENT_PARTITIONS,
    tags=FROM_THE_BEGINNING,
    description=(
        "Reads a year and region with the present version of the extractor into a trial lake and compares "
        "figure by figure with what counts, which is not touched. To accept: juesuan accept-reader."
    ),
)
def try_reader() -> None:
    """One step."""
    read_on_trial()


def _selection(settings: Settings, key: str | None) -> Selection | None:
    """The documents of a partition, which the register decides; None where there is none."""
    if key is None:
        return Selection()
    inventory = take_inventory(settings.raw, cache=settings.data / "hashes.json")
    ids = frozenset(file.document_id for file in inventory.distinct() if key_of(partition_of(file)) == key)
    return Selection(documents=ids) if ids else None


def _told(trial: Trial, found: Comparison) -> dict[str, int | MetadataValue]:
    return {
        "documents_tried": found.n_documents,
        "documents_read_now": len(trial.read),
        "documents_current_already": trial.n_current,
        "figures_that_count": found.n_figures_old,
        "figures_on_trial": found.n_figures_new,
        "differences": len(found.changes),
        "by_statement": MetadataValue.md(counts_of_changes(found)),
        "list": MetadataValue.md(list_of_changes(found)),
        "rows_of_review_that_do_not_fit": MetadataValue.md("\n".join(trial.review_stops) or "none"),
    }


@schedule(
    job=tidy,
    cron_schedule="0 5 1 * *",
    execution_timezone="Asia/Shanghai",
    default_status=DefaultScheduleStatus.STOPPED,
    description="The first of the month at five in the morning: old runs, their logs, leftovers.",
)
def monthly_tidy(context: ScheduleEvaluationContext) -> RunRequest:
    """One run a month."""
    return RunRequest(run_key=context.scheduled_execution_time.strftime("tidy-%Y-%m"))


def purge_runs(
    instance: DagsterInstance, days: int, checks: Iterable[AssetCheckKey], *, now: float | None = None
) -> tuple[str, ...]:
    """Delete runs that ended more than ``days`` ago, with events and logs; returns their ids.

    ``checks`` are the checks there are.
    Deleting a run deletes what it said of assets: a run in which an asset, a partition or a check was done
    last is kept however old, or the asset graph would show as missing what is there.
    """
    before = (time.time() if now is None else now) - days * 86_400
    needed = _last_runs(instance, checks)
    removed = []
    for record in instance.get_run_records(RunsFilter(statuses=FINISHED)):
        run_id = record.dagster_run.run_id
        ended = record.end_time or record.update_timestamp.timestamp()
        if ended < before and run_id not in needed:
            instance.compute_log_manager.delete_logs(prefix=[run_id])
            instance.delete_run(run_id)
            removed.append(run_id)
    return tuple(removed)


def _last_runs(instance: DagsterInstance, checks: Iterable[AssetCheckKey]) -> set[str]:
    """Runs in which an asset, one of its partitions or one of its checks was done last."""
    needed: set[str] = set()
    storage = instance.event_log_storage
    for key in instance.all_asset_keys():
        newest = instance.get_latest_materialization_event(key)
        if newest is not None:
            needed.add(newest.run_id)
        by_partition = storage.get_latest_storage_id_by_partition(key, DagsterEventType.ASSET_MATERIALIZATION)
        for ids in _some(sorted(by_partition.values())):
            found = instance.fetch_materializations(
                AssetRecordsFilter(key, storage_ids=ids), limit=len(ids)
            ).records
            needed.update(record.run_id for record in found)
    for execution in storage.get_latest_asset_check_execution_by_key(sorted(checks)).values():
        needed.add(execution.run_id)
    return needed


def _some(ids: list[int]) -> Iterator[list[int]]:
    for begin in range(0, len(ids), _AT_ONCE):
        yield ids[begin : begin + _AT_ONCE]
