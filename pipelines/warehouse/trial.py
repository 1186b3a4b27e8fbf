"""Trying a new version of the extractor: documents are read again, into a lake of their own.

``data/trial/lake`` has the form of the lake that counts. It is filled by the same guarded workers, with the
same limits, from the same files, so that a trial tells what a build would. Nothing that counts is touched.
"""

from __future__ import annotations

import os
import shutil
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.model import FoundFile, Inventory
from pipelines.acquisition.review import Review, read_review
from pipelines.settings import Settings
from pipelines.warehouse.datasets import DECISIONS, DOCUMENTS, RAW_INVENTORY
from pipelines.warehouse.lake import UNKNOWN_REGION, UNKNOWN_YEAR, Lake, LakeEntry, LakeWriteError
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.pool import WorkersEndError
from pipelines.warehouse.progress import Progress, Silent
from pipelines.warehouse.reading import (
    CHANGED,
    DocumentRead,
    Understand,
    current_versions,
    plan_reading,
    read_documents,
)
from pipelines.warehouse.review import stale_rows, unusable_rows
from pipelines.warehouse.versions import registration_version


class TrialError(RuntimeError):
    """A trial, or what was to come of it, that cannot be; ``details`` name the documents and what to do."""

    def __init__(self, message: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.details = details


@dataclass(frozen=True, slots=True)
class Selection:
    """Documents of the lake: by region code, fiscal year and id; what is empty selects all.

    Region and year are those under which a document lies in the lake that counts.
    """

    region: str = ""
    year: int | None = None
    documents: frozenset[str] = frozenset()

    def holds(self, entry: LakeEntry) -> bool:
        """Whether a document of the lake is selected."""
        return (
            (not self.region or (entry.region_code or UNKNOWN_REGION) == self.region)
            and (self.year is None or (entry.fiscal_year or UNKNOWN_YEAR) == self.year)
            and (not self.documents or entry.document_id in self.documents)
        )


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial did. ``compared`` are the documents that can be compared with those that count.

    ``n_current`` of the selection were read by the present version already; ``n_for_build`` the next build
    reads anyway, because their file or what the register or a reviewer says of them has changed.
    ``review_stops`` are rows of ``review/`` that do not fit the new readings: a build with them would stop.
    """

    read: tuple[DocumentRead, ...]
    compared: frozenset[str]
    n_current: int
    n_for_build: int
    review_stops: tuple[str, ...]


def trial_settings(settings: Settings) -> Settings:
    """The settings with the trial's folder as the data folder."""
    return replace(settings, data=settings.trial)


def try_reader(
    settings: Settings,
    selection: Selection,
    *,
    progress: Progress | None = None,
    retry: bool = False,
    understand: Understand | None = None,
) -> Trial:
    """Read the selected documents with the present code into the trial lake.

    Only those that another version read; what the trial lake holds of the present version already is not
    read again (``retry``: unless it ran into a limit). Readings of the selection that can no longer be
    accepted are taken out of it. Raises ``TrialError``, ``FileNotFoundError`` (no raw folder),
    ``BuildBusyError`` (another trial) and ``DataFolderError``.
    """
    progress = progress or Silent()
    trying = trial_settings(settings)
    with build_lock(trying.data, on_wait=progress.stage):
        for leftover in trying.data.rglob(".*.part"):
            leftover.unlink(missing_ok=True)  # of a trial that was killed
        inventory = take_inventory(settings.raw, cache=settings.data / "hashes.json")
        if unusable := unusable_rows(inventory):
            raise TrialError(f"{len(unusable)} row(s) of review/ cannot be used; nothing was read", unusable)
        lake, trial = _lake_that_counts(settings), Lake(trying.lake)
        trial.prepare()
        _copy_lists(lake, trial)
        counting = lake.entries()
        held = {
            file.document_id: entry
            for file in inventory.distinct()
            if (entry := counting.get(file.document_id)) is not None and selection.holds(entry)
        }
        wanted = _worth_trying(inventory, held)
        _forget(trial, counting, selection, {file.document_id for file in wanted})
        chosen = Inventory(inventory.root, wanted)
        plan = plan_reading(trial, chosen, retry=retry)
        if plan.to_read:
            progress.begin(len(plan.to_read), "reading documents on trial")
        documents = []
        try:
            for document in read_documents(trying, inventory, plan.to_read, understand=understand):
                documents.append(document)
                aside = document.outcome == "set_aside"
                progress.advance(f"set aside: {document.source_path}: {document.message}" if aside else "")
        except (WorkersEndError, LakeWriteError) as error:
            raise TrialError(f"the trial was broken off: {error}") from error
        finally:
            progress.end()
        compared = tried(lake, trial, selection)
        current = current_versions()
        n_current = sum(entry.extractor_version in current for entry in held.values())
        return Trial(
            read=tuple(sorted(documents, key=lambda document: document.source_path)),
            compared=compared,
            n_current=n_current,
            n_for_build=len(held) - n_current - len(wanted),
            review_stops=stale_rows(trial, _review_of(read_review(settings.raw), compared)),
        )


def tried(lake: Lake, trial: Lake, selection: Selection) -> frozenset[str]:
    """The selected documents that both lakes hold, and of which the trial says something."""
    counts = lake.entries()
    return frozenset(
        id_
        for id_, entry in trial.entries().items()
        if id_ in counts and selection.holds(counts[id_]) and entry.outcome_reason != CHANGED
    )


def n_of_older_versions(lake: Lake) -> tuple[int, int]:
    """How many documents of the raw folder count as an older version read them, and how many count at all."""
    current = current_versions()
    listed = {entry.document_id for entry in lake.inventory().values()}
    versions = [entry.extractor_version for id_, entry in lake.entries().items() if id_ in listed]
    return sum(version not in current for version in versions), len(versions)


def remove_readings(lake: Lake, document_ids: set[str]) -> None:
    """Take documents out of a lake, their rows of ``documents`` first."""
    for files in lake.files_of(document_ids).values():
        for file in sorted(files, key=lambda file: not file.is_relative_to(lake.root / DOCUMENTS.name)):
            file.unlink(missing_ok=True)


def lay(source: Path, target: Path) -> None:
    """Have ``target`` be the file ``source`` is, in one step; a second name of it where the disk can do that.

    The lake's files are replaced, never written into, so two names of one are safe.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        try:
            os.link(source, temporary)
        except OSError:
            shutil.copyfile(source, temporary)
        temporary.replace(target)
    finally:
        # Also where both were names of one file already: then a rename does nothing.
        temporary.unlink(missing_ok=True)


def _lake_that_counts(settings: Settings) -> Lake:
    if not (settings.lake / DOCUMENTS.name).is_dir():
        raise TrialError(f"there is no lake in {settings.data}: make one with juesuan build")
    return Lake(settings.lake)


def _copy_lists(lake: Lake, trial: Lake) -> None:
    """What lay at each path before is known to the lake that counts."""
    for dataset in (RAW_INVENTORY, DECISIONS):
        path = f"{dataset.name}/{dataset.name}.parquet"
        lay(lake.root / path, trial.root / path)


def _worth_trying(inventory: Inventory, held: dict[str, LakeEntry]) -> tuple[FoundFile, ...]:
    current = current_versions()
    return tuple(
        file
        for file in inventory.distinct()
        if (entry := held.get(file.document_id)) is not None
        and entry.extractor_version not in current
        and entry.registration_version == registration_version(file)
        and entry.outcome_reason != CHANGED
    )


def _forget(trial: Lake, counting: dict[str, LakeEntry], selection: Selection, keep: set[str]) -> None:
    """Take what cannot be accepted out of the trial lake: of a past version, or its file gone."""
    current = current_versions()
    past = {
        id_
        for id_, entry in trial.entries().items()
        if selection.holds(counting.get(id_, entry))
        and (id_ not in keep or entry.extractor_version not in current or entry.outcome_reason == CHANGED)
    }
    if past:
        remove_readings(trial, past)


def _review_of(review: Review, document_ids: frozenset[str]) -> Review:
    return replace(
        review,
        corrections=tuple(each for each in review.corrections if each.cell_id[:16] in document_ids),
        decisions=tuple(each for each in review.decisions if each.subject[:16] in document_ids),
    )
