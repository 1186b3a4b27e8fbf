"""Text as people mean it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.normalise import normalise_text, radical_table


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("部⻔", "部门"),
        ("公务⽤⻋购置", "公务用车购置"),
        ("⼾籍", "户籍"),
        ("⻘年", "青年"),
        ("１２３．４５", "123.45"),
        ("（类）", "(类)"),
        ("收 入\n总 计", "收入总计"),
        ("“三公” 经费", "“三公”经费"),
        ("单位： 万元", "单位:万元"),
        ("3, 295. 68", "3, 295. 68"),
        ("2023 年度", "2023 年度"),
        ("　　合　　计　　", "合计"),
        ("a\u200bb\u00adc", "abc"),
        ("Budget  2023", "Budget 2023"),
        ("", ""),
    ],
)
def test_examples(printed: str, meant: str) -> None:
    assert normalise_text(printed) == meant


@given(st.text(alphabet=st.characters(min_codepoint=9, max_codepoint=0x2FFFF, blacklist_categories=["Cs"])))
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise_text(text)
    assert normalise_text(once) == once


def test_every_radical_becomes_an_ideograph() -> None:
    table = radical_table()
    assert all(0x2E80 <= code <= 0x2FD5 for code in table)
    assert all(code in table for code in range(0x2F00, 0x2FD6))
    assert not any(0x2E80 <= ord(ideograph) <= 0x2FDF for ideograph in table.values())
