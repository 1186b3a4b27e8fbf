"""A tried version of the extractor begins to count, document by document, and can be taken back.

What counts is moved by the lake's own rule: a document's row in ``documents`` vouches for the rest, so it
goes first and comes last. Broken off in between, the document is not held: running the same command again,
or the next build, completes it. Before anything is replaced, the files that counted lie in
``data/trial/replaced/<version that replaced them>``, byte for byte.
"""

from __future__ import annotations

import filecmp
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipelines.acquisition.inventory import hash_file, take_inventory
from pipelines.acquisition.model import FoundFile
from pipelines.settings import Settings
from pipelines.warehouse.datasets import DOCUMENTS, PER_DOCUMENT
from pipelines.warehouse.lake import Lake, LakeEntry
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.progress import Progress, Silent
from pipelines.warehouse.reading import CHANGED, current_versions
from pipelines.warehouse.trial import Selection, TrialError, lay, remove_readings, trial_settings
from pipelines.warehouse.versions import registration_version


@dataclass(frozen=True, slots=True)
class Moved:
    """What began to count: the documents, and what was left as it is, in words."""

    document_ids: tuple[str, ...]
    left: tuple[str, ...] = ()


def accept_reader(
    settings: Settings,
    selection: Selection,
    *,
    progress: Progress | None = None,
    wait_seconds: float = 0.0,
) -> Moved:
    """Let the tried readings of the selection count from the next build on.

    All or none: raises ``TrialError`` naming the documents whose trial was made by another version than the
    present code, whose file is not what was read, or of which the register or a reviewer says something else
    by now. Raises ``BuildBusyError`` and ``DataFolderError`` as a build does.
    """
    progress = progress or Silent()
    lake, trial = Lake(settings.lake), Lake(trial_settings(settings).lake)
    with (
        build_lock(settings.data, wait_seconds=wait_seconds, on_wait=progress.stage),
        build_lock(settings.trial, wait_seconds=wait_seconds, on_wait=progress.stage),
    ):
        lake.prepare()
        trial.prepare()
        counting = lake.entries()
        tried_entries = trial.entries()
        known = {**tried_entries, **_replaced_entries(settings), **counting}
        chosen = {id_: entry for id_, entry in tried_entries.items() if selection.holds(known[id_])}
        if not chosen:
            raise TrialError("nothing of the selection was tried: juesuan try-reader")
        done = {id_ for id_ in chosen if id_ in counting and _same_reading(counting[id_], chosen[id_])}
        waiting = {id_: entry for id_, entry in chosen.items() if id_ not in done}
        _refuse_what_does_not_fit(settings, waiting, counting)
        held, tried = lake.files_of(waiting), trial.files_of(waiting)
        for id_, entry in sorted(waiting.items()):
            _keep_replaced(_replaced_lake(settings, entry.extractor_version), lake, held[id_])
            _place(lake, held[id_], trial, tried[id_])
        # Of a command that was broken off after the last of them: they count already.
        remove_readings(trial, set(chosen))
        return Moved(tuple(sorted(waiting)))


def roll_back_reader(
    settings: Settings,
    selection: Selection,
    *,
    progress: Progress | None = None,
    wait_seconds: float = 0.0,
) -> Moved:
    """Let what the version that counts has replaced count again, from the next build on.

    A document that was read anew since, because the register or a reviewer said something else, stays as it
    is and is told: an older reading of it would not count. Raises as ``accept_reader`` does, and
    ``TrialError`` where there is nothing to bring back.
    """
    progress = progress or Silent()
    lake = Lake(settings.lake)
    with build_lock(settings.data, wait_seconds=wait_seconds, on_wait=progress.stage):
        lake.prepare()
        counting = lake.entries()
        versions = _replaced_versions(settings)
        kept = {version: _replaced_lake(settings, version).entries() for version in versions}
        found: dict[str, str] = {}
        back: dict[str, set[str]] = {}
        left = []
        for version, entries in kept.items():
            for id_, entry in entries.items():
                now = counting.get(id_)
                if not selection.holds(now or entry):
                    continue
                if now is None:
                    # Broken off while it was moved. Of several replaced ones nobody can say which it was.
                    if sum(id_ in others for others in kept.values()) == 1:
                        found[id_] = version
                elif _same_reading(now, entry):
                    # Brought back by a command that was broken off after the last of them.
                    back.setdefault(version, set()).add(id_)
                elif now.extractor_version == version:
                    if now.registration_version != entry.registration_version:
                        left.append(
                            f"{now.source_path}: what is said of it has changed since: its older reading "
                            "would be read again"
                        )
                    else:
                        found[id_] = version
        if not found and not back:
            raise TrialError(
                "nothing that counts in the selection has replaced a reading that is kept", tuple(left)
            )
        held = lake.files_of(found)
        for version in versions:
            ids = {id_ for id_, of_version in found.items() if of_version == version}
            store = _replaced_lake(settings, version)
            files = store.files_of(ids)
            for id_ in sorted(ids):
                _place(lake, held[id_], store, files[id_])
            remove_readings(store, ids | back.get(version, set()))
        return Moved(tuple(sorted(found)), tuple(sorted(left)))


def _same_reading(one: LakeEntry, other: LakeEntry) -> bool:
    return (one.extractor_version, one.registration_version) == (
        other.extractor_version,
        other.registration_version,
    )


def _refuse_what_does_not_fit(
    settings: Settings, waiting: dict[str, LakeEntry], counting: dict[str, LakeEntry]
) -> None:
    if not waiting:
        return
    inventory = take_inventory(settings.raw, cache=settings.data / "hashes.json")
    files = {file.document_id: file for file in inventory.distinct()}
    current = current_versions()
    wrong = []
    for id_, entry in sorted(waiting.items()):
        problem = _problem(entry, counting.get(id_), files.get(id_), settings.raw, current)
        if problem:
            wrong.append(f"{entry.source_path}: {problem}")
    if wrong:
        message = f"{len(wrong)} of {len(waiting)} tried document(s) cannot be accepted; nothing was changed"
        raise TrialError(f"{message}. Try them again: juesuan try-reader", tuple(wrong))


def _problem(
    tried: LakeEntry,
    counting: LakeEntry | None,
    file: FoundFile | None,
    raw: Path,
    current: frozenset[str],
) -> str:
    """What keeps a tried reading from counting, in words; empty where nothing does."""
    if tried.extractor_version not in current:
        return (
            f"it was tried with version {tried.extractor_version}; that of the present code is "
            f"{' or '.join(sorted(current))}"
        )
    if file is None:
        return "the file is not in the raw folder any more, or holds other bytes"
    try:
        sha256 = hash_file(raw / file.source_path)
    except OSError as error:
        return f"the file cannot be opened ({error.strerror or error})"
    if sha256 != file.sha256 or tried.outcome_reason == CHANGED:
        return "the file holds other bytes than those that were tried"
    if tried.registration_version != registration_version(file):
        return "what the register or a reviewer says of it has changed since it was tried"
    if counting is not None and counting.supersedes_document_id != tried.supersedes_document_id:
        return "another file lay at its path before it, as far as is known now"
    return ""


def _replaced_lake(settings: Settings, version: str) -> Lake:
    return Lake(settings.trial / "replaced" / version)


def _replaced_versions(settings: Settings) -> tuple[str, ...]:
    folder = settings.trial / "replaced"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return tuple(name for name in names if (folder / name / DOCUMENTS.name).is_dir())


def _replaced_entries(settings: Settings) -> dict[str, LakeEntry]:
    """Where documents lay that count no more: of what was broken off between two versions."""
    found: dict[str, LakeEntry] = {}
    for version in _replaced_versions(settings):
        found.update(_replaced_lake(settings, version).entries())
    return found


def _keep_replaced(store: Lake, lake: Lake, held: Iterable[Path]) -> None:
    """Keep the files that count, their row of ``documents`` last.

    What is kept already is left where it is what counts, or where nothing counts any more: then an earlier
    command was broken off after it had begun to replace.
    """
    files = {path.relative_to(lake.root): path for path in held}
    row = [path for path in files if path.parts[0] == DOCUMENTS.name]
    if not row:
        return
    if all((store.root / path).is_file() and _are_same(store.root / path, files[path]) for path in row):
        return
    store.prepare()
    names = {path.stem for path in row}
    remove_readings(store, names)
    for path in _in_order(files):
        lay(files[path], store.root / path)


def _place(lake: Lake, held: Iterable[Path], source: Lake, files: Iterable[Path]) -> None:
    """Put a document's files from ``source`` in the place of those that the lake holds of it."""
    below = {path.relative_to(source.root): path for path in files}
    before = {path.relative_to(lake.root): path for path in held}
    for path, file in before.items():
        if path.parts[0] == DOCUMENTS.name:
            file.unlink(missing_ok=True)
    for path, file in before.items():
        if path not in below:
            file.unlink(missing_ok=True)
    for path in _in_order(below):
        lay(below[path], lake.root / path)


def _in_order(paths: Iterable[Path]) -> list[Path]:
    """In the order in which a lake is written: ``documents`` last."""
    order = [dataset.name for dataset in PER_DOCUMENT]
    return sorted(paths, key=lambda path: (order.index(path.parts[0]), path))


def _are_same(one: Path, other: Path) -> bool:
    return filecmp.cmp(one, other, shallow=False)
