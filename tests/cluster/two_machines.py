"""A run of Dagster over Celery workers, one of which dies half-way, with the files of ``deploy/``."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from dagster import DagsterInstance

from pipelines.settings import PROJECT_ROOT, Settings
from tests.cluster.servers import Servers, kill, wait_for

DEPLOY = PROJECT_ROOT / "deploy"
BIN = Path(sys.executable).parent
# A busy machine is slow; nothing here asserts on time.
PATIENCE = 900
# How long a dead worker's chunk stays lost here; half an hour in deploy/celery-reading.yaml.
VISIBILITY_SECONDS = 30
EXECUTES = "Executing steps"


@dataclass(frozen=True)
class Cluster:
    """One data folder that several workers share, and the environment of all processes."""

    home: Path
    environment: Mapping[str, str]

    @contextmanager
    def worker(self, name: str, queue: str, config: str) -> Iterator[subprocess.Popen[bytes]]:
        """A Celery worker, started as the compose file does."""
        command = [str(BIN / "dagster-celery"), "worker", "start", "-A", "dagster_celery.app"]
        command += ["-y", str(self.home / config), "-n", name, "-q", queue, "--", "--concurrency", "1"]
        with self.process(name, command) as process:
            yield process

    @contextmanager
    def process(self, name: str, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        """A process of its own group, ended with the test; what it prints is in ``<name>.log``."""
        with (self.home / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                env=dict(self.environment),
                cwd=PROJECT_ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                yield process
            finally:
                kill(process, signal.SIGKILL)

    def wait_until_ready(self, *names: str) -> None:
        """Wait until those workers take steps: they have loaded the code location by then."""
        for name in names:
            wait_for(
                lambda name=name: " ready." in self.log(name), f"{name} does not start", seconds=PATIENCE
            )  # type: ignore[misc]

    def log(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(encoding="utf-8", errors="replace")


def cluster(home: Path, servers: Servers, settings: Settings, **more: str) -> Cluster:
    """Dagster's home with the files of ``deploy/``, but for a shorter wait for a worker that died."""
    home.mkdir()
    shutil.copy(DEPLOY / "dagster.yaml", home)
    shutil.copy(DEPLOY / "celery.yaml", home)
    reading = yaml.safe_load((DEPLOY / "celery-reading.yaml").read_text(encoding="utf-8"))
    transport = reading["execution"]["config"]["config_source"]["broker_transport_options"]
    transport |= {"visibility_timeout": VISIBILITY_SECONDS, "unacked_restore_interval": 1}
    (home / "celery-reading.yaml").write_text(yaml.safe_dump(reading), encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "DAGSTER_HOME": str(home),
        "DAGSTER_SHARED": str(home / "shared"),
        "DAGSTER_POSTGRES_URL": servers.postgres_url("dagster"),
        "CELERY_BROKER_URL": servers.broker,
        "JUESUAN_RAW": str(settings.raw),
        "JUESUAN_DATA": str(settings.data),
        "JUESUAN_CELERY": str(home / "celery.yaml"),
        "JUESUAN_CHUNK_DOCUMENTS": str(settings.chunk_documents),
        "JUESUAN_WORKERS": "1",
        **more,
    }
    return Cluster(home, environment)


def read_by(instance: DagsterInstance) -> dict[str, list[str]]:
    """The workers that began each chunk of the only run, in order: of one that came again there are two."""
    runs = instance.get_runs(limit=1)
    found: dict[str, list[str]] = {}
    for record in instance.get_records_for_run(runs[0].run_id).records if runs else ():
        event = record.event_log_entry.dagster_event
        if event and "documents_of_chunk" in (event.step_key or "") and EXECUTES in (event.message or ""):
            worker = str(event.engine_event_data.metadata["Celery worker"].value)
            found.setdefault(str(event.step_key), []).append(worker.partition("@")[0])
    return found


def kill_half_way(
    victim: subprocess.Popen[bytes],
    name: str,
    run: subprocess.Popen[bytes],
    instance: DagsterInstance,
    settings: Settings,
    chunks: Mapping[str, set[str]],
) -> str:
    """End a worker once it has read a part of its chunk and not all; returns the chunk's step."""

    def begun() -> str:
        return next((step for step, workers in read_by(instance).items() if workers[0] == name), "")

    def is_half_way() -> bool:
        assert run.poll() is None, "the run ended before a worker was killed"
        mine = chunks.get(begun(), set())
        return 0 < len(mine & held(settings)) < len(mine)

    wait_for(is_half_way, f"{name} was never seen half-way through a chunk", seconds=PATIENCE)
    os.killpg(victim.pid, signal.SIGKILL)
    return begun()


def held(settings: Settings) -> set[str]:
    """The documents the lake holds."""
    return {path.stem for path in settings.lake.glob("documents/*/*/*.parquet")} - {"_empty"}
