"""Fonts that say other digits than they draw are told; the others are not."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.settings import Reader
from tests.extraction.hostile.building import BOX, one_page, stream

LIE = b"1 begincodespacerange<00><ff>endcodespacerange %s"
SWAPPED = LIE % b"2 beginbfchar<31><0039><39><0031>endbfchar"
SHIFTED = LIE % b"1 beginbfrange<30><38><0031>endbfrange"
LISTED = LIE % b"1 beginbfrange<31><32>[<0039><0038>]endbfrange"
TRUE = LIE % b"1 beginbfrange<20><7e><0020>endbfrange"
HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding%s/ToUnicode 6 0 R>>"


def told(tmp_path: Path, content: bytes, reader: Reader = "pdfplumber") -> list[tuple[str, int | None]]:
    """Reason and page of what a reading of the file complains of."""
    path = tmp_path / "t.pdf"
    path.write_bytes(content)
    return [
        (problem.reason, problem.page) for problem in read_document(path, "0" * 16, reader=reader).problems
    ]


@pytest.mark.parametrize("reader", ["pdfplumber", "pdfium"])
@pytest.mark.parametrize("encoding", [b"/WinAnsiEncoding", b"<</BaseEncoding/WinAnsiEncoding/Differences[65/A]>>", b"<</Differences[48/zero/one/two/three/four/five/six/seven/eight/nine]>>"])  # fmt: skip
@pytest.mark.parametrize(("to_unicode", "is_lie"), [(SWAPPED, True), (SHIFTED, True), (LISTED, True), (TRUE, False)])  # fmt: skip
def test_a_map_to_unicode_against_the_encoding(
    tmp_path: Path, to_unicode: bytes, is_lie: bool, encoding: bytes, reader: Reader
) -> None:
    content = one_page(font=HELVETICA % encoding, more={6: stream(to_unicode)})
    assert told(tmp_path, content, reader) == ([("text_not_decodable", 1)] if is_lie else [])


def test_a_code_whose_glyph_has_no_known_name_is_as_the_map_says(tmp_path: Path) -> None:
    content = one_page(font=HELVETICA % b"<</Differences[49/g17 57/g18]>>", more={6: stream(SWAPPED)})
    assert told(tmp_path, content) == []


def test_a_font_of_a_form_counts(tmp_path: Path) -> None:
    lying = b"/Resources<</Font<</F1 7 0 R>>>>"
    form = stream(b"BT /F1 12 Tf 50 500 Td (77.00) Tj ET", b"/Subtype/Form/BBox[0 0 595 842]" + lying)
    page = BOX + b"/Resources<</Font<</F1 5 0 R>>/XObject<</A 8 0 R>>>>"
    font = HELVETICA % b"/WinAnsiEncoding"
    assert told(tmp_path, one_page(page=page, more={6: stream(SWAPPED), 7: font, 8: form})) == [
        ("text_not_decodable", 1)
    ]


@pytest.mark.parametrize(
    ("procedure", "is_lie"),
    [(b"600 0 d0 BT /F2 1000 Tf (7) Tj ET", True), (b"600 0 0 0 600 700 d1 0 0 600 700 re f", False)],
)
def test_glyphs_of_type_3_that_print_other_text(tmp_path: Path, procedure: bytes, is_lie: bool) -> None:
    font = b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 49/LastChar 49/Widths[600]/CharProcs<</one 6 0 R>>/Encoding<</Differences[49/one]>>/Resources<</Font<</F2 7 0 R>>>>>>"  # fmt: skip
    helvetica = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    content = one_page(content=b"BT /F1 12 Tf 50 700 Td (111) Tj ET", font=font, more={6: stream(procedure), 7: helvetica})  # fmt: skip
    assert (("text_not_decodable", 1) in told(tmp_path, content)) == is_lie


FIRST_GLYPH = 3
FORMAT_4 = struct.pack(
    ">7H2HH2H2h2H", 4, 32, 0, 4, 4, 1, 0, 0x39, 0xFFFF, 0, 0x30, 0xFFFF, FIRST_GLYPH - 0x30, 1, 0, 0
)
FORMAT_12 = struct.pack(">HHLLLLLL", 12, 0, 28, 0, 1, 0x30, 0x39, FIRST_GLYPH)


def sfnt(subtable: bytes) -> bytes:
    """A font file of nothing but a table of characters."""
    cmap = struct.pack(">HHHHL", 0, 1, 3, 1, 12) + subtable
    return struct.pack(">LHHHH4sLLL", 0x10000, 1, 16, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap


@pytest.mark.parametrize("subtable", [FORMAT_4, FORMAT_12])
@pytest.mark.parametrize("through_map", [False, True])
@pytest.mark.parametrize(("nine", "is_lie"), [(b"0039", False), (b"0031", True)])
def test_a_map_to_unicode_against_the_font_file(
    tmp_path: Path, subtable: bytes, through_map: bool, nine: bytes, is_lie: bool
) -> None:
    code = 50 if through_map else FIRST_GLYPH + 9
    to_cid = b"/CIDToGIDMap 9 0 R" if through_map else b"/CIDToGIDMap/Identity"
    inner = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 7 0 R>>"  # fmt: skip
    more = {
        6: stream(b"1 begincodespacerange<0000><ffff>endcodespacerange 1 beginbfchar<%04x><%s>endbfchar" % (code, nine)),
        7: b"<</Type/FontDescriptor/FontName/A/Flags 4/Ascent 800/Descent -200/FontBBox[0 0 1000 1000]/FontFile2 8 0 R>>",
        8: stream(sfnt(subtable)),
        9: stream(b"".join(struct.pack(">H", FIRST_GLYPH + 9 if k == 50 else 0) for k in range(60))),
    }  # fmt: skip
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[%s]>>"
    content = b"BT /F1 12 Tf 50 700 Td <%04x> Tj ET" % code
    made = one_page(content=content, font=font % (inner % to_cid), more=more)
    assert (("text_not_decodable", 1) in told(tmp_path, made)) == is_lie
