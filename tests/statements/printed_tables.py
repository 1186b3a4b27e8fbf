"""Tables of other provinces' forms, written in YAML as they are printed, with the meaning of each amount.

A case of ``provinces/*.yaml``: ``grid`` holds a line per printed row, cells parted by ``|``; ``<`` goes on
from the cell to the left, ``^`` from the one above. ``#`` is an amount (every one gets a figure of its own),
``=…`` an amount printed just so; any other number is none. ``=> key`` ends a row: its row key, one for each
block of a two-sided table, parted by ``;``. ``columns`` gives each grid column's id, ``-`` where it holds no
amounts, ``2:id`` in the second block, ``@budget`` where the row says which kind: the column is budget_key in
the row total, or budget_key_general_public with ``@budget_*_general_public``.
Blank cells at the end of a row may be left out. ``?`` as key or id: the amount has to be
listed as not understood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.extraction.model import JoinedTable, cell_id
from pipelines.statements import understand
from pipelines.statements.amounts import coverage
from pipelines.statements.model import UnderstoodDocument
from tests.statements.builders import Entry, Merged, document, table

FOLDER = Path(__file__).parent / "provinces"


@dataclass(frozen=True)
class Truth:
    """What one printed amount means; ``row_key`` or ``column_id`` is ``?`` where it must be listed."""

    row: int
    column: int
    printed: str
    row_key: str
    column_id: str


@dataclass(frozen=True)
class Case:
    """One printed table and its meaning."""

    name: str
    source: str
    cover: str
    lead: tuple[str, ...]
    trail: tuple[str, ...]
    statement: str
    rows: tuple[tuple[Entry, ...], ...]
    truth: tuple[Truth, ...]
    unit: str

    def table(self) -> JoinedTable:
        """The table as the room ``extraction`` would hand it over."""
        return table(list(self.lead), [list(row) for row in self.rows], trail=list(self.trail))


@dataclass(frozen=True)
class Result:
    """How the amounts of a case were read."""

    right: int
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    statements: tuple[str, ...]
    understood: UnderstoodDocument


def cases(file: str) -> Iterator[Case]:
    """The cases of one file of ``provinces/``."""
    for entry in yaml.safe_load((FOLDER / file).read_text(encoding="utf-8")):
        yield _case(entry)


def _case(entry: dict[str, Any]) -> Case:
    columns = str(entry.get("columns", "")).split()
    printed: list[list[str]] = []
    keys: list[list[str]] = []
    for line in entry["grid"].splitlines():
        cells, _, key = line.partition("=>")
        printed.append([cell.strip().replace("\\n", "\n") for cell in cells.split("|")])
        keys.append([part.strip() for part in key.split(";")])
    width = max(len(row) for row in printed)
    for row in printed:
        row += [""] * (width - len(row))
    truth: list[Truth] = []
    for r, row in enumerate(printed):
        for c, text in enumerate(row):
            if text == "#":
                n = len(truth)
                row[c] = f"{11 + n}.{10 + n * 37 % 90}"
            elif text.startswith("="):
                row[c] = text[1:]
            else:
                continue
            block, _, column = columns[c].rpartition(":")
            key = keys[r][int(block or 1) - 1]
            if column.startswith("@"):
                kind = column[1:] if "*" in column else f"{column[1:]}_*"
                column, key = (kind.replace("*", key), "total") if key != "?" else ("?", "?")
            truth.append(Truth(r, c, row[c], key, column))
    return Case(
        name=entry["name"],
        source=entry["source"],
        cover=entry["cover"],
        lead=tuple(entry["lead"]),
        trail=tuple(entry.get("trail", ())),
        statement=entry.get("statement", ""),
        rows=tuple(tuple(_merged(printed, r)) for r in range(len(printed))),
        truth=tuple(truth),
        unit=entry.get("unit", "万元"),
    )


def _merged(printed: list[list[str]], r: int) -> Iterator[Entry]:
    """The cells that begin in a row, with how far each goes on."""
    for c, text in enumerate(printed[r]):
        if text in ("<", "^"):
            continue
        columns, rows = 1, 1
        while c + columns < len(printed[r]) and printed[r][c + columns] == "<":
            columns += 1
        while r + rows < len(printed) and printed[r + rows][c] == "^":
            rows += 1
        yield Merged(text, columns, rows) if columns > 1 or rows > 1 else text


def read_case(case: Case) -> Result:
    """Read a case and compare every amount with its meaning."""
    doc = document(case.table(), cover=[case.cover])
    found = understand(doc)
    assert not coverage(doc, found).missing, "an amount is neither understood nor listed"
    places = {
        cell_id(doc.document_id, cell): (cell.row, cell.column)
        for joined in doc.tables
        for part in joined.parts
        for cell in part.cells
    }
    got = {places[item.cell_id]: item for item in found.line_items}
    statements = {s.statement_number: s.statement_id for s in found.statements}
    right, missing, wrong = 0, [], []
    for amount in case.truth:
        item = got.pop((amount.row, amount.column), None)
        listed = "?" in (amount.row_key, amount.column_id) or not case.statement
        place = f"{amount.row_key}/{amount.column_id} {amount.printed}"
        if item is None:
            right += listed
            missing += [] if listed else [place]
        elif (
            (item.row_key, item.column_id) == (amount.row_key, amount.column_id)
            and statements[item.statement_number] == case.statement
            and item.unit == case.unit
        ):
            right += 1
        else:
            wrong.append(f"{place}: {statements[item.statement_number]} {item.row_key}/{item.column_id}")
    wrong += [f"no amount: {item.amount_printed} as {item.row_key}/{item.column_id}" for item in got.values()]
    return Result(right, tuple(missing), tuple(wrong), tuple(statements.values()), found)
