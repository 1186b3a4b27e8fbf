"""Numbers of things that do not fit their money or the document: receptions, cars, projects, statements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipelines.extraction.model import ReadDocument
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.fault_rules import Count, Covered, FaultRules, Told
from pipelines.statements.model import NarrativeFault, Statement
from pipelines.statements.narrative import HEADINGS, LEADER, Sentence, contents_lines, running_text
from pipelines.statements.performance_model import Performance
from pipelines.statements.titles import find_title

_LABEL = re.compile(r"\((?:公开)?(?:附)?表?\d{1,2}表?\)$")


def count_faults(rules: FaultRules, text: Sequence[Sentence]) -> Iterator[NarrativeFault]:
    """A number of things that is nothing beside money for them, or the other way round.

    Both stand in one section; the money is the last told before the number or in its sentence.
    """
    for rule in rules.counts:
        yield from _counted(rules, rule, text)


def _counted(rules: FaultRules, rule: Count, text: Sequence[Sentence]) -> Iterator[NarrativeFault]:
    section, amount = "", ""
    for sentence in text:
        if not re.search(rule.section, sentence.section):
            continue
        if sentence.section != section:
            section, amount = sentence.section, ""
        if told := re.search(rule.amount, sentence.text):
            amount = told["amount"]
        counted = re.search(rule.count, sentence.text)
        if counted is None or not amount or bool(int(counted["count"])) == bool(Decimal(amount)):
            continue
        page, box = sentence.place(counted.start())
        fields = {"amount": amount, "count": counted["count"]}
        yield NarrativeFault(
            kind=rules.counts_told.kind,
            rule=rule.id,
            severity=rules.counts_told.severity,
            section=sentence.section,
            printed=counted[0],
            expected=f"{amount}万元",
            sentence=sentence.text,
            page=page,
            box=box,
            told_zh=rule.zh.format(**fields),
            told_en=rule.en.format(**fields),
        )


def covered_faults(
    rule: Covered, text: Sequence[Sentence], performance: Performance
) -> Iterator[NarrativeFault]:
    """The money of projects with targets, as the text tells it, against their target sheets.

    Only where the document has as many sheets as the text has projects.
    """
    sheets = {
        project.sheet_number: project
        for project in performance.projects
        if project.sheet_kind == "target"
        and project.money_line == "total"
        and project.initial_yuan is not None
    }
    for sentence in text:
        told = re.search(rule.says, sentence.text)
        if told is None or int(told["count"]) != len(sheets):
            continue
        factor = load_catalogue().wording.units[told["unit"]]
        printed = Decimal(told["amount"])
        decimals = len(told["amount"].partition(".")[2])
        summed = sum((project.initial_yuan or Decimal(0) for project in sheets.values()), Decimal(0)) / factor
        of_sheets = sum((project.precision_yuan or Decimal(0) for project in sheets.values()), Decimal(0))
        width = (Decimal(1).scaleb(-decimals) + of_sheets / factor) / 2
        if abs(summed - printed) <= width:
            continue
        page, box = sentence.place(told.start("amount"))
        expected = format(summed.quantize(Decimal(1).scaleb(-max(decimals, 2))), "f")
        fields = {
            "count": told["count"],
            "amount": told["amount"],
            "unit": told["unit"],
            "expected": expected,
        }
        yield NarrativeFault(
            kind=rule.kind,
            rule="covered",
            severity=rule.severity,
            section=sentence.section,
            printed=told["amount"] + told["unit"],
            expected=expected + told["unit"],
            sentence=sentence.text,
            page=page,
            box=box,
            told_zh=rule.zh.format(**fields),
            told_en=rule.en.format(**fields),
        )


def contents_faults(
    rule: Told, document: ReadDocument, statements: Sequence[Statement]
) -> Iterator[NarrativeFault]:
    """Statements that the page of contents lists by their title, and that are printed nowhere.

    A document without statements has them in another file. A statement whose title is printed somewhere,
    with a sentence that there is nothing instead of a table, is there.
    """
    catalogue = load_catalogue()
    printed = {statement.statement_id for statement in statements}
    listed = contents_lines(document)
    if not printed or not listed:
        return
    last = max(line.page for line in listed)
    after = "".join(
        running_text(line.text) for page in document.pages if page.number > last for line in page.lines
    )
    for line in listed:
        entry = LEADER.sub("", running_text(line.text))
        for heading in HEADINGS:
            entry = heading.sub("", entry)
        title = re.sub(r"^\d{4}年度?", "", _LABEL.sub("", entry))
        forms = {form for form, score in find_title((title,), catalogue).scores.items() if score == 1}
        if not forms or forms & printed or title in after:
            continue
        yield NarrativeFault(
            kind=rule.kind,
            rule="contents",
            severity=rule.severity,
            printed=title,
            sentence=running_text(line.text),
            page=line.page,
            box=line.box,
            told_zh=rule.zh,
            told_en=rule.en,
        )
