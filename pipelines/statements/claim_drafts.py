"""Claims before it is known what their figures follow from: with the words around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipelines.statements.model import Claim
from pipelines.statements.patterns import Regex

Relation = Literal["ratio", "growth", "increase"]
# Kinds of amounts that something may be a share of.
WHOLE_KINDS = ("amount", "final", "budget", "initial_budget", "adjusted_budget")


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim with the words between the figure before and it, without (``stem``) and with its measure's.

    ``sentence`` counts all sentences, ``step`` those that do not only explain (``asides``). ``name`` is what
    the figure is called, ``opens`` whether it is the first of its sentence, ``is_base`` whether only what
    another is compared with. ``behind`` is the number of the claim before the brackets that end before it,
    ``part_of`` that of the claim that it is told as a part of. ``share_of`` is what a share is one of (empty
    where it does not say), with its places; ``changed`` are those of what a change says that it is one of.
    """

    claim: Claim
    words: str
    stem: str
    sentence: int
    step: int
    name: str = ""
    opens: bool = False
    is_base: bool = False
    behind: int | None = None
    part_of: int | None = None
    share_of: str | None = None
    share_of_about: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class Pattern(BaseModel):
    """Words and kinds that a figure must have (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[str, ...]
    says: Regex = ""
    never: Regex = ""

    def fits(self, draft: Draft) -> bool:
        """Whether a figure is of these kinds and stands after such words."""
        return (
            draft.claim.claim_kind in self.kinds
            and not draft.is_base
            and re.search(self.says, draft.stem) is not None
            and not (self.never and re.search(self.never, draft.stem))
        )


def is_whole(draft: Draft) -> bool:
    """Whether a figure is an amount that has parts: no change, and not only compared with."""
    return draft.claim.unit == "yuan" and draft.claim.claim_kind in WHOLE_KINDS and not draft.is_base


def outside_brackets(own: Sequence[Draft], draft: Draft) -> Sequence[Draft]:
    """The figures of a sentence before one, without those in brackets that end right before it."""
    if draft.behind is None:
        return own
    return [other for other in own if other.claim.claim_number <= draft.behind] or own


def bound(
    draft: Draft,
    relation: Relation,
    numerator: Draft,
    denominator: Draft | None,
    totals: tuple[str, ...] = (),
) -> Claim:
    """The claim of a percentage with the figures that it follows from; ``totals`` are printed ones."""
    return replace(
        draft.claim,
        relation=relation,
        numerator_claim=numerator.claim.claim_number,
        denominator_claim=denominator.claim.claim_number if denominator else None,
        denominator_about=totals,
    )
