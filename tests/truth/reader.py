"""Reads the truth files of this folder; see the package's docstring for their format."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
AMOUNT_COLUMNS = ["page", "statement_id", "row_key", "row_label", "column_id", "printed", "yuan"]
STATEMENT_COLUMNS = ["document", "statement_id", "first_page", "unit", "n_amounts", "is_stated_empty"]
UNIT_IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}


@dataclass(frozen=True, slots=True)
class TruthAmount:
    """One printed amount. ``page`` is None where the truth was made from a text without pages."""

    page: int | None
    statement_id: str
    row_key: str
    row_label: str
    column_id: str
    printed: str
    yuan: Decimal


@dataclass(frozen=True, slots=True)
class TruthStatement:
    """One printed statement, in printed order, also when it is printed empty."""

    statement_id: str
    first_page: int | None
    unit: str
    n_amounts: int
    is_stated_empty: bool


@dataclass(frozen=True, slots=True)
class TruthDocument:
    """All a truth file says of one document; ``header`` holds its ``# name: value`` lines."""

    name: str
    document: str
    header: dict[str, str]
    amounts: tuple[TruthAmount, ...]
    statements: tuple[TruthStatement, ...]


def truth_names() -> list[str]:
    """The names of all truth files, without ``.csv``."""
    return sorted(p.stem for p in FOLDER.glob("*.csv") if not p.name.startswith("statements"))


def read_truth(name: str) -> TruthDocument:
    """The truth file ``name`` with the statements that ``statements*.csv`` list for its document."""
    path = FOLDER / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    header = dict(_header_pairs(text))
    amounts = tuple(
        TruthAmount(
            page=_page(row["page"]),
            statement_id=row["statement_id"],
            row_key=row["row_key"],
            row_label=row["row_label"],
            column_id=row["column_id"],
            printed=row["printed"],
            yuan=Decimal(row["yuan"]),
        )
        for row in _rows(text, AMOUNT_COLUMNS, path)
    )
    document = header["document"]
    return TruthDocument(name, document, header, amounts, tuple(_statements_of(document)))


def plain(text: str) -> str:
    """A label or amount as it is compared: compatibility forms made plain, blanks left out."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _statements_of(document: str) -> Iterator[TruthStatement]:
    for path in sorted(FOLDER.glob("statements*.csv")):
        for row in _rows(path.read_text(encoding="utf-8"), STATEMENT_COLUMNS, path):
            if row["document"] == document:
                yield TruthStatement(
                    statement_id=row["statement_id"],
                    first_page=_page(row["first_page"]),
                    unit=row["unit"],
                    n_amounts=int(row["n_amounts"]),
                    is_stated_empty={"true": True, "false": False}[row["is_stated_empty"]],
                )


def _header_pairs(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if not line.startswith("#"):
            return
        if match := re.match(r"# (\w+): (.*)", line):
            yield match[1], match[2].strip()


def _rows(text: str, columns: list[str], path: Path) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    reader = csv.DictReader(lines)
    if reader.fieldnames != columns:
        raise ValueError(f"{path.name}: columns are {reader.fieldnames}, not {columns}")
    return list(reader)


def _page(text: str) -> int | None:
    return int(text) if text else None
