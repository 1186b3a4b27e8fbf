"""Running dbt: always as a process of its own (in-process runs have kept locks on the DuckDB file)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import TELEMETRY_OFF, Settings
from pipelines.warehouse.dbt_process import PARENT, PARSED, PROBLEMS


@dataclass(frozen=True, slots=True)
class DbtRun:
    """What dbt did. ``problems`` names every model or test that failed, with its message."""

    succeeded: bool
    problems: tuple[str, ...]
    output: str


def dbt_environment(
    settings: Settings, warehouse: Path, *, lake: Path | None = None, changed_file: Path | None = None
) -> dict[str, str]:
    """The environment that tells the dbt project which lake to read and which file to build.

    ``lake`` is another lake than that of the settings; ``changed_file`` holds the rows of regions that
    changed, where ``warehouse`` has all others (``carrying``). For a dbt that this process starts and waits
    for: it ends with this process.
    """
    return {
        **os.environ,
        **TELEMETRY_OFF,
        "JUESUAN_LAKE": str(lake or settings.lake),
        "JUESUAN_WAREHOUSE": str(warehouse),
        "JUESUAN_CHANGED": str(changed_file or ""),
        "JUESUAN_AS_OF": settings.as_of.isoformat() if settings.as_of else "",
        "JUESUAN_DBT_THREADS": str(max(2, settings.workers)),
        PARENT: str(os.getpid()),
        PARSED: os.environ.get(PARSED) or str(settings.data / "dbt_parsed.msgpack"),
        "JUESUAN_DBT_MEMORY": f"{settings.build_memory_mb}MB",
        **(settings.ducklake.environment() if settings.ducklake else {"JUESUAN_DBT_TARGET": "build"}),
    }


def run_dbt(
    settings: Settings,
    arguments: Sequence[str],
    *,
    warehouse: Path,
    target: Path,
    logs: Path,
    lake: Path | None = None,
    changed_file: Path | None = None,
) -> DbtRun:
    """Run ``dbt ARGUMENTS`` against a warehouse file of its own; never raises for a failing model or test.

    ``lake`` and ``changed_file`` as in ``dbt_environment``.
    """
    command = [
        *(sys.executable, "-m", "pipelines.warehouse.dbt_process"),
        "--no-use-colors",
        *arguments,
        *("--project-dir", str(settings.dbt_project)),
        *("--profiles-dir", str(settings.dbt_project)),
        *("--target-path", str(target)),
        *("--log-path", str(logs)),
    ]
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    problems_file = target / "problems.json"
    target.mkdir(parents=True, exist_ok=True)
    problems_file.unlink(missing_ok=True)
    finished = subprocess.run(
        command,
        env={
            **dbt_environment(settings, warehouse, lake=lake, changed_file=changed_file),
            PROBLEMS: str(problems_file),
        },
        cwd=settings.dbt_project,
        capture_output=True,
        text=True,
        check=False,
    )
    output = finished.stdout + finished.stderr
    problems = tuple(_problems(problems_file)) if finished.returncode else ()
    if finished.returncode and not problems:
        problems = tuple(line for line in output.strip().splitlines()[-15:] if line.strip())
    return DbtRun(finished.returncode == 0, problems, output)


def _problems(file: Path) -> list[str]:
    if not file.is_file():
        return []
    told: list[tuple[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return [f"{node}: {' '.join(message.split())}" for node, message in told]
