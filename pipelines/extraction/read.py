"""A PDF file becomes a ``ReadDocument``; whatever goes wrong becomes a ``Problem`` with its reason.

Reasons are short stable codes for machines, messages are for people:

========================  ==============================================================
``empty_file``            the file has no bytes
``not_a_pdf``             no PDF header at its beginning
``broken``                the file's structure cannot be read (cut off, damaged)
``encrypted``             a password is needed
``no_pages``              it opens, but has no page
``too_many_pages``        more pages than the limit
``page_failed``           one page could not be read
``scan_without_text``     page(s) are pictures without a text layer
``no_text``               there is neither text nor a picture of it
``page_damaged``          part of a page's contents cannot be unpacked; what could be read is there
``page_too_complex``      a page with thousands of rules: a drawing, whose text only is read
``text_not_decodable``    most characters of a page have no known meaning (fonts without a map)
========================  ==============================================================
"""

from __future__ import annotations

import io
import itertools
import logging
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import LIT
from pdfplumber.page import Page as PlumberPage
from pdfplumber.pdf import PDF

from pipelines.extraction.grid import GridTooLargeError
from pipelines.extraction.joining import join_tables, open_end
from pipelines.extraction.marks import Marks, without_rules
from pipelines.extraction.model import Outcome, Page, Problem, ReadDocument
from pipelines.extraction.pdfium_marks import PdfiumFile
from pipelines.extraction.printed import read_marks
from pipelines.extraction.tables import read_tables
from pipelines.settings import Reader, chosen_reader

#: Documents of this kind have 20 to 200 pages; a file beyond this is something else.
MAX_PAGES = 1000
#: A page with pictures over at least this share and hardly any text is a scan.
SCAN_IMAGE_SHARE = 0.5
#: So many characters (a stamp, a page number) may stand on a scanned page.
SCAN_CHARACTERS = 12
#: The PDF header stands within the first bytes (Adobe's readers accept 1024).
_HEADER_WITHIN = 1024

_log = logging.getLogger(__name__)
# pdfminer warns on every odd font of an otherwise readable file; what matters becomes a Problem.
logging.getLogger("pdfminer").setLevel(logging.ERROR)


def read_document(
    path: Path, document_id: str, *, max_pages: int = MAX_PAGES, reader: Reader | None = None
) -> ReadDocument:
    """Read a PDF: pages, lines, tables and their cells, each with its place.

    ``reader`` says how a page's marks are read (``settings.chosen_reader()`` where not given); pages
    that pdfium does not tell as the reference does, pdfplumber reads.

    Never raises for what is in the file: outcome ``set_aside`` with a Problem says why nothing
    could be read, ``read_in_part`` which pages could not. ``OSError`` of the file system (no such
    file) does come through: that is not the document's fault. A document without any table is
    ``read``: whether it should have had one is for ``statements`` to say.
    """
    size = path.stat().st_size
    if size == 0:
        return _set_aside(document_id, "empty_file", "The file is empty (0 bytes).")
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(_HEADER_WITHIN):
            message = "The file is not a PDF (it does not begin with %PDF)."
            return _set_aside(document_id, "not_a_pdf", message)
        file.seek(0)
        try:
            # Not pdf.close(): that reads every page of the file once more to close it.
            pdf = pdfplumber.open(file)
        except Exception as error:
            return _set_aside(document_id, *_why_not_opened(error))
        second = _second_reader(path) if (reader or chosen_reader()) == "pdfium" else None
        try:
            return _read_open(pdf, document_id, max_pages, second)
        except Exception as error:  # a file may be hostile in ways no list of exceptions foresees
            return _set_aside(document_id, "broken", f"The PDF cannot be read: {_said(error)}.")
        finally:
            if second is not None:
                second.close()


def _second_reader(path: Path) -> PdfiumFile | None:
    """The file opened with pdfium; None where pdfium cannot open it."""
    try:
        return PdfiumFile(path)
    except Exception:
        return None


def _why_not_opened(error: Exception) -> tuple[str, str]:
    causes: list[Any] = [error, *error.args, error.__cause__, error.__context__]
    if any(isinstance(cause, PDFPasswordIncorrect) for cause in causes):
        return "encrypted", "The PDF is encrypted and needs a password."
    if any("encrypt" in type(cause).__name__.lower() for cause in causes):
        return "encrypted", f"The PDF is encrypted in a way that cannot be read: {_said(error)}."
    return "broken", f"The PDF is cut off or damaged: {_said(error)}."


def _said(error: BaseException) -> str:
    """What an exception says, on one short line."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:160].rstrip(".")


def _set_aside(document_id: str, reason: str, message: str, page_count: int = 0) -> ReadDocument:
    return ReadDocument(
        document_id=document_id,
        outcome="set_aside",
        page_count=page_count,
        pages=(),
        tables=(),
        problems=(Problem(reason, message),),
    )


def _read_open(pdf: PDF, document_id: str, max_pages: int, second: PdfiumFile | None) -> ReadDocument:
    sources = list(itertools.islice(_page_sources(pdf), max_pages + 1))
    if not sources:
        if _is_cut_off(pdf):
            message = "The PDF is cut off: its end is missing, and no page can be found in what is left."
            return _set_aside(document_id, "broken", message)
        return _set_aside(document_id, "no_pages", "The PDF opens but has no pages.")
    if len(sources) > max_pages:
        message = f"The PDF has more than {max_pages} pages, more than documents of this kind ever have."
        return _set_aside(document_id, "too_many_pages", message, page_count=len(sources))
    if second is not None and second.n_pages != len(sources):
        second = None  # the two do not mean the same pages
    pages: list[Page] = []
    problems: list[Problem] = []
    for number, source in enumerate(sources, start=1):
        try:
            page, page_problems = _read_page(pdf, source, number, second, open_end(pages))
        except Exception as error:
            problems.append(Problem("page_failed", f"Page {number} cannot be read: {_said(error)}.", number))
            continue
        pages.append(page)
        problems.extend(page_problems)
    return _document(pdf, document_id, len(sources), pages, problems)


def _is_cut_off(pdf: PDF) -> bool:
    """Whether the end-of-file mark is missing from the last bytes, where it must stand."""
    pdf.stream.seek(0, io.SEEK_END)
    pdf.stream.seek(max(0, pdf.stream.tell() - _HEADER_WITHIN))
    return b"%%EOF" not in pdf.stream.read()


class _PageSource(PDFPage):
    """A page of the file that keeps to itself what is wrong with it.

    pdfminer's generator of pages ends with the first page whose entries it cannot make sense of
    (a missing MediaBox raises TypeError); one bad page must not cost the others.
    """

    failure: Exception | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().__init__(*args, **kwargs)
        except Exception as error:
            self.failure = error


def _page_sources(pdf: PDF) -> Iterator[PDFPage]:
    """The pages one by one, so that a file of a million pages is noticed before it is held."""
    yield from _PageSource.create_pages(pdf.doc)


def _marks(pdf: PDF, source: PDFPage, number: int, second: PdfiumFile | None) -> Marks:
    """The page's marks from the second reader, or from the reference where that cannot tell them."""
    if second is not None:
        try:
            return second.read_marks(source, number - 1)
        except Exception as error:
            _log.info("page %d is read by pdfplumber: %s", number, _said(error))
    plumber = PlumberPage(pdf, source, page_number=number, initial_doctop=0)
    try:
        return read_marks(plumber)
    finally:
        plumber.close()


def _read_page(
    pdf: PDF, source: PDFPage, number: int, second: PdfiumFile | None, before: Sequence[float]
) -> tuple[Page, list[Problem]]:
    failure = getattr(source, "failure", None)
    if failure is not None:
        raise failure
    problems: list[Problem] = []
    if _is_damaged(source):
        message = f"Page {number} is damaged: text may be missing where its contents cannot be unpacked."
        problems.append(Problem("page_damaged", message, number))
    marks = _marks(pdf, source, number, second)
    shown = [glyph for glyph in marks.glyphs if not glyph.text.isspace()]
    unknown = sum(glyph.text.startswith("(cid:") for glyph in shown)
    if unknown > 0.5 * len(shown):
        message = f"Page {number}: {unknown} of {len(shown)} characters have no known meaning."
        problems.append(Problem("text_not_decodable", message, number))
    is_image_only = _is_scan(marks, len(shown))
    if is_image_only:
        message = f"Page {number} is a picture without text (a scan)."
        problems.append(Problem("scan_without_text", message, number))
    try:
        tables, lines = read_tables(marks, number, before)
    except GridTooLargeError as error:
        message = (
            f"Page {number}: its rules make {error}, more than any printed table; only its text was read."
        )
        problems.append(Problem("page_too_complex", message, number))
        tables, lines = read_tables(without_rules(marks), number)
    page = Page(
        number=number,
        width=marks.width,
        height=marks.height,
        rotation=marks.rotation,
        lines=lines,
        tables=tables,
        is_image_only=is_image_only,
        turn=marks.turn,
    )
    return page, problems


def _is_damaged(source: PDFPage) -> bool:
    """Whether a content stream does not unpack; pdfminer would go on in silence with what it got."""
    for reference in source.contents:
        stream = resolve1(reference)
        if not isinstance(stream, PDFStream):
            return True
        filters = [name for name, _ in stream.get_filters()]
        raw = stream.rawdata
        if raw is None or stream.decipher or filters not in ([LIT("FlateDecode")], [LIT("Fl")]):
            continue
        if not _unpacks(raw):
            return True
    return False


def _unpacks(raw: bytes) -> bool:
    """Whether a deflated stream is whole; its checksum may be cut off, as some producers do."""
    try:
        whole = zlib.decompressobj()
        whole.decompress(raw)
        if whole.eof:
            return True
        blocks = zlib.decompressobj(-zlib.MAX_WBITS)
        blocks.decompress(raw[2:])
        return blocks.eof
    except zlib.error:
        return False


def _is_scan(marks: Marks, n_characters: int) -> bool:
    if n_characters == 0:
        return marks.n_images > 0 and marks.image_share > 0.1
    return n_characters <= SCAN_CHARACTERS and marks.image_share >= SCAN_IMAGE_SHARE


def _document(
    pdf: PDF, document_id: str, page_count: int, pages: list[Page], problems: list[Problem]
) -> ReadDocument:
    outcome: Outcome = "read_in_part" if problems else "read"
    n_scans = sum(page.is_image_only for page in pages)
    has_text = any(page.lines and not page.is_image_only for page in pages)
    if not has_text:
        outcome = "set_aside"
        if n_scans:
            message = f"All text is in pictures ({n_scans} of {page_count} pages are scans without text)."
            problems = [Problem("scan_without_text", message), *problems]
        elif not problems:
            message = "The PDF has neither text nor pictures of it: all pages are blank."
            problems = [Problem("no_text", message)]
        elif len(pages) < page_count and not pages:
            problems = [Problem("broken", f"None of the {page_count} pages can be read."), *problems]
        else:
            problems = [Problem("no_text", "No page holds text that can be read."), *problems]
    return ReadDocument(
        document_id=document_id,
        outcome=outcome,
        page_count=page_count,
        pages=tuple(pages),
        tables=join_tables(pages),
        producer=_metadata(pdf, "Producer"),
        creator=_metadata(pdf, "Creator"),
        title=_metadata(pdf, "Title"),
        is_scanned=n_scans > 0 and n_scans * 2 >= len(pages),
        problems=tuple(problems),
    )


def _metadata(pdf: PDF, key: str) -> str:
    value = pdf.metadata.get(key)
    return value.strip() if isinstance(value, str) else ""
