"""Making room by rule: what is made again, or is of no use any more, and is old enough.

Never taken away: ``raw/``, the lake's readings (of a PDF that was replaced they are the only copy), the
published warehouse, releases, and Dagster's runs in which something was last made or last checked.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.publish import sweep

DAYS = 90
# Left by dbt, by checks that failed and by builds that were broken off; made again whenever they are needed.
_LEFT_BEHIND = ("data_docs_of_failed_build", "dbt_failed.log", "dbt_target")
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was taken away, by its path or name, and the room it took (bytes)."""

    removed: tuple[str, ...]
    freed: int


def tidy_folders(settings: Settings, *, days: int = DAYS, now: float | None = None) -> Tidied:
    """Take away what broken builds left, and leftovers older than ``days``.

    Waits for no one: raises ``BuildBusyError`` while a build is at work. ``now`` is seconds since 1970.
    """
    now = time.time() if now is None else now
    with build_lock(settings.data):
        # What a build of its own sweeps goes at once: the lock is ours, so nobody builds.
        before = {path: _size(path) for path in _swept(settings)}
        sweep(settings)
        removed = {path: size for path, size in before.items() if not path.exists()}
        for path in _old(settings, now - days * _DAY):
            removed[path] = _size(path)
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    names = tuple(sorted(str(path.relative_to(settings.data)) for path in removed))
    return Tidied(names, sum(removed.values()))


def _swept(settings: Settings) -> Iterator[Path]:
    if settings.building.is_dir():
        yield from settings.building.iterdir()
    yield from settings.lake.rglob(".*.part")


def _old(settings: Settings, before: float) -> Iterator[Path]:
    places = [settings.data / name for name in _LEFT_BEHIND]
    # A parse of the dbt project that was killed, and what temporary names a killed writer left.
    places += [
        *settings.data.glob("dbt_parse.*"),
        *settings.data.glob("hashes.json.*"),
        *settings.data.glob(".*.part"),
    ]
    for path in places:
        if path.exists() and path.stat().st_mtime < before:
            yield path


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else iter((path,))
    return sum(file.stat().st_size for file in files if file.is_file())
