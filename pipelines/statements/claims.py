"""Claims: the figures of the narrative with what they say, read by the templates of the catalogue.

The grammar is data (``catalogue/claims.yaml``); this module finds printed amounts and percentages in
sentences, decides by the words before each what kind of figure it is, and names the statement's
figure it must agree with where a template knows it. A figure without unit (a count, a year, a code)
is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from pipelines.extraction.model import ReadDocument
from pipelines.statements.model import Claim, DocumentKind, Note
from pipelines.statements.narrative import Sentence, sentences
from pipelines.statements.ratios import Comparisons, Draft, Ratio, with_operands

FIGURE = re.compile(r"(?P<number>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)(?P<unit>亿元|万元|元|%)")
YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
# A claim has 22 digits before the point and 6 behind it. More before it are digits run together, no
# figure; more behind it do not narrow what the value kept stands for.
_TOO_LARGE = Decimal(10) ** 22
_LAST_DIGIT = Decimal("0.000001")
# What a sentence without figures may lend the next one as its subject, in characters.
LEAD_LENGTH = 60
# Words between two figures of a sentence that are about something else than the figure before.
CLAUSE = re.compile(r"[,;:。]")


class Measure(BaseModel):
    """What kind of figure stands after certain words (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    of: Literal["amount", "percent"]
    before: str
    direction: Literal["increase", "decrease", "none"] = "none"

    @field_validator("before")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value

    def fits(self, words: str) -> bool:
        """Whether the words end as this measure wants them."""
        return re.search(f"(?:{self.before})$", words) is not None


class Subject(BaseModel):
    """Which printed figure of a statement a figure of the narrative must agree with.

    ``about`` lists the places of that figure by form: the first that a disclosure prints counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: tuple[str, ...]
    document_kind: DocumentKind
    kinds: tuple[str, ...]
    says: tuple[str, ...]
    section: str = ""
    follows: str = ""

    @field_validator("about", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("about", "follows")
    @classmethod
    def _three_parts(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for place in (value,) if isinstance(value, str) else value:
            if place and place.count("/") != 2:
                raise ValueError(f"{place!r} is not statement_id/row_key/column_id")
        return value


class Grammar(BaseModel):
    """The templates of ``claims.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measures: tuple[Measure, ...]
    asides: tuple[str, ...]
    subjects: tuple[Subject, ...]
    comparisons: Comparisons
    ratios: tuple[Ratio, ...]

    @field_validator("measures")
    @classmethod
    def _has_a_last_resort(cls, value: tuple[Measure, ...]) -> tuple[Measure, ...]:
        for of in ("amount", "percent"):
            if not any(measure.of == of and not measure.before for measure in value):
                raise ValueError(f"no measure of {of} fits every figure: the last needs an empty `before`")
        return value


@cache
def load_grammar() -> Grammar:
    """The grammar of claims, checked. Raises ``pydantic.ValidationError`` naming the entry."""
    text = resources.files("pipelines.statements").joinpath("catalogue/claims.yaml").read_text("utf-8")
    return Grammar.model_validate(yaml.safe_load(text))


@dataclass(frozen=True, slots=True)
class _Figure:
    """A printed figure, and the words between the one before and it."""

    number: str
    unit: str
    start: int
    words: str

    @property
    def scale(self) -> Decimal:
        """What a printed 1 is worth, in yuan or per cent."""
        return YUAN.get(self.unit, Decimal(1))

    @property
    def value(self) -> Decimal | None:
        """In yuan or per cent; None for more digits than a figure has."""
        value = Decimal(self.number.replace(",", "")) * self.scale
        return value if abs(value) < _TOO_LARGE else None

    @property
    def precision(self) -> Decimal:
        """What one unit of the last printed digit is worth, in yuan or per cent."""
        decimals = len(self.number.partition(".")[2])
        return max(self.scale.scaleb(-decimals), _LAST_DIGIT)


def read_claims(document: ReadDocument, kind: DocumentKind | None) -> tuple[Claim, ...]:
    """All claims of a document's narrative, in reading order.

    Amounts come in yuan, rates in per cent. Claims of a document whose kind is unknown name no
    statement figure (``about`` empty), since the same words mean another statement there.
    """
    grammar = load_grammar()
    drafts: list[Draft] = []
    lead = ""
    for at, sentence in enumerate(sentences(document)):
        made = tuple(_claims_of(sentence, at, kind, grammar, len(drafts) + 1, lead))
        drafts.extend(made)
        # "1. 一般公共服务支出（类）。年初预算为…": a sentence without figures names the next one's subject.
        if made:
            lead = made[-1].claim.subject
        elif not any(re.search(pattern, sentence.text) for pattern in grammar.asides):
            lead = sentence.text.rstrip("。")[-LEAD_LENGTH:]
    return tuple(with_operands(drafts, grammar.ratios, grammar.comparisons, kind))


def figures_not_understood(document: ReadDocument) -> tuple[Note, ...]:
    """A note for each figure of the narrative that has too many digits to be one, and so is no claim."""
    return tuple(
        Note(
            "amount_not_understood",
            "a figure of the narrative with more digits than money has: digits run together?",
            sentence.place(figure.start)[0],
            f"{figure.number}{figure.unit}",
        )
        for sentence in sentences(document)
        for figure in _figures(sentence.text)
        if figure.value is None
    )


def _claims_of(
    sentence: Sentence, at: int, kind: DocumentKind | None, grammar: Grammar, first_number: int, lead: str
) -> Iterator[Draft]:
    subject, about_before = lead, ""
    number = first_number
    for figure in _figures(sentence.text):
        value = figure.value
        if value is None:
            continue
        of = "percent" if figure.unit == "%" else "amount"
        measure = next(m for m in grammar.measures if m.of == of and m.fits(figure.words))
        stem = re.sub(f"(?:{measure.before})$", "", figure.words) if measure.before else figure.words
        words = _subject_words(stem)
        subject = words or subject
        about = _about(stem, measure, kind, sentence.section, about_before, grammar)
        about_before = about[0] if about else about_before
        page, box = sentence.place(figure.start)
        claim = Claim(
            claim_number=number,
            section=sentence.section,
            claim_kind=measure.kind,
            subject=subject,
            about=about[0] if about else "",
            about_alternatives=about[1:],
            value=value,
            value_printed=figure.number + figure.unit,
            unit="percent" if of == "percent" else "yuan",
            precision=figure.precision,
            direction=measure.direction,
            sentence=sentence.text,
            page=page,
            box=box,
        )
        number += 1
        yield Draft(claim, figure.words, stem, at)


def _figures(text: str) -> Iterator[_Figure]:
    end = 0
    for match in FIGURE.finditer(text):
        yield _Figure(match["number"], match["unit"], match.start(), text[end : match.start()])
        end = match.end()


def _subject_words(stem: str) -> str:
    """What the figure is about: the last clause before it that holds more than the measure's words."""
    clauses = [clause for clause in (part.strip('、()"“”') for part in CLAUSE.split(stem)) if clause]
    return clauses[-1] if clauses else ""


def _about(
    stem: str,
    measure: Measure,
    kind: DocumentKind | None,
    section: str,
    about_before: str,
    grammar: Grammar,
) -> tuple[str, ...]:
    for subject in grammar.subjects:
        if subject.document_kind != kind or measure.kind not in subject.kinds:
            continue
        if subject.section and not re.search(subject.section, section):
            continue
        if subject.follows and subject.follows != about_before:
            continue
        if any(re.search(says, stem) for says in subject.says):
            return subject.about
    return ()
