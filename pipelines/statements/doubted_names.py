"""Names of a document's own, recognised with doubt: what its other names and known words tell of them.

No catalogue has the name of a project, but a document prints it in several places, and most of it are words
that are known. A name below the doubt at which it names nothing is what it was read as where another place
was read alike; it is the one other name it differs from by no more than what its reader saw besides; and
what its reader saw besides counts where it makes known words of what is none. It stays in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace

from pipelines.extraction.model import Cell, ReadDocument
from pipelines.statements.printed_text import plain
from pipelines.statements.seen_words import IDEOGRAPH, SWAP, Match, Seen, Vocabulary

#: A name recognised with less confidence than this is another name as likely as not.
LEGIBLE = 0.5
#: What was read with more is certain.
CERTAIN = 0.97
#: Names of fewer characters than this differ by too little.
SHORTEST = 4
#: So many characters in a row that a known word has are a part of it.
PART = 3
#: What else was seen at a place makes it doubtful from this probability on; so likely must be what is taken.
DOUBTED = 0.1
#: What was seen besides at the worst place must make up this share of a name's doubt: else something is lost.
EXPLAINED = 0.6


def with_own_names(
    document: ReadDocument,
    scanned: Collection[int],
    words: Vocabulary,
    is_known: Callable[[str], bool],
    tell: Callable[[int, str, Match], None],
) -> ReadDocument:
    """The document with those illegible names of its scanned tables that others or known words tell.

    ``tell`` hears of every name that is taken for another than it was read as: page, text, what it is.
    """
    names = [
        cell for cell in _recognised(document, scanned) if _is_name(cell.text) and not is_known(cell.text)
    ]
    if all(cell.confidence is None or cell.confidence >= LEGIBLE for cell in names):
        return document
    read = Counter(plain(cell.text) for cell in names)
    legible = [
        plain(cell.text) for cell in names if cell.confidence is not None and cell.confidence >= LEGIBLE
    ]
    own = Vocabulary.of(legible, {}, words.telling)
    own = replace(own, alike=words.alike)
    parts = frozenset(part for word in (*words.words, *_certain(document, scanned)) for part in _parts(word))

    def told(cell: Cell) -> Cell:
        is_doubted = cell.read_by == "ocr" and cell.confidence is not None and cell.confidence < LEGIBLE
        if not is_doubted or not _is_name(cell.text) or is_known(cell.text):
            return cell
        levelled = plain(cell.text)
        if levelled in own.words and read[levelled] > 1:
            return replace(cell, confidence=LEGIBLE)
        found = _other_name(Seen.of(cell.text, cell.doubts), own) or _of_parts(cell, parts, words.alike)
        if not found:
            return cell
        if found.word != levelled:
            tell(cell.page, cell.text, found)
        return replace(cell, text=found.word, confidence=LEGIBLE, doubts=())

    tables = tuple(
        replace(
            table,
            parts=tuple(
                replace(part, cells=tuple(map(told, part.cells))) if part.page in scanned else part
                for part in table.parts
            ),
        )
        for table in document.tables
    )
    return replace(document, tables=tables)


def _recognised(document: ReadDocument, scanned: Collection[int]) -> Iterator[Cell]:
    for table in document.tables:
        for part in table.parts:
            if part.page in scanned:
                yield from (cell for cell in part.cells if cell.read_by == "ocr" and cell.text.strip())


def _certain(document: ReadDocument, scanned: Collection[int]) -> Iterator[str]:
    """The texts of scanned pages that were read for certain."""
    for cell in _recognised(document, scanned):
        if cell.confidence is not None and cell.confidence >= CERTAIN:
            yield plain(cell.text)
    for page in document.pages:
        if page.number in scanned:
            # What may be another character parts what is certain. Lines of tables do not say what may be.
            for line in (line for line in page.lines if not line.in_table):
                doubted = {doubt.at for doubt in line.doubts}
                characters = [each for each in line.text if not each.isspace()]
                yield "".join(" " if at in doubted else each for at, each in enumerate(characters))


def _is_name(text: str) -> bool:
    levelled = plain(text)
    return len(levelled) >= SHORTEST and len(IDEOGRAPH.findall(levelled)) >= SHORTEST


def _parts(word: str) -> Iterator[str]:
    for at in range(len(word) - PART + 1):
        part = word[at : at + PART]
        if len(IDEOGRAPH.findall(part)) == PART:
            yield part


def _other_name(seen: Seen, own: Vocabulary) -> Match:
    """The legible name of the document that is meant, no number of which is another; or none."""
    nearest = own.nearest(seen)
    if not nearest or nearest.distance >= SWAP or _numbers(nearest.word) != _numbers(seen.text):
        return Match()
    return nearest


def _numbers(text: str) -> list[str]:
    return [character for character in text if character.isnumeric()]


def _of_parts(cell: Cell, parts: Collection[str], alike: Collection[tuple[str, str]]) -> Match:
    """The name with each character in doubt as one that known words have beside its neighbours, or none.

    None where one of them stands in no known part, or in several; and where more is in doubt than these.
    """
    characters = [each for each in cell.text if not each.isspace()]
    text = "".join(characters)
    if len(plain(text)) != len(text) or cell.confidence is None:
        return Match()
    others = {doubt.at: dict(doubt.alternatives) for doubt in cell.doubts}
    doubted = [at for at, other in sorted(others.items()) if sum(other.values()) >= DOUBTED]
    worst = max((sum(others[at].values()) for at in doubted), default=0.0)
    if not doubted or worst < EXPLAINED * (1 - cell.confidence):
        return Match()
    distance = 0.0
    for at in doubted:
        possible = {
            other
            for other in {text[at], *_possible(text[at], others[at], alike)}
            if _is_in_part(text[:at] + other + text[at + 1 :], at, parts)
        }
        if len(possible) != 1:
            return Match()
        (other,) = possible
        distance += (1 - others[at].get(other, 0.0)) if other != text[at] else 0.0
        text = text[:at] + other + text[at + 1 :]
    return Match(plain(text), distance)


def _possible(read: str, other: Mapping[str, float], alike: Collection[tuple[str, str]]) -> set[str]:
    """What a character may be: what was seen besides it, and what is read as it."""
    seen = {text for text, p in other.items() if len(text) == 1 and p >= DOUBTED and not text.isnumeric()}
    return seen | {wanted for wanted, taken in alike if taken == read}


def _is_in_part(text: str, at: int, parts: Collection[str]) -> bool:
    first, last = max(0, at - PART + 1), min(at, len(text) - PART)
    return any(text[begin : begin + PART] in parts for begin in range(first, last + 1))
