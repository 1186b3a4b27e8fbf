"""dbt as it is started by a build or by Dagster: the process ends with the one that started it.

``juesuan-dbt`` is dbt with its own arguments. Whoever starts it says in ``$JUESUAN_DBT_PARENT`` which process
that is: by the time this one asks, its parent may have ended and be another.

What dbt tells is written by this module, each line as dbt's own loggers would: those put together each of
some 25 events of a model or test, for the screen and for a log file, and drop most of them only then. That
took a quarter of the time that dbt itself needs.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipelines.warehouse.imports import without_address_grammars
from pipelines.warehouse.orphans import end_with_parent

#: The environment variable that names the process that waits for dbt.
PARENT = "JUESUAN_DBT_PARENT"
#: The environment variable that names the file to write what failed into, as pairs of a node and its message.
PROBLEMS = "JUESUAN_DBT_PROBLEMS"
#: with its target, and each run of Dagster has one of its own, in which it would read all again, for seconds.
#: with its target, and each run of Dagster has one of its own, in which all would be read again, for seconds.
PARSED = "JUESUAN_DBT_PARSED"
#: What dbt calls that file.
_KEPT_BY_DBT = "partial_parse.msgpack"
#: The command, as the project's installation makes it beside Python.
COMMAND = "juesuan-dbt"
#: Levels of dbt's events that are for people. Errors, warnings and the outcome of each model and test are.
_TOLD = {"info", "warn", "error"}
#: Outcomes of a model or a test that are problems.
_FAILED = {"error", "fail", "runtime error"}


def command() -> str:
    """Where the command lies: beside this Python, so that the environment need not be activated."""
    return str(Path(sys.executable).with_name(COMMAND))


def main() -> None:
    """Run dbt with the arguments of this process; ends as dbt does (1: something failed, 2: it broke)."""
    end_with_parent(int(os.environ.get(PARENT) or os.getppid()))
    without_address_grammars()
    # Not before: importing dbt takes seconds, in which the parent may end.
    from dbt.cli.main import dbtRunner

    _without_places_of_files()
    # dagster-dbt asks for it, and makes its own events of these lines.
    told = _as_json if os.environ.get("DBT_LOG_FORMAT") == "json" else _as_text
    os.environ.update({"DBT_LOG_LEVEL": "none", "DBT_LOG_LEVEL_FILE": "none"})
    target = _folder("--target-path", "DBT_TARGET_PATH")
    with _parsed_once(target, _folder("--project-dir", "DBT_PROJECT_DIR")):
        outcome = dbtRunner(callbacks=[told]).invoke(sys.argv[1:])
    if PROBLEMS in os.environ:
        Path(os.environ[PROBLEMS]).write_text(json.dumps(_problems(outcome.result)), encoding="utf-8")
    if outcome.exception is not None:
        print(outcome.exception, file=sys.stderr, flush=True)
        sys.exit(2)
    sys.exit(0 if outcome.success else 1)


def _without_places_of_files() -> None:
    """Let dbt go on from what it read of the project the last time, though it builds other files.

    It reads all of the project anew where the settings of the connection are others, for models can ask for
    these. None asks where files lie, and each build has a folder of its own.
    """
    from dbt.adapters.duckdb.credentials import DuckDBCredentials

    settings: Any = DuckDBCredentials._connection_keys

    def without_places(credentials: Any) -> tuple[str, ...]:
        return tuple(each for each in settings(credentials) if each not in ("path", "attach"))

    DuckDBCredentials._connection_keys = without_places  # type: ignore[method-assign]


def _folder(option: str, variable: str) -> Path | None:
    """A folder of dbt's as this process's command line names it, or its environment."""
    named = [after for before, after in pairwise(sys.argv[1:]) if before == option]
    folder = named[-1] if named else os.environ.get(variable)
    return Path(folder) if folder else None


@contextmanager
def _parsed_once(target: Path | None, project: Path | None) -> Iterator[None]:
    """Give dbt what another run read of the project, and keep what this one read, at once or not at all.

    dbt finds out by itself what of the project has changed since, but not that all of it lies elsewhere now:
    it would look for its seeds where they were.
    """
    kept = Path(os.environ[PARSED]) if os.environ.get(PARSED) else None
    if kept is None or target is None or project is None:
        yield
        return
    own = target / _KEPT_BY_DBT
    for file in (kept, own):
        if file.is_file() and os.fsencode(project) not in file.read_bytes():
            file.unlink(missing_ok=True)
    if kept.is_file() and not own.exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy2(kept, own)
    try:
        yield
    finally:
        if own.is_file() and (not kept.is_file() or own.stat().st_mtime > kept.stat().st_mtime):
            kept.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as aside:
                shutil.copy2(own, aside.name)
            Path(aside.name).replace(kept)


def _problems(result: Any) -> list[tuple[str, str]]:
    """Nodes that failed, with what is said of each; none where dbt did not come to run any."""
    return [
        (each.node.unique_id, each.message or str(each.status))
        for each in getattr(result, "results", ())
        if each.status in _FAILED
    ]


def _as_text(event: Any) -> None:
    if event.info.level in _TOLD:
        # With its end in one: two threads of dbt tell of their models at the same time.
        sys.stdout.write(f"{datetime.now(UTC):%H:%M:%S}  {event.info.msg}\n")
        sys.stdout.flush()


def _as_json(event: Any) -> None:
    if event.info.level in _TOLD:
        from dbt_common.events.functions import msg_to_json

        sys.stdout.write(f"{msg_to_json(event)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
