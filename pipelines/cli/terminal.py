"""Writing to a person: progress on a terminal, plain lines elsewhere, tables that know Chinese width."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

Format = Literal["table", "csv", "json"]

# Without a terminal lines must not be cut or wrapped to a guessed width.
_UNBOUNDED = 100_000

# Columns of a terminal: of a label before a line, between columns of a table, below which a column is
# not worth wrapping, and what a column that is wrapped must have at least.
_LABEL = 11
_GAP = 2
_SHORT = 14
_NARROWEST = 14
# Rows that would become higher than about this many lines are easier to read one below the other.
_TALLEST = 3
_LONGEST_ID = 36
_ID = re.compile(r"[\w.|-]*", re.ASCII)


def output() -> Console:
    """Standard output: results."""
    return Console(
        width=None if sys.stdout.isatty() else _UNBOUNDED, highlight=False, soft_wrap=not sys.stdout.isatty()
    )


def messages() -> Console:
    """Standard error: progress and what a person should know, so that results can be piped."""
    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


class TerminalProgress:
    """Progress as a bar on a terminal; elsewhere a plain line at every tenth and for every trouble."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar: Bar | None = None
        self._task: Any = None
        self._total = self._done = 0
        self._what = ""

    def stage(self, message: str) -> None:
        """Tell that a stage begins."""
        self._console.print(Text(message))

    def begin(self, total: int, what: str) -> None:
        """Begin to count."""
        self._total, self._done, self._what = total, 0, what
        if self._console.is_terminal:
            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=self._console,
            )
            self._task = self._bar.add_task(what, total=total)
            self._bar.start()
        else:
            self._console.print(Text(f"{what}: {total}"))

    def advance(self, message: str = "") -> None:
        """Count one more."""
        self._done += 1
        if message:
            self._console.print(Text("  " + message))
        if self._bar is not None:
            self._bar.advance(self._task)
        elif self._done * 10 // self._total > (self._done - 1) * 10 // self._total:
            self._console.print(Text(f"{self._what}: {self._done} of {self._total}"))

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def line(console: Console, label: str, text: str, style: str = "", *, copied: bool = False) -> None:
    """Print a labelled line. Where it must be wrapped it goes on under its beginning.

    ``copied`` lines (paths, commands) are left to the terminal to wrap, so that they can be copied whole.
    """
    if copied or console.width >= _UNBOUNDED:
        console.print(Text.assemble((f"{label:<{_LABEL}}", "dim"), " ", (text, style)), soft_wrap=True)
        return
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=_LABEL, style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(label, Text(text, style))
    console.print(grid)


def fitting(columns: Sequence[str], rows: Sequence[Sequence[Any]], width: int) -> RenderableType:
    """Rows for a screen of ``width`` columns: a table where it fits, with long texts wrapped, else records.

    Numbers and short texts are never wrapped; the others share what is left.
    """
    widest = [
        max([cell_len(name), *(cell_len(_printed(row[index])) for row in rows)])
        for index, name in enumerate(columns)
    ]
    short = [number or cells <= _SHORT for number, cells in zip(_numeric(columns, rows), widest, strict=True)]
    ids = [
        cells <= _LONGEST_ID and all(_ID.fullmatch(_printed(row[index])) for row in rows)
        for index, cells in enumerate(widest)
    ]
    # Identifiers stay whole too where there is room.
    for whole in ([one or other for one, other in zip(short, ids, strict=True)], short):
        room = width - _GAP * (len(columns) - 1)
        left = room - sum(cells for cells, keep in zip(widest, whole, strict=True) if keep)
        wrapped = [cells for cells, keep in zip(widest, whole, strict=True) if not keep]
        if left >= _NARROWEST * len(wrapped) and sum(wrapped) <= _TALLEST * left:
            result = table(columns, rows)
            for column, keep in zip(result.columns, whole, strict=True):
                column.no_wrap = keep
                column.min_width = None if keep else min(_NARROWEST, left)
            return result
    return _records(columns, rows)


def _records(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> RenderableType:
    """Rows one below the other, a line for each column."""
    shown: list[RenderableType] = []
    for number, row in enumerate(rows, start=1):
        grid = Table.grid(padding=(0, _GAP, 0, 0))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in zip(columns, row, strict=True):
            grid.add_row(name, Text(_printed(value)))
        shown += [Text(f"row {number}", style="bold"), grid]
    return Group(*shown)


def render(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: Format) -> str | Table:
    """Rows as a table for people, as CSV, or as JSON (one object per row; amounts as strings, exact)."""
    if form == "json":
        records = [dict(zip(columns, (_json(value) for value in row), strict=True)) for row in rows]
        return json.dumps(records, ensure_ascii=False, indent=2)
    if form == "csv":
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([["" if value is None else value for value in row] for row in rows])
        return buffer.getvalue().rstrip("\n")
    return table(columns, rows)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str | None = None) -> Table:
    """Rows as a rich table: numbers to the right, thousands separated, Chinese two columns wide."""
    numeric = _numeric(columns, rows)
    result = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name, is_number in zip(columns, numeric, strict=True):
        result.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        result.add_row(*(Text(_printed(value)) for value in row))
    return result


def _numeric(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[bool]:
    return [
        any(
            isinstance(row[index], int | float | Decimal) and not isinstance(row[index], bool) for row in rows
        )
        for index in range(len(columns))
    ]


def _printed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:,}"
    return str(value)


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    return value
