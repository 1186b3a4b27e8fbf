"""Performance sheets and lists of projects: tables that are no statements, read by the words of their heads.

A sheet (绩效目标表, 绩效自评表, 评分表) has bands: a head of money with lines of money below it, a head of
indicators with indicators below it, one or both. Which words make a head is data
(``catalogue/performance.yaml``).
Nothing is guessed: a figure of a band whose meaning is not known is left to the notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipelines.extraction.model import ReadDocument
from pipelines.statements.grid import Grid
from pipelines.statements.model import DocumentKind
from pipelines.statements.narrative import running_text, sentences
from pipelines.statements.performance_indicators import read_indicators
from pipelines.statements.performance_model import Performance, PerformanceIndicator, Scope
from pipelines.statements.performance_money import list_head, read_list, read_money, read_statement_money
from pipelines.statements.performance_sheets import Head, Owner, Sheet, SheetReader, columns_of
from pipelines.statements.performance_words import PerformanceWords, load_performance_words
from pipelines.statements.printed_text import label_of, one_line, plain


def read_performance(
    document: ReadDocument, kind: DocumentKind | None, sheets: Sequence[Sheet]
) -> Performance:
    """What the performance sheets among ``sheets``, in printed order, and the sentences of a document say."""
    reader = SheetReader(document.document_id, kind, load_performance_words())
    for sheet in sheets:
        _read_sheet(reader, sheet)
    for indicator in _told_indicators(reader, document):
        reader.indicators.append(indicator)
    return Performance(tuple(reader.projects), tuple(reader.indicators))


def _read_sheet(reader: SheetReader, sheet: Sheet) -> None:
    words = reader.words
    heads = [
        found for found in (_head(row, sheet.grid, words) for row in range(len(sheet.grid.rows))) if found
    ]
    listed = None if heads else list_head(sheet.grid, words)
    if not heads and listed is None:
        return
    reader.n_sheets += 1
    scope, name = _whose(reader, sheet)
    said = (sheet.title, *(one_line(cell.cell.text) for row in sheet.grid.rows[:2] for cell in row))
    kind = next(
        (
            known
            for known, pattern in words.kinds_of_sheet.items()
            if any(re.search(pattern, plain(text)) for text in said)
        ),
        words.default_kind,
    )
    owner = Owner(kind, scope, name)
    if listed is not None:
        read_list(reader, sheet, listed, scope)
        return
    if sheet.reading is not None:
        read_statement_money(reader, sheet, owner)
    for head, following in pairwise([*heads, (len(sheet.grid.rows), "", None)]):
        if head[1] == "money" and head[2] is not None:
            read_money(reader, sheet, head[2], following[0], owner)
        elif head[2] is not None:
            read_indicators(reader, sheet, head[2], following[0], owner)


def _head(row: int, grid: Grid, words: PerformanceWords) -> tuple[int, str, Head | None] | None:
    """Whether a row is a head, and of what."""
    cells = [cell for cell in grid.rows[row] if cell.text]
    indicators = columns_of(cells, words.indicator_columns)
    known = {meaning for meaning, _ in indicators}
    if (
        len(indicators) >= words.head_words
        and known & set(words.name_columns)
        and known & set(words.value_columns)
    ):
        return row, "indicators", Head(row, indicators)
    money = columns_of(cells, words.money_columns)
    if len({"initial", "adjusted", "final", "rate"} & {meaning for meaning, _ in money}) >= words.money_words:
        return row, "money", Head(row, money)
    return None


def _whose(reader: SheetReader, sheet: Sheet) -> tuple[Scope, str]:
    """Whose a sheet is: named beside a label, else in the text above it, else as the one before it."""
    words = reader.words
    titles = (sheet.title, *(cell.text for row in sheet.grid.rows[:1] for cell in row))
    scope: Scope = next(
        (s for s, pattern in words.scopes.items() if any(re.search(pattern, plain(t)) for t in titles)),
        "project",
    )
    for row in sheet.grid.rows:
        for cell, following in pairwise(row):
            if following.text and label_of(cell.cell.text) in words.names.get(scope, ()):
                reader.name = one_line(following.cell.text)
                return scope, reader.name
    if scope == "department":
        return scope, ""
    for line in reversed(sheet.lead):
        for pattern in words.name_before:
            if found := re.search(pattern, running_text(line)):
                reader.name = found["name"]
                return scope, reader.name
    return scope, reader.name


def _told_indicators(reader: SheetReader, document: ReadDocument) -> Iterator[PerformanceIndicator]:
    rules = reader.words.in_text
    kind, number = "", len(reader.indicators)
    for sentence in sentences(document):
        if not re.search(rules.section, sentence.section):
            kind = ""
            continue
        text = sentence.text
        if heading := re.match(rules.kind_heading, text):
            kind, text = heading["kind"] + "指标", text[heading.end() :]
        told = re.match(rules.indicator, text)
        if told is None:
            continue
        number += 1
        page, _ = sentence.place(0)
        yield PerformanceIndicator(
            number, 0, "self_evaluation", "project", "", "indicator", "", kind, told["name"],
            None, None, None, None, None, told["target"], told["result"],
            None, None, None, "", "", sentence.text, page, "", "", "", "", "", "",
        )  # fmt: skip
