"""Changes of the narrative: which figure has changed.

"收入总计9万元，比上年增加1万元" says that of the figure before it; "“三公”经费支出比上年减少1万元" names it.
Where it may be another (a part, or its whole), none is found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from pipelines.statements.claim_drafts import Draft, Pattern, is_whole, outside_brackets
from pipelines.statements.patterns import Regex


class Comparisons(BaseModel):
    """Words by which a change says what it is measured from, and what names the same thing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opening: Regex
    closing: Regex
    balances: Regex
    sides: tuple[str, str]
    planned_or_settled: Regex
    same: tuple[tuple[str, str], ...]
    changed: Pattern

    def subject(self, stem: str) -> str:
        """What a change is a change of: nothing where it only says against what ("比上年")."""
        words = re.sub(self.opening, "", stem.strip(",.、:("))
        return self.normalised(re.sub(self.closing, "", words))

    def whole(self, name: str) -> str:
        """A name without saying whether it is planned or settled."""
        return re.sub(self.planned_or_settled, "", name)

    def normalised(self, words: str) -> str:
        """Words without the differences that do not matter (收入、支出 and 收、支)."""
        for pattern, instead in self.same:
            words = re.sub(pattern, instead, words)
        return words.strip(',.、:("“”')


def has_changed(drafts: Sequence[Draft], at: int, comparisons: Comparisons) -> Draft | None:
    """The figure that the change ``at`` is one of."""
    before = [other for other in drafts[: at + 1] if other.claim.unit == "yuan"]
    own = [other for other in before if other.sentence == drafts[at].sentence]
    return current_figure(drafts, before, own, comparisons.changed, comparisons)


def current_figure(
    drafts: Sequence[Draft],
    before: Sequence[Draft],
    own: Sequence[Draft],
    amount: Pattern | None,
    comparisons: Comparisons,
) -> Draft | None:
    """The amount that has changed: next to the change, or the only one of the sentence before.

    ``before`` are the amounts up to the change, ``own`` those of them in its sentence.
    """
    if amount is None:
        return None
    change = own[-1]
    own = [*(other for other in outside_brackets(own[:-1], change) if not other.is_base), change]
    subject = comparisons.subject(change.stem)
    if change.changed:
        return _of_place(before, change, amount)
    if len(own) > 1:
        candidates = [own[-2]]
        if not subject and _may_be_of_the_whole(drafts, own[-2], comparisons):
            return None
    else:
        candidates = [other for other in before if other.step == change.step - 1 and not other.is_base]
        if _are_both_sides(candidates, comparisons) and subject == "".join(comparisons.sides):
            candidates, subject = candidates[:1], ""
        if len(candidates) != 1 or candidates[0].claim.section != change.claim.section:
            return None
    (current,) = candidates
    # "财政拨款预算支出9,066.79万元": the measure's own words belong to the name.
    named = (comparisons.normalised(current.stem), comparisons.normalised(current.words))
    same = not subject or any(name.endswith(subject) for name in named)
    return current if same and amount.fits(current) else None


def _may_be_of_the_whole(drafts: Sequence[Draft], part: Draft, comparisons: Comparisons) -> bool:
    """Whether a change behind a part may be one of its whole: "总计9万元，其中：甲5万元，乙4万元，增加1万元".

    It is the part's where that is the only one of its sentence and no mere balance, where another follows, or
    where another or the whole has a change of its own.
    """
    if part.part_of is None:
        return False
    own = drafts.index(part)
    wholes = [at for at, draft in enumerate(drafts) if draft.claim.claim_number == part.part_of]
    parts = [
        at
        for at, draft in enumerate(drafts)
        if at != own and is_whole(draft) and draft.part_of == part.part_of
    ]
    if any(_has_its_change(drafts, at) for at in wholes):
        return False
    if re.search(comparisons.balances, part.name):
        return any(drafts[at].sentence == part.sentence for at in wholes)
    if any(_has_its_change(drafts, at) for at in parts):
        return False
    return any(drafts[at].sentence == part.sentence for at in parts) and own > max(parts)


def _has_its_change(drafts: Sequence[Draft], at: int) -> bool:
    """Whether a change follows an amount, behind at most a percentage of it."""
    following = [draft.claim for draft in drafts[at + 1 : at + 3]]
    if following and following[0].unit == "percent" and following[0].claim_kind != "growth":
        following = following[1:]
    return bool(following) and following[0].claim_kind in ("change", "growth")


def _of_place(before: Sequence[Draft], change: Draft, amount: Pattern) -> Draft | None:
    """The figure of the section that stands where what has changed is printed."""
    for other in reversed(before):
        if other.claim.section.split(" ")[0] != change.claim.section.split(" ")[0]:
            return None
        if other.claim.about in change.changed and amount.fits(other):
            return other
    return None


def _are_both_sides(drafts: Sequence[Draft], comparisons: Comparisons) -> bool:
    """Whether these are the two totals that are one figure: "收入总计5万元，支出总计5万元"."""
    names = {comparisons.normalised(draft.name) for draft in drafts}
    return (
        len(drafts) == 2
        and names == set(comparisons.sides)
        and (drafts[0].claim.value == drafts[1].claim.value)
    )
