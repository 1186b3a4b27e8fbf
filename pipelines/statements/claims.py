"""Claims: the figures of the narrative with what they say, read by the templates of the catalogue.

The grammar is data (``catalogue/claims.yaml``); this module finds printed amounts and percentages in
sentences, decides by the words before each what kind of figure it is, and names the statement's
figure it must agree with where a template knows it. A figure without unit (a year, a code) is no claim;
of counts those that a template knows are (``told``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from pipelines.extraction.model import ReadDocument
from pipelines.statements.figure_places import FigurePlace, FigurePlaces
from pipelines.statements.model import Claim, DocumentKind, Note
from pipelines.statements.naming import Name, Names, row_key_of
from pipelines.statements.narrative import Sentence, sentences
from pipelines.statements.other_documents import NAME, Elsewhere, told_elsewhere
from pipelines.statements.ratios import Comparisons, Draft, Ratio, with_operands
from pipelines.statements.reasons import Reasons, ReasonWords
from pipelines.statements.told import Told, measure_of_amount, read_counts

#: Digits with all that is joined to them: whether that is one number is asked afterwards. A minus behind a
#: digit, a unit or a percentage is that of a range.
FIGURE = re.compile(
    r"(?P<number>(?<!\d)(?<!\d[.,])(?:(?<![\d元%])-)?\d(?:[\d,.]*\d)?(?:-\d(?:[\d,.]*\d)?)?)(?P<unit>亿元|万元|元|%)"
)
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
YUAN = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
# A claim has 22 digits before the point and 6 behind it. More before it are digits run together, no
# figure; more behind it do not narrow what the value kept stands for.
_TOO_LARGE = Decimal(10) ** 22
_LAST_DIGIT = Decimal("0.000001")
# What a sentence without figures may lend the next one as its subject, in characters.
LEAD_LENGTH = 60
# Words between two figures of a sentence that are about something else than the figure before.
CLAUSE = re.compile(r"[,;:。]")
# A year alone is not what a figure is about.
YEAR = re.compile(r"(\d{4})年度?")


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

    ``about`` lists the places of that figure by form: the first that a disclosure prints counts. Where
    the row is ``{name}``, it is the row that the words name. ``at_most`` is a figure that it is a part of:
    what it is held against where the disclosure prints none of ``about``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: FigurePlaces
    document_kind: DocumentKind
    kinds: tuple[str, ...]
    says: tuple[str, ...] = ("",)
    section: str = ""
    speaks_of: str = ""
    follows: FigurePlace | Literal[""] = ""
    at_most: FigurePlace | Literal[""] = ""

    def places(self, path: tuple[Name, ...]) -> tuple[str, ...]:
        """Its places where the words name ``path``; none where a name is wanted and there is none."""
        if path:
            return tuple(place.replace(NAME, row_key_of(path)) for place in self.about)
        return tuple(place for place in self.about if NAME not in place)


class Parts(BaseModel):
    """What tells that a figure is a part of the one before, and of which kinds that has to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_kind: DocumentKind
    says: str
    of: tuple[str, ...]


class Listing(BaseModel):
    """A list of items that have an amount each, which is not told (see the head of ``claims.yaml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    document_kind: DocumentKind
    section: str
    says: str
    item: str
    after: str
    about: tuple[str, ...]

    @field_validator("section", "says", "item", "after")
    @classmethod
    def _compiles(cls, value: str) -> str:
        re.compile(value)
        return value


class Grammar(BaseModel):
    """The templates of ``claims.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measures: tuple[Measure, ...]
    names: Names
    parts: Parts
    asides: tuple[str, ...]
    subjects: tuple[Subject, ...]
    comparisons: Comparisons
    ratios: tuple[Ratio, ...]
    elsewhere: tuple[Elsewhere, ...]
    reasons: ReasonWords
    listings: tuple[Listing, ...]
    told: tuple[Told, ...]

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


class _Lead(NamedTuple):
    """What the figures before leave as the subject of one that has none of its own."""

    words: str = ""
    path: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class _Figure:
    """A printed figure, and the words between the one before and it."""

    number: str
    unit: str
    start: int
    words: str

    @property
    def is_number(self) -> bool:
        """Whether one number is printed, and not several joined by points, commas or a dash."""
        return _NUMBER.fullmatch(self.number) is not None

    @property
    def scale(self) -> Decimal:
        """What a printed 1 is worth, in yuan or per cent."""
        return YUAN.get(self.unit, Decimal(1))

    @property
    def value(self) -> Decimal | None:
        """In yuan or per cent; None for what is not one number, or has more digits than a figure has."""
        if not self.is_number:
            return None
        value = Decimal(self.number.replace(",", "")) * self.scale
        return value if abs(value) < _TOO_LARGE else None

    @property
    def precision(self) -> Decimal:
        """What one unit of the last printed digit is worth, in yuan or per cent."""
        decimals = len(self.number.partition(".")[2])
        return max(self.scale.scaleb(-decimals), _LAST_DIGIT)


def read_claims(
    document: ReadDocument, kind: DocumentKind | None, fiscal_year: int | None = None
) -> tuple[Claim, ...]:
    """All claims of a document's narrative: amounts and rates in reading order, then counts in theirs.

    Amounts come in yuan, rates in per cent. Claims of a document whose kind is unknown name no
    statement figure (``about`` empty), since the same words mean another statement there; nor do those
    of another year than ``fiscal_year``.
    """
    grammar = load_grammar()
    drafts: list[Draft] = []
    lead, whole = _Lead(), ""
    step = 0
    text = sentences(document)
    for at, sentence in enumerate(text):
        reader = _SentenceReader(sentence, at, step, kind, fiscal_year, grammar, lead, whole)
        made = tuple(reader.drafts(len(drafts) + 1))
        drafts.extend(made)
        whole = reader.whole
        # "1. 一般公共服务支出（类）。年初预算为…": a sentence without figures names the next one's subject.
        if made:
            lead, step = reader.lead, step + 1
        elif not any(re.search(pattern, sentence.text) for pattern in grammar.asides):
            words = sentence.text.rstrip("。")
            path = grammar.names.path(_last_clause(words), sentence.section)
            lead, step = _Lead(words[-LEAD_LENGTH:], path), step + 1
    said = Reasons(grammar.reasons, text)
    figures = tuple(
        replace(claim, reason=said.of(claim, draft.sentence))
        for claim, draft in zip(
            with_operands(
                drafts,
                grammar.ratios,
                grammar.comparisons,
                kind,
                elsewhere=grammar.elsewhere,
                fiscal_year=fiscal_year,
            ),
            drafts,
            strict=True,
        )
    )
    return (*figures, *read_counts(grammar.told, text, kind, len(figures) + 1))


def figures_not_understood(document: ReadDocument) -> tuple[Note, ...]:
    """A note for each figure of the narrative that is not one, or has too many digits, and so is no claim."""
    return tuple(
        Note(
            "amount_not_understood",
            "a figure of the narrative with more digits than money has: digits run together?"
            if figure.is_number
            else "a figure of the narrative that is not one number: a range, or numbers run together?",
            sentence.place(figure.start)[0],
            f"{figure.number}{figure.unit}",
        )
        for sentence in sentences(document)
        for figure in _figures(sentence.text)
        if figure.value is None
    )


class _SentenceReader:
    """Reads the claims of one sentence; ``lead`` and ``whole`` are then what it leaves to the next.

    ``whole`` is the kind of the amount that parts named after it (其中) are parts of.
    """

    def __init__(
        self,
        sentence: Sentence,
        at: int,
        step: int,
        kind: DocumentKind | None,
        fiscal_year: int | None,
        grammar: Grammar,
        lead: _Lead,
        whole: str = "",
    ) -> None:
        self.lead = lead
        self.whole = whole if re.match(grammar.parts.says, sentence.text) else ""
        self._kind_of_parts = ""
        self._sentence = sentence
        self._at = at
        self._step = step
        self._kind = kind
        self._fiscal_year = fiscal_year
        self._grammar = grammar

    def drafts(self, first_number: int) -> Iterator[Draft]:
        """A draft for each figure, numbered from ``first_number``."""
        sentence = self._sentence
        number, about_before = first_number, ""
        for figure in _figures(sentence.text):
            value = figure.value
            if value is None:
                continue
            of = "percent" if figure.unit == "%" else "amount"
            measure = next(m for m in self._grammar.measures if m.of == of and m.fits(figure.words))
            measure = self._as_a_part(measure, figure.words)
            stem = re.sub(f"(?:{measure.before})$", "", figure.words) if measure.before else figure.words
            own_year = self._follow(stem) and self._is_of_the_year(stem)
            about, at_most = self._about(stem, measure, about_before) if own_year else ((), "")
            about_before = about[0] if about else about_before
            page, box = sentence.place(figure.start)
            claim = Claim(
                claim_number=number,
                section=sentence.section,
                claim_kind=measure.kind,
                subject=self.lead.words,
                about=about[0] if about else "",
                about_alternatives=about[1:],
                value=value,
                value_printed=figure.number + figure.unit,
                unit="percent" if of == "percent" else "yuan",
                precision=figure.precision,
                direction=measure.direction,
                relation="at_most" if at_most else "",
                denominator_about=(at_most,) if at_most else (),
                sentence=sentence.text,
                page=page,
                box=box,
                measure=measure_of_amount(self._grammar.told, self._kind, sentence.section, figure.words)
                if of == "amount" and own_year
                else "",
            )
            number += 1
            if not about:
                claim = told_elsewhere(
                    claim,
                    figure.words,
                    self.lead.path,
                    self._grammar.elsewhere,
                    self._kind,
                    self._fiscal_year,
                )
            yield Draft(claim, figure.words, stem, self._at, self._step)

    def _as_a_part(self, measure: Measure, words: str) -> Measure:
        """The measure of an amount without a word of its own: that of the whole it is a part of.

        In final accounts the parts of a budget (预算为20万元, 其中: 公务接待费9万元) are no final figures.
        """
        parts = self._grammar.parts
        if measure.of != "amount" or measure.direction != "none" or parts.document_kind != self._kind:
            return measure
        if measure.kind == "amount" and re.search(parts.says, words):
            self._kind_of_parts = self.whole if self.whole in parts.of else ""
        elif measure.kind != "amount":
            self._kind_of_parts = ""
        if measure.kind == "amount" and self._kind_of_parts:
            return measure.model_copy(update={"kind": self._kind_of_parts})
        self.whole = measure.kind
        return measure

    def _follow(self, stem: str) -> bool:
        """Take up what the words before a figure name; whether the figure is one of the document's year."""
        clause = _last_clause(stem)
        words = clause.strip('、"“”')
        if words.count("(") != words.count(")"):
            words = words.strip("()")
        year = YEAR.fullmatch(words)
        if year and self.lead.path:
            return self._fiscal_year in (None, int(year[1]))
        if words:
            self.lead = _Lead(words, self._grammar.names.path(clause, self._sentence.section))
        return True

    def _is_of_the_year(self, stem: str) -> bool:
        """Whether the words right before a figure name the document's year, or none."""
        years = {int(year) for year in YEAR.findall(_last_clause(stem))}
        return not years or self._fiscal_year in (None, *years)

    def _about(self, stem: str, measure: Measure, about_before: str) -> tuple[tuple[str, ...], str]:
        """The places of a figure, and the one of what it is a part of."""
        for subject in self._grammar.subjects:
            if subject.document_kind != self._kind or measure.kind not in subject.kinds:
                continue
            if subject.section and not re.search(subject.section, self._sentence.section):
                continue
            if subject.follows and subject.follows != about_before:
                continue
            if subject.speaks_of and not re.search(f"(?:{subject.speaks_of})$", self.lead.words):
                continue
            places = subject.places(self.lead.path)
            if places and any(re.search(says, stem) for says in subject.says):
                return places, subject.at_most
        return (), ""


def _figures(text: str) -> Iterator[_Figure]:
    end = 0
    for match in FIGURE.finditer(text):
        yield _Figure(match["number"], match["unit"], match.start(), text[end : match.start()])
        end = match.end()


def _last_clause(words: str) -> str:
    """The last clause that holds anything: what a figure after these words is about."""
    return next((clause for clause in reversed(CLAUSE.split(words)) if clause.strip('、()"“”')), "")
