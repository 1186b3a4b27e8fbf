"""Unpacking as pdfminer does it, but within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer import lzw, pdftypes, runlength

from pipelines.extraction import read_document
from tests.extraction.hostile.building import BOX, RESOURCES, TEXT, one_page, stream
from tests.extraction.hostile.contents import zeros


def by_the_byte(data: bytes) -> bytes | None:
    """What is left of a damaged stream, found byte by byte; None where it is rubbish."""
    unpacker = zlib.decompressobj()
    found = b""
    for k in range(len(data)):
        try:
            found += unpacker.decompress(data[k : k + 1])
        except zlib.error:
            return found if k >= len(data) - 3 else None
    return found


def or_none(call: Callable[[bytes], bytes], data: bytes) -> bytes | None:
    try:
        return call(data)
    except zlib.error:
        return None


@given(st.binary(max_size=3000), st.integers(0, 3000), st.integers(0, 255), st.integers(0, 3000))
def test_a_damaged_stream_is_unpacked_as_byte_by_byte(text: bytes, at: int, byte: int, end: int) -> None:
    packed = bytearray(zlib.compress(text))
    packed[at % len(packed)] = byte
    data = bytes(packed[: max(1, len(packed) - end % 8)])
    assert or_none(pdftypes.decompress_corrupted, data) == by_the_byte(data)
    assert or_none(pdftypes.zlib.decompress, data) == or_none(zlib.decompress, data)


@given(st.binary(max_size=300))
def test_run_lengths_and_lzw_as_before(data: bytes) -> None:
    for own, theirs in ((pdftypes.lzwdecode, lzw.lzwdecode), (pdftypes.rldecode, runlength.rldecode)):
        try:
            expected = theirs(data)
        except (IndexError, RuntimeError, StopIteration, TypeError):
            continue  # rubbish that pdfminer fails on
        assert own(data) == expected


FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode"
FONT = b"<</Type/Font/Subtype/TrueType/BaseFont/A/FirstChar 0/LastChar 255/Widths[500]/ToUnicode 6 0 R>>"


@pytest.mark.parametrize(
    ("page", "content", "font", "entries", "reason"),
    [
        (b"/Resources<</Font<</F1 5 0 R>>/XObject<</A 6 0 R>>>>", TEXT + b"/A Do", None, FORM, "page_too_complex"),
        (RESOURCES + b"/Annots[<</Subtype/Stamp/Rect[0 0 9 9]/AP<</N 6 0 R>>>>]", TEXT, None, FORM, "page_too_complex"),
        (RESOURCES, TEXT, FONT, b"/Filter/FlateDecode", "text_not_decodable"),
    ],
)  # fmt: skip
def test_a_bomb_anywhere_costs_its_page_and_no_other(
    tmp_path: Path, page: bytes, content: bytes, font: bytes | None, entries: bytes, reason: str
) -> None:
    second = {
        6: stream(zeros(200, 1), entries),
        7: b"<</Type/Page/Parent 2 0 R/Contents 8 0 R%s/Resources<</Font<</F1 9 0 R>>>>>>" % BOX,
        8: stream(TEXT),
        9: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    pages = b"<</Type/Pages/Kids[3 0 R 7 0 R]/Count 2>>"
    named = {"font": font} if font else {}
    path = tmp_path / "bomb.pdf"
    path.write_bytes(one_page(content=content, page=BOX + page, pages=pages, more=second, **named))  # type: ignore[arg-type]
    document = read_document(path, "0" * 16, reader="pdfplumber")
    assert document.outcome == "read_in_part"
    assert {(problem.reason, problem.page) for problem in document.problems} == {(reason, 1)}
    assert [line.text for line in document.pages[-1].lines] == ["Total 1,234.56"]
    assert document.pages[-1].number == 2
