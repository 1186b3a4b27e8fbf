"""A PDF being written: pages of any size and rotation, text, rules; coordinates from the top left.

The place noted for everything drawn is the place a reader sees it, after ``/Rotate``. The same
calls give the same bytes: dates and identifiers are fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.corpus.grid import Align

EMBEDDED = "MicroHei"
FONT_FILE = Path(__file__).parent / "fonts" / "wqy-microhei-gb2312.ttf"
MARK = "样例 SYNTHETIC"
NOT_AT_LINE_START = "，。、；：）》”’！？%…】〕"
NOT_AT_LINE_END = "（《“‘【〔"


@dataclass(frozen=True, slots=True)
class PageStyle:
    """A kind of page: size as seen, rotation of the stored page, margins in points."""

    width: float = 595.28
    height: float = 841.89
    rotation: int = 0
    left: float = 72.0
    right: float = 72.0
    top: float = 72.0
    bottom: float = 64.0

    @property
    def inner_width(self) -> float:
        """Width between the margins."""
        return self.width - self.left - self.right


@cache
def font(name: str) -> str:
    """Register a font once. ``MicroHei`` is embedded as a subset; other names are Adobe CID fonts."""
    if name == EMBEDDED:
        pdfmetrics.registerFont(TTFont(EMBEDDED, str(FONT_FILE)))
    else:
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


@cache
def _char_width(char: str, font_name: str) -> float:
    return float(pdfmetrics.stringWidth(char, font(font_name), 1000)) / 1000


def text_width(text: str, font_name: str, size: float) -> float:
    """Width of a text in points."""
    return sum(_char_width(char, font_name) for char in text) * size


def wrap(text: str, font_name: str, size: float, width: float, first_indent: float = 0.0) -> list[str]:
    """Break a text into lines of at most ``width`` as Chinese is broken.

    Anywhere, except inside a run of digits or letters and before closing or after opening
    punctuation.
    """
    lines: list[str] = []
    for part in text.split("\n"):
        current, used = "", first_indent
        for token in _tokens(part):
            token_width = text_width(token, font_name, size)
            if current and used + token_width > width + 0.01:
                lines.append(current)
                current, used = "", 0.0
            if token_width > width and len(token) > 1:
                for char in token:
                    char_width = text_width(char, font_name, size)
                    if current and used + char_width > width + 0.01:
                        lines.append(current)
                        current, used = "", 0.0
                    current, used = current + char, used + char_width
                continue
            current, used = current + token, used + token_width
        lines.append(current)
    return lines


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for char in text:
        joins = bool(tokens) and (
            (
                char.isascii()
                and not char.isspace()
                and tokens[-1][-1].isascii()
                and not tokens[-1][-1].isspace()
            )
            or char in NOT_AT_LINE_START
            or tokens[-1][-1] in NOT_AT_LINE_END
        )
        if joins:
            tokens[-1] += char
        else:
            tokens.append(char)
    return tokens


class Sheet:
    """One PDF file in the making. ``page`` counts from 1; ``y`` is where the next block goes."""

    def __init__(self, title: str, font_name: str = EMBEDDED, producer: str = "Juesuan test corpus") -> None:
        self._buffer = BytesIO()
        self._canvas = Canvas(self._buffer, invariant=1, pageCompression=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor("样例 SYNTHETIC")
        self._canvas.setProducer(producer)
        self._canvas.setCreator("tests.corpus")
        self.font_name = font(font_name)
        self.style = PageStyle()
        self.page = 0
        self.y = 0.0
        self.number_pages = True
        self.fake_bold = False
        self.watermark = ""
        self.stray_marks = False

    def new_page(self, style: PageStyle | None = None) -> None:
        """End the page and begin another, of the same style unless one is given."""
        if self.page:
            self._canvas.showPage()
        self.style = style or self.style
        self.page += 1
        page = self.style
        # The size as seen: ReportLab stores width and height exchanged where the page is turned.
        self._canvas.setPageSize((page.width, page.height))
        self._canvas.setPageRotation(page.rotation)
        if page.rotation == 90:
            self._canvas.transform(0, 1, -1, 0, page.height, 0)
        elif page.rotation == 270:
            self._canvas.transform(0, -1, 1, 0, 0, page.width)
        self.y = page.top
        self._footer()

    def _footer(self) -> None:
        page = self.style
        top = page.height - min(page.bottom, 44.0) + 8
        self.text(page.left, top, MARK, 7, grey=0.45)
        if self.number_pages:
            self.text(page.width / 2, top, f"- {self.page} -", 9, align="center")
        if self.watermark:
            self._draw_watermark()
        if self.stray_marks:
            for number in range(5):
                x = (17 + 131 * number * self.page) % int(page.width)
                self.rule(x, 9 + number, x + 4 + number, 9 + number, 0.4)
                self.rule(8 + number, 40 + 97 * number, 8 + number, 46 + 97 * number, 0.4)

    def _draw_watermark(self) -> None:
        canvas, page = self._canvas, self.style
        canvas.saveState()
        canvas.translate(page.width / 2, page.height / 2)
        canvas.rotate(35)
        canvas.setFillGray(0.85)
        canvas.setFont(self.font_name, 54)
        canvas.drawCentredString(0, 0, self.watermark)
        canvas.restoreState()

    @property
    def room(self) -> float:
        """Height left on the page."""
        return self.style.height - self.style.bottom - self.y

    def text(
        self,
        x: float,
        top: float,
        text: str,
        size: float,
        align: Align = "left",
        bold: bool = False,
        grey: float = 0.0,
    ) -> None:
        """One line of text whose line box (as high as its size) begins at ``top``."""
        if not text:
            return
        width = text_width(text, self.font_name, size)
        x = {"left": x, "center": x - width / 2, "right": x - width}[align]
        canvas = self._canvas
        page = self.style
        writer = canvas.beginText(x, page.height - top - size * 0.86)
        writer.setFont(self.font_name, size)
        writer.setFillGray(grey)
        if bold and self.fake_bold:
            # Some word processors print bold by setting every character twice, a hair apart.
            writer.textOut(text)
            writer.setTextOrigin(x + size * 0.02, page.height - top - size * 0.86)
        elif bold:
            writer.setTextRenderMode(2)
            canvas.setLineWidth(size * 0.03)
            canvas.setStrokeGray(grey)
        writer.textOut(text)
        if bold and not self.fake_bold:
            writer.setTextRenderMode(0)
        canvas.drawText(writer)

    def rule(
        self, x0: float, top: float, x1: float, bottom: float, width: float = 0.5, dots: bool = False
    ) -> None:
        """A stroked line, or a dotted one."""
        canvas, height = self._canvas, self.style.height
        canvas.setStrokeGray(0)
        canvas.setLineWidth(width)
        if dots:
            canvas.setDash(1, 2)
        canvas.line(x0, height - top, x1, height - bottom)
        if dots:
            canvas.setDash()

    def bar(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """A filled rectangle, as some producers draw rules."""
        canvas, height = self._canvas, self.style.height
        canvas.setFillGray(0)
        canvas.rect(x0, height - bottom, x1 - x0, bottom - top, stroke=0, fill=1)

    def frame(self, x0: float, top: float, x1: float, bottom: float, width: float = 0.5) -> None:
        """A stroked rectangle."""
        canvas, height = self._canvas, self.style.height
        canvas.setStrokeGray(0)
        canvas.setLineWidth(width)
        canvas.rect(x0, height - bottom, x1 - x0, bottom - top, stroke=1, fill=0)

    def line(
        self, text: str, size: float, align: Align = "left", bold: bool = False, gap: float = 6.0
    ) -> None:
        """One or several lines across the page at ``y``."""
        page = self.style
        for part in wrap(text, self.font_name, size, page.inner_width):
            if self.room < size + gap:
                self.new_page()
            x = {"left": page.left, "center": page.width / 2, "right": page.width - page.right}[align]
            self.text(x, self.y, part, size, align, bold)
            self.y += size + gap

    def paragraph(
        self, text: str, size: float = 12.0, leading: float = 22.0, indent: float = 2.0, bold: bool = False
    ) -> None:
        """A paragraph of narrative, its first line indented by ``indent`` characters, over page ends."""
        page = self.style
        lines = wrap(text, self.font_name, size, page.inner_width, indent * size)
        for number, part in enumerate(lines):
            if self.room < leading:
                self.new_page()
            x = self.style.left + (indent * size if number == 0 else 0.0)
            self.text(x, self.y + (leading - size) / 2, part, size, bold=bold)
            self.y += leading

    def finish(self) -> bytes:
        """Close the file and give its bytes."""
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()
