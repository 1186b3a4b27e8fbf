"""Figures of another document that a narrative tells: last year's, and the budget of the year.

"2022年当年预算执行数为5万元" must be a figure of the final accounts of 2022, "年初预算为5万元" one of that
year's budget, and "比上年增加5万元" the difference from last year's document. Which words mean which
document is data (``elsewhere`` in ``catalogue/claims.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from pipelines.statements.figure_places import FigurePlaces
from pipelines.statements.model import Claim, DocumentKind
from pipelines.statements.naming import Name, row_key_of

# The place of a figure whose row the narrative calls by name, and the year before the document's in words.
NAME, LAST = "{name}", "{last}"


class Elsewhere(BaseModel):
    """Which figure of which other document a figure of the narrative repeats.

    ``about`` lists its places like those of a subject; it is empty for changes, which are held against the
    places of the amount that has changed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[str, ...]
    document_kind: DocumentKind
    of: DocumentKind
    year: Literal[-1, 0]
    about: FigurePlaces = ()
    section: str = ""
    speaks_of: str = ""
    says: str = ""
    never: str = ""

    @field_validator("section", "speaks_of", "says", "never")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value.replace(LAST, "2000"))
        return value

    def tells(self, claim: Claim, words: str, kind: DocumentKind | None, fiscal_year: int) -> bool:
        """Whether these words before a figure mean this document."""
        last = str(fiscal_year - 1)
        return (
            claim.claim_kind in self.kinds
            and self.document_kind == kind
            and re.search(self.section, claim.section) is not None
            and re.search(self.says.replace(LAST, last), words) is not None
            and not (self.never and re.search(self.never, words))
            and (not self.speaks_of or re.search(f"(?:{self.speaks_of})$", claim.subject) is not None)
        )


def told_elsewhere(
    claim: Claim,
    words: str,
    path: tuple[Name, ...],
    rules: Sequence[Elsewhere],
    kind: DocumentKind | None,
    fiscal_year: int | None,
) -> Claim:
    """The claim with the figure of another document that it repeats, where the words say so.

    ``words`` stand between the figure before and this one; ``path`` is the row they call by name.
    """
    if fiscal_year is None:
        return claim
    for rule in rules:
        if not rule.about or not rule.tells(claim, words, kind, fiscal_year):
            continue
        places = tuple(
            place.replace(NAME, row_key_of(path)) if path else place
            for place in rule.about
            if path or NAME not in place
        )
        if places:
            return _with(claim, rule, places, fiscal_year)
    return claim


def changed_since(
    change: Claim,
    words: str,
    current: Claim,
    rules: Sequence[Elsewhere],
    kind: DocumentKind | None,
    fiscal_year: int | None,
) -> Claim:
    """A change of ``current`` with the document that it is measured from, where the words name one."""
    if fiscal_year is None or not current.about:
        return change
    for rule in rules:
        if not rule.about and rule.tells(change, words, kind, fiscal_year):
            places = (current.about, *current.about_alternatives)
            return replace(
                _with(change, rule, places, fiscal_year),
                relation="change",
                numerator_claim=current.claim_number,
            )
    return change


def _with(claim: Claim, rule: Elsewhere, places: tuple[str, ...], fiscal_year: int) -> Claim:
    return replace(claim, other_kind=rule.of, other_fiscal_year=fiscal_year + rule.year, other_about=places)
