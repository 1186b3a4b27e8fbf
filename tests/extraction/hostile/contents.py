"""Files whose pages are wrong within, or cost more than they show: operators, fonts, forms, bombs.

Kinds of harm are those that issues describe: circular forms (pdf.js 19800), circular Type 3 fonts
(pdf.js 14448), resources in a ring (pypdf 2077), nested Flate (pypdf 3429), tables of thousands of
boxes (pdfminer 200), memory of a modest file (pdfplumber 1339).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from tests.extraction.hostile.building import (
    BOX,
    RESOURCES,
    TEXT,
    HostileFile,
    assembled,
    deflated,
    one_page,
    stream,
)

READ = frozenset({"read"})
ANY = frozenset[str]()
#: A bomb may be read where it turns out to be harmless, but never without a word where it is not.
LIMITED = frozenset({"time_limit", "memory_limit", "page_too_large", "page_too_complex", "page_failed", "page_damaged", "broken", "no_text", "crashed", "read", "page_without_text"})  # fmt: skip


def contents() -> Iterator[HostileFile]:
    """Every wrong or costly page once."""
    yield from _operators()
    yield from _resources()
    yield from _fonts()
    yield from _images()
    yield from _bombs()


def _operators() -> Iterator[HostileFile]:
    for name, content in (
        ("Q without q", b"Q " * 50_000), ("5 MB of q", b"q " * 2_500_000), ("5 MB of BT", b"BT " * 1_700_000),
        ("50,000 BMC", b"/A BMC " * 50_000), ("EMC without BMC", b"EMC " * 50_000),
        ("operators without operands", b"re m l c v y h S f B W n Tj TJ ' \" Td TD Tm T* Tf Tc Tw Tz TL Tr Ts cm gs Do d w J j M ri i BI ID EI sh g G rg RG k K cs CS sc SC scn SCN BDC DP MP d0 d1 BX EX "),
        ("operands of the wrong kind", b"(x) (y) Td [1] Tf /a /b /c cm (a) gs <<>> Do [[]] d (x) w null rg true k (1) Tr (2) Tc "),
        ("unknown operators", b"foo bar 1 2 baz " * 20_000), ("only numbers", b"1 " * 1_000_000),
        ("endless inline picture", b"BI /W 9 /H 9 /BPC 8 /CS /G ID " + b"x" * 2_000_000),
        ("endless inline picture header", b"BI " + b"/W 9 " * 200_000), ("20,000 inline pictures", b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI " * 20_000),
        ("unclosed string", b"(" + b"x" * 100_000), ("unclosed array", b"[" + b"(x) " * 100_000), ("100,000 nested arrays", b"[" * 100_000),
        ("100,000 nested dictionaries", b"<<" * 100_000), ("100,000 closing brackets", b"]>>)" * 100_000),
        ("matrix of zeros", b"0 0 0 0 0 0 cm "), ("matrix of giants", b"1e300 0 0 1e300 1e300 1e300 cm "),
        ("matrix grows", b"10 0 0 10 0 0 cm " * 400), ("matrix of rubbish", b"(x) 1 /a [] <<>> null cm "),
        ("type size 0", b"BT /F1 0 Tf 1 0 0 1 50 600 Tm (nothing) Tj ET "), ("type size 1e30", b"BT /F1 1e30 Tf (nothing) Tj ET "),
        ("type size negative", b"BT /F1 -12 Tf 1 0 0 1 50 600 Tm (turned) Tj ET "), ("scaling 0", b"BT /F1 9 Tf 0 Tz (nothing) Tj ET "),
        ("spacing 1e300", b"BT /F1 9 Tf 1e300 Tc (ab) Tj ET "), ("binary", bytes(range(256)) * 400), ("only comments", b"%x\n" * 100_000),
        ("dash of zeros", b"[0 0 0] 0 d 0 0 m 500 500 l S "), ("TJ of 1e308", b"BT /F1 9 Tf [(a) -1e308 (b) -1e308 (c)] TJ ET "),
    ):  # fmt: skip
        for where, both in (("before", content + b"\n" + TEXT), ("after", TEXT + b"\n" + content)):
            yield HostileFile(
                "operators",
                f"{name}, {where} the text",
                lambda c=both: one_page(contents=deflated(c)),
                ANY,
                where == "after",
            )  # type: ignore[misc]


def _resources() -> Iterator[HostileFile]:
    def form(content: bytes, resources: bytes, entries: bytes = b"") -> bytes:
        return stream(
            content, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>%s" % (resources, entries)
        )

    font = b"/Font<</F1 5 0 R>>"
    page = BOX + b"/Resources<</Font<</F1 5 0 R>>/XObject<</A 6 0 R>>>>"

    def file(
        name: str, more: dict[int, bytes], content: bytes = TEXT + b"/A Do ", shows: bool = True
    ) -> HostileFile:
        return HostileFile(
            "resources", name, lambda: one_page(content=content, page=page, more=more), ANY, shows
        )

    yield file("form in itself", {6: form(b"/A Do " + TEXT, b"/XObject<</A 6 0 R>>" + font)})
    yield file("form twice in itself", {6: form(b"/A Do /A Do " + TEXT, b"/XObject<</A 6 0 R>>" + font)})
    yield file("two forms in each other", {6: form(b"/B Do ", b"/XObject<</B 7 0 R>>"), 7: form(b"/A Do " + TEXT, b"/XObject<</A 6 0 R>>" + font)})  # fmt: skip
    deep = {k: form(b"/A Do ", b"/XObject<</A %d 0 R>>" % (k + 1)) for k in range(6, 300)}
    yield file("300 forms deep", {**deep, 300: form(TEXT, font)})
    wide = {k: form(b"/A Do " * 10, b"/XObject<</A %d 0 R>>" % (k + 1)) for k in range(6, 16)}
    yield file("10 forms in 10 in 10 ...", {**wide, 16: form(TEXT, font)}, shows=False)
    yield file("a billion laughs of paths", {**{k: form(b"/A Do " * 30, b"/XObject<</A %d 0 R>>" % (k + 1)) for k in range(6, 12)}, 12: form(b"0 0 9 9 re f ", b"")}, shows=False)  # fmt: skip
    yield file("form without box", {6: stream(TEXT, b"/Subtype/Form/Resources<<%s>>" % font)})
    yield file("form with box of rubbish", {6: form(TEXT, font).replace(b"[0 0 595 842]", b"[(x) null]")})
    yield file("form with matrix of rubbish", {6: form(TEXT, font, b"/Matrix[1 2]")})
    yield file("form with matrix of zeros", {6: form(TEXT, font, b"/Matrix[0 0 0 0 0 0]")})
    yield file("form without resources", {6: stream(TEXT, b"/Subtype/Form/BBox[0 0 595 842]")})
    yield file("form that is none", {6: b"<</Subtype/Form>>"})
    yield file("form missing", {})
    yield file("form of unknown kind", {6: stream(b"x", b"/Subtype/PS")})
    yield file("group in a ring", {6: form(TEXT, font, b"/Group<</S/Transparency/CS 6 0 R>>")})
    for name, resources in (
        ("null", b"/Resources null"), ("rubbish", b"/Resources[1]"), ("missing", b""), ("a ring", b"/Resources 6 0 R"),
        ("fonts a ring", b"/Resources<</Font 6 0 R>>"), ("fonts rubbish", b"/Resources<</Font[5 0 R]>>"), ("font null", b"/Resources<</Font<</F1 null>>>>"),
        ("font a number", b"/Resources<</Font<</F1 7>>>>"), ("colours rubbish", b"/Resources<</ColorSpace 7/Font<</F1 5 0 R>>>>"),
        ("states a ring", b"/Resources<</ExtGState<</G 6 0 R>>/Font<</F1 5 0 R>>>>"), ("properties a ring", b"/Resources<</Properties 6 0 R/Font<</F1 5 0 R>>>>"),
    ):  # fmt: skip
        content = b"/G gs /C cs 1 scn /OC /P BDC " + TEXT + b" EMC "
        yield HostileFile(
            "resources",
            f"resources {name}",
            lambda r=resources, c=content: one_page(content=c, page=BOX + r, more={6: b"6 0 R"}),
            ANY,
            False,
        )  # type: ignore[misc]
    for name, space in (
        ("in itself", b"6 0 R"), ("indexed in itself", b"[/Indexed 6 0 R 1 (abc)]"), ("ICC of 1e9", b"[/ICCBased 7 0 R]"), ("nested", b"[/Pattern" * 200),
        ("separation of rubbish", b"[/Separation 7 7 7]"), ("DeviceN of 10,000", b"[/DeviceN[" + b"/a" * 10_000 + b"]/DeviceRGB 7 0 R]"),
    ):  # fmt: skip
        resources = b"/Resources<</ColorSpace<</C 6 0 R>>/Font<</F1 5 0 R>>>>"
        more = {6: space, 7: stream(b"", b"/N 1000000000")}
        yield HostileFile(
            "resources",
            f"colours {name}",
            lambda r=resources, m=more: one_page(content=b"/C cs 1 scn " + TEXT, page=BOX + r, more=m),
            ANY,
            False,
        )  # type: ignore[misc]
    for name, pattern in (("in itself", stream(b"/Pattern cs /P scn 0 0 9 9 re f", b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 0/YStep 0/Resources<</Pattern<</P 6 0 R>>>>")), ("shading rubbish", b"<</PatternType 2/Shading 6 0 R>>")):  # fmt: skip
        resources = b"/Resources<</Pattern<</P 6 0 R>>/Shading<</P 6 0 R>>/Font<</F1 5 0 R>>>>"
        content = b"/Pattern cs /P scn 0 0 99 99 re f /P sh 0 g " + TEXT
        yield HostileFile(
            "resources",
            f"pattern {name}",
            lambda r=resources, c=content, p=pattern: one_page(content=c, page=BOX + r, more={6: p}),
            ANY,
            True,
        )  # type: ignore[misc]


def _fonts() -> Iterator[HostileFile]:
    bad = {
        "no type": b"<<>>", "unknown type": b"<</Type/Font/Subtype/Foo>>", "itself": b"5 0 R", "a stream": stream(b"x"),
        "no name": b"<</Type/Font/Subtype/TrueType>>", "widths rubbish": b"<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar(x)/Widths[(a)null]>>",
        "widths a ring": b"<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar 0/LastChar 255/Widths 5 0 R>>", "FirstChar -1e9": b"<</Type/Font/Subtype/Type1/BaseFont/A/FirstChar -1000000000/LastChar 1000000000/Widths[1]>>",
        "encoding a ring": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding 5 0 R>>", "differences rubbish": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[(x) -5/a/b 1e9/c null]>>>>",
        "descriptor a ring": b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor 5 0 R>>", "descriptor rubbish": b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</Ascent(x)/Descent null/FontBBox[1]>>>>",
        "descriptor giants": b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</Ascent 1e300/Descent -1e300/FontBBox[0 0 1e300 1e300]>>>>",
        "font file rubbish": b"<</Type/Font/Subtype/TrueType/BaseFont/A/FontDescriptor<</FontFile2 6 0 R>>>>", "Type 1 file rubbish": b"<</Type/Font/Subtype/Type1/BaseFont/A/FontDescriptor<</FontFile 6 0 R>>>>",
        "CFF rubbish": b"<</Type/Font/Subtype/Type1/BaseFont/A/FontDescriptor<</FontFile3 7 0 R>>>>", "to unicode rubbish": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        "to unicode a name": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode/Identity-H>>", "to unicode a ring": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>",
        "to unicode of 4e9": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 8 0 R>>", "to unicode uses itself": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 9 0 R>>",
        "CID without descendants": b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H>>", "CID in itself": b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[5 0 R]>>",
        "CID without a map": b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>",
        "CID of an unknown map": b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/../../../etc/passwd/DescendantFonts[<</Subtype/CIDFontType0/BaseFont/A/CIDSystemInfo<</Registry(..)/Ordering(/etc)>>>>]>>",
        "CID widths of 1e9": b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2/BaseFont/A/W[0 1000000000 500]/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)>>>>]>>",
        "CID widths rubbish": b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[<</Subtype/CIDFontType2/BaseFont/A/W[(x)[null]0[]]/DW(x)/W2 7/CIDSystemInfo 7>>]>>",
        "CID encoding uses itself": b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 9 0 R/DescendantFonts[<</Subtype/CIDFontType2/BaseFont/A>>]>>",
        "Type 3": b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 0/LastChar 0/Widths[500]/CharProcs<</a 6 0 R>>/Encoding<</Differences[84/a]>>>>",
        "Type 3 of nothing": b"<</Type/Font/Subtype/Type3>>", "Type 3 matrix of zeros": b"<</Type/Font/Subtype/Type3/FontBBox[0 0 0 0]/FontMatrix[0 0 0 0 0 0]/FirstChar 0/LastChar 0/Widths[0]/CharProcs<<>>/Encoding<</Differences[]>>>>",
        "Type 3 in itself": b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/FirstChar 84/LastChar 84/Widths[1]/CharProcs<</a 10 0 R>>/Encoding<</Differences[84/a]>>/Resources<</Font<</F1 5 0 R>>>>>>",
    }  # fmt: skip
    more = {
        6: stream(bytes(range(256)) * 8, b"/Length1 9999999"),
        7: stream(b"\x01\x00\xff\xff" + b"\xff" * 500, b"/Subtype/Type1C"),
        8: stream(
            b"1 begincodespacerange <00><ffffffff> endcodespacerange 1 beginbfrange <00000000> <ffffffff> <0000> endbfrange"
        ),
        9: stream(
            b"/A usecmap 1 begincidrange <0000> <ffff> 0 endcidrange", b"/Type/CMap/CMapName/A/UseCMap 9 0 R"
        ),
        10: stream(b"1 0 0 0 1 1 d1 BT /F1 1 Tf (T) Tj ET"),
    }
    for name, font in bad.items():
        yield HostileFile("fonts", name, lambda f=font: one_page(font=f, more=more), ANY, False)  # type: ignore[misc]


def _images() -> Iterator[HostileFile]:
    page = BOX + b"/Resources<</Font<</F1 5 0 R>>/XObject<</A 6 0 R>>>>"
    for name, entries, data in (
        ("of 1e9 x 1e9", b"/Width 1000000000/Height 1000000000/BitsPerComponent 8/ColorSpace/DeviceGray", b"x"),
        ("of -1 x -1", b"/Width -1/Height -1/BitsPerComponent 8/ColorSpace/DeviceGray", b"x"),
        ("without size", b"/ColorSpace/DeviceGray", b"x"), ("mask in a ring", b"/Width 1/Height 1/SMask 6 0 R/BitsPerComponent 8/ColorSpace/DeviceGray", b"x"),
        ("JPEG of rubbish", b"/Width 9/Height 9/Filter/DCTDecode/BitsPerComponent 8/ColorSpace/DeviceRGB", b"\xff\xd8\xff" * 99),
        ("JPEG 2000 of rubbish", b"/Width 9/Height 9/Filter/JPXDecode", b"\0\0\0\x0cjP  " * 99), ("JBIG2 of rubbish", b"/Width 9/Height 9/Filter/JBIG2Decode/DecodeParms<</JBIG2Globals 6 0 R>>", b"\x97JB2" * 99),
        ("fax of 1e9 columns", b"/Width 9/Height 9/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 1000000000/Rows 1000000000>>", b"\0" * 999),
        ("unknown filter", b"/Width 9/Height 9/Filter/Foo", b"x"), ("filters in a ring", b"/Width 9/Height 9/Filter 6 0 R", b"x"), ("1,000 filters", b"/Width 9/Height 9/Filter[" + b"/FlateDecode" * 1000 + b"]", b"x"),
    ):  # fmt: skip
        image = stream(data, b"/Type/XObject/Subtype/Image" + entries)
        yield HostileFile(
            "pictures",
            f"picture {name}",
            lambda i=image: one_page(
                content=TEXT + b"q 100 0 0 100 50 50 cm /A Do Q ", page=page, more={6: i}
            ),
            ANY,
            True,
        )  # type: ignore[misc]


def _packed(content: bytes, times: int) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return content


def zeros(megabytes: int, times: int) -> bytes:
    """Packed zeros: one packed piece many times, so that making the bomb does not cost what it costs to read."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    # Adler-32 of n zeros is n (mod 65521) and 1.
    check = ((megabytes * 2**20 % 65521) << 16 | 1).to_bytes(4, "big")
    return _packed(b"\x78\xda" + piece * megabytes + b"\x03\x00" + check, times - 1)


def _bombs() -> Iterator[HostileFile]:
    def bomb(name: str, contents: bytes, expected: frozenset[str] = LIMITED, **more: object) -> HostileFile:
        return HostileFile("bombs", name, lambda: one_page(contents=contents, **more), expected)  # type: ignore[arg-type]

    for megabytes, times in ((200, 1), (4000, 1), (4000, 2), (4000, 3)):
        yield HostileFile(
            "bombs",
            f"{megabytes} MB of zeros, packed {times} times",
            lambda m=megabytes, t=times: one_page(
                contents=stream(zeros(m, t), b"/Filter[" + b"/FlateDecode" * t + b"]")
            ),
            LIMITED,
        )  # type: ignore[misc]
    yield HostileFile(
        "bombs", "100 MB of blanks", lambda: one_page(contents=deflated(TEXT + b" " * 100_000_000)), LIMITED
    )
    for columns in (10**9, 2**31 - 1, -1, 0):
        predictor = b"/DecodeParms<</Predictor 15/Columns %d/Colors 32/BitsPerComponent 16>>" % columns
        yield bomb(f"predictor of {columns} columns", deflated(TEXT, predictor))
    yield bomb("LZW of rubbish", stream(b"\x80" * 200_000, b"/Filter/LZWDecode"))
    yield bomb("run lengths", stream(b"\x81 " * 3_000_000, b"/Filter/RunLengthDecode"))
    yield bomb("ASCII 85 of z", stream(b"z" * 30_000_000 + b"~>", b"/Filter/ASCII85Decode"))
    yield bomb("1,000 filters", stream(TEXT, b"/Filter[" + b"/ASCIIHexDecode" * 1000 + b"]"))
    for name, piece, times in (
        ("a million paths", b"10 20 m 30 40 l S\n", 1_000_000), ("a million rectangles", b"10 20 5 5 re f\n", 1_000_000),
        ("one path of two million lines", b"10 20 l 30 40 l\n", 1_000_000), ("a million curves", b"1 2 3 4 5 6 c\n", 1_000_000),
        ("a million letters", b"BT /F1 9 Tf 9 9 Td (x) Tj ET\n", 1_000_000), ("a million letters over each other", b"BT /F1 9 Tf 50 50 Td (xxxxxxxxxx) Tj ET\n", 100_000),
        ("a million q and Q", b"q Q\n", 1_000_000), ("a million clips", b"0 0 9 9 re W n\n", 1_000_000),
    ):  # fmt: skip
        yield HostileFile(
            "bombs", name, lambda p=piece, n=times: one_page(contents=deflated(b"0 0 m " + p * n)), LIMITED
        )  # type: ignore[misc]
    yield bomb("a string of five million letters", deflated(b"BT /F1 9 Tf (" + b"x" * 5_000_000 + b") Tj ET"))
    grid = b"".join(b"%d 0 m %d 842 l S 0 %d m 595 %d l S\n" % (k, k, k, k) for k in range(590))
    yield bomb("grid of 590 by 590", deflated(grid + TEXT))
    yield bomb(
        "one content a million times",
        stream(TEXT),
        page=BOX + RESOURCES + b"/Contents[" + b"4 0 R " * 1_000_000 + b"]",
    )
    for pages in (999, 1001, 10_000):
        yield HostileFile(
            "bombs",
            f"{pages:,} pages",
            lambda n=pages: many_pages(n),
            frozenset({"read"} if pages < 1000 else {"too_many_pages"}),
            pages < 1000,
        )  # type: ignore[misc]


def many_pages(count: int) -> bytes:
    """A PDF of so many small pages, each an object of its own with a content of its own."""
    first = 6
    kids = b" ".join(b"%d 0 R" % (first + k) for k in range(count))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        4: stream(TEXT),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    }
    for k in range(count):
        objects[first + k] = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (BOX, RESOURCES)
    return assembled(objects)
