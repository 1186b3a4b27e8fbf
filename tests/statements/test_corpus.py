"""Real published documents: which statements they hold, and that no amount of them goes missing.

``corpus_statements.csv`` was checked by hand against the rendered pages, and its numbers of amounts
against an independent count in the text of the same pages. It changes on purpose only.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument
from pipelines.statements import understand
from pipelines.statements.amounts import coverage
from pipelines.statements.identification import identify
from pipelines.statements.model import UnderstoodDocument

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("statements_corpus")

SNAPSHOT = Path(__file__).with_name("corpus_statements.csv")
BLANK_FORM = "310107-blank-form/2024-final-accounts-blank.pdf"


@dataclass(frozen=True)
class Registered:
    """What the register says of a file, as far as these tests need it."""

    path: str
    sha256: str
    name: str
    department: str
    level: str
    year: int
    kind: str
    region: str


def registered(corpus: Path) -> list[Registered]:
    with (corpus / "register.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            Registered(
                row["path"],
                row["sha256"],
                row["published_name"],
                row["department"],
                row["level"],
                int(row["fiscal_year"]),
                row["kind"],
                row["region_code"],
            )
            for row in csv.DictReader(file)
        ]


@cache
def understood(path: Path, sha256: str) -> tuple[ReadDocument, UnderstoodDocument]:
    document = read_document(path, sha256[:16])
    return document, understand(document, file_name="")


@pytest.fixture(scope="module")
def documents(corpus: Path) -> dict[str, tuple[ReadDocument, UnderstoodDocument]]:
    return {file.path: understood(corpus / file.path, file.sha256) for file in registered(corpus)}


def _rows(path: str, found: UnderstoodDocument) -> list[dict[str, str]]:
    return [
        {
            "path": path,
            "statement_number": str(s.statement_number),
            "statement_id": s.statement_id,
            "label": s.label_printed,
            "title": s.title_printed,
            "first_page": str(s.first_page),
            "last_page": str(s.last_page),
            "unit": s.unit,
            "department": s.department_printed,
            "stated_empty": "yes" if s.is_stated_empty else "no",
            "n_amounts": str(s.n_amounts),
        }
        for s in found.statements
    ]


def test_statements_of_every_document(
    documents: dict[str, tuple[ReadDocument, UnderstoodDocument]],
) -> None:
    with SNAPSHOT.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    found = [row for path, (_, one) in documents.items() for row in _rows(path, one)]
    assert [row for row in found if row not in expected] == []
    assert [row for row in expected if row not in found] == []


def test_every_amount_is_a_fact_or_listed(
    documents: dict[str, tuple[ReadDocument, UnderstoodDocument]],
) -> None:
    like = facts = 0
    for path, (document, found) in documents.items():
        accounted = coverage(document, found)
        assert not accounted.missing, path
        assert not accounted.facts_not_amount_like, path
        like += len(accounted.amount_like)
        facts += len(accounted.amount_like & accounted.in_facts)
    assert like > 5000
    assert facts / like >= 0.99, f"{facts} of {like}"


def test_no_amount_stands_twice(documents: dict[str, tuple[ReadDocument, UnderstoodDocument]]) -> None:
    for path, (_, found) in documents.items():
        cells = Counter(item.cell_id for item in found.line_items)
        assert [cell for cell, n in cells.items() if n > 1] == [], path


def test_blank_form_gives_nothing_and_no_error(
    documents: dict[str, tuple[ReadDocument, UnderstoodDocument]],
) -> None:
    _, found = documents[BLANK_FORM]
    assert found.identification.level == "form"
    assert found.identification.department_name == ""
    assert found.line_items == () and found.claims == ()
    assert not any(s.is_stated_empty for s in found.statements), "its sentences are placeholders"
    assert {note.kind for note in found.notes} <= {"not_a_statement"}


def test_a_note_of_emptiness_over_amounts_is_told(
    documents: dict[str, tuple[ReadDocument, UnderstoodDocument]],
) -> None:
    """Wanli 2024, page 31: seven amounts above the words 故本表为空表."""
    _, found = documents["310107-wanli-subdistrict/2024-budget.pdf"]
    told = [n for n in found.notes if n.page == 31]
    assert [n.kind for n in told] == ["statement_stated_empty"]
    assert "holds 7 amounts" in told[0].message


def test_documents_say_what_they_are(
    corpus: Path, documents: dict[str, tuple[ReadDocument, UnderstoodDocument]]
) -> None:
    """Year, kind, region and level without a register; the name up to how departments call themselves."""
    for file in registered(corpus):
        said = identify(documents[file.path][0], "")
        assert (said.fiscal_year, said.kind, said.level) == (file.year, file.kind, file.level), file.path
        if file.level == "form":
            continue
        assert said.region_code == file.region, file.path
        name = file.department.removesuffix("（本级）").removeprefix("江苏省")
        short = name.replace("人大办公厅", "人大常委会办公厅")
        assert said.department_name.endswith(short), (file.path, said.department_name)
