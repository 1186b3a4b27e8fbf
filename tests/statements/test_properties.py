"""Whatever stands in a table: no exception, no amount lost, none twice, none invented."""

from __future__ import annotations

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extraction.model import JoinedTable, cell_id
from pipelines.statements import understand
from pipelines.statements.amounts import coverage
from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.numerals import read_number
from tests.statements.builders import Merged, document, table

CATALOGUE = load_catalogue()
TITLES = [title for title, _ in CATALOGUE.titles]
WORDS = sorted(CATALOGUE.canonical_word) + sorted(CATALOGUE.role_of_word)
LABELS = sorted({label for form in CATALOGUE.forms for label in form.by_label})
CODES = ["201", "20103", "2010301", "208", "05", "01", "301", "30101", "20X", "7"]
NUMBERS = [
    "0",
    "0.00",
    "1.5",
    "2,946.25",
    "3, 295. 68",
    "164,978,640",
    "-",
    "—",
    "12 13",
    "1.00\n2.00",
    "183.6\n0",
]
ODD = [
    "",
    "",
    "",
    "合计",
    "小计",
    "栏次",
    "1",
    "2",
    "3",
    "注：本表无数据。",
    "单位：万元",
    "（元）",
    "XX",
    "95%",
    "\n",
    "　",
]

texts = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(LABELS),
    st.sampled_from(CODES),
    st.sampled_from(NUMBERS),
    st.sampled_from(ODD),
    st.text(max_size=6),
)
entries = st.one_of(texts, st.builds(Merged, texts, st.integers(1, 3), st.integers(1, 2)))
rows = st.lists(st.lists(entries, min_size=1, max_size=6), min_size=1, max_size=8)
leads = st.lists(
    st.one_of(
        st.sampled_from(TITLES),
        st.sampled_from(["单位：万元", "单位：元", "部门：某局", "表1", "公开01表"]),
        st.text(max_size=8),
    ),
    max_size=4,
)


@st.composite
def tables(draw: st.DrawFn, page: int = 1) -> JoinedTable:
    parts = draw(st.lists(rows, min_size=1, max_size=2))
    repeated = (0, *(draw(st.integers(0, 1)) for _ in parts[1:]))
    broken = tuple(n for n in range(1, len(parts)) if draw(st.booleans()))
    return table(draw(leads), *parts, trail=draw(leads), repeated=repeated, broken=broken, page=page)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.tuples(tables()), st.tuples(tables(), tables(3))))
def test_nothing_is_lost_and_nothing_invented(found: tuple[JoinedTable, ...]) -> None:
    doc = document(*found)
    understood = understand(doc, file_name="某局2023年部门决算.pdf")
    accounted = coverage(doc, understood)
    assert not accounted.missing
    ids = [item.cell_id for item in understood.line_items]
    assert len(ids) == len(set(ids)), "an amount stands twice"
    printed = {
        cell_id(doc.document_id, cell): cell.text
        for joined in doc.tables
        for part in joined.parts
        for cell in part.cells
    }
    for item in understood.line_items:
        value = read_number(printed[item.cell_id]).value
        assert value is not None
        assert item.amount_yuan == value * CATALOGUE.wording.units[item.unit]
        assert item.row_key and item.column_id
    numbers = {s.statement_number for s in understood.statements}
    assert numbers == set(range(1, len(numbers) + 1))
    assert all(item.statement_number in numbers for item in understood.line_items)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(CATALOGUE.forms) - 1), st.data())
def test_a_well_formed_statement_is_read_whatever_the_order_of_its_columns(
    index: int, data: st.DataObject
) -> None:
    """Columns are told by their header: any order of a code statement's columns reads the same."""
    form = CATALOGUE.forms[index]
    if form.form.row_kind not in ("functional", "economic") or form.form.sides:
        return
    columns = data.draw(st.permutations([c for c in form.form.columns if not c.if_also]))
    code = {"functional": "2080505", "economic": "30101"}[form.form.row_kind]
    head = ["科目编码", "科目名称", *(column.paths[0].split("/")[-1] for column in columns)]
    words = [CATALOGUE.header_word(word) for word in head]
    if len(set(words)) < len(words):
        return
    amounts = [f"{n}.25" for n in range(1, len(columns) + 1)]
    body = [code, "某科目", *amounts]
    found = understand(document(table([form.form.titles[0], "单位：元"], [head, body])))
    got = {item.column_id: item.amount_printed for item in found.line_items}
    meant = {column.id for column in columns}
    assert set(got) <= meant
    for column, amount in zip(columns, amounts, strict=True):
        if column.id in got and "/" not in column.paths[0]:
            assert got[column.id] == amount
    assert {i.row_key for i in found.line_items} == {code}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_title_line_is_judged_without_failing(line: str) -> None:
    from pipelines.statements.titles import find_title

    title = find_title([line], CATALOGUE)
    assert all(0 < score <= 1 for score in title.scores.values())
    assert not re.search(r"\n", title.text)
