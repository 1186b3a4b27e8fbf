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
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipelines.statements.claim_drafts import Draft, Pattern, Relation, bound, outside_brackets
from pipelines.statements.comparisons import Comparisons, current_figure, has_changed
from pipelines.statements.figure_places import FigurePlaces
from pipelines.statements.model import Claim, DocumentKind
from pipelines.statements.other_documents import Elsewhere, changed_since
from pipelines.statements.patterns import Regex
from pipelines.statements.shares import share_of_named


class Ratio(BaseModel):
    """A percentage and the two figures it follows from (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    says: Regex
    relation: Relation = "ratio"
    document_kind: DocumentKind | None = None
    section: Regex = ""
    numerator: Pattern
    denominator: Pattern | None = None
    total: FigurePlaces = ()
    at: Regex = ""
    past: tuple[str, ...] = ()
    within: Literal["sentence", "section"] = "sentence"

    def totals(self, numerator: Claim) -> tuple[str, ...]:
        """The printed figures that may be the denominator, made of the numerator's place (``at``)."""
        if not self.at:
            return self.total
        places = (numerator.about, *numerator.about_alternatives)
        fits = [at for place in places if (at := re.fullmatch(self.at, place))]
        return tuple(at.expand(total) for at in fits for total in self.total)

    def asks(self, draft: Draft, kind: DocumentKind | None) -> bool:
        """Whether a percentage is one that this is about."""
        return (
            draft.claim.claim_kind == self.kind
            and self.document_kind in (None, kind)
            and re.search(self.section, draft.claim.section) is not None
            and re.search(self.says, draft.words) is not None
        )


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
            current = has_changed(drafts, at, comparisons)
            if current is not None:
                claim = changed_since(claim, draft.words, current.claim, elsewhere, kind, fiscal_year)
        for ratio in ratios:
            if claim.unit == "percent" and ratio.asks(draft, kind):
                found = _operands(drafts, at, ratio, comparisons)
                if found is not None:
                    claim = found
                    break
        if claim.claim_kind == "share" and not claim.relation:
            claim = share_of_named(drafts, at, comparisons)
        yield claim


def _operands(drafts: Sequence[Draft], at: int, ratio: Ratio, comparisons: Comparisons) -> Claim | None:
    draft = drafts[at]
    before = [other for other in drafts[:at] if other.claim.unit == "yuan"]
    own = [other for other in before if other.sentence == draft.sentence]
    # The figure next to a percentage is the one it is about, or it is about none of them.
    if not own:
        return None
    numerator = outside_brackets(own, draft)[-1]
    if not ratio.numerator.fits(numerator):
        return None
    if ratio.total:
        totals = ratio.totals(numerator.claim)
        return bound(draft, ratio.relation, numerator, None, totals) if totals else None
    if ratio.relation == "growth":
        # Between the change and its percentage nothing else may stand, or they may differ in their base.
        current = current_figure(drafts, before, own, ratio.denominator, comparisons)
        return bound(draft, ratio.relation, numerator, current) if current else None
    if ratio.denominator is None:
        return None
    wider = own if ratio.within == "sentence" else before
    wider = wider[: wider.index(numerator)]
    for other in reversed(wider):
        if other.claim.section != draft.claim.section:
            return None
        if ratio.denominator.fits(other):
            return bound(draft, ratio.relation, numerator, other)
        if ratio.within == "sentence" and other.claim.claim_kind not in ratio.past:
            return None
    return None
