"""Fonts that say other figures than they draw: what they tell of a digit is held against their own encoding.

A font's ``ToUnicode`` says what its codes mean (ISO 32000-1, 9.10.3); what is drawn for them its encoding
decides (9.6.6), or the ``cmap`` table of the font file (9.7.4.2). Where the two name different digits, or a
Type 3 glyph is drawn by printing other text (9.6.5), nobody can say from the file what a reader sees.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from typing import Any

from pdfminer.encodingdb import EncodingDB, name2unicode
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream

from pipelines.extraction.page_contents import forms_of, unpacked
from pipelines.extraction.pdf_objects import name_of, resolved

_DIGITS = "0123456789"
_PAIR = re.compile(rb"<\s*([0-9A-Fa-f]{2,8})\s*>\s*<\s*00(3[0-9])\s*>")
_RANGE = re.compile(rb"<\s*([0-9A-Fa-f]{2,8})\s*>\s*<\s*([0-9A-Fa-f]{2,8})\s*>\s*<\s*00([23][0-9A-Fa-f])\s*>")
_LISTED = re.compile(rb"<\s*([0-9A-Fa-f]{2,8})\s*>\s*<\s*[0-9A-Fa-f]{2,8}\s*>\s*\[([^\]]{0,4000})\]")
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_SINGLES = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_HEX = re.compile(rb"<\s*([0-9A-Fa-f]+)\s*>")
_SHOWS_TEXT = re.compile(rb"(?<![A-Za-z])T[jJ](?![A-Za-z])")
#: A range of codes longer than this is cut: only ten codes of a font are digits.
_LONGEST = 256
#: Font files and maps are looked into no further than this (bytes, unpacked).
_MOST = 8 * 2**20


class FontCheck:
    """Looks at the fonts of a document, each once.

    The files of composite fonts are looked into only where the document is read by the reference
    (``with_files``), which needs them anyway: to take them out of the PDF costs more than all the rest.
    """

    def __init__(self, *, with_files: bool) -> None:
        self._with_files = with_files
        self._known: dict[int, str] = {}

    def contradictions(self, source: PDFPage) -> list[str]:
        """What is wrong with fonts that a page may use, in words; nothing where all is well or unknown."""
        resources = [source.resources, *(form.attrs.get("Resources") for form in forms_of(source.resources))]
        found: list[str] = []
        for one in resources:
            entries = resolved(one)
            fonts = resolved(entries.get("Font")) if isinstance(entries, dict) else None
            for reference in fonts.values() if isinstance(fonts, dict) else ():
                said = self._said(reference)
                if said and said not in found:
                    found.append(said)
        return found

    def _said(self, reference: Any) -> str:
        number = reference.objid if isinstance(reference, PDFObjRef) else None
        if number in self._known:
            return self._known[number]
        font = resolved(reference)
        try:
            said = _contradiction(font, self._with_files) if isinstance(font, dict) else ""
        except MemoryError:
            raise
        except Exception:  # a font of rubbish: whether its text can be read is told elsewhere
            said = ""
        if number is not None:
            self._known[number] = said
        return said


def _contradiction(font: Mapping[str, Any], with_files: bool) -> str:
    kind = name_of(resolved(font.get("Subtype")))
    if kind == "Type0" and not with_files:
        return ""
    if kind == "Type3" and _prints_text(font):
        return "a font draws its characters by printing other text"
    meant = _digits_meant(resolved(font.get("ToUnicode")))
    if not meant:
        return ""
    drawn = _digits_of_file(font) if kind == "Type0" else _digits_of_encoding(font)
    for code, digit in sorted(meant.items()):
        if drawn.get(code, digit) != digit:
            return f"a font says {digit} for what its own encoding calls {drawn[code]}"
    return ""


def _prints_text(font: Mapping[str, Any]) -> bool:
    procedures = resolved(font.get("CharProcs"))
    listed = map(resolved, procedures.values()) if isinstance(procedures, dict) else ()
    return any(isinstance(one, PDFStream) and _SHOWS_TEXT.search(unpacked(one, _MOST)) for one in listed)


def _digits_meant(to_unicode: Any) -> dict[int, str]:
    """The codes for which a map to Unicode says a digit."""
    if not isinstance(to_unicode, PDFStream):
        return {}
    text = unpacked(to_unicode, _MOST)
    found: dict[int, str] = {}
    for block in _SINGLES.finditer(text):
        for code, digit in _PAIR.findall(block[1]):
            found[int(code, 16)] = chr(int(digit, 16))
    for block in _RANGES.finditer(text):
        for first, listed in _LISTED.findall(block[1]):
            for k, value in enumerate(_HEX.findall(listed)):
                if len(value) == 4 and chr(int(value, 16)) in _DIGITS:
                    found[int(first, 16) + k] = chr(int(value, 16))
        for first, last, begin in _RANGE.findall(_LISTED.sub(b" ", block[1])):
            start = int(first, 16)
            for k in range(min(int(last, 16) - start, _LONGEST) + 1):
                if chr(int(begin, 16) + k) in _DIGITS:
                    found[start + k] = chr(int(begin, 16) + k)
    return found


def _digits_of_encoding(font: Mapping[str, Any]) -> dict[int, str]:
    """The codes whose glyph a simple font calls a digit by its name."""
    encoding = resolved(font.get("Encoding"))
    base, differences = encoding, None
    if isinstance(encoding, dict):
        base, differences = resolved(encoding.get("BaseEncoding")), resolved(encoding.get("Differences"))
    names = EncodingDB.encodings.get(name_of(base) or "")
    found = {code: text for code, text in (names or {}).items() if text in _DIGITS}
    code = 0
    for one in map(resolved, differences if isinstance(differences, list) else []):
        name = name_of(one)
        if isinstance(one, int):
            code = one
        elif name is not None:
            found.pop(code, None)
            text = _character(name)
            if text and text in _DIGITS:
                found[code] = text
            code += 1
    return found


def _character(name: str) -> str:
    try:
        return name2unicode(name)
    except (KeyError, ValueError):
        return ""


def _digits_of_file(font: Mapping[str, Any]) -> dict[int, str]:
    """The codes whose glyph the font file of a composite font, coded by identity, has for a digit."""
    if not (name_of(resolved(font.get("Encoding"))) or "").startswith("Identity"):
        return {}
    descendants = resolved(font.get("DescendantFonts"))
    inner = resolved(descendants[0]) if isinstance(descendants, list) and descendants else None
    descriptor = resolved(inner.get("FontDescriptor")) if isinstance(inner, dict) else None
    file = resolved(descriptor.get("FontFile2")) if isinstance(descriptor, dict) else None
    if not isinstance(file, PDFStream) or not isinstance(inner, dict):
        return {}
    by_glyph = {glyph: digit for digit, glyph in _glyphs_of_digits(unpacked(file, _MOST))}
    mapped = resolved(inner.get("CIDToGIDMap"))
    if not isinstance(mapped, PDFStream):
        return by_glyph
    table = unpacked(mapped, _MOST)
    glyphs = struct.unpack(f">{len(table) // 2}H", table[: len(table) // 2 * 2])
    return {code: by_glyph[glyph] for code, glyph in enumerate(glyphs) if glyph in by_glyph}


def _glyphs_of_digits(file: bytes) -> Iterator[tuple[str, int]]:
    """Each digit with its glyph by the Unicode table of a TrueType file."""
    (count,) = struct.unpack(">H", file[4:6])
    for k in range(count):
        tag, _, offset, _ = struct.unpack(">4sLLL", file[12 + 16 * k : 28 + 16 * k])
        if tag == b"cmap":
            break
    else:
        return
    (tables,) = struct.unpack(">H", file[offset + 2 : offset + 4])
    for k in range(tables):
        platform, encoding, at = struct.unpack(">HHL", file[offset + 4 + 8 * k : offset + 12 + 8 * k])
        if (platform, encoding) not in ((3, 1), (3, 10)) and platform != 0:
            continue
        for digit in _DIGITS:
            glyph = _glyph(file, offset + at, ord(digit))
            if glyph:
                yield digit, glyph


def _glyph(file: bytes, at: int, character: int) -> int:
    """The glyph of a character by a subtable of format 4 or 12 (OpenType, cmap); 0 where it has none."""
    (kind,) = struct.unpack(">H", file[at : at + 2])
    if kind == 12:
        (groups,) = struct.unpack(">L", file[at + 12 : at + 16])
        for k in range(min(groups, _LONGEST)):
            first, last, glyph = struct.unpack(">LLL", file[at + 16 + 12 * k : at + 28 + 12 * k])
            if first <= character <= last:
                return int(glyph) + character - int(first)
        return 0
    if kind != 4:
        return 0
    size = struct.unpack(">H", file[at + 6 : at + 8])[0] // 2
    ends = struct.unpack(f">{size}H", file[at + 14 : at + 14 + 2 * size])
    for k, end in enumerate(ends):
        if character > end:
            continue
        place = at + 16 + 2 * size + 2 * k
        (first,) = struct.unpack(">H", file[place : place + 2])
        if character < first:
            return 0
        (shift,) = struct.unpack(">H", file[place + 2 * size : place + 2 * size + 2])
        place += 4 * size
        (offset,) = struct.unpack(">H", file[place : place + 2])
        if not offset:
            return int(character + shift) & 0xFFFF
        place += int(offset) + 2 * (character - int(first))
        (glyph,) = struct.unpack(">H", file[place : place + 2])
        return int(glyph + shift) & 0xFFFF if glyph else 0
    return 0
