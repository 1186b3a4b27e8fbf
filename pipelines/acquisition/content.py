"""What a file is, by its bytes and never by its name or what the server calls it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Literal

ContentKind = Literal[
    "pdf", "zip", "rar", "7z", "gzip", "doc", "xls", "ole", "docx", "xlsx", "pptx", "ofd",
    "image", "html", "text", "empty", "unknown",
]  # fmt: skip

#: What the later rooms read.
READ: frozenset[ContentKind] = frozenset({"pdf"})
#: What departments publish beside PDFs: kept and recorded, not read yet.
KEPT: frozenset[ContentKind] = frozenset(
    {"rar", "7z", "gzip", "doc", "xls", "ole", "docx", "xlsx", "pptx", "ofd", "image"}
)
#: What each kind is called in a message.
CALLED: dict[ContentKind, str] = {
    "pdf": "a PDF", "zip": "a ZIP archive", "rar": "a RAR archive", "7z": "a 7z archive",
    "gzip": "a gzip archive", "doc": "a Word document (DOC)", "xls": "an Excel workbook (XLS)",
    "ole": "an old office document", "docx": "a Word document (DOCX)", "xlsx": "an Excel workbook (XLSX)",
    "pptx": "a presentation", "ofd": "an OFD document", "image": "a picture", "html": "a web page",
    "text": "plain text",
    "empty": "empty", "unknown": "of no known kind",
}  # fmt: skip

# A PDF may have other bytes before its header (PDF 1.7, implementation note 13).
_HEAD = 1024
# Names of streams in an OLE file are UTF-16; they stand in its directory, which may lie anywhere.
_OLE_STREAMS: tuple[tuple[str, ContentKind], ...] = (
    ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"),
)  # fmt: skip
_OLE_SEARCHED = 4 << 20
_MAGIC: tuple[tuple[bytes, ContentKind], ...] = (
    (b"Rar!\x1a\x07", "rar"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"\x1f\x8b", "gzip"),
    (b"\x89PNG\r\n\x1a\n", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"), (b"BM", "image"),
    (b"II*\x00", "image"), (b"MM\x00*", "image"),
)  # fmt: skip
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|meta)\b", re.I | re.S)


def kind_of(path: Path) -> ContentKind:
    """What the file at ``path`` is; reads its beginning, and the list of names of a ZIP."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if not head:
            return "empty"
        if b"%PDF-" in head:
            return "pdf"
        if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
            return _kind_of_zip(path)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return _kind_of_ole(head + stream.read(_OLE_SEARCHED))
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    text = head.removeprefix(b"\xef\xbb\xbf")
    return "html" if _HTML.match(text) else "unknown"


def _kind_of_zip(path: Path) -> ContentKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:2000])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return "zip"  # what is wrong with it is said where it is opened
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names:
        for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
            if any(name.startswith(folder) for name in names):
                return kind  # type: ignore[return-value]
    return "zip"


def _kind_of_ole(content: bytes) -> ContentKind:
    for name, kind in _OLE_STREAMS:
        if name.encode("utf-16-le") in content:
            return kind
    return "ole"
