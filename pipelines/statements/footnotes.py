"""The sums that a statement itself prints: ``27行=（1+2+…+8）行``, ``1栏各行=（2+3）栏各行``, ``1=2+3``.

The Ministry's forms number their rows (行次) and columns (栏次) and say below the table, or in the row of
column numbers, which is the sum of which. Each is resolved to the printed cells it speaks of, by those
numbers alone: what a row or a column means is not needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.extraction.model import cell_id
from pipelines.statements.grid import Grid, GridCell
from pipelines.statements.headers import Header
from pipelines.statements.model import StatedSumTerm
from pipelines.statements.table_reading import TableReading

Axis = Literal["row", "column"]
#: Where a term's amount stands: ``printed``; ``blank`` (its place is there and empty: nothing, without
#: width); ``missing`` (no row or column has that number, or what stands there was not understood).
State = Literal["printed", "blank", "missing"]

_UNITS: dict[str, Axis] = {"行": "row", "栏": "column", "列": "column"}
_FOOTNOTE = re.compile(
    r"(?P<target>\d{1,3})(?P<unit>[行栏列])(?:各行)?=(?P<sum>[\d+\-.()行栏列各]+?)(?=$|[;,。、:]|\d{1,3}[行栏列](?:各行)?=)"
)
_HEADER_SUM = re.compile(r"(?P<target>\d{1,2})=(?P<sum>[\d+\-().]+)")
#: Longer sums than any form has rows.
_MOST_TERMS = 200


@dataclass(frozen=True, slots=True)
class Footnote:
    """A sum as printed: the row or column ``target`` is the sum of those with these weights and numbers."""

    axis: Axis
    target: int
    terms: tuple[tuple[int, int], ...]
    text: str


def parse_footnotes(lines: Iterable[str]) -> tuple[Footnote, ...]:
    """The sums that lines of text state, each once, in printed order; lines may break a sum in two.

    Full-width signs, brackets, spaces and ellipses of any kind are one. What is no sum of numbers that
    grow (a range that runs backwards, more terms than a form has rows) is left out.
    """
    text = _compared("".join(lines))
    found: dict[Footnote, None] = {}
    for match in _FOOTNOTE.finditer(text):
        axis = _UNITS[match["unit"]]
        if any(_UNITS[unit] != axis for unit in re.findall("[行栏列]", match["sum"].replace("各行", ""))):
            continue
        terms = _terms(re.sub("各行|[行栏列]", "", match["sum"]))
        if terms:
            found[Footnote(axis, int(match["target"]), terms, match[0])] = None
    return tuple(found)


def _compared(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("⋯", "...").replace("−", "-").replace("–", "-")
    return re.sub(r"\.{2,}", "...", re.sub(r"\s", "", text))


def _terms(expression: str) -> tuple[tuple[int, int], ...]:
    """``1+2+...+8`` as weights and numbers; empty for what is no such sum."""
    inner = expression.replace("(", "").replace(")", "")
    # A bracket after a minus turns the signs in it round: too rare to be guessed.
    if "-(" in expression or not re.fullmatch(r"\d{1,3}(?:[+\-](?:\d{1,3}|\.\.\.\+\d{1,3}))+", inner):
        return ()
    terms: list[tuple[int, int]] = []
    runs_on = False
    for sign, word in re.findall(r"([+\-]?)(\d{1,3}|\.\.\.)", inner):
        if word == "...":
            runs_on = True
            continue
        number = int(word)
        if runs_on:
            last = terms[-1][1]
            if not last < number <= last + _MOST_TERMS:
                return ()
            terms += [(1, between) for between in range(last + 1, number)]
            runs_on = False
        terms.append((-1 if sign == "-" else 1, number))
    return tuple(terms)


def header_sums(grid: Grid, header: Header) -> tuple[Footnote, ...]:
    """The sums in the row of column numbers: ``1=2+3``."""
    found: dict[Footnote, None] = {}
    for row in sorted(header.column_numbers):
        for cell in grid.rows[row]:
            match = _HEADER_SUM.fullmatch(_compared(cell.text))
            terms = _terms(match["sum"]) if match else ()
            if match and terms:
                found[Footnote("column", int(match["target"]), terms, match[0])] = None
    return tuple(found)


def stated_sums(
    grid: Grid,
    header: Header,
    reading: TableReading,
    trail: Sequence[str],
    *,
    document_id: str,
    statement_number: int,
    statement_id: str,
    first: int = 1,
) -> tuple[StatedSumTerm, ...]:
    """Every sum that a statement states of itself, at every place where an amount of it is printed.

    ``first`` is the number of the first of them in the document.
    """
    footnotes = (*parse_footnotes(trail), *header_sums(grid, header))
    if not footnotes:
        return ()
    numbered = _Numbered(grid, header, reading)
    places = [
        (footnote, place, terms)
        for footnote in footnotes
        for place, terms in numbered.places(footnote)
        if any(term.state == "printed" for term in terms)
    ]
    return tuple(
        StatedSumTerm(
            sum_number=sum_number,
            term_number=term_number,
            statement_number=statement_number,
            statement_id=statement_id,
            axis=footnote.axis,
            footnote=footnote.text,
            place=place,
            weight=term.weight,
            printed_number=term.printed_number,
            state=term.state,
            cell_id=cell_id(document_id, term.cell.cell) if term.cell else "",
            page=term.cell.cell.page if term.cell else grid.first_page,
        )
        for sum_number, (footnote, place, terms) in enumerate(places, start=first)
        for term_number, term in enumerate(terms)
    )


@dataclass(frozen=True, slots=True)
class _Term:
    """One amount of a sum; ``cell`` is None where none is printed."""

    weight: int
    printed_number: int
    state: State
    cell: GridCell | None


class _Numbered:
    """A table by the numbers that its rows and columns print."""

    def __init__(self, grid: Grid, header: Header, reading: TableReading) -> None:
        self._grid, self._header, self._reading = grid, header, reading
        self._placed = {id(item.cell) for item in reading.placed}
        self._columns = self._numbers_of_columns()
        self._counters = sorted(c.index for c in reading.columns if c.role == "line_number")
        self._rows = self._numbers_of_rows()

    def places(self, footnote: Footnote) -> Iterator[tuple[str, list[_Term]]]:
        """The places that a footnote speaks of, the total and its terms at each."""
        summed = [(1, footnote.target), *footnote.terms]
        for place, cells in self._in_columns(footnote) if footnote.axis == "row" else self._in_rows(footnote):
            yield place, [self._term(weight, number, cells(number)) for weight, number in summed]

    def _in_columns(self, footnote: Footnote) -> Iterator[tuple[str, _Cells]]:
        """A row footnote holds in every column of amounts on the side where its row is numbered."""
        for counter in self._counters:
            rows = self._rows[counter]
            if footnote.target not in rows:
                continue
            after = [other for other in self._counters if other > counter]
            for column in range(counter + 1, min(after, default=self._grid.n_columns)):
                named = next((c for c in self._reading.columns if c.index == column and c.column_id), None)
                if named is not None:
                    yield "/".join(named.path), _Cells(self._grid, rows=rows, column=column)

    def _in_rows(self, footnote: Footnote) -> Iterator[tuple[str, _Cells]]:
        """A column footnote holds in every row of amounts."""
        if footnote.target not in self._columns:
            return
        labels: dict[int, str] = {}
        for item in self._reading.placed:
            labels.setdefault(item.row_number + self._header.body - 1, item.row.label or item.row.key)
        for row, label in sorted(labels.items()):
            yield label, _Cells(self._grid, columns=self._columns, row=row)

    def _term(self, weight: int, number: int, cell: GridCell | None) -> _Term:
        if cell is not None and id(cell) in self._placed:
            return _Term(weight, number, "printed", cell)
        is_blank = cell is not None and cell.printed.content in ("empty", "nothing")
        return _Term(weight, number, "blank" if is_blank else "missing", None)

    def _numbers_of_columns(self) -> Mapping[int, int]:
        found: dict[int, int] = {}
        for row in sorted(self._header.column_numbers):
            for cell in self._grid.rows[row]:
                match = re.match(r"\d{1,2}(?==|$)", _compared(cell.text))
                if match:
                    found.setdefault(int(match[0]), cell.column)
        return found

    def _numbers_of_rows(self) -> Mapping[int, Mapping[int, int]]:
        """By the column that counts them, the row of each printed number; one printed twice says nothing."""
        found: dict[int, dict[int, int]] = {}
        for counter in self._counters:
            rows: dict[int, int] = {}
            twice: set[int] = set()
            for row in self._grid.rows[self._header.body :]:
                for cell in row:
                    if cell.column == counter and cell.text.isdecimal():
                        number = int(cell.text)
                        twice |= {number} & rows.keys()
                        rows[number] = cell.row
            found[counter] = {number: row for number, row in rows.items() if number not in twice}
        return found


class _Cells:
    """The cell under each printed number, along one column or one row; None where no number is printed."""

    def __init__(
        self,
        grid: Grid,
        *,
        rows: Mapping[int, int] | None = None,
        columns: Mapping[int, int] | None = None,
        row: int = 0,
        column: int = 0,
    ) -> None:
        self._grid, self._rows, self._columns, self._row, self._column = grid, rows, columns, row, column

    def __call__(self, number: int) -> GridCell | None:
        row = self._row if self._rows is None else self._rows.get(number)
        column = self._column if self._columns is None else self._columns.get(number)
        if row is None or column is None:
            return None
        covering = self._grid.covering(row)
        return next((cell for cell in covering if cell.column <= column <= cell.last_column), None)
