"""Every identity of the data, one by one: figures made from its own definition must give each verdict.

Nothing here knows any identity: rows, columns and documents are laid out from its terms.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from pipelines.statements.model import Statement
from pipelines.warehouse.identities import IdentityResult, Printed, evaluate_documents
from pipelines.warehouse.identity_schema import CHILDREN, CLASSES, KEY, Identity, Term, load_identities
from pipelines.warehouse.identity_tables import IDENTITIES_FOLDER
from tests.warehouse.printed_figures import Book

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("identities_each")

IDENTITIES = load_identities(IDENTITIES_FOLDER)
CENT = Decimal("0.01")
YEAR = 2023


@dataclass
class Layout:
    """Where the figures of one identity stand: (kind, year, statement) -> row -> column -> figure."""

    sheets: dict[tuple[str, int, str], dict[str, dict[str, Decimal]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )

    def books(self, identity: Identity, department: str, without: str) -> list[Printed]:
        books: dict[tuple[str, int], Book] = {}
        for (kind, year, statement), rows in self.sheets.items():
            book = books.setdefault((kind, year), Book(year=year, department=department))
            book.kind = "budget" if kind == "budget" else "final_accounts"
            book.document_id = f"{department} {kind} {year}"
            if statement == without:
                # The document is there, without this statement.
                continue
            asked = identity.reported.statement == statement and year == YEAR
            book.add(
                statement,
                {
                    row: {column: f"{figure:.2f}" for column, figure in cells.items()}
                    for row, cells in rows.items()
                },
                blank_rows=[name for name in identity.if_rows if "/" not in name] if asked else (),
                columns=[name for name in identity.if_columns if "/" not in name] if asked else (),
            )
        for book in books.values():
            if not book.statements:
                book.statements.append(_another_statement())
        return [book.printed() for book in books.values()]


def _another_statement() -> Statement:
    return Book().add("some_other_statement", {"x": {"amount": "1.00"}}).statements[0]


def key_of(identity: Identity) -> tuple[str, str]:
    """A row and a column that the identity ranges over."""
    by_row = identity.over in ("rows", "rows_and_columns")
    economic = any(word in identity.reported.statement for word in ("basic", "running"))
    row = (
        {"all": "total", "codes": "201", "classes": "201", "parents": "total"}[identity.rows]
        if by_row
        else ""
    )
    if identity.rows == "classes" and economic:
        row = "301"
    return row, "total" if identity.over in ("columns", "rows_and_columns") else ""


def rows_of(term: Term, key_row: str) -> tuple[str, ...]:
    if term.row == KEY:
        return (key_row,)
    if term.row == CLASSES:
        return ("201", "208")
    if term.row == CHILDREN:
        return (f"{key_row}01", f"{key_row}02") if key_row != "total" else ("201", "208")
    return term.row_names


def columns_of(term: Term, key_column: str) -> tuple[str, ...]:
    return term.column_names or (key_column,)


def place(term: Term, identity: Identity) -> tuple[str, int, str]:
    return term.document_kind or identity.document_kind, YEAR + term.year_offset, term.statement


def lay_out(identity: Identity, error: Decimal) -> Layout:
    """Figures that satisfy the identity but for ``error`` (in 万元) of the reported amount."""
    layout = Layout()
    key_row, key_column = key_of(identity)
    expected = Decimal(0)
    for number, term in enumerate(identity.terms):
        for step, (row, column) in enumerate(
            (row, column) for row in rows_of(term, key_row) for column in columns_of(term, key_column)
        ):
            # A form prints one of several columns that stand for the same thing: amount or total.
            if term.columns == ("amount", "total") and column == "total":
                continue
            figure = Decimal(100 * (number + 1) + 7 * step) + CENT
            assert column not in layout.sheets[place(term, identity)][row], "a cell that two terms read"
            layout.sheets[place(term, identity)][row][column] = figure
            expected += term.weight * figure
    reported = identity.reported
    row, column = rows_of(reported, key_row)[0], columns_of(reported, key_column)[0]
    layout.sheets[place(reported, identity)][row][column] = expected + error
    return layout


def tolerance(identity: Identity) -> Decimal:
    """Half a unit of the last digit for each figure, in 万元: what rounding alone can explain."""
    figures = sum(len(cells) for rows in lay_out(identity, CENT).sheets.values() for cells in rows.values())
    return figures * CENT / 2


def scenarios(identity: Identity) -> dict[str, tuple[Decimal, str]]:
    """Error of the reported amount and statement left out, by name of the story."""
    edge = tolerance(identity).quantize(CENT, rounding="ROUND_FLOOR")
    stories = {
        "exact": (Decimal(0), ""),
        "within": (CENT, ""),
        "edge": (edge, ""),
        "beyond": (edge + CENT, ""),
        "below": (-edge - CENT, ""),
    }
    return stories | {f"without {statement}": (Decimal(5), statement) for statement in identity.statements}


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, str], IdentityResult]:
    """The result of every story of every identity, all evaluated together: each is a department."""
    documents = []
    for identity in IDENTITIES:
        for story, (error, without) in scenarios(identity).items():
            documents += lay_out(identity, error).books(identity, f"{identity.id}: {story}", without)
    keys = {identity.id: "|".join(part for part in key_of(identity) if part) for identity in IDENTITIES}
    found = {}
    for result in evaluate_documents(documents):
        department = result.disclosure_id.rsplit("-", 2)[0]
        about, story = department.split(": ")
        if about == result.identity_id and result.key == keys[about] and result.fiscal_year == YEAR:
            found[about, story] = result
    return found


Outcomes = dict[tuple[str, str], IdentityResult]


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity.id)
def test_each_identity_gives_each_verdict(identity: Identity, outcomes: Outcomes) -> None:
    exact = outcomes[identity.id, "exact"]
    assert exact.verdict == "exact"
    assert exact.tolerance_yuan == tolerance(identity) * 10000
    assert exact.cell_id is not None and exact.page is not None
    assert outcomes[identity.id, "within"].verdict == "rounding"
    # Six addends and more can be out by more than three standard deviations and yet by rounding.
    many = exact.n_operands >= 6
    assert outcomes[identity.id, "edge"].verdict == "improbable" or not many
    assert outcomes[identity.id, "beyond"].verdict == "violated"
    assert outcomes[identity.id, "below"].verdict == ("exact" if identity.relation == "le" else "violated")


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda identity: identity.id)
def test_each_identity_is_undecided_without_a_statement(identity: Identity, outcomes: Outcomes) -> None:
    """Take each statement away in turn: the identity is never passed, and never violated."""
    for statement in identity.statements:
        result = outcomes.get((identity.id, f"without {statement}"))
        if result is not None:
            assert result.verdict == "not_evaluable", statement
            assert any(reason.startswith(statement) for reason in result.not_evaluable_because)


def test_identities_cover_every_family() -> None:
    """At least the sixty identities that the founding issue asks for, of every family."""
    families = {identity.family for identity in IDENTITIES}
    assert families == {"row", "column", "cross", "containment", "years", "budget_final"}
    assert len(IDENTITIES) >= 60
