"""The lake, the data of the field and the published warehouse as assets.

dbt's models are in ``dbt_assets``, their checks in ``check_assets``.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetMaterialization,
    AssetSpec,
    BackfillPolicy,
    DagsterLogManager,
    MaterializeResult,
    MetadataValue,
    multi_asset,
)

from pipelines.acquisition.assets import DECISIONS_SPEC, RAW_INVENTORY_SPEC
from pipelines.acquisition.model import FoundFile, Inventory
from pipelines.acquisition.partitions import (
    DOCUMENT_PARTITIONS,
    REGIONS,
    YEARS,
    key_of,
    partition_of,
    year_outside,
)
from pipelines.dagster_retries import retries_what_passes
from pipelines.dagster_settings import LAKE_POOL, OWNERS, SET_ASIDE_NOW, JuesuanResource
from pipelines.extraction.assets import SPECS as EXTRACTION_SPECS
from pipelines.statements.assets import CATALOGUE_SPECS
from pipelines.statements.assets import SPECS as STATEMENTS_SPECS
from pipelines.warehouse.build import list_raw, read_new
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.reading_metadata import (
    counts_by,
    counts_table,
    reading_table,
    rows_by_document,
    set_aside_rows,
    set_aside_table,
    statement_picture,
)
from pipelines.warehouse.reference_data import write_reference_data

# How long a step waits for its turn with the data folder.
TURN_SECONDS = 3 * 3600.0

NO_DOCUMENT = "no document of this year and region"

REPAIRS_SPEC = AssetSpec(
    AssetKey(["lake", "repairs"]),
    deps=[AssetKey(["lake", "cells"]), AssetKey(["lake", "line_items"])],
    group_name="statements",
    kinds={"python", "parquet"},
    description="Every recognised amount that the identities prove to be another, as read and why.",
)
REVIEWS_SPEC = AssetSpec(
    AssetKey(["lake", "reviews"]),
    deps=[AssetKey(["lake", "cells"]), AssetKey(["lake", "line_items"])],
    group_name="statements",
    kinds={"python", "parquet"},
    description="Every decision of a reviewer about a document (review/ of the raw folder), with its effect.",
)
LAKE_SPECS = tuple(
    spec.replace_attributes(owners=OWNERS)
    for spec in (*EXTRACTION_SPECS, *STATEMENTS_SPECS, REPAIRS_SPEC, REVIEWS_SPEC)
)

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


class LogProgress:
    """Progress as lines of the run's log: at every tenth, and for everything that needs a person."""

    def __init__(self, log: DagsterLogManager) -> None:
        self._log = log
        self._total = self._done = 0
        self._what = ""

    def stage(self, message: str) -> None:
        """Log that a stage begins."""
        self._log.info(message)

    def begin(self, total: int, what: str) -> None:
        """Begin to count."""
        self._total, self._done, self._what = total, 0, what
        self._log.info(f"{what}: {total}")

    def advance(self, message: str = "") -> None:
        """Count one more."""
        self._done += 1
        if message:
            self._log.warning(message)
        if self._done * 10 // self._total > (self._done - 1) * 10 // self._total:
            self._log.info(f"{self._what}: {self._done} of {self._total}")

    def end(self) -> None:
        """Nothing to take away."""


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


@multi_asset(
    specs=LAKE_SPECS,
    partitions_def=DOCUMENT_PARTITIONS,
    backfill_policy=BackfillPolicy.single_run(),
    pool=LAKE_POOL,
)
@retries_what_passes
def documents_read(context: AssetExecutionContext, juesuan: JuesuanResource) -> Iterator[MaterializeResult]:  # type: ignore[type-arg]
    """Read the documents of the run's partitions that the lake does not hold yet, into the lake.

    One step however many documents there are: they are read in guarded worker processes. A run
    without partitions reads all of the folder. A run of more than one partition also says of each year
    and region without a document that there is none.
    """
    settings = juesuan.settings()
    begun = time.monotonic()
    with build_lock(settings.data, wait_seconds=TURN_SECONDS, on_wait=context.log.info):
        # Listed anew: what changed since ``raw_inventory`` ran would be read and count nowhere.
        inventory = list_raw(settings)
        wanted = _wanted(context, inventory)
        documents, n_unchanged = read_new(settings, inventory, only=wanted, progress=LogProgress(context.log))
    lake = Lake(settings.lake)
    ids = {file.document_id for file in wanted}
    n_rows = rows_by_document(lake)
    statements = counts_by(lake, "statements", "statement_id", ids)
    notes = counts_by(lake, "notes", "kind", ids)
    extra: dict[str, dict[str, Any]] = {
        "documents": {
            "documents_read_now": len(documents),
            "documents_held_already": n_unchanged,
            "seconds": round(time.monotonic() - begun, 1),
            "set_aside": MetadataValue.md(set_aside_table(lake, ids)),
            "read_in_this_run": MetadataValue.md(reading_table(documents)),
            SET_ASIDE_NOW: MetadataValue.json(set_aside_rows(documents)),
            "confinement": "; ".join(sorted({read.confinement for read in documents})) or "nothing was read",
        },
        "statements": {"recognised": MetadataValue.md(counts_table(statements, "statement"))},
        "line_items": {"picture": MetadataValue.md(statement_picture(settings, ids) or "no statement")},
        "notes": {"kinds": MetadataValue.md(counts_table(notes, "kind of note"))},
    }
    held = _by_partition(inventory.distinct())
    partitioned = context.has_partition_key or context.has_partition_key_range
    keys = tuple(context.partition_keys) if partitioned else tuple(sorted(held))
    for key in keys:
        for spec in LAKE_SPECS:
            told = _told_of(held.get(key, set()), n_rows[spec.key.path[-1]])
            if partitioned:
                context.add_asset_metadata(told, asset_key=spec.key, partition_key=key)
            else:
                # A run over everything fills every partition that has a document.
                context.log_event(AssetMaterialization(asset_key=spec.key, partition=key, metadata=told))
    if not context.has_partition_key:
        _fill_empty(context, held, set(keys))
    for spec in LAKE_SPECS:
        name = spec.key.path[-1]
        total = {} if partitioned else {"dagster/row_count": _sum(n_rows[name], ids)}
        yield MaterializeResult(asset_key=spec.key, metadata={**total, **extra.get(name, {})})


def _fill_empty(context: AssetExecutionContext, held: Mapping[str, set[str]], told: Collection[str]) -> None:
    """Say of every year and region without a document that there is none.

    Otherwise they count as missing for ever, and the asset graph never shows that all is done. Each is
    told of once; one whose files were taken away is among the partitions of the run that notices.
    """
    regions = context.instance.get_dynamic_partitions(REGIONS)
    empty = {key_of((year, region)) for year in YEARS for region in regions} - set(held) - set(told)
    for spec in LAKE_SPECS:
        known = context.instance.get_materialized_partitions(spec.key)
        for key in sorted(empty - known):
            context.log_event(
                AssetMaterialization(asset_key=spec.key, partition=key, metadata=_told_of(set(), {}))
            )


def _told_of(document_ids: Collection[str], n_rows: Mapping[str, int]) -> dict[str, Any]:
    """What a partition's materialisation says of it."""
    if not document_ids:
        return {"dagster/row_count": 0, "note": NO_DOCUMENT}
    return {"dagster/row_count": _sum(n_rows, document_ids)}


def _by_partition(files: Iterable[FoundFile]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in files:
        found.setdefault(key_of(partition_of(file)), set()).add(file.document_id)
    return found


def _sum(counts: Mapping[str, int], document_ids: Iterable[str]) -> int:
    return sum(counts.get(document_id, 0) for document_id in document_ids)


def _wanted(context: AssetExecutionContext, inventory: Inventory) -> tuple[FoundFile, ...]:
    if not (context.has_partition_key or context.has_partition_key_range):
        return inventory.distinct()
    keys = set(context.partition_keys)
    return tuple(file for file in inventory.distinct() if key_of(partition_of(file)) in keys)


@multi_asset(specs=REFERENCE_SPECS)
@retries_what_passes
def reference_data(context: AssetExecutionContext, juesuan: JuesuanResource) -> Iterator[MaterializeResult]:  # type: ignore[type-arg]
    """Put the catalogue of statement forms and the accounting identities beside the figures."""
    settings = juesuan.settings()
    with build_lock(settings.data, wait_seconds=TURN_SECONDS, on_wait=context.log.info):
        counts = write_reference_data(settings)
    for spec in REFERENCE_SPECS:
        yield MaterializeResult(asset_key=spec.key, metadata={"dagster/row_count": counts[spec.key.path[-1]]})
