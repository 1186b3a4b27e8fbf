"""How long work tells of itself; the command line, Dagster and tests each listen in their own way."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A listener to a build."""

    def stage(self, message: str) -> None:
        """A new stage of the build begins, or something is worth saying."""

    def begin(self, total: int, what: str) -> None:
        """``total`` pieces of work of one kind begin."""

    def advance(self, message: str = "") -> None:
        """One of them is done; ``message`` where it needs a person's attention."""

    def end(self) -> None:
        """They are all done."""


class Silent:
    """Nobody listens."""

    def stage(self, message: str) -> None:
        """Say nothing."""

    def begin(self, total: int, what: str) -> None:
        """Say nothing."""

    def advance(self, message: str = "") -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
