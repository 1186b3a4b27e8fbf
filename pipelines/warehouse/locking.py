"""One build at a time per data folder, and one reader at a time of the same documents.

The locks are the operating system's, so a builder that is killed leaves none behind; the file only
tells who holds it. On a folder that several machines share they hold where the file system carries locks
between them (NFS 4 does, object stores do not): docs/engineer.md says what was tried.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path


class DataFolderError(RuntimeError):
    """The data folder cannot be made or written to; the message says why and what to do."""


class BuildBusyError(RuntimeError):
    """Another build is at work in this data folder; the message says which and since when."""


@contextlib.contextmanager
def build_lock(
    data: Path,
    *,
    shared: bool = False,
    wait_seconds: float = 0.0,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Hold the lock of a data folder; waits up to ``wait_seconds``, then raises ``BuildBusyError``.

    ``shared``: with others that hold it shared, who add different documents to the lake, and with
    nobody who builds. Raises ``DataFolderError`` where the folder cannot be made or written to.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / "build.lock").touch()
    except OSError as error:
        why = error.strerror or str(error)
        message = (
            f"the data folder {data} cannot be used ({why}): choose another with --data or $JUESUAN_DATA"
        )
        raise DataFolderError(message) from error
    until = time.monotonic() + wait_seconds
    # Closed on exec, so that dbt's process does not keep it when its parent is killed.
    with (data / "build.lock").open("a+", encoding="utf-8") as file:
        told = False
        while True:
            try:
                fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                break
            except OSError:
                file.seek(0)
                holder = file.read().strip() or "another process"
                if time.monotonic() >= until:
                    raise BuildBusyError(f"another build is at work in {data}: {holder}") from None
                if not told and on_wait is not None:
                    on_wait(f"waiting for another build in {data}: {holder}")
                told = True
                time.sleep(0.2)
        try:
            if not shared:
                file.seek(0)
                file.truncate()
                since = datetime.now().astimezone().isoformat(timespec="seconds")
                file.write(f"process {os.getpid()} on {platform.node()}, since {since}\n")
                file.flush()
            yield
        finally:
            if not shared:
                file.seek(0)
                file.truncate()
            fcntl.flock(file, fcntl.LOCK_UN)


@contextlib.contextmanager
def reading_lock(
    data: Path, document_ids: Iterable[str], *, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the lock of a set of documents in a data folder; waits as long as it takes.

    A queue that gives a chunk out again, because it takes its worker for dead, may be wrong: then the
    second worker waits for the first. Each set is a byte of one file, so that no file is left for each.
    """
    digest = hashlib.sha256("\n".join(sorted(document_ids)).encode()).digest()
    place = int.from_bytes(digest[:8], "big") >> 2  # offsets of files are signed
    with (data / "reading.lock").open("a+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            if on_wait is not None:
                on_wait("another worker still reads these documents; waiting for it")
            fcntl.lockf(file, fcntl.LOCK_EX, 1, place)
        yield
