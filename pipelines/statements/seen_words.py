"""Words as they were recognised in a picture, and the one known word that such a word is nearest to.

What stands against a known word is weighed: what the reader itself took for possible costs least, then what
looks like it, a scrap of a rule, a thin 一, and most another character. Only one word that is clearly nearest
is taken, and never where a character that tells one word from another (预, 决) stands against its like.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.extraction.model import Doubt
from pipelines.statements.printed_text import plain

#: Slips cost so much: a like character for another, a scrap of a rule too many, a thin 一 too few, any
#: other character for another, any other too many or too few.
ALIKE, SCRAP, THIN, SWAP, LOST = 0.4, 0.3, 0.4, 1.0, 1.5
#: What scraps of rules are recognised as.
SCRAPS = frozenset("|1lI_-—–.,'’`~·:;!、")
#: A word may differ by this much for each of its characters, and by so much at most.
PER_CHARACTER, MOST = 0.2, 3.0
#: The next word must be farther away by this much.
CLEARLY = 0.5
#: A character that tells words apart must have been as likely as this to be taken for another such.
TELLING = 0.1
#: Longest words that are looked at (characters).
LONGEST = 60

IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")


class Seen(NamedTuple):
    """A recognised word: its levelled text, and for each character what else the reader saw there.

    ``others`` map other readings of a character (another, none, or two) to their probabilities; it is empty
    where the reader's alternatives are not known.
    """

    text: str
    others: tuple[Mapping[str, float], ...] = ()

    @classmethod
    def of(cls, text: str, doubts: Sequence[Doubt] = ()) -> Seen:
        """A text as printed with its characters in doubt, levelled."""
        levelled = plain(text)
        at = {doubt.at: dict(doubt.alternatives) for doubt in doubts}
        parts = [plain(character) for character in text if not character.isspace()]
        if not at or "".join(parts) != levelled:
            return cls(levelled)
        others: list[Mapping[str, float]] = []
        for place, part in enumerate(parts):
            others.extend([at.get(place, {})] if len(part) == 1 else [{}] * len(part))
        return cls(levelled, tuple(others))

    def part(self, text: str) -> Seen:
        """The last part of the word that is ``text``, or ``text`` alone where it is no part."""
        at = self.text.rfind(text)
        return Seen(text, self.others[at : at + len(text)] if at >= 0 else ())

    def translated(self, table: Mapping[int, str]) -> Seen:
        """With characters put for others, one for one."""
        others = ({text.translate(table): p for text, p in each.items()} for each in self.others)
        return Seen(self.text.translate(table), tuple(others))

    def other(self, place: int) -> Mapping[str, float]:
        """What else the reader saw at a place."""
        return self.others[place] if place < len(self.others) else {}


class Match(NamedTuple):
    """A known word and by how much it differs from what was read; no word: an empty one."""

    word: str = ""
    distance: float = 0.0

    def __bool__(self) -> bool:
        """Whether there is a word."""
        return bool(self.word)


@dataclass(frozen=True)
class Vocabulary:
    """Words by their characters, and which characters recognition takes for which."""

    words: frozenset[str]
    by_character: Mapping[str, frozenset[str]]
    alike: frozenset[tuple[str, str]]
    telling: str

    @classmethod
    def of(cls, words: Iterable[str], look_alikes: Mapping[str, str], telling: str) -> Vocabulary:
        """The words of more than one character that hold an ideograph."""
        chosen = frozenset(word for word in words if len(word) > 1 and IDEOGRAPH.search(word))
        by_character: dict[str, set[str]] = {}
        for word in chosen:
            for character in word:
                by_character.setdefault(character, set()).add(word)
        alike = frozenset((c, other) for c, others in look_alikes.items() for other in others)
        indexed = {character: frozenset(found) for character, found in by_character.items()}
        return cls(chosen, indexed, alike, telling)

    def nearest(self, seen: Seen) -> Match:
        """The one word that a recognised word is nearest to.

        None where none is near enough, where a second one is about as near, and for a word itself.
        """
        if len(seen.text) > LONGEST or not IDEOGRAPH.search(seen.text):
            return Match()
        return clearly_nearest(
            Match(word, distance)
            for word in self._candidates(seen)
            if (distance := self.distance(seen, word)) <= min(MOST, max(ALIKE, PER_CHARACTER * len(word)))
        )

    def at_the_end(self, seen: Seen, word: str) -> tuple[float, str]:
        """How many slips make a word the end of a text at least, and what is then left before it."""
        text = seen.text
        ends = range(max(0, len(text) - len(word) - 2), max(1, len(text) - len(word) + 3))
        return min((self.distance(Seen(text[end:], seen.others[end:]), word), text[:end]) for end in ends)

    def distance(self, seen: Seen, word: str) -> float:
        """How many slips make a word the text; infinite where telling characters stand against each other."""
        before = [0.0]
        for wanted in word:
            before.append(before[-1] + self._lost(wanted))
        for place, read in enumerate(seen.text):
            other = seen.other(place)
            extra = SCRAP if read in SCRAPS else self._lost(read)
            if "" in other and read not in self.telling:
                extra = min(extra, _told(other[""]))
            row = [before[0] + extra]
            for k, wanted in enumerate(word):
                cost = min(
                    before[k] + self._swap(read, wanted, other),
                    before[k + 1] + extra,
                    row[k] + self._lost(wanted),
                )
                if k and (both := word[k - 1] + wanted) in other and read in both:
                    cost = min(cost, before[k - 1] + _told(other[both]))
                row.append(cost)
            before = row
        return before[-1]

    def _candidates(self, seen: Seen) -> Iterable[str]:
        """Words that share so many characters with a text that they may be near."""
        shared: Counter[str] = Counter()
        read = {*seen.text, *(c for other in seen.others for text in other for c in text)}
        for character in read:
            shared.update(self.by_character.get(character, ()))
        for word, count in shared.items():
            short = abs(len(word) - len(seen.text))
            if count >= 0.4 * len(set(word)) and short <= max(2, 0.4 * len(word)):
                yield word

    def _lost(self, character: str) -> float:
        """What it costs that a character was not read, or was read and is not there."""
        if character in self.telling:
            return float("inf")
        return THIN if character == "一" else LOST

    def _swap(self, read: str, wanted: str, other: Mapping[str, float]) -> float:
        if read == wanted:
            return 0.0
        is_telling = wanted in self.telling
        if is_telling and read in self.telling:
            return float("inf")
        if other.get(wanted, 0.0) > (TELLING if is_telling or wanted.isnumeric() else 0.0):
            return _told(other[wanted])
        # Numbers tell words apart.
        if read.isnumeric() and wanted.isnumeric():
            return float("inf")
        return ALIKE if (wanted, read) in self.alike else SWAP


def clearly_nearest(matches: Iterable[Match]) -> Match:
    """The nearest of words, or none where a second one is about as near."""
    ranked = sorted(matches, key=lambda match: (match.distance, match.word))
    if not ranked or (len(ranked) > 1 and ranked[1].distance < ranked[0].distance + CLEARLY):
        return Match()
    return ranked[0]


def _told(probability: float) -> float:
    """What it costs to read what the reader itself took for as likely as this."""
    return ALIKE * (1 - probability)
