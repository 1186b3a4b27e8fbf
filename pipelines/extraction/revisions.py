"""What pages of a PDF showed before the file was changed.

A PDF is changed by appending to it (ISO 32000-1, 7.5.6): what it showed before is still in the file. The
last revision is what a reader sees and what counts; text that only an earlier one showed is noticed here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2

#: The end of a revision. One of a linearised file's first page says 0: it is no revision.
_END = re.compile(rb"startxref\s+(\d+)\s+%%EOF[\r\n]{0,2}")
#: So many revisions before the last are looked at, the latest first.
MOST_REVISIONS = 3


def earlier_texts(content: bytes, n_pages: int) -> Iterator[tuple[int, str]]:
    """Page number and lines of each page that showed text in an earlier revision which it no longer shows.

    A revision that pdfium cannot open, or whose number of pages is another, is passed over: which page
    was which cannot be told.
    """
    ends = [match.end() for match in _END.finditer(content) if int(match[1]) > 0]
    earlier = [end for end in ends[:-1] if end < len(content.rstrip())][-MOST_REVISIONS:]
    if not earlier:
        return
    now = _texts(content, n_pages)
    if now is None:
        return
    told: set[int] = set()
    for end in reversed(earlier):
        before = _texts(content[:end], n_pages)
        for number, (old, new) in enumerate(zip(before or (), now, strict=False), start=1):
            gone = Counter(_lines(old)) - Counter(_lines(new))
            if gone and number not in told and "".join(_lines(old)) != "".join(_lines(new)):
                told.add(number)
                yield number, " ".join(line for line in _lines(old) if line in gone)


def _texts(content: bytes, n_pages: int) -> list[str] | None:
    """The text of each page; None where the file does not open or has other pages."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return None
    try:
        if len(document) != n_pages:
            return None
        texts = []
        for k in range(n_pages):
            page = document[k]
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
        return texts
    except pypdfium2.PdfiumError:
        return None
    finally:
        document.close()


def _lines(text: str) -> list[str]:
    return [line for line in ("".join(part.split()) for part in text.splitlines()) if line]
