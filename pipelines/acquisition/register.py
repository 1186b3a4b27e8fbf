"""The register of a raw folder: ``register.csv``, what publishers say of their files.

One row per file. Only ``path`` must be filled; the columns a row leaves empty are read from the
document itself. Columns the project does not know (page counts, notes of the keeper) are allowed
and ignored, so that a register can grow without the code.
"""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from pipelines.acquisition.model import DocumentKind, Level, RegisteredDocument, RegisterProblem

#: Folder of a raw folder that acquisition fills, with a register of its own.
ACQUIRED = "acquired"


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _false_if_blank(value: object) -> object:
    return False if isinstance(value, str) and not value.strip() else value


class RegisterRow(BaseModel):
    """One row of ``register.csv``: its columns, their form, what they mean."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, frozen=True)

    path: str = Field(min_length=1, description="file, relative to the folder of the register")
    sha256: str = Field(
        "", pattern=r"^([0-9a-f]{64})?$", description="SHA-256 of the file; empty: not checked"
    )
    region_code: str = Field("", pattern=r"^(\d{6})?$", description="administrative division, GB/T 2260")
    department: str = Field("", description="department or unit as its publisher names it")
    level: Annotated[Level | None, BeforeValidator(_none_if_blank)] = Field(
        None, description="department 部门, unit 单位, or form (a blank form)"
    )
    fiscal_year: Annotated[
        Annotated[int, Field(ge=1994, le=2100)] | None, BeforeValidator(_none_if_blank)
    ] = Field(None, description="year the figures are of")
    kind: Annotated[DocumentKind | None, BeforeValidator(_none_if_blank)] = Field(
        None, description="budget 部门预算 or final_accounts 部门决算"
    )
    part: str = Field("", description="empty: whole; else text, tables, unit, blank")
    published_name: str = Field("", description="file name it was published under")
    obtained_from: str = Field("", description="address or collection it came from")
    published_at: Annotated[date | None, BeforeValidator(_none_if_blank)] = Field(
        None, description="day of publication, ISO 8601"
    )
    fetched_at: Annotated[datetime | None, BeforeValidator(_none_if_blank)] = Field(
        None, description="when it was downloaded, ISO 8601; kept in UTC, which it is without an offset"
    )
    is_synthetic: Annotated[bool, BeforeValidator(_false_if_blank)] = Field(
        False, description="true: a specimen made for tests, not a published document"
    )

    @field_validator("fetched_at")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        if value is None or value.tzinfo is None:
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    @field_validator("path")
    @classmethod
    def _inside_the_folder(cls, value: str) -> str:
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts:
            raise ValueError("must lie inside the folder of the register")
        return path.as_posix()


def read_register(register: Path) -> tuple[dict[str, RegisteredDocument], tuple[RegisterProblem, ...]]:
    """Read a register; returns what it says by path, and what is wrong with it, row by row.

    A missing register says nothing and is no problem. A row that cannot be used is reported and
    left out, and the other rows count: one slip of the keeper must not hold up a thousand documents.
    """
    if not register.is_file():
        return {}, ()
    try:
        with register.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows: list[dict[str, Any]] = list(reader)
            columns = list(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        return {}, (RegisterProblem(None, f"{register.name} cannot be read as CSV in UTF-8: {error}"),)
    if "path" not in columns:
        return {}, (
            RegisterProblem(
                None, f"{register.name} has no column 'path'; it has {', '.join(columns) or 'none'}"
            ),
        )

    documents: dict[str, RegisteredDocument] = {}
    problems: list[RegisterProblem] = []
    for number, row in enumerate(rows, start=2):
        cells = {key: value for key, value in row.items() if isinstance(key, str) and value is not None}
        try:
            entry = RegisterRow.model_validate(cells)
        except ValidationError as error:
            problems.extend(_say(number, error, cells))
            continue
        if entry.path in documents:
            problems.append(
                RegisterProblem(number, f"{entry.path} is registered twice; the first row counts")
            )
            continue
        documents[entry.path] = RegisteredDocument(**entry.model_dump())
    return documents, tuple(problems)


def read_registers(root: Path) -> tuple[dict[str, RegisteredDocument], tuple[RegisterProblem, ...]]:
    """What the registers of a raw folder say: ``register.csv``, kept by people, and that of ``acquired/``.

    Where both say something of a file, what a person entered wins, column by column. Paths are relative
    to ``root``.
    """
    documents, problems = read_register(root / "register.csv")
    acquired, slips = read_register(root / ACQUIRED / "register.csv")
    for path, entry in acquired.items():
        path = f"{ACQUIRED}/{path}"
        by_hand = documents.get(path)
        said = (
            {}
            if by_hand is None
            else {
                item.name: value
                for item in fields(by_hand)
                if (value := getattr(by_hand, item.name)) not in ("", None, False)
            }
        )
        documents[path] = replace(entry, **{"path": path, **said})
    return documents, (
        *problems,
        *(RegisterProblem(slip.row, f"{ACQUIRED}/register.csv: {slip.message}") for slip in slips),
    )


def _say(number: int, error: ValidationError, row: dict[str, Any]) -> list[RegisterProblem]:
    problems = []
    for detail in error.errors(include_url=False):
        column = ".".join(
            str(part) for part in detail["loc"] if not str(part).startswith(("function", "literal"))
        )
        value = row.get(column.split(".")[0], "")
        problems.append(
            RegisterProblem(number, f"column {column}: {detail['msg']} (it is {value!r}); row left out")
        )
    return problems
