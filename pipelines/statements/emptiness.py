"""Sentences that say that a statement is empty because there is nothing to report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.statements.catalogue import Catalogue
from pipelines.statements.printed_text import one_line, plain
from pipelines.statements.titles import is_title_like, label_in
from pipelines.statements.units import unit_in

_NEAR = 8


def empty_sentence(below: Sequence[str], catalogue: Catalogue) -> str:
    """The sentence right below (or in the foot of) a statement that says it is empty.

    Template instructions and sentences with placeholders say nothing about a department.
    """
    for sentence in _notes(below, catalogue):
        levelled = plain(sentence)
        if any(word in levelled for word in catalogue.wording.empty_sentence_exceptions):
            continue
        if re.search(catalogue.wording.placeholder_pattern, levelled):
            continue
        if any(re.search(pattern, levelled) for pattern in catalogue.wording.empty_sentences):
            return sentence
    return ""


def _notes(below: Sequence[str], catalogue: Catalogue) -> list[str]:
    """The notes below a statement, one per sentence, wrapped lines joined."""
    notes: list[str] = []
    for line in below[:_NEAR]:
        levelled = plain(line)
        starts = any(levelled.startswith(plain(start)) for start in catalogue.wording.note_starts)
        if starts:
            notes.append(one_line(line))
        elif is_title_like(line, catalogue) or label_in(line, catalogue) or unit_in(line, catalogue):
            break
        elif notes and not plain(notes[-1]).endswith(("。", ":", ")")):
            notes[-1] = one_line(f"{notes[-1]}\n{line}")
        elif notes or "本表" in levelled:
            notes.append(one_line(line))
        else:
            break
    return notes
