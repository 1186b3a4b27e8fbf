"""The space of layouts: every family is consistent and readable; a fixed sample of it is read right."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument
from pipelines.statements import understand
from pipelines.statements.model import DocumentKind
from tests.corpus.document import StatementBlock, make
from tests.corpus.layout_space import families, space_plan
from tests.corpus.printed import printed_amounts, printed_statement
from tests.corpus.producers import print_plans
from tests.corpus.space_scores import FREE, Score, score

PLACES = families()
#: Documents of each producer that are read in every test run; the whole space is a benchmark.
SAMPLE = 11


def printed_by_reportlab(plan_family: str, kind: DocumentKind) -> Counter[tuple[str, str, str, Decimal]]:
    made = make(space_plan(1, plan_family, kind, "reportlab", 0))
    return Counter((row.statement_id, row.row_key, row.column_id, row.yuan) for row in made.truth)


@pytest.mark.parametrize(("family", "kind"), PLACES)
def test_truth_of_a_plan_is_the_truth_of_its_drawing(family: str, kind: DocumentKind) -> None:
    plan = space_plan(1, family, kind, "reportlab", 0)
    told = Counter((p.statement_id, p.row_key, p.column_id, p.yuan) for p in printed_amounts(plan))
    assert told == printed_by_reportlab(family, kind)
    assert told.total() > 0


@pytest.mark.parametrize(("family", "kind"), PLACES)
def test_no_two_cells_of_a_grid_cover_the_same_place(family: str, kind: DocumentKind) -> None:
    for number in range(6):
        plan = space_plan(2, family, kind, "typst", number)
        for block in plan.blocks:
            if not isinstance(block, StatementBlock):
                continue
            grid = printed_statement(plan, block).grid
            places = Counter(
                (row, column)
                for cell in grid.cells
                for row in range(cell.row, cell.row + cell.row_span)
                for column in range(cell.column, cell.column + cell.column_span)
            )
            assert set(places.values()) == {1}, f"{family} {block.form.statement_id}"
            assert len(places) == grid.n_rows * len(grid.widths)


def test_at_least_fifteen_families() -> None:
    assert len({family for family, _ in PLACES}) >= 15


@pytest.mark.parametrize("producer", ["reportlab", "typst"])
def test_a_sample_is_read_right_or_listed(tmp_path: Path, producer: str) -> None:
    total = Score()
    for family, kind in PLACES[:: max(1, len(PLACES) // SAMPLE)]:
        plan = space_plan(3, family, kind, producer, 0)
        path = tmp_path / f"{family}-{kind}.pdf"
        path.write_bytes(print_plans(producer, [plan])[0])
        understood = understand(read_document(path, "0" * 16), file_name=path.name)
        total.add(score(path.name, printed_amounts(plan), understood))
    assert not total.wrong, [miss for miss in total.misses if miss[1].kind == "wrong"]
    assert not total.silent, [miss for miss in total.misses if miss[1].kind == "silent"]
    assert total.right > 0.9 * total.amounts


def test_a_header_that_does_not_fit_begins_a_new_page(tmp_path: Path) -> None:
    # A header of several rows was once printed over the running foot, where no publisher prints it.
    plan = space_plan(3, "liaoning", "final_accounts", "reportlab", 0)
    path = tmp_path / "liaoning.pdf"
    path.write_bytes(print_plans("reportlab", [plan])[0])
    understood = understand(read_document(path, "0" * 16), file_name=path.name)
    found = score(path.name, printed_amounts(plan), understood)
    assert (found.right, found.wrong) == (found.amounts, 0)


#: Seed, family, kind, producer and number of documents that were once listed as not understood, and why.
ONCE_LISTED: dict[str, tuple[int, str, DocumentKind, str, int]] = {
    "the empty half of a bracket hangs over the frame": (20261201, "hainan", "budget", "typst", 0),
    "expenditure by unit, 专项业务经费 over 支出": (20261201, "shaanxi", "budget", "typst", 1),
    "“三公” with a row for each of two bases": (20261201, "shaanxi", "final_accounts", "typst", 3),
    "funds of “三公” beside their sum; sources under 单位资金": (20261201, "hebei", "budget", "reportlab", 0),
    "codes under 功能科目, projects by 资金来源": (20261201, "hunan_budget", "budget", "typst", 0),
    "names that begin with a bracket beside figures": (3, "shaanxi", "budget", "typst", 0),
    "counts in the middle of a column of amounts": (20261127, "chongqing", "final_accounts", "reportlab", 2),
    "“三公” by kind whose first row is blank": (20261127, "anhui", "final_accounts", "typst", 2),
    "类 款 项 in the row of the total, over one column": (
        20261129,
        "sichuan",
        "final_accounts",
        "typst",
        0,
    ),
    "a frame goes on with some of its upright rules": (20261129, "sichuan", "final_accounts", "reportlab", 0),
    "a header that begins with a year; 元": (20261202, "hubei_town", "budget", "typst", 2),
    "a word of two characters far apart": (20261202, "qinghai", "budget", "typst", 0),
    "words of a header on three lines half a line apart": (20261129, "hainan", "budget", "typst", 1),
    "last characters of two wrapped words beside each other": (
        20261204,
        "inner_mongolia_budget",
        "budget",
        "typst",
        3,
    ),
    "the end of a wrapped word below it, 合计 beside it": (20261203, "ningxia", "budget", "typst", 1),
    "预  算  数 set apart": (20261205, "beijing_budget", "budget", "reportlab", 4),
    "a total’s label in the cell of 科目名称": (20261205, "cdc_budget", "budget", "reportlab", 3),
    "决算 in every word of a header": (20261204, "county_exotic", "final_accounts", "reportlab", 0),
    # Its frame has all upright rules of the page before, and two more that part the code's cell of one row.
    "a last page of two rows, which parts a cell otherwise": (3, "yunnan_budget", "budget", "reportlab", 0),
    "收入合计 below 本年收入小计": (20261205, "court", "final_accounts", "reportlab", 0),
    "a figure without decimals before a bracket; a page begins with a wrapped name": (
        2026,
        "hunan_budget",
        "budget",
        "typst",
        0,
    ),
    "a bracket closed one line below, another word beside it": (2026, "jiangxi_budget", "budget", "typst", 4),
    "a phrase parted after its conjunction": (2026, "ningxia", "budget", "typst", 2),
    "a wrapped name in a row of blank amounts": (2026, "xinjiang_budget", "budget", "typst", 4),
    "支 出 总 计 wider than the names above it": (2026, "hainan", "budget", "typst", 6),
    "a row alone in a frame on the last page": (2026, "beijing", "final_accounts", "reportlab", 1),
    "a header word that ends in a cell of its own": (2027, "shanghai", "budget", "typst", 0),
    "项  目（按功能分类）": (2027, "central_2012", "final_accounts", "reportlab", 0),
}


@pytest.mark.parametrize("why", ONCE_LISTED)
def test_a_document_once_listed_is_read_whole(tmp_path: Path, why: str) -> None:
    seed, family, kind, producer, number = ONCE_LISTED[why]
    plan = space_plan(seed, family, kind, producer, number)
    path = tmp_path / "once_listed.pdf"
    path.write_bytes(print_plans(producer, [plan])[0])
    understood = understand(read_document(path, "0" * 16), file_name=path.name)
    found = score(path.name, printed_amounts(plan), understood)
    assert not found.misses


def test_a_page_whose_table_was_lost_loses_no_amount_without_a_word(tmp_path: Path) -> None:
    # Names without figures below names of two lines with figures once made rows that overlap, and no table.
    plan = space_plan(20261130, "chongqing", "final_accounts", "typst", 0)
    path = tmp_path / "page.pdf"
    path.write_bytes(print_plans("typst", [plan])[0])
    understood = understand(read_document(path, "0" * 16), file_name=path.name)
    found = score(path.name, printed_amounts(plan), understood)
    assert (found.silent, found.wrong) == (0, 0)
    assert found.right >= found.amounts - 1


def test_what_was_not_read_is_told_apart() -> None:
    plan = space_plan(1, "central", "final_accounts", "reportlab", 0)
    printed = printed_amounts(plan)
    nothing = understand(read_nothing())
    found = score("none.pdf", printed, nothing)
    assert (found.right, found.listed, found.wrong) == (0, 0, 0)
    assert found.silent == len(printed) == found.amounts
    assert {miss.statement_id for _, miss in found.misses} == {p.statement_id for p in printed}
    assert not set(FREE) & {p.statement_id for p in printed}


def read_nothing() -> ReadDocument:
    """A document without a page."""
    return ReadDocument("0" * 16, "read", 0, (), ())
