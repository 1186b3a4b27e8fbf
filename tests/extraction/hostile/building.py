"""PDFs put together byte by byte, so that any part of one can be wrong."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

#: What stands on the page of a file that shows something; a reading without problems must hold it.
SHOWN = "1,234.56"
#: What a file holds without showing it; no reading may hold it unless it says that something is wrong.
LIE = "9,999.99"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
TEXT = b"BT /F1 12 Tf 50 700 Td (Total) Tj 200 0 Td (1,234.56) Tj ET\n"
BOX = b"/MediaBox[0 0 595 842]"
RESOURCES = b"/Resources<</Font<</F1 5 0 R>>>>"
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


@dataclass(frozen=True)
class HostileFile:
    """A file that means harm or is broken.

    ``expected`` holds the outcomes and reasons of which one must come (``read``, or a reason);
    ``shows`` says that a reading without a problem must hold the figure ``SHOWN``. ``source`` is the address
    of the thread that describes such a file.
    """

    kind: str
    name: str
    make: Callable[[], bytes]
    expected: frozenset[str] = frozenset()
    shows: bool = False
    source: str = ""


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def deflated(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body, packed."""
    return stream(zlib.compress(content, 9), b"/Filter/FlateDecode" + entries)


def assembled(
    objects: Mapping[int, bytes] | Iterable[bytes],
    *,
    header: bytes = b"%PDF-1.7\n",
    trailer: bytes = b"/Root 1 0 R",
    shift: int = 0,
) -> bytes:
    """A PDF of numbered objects with a cross-reference table whose offsets are off by ``shift``."""
    numbered = dict(objects) if isinstance(objects, Mapping) else dict(enumerate(objects, start=1))
    parts = [header]
    at = len(header)
    offsets = {}
    for number, content in numbered.items():
        offsets[number] = at
        part = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        parts.append(part)
        at += len(part)
    size = max(numbered) + 1
    table = [b"xref\n0 %d\n0000000000 65535 f \n" % size]
    for number in range(1, size):
        if number in offsets:
            table.append(b"%010d 00000 n \n" % max(0, offsets[number] + shift))
        else:
            table.append(b"0000000000 00000 f \n")
    parts += [*table, b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, at)]
    return b"".join(parts)


def one_page(
    *,
    content: bytes = TEXT,
    page: bytes = BOX + RESOURCES,
    contents: bytes | None = None,
    font: bytes = FONT,
    catalogue: bytes = CATALOGUE,
    pages: bytes = PAGES,
    more: Mapping[int, bytes] | None = None,
    **how: object,
) -> bytes:
    """A PDF of one page (object 3, contents 4, font 5); any object can be given otherwise."""
    objects = {
        1: catalogue,
        2: pages,
        3: b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s>>" % page,
        4: stream(content) if contents is None else contents,
        5: font,
        **(more or {}),
    }
    return assembled(objects, **how)  # type: ignore[arg-type]
