"""Plans as HTML, printed by Chromium as a web page of a government site would be."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from tests.corpus.document import Heading, ListLine, Plan, Prose, StatementBlock, TitlePage
from tests.corpus.grid import GridCell
from tests.corpus.printed import PrintedStatement, printed_statement
from tests.corpus.sheet import FONT_FILE, MARK

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)
LIMIT_SECONDS = 60
STYLE = """
@font-face {{ font-family: corpus; src: url("{font}"); }}
@page {{ @bottom-left {{ content: "{mark}"; font: 7pt corpus; color: #666; }}
         @bottom-center {{ content: counter(page); font: 9pt corpus; }} margin: 72pt; size: A4; }}
* {{ font-family: corpus; }}
body {{ font-size: 12pt; margin: 0; }}
h1 {{ font-size: 15pt; text-align: center; margin: 4pt 0; }}
.cover {{ padding-top: 20%; text-align: center; font-size: 24pt; break-after: page; }}
.head {{ font-size: 9.5pt; display: flex; justify-content: space-between; }}
.label {{ font-size: 9.5pt; }}
.notes {{ font-size: 8pt; }}
table {{ width: 100%; table-layout: fixed; border-spacing: 0; }}
td {{ padding: 1pt 2.5pt; overflow-wrap: anywhere; }}
.watermark {{ position: fixed; left: 10%; top: 45%; font-size: 54pt; color: #d8d8d8;
              transform: rotate(-35deg); z-index: -1; }}
"""


def print_plan(plan: Plan) -> bytes:
    """The PDF of a plan. Raises RuntimeError where Chromium prints none."""
    program = next(filter(None, map(shutil.which, PROGRAMS)))
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html(plan), encoding="utf-8")
        done = subprocess.run(
            [program, *SWITCHES, f"--user-data-dir={folder}/profile", f"--print-to-pdf={out}", page.as_uri()],
            capture_output=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        if not out.exists():
            raise RuntimeError(f"Chromium printed nothing: {done.stderr.decode(errors='replace')[-500:]}")
        return out.read_bytes()


def html(plan: Plan) -> str:
    """The whole document as one page of HTML."""
    styles = [STYLE.format(font=Path(FONT_FILE).as_uri(), mark=MARK)]
    body: list[str] = []
    number = 0
    if plan.watermark:
        body.append(f'<div class="watermark">{escape(plan.watermark)}</div>')
    for block in plan.blocks:
        if isinstance(block, StatementBlock):
            number += 1
            statement = printed_statement(plan, block)
            page = statement.settings["page"]
            margin = " ".join(f"{page[side]}pt" for side in ("top", "right", "bottom", "left"))
            styles.append(
                f"@page s{number} {{ size: {page['width']}pt {page['height']}pt; margin: {margin}; }}"
            )
            named = number if not plan.packed else 1
            breaks = "" if plan.packed and number > 1 else "break-before: page;"
            body.append(f'<section style="page: s{named}; {breaks}">')
            body += _statement(statement, number)
            body.append("</section>")
        elif isinstance(block, TitlePage):
            body.append('<div class="cover">' + "<br>".join(map(escape, block.lines)) + "</div>")
        elif isinstance(block, Heading):
            break_before = ' style="break-before: page"' if block.new_page else ""
            body.append(f"<h2{break_before}>{escape(block.text)}</h2>")
        elif isinstance(block, Prose | ListLine):
            body.append(f'<p style="text-indent: 2em">{escape(block.text)}</p>')
    head = f"<title>{escape(plan.title)}</title><style>{''.join(styles)}</style>"
    return f'<!doctype html><html lang="zh"><meta charset="utf-8">{head}<body>{"".join(body)}</body></html>'


def _statement(statement: PrintedStatement, number: int) -> Iterator[str]:
    if statement.label:
        align = f"text-align: {statement.label_align}"
        yield f'<div class="label" style="{align}">{escape(statement.label)}</div>'
    yield f"<h1>{escape(statement.title)}</h1>"
    left, right = escape(statement.left), escape(statement.right)
    yield f'<div class="head"><span>{left}</span><span>{right}</span></div>'
    yield f"<style>{_rules(statement, f'#t{number}')}</style>"
    yield f'<table id="t{number}">'
    whole = sum(statement.grid.widths)
    yield "".join(f'<col style="width: {100 * width / whole:.3f}%">' for width in statement.grid.widths)
    header_rows = statement.grid.header_rows
    group = "table-header-group" if statement.table.get("repeat_header") else "table-row-group"
    yield f'<thead style="display: {group}">'
    for row in range(statement.grid.n_rows):
        if row == header_rows:
            yield "</thead><tbody>"
        cells = [
            _cell(cell, statement.fitting_size(cell, 5)) for cell in statement.grid.cells if cell.row == row
        ]
        yield f'<tr style="height: {statement.table["row_height"]}pt">{"".join(cells)}</tr>'
    yield "</table>"
    yield from (f'<div class="notes">{escape(note)}</div>' for note in statement.notes)


def _rules(statement: PrintedStatement, table: str) -> str:
    width, rules = statement.table["rule_width"], statement.table["rules"]
    line = f"{width}pt solid #000"
    size = f"{table} td {{ font-size: {statement.table['size']}pt; }}"
    collapse = f"{table} {{ border-collapse: collapse; }}"
    drawn = {
        "none": "",
        "frame": f"{table} {{ border: {line}; }}",
        "levels": f"{collapse} {table} td {{ border-top: {line}; border-bottom: {line}; }}",
        "dotted": f"{collapse} {table} td {{ border: {width}pt dotted #000; }}",
        "double": f"{collapse} {table} td {{ border: 2.5pt double #000; }}",
        "rectangles": f"{table} td {{ border: {line}; }}",
        "open_sides": f"{collapse} {table} td {{ border: {line}; }} {table} {{ border-style: hidden; }}",
    }.get(rules, f"{collapse} {table} td {{ border: {line}; }}")
    return size + drawn


def _cell(cell: GridCell, size: float) -> str:
    spans = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    spans += f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    style = f"text-align: {cell.align};" + (" font-weight: bold;" if cell.bold else "")
    if cell.tag is not None:
        style += f" white-space: nowrap; font-size: {size:.2f}pt"
    indent = len(cell.text) - len(cell.text.lstrip(" "))
    text = "&nbsp;" * indent + escape(cell.text.lstrip(" "))
    return f'<td{spans} style="{style}">{text}</td>'
