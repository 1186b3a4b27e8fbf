"""What a walk writes down: lines of the journal, what is known of addresses, documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipelines.acquisition.clock import Clock, stamp
from pipelines.acquisition.content import ContentKind
from pipelines.acquisition.fetching import Fetched
from pipelines.acquisition.journal import Document, Entry, Known, Memory, Result, Role, kept_headers
from pipelines.acquisition.store import SUFFIXES
from pipelines.acquisition.titles import Said, document_of

# What of a fetch is told as it is; what else gave no file is refused.
_AS_TOLD: dict[str, Result] = {"failed": "failed", "not_asked": "not_asked", "resting": "resting"}


class Ledger:
    """The memory of a site and the journal of a run. ``record`` takes each entry of the journal."""

    def __init__(self, memory: Memory, record: Callable[[Entry], None], clock: Clock) -> None:
        self.memory = memory
        self.record = record
        self._clock = clock

    def document(self, sha256: str, kind: ContentKind, address: str, at: str, name: str, said: Said) -> None:
        """Take in a document; where it was known it stays as old as it is."""
        before = self.memory.get(sha256, address)
        first = before.fetched_at if before else at
        self.memory.put(
            document_of(
                said, sha256=sha256, suffix=SUFFIXES[kind], address=address, fetched_at=first, name=name
            )
        )

    def describe_again(self, document: Document, said: Said) -> None:
        """Take over what the register of sites says of a document now, and that it is where it was."""
        self.memory.put(
            document_of(
                said,
                sha256=document.sha256,
                suffix=document.suffix,
                address=document.address,
                fetched_at=document.fetched_at,
                name=document.published_name,
            )
        )

    def not_got(
        self, role: Role, address: str, fetched: Fetched, known: Known | None, asked_from: str
    ) -> None:
        """Write down what was not got, and that what will not pass is let rest for a while."""
        result: Result = _AS_TOLD.get(fetched.outcome, "refused")
        self.note(role, address, result, fetched, asked_from=asked_from)
        if result == "refused":
            settled = Known(role, fetched.at, settled="refused", said=fetched.said)
            if known is not None:
                settled = replace(known, checked_at=fetched.at, settled="refused", said=fetched.said)
            self.keep(address, settled)

    def keep(self, address: str, known: Known) -> None:
        """Keep what is known of an address."""
        self.memory.addresses[address] = known

    def tell(self, role: Role, address: str, result: Result, said: str, asked_from: str = "") -> None:
        """Write a line that is not of a request."""
        self.record(Entry(stamp(self._clock.now()), role, address, result, said, asked_from=asked_from))

    def note(
        self,
        role: Role,
        address: str,
        result: Result,
        fetched: Fetched,
        *,
        said: str = "",
        asked_from: str = "",
        sha256: str = "",
        size: int | None = None,
        content: str = "",
        name: str = "",
    ) -> None:
        """Write the line of a request."""
        self.record(
            Entry(
                fetched.at, role, address, result, said or fetched.said, fetched.status, asked_from,
                fetched.redirects, fetched.sent, kept_headers(list(fetched.headers)), sha256, size, content,
                name, fetched.tries,
            )
        )  # fmt: skip


def known_of(role: Role, fetched: Fetched, sha256: str, content: str) -> Known:
    """What is known of an address that gave this content."""
    return Known(role, fetched.at, fetched.header("etag"), fetched.header("last-modified"), sha256, content)
