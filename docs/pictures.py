"""Makes the picture of the README: a query's rows, each with the number of the cell it is printed in.

Everything in it comes out of the product: the page from the PDF, the outlines and the rows from the
warehouse of the committed ``raw/``.

    python -m docs.pictures           writes docs/pictures/figure-to-cell.png

The pictures of the Dagster UI beside it were taken by hand, from ``make ui``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from docs.examples import FOLDER, build_examples
from pipelines.settings import PROJECT_ROOT

PICTURE = FOLDER / "pictures" / "figure-to-cell.png"
#: Has the Chinese characters and comes with the project.
FONT = PROJECT_ROOT / "tests" / "corpus" / "fonts" / "wqy-microhei-gb2312.ttf"

DOCUMENT = "420100-information-center/2023-final-accounts.pdf"
SQL = f"""\
select e.functional_code, e.row_label, e.amount_yuan, e.page, e.cell_id
from fct_expenditure_by_function as e
inner join dim_document as d on e.document_id = d.document_id
where d.source_path = '{DOCUMENT}'
    and e.statement_id = 'final_expenditure'  -- 支出决算表
    and e.expenditure_kind = 'total'  -- 本年支出合计
    and e.code_level <= 1  -- 合计 and classes (类)
order by e.row_number"""
VERDICTS_SQL = f"""\
select r.verdict, count(*) as results, count(distinct r.identity_id) as identities
from fct_identity_results as r
inner join dim_document as d on r.document_id = d.document_id
where d.source_path = '{DOCUMENT}'
    and r.statement_id = 'final_expenditure'
group by r.verdict order by results desc"""

# Pixels of the picture; points of the page, of which the part with the statement is shown.
WIDTH, HEIGHT = 1560, 776
PAGE_TOP, PAGE_BOTTOM, PAGE_SCALE = 52.0, 560.0, 1.46
PAGE_X, RIGHT_X = 16, 836
INK, GREY, PAPER = (30, 34, 42), (120, 126, 138), (246, 247, 249)
RED, BLUE = (200, 20, 40), (90, 140, 215)

Row = Sequence[Any]
Place = tuple[float, float, float, float]


def draw(data: Path) -> Image.Image:
    """The picture, from the warehouse in ``data``."""
    with duckdb.connect(str(data / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(SQL).fetchall()
        verdicts = connection.execute(VERDICTS_SQL).fetchall()
        page = rows[0][3]
        places: dict[str, Place] = {
            cell_id: (x0, top, x1, bottom)
            for cell_id, x0, top, x1, bottom in connection.execute(
                "select c.cell_id, c.x0, c.top, c.x1, c.bottom from fct_cells as c "
                "inner join dim_document as d on c.document_id = d.document_id "
                "where d.source_path = ? and c.page = ?",
                [DOCUMENT, page],
            ).fetchall()
        }
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    drawing = ImageDraw.Draw(image)
    image.paste(_printed_page(page), (PAGE_X, 10))
    for place in places.values():
        drawing.rectangle(_on_picture(place), outline=BLUE)
    _text(drawing, 16, HEIGHT - 20, f"raw/{DOCUMENT}, page {page}: a specimen (样例)", 13, GREY)
    beside = _panel(drawing, rows, verdicts)
    for number, (row, (x, y)) in enumerate(zip(rows, beside, strict=True), start=1):
        left, top, right, bottom = _on_picture(places[row[4]])
        drawing.rectangle((left, top, right, bottom), outline=RED, width=3)
        # Amounts are set to the right: the left edge of their cell is free.
        _badge(drawing, left, (top + bottom) / 2, number)
        _badge(drawing, x, y, number)
    return image


def _badge(drawing: ImageDraw.ImageDraw, x: float, y: float, number: int) -> None:
    """A numbered disc, the same at a cell and at its row."""
    drawing.ellipse((x - 8, y - 8, x + 8, y + 8), fill=RED)
    font = ImageFont.truetype(FONT, 13)
    drawing.text((x, y), str(number), fill=(255, 255, 255), font=font, anchor="mm")


def _printed_page(number: int) -> Image.Image:
    document = pypdfium2.PdfDocument(PROJECT_ROOT / "raw" / DOCUMENT)
    try:
        whole: Image.Image = document[number - 1].render(scale=PAGE_SCALE).to_pil().convert("RGB")
    finally:
        document.close()
    return whole.crop((60, int(PAGE_TOP * PAGE_SCALE), whole.width - 50, int(PAGE_BOTTOM * PAGE_SCALE)))


def _on_picture(place: Place) -> Place:
    x0, top, x1, bottom = place
    x, y = PAGE_X - 60, 10 - PAGE_TOP * PAGE_SCALE
    return (x0 * PAGE_SCALE + x, top * PAGE_SCALE + y, x1 * PAGE_SCALE + x, bottom * PAGE_SCALE + y)


def _panel(
    drawing: ImageDraw.ImageDraw, rows: Sequence[Row], verdicts: Sequence[Row]
) -> list[tuple[float, float]]:
    """The queries and their rows; returns the place left of each row."""
    y = _sql(drawing, SQL, 28)
    columns = (
        ("functional_code", 10),
        ("row_label", 138),
        ("amount_yuan", 412),
        ("page", 462),
        ("cell_id", 476),
    )
    numbers = ("amount_yuan", "page", "results", "identities")
    for name, x in columns:
        _text(drawing, RIGHT_X + x, y, name, 14, GREY, right=name in numbers)
    drawing.line(((RIGHT_X, y + 22), (WIDTH - 16, y + 22)), fill=GREY)
    beside = []
    for row in rows:
        y += 32
        for (name, x), value in zip(columns, row, strict=True):
            printed = f"{value:,}" if isinstance(value, Decimal) else str(value)
            size = 13 if name == "cell_id" else 15
            _text(drawing, RIGHT_X + x, y, printed, size, INK, right=name in numbers)
        beside.append((RIGHT_X - 4.0, y + 10.0))
    y = _sql(drawing, VERDICTS_SQL, y + 64)
    verdict_columns = (("verdict", 10), ("results", 180), ("identities", 280))
    for name, x in verdict_columns:
        _text(drawing, RIGHT_X + x, y, name, 14, GREY, right=name in numbers)
    drawing.line(((RIGHT_X, y + 22), (RIGHT_X + 300, y + 22)), fill=GREY)
    for row in verdicts:
        y += 32
        for (name, x), value in zip(verdict_columns, row, strict=True):
            _text(drawing, RIGHT_X + x, y, str(value), 15, INK, right=name in numbers)
    legend = "blue: printed cells, each with its box    red: the cells of the numbered rows"
    _text(drawing, RIGHT_X, HEIGHT - 20, legend, 13, GREY)
    return beside


def _sql(drawing: ImageDraw.ImageDraw, sql: str, y: float) -> float:
    """SQL from ``y`` down; returns where the next thing may stand."""
    for line in sql.splitlines():
        indent = 5 * (len(line) - len(line.lstrip()))
        _text(drawing, RIGHT_X + indent, y, line.strip(), 15, INK)
        y += 23
    return y + 16


def _text(
    drawing: ImageDraw.ImageDraw,
    x: float,
    y: float,
    text: str,
    size: int,
    colour: tuple[int, int, int],
    *,
    right: bool = False,
) -> None:
    font = ImageFont.truetype(FONT, size)
    drawing.text((x, y), text, fill=colour, font=font, anchor="ra" if right else "la")


def main() -> None:
    """Write the picture."""
    data = PROJECT_ROOT / "data" / "docs"
    build_examples(data)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    # A palette: a third of the size, and the eye does not see it.
    draw(data).quantize(colors=128, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    print(f"wrote {PICTURE}")


if __name__ == "__main__":
    main()
