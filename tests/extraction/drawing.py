"""Draws tables whose every cell is known, in all the ways producers draw rules.

Coordinates are as in the model: points from the top left of the page. The page itself is
reportlab's; STSong-Light is a CID font that needs no font file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipelines.extraction.model import Table

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

STYLES = ("lines", "rectangles", "thin", "pieces", "double", "both", "dotted", "polygons", "fills", "slips")
A4 = (595.0, 842.0)
A3_LANDSCAPE = (1191.0, 842.0)


@dataclass(frozen=True)
class Drawn:
    """A cell as drawn: its place in the lattice, its spans, its text."""

    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    text: str = ""


@dataclass(frozen=True)
class Side:
    """A piece of a rule between two lattice points, level or upright."""

    x0: float
    y0: float
    x1: float
    y1: float


class Sheet:
    """A PDF being drawn, page by page, with the origin at the top left."""

    def __init__(self, path: Path, size: tuple[float, float] = A4) -> None:
        self.path = path
        self.width, self.height = size
        self.canvas = Canvas(str(path), pagesize=size, invariant=1)
        self.canvas.setFont(FONT, 9)

    def new_page(self, size: tuple[float, float] | None = None) -> None:
        self.canvas.showPage()
        if size:
            self.width, self.height = size
            self.canvas.setPageSize(size)
        self.canvas.setFont(FONT, 9)

    def save(self) -> Path:
        self.canvas.showPage()
        self.canvas.save()
        return self.path

    def text(self, x: float, y: float, text: str, size: float = 9) -> None:
        """Print ``text`` with its base line at ``y``."""
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.height - y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def rect(self, x0: float, y0: float, x1: float, y1: float, *, stroke: int = 0, fill: int = 1) -> None:
        self.canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=stroke, fill=fill)

    def table(
        self,
        cells: Sequence[Drawn],
        xs: Sequence[float],
        ys: Sequence[float],
        style: str = "lines",
        *,
        size: float = 8,
    ) -> None:
        """Draw a grid in one of STYLES (or "none") and print the cells' texts."""
        if style == "fills":
            self._fills(cells, xs, ys)
        elif style != "none":
            self._rules(cells, xs, ys, style)
        self.canvas.setFillGray(0)
        for cell in cells:
            x, y = xs[cell.column], ys[cell.row]
            for k, printed in enumerate(cell.text.split("\n") if cell.text else []):
                self.text(x + 2, y + 2 + size * (k + 0.9), printed, size)

    def _fills(self, cells: Sequence[Drawn], xs: Sequence[float], ys: Sequence[float]) -> None:
        for cell in cells:
            self.canvas.setFillGray(0.85)
            x1, y1 = xs[cell.column + cell.column_span], ys[cell.row + cell.row_span]
            self.rect(xs[cell.column] + 0.5, ys[cell.row] + 0.5, x1 - 0.5, y1 - 0.5)

    def _rules(self, cells: Sequence[Drawn], xs: Sequence[float], ys: Sequence[float], style: str) -> None:
        if style == "rectangles":
            for cell in cells:
                x1, y1 = xs[cell.column + cell.column_span], ys[cell.row + cell.row_span]
                self.rect(xs[cell.column], ys[cell.row], x1, y1, stroke=1, fill=0)
            return
        draw = _PENS[style]
        for side in sides(cells, xs, ys):
            draw(self, side)


def sides(cells: Sequence[Drawn], xs: Sequence[float], ys: Sequence[float]) -> list[Side]:
    """The lattice sides that bound cells, each once, in a fixed order."""
    found: set[tuple[float, float, float, float]] = set()
    for cell in cells:
        right, below = cell.column + cell.column_span, cell.row + cell.row_span
        for k in range(cell.column, right):
            for y in (ys[cell.row], ys[below]):
                found.add((xs[k], y, xs[k + 1], y))
        for k in range(cell.row, below):
            for x in (xs[cell.column], xs[right]):
                found.add((x, ys[k], x, ys[k + 1]))
    return [Side(*side) for side in sorted(found)]


def _pen_line(sheet: Sheet, side: Side) -> None:
    sheet.line(side.x0, side.y0, side.x1, side.y1)


def _pen_thin(sheet: Sheet, side: Side, half: float = 0.24) -> None:
    sheet.rect(side.x0 - half, side.y0 - half, side.x1 + half, side.y1 + half)


def _pen_pieces(sheet: Sheet, side: Side) -> None:
    """Ten thin rectangles a side: hundreds of rectangles a page."""
    for k in range(10):
        x0, y0 = side.x0 + (side.x1 - side.x0) * k / 10, side.y0 + (side.y1 - side.y0) * k / 10
        x1, y1 = side.x0 + (side.x1 - side.x0) * (k + 1) / 10, side.y0 + (side.y1 - side.y0) * (k + 1) / 10
        sheet.rect(x0 - 0.24, y0 - 0.24, x1 + 0.24, y1 + 0.24)


def _pen_double(sheet: Sheet, side: Side) -> None:
    for shift in (-0.9, 0.9):
        if side.y0 == side.y1:
            sheet.line(side.x0, side.y0 + shift, side.x1, side.y1 + shift)
        else:
            sheet.line(side.x0 + shift, side.y0, side.x1 + shift, side.y1)


def _pen_both(sheet: Sheet, side: Side) -> None:
    _pen_line(sheet, side)
    _pen_thin(sheet, side, 0.48)


def _pen_dotted(sheet: Sheet, side: Side) -> None:
    """Dots of half a point every two points."""
    length = max(side.x1 - side.x0, side.y1 - side.y0)
    for k in range(int(length // 2) + 1):
        at = min(2.0 * k, length)
        x = side.x0 + (at if side.y0 == side.y1 else 0)
        y = side.y0 + (at if side.x0 == side.x1 else 0)
        sheet.rect(x - 0.25, y - 0.25, x + 0.25, y + 0.25)


def _pen_polygon(sheet: Sheet, side: Side) -> None:
    """A filled six-cornered path: an L with a very short foot, as Distiller writes rules."""
    path = sheet.canvas.beginPath()
    h = sheet.height
    if side.y0 == side.y1:
        corners = [(side.x0, side.y0 - 0.4), (side.x1, side.y0 - 0.4), (side.x1, side.y0 + 0.4)]
        corners += [(side.x0 + 1, side.y0 + 0.4), (side.x0 + 1, side.y0 + 1), (side.x0, side.y0 + 1)]
    else:
        corners = [(side.x0 - 0.4, side.y0), (side.x0 + 0.4, side.y0), (side.x0 + 0.4, side.y1 - 1)]
        corners += [(side.x0 + 1, side.y1 - 1), (side.x0 + 1, side.y1), (side.x0 - 0.4, side.y1)]
    path.moveTo(corners[0][0], h - corners[0][1])
    for x, y in corners[1:]:
        path.lineTo(x, h - y)
    path.close()
    sheet.canvas.drawPath(path, stroke=0, fill=1)


def _pen_slips(sheet: Sheet, side: Side) -> None:
    """Ends that miss each other by up to two points and places off by some tenths."""
    slip = 0.3 if int(side.x0 + side.y0) % 2 else -0.3
    if side.y0 == side.y1:
        sheet.line(side.x0 + 1, side.y0 + slip, side.x1 - 1, side.y1 + slip)
    else:
        sheet.line(side.x0 + slip, side.y0 + 1, side.x1 + slip, side.y1 - 1)


_PENS: dict[str, Callable[[Sheet, Side], None]] = {
    "lines": _pen_line,
    "thin": _pen_thin,
    "pieces": _pen_pieces,
    "double": _pen_double,
    "both": _pen_both,
    "dotted": _pen_dotted,
    "polygons": _pen_polygon,
    "slips": _pen_slips,
}


def as_drawn(table: Table) -> list[Drawn]:
    """A table that was read, in the terms in which it was drawn."""
    return [Drawn(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]


def plain(texts: Sequence[Sequence[str]]) -> list[Drawn]:
    """Cells without spans from rows of texts."""
    return [Drawn(i, j, text=text) for i, row in enumerate(texts) for j, text in enumerate(row)]


def steps(start: float, *widths: float) -> list[float]:
    """Edges from a start and the widths between them."""
    edges = [start]
    for width in widths:
        edges.append(edges[-1] + width)
    return edges
