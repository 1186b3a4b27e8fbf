"""Decisions of reviewers in a build: applied, shown, and never silently left out."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.acquisition.review import CORRECTIONS, DECISIONS
from pipelines.settings import Settings
from pipelines.warehouse.build import BuildFailedError, Built, build, list_raw
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.reading_metadata import set_aside_rows
from tests.warehouse.fakes import put, understand_fake
from tests.warehouse.test_build import check, transform


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    put(tmp_path / "raw" / "a.pdf", "2023\n1.00\n2.00\n")
    put(tmp_path / "raw" / "b.pdf", "2023\n3.00\n")
    return Settings(raw=tmp_path / "raw", data=tmp_path / "data", workers=1)


def run(settings: Settings) -> Built:
    return build(settings, understand=understand_fake, transform=transform, check=check)


def ids(settings: Settings) -> dict[str, str]:
    return {file.source_path: file.document_id for file in list_raw(settings).files}


def correct(settings: Settings, *rows: str) -> None:
    path = settings.raw / CORRECTIONS
    path.parent.mkdir(exist_ok=True)
    header = "document_id,cell_id,old,new,reason,decided_by,decided_on"
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")


def decide(settings: Settings, *rows: str) -> None:
    path = settings.raw / DECISIONS
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "\n".join(("review_id,decision,value,reason,decided_by,decided_on", *rows, "")), encoding="utf-8"
    )


def correction(document: str, row: int, old: str, new: str) -> str:
    return f"{document},{document}-p0001-t01-r{row:03d}-c00,{old},{new},看过原件,王会计,2026-03-05"


def asked(settings: Settings, query: str) -> list[tuple[object, ...]]:
    lake = settings.lake
    for name in ("line_items", "cells", "reviews", "documents"):
        pattern = f"read_parquet('{lake}/{name}/**/*.parquet', union_by_name = true)"
        query = query.replace("{" + name + "}", pattern)
    return duckdb.sql(query).fetchall()


def test_a_correction_is_applied_by_the_next_build_which_reads_its_document_alone(settings: Settings) -> None:
    run(settings)
    document = ids(settings)["a.pdf"]
    correct(settings, correction(document, 0, "1.00", "7.00"), correction(document, 1, "2.00", "2.00"))
    built = run(settings)
    assert [read.source_path for read in built.documents] == ["a.pdf"]
    assert built.published
    figures = (
        "SELECT amount_printed, amount_yuan::VARCHAR, reading_quality, amount_as_read FROM {line_items} "
    )
    assert asked(settings, figures + f"WHERE document_id = '{document}' ORDER BY cell_id") == [
        ("7.00", "70000.00", "corrected", "1.00"),
        ("2.00", "20000.00", "confirmed", ""),
    ]
    # The cell keeps what was read.
    assert asked(settings, f"SELECT text FROM {{cells}} WHERE document_id = '{document}' ORDER BY 1") == [
        ("1.00",),
        ("2.00",),
    ]
    effects = (
        "SELECT decision, state, amount_before_yuan::INT, amount_after_yuan::INT, n_figures_changed, "
        "decided_by FROM {reviews} ORDER BY cell_id"
    )
    assert asked(settings, effects) == [
        ("correct", "applied", 10000, 70000, 1, "王会计"),
        ("confirm", "applied", 20000, 20000, 0, "王会计"),
    ]
    assert not run(settings).published


def test_taking_the_row_out_brings_the_reading_back(settings: Settings) -> None:
    document = ids(settings)["a.pdf"]
    correct(settings, correction(document, 0, "1.00", "7.00"))
    run(settings)
    correct(settings)
    assert run(settings).published
    assert asked(settings, "SELECT DISTINCT reading_quality FROM {line_items}") == [("text",)]
    assert asked(settings, "SELECT count(*) FROM {reviews}") == [(0,)]


def test_rows_that_do_not_fit_stop_the_build_and_are_all_named(settings: Settings) -> None:
    run(settings)
    before = settings.warehouse.read_bytes()
    document = ids(settings)["a.pdf"]
    correct(
        settings,
        correction(document, 0, "1.01", "7.00"),
        correction(document, 1, "2.00", "8.00"),
        correction(document, 9, "2.00", "8.00"),
        correction("f" * 16, 0, "1.00", "7.00"),
    )
    decide(settings, f"table/{document}-p0001-t01-r005-c00,no_statement,,why,who,2026-03-05")
    for _ in range(2):  # a second run must not let it through because nothing is left to read
        with pytest.raises(BuildFailedError) as failed:
            run(settings)
        assert failed.value.stage == "review"
        text, missing, unknown, table = failed.value.details
        assert "corrections.csv row 2: a.pdf" in text and "'1.01' was read" in text and "'1.00'" in text
        assert "corrections.csv row 4: a.pdf: there is no cell" in missing
        assert "corrections.csv row 5: no document ffffffffffffffff" in unknown
        assert "decisions.csv row 2: a.pdf: there is no table" in table
        assert settings.warehouse.read_bytes() == before


def test_a_row_that_cannot_be_used_stops_the_build_before_it_reads(settings: Settings) -> None:
    document = ids(settings)["a.pdf"]
    correct(settings, correction(document, 0, "1.00", "7.00").replace("2026-03-05", "soon"))
    decide(settings, f"table/{document}-p0001-t01-r000-c00,statement,no_such_form,why,who,2026-03-05")
    with pytest.raises(BuildFailedError) as failed:
        run(settings)
    assert len(failed.value.details) == 2
    assert "row 2: column decided_on" in failed.value.details[0]
    assert "there is no statement form 'no_such_form'" in failed.value.details[1]
    assert Lake(settings.lake).entries() == {}


def test_a_changed_reading_under_a_correction_stops_the_build(settings: Settings) -> None:
    """As when a new extractor version reads the cell otherwise: the file's bytes stay, the text does not."""
    document = ids(settings)["a.pdf"]
    correct(settings, correction(document, 0, "1.00", "7.00"))
    run(settings)
    correct(settings, correction(document, 0, "1.10", "7.00"))
    with pytest.raises(BuildFailedError, match="1 row"):
        run(settings)


def test_an_excluded_document_counts_nowhere_and_is_not_opened(settings: Settings) -> None:
    put(settings.raw / "c.pdf", "raise\n")
    document = ids(settings)["c.pdf"]
    decide(settings, f"document/{document},exclude,,不是本单位的文件,王会计,2026-03-05")
    built = run(settings)
    (excluded,) = built.summary.excluded
    assert excluded.reason == "excluded"
    assert "王会计 on 2026-03-05: 不是本单位的文件" in excluded.message
    assert not built.summary.set_aside, "a decision waits for nobody"
    assert not set_aside_rows(built.documents), "nor is it an alert"
    assert asked(settings, "SELECT decision, state FROM {reviews}") == [("exclude", "applied")]


def test_a_table_that_is_no_statement_gives_no_figures(settings: Settings) -> None:
    document = ids(settings)["a.pdf"]
    run(settings)
    decide(settings, f"table/{document}-p0001-t01-r000-c00,no_statement,,目录,王会计,2026-03-05")
    run(settings)
    figures = f"SELECT count(*) FROM {{line_items}} WHERE document_id = '{document}'"
    assert asked(settings, figures) == [(0,)]
    assert asked(settings, "SELECT state, n_figures_removed FROM {reviews}") == [("applied", 2)]


def test_a_correction_of_a_document_that_is_set_aside_waits(settings: Settings) -> None:
    document = ids(settings)["a.pdf"]
    correct(settings, correction(document, 0, "1.00", "7.00"))
    decide(settings, f"document/{document},exclude,,why,who,2026-03-05")
    run(settings)
    assert asked(settings, "SELECT DISTINCT state FROM {reviews} WHERE decision = 'correct'") == [
        ("not_read",)
    ]


def test_leaving_a_question_reads_nothing_but_changes_the_list(settings: Settings) -> None:
    run(settings)
    decide(settings, "code/functional/2010399/other_name/ab,leave,,印错,王会计,2026-03-05")
    built = run(settings)
    assert (len(built.documents), built.published) == (0, True)
