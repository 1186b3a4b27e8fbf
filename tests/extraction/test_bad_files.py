"""A file that cannot be read ends with a reason a person understands, never with an exception."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument
from tests.extraction.drawing import Sheet, plain, steps


def good_pdf(path: Path, pages: int = 2) -> Path:
    sheet = Sheet(path)
    for k in range(pages):
        if k:
            sheet.new_page()
        sheet.text(60, 60, "收入决算表")
        sheet.table(plain([["项目", "金额"], ["合计", "1.00"]]), steps(60, 90, 90), steps(100, 20, 20))
    return sheet.save()


def picture() -> ImageReader:
    buffer = io.BytesIO()
    Image.new("L", (300, 400), 200).save(buffer, format="PNG")
    buffer.seek(0)
    return ImageReader(buffer)


def assert_set_aside(document: ReadDocument, reason: str) -> None:
    assert document.outcome == "set_aside"
    assert document.problems[0].reason == reason, document.problems
    assert document.problems[0].message.endswith(".")
    assert document.document_id == "0123456789abcdef"


def read(path: Path, **limits: int) -> ReadDocument:
    return read_document(path, "0123456789abcdef", **limits)


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    assert_set_aside(read(path), "empty_file")


@pytest.mark.parametrize("content", [b"PK\x03\x04 a zip", b"<html>404</html>", b"\x00" * 5000])
def test_not_a_pdf(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "page.pdf"
    path.write_bytes(content)
    assert_set_aside(read(path), "not_a_pdf")


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9, 0.97])
def test_truncated_file_never_raises_and_is_never_read_silently(tmp_path: Path, share: float) -> None:
    whole = good_pdf(tmp_path / "whole.pdf", 3).read_bytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(whole[: int(len(whole) * share)])
    document = read(path)
    # What is left may hold whole pages; then all of them must be there, or a problem said so.
    assert document.problems or document.page_count == 3
    if document.outcome == "set_aside":
        assert document.problems[0].reason == "broken"


def test_header_alone_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "head.pdf"
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    assert_set_aside(read(path), "broken")


def test_rubbish_after_the_header(tmp_path: Path) -> None:
    path = tmp_path / "rubbish.pdf"
    path.write_bytes(b"%PDF-1.4\n" + bytes(range(256)) * 40)
    assert_set_aside(read(path), "broken")


def test_encrypted_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret", ownerPassword="owner"))
    canvas.drawString(100, 100, "x")
    canvas.save()
    document = read(path)
    assert_set_aside(document, "encrypted")
    assert "password" in document.problems[0].message


def test_encrypted_for_the_owner_only_is_read(tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("", ownerPassword="owner", canCopy=0))
    canvas.drawString(100, 100, "readable")
    canvas.save()
    document = read(path)
    assert document.outcome == "read"
    assert document.pages[0].lines[0].text == "readable"


def minimal_pdf(*objects: bytes) -> bytes:
    """A PDF of the given objects, numbered from 1; the first is the catalogue."""
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def test_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "nopages.pdf"
    path.write_bytes(minimal_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"))
    assert_set_aside(read(path), "no_pages")


def test_page_without_a_size_is_that_page_only(tmp_path: Path) -> None:
    """A missing MediaBox raises TypeError deep inside; the other page is read all the same."""
    stream = b"BT /F1 12 Tf 50 50 Td (hello) Tj ET"
    path = tmp_path / "nobox.pdf"
    path.write_bytes(
        minimal_pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox 7/Contents 5 0 R>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 5 0 R"
            b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
        )
    )
    document = read(path)
    assert document.outcome in ("read", "read_in_part")
    assert document.page_count == 2
    assert any(line.text == "hello" for page in document.pages for line in page.lines)


def test_damaged_contents_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    text = b"BT /F1 12 Tf 50 50 Td " + b"".join(b"(word %d) Tj " % k for k in range(300)) + b"ET"
    stream = bytearray(zlib.compress(text))
    stream[len(stream) // 2 :] = bytes(len(stream) - len(stream) // 2)
    path = tmp_path / "damaged.pdf"
    path.write_bytes(
        minimal_pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
            b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
            b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(stream), bytes(stream)),
        )
    )
    document = read(path)
    assert document.outcome in ("read_in_part", "set_aside")
    assert "page_damaged" in {problem.reason for problem in document.problems}


def test_too_many_pages(tmp_path: Path) -> None:
    path = good_pdf(tmp_path / "long.pdf", 6)
    assert_set_aside(read(path, max_pages=5), "too_many_pages")
    assert read(path, max_pages=6).outcome == "read"


def test_blank_pages_only(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "blank.pdf")
    sheet.new_page()
    assert_set_aside(read(sheet.save()), "no_text")


def test_pictures_in_which_nothing_is_recognised_are_set_aside(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "scan.pdf")
    for _ in range(3):
        sheet.canvas.drawImage(picture(), 0, 0, 595, 842)
        sheet.text(290, 830, "1")
        sheet.new_page()
    document = read(sheet.save())
    assert_set_aside(document, "scan_without_text")
    assert document.is_scanned
    assert [page.is_image_only for page in document.pages[:3]] == [True] * 3


def test_one_scanned_page_makes_it_read_in_part(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "part.pdf")
    sheet.text(60, 60, "收入决算表")
    sheet.table(plain([["项目", "金额"], ["合计", "1.00"]]), steps(60, 90, 90), steps(100, 20, 20))
    sheet.new_page()
    sheet.canvas.drawImage(picture(), 0, 0, 595, 842)
    document = read(sheet.save())
    assert document.outcome == "read_in_part"
    assert [(p.reason, p.page) for p in document.problems] == [("scan_without_text", 2)]
    assert "2" in document.problems[0].message
    assert len(document.tables) == 1
    assert not document.pages[0].is_image_only


def test_text_with_a_picture_is_no_scan(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "cover.pdf")
    sheet.canvas.drawImage(picture(), 0, 0, 595, 842)
    for k in range(8):
        sheet.text(60, 60 + 20 * k, "某市某局2023年度部门决算公开说明")
    document = read(sheet.save())
    assert document.outcome == "read"


def test_a_novel_is_read_and_has_no_tables(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "novel.pdf")
    for page in range(3):
        for k in range(40):
            sheet.text(60, 60 + 18 * k, f"第{page}章 那年是1994年，他花了12.50元买了3本书，又走了{k}里路。")
        sheet.new_page()
    document = read(sheet.save())
    assert document.outcome == "read"
    assert document.tables == ()
    assert document.problems == ()


def test_drawing_of_thousands_of_rules_gives_its_text_and_a_reason(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "drawing.pdf", (3000, 3000))
    for k in range(400):
        sheet.line(10, 10 + 7 * k, 2900, 10 + 7 * k)
        sheet.line(10 + 7 * k, 10, 10 + 7 * k, 2900)
    sheet.text(60, 2950, "附图")
    document = read(sheet.save())
    assert document.outcome == "read_in_part"
    assert [(p.reason, p.page) for p in document.problems] == [("page_too_complex", 1)]
    assert [line.text for line in document.pages[0].lines] == ["附图"]


def test_missing_file_is_not_the_documents_fault(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        read(tmp_path / "none.pdf")
