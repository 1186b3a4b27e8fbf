"""What this room offers Dagster: the acquisition, the spec of the raw folder's list, the folder's sensor.

The step that lists the folder into the lake is in ``warehouse/assets.py``, beside the one that reads it.
"""

import hashlib
import json
from typing import Any

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    Config,
    DagsterRunStatus,
    DefaultSensorStatus,
    Failure,
    MaterializeResult,
    MetadataValue,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    asset,
    sensor,
)
from dagster._core.storage.tags import RUN_KEY_TAG
from pydantic import Field

from pipelines.acquisition.acquire import Acquired, SiteReport, acquire
from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.model import Inventory, Reviewed
from pipelines.acquisition.partitions import (
    REGION_PARTITIONS,
    REGIONS,
    covering_range,
    key_of,
    partition_of,
)
from pipelines.acquisition.review import review_digest
from pipelines.acquisition.sources import SourcesError, read_sources
from pipelines.dagster_retries import PERMANENT_TAG, retries_what_passes
from pipelines.dagster_settings import ACQUISITION_POOL, OWNERS, SITE_TROUBLES, JuesuanResource

ACQUIRED_KEY = AssetKey(["raw", "acquired"])
RAW_INVENTORY_KEY = AssetKey(["lake", "raw_inventory"])
SITES_CHECK = "sites_walked"
# Troubles in a run's metadata; the journal has all.
LISTED_TROUBLES = 50
# Troubles left for the alerts.
WATCHED_TROUBLES = 1000
WATCH_SECONDS = 60
# A run that failed may have failed for a passing reason; the third failure waits for a person.
TRIES = 3


RAW_INVENTORY_SPEC = AssetSpec(
    RAW_INVENTORY_KEY,
    deps=[ACQUIRED_KEY],
    group_name="acquisition",
    kinds={"pdf", "parquet"},
    owners=OWNERS,
    description=(
        "What lies in the raw folder: every PDF with its content hash and what register.csv says of it. "
        "Regions not seen before become partitions."
    ),
)

DECISIONS_SPEC = AssetSpec(
    AssetKey(["lake", "review_decisions"]),
    group_name="acquisition",
    kinds={"csv", "parquet"},
    owners=OWNERS,
    description="What people decided of open questions: review/decisions.csv of the raw folder.",
)


class SitesConfig(Config):
    """Which sites a run asks."""

    sites: list[str] = Field(default=[], description="Ids of sites; empty: all that are switched on")


@asset(
    key=ACQUIRED_KEY,
    group_name="acquisition",
    kinds={"python", "pdf"},
    owners=OWNERS,
    pool=ACQUISITION_POOL,
    check_specs=[
        AssetCheckSpec(
            SITES_CHECK,
            asset=ACQUIRED_KEY,
            description="Every site asked could be walked to the end; the others were walked all the same.",
        )
    ],
    description=(
        "What the sites of the register publish, fetched into raw/acquired under the hash of its bytes, with "
        "a register and a journal. Goes out to the network, so no job but acquire materialises it."
    ),
)
@retries_what_passes
def acquired_documents(
    context: AssetExecutionContext,
    config: SitesConfig,
    juesuan: JuesuanResource,
) -> MaterializeResult:  # type: ignore[type-arg]
    """Ask the sites for what is new, as ``juesuan acquire`` does."""
    settings = juesuan.settings()
    try:
        sources = read_sources(settings.sources)
        sites = sources.chosen(tuple(config.sites))
    except SourcesError as error:
        raise Failure(str(error), allow_retries=False) from None
    if not sites:
        raise Failure(f"no site in {settings.sources} is switched on", allow_retries=False)

    def tell(report: SiteReport) -> None:
        context.log.info(f"{report.site}: {report.requests} requests {report.error}")

    acquired = acquire(settings.raw, sources, sites, on_site=tell)
    for report in acquired.sites:
        for entry in report.troubles:
            context.log.warning(f"{report.site}: {entry.result}: {entry.address}: {entry.said}")
    metadata: dict[str, Any] = {
        "dagster/row_count": acquired.registered,
        "new_files": acquired.new,
        "sites": MetadataValue.md(_site_table(acquired)),
        "troubles": MetadataValue.md(_trouble_list(acquired)),
        SITE_TROUBLES: MetadataValue.json(_trouble_rows(acquired)),
        "run": acquired.run,
        "journal": MetadataValue.path(str(settings.raw / "acquired" / "journal")),
    }
    if acquired.is_failed:
        raise Failure("no site gave anything", metadata=metadata, allow_retries=False)
    unfinished = [report.site for report in acquired.sites if report.error or not report.is_complete]
    return MaterializeResult(
        metadata=metadata,
        check_results=[
            AssetCheckResult(
                check_name=SITES_CHECK,
                passed=not unfinished,
                severity=AssetCheckSeverity.WARN,
                metadata={"not_walked_to_the_end": ", ".join(unfinished) or "none"},
            )
        ],
    )


def _site_table(acquired: Acquired) -> str:
    lines = ["| site | requests | new | changed | kept | unchanged | vanished | refused | failed | error |"]
    lines.append("|---|" + "---:|" * 8 + "---|")
    for report in acquired.sites:
        counts = report.counts
        figures = (
            report.requests,
            counts["taken"],
            counts["changed"],
            counts["kept"],
            counts["same"],
            counts["vanished"] + counts["unlinked"],
            counts["refused"],
            counts["failed"],
        )
        cells = " | ".join(str(figure) for figure in figures)
        lines.append(f"| {report.site} | {cells} | {_cell(report.error)} |")
    return "\n".join(lines)


def _trouble_list(acquired: Acquired) -> str:
    """What a person should look at, fifty at most; the journal has all."""
    told = [(report.site, entry) for report in acquired.sites for entry in report.troubles]
    if not told:
        return "none"
    lines = ["| site | what | address | why |", "|---|---|---|---|"]
    for site, entry in told[:LISTED_TROUBLES]:
        lines.append(f"| {site} | {entry.result} | {_cell(entry.address)} | {_cell(entry.said)} |")
    if len(told) > LISTED_TROUBLES:
        lines.append(f"| | | | and {len(told) - LISTED_TROUBLES} more in the journal |")
    return "\n".join(lines)


def _trouble_rows(acquired: Acquired) -> list[dict[str, str]]:
    """Troubles as data, for the alerts: sites that could not be walked, then addresses, a limited number."""
    rows = [
        {"site": report.site, "result": "error", "address": "", "said": report.error}
        for report in acquired.sites
        if report.error
    ]
    rows += [
        {"site": report.site, "result": entry.result, "address": entry.address, "said": entry.said}
        for report in acquired.sites
        for entry in report.troubles
    ]
    return rows[:WATCHED_TROUBLES]


def _cell(text: str) -> str:
    """Words of a site in a cell of a Markdown table: they are shown, and nothing else."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


@sensor(
    job_name="only_new",
    minimum_interval_seconds=WATCH_SECONDS,
    default_status=DefaultSensorStatus.STOPPED,
    description=(
        "Notices new, changed and removed files in the raw folder, and changed rows of the register, and "
        "starts one run for all of them. A file still being copied is seen again at the next tick; a run "
        f"that failed for a passing reason is asked for again, up to {TRIES} times in all."
    ),
)
def raw_folder_changes(
    context: SensorEvaluationContext, juesuan: JuesuanResource
) -> SensorResult | SkipReason:
    """Compare the raw folder, partition by partition, with what it held at the last run requested."""
    settings = juesuan.settings()
    try:
        inventory = take_inventory(settings.raw, cache=settings.data / "hashes.json")
    except FileNotFoundError as error:
        return SkipReason(str(error))
    now = _digests(inventory)
    cursor: dict[str, Any] = (
        json.loads(context.cursor) if context.cursor else {"requests": 0, "partitions": {}}
    )
    before: dict[str, str] = cursor["partitions"]
    fresh = {key for key in now.keys() | before.keys() if now.get(key) != before.get(key)}
    asked: dict[str, Any] = cursor.get("last", {})
    failed, for_good = _failed_run(context, asked)
    reviewed = review_digest(settings.raw)
    # Rows of reviewers that speak of no file fail a run too, and change nothing else when they are mended.
    is_mended = bool(for_good) and asked.get("review", reviewed) != reviewed
    may_pass = not for_good and asked.get("tries", 0) < TRIES
    again = set(asked["changed"]) if failed and (is_mended or may_pass) else set()
    changed = sorted(fresh | again)
    if not changed:
        if failed:
            why = f"for a reason that does not pass ({for_good})" if for_good else f"{asked['tries']} times"
            return SkipReason(
                f"nothing new, but the last run {failed} failed {why} and is not asked for again: "
                "read its errors, mend what they name, or start the job only_new by hand"
            )
        return SkipReason(f"nothing new among {len(inventory.files)} files")
    known = list(context.instance.get_dynamic_partitions(REGIONS))
    partitions = [(year, region) for year, region in (key.split("|") for key in changed)]
    new = sorted({region for _, region in partitions} - set(known))
    first, last = covering_range(partitions, [*known, *new])
    # The number keeps a folder that is put back as it once was from being taken for a run already made.
    number = cursor["requests"] + 1
    content = json.dumps([number, changed, [now.get(key) for key in changed]])
    run_key = hashlib.sha256(content.encode()).hexdigest()[:24]
    return SensorResult(
        run_requests=[
            RunRequest(
                run_key=run_key,
                tags={
                    "dagster/asset_partition_range_start": first,
                    "dagster/asset_partition_range_end": last,
                    "juesuan/partitions_changed": str(len(changed)),
                },
            )
        ],
        dynamic_partitions_requests=[REGION_PARTITIONS.build_add_request(new)] if new else [],
        cursor=json.dumps(
            {
                "requests": number,
                "partitions": now,
                "last": {
                    "run_key": run_key,
                    "changed": changed,
                    "tries": 1 if fresh or is_mended else asked.get("tries", 0) + 1,
                    "review": reviewed,
                },
            },
            sort_keys=True,
        ),
    )


def _failed_run(context: SensorEvaluationContext, asked: dict[str, Any]) -> tuple[str, str]:
    """The run that was asked for last, if it failed, and the kind of a failure that does not pass.

    A run stopped by a person has not failed.
    """
    if not asked:
        return "", ""
    failed = RunsFilter(tags={RUN_KEY_TAG: asked["run_key"]}, statuses=[DagsterRunStatus.FAILURE])
    runs = context.instance.get_runs(failed, limit=1)
    return (runs[0].run_id, runs[0].tags.get(PERMANENT_TAG, "")) if runs else ("", "")


def _digests(inventory: Inventory) -> dict[str, str]:
    """Per partition, a digest of which content lies where and what register and reviewers say of it."""
    digests: dict[str, hashlib._Hash] = {}
    for file in inventory.files:
        digest = digests.setdefault(key_of(partition_of(file)), hashlib.sha256())
        said = f"{file.source_path}\0{file.sha256}\0{file.registered}"
        if file.reviewed != Reviewed():
            said += f"\0{file.reviewed}"
        digest.update(f"{said}\n".encode())
    return {key: digest.hexdigest()[:16] for key, digest in sorted(digests.items())}
