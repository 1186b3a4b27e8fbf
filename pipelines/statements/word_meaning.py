"""What a header word or a row label says, without the words that such words have or lack from place to place.

上年结转收入 and 年初结转和结余, 财政专户收入 and 纳入财政专户管理的非税收入, 事业收入（含医疗收入） and
事业收入 are one. A word that the catalogue does not have as printed is compared by what is left of it after
``word_meanings.yaml``. Words that more than one known word would fit stay unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from pipelines.statements.schema import Entry, Pattern

Replacement = tuple[Pattern, str]


class WordMeanings(Entry):
    """``word_meanings.yaml``. Patterns meet levelled words (``printed_text``), years and units taken away.

    ``shapes``: what whole header words of a shape mean, the first that fits; ``parts``: replaced from the top
    down in header words and in labels, the known ones too, so that what is left can be compared; ``between``:
    what may join the two words of one cell (财政拨款安排的基本支出).
    """

    shapes: tuple[Replacement, ...]
    parts: Annotated[tuple[Replacement, ...], Field(min_length=1)]
    between: Pattern


class Meanings:
    """Words by what they say. Remembers what it has taken apart: the same words stand in every document."""

    def __init__(self, wording: WordMeanings) -> None:
        self._parts = [(re.compile(pattern), meant) for pattern, meant in wording.parts]
        self._shapes = [(re.compile(pattern), meant) for pattern, meant in wording.shapes]
        self._between = re.compile(wording.between)
        self._of: dict[str, str] = {}

    def of(self, word: str) -> str:
        """What is left of a levelled word after the ``parts``; the word itself where nothing would be."""
        if word not in self._of:
            meaning = word
            for pattern, meant in self._parts:
                meaning = pattern.sub(meant, meaning)
            self._of[word] = meaning or word
        return self._of[word]

    def by_shape(self, word: str) -> str:
        """The header word that words of this shape are, or an empty string."""
        return next((meant for pattern, meant in self._shapes if pattern.fullmatch(word)), "")

    def halves(self, word: str) -> Iterable[tuple[str, str]]:
        """The two words that one cell may hold, the first as long as can be, without what joins them."""
        for at in range(len(word) - 1, 1, -1):
            second = self._between.sub("", word[at:], count=1)
            if len(second) > 1:
                yield word[:at], second

    def unique(self, known: Mapping[str, str]) -> dict[str, str]:
        """Meaning -> what the known words of that meaning stand for, where they all stand for one thing."""
        found: dict[str, set[str]] = {}
        for word, stands_for in known.items():
            found.setdefault(self.of(word), set()).add(stands_for)
        return {meaning: next(iter(those)) for meaning, those in found.items() if len(those) == 1}
