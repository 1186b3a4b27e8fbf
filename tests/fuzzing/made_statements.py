"""Statements that are right by construction, of every form of the catalogue: read right, or listed.

A form's own words head the columns, its own labels or codes name the rows, in any order and number, with
what printed statements have besides: line numbers, an extra column nobody knows, repeated headers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.extraction.model import JoinedTable, ReadDocument, cell_id
from pipelines.statements import understand
from pipelines.statements.amounts import coverage
from pipelines.statements.catalogue import KnownForm, load_catalogue
from pipelines.statements.model import Identification
from tests.fuzzing.properties import Property, shown
from tests.statements.builders import Entry, Merged, document, table

CATALOGUE = load_catalogue()
YEAR = 2023
CODES = {"functional": ["201", "20103", "2010301", "2010302", "208", "20805", "2080505", "221", "22102", "2210201"], "economic": ["301", "30101", "30102", "302", "30201", "30299", "303", "30301"]}  # fmt: skip


def _plain_columns(form: KnownForm) -> list[tuple[str, tuple[str, ...]]]:
    """Columns that one header path names beyond doubt: no other column of the form can be meant by it."""
    paths = Counter(path for column in form.form.columns for path in column.paths)
    return [
        (column.id, tuple(path.split("/")))
        for column in form.form.columns
        for path in column.paths[:2]
        # A column of one fund means the whole where the table has no other fund.
        if paths[path] == 1 and not (column.if_also or column.sides or column.side or column.of_fund)
    ]


def _plain_lines(form: KnownForm) -> list[tuple[str, str]]:
    """Label and row key of the lines whose label means one thing only, wherever it stands."""
    found = []
    for label, lines in form.by_label.items():
        fitting = [each for each in lines if each.fits(YEAR)]
        keys = {each.line.key for each in fitting}
        if len(keys) == 1 and "/" not in label and not any(
            each.line.under or each.line.opens_section or each.line.closes_section for each in fitting
        ):  # fmt: skip
            found.append((label, keys.pop()))
    return sorted(found)


FORMS = [
    (form, columns, lines)
    for form in CATALOGUE.forms
    if form.form.layout == "table" and not form.form.sides and not form.form.one_row and not form.form.transposed
    and (columns := _plain_columns(form))
    and ((lines := _plain_lines(form)) or form.form.row_kind in CODES)
]  # fmt: skip


@dataclass(frozen=True)
class MadeStatement:
    """A table, its form, and the row key and column id of each amount by row and column of the grid."""

    form: str
    table: JoinedTable
    unit: Decimal
    truth: dict[tuple[int, int], tuple[str, str, str]]

    def __repr__(self) -> str:
        rows: dict[int, list[str]] = {}
        for cell in self.table.parts[0].cells:
            rows.setdefault(cell.row, []).append(cell.text)
        lead = [line.text for line in self.table.lead]
        return f"MadeStatement({self.form}, {lead}, {list(rows.values())})"


@st.composite
def made_statements(draw: st.DrawFn, page: int = 2) -> MadeStatement:
    """A statement of some form."""
    form, columns, lines = draw(st.sampled_from(FORMS))
    chosen = draw(st.lists(st.sampled_from(columns), min_size=1, max_size=6, unique_by=lambda c: c[0]))
    # A word that also heads another column on its own would stand twice.
    chosen = [c for k, c in enumerate(chosen) if c[1] not in [other[1] for other in chosen[:k]]]
    is_coded = form.form.row_kind in CODES
    names = ["科目编码", "科目名称"] if is_coded else ["项目"]
    if draw(st.booleans()):
        names.append("行次")
    depth = max(len(path) for _, path in chosen)
    head: list[list[Entry]] = [[] for _ in range(depth)]
    for name in names:
        head[0].append(Merged(name, rows=depth))
    for _, path in chosen:
        for level, word in enumerate(path):
            head[level].append(Merged(word, rows=depth - level if level == len(path) - 1 else 1))
    if is_coded:
        keys = draw(st.lists(st.sampled_from(CODES[form.form.row_kind]), min_size=1, max_size=6, unique=True))
        rows = [([key, f"某{key}科目"], key) for key in keys]
    else:
        picked = draw(
            st.lists(st.sampled_from(lines), min_size=1, max_size=8, unique_by=lambda line: line[1])
        )
        rows = [([label], key) for label, key in picked]
    truth: dict[tuple[int, int], tuple[str, str, str]] = {}
    body: list[list[Entry]] = []
    for number, (start, key) in enumerate(rows, start=1):
        row: list[Entry] = [*start, *([str(number)] if "行次" in names else [])]
        for column_id, _ in chosen:
            text = draw(st.one_of(st.just(""), st.decimals(1, 10**6, places=2).map(lambda v: f"{v:,.2f}")))
            if text:
                truth[depth + number - 1, len(row)] = (key, column_id, text)
            row.append(text)
        body.append(row)
    unit = draw(st.sampled_from(["万元", "元"]))
    title = draw(st.sampled_from(form.form.titles))
    made = table([title, f"单位：{unit}"], [*head, *body], page=page)
    return MadeStatement(form.id, made, CATALOGUE.wording.units[unit], truth)


def read_right_or_listed(made: MadeStatement) -> None:
    """An amount has the meaning it was made with, or is listed; where the form itself is told."""
    _judged(made)


def outcomes(count: int) -> Counter[str]:
    """Of that many statements: amounts read right, listed, and those of statements taken for another form."""
    found: Counter[str] = Counter()

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(made_statements())
    def run(made: MadeStatement) -> None:
        found.update(_judged(made))

    run()
    return found


def _judged(made: MadeStatement) -> Counter[str]:
    read = document(made.table)
    kind = CATALOGUE.form(made.form).document_kind
    found = understand(read, registered=Identification(fiscal_year=YEAR, kind=kind))
    assert not coverage(read, found).missing
    if [statement.statement_id for statement in found.statements] != [made.form]:
        # Forms share titles and columns: which of them this is cannot always be told.
        return Counter({"another form": len(made.truth)})
    items = {item.cell_id: item for item in found.line_items}
    for cell in made.table.parts[0].cells:
        item = items.pop(cell_id(read.document_id, cell), None)
        meant = made.truth.get((cell.row, cell.column))
        if item is None:
            continue
        assert meant is not None, f"{cell.text} is no amount"
        key, column, text = meant
        assert (item.row_key, item.column_id) == (key, column), f"{text}: meant {key} {column}"
        assert item.amount_yuan == Decimal(text.replace(",", "")) * made.unit
    assert not items
    return Counter({"right": len(found.line_items), "listed": len(made.truth) - len(found.line_items)})


@st.composite
def two_statements(draw: st.DrawFn) -> tuple[ReadDocument, ReadDocument]:
    """Two statements of unlike forms in either order, each on pages of its own."""
    first, second = draw(made_statements()), draw(made_statements(6))
    if first.form == second.form:
        return document(first.table), document(first.table)
    return document(first.table, second.table), document(second.table, first.table)


def their_order_changes_nothing(pair: tuple[ReadDocument, ReadDocument]) -> None:
    """The same line items, whichever of two statements stands first."""
    registered = Identification(fiscal_year=YEAR, kind="final_accounts")
    one, two = (
        {
            (item.cell_id, item.statement_id, item.row_key, item.column_id, item.amount_yuan)
            for item in understand(read, registered=registered).line_items
        }
        for read in pair
    )
    assert one == two


PROPERTIES = (
    Property("statements: read right or listed", made_statements(), read_right_or_listed, shown),
    Property("statements: their order changes nothing", two_statements(), their_order_changes_nothing, shown),
)
