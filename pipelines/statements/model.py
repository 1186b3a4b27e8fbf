"""What understanding a document yields: statements, line items, what was not understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

# What a document can be called is first said by the register; both are words of this room too.
from pipelines.acquisition.model import DocumentKind as DocumentKind
from pipelines.acquisition.model import Level as Level
from pipelines.extraction.model import Box, ReadBy, ReadingQuality, Table
from pipelines.statements.performance_model import Performance

RowKind = Literal["line", "functional", "economic", "procurement", "project", "unit"]
NoteKind = Literal[
    "table_not_understood",
    "column_not_understood",
    "row_not_understood",
    "amount_not_understood",
    "unit_not_stated",
    "statement_stated_empty",
    "register_disagrees",
    "page_not_read",
    "not_a_statement",
    "title_not_exact",
    "word_misread",
    "hidden_text",
    "earlier_revision",
    "page_without_text",
    "reader_crashed",
    "page_recognised",
]


@dataclass(frozen=True, slots=True)
class Identification:
    """What a document says of itself; an empty string or None where it does not say."""

    department_name: str = ""
    fiscal_year: int | None = None
    kind: DocumentKind | None = None
    level: Level | None = None
    region_code: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class LineItem:
    """One printed amount of a recognised statement.

    ``statement_number`` counts the statements of the document from 1 in printed order.
    ``row_key`` is a functional code (3, 5 or 7 digits), an economic code (3 or 5), a line id of
    the catalogue, ``total`` for the 合计 row, or, for free rows (procurement, projects), the path
    of the printed names. ``row_number`` counts the rows of the statement from 1 over page ends.
    ``column_id`` is the column's meaning in the catalogue. Amounts are yuan; ``precision_yuan``
    is what one unit of the last printed digit is worth (0.01 万元 = 100). ``reading_quality`` is
    ``doubtful`` where a scan was recognised so that it may be another amount, ``repaired`` where it was
    recognised as ``amount_as_read`` and proved to be printed as ``amount_printed``, ``corrected`` where a
    person saw the latter, ``confirmed`` where a person saw what was read.
    """

    cell_id: str
    statement_number: int
    statement_id: str
    row_kind: RowKind
    row_key: str
    row_label: str
    row_path: str
    row_number: int
    side: str
    column_id: str
    column_path: str
    amount_yuan: Decimal
    amount_printed: str
    unit: str
    precision_yuan: Decimal
    page: int
    reading_quality: ReadingQuality = "text"
    amount_as_read: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement found in a document, also when it is printed empty.

    ``printed_rows`` and ``printed_columns`` name every row (``row_key``) and column
    (``column_id``) that the statement prints, with or without figures in them: a blank in one of
    them is a printed nothing, whereas a row or column that is not there leaves an identity over
    it undecided. ``?`` stands in them for a row or column that holds amounts and was not
    understood.
    """

    statement_number: int
    statement_id: str
    title_printed: str
    label_printed: str
    first_page: int
    last_page: int
    unit: str
    department_printed: str
    is_stated_empty: bool
    empty_sentence: str
    score: float
    n_rows: int
    n_amounts: int
    printed_rows: tuple[str, ...] = ()
    printed_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reading has to say to a person: what was not understood, and where."""

    kind: NoteKind
    message: str
    page: int | None = None
    text: str = ""
    cell_id: str = ""


@dataclass(frozen=True, slots=True)
class StatedSumTerm:
    """One amount of a sum that a statement itself states (``27行=（1+2+…+8）行``), at one place of it.

    ``sum_number`` counts the sums of the document, at each place they speak of, from 1;
    ``term_number`` 0 is the total. ``axis`` is what is summed, ``row`` or ``column``; ``place`` the column or
    row in which. ``state`` is ``printed``, ``blank`` (a zero without width) or ``missing`` (nothing has that
    number, or it was not understood); ``cell_id`` is empty unless ``printed``.
    """

    sum_number: int
    term_number: int
    statement_number: int
    statement_id: str
    axis: str
    footnote: str
    place: str
    weight: int
    printed_number: int
    state: str
    cell_id: str
    page: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of fact in the narrative that can be checked against the statements.

    ``claim_kind`` says what the figure is (``amount``, ``change``, ``difference``, ``growth``, ``share``,
    ``completion``); ``subject`` is what it is about, as printed; ``about`` names the figure it
    must agree with as ``statement_id/row_key/column_id`` where the catalogue's template knows
    it, else it is empty. Amounts are yuan (``unit`` "yuan"), rates are per cent ("percent");
    ``precision`` is what one unit of the last printed digit is worth, in the same unit;
    ``value_printed`` is the figure with its unit as printed.
    ``about_alternatives`` are the places of the same figure in other forms, in order, for forms
    that do not print the first. A percentage that follows from two figures names them by their
    ``claim_number`` (the denominator may be a printed figure instead, any of ``denominator_about``) and
    by ``relation``: ``ratio`` (100·n/d), ``growth`` (n is a change, d what it has become) or
    ``increase`` (n has become of d). A figure that repeats one of another document names it by
    ``other_kind``, ``other_fiscal_year`` and its places, ``other_about``; with the relation ``change`` it is
    what the numerator has changed by since then. ``reason`` is the reason given for a change, as printed.
    ``measure`` names what only the narrative tells (``told`` in ``catalogue/claims.yaml``); a ``count`` has
    the unit "count".
    """

    claim_number: int
    section: str
    claim_kind: str
    subject: str
    about: str
    value: Decimal
    value_printed: str
    unit: str
    precision: Decimal
    direction: str
    sentence: str
    page: int
    box: Box
    read_by: ReadBy = "text"
    about_alternatives: tuple[str, ...] = ()
    relation: Literal["", "ratio", "growth", "increase", "change", "at_most"] = ""
    numerator_claim: int | None = None
    denominator_claim: int | None = None
    denominator_about: tuple[str, ...] = ()
    other_kind: str = ""
    other_fiscal_year: int | None = None
    other_about: tuple[str, ...] = ()
    reason: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """Something that the narrative lists as paid without its amount: its row must not be blank.

    ``about`` are the places of its figure as in ``Claim.about``.
    """

    item_number: int
    section: str
    name: str
    about: tuple[str, ...]
    sentence: str
    page: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeFault:
    """Something in the narrative that cannot be right, whatever the statements say.

    ``kind`` is the kind of finding, ``rule`` the entry of ``catalogue/narrative_faults.yaml``. ``printed`` is
    what is wrong as printed, ``expected`` what it would have to be where that is known. ``told_zh`` and
    ``told_en`` say what is wrong, to be followed by the ``sentence``.
    """

    fault_number: int = 0
    kind: str
    rule: str
    severity: str
    section: str = ""
    printed: str
    expected: str = ""
    sentence: str
    told_zh: str
    told_en: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class SeenColumn:
    """What a printed column was taken for.

    ``index`` counts the columns of the table from 0; ``path`` are the header words above it, from
    top to bottom. ``role`` says that it holds no amounts (``code``, ``label``, ``line_number``, …),
    ``column_id`` which amounts it holds; both are empty where it is not understood.
    """

    index: int
    path: tuple[str, ...]
    role: str
    column_id: str


@dataclass(frozen=True, slots=True)
class SeenTable:
    """How one table was looked at, for whoever asks why it became what it became.

    ``parts`` are its cells on each page; ``statement_number`` is the statement made of it, None
    where it is none. ``candidates`` are the nearest forms with their scores, best first; the
    ``columns`` are those of the form that was chosen, or of the nearest one. ``notes`` are those of
    this table among the document's.
    """

    parts: tuple[Table, ...]
    statement_number: int | None
    title: str
    candidates: tuple[tuple[str, float], ...]
    columns: tuple[SeenColumn, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class UnderstoodDocument:
    """A document after the room: what it is, its statements, figures, claims and open questions.

    ``tables`` say how each table was looked at; they are for people and are not stored.
    """

    identification: Identification
    statements: tuple[Statement, ...] = ()
    line_items: tuple[LineItem, ...] = ()
    claims: tuple[Claim, ...] = ()
    notes: tuple[Note, ...] = field(default=())
    tables: tuple[SeenTable, ...] = field(default=())
    stated_sums: tuple[StatedSumTerm, ...] = ()
    listed: tuple[ListedItem, ...] = ()
    faults: tuple[NarrativeFault, ...] = ()
    performance: Performance = field(default_factory=Performance)
