"""The list of the raw folder and the data of the field as assets.

The lake is in ``reading_assets``, dbt's models in ``dbt_assets``, their checks and the published warehouse
in ``check_assets``.
"""

from collections.abc import Iterator

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)

from pipelines.acquisition.assets import DECISIONS_SPEC, RAW_INVENTORY_SPEC
from pipelines.acquisition.model import Inventory
from pipelines.acquisition.partitions import (
    REGIONS,
    partition_of,
    year_outside,
)
from pipelines.dagster_retries import retries_what_passes
from pipelines.dagster_settings import LAKE_POOL, OWNERS, TURN_SECONDS, JuesuanResource
from pipelines.statements.assets import CATALOGUE_SPECS
from pipelines.warehouse.build import list_raw
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.reference_data import write_reference_data

IDENTITIES_SPECS = tuple(
    AssetSpec(
        AssetKey(["identities", name]),
        group_name="warehouse_identities",
        kinds={"yaml", "parquet"},
        description=description,
    )
    for name, description in (
        ("identities", "The accounting identities of expectations/, one row each."),
        ("identity_terms", "The terms of the identities."),
        ("identity_conditions", "What a statement must or must not print for an identity to be asked of it."),
    )
)
REFERENCE_SPECS = tuple(
    spec.replace_attributes(owners=OWNERS) for spec in (*CATALOGUE_SPECS, *IDENTITIES_SPECS)
)


@multi_asset(specs=[RAW_INVENTORY_SPEC, DECISIONS_SPEC], pool=LAKE_POOL)
@retries_what_passes
def raw_inventory(context: AssetExecutionContext, juesuan: JuesuanResource) -> Iterator[MaterializeResult]:  # type: ignore[type-arg]
    """List the raw folder and the reviewers' decisions into the lake; make partitions of its regions."""
    settings = juesuan.settings()
    with build_lock(settings.data, wait_seconds=TURN_SECONDS, on_wait=context.log.info):
        inventory = list_raw(settings)
    outside = [said for file in inventory.files if (said := year_outside(file))]
    for said in outside:
        context.log.warning(said)
    regions = sorted({partition_of(file)[1] for file in inventory.files})
    known = set(context.instance.get_dynamic_partitions(REGIONS))
    new = [region for region in regions if region not in known]
    if new:
        context.instance.add_dynamic_partitions(REGIONS, new)
    problems = "\n".join(f"- {problem.said()}" for problem in inventory.problems[:50])
    unusable = "\n".join(f"- {problem}" for problem in inventory.review_problems[:50])
    yield MaterializeResult(
        asset_key=DECISIONS_SPEC.key,
        metadata={
            "dagster/row_count": len(inventory.decisions),
            "rows_that_cannot_be_used": MetadataValue.md(unusable or "none"),
        },
    )
    yield MaterializeResult(
        asset_key=RAW_INVENTORY_SPEC.key,
        metadata={
            "dagster/row_count": len(inventory.files),
            "megabytes": round(sum(file.size_bytes for file in inventory.files) / 2**20, 1),
            "partitions": MetadataValue.md(_partition_table(inventory)),
            "register_problems": MetadataValue.md(problems or "none"),
            "years_outside": MetadataValue.md("\n".join(f"- {said}" for said in outside[:50]) or "none"),
            "raw_folder": MetadataValue.path(str(inventory.root)),
        },
    )


def _partition_table(inventory: Inventory) -> str:
    counts: dict[tuple[str, str], int] = {}
    for file in inventory.files:
        counts[partition_of(file)] = counts.get(partition_of(file), 0) + 1
    lines = ["| fiscal year | region | files |", "|---|---|---:|"]
    lines += [f"| {year} | {region} | {count} |" for (year, region), count in sorted(counts.items())]
    return "\n".join(lines)


@multi_asset(specs=REFERENCE_SPECS)
@retries_what_passes
def reference_data(context: AssetExecutionContext, juesuan: JuesuanResource) -> Iterator[MaterializeResult]:  # type: ignore[type-arg]
    """Put the catalogue of statement forms and the accounting identities beside the figures."""
    settings = juesuan.settings()
    with build_lock(settings.data, wait_seconds=TURN_SECONDS, on_wait=context.log.info):
        counts = write_reference_data(settings)
    for spec in REFERENCE_SPECS:
        yield MaterializeResult(asset_key=spec.key, metadata={"dagster/row_count": counts[spec.key.path[-1]]})
