"""Bombs that stand elsewhere than in a page's contents, files that are two things at once, stale revisions."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Iterator

from tests.extraction.hostile.building import (
    BOX,
    CATALOGUE,
    FONT,
    PAGES,
    RESOURCES,
    TEXT,
    HostileFile,
    assembled,
    deflated,
    one_page,
    stream,
)
from tests.extraction.hostile.contents import LIMITED, zeros

READ = frozenset({"read"})
ANY = frozenset[str]()
LIE = b"BT /F1 12 Tf 50 700 Td (Lie 9,999.99) Tj ET\n"


def elsewhere() -> Iterator[HostileFile]:
    """Every such file once."""
    yield from _bombs()
    yield from _polyglots()
    yield from _revisions()
    yield from _counts()
    yield from _pages()


def _bombs() -> Iterator[HostileFile]:
    def bomb(
        name: str, at: int, entries: bytes = b"", page: bytes = BOX + RESOURCES, **more: object
    ) -> HostileFile:
        def make() -> bytes:
            packed = stream(zeros(1000, 1), b"/Filter/FlateDecode" + entries)
            own = {k: v for k, v in more.items() if k != "objects"}
            return one_page(page=page, more={at: packed, **more.get("objects", {})}, **own)  # type: ignore[arg-type, dict-item, attr-defined]

        return HostileFile("bombs elsewhere", name, make, LIMITED | {"text_not_decodable"})

    font = b"<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar 0/LastChar 255/Widths[500]%s>>"
    yield bomb("in a map to Unicode", 6, font=font % b"/ToUnicode 6 0 R")
    yield bomb("in a font file", 6, font=font % b"/FontDescriptor<</Type/FontDescriptor/FontFile2 6 0 R>>")
    yield bomb(
        "in a Type 1 font file",
        6,
        b"/Length1 100",
        font=font % b"/FontDescriptor<</Type/FontDescriptor/FontFile 6 0 R>>",
    )
    yield bomb(
        "in a CFF font file",
        6,
        b"/Subtype/Type1C",
        font=font % b"/FontDescriptor<</Type/FontDescriptor/FontFile3 6 0 R>>",
    )
    cid = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding %s/DescendantFonts[<</Subtype/CIDFontType2/BaseFont/A/CIDToGIDMap %s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>>>]>>"
    yield bomb("in a map of codes", 6, b"/Type/CMap", font=cid % (b"6 0 R", b"/Identity"))
    yield bomb("in a map of glyphs", 6, font=cid % (b"/Identity-H", b"6 0 R"))
    yield bomb(
        "in a glyph of Type 3",
        6,
        font=b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 84/LastChar 84/Widths[1]/CharProcs<</a 6 0 R>>/Encoding<</Differences[84/a]>>>>",
    )
    drawn = BOX + b"/Resources<</Font<</F1 5 0 R>>/XObject<</A 6 0 R>>>>"
    yield bomb("in a form", 6, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]", drawn, content=TEXT + b"/A Do")
    yield bomb(
        "in a picture",
        6,
        b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceGray",
        drawn,
        content=TEXT + b"q 99 0 0 99 0 0 cm /A Do Q",
    )
    yield bomb(
        "in a mask",
        6,
        b"/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceGray",
        drawn.replace(b"6 0 R", b"7 0 R"),
        content=TEXT + b"/A Do",
        objects={
            7: stream(
                b"x", b"/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/SMask 6 0 R"
            )
        },
    )
    yield bomb(
        "in a colour profile",
        6,
        b"/N 3",
        BOX + b"/Resources<</Font<</F1 5 0 R>>/ColorSpace<</C[/ICCBased 6 0 R]>>>>",
        content=b"/C cs 0 0 0 scn " + TEXT,
    )
    yield bomb(
        "in the look of an annotation",
        6,
        b"/Subtype/Form/BBox[0 0 9 9]",
        BOX + RESOURCES + b"/Annots[<</Subtype/Stamp/Rect[0 0 9 9]/AP<</N 6 0 R>>>>]",
    )
    yield bomb(
        "in the metadata",
        6,
        b"/Type/Metadata/Subtype/XML",
        catalogue=b"<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R>>",
    )
    yield bomb(
        "in an attachment",
        6,
        b"/Type/EmbeddedFile",
        catalogue=b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a)/EF<</F 6 0 R>>>>]>>>>>>",
    )
    yield HostileFile(
        "bombs elsewhere", "in an object stream", lambda: _in_object_stream(zeros(1000, 1)), LIMITED
    )
    yield HostileFile(
        "bombs elsewhere", "in a cross-reference stream", lambda: _in_xref_stream(zeros(1000, 1)), LIMITED
    )
    for name, wrapped, filters in (
        ("hexadecimal", lambda c: c.hex().encode() + b">", b"/ASCIIHexDecode"),
        ("base 85", lambda c: base64.a85encode(c) + b"~>", b"/ASCII85Decode"),
    ):
        yield HostileFile(
            "bombs elsewhere",
            f"zeros packed, then in {name}",
            lambda w=wrapped, f=filters: one_page(
                contents=stream(w(zeros(1000, 1)), b"/Filter[" + f + b"/FlateDecode]")
            ),
            LIMITED,
        )  # type: ignore[misc]
    yield HostileFile(
        "bombs elsewhere",
        "run lengths, packed",
        lambda: one_page(
            contents=stream(zlib.compress(b"\x81 " * 8_000_000, 9), b"/Filter[/FlateDecode/RunLengthDecode]")
        ),
        LIMITED,
    )
    yield HostileFile(
        "bombs elsewhere",
        "LZW, packed",
        lambda: one_page(
            contents=stream(zlib.compress(bytes(4_000_000), 9), b"/Filter[/FlateDecode/LZWDecode]")
        ),
        LIMITED,
    )


def _in_object_stream(packed: bytes) -> bytes:
    objects = {
        1: CATALOGUE,
        2: PAGES,
        4: stream(TEXT),
        5: FONT,
        6: stream(packed, b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"),
    }
    head = assembled(objects)
    head = head[: head.index(b"xref\n0")]
    rows = bytes(5)
    for number in range(1, 8):
        if number == 3:
            rows += bytes([2]) + (6).to_bytes(3, "big") + bytes(1)
        else:
            at = len(head) if number == 7 else head.index(b"%d 0 obj" % number)
            rows += bytes([1]) + at.to_bytes(3, "big") + bytes(1)
    return b"%s7 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        head,
        stream(rows, b"/Type/XRef/Size 8/Root 1 0 R/W[1 3 1]"),
        len(head),
    )


def _in_xref_stream(packed: bytes) -> bytes:
    head = one_page()
    head = head[: head.index(b"xref\n0")]
    xref = stream(packed, b"/Type/XRef/Size 200000000/Root 1 0 R/W[1 3 1]/Filter/FlateDecode")
    return b"%s6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, xref, len(head))


def _polyglots() -> Iterator[HostileFile]:
    good = one_page()

    def zipped(content: bytes, inside: bytes) -> bytes:
        buffer = io.BytesIO(content)
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr(zipfile.ZipInfo("a.pdf"), inside)
        return buffer.getvalue()

    within = frozenset({"read", "broken"})
    yield HostileFile(
        "polyglots", "an archive that holds a PDF as it is", lambda: zipped(b"", good), within, True
    )
    yield HostileFile(
        "polyglots", "a PDF with an archive behind it", lambda: zipped(good, b"x" * 100), READ, True
    )
    yield HostileFile(
        "polyglots",
        "a PDF with another PDF in an archive behind it",
        lambda: zipped(good, good.replace(b"1,234.56", b"9,999.99")),
        frozenset({"read", "rebuilt"}),
        True,
    )
    yield HostileFile(
        "polyglots",
        "an archive that unpacks to a PDF",
        lambda: _deflated_archive(good),
        frozenset({"not_a_pdf"}),
    )
    yield HostileFile(
        "polyglots",
        "a web page before the PDF",
        lambda: b"<html><script>/*\n" + good + b"*/</script>",
        within,
        True,
    )
    yield HostileFile(
        "polyglots",
        "a picture before the PDF",
        lambda: b"GIF89a\x01\0\x01\0\x80\0\0" + b"\0" * 20 + good,
        within,
        True,
    )
    yield HostileFile(
        "polyglots", "a program before the PDF", lambda: b"#!/bin/sh\nexit 0\n" + good, within, True
    )
    yield HostileFile(
        "polyglots",
        "two PDFs, the second with the offsets of the first",
        lambda: good.replace(b"1,234.56", b"5,555.55") + good,
        ANY,
        False,
    )


def _deflated_archive(good: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a.pdf"), good, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _appended(before: bytes, objects: dict[int, bytes], prev: int) -> tuple[bytes, int]:
    """A file with objects written anew behind its end, and where the new table lies."""
    table, at, body = [b"xref\n"], len(before), b""
    for number, content in objects.items():
        table.append(b"%d 1\n%010d 00000 n \n" % (number, at + len(body)))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    place = at + len(body)
    trailer = b"trailer\n<</Size 9/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (prev, place)
    return before + body + b"".join(table) + trailer, place


def _revisions() -> Iterator[HostileFile]:
    first = one_page(content=LIE)
    table = first.index(b"xref\n0")

    def revised(times: int, **changes: bytes) -> bytes:
        content, place = first, table
        for k in range(times):
            old = stream(LIE.replace(b"Lie", b"Lie %d" % k)) if k < times - 1 else stream(TEXT)
            content, place = _appended(content, {4: old}, place)
        return content

    told = frozenset({"earlier_revision"})
    yield HostileFile("revisions", "a figure replaced", lambda: revised(1), told, True)
    yield HostileFile("revisions", "a figure replaced thirty times", lambda: revised(30), told, True)
    yield HostileFile(
        "revisions", "a thousand revisions", lambda: revised(1000), told | {"time_limit", "rebuilt"}, True
    )
    other = b"<</Type/Page/Parent 2 0 R/Contents 6 0 R%s%s>>" % (BOX, RESOURCES)
    yield HostileFile(
        "revisions",
        "another page in place of the first",
        lambda: _appended(first, {3: other, 6: stream(TEXT)}, table)[0],
        told,
        True,
    )
    yield HostileFile(
        "revisions",
        "another tree in place of the first",
        lambda: _appended(
            first,
            {
                1: b"<</Type/Catalog/Pages 7 0 R>>",
                6: stream(TEXT),
                7: b"<</Type/Pages/Kids[8 0 R]/Count 1>>",
                8: other.replace(b"2 0 R", b"7 0 R"),
            },
            table,
        )[0],
        told,
        True,
    )
    yield HostileFile(
        "revisions",
        "a new revision without its table",
        lambda: first.replace(b"9,999.99", b"5,555.55") + b"4 0 obj\n%s\nendobj\n" % stream(TEXT),
        ANY,
        False,
    )
    yield HostileFile(
        "revisions",
        "a new revision that cuts off the old one",
        lambda: _appended(first, {4: stream(TEXT)}, 0)[0].replace(b"/Prev 0", b""),
        frozenset({"read", "broken", "no_pages", "rebuilt", "no_text", "page_failed"}),
        False,
    )


def _counts() -> Iterator[HostileFile]:
    for count in (b"-1", b"0", b"2", b"2147483648", b"1e9", b"null", b"[1]", b"3 0 R", b"<</A 1>>"):
        yield HostileFile(
            "counts",
            f"Count {count.decode()}",
            lambda c=count: one_page(pages=b"<</Type/Pages/Kids[3 0 R]/Count %s>>" % c),
            READ,
            True,
        )  # type: ignore[misc]
    yield HostileFile(
        "counts", "no Count", lambda: one_page(pages=b"<</Type/Pages/Kids[3 0 R]>>"), READ, True
    )
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (BOX, RESOURCES)
    inner = {
        2: b"<</Type/Pages/Kids[6 0 R 7 0 R]/Count 1>>",
        6: b"<</Type/Pages/Parent 2 0 R/Kids[3 0 R 3 0 R]/Count 99>>",
        7: b"<</Type/Pages/Parent 2 0 R/Kids[8 0 R]/Count -7>>",
        8: page,
    }
    yield HostileFile(
        "counts",
        "Counts that contradict each other",
        lambda: assembled({1: CATALOGUE, 3: page, 4: stream(TEXT), 5: FONT, **inner}),
        READ,
        True,
    )
    chain = {k: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (k + 1) for k in range(6, 3000)}
    yield HostileFile(
        "counts",
        "a tree 3,000 deep",
        lambda: one_page(pages=b"<</Type/Pages/Kids[6 0 R]/Count 1>>", more={**chain, 3000: page}),
        READ | {"no_pages", "broken"},
        True,
    )


def _pages() -> Iterator[HostileFile]:
    """Pages of odd measures that show their text all the same, and some that show nothing."""
    for name, page in (
        ("in the negative", b"/MediaBox[-595 -142 0 700]"), ("of 14,400 points", b"/MediaBox[0 0 14400 14400]"),
        ("with a unit of ten", BOX + b"/UserUnit 10"), ("with a unit of a tenth", BOX + b"/UserUnit .1"),
        ("turned by 90", BOX + b"/Rotate 90"), ("turned by -270", BOX + b"/Rotate -270"), ("turned by 36000090", BOX + b"/Rotate 36000090"),
        ("cropped in the negative", BOX + b"/CropBox[-500 -500 595 842]"),
    ):  # fmt: skip
        text = TEXT.replace(b"50 700", b"-500 600") if name == "in the negative" else TEXT
        yield HostileFile(
            "pages",
            f"a page {name}",
            lambda p=page, t=text: one_page(page=p + RESOURCES, content=t),
            READ,
            True,
        )  # type: ignore[misc]
    for name, content in (
        ("rules alone", b"0 0 m 99 99 l S 9 9 99 99 re S"),
        ("a surface alone", b"9 9 99 99 re f"),
        ("a shading alone", b"/S sh"),
        ("blanks alone", b"BT /F1 9 Tf (   ) Tj ET"),
        ("nothing", b""),
        ("hidden text alone", b"3 Tr " + LIE),
    ):
        yield HostileFile(
            "pages",
            f"a page of {name}",
            lambda c=content: one_page(content=c),
            frozenset(
                {"no_text", "page_without_text", "hidden_text", "scan_without_text", "text_not_decodable"}
            ),
        )  # type: ignore[misc]
    second = b"<</Type/Page/Parent 2 0 R/Contents 7 0 R%s%s>>" % (BOX, RESOURCES)
    yield HostileFile(
        "pages",
        "a page of text before one of rules",
        lambda: one_page(
            pages=b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>", more={6: second, 7: stream(b"9 9 99 99 re f")}
        ),
        frozenset({"page_without_text"}),
        True,
    )
    many = dict.fromkeys(
        range(6, 10006), b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (BOX, RESOURCES)
    )
    kids = b" ".join(b"%d 0 R" % k for k in many)
    yield HostileFile(
        "pages",
        "10,000 pages that Count calls one",
        lambda: one_page(pages=b"<</Type/Pages/Kids[%s]/Count 1>>" % kids, more=many),
        frozenset({"too_many_pages"}),
    )
    yield HostileFile(
        "pages",
        "one page that Count calls 10,000",
        lambda: one_page(pages=b"<</Type/Pages/Kids[3 0 R]/Count 10000>>"),
        READ,
        True,
    )
    yield HostileFile(
        "pages",
        "contents in a million pieces",
        lambda: one_page(
            contents=deflated(TEXT), page=BOX + RESOURCES + b"/Contents[" + b"9 0 R " * 1_000_000 + b"4 0 R]"
        ),
        LIMITED,
    )
