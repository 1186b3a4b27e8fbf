"""Shares of the narrative that say what they are shares of: "占一般公共预算支出的5%"."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.statements.claim_drafts import Draft, bound, is_whole, outside_brackets
from pipelines.statements.comparisons import Comparisons
from pipelines.statements.model import Claim


def share_of_named(drafts: Sequence[Draft], at: int, comparisons: Comparisons) -> Claim:
    """A share with the figure that its words name as the whole, as the text gives it and as a statement does.

    Without such words it is one of the figure that its numerator is told as a part of. The claim as it is,
    where the amount before is none, or figures of that name differ.
    """
    draft = drafts[at]
    if draft.share_of is None or at == 0:
        return draft.claim
    own = [other for other in drafts[:at] if other.sentence == draft.sentence]
    numerator = outside_brackets(own, draft)[-1] if own else None
    if numerator is None or not is_whole(numerator):
        return draft.claim
    if draft.share_of:
        whole = _named([other for other in drafts[:at] if other is not numerator], draft, comparisons)
    else:
        whole = next((other for other in drafts if other.claim.claim_number == numerator.part_of), None)
    if whole is None and not draft.share_of_about:
        return draft.claim
    return bound(draft, "ratio", numerator, whole, draft.share_of_about)


def _named(before: Sequence[Draft], share: Draft, comparisons: Comparisons) -> Draft | None:
    """The nearest figure of the section that is called as a share's whole; none where that is not sure."""
    told = [
        other
        for other in before
        if is_whole(other)
        and other.name
        and other.claim.section.split(" ")[0] == share.claim.section.split(" ")[0]
    ]
    wanted = share.share_of or ""
    for called in (comparisons.whole, comparisons.normalised):
        same = [other for other in told if wanted in (other.name, called(other.name))]
        same = same or [other for other in told if called(other.name) == called(wanted)]
        # Of several, those that begin their sentence are no parts of something else.
        heads = [other for other in same if other.opens] or same
        if heads:
            agree = len({other.claim.value for other in heads[-2:]}) == 1
            return heads[-1] if agree or heads[-1].opens else None
    return None
