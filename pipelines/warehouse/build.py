"""A build, stage by stage: raw folder -> lake -> DuckDB through dbt -> checks -> published warehouse.

Each stage is a function that the command line and Dagster both call. ``build`` runs them in order
under the data folder's lock, and skips what need not be done again: documents the lake already holds,
and the whole rest when nothing the warehouse is made of has changed.
"""

from __future__ import annotations

import contextlib
import functools
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.model import FoundFile, Inventory
from pipelines.acquisition.review import read_review
from pipelines.settings import Settings
from pipelines.statements import CatalogueError
from pipelines.warehouse.carrying import remove_lakes
from pipelines.warehouse.checking import Checked, Checks, ChecksEndError, checked_outcome
from pipelines.warehouse.identity_schema import IdentityError
from pipelines.warehouse.lake import Lake, LakeWriteError
from pipelines.warehouse.locking import build_lock, reading_lock
from pipelines.warehouse.pool import WorkersEndError
from pipelines.warehouse.progress import Progress, Silent
from pipelines.warehouse.publish import (
    NotPublishableError,
    new_folder,
    publish,
    publish_folder,
    published_version,
    sweep,
)
from pipelines.warehouse.reading import (
    CHANGED,
    DocumentRead,
    Understand,
    plan_reading,
    read_documents,
    write_inventory,
)
from pipelines.warehouse.reference_data import write_reference_data
from pipelines.warehouse.review import stale_rows, unusable_rows
from pipelines.warehouse.summary import Summary, summary_of
from pipelines.warehouse.transforming import DbtFailedError, transform_with_dbt
from pipelines.warehouse.versions import build_version


class BuildFailedError(RuntimeError):
    """A build that came to nothing; the last published warehouse stands. ``details`` are for the engineer."""

    def __init__(self, stage: str, message: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(f"{stage}: {message}")
        self.stage = stage
        self.details = details


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. ``published`` is False when the warehouse was up to date already."""

    documents: tuple[DocumentRead, ...]
    n_unchanged: int
    register_problems: tuple[str, ...]
    published: bool
    checked: Checked | None
    summary: Summary


@dataclass(frozen=True, slots=True)
class Chunk:
    """Documents to be read by one step. ``alone``: they are all of the run, and nothing else is at work."""

    files: tuple[FoundFile, ...]
    alone: bool


# How long a chunk waits for a build that has the data folder.
TURN_SECONDS = 3 * 3600.0

Transform = Callable[[Settings, Path], Path]
Check = Callable[[Settings, Path, Path], Checked]


def build(
    settings: Settings,
    *,
    progress: Progress | None = None,
    wait_seconds: float = 0.0,
    retry: bool = False,
    full: bool = False,
    understand: Understand | None = None,
    transform: Transform | None = None,
    check: Check | None = None,
) -> Built:
    """Bring the warehouse up to date with the raw folder.

    ``retry`` reads documents again that ran into a limit; ``full`` builds the warehouse again though
    nothing changed. ``understand``, ``transform`` and ``check`` stand in for reading, dbt and the checks
    in tests. Raises ``FileNotFoundError`` (no raw folder), ``DataFolderError`` (no use of the data folder),
    ``BuildBusyError`` (another build at work) and ``BuildFailedError``; in each case what was published
    before stays.
    """
    progress = progress or Silent()
    if not settings.raw.is_dir():
        raise FileNotFoundError(f"there is no folder {settings.raw}")
    with (
        build_lock(settings.data, wait_seconds=wait_seconds, on_wait=progress.stage),
        _data_folder_told(settings),
    ):
        sweep(settings)
        inventory = list_raw(settings)
        if not inventory.files:
            raise FileNotFoundError(f"there is no PDF in {settings.raw}")
        try:
            # Before reading: a slip in the data of the field should not cost an hour to find.
            write_reference_data(settings)
        except (CatalogueError, IdentityError) as error:
            raise BuildFailedError("catalogue and identities", str(error)) from error
        documents, n_unchanged = read_new(
            settings, inventory, progress=progress, retry=retry, understand=understand
        )
        if changed := {document.source_path for document in documents if document.reason == CHANGED}:
            # Once: what is written to all the time is set aside, and read when it is done.
            progress.stage(f"{len(changed)} file(s) changed meanwhile; listing the folder again")
            inventory = list_raw(settings)
            again, n_unchanged = read_new(settings, inventory, progress=progress, understand=understand)
            kept = [document for document in documents if document.source_path not in changed]
            documents = tuple(sorted((*kept, *again), key=lambda document: document.source_path))
            n_unchanged -= len(kept)
        check_review(settings)
        version = warehouse_version(settings)
        checked: Checked | None = None
        current = not full and published_version(settings) == version
        if current:
            progress.stage("nothing the warehouse is made of has changed; it is up to date")
        else:
            folder = new_folder(settings)
            try:
                make = transform or functools.partial(
                    transform_with_dbt, whole=full, on_carried=progress.stage
                )
                built, checked = _transformed_and_checked(settings, folder, progress, make, check)
                release(settings, built, folder, version, checked)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
                remove_lakes(settings)
        return Built(
            documents=documents,
            n_unchanged=n_unchanged,
            register_problems=tuple(problem.said() for problem in inventory.problems),
            published=not current,
            checked=checked,
            summary=summary_of(settings, version),
        )


def _transformed_and_checked(
    settings: Settings, folder: Path, progress: Progress, transform: Transform, check: Check | None
) -> tuple[Path, Checked]:
    """The warehouse built in ``folder``, and what its checks say; they get ready while dbt is at work."""
    if check is not None:
        progress.stage("building the warehouse (dbt)")
        built = _transformed(transform, settings, folder)
        progress.stage("checking it")
        return built, check(settings, built, folder)
    with Checks(settings, folder / settings.warehouse.name, folder) as checks:
        progress.stage("building the warehouse (dbt)")
        built = _transformed(transform, settings, folder)
        progress.stage("checking it (Great Expectations)")
        try:
            return built, checked_outcome(checks.outcomes())
        except ChecksEndError as error:
            raise BuildFailedError("checks", str(error)) from error


def _transformed(transform: Transform, settings: Settings, folder: Path) -> Path:
    try:
        return transform(settings, folder)
    except DbtFailedError as error:
        raise BuildFailedError("dbt", str(error), error.problems) from error


@contextlib.contextmanager
def _data_folder_told(settings: Settings) -> Iterator[None]:
    """Errors of the disk in words: a full one is the most common end of a build that nobody looks after."""
    try:
        yield
    except FileNotFoundError:
        raise  # the raw folder, which the caller names
    except (OSError, duckdb.Error) as error:
        # DuckDB tells of a disk without space when it commits as of a transaction that failed.
        if not isinstance(error, (OSError, duckdb.IOException)) and "Could not write" not in str(error):
            raise
        message = (
            f"{settings.data} cannot be written to or read ({error}): what is published is whole; "
            "see that there is space, and build again"
        )
        raise BuildFailedError("data folder", message) from error


def list_raw(settings: Settings) -> Inventory:
    """List the raw folder and record the list in the lake."""
    inventory = take_inventory(settings.raw, cache=settings.data / "hashes.json")
    lake = Lake(settings.lake)
    lake.prepare()
    write_inventory(lake, inventory)
    return inventory


def read_new(
    settings: Settings,
    inventory: Inventory,
    *,
    only: Collection[FoundFile] | None = None,
    progress: Progress | None = None,
    retry: bool = False,
    understand: Understand | None = None,
) -> tuple[tuple[DocumentRead, ...], int]:
    """Read what the lake does not hold yet (of ``only`` these files, if given).

    Returns the documents read, by path, and how many need not be read. Raises ``BuildFailedError`` where
    rows of ``review/`` cannot be used, and where no worker gets ready.
    """
    progress = progress or Silent()
    _check_usable(inventory)
    lake = Lake(settings.lake)
    lake.prepare()
    plan = plan_reading(lake, inventory, retry=retry, by_hand=settings.rollout == "by_hand")
    wanted = None if only is None else {file.document_id for file in only}
    to_read = [file for file in plan.to_read if wanted is None or file.document_id in wanted]
    n_unchanged = plan.n_unchanged if wanted is None else len(wanted) - len(to_read)
    if not to_read:
        progress.stage(f"no document to read; {n_unchanged} in the lake already")
        return (), n_unchanged
    progress.begin(len(to_read), "reading documents")
    documents = []
    try:
        for document in read_documents(settings, inventory, to_read, understand=understand):
            documents.append(document)
            aside = document.outcome == "set_aside"
            said = "set aside: " if aside else ""
            told = aside or (document.outcome == "read" and document.message)
            progress.advance(f"{said}{document.source_path}: {document.message}" if told else "")
    except (WorkersEndError, LakeWriteError) as error:
        raise BuildFailedError("reading", str(error)) from error
    progress.end()
    return tuple(sorted(documents, key=lambda document: document.source_path)), n_unchanged


def _check_usable(inventory: Inventory) -> None:
    if unusable := unusable_rows(inventory):
        raise BuildFailedError("review", f"{len(unusable)} row(s) cannot be used; nothing was read", unusable)


def check_review(settings: Settings) -> None:
    """Raise ``BuildFailedError`` naming the rows of ``review/`` that no longer speak of what is read."""
    stale = stale_rows(Lake(settings.lake), read_review(settings.raw))
    if stale:
        message = f"{len(stale)} row(s) do not fit what is read; nothing was published"
        raise BuildFailedError("review", message, stale)


def chunks_to_read(settings: Settings, inventory: Inventory, *, only: Collection[str]) -> tuple[Chunk, ...]:
    """What the lake does not hold yet of the documents ``only`` (ids), in the chunks of the settings.

    All chunks take about the same time: files are dealt out by size. Raises ``BuildFailedError`` where rows
    of ``review/`` cannot be used.
    """
    _check_usable(inventory)
    plan = plan_reading(Lake(settings.lake), inventory, by_hand=settings.rollout == "by_hand")
    files = [file for file in plan.to_read if file.document_id in only]
    if not files:
        return ()
    n_chunks = -(-len(files) // (settings.chunk_documents or len(files)))
    files.sort(key=lambda file: (-file.size_bytes, file.source_path))
    alone = settings.chunk_documents is None
    return tuple(Chunk(tuple(files[number::n_chunks]), alone) for number in range(n_chunks))


def read_chunk(
    settings: Settings, chunk: Chunk, *, progress: Progress | None = None
) -> tuple[DocumentRead, ...]:
    """Read a chunk that was planned, on whatever machine has its turn; returns the documents read now.

    One that is ``alone`` has the data folder to itself. Of others any number is read at the same time,
    each by one worker: a chunk given out again after its worker died finds what that one wrote and
    reads the rest.
    """
    progress = progress or Silent()
    inventory = Inventory(settings.raw, chunk.files)
    ids = [file.document_id for file in chunk.files]
    with (
        build_lock(
            settings.data,
            shared=not chunk.alone,
            wait_seconds=TURN_SECONDS,
            on_wait=progress.stage,
        ),
        reading_lock(settings.data, ids, on_wait=progress.stage),
    ):
        documents, _ = read_new(settings, inventory, progress=progress)
    return documents


def warehouse_version(settings: Settings) -> str:
    """Version of everything the warehouse would be made of now."""
    lake = Lake(settings.lake)
    entries = sorted(lake.entries().items())
    inventory = sorted(lake.inventory().items())
    decisions = lake.decisions()
    where = (settings.lake, settings.as_of, settings.ducklake)
    return build_version(settings, [*entries, *inventory, *decisions, *map(str, where)])


def release(settings: Settings, built: Path, folder: Path, version: str, checked: Checked) -> None:
    """Publish what was built and its Data Docs, unless a check stops it."""
    try:
        publish(settings, built, build_version=version, stops=checked.stops, data_docs=folder / "data_docs")
    except NotPublishableError as error:
        publish_folder(folder / "data_docs", settings.data / "data_docs_of_failed_build")
        raise BuildFailedError("publish", str(error), checked.stops) from error
