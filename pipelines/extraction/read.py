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
``scan_without_text``     page(s) are pictures in which no text could be recognised
``no_text``               there is neither text nor a picture of it
``page_damaged``          part of a page's contents cannot be unpacked; what could be read is there
``page_too_complex``      a page with thousands of rules: a drawing, whose text only is read; one with
                          more marks than any page of text has, or contents that unpack to hundreds
                          of megabytes, is not read
``text_not_decodable``    most characters of a page have no known meaning (fonts without a map), a
                          font cannot be read or says other digits than it draws, or letters seem to
                          be drawn as shapes, and the page's picture cannot be recognised either
``rebuilt``               the file's structure is damaged; read is what a reader's repair found
========================  ==============================================================

What is noticed on a page, but kept nothing on it from being read, is a remark, with one of these:

``hidden_text``: text that no reader sees; it is no figure. ``earlier_revision``: the page showed other
text before the file was changed. ``page_without_text``: rules or surfaces, but no text. ``reader_crashed``:
pdfium ended the process on the file, and pdfplumber read it (``warehouse.reading`` says so).
``page_recognised``: its text has no known meaning, so that its picture was recognised, as that of a scan is.
"""

from __future__ import annotations

import io
import itertools
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfplumber.pdf import PDF

from pipelines.extraction.annotations import undrawn_values
from pipelines.extraction.collecting import collections_put_off
from pipelines.extraction.cut_headers import LastPage
from pipelines.extraction.font_check import FontCheck
from pipelines.extraction.grid import GridTooLargeError
from pipelines.extraction.joining import join_tables
from pipelines.extraction.marks import Hidden, HiddenBy, Marks, letters_of, number_shown, without_rules
from pipelines.extraction.model import Outcome, Page, PageBefore, Problem, ReadDocument
from pipelines.extraction.page_contents import PageContents
from pipelines.extraction.page_tree import page_sources
from pipelines.extraction.pdf_objects import end_reference_rings
from pipelines.extraction.pdf_tokens import find_tokens_at_once
from pipelines.extraction.pdfium_marks import PdfiumFile
from pipelines.extraction.printed import read_marks
from pipelines.extraction.rebuilding import rebuilt
from pipelines.extraction.revisions import earlier_texts
from pipelines.extraction.scans import SCAN_CHARACTERS, Scans, is_scan
from pipelines.extraction.tables import read_tables
from pipelines.extraction.unpacking import PageTooComplexError, bound_unpacking
from pipelines.settings import Reader, chosen_reader

#: Documents of this kind have 20 to 200 pages; a file beyond this is something else.
MAX_PAGES = 1000
#: So many drawn shapes on a page without text may be letters.
OUTLINES = 50
#: The PDF header stands within the first bytes (Adobe's readers accept 1024).
_HEADER_WITHIN = 1024

#: What is set aside for these reasons may still be shown by readers that repair what they open.
_REBUILT = frozenset({"broken", "no_pages"})
_HIDDEN_BY: dict[HiddenBy, str] = {
    "outside": "outside the page's visible part",
    "clipped": "cut off by a clipping path",
    "covered": "under something painted over it",
    "invisible": "printed invisibly",
    "paper": "in the colour of its ground",
    "tiny": "too small to be seen",
    "switched_off": "in a part that is switched off",
}

_log = logging.getLogger(__name__)
# pdfminer warns on every odd font of an otherwise readable file; what matters becomes a Problem.
logging.getLogger("pdfminer").setLevel(logging.ERROR)
end_reference_rings()
bound_unpacking()
find_tokens_at_once()


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
        # In memory, where both readers and the look at revisions find it: a page costs many small reads.
        content = file.read()
    with collections_put_off():
        document = _read_content(content, document_id, max_pages, reader or chosen_reader())
    reasons = {problem.reason for problem in document.problems}
    if document.outcome == "set_aside" and reasons & _REBUILT and reasons <= _REBUILT | {"page_failed"}:
        return _read_rebuilt(document, path, max_pages)
    return document if document.outcome == "set_aside" else _with_earlier_texts(document, content)


def _read_content(content: bytes, document_id: str, max_pages: int, reader: Reader) -> ReadDocument:
    try:
        # Not pdf.close(): that reads every page of the file once more to close it.
        pdf = pdfplumber.open(io.BytesIO(content))
    except MemoryError:
        raise  # nothing in the process can be relied on: the pool says so of the document
    except Exception as error:
        return _set_aside(document_id, *_why_not_opened(error))
    second = _second_reader(content) if reader == "pdfium" else None
    scans = Scans(content)
    try:
        return _read_open(pdf, document_id, max_pages, second, scans)
    except MemoryError:
        raise
    except Exception as error:  # a file may be hostile in ways no list of exceptions foresees
        return _set_aside(document_id, "broken", f"The PDF cannot be read: {_said(error)}.")
    finally:
        scans.close()
        if second is not None:
            second.close()


def _read_rebuilt(failed: ReadDocument, path: Path, max_pages: int) -> ReadDocument:
    """What can be read of a damaged file after it was rebuilt; the failure itself where that is nothing."""
    content = rebuilt(path)
    if content is None:
        return failed
    document = _read_content(content, failed.document_id, max_pages, "pdfplumber")
    if document.outcome == "set_aside" and document.problems[0].reason != "scan_without_text":
        return failed
    message = (
        f"The file is damaged and was rebuilt as readers do; {document.page_count} pages were found, "
        f"others may be missing. {failed.problems[0].message}"
    )
    problems = (Problem("rebuilt", message), *document.problems)
    outcome: Outcome = "set_aside" if document.outcome == "set_aside" else "read_in_part"
    return replace(document, outcome=outcome, problems=problems)


def _with_earlier_texts(document: ReadDocument, content: bytes) -> ReadDocument:
    """The document with a remark for each page that showed other text before the file was changed."""
    remarks = [
        Problem(
            "earlier_revision", f"Page {page}: before the file was changed it showed {_short(text)}", page
        )
        for page, text in earlier_texts(content, document.page_count)
    ]
    return replace(document, remarks=(*document.remarks, *remarks)) if remarks else document


def _second_reader(content: bytes) -> PdfiumFile | None:
    """The file opened with pdfium; None where pdfium cannot open it."""
    try:
        return PdfiumFile(content)
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


def _read_open(
    pdf: PDF, document_id: str, max_pages: int, second: PdfiumFile | None, scans: Scans
) -> ReadDocument:
    sources = list(itertools.islice(page_sources(pdf.doc), max_pages + 1))
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
    remarks: list[Problem] = []
    fonts = FontCheck(with_files=second is None)
    last: LastPage | None = None
    for number, source in enumerate(sources, start=1):
        before = PageBefore() if last is None else last.leaves(pages)
        try:
            page, marks, page_problems, page_remarks = _read_page(pdf, source, number, second, scans, before)
        except MemoryError:
            raise  # nothing in the process can be relied on: the pool says so of the document
        except PageTooComplexError as error:
            message = f"Page {number} was not read: {error}, more than any page of text has."
            problems.append(Problem("page_too_complex", message, number))
            continue
        except Exception as error:
            problems.append(Problem("page_failed", f"Page {number} cannot be read: {_said(error)}.", number))
            continue
        if last is not None and before.header and last.page.number == number - 1:
            pages[-1] = last.with_header(marks, before)
        last = LastPage(page, marks, before)
        pages.append(page)
        problems.extend(page_problems)
        problems.extend(
            Problem("text_not_decodable", f"Page {number}: {said}; figures may look otherwise.", number)
            for said in fonts.contradictions(source)
        )
        remarks.extend(page_remarks)
    return _document(pdf, document_id, len(sources), pages, problems, remarks)


def _is_cut_off(pdf: PDF) -> bool:
    """Whether the end-of-file mark is missing from the last bytes, where it must stand."""
    pdf.stream.seek(0, io.SEEK_END)
    pdf.stream.seek(max(0, pdf.stream.tell() - _HEADER_WITHIN))
    return b"%%EOF" not in pdf.stream.read()


def _marks(
    pdf: PDF, source: PDFPage, number: int, second: PdfiumFile | None, contents: PageContents
) -> Marks:
    """The page's marks from the second reader, or from the reference where that cannot tell them."""
    if second is not None:
        try:
            marks = second.read_marks(source, number - 1, contents)
            if marks.glyphs:
                return marks
            # No text may mean that pdfium has found another page than the tree names.
        except Exception as error:
            _log.info("page %d is read by pdfplumber: %s", number, _said(error))
    return read_marks(pdf, source)


def _read_page(
    pdf: PDF,
    source: PDFPage,
    number: int,
    second: PdfiumFile | None,
    scans: Scans,
    before: PageBefore,
) -> tuple[Page, Marks, list[Problem], list[Problem]]:
    failure = getattr(source, "failure", None)
    if failure is not None:
        raise failure
    problems: list[Problem] = []
    contents = PageContents(source)
    if contents.is_damaged:
        message = f"Page {number} is damaged: text may be missing where its contents cannot be unpacked."
        problems.append(Problem("page_damaged", message, number))
    marks = _marks(pdf, source, number, second, contents)
    letters = marks.letters or letters_of(marks.glyphs)
    n_shown = number_shown(marks.glyphs, letters)
    undecodable = _why_not_decodable(marks, letters, n_shown)
    remarks = _remarks(source, marks, number, n_shown > 0 or is_scan(marks))
    is_image_only = is_scan(marks)
    if is_image_only or undecodable:
        # Where most of the text is known, the text stays; a problem tells of the rest.
        is_picture_better = not undecodable or marks.n_lost == 0 or n_shown <= SCAN_CHARACTERS
        recognised = (
            scans.read_marks(marks, number, has_own_text=not undecodable) if is_picture_better else None
        )
        if recognised is not None and undecodable:
            is_image_only = True
            message = f"Page {number}: {undecodable}; it was recognised from its picture instead."
            remarks.append(Problem("page_recognised", message, number))
        elif undecodable:
            message = f"Page {number}: {undecodable}."
            problems.append(Problem("text_not_decodable", message, number))
        elif recognised is None:
            message = f"Page {number} is a picture in which no text can be recognised."
            problems.append(Problem("scan_without_text", message, number))
        marks = recognised or marks
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
    return page, marks, problems, remarks


def _why_not_decodable(marks: Marks, letters: str | None, n_shown: int) -> str:
    """Why the text of a page is not what is seen on it, in words; empty where it is.

    ``letters`` are the characters where each is one letter, ``n_shown`` is how many are not blank.
    """
    if marks.n_lost:
        return f"{marks.n_lost} pieces of text are in a font that cannot be read"
    if not n_shown and marks.n_curves >= OUTLINES:
        return f"{marks.n_curves} drawn shapes and no text; letters may be drawn"
    if letters is not None:
        return ""
    unknown = sum(glyph[4].startswith("(cid:") for glyph in marks.glyphs)
    return f"{unknown} of {n_shown} characters have no known meaning" if unknown > 0.5 * n_shown else ""


def _remarks(source: PDFPage, marks: Marks, number: int, has_content: bool) -> list[Problem]:
    """What was noticed on a page that kept nothing on it from being read."""
    remarks = [Problem("hidden_text", _hidden(one, marks, number), number) for one in marks.hidden]
    values = " ".join(undrawn_values(source))
    if values.strip():
        message = f"Page {number}: form fields hold text that the file does not draw: {_short(values)}"
        remarks.append(Problem("hidden_text", message, number))
    n_rules = len(marks.horizontals) + len(marks.verticals) + len(marks.fills)
    if not has_content and (n_rules or marks.n_images or marks.n_curves):
        message = f"Page {number} has rules, surfaces or pictures, but no text."
        remarks.append(Problem("page_without_text", message, number))
    return remarks


def _hidden(one: Hidden, marks: Marks, number: int) -> str:
    """What is said of a text that nobody sees; on a scan it is what another program recognised."""
    if is_scan(marks) and one.by in ("invisible", "covered"):
        return (
            f"Page {number} is a scan with a text layer that nobody sees: another program's recognition "
            "of the picture, no hidden figures. It is not used, the picture was recognised anew: "
            f"{_short(one.text)}"
        )
    return f"Page {number}: text {_HIDDEN_BY[one.by]}: {_short(one.text)}"


def _short(text: str) -> str:
    return f"“{text[:200]}…”" if len(text) > 200 else f"“{text}”"


def _document(
    pdf: PDF,
    document_id: str,
    page_count: int,
    pages: list[Page],
    problems: list[Problem],
    remarks: list[Problem],
) -> ReadDocument:
    outcome: Outcome = "read_in_part" if problems else "read"
    n_scans = sum(page.is_image_only for page in pages)
    unread = {problem.page for problem in problems if problem.reason == "scan_without_text"}
    has_text = any(page.lines and page.number not in unread for page in pages)
    if not has_text:
        outcome = "set_aside"
        if unread:
            message = (
                f"All there is are pictures ({len(unread)} of {page_count} pages) in which no text can be "
                "recognised."
            )
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
        remarks=tuple(remarks),
    )


def _metadata(pdf: PDF, key: str) -> str:
    value = pdf.metadata.get(key)
    return value.strip() if isinstance(value, str) else ""
