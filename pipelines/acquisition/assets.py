"""What this room adds to the lake, as an asset spec, and the sensor that watches the raw folder.

The step that lists the folder into the lake is in ``warehouse/assets.py``, beside the one that reads it.
"""

import hashlib
import json
from typing import Any

from dagster import (
    AssetKey,
    AssetSpec,
    DagsterRunStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    SensorEvaluationContext,
    SensorResult,
    SkipReason,
    sensor,
)
from dagster._core.storage.tags import RUN_KEY_TAG

from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.model import Inventory
from pipelines.acquisition.partitions import (
    REGION_PARTITIONS,
    REGIONS,
    covering_range,
    key_of,
    partition_of,
)
from pipelines.dagster_settings import OWNERS, JuesuanResource

RAW_INVENTORY_KEY = AssetKey(["lake", "raw_inventory"])
WATCH_SECONDS = 60
# A run that failed may have failed for a passing reason; the third failure waits for a person.
TRIES = 3


RAW_INVENTORY_SPEC = AssetSpec(
    RAW_INVENTORY_KEY,
    group_name="acquisition",
    kinds={"pdf", "parquet"},
    owners=OWNERS,
    description=(
        "What lies in the raw folder: every PDF with its content hash and what register.csv says of it. "
        "Regions not seen before become partitions."
    ),
)


@sensor(
    job_name="only_new",
    minimum_interval_seconds=WATCH_SECONDS,
    default_status=DefaultSensorStatus.STOPPED,
    description=(
        "Notices new, changed and removed files in the raw folder, and changed rows of the register, and "
        "starts one run for all of them. A file still being copied is seen again at the next tick; a run "
        f"that failed is asked for again, up to {TRIES} times in all."
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
    failed = _failed_run(context, asked)
    again = set(asked["changed"]) if failed and asked["tries"] < TRIES else set()
    changed = sorted(fresh | again)
    if not changed:
        if failed:
            return SkipReason(
                f"nothing new, but the last run {failed} failed {TRIES} times and is not asked for again: "
                "read its errors, then start the job only_new by hand or touch a file"
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
                    "tries": 1 if fresh else asked.get("tries", 0) + 1,
                },
            },
            sort_keys=True,
        ),
    )


def _failed_run(context: SensorEvaluationContext, asked: dict[str, Any]) -> str:
    """The id of the run that was asked for last, if it failed; a run stopped by a person has not."""
    if not asked:
        return ""
    failed = RunsFilter(tags={RUN_KEY_TAG: asked["run_key"]}, statuses=[DagsterRunStatus.FAILURE])
    runs = context.instance.get_runs(failed, limit=1)
    return runs[0].run_id if runs else ""


def _digests(inventory: Inventory) -> dict[str, str]:
    """Per partition, a digest of which content lies where and what the register says of it."""
    digests: dict[str, hashlib._Hash] = {}
    for file in inventory.files:
        digest = digests.setdefault(key_of(partition_of(file)), hashlib.sha256())
        digest.update(f"{file.source_path}\0{file.sha256}\0{file.registered}\n".encode())
    return {key: digest.hexdigest()[:16] for key, digest in sorted(digests.items())}
