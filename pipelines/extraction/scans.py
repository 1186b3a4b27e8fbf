"""Which pages are pictures of print, and their marks, recognised.

Imports what recognition needs (OpenCV, onnxruntime) when the first scanned page is met: a document
with a text layer is read without it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pypdfium2

from pipelines.extraction.marks import Marks, number_shown
from pipelines.settings import scan_threads

if TYPE_CHECKING:
    from pipelines.extraction.scan_reading import ScanReader
    from pipelines.extraction.scan_recognition import Recogniser

#: A page with pictures over at least this share and hardly any text is a scan.
SCAN_IMAGE_SHARE = 0.5
#: So many characters (a stamp, a page number) may stand on a scanned page.
SCAN_CHARACTERS = 12
#: The picture of a page whose text has no meaning is legible when this share of its characters is
#: recognised with this confidence, and so many of them differ: rows of the same shape are a pattern.
MOSTLY, LEGIBLE, VARIETY = 0.6, 0.8, 8
#: A page that pdfium draws is the one asked for when its sides differ by no more than this (points).
SAME_SIZE = 1.5


def is_scan(marks: Marks) -> bool:
    """Whether a page, whose own marks are given, is a picture of print.

    It is when pictures cover it and hardly any text is seen on it. A text layer that nobody sees
    (scanners' programs lay their own recognition under the picture) is not among the marks.
    """
    if not marks.n_images:
        return False
    n_characters = number_shown(marks.glyphs)
    if n_characters == 0:
        return marks.image_share > 0.1
    return n_characters <= SCAN_CHARACTERS and marks.image_share >= SCAN_IMAGE_SHARE


class Scans:
    """The scanned pages of one file; opened when the first is asked for, to be closed."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._document: pypdfium2.PdfDocument | None = None
        self._reader: ScanReader | None = None

    def close(self) -> None:
        """Give back the file and the memory."""
        if self._document is not None:
            self._document.close()

    def read_marks(self, marks: Marks, number: int, *, has_own_text: bool = True) -> Marks | None:
        """What is recognised on page ``number`` (from 1), whose own marks are given.

        None where that is no more than is printed on it as text (unless that has no meaning: not
        ``has_own_text``), where hardly anything is legible, or where pdfium has no such page.
        Raises ``pypdfium2.PdfiumError`` where pdfium cannot open the file or draw the page.
        """
        if self._document is None or self._reader is None:
            from pipelines.extraction.scan_reading import ScanReader

            self._document = pypdfium2.PdfDocument(self._content)
            self._reader = ScanReader(self._document, _recogniser())
        if number > len(self._document):
            return None
        width, height = self._document.get_page_size(number - 1)
        if max(abs(width - marks.width), abs(height - marks.height)) > SAME_SIZE:
            return None
        recognised = self._reader.read_marks(number)
        if not has_own_text:
            sure = [glyph.text for glyph in recognised.glyphs if glyph.confidence >= LEGIBLE]
            is_text = len(set(sure)) >= VARIETY and len(sure) >= MOSTLY * len(recognised.glyphs)
            return recognised if is_text else None
        return recognised if len(recognised.glyphs) > number_shown(marks.glyphs) else None


@cache
def _recogniser() -> Recogniser:
    """One network for all documents that a process reads."""
    from pipelines.extraction.scan_recognition import Recogniser

    return Recogniser(scan_threads())
