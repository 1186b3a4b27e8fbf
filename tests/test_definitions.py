"""The asset graph changes only on purpose, every asset explains itself, the sensor starts one run."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from dagster import (
    AssetCheckKey,
    AssetKey,
    AssetSpec,
    DagsterInstance,
    DagsterRunStatus,
    Definitions,
    ExecuteInProcessResult,
    SensorResult,
    SkipReason,
    build_schedule_context,
    build_sensor_context,
)
from dagster._core.storage.tags import RUN_KEY_TAG
from dagster._core.test_utils import create_run_for_test

from pipelines.acquisition.assets import DECISIONS_SPEC, TRIES, raw_folder_changes
from pipelines.acquisition.partitions import REGIONS, covering_range
from pipelines.dagster_settings import JuesuanResource
from pipelines.definitions import build_definitions, weekly
from pipelines.oversight.release.verifying import verify_release
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse import dbt_assets
from pipelines.warehouse.dbt_assets import PROJECT_TAG
from pipelines.warehouse.suites import SUITE_ORDER
from pipelines.warehouse.versions import dbt_project_version

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("definitions")

SNAPSHOT = Path(__file__).parent / "asset_keys.json"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("definitions")


@pytest.fixture(scope="module")
def settings(home: Path) -> Settings:
    (home / "raw").mkdir()
    return Settings(raw=home / "raw", data=home / "data", workers=2)


@pytest.fixture(scope="module")
def definitions(settings: Settings) -> Definitions:
    return build_definitions(settings, JuesuanResource(raw=str(settings.raw), data=str(settings.data)))


@pytest.fixture(scope="module")
def specs(definitions: Definitions) -> dict[AssetKey, AssetSpec]:
    return {spec.key: spec for spec in definitions.resolve_all_asset_specs()}


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    """Its records are kept in memory: on the disk they take longer than what is tested."""
    with DagsterInstance.ephemeral() as instance:
        yield instance


def test_the_asset_graph_changes_only_on_purpose(specs: dict[AssetKey, AssetSpec]) -> None:
    """Run ``JUESUAN_UPDATE_SNAPSHOT=1 pytest tests/test_definitions.py`` when the change is meant."""
    graph = {
        key.to_user_string(): {
            "group": spec.group_name,
            "deps": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
        }
        for key, spec in sorted(specs.items())
    }
    if os.environ.get("JUESUAN_UPDATE_SNAPSHOT"):
        SNAPSHOT.write_text(json.dumps(graph, indent=1) + "\n", encoding="utf-8")
    assert graph == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_asset_explains_itself(specs: dict[AssetKey, AssetSpec]) -> None:
    mute = [key.to_user_string() for key, spec in specs.items() if len(spec.description or "") < 20]
    assert mute == []
    assert [
        key
        for key, spec in specs.items()
        if not spec.owners or not spec.kinds or spec.group_name == "default"
    ] == []


def test_every_job_schedule_sensor_and_check_is_described(definitions: Definitions) -> None:
    repository = definitions.get_repository_def()
    jobs = ("acquire", "everything", "one_partition", "only_new", "make_release")
    assert set(jobs) <= set(repository.job_names)
    for name in jobs:
        assert repository.get_job(name).description
    assert [sensor.name for sensor in repository.sensor_defs if not sensor.description] == []
    assert [schedule.name for schedule in repository.schedule_defs if not schedule.description] == []
    checks = {key.name for key in repository.asset_graph.asset_check_keys}
    for suite in SUITE_ORDER:
        assert any(name.startswith(f"{suite}__") for name in checks), suite


def test_the_check_of_a_table_says_which_rules_it_asks(definitions: Definitions) -> None:
    graph = definitions.get_repository_def().asset_graph
    key = AssetCheckKey(AssetKey(["main", "fct_three_public"]), "rules_of_fct_three_public")
    described = graph.get_check_spec(key).description or ""
    assert "basis accepted_values budget, final" in described
    assert "disclosure_id relationships dim_disclosure.disclosure_id" in described


def test_lineage_runs_from_the_sites_to_the_published_warehouse(
    specs: dict[AssetKey, AssetSpec],
) -> None:
    reached = {AssetKey(["raw", "acquired"])}
    for _ in range(len(specs)):
        reached |= {key for key, spec in specs.items() if any(dep.asset_key in reached for dep in spec.deps)}
    # What reviewers decided is a file of people's, not of the sites'.
    apart = {key.path[0] for key in specs.keys() - reached - {DECISIONS_SPEC.key}}
    assert AssetKey(["warehouse"]) in reached
    assert apart <= {"catalogue", "identities", "seeds", "staging", "intermediate", "main"}, (
        "only what is made from data files"
    )


def put(folder: Path, name: str, content: str, row: str = "") -> None:
    """A file that has lain in the folder for a minute, and its row of the register."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    then = time.time() - 60
    os.utime(path, (then, then))
    register = folder / "register.csv"
    if not register.exists():
        register.write_text("path,fiscal_year,region_code\n", encoding="utf-8")
    if row:
        with register.open("a", encoding="utf-8") as stream:
            stream.write(f"{name},{row}\n")


def tick(raw: Path, data: Path, instance: DagsterInstance, cursor: str | None) -> SensorResult | SkipReason:
    result = raw_folder_changes(
        build_sensor_context(
            instance=instance,
            cursor=cursor,
            resources={"juesuan": JuesuanResource(raw=str(raw), data=str(data))},
        )
    )
    assert isinstance(result, SensorResult | SkipReason)
    return result


def test_the_sensor_starts_one_run_for_many_files_and_none_when_nothing_changed(
    tmp_path: Path, instance: DagsterInstance
) -> None:
    raw, data = tmp_path / "raw", tmp_path / "data"
    for number in range(30):
        put(
            raw,
            f"{number}.pdf",
            f"content {number}",
            f"{2019 + number % 3},{('310107', '320000')[number % 2]}",
        )
    first = tick(raw, data, instance, None)
    assert isinstance(first, SensorResult)
    (request,) = first.run_requests or []
    assert request.tags["dagster/asset_partition_range_start"] == "2019|310107"
    assert request.tags["dagster/asset_partition_range_end"] == "2021|320000"
    (added,) = first.dynamic_partitions_requests or []
    assert list(added.partition_keys) == ["310107", "320000"]
    instance.add_dynamic_partitions(REGIONS, list(added.partition_keys))

    again = tick(raw, data, instance, first.cursor)
    assert isinstance(again, SkipReason)
    assert "30 files" in (again.skip_message or "")

    put(raw, "3.pdf", "another content")
    changed = tick(raw, data, instance, first.cursor)
    assert isinstance(changed, SensorResult)
    (request_2,) = changed.run_requests or []
    assert request_2.tags["dagster/asset_partition_range_start"] == "2019|320000"
    assert request_2.tags["dagster/asset_partition_range_end"] == "2019|320000"
    assert request_2.run_key != request.run_key
    assert not changed.dynamic_partitions_requests

    put(raw, "3.pdf", "content 3")
    back = tick(raw, data, instance, changed.cursor)
    assert isinstance(back, SensorResult), "also when a file is put back as it was"
    assert (back.run_requests or [])[0].run_key not in {request.run_key, request_2.run_key}

    (raw / "5.pdf").unlink()
    assert isinstance(tick(raw, data, instance, back.cursor), SensorResult), "also when a file is taken away"


def test_a_run_that_failed_is_asked_for_again_and_not_for_ever(
    tmp_path: Path, instance: DagsterInstance
) -> None:
    raw, data = tmp_path / "raw", tmp_path / "data"
    put(raw, "a.pdf", "content", "2023,310107")
    instance.add_dynamic_partitions(REGIONS, ["310107"])
    cursor, keys = None, []
    for _ in range(TRIES):
        result = tick(raw, data, instance, cursor)
        assert isinstance(result, SensorResult)
        (request,) = result.run_requests or []
        assert request.tags["dagster/asset_partition_range_start"] == "2023|310107"
        keys.append(str(request.run_key))
        create_run_for_test(
            instance, "only_new", status=DagsterRunStatus.FAILURE, tags={RUN_KEY_TAG: keys[-1]}
        )
        cursor = result.cursor
    assert len(set(keys)) == TRIES
    result = tick(raw, data, instance, cursor)
    assert isinstance(result, SkipReason)
    assert "failed" in (result.skip_message or "")

    put(raw, "b.pdf", "more", "2022,310107")
    result = tick(raw, data, instance, cursor)
    assert isinstance(result, SensorResult), "a new file is asked for whatever happened before"


def test_the_sensor_of_a_folder_that_is_not_there_waits(tmp_path: Path, instance: DagsterInstance) -> None:
    assert isinstance(tick(tmp_path / "raw", tmp_path / "data", instance, None), SkipReason)


def test_a_file_the_register_does_not_place_has_a_partition_too(
    tmp_path: Path, instance: DagsterInstance
) -> None:
    put(tmp_path / "raw", "a.pdf", "content")
    result = tick(tmp_path / "raw", tmp_path / "data", instance, None)
    assert isinstance(result, SensorResult)
    assert (result.run_requests or [])[0].tags["dagster/asset_partition_range_start"] == "unknown|000000"


def test_a_range_holds_all_partitions_asked_for() -> None:
    assert covering_range([("2019", "b"), ("2017", "c")], ["a", "b", "c"]) == ("2017|b", "2019|c")
    assert covering_range([("2019", "b")], ["a", "b"]) == ("2019|b", "2019|b")


def test_the_schedule_asks_for_everything_once_a_week(instance: DagsterInstance) -> None:
    instance.add_dynamic_partitions(REGIONS, ["420100", "310107"])
    sunday = datetime(2026, 11, 22, 3, tzinfo=UTC)
    request = weekly(build_schedule_context(instance=instance, scheduled_execution_time=sunday))
    assert request.run_key == "2026-W47"
    assert not [tag for tag in request.tags if "partition" in tag], "each of a range would be told of"


def test_the_instance_reports_nothing_home_and_shows_no_dialog() -> None:
    import yaml

    config = yaml.safe_load((PROJECT_ROOT / "dagster-instance.yaml").read_text(encoding="utf-8"))
    assert config["telemetry"] == {"enabled": False}
    assert config["nux"] == {"enabled": False}


@pytest.mark.parametrize("at_load", [True, False])
def test_a_project_that_changed_after_loading_is_said_plainly(
    definitions: Definitions, instance: DagsterInstance, monkeypatch: pytest.MonkeyPatch, at_load: bool
) -> None:
    """Whether the graph is older than this process, or this process older than the project."""
    if at_load:
        monkeypatch.setattr(dbt_assets, "_project_of", lambda _: {"an earlier version"})
    else:
        monkeypatch.setattr(dbt_assets, "dbt_project_version", lambda _: "a later version")
    run = definitions.resolve_job_def("everything").execute_in_process(
        instance=instance, asset_selection=[AssetKey(["main", "dim_region"])], raise_on_error=False
    )
    (failed,) = [event for event in run.all_events if event.event_type_value == "STEP_FAILURE"]
    assert "Reload the code location" in str(failed.step_failure_data.user_failure_data)


def test_the_graph_of_a_run_says_of_which_project_it_is(
    definitions: Definitions, instance: DagsterInstance
) -> None:
    job = definitions.resolve_job_def("everything")
    ops = job.get_job_snapshot().node_defs_snapshot.op_def_snaps
    versions = [op.tags[PROJECT_TAG] for op in ops if PROJECT_TAG in op.tags]
    assert versions == [dbt_project_version(Settings.from_environment())]


def test_a_run_over_a_small_folder_publishes_a_warehouse(
    definitions: Definitions, settings: Settings, instance: DagsterInstance
) -> None:
    """In process, from PDFs to the published file."""
    run = _run_over_a_small_folder(definitions, settings, instance)
    assert run.success
    events = instance.fetch_materializations(AssetKey(["lake", "documents"]), limit=1).records
    metadata = events[0].asset_materialization.metadata if events[0].asset_materialization else {}
    assert "broken.pdf" in str(metadata["set_aside"].value)
    assert metadata["documents_read_now"].value == 2
    picture = instance.fetch_materializations(AssetKey(["lake", "line_items"]), limit=1).records
    assert picture[0].asset_materialization
    assert "data:image/png" in str(picture[0].asset_materialization.metadata["picture"].value)
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM dim_document").fetchone() == (2,)
        assert connection.execute("SELECT count(*) > 0 FROM fct_identity_results").fetchone() == (True,)
    assert (settings.data_docs / "index.html").is_file()
    evaluated = [event for event in run.all_events if event.event_type_value == "ASSET_CHECK_EVALUATION"]
    assert len(evaluated) > 20

    # Years without a document are told of by runs that have time for it (test_partitions_told.py).
    for name in ("documents", "line_items"):
        assert instance.get_materialized_partitions(AssetKey(["lake", name])) == {"unknown|000000"}

    assert not settings.releases.exists(), "a release is made by hand only"
    release = definitions.resolve_job_def("make_release")
    undated = release.execute_in_process(instance=instance, raise_on_error=False)
    (failed,) = [event for event in undated.all_events if event.event_type_value == "STEP_FAILURE"]
    assert "--date" in str(failed.step_failure_data.user_failure_data)
    dated = {"ops": {"release": {"config": {"date": "2026-03-01"}}}}
    assert release.execute_in_process(instance=instance, run_config=dated).success
    (made,) = instance.fetch_materializations(AssetKey(["release"]), limit=1).records
    assert made.asset_materialization
    assert made.asset_materialization.metadata["date"].value == "2026-03-01"
    assert verify_release(settings.releases / "2026-03-01") == ()

    partition = "unknown|000000"
    job = definitions.resolve_job_def("one_partition")
    assert job.execute_in_process(instance=instance, partition_key=partition).success
    events = instance.fetch_materializations(AssetKey(["lake", "documents"]), limit=1).records
    assert events[0].partition_key == partition
    assert events[0].asset_materialization
    assert events[0].asset_materialization.metadata["documents_read_now"].value == 0


def test_a_run_carries_over_what_other_regions_published(
    definitions: Definitions,
    settings: Settings,
    instance: DagsterInstance,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A file of another region comes, and the rows of the first are not made again."""
    if not settings.warehouse.is_file():  # this test alone
        assert _run_over_a_small_folder(definitions, settings, instance).success
    monkeypatch.setenv("JUESUAN_CARRY_FROM", "1")
    other = next(path for path in sorted((PROJECT_ROOT / "raw").rglob("*.pdf")) if "320000" in str(path))
    shutil.copy(other, settings.raw / "other.pdf")
    (settings.raw / "register.csv").write_text("path,region_code\nother.pdf,320000\n", encoding="utf-8")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        before = connection.execute("FROM fct_cells ORDER BY cell_id").fetchall()
    run = definitions.resolve_job_def("everything").execute_in_process(instance=instance)
    assert run.success
    assert "2 document(s) of regions in which nothing changed are carried over" in capfd.readouterr().err
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM dim_document").fetchone() == (3,)
        after = connection.execute("FROM fct_cells ORDER BY cell_id").fetchall()
    assert len(after) > len(before) > 0
    assert set(before) < set(after)
    dbt_models = {key for key, spec in _specs_of(definitions).items() if spec.group_name == "warehouse_marts"}
    made = {event.asset_key for event in run.all_events if event.event_type_value == "ASSET_MATERIALIZATION"}
    assert dbt_models <= made, "the graph shows all tables of the file as made by the run"


def _run_over_a_small_folder(
    definitions: Definitions, settings: Settings, instance: DagsterInstance
) -> ExecuteInProcessResult:
    """Everything, of one of the project's specimens and one broken file; the process is then as it was."""
    before = dict(os.environ)
    specimen = next(path for path in sorted((PROJECT_ROOT / "raw").rglob("*.pdf")))
    shutil.copy(specimen, settings.raw / "specimen.pdf")
    (settings.raw / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    run = definitions.resolve_job_def("everything").execute_in_process(instance=instance)
    assert dict(os.environ) == before
    return run


def _specs_of(definitions: Definitions) -> dict[AssetKey, AssetSpec]:
    return {spec.key: spec for spec in definitions.resolve_all_asset_specs()}
