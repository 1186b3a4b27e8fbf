"""What was asked, when, and what came of it; and what is known of each address since.

The journal has one file per site and run, ``journal/SITE/RUN.jsonl``, one line per fetch, never changed
afterwards. What is known of a site, ``known/SITE.json``, is what the next run starts from. Both lie beside
the files, for neither can be made again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TextIO

Result = Literal[
    "taken",
    "changed",
    "same",
    "back",
    "page",
    "kept",
    "refused",
    "failed",
    "vanished",
    "unlinked",
    "not_asked",
    "resting",
    "end",
]
#: What each result means, for people; docs/acquisition.md prints it.
RESULTS: dict[Result, str] = {
    "taken": "a file that was not here: stored and, if it is a PDF, registered",
    "changed": "an address whose file is another than before: stored beside the earlier one",
    "same": "nothing new: the server said so, or the bytes are those stored already",
    "back": "a file that had vanished and is there again as it was",
    "page": "a page that was read for its links",
    "kept": "stored and not read yet: an archive, a DOC, XLS, OFD, RAR or a picture",
    "refused": "not taken, and not likely to be next time: the reason is said",
    "failed": "not got, and may be got another time: the reason is said",
    "vanished": "a file that was there and is not any more: kept and marked",
    "unlinked": "a file that no page links to any more: kept and marked",
    "not_asked": "not asked for: robots.txt asks not to, or it lies on a host the site's entry does not name",
    "resting": "refused a short while ago, and not asked for again yet",
    "end": "the page after a list's last: where numbered pages end",
}
#: Results that a person should hear of.
TROUBLE: frozenset[Result] = frozenset({"refused", "failed", "vanished", "unlinked", "not_asked"})
#: Between the address of an archive and the name of a file in it.
MEMBER = "!/"
#: How the note of a document begins whose address holds another one now.
REPLACED = "replaced"
Role = Literal["robots", "list", "article", "file", "member"]

# What of an answer's headers is kept: enough for a court, not for filling a disk.
_HEADERS = 60
_HEADER_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: one address asked for in one run, or one file out of an archive.

    ``at`` is in UTC, ISO 8601. ``sent`` and ``headers`` are of the last request, ``redirects`` the
    addresses between ``address`` and where the answer came from. ``said`` is in words.
    """

    at: str
    role: Role
    address: str
    result: Result
    said: str = ""
    status: int | None = None
    asked_from: str = ""
    redirects: tuple[str, ...] = ()
    sent: dict[str, str] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    sha256: str = ""
    size: int | None = None
    content: str = ""
    name: str = ""
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one address: its validators, what it held last, and how it stands.

    ``settled`` is ``refused`` where it was refused for good at ``checked_at``, ``vanished`` where its
    file is gone since ``gone_since``; else empty.
    """

    role: Role
    checked_at: str
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    content: str = ""
    content_type: str = ""
    name: str = ""
    final_address: str = ""
    settled: Literal["", "refused", "vanished", "unlinked"] = ""
    said: str = ""
    gone_since: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One content that a site published at one address, and what the site says of it."""

    sha256: str
    suffix: str
    address: str
    fetched_at: str
    published_name: str = ""
    region_code: str = ""
    department: str = ""
    level: str = ""
    fiscal_year: int | None = None
    kind: str = ""
    part: str = ""
    published_at: str = ""
    is_synthetic: bool = False
    note: str = ""

    @property
    def is_replaced(self) -> bool:
        """Whether another file has taken its place at its address."""
        return self.note.startswith(REPLACED)


class Memory:
    """What is known of a site: its addresses, and the documents it published in every version."""

    def __init__(self, addresses: dict[str, Known] | None = None, documents: Iterable[Document] = ()) -> None:
        self.addresses = addresses or {}
        # By the address of the file they came from or out of, then by content and own address.
        self._documents: dict[str, dict[tuple[str, str], Document]] = {}
        for document in documents:
            self.put(document)

    def put(self, document: Document) -> None:
        """Take in a document; the same content at the same address is the same document."""
        of_file = self._documents.setdefault(document.address.split(MEMBER)[0], {})
        of_file[document.sha256, document.address] = document

    def get(self, sha256: str, address: str) -> Document | None:
        """A content at an address, if it was ever there."""
        return self._documents.get(address.split(MEMBER)[0], {}).get((sha256, address))

    def of_file(self, address: str) -> tuple[Document, ...]:
        """Every version of the file at an address, and every file out of it if it is an archive."""
        return tuple(self._documents.get(address, {}).values())

    def documents(self) -> list[Document]:
        """All documents, sorted by address and content."""
        every = (document for of_file in self._documents.values() for document in of_file.values())
        return sorted(every, key=lambda document: (document.address, document.sha256))

    def mark(self, address: str, note: str) -> None:
        """Note something on the documents of a file, but those that were replaced before."""
        for document in self.of_file(address):
            if not document.is_replaced:
                self.put(replace(document, note=note))


class JournalError(ValueError):
    """What is known of a site cannot be read; the message names the file."""


def load_memory(path: Path) -> Memory:
    """What is known of a site; nothing where there is no file yet. Raises ``JournalError``."""
    if not path.is_file():
        return Memory()
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Memory(
            {address: _make(Known, entry) for address, entry in content["addresses"].items()},
            [_make(Document, entry) for entry in content["documents"]],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise JournalError(
            f"{path} cannot be read ({error}): put it right or take it away; without it every file is "
            "fetched once more and what was noted of each is lost, but no file is"
        ) from None


def save_memory(path: Path, memory: Memory) -> None:
    """Keep what is known of a site, whole or not at all."""
    content = {
        "addresses": {address: _small(entry) for address, entry in sorted(memory.addresses.items())},
        "documents": [_small(entry) for entry in memory.documents()],
    }
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, whatever happens meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


class Journal:
    """The journal of one site and run; every line is on the disk before the next request goes out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: TextIO | None = None

    def write(self, entry: Entry) -> None:
        """Add a line."""
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("a", encoding="utf-8", newline="")
        self._stream.write(json.dumps(_small(entry), ensure_ascii=False) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """No more lines."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def read_journal(path: Path) -> Iterator[Entry]:
    """The entries of one file; a last line cut off by a killed run is left out."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            try:
                yield _make(Entry, json.loads(line))
            except (ValueError, TypeError):
                if line.endswith("\n"):
                    raise


def kept_headers(headers: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers of an answer as the journal keeps them: as received, cut to what is reasonable."""
    return tuple((name[:100], value[:_HEADER_CHARS]) for name, value in list(headers)[:_HEADERS])


def _small(entry: Any) -> dict[str, Any]:
    """An entry without what is empty."""
    return {name: value for name, value in asdict(entry).items() if value not in ("", None, (), {}, False)}


def _make(kind: Any, entry: dict[str, Any]) -> Any:
    names = {item.name for item in fields(kind)}
    made = {name: value for name, value in entry.items() if name in names}
    for name in ("redirects", "headers"):
        if name in made and name in names:
            made[name] = tuple(tuple(item) if isinstance(item, list) else item for item in made[name])
    return kind(**made)
