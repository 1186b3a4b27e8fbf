"""How two readings of one document differ, page by page, as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.extraction.model import Box, Page, ReadDocument

#: Boxes of cells come from rules or, in tables without rules, from where text ends (points).
CELL_BOX = 0.1
#: pdfium keeps advances as whole thousandths of the type size, so that a line printed in one go may
#: end somewhat off: by no more than this, and this share of its length.
LINE_BOX, LINE_SHARE = 0.1, 0.003


class Difference(NamedTuple):
    """Where two readings differ: ``kind`` is a short stable name, ``what`` shows it."""

    page: int
    kind: str
    what: str


def differences(reference: ReadDocument, other: ReadDocument) -> list[Difference]:
    """Everything in which ``other`` differs from ``reference``."""
    found = [
        Difference(0, name, f"{getattr(reference, name)} / {getattr(other, name)}")
        for name in ("outcome", "page_count", "producer", "creator", "title", "is_scanned", "problems")
        if getattr(reference, name) != getattr(other, name)
    ]
    if [page.number for page in reference.pages] != [page.number for page in other.pages]:
        return [*found, Difference(0, "pages", "other pages are read")]
    for one, two in zip(reference.pages, other.pages, strict=True):
        found.extend(_page_differences(one, two))
    if not found and _joined(reference) != _joined(other):
        found.append(Difference(0, "joined", "tables are joined otherwise"))
    return found


def _joined(document: ReadDocument) -> list[object]:
    return [
        (
            [(part.page, part.number) for part in table.parts],
            [line.text for line in table.lead],
            [line.text for line in table.trail],
            table.repeated_header_rows,
            table.broken_rows,
        )
        for table in document.tables
    ]


def _page_differences(one: Page, two: Page) -> Iterator[Difference]:
    for name in ("width", "height", "rotation", "turn", "is_image_only"):
        if getattr(one, name) != getattr(two, name):
            yield Difference(one.number, name, f"{getattr(one, name)} / {getattr(two, name)}")
    cells = [[c for table in page.tables for c in table.cells] for page in (one, two)]
    tables = [[(t.n_rows, t.n_columns, t.ruling) for t in page.tables] for page in (one, two)]
    places = [[(c.table, c.row, c.column, c.row_span, c.column_span) for c in each] for each in cells]
    if places[0] != places[1] or tables[0] != tables[1]:
        yield Difference(one.number, "grid", f"{tables[0]} / {tables[1]}")
    else:
        yield from _texts(one.number, "cell", [[c.text for c in each] for each in cells])
        yield from _boxes(one.number, "cell_box", [[c.box for c in each] for each in cells], CELL_BOX)
    marks = [[(line.in_table, line.is_slanted) for line in page.lines] for page in (one, two)]
    if marks[0] != marks[1]:
        yield Difference(one.number, "lines", f"{len(one.lines)} / {len(two.lines)} lines")
    else:
        yield from _texts(one.number, "line", [[line.text for line in p.lines] for p in (one, two)])
        boxes = [[line.box for line in page.lines] for page in (one, two)]
        yield from _boxes(one.number, "line_box", boxes, LINE_BOX, LINE_SHARE)


def _texts(page: int, kind: str, texts: list[list[str]]) -> Iterator[Difference]:
    for one, two in zip(*texts, strict=True):
        if one != two:
            is_blanks = re.sub(r"\s+", " ", one) == re.sub(r"\s+", " ", two)
            yield Difference(page, f"{kind}_blanks" if is_blanks else f"{kind}_text", f"{one!r} / {two!r}")
            return


def _boxes(
    page: int, kind: str, boxes: list[list[Box]], within: float, share: float = 0.0
) -> Iterator[Difference]:
    for one, two in zip(*boxes, strict=True):
        length = max(one.x1 - one.x0, one.bottom - one.top)
        off = max(abs(getattr(one, k) - getattr(two, k)) for k in ("x0", "top", "x1", "bottom"))
        if off > within + share * length:
            yield Difference(page, kind, f"{one} / {two}")
            return
