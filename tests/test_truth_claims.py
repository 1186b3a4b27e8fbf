"""The narrative of real documents against what people marked on their pages.

``tests/truth/claims/*.txt`` list, page by page, every figure of the narrative that can be checked: what it
says and what it must agree with. They are made from the pages' text, not from what the code says; when
a test fails, read the page. Each line is a page, a figure as printed, and one of

- ``STATEMENT/ROW/COLUMN``: the printed figure it repeats; codes are called by their last name;
- ``change of C``: how much C has changed since another year's document;
- ``growth D of C``: the percentage by which C has changed, D being the change;
- ``increase C of P``: the percentage by which C differs from P;
- ``ratio A of B``: what percentage A is of B, a figure of the text or of a statement;
- ``deviation D of A``: what percentage A is of what it is away from by D;
- ``other KIND YEAR``: a figure of another document.

A figure that no statement of the form prints, and nothing in the text makes, is not listed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.statements import understand
from pipelines.statements.model import Claim, UnderstoodDocument
from pipelines.statements.narrative import running_text
from tests.conftest import ROOT

FOLDER = Path(__file__).parent / "truth" / "claims"
# The same figure in two statements: an identity of the form says that they are equal.
EQUAL = (
    {"final_summary/revenue_total/amount", "final_revenue/total/total"},
    {"final_summary/expenditure_total/amount", "final_expenditure/total/total"},
    {"final_appropriation_summary/expenditure_total/general_public", "final_general_expenditure/total/total"},
    {"budget_summary/use_basic/amount", "budget_expenditure_by_kind/total/basic"},
    {"budget_summary/use_project/amount", "budget_expenditure_by_kind/total/project"},
    {"budget_summary/use_reserve/amount", "budget_expenditure_by_kind/total/reserve"},
)


@dataclass(frozen=True)
class Marked:
    """One figure that a person marked."""

    page: int
    printed: str
    says: str


@dataclass
class Truth:
    """A document, the pages on which all checkable figures are marked, and those figures.

    ``statements`` is the file of its tables where they are published apart.
    """

    document: str = ""
    statements: str = ""
    pages: set[int] = field(default_factory=set)
    marked: list[Marked] = field(default_factory=list)


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def read_truth(name: str) -> Truth:
    truth, short = Truth(), {}
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("# document: "):
            truth.document = line.removeprefix("# document: ")
        elif line.startswith("# statements: "):
            truth.statements = line.removeprefix("# statements: ")
        elif line.startswith("# pages: "):
            for part in line.removeprefix("# pages: ").split():
                first, _, last = part.partition("-")
                truth.pages |= set(range(int(first), int(last or first) + 1))
        elif match := re.fullmatch(r"# (\w+) = (\w+)", line):
            short[match[1]] = match[2]
    for line in lines:
        if not line.startswith("#"):
            page, printed, says = line.split(" ", 2)
            says = re.sub(r"\b(\w+)(?=/)", lambda m: short.get(m[1], m[1]), says, count=1)
            truth.marked.append(Marked(int(page), printed, says))
    return truth


def plain(place: str) -> str:
    """A place with the last of its row's names, without 支出 at its end."""
    statement, row, column = place.split("/")
    name = re.sub(r"^\d:", "", row.rpartition(">")[2].lstrip("@"))
    name = re.sub(r"(.)支出$", r"\1", name)
    return f"{statement}/{name}/{column}"


def _parts(place: str) -> tuple[str, str, str]:
    statement, row, column = place.split("/")
    return statement, row, column


def same_place(places: Sequence[str], marked: str) -> bool:
    wanted = next((group for group in EQUAL if marked in group), {marked})
    return any(plain(place) in wanted for place in places)


def means(claim: Claim, claims: dict[int, Claim], says: str) -> bool:
    """Whether a claim says what a person read."""
    word, _, rest = says.partition(" ")
    if word == "other":
        kind, year = rest.split()
        return (claim.other_kind, claim.other_fiscal_year) == (kind, int(year))
    top = claims[claim.numerator_claim].value_printed if claim.numerator_claim else ""
    if word == "change":
        return claim.claim_kind == "change" and claim.relation == "change" and f"of {top}" == rest
    if word in ("growth", "increase", "ratio", "deviation"):
        numerator, _, denominator = rest.partition(" of ")
        if claim.relation != word or top != numerator:
            return False
        if "/" in denominator:
            return same_place(claim.denominator_about, denominator)
        return (
            claim.denominator_claim is not None
            and claims[claim.denominator_claim].value_printed == denominator
        )
    return bool(claim.about) and same_place((claim.about, *claim.about_alternatives), says)


def is_checked(claim: Claim, printed: set[tuple[str, str]], columns: set[tuple[str, str]]) -> bool:
    """Whether a claim would be held against a figure: its column and its row (or name) must be printed."""
    if claim.relation or claim.other_about:
        return True
    places = [plain(place) for place in (claim.about, *claim.about_alternatives) if place]
    return any((at, row) in printed and (at, column) in columns for at, row, column in map(_parts, places))


@cache
def read(path: Path) -> UnderstoodDocument:
    return understand(
        read_document(path, hashlib.sha256(path.read_bytes()).hexdigest()[:16]), file_name=path.name
    )


@cache
def compared(name: str, path: Path) -> tuple[list[Marked], list[Marked], list[Claim]]:
    """Figures marked and read right, marked and not read so, and claims that nobody marked."""
    truth = read_truth(name)
    claims = {claim.claim_number: claim for claim in read(path).claims}
    tables = read(path.parent.parent / truth.statements) if truth.statements else read(path)
    printed = {
        (item.statement_id, re.sub(r"(.)支出$", r"\1", running_text(item.row_label).split("、")[-1]))
        for item in tables.line_items
    } | {(s.statement_id, row) for s in tables.statements for row in s.printed_rows}
    left = [claim for claim in claims.values() if claim.page in truth.pages]
    right: list[Marked] = []
    missed: list[Marked] = []
    for marked in truth.marked:
        found = next(
            (
                claim
                for claim in left
                if (claim.page, claim.value_printed) == (marked.page, marked.printed)
                and means(claim, claims, marked.says)
            ),
            None,
        )
        if found is None:
            missed.append(marked)
        else:
            left.remove(found)
            right.append(marked)
    columns = {(s.statement_id, column) for s in tables.statements for column in s.printed_columns}
    return right, missed, [claim for claim in left if is_checked(claim, printed, columns)]


def path_of(truth: Truth, corpus: Path) -> Path:
    return ROOT / truth.document if truth.document.startswith("raw/") else corpus / truth.document


def all_compared(corpus: Path) -> Iterator[tuple[str, list[Marked], list[Marked], list[Claim]]]:
    for name in names():
        yield name, *compared(name, path_of(read_truth(name), corpus))


def test_the_truth_is_of_six_documents_of_three_provinces_and_three_hundred_figures() -> None:
    truths = {name: read_truth(name) for name in names()}
    assert len(truths) >= 6
    assert {name[:2] for name in truths} >= {"31", "32", "42"}
    assert sum(len(truth.marked) for truth in truths.values()) >= 300
    for truth in truths.values():
        assert {marked.page for marked in truth.marked} <= truth.pages


@pytest.mark.parametrize("name", names())
def test_the_figures_of_a_narrative_say_what_a_person_reads(name: str, corpus: Path) -> None:
    """No document by itself is read badly, so that one cannot hide behind the others."""
    right, missed, _ = compared(name, path_of(read_truth(name), corpus))
    assert len(right) >= 0.9 * (len(right) + len(missed)), "\n".join(map(str, missed))


def test_nearly_all_checkable_figures_are_right_and_hardly_any_wrong(corpus: Path) -> None:
    rows = list(all_compared(corpus))
    n_right = sum(len(right) for _, right, _, _ in rows)
    n_missed = sum(len(missed) for _, _, missed, _ in rows)
    wrong = [
        (name, claim.page, claim.value_printed, claim.about) for name, _, _, more in rows for claim in more
    ]
    told = "\n".join(f"{name}: {marked}" for name, _, missed, _ in rows for marked in missed)
    assert n_right >= 0.95 * (n_right + n_missed), f"{n_right} right, {n_missed} not:\n{told}"
    assert len(wrong) <= 0.01 * n_right, wrong
