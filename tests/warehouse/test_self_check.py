"""What is found in files alone is what the warehouse finds in them; its models run without dbt."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipelines.acquisition.inventory import hash_file
from pipelines.acquisition.model import FoundFile
from pipelines.settings import Settings
from pipelines.statements import identify, understand
from pipelines.warehouse.inspection import registration_of
from pipelines.warehouse.lake import DocumentRows
from pipelines.warehouse.models_in_memory import build, rendered
from pipelines.warehouse.reading import what_is_registered
from pipelines.warehouse.rows import document_rows
from pipelines.warehouse.self_check import findings_of
from tests.built_raw import GROUP, RAW, BuiltRaw

#: A department of raw/ with planted faults within documents, between them and over years.
DEPARTMENT = "320000-sample-hydrology"


def read_rows(built_raw: BuiltRaw, path: Path) -> DocumentRows:
    """A document of raw/ as the build writes it to the lake."""
    sha256 = hash_file(path)
    source_path = path.relative_to(RAW).as_posix()
    file = FoundFile(source_path, sha256[:16], sha256, path.stat().st_size, 0, registration_of(path))
    document = built_raw.document(source_path)
    name = file.registered.published_name
    understood = understand(document, file_name=name, registered=what_is_registered(file.registered))
    return document_rows(
        file, document, understood, identify(document, name), extractor_version="", registration_version=""
    )


@pytest.mark.xdist_group(GROUP)
def test_files_alone_have_the_findings_that_the_warehouse_has_of_them(built_raw: BuiltRaw) -> None:
    """All documents of a department given together: the same findings, word for word."""
    documents = [read_rows(built_raw, path) for path in sorted((RAW / DEPARTMENT).rglob("*.pdf"))]
    found = findings_of(documents)
    settings = Settings.from_environment(raw=RAW, data=built_raw.data)
    with duckdb.connect(str(settings.warehouse), read_only=True) as warehouse:
        expected = warehouse.execute(
            "select finding_id, sentence_zh, sentence_en, question_zh, page, cell_id from mart_findings "
            "where list_contains($ids, document_id)",
            {"ids": [document.document_id for document in documents]},
        ).fetchall()
    assert len(expected) > 5, "the department has planted faults"
    assert sorted(expected) == sorted(
        (one.finding_id, one.sentence_zh, one.sentence_en, one.question_zh, one.page, one.cell_id)
        for one in found
    )


@pytest.mark.xdist_group(GROUP)
def test_a_file_alone_has_no_finding_that_needs_another(built_raw: BuiltRaw) -> None:
    """Each document by itself: nothing that the documents together do not show."""
    paths = sorted((RAW / DEPARTMENT).rglob("*.pdf"))
    # Not by their words: what a figure would have to be, other documents may bound more narrowly.
    together = Counter(one.finding_id for one in findings_of([read_rows(built_raw, path) for path in paths]))
    alone = Counter(one.finding_id for path in paths[:4] for one in findings_of([read_rows(built_raw, path)]))
    assert not alone - together


def test_what_a_model_asks_for_is_built_first() -> None:
    with duckdb.connect() as connection:
        build(connection, ["regions"])
        row = connection.execute(
            "select region_code, name_zh, typeof(first_listed_year) from regions where region_code = '110000'"
        ).fetchone()
        assert row == ("110000", "北京市", "INTEGER")
        blank = connection.execute("select count(*) from regions where parent_region_code = ''").fetchone()
        assert blank == (0,), "a blank field of a seed is NULL, as dbt loads it"


def test_a_table_that_is_there_is_taken_as_it_is() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table regions as select '990000' as region_code")
        build(connection, ["regions"])
        assert connection.execute("select * from regions").fetchall() == [("990000",)]


def test_a_name_of_nothing_is_named() -> None:
    with duckdb.connect() as connection, pytest.raises(KeyError, match="is neither a table that is there"):
        build(connection, ["mart_findings"])


def test_every_model_can_be_rendered_without_dbt() -> None:
    for path in sorted((RAW.parent / "dbt_project" / "models").rglob("*.sql")):
        assert "{{" not in rendered(path.stem).sql, path.name
