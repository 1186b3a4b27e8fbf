"""The records of this room: a registered document, a file found, the inventory of a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

DocumentKind = Literal["budget", "final_accounts"]
Level = Literal["department", "unit", "form"]


@dataclass(frozen=True, slots=True)
class RegisteredDocument:
    """What the register, that is the publisher, says of a file; empty where it says nothing.

    ``part`` is ``""`` for a document published whole, else ``text``, ``tables``, ``unit``, ``blank``
    or another word of the register's keeper. ``fetched_at`` is in UTC, without saying so.
    """

    path: str
    sha256: str = ""
    region_code: str = ""
    department: str = ""
    level: Level | None = None
    fiscal_year: int | None = None
    kind: DocumentKind | None = None
    part: str = ""
    published_name: str = ""
    obtained_from: str = ""
    published_at: date | None = None
    fetched_at: datetime | None = None
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person saw in a cell that was read as ``old``: ``new``, which may be the same.

    Either may be empty: a blank. ``row`` is the row of ``review/corrections.csv`` from 2; moving a row
    changes nothing else.
    """

    cell_id: str
    old: str
    new: str
    reason: str
    decided_by: str
    decided_on: date
    row: int = field(default=0, compare=False, repr=False)

    @property
    def is_confirmation(self) -> bool:
        """Whether the reading was right."""
        return same_text(self.old, self.new)


ReviewDecision = Literal["statement", "no_statement", "exclude", "leave"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a question of the review list; ``value`` is what some decisions need.

    ``statement``: the table is the statement form ``value``; ``no_statement``: it is none; ``exclude``: the
    document counts nowhere; ``leave``: nothing is to be done. ``row`` is that of ``review/decisions.csv``.
    """

    review_id: str
    decision: ReviewDecision
    value: str
    reason: str
    decided_by: str
    decided_on: date
    row: int = field(default=0, compare=False, repr=False)

    @property
    def subject(self) -> str:
        """What it is about, without the kind of question: a document, a table's first cell, ..."""
        return self.review_id.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What people decided of one document, as far as its reading depends on it."""

    corrections: tuple[Correction, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def exclusion(self) -> Decision | None:
        """The decision that the document does not count, if there is one."""
        return next((decision for decision in self.decisions if decision.decision == "exclude"), None)

    @property
    def tables(self) -> dict[str, Decision]:
        """The decisions of what a table is, by the table's first cell."""
        return {decision.subject: decision for decision in self.decisions if decision.decision != "exclude"}


def same_text(one: str, other: str) -> bool:
    """Whether two texts of a cell are the same but for white space."""
    return "".join(one.split()) == "".join(other.split())


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One PDF in the folder. ``source_path`` is relative to it, with forward slashes.

    ``document_id`` is the first 16 hex digits of the SHA-256: the same bytes are the same document
    wherever they lie. ``registered`` is what its publisher says of it, ``reviewed`` what people decided.
    """

    source_path: str
    document_id: str
    sha256: str
    size_bytes: int
    modified_ns: int
    registered: RegisteredDocument
    reviewed: Reviewed = Reviewed()


@dataclass(frozen=True, slots=True)
class RegisterProblem:
    """Something wrong with the register, in words a person understands; ``row`` counts from 2."""

    row: int | None
    message: str

    def said(self) -> str:
        """The problem with its row, if it is of one."""
        return f"row {self.row}: {self.message}" if self.row else self.message


@dataclass(frozen=True, slots=True)
class Inventory:
    """What lies in the folder now, sorted by path, and what is wrong with its register.

    ``files`` holds every PDF; where two paths hold the same bytes both are there.
    ``decisions`` are those of ``review/decisions.csv``; ``review_problems`` are rows of ``review/`` that
    cannot be used, with their file and number.
    """

    root: Path
    files: tuple[FoundFile, ...]
    problems: tuple[RegisterProblem, ...] = field(default=())
    decisions: tuple[Decision, ...] = field(default=())
    review_problems: tuple[str, ...] = field(default=())

    def distinct(self) -> tuple[FoundFile, ...]:
        """One file per document: of several with the same bytes the first registered, else the first."""
        chosen: dict[str, FoundFile] = {}
        for file in self.files:
            kept = chosen.get(file.document_id)
            if kept is None or (not is_registered(kept) and is_registered(file)):
                chosen[file.document_id] = file
        return tuple(sorted(chosen.values(), key=lambda file: file.source_path))


def is_registered(file: FoundFile) -> bool:
    """Whether the register says anything of the file besides its path."""
    return file.registered != RegisteredDocument(path=file.registered.path)
