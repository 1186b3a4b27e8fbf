"""The sums that statements state of themselves: read as printed, resolved by the printed numbers."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extraction import read_document
from pipelines.extraction.model import cell_id
from pipelines.settings import PROJECT_ROOT
from pipelines.statements import understand
from pipelines.statements.footnotes import Footnote, parse_footnotes

SEED = PROJECT_ROOT / "raw" / "420100-information-center" / "2023-final-accounts.pdf"


def plus(*numbers: int) -> tuple[tuple[int, int], ...]:
    return tuple((1, number) for number in numbers)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("27行=（1+2+3+4+5+6+7+8）行；", [("row", 27, plus(*range(1, 9)))]),
        ("58 行= (32+33+…+57) 行；62行=(58+59+60)行。", [
            ("row", 58, plus(*range(32, 58))), ("row", 62, plus(58, 59, 60)),
        ]),
        ("27行＝（1＋2＋⋯⋯＋8）行", [("row", 27, plus(*range(1, 9)))]),
        ("27行=(1+2+...+8)行", [("row", 27, plus(*range(1, 9)))]),
        ("6栏各行=（1+2-3）栏各行；3栏各行=（4+5）栏各行。", [
            ("column", 6, ((1, 1), (1, 2), (-1, 3))), ("column", 3, plus(4, 5)),
        ]),
        ("1栏=2栏+3栏+6栏；", [("column", 1, plus(2, 3, 6))]),
        ("注：本表反映收支情况。1列=(2+3)列", [("column", 1, plus(2, 3))]),
        ("27行=（1+2+\n3）行", [("row", 27, plus(1, 2, 3))]),
    ],
)  # fmt: skip
def test_a_sum_is_read_however_it_is_spaced(
    printed: str, expected: list[tuple[str, int, tuple[tuple[int, int], ...]]]
) -> None:
    found = parse_footnotes(printed.split("\n"))
    assert [(one.axis, one.target, one.terms) for one in found] == expected


@pytest.mark.parametrize(
    "printed",
    [
        "本年收入合计为（1+2）万元",
        "27行≥26行",
        "9行=8行",
        "27行=(8+…+1)行",
        "27行=(1+…+999)行",
        "1行=（2+3）栏",
        "1栏=-(2+3)栏",
        "5行=1+2倍行",
        "",
    ],
)
def test_what_is_no_sum_is_none(printed: str) -> None:
    assert parse_footnotes([printed]) == ()


@given(st.lists(st.integers(1, 99), min_size=2, max_size=12, unique=True), st.integers(1, 199))
def test_every_written_out_sum_comes_back(numbers: list[int], target: int) -> None:
    text = f"{target} 行 = （{' ＋ '.join(map(str, numbers))}） 行。"
    (found,) = parse_footnotes([text])
    assert (found.axis, found.target, found.terms) == ("row", target, plus(*numbers))
    assert parse_footnotes([found.text]) == (found,)


@given(st.text(alphabet="0123456789+-=().…行栏列各（）；。 \n", max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    assert all(isinstance(one, Footnote) for one in parse_footnotes([text]))


def test_the_sums_of_the_seed_are_found_at_every_place() -> None:
    """Counted on the pages: the places of each in which an amount is printed, and what they add up to."""
    document = read_document(SEED, "0" * 16)
    understood = understand(document, file_name=SEED.name)
    places = Counter(
        (term.statement_id, term.footnote) for term in understood.stated_sums if term.term_number == 0
    )
    assert places == {
        ("final_summary", "27行=(1+2+3+4+5+6+7+8)行"): 1,
        ("final_summary", "31行=(27+28+29)行"): 1,
        ("final_summary", "58行=(32+33+...+57)行"): 1,
        ("final_summary", "62行=(58+59+60)行"): 1,
        ("final_revenue", "1栏各行=(2+3+4+5+6+7)栏各行"): 21,
        ("final_expenditure", "1栏各行=(2+3+4+5+6)栏各行"): 21,
        ("final_appropriation_summary", "27行=(1+2+3)行"): 1,
        ("final_appropriation_summary", "28行=(29+30+31)行"): 1,
        ("final_appropriation_summary", "32行=(27+28)行"): 1,
        ("final_appropriation_summary", "59行=(33+34+...+58)行"): 4,
        ("final_appropriation_summary", "64行=(59+60)行"): 4,
        ("final_general_expenditure", "1栏各行=(2+3)栏各行"): 21,
        ("final_three_public", "1栏=(2+3+6)栏"): 1,
        ("final_three_public", "3栏=(4+5)栏"): 1,
        ("final_three_public", "7栏=(8+9+12)栏"): 1,
        ("final_three_public", "9栏=(10+11)栏"): 1,
    }
    assert all(term.state != "missing" for term in understood.stated_sums)
    amounts = {item.cell_id: item.amount_yuan for item in understood.line_items}
    sums: Counter[int] = Counter()
    for term in understood.stated_sums:
        sign = -1 if term.term_number == 0 else term.weight
        sums[term.sum_number] += int(sign * amounts.get(term.cell_id, Decimal(0)) * 100)
    names = {term.sum_number: (term.statement_id, term.place) for term in understood.stated_sums}
    # The total of fiscal appropriation is left blank on page 7.
    assert {names[number]: value for number, value in sums.items() if value} == {
        ("final_revenue", "合计"): -3295680000
    }


def test_each_amount_is_the_one_under_its_number() -> None:
    """行次 31 and 27 to 29 of the summary, by their cells on page 6."""
    document = read_document(SEED, "0" * 16)
    understood = understand(document, file_name=SEED.name)
    terms = [term for term in understood.stated_sums if term.footnote == "31行=(27+28+29)行"]
    cells = {
        cell_id("0" * 16, cell): cell
        for table in document.tables
        for part in table.parts
        for cell in part.cells
    }
    numbers = {cell.row: cell.text for cell in cells.values() if cell.page == 6 and cell.column == 1}
    for term in terms:
        if term.state == "printed":
            cell = cells[term.cell_id]
            assert (cell.column, numbers[cell.row]) == (2, str(term.printed_number))
    assert [(term.printed_number, term.state) for term in terms] == [
        (31, "printed"),
        (27, "printed"),
        (28, "printed"),
        (29, "printed"),
    ]
