"""Faults of the narrative that show without any statement beside it.

Wrong years, sentences broken off, what a template left behind, names that are another's, words that say
otherwise than the figures beside them, parts that do not make their total, lists that do not fit their
count, and facts printed twice with different figures. What to look for is data
(``catalogue/narrative_faults.yaml``); the mechanisms are here and in ``figure_faults.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

import yaml

from pipelines.extraction.model import Box, ReadDocument
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.count_faults import contents_faults, count_faults, covered_faults
from pipelines.statements.fault_rules import FaultRules, Wording, YearRule
from pipelines.statements.figure_faults import figure_faults
from pipelines.statements.model import Claim, Identification, NarrativeFault, Statement
from pipelines.statements.narrative import (
    Sentence,
    contents_lines,
    headings,
    running_text,
    sentences,
    sentences_of_tables,
)
from pipelines.statements.performance_model import Performance

# What a document of each kind calls itself.
KIND_WORDS = {"budget": "预算", "final_accounts": "决算"}


@cache
def load_fault_rules() -> FaultRules:
    """The rules of narrative faults, checked. Raises ``pydantic.ValidationError`` naming the entry."""
    text = resources.files("pipelines.statements").joinpath("catalogue/narrative_faults.yaml")
    return FaultRules.model_validate(yaml.safe_load(text.read_text("utf-8")))


def narrative_faults(
    document: ReadDocument,
    said: Identification,
    claims: Sequence[Claim],
    statements: Sequence[Statement] = (),
    performance: Performance | None = None,
) -> tuple[NarrativeFault, ...]:
    """What contradicts itself in a document's narrative, in reading order, each fault once.

    ``said`` is what the document is taken to be; rules on years and names need it. ``claims`` are the
    figures of its narrative (``claims.read_claims``), ``statements`` and ``performance`` what else was read.
    """
    rules = load_fault_rules()
    text = sentences(document)
    of_tables = sentences_of_tables(document)
    found = [
        *_wordings(rules.wording, text, said),
        *_years(rules.years, document, text, said),
        *_names(rules, document, text, said),
        *figure_faults(rules, text, of_tables, claims),
        *count_faults(rules, text),
        *covered_faults(rules.covered, text, performance or Performance()),
        *contents_faults(rules.contents, document, statements),
    ]
    return tuple(
        replace(fault, fault_number=number)
        for number, fault in enumerate(_once(sorted(found, key=_place)), start=1)
    )


def _place(fault: NarrativeFault) -> tuple[int, float, str]:
    return (fault.page, fault.box.top, fault.rule)


def _once(faults: Sequence[NarrativeFault]) -> Iterator[NarrativeFault]:
    """The same words wrong in the same way are one fault, told at their first place."""
    seen: set[tuple[str, str, str]] = set()
    for fault in faults:
        key = (fault.rule, fault.sentence, fault.printed)
        if key not in seen:
            seen.add(key)
            yield fault


def _wordings(
    rules: Sequence[Wording], text: Sequence[Sentence], said: Identification
) -> Iterator[NarrativeFault]:
    for rule in rules:
        if rule.document_level and rule.document_level != said.level:
            continue
        found = list(_worded(rule, text))
        if not rule.once:
            yield from found
        elif found:
            pages = sorted({fault.page for fault in found})
            zh, en = ("、".join(map(str, pages)), ", ".join(map(str, pages)))
            more_zh, more_en = (
                (f"（共{len(found)}处，第{zh}页）", f" ({len(found)} times, pages {en})")
                if len(found) > 1
                else ("", "")
            )
            yield replace(found[0], told_zh=rule.zh + more_zh, told_en=rule.en + more_en)


def _worded(rule: Wording, text: Sequence[Sentence]) -> Iterator[NarrativeFault]:
    for sentence in text:
        match = re.search(rule.pattern, sentence.text)
        if match is None or (rule.never and re.search(rule.never, sentence.text)):
            continue
        page, box = sentence.place(match.start())
        yield NarrativeFault(
            kind=rule.kind,
            rule=rule.id,
            severity=rule.severity,
            section=sentence.section,
            printed=match[0],
            sentence=sentence.text,
            page=page,
            box=box,
            told_zh=rule.zh,
            told_en=rule.en,
        )


def _years(
    rules: Sequence[YearRule], document: ReadDocument, text: Sequence[Sentence], said: Identification
) -> Iterator[NarrativeFault]:
    if said.fiscal_year is None or said.kind is None:
        return
    places: dict[str, list[tuple[str, str, int, Box]]] = {
        "contents": [("", running_text(at.text), at.page, at.box) for at in contents_lines(document)],
        "heading": [("", running_text(at.text), at.page, at.box) for at in headings(document)],
        "sentence": [(one.section, one.text, *one.place(0)) for one in text],
    }
    for rule in rules:
        if rule.document_kind not in (None, said.kind):
            continue
        wanted = said.fiscal_year + rule.year
        pattern = rule.pattern.replace("{kind}", KIND_WORDS[said.kind])
        for section, words, page, box in places[rule.where]:
            for match in re.finditer(pattern, words):
                # A year far from the document's is no slip of it.
                if int(match["year"]) != wanted and abs(int(match["year"]) - wanted) <= rule.within:
                    yield NarrativeFault(
                        kind=rule.kind,
                        rule=rule.id,
                        severity=rule.severity,
                        section=section,
                        printed=match["year"],
                        expected=str(wanted),
                        sentence=words,
                        page=page,
                        box=box,
                        told_zh=rule.zh.format(printed=match["year"], expected=wanted),
                        told_en=rule.en.format(printed=match["year"], expected=wanted),
                    )


def _names(
    rules: FaultRules, document: ReadDocument, text: Sequence[Sentence], said: Identification
) -> Iterator[NarrativeFault]:
    if said.fiscal_year is not None:
        yield from _classes_of_other_years(rules, text, said.fiscal_year)
    if not said.department_name or said.kind is None:
        return
    rule = rules.names.other_department
    pattern = rule.pattern.replace("{kind}", KIND_WORDS[said.kind])
    for line in (*contents_lines(document), *headings(document)):
        words = running_text(line.text)
        match = re.match(pattern, words)
        if match and not _may_be_one(match["name"], running_text(said.department_name), rule.generic):
            yield NarrativeFault(
                kind=rule.kind,
                rule="other_department",
                severity=rule.severity,
                printed=match["name"],
                expected=said.department_name,
                sentence=words,
                page=line.page,
                box=line.box,
                told_zh=rule.zh.format(printed=match["name"]),
                told_en=rule.en.format(printed=match["name"]),
            )


def _may_be_one(name: str, other: str, generic: str) -> bool:
    """Whether two names may be of one body or of a part of it: short forms leave characters out.

    Without their region and words that any body has, names of one body share two characters in a row.
    """
    letters = iter(other)
    if all(letter in letters for letter in name):
        return True
    bare, known = (re.sub(generic, "", one) for one in (name, other))
    pairs = {bare[at : at + 2] for at in range(len(bare) - 1)}
    return not pairs or len(known) < 2 or any(pair in known for pair in pairs)


def _classes_of_other_years(
    rules: FaultRules, text: Sequence[Sentence], fiscal_year: int
) -> Iterator[NarrativeFault]:
    rule = rules.names.class_of_other_year
    for sentence in text:
        for match in re.finditer(rule.pattern, sentence.text):
            name = match["name"]
            known = _names_of_classes().get(name)
            if known is None or known[0] <= fiscal_year <= known[1]:
                continue
            page, box = sentence.place(match.start())
            years = f"{known[0] or ''}—{known[1] if known[1] < 9999 else ''}"
            yield NarrativeFault(
                kind=rule.kind,
                rule="class_of_other_year",
                severity=rule.severity,
                section=sentence.section,
                printed=name,
                expected=known[2],
                sentence=sentence.text,
                page=page,
                box=box,
                told_zh=rule.zh.format(printed=name, expected=known[2], years=years),
                told_en=rule.en.format(printed=name, expected=known[2], years=years),
            )


@cache
def _names_of_classes() -> dict[str, tuple[int, int, str]]:
    """Names of classes that were official in some years only: first and last year, and the present name."""
    found: dict[str, tuple[int, int, str]] = {}
    for line_set in load_catalogue().line_sets.values():
        for line in line_set.lines:
            for label in line.labels:
                if line_set.row_kind == "functional" and not isinstance(label, str):
                    years = (label.from_year or 0, label.to_year or 9999)
                    found[running_text(label.text)] = (*years, line.name_zh)
    return found
