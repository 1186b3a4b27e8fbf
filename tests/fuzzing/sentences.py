"""Numerals and the narrative's figures: never an error, never a figure that is not printed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from pipelines.extraction.model import Box, Page, ReadDocument, TextLine
from pipelines.statements.claims import figures_not_understood, read_claims
from pipelines.statements.narrative import sentences
from pipelines.statements.numerals import read_number
from tests.fuzzing.properties import Property, shown

SCALES = {"元": Decimal(1), "万元": Decimal(10**4), "亿元": Decimal(10**8), "%": Decimal(1)}
OPENINGS = ["本年收入合计", "财政拨款支出", "2023年度收、支总计", "“三公”经费支出决算为", "与上年相比增加", "其中：基本支出", "年初预算为", "支出决算为", "完成年初预算的", "占", "，增长", "，比上年减少", "1.一般公共服务支出（类）", "（一）", "主要原因是", "公务用车购置费", "国内公务接待12批次、103人次，支出"]  # fmt: skip
CLOSINGS = ["。", "，", "；", "。主要用于人员经费。", "（含增值税），", "、", "。二、收入决算情况说明。"]

numbers = st.builds(
    lambda value, grouped, decimals: f"{value:{',' if grouped else ''}.{decimals}f}",
    st.decimals(0, 10**8, places=2),
    st.booleans(),
    st.integers(0, 2),
)


@dataclass(frozen=True)
class Narrative:
    """Lines of running text, and the figures they state as printed, with their values."""

    document: ReadDocument
    figures: tuple[tuple[str, Decimal], ...]

    def __repr__(self) -> str:
        return f"Narrative({[line.text for page in self.document.pages for line in page.lines]})"


def _document(lines: list[str], per_page: int) -> ReadDocument:
    pages = []
    for number, start in enumerate(range(0, max(len(lines), 1), per_page), start=1):
        texts = tuple(
            TextLine(number, text, Box(80, 100 + 20 * k, 500, 114 + 20 * k))
            for k, text in enumerate(lines[start : start + per_page])
        )
        pages.append(Page(number, 595, 842, 0, texts, ()))
    return ReadDocument("d" * 16, "read", len(pages), tuple(pages), ())


@st.composite
def narratives(draw: st.DrawFn) -> Narrative:
    """Sentences of the field's words with figures, wrapped at any place over any pages."""
    text, figures = "一、收入支出决算总体情况说明。", []
    for opening in draw(st.lists(st.sampled_from(OPENINGS), min_size=1, max_size=8)):
        number, unit = draw(numbers), draw(st.sampled_from(sorted(SCALES)))
        text += f"{opening}{number}{unit}{draw(st.sampled_from(CLOSINGS))}"
        figures.append((number + unit, Decimal(number.replace(",", "")) * SCALES[unit]))
    width = draw(st.integers(12, 45))
    lines = [text[k : k + width] for k in range(0, len(text), width)]
    return Narrative(_document(lines, draw(st.integers(1, 30))), tuple(figures))


def every_figure_is_a_claim(narrative: Narrative) -> None:
    """As many claims of money and rates as figures, in order, each with its value; counts are others."""
    claims = read_claims(narrative.document, "final_accounts")
    found = [(claim.value_printed, claim.value) for claim in claims if claim.claim_kind != "count"]
    assert found == [(printed.replace(",", ","), value) for printed, value in narrative.figures]
    assert [claim.claim_number for claim in claims] == list(range(1, len(claims) + 1))


@st.composite
def rubbish_lines(draw: st.DrawFn) -> ReadDocument:
    """Narratives with pieces taken out, doubled and put in."""
    text = "".join(line.text for page in draw(narratives()).document.pages for line in page.lines)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(text)))
        piece = draw(st.one_of(st.text(max_size=5), st.sampled_from(["万元", "%", "1", ".", ",", " ", "\n", "9" * 40, "－", "亿", "（"])))  # fmt: skip
        text = text[:at] + piece + text[at + draw(st.integers(0, 4)) :]
    width = draw(st.integers(1, 60))
    return _document([text[k : k + width] for k in range(0, len(text), width)], draw(st.integers(1, 30)))


def claims_are_printed(read: ReadDocument) -> None:
    """A claim's figure stands in its sentence, which stands in the text; the same again."""
    claims = read_claims(read, "final_accounts")
    whole = "".join(sentence.text for sentence in sentences(read))
    for claim in claims:
        assert claim.value_printed in claim.sentence
        assert claim.sentence in whole
        number, unit = re.fullmatch(r"(-?[\d,.]+)(\D+)", claim.value_printed).groups()  # type: ignore[union-attr]
        scale = 1 if claim.claim_kind == "count" else SCALES[unit]
        assert claim.value == Decimal(number.replace(",", "")) * scale
        alone = rf"(?<!\d)(?<!\d[.,]){re.escape(claim.value_printed)}"
        assert re.search(alone, claim.sentence), f"{claim.value_printed} is the end of a longer number"
        if claim.value < 0:
            assert re.search(rf"(?<![\d%元]){alone}", claim.sentence), f"{claim.value_printed} ends a range"
        assert 1 <= claim.page <= len(read.pages)
    figures_not_understood(read)
    assert read_claims(read, "final_accounts") == claims


printed_numbers = st.one_of(
    st.text(alphabet="0123456789,.-+()（）， .．%¥￥—\n０９％", max_size=16), st.text(max_size=8), numbers
)


def a_number_keeps_its_digits(text: str) -> None:
    """What is read as a number has the printed digits in their order, and reads the same when printed plainly."""
    printed = read_number(text)
    if printed.content != "number":
        assert printed.value is None
        return
    assert printed.value is not None
    digits = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit())
    plain = f"{abs(printed.value):.{printed.decimals}f}"
    assert plain.replace(".", "") == digits
    again = read_number(f"{printed.value:,.{printed.decimals}f}")
    assert (again.value, again.decimals) == (printed.value, printed.decimals)
    is_negative = bool(re.search(r"[-‐‑‒–—―－─━ー﹣−(（]", text))
    assert printed.value == 0 or (printed.value < 0) == is_negative or text.count("-") + text.count("(") > 1


PROPERTIES = (
    Property("narrative: every figure is a claim", narratives(), every_figure_is_a_claim, shown),
    Property("narrative: claims are printed", rubbish_lines(), claims_are_printed, shown),
    Property("numerals: a number keeps its digits", printed_numbers, a_number_keeps_its_digits, shown),
)
