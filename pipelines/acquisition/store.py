"""Where fetched files lie: ``acquired/`` in the raw folder, by the hash of their bytes, with a register.

::

    raw/acquired/
      files/ab/abcd….pdf     every file and page, once, under the SHA-256 of its bytes
      register.csv           what sites say of the PDFs among them; written anew by every run
      journal/SITE/RUN.jsonl what was asked and what came of it
      known/SITE.json        what the next run starts from
      partial/               transfers broken off, to be resumed

A file is written aside and moved to its name in one step; a name that is there is never written again.
"""

from __future__ import annotations

import contextlib
import csv
import fcntl
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.acquisition.content import ContentKind
from pipelines.acquisition.inventory import hash_file
from pipelines.acquisition.journal import Document, Memory, write_whole
from pipelines.acquisition.register import ACQUIRED, RegisterRow

#: Suffix under which each kind of content is stored.
SUFFIXES: dict[ContentKind, str] = {
    "pdf": ".pdf", "zip": ".zip", "rar": ".rar", "7z": ".7z", "gzip": ".gz", "doc": ".doc", "xls": ".xls",
    "ole": ".ole", "docx": ".docx", "xlsx": ".xlsx", "pptx": ".pptx", "ofd": ".ofd", "image": ".img",
    "html": ".html", "text": ".txt",
}  # fmt: skip
NOTE = "note"


class AcquisitionBusyError(RuntimeError):
    """Another acquisition is at work in this raw folder."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store; ``is_new`` says whether it was put there now."""

    sha256: str
    size: int
    path: Path
    is_new: bool


class Store:
    """The acquired files of a raw folder."""

    def __init__(self, raw: Path) -> None:
        self.root = raw / ACQUIRED

    def put(self, file: Path, content: ContentKind) -> Stored:
        """Move a file into the store; where its bytes are there already it is only taken away."""
        sha256, size = hash_file(file), file.stat().st_size
        path = self.path_of(sha256, content)
        is_new = not path.is_file()
        if is_new:
            path.parent.mkdir(parents=True, exist_ok=True)
            with file.open("rb+") as stream:
                os.fsync(stream.fileno())
            file.chmod(0o644)
            file.replace(path)
        else:
            file.unlink()
        return Stored(sha256, size, path, is_new)

    def path_of(self, sha256: str, content: ContentKind) -> Path:
        """Where a content lies, or would lie."""
        return self.root / "files" / sha256[:2] / (sha256 + SUFFIXES[content])

    def holds(self, sha256: str, content: str) -> bool:
        """Whether a content is there."""
        return content in SUFFIXES and self.path_of(sha256, content).is_file()  # type: ignore[arg-type]

    def drop(self, sha256: str, content: ContentKind) -> None:
        """Take away a list page that another version has replaced; files are never taken away."""
        self.path_of(sha256, content).unlink(missing_ok=True)

    def partial(self, name: str) -> Path:
        """Where a transfer is written until it is whole."""
        folder = self.root / "partial"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / name

    def journal(self, site: str, run: str) -> Path:
        """The journal of a site and run."""
        return self.root / "journal" / site / f"{run}.jsonl"

    def known(self, site: str) -> Path:
        """What is known of a site."""
        return self.root / "known" / f"{site}.json"

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the store; raises ``AcquisitionBusyError`` while another does. Dies with its holder."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise AcquisitionBusyError(
                    f"another acquisition is at work in {self.root.parent}; it ends by itself"
                ) from None
            yield

    def write_register(self, memories: Iterable[tuple[str, Memory]]) -> int:
        """Write ``register.csv`` from what is known of the sites; returns its number of rows.

        One row per content that is a PDF: that of the first site and address, by name, that published it.
        A row that was there and of which no memory tells any more (it was damaged, or taken away) stays.
        """
        rows: dict[str, dict[str, str]] = {row["sha256"]: row for row in self._rows()}
        told: set[str] = set()
        for _, memory in sorted(memories, key=lambda named: named[0]):
            for document in sorted(memory.documents(), key=lambda one: (one.fetched_at, one.address)):
                if document.suffix == SUFFIXES["pdf"] and document.sha256 not in told:
                    told.add(document.sha256)
                    rows[document.sha256] = _row(document)
        stream = io.StringIO()
        writer = csv.DictWriter(
            stream, [*RegisterRow.model_fields, NOTE], extrasaction="ignore", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(row for _, row in sorted(rows.items()))
        write_whole(self.root / "register.csv", stream.getvalue())
        return len(rows)

    def _rows(self) -> list[dict[str, str]]:
        register = self.root / "register.csv"
        if not register.is_file():
            return []
        with register.open(encoding="utf-8", newline="") as stream:
            return [row for row in csv.DictReader(stream) if row.get("sha256")]


def _row(document: Document) -> dict[str, str]:
    return {
        "path": f"files/{document.sha256[:2]}/{document.sha256}{document.suffix}",
        "sha256": document.sha256,
        "region_code": document.region_code,
        "department": document.department,
        "level": document.level,
        "fiscal_year": str(document.fiscal_year or ""),
        "kind": document.kind,
        "part": document.part,
        "published_name": document.published_name,
        "obtained_from": document.address,
        "published_at": document.published_at,
        "fetched_at": document.fetched_at,
        "is_synthetic": "true" if document.is_synthetic else "",
        NOTE: document.note,
    }
