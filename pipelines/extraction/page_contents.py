"""What can be told of a page's contents without running them: damage, and other text than they print."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import LIT

from pipelines.extraction.pdf_objects import name_of, resolved
from pipelines.extraction.rendering import DEEPEST
from pipelines.extraction.unpacking import pieces

#: The entry of marked content whose text stands in for what is printed (ISO 32000-1, 14.9.4), or a name with
#: a letter written as its number (7.3.5), which may be the same.
_STANDS_IN = re.compile(rb"ActualText|/[\w.+-]{0,60}#[0-9A-Fa-f]{2}")
#: An operator that makes a path a clip (8.5.4).
_CLIPS = re.compile(rb"(?<![\w/])W\*?(?![\w*])")


def is_damaged(source: PDFPage) -> bool:
    """Whether a content stream does not unpack; pdfminer would go on in silence with what it got.

    Raises ``PageTooComplexError`` where one unpacks to more than any page has.
    """
    for reference in source.contents:
        stream = resolve1(reference)
        if not isinstance(stream, PDFStream):
            return True
        raw = _packed(stream)
        if raw is not None and not _unpacks(raw):
            return True
    return False


def has_stand_in_text(source: PDFPage) -> bool:
    """Whether the page, or a form that it draws, may name text that stands in for what it prints."""
    if _names_stand_in(source.resources):
        return True
    streams = [*map(resolved, source.contents), *forms_of(source.resources)]
    return any(
        isinstance(one, PDFStream)
        and (_names_stand_in(one.attrs.get("Resources")) or _any_says(one, _STANDS_IN))
        for one in streams
    )


def may_clip(source: PDFPage) -> bool:
    """Whether the page clips what it draws: by an operator, or by drawing forms, whose boxes clip."""
    if next(forms_of(source.resources), None) is not None:
        return True
    streams = map(resolved, source.contents)
    return any(isinstance(one, PDFStream) and _any_says(one, _CLIPS) for one in streams)


def unpacked(stream: PDFStream, most: int) -> bytes:
    """The contents of a stream, of one that is only deflated no more than about ``most`` bytes."""
    raw = _packed(stream)
    if raw is None:
        return bytes(stream.get_data())
    return zlib.decompressobj().decompress(raw, most)


def forms_of(resources: Any) -> Iterator[PDFStream]:
    """The forms among resources, and those among theirs, each once."""
    return _forms(resources, set(), 0)


def _forms(resources: Any, seen: set[int], depth: int) -> Iterator[PDFStream]:
    entries = resolved(resources)
    listed = resolved(entries.get("XObject")) if isinstance(entries, dict) else None
    for one in listed.values() if isinstance(listed, dict) and depth <= DEEPEST else ():
        form = resolved(one)
        if not isinstance(form, PDFStream) or id(form) in seen:
            continue
        seen.add(id(form))
        if name_of(resolved(form.attrs.get("Subtype"))) == "Form":
            yield form
            yield from _forms(form.attrs.get("Resources"), seen, depth + 1)


def _names_stand_in(resources: Any) -> bool:
    """Whether a property list among the resources has such text."""
    entries = resolved(resources)
    listed = resolved(entries.get("Properties")) if isinstance(entries, dict) else None
    properties = map(resolved, listed.values()) if isinstance(listed, dict) else ()
    return any(isinstance(one, dict) and "ActualText" in one for one in properties)


def _any_says(stream: PDFStream, what: re.Pattern[bytes]) -> bool:
    raw = _packed(stream)
    if raw is None:
        return what.search(stream.get_data()) is not None
    # A word may lie across two pieces: each is looked at with the end of the one before.
    end = b""
    for piece in pieces(raw, zlib.decompressobj()):
        if what.search(end + piece):
            return True
        end = piece[-100:]
    return False


def _packed(stream: PDFStream) -> bytes | None:
    """The bytes of a stream that is deflated once and not encrypted; None for any other."""
    filters = [name for name, _ in stream.get_filters()]
    is_deflated = filters in ([LIT("FlateDecode")], [LIT("Fl")])
    return stream.rawdata if is_deflated and not stream.decipher else None


def _unpacks(raw: bytes) -> bool:
    """Whether a deflated stream is whole; its checksum may be cut off, as some producers do."""
    return _ends(raw, zlib.decompressobj()) or _ends(raw[2:], zlib.decompressobj(-zlib.MAX_WBITS))


def _ends(raw: bytes, unpacker: Any) -> bool:
    """Whether a packed stream comes to its end."""
    try:
        for _ in pieces(raw, unpacker):
            pass
    except zlib.error:
        return False
    return bool(unpacker.eof)
