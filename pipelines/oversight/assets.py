"""What this room offers Dagster: the comparison site, the release, and what should be published.

Site and release are made after the checks, from what was published.
"""

import json
from collections.abc import Sequence
from datetime import date

import duckdb
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetObservation,
    Config,
    DefaultSensorStatus,
    Failure,
    MaterializeResult,
    MetadataValue,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    asset,
    asset_check,
    sensor,
)
from pydantic import Field

from pipelines.dagster_retries import retries_what_passes
from pipelines.dagster_settings import LAKE_POOL, NEWLY_OUTSTANDING, OWNERS, JuesuanResource
from pipelines.oversight.publications import Outstanding, newly, outstanding
from pipelines.oversight.release.layout import SYNTHETIC, ReleaseError
from pipelines.oversight.release.making import make_release
from pipelines.oversight.site import build_site
from pipelines.warehouse.check_assets import WAREHOUSE_KEY

# Publications told one by one; all of them: juesuan query publications.
LISTED = 100
LOOK_SECONDS = 3600
# How long a step waits for its turn with the data folder.
TURN_SECONDS = 3 * 3600.0


@asset(
    key="site",
    deps=[WAREHOUSE_KEY],
    group_name="oversight",
    kinds={"html"},
    owners=OWNERS,
    pool=LAKE_POOL,
    description=(
        "data/site: the comparison site of the published warehouse, for any plain file server. "
        "To look at it: make site."
    ),
)
@retries_what_passes
def site(context: AssetExecutionContext, juesuan: JuesuanResource) -> MaterializeResult:  # type: ignore[type-arg]
    """Make the site; departments and codes whose data has not changed are taken as they were."""
    settings = juesuan.settings()
    written = build_site(settings, wait_seconds=TURN_SECONDS)
    context.log.info(f"{written.n_files} files, {written.n_changed} of them new or changed")
    return MaterializeResult(
        metadata={
            "files": written.n_files,
            "files_changed": written.n_changed,
            "departments_and_codes_made": written.n_units,
            "files_removed": written.n_removed,
            "megabytes": round(written.n_bytes / 2**20, 1),
            "index": MetadataValue.path(str(settings.site / "index.html")),
        }
    )


class ReleaseConfig(Config):
    """What a release is given by hand."""

    date: str = Field(
        default="", description="Its date, YYYY-MM-DD; empty: the day the newest document was fetched."
    )


@asset(
    key="release",
    deps=[WAREHOUSE_KEY],
    group_name="oversight",
    kinds={"parquet", "duckdb", "csv"},
    owners=OWNERS,
    pool=LAKE_POOL,
    description=(
        "data/releases/DATE: a dated folder of the published warehouse to cite and copy, verified as it is "
        "made. Started by hand (job make_release): a release that stands is never changed. "
        "To check one: juesuan verify."
    ),
)
@retries_what_passes
def release(
    context: AssetExecutionContext, config: ReleaseConfig, juesuan: JuesuanResource
) -> MaterializeResult:  # type: ignore[type-arg]
    """Make a release of what is published."""
    try:
        day = date.fromisoformat(config.date) if config.date else None
        made = make_release(juesuan.settings(), date=day, wait_seconds=TURN_SECONDS)
    except (ReleaseError, ValueError) as error:
        raise Failure(str(error), allow_retries=False) from error
    context.log.info(f"{made.folder}: {made.n_files} files, digest {made.digest}")
    return MaterializeResult(
        metadata={
            "date": made.date,
            "digest": made.digest,
            "files": made.n_files,
            "megabytes": round(made.n_bytes / 2**20, 1),
            "changes": made.n_changes,
            "last_release": made.last_release or "none",
            "specimens": f"{made.n_specimens} documents {SYNTHETIC}",
            "folder": MetadataValue.path(str(made.folder)),
        }
    )


@asset_check(
    asset=WAREHOUSE_KEY,
    pool=LAKE_POOL,
    description=(
        "Nothing that was due is missing, late or incomplete (mart_publication). A warning: it is to be "
        "asked for, and says nothing against the warehouse."
    ),
)
def publications_are_there(juesuan: JuesuanResource) -> AssetCheckResult:
    """Look what should be published and is not here; specimens do not count."""
    found = outstanding(juesuan.settings().warehouse)
    return AssetCheckResult(
        passed=not found,
        severity=AssetCheckSeverity.WARN,
        metadata={"outstanding": len(found), "list": MetadataValue.md(_list(found))},
    )


@sensor(
    minimum_interval_seconds=LOOK_SECONDS,
    default_status=DefaultSensorStatus.STOPPED,
    description=(
        "Tells once of every publication that is newly missing, late or incomplete, as an observation of the "
        "warehouse; what it told of it does not tell again. Starts no run."
    ),
)
def publications_due(context: SensorEvaluationContext, juesuan: JuesuanResource) -> SensorResult | SkipReason:
    """Compare what is outstanding with what was told of."""
    warehouse = juesuan.settings().warehouse
    if not warehouse.is_file():
        return SkipReason(f"there is no warehouse at {warehouse}")
    try:
        found = outstanding(warehouse)
    except duckdb.Error as error:
        return SkipReason(f"{warehouse} cannot be asked: {error}")
    told: list[str] = json.loads(context.cursor) if context.cursor else []
    new = newly(found, told)
    # What is settled is forgotten, so that it is told of should it come up again.
    cursor = json.dumps([one.key for one in found], ensure_ascii=False)
    if not new:
        context.update_cursor(cursor)
        return SkipReason(f"nothing new: {len(found)} publications outstanding, told of before")
    return SensorResult(
        asset_events=[
            AssetObservation(
                WAREHOUSE_KEY,
                metadata={
                    NEWLY_OUTSTANDING: len(new),
                    "outstanding": len(found),
                    "list": MetadataValue.md(_list(new)),
                },
            )
        ],
        cursor=cursor,
    )


def _list(found: Sequence[Outstanding]) -> str:
    lines = [f"- {one.said()}" for one in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(f"- and {len(found) - LISTED} more: juesuan query publications")
    return "\n".join(lines) or "none"
