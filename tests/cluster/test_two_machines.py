"""Reading over several workers, one of them killed in the middle, gives what one machine gives.

With PostgreSQL and Redis as servers and Celery workers configured by the files of ``deploy/``.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb
import pytest
from dagster import DagsterInstance

from pipelines.acquisition.inventory import take_inventory
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.build import chunks_to_read, list_raw, read_new
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.manifest import manifest_of
from pipelines.warehouse.models_in_memory import build
from pipelines.warehouse.reference_data import write_reference_data
from tests.cluster import checksums
from tests.cluster.servers import GROUP, Servers, missing, wait_for
from tests.cluster.two_machines import BIN, PATIENCE, cluster, held, kill_half_way, read_by

pytestmark = [
    pytest.mark.xdist_group(GROUP),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
# Small specimens, each year published as text and as tables.
PUBLISHER = "320000-sample-science-museum"


@pytest.fixture(scope="module")
def on_one_machine(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Eight documents and one that is none, read by one process."""
    folder = tmp_path_factory.mktemp("one")
    raw = folder / "raw"
    raw.mkdir()
    for document in sorted((PROJECT_ROOT / "raw" / PUBLISHER).glob("*-budget-*.pdf")):
        shutil.copy(document, raw)
    (raw / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    settings = Settings(raw=raw, data=folder / "data", workers=1)
    read_new(settings, list_raw(settings))
    return settings


@dataclass(frozen=True)
class Killed:
    """The settings of the run, the chunk whose worker died, and who began each chunk, in order."""

    settings: Settings
    step: str
    workers: dict[str, list[str]]
    succeeded: bool
    logs: str


@pytest.fixture(scope="module")
def with_a_worker_killed(
    on_one_machine: Settings, servers: Servers, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Killed]:
    folder = tmp_path_factory.mktemp("several")
    settings = replace(on_one_machine, data=folder / "data", chunk_documents=5)
    several = cluster(folder / "home", servers, settings)
    Lake(settings.lake).prepare()
    manifest_of(settings)  # once, instead of by each worker
    inventory = take_inventory(settings.raw)
    planned = chunks_to_read(settings, inventory, only={file.document_id for file in inventory.files})
    chunks = {
        f"documents_read.documents_of_chunk[{number:05d}]": {file.document_id for file in chunk.files}
        for number, chunk in enumerate(planned)
    }
    # Without a partition the job reads the whole folder.
    run = [str(BIN / "dagster"), "job", "execute", "-m", "pipelines.definitions", "-j", "one_partition"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in several.environment.items():
            patch.setenv(name, value)
        with (
            contextlib.ExitStack() as stack,
            several.worker("builds", "dagster", "celery.yaml"),
            several.worker("reads", "reading", "celery-reading.yaml"),
            several.worker("dies", "reading", "celery-reading.yaml") as victim,
            DagsterInstance.from_config(str(several.home)) as instance,
        ):
            several.wait_until_ready("builds", "reads", "dies")
            runs = stack.enter_context(several.process("run", run))
            step = kill_half_way(victim, "dies", runs, instance, settings, chunks)
            wait_for(lambda: runs.poll() is not None, "the run does not end", seconds=PATIENCE)
            workers = read_by(instance)
        names = ("run", "builds", "reads", "dies")
        logs = "\n".join(f"--- {name}\n{several.log(name)[-3000:]}" for name in names)
        yield Killed(settings, step, workers, runs.returncode == 0, logs)


def test_the_chunk_of_the_killed_worker_is_read_by_another(with_a_worker_killed: Killed) -> None:
    assert with_a_worker_killed.succeeded, with_a_worker_killed.logs
    assert len(with_a_worker_killed.workers) == 2, "two chunks"
    begun_by = with_a_worker_killed.workers[with_a_worker_killed.step]
    assert (begun_by[0], begun_by[-1]) == ("dies", "reads")


def test_the_lake_is_that_of_one_machine(with_a_worker_killed: Killed, on_one_machine: Settings) -> None:
    one, several = (checksums.of_lake(each) for each in (on_one_machine, with_a_worker_killed.settings))
    assert one == several
    assert len(held(on_one_machine)) == 9
    assert not [*with_a_worker_killed.settings.handover.iterdir()], "steps leave nothing behind"


def test_the_marts_are_those_of_one_machine(with_a_worker_killed: Killed, on_one_machine: Settings) -> None:
    one, several = (marts_of(each) for each in (on_one_machine, with_a_worker_killed.settings))
    assert one == several
    assert len(one) > 20
    assert not one["fct_statement_totals"].startswith("0 rows")


def marts_of(settings: Settings) -> dict[str, str]:
    """A checksum for each mart, made by the warehouse's models in memory: dbt takes ten times as long."""
    write_reference_data(settings)
    wanted = sorted(path.stem for path in (PROJECT_ROOT / "dbt_project/models/marts").rglob("*.sql"))
    with duckdb.connect() as connection:
        checksums.load_lake(connection, settings)
        build(connection, wanted)
        return {name: checksums.checksum(connection, f'"{name}"') for name in wanted}
