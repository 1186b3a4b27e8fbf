"""A site written aside and swapped in whole; what has not changed is not written again.

A file whose bytes are those of the published site is linked instead of written: its time stays, so that
whoever carries the site elsewhere copies only what changed.
"""

from __future__ import annotations

import contextlib
import filecmp
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.warehouse.publish import publish_folder


@dataclass(frozen=True, slots=True)
class Written:
    """What a site consists of: files, those of them that are new or changed, bytes, and files gone.

    ``n_units`` departments and codes were made, the others taken as they were.
    """

    n_files: int
    n_changed: int
    n_bytes: int
    n_removed: int
    n_units: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """What was written of a site: the paths, how many of them are new or changed, their bytes."""

    paths: tuple[str, ...]
    n_changed: int
    n_bytes: int


class SiteFolder:
    """A folder under way beside the published one. ``finish`` swaps it in; without it nothing changes.

    Several processes can write into one: each but the first opens it with ``joined`` and hands back with
    ``taken`` what it wrote, which the first puts on its list with ``add``.
    """

    def __init__(self, published: Path, *, joined: bool = False) -> None:
        self._published = published
        self._next = published.with_name(f".{published.name}.next")
        if not joined:
            shutil.rmtree(self._next, ignore_errors=True)
            self._next.mkdir(parents=True)
        self._files: set[str] = set()
        self._folders: set[Path] = set()
        self._new_paths: list[str] = []
        self._changed = self._bytes = 0
        self._before = (0, 0)

    def taken(self) -> Piece:
        """What was written since this was last asked."""
        changed, size = self._before
        piece = Piece(tuple(self._new_paths), self._changed - changed, self._bytes - size)
        self._new_paths, self._before = [], (self._changed, self._bytes)
        return piece

    def add(self, piece: Piece) -> None:
        """Put on the list what another process wrote. Raises ``ValueError`` for what is there already."""
        for path in piece.paths:
            self._listed(path)
        self._changed += piece.n_changed
        self._bytes += piece.n_bytes

    def keep(self, paths: Sequence[str]) -> bool:
        """Take files of the published site as they are; False, and nothing taken, where one is missing."""
        old = [self._published / path for path in paths]
        try:
            sizes = [one.stat().st_size for one in old]
        except OSError:
            return False
        for path, one, size in zip(paths, old, sizes, strict=True):
            target = self._new(path)
            self._bytes += size
            try:
                os.link(one, target)
            except OSError:
                shutil.copy2(one, target)
        return True

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file at ``path`` (forward slashes). Raises ``ValueError`` where one is there already."""
        content = content.encode() if isinstance(content, str) else content
        target = self._new(path)
        old = self._published / path
        self._bytes += len(content)
        with contextlib.suppress(OSError):
            if old.stat().st_size == len(content) and old.read_bytes() == content:
                os.link(old, target)
                return
        self._changed += 1
        target.write_bytes(content)

    @contextlib.contextmanager
    def opened(self, path: str) -> Iterator[Path]:
        """Where to write a file of any size at ``path``; what is there afterwards counts as by ``write``."""
        target = self._new(path)
        yield target
        old = self._published / path
        self._bytes += target.stat().st_size
        with contextlib.suppress(OSError):
            if filecmp.cmp(old, target, shallow=False):
                aside = target.with_name(f".{target.name}.same")
                os.link(old, aside)
                aside.replace(target)
                return
        self._changed += 1

    def carry(self, path: str, source: Path) -> None:
        """Put a file that is named by its content at ``path``: linked where that is possible, else copied."""
        target = self._new(path)
        old = self._published / path
        self._bytes += source.stat().st_size
        if old.is_file():
            with contextlib.suppress(OSError):
                os.link(old, target)
                return
        self._changed += 1
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)

    def finish(self) -> Written:
        """Swap the folder in."""
        before = {
            path.relative_to(self._published).as_posix()
            for path in self._published.rglob("*")
            if path.is_file()
        }
        publish_folder(self._next, self._published)
        return Written(len(self._files), self._changed, self._bytes, len(before - self._files))

    def _listed(self, path: str) -> None:
        if path in self._files:
            raise ValueError(f"{path} is written twice")
        self._files.add(path)
        self._new_paths.append(path)

    def _new(self, path: str) -> Path:
        self._listed(path)
        target = self._next / path
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        return target
