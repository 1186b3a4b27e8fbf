"""Tables of single pages become the tables their authors meant: over page ends, with their titles.

A part goes on the table before it when it is the next table of the document, starts a later page,
has the same outline and columns that fit, and no text of its own stands before it (a repeated
title or a "continued" mark is not its own). A new title before a table makes a new one, whatever
its columns. Page numbers and running heads are no text of anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from pipelines.extraction.aligned_regions import LONGEST_HEAD, UNIT, foot_words
from pipelines.extraction.breaks import goes_on_broken, repeated_header
from pipelines.extraction.model import Box, JoinedTable, Page, PageBefore, Table, TextLine
from pipelines.extraction.normalise import normalise_text

#: Column edges of two parts are the same when they differ by no more than this (points).
SAME_EDGE = 4.0
#: A running head or foot stands on at least this many pages ...
RUNNING_PAGES = 3
#: ... and on at least this share of the pages that have text.
RUNNING_SHARE = 0.4
#: The same place on another page, in points.
SAME_PLACE = 3.0
#: With so many edges in common tables of two pages are one though an edge stands elsewhere.
MANY_EDGES = 6
#: Page numbers stand within this share of the page's height from its upper or lower edge.
MARGIN = 0.1

_PAGE_NUMBER = re.compile(
    r"[-–—―~·.\s|]*(?:第\s*)?(?:\d{1,4}|[ivxlc]{1,6})\s*(?:页|/\s*\d{1,4})?(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?[-–—―~·.\s|]*",
    re.IGNORECASE,
)
_NUMBERED_FOOT = re.compile(r"(?:^|\s)[-–—]\s?\d{1,4}\s?[-–—]$|第\s?\d{1,4}\s?页")
_CONTINUED = re.compile(r"[(\[（]?\s*(?:续\s*表?\s*\d*|接上[页表]|continued)\s*[)\]）]?", re.IGNORECASE)


def join_tables(pages: Sequence[Page]) -> tuple[JoinedTable, ...]:
    """All tables of a document in order, parts on following pages joined, with the text around.

    The text before the first table is its lead, the text after the last one its trail; the trail of
    one table is the lead of the next (a document without tables has its text in its pages only).
    Columns of joined parts are counted over the edges of all parts together, so that the same
    column number means the same column in each part.
    """
    furniture = page_furniture(pages)
    entries: list[tuple[Table, list[TextLine]]] = []
    pending: list[TextLine] = []
    for page in pages:
        waiting = [
            line
            for k, line in enumerate(page.lines)
            if not line.in_table and (page.number, k) not in furniture
        ]
        for table in page.tables:
            top = _reading_span(page, table.box)[0]
            before = [line for line in waiting if sum(_reading_span(page, line.box)) / 2 < top]
            waiting = [line for line in waiting if sum(_reading_span(page, line.box)) / 2 >= top]
            entries.append((table, pending + before))
            pending = []
        pending.extend(waiting)
    groups: list[list[Table]] = []
    leads: list[list[TextLine]] = []
    for table, lead in entries:
        if groups and _goes_on(groups[-1], leads[-1], table, lead):
            groups[-1].append(table)
        else:
            groups.append([table])
            leads.append(lead)
    ends = [*leads[1:], pending] if leads else []
    lines = {page.number: page.lines for page in pages}
    return tuple(
        _joined(parts, lead, trail, lines) for parts, lead, trail in zip(groups, leads, ends, strict=True)
    )


def page_furniture(pages: Sequence[Page]) -> set[tuple[int, int]]:
    """Which lines, as (page number, index in ``lines``), are page numbers or running heads and feet.

    A page number is the outermost line of a page near its edge that is nothing but a number, or at
    the foot one that holds a number the way page numbers are written ("- 5 -", 第 5 页). A running
    head or foot is the outermost line with the same words at the same place on many pages; in a
    foot a number that counts with the pages may differ, and at the very edge of a page its height.
    (Not in a head: 公开01表, 公开02表 over
    statements of one page each would look just so.) Lines printed aslant are furniture too.
    """
    found: set[tuple[int, int]] = set()
    outer: list[_Outermost] = []
    for page in pages:
        free = [k for k, line in enumerate(page.lines) if not line.in_table and not line.is_slanted]
        found.update((page.number, k) for k, line in enumerate(page.lines) if line.is_slanted)
        while free and _is_page_number(page, page.lines[free[-1]], is_foot=True):
            found.add((page.number, free.pop()))
        while free and _is_page_number(page, page.lines[free[0]], is_foot=False):
            found.add((page.number, free.pop(0)))
        if free:
            outer.append(_outermost(page, free[0], is_foot=False))
            # A line with a table below it is no foot: 单位：万元 over each table would look like one.
            end = _reading_span(page, page.lines[free[-1]].box)[1]
            # Nor is it with the table on the next page.
            if UNIT.search(page.lines[free[-1]].text) is None and all(
                _reading_span(page, table.box)[0] < end for table in page.tables
            ):
                outer.append(_outermost(page, free[-1], is_foot=True))
    enough = max(RUNNING_PAGES, RUNNING_SHARE * sum(bool(page.lines) for page in pages))
    alike: dict[tuple[str, int], list[_Outermost]] = {}
    for each in outer:
        for step in (-1, 0, 1):
            alike.setdefault((each.words, each.slot + step), []).append(each)
    for each in outer:
        others = alike[each.words, each.slot]
        if len(others) >= enough and _count_with_pages(others):
            found.add((each.page, each.line))
    return found


def page_before(pages: Sequence[Page]) -> PageBefore:
    """What the last page leaves to the next: the unruled table at its end, and its numbered foot."""
    if not pages:
        return PageBefore()
    foot, number = _foot(pages[-1])
    earlier, earlier_number = _foot(pages[-2]) if len(pages) > 1 else ("", 0)
    counts = bool(foot) and foot == earlier and number in (earlier_number + 1, 1)
    heads_table = _ends_with_unit(pages[-1])
    edges = _end_edges(pages[-1], has_foot=counts)
    is_open = bool(edges) and pages[-1].tables[-1].ruling == "none"
    return PageBefore(edges if is_open else (), edges, foot, number, heads_table)


def _ends_with_unit(page: Page) -> bool:
    """Whether nothing but the foot stands below a line that states the unit of a table's money."""
    free = [line for line in page.lines if not line.in_table and not line.is_slanted]
    stated = [k for k, line in enumerate(free) if UNIT.search(line.text) and len(line.text) < LONGEST_HEAD]
    if not stated:
        return False
    end = _reading_span(page, free[stated[-1]].box)[1]
    is_last = all(_reading_span(page, table.box)[1] <= end for table in page.tables)
    edge = (page.width if page.turn in (90, 270) else page.height) * (1 - MARGIN)
    below = [line for line in free[stated[-1] + 1 :] if _reading_span(page, line.box)[0] < edge]
    return is_last and not below


def _foot(page: Page) -> tuple[str, int]:
    """The words of a line with one number at the foot of a page, outside tables, and its number."""
    free = [line for line in page.lines if not line.in_table and not line.is_slanted]
    if free and free[-1].box.top > page.height * (1 - MARGIN):
        foot, numbers = foot_words(free[-1].text)
        if len(numbers) == 1:
            return foot, numbers[0]
    return "", 0


def _end_edges(page: Page, *, has_foot: bool) -> tuple[float, ...]:
    """The column edges of the table that ends a page; nothing if text stands below it.

    ``has_foot`` says that the last line is one that counts with the pages.
    """
    if not page.tables:
        return ()
    end = _reading_span(page, page.tables[-1].box)[1]
    free = [line for line in page.lines if not line.in_table and not line.is_slanted]
    below = [
        line for line in (free[:-1] if has_foot else free) if sum(_reading_span(page, line.box)) / 2 > end
    ]
    if any(not _is_page_number(page, line, is_foot=True) for line in below):
        return ()
    return page.tables[-1].column_edges


class _Outermost(NamedTuple):
    """The first or last free line of a page: its words, its place, and the numbers left out of a foot."""

    page: int
    line: int
    words: str
    slot: int
    numbers: tuple[int, ...] = ()


def _outermost(page: Page, index: int, *, is_foot: bool) -> _Outermost:
    line = page.lines[index]
    words = normalise_text(line.text)
    if not is_foot:
        return _Outermost(page.number, index, words, round(line.box.top / SAME_PLACE))
    numbers = tuple(int(number) for number in re.findall(r"\d{1,9}", words))
    # At the very edge the place is left out: sections with other margins set their feet elsewhere.
    edge = page.height - line.box.bottom
    slot = round(edge / SAME_PLACE) if edge > page.height * MARGIN else 0
    return _Outermost(page.number, index, "foot " + re.sub(r"\d{1,9}", "#", words), slot, numbers)


def _count_with_pages(lines: Sequence[_Outermost]) -> bool:
    """Whether each number in lines alike is the same in all of them or counts with the pages.

    The pages of a new section may be counted from 1 again.
    """
    in_order = sorted(lines)
    return all(
        len(set(column)) == 1
        or all(
            number - before == each.page - last.page or number == 1
            for (before, last), (number, each) in pairwise(zip(column, in_order, strict=True))
        )
        for column in zip(*(each.numbers for each in in_order), strict=True)
    )


def _reading_span(page: Page, box: Box) -> tuple[float, float]:
    """Where a box begins and ends down the page as one reads it (see ``Page.turn``)."""
    if page.turn == 90:
        return box.x0, box.x1
    if page.turn == 180:
        return page.height - box.bottom, page.height - box.top
    if page.turn == 270:
        return page.width - box.x1, page.width - box.x0
    return box.top, box.bottom


def _is_page_number(page: Page, line: TextLine, *, is_foot: bool) -> bool:
    # Page numbers stand at the edge of the paper, which a sideways print does not turn.
    distance = min(line.box.top, page.height - line.box.bottom)
    if page.turn in (90, 270):
        distance = min(distance, line.box.x0, page.width - line.box.x1)
    if distance > page.height * MARGIN:
        return False
    text = normalise_text(line.text)
    return bool(_PAGE_NUMBER.fullmatch(text) or (is_foot and _NUMBERED_FOOT.search(text)))


def _goes_on(parts: list[Table], first_lead: list[TextLine], table: Table, lead: list[TextLine]) -> bool:
    """Whether a table goes on the one whose parts were found so far."""
    last = parts[-1]
    if table.number != 1 or table.page <= last.page or table.page - last.page > 1:
        return False
    if not _columns_fit(last.column_edges, table.column_edges):
        return False
    own = [text for text in (normalise_text(line.text) for line in lead) if not _CONTINUED.fullmatch(text)]
    if not own:
        return True
    known = [normalise_text(line.text) for line in first_lead]
    return own == known[-len(own) :] and repeated_header(parts[0], table) > 0


def _columns_fit(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether the same outline holds both, with the inner edges of one among those of the other.

    A part may lack edges: below the header a column may never be divided, or the other way round.
    Pages with mirrored margins shift the whole table, so edges are compared from the left one.
    An edge seen from text alone is an estimate: of as many edges one may stand elsewhere.
    """
    few, many = sorted((list(one), list(other)), key=len)
    shift = many[0] - few[0]
    if abs(few[-1] + shift - many[-1]) > SAME_EDGE:
        return False
    elsewhere = sum(all(abs(edge + shift - e) > SAME_EDGE for e in many) for edge in few)
    return len(few) > 2 and elsewhere <= (len(few) == len(many) >= MANY_EDGES)


def _joined(
    parts: list[Table],
    lead: list[TextLine],
    trail: list[TextLine],
    lines: Mapping[int, Sequence[TextLine]],
) -> JoinedTable:
    if len(parts) > 1:
        parts = _same_columns(parts)
    headers = tuple(repeated_header(parts[0], part) if k else 0 for k, part in enumerate(parts))
    broken = tuple(
        k
        for k in range(1, len(parts))
        if goes_on_broken(parts[k - 1], parts[k], headers[k], lines[parts[k - 1].page])
    )
    return JoinedTable(
        parts=tuple(parts),
        lead=tuple(lead),
        trail=tuple(trail),
        repeated_header_rows=headers,
        broken_rows=broken,
    )


def _same_columns(parts: list[Table]) -> list[Table]:
    """The parts with their columns counted over the edges of the part that has most."""
    edges = max((part.column_edges for part in parts), key=len)
    return [_recounted(part, edges) for part in parts]


def _recounted(table: Table, edges: Sequence[float]) -> Table:
    """The table with its columns counted over ``edges`` (which hold its own within SAME_EDGE)."""
    if len(table.column_edges) == len(edges):
        return table
    shift = edges[0] - table.column_edges[0]
    place = [
        min(range(len(edges)), key=lambda k: abs(edges[k] - edge - shift)) for edge in table.column_edges
    ]
    cells = tuple(
        replace(
            cell,
            column=place[cell.column],
            column_span=place[cell.column + cell.column_span] - place[cell.column],
        )
        for cell in table.cells
    )
    return replace(
        table,
        cells=cells,
        n_columns=len(edges) - 1,
        column_edges=tuple(round(edge - shift, 2) for edge in edges),
    )
