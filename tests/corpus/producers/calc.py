"""Plans as spreadsheets (flat ODS), printed by LibreOffice Calc: a sheet per statement, as most publish."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.corpus.document import Heading, ListLine, Plan, Prose, StatementBlock, TitlePage
from tests.corpus.grid import GridCell
from tests.corpus.printed import PrintedStatement, printed_statement
from tests.corpus.sheet import FONT_FILE, MARK

PROGRAMS = ("soffice", "libreoffice")
FONT = "WenQuanYi Micro Hei"
LIMIT_SECONDS = 600
NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
    )
)
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


def print_plans(plans: Sequence[Plan]) -> list[bytes]:
    """The PDFs of some plans by one run of LibreOffice. Raises RuntimeError where one is missing."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "fonts.conf").write_text(
            FONTCONFIG.format(fonts=Path(FONT_FILE).parent, cache=folder / "cache"), encoding="utf-8"
        )
        files = []
        for number, plan in enumerate(plans):
            files.append(folder / f"plan{number:05d}.fods")
            files[-1].write_text(spreadsheet(plan), encoding="utf-8")
        done = subprocess.run(
            [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(folder),
                *map(str, files),
            ],
            capture_output=True,
            timeout=LIMIT_SECONDS,
            check=False,
            env={**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf"), "HOME": name},
        )
        missing = [each.name for each in files if not each.with_suffix(".pdf").exists()]
        if missing:
            raise RuntimeError(f"LibreOffice printed no {missing[0]}: {done.stderr.decode()[-500:]}")
        return [each.with_suffix(".pdf").read_bytes() for each in files]


def spreadsheet(plan: Plan) -> str:
    """The whole document as a flat ODS file."""
    statements = [
        printed_statement(plan, block) for block in plan.blocks if isinstance(block, StatementBlock)
    ]
    first = next(at for at, block in enumerate(plan.blocks) if isinstance(block, StatementBlock))
    last = max(at for at, block in enumerate(plan.blocks) if isinstance(block, StatementBlock))
    before, after = _texts(plan, 0, first), _texts(plan, last, len(plan.blocks))
    styles, sheets = _Styles(), []
    sheets.append(_text_sheet("封面", before, styles))
    sheets += [_sheet(statement, f"表{n}", styles) for n, statement in enumerate(statements, 1)]
    if after:
        sheets.append(_text_sheet("说明", after, styles))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMESPACES} office:version="1.2" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f"<office:automatic-styles>{styles.automatic()}</office:automatic-styles>"
        f"<office:master-styles>{styles.master()}</office:master-styles>"
        f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
        "</office:document>"
    )


def _texts(plan: Plan, first: int, last: int) -> list[str]:
    texts: list[str] = []
    for block in plan.blocks[first:last]:
        if isinstance(block, TitlePage):
            texts += block.lines
        elif isinstance(block, Heading | Prose | ListLine):
            texts.append(block.text)
    return texts


class _Styles:
    """Collects automatic styles and page layouts; the same properties give the same name."""

    def __init__(self) -> None:
        self.cells: dict[str, str] = {}
        self.columns: dict[float, str] = {}
        self.rows: dict[float, str] = {}
        self.pages: dict[tuple[float, ...], str] = {}

    def cell(self, align: str, size: float, border: str, bold: bool, wraps: bool) -> str:
        """The style of a cell."""
        weight = 'fo:font-weight="bold" style:font-weight-asian="bold"' if bold else ""
        wrapping = "wrap" if wraps else "no-wrap"
        xml = (
            f'<style:table-cell-properties {border} fo:padding="1.5pt" style:vertical-align="middle" '
            f'fo:wrap-option="{wrapping}" style:shrink-to-fit="{str(not wraps).lower()}"/>'
            f'<style:paragraph-properties fo:text-align="{"end" if align == "right" else align}"/>'
            f'<style:text-properties style:font-name="{FONT}" fo:font-family={quoteattr(FONT)} '
            f'style:font-family-asian={quoteattr(FONT)} fo:font-size="{size}pt" '
            f'style:font-size-asian="{size}pt" {weight}/>'
        )
        return self.cells.setdefault(xml, f"ce{len(self.cells)}")

    def column(self, width: float) -> str:
        """The style of a column ``width`` points wide."""
        return self.columns.setdefault(round(width, 1), f"co{len(self.columns)}")

    def row(self, height: float) -> str:
        """The style of a row at least ``height`` points high."""
        return self.rows.setdefault(height, f"ro{len(self.rows)}")

    def sheet(self, *page: float) -> str:
        """The style of a sheet printed on pages of width, height, left, right, top, bottom."""
        return self.pages.setdefault(page, f"page{len(self.pages)}")

    def automatic(self) -> str:
        """All of them as XML."""
        parts = [
            f'<style:style style:name="{name}" style:family="table-cell">{xml}</style:style>'
            for xml, name in self.cells.items()
        ]
        parts += [
            f'<style:style style:name="{name}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width}pt"/></style:style>'
            for width, name in self.columns.items()
        ]
        parts += [
            f'<style:style style:name="{name}" style:family="table-row"><style:table-row-properties '
            f'style:row-height="{height}pt" style:use-optimal-row-height="true"/></style:style>'
            for height, name in self.rows.items()
        ]
        for page, name in self.pages.items():
            width, height, left, right, top, bottom = page
            parts.append(
                f'<style:style style:name="ta-{name}" style:family="table" style:master-page-name="{name}">'
                "<style:table-properties/></style:style>"
                f'<style:page-layout style:name="pl-{name}"><style:page-layout-properties '
                f'fo:page-width="{width}pt" fo:page-height="{height}pt" '
                f'style:print-orientation="{"landscape" if width > height else "portrait"}" '
                f'fo:margin-left="{left}pt" fo:margin-right="{right}pt" fo:margin-top="{top}pt" '
                f'fo:margin-bottom="{bottom - 20}pt" style:scale-to-X="1" style:scale-to-Y="0" '
                'style:print="objects charts drawings"/>'
                '<style:footer-style><style:header-footer-properties fo:min-height="18pt"/>'
                "</style:footer-style>"
                "</style:page-layout>"
            )
        return "".join(parts)

    def master(self) -> str:
        """The pages with the mark at their foot."""
        return "".join(
            f'<style:master-page style:name="{name}" style:page-layout-name="pl-{name}"><style:footer>'
            f"<text:p>{MARK} <text:page-number>1</text:page-number></text:p>"
            "</style:footer></style:master-page>"
            for name in self.pages.values()
        )


def _text_sheet(name: str, texts: list[str], styles: _Styles) -> str:
    style = styles.cell("left", 12, "", False, True)
    rows = "".join(
        f'<table:table-row table:style-name="{styles.row(28)}"><table:table-cell table:style-name="{style}" '
        f'office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell></table:table-row>'
        for text in texts
    )
    sheet = styles.sheet(595.28, 841.89, 72, 72, 72, 64)
    return (
        f'<table:table table:name="{name}" table:style-name="ta-{sheet}">'
        f'<table:table-column table:style-name="{styles.column(450)}"/>{rows}</table:table>'
    )


def _sheet(statement: PrintedStatement, name: str, styles: _Styles) -> str:
    page, grid = statement.settings["page"], statement.grid
    inner = page["width"] - page["left"] - page["right"] - 2
    whole = sum(grid.widths)
    columns = "".join(
        f'<table:table-column table:style-name="{styles.column(inner * width / whole)}"/>'
        for width in grid.widths
    )
    head = list(_head(statement, styles))
    header = [_row(statement, row, styles) for row in range(grid.header_rows)]
    body = [_row(statement, row, styles) for row in range(grid.header_rows, grid.n_rows)]
    n_columns = len(grid.widths)
    notes = [_wide(note, "left", 8, n_columns, styles) for note in statement.notes]
    repeated = "".join(header)
    if statement.table.get("repeat_header"):
        repeated = f"<table:table-header-rows>{repeated}</table:table-header-rows>"
    sheet = styles.sheet(*(float(page[key]) for key in ("width", "height", "left", "right", "top", "bottom")))
    return (
        f'<table:table table:name="{name}" table:style-name="ta-{sheet}">{columns}{"".join(head)}'
        f"{repeated}{''.join(body)}{''.join(notes)}</table:table>"
    )


def _head(statement: PrintedStatement, styles: _Styles) -> Iterator[str]:
    n_columns = len(statement.grid.widths)
    if statement.label:
        yield _wide(statement.label, statement.label_align, 9.5, n_columns, styles)
    yield _wide(statement.title, "center", 15, n_columns, styles, bold=True)
    half = max(1, n_columns // 2)
    left = _spanned(statement.left, 1, half, styles.cell("left", 9.5, "", False, False))
    rest = n_columns - half
    right = _spanned(statement.right, 1, rest, styles.cell("right", 9.5, "", False, False)) if rest else ""
    yield f'<table:table-row table:style-name="{styles.row(18)}">{left}{right}</table:table-row>'


def _wide(text: str, align: str, size: float, n_columns: int, styles: _Styles, bold: bool = False) -> str:
    style = styles.cell(align, size, "", bold, size < 10)
    cell = _spanned(text, 1, n_columns, style)
    return f'<table:table-row table:style-name="{styles.row(size * 1.8)}">{cell}</table:table-row>'


def _spanned(text: str, rows: int, columns: int, style: str) -> str:
    spans = f'table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}"'
    covered = "<table:covered-table-cell/>" * (columns - 1)
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string" {spans}>'
        f"<text:p>{escape(text)}</text:p></table:table-cell>{covered}"
    )


def _row(statement: PrintedStatement, row: int, styles: _Styles) -> str:
    grid = statement.grid
    cells: list[str] = []
    at = {cell.column: cell for cell in grid.cells if cell.row == row}
    covered = {
        column
        for cell in grid.cells
        if cell.row < row < cell.row + cell.row_span
        for column in range(cell.column, cell.column + cell.column_span)
    }
    column = 0
    while column < len(grid.widths):
        if column in covered or column not in at:
            cells.append("<table:covered-table-cell/>")
            column += 1
            continue
        cell = at[column]
        style = styles.cell(
            cell.align, statement.table["size"], _border(statement, cell), cell.bold, cell.tag is None
        )
        cells.append(_spanned(cell.text, cell.row_span, cell.column_span, style))
        column += cell.column_span
    height = float(statement.table["row_height"])
    return f'<table:table-row table:style-name="{styles.row(height)}">{"".join(cells)}</table:table-row>'


def _border(statement: PrintedStatement, cell: GridCell) -> str:
    rules, width = statement.table["rules"], statement.table["rule_width"]
    line = f"{width}pt solid #000000"
    first_row, last_row = cell.row == 0, cell.row + cell.row_span == statement.grid.n_rows
    first = cell.column == 0
    last = cell.column + cell.column_span == len(statement.grid.widths)
    drawn = {
        "none": dict.fromkeys(("top", "bottom", "left", "right"), False),
        "frame": {"top": first_row, "bottom": last_row, "left": first, "right": last},
        "levels": {"top": True, "bottom": True, "left": False, "right": False},
        "open_sides": {"top": True, "bottom": True, "left": not first, "right": not last},
    }.get(rules, dict.fromkeys(("top", "bottom", "left", "right"), True))
    if rules == "double":
        line = "2.5pt double-thin #000000"
    elif rules == "dotted":
        line = f"{width}pt dotted #000000"
    return " ".join(f'fo:border-{side}="{line if there else "none"}"' for side, there in drawn.items())
