"""Since when a finding stands and whether people looked: the model over findings made by hand."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pytest

from pipelines.settings import PROJECT_ROOT

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("finding_states")

MODEL = PROJECT_ROOT / "dbt_project/models/marts/findings/mart_finding_states.sql"
EARLY, NEWEST, SPECIMEN = date(2024, 3, 1), date(2025, 9, 20), date(2026, 1, 1)
DOCUMENTS = [
    ("a" * 16, EARLY, False),
    ("b" * 16, NEWEST, False),
    ("c" * 16, None, False),
    # A newer specimen makes no published finding old.
    ("d" * 16, SPECIMEN, True),
]


def cell(document: str, number: int) -> str:
    return f"{document * 16}-p0001-t01-r001-c{number:02d}"


@pytest.fixture(scope="module")
def states() -> dict[str, tuple[date | None, bool | None, str, str | None]]:
    connection = duckdb.connect()
    connection.execute(
        "create table dim_document (document_id text, fetched_at timestamp, published_at date, "
        "is_synthetic boolean, document_status text)"
    )
    for document, day, synthetic in DOCUMENTS:
        connection.execute(
            "insert into dim_document values (?, null, ?, ?, 'current')", [document, day, synthetic]
        )
    connection.execute(
        "create table mart_findings (finding_id text, department_id text, fiscal_year int, document_id text, "
        "page int, cell_id text, suspect_cell_id text, operand_cell_ids text[])"
    )
    findings = [
        ("within the early one", "a", cell("a", 1), None, []),
        # Its budget was there before, its final accounts came on the newest day.
        ("early against newest", "a", None, None, [cell("b", 1)]),
        ("newest against undated", "b", cell("b", 2), None, [cell("c", 1)]),
        ("of a specimen", "d", cell("d", 1), None, []),
        ("asked by its suspect", "a", None, cell("a", 7), []),
        ("asked by a symptom", "a", None, None, []),
        ("looked at by its page", "b", None, None, []),
    ]
    for name, document, own, suspect, operands in findings:
        connection.execute(
            "insert into mart_findings values (?, 'x', 2024, ?, ?, ?, ?, ?)",
            [name, document * 16, 9 if "page" in name else 1, own, suspect, operands],
        )
    connection.execute("create table mart_finding_symptoms (finding_id text, cell_id text)")
    connection.execute("insert into mart_finding_symptoms values ('asked by a symptom', ?)", [cell("a", 8)])
    connection.execute(
        "create table mart_review (review_id text, review_status text, question_kind text, document_id text, "
        "page int, cell_id text, sentence_zh text, sentence_en text)"
    )
    for row in (
        ("1", "open", "doubtful_figure", "a" * 16, 1, cell("a", 7), None, None),
        # What is decided does not hide what is still open.
        ("2", "decided", "doubtful_figure", "a" * 16, 1, cell("a", 7), "某数已核对。", "looked at"),
        ("3", "decided", "doubtful_figure", "a" * 16, 1, cell("a", 8), "印刷如此。", "so printed"),
        ("4", "decided", "look_at_page", "b" * 16, 9, None, "看过该页。", "page seen"),
        # Another question of the page is not one of the finding.
        ("5", "open", "unknown_row", "a" * 16, 1, cell("a", 99), None, None),
    ):
        connection.execute("insert into mart_review values (?, ?, ?, ?, ?, ?, ?, ?)", list(row))
    sql = re.sub(r"\{\{ ref\('(\w+)'\) \}\}", r"\1", MODEL.read_text(encoding="utf-8"))
    rows = connection.execute(
        f"select finding_id, known_since, is_new, review_state, decided_zh from ({sql})"
    ).fetchall()
    assert len(rows) == len(findings)
    return {row[0]: row[1:] for row in rows}


def test_a_finding_is_known_since_the_last_of_its_documents_came(
    states: dict[str, tuple[date | None, bool | None, str, str | None]],
) -> None:
    assert states["within the early one"] == (EARLY, False, "not_asked", None)
    assert states["early against newest"] == (NEWEST, True, "not_asked", None)
    assert states["of a specimen"] == (SPECIMEN, True, "not_asked", None)


def test_nobody_knows_since_when_where_a_document_has_no_day(
    states: dict[str, tuple[date | None, bool | None, str, str | None]],
) -> None:
    assert states["newest against undated"] == (None, None, "not_asked", None)


def test_what_people_were_asked_and_decided_of_its_cells_and_page_is_told(
    states: dict[str, tuple[date | None, bool | None, str, str | None]],
) -> None:
    assert states["asked by its suspect"][2:] == ("waits", "某数已核对。")
    assert states["asked by a symptom"][2:] == ("decided", "印刷如此。")
    assert states["looked at by its page"][2:] == ("decided", "看过该页。")
