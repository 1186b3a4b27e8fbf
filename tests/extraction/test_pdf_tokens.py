"""Tokens found at once are those that pdfminer finds step by step, each in its place."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfminer.pdfparser import PDFParser
from pdfminer.psparser import PSEOF, PSBaseParser

from pipelines.extraction.pdf_tokens import find_tokens_at_once

find_tokens_at_once()

_PARTS = [
    *(b"/Name", b"/N#41me", b"/", b"/\xe5\xad\x97", b"/\xff\xfe"),
    *(b"12", b"-7", b"+0", b"12.5", b"1.", b".5", b"-.5", b"--3", b"9" * 30, b"1.2.3", b"12abc"),
    *(b"true", b"false", b"null", b"R", b"obj", b"endobj", b"a#b", b"'", b"*", b"x" * 70),
    *(b"<<", b">>", b"<", b">", b"[", b"]", b"{", b"}"),
    *(b"(a (b) \\) \\061)", b"<48 65>", b"% said\n", b"\0", b" ", b"\r\n", b"\t", b"\f"),
]


def _tokens(content: bytes, *, size: int, at_once: bool) -> list[object]:
    """All tokens with their places, as the parser that reads ``size`` bytes at a time finds them."""
    parser = PDFParser(io.BytesIO(content))
    parser.BUFSIZ = size
    found: list[object] = []
    try:
        while True:
            found.append(parser.nexttoken() if at_once else PSBaseParser.nexttoken(parser))
    except PSEOF:
        return [(place, type(token), token) for place, token in found]  # type: ignore[misc]


@given(st.lists(st.sampled_from(_PARTS), max_size=60).map(b"".join), st.integers(1, 40))
def test_tokens_of_any_text(content: bytes, size: int) -> None:
    """Whatever stands together, and wherever a piece of the file ends."""
    assert _tokens(content, size=size, at_once=True) == _tokens(content, size=size, at_once=False)


@pytest.mark.parametrize("size", [7, 4096])
def test_tokens_of_an_object(size: int) -> None:
    """A page's entries, name by name."""
    content = b"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595.32 841.92]>> endobj "
    tokens = [token for _, _, token in _tokens(content, size=size, at_once=True)]  # type: ignore[misc]
    assert [getattr(token, "name", token) for token in tokens] == [
        *(3, 0, b"obj", b"<<", "Type", "Page", "Parent", 2, 0, b"R", "MediaBox"),
        *(b"[", 0, 0, 595.32, 841.92, b"]", b">>", b"endobj"),
    ]
