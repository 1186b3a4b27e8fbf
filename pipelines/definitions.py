"""The Dagster code location: assembles what the rooms offer, decides nothing about the data.

Load it with ``dagster dev -w workspace.yaml`` (``make ui``).
"""

from __future__ import annotations

import yaml

from pipelines.settings import Settings, SettingsError, turn_telemetry_off

turn_telemetry_off()

from dagster import (  # noqa: E402
    AssetSelection,
    DefaultScheduleStatus,
    Definitions,
    ExecutorDefinition,
    FilesystemIOManager,
    RunRequest,
    ScheduleEvaluationContext,
    SkipReason,
    define_asset_job,
    in_process_executor,
    schedule,
)

from pipelines.acquisition.assets import (  # noqa: E402
    ACQUIRED_KEY,
    DECISIONS_SPEC,
    RAW_INVENTORY_KEY,
    acquired_documents,
    raw_folder_changes,
)
from pipelines.acquisition.sources import SourcesError, read_sources  # noqa: E402
from pipelines.dagster_retries import FROM_THE_BEGINNING  # noqa: E402
from pipelines.dagster_settings import HANDOVER, JuesuanResource  # noqa: E402
from pipelines.operations.jobs import monthly_tidy, tidy, try_reader  # noqa: E402
from pipelines.operations.sensors import alerts  # noqa: E402
from pipelines.oversight.assets import (  # noqa: E402
    publications_are_there,
    publications_due,
    release,
    site,
)
from pipelines.warehouse.assets import (  # noqa: E402
    raw_inventory,
    reference_data,
)
from pipelines.warehouse.check_assets import build_check_assets, build_published_warehouse  # noqa: E402
from pipelines.warehouse.dbt_assets import build_dbt_assets, dbt_resource  # noqa: E402
from pipelines.warehouse.lake_specs import LAKE_SPECS  # noqa: E402
from pipelines.warehouse.reading_assets import build_reading_assets  # noqa: E402


def executor(settings: Settings) -> ExecutorDefinition:
    """What runs the steps of a run: the run's own process, or Celery workers where the settings name them.

    One process on one machine: a step of its own costs seconds to start, and what takes long uses
    processes itself. Raises ``SettingsError`` for a file that does not configure Celery.
    """
    if settings.celery is None:
        return in_process_executor
    from dagster_celery import celery_executor  # of the extra `cluster`

    try:
        config = yaml.safe_load(settings.celery.read_text(encoding="utf-8"))["execution"]["config"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise SettingsError(
            f"JUESUAN_CELERY names {settings.celery}, which has no execution: config: ({error})"
        ) from error
    return celery_executor.configured(config, name="celery_workers")


_EXECUTOR = executor(Settings.from_environment())

# Going out to the network is a job of its own: nothing else does, whatever it is started for. So is a
# release: it is a decision, not a step of every run.
_EVERY_RUN = AssetSelection.all() - AssetSelection.assets(ACQUIRED_KEY) - AssetSelection.assets("release")
ACQUIRE = define_asset_job(
    "acquire",
    selection=AssetSelection.assets(ACQUIRED_KEY),
    # Always in the run's own process: workers that read documents have no way out to the network.
    executor_def=in_process_executor,
    tags=FROM_THE_BEGINNING,
    description=(
        "Fetch what the sites of the register publish into the raw folder. Goes out to the network; the "
        "sensor or the weekly schedule then reads what came."
    ),
)
EVERYTHING = define_asset_job(
    "everything",
    selection=_EVERY_RUN,
    executor_def=_EXECUTOR,
    tags=FROM_THE_BEGINNING,
    description=(
        "From the raw folder to the published warehouse. Documents the lake holds already are not read "
        "again. By hand it is started from the schedule weekly: Preview tick result, Continue, Launch all."
    ),
)
ONE_PARTITION = define_asset_job(
    "one_partition",
    selection=AssetSelection.assets(
        RAW_INVENTORY_KEY, DECISIONS_SPEC.key, *(spec.key for spec in LAKE_SPECS)
    ),
    executor_def=_EXECUTOR,
    tags=FROM_THE_BEGINNING,
    description="Read the documents of one year and region into the lake; the warehouse stays as it is.",
)
ONLY_NEW = define_asset_job(
    "only_new",
    selection=_EVERY_RUN,
    executor_def=_EXECUTOR,
    tags=FROM_THE_BEGINNING,
    description=(
        "What the sensor starts: reads the partitions whose files or register rows changed, then builds, "
        "checks and publishes the warehouse."
    ),
)
MAKE_RELEASE = define_asset_job(
    "make_release",
    selection=AssetSelection.assets("release"),
    executor_def=_EXECUTOR,
    tags=FROM_THE_BEGINNING,
    description="Release what is published: a dated folder in data/releases, never changed afterwards.",
)


@schedule(
    job=EVERYTHING,
    cron_schedule="0 3 * * 0",
    execution_timezone="Asia/Shanghai",
    default_status=DefaultScheduleStatus.STOPPED,
    description="Sunday at three in the morning: everything, for what the sensor may have missed.",
)
def weekly(context: ScheduleEvaluationContext) -> RunRequest:
    """One run over everything, without partitions: it tells of those alone in which something was read.

    A run over a range tells of each partition in it, and with thousands of regions that takes hours.
    """
    return RunRequest(run_key=context.scheduled_execution_time.strftime("%G-W%V"))


@schedule(
    job=ACQUIRE,
    cron_schedule="0 22 * * 6",
    execution_timezone="Asia/Shanghai",
    default_status=DefaultScheduleStatus.STOPPED,
    description=(
        "Saturday at ten in the evening: asks the sites that are switched on. Nothing is asked of the "
        "network until it is switched on."
    ),
)
def weekly_acquisition(
    context: ScheduleEvaluationContext, juesuan: JuesuanResource
) -> RunRequest | SkipReason:
    """One run over all sites that are switched on."""
    settings = juesuan.settings()
    try:
        if not read_sources(settings.sources).chosen():
            return SkipReason(f"no site in {settings.sources} is switched on")
    except SourcesError as error:
        return SkipReason(f"the register of sites cannot be used: {error}")
    return RunRequest(run_key=context.scheduled_execution_time.strftime("acquire-%G-W%V"))


def build_definitions(
    settings: Settings | None = None, resource: JuesuanResource | None = None
) -> Definitions:
    """The code location. ``settings`` and ``resource`` are for tests; the environment speaks otherwise."""
    settings = settings or Settings.from_environment()
    dbt_models = build_dbt_assets(settings)
    return Definitions(
        assets=[
            acquired_documents,
            raw_inventory,
            build_reading_assets(),
            reference_data,
            dbt_models,
            build_published_warehouse(dbt_models),
            site,
            release,
        ],
        asset_checks=[build_check_assets(settings, dbt_models), publications_are_there],
        jobs=[ACQUIRE, EVERYTHING, ONE_PARTITION, ONLY_NEW, MAKE_RELEASE, tidy, try_reader],
        schedules=[weekly_acquisition, weekly, monthly_tidy],
        sensors=[raw_folder_changes, publications_due, alerts],
        resources={
            "juesuan": resource or JuesuanResource(raw="", data="", sources=""),
            HANDOVER: FilesystemIOManager(base_dir=str(settings.handover)),
            "dbt": dbt_resource(settings),
        },
    )


defs = build_definitions()
