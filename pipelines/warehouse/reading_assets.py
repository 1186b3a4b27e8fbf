"""Reading the documents of a run into the lake, as one graph of steps: plan, read in chunks, tell.

On one machine all documents are one chunk, read in guarded worker processes. On several,
``JUESUAN_CHUNK_DOCUMENTS`` makes chunks of them, and each chunk is a step that any worker may take.
The assets and what is told of them are the same.
"""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from dagster import (
    AssetExecutionContext,
    AssetKey,
    AssetMaterialization,
    AssetsDefinition,
    AssetSpec,
    BackfillPolicy,
    DagsterLogManager,
    DynamicOut,
    DynamicOutput,
    GraphIn,
    GraphOut,
    In,
    MaterializeResult,
    MetadataValue,
    Nothing,
    Out,
    Output,
    graph,
    op,
)

from pipelines.acquisition.assets import RAW_INVENTORY_KEY
from pipelines.acquisition.model import FoundFile
from pipelines.acquisition.partitions import (
    DOCUMENT_PARTITIONS,
    REGIONS,
    YEARS,
    key_of,
    partition_of,
)
from pipelines.dagster_retries import retries_what_passes
from pipelines.dagster_settings import (
    HANDOVER,
    LAKE_POOL,
    READING_TAGS,
    SET_ASIDE_NOW,
    TURN_SECONDS,
    JuesuanResource,
)
from pipelines.warehouse.build import Chunk, chunks_to_read, list_raw, read_chunk
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.lake_specs import LAKE_SPECS
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.reading import DocumentRead
from pipelines.warehouse.reading_metadata import (
    counts_by,
    counts_table,
    reading_table,
    rows_by_document,
    set_aside_rows,
    set_aside_table,
    statement_picture,
)

# Years and regions without a document that a run tells of, at most. Each is an event for every dataset of
# the lake, half a second in all: a run that reads tells of one for so many documents read, which take ten
# times that.
FILLED_AT_ONCE = 25
READ_FOR_ONE_FILLED = 25
NO_DOCUMENT = "no document of this year and region"

Held = dict[str, tuple[str, ...]]
"""The ids of the documents of each partition that has any, by the partition's key."""


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


@op(
    ins={"inventory": In(Nothing)},
    out={
        "held": Out(dict, io_manager_key=HANDOVER),
        "chunks": DynamicOut(Chunk, io_manager_key=HANDOVER),
    },
    pool=LAKE_POOL,
)
@retries_what_passes
def documents_planned(
    context: AssetExecutionContext, juesuan: JuesuanResource
) -> Iterator[Output[Held] | DynamicOutput[Chunk]]:
    """Find the documents of the run's partitions that the lake does not hold as they are now.

    A run without partitions reads all of the folder.
    """
    settings = juesuan.settings()
    with build_lock(settings.data, wait_seconds=TURN_SECONDS, on_wait=context.log.info):
        # Listed anew: what changed since ``raw_inventory`` ran would be read and count nowhere.
        inventory = list_raw(settings)
        held = _by_partition(inventory.distinct())
        wanted = _ids(held, _keys(context, held))
        chunks = chunks_to_read(settings, inventory, only=wanted)
    n_to_read = sum(len(chunk.files) for chunk in chunks)
    context.log.info(
        f"{n_to_read} document(s) to read in {len(chunks)} step(s); "
        f"{len(wanted) - n_to_read} in the lake already"
    )
    yield Output(held, "held")
    for number, chunk in enumerate(chunks):
        yield DynamicOutput(chunk, mapping_key=f"{number:05d}", output_name="chunks")


@op(ins={"chunk": In(Chunk)}, out=Out(list, io_manager_key=HANDOVER), tags=READING_TAGS)
@retries_what_passes
def documents_of_chunk(
    context: AssetExecutionContext, juesuan: JuesuanResource, chunk: Chunk
) -> list[DocumentRead]:
    """Read a chunk into the lake; what the lake holds by now is not read again."""
    return list(read_chunk(juesuan.settings(), chunk, progress=LogProgress(context.log)))


@op(
    ins={"held": In(dict), "read": In(list)},
    out={spec.key.path[-1]: Out(Nothing) for spec in LAKE_SPECS},
    pool=LAKE_POOL,
)
@retries_what_passes
def documents_told(
    context: AssetExecutionContext, juesuan: JuesuanResource, held: Held, read: list[list[DocumentRead]]
) -> Iterator[MaterializeResult[Any]]:
    """Tell what the lake holds of the run's partitions.

    A run of more than one partition also says of each year and region without a document that there is none.
    """
    settings = juesuan.settings()
    lake = Lake(settings.lake)
    documents = sorted((each for chunk in read for each in chunk), key=lambda each: each.source_path)
    partitioned = _is_partitioned(context)
    ids = _ids(held, _keys(context, held))
    n_rows = rows_by_document(lake)
    statements = counts_by(lake, "statements", "statement_id", ids)
    notes = counts_by(lake, "notes", "kind", ids)
    extra: dict[str, dict[str, Any]] = {
        "documents": {
            "documents_read_now": len(documents),
            "documents_held_already": len(ids) - len(documents),
            "steps_of_reading": len(read),
            "seconds_of_reading": round(sum(each.seconds for each in documents), 1),
            "set_aside": MetadataValue.md(set_aside_table(lake, ids)),
            "read_in_this_run": MetadataValue.md(reading_table(documents)),
            SET_ASIDE_NOW: MetadataValue.json(set_aside_rows(documents)),
            "confinement": "; ".join(sorted({each.confinement for each in documents})) or "nothing was read",
        },
        "statements": {"recognised": MetadataValue.md(counts_table(statements, "statement"))},
        "line_items": {"picture": MetadataValue.md(statement_picture(settings, ids) or "no statement")},
        "notes": {"kinds": MetadataValue.md(counts_table(notes, "kind of note"))},
    }
    keys = tuple(context.partition_keys) if partitioned else _news(context, held, documents)
    for key in keys:
        for spec in LAKE_SPECS:
            told = _told_of(held.get(key, ()), n_rows[spec.key.path[-1]])
            if partitioned:
                context.add_asset_metadata(told, asset_key=spec.key, partition_key=key)
            else:
                context.log_event(AssetMaterialization(asset_key=spec.key, partition=key, metadata=told))
    if not context.has_partition_key:
        _fill_empty(context, held, set(keys), n_read=len(documents))
    shutil.rmtree(settings.handover / context.run.run_id, ignore_errors=True)
    for spec in LAKE_SPECS:
        name = spec.key.path[-1]
        total = {} if partitioned else {"dagster/row_count": _sum(n_rows[name], ids)}
        yield MaterializeResult(asset_key=spec.key, metadata={**total, **extra.get(name, {})})


def _fill_empty(context: AssetExecutionContext, held: Held, told: Collection[str], *, n_read: int) -> None:
    """Say of every year and region without a document that there is none.

    Otherwise they count as missing for ever, and the asset graph never shows that all is done. Each is
    told of once; one whose files were taken away is among the partitions of the run that notices. With
    thousands of regions that takes many runs: an event costs Dagster some hundredths of a second. So a run
    that has read ``n_read`` documents tells of few, and one that had nothing to read of more.
    """
    at_once = min(FILLED_AT_ONCE, n_read // READ_FOR_ONE_FILLED) if n_read else FILLED_AT_ONCE
    regions = context.instance.get_dynamic_partitions(REGIONS)
    empty = {key_of((year, region)) for year in YEARS for region in regions} - set(held) - set(told)
    for spec in LAKE_SPECS:
        known = context.instance.get_materialized_partitions(spec.key)
        for key in sorted(empty - known)[:at_once]:
            context.log_event(
                AssetMaterialization(asset_key=spec.key, partition=key, metadata=_told_of(set(), {}))
            )


def _news(context: AssetExecutionContext, held: Held, documents: Iterable[DocumentRead]) -> tuple[str, ...]:
    """Partitions that a run over everything has news of: a document was read, or none was ever told of."""
    read_now = {document.document_id for document in documents}
    known = context.instance.get_materialized_partitions(LAKE_SPECS[0].key)
    return tuple(sorted(key for key, ids in held.items() if read_now & set(ids) or key not in known))


def _told_of(document_ids: Collection[str], n_rows: Mapping[str, int]) -> dict[str, Any]:
    """What a partition's materialisation says of it."""
    if not document_ids:
        return {"dagster/row_count": 0, "note": NO_DOCUMENT}
    return {"dagster/row_count": _sum(n_rows, document_ids)}


def _by_partition(files: Iterable[FoundFile]) -> Held:
    found: dict[str, list[str]] = {}
    for file in files:
        found.setdefault(key_of(partition_of(file)), []).append(file.document_id)
    return {key: tuple(ids) for key, ids in found.items()}


def _sum(counts: Mapping[str, int], document_ids: Iterable[str]) -> int:
    return sum(counts.get(document_id, 0) for document_id in document_ids)


def _is_partitioned(context: AssetExecutionContext) -> bool:
    return bool(context.has_partition_key or context.has_partition_key_range)


def _keys(context: AssetExecutionContext, held: Held) -> tuple[str, ...]:
    """The partitions of the run; of one without partitions those that have a document."""
    return tuple(context.partition_keys) if _is_partitioned(context) else tuple(sorted(held))


def _ids(held: Held, keys: Iterable[str]) -> set[str]:
    return {document_id for key in keys for document_id in held.get(key, ())}


@graph(
    ins={"inventory": GraphIn()},
    out={spec.key.path[-1]: GraphOut() for spec in LAKE_SPECS},
)
def documents_read(inventory: Any) -> Any:
    """From the raw folder to the lake."""
    held, chunks = documents_planned(inventory)
    return dict(
        zip(
            (spec.key.path[-1] for spec in LAKE_SPECS),
            documents_told(held, chunks.map(documents_of_chunk).collect()),
            strict=True,
        )
    )


def build_reading_assets() -> AssetsDefinition:
    """The datasets of the lake as assets of the graph of reading."""

    def of_each(value: Any) -> dict[str, Any]:
        return {spec.key.path[-1]: value(spec) for spec in LAKE_SPECS}

    def asked_of(spec: AssetSpec) -> set[AssetKey]:
        return {dep.asset_key for dep in spec.deps}

    return AssetsDefinition.from_graph(
        documents_read,
        keys_by_input_name={"inventory": RAW_INVENTORY_KEY},
        keys_by_output_name=of_each(lambda spec: spec.key),
        internal_asset_deps=of_each(asked_of),
        partitions_def=DOCUMENT_PARTITIONS,
        backfill_policy=BackfillPolicy.single_run(),
        group_names_by_output_name=of_each(lambda spec: spec.group_name),
        descriptions_by_output_name=of_each(lambda spec: spec.description),
        tags_by_output_name=of_each(lambda spec: spec.tags),
        owners_by_output_name=of_each(lambda spec: spec.owners),
    )
