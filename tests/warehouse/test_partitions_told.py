"""A run tells Dagster of the partitions it has news of: each event costs time, and there may be thousands."""

from functools import partial
from pathlib import Path

import pytest
from dagster import (
    AssetKey,
    AssetRecordsFilter,
    DagsterInstance,
    Definitions,
    FilesystemIOManager,
    define_asset_job,
    in_process_executor,
)

from pipelines.acquisition.partitions import REGIONS
from pipelines.dagster_settings import HANDOVER, JuesuanResource
from pipelines.warehouse import build, reading_assets
from pipelines.warehouse.assets import raw_inventory
from pipelines.warehouse.reading_assets import NO_DOCUMENT, build_reading_assets
from tests.warehouse.fakes import put, understand_fake

DOCUMENTS = AssetKey(["lake", "documents"])


def test_a_run_over_everything_tells_of_what_is_new_and_of_few_that_are_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_assets, "FILLED_AT_ONCE", 2)
    monkeypatch.setattr(reading_assets, "READ_FOR_ONE_FILLED", 4)
    monkeypatch.setattr(build, "read_new", partial(build.read_new, understand=understand_fake))
    monkeypatch.setattr(reading_assets, "statement_picture", lambda settings, ids: "")
    register = "path,fiscal_year,region_code\n"
    for number in range(4):
        put(tmp_path / "raw" / f"{number}.pdf", f"2023\n{number}.00\n")
        register += f"{number}.pdf,202{number},11000{number}\n"
    put(tmp_path / "raw" / "register.csv", register)
    defs = Definitions(
        [raw_inventory, build_reading_assets()],
        resources={
            "juesuan": JuesuanResource(raw=str(tmp_path / "raw"), data=str(tmp_path / "data")),
            HANDOVER: FilesystemIOManager(base_dir=str(tmp_path / "data" / "handover")),
        },
        jobs=[define_asset_job("read", "*", executor_def=in_process_executor)],
    )
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(REGIONS, [f"11000{number}" for number in range(4)])

        def told() -> list[str]:
            run = defs.resolve_job_def("read").execute_in_process(instance=instance)
            return [
                str(event.partition)
                for event in run.all_events
                if event.event_type_value == "ASSET_MATERIALIZATION"
                and event.asset_key == DOCUMENTS
                and event.partition
            ]

        held = {f"202{number}|11000{number}" for number in range(4)}
        first = told()
        assert held <= set(first)
        assert len(first) == len(held) + 1, "of one empty partition for four documents read"
        second = told()
        assert len(second) == 2, "nothing was read: there is time for more"
        assert not held & set(second), "nothing was read, so there is no news of them"
        of_an_empty = instance.fetch_materializations(
            AssetRecordsFilter(AssetKey(["lake", "cells"]), asset_partitions=second[:1]), limit=1
        ).records[0]
        assert of_an_empty.asset_materialization
        metadata = of_an_empty.asset_materialization.metadata
        assert (metadata["dagster/row_count"].value, metadata["note"].value) == (0, NO_DOCUMENT)
        assert not set(first) & set(second), "each that is empty is told of once"
        put(tmp_path / "raw" / "2.pdf", "2023\n9.00\n")
        assert held & set(told()) == {"2022|110002"}
        assert instance.get_materialized_partitions(DOCUMENTS) >= held
