"""What only a narrative tells: numbers of cars, trips and receptions, and procurement, by what they measure.

The templates are data (``told`` in ``catalogue/claims.yaml``). An amount is a claim as any other, to which
the name is added; a count is a claim of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipelines.statements.model import Claim, DocumentKind
from pipelines.statements.narrative import Sentence
from pipelines.statements.patterns import Regex

_COUNT = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+)"
#: More things than any department has: digits run together.
_MOST_DIGITS = 9


class Told(BaseModel):
    """A template of what is told (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: str
    of: Literal["amount", "count"]
    document_kind: DocumentKind
    says: Regex
    section: Regex = ""
    count: Regex = ""

    def holds_in(self, kind: DocumentKind | None, section: str) -> bool:
        """Whether documents of this kind tell it under such a heading."""
        return self.document_kind == kind and (not self.section or bool(re.search(self.section, section)))


def measure_of_amount(templates: Sequence[Told], kind: DocumentKind | None, section: str, words: str) -> str:
    """The name of what an amount behind ``words`` measures; empty where no template knows it."""
    return next(
        (
            told.measure
            for told in templates
            if told.of == "amount" and told.holds_in(kind, section) and re.search(f"(?:{told.says})$", words)
        ),
        "",
    )


def read_counts(
    templates: Sequence[Told],
    text: Sequence[Sentence],
    kind: DocumentKind | None,
    first_number: int,
) -> Iterator[Claim]:
    """A claim for each number that a template knows, in reading order, numbered from ``first_number``.

    Of two templates that know a number the first counts.
    """
    number = first_number
    for sentence in text:
        found: dict[int, tuple[Told, re.Match[str]]] = {}
        for told in templates:
            if told.of != "count" or not told.holds_in(kind, sentence.section):
                continue
            for match in re.finditer(f"(?P<words>{told.says}){_COUNT}(?P<unit>{told.count})", sentence.text):
                if len(match["number"]) <= _MOST_DIGITS:
                    found.setdefault(match.start("number"), (told, match))
        for start, (told, match) in sorted(found.items()):
            page, box = sentence.place(start)
            yield Claim(
                claim_number=number,
                section=sentence.section,
                claim_kind="count",
                subject=re.split("[,;:。、]", match["words"])[-1] or match["words"],
                about="",
                value=Decimal(match["number"].replace(",", "")),
                value_printed=match["number"] + match["unit"].rstrip("("),
                unit="count",
                precision=Decimal(1),
                direction="none",
                sentence=sentence.text,
                page=page,
                box=box,
                measure=told.measure,
            )
            number += 1
