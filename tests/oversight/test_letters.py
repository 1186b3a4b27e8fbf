"""The letter as DOCX: its words, and the same bytes for the same letter."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import docx
from docx.oxml.ns import qn

from pipelines.oversight.letters import BODY, letter_document
from pipelines.oversight.wording import wording

DEPARTMENT = {"department_name": "某局", "is_synthetic": True}
STATE = {"data_date": date(2025, 9, 20)}


def finding(number: int, **other: Any) -> dict[str, Any]:
    return {
        "finding_id": f"f{number}",
        "question_zh": f"第{number}问",
        "question_en": f"Question {number}",
        "published_name": "决算.pdf",
        "page": 6,
        "statement_name_zh": "支出决算表",
        "statement_name_en": "Expenditure",
        "difference_yuan": Decimal("-30000.00"),
        **other,
    }


def words(content: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(content)).element.body.iter(qn("w:p"))]


def test_a_letter_has_its_questions_with_their_places() -> None:
    said = words(letter_document(DEPARTMENT, [finding(1), finding(2, page=None)], STATE, wording("zh")))
    assert "某局：" in said
    assert [text for text in said if text[:2] in ("1.", "2.")] == ["1. 第1问", "2. 第2问"]
    assert "出处： 决算.pdf, 第 6 页, 支出决算表, 差额 -3.00 万元" in said
    assert any("样例" in text for text in said)
    assert any("2025-09-20" in text for text in said)


def test_the_same_letter_is_the_same_bytes_and_its_text_is_stored() -> None:
    one, two = (letter_document(DEPARTMENT, [finding(1)], STATE, wording("en")) for _ in range(2))
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        assert package.getinfo(BODY).compress_type == zipfile.ZIP_STORED
        assert package.testzip() is None


def test_what_xml_cannot_hold_is_left_out() -> None:
    hostile = "坏\x00\x0b\ud800名<w:p>&\u202e"
    said = words(letter_document({**DEPARTMENT, "department_name": hostile}, [], STATE, wording("zh")))
    assert "坏名<w:p>&\u202e：" in said
