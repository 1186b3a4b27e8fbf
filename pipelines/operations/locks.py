"""Who holds the locks of the data and the raw folder, without taking them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import Settings

_HELD = Path("/proc/locks")
# "1: FLOCK  ADVISORY  WRITE 1234 fe:00:123 0 EOF"
_LINE = re.compile(r"FLOCK\s+\S+\s+\S+\s+(-?\d+)\s+[0-9a-f]+:[0-9a-f]+:(\d+)\s")


@dataclass(frozen=True, slots=True)
class LockHeld:
    """A lock that is held: of what, and by which process (as the lock's file or the kernel says)."""

    what: str
    by: str


def locks_held(settings: Settings, table: Path = _HELD) -> tuple[LockHeld, ...]:
    """The locks held now, from the kernel's list: asking by taking one would make a build think it busy.

    Where there is no such list (not Linux) the lock file's own words count, which a killed holder leaves.
    """
    places = (
        ("build", settings.data / "build.lock"),
        ("acquisition", settings.raw / "acquired" / ".lock"),
    )
    try:
        listed = {int(inode): pid for pid, inode in _LINE.findall(table.read_text(encoding="ascii"))}
    except OSError:
        listed = None
    found = []
    for what, path in places:
        try:
            inode, said = path.stat().st_ino, path.read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if listed is not None and inode in listed:
            found.append(LockHeld(what, said or f"process {listed[inode]}"))
        elif listed is None and said:
            found.append(LockHeld(what, said))
    return tuple(found)
