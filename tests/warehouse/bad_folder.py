"""Makes the files that downloads and strangers put among the good ones.

By hand: ``python -m tests.warehouse.bad_folder DIR``.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

# Why each ends set aside, by the reasons of reading.
REASONS = {
    "truncated.pdf": {"broken"},
    "encrypted.pdf": {"encrypted"},
    "not-a-pdf.pdf": {"not_a_pdf"},
    "empty.pdf": {"empty_file"},
    "no-pages.pdf": {"no_pages"},
    # A picture of figures without a word is recognised, and is nobody's statement.
    "scan.pdf": {"not_a_disclosure"},
    "two-thousand-pages.pdf": {"too_many_pages"},
    "novel.pdf": {"not_a_disclosure"},
}

_NOVEL = (
    "那年冬天，镇上来了一个卖旧书的人。他把书摊在桥头，一本一本地晒太阳，谁也不知道他从哪里来。"
    "第三天下了雪，他还坐在那里，雪落在书上，他就用袖子轻轻拂去。一共卖出去十二本，得钱 36.50 元。"
)


def make_bad_folder(folder: Path, *, pages: int = 2000) -> None:
    """Write one file of each kind named in ``REASONS`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    novel = _novel(folder / "novel.pdf", 12)
    (folder / "truncated.pdf").write_bytes(novel[: len(novel) // 8])
    (folder / "not-a-pdf.pdf").write_text("<html><title>404 Not Found</title></html>", encoding="utf-8")
    (folder / "empty.pdf").touch()
    (folder / "no-pages.pdf").write_bytes(_no_pages())
    _encrypted(folder / "encrypted.pdf")
    _scan(folder / "scan.pdf")
    _many_pages(folder / "two-thousand-pages.pdf", pages)


def _novel(path: Path, pages: int) -> bytes:
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for chapter in range(pages):
        canvas.setFont("STSong-Light", 16)
        canvas.drawString(90, 770, f"第{chapter + 1}章")
        canvas.setFont("STSong-Light", 11)
        for line in range(30):
            start = (line * 31 + chapter) % len(_NOVEL)
            canvas.drawString(90, 730 - line * 20, (_NOVEL + _NOVEL)[start : start + 34])
        canvas.showPage()
    canvas.save()
    return path.read_bytes()


def _encrypted(path: Path) -> None:
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(100, 700, "locked")
    canvas.save()


def _scan(path: Path) -> None:
    image = Image.new("L", (1240, 1754), 245)
    draw = ImageDraw.Draw(image)
    for row in range(20):
        draw.line((100, 300 + row * 60, 1140, 300 + row * 60), fill=30, width=3)
        draw.text((150, 320 + row * 60), "1234.56", fill=20)
    buffer = io.BytesIO()
    image.save(buffer, format="JPEG", quality=60)
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for _ in range(3):
        buffer.seek(0)
        canvas.drawImage(ImageReader(buffer), 0, 0, A4[0], A4[1])
        canvas.showPage()
    canvas.save()


def _many_pages(path: Path, pages: int) -> None:
    canvas = Canvas(str(path), pagesize=A4, invariant=True, pageCompression=1)
    for page in range(pages):
        canvas.drawString(90, 770, f"page {page + 1}")
        canvas.showPage()
    canvas.save()


def _no_pages() -> bytes:
    objects = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start


if __name__ == "__main__":
    make_bad_folder(Path(sys.argv[1]))
