"""The grammar of claims (``claims.yaml``, ``called.yaml``): its entries, and whether they are well formed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from pipelines.statements.called import Calling
from pipelines.statements.comparisons import Comparisons
from pipelines.statements.figure_places import FigurePlace, FigurePlaces
from pipelines.statements.model import DocumentKind
from pipelines.statements.naming import Name, Names, row_key_of
from pipelines.statements.other_documents import NAME, Elsewhere
from pipelines.statements.patterns import Regex
from pipelines.statements.ratios import Ratio
from pipelines.statements.reasons import ReasonWords
from pipelines.statements.told import Told
from pipelines.statements.whole_and_parts import PartPlace, Parts


class Measure(BaseModel):
    """What kind of figure stands after certain words (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    of: Literal["amount", "percent"]
    before: Regex
    direction: Literal["increase", "decrease", "none"] = "none"

    def fits(self, words: str) -> bool:
        """Whether the words end as this measure wants them."""
        return re.search(f"(?:{self.before})$", words) is not None


class Subject(BaseModel):
    """Which printed figure of a statement a figure of the narrative must agree with.

    ``about`` lists the places of that figure by form: the first that a disclosure prints counts. Where
    the row is ``{name}``, it is the row that the words name. ``at_most`` is a figure that it is a part of:
    what it is held against where the disclosure prints none of ``about``. ``called`` are the names of the
    figure itself, without speaker and year, and ``scopes`` what the text around must be about ("": nothing
    that it says).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: FigurePlaces
    document_kind: DocumentKind
    kinds: tuple[str, ...]
    says: tuple[Regex, ...] = ("",)
    section: str = ""
    speaks_of: str = ""
    follows: FigurePlace | Literal[""] = ""
    at_most: FigurePlace | Literal[""] = ""
    called: tuple[Regex, ...] = ()
    scopes: tuple[str, ...] = ()

    def is_called(self, name: str, scope: str) -> bool:
        """Whether a figure of this name, in a text about ``scope``, is this one."""
        return (not self.scopes or scope in self.scopes) and any(
            re.fullmatch(called, name) for called in self.called
        )

    @property
    def is_of_named_rows(self) -> bool:
        """Whether it stands for rows that the words name."""
        return any(NAME in place for place in self.about)

    def places(self, path: tuple[Name, ...]) -> tuple[str, ...]:
        """Its places where the words name ``path``; none where a name is wanted and there is none."""
        if path:
            return tuple(place.replace(NAME, row_key_of(path)) for place in self.about)
        return tuple(place for place in self.about if NAME not in place)


class Listing(BaseModel):
    """A list of items that have an amount each, which is not told (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_kind: DocumentKind
    section: Regex
    says: Regex
    item: Regex
    after: Regex
    about: tuple[str, ...]


class Grammar(BaseModel):
    """The templates of ``claims.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measures: tuple[Measure, ...]
    names: Names
    parts: Parts
    asides: tuple[str, ...]
    subjects: tuple[Subject, ...]
    calling: Calling
    called: tuple[Subject, ...]
    part_places: tuple[PartPlace, ...]
    comparisons: Comparisons
    ratios: tuple[Ratio, ...]
    elsewhere: tuple[Elsewhere, ...]
    reasons: ReasonWords
    listings: tuple[Listing, ...]
    told: tuple[Told, ...]

    @cached_property
    def entries(self) -> Mapping[tuple[DocumentKind, str, bool], tuple[list[Subject], list[Subject]]]:
        """The entries of ``subjects`` and ``called`` by kind of document and claim, whether of named rows.

        Every figure asks for these few.
        """
        found: dict[tuple[DocumentKind, str, bool], tuple[list[Subject], list[Subject]]] = {}
        for at, entries in enumerate((self.subjects, self.called)):
            for subject in entries:
                for kind in subject.kinds:
                    key = (subject.document_kind, kind, subject.is_of_named_rows)
                    found.setdefault(key, ([], []))[at].append(subject)
        return found

    @field_validator("measures")
    @classmethod
    def _has_a_last_resort(cls, value: tuple[Measure, ...]) -> tuple[Measure, ...]:
        for of in ("amount", "percent"):
            if not any(measure.of == of and not measure.before for measure in value):
                raise ValueError(f"no measure of {of} fits every figure: the last needs an empty `before`")
        return value

    @field_validator("called")
    @classmethod
    def _have_names(cls, value: tuple[Subject, ...]) -> tuple[Subject, ...]:
        for subject in value:
            if not subject.called:
                raise ValueError(f"{subject.about[0]}: an entry of `called` needs the names of its figure")
        return value


@cache
def load_grammar() -> Grammar:
    """The grammar of claims, checked. Raises ``pydantic.ValidationError`` naming the entry."""
    catalogue = resources.files("pipelines.statements").joinpath("catalogue")
    entries: dict[str, object] = {}
    for name in ("claims.yaml", "called.yaml"):
        entries |= yaml.safe_load(catalogue.joinpath(name).read_text("utf-8"))
    return Grammar.model_validate(entries)
