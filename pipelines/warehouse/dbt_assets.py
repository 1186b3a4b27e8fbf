"""dbt's models, seeds and tests as assets and asset checks, and the file they are built into.

A run builds into ``next/<run id>/warehouse.duckdb``; ``check_assets`` checks that file and publishes
it. Nothing of what is published is touched before.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster import AssetCheckSpec, AssetExecutionContext, AssetsDefinition, AssetSpec, Failure
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)

from pipelines.dagster_retries import retries_what_passes
from pipelines.dagster_settings import LAKE_POOL, OWNERS, TURN_SECONDS, JuesuanResource
from pipelines.settings import Settings
from pipelines.warehouse.build import BuildFailedError, check_review, warehouse_version
from pipelines.warehouse.carrying import lake_of_none, remove_lakes
from pipelines.warehouse.dbt_process import command
from pipelines.warehouse.dbt_runner import dbt_environment
from pipelines.warehouse.dictionary import rules_of
from pipelines.warehouse.ducklake import begin_build, copy_build
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.manifest import manifest_of
from pipelines.warehouse.publish import sweep
from pipelines.warehouse.transforming import DbtFailedError, all_in_lake, begin_carrying
from pipelines.warehouse.versions import dbt_project_version

# Folder of the dbt project -> group in the asset graph, in the order data flows.
_GROUPS = {
    "seeds": "warehouse_seeds",
    "staging": "warehouse_staging",
    "intermediate": "warehouse_intermediate",
    "identities": "warehouse_identities",
    "marts": "warehouse_marts",
}


class Translator(DagsterDbtTranslator):
    """How a dbt node looks in the asset graph: grouped by its folder, described by its own words."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True))

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The first folder of the model."""
        if dbt_resource_props["resource_type"] == "seed":
            return _GROUPS["seeds"]
        return _GROUPS.get(dbt_resource_props["fqn"][1], "warehouse")

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The description in the project, or the comment its SQL begins with."""
        described = str(dbt_resource_props.get("description") or "").strip()
        if described:
            return described
        comment = []
        for line in str(dbt_resource_props.get("raw_code") or "").splitlines():
            if not line.startswith("--"):
                break
            comment.append(line.removeprefix("--").strip())
        return " ".join(comment) or f"Staging of {dbt_resource_props['name'].removeprefix('stg_')}, typed."

    def get_asset_check_spec(
        self, asset_spec: AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> AssetCheckSpec | None:
        """A test as a check, described by the rules that it asks: one test asks all of a table."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        asked = rules_of(manifest, unique_id)
        return spec._replace(description="; ".join(map(str, asked))) if spec and asked else spec

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The team's."""
        return OWNERS


def dbt_resource(settings: Settings) -> DbtCliResource:
    """The dbt that dagster-dbt starts; it ends with the process that runs the step (see ``dbt_process``)."""
    return DbtCliResource(
        project_dir=str(settings.dbt_project),
        profiles_dir=str(settings.dbt_project),
        dbt_executable=command(),
    )


def run_folder(settings: Settings, run_id: str) -> Path:
    """The folder of a run's build."""
    return settings.building / run_id


# On the step, and so kept with every run's own copy of the graph.
PROJECT_TAG = "juesuan/dbt_project"

CHANGED_CODE = (
    "The dbt project is not what it was when the code location was loaded, so this run's graph does not fit "
    "it. Nothing was built, and the published warehouse stands. Reload the code location (Deployment, Code "
    "locations, Reload; or start `make ui` again), then start the run again."
)


def build_dbt_assets(settings: Settings) -> AssetsDefinition:
    """The dbt project as assets, from its manifest."""
    loaded = dbt_project_version(settings)

    @dbt_assets(
        manifest=manifest_of(settings),
        dagster_dbt_translator=Translator(),
        name="dbt_models",
        pool=LAKE_POOL,
        op_tags={PROJECT_TAG: loaded},
    )
    @retries_what_passes
    def dbt_models(
        context: AssetExecutionContext, juesuan: JuesuanResource, dbt: DbtCliResource
    ) -> Iterator[Any]:
        settings = juesuan.settings()
        # Else dbt tells of models that the graph has not, and dagster-dbt ends in a KeyError.
        if {loaded, *_project_of(context)} != {dbt_project_version(settings)}:
            raise Failure(CHANGED_CODE, allow_retries=False)
        folder = run_folder(settings, context.run.run_id)
        with build_lock(settings.data, wait_seconds=TURN_SECONDS, on_wait=context.log.info):
            sweep(settings, keep=folder)
            try:
                check_review(settings)
            except BuildFailedError as error:
                # Running it again changes nothing: a person has to mend the rows.
                told = "\n".join((str(error), *error.details))
                raise Failure(told, allow_retries=False) from error
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "build.json").write_text(
                json.dumps({"build_version": warehouse_version(settings)}), encoding="utf-8"
            )
            built = folder / settings.warehouse.name
            # Nothing for a part of the models: the others' tables would be those of the published file.
            try:
                lake = all_in_lake(settings)
                carried = begin_carrying(
                    settings, folder, whole=context.is_subset, on_carried=context.log.info
                )
            except DbtFailedError as error:
                raise BuildFailedError("dbt", "\n".join((str(error), *error.problems))) from error
            environment = dbt_environment(
                settings,
                built,
                lake=lake_of_none(settings) if carried else lake,
                changed_file=carried.changed_file if carried else None,
            )
            if settings.ducklake:
                begin_build(settings.ducklake)
            with _environment_of(environment):
                yield from dbt.cli(["build"], context=context, target_path=folder / "dbt_target").stream()
            if settings.ducklake:
                copy_build(settings.ducklake, built)
            remove_lakes(settings)

    return dbt_models


@contextmanager
def _environment_of(values: Mapping[str, str]) -> Iterator[None]:
    """Give this process an environment for a while: dagster-dbt hands it on to dbt and takes no other.

    What else this process starts must not build into the same place.
    """
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _project_of(context: AssetExecutionContext) -> set[str]:
    """The version of the dbt project that the run's graph was made from: another process may have made it."""
    snapshot_id = context.run.job_snapshot_id
    if snapshot_id is None or not context.instance.has_job_snapshot(snapshot_id):
        return set()
    ops = context.instance.get_job_snapshot(snapshot_id).node_defs_snapshot.op_def_snaps
    return {op.tags[PROJECT_TAG] for op in ops if PROJECT_TAG in op.tags}


def built_version(folder: Path) -> str:
    """What a run's build was made of."""
    return str(json.loads((folder / "build.json").read_text(encoding="utf-8"))["build_version"])
