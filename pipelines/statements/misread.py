"""Known words read with a slip in a picture: put back to the catalogue's spelling where only one fits.

Recognition takes 目 for 日 and loses a thin 一. Titles, header words, row labels and names of codes are
a closed set, so that a slip in one shows. Only words recognised with doubt are looked at, only the one
nearest word is taken, and never where a character that tells one word from another (预, 决) stands
against its like. Figures are not touched here. Every change is told in a note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from pipelines.extraction.model import Cell, ReadDocument, Table, TextLine
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.statements.code_names import codes_of_name, names_of_codes
from pipelines.statements.model import Note
from pipelines.statements.printed_text import label_of, plain
from pipelines.statements.titles import title_core, title_scores, without_decoration

#: A word recognised with more confidence than this is what is printed.
CERTAIN = 0.97
#: Slips cost so much: a like character for another, a scrap of a rule too many, a thin 一 too few, any
#: other character for another, any other too many or too few.
ALIKE, SCRAP, THIN, SWAP, LOST = 0.4, 0.3, 0.4, 1.0, 1.5
#: What scraps of rules are recognised as.
SCRAPS = frozenset("|1lI_-—–.,'’`~·:;!、")
#: A word may differ by this much for each of its characters, and by so much at most.
PER_CHARACTER, MOST = 0.2, 3.0
#: The next word must be farther away by this much.
CLEARLY = 0.5
#: A title that scores so much needs no mending; one of fewer characters is no title.
KNOWN, SHORTEST_TITLE = 0.9, 5
#: Longest words that are looked at (characters).
LONGEST = 60

_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_STROKE_BEFORE = re.compile(r"^[_—–－ー丶~-]?、")
_BEFORE = re.compile(r"^[^\u4e00-\u9fff(]+")
#: What specks are recognised as where no other character stands.
_DUST = re.compile(r"[.,·•。、'`’:;]+")
_SCRAPPED_CODE = re.compile(r"[\W_]+([235]\d{2}(?:\d{2}){0,2})|([235]\d{2}(?:\d{2}){0,2})[\W_]+")
_CODE = re.compile(r"[235]\d{2}(?:\d{2}){0,2}")


@dataclass(frozen=True)
class Vocabulary:
    """Words by their characters, and which characters recognition takes for which."""

    words: frozenset[str]
    by_character: dict[str, frozenset[str]]
    alike: frozenset[tuple[str, str]]
    telling: str

    def nearest(self, text: str) -> str:
        """The one word that a text is nearest to, or an empty string.

        Empty where none is near enough, where a second one is about as near, and for a word itself.
        """
        if len(text) > LONGEST or not _IDEOGRAPH.search(text):
            return ""
        ranked = sorted(
            (distance, word)
            for word in self._candidates(text)
            if (distance := self._distance(text, word)) <= min(MOST, max(ALIKE, PER_CHARACTER * len(word)))
        )
        if not ranked or (len(ranked) > 1 and ranked[1][0] < ranked[0][0] + CLEARLY):
            return ""
        return ranked[0][1]

    def at_the_end(self, text: str, word: str) -> tuple[float, str]:
        """How many slips make a word the end of a text at least, and what is then left before it."""
        ends = range(max(0, len(text) - len(word) - 2), max(1, len(text) - len(word) + 3))
        return min((self._distance(text[end:], word), text[:end]) for end in ends)

    def _candidates(self, text: str) -> Iterable[str]:
        """Words that share so many characters with a text that they may be near."""
        shared: Counter[str] = Counter()
        for character in set(text):
            shared.update(self.by_character.get(character, ()))
        for word, count in shared.items():
            short = abs(len(word) - len(text))
            if count >= 0.4 * len(set(word)) and short <= max(2, 0.4 * len(word)):
                yield word

    def _distance(self, text: str, word: str) -> float:
        """How many slips make a word the text; infinite where telling characters stand against each other."""
        before = [0.0]
        for wanted in word:
            before.append(before[-1] + self._lost(wanted))
        for read in text:
            extra = SCRAP if read in SCRAPS else self._lost(read)
            row = [before[0] + extra]
            for k, wanted in enumerate(word):
                swapped = before[k] + self._swap(read, wanted)
                row.append(min(swapped, before[k + 1] + extra, row[k] + self._lost(wanted)))
            before = row
        return before[-1]

    def _lost(self, character: str) -> float:
        """What it costs that a character was not read, or was read and is not there."""
        if character in self.telling:
            return float("inf")
        return THIN if character == "一" else LOST

    def _swap(self, read: str, wanted: str) -> float:
        if read == wanted:
            return 0.0
        if read in self.telling and wanted in self.telling:
            return float("inf")
        return ALIKE if (wanted, read) in self.alike else SWAP


@cache
def _vocabulary() -> tuple[Vocabulary, Vocabulary]:
    """The words of cells, and the titles."""
    catalogue = load_catalogue()
    names = names_of_codes(catalogue.wording.functional_codes_file) | names_of_codes(
        catalogue.wording.economic_codes_file
    )
    cells: set[str] = {*catalogue.canonical_word, *catalogue.role_of_word, *catalogue.total_words, *names}
    for form in catalogue.forms:
        cells.update(part for label in form.by_label for part in label.split("/"))
        cells.update(form.patterns)
        cells.update(map(plain, form.form.free_row_keys))
        cells.update(map(plain, form.form.text_columns))
    titles = {title for title, _ in catalogue.titles}
    return _of(cells, catalogue), _of(titles, catalogue)


def _of(words: Iterable[str], catalogue: Catalogue) -> Vocabulary:
    chosen = frozenset(word for word in words if len(word) > 1 and _IDEOGRAPH.search(word))
    by_character: dict[str, set[str]] = {}
    for word in chosen:
        for character in word:
            by_character.setdefault(character, set()).add(word)
    alike = frozenset((c, other) for c, others in catalogue.look_alikes.items() for other in others)
    indexed = {character: frozenset(found) for character, found in by_character.items()}
    return Vocabulary(chosen, indexed, alike, catalogue.wording.telling_characters)


def with_known_words(document: ReadDocument, catalogue: Catalogue) -> tuple[ReadDocument, list[Note]]:
    """The document with the misread words of its scanned pages mended, and a note for each of them.

    Pages with a text layer stay as they are. What the cells of the lake keep is what was recognised.
    """
    scanned = {page.number for page in document.pages if page.is_image_only}
    if not scanned:
        return document, []
    notes: list[Note] = []
    pages = tuple(
        replace(page, lines=tuple(_line(line, catalogue, notes) for line in page.lines))
        if page.number in scanned
        else page
        for page in document.pages
    )
    tables = tuple(
        replace(
            table,
            parts=tuple(
                _part(part, catalogue, notes) if part.page in scanned else part for part in table.parts
            ),
            lead=_lines(table.lead, scanned, catalogue),
            trail=_lines(table.trail, scanned, catalogue),
        )
        for table in document.tables
    )
    return replace(document, pages=pages, tables=tables), notes


def _lines(lines: Sequence[TextLine], scanned: set[int], catalogue: Catalogue) -> tuple[TextLine, ...]:
    return tuple(_line(line, catalogue, []) if line.page in scanned else line for line in lines)


def _line(line: TextLine, catalogue: Catalogue, notes: list[Note]) -> TextLine:
    """A line outside of tables: a title, or the unit; lines of tables stand in their cells."""
    if line.in_table or line.is_slanted:
        return line
    mended = with_known_title(line.text, catalogue) or with_known_unit(line.text, catalogue)
    if not mended:
        return line
    notes.append(_note(line.page, line.text, mended))
    return replace(line, text=mended)


def with_known_title(text: str, catalogue: Catalogue) -> str:
    """The line with the title that it can only be, or an empty string."""
    levelled = plain(text)
    core = title_core(text, catalogue)
    titles = _vocabulary()[1]
    bare = without_decoration(core, catalogue)
    if len(bare) < SHORTEST_TITLE or bare in titles.words or bare not in levelled:
        return ""
    simple = bare.translate(catalogue.simplified)
    if max(title_scores(text, catalogue).values(), default=0.0) >= KNOWN:
        mended = _with_longer_title(simple, titles)
    else:
        mended = titles.nearest(simple)
    return levelled.replace(bare, mended, 1) if mended else ""


def _with_longer_title(text: str, titles: Vocabulary) -> str:
    """A line that ends with a title, with the one longer title that it ends with but for slips, or nothing.

    What stands before a title is its owner's name, of which nothing is known, or the beginning of a longer
    title: 般公共顾算财政拨款支出决算表 is not somebody's 财政拨款支出决算表.
    """
    known = max((title for title in titles.words if text.endswith(title)), key=len, default="")
    rest = text[: len(text) - len(known)]
    longer = sorted(
        (distance, title, owner)
        for title in titles.words
        if known and title.endswith(known) and len(title) > len(known)
        for distance, owner in [titles.at_the_end(rest, title[: len(title) - len(known)])]
        if distance <= min(MOST, PER_CHARACTER * len(title))
    )
    if not longer or (len(longer) > 1 and longer[1][0] < longer[0][0] + CLEARLY):
        return ""
    _, title, owner = longer[0]
    return owner + title


def with_known_unit(text: str, catalogue: Catalogue) -> str:
    """The line with the unit that it can only state, or an empty string."""
    levelled = plain(text)
    units = catalogue.wording.units
    found = re.fullmatch(r"(.*?)(.)(.)[:：](.{1,4})", levelled)
    if found is None:
        return ""
    before, first, second, read = found.groups()
    is_said = first == "单" or second == "位"
    read = read.strip("()")
    if not is_said or (first + second == "单位" and read in units):
        return ""
    meant = {read} & set(units) or {
        unit
        for unit in units
        if len(unit) == len(read)
        and all(
            is_read == wanted or is_read in catalogue.look_alikes.get(wanted, "")
            for wanted, is_read in zip(unit, read, strict=True)
        )
    }
    return f"{before}单位:{meant.pop()}" if len(meant) == 1 else ""


def _part(part: Table, catalogue: Catalogue, notes: list[Note]) -> Table:
    cells = [_cell(cell, catalogue, notes) for cell in part.cells]
    rows: dict[int, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(place)
    for row in rows.values():
        for left, right in pairwise(sorted(row, key=lambda place: cells[place].column)):
            if code := _code(cells[left], cells[right], catalogue):
                notes.append(_note(part.page, cells[left].text, code))
                cells[left] = replace(cells[left], text=code)
    return replace(part, cells=tuple(cells))


def _cell(cell: Cell, catalogue: Catalogue, notes: list[Note]) -> Cell:
    if cell.read_by != "ocr" or cell.confidence is None or cell.confidence >= CERTAIN:
        return cell
    if _DUST.fullmatch(plain(cell.text)):
        return replace(cell, text="")
    if found := _SCRAPPED_CODE.fullmatch(plain(cell.text)):
        return replace(cell, text=found.group(1) or found.group(2))
    mended = with_known_label(cell.text, catalogue) or with_known_title(cell.text, catalogue)
    mended = mended or with_known_unit(cell.text, catalogue)
    if not mended:
        return cell
    notes.append(_note(cell.page, cell.text, mended))
    return replace(cell, text=mended)


def with_known_label(text: str, catalogue: Catalogue) -> str:
    """A header word or label with the known word that it can only be, or an empty string.

    A label that begins with 、 has lost the 一 before it; a mere stroke before 、 is one.
    """
    levelled = plain(text)
    if not _IDEOGRAPH.search(levelled):
        return ""
    whole = _STROKE_BEFORE.sub("一、", levelled)
    words = _vocabulary()[0]
    label = label_of(whole)
    if label in words.words or whole in words.words or catalogue.header_word(whole) in words.words:
        return whole if whole != levelled else ""
    found = _BEFORE.match(label)
    bare = label[found.end() :] if found else label
    simple = bare.translate(catalogue.simplified)
    nearest = simple if simple in words.words else words.nearest(label.translate(catalogue.simplified))
    if not nearest:
        return whole if whole != levelled else ""
    return whole.replace(label, nearest, 1)


def _code(cell: Cell, name: Cell, catalogue: Catalogue) -> str:
    """The code that can only be meant beside a name, where one digit of it was misread; else empty.

    Only where the code as read is not one that has the name, and one code alone that has it differs
    from what was read by one digit.
    """
    read = plain(cell.text)
    is_doubted = cell.read_by == "ocr" and cell.confidence is not None and cell.confidence < CERTAIN
    if not is_doubted or not _CODE.fullmatch(read):
        return ""
    files = (catalogue.wording.functional_codes_file, catalogue.wording.economic_codes_file)
    named = {code for file in files for code in codes_of_name(name.text, None, file)}
    if read in named:
        return ""
    near = {code for code in named if len(code) == len(read) and _differences(code, read) == 1}
    return near.pop() if len(near) == 1 else ""


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _note(page: int, text: str, mended: str) -> Note:
    return Note("word_misread", f"recognised as {plain(text)}, taken for {plain(mended)}", page, plain(text))
