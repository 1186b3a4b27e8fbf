"""What reading a PDF yields: pages, lines of text, tables and cells, each with its place.

All boxes are in PDF points (1/72 inch) of the page *as a reader sees it*, that is after
``/Rotate`` and relative to the crop box, with the origin at the top left; numbers are rounded
to 0.01 pt so that the same file always gives the same record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from pipelines.extraction.aligned_lines import Line

ReadBy = Literal["text", "ocr"]
#: How well a figure was read: from the text layer, recognised in a picture, recognised so that it may be
#: another figure, recognised as another figure than what the document's identities prove it to be, or read
#: as another figure than a person saw there, or as the same.
ReadingQuality = Literal["text", "ocr", "doubtful", "repaired", "corrected", "confirmed"]
#: What else may stand where a character was recognised (another, nothing, or two), with probabilities.
Alternatives = tuple[tuple[str, float], ...]
Ruling = Literal["lines", "rectangles", "mixed", "none"]
Outcome = Literal["read", "read_in_part", "set_aside"]


class Box(NamedTuple):
    """A rectangle on a page in PDF points, origin top left."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A recognised character that may be another.

    ``at`` is its place among the characters of its cell's or line's text, white space not counted, from 0.
    """

    at: int
    read: str
    alternatives: Alternatives


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line of text outside or inside tables, in reading order.

    A line printed aslant (a watermark, a stamp) belongs to no cell and no table's lead or trail.
    ``doubts`` are the characters in doubt of a recognised line outside of tables.
    """

    page: int
    text: str
    box: Box
    in_table: bool = False
    is_slanted: bool = False
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed table cell.

    ``row`` and ``column`` count from 0 within the table on this page; a merged cell stands once,
    at its upper left, with its spans. ``text`` is as printed (doubled fake-bold characters once),
    printed lines joined by a newline. ``doubts`` are the characters in doubt of a recognised cell.
    """

    page: int
    table: int
    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    box: Box
    read_by: ReadBy = "text"
    confidence: float | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table on one page. ``number`` counts from 1 down the page.

    ``column_edges`` are the places of the ``n_columns`` + 1 edges from left to right in points (of
    the turned paper where ``Page.turn`` is set). ``ruling`` says what the edges were read from;
    ``none`` means from the alignment of the text.
    """

    page: int
    number: int
    n_rows: int
    n_columns: int
    cells: tuple[Cell, ...]
    box: Box
    ruling: Ruling
    column_edges: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinedTable:
    """A table as its author meant it: the parts on successive pages, in order.

    ``parts[1:]`` have the same column edges as ``parts[0]`` and no text of their own before
    them. ``lead`` is the text between the table before (or the beginning of the document) and
    this one, over page ends, without page numbers and running heads: the title, number, unit
    and department stand here, nearest last. ``trail`` is the text after it up to the next table.
    ``repeated_header_rows[i]`` says how many first rows of ``parts[i]`` repeat the header of
    ``parts[0]``. ``broken_rows`` lists the parts whose first row goes on the last row of the
    part before (a row broken by the page end).
    """

    parts: tuple[Table, ...]
    lead: tuple[TextLine, ...] = ()
    trail: tuple[TextLine, ...] = ()
    repeated_header_rows: tuple[int, ...] = ()
    broken_rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a reader sees it. ``number`` counts from 1.

    ``turn`` is set where the author printed the page sideways without saying so: by how many
    degrees clockwise a reader turns the paper. Rows, columns and the order of lines are those of
    the turned paper; boxes stay those of the displayed page.
    """

    number: int
    width: float
    height: float
    rotation: int
    lines: tuple[TextLine, ...]
    tables: tuple[Table, ...]
    is_image_only: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class PageBefore:
    """What a page leaves to the next: where its last table may go on, and how its foot counts.

    ``edges`` are the column edges of the unruled table that ends it, ``framed`` those of the table that
    ends it whatever its rules (one in a frame goes on in a frame), ``foot`` the words of its last
    line if that stands at the very foot outside tables, with ``#`` for the one number in it,
    ``foot_number``. ``heads_table`` says that the page ends with the line that states the unit of
    a table: the table begins the next page. ``header`` are the lines of that table's header where they stand
    below it there already.
    """

    edges: tuple[float, ...] = ()
    framed: tuple[float, ...] = ()
    foot: str = ""
    foot_number: int = 0
    heads_table: bool = False
    header: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that kept a page, or the whole file (``page`` None), from being read."""

    reason: str
    message: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A whole PDF after reading.

    ``outcome`` is ``set_aside`` when nothing could be read; ``problems`` says why, in words a
    person understands, with the page where there is one. ``remarks`` are things noticed that kept
    nothing from being read: text that no reader sees, a page of rules without text.
    """

    document_id: str
    outcome: Outcome
    page_count: int
    pages: tuple[Page, ...]
    tables: tuple[JoinedTable, ...]
    producer: str = ""
    creator: str = ""
    title: str = ""
    is_scanned: bool = False
    problems: tuple[Problem, ...] = field(default=())
    remarks: tuple[Problem, ...] = field(default=())


def placed_cells(document: ReadDocument) -> Iterator[tuple[Page, Table]]:
    """Every table of a document with its page, its cells counted as figures know them.

    Joining counts the columns of a table's parts anew over all of them, so a part takes the place of
    the table as its page alone shows it.
    """
    parts = {(part.page, part.number): part for table in document.tables for part in table.parts}
    for page in document.pages:
        for table in page.tables:
            yield page, parts.get((page.number, table.number), table)


#: A cell recognised with less confidence than this may hold another text. Measured on 862 amounts of faxed
#: (150 and 200 dpi) and blurred (110 dpi) pages, 16 of them wrong: 15 lie below 0.97 (12 below 0.9), with 69
#: right ones of the faxes and 2 of the blurred pages.
SURE = 0.97


def reading_quality(cell: Cell) -> ReadingQuality:
    """How far the text of a cell can be trusted."""
    if cell.read_by == "text":
        return "text"
    return "doubtful" if cell.confidence is not None and cell.confidence < SURE else "ocr"


def cell_id(document_id: str, cell: Cell) -> str:
    """The name of a printed cell: document, page, table on page, row, column.

    Stable for one file and one extractor version, sortable in reading order.
    """
    return f"{document_id}-p{cell.page:04d}-t{cell.table:02d}-r{cell.row:03d}-c{cell.column:02d}"
