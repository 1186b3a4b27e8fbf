"""The shape of the catalogue's files: what an entry may say, checked when it is loaded.

Every model forbids unknown fields, so that a misspelt field is an error and not a silent nothing.
All texts are written as printed; they are compared in levelled form (see ``printed_text``).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from pipelines.statements.model import DocumentKind, RowKind

_ECONOMIC_COLUMN = re.compile(r"(?:[a-z]+_)?economic_\d{3}")

FactTable = Literal[
    "fct_revenue_by_function",
    "fct_expenditure_by_function",
    "fct_expenditure_by_economic",
    "fct_statement_totals",
    "fct_three_public",
    "fct_procurement",
    "fct_project_target",
]


def _check_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {pattern!r} ({error})") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_check_pattern)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$")]


class Entry(BaseModel):
    """What all entries have in common: nothing unknown, nothing changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Label(Entry):
    """Another printed name of a line, and the document years in which it was the official one.

    ``after``: it means this line only below one of these, and then no other: 收入合计 below 本年收入小计.
    """

    text: str
    from_year: int | None = Field(default=None, alias="from")
    to_year: int | None = Field(default=None, alias="to")
    after: tuple[Identifier, ...] = ()


class Line(Entry):
    """A line of a summary statement.

    ``key`` becomes ``row_key``. ``name_zh`` is the present official label and is understood like
    the ``labels``; ``group/label`` means the label under a group printed to its left. ``under``
    names the line that must stand above (a section opened by ``opens_section`` and ended by
    ``closes_section`` or the end of the table). ``fact_table`` overrides the form's. ``after_sum``
    is the line that a bare 小计 right above this one means (新疆: 小计, 单位上年结余, 收入总计).
    """

    key: Identifier
    name_zh: str
    name_en: str
    labels: tuple[Label | str, ...] = ()
    fund: str = ""
    under: str = ""
    opens_section: bool = False
    closes_section: bool = False
    after_sum: str = ""
    fact_table: FactTable | None = None

    def spellings(self) -> tuple[Label, ...]:
        """All printed names of the line, the official one first."""
        named = [Label(text=self.name_zh)]
        named += [label if isinstance(label, Label) else Label(text=label) for label in self.labels]
        return tuple(named)


class LineSet(Entry):
    """Lines that forms refer to by the name of the ``set``. ``side`` is the side they stand on."""

    set: Identifier
    row_kind: RowKind
    side: Literal["revenue", "expenditure", "economic", "government_economic", "use", ""] = ""
    lines: tuple[Line, ...]


class Column(Entry):
    """An amount column by its meaning.

    ``paths`` are header paths: canonical header words joined by a stroke, in any order, all of
    which must stand above the column and one of which must be the lowest header word. The path
    with most words wins, then the deeper one, then the earlier entry. ``side`` / ``sides`` limit
    the column to a side of a two-sided statement. ``if_also``: only where one of these columns
    is printed too. ``fund``, ``expenditure_kind``, ``revenue_source``, ``basis`` say what its
    amounts are; ``fact_table`` overrides the form's. ``of_fund`` is filled in when the catalogue is
    loaded: the header word of the fund that a column made by the form's ``by_fund`` stands for.
    """

    id: Identifier
    name_zh: str
    name_en: str
    paths: tuple[str, ...] = Field(min_length=1)
    of_fund: str = ""
    side: str = ""
    sides: tuple[str, ...] = ()
    if_also: tuple[str, ...] = ()
    fund: str = ""
    expenditure_kind: str = ""
    revenue_source: str = ""
    basis: Literal["budget", "final", ""] = ""
    fact_table: FactTable | None = None


class Transposed(Entry):
    """The shape with one row per kind: a row label and a column word together name the column.

    The column ``{word}_{kind}`` is meant (``{word}_{kind}_{fund}`` below a fund of ``by_fund``); a
    kind without any such column among the form's is an error of the catalogue.
    """

    columns: dict[str, tuple[str, ...]]
    rows: dict[str, tuple[str, ...]]


class Form(Entry):
    """A statement form: how it is recognised and how it is read.

    ``titles`` are compared at the end of a printed title after numbering, label, year and
    decoration are taken away; the longest title of all forms wins. ``row_kind`` says what its
    rows are. ``lines`` name the sets of labelled lines; ``sides`` the header words of each side
    of a two-sided statement, the first match counts. ``requires`` are columns that must be found,
    of ``requires_any`` one. ``one_row`` marks statements whose amounts stand in a single row
    without a label. ``free_row_keys`` are the header words of the columns that name a free row,
    ``text_columns`` those that only describe it, ``row_names`` names that free rows often have, by which
    a name recognised in a picture is told. ``layout: pairs`` is a form sheet of label-and-value pairs,
    whose instance is named beside one of ``name_labels``. ``expected`` marks the
    statements every disclosure of the kind and years must hold. ``by_fund`` lists the
    columns that places also print split by fund (header_words.yaml, ``funds``): each of them becomes
    a column ``{id}_{fund}`` per fund, found by the column's path with the fund's word in it.
    ``by_economic`` lists the kinds of expenditure (header_words.yaml, ``economic_kinds``) that places
    print split by economic class in columns: each class becomes a column ``economic_{code}``
    (``{kind}_economic_{code}`` for another kind than the total), its items likewise below it.
    """

    id: Identifier
    short: str
    name_zh: str
    name_en: str
    titles: tuple[str, ...] = Field(min_length=1)
    row_kind: RowKind
    fact_table: FactTable
    columns: tuple[Column, ...] = Field(min_length=1)
    years_from: int | None = None
    years_to: int | None = None
    expected: bool = False
    fund: str = ""
    layout: Literal["table", "pairs"] = "table"
    one_row: bool = False
    lines: tuple[str, ...] = ()
    sides: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    requires: tuple[str, ...] = ()
    requires_any: tuple[str, ...] = ()
    free_row_keys: tuple[str, ...] = ()
    text_columns: tuple[str, ...] = ()
    row_names: tuple[str, ...] = ()
    by_fund: tuple[str, ...] = ()
    by_economic: tuple[str, ...] = ()
    name_labels: tuple[str, ...] = ()
    transposed: Transposed | None = None

    @model_validator(mode="after")
    def _refers_to_own_columns(self) -> Form:
        known = {column.id for column in self.columns}
        if len(known) != len(self.columns):
            raise ValueError(f"form {self.id}: a column id stands twice")
        asked = {*self.requires, *self.requires_any}
        asked |= {other for column in self.columns for other in column.if_also}
        asked |= set(self.by_fund)
        if self.transposed is not None:
            words, kinds = self.transposed.columns, self.transposed.rows
            asked |= {
                f"{next(iter(words))}_{kind}"
                for kind in kinds
                if not known & {f"{word}_{kind}" for word in words}
            }
        if self.by_economic:
            # Made when the catalogue is loaded, from the classes listed in lines/.
            asked = {name for name in asked if not _ECONOMIC_COLUMN.fullmatch(name)}
        if missing := sorted(asked - known):
            raise ValueError(f"form {self.id}: no column {', '.join(missing)}")
        return self


class FormsFile(Entry):
    """A file of forms of one kind of document; ``basis`` is the columns' where they say nothing."""

    document_kind: DocumentKind
    basis: Literal["budget", "final", ""] = ""
    forms: tuple[Form, ...]


class WhenAlone(Entry):
    """What a header word ``means`` where none of the words ``unless`` stands in the same header."""

    means: str
    unless: tuple[str, ...]


class HeaderWords(Entry):
    """Header words: their spellings, which make a column a key, which stand over non-amounts.

    ``qualifying`` words change what the words below them mean where they stand over some of the
    amount columns only; ``other_year`` words always do. ``second_classifications`` head codes that
    only describe a row where codes of the first classification stand beside them. ``funds`` are the
    header words of the funds that a form's columns may be split by; one of ``funds_under`` may stand
    over them. ``own_fund``: the word that tells nothing apart in a form that is of that fund. A word with
    one of ``never_amount_ends`` at its end stands over no amounts, one with one of ``code_ends`` over no
    whole ones. Below the words ``code_levels`` a code
    may stand in parts, of which the upper ones are printed once.
    ``economic_kinds``: kind of expenditure -> paths of its columns by economic class (``{}`` is the
    class). Below a path with a meaning of its own ``sum_words`` change nothing; ``amount_words`` only say
    that figures stand below; so do ``neutral`` ones. ``means_when_alone``: words that are the general one
    where the header has no other.
    """

    words: dict[str, tuple[str, ...]]
    roles: dict[Literal["code", "label", "unit", "unit_or_label", "line_number", "remark"], tuple[str, ...]]
    funds: dict[Literal["general_public", "government_fund", "state_capital"], str] = Field(
        default_factory=dict
    )
    own_fund: dict[str, str] = Field(default_factory=dict)
    funds_under: tuple[str, ...] = ()
    qualifying: tuple[str, ...] = ()
    other_year: tuple[str, ...] = ()
    second_classifications: tuple[str, ...] = ()
    never_amounts: tuple[str, ...]
    never_amount_ends: tuple[str, ...] = ()
    code_ends: tuple[str, ...] = ()
    code_levels: tuple[str, ...] = ()
    sum_words: tuple[str, ...] = ()
    amount_words: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    economic_kinds: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    means_when_alone: dict[str, WhenAlone] = Field(default_factory=dict)
    column_number_words: tuple[str, ...]


class Wording(Entry):
    """Units, notes, titles' decoration: see the comments in ``wording.yaml``."""

    units: dict[str, Decimal]
    unit_patterns: tuple[Pattern, ...]
    document_unit_patterns: tuple[Pattern, ...]
    department_patterns: tuple[Pattern, ...]
    label_patterns: tuple[Pattern, ...]
    title_prefixes: tuple[Pattern, ...]
    title_suffixes: tuple[Pattern, ...]
    title_asides: tuple[Pattern, ...] = ()
    title_qualifiers: tuple[str, ...]
    title_narrowed: Pattern
    title_money_behind: Pattern
    title_meanings: tuple[tuple[Pattern, str], ...] = ()
    title_owner: Pattern
    title_ends: tuple[str, ...]
    title_parts: Pattern
    title_settled: Pattern
    title_planned: Pattern
    year_pattern: Pattern
    total_words: tuple[str, ...]
    note_starts: tuple[str, ...]
    empty_sentences: tuple[Pattern, ...]
    empty_sentence_exceptions: tuple[str, ...]
    placeholders: tuple[str, ...]
    placeholder_pattern: Pattern
    indicator_words: tuple[str, ...]
    count_pattern: Pattern
    economic_codes_file: str
    functional_codes_file: str
    title_tail_pattern: Pattern
    telling_characters: str


class NotStatementRule(Entry):
    """A kind of table that is no statement: all words of one list in its first rows, or a title."""

    id: Identifier
    name_zh: str
    name_en: str
    header_words: tuple[tuple[str, ...], ...] = ()
    title: Pattern | None = None


class LookAlikes(Entry):
    """Characters of the catalogue, each with those that recognition reads in its place.

    ``traditional``: simplified character -> its traditional forms.
    """

    look_alikes: dict[str, str]
    traditional: dict[str, str]


class NotStatements(Entry):
    """The rules for tables that are no statements."""

    rules: tuple[NotStatementRule, ...]


class IdentificationWording(Entry):
    """How a document says what it is: see the comments in ``identification.yaml``."""

    cover_lines: int
    cover_patterns: tuple[Pattern, ...]
    place_patterns: tuple[Pattern, ...]
    year_patterns: tuple[Pattern, ...]
    heading_patterns: tuple[Pattern, ...]
    kind_words: dict[DocumentKind, tuple[str, ...]]
    level_words: dict[Literal["unit", "department"], tuple[str, ...]]
    not_departments: tuple[str, ...]
    regions_file: str
