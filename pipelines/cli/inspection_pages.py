"""What was seen on each page of a document, ready to be laid over a picture of it and put beside it.

Row keys stand beside the paper and columns bear numbers that a table explains, so that no figure is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size

from pipelines.extraction.model import Box, Cell, Table, cell_id
from pipelines.extraction.picture import turned
from pipelines.statements.catalogue import Catalogue, load_catalogue
from pipelines.statements.model import LineItem, Note, SeenTable, Statement
from pipelines.warehouse.identities import IdentityResult
from pipelines.warehouse.inspection import Inspected, PageFrame
from pipelines.warehouse.repairing import Repair

# Points on an upright A4 page, more on a wider one: beside the paper for the keys of rows, above it, the
# letters of the keys.
_GUTTER, ABOVE, _MARGIN, _LABEL_SIZE = 96.0, 12.0, 8.0, 6.5
_A4 = 596.0
_RAISED = 2.5  # points by which a number stands above a table, clear of the words in its first row
_KEY_WIDTH = 24  # columns of a terminal that a key may take in the gutter
_WRONG = ("violated", "improbable")

Kind = Literal["amount", "doubt", "plain", "blank"]
#: What a column that holds no amounts is, for people.
ROLES: Mapping[str, tuple[str, str]] = {
    "code": ("科目编码", "code"),
    "label": ("行名称", "row label"),
    "free": ("行名称（自由文本）", "free row name"),
    "unit": ("单位", "unit"),
    "line_number": ("行次", "line number"),
    "remark": ("说明", "remark"),
    "text": ("文字", "text"),
}


@dataclass(frozen=True, slots=True)
class ColumnMeaning:
    """A column with the number it bears in the picture and what it was taken for."""

    mark: int
    index: int
    path: str
    name_zh: str
    name_en: str
    id: str
    is_understood: bool


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell of a page: its place in the picture and in the table, and what it was taken for."""

    id: str
    kind: Kind
    box: Box
    column: int
    row_span: int
    column_span: int
    text: str
    item: LineItem | None
    column_name: str
    why: str
    identities: tuple[IdentityResult, ...]
    read: str
    repair: Repair | None = None

    @property
    def quality(self) -> str:
        """How well the amount was read; empty for a cell that is none."""
        return self.item.reading_quality if self.item is not None else ""

    @property
    def is_wrong(self) -> bool:
        """Whether an identity that the figure stands in is not kept."""
        return any(result.verdict in _WRONG for result in self.identities)


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row of a table of a page; ``None`` stands for a place no cell covers."""

    keys: tuple[str, ...]
    cells: tuple[SeenCell | None, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside the paper."""

    x: float
    y: float
    size: float
    anchor: Literal["start", "end"]
    text: str
    whole: str
    is_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A column's number on the upper edge of its header."""

    x: float
    y: float
    column: ColumnMeaning


@dataclass(frozen=True, slots=True)
class SeenPart:
    """What of one table stands on a page."""

    table: SeenTable
    statement: Statement | None
    name_zh: str
    name_en: str
    candidates: tuple[tuple[str, str, float], ...]
    box: Box
    columns: tuple[ColumnMeaning, ...]
    heads: tuple[ColumnMeaning | None, ...]
    rows: tuple[SeenRow, ...]
    labels: tuple[Label, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page with the tables on it; sizes in points of the paper as it is read."""

    number: int
    width: float
    height: float
    left: float
    right: float
    picture: str
    why_no_picture: str
    is_scan: bool
    parts: tuple[SeenPart, ...]
    notes: tuple[Note, ...]
    wrong: tuple[IdentityResult, ...]


def seen_pages(
    found: Inspected, numbers: Sequence[int], pictures: Mapping[int, str], failures: Mapping[int, str]
) -> list[SeenPage]:
    """What was seen on the pages ``numbers``, in order.

    ``pictures`` are the file names of the pages drawn, ``failures`` why others could not be.
    """
    view = _View(found)
    frames = {frame.number: frame for frame in found.pages}
    pages = []
    for number in numbers:
        frame = frames.get(number) or PageFrame(number, 595.0, 842.0, 0, False)
        sideways = frame.turn % 180 != 0
        parts = tuple(view.parts(frame))
        sides = {label.anchor for part in parts for label in part.labels}
        width, height = (frame.height, frame.width) if sideways else (frame.width, frame.height)
        gutter = _GUTTER * _enlarged(width)
        pages.append(
            SeenPage(
                number=number,
                width=width,
                height=height,
                left=gutter if "end" in sides else _MARGIN,
                right=gutter if "start" in sides else _MARGIN,
                picture=pictures.get(number, ""),
                why_no_picture=failures.get(number, ""),
                is_scan=frame.is_image_only,
                parts=parts,
                notes=tuple(note for note in found.understood.notes if note.page == number),
                wrong=tuple(r for r in found.identities if r.page == number and r.verdict in _WRONG),
            )
        )
    return pages


class _View:
    """What is known of a document, looked up by cell, page and column."""

    def __init__(self, found: Inspected) -> None:
        understood = found.understood
        self.document_id = found.file.document_id
        self.catalogue: Catalogue = load_catalogue()
        self.statements = {s.statement_number: s for s in understood.statements}
        self.items = {item.cell_id: item for item in understood.line_items}
        self.repairs = {repair.cell_id: repair for repair in found.repairs}
        self.notes = {note.cell_id: note for note in understood.notes if note.cell_id}
        self.identities: dict[str, list[IdentityResult]] = defaultdict(list)
        for result in found.identities:
            # A blank that an identity reports has no cell; an operand may be the reported figure too.
            for one in dict.fromkeys((result.cell_id, *result.operand_cell_ids)):
                if one:
                    self.identities[one].append(result)
        self.tables: dict[int, list[tuple[SeenTable, Table]]] = defaultdict(list)
        for table in understood.tables:
            for part in table.parts:
                self.tables[part.page].append((table, part))

    def parts(self, frame: PageFrame) -> Iterator[SeenPart]:
        """The tables on a page from the top down."""
        on_page = sorted(self.tables[frame.number], key=lambda pair: _first(pair[1]))
        for table, part in on_page:
            if part.cells:
                yield self._part(table, part, frame)

    def _part(self, table: SeenTable, part: Table, frame: PageFrame) -> SeenPart:
        statement = self.statements.get(table.statement_number or 0)
        nearest = table.candidates[0][0] if table.candidates else ""
        columns = self._columns(table, nearest)
        by_index = {column.index: column for column in columns}
        # The columns are those of the first part; a part with others is not headed by them.
        same = part.n_columns == table.parts[0].n_columns
        names = {column.id: column.name_zh for column in columns}
        cells = [self._cell(cell, frame, statement, names) for cell in part.cells]
        form = self.catalogue.form(statement.statement_id).form if statement else None
        rows = _rows(part, cells)
        box = _around([cell.box for cell in cells])
        width = frame.height if frame.turn % 180 else frame.width
        return SeenPart(
            table=table,
            statement=statement,
            name_zh=form.name_zh if form else "",
            name_en=form.name_en if form else "",
            candidates=tuple(
                (form_id, self.catalogue.form(form_id).form.name_zh, score)
                for form_id, score in table.candidates
            ),
            box=box,
            columns=columns,
            heads=tuple(by_index.get(i) if same else None for i in range(_width(part))),
            rows=rows,
            labels=tuple(_labels(rows, width)),
            marks=tuple(_marks(cells, by_index)) if same and part is table.parts[0] else (),
        )

    def _columns(self, table: SeenTable, form_id: str) -> tuple[ColumnMeaning, ...]:
        found: list[ColumnMeaning] = []
        for column in table.columns:
            if not (column.path or column.role or column.column_id):
                continue
            zh, en = ROLES.get(column.role, ("", column.role))
            if column.column_id:
                meaning = self.catalogue.form(form_id).column(column.column_id)
                zh, en = meaning.name_zh, meaning.name_en
            known = bool(column.role or column.column_id)
            found.append(
                ColumnMeaning(
                    mark=len(found) + 1,
                    index=column.index,
                    path=" / ".join(column.path),
                    name_zh=zh if known else "未识别",
                    name_en=en if known else "not understood",
                    id=column.column_id or column.role,
                    is_understood=known,
                )
            )
        return tuple(found)

    def _cell(
        self, cell: Cell, frame: PageFrame, statement: Statement | None, names: Mapping[str, str]
    ) -> SeenCell:
        one = cell_id(self.document_id, cell)
        item = self.items.get(one)
        note = self.notes.get(one)
        kind: Kind = "amount" if item else "doubt" if note else "plain" if cell.text.strip() else "blank"
        column_name = ""
        if item is not None and statement is not None:
            column = self.catalogue.form(statement.statement_id).column(item.column_id)
            column_name = f"{column.name_zh} {column.name_en}"
        read = ""
        if cell.read_by == "ocr":
            sure = f" {cell.confidence:.0%}" if cell.confidence is not None else ""
            read = f"图像识别 OCR{sure}"
        return SeenCell(
            id=one,
            kind=kind,
            box=turned(cell.box, frame.width, frame.height, frame.turn),
            column=cell.column,
            row_span=max(cell.row_span, 1),
            column_span=max(cell.column_span, 1),
            text=cell.text,
            item=item,
            column_name=column_name,
            why=note.message if note else "",
            identities=tuple(self.identities.get(one, ())),
            read=read,
            repair=self.repairs.get(one),
        )


def _rows(part: Table, cells: Sequence[SeenCell]) -> tuple[SeenRow, ...]:
    """The rows of a part from its first to its last, with what fills the places no cell covers."""
    placed: dict[int, list[SeenCell]] = defaultdict(list)
    for cell, seen in zip(part.cells, cells, strict=True):
        placed[cell.row].append(seen)
    first, last = min(placed), max(placed)
    width = _width(part)
    covered: set[tuple[int, int]] = set()
    rows = []
    for number in range(first, last + 1):
        starts = {seen.column: seen for seen in reversed(placed[number])}
        shown: list[SeenCell | None] = []
        keys: list[str] = []
        for column in range(width):
            if (number, column) in covered:
                continue
            here = starts.get(column)
            shown.append(here)
            if here is None:
                continue
            covered |= {
                (number + r, column + c) for r in range(here.row_span) for c in range(here.column_span)
            }
            if here.item is not None and here.item.row_key not in keys:
                keys.append(here.item.row_key)
        rows.append(SeenRow(tuple(keys), tuple(shown)))
    return tuple(rows)


def _labels(rows: Sequence[SeenRow], width: float) -> Iterator[Label]:
    """What each row was taken for, beside the paper: left the first key of a row, right the others."""
    for row in rows:
        found: dict[str, list[SeenCell]] = {}
        for cell in row.cells:
            # In a row that is known, a figure without meaning is the column's doubt.
            if cell is not None and (cell.kind == "amount" or (cell.kind == "doubt" and not row.keys)):
                key = cell.item.row_key if cell.item else "？未识别"
                found.setdefault(key, []).append(cell)
        for place, (key, cells) in enumerate(found.items()):
            box = _around([cell.box for cell in cells])
            height = max(box.bottom - box.top, 1.0)
            size = min(_LABEL_SIZE * _enlarged(width), height * 0.9)
            short = key if cell_len(key) <= _KEY_WIDTH else set_cell_size(key, _KEY_WIDTH - 1).rstrip() + "…"
            y = (box.top + box.bottom) / 2 + size * 0.35
            if place > 1:
                y += size * 1.05 * (place - 1)
            label = cells[0].item.row_label if cells[0].item else cells[0].why
            yield Label(
                x=-4.0 if place == 0 else width + 4.0,
                y=y,
                size=size,
                anchor="end" if place == 0 else "start",
                text=short,
                whole=f"{key} {label}",
                is_doubt=cells[0].item is None,
            )


def _marks(cells: Sequence[SeenCell], columns: Mapping[int, ColumnMeaning]) -> Iterator[Mark]:
    """A number for each column on the upper edge of the highest cell that stands in it alone."""
    done: set[int] = set()
    top = min(cell.box.top for cell in cells)
    for cell in sorted(cells, key=lambda cell: (cell.box.top, cell.box.x0)):
        column = columns.get(cell.column)
        if column is not None and cell.column_span == 1 and cell.column not in done:
            done.add(cell.column)
            raised = _RAISED if cell.box.top <= top + 1 else 0.0
            yield Mark((cell.box.x0 + cell.box.x1) / 2, cell.box.top - raised, column)


def _enlarged(width: float) -> float:
    """By how much what stands beside a page of this width is larger, to be read as well when it is shown."""
    return max(1.0, width / _A4)


def _first(part: Table) -> tuple[float, float]:
    return min(((cell.box.top, cell.box.x0) for cell in part.cells), default=(0.0, 0.0))


def _width(part: Table) -> int:
    return max([part.n_columns, *(cell.column + max(cell.column_span, 1) for cell in part.cells)])


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes),
        min(box.top for box in boxes),
        max(box.x1 for box in boxes),
        max(box.bottom for box in boxes),
    )
