"""Amounts, charts, words and the folder, each with known answers."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction.model import ReadingQuality
from pipelines.oversight import figures
from pipelines.oversight.charts import column_chart, shares
from pipelines.oversight.document_pages import printed_tables, proof_data
from pipelines.oversight.initials import initials
from pipelines.oversight.measured import measured
from pipelines.oversight.views import VIEWS, filled, view_sql
from pipelines.oversight.wording import wording
from pipelines.oversight.writing import SiteFolder
from pipelines.settings import PROJECT_ROOT
from tests.truth.reader import read_truth, truth_names

YUAN = st.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False, allow_infinity=False)


@given(YUAN)
def test_an_amount_in_wan_is_within_half_of_its_last_digit(yuan: Decimal) -> None:
    assert abs(Decimal(figures.in_wan(yuan).replace(",", "")) * 10_000 - yuan) <= 50
    assert Decimal(figures.amount(yuan).value) == yuan


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        ("32956800.00", "3,295.68 万元", "32.96 million yuan"),
        ("189767600.00", "1.90 亿元", "189.77 million yuan"),
        ("-100000000.00", "-1.00 亿元", "-100.00 million yuan"),
        ("0.00", "0.00 万元", "0.00 million yuan"),
    ],
)
def test_a_headline_has_the_unit_people_say(yuan: str, zh: str, en: str) -> None:
    assert figures.headline(Decimal(yuan), "zh").text == zh
    assert figures.headline(Decimal(yuan), "en").text == en


def test_a_change_has_its_sign_and_a_ratio_its_per_cent() -> None:
    assert figures.signed_wan(Decimal("50.00")).text == "+0.01"
    assert figures.signed_wan(Decimal("-60000.00")).text == "-6.00"
    assert figures.signed_wan(Decimal("0.00")).text == "0.00"
    assert figures.percent(Decimal("0.1137"), signed=True) == "+11.4%"
    assert figures.percent(Decimal("-0.003"), signed=True) == "-0.3%"
    assert figures.percent(Decimal(0), signed=True) == "0.0%"


def test_columns_stand_on_zero_and_what_is_missing_is_a_gap() -> None:
    chart = column_chart(
        [2021, 2022, 2023],
        {
            "budget": {2021: Decimal("1000000"), 2022: None, 2023: Decimal("-500000")},
            "final": {2021: Decimal("0"), 2023: Decimal("2000000")},
        },
        {"budget": "预算", "final": "决算"},
    )
    assert chart is not None
    assert len(chart.columns) == 4
    assert len(chart.gaps) == 2
    by_title = {column.title: column for column in chart.columns}
    high, twice = by_title["2021 预算: 100.00 万元"], by_title["2023 决算: 200.00 万元"]
    assert high.y + high.height == pytest.approx(chart.zero, abs=0.02)
    assert twice.height == pytest.approx(2 * high.height, abs=0.05)
    below = by_title["2023 预算: -50.00 万元"]
    assert below.y == pytest.approx(chart.zero)
    assert below.height == pytest.approx(high.height / 2, abs=0.05)
    assert by_title["2021 决算: 0.00 万元"].height == 0
    assert "0" in [tick.text for tick in chart.ticks]
    assert column_chart([2021], {"final": {2021: None}}, {"final": ""}) is None


@given(st.lists(st.none() | YUAN, max_size=8))
def test_bars_are_no_longer_than_the_whole_and_missing_ones_are_none(values: list[Decimal | None]) -> None:
    found = shares(values)
    assert [one is None for one in found] == [value is None for value in values]
    assert all(0 <= one <= 100 for one in found if one is not None)


def test_both_languages_have_the_same_words_with_the_same_places_to_fill() -> None:
    zh, english = wording("zh").texts, wording("en").texts
    singular = {key: key.removesuffix("_one") for key in english if key.endswith("_one")}
    en = {key: text for key, text in english.items() if key not in singular}
    assert set(zh) == set(en)
    filling = re.compile(r"\{(\w+)\}")
    assert [
        one for one, key in singular.items() if filling.findall(english[one]) != filling.findall(en[key])
    ] == []
    assert [key for key in zh if set(filling.findall(zh[key])) != set(filling.findall(en[key]))] == []
    assert [key for key, text in zh.items() if not text.strip() or not en[key].strip()] == []


def test_one_thing_is_told_in_the_singular_where_the_language_has_one() -> None:
    assert wording("en")("department.documents_count", n=1) == "1 document"
    assert wording("en")("department.documents_count", n=2) == "2 documents"
    assert wording("zh")("department.documents_count", n=1) == "文件 1 份"


def test_every_quality_of_reading_has_words_on_the_proof() -> None:
    words = wording("zh").texts
    assert all(words[f"script.quality_{quality}"] for quality in get_args(ReadingQuality))


def test_the_proof_of_a_repaired_figure_says_what_was_read_and_why_it_is_another() -> None:
    document = "0123456789abcdef"
    place = {
        "page": 3,
        "page_width": 595.0,
        "page_height": 842.0,
        "x0": 1.0,
        "top": 2.0,
        "x1": 3.0,
        "bottom": 4.0,
    }
    cells = [{"cell_id": f"{document}-p0003-t01-r001-c0{n}", "confidence": 0.6} | place for n in (1, 2)]
    amount = {"statement_id": "final_expenditure", "row_label": "合计", "column_id": "total"}
    amounts = [
        {"cell_id": cell["cell_id"], "amount_yuan": Decimal(100), "repair_zh": zh, "repair_en": en} | amount
        for cell, zh, en in zip(cells, ("读作9，应为8", None), ("read 9, is 8", None), strict=True)
    ]
    for row, quality in zip(amounts, ("repaired", "doubtful"), strict=True):
        row["reading_quality"] = quality
    found = proof_data(document, cells, amounts, [], [], [])["cells"]
    assert [(one[2][4], one[2][6]) for one in found.values()] == [
        ("repaired", ["读作9，应为8", "read 9, is 8"]),
        ("doubtful", None),
    ]


def test_sql_is_filled_with_literals_that_cannot_break_out() -> None:
    assert filled("a = $name and b = $n and $flag", {"name": "o'x; --", "n": 3, "flag": True}) == (
        "a = 'o''x; --' and b = 3 and true"
    )
    assert {path.suffix for path in VIEWS.iterdir()} == {".sql"}
    assert "$department_ids" in view_sql("compare")


def test_initials_are_what_people_type() -> None:
    assert initials("商务委员会") == "swwyh"
    assert initials("财政局（本级）") == "czjbj"
    assert initials("") == ""


def cell(row: int, column: int, text: str, *, down: int = 1, across: int = 1) -> dict[str, object]:
    return {
        "page": 3,
        "table_number": 1,
        "table_row": row,
        "table_column": column,
        "row_span": down,
        "column_span": across,
        "printed_text": text,
        "cell_id": f"{'0' * 16}-p0003-t01-r{row:03d}-c{column:02d}",
    }


def test_a_table_keeps_its_spans_and_shows_where_no_cell_is() -> None:
    cells = [
        cell(0, 0, "项目", down=2),
        cell(0, 1, "金额", across=2),
        cell(1, 1, "预算"),
        cell(1, 2, "决算"),
        cell(2, 0, "合计"),
        cell(2, 2, "3, 295. 68"),
    ]
    amount = {"cell_id": cells[5]["cell_id"], "statement_number": 1}
    (table,) = printed_tables(cells, [amount], [{"statement_number": 1}], {str(cells[5]["cell_id"])})
    assert [[one.text if one else None for one in row] for row in table.rows] == [
        ["项目", "金额"],
        ["预算", "决算"],
        ["合计", None, "3, 295. 68"],
    ]
    assert [(one.row_span, one.column_span) for one in table.rows[0] if one] == [(2, 1), (1, 2)]
    last = table.rows[2][2]
    assert last is not None
    assert last.item == amount
    assert last.is_wrong
    assert table.page == 3


def test_a_site_is_swapped_in_whole_and_what_is_gone_goes(tmp_path: Path) -> None:
    published = tmp_path / "site"
    first = SiteFolder(published)
    first.write("a/one.html", "one")
    first.write("two.html", "two")
    assert not published.exists()
    assert first.finish().n_changed == 2
    second = SiteFolder(published)
    second.write("a/one.html", "one")
    second.write("three.html", "three")
    with pytest.raises(ValueError, match="twice"):
        second.write("three.html", "")
    assert (published / "two.html").is_file()
    written = second.finish()
    assert (written.n_files, written.n_changed, written.n_removed) == (2, 1, 1)
    assert not (published / "two.html").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"site"}


def test_what_was_measured_stands_in_the_document_it_is_taken_from() -> None:
    """Each figure is of one paragraph or line of its source, or counted in the truth files."""
    for one in measured():
        if one.name == "truth":
            # The seed document is no published file: it was set again.
            published = [name for name in truth_names() if not name.startswith("420100")]
            n_amounts = sum(len(read_truth(name).amounts) for name in published)
            assert (one.documents, one.amounts) == (len(published), n_amounts)
            continue
        text = (PROJECT_ROOT / one.source).read_text(encoding="utf-8")
        pieces = text.split("\n") if one.name.startswith("scan_") else text.split("\n\n")
        said = {f"{n:,}" for n in (one.documents, one.amounts, one.listed, one.missing, one.wrong) if n} | (
            {f"{one.right} %"} if one.right else set()
        )
        assert [piece for piece in pieces if all(number in piece for number in said)], one.name
        assert re.fullmatch(r"python -m [\w.]+ .+", one.command)
    assert len({one.name for one in measured()}) == len(measured())
