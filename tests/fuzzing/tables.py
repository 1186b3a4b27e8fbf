"""The statements room over any tables: from the catalogue's words and from rubbish, merged at will."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import strategies as st

from pipelines.extraction.model import JoinedTable, ReadDocument, cell_id
from pipelines.statements import understand
from pipelines.statements.amounts import coverage
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import UnderstoodDocument
from pipelines.statements.numerals import read_number
from tests.fuzzing.properties import Property, shown
from tests.statements.builders import Entry, Merged, document, table

CATALOGUE = load_catalogue()
TITLES = sorted({title for title, _ in CATALOGUE.titles})
WORDS = sorted({*CATALOGUE.canonical_word, *CATALOGUE.role_of_word, *CATALOGUE.fund_of_word})
LABELS = sorted({label for form in CATALOGUE.forms for label in form.by_label})
CODES = ["201", "20103", "2010301", "208", "20805", "2080505", "05", "01", "301", "30101", "20X", "7", "1"]
ODD = ["", "合计", "小计", "总计", "栏次", "行次", "1", "2", "注：本表无数据。", "单位：万元", "（元）", "XX", "95%", "\n", "　", "/", "其中：", "２０１", "⼀", "\ufeff", "a\u0301"]  # fmt: skip

amounts = st.builds(
    lambda value, grouped, decimals, sign: f"{sign}{value:{',' if grouped else ''}.{decimals}f}",
    st.decimals(0, 10**9, places=2),
    st.booleans(),
    st.integers(0, 4),
    st.sampled_from(["", "", "", "-", "－", "+", "¥"]),
)
broken_amounts = st.one_of(
    st.sampled_from(["-", "—", "12 13", "1.00\n2.00", "183.6\n0", "3, 295. 68", "1，234．5", "(12.00)", "１２．３０", "1.2.3", "0.", ".5", "1e5", "-0", "00", "1,23", "９" * 30]),
    st.text(alphabet="0123456789,.-()（）， .．%\n", max_size=12),
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(LABELS),
    st.sampled_from(CODES),
    amounts,
    broken_amounts,
    st.sampled_from(ODD),
    st.text(max_size=6),
)
entries = st.one_of(texts, texts, st.builds(Merged, texts, st.integers(1, 4), st.integers(1, 3)))
leads = st.lists(
    st.one_of(
        st.sampled_from(TITLES),
        st.sampled_from(["单位：万元", "单位：元", "金额单位：千元", "部门：某局", "表1", "公开01表", "2023年度", "（续）"]),
        st.text(max_size=8),
    ),
    max_size=4,
)  # fmt: skip


@st.composite
def any_rows(draw: st.DrawFn) -> list[list[Entry]]:
    """Rows of anything, or a likely header over likely rows, which gets further."""
    if draw(st.booleans()):
        return draw(st.lists(st.lists(entries, min_size=1, max_size=7), min_size=1, max_size=9))
    width = draw(st.integers(2, 6))
    head = draw(st.lists(st.sampled_from(WORDS), min_size=width, max_size=width))
    names = st.one_of(st.sampled_from(LABELS), st.sampled_from(CODES))
    row = st.tuples(names, st.lists(st.one_of(amounts, amounts, texts), min_size=width - 1, max_size=width))
    return [list(head), *([name, *rest] for name, rest in draw(st.lists(row, min_size=1, max_size=9)))]


@st.composite
def any_tables(draw: st.DrawFn, page: int = 2) -> JoinedTable:
    """A table over up to three pages with text around it."""
    parts = draw(st.lists(any_rows(), min_size=1, max_size=3))
    repeated = (0, *(draw(st.integers(0, 2)) for _ in parts[1:]))
    broken = tuple(n for n in range(1, len(parts)) if draw(st.booleans()))
    return table(draw(leads), *parts, trail=draw(leads), repeated=repeated, broken=broken, page=page)


documents = st.one_of(
    st.tuples(any_tables()), st.tuples(any_tables(), any_tables(8)), st.tuples(any_tables(), any_tables(), any_tables(8))
).map(lambda tables: document(*tables))  # fmt: skip


def understood(read: ReadDocument) -> UnderstoodDocument:
    """What the statements room makes of a document."""
    return understand(read, file_name="某局2023年部门决算.pdf")


def nothing_is_lost(read: ReadDocument) -> None:
    """Every amount is a line item or in a note, none twice, none invented; each reads as its cell says."""
    found = understood(read)
    accounted = coverage(read, found)
    assert not accounted.missing, f"lost: {sorted(accounted.missing)}"
    ids = Counter(item.cell_id for item in found.line_items)
    assert not [each for each, count in ids.items() if count > 1], "an amount stands twice"
    cells = {
        cell_id(read.document_id, cell): cell
        for joined in read.tables
        for part in joined.parts
        for cell in part.cells
    }
    for item in found.line_items:
        cell = cells[item.cell_id]
        printed = read_number(cell.text)
        assert printed.value is not None, f"{cell.text!r} is no number"
        factor = CATALOGUE.wording.units[item.unit]
        assert item.amount_yuan == (printed.value * factor).quantize(item.amount_yuan)
        assert item.row_key
        assert item.column_id
        assert item.page == cell.page
        assert item.precision_yuan > 0
    listed = {note.cell_id for note in found.notes if note.kind == "amount_not_understood"}
    assert listed - {""} <= cells.keys()
    assert not listed & ids.keys(), "an amount is understood and listed as not understood"
    numbers = [statement.statement_number for statement in found.statements]
    assert numbers == list(range(1, len(numbers) + 1))
    counted = Counter(item.statement_number for item in found.line_items)
    assert all(counted[s.statement_number] == s.n_amounts for s in found.statements)
    assert sum(counted.values()) == sum(s.n_amounts for s in found.statements)


def the_same_again(read: ReadDocument) -> None:
    """The same input gives the same output, whatever was understood in between."""
    first = understood(read)
    understood(document(table(["收入支出决算总表"], [["项目", "决算数"], ["一、", "1.00"]])))
    assert understood(replace(read)) == first


@st.composite
def with_an_unrelated_one(draw: st.DrawFn) -> tuple[ReadDocument, ReadDocument]:
    """A document, and the same one with a table of words behind it."""
    words = st.text(alphabet="甲乙丙丁戊己庚辛", min_size=1, max_size=3)
    rows = draw(st.lists(st.lists(words, min_size=2, max_size=3), min_size=1, max_size=4))
    first = draw(any_tables())
    return document(first), document(first, table(["甲乙丙"], rows, page=40))


def an_unrelated_table_changes_nothing(pair: tuple[ReadDocument, ReadDocument]) -> None:
    """Line items stay as they are when a table of words follows."""
    alone, followed = (understood(read).line_items for read in pair)
    assert alone == followed


PROPERTIES = (
    Property("tables: nothing is lost", documents, nothing_is_lost, shown),
    Property("tables: the same again", documents, the_same_again, shown),
    Property("tables: an unrelated one changes nothing", with_an_unrelated_one(), an_unrelated_table_changes_nothing, shown),
)  # fmt: skip
