"""The narrative as sentences: printed lines put together over line ends and page ends.

A sentence keeps the pages and boxes of the lines it is printed on, so that a claim made of it can be
shown in its place. Headings are kept apart: they say which section a sentence stands in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipelines.extraction.model import Box, ReadDocument, TextLine
from pipelines.extraction.normalise import normalise_text

SPACE = re.compile(r"\s+")
PAGE_NUMBER = re.compile(r"^[-—–―\s·第]*\d{1,4}[-—–―\s·页]*$")
# Levels of headings, upper first: 第一部分, 一、, （一）.
HEADINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^第[一二三四五六七八九十]+部分",
        r"^[一二三四五六七八九十]+、",
        r"^\([一二三四五六七八九十]+\)",
    )
)
CONTENTS = re.compile(r"^目[录次]$")
# Dots and the page number that lead from a heading to its page.
LEADER = re.compile(r"[.…·]{2,}\d*$")
# A shorter heading of the contents page is no name of its own.
NAMING_LENGTH = 4
SENTENCE_END = "。;!?"
# A heading is one short printed line without the punctuation of running text.
HEADING_LENGTH = 45
#: As many lines as nearly any document has.
LINES_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and where it is printed.

    ``text`` is normalised without spaces; ``places`` gives the offset in it of the first character
    of each printed line, with the line's page and box.
    """

    section: str
    text: str
    places: tuple[tuple[int, int, Box], ...]

    def place(self, offset: int) -> tuple[int, Box]:
        """Page and box of the printed line on which the character at ``offset`` stands."""
        page, box = self.places[0][1], self.places[0][2]
        for start, line_page, line_box in self.places:
            if start <= offset:
                page, box = line_page, line_box
        return page, box


@lru_cache(maxsize=LINES_KEPT)
def running_text(text: str) -> str:
    """Printed text normalised and without any space: spaces in running text carry nothing.

    Kept for the lines of a document, which every step of its reading asks for again.
    """
    return SPACE.sub("", normalise_text(text))


def narrative_lines(document: ReadDocument) -> list[TextLine]:
    """The lines of running text: outside tables, without page numbers and running heads.

    A running head is a line printed alike, but for its digits, at the same height on at least half
    of the pages (and on three at least).
    """
    lines = [line for page in document.pages for line in page.lines if not line.in_table]
    heads = _running_heads(lines)
    often = max(3, len(document.pages) // 2)
    return [
        line
        for line in lines
        if (text := running_text(line.text)) and not PAGE_NUMBER.match(text) and heads[_head_of(line)] < often
    ]


def _head_of(line: TextLine) -> tuple[str, int]:
    return re.sub(r"\d+", "#", running_text(line.text)), round(line.box.top / 4)


def _running_heads(lines: Iterable[TextLine]) -> Counter[tuple[str, int]]:
    seen = {(*_head_of(line), line.page) for line in lines}
    return Counter((text, height) for text, height, _ in seen)


def sentences(document: ReadDocument) -> list[Sentence]:
    """All sentences of the narrative in reading order, each with its section heading."""
    found: list[Sentence] = []
    headings: dict[int, str] = {}
    contents, lines, _ = _without_contents(narrative_lines(document))
    for paragraph in _paragraphs(lines, contents):
        first = running_text(paragraph[0].text)
        level = _heading_level(first, contents)
        if len(paragraph) == 1 and level is not None:
            headings = {above: text for above, text in headings.items() if above < level}
            headings[level] = first.removesuffix("。")
            continue
        section = " ".join(text for above, text in sorted(headings.items()) if above > 0)
        found.extend(_split(section, paragraph))
    return found


def contents_lines(document: ReadDocument) -> list[TextLine]:
    """The lines of the page of contents (目录)."""
    return _without_contents(narrative_lines(document))[2]


def headings(document: ReadDocument) -> list[TextLine]:
    """Short printed lines without the punctuation of running text, outside the page of contents."""
    return [
        line
        for line in _without_contents(narrative_lines(document))[1]
        if len(text := running_text(line.text)) <= HEADING_LENGTH and not re.search(r"[。;,]", text)
    ]


def sentences_of_tables(document: ReadDocument) -> list[Sentence]:
    """Sentences printed in cells of tables: work reports, reasons, results of projects."""
    found: list[Sentence] = []
    for page in document.pages:
        for table in page.tables:
            for cell in table.cells:
                text = running_text(cell.text)
                if len(text) > HEADING_LENGTH and re.search(r"[。;,]", text):
                    line = TextLine(cell.page, text, cell.box)
                    found.extend(_split("", [line]))
    return found


def _without_contents(
    lines: list[TextLine],
) -> tuple[dict[str, int], list[TextLine], list[TextLine]]:
    """The headings that the page of contents lists, without numbers, with levels; other lines; its own.

    The page of contents ends with its page, or goes on to the next with headings not listed before.
    """
    entries: dict[str, int] = {}
    listed: set[str] = set()
    kept: list[TextLine] = []
    own: list[TextLine] = []
    page = None
    for line in lines:
        text = LEADER.sub("", running_text(line.text))
        if CONTENTS.match(text):
            page = line.page
            continue
        level = _heading_level(text, {})
        if page is not None and line.page == page + 1 and level is not None and text not in listed:
            page = line.page
        if page is None or line.page != page:
            page = None
            kept.append(line)
            continue
        own.append(line)
        listed.add(text)
        name = HEADINGS[level].sub("", text) if level is not None else ""
        if level is not None and len(name) >= NAMING_LENGTH:
            entries.setdefault(name, level)
    return entries, kept, own


def _heading_level(text: str, contents: Mapping[str, int]) -> int | None:
    """The level of a heading, by its number or because the page of contents lists it; None for other text."""
    # Some end a heading with a full stop.
    text = text.removesuffix("。")
    # A line that ends inside a figure, or states a rate, is running text whatever it begins with.
    if len(text) > HEADING_LENGTH or re.search(r"[。;,:]|\d万?元|\d%|\d\.?\d$", text):
        return None
    numbered = next((level for level, heading in enumerate(HEADINGS) if heading.match(text)), None)
    if numbered is not None:
        return numbered
    return next((level for name, level in contents.items() if text.endswith(name)), None)


def _paragraphs(lines: list[TextLine], contents: Mapping[str, int]) -> Iterator[list[TextLine]]:
    """Lines that belong together: a heading stands alone; a new one follows the end of a sentence."""
    paragraph: list[TextLine] = []
    for line in lines:
        text = running_text(line.text)
        if paragraph:
            before = running_text(paragraph[-1].text)
            # A colon ends a line of its own only in lists; in running text the sentence goes on.
            if (
                before.endswith(tuple("。;!?"))
                or _heading_level(text, contents) is not None
                or (len(paragraph) == 1 and _heading_level(before, contents) is not None)
            ):
                yield paragraph
                paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _split(section: str, paragraph: list[TextLine]) -> Iterator[Sentence]:
    text = ""
    places: list[tuple[int, int, Box]] = []
    for line in paragraph:
        printed = running_text(line.text)
        start = 0
        while start < len(printed):
            ends = [at for at in (printed.find(mark, start) for mark in SENTENCE_END) if at >= 0]
            stop = min(ends) + 1 if ends else len(printed)
            places.append((len(text), line.page, line.box))
            text += printed[start:stop]
            start = stop
            if ends:
                yield Sentence(section, text, tuple(places))
                text, places = "", []
    if text:
        yield Sentence(section, text, tuple(places))
