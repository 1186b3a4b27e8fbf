"""Plans as Typst markup, compiled by the ``typst`` package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.corpus.document import Heading, ListLine, Plan, Prose, StatementBlock, TitlePage
from tests.corpus.grid import GridCell
from tests.corpus.printed import PrintedStatement, printed_statement
from tests.corpus.sheet import FONT_FILE, MARK

FONT = "WenQuanYi Micro Hei"


def print_plan(plan: Plan) -> bytes:
    """The PDF of a plan."""
    import typst

    compiled = typst.compile(
        markup(plan).encode(), font_paths=[str(Path(FONT_FILE).parent)], ignore_system_fonts=True
    )
    assert isinstance(compiled, bytes)
    return compiled


def markup(plan: Plan) -> str:
    """The whole document."""
    parts = [
        f'#set text(font: "{FONT}", size: 12pt, lang: "zh")',
        f'#set document(title: {_string(plan.title)}, author: "{MARK}", date: none)',
        "#set par(leading: 0.9em)",
    ]
    page = ""
    for block in plan.blocks:
        if isinstance(block, StatementBlock):
            statement = printed_statement(plan, block)
            wanted = _page(plan, statement)
            if wanted != page or not plan.packed:
                parts.append(wanted)
            page = wanted
            parts += _statement(statement)
            continue
        text_page = f'#set page({_watermark(plan)}paper: "a4", margin: 72pt, footer: {_footer()})'
        if page != text_page:
            parts.append(text_page)
            page = text_page
        if isinstance(block, TitlePage):
            parts.append("#v(20%)")
            parts += [f"#align(center, text(size: 24pt, {_string(line)}))" for line in block.lines]
            parts.append("#pagebreak(weak: true)")
        elif isinstance(block, Heading):
            parts.append(f'#par(text(size: 15pt, weight: "bold", {_string(block.text)}))')
        elif isinstance(block, Prose | ListLine):
            parts.append(f"#par(first-line-indent: (amount: 2em, all: true), {_string(block.text)})")
    return "\n".join(parts)


def _string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _footer() -> str:
    return f"[#text(size: 7pt, fill: luma(110), {_string(MARK)}) #h(1fr) #context counter(page).display()]"


def _watermark(plan: Plan) -> str:
    if not plan.watermark:
        return ""
    mark = f"text(size: 54pt, fill: luma(215), {_string(plan.watermark)})"
    return f"background: rotate(-35deg, {mark}), "


def _page(plan: Plan, statement: PrintedStatement) -> str:
    page = statement.settings["page"]
    margin = ", ".join(f"{side}: {page[side]}pt" for side in ("left", "right", "top", "bottom"))
    size = f"width: {page['width']}pt, height: {page['height']}pt"
    return f"#set page({_watermark(plan)}{size}, margin: ({margin}), footer: {_footer()})"


def _statement(statement: PrintedStatement) -> Iterator[str]:
    if statement.label:
        yield f"#align({statement.label_align}, text(size: 9.5pt, {_string(statement.label)}))"
    yield f'#align(center, text(size: 15pt, weight: "bold", {_string(statement.title)}))'
    head = f"[#{_string(statement.left)} #h(1fr) #{_string(statement.right)}]"
    yield f"#block(width: 100%, text(size: 9.5pt, {head}))"
    yield _table(statement)
    for note in statement.notes:
        yield f"#text(size: 8pt, {_string(note)})\n"


def _table(statement: PrintedStatement) -> str:
    grid, style = statement.grid, statement.table
    header = "".join(f"{_cell(statement, c)}," for c in grid.cells if c.row < grid.header_rows)
    body = "".join(f"{_cell(statement, c)}," for c in grid.cells if c.row >= grid.header_rows)
    repeat = "true" if style.get("repeat_header") else "false"
    columns = ", ".join(f"{width}fr" for width in grid.widths)
    table = (
        f"#text(size: {style['size']}pt, table(columns: ({columns}), inset: (x: 2.5pt, y: 4pt), "
        f"{_stroke(statement)}, table.header(repeat: {repeat}, {header}), {body}))"
    )
    if style["rules"] in ("frame", "outer"):
        return f"#block(stroke: {style['rule_width']}pt, inset: 0pt, {table[1:]})"
    return table


def _stroke(statement: PrintedStatement) -> str:
    width = f"{statement.table['rule_width']}pt"
    rules = statement.table["rules"]
    last = len(statement.grid.widths)
    if rules in ("none", "frame"):
        return "stroke: none"
    if rules == "levels":
        return f"stroke: (top: {width}, bottom: {width})"
    if rules == "dotted":
        return f'stroke: (thickness: {width}, dash: "dotted")'
    if rules == "open_sides":
        left, right = f"if x > 0 {{ {width} }}", f"if x < {last - 1} {{ {width} }}"
        inner = f"(top: {width}, bottom: {width}, left: {left}, right: {right})"
        return f"stroke: (x, y) => {inner}"
    if rules == "double":
        return f"stroke: {width}, gutter: 1.5pt"
    return f"stroke: {width}"


def _cell(statement: PrintedStatement, cell: GridCell) -> str:
    spans = f"x: {cell.column}, y: {cell.row}"
    if cell.row_span > 1:
        spans += f", rowspan: {cell.row_span}"
    if cell.column_span > 1:
        spans += f", colspan: {cell.column_span}"
    text = _string(cell.text)
    content = f'text(weight: "bold", {text})' if cell.bold else text
    if cell.tag is not None:
        content = f"box(text(size: {statement.fitting_size(cell, 5):.2f}pt, {content}))"
    return f"table.cell({spans}, align: {cell.align} + horizon, {content})"
