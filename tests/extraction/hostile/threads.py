"""What issues of pdfplumber, pdfminer.six, pdf.js, qpdf, pypdf and others describe, each as a file made from it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

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
from tests.extraction.hostile.encrypted import aes256

READ = frozenset({"read"})
HIDDEN = frozenset({"hidden_text"})
BROKEN = READ | {"broken", "no_pages", "page_failed"}
ANY = frozenset[str]()
LIE = b"BT /F1 12 Tf 50 500 Td (Lie 9,999.99) Tj ET\n"
_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>%s>>"
_LAYERS = b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[6 0 R]/D<<%s>>>>>>"
_GROUP = b"<</Type/OCG/Name(a)>>"
_MARKED = BOX + b"/Resources<</Font<</F1 5 0 R>>/Properties<</P 7 0 R>>/XObject<</X 8 0 R>>>>"


def threads() -> Iterator[HostileFile]:
    """One file for each thread."""
    numbers = count(1)

    def of(
        source: str, name: str, content: bytes, expected: frozenset[str] = READ, shows: bool = True
    ) -> HostileFile:
        return HostileFile(
            "threads",
            f"{next(numbers):02d} {name}",
            lambda: content,
            expected,
            shows,
            f"https://github.com/{source}",
        )

    # What is not seen.
    yield of(
        "jsvine/pdfplumber/issues/208",
        "figures outside the clip",
        one_page(content=TEXT + b"q 0 0 20 20 re W n " + LIE + b"Q"),
        HIDDEN | {"read"},
    )
    yield of(
        "UglyToad/PdfPig/issues/622",
        "text outside the clip of its form",
        one_page(
            content=TEXT + b"/X Do",
            page=_MARKED,
            more={
                7: b"null",
                8: stream(LIE, b"/Type/XObject/Subtype/Form/BBox[0 0 20 20]/Resources<</Font<</F1 5 0 R>>>>"),
            },
        ),
        HIDDEN | {"read"},
    )
    yield of(
        "jsvine/pdfplumber/issues/1230",
        "text in rendering mode 3",
        one_page(content=TEXT + b"3 Tr " + LIE),
        HIDDEN,
    )
    yield of(
        "jsvine/pdfplumber/issues/153",
        "text below a picture",
        one_page(content=TEXT + LIE + b"q 200 0 0 30 40 490 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"),
        HIDDEN,
    )
    yield of(
        "pymupdf/PyMuPDF/issues/1875",
        "text outside the crop box",
        one_page(content=TEXT + LIE, page=BOX + RESOURCES + b"/CropBox[0 600 595 842]"),
        HIDDEN,
    )
    yield of(
        "mozilla/pdf.js/issues/12097",
        "a layer by a visibility expression",
        one_page(
            content=TEXT + b"/OC /P BDC " + LIE + b"EMC",
            page=_MARKED,
            catalogue=_LAYERS % b"",
            more={6: _GROUP, 7: b"<</Type/OCMD/VE[/Not 6 0 R]>>"},
        ),
        HIDDEN,
    )
    yield of(
        "mozilla/pdf.js/issues/13931",
        "a form in a layer that is off",
        one_page(
            content=TEXT + b"/X Do",
            page=_MARKED,
            catalogue=_LAYERS % b"/OFF[6 0 R]",
            more={6: _GROUP, 8: stream(LIE, b"/OC 6 0 R" + _FORM % b"")},
        ),
        HIDDEN,
    )
    yield of(
        "mozilla/pdf.js/pull/13972",
        "marks of layers in a file without any",
        one_page(content=b"/OC /P BDC " + TEXT + b"EMC", page=_MARKED, more={7: _GROUP}),
    )
    yield of(
        "jrmuizel/pdf-extract/issues/41",
        "ActualText that is not what is printed",
        one_page(content=b"/Span <</ActualText(9,999.99)>> BDC " + TEXT + b"EMC"),
    )
    yield of(
        "pdf-association/pdf-issues/issues/60",
        "ActualText for a drawing",
        one_page(content=TEXT + b"/Span <</ActualText(9,999.99)>> BDC 50 500 20 5 re f EMC"),
    )
    # What is printed is not what is said.
    wide = (
        b"1 begincodespacerange<0000><ffff>endcodespacerange 2 beginbfchar<0031><0039><0032><0039>endbfchar"
    )
    simple = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 6 0 R>>"
    yield of(
        "py-pdf/pypdf/issues/4035",
        "a map of two bytes for codes of one",
        one_page(font=simple, more={6: stream(wide)}),
        READ | {"text_not_decodable"},
        False,
    )
    yield of(
        "mozilla/pdf.js/issues/12521",
        "a map that says other digits",
        one_page(
            font=simple,
            more={
                6: stream(
                    wide.replace(b"<00", b"<").replace(b"<39>", b"<0039>").replace(b"<><ffff>", b"<00><ff>")
                )
            },
        ),
        frozenset({"text_not_decodable"}),
        False,
    )
    type3 = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 750 750]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 97/LastChar 98/Widths[1000 1000]/CharProcs<</square 6 0 R>>/Encoding<</Differences[97/square/square]>>>>"
    yield of(
        "opendataloader-project/opendataloader-pdf/issues/740",
        "Type 3 without a map",
        one_page(
            content=b"BT /F1 12 Tf 50 700 Td (abab) Tj ET",
            font=type3,
            more={6: stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f")},
        ),
        ANY,
        False,
    )
    ring3 = (
        type3.replace(b"97/LastChar 98/Widths[1000 1000]", b"84/LastChar 84/Widths[1000]")
        .replace(b"97/square/square", b"84/square")
        .replace(b">>>>", b">>/Resources<</Font<</F1 5 0 R>>>>>>")
    )
    yield of(
        "mozilla/pdf.js/issues/14448",
        "Type 3 that prints itself",
        one_page(font=ring3, more={6: stream(b"1000 0 0 0 750 750 d1 BT /F1 1 Tf (T) Tj ET")}),
        ANY,
        False,
    )
    cmap = (
        b"/CMapType 1 def 1 begincodespacerange<00><ff>endcodespacerange 1 begincidrange<20><7e>1 endcidrange"
    )
    embedded = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding 6 0 R/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
    yield of(
        "pdfminer/pdfminer.six/issues/1072",
        "a font with a map of its own",
        one_page(font=embedded, more={6: stream(cmap, b"/Type/CMap/CMapName/A")}),
        ANY,
        False,
    )
    # Rings.
    yield of(
        "pdfminer/pdfminer.six/issues/1113",
        "forms in a ring",
        one_page(
            content=TEXT + b"/X Do",
            page=_MARKED,
            more={
                7: stream(b"/X Do", _FORM % b"/XObject<</X 8 0 R>>"),
                8: stream(b"/X Do", _FORM % b"/XObject<</X 7 0 R>>"),
            },
        ),
        ANY,
    )
    yield of(
        "py-pdf/pypdf/issues/2077",
        "resources in a ring",
        one_page(
            page=BOX + b"/Resources 6 0 R",
            more={
                6: b"<</Font<</F1 5 0 R>>/XObject<</X 7 0 R>>>>",
                7: stream(b"", b"/Subtype/Form/BBox[0 0 9 9]/Resources 6 0 R"),
            },
        ),
    )
    yield of("qpdf/qpdf/issues/149", "cross-references in a ring", _xref_ring(), BROKEN)
    yield of(
        "qpdf/qpdf/issues/118",
        "object streams that extend each other",
        _object_streams(b"/Extends 7 0 R", b"/Extends 6 0 R"),
        BROKEN,
    )
    yield of(
        "qpdf/qpdf/issues/120",
        "an object stream that stands in another, and that in it",
        _object_streams(b"", b"", inside=True),
        BROKEN,
        False,
    )
    yield of(
        "mozilla/pdf.js/issues/14303",
        "pages that are their own kids",
        one_page(pages=b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 999999>>"),
        BROKEN,
    )
    # Broken structure.
    good = one_page()
    yield of(
        "pdfminer/pdfminer.six/issues/549",
        "Prev without a value",
        one_page(trailer=b"/Root 1 0 R/Prev null"),
        BROKEN,
    )
    yield of(
        "pdfminer/pdfminer.six/issues/547",
        "a trailer with a zero byte",
        good.replace(b"trailer\n", b"trailer\0\n"),
        BROKEN,
    )
    yield of(
        "pdfminer/pdfminer.six/issues/550",
        "names among the cross-references",
        good.replace(b"0000000009 00000 n ", b"/CryptFilterDecodeP "),
        BROKEN,
    )
    yield of("pdfminer/pdfminer.six/issues/551", "no MediaBox", one_page(page=RESOURCES), BROKEN)
    yield of(
        "jalan/pdftotext/issues/65",
        "an end without a trailer",
        good[: good.index(b"xref\n")] + b"startxref\n216\n%%EOF",
        BROKEN,
    )
    yield of(
        "py-pdf/pypdf/issues/582",
        "a file of rubbish",
        b"%PDF-1.4 ang\xff\xfeH\n%s/I\\" + b"[\\\\" * 30 + b"\n%EO-254536430\n%%EOFF\t\n%%EOF",
        frozenset({"broken"}),
        False,
    )
    yield of(
        "mozilla/pdf.js/issues/12402",
        "a Count that is no number",
        one_page(pages=b"<</Type/Pages/Kids[3 0 R]/Count(1)>>"),
        BROKEN,
    )
    yield of(
        "mozilla/pdf.js/issues/21436",
        "a catalogue that names a page for the tree",
        one_page(catalogue=b"<</Type/Catalog/Pages 3 0 R>>"),
        BROKEN,
    )
    yield of(
        "mozilla/pdf.js/issues/9540",
        "kids that are no array",
        one_page(pages=b"<</Type/Pages/Kids 3 0 R/Count 1>>"),
        BROKEN,
        False,
    )
    yield of(
        "mozilla/pdf.js/issues/11139",
        "a first page whose object is free",
        _first_page_free(),
        READ | {"rebuilt", "page_failed", "no_pages", "broken"},
        False,
    )
    # Boxes.
    yield of(
        "jsvine/pdfplumber/issues/1332",
        "the origin in the middle of the page",
        one_page(page=b"/MediaBox[-297 -100 298 742]" + RESOURCES),
    )
    yield of(
        "jsvine/pdfplumber/issues/1054",
        "a crop box within the page",
        one_page(page=BOX + RESOURCES + b"/CropBox[20 600 500 800]"),
    )
    yield of(
        "cfcurtis/pdfstitcher/issues/119",
        "a media box with its corners the wrong way",
        one_page(page=b"/MediaBox[0 842 595 0]" + RESOURCES),
    )
    # Contents.
    yield of(
        "mozilla/pdf.js/issues/11124",
        "an inline picture with EI in its data",
        one_page(
            content=b"q 9 0 0 9 0 0 cm BI /W 4 /H 4 /CS /RGB /BPC 8 ID 00000z0z00zzz00z0zzz0zzzEI aazazaazzzaazazzazzz\nEI Q "
            + TEXT
        ),
    )
    yield of(
        "py-pdf/pypdf/issues/3107",
        "an inline picture with EI and blanks in its data",
        one_page(
            content=b"q BI /IM true /W 41 /H 41 /BPC 1 /D[1 0] /F/CCF /DP<</K -1 /Columns 41>> ID >\x80EI E\x91 EI Q\x01\nEI Q "
            + TEXT
        ),
        ANY,
        False,
    )
    yield of(
        "mozilla/pdf.js/issues/17794",
        "inline pictures that never end",
        one_page(content=TEXT + b"q BI /W 1 /H 1 /CS /G /BPC 8 ID x Q q BI /W 1 /H 1 /CS /G /BPC 8 ID x Q"),
    )
    yield of(
        "euske/pdfminer/issues/200",
        "thousands of texts on a page",
        one_page(
            contents=deflated(
                TEXT
                + b"".join(
                    b"BT /F1 4 Tf %d %d Td (x) Tj ET\n" % (10 + 9 * (k % 60), 10 + 8 * (k // 60))
                    for k in range(5000)
                )
            )
        ),
        ANY,
    )
    yield of(
        "py-pdf/pypdf/issues/3429",
        "a stream packed in itself",
        one_page(contents=stream(b"x\x9c" * 9, b"/Filter[" + b"/FlateDecode" * 99 + b"]")),
        ANY,
        False,
    )
    yield of("pdfminer/pdfminer.six/issues/674", "AES-256 with an empty password", aes256(b"", 6))
    # What is shown of annotations.
    stamp = stream(
        b"1 g 0 0 300 30 re f 0 g BT /F1 12 Tf 5 5 Td (Total 1,234.56) Tj ET",
        _FORM.replace(b"595 842", b"300 30") % b"",
    )
    yield of(
        "yfedoseev/pdf_oxide/issues/104",
        "a note over a figure",
        one_page(
            content=LIE,
            page=BOX + RESOURCES + b"/Annots[6 0 R]",
            more={6: b"<</Type/Annot/Subtype/Stamp/Rect[40 490 340 520]/AP<</N 7 0 R>>>>", 7: stamp},
        ),
        HIDDEN,
    )


def _xref_ring() -> bytes:
    """Two cross-reference streams, each the one before the other."""
    head = one_page()
    head = head[: head.index(b"xref\n0")]
    offsets = [0, *(head.index(b"%d 0 obj" % k) for k in range(1, 6))]
    first = len(head)

    def table(number: int, prev: bytes) -> bytes:
        rows = b"".join(
            bytes([int(k > 0)]) + at.to_bytes(3, "big") + bytes(1) for k, at in enumerate(offsets)
        )
        body = stream(rows, b"/Type/XRef/Size 8/Root 1 0 R/W[1 3 1]/Index[0 6]/Prev " + prev)
        return b"%d 0 obj\n%s\nendobj\n" % (number, body)

    second = first + len(table(6, b"0000000000"))
    return (
        head + table(6, b"%010d" % second) + table(7, b"%010d" % first) + b"startxref\n%d\n%%%%EOF\n" % second
    )


def _object_streams(first: bytes, second: bytes, inside: bool = False) -> bytes:
    """The page in object stream 6, beside a stream 7; or each of them told to stand in the other."""
    body = b"3 0 <</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (BOX, RESOURCES)
    objects = {1: CATALOGUE, 2: PAGES, 4: stream(TEXT), 5: FONT}
    objects[6] = stream(body, b"/Type/ObjStm/N 1/First 4" + first)
    objects[7] = stream(b"9 0 null", b"/Type/ObjStm/N 1/First 4" + second)
    head = assembled(objects)
    head = head[: head.index(b"xref\n0")]
    rows = b""
    for number in range(9):
        if number == 3 or (inside and number in (6, 7)):
            rows += bytes([2]) + {3: 6, 6: 7, 7: 6}[number].to_bytes(3, "big") + bytes(1)
        elif number in objects or number == 8:
            at = len(head) if number == 8 else head.index(b"%d 0 obj" % number)
            rows += bytes([1]) + at.to_bytes(3, "big") + bytes(1)
        else:
            rows += bytes(5)
    xref = stream(rows, b"/Type/XRef/Size 9/Root 1 0 R/W[1 3 1]")
    return b"%s8 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, xref, len(head))


def _first_page_free() -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (BOX, RESOURCES)
    made = assembled(
        [CATALOGUE, b"<</Type/Pages/Kids[6 0 R 3 0 R]/Count 2>>", page, stream(TEXT), FONT, page]
    )
    at = made.rindex(b"00000 n ")
    return made[:at] + b"00000 f " + made[at + 8 :]
