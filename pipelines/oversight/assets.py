"""The comparison site as an asset: after the checks, from what was published."""

from dagster import AssetExecutionContext, MaterializeResult, MetadataValue, asset

from pipelines.dagster_settings import LAKE_POOL, OWNERS, JuesuanResource
from pipelines.oversight.site import build_site
from pipelines.warehouse.check_assets import WAREHOUSE_KEY

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
def site(context: AssetExecutionContext, juesuan: JuesuanResource) -> MaterializeResult:  # type: ignore[type-arg]
    """Make the site; pages whose content has not changed are not written again."""
    settings = juesuan.settings()
    written = build_site(settings, wait_seconds=TURN_SECONDS)
    context.log.info(f"{written.n_files} files, {written.n_changed} of them new or changed")
    return MaterializeResult(
        metadata={
            "files": written.n_files,
            "files_changed": written.n_changed,
            "files_removed": written.n_removed,
            "megabytes": round(written.n_bytes / 2**20, 1),
            "index": MetadataValue.path(str(settings.site / "index.html")),
        }
    )
