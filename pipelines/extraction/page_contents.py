"""What can be told of a page's contents without running them: damage, and what their operators may do."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
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
#: A word may lie across two pieces of a stream: each is looked at with so much of the one before (bytes).
_OVERLAP = 100


class PageContents:
    """A page's contents, looked through once; the forms that it draws only where they are asked for.

    ``is_damaged`` says that a content stream does not unpack; pdfminer would go on in silence with what
    it got. A stream that turns into rubbish on the way may say anything.
    """

    def __init__(self, source: PDFPage) -> None:
        """Raises ``PageTooComplexError`` where a stream unpacks to more than any page has."""
        self.is_damaged = False
        self._resources = source.resources
        self._says = _Said()
        self._odd: list[PDFStream] = []
        for reference in source.contents:
            stream = resolve1(reference)
            raw = _packed(stream) if isinstance(stream, PDFStream) else b""
            if raw is not None:
                is_whole = isinstance(stream, PDFStream) and _is_whole(raw, self._says)
                self.is_damaged = self.is_damaged or not is_whole
            else:
                self._odd.append(stream)

    @cached_property
    def _forms(self) -> list[PDFStream]:
        return list(forms_of(self._resources))

    @cached_property
    def _all(self) -> _Said:
        """What the page's own streams and its forms say together."""
        for stream in (*self._odd, *self._forms):
            raw = _packed(stream)
            if raw is None:
                self._says.take(stream.get_data())
            else:
                _is_whole(raw, self._says)
        return self._says

    @property
    def has_stand_in_text(self) -> bool:
        """Whether the page, or a form that it draws, may name text that stands in for what it prints."""
        resources = (self._resources, *(form.attrs.get("Resources") for form in self._forms))
        return self._all.stands_in or any(map(_names_stand_in, resources))

    @property
    def may_clip(self) -> bool:
        """Whether the page clips what it draws: by an operator, or by drawing forms, whose boxes clip."""
        return bool(self._forms) or self._all.clips


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


@dataclass(slots=True)
class _Said:
    """What streams say."""

    stands_in: bool = False
    clips: bool = False

    def take(self, text: bytes) -> None:
        """Look at a piece of a stream; single letters are found many times faster than patterns."""
        if not self.stands_in and (b"ActualText" in text or b"#" in text):
            self.stands_in = _STANDS_IN.search(text) is not None
        if not self.clips and b"W" in text:
            self.clips = _CLIPS.search(text) is not None


def _is_whole(raw: bytes, says: _Said) -> bool:
    """Whether a deflated stream is whole, and what it says (anything, where it turns into rubbish).

    Its checksum may be cut off, as some producers do.
    """
    unpacker, end = zlib.decompressobj(), b""
    try:
        for piece in pieces(raw, unpacker):
            says.take(end + piece)
            end = piece[-_OVERLAP:]
        if unpacker.eof:
            return True
    except zlib.error:
        says.stands_in = says.clips = True
    return _ends(raw[2:], zlib.decompressobj(-zlib.MAX_WBITS))


def _packed(stream: PDFStream) -> bytes | None:
    """The bytes of a stream that is deflated once and not encrypted; None for any other."""
    filters = [name for name, _ in stream.get_filters()]
    is_deflated = filters in ([LIT("FlateDecode")], [LIT("Fl")])
    return stream.rawdata if is_deflated and not stream.decipher else None


def _ends(raw: bytes, unpacker: Any) -> bool:
    """Whether a packed stream comes to its end."""
    try:
        for _ in pieces(raw, unpacker):
            pass
    except zlib.error:
        return False
    return bool(unpacker.eof)
