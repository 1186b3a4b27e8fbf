"""Percentages of the narrative: which two figures each must follow from.

"年初预算为A万元，支出决算为B万元，完成年初预算的C%" says C = 100·B/A of itself. Which words bind which
figures is data (``ratios`` and ``comparisons`` in ``catalogue/claims.yaml``); this module finds the two
figures among the claims around a percentage. Where another figure stands between, or the words are
about something else, it finds none: a percentage that is not checked does no harm, one wrongly
doubted does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from pipelines.statements.figure_places import FigurePlaces
from pipelines.statements.model import Claim, DocumentKind
from pipelines.statements.other_documents import Elsewhere, changed_since

Relation = Literal["ratio", "growth", "increase"]


class Pattern(BaseModel):
    """Words and kinds that a figure must have (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[str, ...]
    says: str = ""
    never: str = ""

    @field_validator("says", "never")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value

    def fits(self, draft: Draft) -> bool:
        """Whether a figure is of these kinds and stands after such words."""
        return (
            draft.claim.claim_kind in self.kinds
            and re.search(self.says, draft.stem) is not None
            and not (self.never and re.search(self.never, draft.stem))
        )


class Ratio(BaseModel):
    """A percentage and the two figures it follows from (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    says: str
    relation: Relation = "ratio"
    document_kind: DocumentKind | None = None
    section: str = ""
    numerator: Pattern
    denominator: Pattern | None = None
    total: FigurePlaces = ()
    past: tuple[str, ...] = ()
    within: Literal["sentence", "section"] = "sentence"

    @field_validator("says", "section")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value

    def asks(self, draft: Draft, kind: DocumentKind | None) -> bool:
        """Whether a percentage is one that this is about."""
        return (
            draft.claim.claim_kind == self.kind
            and self.document_kind in (None, kind)
            and re.search(self.section, draft.claim.section) is not None
            and re.search(self.says, draft.words) is not None
        )


class Comparisons(BaseModel):
    """Words by which a change says what it is measured from, and what names the same thing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opening: str
    same: tuple[tuple[str, str], ...]
    changed: Pattern

    def subject(self, stem: str) -> str:
        """What a change is a change of: nothing where it only says against what ("比上年")."""
        return self.normalised(re.sub(self.opening, "", stem.strip(",.、:(")))

    def normalised(self, words: str) -> str:
        """Words without the differences that do not matter (收入、支出 and 收、支)."""
        for pattern, instead in self.same:
            words = re.sub(pattern, instead, words)
        return words.strip(',.、:("“”')


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim with the words between the figure before and it, without (``stem``) and with its measure's.

    ``sentence`` counts all sentences, ``step`` those that do not only explain (``asides``).
    """

    claim: Claim
    words: str
    stem: str
    sentence: int
    step: int


def with_operands(
    drafts: Sequence[Draft],
    ratios: Sequence[Ratio],
    comparisons: Comparisons,
    kind: DocumentKind | None,
    *,
    elsewhere: Sequence[Elsewhere] = (),
    fiscal_year: int | None = None,
) -> Iterator[Claim]:
    """The claims, each percentage with the figures it follows from, each change with what has changed."""
    for at, draft in enumerate(drafts):
        claim = draft.claim
        if claim.claim_kind == "change":
            current = _changed(drafts, at, comparisons)
            if current is not None:
                claim = changed_since(claim, draft.words, current.claim, elsewhere, kind, fiscal_year)
        for ratio in ratios:
            if claim.unit == "percent" and ratio.asks(draft, kind):
                found = _operands(drafts, at, ratio, comparisons)
                if found is not None:
                    claim = found
                    break
        yield claim


def _operands(drafts: Sequence[Draft], at: int, ratio: Ratio, comparisons: Comparisons) -> Claim | None:
    draft = drafts[at]
    before = [other for other in drafts[:at] if other.claim.unit == "yuan"]
    own = [other for other in before if other.sentence == draft.sentence]
    # The figure next to a percentage is the one it is about, or it is about none of them.
    if not own or not ratio.numerator.fits(own[-1]):
        return None
    numerator = own[-1]
    if ratio.total:
        return _bound(draft, ratio, numerator, None)
    if ratio.relation == "growth":
        # Between the change and its percentage nothing else may stand, or they may differ in their base.
        current = _current(before, own, numerator, ratio.denominator, comparisons)
        return _bound(draft, ratio, numerator, current) if current else None
    if ratio.denominator is None:
        return None
    wider = own[:-1] if ratio.within == "sentence" else [b for b in before if b is not numerator]
    for other in reversed(wider):
        if other.claim.section != draft.claim.section:
            return None
        if ratio.denominator.fits(other):
            return _bound(draft, ratio, numerator, other)
        if ratio.within == "sentence" and other.claim.claim_kind not in ratio.past:
            return None
    return None


def _current(
    before: Sequence[Draft],
    own: Sequence[Draft],
    change: Draft,
    amount: Pattern | None,
    comparisons: Comparisons,
) -> Draft | None:
    """The amount that has changed: next to the change, or the only one of the sentence before."""
    if amount is None:
        return None
    if len(own) > 1:
        candidates = [own[-2]]
    else:
        candidates = [other for other in before if other.step == change.step - 1]
        if len(candidates) != 1 or candidates[0].claim.section != change.claim.section:
            return None
    (current,) = candidates
    subject = comparisons.subject(change.stem)
    # "财政拨款预算支出9,066.79万元": the measure's own words belong to the name.
    named = (comparisons.normalised(current.stem), comparisons.normalised(current.words))
    same = not subject or any(name.endswith(subject) for name in named)
    return current if same and amount.fits(current) else None


def _changed(drafts: Sequence[Draft], at: int, comparisons: Comparisons) -> Draft | None:
    before = [other for other in drafts[: at + 1] if other.claim.unit == "yuan"]
    own = [other for other in before if other.sentence == drafts[at].sentence]
    return _current(before, own, drafts[at], comparisons.changed, comparisons)


def _bound(draft: Draft, ratio: Ratio, numerator: Draft, denominator: Draft | None) -> Claim:
    return replace(
        draft.claim,
        relation=ratio.relation,
        numerator_claim=numerator.claim.claim_number,
        denominator_claim=denominator.claim.claim_number if denominator else None,
        denominator_about=() if denominator else ratio.total,
    )
