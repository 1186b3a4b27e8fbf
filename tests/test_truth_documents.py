"""Documents against what people saw on their pages: every amount right, none missing, none extra.

The truth files in ``tests/truth/`` are made by looking at rendered pages, independent of the code.
When one of these tests fails, look at the page: only the page decides which side is wrong.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument, cell_id, placed_cells
from pipelines.statements import understand
from pipelines.statements.model import LineItem, UnderstoodDocument
from tests.conftest import ROOT
from tests.truth.reader import UNIT_IN_YUAN, TruthAmount, TruthDocument, plain, read_truth, truth_names

SEED = "420100-information-center-2023-final-accounts"
SEED_COUNTS = {
    "final_summary": 42,
    "final_revenue": 41,
    "final_expenditure": 49,
    "final_appropriation_summary": 124,
    "final_general_expenditure": 46,
    "final_general_basic": 31,
    "final_fund": 0,
    "final_state_capital": 0,
    "final_three_public": 8,
}
SHOWN = 40

# (page, statement, row key or label, column, yuan): the page is None where the truth has none.
Fact = tuple[int | None, str, str, str, Decimal]


# --- The truth files themselves -------------------------------------------------------------------


def test_there_are_truth_files_of_both_provinces_and_kinds() -> None:
    names = truth_names()
    assert SEED in names
    assert {name.split("-")[0] for name in names} >= {"310107", "320000", "420100"}
    assert any("final-accounts" in name for name in names if name != SEED)


@pytest.mark.parametrize("name", truth_names())
def test_truth_file_agrees_with_itself(name: str) -> None:
    truth = read_truth(name)
    assert truth.statements, f"{name}: statements*.csv list no statement of {truth.document}"
    listed = Counter[str]()
    for statement in truth.statements:
        listed[statement.statement_id] += statement.n_amounts
        assert statement.unit in UNIT_IN_YUAN, f"{name}: {statement}"
        assert not (statement.is_stated_empty and statement.n_amounts), f"{name}: {statement}"
    assert +listed == Counter(a.statement_id for a in truth.amounts), name
    units = {s.statement_id: UNIT_IN_YUAN[s.unit] for s in truth.statements}
    for amount in truth.amounts:
        worth = Decimal(amount.printed.replace(",", "")) * units[amount.statement_id]
        assert amount.yuan == worth, f"{name}: {amount}"
        assert amount.row_key or amount.row_label, f"{name}: {amount}"
    cells = Counter((a.page, a.statement_id, a.row_key, a.column_id) for a in truth.amounts if a.row_key)
    assert not [key for key, n in cells.items() if n > 1], f"{name}: an amount is written down twice"


def test_seed_truth_has_the_amounts_of_the_published_text() -> None:
    truth = read_truth(SEED)
    assert {s.statement_id: s.n_amounts for s in truth.statements} == SEED_COUNTS
    assert len(truth.amounts) == 341
    empty = {s.statement_id for s in truth.statements if s.is_stated_empty}
    assert empty == {"final_fund", "final_state_capital"}


def test_seed_truth_was_made_from_this_text(seed_text: str) -> None:
    digest = hashlib.sha256(seed_text.encode("utf-8")).hexdigest()
    assert digest == read_truth(SEED).header["sha256"]


def test_differences_say_what_a_figure_was_read_as() -> None:
    right: Fact = (3, "final_revenue", "201", "total", Decimal("100.00"))
    slid: Fact = (3, "final_revenue", "202", "total", Decimal("100.00"))
    lost: Fact = (4, "final_revenue", "203", "total", Decimal("7.00"))
    told = _differences(Counter([right, lost]), Counter([slid]))
    assert told.splitlines() == [
        "  p3 final_revenue [201 / total] 100.00: read as p3 final_revenue [202 / total] 100.00",
        "  p4 final_revenue [203 / total] 7.00: missing",
    ]


# --- The documents against them -------------------------------------------------------------------


@cache
def read(path: Path) -> ReadDocument:
    """The document as read, once per test run."""
    return read_document(path, hashlib.sha256(path.read_bytes()).hexdigest()[:16])


@cache
def understood(path: Path) -> tuple[ReadDocument, UnderstoodDocument]:
    """The document as read and as understood, once per test run."""
    document = read(path)
    return document, understand(document, file_name=path.name)


@pytest.fixture
def find(request: pytest.FixtureRequest) -> Callable[[TruthDocument], Path]:
    """Finds a truth file's PDF: in the corpus by its path, or in ``raw/`` by the register."""

    def found(truth: TruthDocument) -> Path:
        if "department" in truth.header:
            return _by_register(truth)
        path = Path(request.getfixturevalue("corpus")) / truth.document
        assert path.is_file(), f"{truth.document} is not in the corpus"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == truth.header["sha256"], truth.document
        return path

    return found


def _by_register(truth: TruthDocument) -> Path:
    raw = Path(os.environ.get("JUESUAN_RAW", ROOT / "raw"))
    register = raw / "register.csv"
    if not register.is_file():
        pytest.skip(f"no register of published documents at {register}")
    with register.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if truth.header["department"] in row["department"]
            and row["fiscal_year"] == truth.header["fiscal_year"]
            and row["kind"] == truth.header["kind"]
        ]
    assert len(rows) == 1, f"{register} lists {len(rows)} documents of {truth.name}"
    return raw / rows[0]["path"]


def _read_fact(item: LineItem, has_pages: bool, free: set[str]) -> Fact:
    row = plain(item.row_label) if item.statement_id in free else item.row_key
    return (item.page if has_pages else None, item.statement_id, row, item.column_id, item.amount_yuan)


def _true_fact(amount: TruthAmount) -> Fact:
    row = amount.row_key or plain(amount.row_label)
    return (amount.page, amount.statement_id, row, amount.column_id, amount.yuan)


def _named(fact: Fact) -> str:
    page, statement, row, column, yuan = fact
    return f"p{page} {statement} [{row} / {column}] {yuan}"


def _differences(missing: Counter[Fact], extra: Counter[Fact]) -> str:
    """What is wrong, for a reader: a figure read as another thing stands as one line."""
    lines: list[str] = []
    left = Counter(extra)
    for fact in sorted(missing.elements(), key=str):
        candidates = [f for f in left if left[f] and f[0] == fact[0] and f[4] == fact[4]]
        if candidates:
            same = max(candidates, key=lambda f: [a == b for a, b in zip(f, fact, strict=True)].count(True))
            left[same] -= 1
            lines.append(f"  {_named(fact)}: read as {_named(same)}")
        else:
            lines.append(f"  {_named(fact)}: missing")
    lines += [f"  {_named(fact)}: extra" for fact in sorted(left.elements(), key=str)]
    more = f"\n  … and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return "\n".join(lines[:SHOWN]) + more


@pytest.mark.parametrize("name", truth_names())
def test_every_printed_amount_is_a_cell_of_its_own(name: str, find: Callable[..., Path]) -> None:
    """What the reading alone must give; where only this holds, the error is in the understanding."""
    truth = read_truth(name)
    document = read(find(truth))
    has_pages = any(a.page is not None for a in truth.amounts)
    expected = Counter((a.page, plain(a.printed)) for a in truth.amounts)
    found = Counter(
        (page.number if has_pages else None, plain(cell.text))
        for page in document.pages
        for table in page.tables
        for cell in table.cells
    )
    missing = sorted((expected - found).elements(), key=str)
    assert document.outcome == "read", f"{name}: {document.problems}"
    assert not missing, f"{name}: {len(missing)} amounts are no cell of their page: {missing[:SHOWN]}"


@pytest.mark.parametrize("name", truth_names())
def test_every_amount_is_right_none_missing_none_extra(name: str, find: Callable[..., Path]) -> None:
    truth = read_truth(name)
    _, result = understood(find(truth))
    has_pages = any(a.page is not None for a in truth.amounts)
    free = {a.statement_id for a in truth.amounts if not a.row_key}
    expected = Counter(_true_fact(a) for a in truth.amounts)
    found = Counter(_read_fact(item, has_pages, free) for item in result.line_items)
    missing, extra = expected - found, found - expected
    assert not missing and not extra, (
        f"{name}: {len(truth.amounts)} amounts printed, {len(result.line_items)} read, "
        f"{missing.total()} missing, {extra.total()} extra\n{_differences(missing, extra)}"
    )


@pytest.mark.parametrize("name", truth_names())
def test_statements_and_their_emptiness(name: str, find: Callable[..., Path]) -> None:
    truth = read_truth(name)
    _, result = understood(find(truth))
    expected = [
        (s.statement_id, s.first_page, s.unit, s.n_amounts, s.is_stated_empty) for s in truth.statements
    ]
    has_pages = any(s.first_page is not None for s in truth.statements)
    found = [
        (s.statement_id, s.first_page if has_pages else None, s.unit, s.n_amounts, s.is_stated_empty)
        for s in sorted(result.statements, key=lambda s: s.statement_number)
    ]
    assert found == expected, name


@pytest.mark.parametrize("name", truth_names())
def test_amounts_are_kept_as_printed_with_their_cell(name: str, find: Callable[..., Path]) -> None:
    truth = read_truth(name)
    document, result = understood(find(truth))
    pages = {page.number: page for page in document.pages}
    cells = {
        cell_id(document.document_id, cell): cell
        for _, table in placed_cells(document)
        for cell in table.cells
    }
    wrong: list[str] = []
    for item in result.line_items:
        cell = cells.get(item.cell_id)
        where = (
            f"  p{item.page} {item.statement_id} [{item.row_key} / {item.column_id}] {item.amount_printed}"
        )
        if cell is None:
            wrong.append(f"{where}: no cell {item.cell_id!r}")
            continue
        box, page = cell.box, pages[cell.page]
        if cell.page != item.page:
            wrong.append(f"{where}: its cell is on page {cell.page}")
        if plain(item.amount_printed) not in plain(cell.text):
            wrong.append(f"{where}: its cell prints {cell.text!r}")
        if not (-1 <= box.x0 < box.x1 <= page.width + 1 and -1 <= box.top < box.bottom <= page.height + 1):
            wrong.append(f"{where}: box {box} is not a place on a page of {page.width} × {page.height}")
    assert not wrong, f"{name}\n" + "\n".join(wrong[:SHOWN])
    expected = Counter((a.statement_id, a.column_id, plain(a.printed)) for a in truth.amounts)
    found = Counter((i.statement_id, i.column_id, plain(i.amount_printed)) for i in result.line_items)
    assert found == expected, f"{name}: not as printed: {expected - found} against {found - expected}"


@pytest.mark.parametrize("name", truth_names())
def test_rows_keep_their_printed_label(name: str, find: Callable[..., Path]) -> None:
    """A wrapped, broken or letter-spaced label comes out whole (where the row has one)."""
    truth = read_truth(name)
    _, result = understood(find(truth))
    read = {(i.statement_id, i.row_key, i.column_id): plain(i.row_label) for i in result.line_items}
    wrong = []
    for amount in truth.amounts:
        key = (amount.statement_id, amount.row_key, amount.column_id)
        if amount.row_key and amount.row_label and key in read and read[key] != plain(amount.row_label):
            wrong.append(f"  p{amount.page} {amount.row_key}: {amount.row_label!r} read as {read[key]!r}")
    assert not wrong, f"{name}\n" + "\n".join(wrong[:SHOWN])
