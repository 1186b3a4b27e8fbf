"""The second reader: a page's marks from pdfium, many times faster than through pdfminer.

It yields the same ``Marks`` as ``printed`` does; what lies after that is shared. pdfminer still
says which pages there are, their boxes and their rotation. A page of which pdfium tells something
that the reference would tell otherwise raises ``UnlikeReferenceError``, and the reference reads it.
"""

from __future__ import annotations

import pypdfium2
from pdfminer.pdfpage import PDFPage

from pipelines.extraction import pdfium_calls as pdfium
from pipelines.extraction.marks import Marks
from pipelines.extraction.page_contents import PageContents
from pipelines.extraction.painted import take_white_on_colour
from pipelines.extraction.pdfium_clips import clips_of, no_clips
from pipelines.extraction.pdfium_fonts import UnlikeReferenceError, check_fonts
from pipelines.extraction.pdfium_objects import runs_of, texts_of
from pipelines.extraction.pdfium_paths import take_objects
from pipelines.extraction.pdfium_seen import check_page, check_texts, seen_of
from pipelines.extraction.pdfium_text import read_characters
from pipelines.extraction.printed import displayed_page, finished_marks
from pipelines.extraction.rendering import page_matrix


class PdfiumFile:
    """A PDF opened with pdfium; to be closed."""

    def __init__(self, content: bytes) -> None:
        """Raises ``pypdfium2.PdfiumError`` where pdfium cannot open the file."""
        self._document = pypdfium2.PdfDocument(content)
        self._handle = pdfium.argument(pdfium.address_of(self._document.raw))
        self._page: pdfium.Argument | None = None
        self.n_pages = len(self._document)

    def close(self) -> None:
        """Give back the file and the memory."""
        self._leave_page()
        self._document.close()

    def _leave_page(self) -> None:
        if self._page is not None:
            pdfium.close_page(self._page)
            self._page = None

    def read_marks(self, source: PDFPage, index: int, contents: PageContents) -> Marks:
        """Everything printed on page ``index`` (from 0), which pdfminer knows as ``source``.

        ``contents`` are its contents, looked through. Raises ``UnlikeReferenceError`` where the reference
        has to read the page.
        """
        check_page(source, contents)
        handle = pdfium.load_page(self._handle, index)
        if not handle:
            raise UnlikeReferenceError("pdfium cannot load the page")
        page = pdfium.argument(handle)
        # Only now: pdfium makes a font anew when no open page has it.
        self._leave_page()
        self._page = page
        sheet = displayed_page(source)
        ctm = page_matrix(source)
        to_sheet = pdfium.concat(ctm, (1.0, 0.0, 0.0, -1.0, -sheet.left, sheet.upper))
        runs = runs_of(page)
        take_objects(sheet, runs, ctm)
        take_white_on_colour(sheet)
        texts = texts_of(runs)
        check_texts(texts, sheet)
        characters = read_characters(page, texts, runs, to_sheet)
        check_fonts(source, characters.fonts)
        clips = clips_of(texts, runs, characters, sheet, to_sheet) if contents.may_clip else no_clips(texts)
        glyphs, sides, hidden = seen_of(sheet, texts, characters, clips)
        return finished_marks(sheet, glyphs, hidden, int(source.rotate or 0) % 360, sides=sides)
