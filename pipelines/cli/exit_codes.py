"""What a command's exit status means. Scripts rely on it; it is tested and documented in ``--help``."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Status of a ``juesuan`` command."""

    DONE = 0
    """Done: every document was read, but for those that a reviewer excluded."""
    FAILED = 1
    """The build failed and the last warehouse stands; no site gave anything; a release is wrong."""
    USAGE = 2
    """The command was called wrongly: no such option, file, folder, warehouse; SQL that does not run."""
    SET_ASIDE = 3
    """The warehouse was built and published, but documents were set aside (they are listed); or files
    could not be fetched, or are not on their site any more (they are listed); or a new version of the reader
    reads something otherwise than what counts (it is listed)."""
    BUSY = 4
    """Another build is at work in this data folder, or another acquisition in this raw folder."""
