"""The weekly run of ``years``, with its mishap, and what must hold after it."""

from __future__ import annotations

import multiprocessing
import random
import resource
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import duckdb

from pipelines.settings import Settings
from pipelines.warehouse.build import BuildFailedError
from tests.warehouse.data_folder import recorded_version, table_checksums
from tests.warehouse.dying_builds import Before, die, run
from tests.warehouse.years import (
    Week,
    publish,
    understand_badly,
    understand_planned,
    understand_until_killed,
)

#: The building process changes names some sixty times from its begin to its end: where it may die.
MOST_STEPS = 60
#: A file may not grow longer: the lake's do not, the warehouse does.
FULL_DISK_BYTES = 40_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a week: whether something new was published, and what does not hold."""

    is_new: bool
    wrong: tuple[str, ...]


def run_week(settings: Settings, week: Week, rng: random.Random) -> Outcome:
    """Publish a week's files and run; what a mishap spoils, the run of the next week makes good."""
    publish(settings.raw, week)
    before = _published(settings)
    failed = _run(settings, week.mishap, rng)
    wrong = _not_whole(settings)
    if failed and week.mishap != "killed" and _published(settings) != before:
        wrong.append("a run that failed published something")
    return Outcome(_published(settings) != before, tuple(wrong))


def run_weeks(settings: Settings, all_weeks: Iterable[Week], seed: int) -> list[tuple[Week, Outcome]]:
    """One week after the other, and one more run at the end that makes good what the last one left."""
    rng = random.Random(seed)
    found = [(week, run_week(settings, week, rng)) for week in all_weeks]
    run(settings, understand=understand_planned, retry=True)
    return found


def _run(settings: Settings, mishap: str, rng: random.Random) -> bool:
    """Run a build with a mishap; whether it came to nothing."""
    try:
        if mishap == "killed":
            before = Before(number=rng.randint(1, MOST_STEPS))
            try:
                die(settings, before, understand=understand_planned)
            except LookupError:
                return False  # it had fewer steps to take
            return True
        if mishap == "full disk":
            process = multiprocessing.get_context("spawn").Process(target=_on_a_full_disk, args=(settings,))
            process.start()
            process.join()
            return True
        if mishap == "broken identities":
            run(replace(settings, project=_broken_project(settings)), understand=understand_planned)
        elif mishap == "bad extractor":
            with patch("pipelines.warehouse.reading.extractor_version", lambda: "bad"):
                run(settings, understand=understand_badly)
        elif mishap == "worker killed":
            run(settings, understand=understand_until_killed)
        else:
            # As an engineer does who saw documents set aside because their worker was killed.
            run(settings, understand=understand_planned, retry=True)
    except (BuildFailedError, FileNotFoundError):
        return True
    return False


def _on_a_full_disk(settings: Settings) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_DISK_BYTES, resource.RLIM_INFINITY))
    try:
        run(settings, understand=understand_planned)
    except BuildFailedError:
        return


def _broken_project(settings: Settings) -> Path:
    project = settings.data.parent / "broken"
    folder = project / "expectations" / "identities"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rows.yaml").write_text("- {id: half a row, family: [", encoding="utf-8")
    return project


def _published(settings: Settings) -> dict[str, tuple[int, int]]:
    return table_checksums(settings.warehouse) if settings.warehouse.is_file() else {}


def _not_whole(settings: Settings) -> list[str]:
    """What a reader of the published warehouse would find wrong with it."""
    if not settings.warehouse.is_file():
        return ["there is a record and no warehouse"] if recorded_version(settings.data) else []
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        (orphans, unread) = connection.execute(
            "SELECT (SELECT count(*) FROM fct_amounts ANTI JOIN dim_document USING (document_id)), "
            "(SELECT count(*) FROM dim_document ANTI JOIN fct_amounts USING (document_id) "
            "WHERE outcome <> 'set_aside')"
        ).fetchall()[0]
    wrong = [f"{orphans} amounts without their document"] if orphans else []
    return wrong + ([f"{unread} documents without their amounts"] if unread else [])
