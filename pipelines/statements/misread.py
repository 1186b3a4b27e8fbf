"""Known words read with a slip in a picture: put back to the catalogue's spelling where only one fits.

Recognition takes 目 for 日 and loses a thin 一. Titles, header words, row labels, units and names of codes
are closed sets, so that a slip in one shows. Only words recognised with doubt are looked at, and only the one
nearest word is taken (``seen_words``). Figures are not touched here. Every change is told in a note, with a
score from 1 down: by how little the word differs from what the reader saw.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from pipelines.extraction.model import Cell, Doubt, ReadDocument, Table, TextLine
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.statements.code_names import codes_of_name, is_listed, names_of_codes
from pipelines.statements.doubted_names import CERTAIN, with_own_names
from pipelines.statements.model import Note
from pipelines.statements.printed_text import label_of, plain
from pipelines.statements.seen_words import (
    ALIKE,
    CLEARLY,
    IDEOGRAPH,
    MOST,
    PER_CHARACTER,
    SWAP,
    THIN,
    Match,
    Seen,
    Vocabulary,
    clearly_nearest,
)
from pipelines.statements.titles import title_core, title_scores, without_decoration
from pipelines.statements.units import unit_in

#: A unit differs by no more than this for each of its characters.
ALIKE_UNIT = 0.5
#: A title that scores so much needs no mending; one of fewer characters is no title.
KNOWN, SHORTEST_TITLE = 0.9, 5
#: A character that the reader held this likely may be the one that is printed.
POSSIBLE = 0.03

_STROKE_BEFORE = re.compile(r"^[_—–－ー丶~-]、")
_LOST_NUMBER = re.compile(r"^(?:[_—–－ー丶~-]?、|[.,·])(?=.)")
_BEFORE = re.compile(r"^[^\u4e00-\u9fff(]+")
#: What is left of a number before a label.
_LOST_BEFORE = re.compile(r"[^\w(]+")
#: What specks and scraps of rules are recognised as where no other character stands.
_DUST = re.compile(r"[.,·•。、'`’:;_|]+|一")
_SCRAPPED_CODE = re.compile(r"[\W_]+([235]\d{2}(?:\d{2}){0,2})|([235]\d{2}(?:\d{2}){0,2})[\W_]+")
_CODE = re.compile(r"[235]\d{2}(?:\d{2}){0,2}")
_LIST_NUMBER = re.compile(r"[一二三四五六七八九十]+、")
#: A line that states a unit, with one of 单位 misread or none.
_STATED_UNIT = re.compile(r"(.*?)(.)(.)[:：](.{1,4})")


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
        cells.update(map(plain, form.form.row_names))
    titles = {title for title, _ in catalogue.titles}
    alike, telling = catalogue.look_alikes, catalogue.wording.telling_characters
    return Vocabulary.of(cells, alike, telling), Vocabulary.of(titles, alike, telling)


def is_known_word(text: str) -> bool:
    """Whether a text is a header word, a label or a name that the catalogue has."""
    words = _vocabulary()[0].words
    return plain(text) in words or label_of(text) in words


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
    document = replace(document, pages=pages, tables=tables)
    document = with_own_names(
        document,
        scanned,
        _vocabulary()[0],
        is_known_word,
        lambda page, text, name: notes.append(_note(page, text, name)),
    )
    return _with_the_units_of_others(document, scanned, catalogue, notes), notes


def _lines(lines: Sequence[TextLine], scanned: set[int], catalogue: Catalogue) -> tuple[TextLine, ...]:
    return tuple(_line(line, catalogue, []) if line.page in scanned else line for line in lines)


def _line(line: TextLine, catalogue: Catalogue, notes: list[Note]) -> TextLine:
    """A line outside of tables: a title, or the unit; lines of tables stand in their cells."""
    if line.in_table or line.is_slanted:
        return line
    mended = with_known_title(line.text, catalogue, line.doubts)
    mended = mended or with_known_unit(line.text, catalogue, line.doubts)
    if not mended:
        return line
    notes.append(_note(line.page, line.text, mended))
    return replace(line, text=mended.word, doubts=())


def with_known_title(text: str, catalogue: Catalogue, doubts: Sequence[Doubt] = ()) -> Match:
    """The line with the title that it can only be, or none. ``doubts`` are its characters in doubt."""
    levelled = plain(text)
    core = title_core(text, catalogue)
    titles = _vocabulary()[1]
    bare = without_decoration(core, catalogue)
    if len(bare) < SHORTEST_TITLE or bare in titles.words or bare not in levelled:
        return Match()
    seen = Seen.of(text, doubts).part(bare).translated(catalogue.simplified)
    score = max(title_scores(text, catalogue).values(), default=0.0)
    mended = _with_longer_title(seen, titles) if score >= KNOWN else titles.nearest(seen)
    if not mended and not score:
        mended = _as_also_seen(seen, catalogue)
    return _in_place(levelled, bare, mended)


def _in_place(whole: str, part: str, mended: Match) -> Match:
    """A text with a known word in the place of a part of it."""
    return mended._replace(word=whole.replace(part, mended.word, 1)) if mended else mended


def _with_longer_title(seen: Seen, titles: Vocabulary) -> Match:
    """A line that ends with a title, with the one longer title that it ends with but for slips, or nothing.

    What stands before a title is its owner's name, of which nothing is known, or the beginning of a longer
    title: 般公共顾算财政拨款支出决算表 is not somebody's 财政拨款支出决算表.
    """
    text = seen.text
    known = max((title for title in titles.words if text.endswith(title)), key=len, default="")
    rest = Seen(text[: len(text) - len(known)], seen.others[: len(text) - len(known)])
    longer = sorted(
        (distance, title, owner)
        for title in titles.words
        if known and title.endswith(known) and len(title) > len(known)
        for distance, owner in [titles.at_the_end(rest, title[: len(title) - len(known)])]
        if distance <= min(MOST, PER_CHARACTER * len(title))
    )
    if not longer or (len(longer) > 1 and longer[1][0] < longer[0][0] + CLEARLY):
        return Match()
    distance, title, owner = longer[0]
    return Match(owner + title, distance)


def _as_also_seen(seen: Seen, catalogue: Catalogue) -> Match:
    """A line that names no form, with the one character the reader held possible with which it names one.

    For titles that the catalogue has not word for word but understands: 部门预算收支批复总表 read as 部内….
    """
    telling = catalogue.wording.telling_characters
    possible = [
        Match(f"{seen.text[:place]}{other}{seen.text[place + 1 :]}", ALIKE)
        for place, read in enumerate(seen.text)
        for other, likely in seen.other(place).items()
        if len(other) == 1 and likely >= POSSIBLE and read not in telling and other not in telling
    ]
    named = [match for match in possible if title_scores(match.word, catalogue)]
    return named[0] if len(named) == 1 else Match()


def with_known_unit(text: str, catalogue: Catalogue, doubts: Sequence[Doubt] = ()) -> Match:
    """The line with the unit that it can only state, or none. ``doubts`` are its characters in doubt."""
    found = _STATED_UNIT.fullmatch(plain(text))
    if found is None:
        return Match()
    before, first, second, said = found.groups()
    units = catalogue.wording.units
    is_said = first == "单" or second == "位"
    read = said.strip("()")
    if not is_said or (first + second == "单位" and read in units):
        return Match()
    seen = Seen.of(text, doubts).part(read)
    words = _vocabulary()[0]
    # A stroke too many is no part of another unit: 1元 is no 元 but what is left of a 万元 or 千元.
    near = [Match(unit, words.distance(seen, unit)) for unit in units if len(unit) == len(read)]
    meant = Match(read) if read in units else clearly_nearest(near)
    # Which character stands for a 元 does not matter beside a 万, unless it was read for certain: 万人.
    is_doubted = any(seen.others)
    if not meant or meant.distance > len(read) * ALIKE_UNIT or (meant.distance >= SWAP and not is_doubted):
        return Match()
    return meant._replace(word=f"{before}单位:{meant.word}")


def _with_the_units_of_others(
    document: ReadDocument, scanned: set[int], catalogue: Catalogue, notes: list[Note]
) -> ReadDocument:
    """The document where an illegible unit of two characters is that which its other tables state.

    Only where all that state one state the same, of as many characters, one of which was read here.
    """
    stated = {
        unit
        for page in document.pages
        for line in page.lines
        if not line.is_slanted and (unit := unit_in(line.text, catalogue))
    }
    if len(stated) != 1:
        return document
    unit = stated.pop()

    def mended(line: TextLine) -> TextLine:
        found = _STATED_UNIT.fullmatch(plain(line.text))
        if line.page not in scanned or line.in_table or line.is_slanted or found is None:
            return line
        before, first, second, said = found.groups()
        read = said.strip("()")
        is_like = len(read) == len(unit) > 1 and any(a == b for a, b in zip(read, unit, strict=True))
        if not (first == "单" or second == "位") or not is_like or read in catalogue.wording.units:
            return line
        return replace(line, text=f"{before}单位:{unit}", doubts=())

    notes.extend(
        _note(line.page, line.text, Match(as_others.text, SWAP))
        for page in document.pages
        for line in page.lines
        if (as_others := mended(line)) is not line
    )
    return replace(
        document,
        pages=tuple(replace(page, lines=tuple(map(mended, page.lines))) for page in document.pages),
        tables=tuple(
            replace(table, lead=tuple(map(mended, table.lead)), trail=tuple(map(mended, table.trail)))
            for table in document.tables
        ),
    )


def _part(part: Table, catalogue: Catalogue, notes: list[Note]) -> Table:
    cells = [_cell(cell, catalogue, notes) for cell in part.cells]
    rows: dict[int, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell.text.strip():
            rows.setdefault(cell.row, []).append(place)
    for row in rows.values():
        for left, right in pairwise(sorted(row, key=lambda place: cells[place].column)):
            is_mended = cells[right].text != part.cells[right].text
            if code := _code(cells[left], cells[right], catalogue, is_mended=is_mended):
                notes.append(_note(part.page, cells[left].text, Match(code, SWAP)))
                cells[left] = replace(cells[left], text=code, doubts=())
    return replace(part, cells=tuple(cells))


def _cell(cell: Cell, catalogue: Catalogue, notes: list[Note]) -> Cell:
    if cell.read_by != "ocr" or cell.confidence is None:
        return cell
    # However sure the rest is: a label that begins with 、 has lost its number.
    if cell.confidence >= CERTAIN and not _LOST_NUMBER.match(plain(cell.text)):
        return cell
    if _DUST.fullmatch(plain(cell.text)):
        return replace(cell, text="")
    if found := _SCRAPPED_CODE.fullmatch(plain(cell.text)):
        return replace(cell, text=found.group(1) or found.group(2))
    mended = with_known_label(cell.text, catalogue, cell.doubts)
    # A row with a number of its own is no title: 二十一、国有资本经营预算支出 has lost no 表.
    if not mended and not _LIST_NUMBER.match(plain(cell.text)):
        mended = with_known_title(cell.text, catalogue, cell.doubts)
    mended = mended or with_known_unit(cell.text, catalogue, cell.doubts)
    if not mended and (simple := cell.text.translate(catalogue.simplified)) != cell.text:
        mended = Match(simple)
    if not mended:
        return cell
    notes.append(_note(cell.page, cell.text, mended))
    return replace(cell, text=mended.word, doubts=())


def with_known_label(text: str, catalogue: Catalogue, doubts: Sequence[Doubt] = ()) -> Match:
    """A header word or label with the known word that it can only be, or none.

    Of a label that begins with 、 the number was lost: it is that which the known word has, and a mere stroke
    before 、 is 一. ``doubts`` are its characters in doubt.
    """
    levelled = plain(text)
    if not IDEOGRAPH.search(levelled):
        return Match()
    words = _vocabulary()[0]
    whole = _numbered(levelled, words)
    with_number = Match(whole, THIN) if whole != levelled else Match()
    label = label_of(whole)
    if label in words.words or whole in words.words or catalogue.header_word(whole) in words.words:
        return with_number
    nearest = words.nearest(Seen.of(text, doubts).translated(catalogue.simplified))
    if _LIST_NUMBER.match(nearest.word):
        return nearest
    found = _BEFORE.match(label)
    bare = label[found.end() :] if found else label
    simple = bare.translate(catalogue.simplified)
    seen = Seen.of(text, doubts).part(label).translated(catalogue.simplified)
    nearest = Match(simple) if simple in words.words else words.nearest(seen)
    if not nearest and found and _LOST_BEFORE.fullmatch(found.group()):
        nearest = words.nearest(seen.part(bare))
    return _in_place(whole, label, nearest) if nearest else with_number


def _numbered(label: str, words: Vocabulary) -> str:
    """A label with the number that it lost before its 、, where a known word or a stroke tells it."""
    found = _LOST_NUMBER.match(label)
    if found is None:
        return label
    end = f"、{label[found.end() :]}"
    known = [word for word in words.words if word.endswith(end) and len(word) == len(end) + 1]
    return known[0] if len(known) == 1 else _STROKE_BEFORE.sub("一、", label)


def _code(cell: Cell, name: Cell, catalogue: Catalogue, *, is_mended: bool) -> str:
    """The code that can only be meant beside a name, where one digit of it was misread; else empty.

    Only where the code as read is not one that has the name, and one code alone that has it differs
    from what was read by one digit. A name that ``is_mended`` is no evidence against a code that there is.
    """
    read = plain(cell.text)
    is_doubted = cell.read_by == "ocr" and cell.confidence is not None and cell.confidence < CERTAIN
    if not is_doubted or not _CODE.fullmatch(read):
        return ""
    files = (catalogue.wording.functional_codes_file, catalogue.wording.economic_codes_file)
    named = {code for file in files for code in codes_of_name(name.text, None, file)}
    if read in named or (is_mended and any(is_listed(read, file) for file in files)):
        return ""
    near = {code for code in named if len(code) == len(read) and _differences(code, read) == 1}
    return near.pop() if len(near) == 1 else ""


def _differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _note(page: int, text: str, mended: Match) -> Note:
    read, word = plain(text), plain(mended.word)
    score = 1 - mended.distance / max(len(word), 1)
    return Note("word_misread", f"recognised as {read}, taken for {word} (score {score:.2f})", page, read)
