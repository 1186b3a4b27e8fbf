"""Claims: the figures of the narrative with what they say, read by the templates of the catalogue.

The grammar is data (``catalogue/claims.yaml``); this module finds printed amounts and percentages in
sentences, decides by the words before each what kind of figure it is, and names the statement's
figure it must agree with where a template knows it. A figure without unit (a year, a code) is no claim;
of counts those that a template knows are (``told``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from pipelines.extraction.model import ReadDocument
from pipelines.statements.called import Topic
from pipelines.statements.claim_drafts import Draft
from pipelines.statements.claim_grammar import Grammar, Measure, Subject, load_grammar
from pipelines.statements.model import Claim, DocumentKind, Note
from pipelines.statements.naming import Name
from pipelines.statements.narrative import Sentence, sentences
from pipelines.statements.other_documents import told_elsewhere
from pipelines.statements.printed_figures import printed_figures
from pipelines.statements.ratios import with_operands
from pipelines.statements.reasons import Reasons
from pipelines.statements.told import measure_of_amount, read_counts
from pipelines.statements.whole_and_parts import Whole, places_of_part

# What a sentence without figures may lend the next one as its subject, in characters.
LEAD_LENGTH = 60
# Words between two figures of a sentence that are about something else than the figure before.
CLAUSE = re.compile(r"[,;:。]")
# A year alone is not what a figure is about.
YEAR = re.compile(r"(\d{4})年度?")


class _Lead(NamedTuple):
    """What the figures before leave as the subject of one that has none of its own."""

    words: str = ""
    path: tuple[Name, ...] = ()
    name: str = ""


class _Before(NamedTuple):
    """What the text before a sentence leaves to it: its subject, the figure it may name parts of, its topic.

    ``goes_on`` is the figure whose parts it goes on naming (其中: 甲5万元; 乙6万元); ``told_is_own`` says
    whether the figure told last is one of the document's year, ``parts_are_own`` whether those parts are.
    """

    lead: _Lead = _Lead()
    whole: Whole = Whole()
    goes_on: Whole | None = None
    topic: Topic = Topic()
    told_is_own: bool = True
    parts_are_own: bool = True


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
    before = _Before()
    step = 0
    text = sentences(document)
    for at, sentence in enumerate(text):
        reader = _SentenceReader(sentence, at, step, kind, fiscal_year, grammar, before)
        made = tuple(reader.drafts(len(drafts) + 1))
        drafts.extend(made)
        # "1. 一般公共服务支出（类）。年初预算为…": a sentence without figures names the next one's subject.
        if made:
            before, step = reader.leaves, step + 1
        elif not any(re.search(pattern, sentence.text) for pattern in grammar.asides):
            words = sentence.text.rstrip("。")
            path = grammar.names.path(_last_clause(words), sentence.section)
            name = grammar.calling.name(_last_clause(words))
            before = reader.leaves._replace(lead=_Lead(words[-LEAD_LENGTH:], path, name))
            step += 1
        else:
            before = reader.leaves._replace(lead=before.lead)
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
        for figure in printed_figures(sentence.text)
        if figure.value is None
    )


class _SentenceReader:
    """Reads the claims of one sentence; ``leaves`` is then what it leaves to the next."""

    def __init__(
        self,
        sentence: Sentence,
        at: int,
        step: int,
        kind: DocumentKind | None,
        fiscal_year: int | None,
        grammar: Grammar,
        before: _Before,
    ) -> None:
        self._sentence = sentence
        self._at = at
        self._step = step
        self._kind = kind
        self._fiscal_year = fiscal_year
        self._grammar = grammar
        self._lead = before.lead
        self._topic = grammar.calling.topic(sentence.section, sentence.text, before.topic)
        # What the next sentence may name parts of, the figure that was told last, and what parts are told of.
        is_of_parts = re.match(grammar.parts.says, sentence.text) is not None
        same_section = before.topic.section == sentence.section
        self._whole = self._last = before.whole if same_section else Whole()
        self._parts_of = before.goes_on if same_section and not is_of_parts else None
        self._is_of_parts = is_of_parts or self._parts_of is not None
        self._is_a_later_part = False
        # What stood before the brackets that are open: "甲5万元（其中：乙2万元），占…".
        self._before_brackets: list[tuple[_Lead, Whole | None, Whole]] = []
        self._has_kind_of_whole = self._parts_of is not None and self._gives_its_kind(self._parts_of)
        # "2023年度支出20万元，其中：甲5万元" in a document of 2024: the parts are of 2023, too.
        self._told_is_own = before.told_is_own or not same_section
        self._parts_are_own = before.parts_are_own or self._parts_of is None

    @property
    def leaves(self) -> _Before:
        """What the sentence leaves to the next."""
        goes_on = self._parts_of if self._sentence.text.endswith(";") else None
        return _Before(self._lead, self._whole, goes_on, self._topic, self._told_is_own, self._parts_are_own)

    def drafts(self, first_number: int) -> Iterator[Draft]:
        """A draft for each figure, numbered from ``first_number``."""
        sentence = self._sentence
        number, about_before = first_number, ""
        for figure in printed_figures(sentence.text):
            value = figure.value
            if value is None:
                continue
            of = "percent" if figure.unit == "%" else "amount"
            measure = next(m for m in self._grammar.measures if m.of == of and m.fits(figure.words))
            is_told = of == "amount" and measure.direction == "none"
            behind = self._close_brackets(figure.words)
            if is_told:
                measure = self._as_a_part(measure, figure.words)
            stem = re.sub(f"(?:{measure.before})$", "", figure.words) if measure.before else figure.words
            opens = number == first_number and not self._is_of_parts
            is_base = is_told and self._is_compared_with(stem)
            own_year = self._follow(stem, figure.words if is_told else stem, opens)
            own_year = own_year and self._is_of_the_year(stem)
            if is_told and not is_base:
                self._told_is_own = own_year
            # "比上年预算数5万元": a year that is not said is another.
            is_own = own_year and not (is_base and not YEAR.search(_last_clause(stem)))
            about, at_most = self._about(stem, measure, about_before) if is_own else ((), "")
            about_before = about[0] if about else about_before
            page, box = sentence.place(figure.start)
            claim = Claim(
                claim_number=number,
                section=sentence.section,
                claim_kind=measure.kind,
                subject=self._lead.words,
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
            if not about:
                claim = told_elsewhere(
                    claim,
                    figure.words,
                    self._lead.path,
                    self._grammar.elsewhere,
                    self._kind,
                    self._fiscal_year,
                )
            whole = self._grammar.calling.whole_of_share(figure.words) if measure.kind == "share" else None
            yield Draft(
                claim,
                figure.words,
                stem,
                self._at,
                self._step,
                name=self._lead.name,
                opens=opens,
                is_base=is_base or (is_told and not own_year),
                behind=behind,
                part_of=self._parts_of.claim_number if self._parts_of else None,
                share_of=whole,
                share_of_about=self._places_called(whole) if whole else (),
                changed=self._places_called(self._lead.name) if measure.kind == "change" else (),
            )
            if is_told and own_year and not is_base:
                self._last = Whole(measure.kind, about, number)
                if self._parts_of is None and not self._is_a_later_part:
                    self._whole = self._last
            number += 1

    def _close_brackets(self, words: str) -> int | None:
        """Go back to what stood before the brackets that these words close.

        Returns the number of the figure that the next one stands behind, where a bracket was between.
        """
        behind = None
        for mark in re.findall(r"[()]", re.sub(r"\([^()]*\)", "", words)):
            if mark == "(":
                self._before_brackets.append((self._lead, self._parts_of, self._last))
            elif self._before_brackets:
                self._lead, self._parts_of, self._last = self._before_brackets.pop()
                behind = self._last.claim_number
        return behind

    def _is_compared_with(self, stem: str) -> bool:
        """Whether a figure is only what another is compared with: 比上年的5万元."""
        return re.match(self._grammar.comparisons.opening, _last_clause(stem)) is not None

    def _as_a_part(self, measure: Measure, words: str) -> Measure:
        """The measure of an amount without a word of its own: that of the whole it is a part of.

        In final accounts the parts of a budget (预算为20万元, 其中: 公务接待费9万元) are no final figures.
        """
        parts = self._grammar.parts
        if re.search(parts.says, words):
            self._parts_are_own = self._told_is_own
            self._parts_of = self._last if self._told_is_own else Whole()
            self._has_kind_of_whole = self._gives_its_kind(self._last)
        if measure.kind != "amount":
            self._has_kind_of_whole = False
        elif self._parts_of is not None and self._has_kind_of_whole:
            return measure.model_copy(update={"kind": self._parts_of.kind})
        return measure

    def _gives_its_kind(self, whole: Whole) -> bool:
        """Whether the parts of a figure are of its kind: in final accounts those of a budget."""
        return self._grammar.parts.document_kind == self._kind and whole.kind in self._grammar.parts.of

    def _follow(self, stem: str, called: str, opens: bool) -> bool:
        """Take up what the words before a figure name; whether the figure is one of the document's year.

        ``called`` are these words with those of the measure, that may belong to the name (基金预算支出).
        """
        clause = _last_clause(stem)
        words = clause.strip('、"“”')
        if words.count("(") != words.count(")"):
            words = words.strip("()")
        year = YEAR.fullmatch(re.sub(self._grammar.calling.compared, "", words))
        if year and self._fiscal_year == int(year[1]) and words != year[0]:
            # "支出决算2万元，比2023年年初预算数3万元减少…": both are of the same.
            return True
        if year and words == year[0]:
            # "行政运行(项):2023年预算数为…": what is named stands before the year.
            before = stem[: stem.rindex(year[0])]
            item = _last_clause(before)
            named = self._grammar.names.path(item, self._sentence.section)
            if named and (named[0].digits or before.endswith(":")):
                self._lead = _Lead(item, named, self._grammar.calling.name(item))
            if self._lead.path or self._lead.name:
                return self._fiscal_year in (None, int(year[1]))
        name = self._grammar.calling.name(_last_clause(called), opens=opens)
        # "支出决算为2万元，完成全年预算3万元的…": words of the measure alone name nothing else.
        if words and (name or not self._lead.name or called == stem):
            path = self._grammar.names.path(clause.strip("、"), self._sentence.section)
            self._lead = _Lead(words, path, name)
        return True

    def _is_of_the_year(self, stem: str) -> bool:
        """Whether the words right before a figure name the document's year last, or none."""
        years = YEAR.findall(_last_clause(stem))
        if not years:
            return self._parts_are_own
        return self._fiscal_year in (None, int(years[-1]))

    def _about(self, stem: str, measure: Measure, about_before: str) -> tuple[tuple[str, ...], str]:
        """The places of a figure, and the one of what it is a part of."""
        name, path = self._lead.name, self._lead.path
        self._is_a_later_part = False
        if measure.of == "amount" and measure.direction == "none":
            rules = self._grammar.part_places
            if self._parts_of is None:
                rules = tuple(rule for rule in rules if rule.later)
            places = places_of_part(rules, (self._parts_of or self._whole).about, name, path)
            if places:
                self._is_a_later_part = self._parts_of is None
                return places, ""
        # An amount without words of its own (甲5万元、6万元) is not called as the one before.
        is_called = measure.kind != "amount" or bool(_last_clause(stem))
        for named in (False, True):
            found = self._by_words(stem, measure, about_before, named=named)
            if not found[0] and is_called:
                found = self._called(name, measure.kind, path, named=named)
            parts_of = self._parts_of or Whole()
            if found[0] and not (named and not self._grammar.parts.may_be_row(parts_of, found[0])):
                return found
        return (), ""

    def _by_words(
        self, stem: str, measure: Measure, about_before: str, *, named: bool
    ) -> tuple[tuple[str, ...], str]:
        """The places of a figure by the words before it: of the rows that they name, or of the others."""
        for subject in self._entries(measure.kind, named)[0]:
            if subject.section and not re.search(subject.section, self._sentence.section):
                continue
            if subject.follows and subject.follows != about_before:
                continue
            if subject.speaks_of and not re.search(f"(?:{subject.speaks_of})$", self._lead.words):
                continue
            places = subject.places(self._lead.path)
            if places and any(re.search(says, stem) for says in subject.says):
                return places, subject.at_most
        return (), ""

    def _called(
        self, name: str, kind: str, path: tuple[Name, ...], *, named: bool
    ) -> tuple[tuple[str, ...], str]:
        """The places of a figure by what it is called, in a text about this."""
        for subject in self._entries(kind, named)[1]:
            places = subject.places(path) if subject.is_called(name, self._topic.scope) else ()
            if places:
                return places, subject.at_most
        return (), ""

    def _entries(self, kind: str, named: bool) -> tuple[list[Subject], list[Subject]]:
        if self._kind is None:
            return [], []
        return self._grammar.entries.get((self._kind, kind, named), ([], []))

    def _places_called(self, name: str) -> tuple[str, ...]:
        """The places of what is only spoken of, by its name: as planned, or as settled in final accounts."""
        for kind in ("amount", "final" if self._kind == "final_accounts" else "budget"):
            places, _ = self._called(name, kind, (), named=False)
            if places:
                return places
        return ()


def _last_clause(words: str) -> str:
    """The last clause that holds anything: what a figure after these words is about."""
    return next((clause for clause in reversed(CLAUSE.split(words)) if clause.strip('、()"“”')), "")
