"""The last ``juesuan build`` of a data folder, if it failed: kept until one succeeds.

Dagster keeps its own history of runs; a build from cron has none, and the status must know of it.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class FailedBuild:
    """A build that failed: when (UTC, ISO 8601), at which stage, and what it said."""

    at: str
    stage: str
    said: str


def remember_failure(settings: Settings, stage: str, said: str) -> FailedBuild:
    """Keep a failure, unless even that cannot be written (a full disk)."""
    failed = FailedBuild(datetime.now(UTC).isoformat(timespec="seconds"), stage, said)
    with contextlib.suppress(OSError):
        temporary = _place(settings).with_suffix(".part")
        temporary.write_text(json.dumps(asdict(failed), ensure_ascii=False) + "\n", encoding="utf-8")
        temporary.replace(_place(settings))
    return failed


def forget_failure(settings: Settings) -> bool:
    """A build has succeeded; returns whether one had failed before."""
    with contextlib.suppress(OSError):
        _place(settings).unlink()
        return True
    return False


def failed_build(settings: Settings) -> FailedBuild | None:
    """The failure since which no build has succeeded."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return FailedBuild(**json.loads(_place(settings).read_text(encoding="utf-8")))
    return None


def _place(settings: Settings) -> Path:
    return settings.data / "build_failed.json"
