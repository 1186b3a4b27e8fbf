"""What an accounting identity is: the schema of ``expectations/identities/*.yaml``, checked when loaded.

An identity is a linear equation (or an inequality, for containment) between printed amounts:
``reported = Σ weight · term``. It stands once, here as data; the SQL models that evaluate it, the
Great Expectations suites that enforce it and the pages that explain it are made from this data.
Nothing here knows SQL or Great Expectations. The rules of the field (families, verdicts, what is
*not* an identity) come from the Ministry of Finance's forms and the footnotes printed in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from pipelines.statements.catalogue import YAML_LOADER

Family = Literal["row", "column", "cross", "containment", "years", "budget_final"]
Severity = Literal["stop", "finding"]
Relation = Literal["eq", "le"]
Range = Literal["once", "rows", "columns", "rows_and_columns"]
RowFilter = Literal["all", "codes", "classes", "parents"]
Kind = Literal["budget", "final_accounts"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]

#: Selectors that are not names of rows or columns: the key the identity ranges over, the rows
#: printed directly under it, every class line of a summary statement.
KEY = "$key"
CHILDREN = "$children"
CLASSES = "$classes"
#: The rows or columns printed outermost: what a 合计 row sums.
_ROW_SELECTORS = (KEY, CHILDREN, CLASSES)
#: What a message may name; the values are filled in where a finding is written.
MESSAGE_FIELDS = frozenset({"key", "parts", "reported", "expected", "difference", "page"})


class IdentityError(ValueError):
    """An identity that cannot be right; the message names the file, the identity and the mistake."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wording(_Strict):
    """The same sentence in Chinese and in English."""

    zh: Annotated[str, StringConstraints(min_length=2)]
    en: Annotated[str, StringConstraints(min_length=2)]


class Years(_Strict):
    """Fiscal years (of the reported statement) in which the identity holds; open where None."""

    first: int | None = Field(default=None, ge=1990, le=2100)
    last: int | None = Field(default=None, ge=1990, le=2100)


class Term(_Strict):
    """One side's printed amount or sum of amounts: ``weight`` × the cells that the selectors name.

    ``row`` (or ``rows``, a list summed over those that the statement prints) is a row key of the
    catalogue, a code, ``$key`` (the row the identity ranges over), ``$children`` (the rows whose
    nearest printed ancestor is that row; under ``total`` the outermost codes) or ``$classes``
    (every class line of the statement). ``column`` (or ``columns``, summed over those printed) is
    a column id or ``$key``. ``year_offset`` -1 reads the same department's disclosure of the year
    before; ``document_kind`` reads its other document of that year. ``absent: nothing`` says that
    a row that the statement does not list is nothing (true of tables that list only codes with
    money); otherwise an absent row leaves the identity undecided.
    """

    statement: Name
    row: str | None = None
    rows: tuple[str, ...] = ()
    column: str | None = None
    columns: tuple[str, ...] = ()
    weight: int = Field(default=1, ge=-10, le=10)
    year_offset: Literal[0, -1] = 0
    document_kind: Kind | None = None
    absent: Literal["undecided", "nothing"] = "undecided"

    @model_validator(mode="after")
    def _one_way_of_selecting(self) -> Self:
        if (self.row is None) == (not self.rows):
            raise ValueError("a term selects either 'row' or 'rows'")
        if (self.column is None) == (not self.columns):
            raise ValueError("a term selects either 'column' or 'columns'")
        if self.weight == 0:
            raise ValueError("a term of weight 0 says nothing")
        if any(name.startswith("$") for name in self.rows + self.columns):
            raise ValueError("lists of rows or columns name them; selectors stand alone")
        if self.row is not None and self.row.startswith("$") and self.row not in _ROW_SELECTORS:
            raise ValueError(f"unknown row selector {self.row}")
        if self.column is not None and self.column.startswith("$") and self.column != KEY:
            raise ValueError(f"unknown column selector {self.column}")
        return self

    @property
    def row_names(self) -> tuple[str, ...]:
        """The rows named (not selected by a rule)."""
        return self.rows if self.row is None else (() if self.row.startswith("$") else (self.row,))

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns named (not selected by a rule)."""
        return self.columns if self.column is None else (() if self.column == KEY else (self.column,))

    @property
    def ranges_over_rows(self) -> bool:
        """Whether the rows follow the key of the identity."""
        return self.row in (KEY, CHILDREN)


class Identity(_Strict):
    """One accounting identity, as an overseer would say it and as the warehouse computes it.

    ``relation`` ``eq``: the reported amount is the sum of the terms; ``le``: it is at most that
    sum (containment). ``over`` is what it is asked for: once per disclosure, or for every row,
    column, or cell; ``rows`` narrows the rows (``parents``: 合计 and every code that can have
    codes under it). It is asked of a disclosure that has one of ``asked_of`` (default: the
    statements it speaks of), if the reported statement prints all of ``if_rows`` / ``if_columns``
    and none of ``unless_rows`` / ``unless_columns`` (``statement/row`` speaks of another
    statement): forms differ, and an identity of one form is not a question to another.
    ``severity`` ``stop`` keeps a build from being published and is only for what can be no one's
    error but ours; a contradiction in a published document is a ``finding``.
    """

    id: Name
    family: Family
    document_kind: Kind
    title: Wording
    message: Wording
    reported: Term
    terms: tuple[Term, ...] = Field(min_length=1)
    relation: Relation = "eq"
    over: Range = "once"
    rows: RowFilter = "all"
    years: Years = Years()
    asked_of: tuple[Name, ...] = ()
    if_rows: tuple[str, ...] = ()
    unless_rows: tuple[str, ...] = ()
    if_columns: tuple[str, ...] = ()
    unless_columns: tuple[str, ...] = ()
    severity: Severity = "finding"
    source: str = Field(min_length=2)

    @property
    def all_terms(self) -> tuple[Term, ...]:
        """The reported amount first, then the terms."""
        return (self.reported, *self.terms)

    @property
    def statements(self) -> tuple[str, ...]:
        """The statements it speaks of, each once, the reported one first."""
        return tuple(dict.fromkeys(term.statement for term in self.all_terms))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.reported.rows or self.reported.row in (CHILDREN, CLASSES):
            raise ValueError("what is reported is one printed row")
        if self.reported.year_offset or self.reported.document_kind not in (None, self.document_kind):
            raise ValueError("what is reported stands in the disclosure the identity is asked of")
        by_rows = self.over in ("rows", "rows_and_columns")
        by_columns = self.over in ("columns", "rows_and_columns")
        for term in self.all_terms:
            if term.ranges_over_rows != by_rows:
                raise ValueError(f"over '{self.over}' and the rows of a term of {term.statement} disagree")
            if (term.column == KEY) != by_columns:
                raise ValueError(f"over '{self.over}' and the columns of a term of {term.statement} disagree")
        if self.rows != "all" and not by_rows:
            raise ValueError("'rows' narrows an identity over rows")
        for text in (self.message.zh, self.message.en):
            unknown = set(re.findall(r"{(\w*)}", text)) - MESSAGE_FIELDS
            if unknown:
                raise ValueError(f"the message names {sorted(unknown)}; known: {sorted(MESSAGE_FIELDS)}")
        return self


@dataclass(frozen=True, slots=True)
class StatementForm:
    """What identities must know of a statement form: the names that its rows and columns have.

    ``has_codes``: its rows may be functional, economic or free names besides ``rows``.
    """

    document_kind: str
    rows: frozenset[str]
    columns: frozenset[str]
    has_codes: bool


def load_identities(folder: Path) -> tuple[Identity, ...]:
    """Read every ``*.yaml`` under ``folder`` (a list of identities each), sorted by file, in file order.

    Raises:
        IdentityError: for a file that is no YAML or no list, an identity that breaks the schema, or an id
            that stands twice; the message names file and identity.

    """
    found: dict[str, tuple[Path, Identity]] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            entries = yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)
        except yaml.YAMLError as error:
            raise IdentityError(f"{path.name}: {error}") from error
        if not isinstance(entries, list):
            raise IdentityError(f"{path.name}: a list of identities was expected")
        for position, entry in enumerate(entries, start=1):
            identity = _read(path, position, entry)
            if identity.id in found:
                raise IdentityError(
                    f"{path.name}: identity '{identity.id}' stands already in {found[identity.id][0].name}"
                )
            found[identity.id] = (path, identity)
    if not found:
        raise IdentityError(f"no identities under {folder}")
    return tuple(identity for _, identity in found.values())


def _read(path: Path, position: int, entry: object) -> Identity:
    name = entry.get("id", f"number {position}") if isinstance(entry, dict) else f"number {position}"
    try:
        return Identity.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise IdentityError(f"{path.name}: identity '{name}': {where or 'entry'}: {first['msg']}") from error


def check_against_forms(identities: Iterable[Identity], forms: Mapping[str, StatementForm]) -> None:
    """Check that every statement, row and column named exists in the catalogue.

    Raises:
        IdentityError: naming the identity and everything in it that the catalogue does not know.

    """
    for identity in identities:
        unknown = [mistake for term in identity.all_terms for mistake in _unknown(identity, term, forms)]
        for name in (*identity.if_rows, *identity.unless_rows):
            form, row = _condition(identity, name, forms)
            unknown += [] if form is not None and _known_row(row, form) else [f"row {name}"]
        for name in (*identity.if_columns, *identity.unless_columns):
            form, column = _condition(identity, name, forms)
            unknown += [] if form is not None and column in form.columns else [f"column {name}"]
        unknown += [f"statement {name}" for name in identity.asked_of if name not in forms]
        if unknown:
            raise IdentityError(f"identity '{identity.id}': not in the catalogue: {', '.join(unknown)}")


def _condition(
    identity: Identity, name: str, forms: Mapping[str, StatementForm]
) -> tuple[StatementForm | None, str]:
    statement, _, rest = name.rpartition("/")
    return forms.get(statement or identity.reported.statement), rest


def _unknown(identity: Identity, term: Term, forms: Mapping[str, StatementForm]) -> list[str]:
    form = forms.get(term.statement)
    if form is None:
        return [f"statement {term.statement}"]
    kind = term.document_kind or identity.document_kind
    mistakes = [] if form.document_kind == kind else [f"statement {term.statement} in a {kind}"]
    mistakes += [f"row {row} of {term.statement}" for row in term.row_names if not _known_row(row, form)]
    mistakes += [
        f"column {name} of {term.statement}" for name in term.column_names if name not in form.columns
    ]
    return mistakes


def _known_row(row: str, form: StatementForm) -> bool:
    return row in form.rows or (form.has_codes and re.fullmatch(r"\d{3}(\d{2}){0,2}|total", row) is not None)
