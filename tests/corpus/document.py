"""A whole document: covers, headings, statements and narrative in order, onto a sheet, with its truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.corpus.contents import Content
from tests.corpus.drawing import Drawn, TableStyle, draw_grid, least_height
from tests.corpus.forms import Form, build, number_format
from tests.corpus.grid import Grid, GridCell
from tests.corpus.sheet import EMBEDDED, PageStyle, Sheet


@dataclass(frozen=True, slots=True)
class TruthRow:
    """One printed amount of a statement: where it stands and what it means. ``box`` as seen, in points."""

    document: str
    page: int
    statement_id: str
    row_key: str
    row_label: str
    column_id: str
    printed: str
    yuan: Decimal
    unit: str
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TitlePage:
    """A cover: lines in large type, from a third of the page downwards."""

    lines: tuple[str, ...]
    date: str = ""
    size: float = 24.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the text; ``level`` 0 a part (centred), 1 a section, 2 a subsection."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of narrative."""

    text: str


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of the table of contents."""

    text: str
    indent: float = 0.0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of the narrative that is no statement: rows of texts under a header row."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class StatementBlock:
    """A statement in its form."""

    form: Form
    content: Content


#: How much of a page must be left for another statement to begin on it, in points.
LEAST_ROOM = 200.0
#: What the head of a statement needs, in points.
HEAD_HEIGHT = 74.0
Block = TitlePage | Heading | Prose | ListLine | TextTable | StatementBlock


@dataclass(frozen=True, slots=True)
class TextStyle:
    """Type of the narrative and its page."""

    size: float = 13.0
    leading: float = 26.0
    page: PageStyle = field(default_factory=PageStyle)
    heading_size: float = 14.0
    part_size: float = 18.0


@dataclass(frozen=True, slots=True)
class Plan:
    """All there is to draw of one file."""

    document: str
    title: str
    department: str
    year: int
    blocks: tuple[Block, ...]
    text: TextStyle = field(default_factory=TextStyle)
    font_name: str = EMBEDDED
    packed: bool = False
    """Statements follow each other on a page where its kind is the same and room is left."""
    fake_bold: bool = False
    watermark: str = ""
    """Printed grey and slanting across every page."""
    stray_marks: bool = False
    """Short strokes and dots lie about the margins, as from a copier."""
    title_at_foot: bool = False
    """The head of a statement stands at the foot of the page before its grid."""


@dataclass(frozen=True, slots=True)
class MadeStatement:
    """A statement as it came out: its pages, and the rows and columns it prints."""

    statement_id: str
    first_page: int
    last_page: int
    unit: str
    is_empty: bool
    row_keys: tuple[str, ...]
    column_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file: its bytes, pages and truth."""

    pdf: bytes
    pages: int
    truth: tuple[TruthRow, ...]
    statements: tuple[MadeStatement, ...]


def make(plan: Plan) -> Made:
    """Draw a plan."""
    return _Maker(plan).make()


class _Maker:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.sheet = Sheet(plan.title, plan.font_name)
        self.sheet.fake_bold = plan.fake_bold
        self.sheet.watermark = plan.watermark
        self.sheet.stray_marks = plan.stray_marks
        self.truth: list[TruthRow] = []
        self.statements: list[MadeStatement] = []
        self.in_text = False

    def make(self) -> Made:
        for block in self.plan.blocks:
            getattr(self, "_" + type(block).__name__.lower())(block)
        pages = self.sheet.page
        return Made(self.sheet.finish(), pages, tuple(self.truth), tuple(self.statements))

    def _text_page(self) -> None:
        self.sheet.new_page(self.plan.text.page)
        self.in_text = True

    def _ensure_text(self) -> None:
        if not self.in_text:
            self._text_page()

    def _titlepage(self, block: TitlePage) -> None:
        self._text_page()
        self.in_text = False
        sheet = self.sheet
        sheet.y = sheet.style.height * 0.24
        for line in block.lines:
            sheet.line(line, block.size, "center", bold=True, gap=block.size * 0.7)
        if block.date:
            sheet.y = sheet.style.height * 0.78
            sheet.line(block.date, 15, "center")

    def _heading(self, block: Heading) -> None:
        if block.new_page or not self.in_text:
            self._text_page()
        style, sheet = self.plan.text, self.sheet
        if block.level == 0:
            sheet.line(block.text, style.part_size, "center", bold=True, gap=style.part_size * 0.6)
            sheet.y += 8
        else:
            if sheet.room < style.leading * 2:
                sheet.new_page()
            sheet.paragraph(
                block.text,
                style.heading_size if block.level == 1 else style.size,
                style.leading,
                2,
                bold=True,
            )

    def _prose(self, block: Prose) -> None:
        self._ensure_text()
        self.sheet.paragraph(block.text, self.plan.text.size, self.plan.text.leading)

    def _listline(self, block: ListLine) -> None:
        self._ensure_text()
        self.sheet.paragraph(
            block.text, self.plan.text.size, self.plan.text.leading, block.indent, block.bold
        )

    def _texttable(self, block: TextTable) -> None:
        self._ensure_text()
        if self.sheet.room < 40 + 26 * len(block.rows):
            self.sheet.new_page()
        if block.title:
            self.sheet.line(block.title, self.plan.text.size, "center", gap=8)
        cells = [
            GridCell(row, column, text, align="center" if row == 0 else "left", bold=row == 0)
            for row, texts in enumerate(block.rows)
            for column, text in enumerate(texts)
        ]
        grid = Grid(block.widths, len(block.rows), 1, tuple(cells))
        draw_grid(self.sheet, grid, TableStyle(size=10.5, row_height=22))
        self.sheet.y += 12

    def _statementblock(self, block: StatementBlock) -> None:
        plan, form, content, sheet = self.plan, block.form, block.content, self.sheet
        page = PageStyle(**form.settings["page"])
        fields = {
            "year": plan.year,
            "department": plan.department,
            "unit": content.unit or number_format(form).unit,
        }
        style = TableStyle(**form.settings["table"])
        grid = build(form, content, plan.year)
        follows = plan.packed and not self.in_text and sheet.page > 0 and sheet.style == page
        if follows:
            follows = sheet.room > max(LEAST_ROOM, HEAD_HEIGHT + least_height(sheet, grid, style))
        if follows:
            sheet.y += 24
        else:
            sheet.new_page(page)
            if plan.title_at_foot:
                sheet.y = page.height - page.bottom - HEAD_HEIGHT
        self.in_text = False
        self._statement_head(form, fields)
        if plan.title_at_foot and not follows:
            sheet.new_page(page)
        notes = form.texts("empty_notes" if content.is_empty else "notes", **fields)
        note_height = style.size * 1.45
        breaks = tuple(int(each) for each in form.settings.get("breaks") or ())
        tail = min(len(notes), 4) * note_height + 8
        first_page = sheet.page
        drawn = draw_grid(sheet, grid, style, breaks, tail)
        self.statements.append(
            MadeStatement(
                form.statement_id,
                first_page,
                sheet.page,
                str(fields["unit"]),
                content.is_empty,
                grid.row_keys,
                grid.column_ids,
            )
        )
        sheet.y += 3
        for note in notes:
            sheet.line(note, style.size, gap=style.size * 0.45)
        self._note_truth(form, content, drawn)

    def _statement_head(self, form: Form, fields: Mapping[str, object]) -> None:
        sheet, size = self.sheet, float(form.settings.get("head_size", 9.5))
        label = form.text("label", **fields)
        align = form.settings.get("label_align", "left")
        if label:
            sheet.line(label, size, align, gap=6)
        sheet.line(
            form.text("title", **fields), float(form.settings.get("title_size", 15)), "center", True, gap=10
        )
        left, right = form.text("head_left", **fields), form.text("head_right", **fields)
        sheet.text(sheet.style.left, sheet.y, left, size)
        sheet.text(sheet.style.width - sheet.style.right, sheet.y, right, size, "right")
        sheet.y += size + 4

    def _note_truth(self, form: Form, content: Content, drawn: Sequence[Drawn]) -> None:
        unit = content.unit or number_format(form).unit
        for each in drawn:
            tag = each.tag
            self.truth.append(
                TruthRow(
                    self.plan.document,
                    each.page,
                    form.statement_id,
                    tag.row_key,
                    tag.row_label,
                    tag.column_id,
                    each.printed,
                    tag.yuan,
                    unit,
                    each.box,
                )
            )
