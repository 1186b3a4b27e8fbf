"""What is made is what the truth says, byte for byte the same each time, and what raw/ holds."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from pathlib import Path

import pdfplumber
import pytest

from tests.corpus.document import Made, make
from tests.corpus.panel import department_documents, departments
from tests.corpus.random_documents import random_documents
from tests.corpus.raw import REGISTER_COLUMNS, make_raw, register_row, register_text
from tests.corpus.seed_document import seed_plan
from tests.corpus.sheet import MARK
from tests.corpus.variation import Variation

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("corpus_documents")

RAW = Path(__file__).resolve().parents[2] / "raw"
SEED_COUNTS = {
    "final_summary": 42,
    "final_revenue": 41,
    "final_expenditure": 49,
    "final_appropriation_summary": 124,
    "final_general_expenditure": 46,
    "final_general_basic": 31,
    "final_three_public": 8,
}


@pytest.fixture(scope="module")
def raw() -> dict[str, tuple[dict[str, str], Made]]:
    return {entry.plan.document: (register_row(entry, made), made) for entry, made in make_raw()}


def test_seed_prints_its_341_amounts() -> None:
    made = make(seed_plan())
    assert Counter(row.statement_id for row in made.truth) == SEED_COUNTS
    assert sum(SEED_COUNTS.values()) == 341
    assert {s.statement_id for s in made.statements if s.is_empty} == {"final_fund", "final_state_capital"}
    assert "3, 295. 68" in {row.printed for row in made.truth}


def test_raw_is_what_the_generator_makes(raw: dict[str, tuple[dict[str, str], Made]]) -> None:
    for document, (_, made) in raw.items():
        assert hashlib.sha256((RAW / document).read_bytes()).digest() == hashlib.sha256(made.pdf).digest(), (
            document
        )
    assert (RAW / "register.csv").read_text(encoding="utf-8") == register_text(
        [row for row, _ in raw.values()]
    )
    assert {str(path.relative_to(RAW).as_posix()) for path in RAW.rglob("*.pdf")} == set(raw)


def test_raw_is_small_and_marked(raw: dict[str, tuple[dict[str, str], Made]]) -> None:
    assert sum(len(made.pdf) for _, made in raw.values()) < 10_000_000
    assert all(row["is_synthetic"] == "true" and set(row) == set(REGISTER_COLUMNS) for row, _ in raw.values())


@pytest.mark.parametrize("number", range(4))
def test_truth_is_what_stands_at_the_box(number: int, raw: dict[str, tuple[dict[str, str], Made]]) -> None:
    documents = sorted(raw)[number::17]
    for document in documents:
        _check(raw[document][1])


@pytest.mark.parametrize("rotation", [90, 270])
@pytest.mark.parametrize("font_name", ["MicroHei", "STSong-Light"])
def test_turned_pages_are_seen_upright(rotation: int, font_name: str) -> None:
    department = departments()[0]
    variation = Variation(font_name=font_name, rotation=rotation)
    (document,) = department_documents(department, 2022, "budget", with_faults=False, variation=variation)
    made = make(document.plan)
    with pdfplumber.open(io.BytesIO(made.pdf)) as pdf:
        turned = [page for page in pdf.pages if page.rotation == rotation]
        assert len(turned) >= 9
        assert all(page.width > page.height for page in turned)
    _check(made)


def test_random_documents_carry_their_truth() -> None:
    for each in random_documents(7, 6):
        made = make(each.plan)
        assert make(each.plan).pdf == made.pdf
        _check(made)


def _check(made: Made) -> None:
    by_page: dict[int, list[tuple[tuple[float, float, float, float], str]]] = {}
    for row in made.truth:
        by_page.setdefault(row.page, []).append((row.box, row.printed))
    with pdfplumber.open(io.BytesIO(made.pdf)) as pdf:
        assert len(pdf.pages) == made.pages
        for page in pdf.pages:
            chars = page.chars
            assert MARK.replace(" ", "") in "".join(char["text"] for char in chars).replace(" ", "")
            for (x0, top, x1, bottom), printed in by_page.get(page.page_number, []):
                inside = [
                    char["text"]
                    for char in chars
                    if x0 <= (char["x0"] + char["x1"]) / 2 <= x1
                    and top <= (char["top"] + char["bottom"]) / 2 <= bottom
                ]
                assert "".join(inside).replace(" ", "") == printed.replace(" ", ""), (
                    page.page_number,
                    printed,
                )
