"""What people decided of a raw folder's documents: ``review/corrections.csv`` and ``review/decisions.csv``.

They lie beside the register because they speak of the same files and go where the files go. A row is
one decision, with who, when and why. Unlike a slip in the register, a row that cannot be used is told
as something that keeps a build from being published: a correction left out would change a figure.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from pipelines.acquisition.model import Correction, Decision, ReviewDecision, Reviewed

#: Folder of a raw folder that people write their decisions into.
REVIEW = "review"
CORRECTIONS = f"{REVIEW}/corrections.csv"
DECISIONS = f"{REVIEW}/decisions.csv"

_DOCUMENT = r"[0-9a-f]{16}"
_CELL = _DOCUMENT + r"-p\d{4,}-t\d{2,}-r\d{3,}-c\d{2,}"
#: Which questions a decision answers: the kind of question its review_id begins with. Any may be left.
_ANSWERS = {"statement": "table", "no_statement": "table", "exclude": "document"}


def _iso(value: object) -> object:
    """A day as spreadsheets write it (2026/3/5) in the form of ISO 8601."""
    if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d{4})[/-](\d{1,2})[/-](\d{1,2})\s*", value)):
        return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
    return value


_Day = Annotated[date, BeforeValidator(_iso)]


#: What stands in the rows that the review list proposes where a person has to say something.
TO_FILL_IN = ("?", "？")


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _filled_in(cls, value: object) -> object:
        if isinstance(value, str) and value.strip() in TO_FILL_IN:
            raise ValueError("it is still to be filled in")
        return value


_AnyRow = TypeVar("_AnyRow", bound=_Row)


class CorrectionRow(_Row):
    """One row of ``corrections.csv``: its columns, their form, what they mean."""

    document_id: str = Field(pattern=f"^{_DOCUMENT}$", description="document, as in dim_document")
    cell_id: str = Field(pattern=f"^{_CELL}$", description="printed cell, as in every fact")
    old: str = Field(description="what was read there; empty: nothing")
    new: str = Field(description="what is printed there; the same: the reading is confirmed")
    reason: str = Field(min_length=1, description="how it is known")
    decided_by: str = Field(min_length=1, description="who decided")
    decided_on: _Day = Field(description="when, ISO 8601")

    @model_validator(mode="after")
    def _fits(self) -> CorrectionRow:
        if not self.cell_id.startswith(self.document_id):
            raise ValueError(f"the cell is of the document {self.cell_id[:16]}, not {self.document_id}")
        if not self.old and not self.new:
            raise ValueError("old and new are both empty: a blank needs no confirmation")
        return self


class DecisionRow(_Row):
    """One row of ``decisions.csv``: its columns, their form, what they mean."""

    review_id: str = Field(
        pattern=r"^[a-z_]+/.+", description="question of the review list (juesuan review, mart_review)"
    )
    decision: ReviewDecision = Field(description="statement, no_statement, exclude or leave")
    value: str = Field("", description="for statement: the form of the catalogue (dim_statement)")
    reason: str = Field(min_length=1, description="how it is known, or why nothing is to be done")
    decided_by: str = Field(min_length=1, description="who decided")
    decided_on: _Day = Field(description="when, ISO 8601")

    @model_validator(mode="after")
    def _fits(self) -> DecisionRow:
        kind, _, subject = self.review_id.partition("/")
        wanted = _ANSWERS.get(self.decision, kind)
        if kind != wanted:
            raise ValueError(f"{self.decision} answers questions {wanted}/..., not {self.review_id}")
        if self.decision in ("statement", "no_statement") and not re.fullmatch(_CELL, subject):
            raise ValueError(f"{self.review_id} does not name a table by its first cell")
        if self.decision == "exclude" and not re.fullmatch(_DOCUMENT, subject):
            raise ValueError(f"{self.review_id} does not name a document")
        if (self.decision == "statement") != bool(self.value):
            raise ValueError("value names the statement form where the decision is statement, and only there")
        return self


@dataclass(frozen=True, slots=True)
class Review:
    """All that people decided of a raw folder, in the order of the files; ``problems`` name file and row."""

    corrections: tuple[Correction, ...] = ()
    decisions: tuple[Decision, ...] = ()
    problems: tuple[str, ...] = ()

    def of(self, document_id: str) -> Reviewed:
        """What the reading of a document depends on."""
        return Reviewed(
            tuple(each for each in self.corrections if each.cell_id.startswith(document_id)),
            tuple(
                each
                for each in self.decisions
                if each.decision in _ANSWERS and each.subject.startswith(document_id)
            ),
        )


def read_review(root: Path) -> Review:
    """What people decided in ``root``/review. A missing file says nothing; unusable rows are problems."""
    problems: list[str] = []
    corrections = [
        Correction(
            cell_id=row.cell_id,
            old=row.old,
            new=row.new,
            reason=row.reason,
            decided_by=row.decided_by,
            decided_on=row.decided_on,
            row=number,
        )
        for number, row in _rows(root, CORRECTIONS, CorrectionRow, lambda row: row.cell_id, problems)
    ]
    decisions = [
        Decision(
            review_id=row.review_id,
            decision=row.decision,
            value=row.value,
            reason=row.reason,
            decided_by=row.decided_by,
            decided_on=row.decided_on,
            row=number,
        )
        for number, row in _rows(root, DECISIONS, DecisionRow, lambda row: row.review_id, problems)
    ]
    return Review(tuple(corrections), tuple(decisions), tuple(problems))


def review_digest(root: Path) -> str:
    """What the files of ``root``/review hold, rows that speak of no document included, in 16 hex digits."""
    held = hashlib.sha256()
    for name in (CORRECTIONS, DECISIONS):
        path = root / name
        held.update(path.read_bytes() if path.is_file() else b"")
        held.update(b"\0")
    return held.hexdigest()[:16]


def review_of(path: Path, document_id: str) -> Reviewed:
    """What the nearest ``review`` folder beside a file or above it says of the document."""
    for folder in path.parents:
        if (folder / CORRECTIONS).is_file() or (folder / DECISIONS).is_file():
            return read_review(folder).of(document_id)
    return Reviewed()


def _rows(
    root: Path, name: str, kind: type[_AnyRow], key: Callable[[_AnyRow], str], problems: list[str]
) -> Iterator[tuple[int, _AnyRow]]:
    """The rows of a file with their numbers; what is wrong with the others goes to ``problems``."""
    path = root / name
    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            found: list[dict[str, Any]] = list(reader)
            columns: Sequence[str] = list(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        problems.append(f"{name} cannot be read; save it as CSV in UTF-8 (in Excel: CSV UTF-8): {error}")
        return
    needed = [column for column, about in kind.model_fields.items() if about.is_required()]
    if missing := [column for column in needed if column not in columns]:
        problems.append(f"{name} has no column {', '.join(missing)}; it has {', '.join(columns) or 'none'}")
        return
    seen: dict[str, int] = {}
    for number, raw in enumerate(found, start=2):
        if not any(isinstance(value, str) and value.strip() for value in raw.values()):
            continue  # an empty line, which spreadsheets leave at the end
        if None in raw:
            problems.append(f"{name} row {number}: more cells than columns; a comma in a text needs quotes")
            continue
        cells = {column: value for column, value in raw.items() if value is not None}
        try:
            row = kind.model_validate(cells)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                column = str(detail["loc"][0]) if detail["loc"] else ""
                said = detail["msg"].removeprefix("Value error, ")
                place = f"column {column}: {said} (it is {cells.get(column, '')!r})" if column else said
                problems.append(f"{name} row {number}: {place}")
            continue
        if (first := seen.setdefault(key(row), number)) != number:
            problems.append(f"{name} row {number}: {key(row)} is decided twice; row {first} decides it too")
            continue
        yield number, row
