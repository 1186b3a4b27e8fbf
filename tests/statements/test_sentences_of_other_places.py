"""Sentences as other places and years word them: what each of their figures says.

``provinces/sentences*.txt`` hold them with what each figure says (`-`: held against nothing): published
texts, and templates from own knowledge. What is written there was read by the program and
then gone through sentence by sentence; when a test fails, read the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

import pytest

from pipelines.statements.claims import read_claims
from pipelines.statements.model import Claim, DocumentKind
from tests.statements.test_claims import document

FOLDER = Path(__file__).parent / "provinces"


@dataclass
class Text:
    """Lines of one text, and what the figures in them say, in order."""

    source: str
    kind: DocumentKind
    fiscal_year: int
    lines: list[str]
    figures: list[str]


def texts() -> Iterator[Text]:
    for path in sorted(FOLDER.glob("sentences*.txt")):
        text: Text | None = None
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("## "):
                if text is not None:
                    yield text
                source, kind, year = line.removeprefix("## ").rsplit(" ", 2)
                assert kind in get_args(DocumentKind)
                text = Text(source, cast(DocumentKind, kind), int(year), [], [])
            elif text is not None and line.startswith("= "):
                text.figures.append(line.removeprefix("= "))
            elif text is not None and line:
                text.lines.append(line)
        if text is not None:
            yield text


def says(claim: Claim, claims: dict[int, Claim]) -> str:
    """A claim in words: the place it repeats first, or the figures it follows from, or `-`."""

    def of(number: int | None) -> str:
        return claims[number].value_printed if number else ""

    if claim.relation == "change":
        what = f"change of {of(claim.numerator_claim)} since {claim.other_kind} {claim.other_fiscal_year}"
    elif claim.relation in ("ratio", "growth", "increase"):
        whole = of(claim.denominator_claim) or claim.denominator_about[0]
        what = f"{claim.relation} {of(claim.numerator_claim)} of {whole}"
    elif claim.about:
        what = claim.about
    elif claim.other_about:
        what = f"{claim.other_about[0]} of {claim.other_kind} {claim.other_fiscal_year}"
    else:
        what = claim.measure or "-"
    return f"{claim.value_printed} {what}"


@pytest.mark.parametrize("text", [pytest.param(text, id=text.source) for text in texts()])
def test_the_figures_of_a_text_say_what_a_person_reads(text: Text) -> None:
    claims = read_claims(document(text.lines), text.kind, text.fiscal_year)
    numbered = {claim.claim_number: claim for claim in claims}
    read = [says(claim, numbered) for claim in claims if claim.unit != "count"]
    assert read == text.figures


def test_there_are_texts_of_many_places_and_things_that_are_held_against_nothing() -> None:
    known = list(texts())
    assert len(known) >= 40
    figures = [figure for text in known for figure in text.figures]
    assert len(figures) >= 700
    assert sum(figure.endswith(" -") for figure in figures) >= 100
