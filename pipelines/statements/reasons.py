"""The reason a narrative gives for a change: kept as text with the figure it explains.

It stands behind the figure in its sentence, or is the sentence that follows. How a reason begins is data
(``reasons`` in ``catalogue/claims.yaml``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, field_validator

from pipelines.statements.model import Claim
from pipelines.statements.narrative import Sentence


class ReasonWords(BaseModel):
    """Kinds of claims that are explained, how a reason begins in their sentence, and as a sentence."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[str, ...]
    behind: str
    following: str

    @field_validator("behind", "following")
    @classmethod
    def _names_the_reason(cls, value: str) -> str:
        if "reason" not in re.compile(value).groupindex:
            raise ValueError(f"{value!r} has no group named reason")
        return value


class Reasons:
    """Finds the reasons among the sentences of a narrative."""

    def __init__(self, words: ReasonWords, text: Sequence[Sentence]) -> None:
        self._words = words
        self._text = text

    def of(self, claim: Claim, at: int) -> str:
        """The reason given for a claim of sentence ``at``, as printed; empty where there is none."""
        if claim.claim_kind not in self._words.kinds:
            return ""
        sentence = self._text[at]
        start = sentence.text.find(claim.value_printed) + len(claim.value_printed)
        found = re.search(self._words.behind, sentence.text[start:])
        if found is None and at + 1 < len(self._text) and self._text[at + 1].section == sentence.section:
            found = re.match(self._words.following, self._text[at + 1].text)
        return found["reason"].strip(",:。;") if found else ""
