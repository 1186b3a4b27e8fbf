"""From the lake to a DuckDB file through dbt: all rows, or those of regions that changed (``carrying``)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.carrying import (
    Carried,
    carried_over,
    lake_of_changes,
    lake_of_none,
    made_of,
    write_changes,
)
from pipelines.warehouse.dbt_runner import run_dbt
from pipelines.warehouse.ducklake import begin_build, copy_build
from pipelines.warehouse.lake import Lake, LakeWriteError
from pipelines.warehouse.packing import packed_lake
from pipelines.warehouse.publish import publication, record_made_of

# Models whose rows are of one region, what they are made of, and tests of nothing else.
_OF_CHANGES = ("--select", "+config.meta.made_of:region", "--indirect-selection", "cautious")


class DbtFailedError(RuntimeError):
    """Models or tests that failed: ``problems`` names each, with its message."""

    def __init__(self, message: str, problems: tuple[str, ...]) -> None:
        super().__init__(message)
        self.problems = problems


def transform_with_dbt(
    settings: Settings, folder: Path, *, whole: bool = False, on_carried: Callable[[str], None] | None = None
) -> Path:
    """Build and test all dbt models into ``folder``; returns the DuckDB file.

    Rows of regions in which nothing changed are carried over from the published file, unless ``whole``;
    ``on_carried`` is told so.
    """
    built = folder / settings.warehouse.name
    lake = all_in_lake(settings)
    carried = begin_carrying(settings, folder, whole=whole, on_carried=on_carried)
    if settings.ducklake:
        begin_build(settings.ducklake)
    run_models(
        settings,
        folder,
        built,
        target=settings.data / "dbt_target",
        lake=lake_of_none(settings) if carried else lake,
        changed_file=carried.changed_file if carried else None,
    )
    if settings.ducklake:
        copy_build(settings.ducklake, built)
    return built


def all_in_lake(settings: Settings) -> Path:
    """What a build of everything reads, the packed lake; ``DbtFailedError`` where it cannot be written."""
    try:
        return packed_lake(settings).root
    except LakeWriteError as error:
        raise DbtFailedError(str(error), (str(error),)) from error


def begin_carrying(
    settings: Settings, folder: Path, *, whole: bool = False, on_carried: Callable[[str], None] | None = None
) -> Carried | None:
    """Make of the published file what a build into ``folder`` goes on from, where it can.

    Then the file to be built is a copy of the published one, and the rows of changed regions are made beside
    it. Returns what is carried over; none, and nothing is made, where all is to be made. Either way what the
    build is made of is recorded. Raises ``DbtFailedError`` where dbt fails.
    """
    entries = Lake(settings.lake).entries()
    now = made_of(settings, entries)
    carried = None if whole else carried_over(settings, folder, entries, publication(settings), now)
    record_made_of(folder, now, is_whole=carried is None)
    if carried is not None:
        if on_carried is not None:
            on_carried(carried.said())
        # A step of Dagster's that is tried again finds what it left.
        shutil.rmtree(carried.changed_file.parent, ignore_errors=True)
        run_models(
            settings,
            folder,
            carried.changed_file,
            *_OF_CHANGES,
            target=settings.data / "dbt_target_of_changes",
            lake=lake_of_changes(settings, carried),
        )
        write_changes(carried)
        shutil.copyfile(settings.warehouse, folder / settings.warehouse.name)
    return carried


def run_models(
    settings: Settings,
    folder: Path,
    built: Path,
    *arguments: str,
    target: Path,
    lake: Path | None = None,
    changed_file: Path | None = None,
) -> None:
    """Have dbt build and test models into ``built``; raises ``DbtFailedError`` with what it said."""
    # Without dbt's own record of the project and the run, 10 MB of JSON that nobody reads.
    run = run_dbt(
        settings,
        ["build", "--no-write-json", *arguments],
        warehouse=built,
        target=target,
        logs=folder / "dbt_logs",
        lake=lake,
        changed_file=changed_file,
    )
    if not run.succeeded:
        # The folder is removed with the build; what dbt said is worth keeping.
        log = settings.data / "dbt_failed.log"
        log.write_text(run.output, encoding="utf-8")
        raise DbtFailedError(f"{len(run.problems)} problem(s); all of it in {log}", run.problems)
