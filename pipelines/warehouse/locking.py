"""One build at a time per data folder.

The lock is the operating system's (``flock``), so a builder that is killed leaves none behind. The
file only tells who holds it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path


class DataFolderError(RuntimeError):
    """The data folder cannot be made or written to; the message says why and what to do."""


class BuildBusyError(RuntimeError):
    """Another build is at work in this data folder; the message says which and since when."""


@contextlib.contextmanager
def build_lock(
    data: Path, *, wait_seconds: float = 0.0, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the lock of a data folder; waits up to ``wait_seconds``, then raises ``BuildBusyError``.

    Raises ``DataFolderError`` where the folder cannot be made or written to.
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
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
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
            file.seek(0)
            file.truncate()
            since = datetime.now().astimezone().isoformat(timespec="seconds")
            file.write(f"process {os.getpid()}, since {since}\n")
            file.flush()
            yield
        finally:
            file.seek(0)
            file.truncate()
            fcntl.flock(file, fcntl.LOCK_UN)
