"""The status says how things stand, whatever is broken, and writes a page that needs nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.operations.failed_build import failed_build, remember_failure
from pipelines.operations.locks import locks_held
from pipelines.operations.outbox import Outbox
from pipelines.operations.status import AlertsState, Status, collect_status
from pipelines.operations.status_page import page_of, status_html
from pipelines.settings import Settings
from pipelines.warehouse import build as build_module
from pipelines.warehouse.build import BuildFailedError, build
from pipelines.warehouse.checking import Checked
from pipelines.warehouse.locking import build_lock
from tests.operations.test_channels import alert
from tests.warehouse.fakes import put, understand_fake


def transform(settings: Settings, folder: Path) -> Path:
    """A warehouse with one document and some of what waits for a person."""
    built = folder / settings.warehouse.name
    with duckdb.connect(str(built)) as connection:
        for table, columns, rows in (
            ("dim_document", "document_id VARCHAR", "('d')"),
            ("fct_identity_results", "verdict VARCHAR", "('exact')"),
            ("mart_findings", "finding_id VARCHAR", "('f')"),
            ("mart_not_understood", "note_kind VARCHAR", "('row_not_understood'), ('row_not_understood')"),
            ("mart_documents_set_aside", "outcome_reason VARCHAR", "('broken'), ('not_identified')"),
            ("mart_review", "review_status VARCHAR", "('open'), ('decided')"),
        ):
            name = columns.split()[0]
            connection.execute(f"CREATE TABLE {table} ({columns}); INSERT INTO {table} VALUES {rows}")
            connection.execute(f"COMMENT ON TABLE {table} IS 't'; COMMENT ON COLUMN {table}.{name} IS 'c'")
    return built


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("DAGSTER_HOME", "JUESUAN_ALERT_SMTP", "JUESUAN_ALERT_HOOK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pipelines.operations.status._confinement", lambda: "no network")
    put(tmp_path / "raw" / "a.pdf", "2023\n1.00\n")
    put(tmp_path / "raw" / "b.pdf", "raise\n")
    (tmp_path / "raw" / "register.csv").write_text(
        "path,fiscal_year,region_code\na.pdf,2023,420100\nc.pdf,2024,310107\nd.pdf,2024,310107\n",
        encoding="utf-8",
    )
    return Settings(raw=tmp_path / "raw", data=tmp_path / "data", workers=1)


def built(settings: Settings, **options: Any) -> None:
    check = Checked(stops=(), n_checks=1, n_broken=0)
    build(
        settings,
        **{"understand": understand_fake, "transform": transform, "check": lambda *_: check, **options},
    )


def test_a_good_build_is_told_with_when_from_what_and_with_what(settings: Settings) -> None:
    built(settings)
    status = collect_status(settings)
    assert status.good
    assert status.good.documents == 1
    assert status.good.is_current is True
    assert status.good.published_at.endswith("+00:00")
    assert {"juesuan", "extractor", "duckdb", "dbt-core", "pdfplumber"} <= status.good.versions.keys()
    assert (status.stale, status.gone, status.failing, status.unknown) == ((), 0, (), ())
    assert [document.source_path for document in status.set_aside] == ["b.pdf"]
    assert {one.id: one.count for one in status.waiting} == {
        "not_understood": 2,
        "not_identified": 1,
        "review": 1,
    }, "lists that the warehouse has not are left out"
    assert "warehouse.duckdb" in {place.name for place in status.places}
    assert status.needs_a_person == ()


def test_new_files_are_stale_by_partition_and_files_that_left_are_told(settings: Settings) -> None:
    built(settings)
    put(settings.raw / "c.pdf", "2024\n2.00\n")
    put(settings.raw / "d.pdf", "2024\n3.00\n")
    (settings.raw / "b.pdf").unlink()
    status = collect_status(settings)
    assert [(one.partition, one.files) for one in status.stale] == [("2024|310107", 2)]
    assert status.gone == 1


def test_a_build_that_failed_is_told_until_one_succeeds(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(settings)

    def fails(*_: object, **__: object) -> None:
        raise BuildFailedError("dbt", "1 problem(s)", ("No space left on device",))

    run = CliRunner().invoke
    folders = ["--raw", str(settings.raw), "--data", str(settings.data)]
    original = build_module.build
    monkeypatch.setattr(build_module, "build", fails)
    assert run(app, ["build", *folders]).exit_code == 1
    shown = run(app, ["status", *folders])
    assert shown.exit_code == 1
    assert "the disk is full" in shown.output
    assert "up to date with the lake" in shown.output, "the last warehouse stands"
    assert "腾出空间" in page_of(settings).read_text(encoding="utf-8"), "the page is written all the same"

    check = Checked(stops=(), n_checks=1, n_broken=0)
    fakes = {"understand": understand_fake, "transform": transform, "check": lambda *_: check}
    monkeypatch.setattr(build_module, "build", lambda s, **_: original(s, **fakes))
    assert run(app, ["build", *folders]).exit_code == 3
    assert failed_build(settings) is None
    assert run(app, ["status", *folders]).exit_code == 0


@pytest.mark.parametrize("what", ["nothing", "torn warehouse", "no raw folder", "torn record"])
def test_it_speaks_whatever_is_broken(settings: Settings, what: str) -> None:
    if what != "nothing":
        built(settings)
    if what == "torn warehouse":
        settings.warehouse.write_bytes(b"no database")
    if what == "torn record":
        (settings.data / "warehouse.json").write_text("{", encoding="utf-8")
        (settings.data / "build_failed.json").write_text("{", encoding="utf-8")
    if what == "no raw folder":
        for path in settings.raw.iterdir():
            path.unlink()
        settings.raw.rmdir()
    status = collect_status(settings)
    page = status_html(status)
    assert ("没有发布的数据仓库" in page) == (what in {"nothing", "torn warehouse"})
    assert bool(status.unknown) == (what == "torn warehouse")
    if what == "torn record":
        assert status.good
        assert status.good.is_current is None


def test_words_from_outside_are_shown_and_nothing_else(settings: Settings) -> None:
    """Names of files, errors and departments may hold HTML."""
    remember_failure(settings, "dbt", "<script>alert(1)</script>")
    settings.data.mkdir(exist_ok=True)
    remember_failure(settings, "dbt", "<script>alert(1)</script>")
    page = status_html(collect_status(settings))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "http://" not in page, "it asks nobody for anything"


def test_a_lock_is_told_of_while_it_is_held_and_not_after_its_holder_was_killed(settings: Settings) -> None:
    assert locks_held(settings) == ()
    with build_lock(settings.data):
        (held,) = locks_held(settings)
        assert held.what == "build"
        assert f"process {os.getpid()}" in held.by
    (settings.data / "build.lock").write_text("process 1, since yesterday\n", encoding="utf-8")
    assert locks_held(settings) == (), "what a killed holder wrote is no lock"
    assert len(locks_held(settings, table=settings.data / "no such list")) == 1


def test_channels_and_what_waits_for_them_are_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUESUAN_ALERT_HOOK", "http://127.0.0.1:9/secret")
    outbox = Outbox.of(settings.data)
    outbox.put([alert()])
    from pipelines.operations.channels import channels_of
    from pipelines.settings import alert_settings

    outbox.deliver(channels_of(alert_settings()))
    state = collect_status(settings).alerts
    assert (state.channels, state.waiting) == (("hook 127.0.0.1",), 1)
    assert state.troubles[0].startswith("hook 127.0.0.1: no answer (")
    assert "secret" not in str(state)
    monkeypatch.delenv("JUESUAN_ALERT_HOOK")
    assert collect_status(settings).alerts == AlertsState((), 1, ())


def test_as_data_it_holds_the_same(settings: Settings) -> None:
    built(settings)
    shown = CliRunner().invoke(
        app, ["status", "--json", "--raw", str(settings.raw), "--data", str(settings.data)]
    )
    content = json.loads(shown.output)
    assert content["good"]["documents"] == 1
    assert content["needs_a_person"] == []
    assert set(content) == {*Status.__dataclass_fields__, "needs_a_person"}
