"""The rules of ``catalogue/narrative_faults.yaml``, checked when they are loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from pipelines.statements.model import DocumentKind, Level

Severity = Literal["high", "medium", "low"]


def _compiles(value: str) -> str:
    # {kind} and {unit} are put in when the rule is used.
    re.compile(value.replace("{kind}", "x").replace("{unit}", "x"))
    return value


Regex = Annotated[str, AfterValidator(_compiles)]
"""A regular expression over normalised text (``narrative.running_text``)."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(_Entry):
    """How a fault is called, how much it weighs, and what is said of it."""

    kind: str
    severity: Severity
    zh: str
    en: str


class Wording(Told):
    """Words that no sentence should have."""

    id: str
    pattern: Regex
    never: Regex = ""
    document_level: Level | None = None
    once: bool = False


class YearRule(Told):
    """A year that belongs to the document's year; ``within`` is how far off it is still taken for a slip."""

    id: str
    kind: str = "text_year_wrong"
    where: Literal["contents", "heading", "sentence"]
    document_kind: DocumentKind | None = None
    pattern: Regex
    year: int
    within: int = 2


class Compared(_Entry):
    """Words that say which of two figures is larger."""

    says: Regex
    word: Literal["larger", "smaller", "equal"]
    figure: tuple[str, ...]
    against: tuple[str, ...]


class Reasons(Told):
    """Reasons whose own direction can be held against the change they explain."""

    says: Regex
    increase: Regex
    decrease: Regex


class Sum(_Entry):
    """A total and its parts, by the words before them."""

    id: str
    relation: Literal["equal", "at_most"]
    unit: Regex
    total: Regex
    parts: tuple[Regex, ...]
    needs: int
    all_parts: Regex = ""
    passes: Regex = ""
    goes_on: Regex = ""
    zh: str
    en: str


class KindTold(_Entry):
    """What the faults of all rules of a mechanism have in common."""

    kind: str
    severity: Severity


class Shares(Told):
    """Parts whose shares are given, and what they make together."""

    id: str
    section: Regex
    whole: Regex
    parts: Mapping[str, Regex]
    bases: Mapping[str, Regex]


class Lists(Told):
    """A count with the values listed for it, and their mean."""

    count: Regex
    values: Regex
    unit: Regex
    mean: Regex


class Count(_Entry):
    """How many there are (``count``) and what they cost (``amount``), in sections of a kind."""

    id: str
    section: Regex
    count: Regex
    amount: Regex
    zh: str
    en: str


class Covered(Told):
    """Projects that the text says have target sheets: their number and their money."""

    says: Regex


class Repeated(Told):
    """The same fact printed twice."""

    figures: int
    digits: int
    subject: Regex


class Named(Told):
    """A name that belongs to something else."""

    pattern: Regex


class NamedBody(Named):
    """A body's name; ``generic`` are the parts that many bodies have in common."""

    generic: Regex


class NameRules(_Entry):
    """The rules on names."""

    class_of_other_year: Named
    other_department: NamedBody


class FaultRules(_Entry):
    """All rules of the file."""

    wording: tuple[Wording, ...]
    years: tuple[YearRule, ...]
    compared: tuple[Compared, ...]
    compared_told: Told
    reasons: Reasons
    sums: tuple[Sum, ...]
    sums_told: KindTold
    shares: tuple[Shares, ...]
    lists: Lists
    counts: tuple[Count, ...]
    counts_told: KindTold
    covered: Covered
    contents: Told
    repeated: Repeated
    names: NameRules
