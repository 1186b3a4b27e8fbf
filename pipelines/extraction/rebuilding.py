"""A damaged PDF as a reader's own repair makes it whole.

Readers such as a browser find the objects of a file whose cross-reference is lost or wrong by going
through it, and show its pages. So that what they show is not lost, pdfium does it here and writes the
result out as a sound file; where even it finds no page, the file stays set aside.
"""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2


def rebuilt(path: Path) -> bytes | None:
    """The file written anew by pdfium, if that opens it and finds a page; None otherwise.

    A file that needs a password is not opened.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None
    try:
        if len(document) == 0:
            return None
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()
    except pypdfium2.PdfiumError:
        return None
    finally:
        document.close()
