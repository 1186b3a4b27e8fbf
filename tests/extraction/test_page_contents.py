"""What a page's contents may do is told from their bytes, in forms and across the pieces they come in too."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pytest

from pipelines.extraction import unpacking
from pipelines.extraction.page_contents import PageContents
from pipelines.extraction.page_tree import page_sources
from tests.extraction.hostile.building import BOX, deflated, one_page, stream
from tests.extraction.test_visibility import RESOURCES, written

PLAIN = b"BT /F1 12 Tf 50 700 Td (1) Tj ET "
CLIP = b"0 0 9 9 re W* n "


def contents(folder: Path, page_stream: bytes, form: bytes | None = None) -> PageContents:
    page = BOX + RESOURCES % (b"/XObject<</X 6 0 R>>" if form else b"")
    file = one_page(page=page, more={4: page_stream, **({6: form} if form else {})})
    with pdfplumber.open(written(folder, file)) as pdf:
        (source,) = page_sources(pdf.doc)
        found = PageContents(source)
        # While the file is open: what is not asked for is not looked at.
        assert isinstance(found.has_stand_in_text, bool)
        return found


def told(found: PageContents) -> tuple[bool, bool, bool]:
    return found.is_damaged, found.has_stand_in_text, found.may_clip


def test_plain_text_does_nothing_of_it(tmp_path: Path) -> None:
    assert told(contents(tmp_path, deflated(PLAIN))) == (False, False, False)
    assert told(contents(tmp_path, stream(PLAIN))) == (False, False, False)


@pytest.mark.parametrize("wrapped", [deflated, stream])
@pytest.mark.parametrize(
    ("operators", "expected"),
    [
        (CLIP, (False, False, True)),
        (b"/Span<</ActualText(2)>>BDC ", (False, True, False)),
        (b"/Span<</Actual#54ext(2)>>BDC ", (False, True, False)),
    ],
)
def test_operators_are_noticed(
    tmp_path: Path, operators: bytes, expected: tuple[bool, ...], wrapped: Callable[[bytes], bytes]
) -> None:
    assert told(contents(tmp_path, wrapped(operators + PLAIN))) == expected


def test_forms_are_looked_at_and_clip(tmp_path: Path) -> None:
    form = stream(PLAIN, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]")
    assert told(contents(tmp_path, deflated(PLAIN), form)) == (False, False, True)


@pytest.mark.parametrize("before", range(44, 64))
def test_a_word_across_two_pieces_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr(unpacking, "_PIECE", 64)
    content = b" " * before + b"/Span<</ActualText(2)>>BDC " + PLAIN
    assert contents(tmp_path, deflated(content)).has_stand_in_text


def test_what_cannot_be_unpacked_may_say_anything(tmp_path: Path) -> None:
    rubbish = zlib.compress(PLAIN)[:2] + b"\xff" * 40
    assert told(contents(tmp_path, stream(rubbish, b"/Filter/FlateDecode"))) == (True, True, True)


def test_of_a_stream_cut_off_counts_what_is_left(tmp_path: Path) -> None:
    cut = zlib.compress(CLIP + PLAIN, 0)[:-20]
    assert told(contents(tmp_path, stream(cut, b"/Filter/FlateDecode"))) == (True, False, True)


def test_a_missing_checksum_is_no_damage(tmp_path: Path) -> None:
    cut = zlib.compress(PLAIN)[:-4]
    assert told(contents(tmp_path, stream(cut, b"/Filter/FlateDecode"))) == (False, False, False)
