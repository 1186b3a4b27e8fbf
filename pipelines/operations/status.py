"""How things stand: the last good build, what is stale, what failed, what waits for a person, disk, locks.

Everything is looked up anew from the folders, the warehouse and Dagster's records, so that it is true also
when the last build failed, or there is no warehouse. What cannot be looked up is told and hinders nothing.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import duckdb
import yaml

from pipelines.acquisition.inventory import take_inventory
from pipelines.failures import kind_of
from pipelines.operations.channels import channels_of
from pipelines.operations.failed_build import failed_build
from pipelines.operations.locks import LockHeld, locks_held
from pipelines.operations.outbox import Outbox
from pipelines.settings import Settings, alert_settings
from pipelines.warehouse.build import warehouse_version
from pipelines.warehouse.lake import UNKNOWN_REGION, Lake
from pipelines.warehouse.pool import run_guarded
from pipelines.warehouse.publish import publication
from pipelines.warehouse.reading import plan_reading
from pipelines.warehouse.summary import SetAside, summarise
from pipelines.warehouse.trial import n_of_older_versions

# Files of a folder that are measured; a lake of millions is not walked for a figure.
MEASURED_FILES = 200_000
# Less than this share of the disk free is worth a word.
FREE_SHARE = 0.1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Good:
    """The published warehouse: when it was made (UTC, ISO 8601), from what, with what."""

    path: str
    published_at: str
    build_version: str
    versions: Mapping[str, str]
    documents: int
    is_current: bool | None


@dataclass(frozen=True, slots=True)
class Stale:
    """A partition with files that the lake does not hold as they are now."""

    partition: str
    files: int
    example: str


@dataclass(frozen=True, slots=True)
class Failing:
    """A job, or ``juesuan build``, whose last run failed."""

    what: str
    at: str
    why: str
    do_zh: str
    do_en: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person, how much of it, and the command that shows it."""

    id: str
    zh: str
    en: str
    count: int
    look: str


@dataclass(frozen=True, slots=True)
class Place:
    """A folder and its size; ``at_least`` where not all of it was measured."""

    name: str
    megabytes: float
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Automation:
    """A schedule or sensor of Dagster: whether it is on, and what its last tick said."""

    name: str
    kind: str
    is_on: bool
    last_tick: str = ""


@dataclass(frozen=True, slots=True)
class AlertsState:
    """The channels, what waits for them, and what is wrong with which."""

    channels: tuple[str, ...] = ()
    waiting: int = 0
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """How things stand at ``at`` (UTC, ISO 8601). ``unknown`` is what could not be looked up, and why.

    ``of_older_version`` of the ``held`` documents of the raw folder count as an older version of the
    extractor read them.
    """

    at: str
    good: Good | None = None
    stale: tuple[Stale, ...] = ()
    gone: int = 0
    of_older_version: int = 0
    held: int = 0
    failing: tuple[Failing, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    automations: tuple[Automation, ...] = ()
    places: tuple[Place, ...] = ()
    free_megabytes: float = 0.0
    free_share: float = 1.0
    locks: tuple[LockHeld, ...] = ()
    alerts: AlertsState = field(default_factory=AlertsState)
    confinement: str = ""
    unknown: tuple[str, ...] = ()

    @property
    def needs_a_person(self) -> tuple[str, ...]:
        """What of it cannot wait, in words; empty where all is well."""
        said = [f"{one.what} fails: {one.why}" for one in self.failing]
        if self.good is None:
            said.append("there is no published warehouse")
        if self.free_share < FREE_SHARE:
            said.append(f"only {self.free_share:.0%} of the disk is free")
        said += [f"alerts are not sent: {trouble}" for trouble in self.alerts.troubles]
        return tuple(said)


def collect_status(settings: Settings, *, now: datetime | None = None) -> Status:
    """Look everything up. Never raises for what is broken: that is what a status is for."""
    unknown: list[str] = []

    def attempt(what: str, look: Callable[[], T], otherwise: T) -> T:
        try:
            return look()
        except Exception as error:
            unknown.append(f"{what}: {type(error).__name__}: {error}")
            return otherwise

    lake = Lake(settings.lake)
    has_lake = (settings.lake / "documents").is_dir()
    no_stale: tuple[tuple[Stale, ...], int] = ((), 0)
    stale, gone = attempt("what is stale", lambda: _stale(settings, lake), no_stale)
    good = attempt("the published warehouse", lambda: _good(settings), None)
    no_versions = (0, 0)
    older, held = (
        attempt("versions of the extractor", lambda: n_of_older_versions(lake), no_versions)
        if has_lake
        else no_versions
    )
    no_records: tuple[tuple[Failing, ...], tuple[Automation, ...]] = ((), ())
    from_dagster = attempt("Dagster's records", lambda: _from_dagster(settings), no_records)
    free = attempt("the disk", lambda: _free(settings.data), (0.0, 1.0))
    return Status(
        at=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        good=good,
        stale=stale,
        gone=gone,
        of_older_version=older,
        held=held,
        failing=(*_failed_command(settings), *from_dagster[0]),
        set_aside=attempt("documents set aside", lambda: summarise(lake).set_aside, ()) if has_lake else (),
        waiting=attempt("what waits", lambda: _waiting(settings), ()) if good else (),
        automations=from_dagster[1],
        places=attempt("sizes", lambda: _places(settings), ()),
        free_megabytes=free[0],
        free_share=free[1],
        locks=attempt("locks", lambda: locks_held(settings), ()),
        alerts=attempt("alerts", lambda: _alerts(settings), AlertsState()),
        confinement=attempt("confinement of workers", _confinement, ""),
        unknown=tuple(unknown),
    )


def _good(settings: Settings) -> Good | None:
    if not settings.warehouse.is_file():
        return None
    record = publication(settings)
    # A warehouse of an earlier program, or copied here without its record, is as old as its file.
    changed = datetime.fromtimestamp(settings.warehouse.stat().st_mtime, UTC).isoformat(timespec="seconds")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        row = connection.execute("SELECT count(*) FROM main.dim_document").fetchone()
    version = str(record.get("build_version", ""))
    return Good(
        path=str(settings.warehouse),
        published_at=str(record.get("published_at") or changed),
        build_version=version,
        versions=dict(record.get("versions", {})),
        documents=int(row[0]) if row else 0,
        is_current=version == warehouse_version(settings) if version else None,
    )


def _stale(settings: Settings, lake: Lake) -> tuple[tuple[Stale, ...], int]:
    if not settings.raw.is_dir():
        return (), 0
    inventory = take_inventory(settings.raw, cache=settings.data / "hashes.json")
    if not (settings.lake / "documents").is_dir():
        to_read = inventory.distinct()
        recorded: set[str] = set()
    else:
        to_read = plan_reading(lake, inventory, by_hand=settings.rollout == "by_hand").to_read
        recorded = set(lake.inventory())
    by_partition: dict[str, list[str]] = {}
    for file in to_read:
        year, region = file.registered.fiscal_year, file.registered.region_code
        key = f"{year or 'unknown'}|{region or UNKNOWN_REGION}"
        by_partition.setdefault(key, []).append(file.source_path)
    stale = tuple(Stale(key, len(paths), paths[0]) for key, paths in sorted(by_partition.items()))
    return stale, len(recorded - {file.source_path for file in inventory.files})


def _failed_command(settings: Settings) -> tuple[Failing, ...]:
    failed = failed_build(settings)
    if failed is None:
        return ()
    kind = kind_of(f"{failed.stage}: {failed.said}")
    return (Failing("juesuan build", failed.at, f"{kind.en}: {failed.said}", kind.do_zh, kind.do_en),)


def _waiting(settings: Settings) -> tuple[Waiting, ...]:
    entries = yaml.safe_load(Path(__file__).with_name("waiting.yaml").read_text(encoding="utf-8"))
    found = []
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        tables = {
            name
            for (name,) in connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'"
            ).fetchall()
        }
        for entry in entries:
            if entry["table"] not in tables:
                continue
            where = entry.get("where", "true")
            counted = f"SELECT count(*) FROM main.{entry['table']} AS t WHERE {where}"
            row = connection.execute(counted).fetchone()
            found.append(
                Waiting(entry["id"], entry["zh"], entry["en"], int(row[0]) if row else 0, entry["look"])
            )
    return tuple(found)


def _from_dagster(settings: Settings) -> tuple[tuple[Failing, ...], tuple[Automation, ...]]:
    # Only where it is run: importing Dagster takes longer than all the rest.
    if not (os.environ.get("DAGSTER_HOME") or (settings.data / "dagster_home" / "dagster.yaml").is_file()):
        return (), ()
    from pipelines.operations.runs import automations, failing_jobs, instance_of

    with instance_of(settings) as instance:
        ui = alert_settings().ui
        failing = tuple(
            Failing(f"job {job}", at, f"{kind.en}: {said}", kind.do_zh, kind.do_en, f"{ui}/runs/{run_id}")
            for job, run_id, at, said, kind in failing_jobs(instance)
        )
        return failing, tuple(Automation(*row) for row in automations(instance))


def _alerts(settings: Settings) -> AlertsState:
    outbox = Outbox.of(settings.data)
    troubles = [f"{one['why']} (since {one['since']})" for one in outbox.troubles().values()]
    try:
        channels = tuple(channel.name for channel in channels_of(alert_settings()))
    except ValueError as error:
        return AlertsState((), len(outbox.waiting()), (str(error),))
    # A channel that was taken out of the settings troubles nobody any more.
    return AlertsState(channels, len(outbox.waiting()), tuple(troubles) if channels else ())


def _confinement() -> str:
    (finished,) = run_guarded(_nothing, [0], workers=1, seconds=30, memory_mb=500, writable=())
    return finished.confinement.said() if finished.confinement else "no worker could be started"


def _nothing(task: int) -> int:
    return task


def _free(folder: Path) -> tuple[float, float]:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    usage = shutil.disk_usage(there)
    return usage.free / 2**20, usage.free / usage.total


def _places(settings: Settings) -> tuple[Place, ...]:
    named = [("raw", settings.raw)]
    if settings.data.is_dir():
        inside = sorted(path for path in settings.data.iterdir() if not path.name.startswith("."))
        named += [(path.name, path) for path in inside]
    places = [_measure(name, path) for name, path in named if path.exists()]
    return tuple(place for place in places if place.megabytes >= 0.1)


def _measure(name: str, path: Path) -> Place:
    """The room a file or folder takes. Hard links are counted once each place they are in."""
    if path.is_file():
        return Place(name, path.stat().st_size / 2**20)
    total = count = 0
    for folder, _, names in os.walk(path):
        for entry in names:
            try:
                total += os.lstat(os.path.join(folder, entry)).st_size  # noqa: PTH118  a Path for each is slow
            except OSError:
                continue
            count += 1
        if count > MEASURED_FILES:
            return Place(name, total / 2**20, at_least=True)
    return Place(name, total / 2**20)


def by_reason(set_aside: Iterable[SetAside]) -> dict[str, int]:
    """Documents set aside, counted by reason."""
    return dict(sorted(Counter(document.reason for document in set_aside).items()))
