"""Files whose structure is wrong: header, cross-reference, page tree, boxes, encryption, revisions.

Kinds of damage are those that issues of pdfplumber, pdfminer.six, pypdf, pdf.js and qpdf describe:
circular /Prev (pypdf 3654, pdf.js 8824, 14312), loops in the page tree (pdf.js 14303, pypdf 2877),
a missing MediaBox (pdfplumber 41), object streams that hold themselves (qpdf 99-120), no line ends
(pypdf 145), a trailer without its end (pdftotext 65).
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.extraction.hostile.building import (
    BOX,
    CATALOGUE,
    FONT,
    PAGES,
    RESOURCES,
    TEXT,
    HostileFile,
    assembled,
    one_page,
    stream,
)

READ = frozenset({"read"})
BROKEN = frozenset({"broken"})
ANY = frozenset[str]()


def structures() -> Iterator[HostileFile]:
    """Every wrong structure once."""
    yield from _headers()
    yield from _cross_references()
    yield from _page_trees()
    yield from _boxes()
    yield from _encrypted()
    yield from _objects()
    yield from _extras()


def _headers() -> Iterator[HostileFile]:
    good = one_page()

    def file(name: str, content: bytes, expected: frozenset[str], shows: bool = True) -> HostileFile:
        return HostileFile("header", name, lambda: content, expected, shows)

    yield file("no bytes", b"", frozenset({"empty_file"}), False)
    yield file("one byte", b"%", frozenset({"not_a_pdf"}), False)
    yield file("header alone", b"%PDF-1.7", BROKEN, False)
    yield file("header and end alone", b"%PDF-1.7\n%%EOF", BROKEN, False)
    yield file("web page", b"<html>404</html>" * 40, frozenset({"not_a_pdf"}), False)
    yield file("rubbish before the header", b"HTTP/1.1 200 OK\r\n\r\n" * 20 + good, READ | BROKEN)
    yield file("header too late", b"\0" * 2000 + good, frozenset({"not_a_pdf"}), False)
    yield file("rubbish after the end", good + b"\0" * 4000, READ)
    yield file("two files in one", good + good, READ)
    yield file("version 9.9", good.replace(b"%PDF-1.7", b"%PDF-9.9"), READ)
    yield file("no version", good.replace(b"%PDF-1.7", b"%PDF-   "), READ)
    yield file("utf-8 mark first", b"\xef\xbb\xbf" + good, READ | BROKEN)
    yield file("as text with CRLF", good.replace(b"\n", b"\r\n"), READ | BROKEN)
    yield file("as text with CR", good.replace(b"\n", b"\r"), READ | BROKEN)
    yield file("no line ends", good.replace(b"\n", b" "), READ | BROKEN | {"no_pages", "no_text"}, False)
    yield file("7 bit", bytes(byte & 0x7F for byte in good), READ)


def _cross_references() -> Iterator[HostileFile]:
    good = one_page()
    table = good.index(b"xref\n0")

    def file(name: str, content: bytes, expected: frozenset[str] = READ) -> HostileFile:
        return HostileFile("cross-reference", name, lambda: content, expected | {"broken", "no_pages"}, True)

    for shift in (-1, 1, 7, -20, 10**9):
        yield file(f"offsets off by {shift}", one_page(shift=shift), READ | {"no_pages", "no_text"})
    at = good.index(b"startxref") + 10
    for place in (b"0", b"5", b"-5", b"99999999999", b"x", b"", b"%d" % (table + 4)):
        yield file(f"startxref {place.decode()!r}", good[:at] + place + b"\n%%EOF\n")
    yield file("no startxref", good[: good.index(b"startxref")])
    yield file("no end mark", good.replace(b"%%EOF\n", b""))
    yield file("cut in the table", good[: table + 40])
    yield file("cut before the table", good[:table])
    yield file("no trailer", good.replace(b"trailer", b"trialer"))
    for prev in (b"%d" % table, b"0", b"-1", b"99999999", b"null", b"[1]", b"(x)"):
        yield file(f"Prev {prev.decode()}", one_page(trailer=b"/Root 1 0 R/Prev " + prev))
    yield file("Prev to and fro", _two_tables())
    yield file("XRefStm on itself", one_page(trailer=b"/Root 1 0 R/XRefStm %d" % table))
    yield file("XRefStm nowhere", one_page(trailer=b"/Root 1 0 R/XRefStm 99999999"))
    for root in (b"9 0 R", b"3 0 R", b"null", b"(x)", b"7", b"4 0 R"):
        yield file(f"Root {root.decode()}", one_page(trailer=b"/Root " + root), READ | {"no_pages"})
    yield file("no Root", one_page(trailer=b""))
    yield file("Size 0", good.replace(b"/Size 6", b"/Size 0"))
    yield file("Size -1", good.replace(b"/Size 6", b"/Size -1"))
    yield file("a billion entries", good.replace(b"xref\n0 6", b"xref\n0 999999999"))
    yield file("negative entries", good.replace(b"xref\n0 6", b"xref\n0 -6"))
    yield file("first entry -3", good.replace(b"xref\n0 6", b"xref\n-3 6"))
    yield file("table of rubbish", good[:table] + b"xref\n" + b"\xff\xfe" * 300 + good[table + 150 :])
    yield file("object 3 is free", good.replace(b"00000 n", b"00000 f"), READ | {"no_pages"})
    yield file("all offsets alike", _same_offsets(good), READ | {"no_pages", "no_text"})
    for entries in (b"/W[1 2 1]", b"/W[0 0 0]", b"/W[8 8 8]", b"/W[-1 2 1]", b"/W[1 999999999 1]", b"/W[]"):
        for index in (b"", b"/Index[0 99999999]", b"/Index[0]"):
            content = _xref_stream(entries + index)
            yield file(
                f"xref stream {entries.decode()}{index.decode()}", content, READ | {"no_pages", "time_limit"}
            )


def _two_tables() -> bytes:
    first = one_page(trailer=b"/Root 1 0 R/Prev 1234567890")
    second = len(first)
    table = first.index(b"xref\n0")
    first = first.replace(b"1234567890", b"%010d" % second)
    end = b"trailer\n<</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (table, second)
    return first + b"xref\n0 0\n" + end


def _same_offsets(good: bytes) -> bytes:
    head, table = good[: good.index(b"xref\n0")], good[good.index(b"xref\n0") :]
    lines = [b"0000000009 00000 n " if line.endswith(b"n ") else line for line in table.split(b"\n")]
    return head + b"\n".join(lines)


def _xref_stream(entries: bytes) -> bytes:
    head = one_page()
    head = head[: head.index(b"xref\n0")]
    body = b"/Type/XRef/Size 7/Root 1 0 R" + entries
    return b"%s6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, stream(bytes(28), body), len(head))


def _page_trees() -> Iterator[HostileFile]:
    def file(name: str, expected: frozenset[str], shows: bool = True, **objects: object) -> HostileFile:
        return HostileFile("page tree", name, lambda: one_page(**objects), expected, shows)  # type: ignore[arg-type]

    none = frozenset({"no_pages", "broken"})
    yield file("no page", none, False, pages=b"<</Type/Pages/Kids[]/Count 0>>")
    yield file("no page, Count 5", none, False, pages=b"<</Type/Pages/Kids[]/Count 5>>")
    yield file("no Kids", none | READ, False, pages=b"<</Type/Pages/Count 1>>")
    yield file("Kids null", none | READ, False, pages=b"<</Type/Pages/Kids null/Count 1>>")
    yield file("Kids a number", none | READ, False, pages=b"<</Type/Pages/Kids 7/Count 1>>")
    yield file("Kids its own", none, False, pages=b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    yield file(
        "Kids its own and a page", READ | none, pages=b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 3>>"
    )
    yield file(
        "one page a thousand times", READ, pages=b"<</Type/Pages/Kids[" + b"3 0 R " * 1000 + b"]/Count 1000>>"
    )
    many = b"<</Type/Pages/Kids[" + b"3 0 R " * 100_000 + b"]/Count 100000>>"
    yield file("one page 100,000 times", READ | {"too_many_pages", "time_limit"}, False, pages=many)
    loop = {
        6: b"<</Type/Pages/Parent 2 0 R/Kids[7 0 R]/Count 1>>",
        7: b"<</Type/Pages/Parent 6 0 R/Kids[6 0 R 3 0 R]/Count 1>>",
    }
    yield file("loop of three", READ | none, pages=b"<</Type/Pages/Kids[6 0 R]/Count 1>>", more=loop)
    parents = b"<</Type/Pages/Parent 2 0 R/Kids[3 0 R]/Count 1>>"
    yield file("own parent", READ, pages=parents)
    yield file(
        "own parent without box",
        frozenset({"page_failed", "broken", "read"}),
        False,
        pages=parents,
        page=RESOURCES,
    )
    deep = {
        k: b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (k - 1, k + 1) for k in range(10, 5000)
    }
    deep[5000] = b"<</Type/Pages/Parent 4999 0 R/Kids[3 0 R]/Count 1>>"
    yield file(
        "5,000 deep",
        READ | none | {"crashed", "time_limit"},
        pages=b"<</Type/Pages/Kids[10 0 R]/Count 1>>",
        more=deep,
    )
    for count in (b"-1", b"0", b"9999999999", b"null", b"(x)", b"1e99"):
        pages = b"<</Type/Pages/Kids[3 0 R]/Count %s>>" % count
        yield file(f"Count {count.decode()}", READ | {"too_many_pages"}, pages=pages)
    for root in (b"null", b"3 0 R", b"4 0 R", b"9 0 R", b"[2 0 R]", b"1 0 R"):
        catalogue = b"<</Type/Catalog/Pages %s>>" % root
        yield file(f"Pages {root.decode()}", READ | none, False, catalogue=catalogue)
    yield file("catalogue without type", READ, catalogue=b"<</Pages 2 0 R>>")
    yield file("pages without type", READ | none, pages=b"<</Kids[3 0 R]/Count 1>>")
    kids = b"<</Type/Pages/Kids[9 0 R null 3 0 R (x) 5 0 R]/Count 5>>"
    yield file("kids that are none", READ | {"page_failed"}, pages=kids)


def _boxes() -> Iterator[HostileFile]:
    bad = frozenset({"read", "page_failed", "broken", "no_text", "hidden_text"})
    for box in (
        b"/MediaBox[0 0 1000000 1000000]", b"/MediaBox[0 0 1e400 1e400]", b"/MediaBox[0 0 0 0]",
        b"/MediaBox[595 842 0 0]", b"/MediaBox[-1000 -1000 595 842]", b"/MediaBox[0 0 -595 -842]",
        b"/MediaBox[nan nan nan nan]", b"/MediaBox[0 0 595]", b"/MediaBox[]", b"/MediaBox null",
        b"/MediaBox 7", b"/MediaBox(x)", b"/MediaBox[(0)(0)(595)(842)]", b"/MediaBox[[0]0 595 842]",
        b"/MediaBox[0 0 99999999999999999999999 99999999999999999999999]", b"/MediaBox 9 0 R",
        b"/MediaBox[0 0 .0001 .0001]", b"", BOX + b"/CropBox[-500 -500 5000 5000]",
        BOX + b"/CropBox[5000 5000 6000 6000]", BOX + b"/CropBox[0 0 0 0]", BOX + b"/CropBox[595 842 0 0]",
        BOX + b"/CropBox null", BOX + b"/CropBox[1]", BOX + b"/CropBox[(a)(b)(c)(d)]",
        BOX + b"/CropBox[0 0 1e400 1e400]", BOX + b"/Rotate 45", BOX + b"/Rotate -90", BOX + b"/Rotate 3690",
        BOX + b"/Rotate 1e400", BOX + b"/Rotate(x)", BOX + b"/Rotate null", BOX + b"/Rotate 90.5",
        BOX + b"/UserUnit 1e9", BOX + b"/UserUnit 0", BOX + b"/UserUnit -1", BOX + b"/UserUnit(x)",
    ):  # fmt: skip
        name = box.decode()[:60] or "no MediaBox"
        yield HostileFile("boxes", name, lambda box=box: one_page(page=box + RESOURCES), bad, False)  # type: ignore[misc]
    two = assembled(
        [CATALOGUE, b"<</Type/Pages/Kids[6 0 R 3 0 R]/Count 2>>", b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (BOX, RESOURCES), stream(TEXT), FONT, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 b]/Contents 4 0 R%s>>" % RESOURCES]
    )  # fmt: skip
    yield HostileFile(
        "boxes", "one bad box of two pages", lambda: two, frozenset({"read", "page_failed"}), True
    )


def _encrypted() -> Iterator[HostileFile]:
    def made(user: str, strength: int) -> bytes:
        buffer = io.BytesIO()
        canvas = Canvas(
            buffer,
            encrypt=StandardEncryption(user, ownerPassword="owner", strength=strength, canCopy=0),
            invariant=1,
        )
        canvas.drawString(100, 100, "Total 1,234.56")
        canvas.save()
        return buffer.getvalue()

    for strength in (40, 128):
        yield HostileFile(
            "encryption", f"owner's password, {strength} bit", lambda s=strength: made("", s), READ, True
        )  # type: ignore[misc]
        yield HostileFile(
            "encryption",
            f"user's password, {strength} bit",
            lambda s=strength: made("secret", s),
            frozenset({"encrypted"}),
        )  # type: ignore[misc]
    for name, entries in (
        ("null", b"null"), ("nothing", b"<<>>"), ("itself", b"6 0 R"), ("unknown", b"<</Filter/Foo/V 9/R 9>>"),
        ("no keys", b"<</Filter/Standard/V 2/R 3>>"), ("short keys", b"<</Filter/Standard/V 2/R 3/O(x)/U(y)/P -4>>"),
        ("length -1", b"<</Filter/Standard/V 2/R 3/O(x)/U(y)/P -4/Length -1>>"),
        ("length huge", b"<</Filter/Standard/V 2/R 3/O(x)/U(y)/P -4/Length 99999999>>"),
        ("crypt filters", b"<</Filter/Standard/V 4/R 4/O(x)/U(y)/P -4/CF 7/StmF/StdCF/StrF/StdCF>>"),
        ("public key", b"<</Filter/Adobe.PubSec/V 4/SubFilter/adbe.pkcs7.s5>>"),
    ):  # fmt: skip
        trailer = b"/Root 1 0 R/ID[(a)(b)]/Encrypt " + entries
        yield HostileFile(
            "encryption",
            f"Encrypt {name}",
            lambda t=trailer: one_page(trailer=t),
            frozenset({"encrypted", "broken", "read"}),
        )  # type: ignore[misc]


def _objects() -> Iterator[HostileFile]:
    def file(name: str, content: bytes, expected: frozenset[str] = ANY, shows: bool = True) -> HostileFile:
        return HostileFile("objects", name, lambda: content, expected, shows)

    for opening, name in (
        (b"[", "arrays"),
        (b"<<", "dictionaries"),
        (b"<</A", "named dictionaries"),
        (b"(", "strings"),
    ):
        for depth in (1000, 100_000):
            yield file(f"{depth:,} nested {name}", one_page(more={6: opening * depth}))
            page = BOX + RESOURCES + b"/PieceInfo " + opening * depth
            yield file(f"{depth:,} nested {name} in the page", one_page(page=page), shows=False)
    yield file("reference to itself", one_page(contents=b"4 0 R"), shows=False)
    yield file(
        "references in a ring", one_page(contents=b"6 0 R", more={6: b"7 0 R", 7: b"4 0 R"}), shows=False
    )
    chain = {k: b"%d 0 R" % (k + 1) for k in range(6, 20_000)}
    yield file(
        "20,000 references in a row",
        one_page(contents=b"6 0 R", more={**chain, 20_000: stream(TEXT)}),
        shows=False,
    )
    for length in (b"-1", b"0", b"99999999", b"4 0 R", b"6 0 R", b"null", b"(x)", b"1e400"):
        contents = b"<</Length %s>>\nstream\n%s\nendstream" % (length, TEXT)
        yield file(f"Length {length.decode()}", one_page(contents=contents, more={6: b"6 0 R"}))
    yield file("no endstream", one_page(contents=b"<</Length 9>>\nstream\n" + TEXT), shows=False)
    yield file("no endobj", one_page().replace(b"endobj", b"      "))
    for n, first in ((b"1", b"0"), (b"-1", b"0"), (b"999999999", b"4"), (b"1", b"999999"), (b"(x)", b"null")):
        entries = b"/Type/ObjStm/N %s/First %s" % (n, first)
        yield file(f"object stream N {n.decode()} First {first.decode()}", _object_stream(entries))
    yield file(
        "object stream in itself",
        _object_stream(b"/Type/ObjStm/N 1/First 4/Extends 6 0 R", inside=6),
        shows=False,
    )
    for contents in (
        b"null",
        b"7",
        b"(x)",
        b"[]",
        b"[4 0 R",
        b"<<>>",
        b"[4 0 R 4 0 R 99 0 R null]",
        b"[[[4 0 R]]]",
    ):
        page = BOX + RESOURCES + b"/Contents " + contents
        yield file(f"Contents {contents.decode()}", one_page(page=page), shows=False)
    half = assembled({1: CATALOGUE, 2: PAGES, 3: b"<</Type/Page/Parent 2 0 R/Contents[4 0 R 6 0 R]%s%s>>" % (BOX, RESOURCES), 4: stream(TEXT[:25]), 5: FONT, 6: stream(TEXT[25:])})  # fmt: skip
    yield file("contents in halves within a word", half, shows=False)
    for value in (
        b"1e400",
        b"-1e400",
        b"9" * 400,
        b"." * 50,
        b"--5",
        b"+-+1",
        b"0x10",
        b"1.2.3.4",
        b"#",
        b"/" * 99,
    ):
        yield file(
            f"number {value.decode()[:12]}",
            one_page(content=b"%s %s m " % (value, value) + TEXT),
            shows=False,
        )


def _object_stream(entries: bytes, inside: int = 3) -> bytes:
    """A page that stands in an object stream, object 6, and a cross-reference stream that says so."""
    body = b"%d 0 <</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (inside, BOX, RESOURCES)
    objects = {1: CATALOGUE, 2: PAGES, 4: stream(TEXT), 5: FONT, 6: stream(body, entries)}
    head = assembled(objects)
    head = head[: head.index(b"xref\n0")]
    table = b""
    for number in range(8):
        if number == inside:
            table += bytes([2]) + (6).to_bytes(3, "big") + bytes([0])
        elif number in objects:
            table += bytes([1]) + head.index(b"%d 0 obj" % number).to_bytes(3, "big") + bytes([0])
        elif number == 7:
            table += bytes([1]) + len(head).to_bytes(3, "big") + bytes([0])
        else:
            table += bytes(5)
    xref = stream(table, b"/Type/XRef/Size 8/Root 1 0 R/W[1 3 1]")
    return b"%s7 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, xref, len(head))


def _extras() -> Iterator[HostileFile]:
    script = b"<</S/JavaScript/JS(while\\(true\\){app.alert\\(1\\)})>>"
    for name, entries, more in (
        ("JavaScript on opening", b"/OpenAction %s" % script, {}),
        ("JavaScript in a name tree", b"/Names<</JavaScript<</Names[(a)%s]>>>>" % script, {}),
        ("launches a program", b"/OpenAction<</S/Launch/F(/bin/sh)>>", {}),
        ("fetches an address", b"/OpenAction<</S/URI/URI(http://example.invalid/)>>", {}),
        ("attachment", b"/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>", {6: b"<</Type/Filespec/F(a)/EF<</F 7 0 R>>>>", 7: stream(b"MZ" * 5000, b"/Type/EmbeddedFile")}),
        ("name tree in a ring", b"/Names<</EmbeddedFiles 6 0 R>>", {6: b"<</Kids[6 0 R]>>"}),
        ("outline in a ring", b"/Outlines 6 0 R", {6: b"<</First 6 0 R/Last 6 0 R/Next 6 0 R/Title(x)>>"}),
        ("page labels in a ring", b"/PageLabels 6 0 R", {6: b"<</Kids[6 0 R]>>"}),
        ("structure in a ring", b"/StructTreeRoot 6 0 R/MarkInfo<</Marked true>>", {6: b"<</Type/StructTreeRoot/K[6 0 R]/ParentTree 6 0 R>>"}),
        ("form XFA", b"/AcroForm<</XFA 6 0 R/Fields[]>>", {6: stream(b"<!DOCTYPE x [<!ENTITY a '&a;&a;'>]><x>&a;</x>")}),
        ("fields in a ring", b"/AcroForm<</Fields[6 0 R]>>", {6: b"<</Kids[6 0 R]/Parent 6 0 R/T(a)>>"}),
        ("optional content in a ring", b"/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]/Order 6 0 R>>>>", {6: b"6 0 R"}),
        ("optional content of rubbish", b"/OCProperties<</OCGs 7/D[1]>>", {}),
    ):  # fmt: skip
        catalogue = b"<</Type/Catalog/Pages 2 0 R%s>>" % entries
        yield HostileFile(
            "extras", name, lambda c=catalogue, m=more: one_page(catalogue=c, more=m), READ, True
        )  # type: ignore[misc]
    for name, info in (("a ring", b"6 0 R"), ("rubbish", b"[1 2]"), ("deep", b"<</Title" + b"[" * 500), ("binary", b"<</Title(\xfe\xff\xd8\x00\x00)/Producer 7>>"), ("long", b"<</Producer(" + b"x" * 1_000_000 + b")>>")):  # fmt: skip
        yield HostileFile(
            "extras",
            f"Info {name}",
            lambda i=info: one_page(trailer=b"/Root 1 0 R/Info 6 0 R", more={6: i}),
            ANY,
            True,
        )  # type: ignore[misc]
    for name, annots in (("a ring", b"6 0 R"), ("rubbish", b"[1(x)null]"), ("themselves", b"[6 0 R]"), ("a dictionary", b"<<>>")):  # fmt: skip
        page = BOX + RESOURCES + b"/Annots " + annots
        ring = {6: b"<</Subtype/Widget/Rect[0 0 1 1]/Parent 6 0 R/AP<</N 6 0 R>>>>"}
        yield HostileFile(
            "extras", f"Annots {name}", lambda p=page, r=ring: one_page(page=p, more=r), ANY, True
        )  # type: ignore[misc]
