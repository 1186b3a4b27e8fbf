"""A build publishes a whole, checked warehouse or nothing, whatever happens to it on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse.build import BuildFailedError, Built, build
from pipelines.warehouse.checking import Checked
from pipelines.warehouse.locking import BuildBusyError, build_lock
from pipelines.warehouse.publish import NotPublishableError, publish, undescribed
from tests.warehouse.fakes import put, understand_fake

ROWS = 2_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    put(tmp_path / "raw" / "a.pdf", "2023\n1.00\n")
    put(tmp_path / "raw" / "b.pdf", "2023\n2.00\n3.00\n")
    return Settings(raw=tmp_path / "raw", data=tmp_path / "data", workers=2)


def transform(settings: Settings, folder: Path, *, slow: float = 0.0) -> Path:
    """A warehouse made without dbt; two of its tables agree if they are of one build."""
    built = folder / settings.warehouse.name
    with duckdb.connect(str(built)) as connection:
        connection.execute(
            f"CREATE TABLE fct AS SELECT {time.time_ns()} AS build, i FROM range({ROWS}) AS t(i);"
            "COMMENT ON TABLE fct IS 'facts'; "
            "COMMENT ON COLUMN fct.build IS 'b'; COMMENT ON COLUMN fct.i IS 'i'"
        )
        time.sleep(slow)
        connection.execute(
            "CREATE TABLE dim AS SELECT DISTINCT build FROM fct; COMMENT ON TABLE dim IS 'd'; "
            "COMMENT ON COLUMN dim.build IS 'b';"
            "CREATE TABLE fct_identity_results AS SELECT 'exact' AS verdict;"
            "COMMENT ON TABLE fct_identity_results IS 'r';"
            "COMMENT ON COLUMN fct_identity_results.verdict IS 'v';"
            "CREATE TABLE mart_findings AS SELECT 1 AS finding WHERE false;"
            "COMMENT ON TABLE mart_findings IS 'f'; COMMENT ON COLUMN mart_findings.finding IS 'f'"
        )
    return built


def slow_transform(settings: Settings, folder: Path) -> Path:
    return transform(settings, folder, slow=1.0)


def check(settings: Settings, built: Path, folder: Path) -> Checked:
    docs = folder / "data_docs"
    docs.mkdir()
    (docs / "index.html").write_text("checked", encoding="utf-8")
    return Checked(stops=(), n_checks=1, n_broken=0)


def run(settings: Settings, **options: Any) -> Built:
    return build(
        settings, **{"understand": understand_fake, "transform": transform, "check": check, **options}
    )


def one_build(warehouse: Path) -> int:
    """Read a warehouse as an analyst would; fails if it is not whole. Returns the build it is of."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(
            "SELECT dim.build, count(*) FROM fct JOIN dim USING (build) GROUP BY 1"
        ).fetchall()
    assert len(rows) == 1
    assert rows[0][1] == ROWS
    return int(rows[0][0])


def build_in_process(settings: Settings) -> None:
    run(settings, transform=slow_transform, wait_seconds=30, full=True)


def test_a_first_build(settings: Settings) -> None:
    built = run(settings)
    assert built.published
    assert len(built.documents) == 2
    assert one_build(settings.warehouse)
    assert (settings.data_docs / "index.html").read_text(encoding="utf-8") == "checked"
    assert list(settings.building.iterdir()) == []
    assert (built.summary.n_documents, built.summary.n_amounts, built.summary.n_statements) == (2, 3, 2)
    assert built.summary.verdicts == {"exact": 1}
    assert built.summary.share_understood == 1.0


def test_a_file_that_is_there_twice_counts_once_and_is_named(settings: Settings) -> None:
    put(settings.raw / "copies" / "of a.pdf", "2023\n1.00\n")
    summary = run(settings).summary
    assert (summary.n_files, summary.n_documents, summary.n_amounts) == (3, 2, 3)
    assert [(one.source_path, one.read_from) for one in summary.duplicates] == [("copies/of a.pdf", "a.pdf")]


def test_a_second_build_reads_nothing_and_builds_nothing(settings: Settings) -> None:
    run(settings)
    before = settings.warehouse.stat()

    def never(*_: object) -> Path:
        raise AssertionError("not to be called")

    again = run(settings, transform=never, check=never)
    assert not again.published
    assert again.documents == ()
    assert again.n_unchanged == 2
    assert settings.warehouse.stat() == before
    assert again.summary.n_amounts == 3, "the summary tells the same as the build that did the work"


@pytest.mark.parametrize("kept", ["", "{", '{"version": "another", "summary": {}}'])
def test_a_summary_that_is_kept_is_that_of_what_is_published(settings: Settings, kept: str) -> None:
    """Torn or of another build, it is counted anew; what is set aside and double comes out as it went in."""
    put(settings.raw / "copies" / "of a.pdf", (settings.raw / "a.pdf").read_text(encoding="utf-8"))
    put(settings.raw / "crashing.pdf", "crash\n")
    first = run(settings).summary
    assert (len(first.duplicates), len(first.set_aside)) == (1, 1)
    assert run(settings).summary == first
    (settings.data / "summary.json").write_text(kept, encoding="utf-8")
    assert run(settings).summary == first
    put(settings.raw / "c.pdf", "2022\n4.00\n")
    assert run(settings).summary.n_amounts == first.n_amounts + 1


def test_a_new_file_a_changed_one_and_one_that_is_gone_each_make_a_new_warehouse(settings: Settings) -> None:
    run(settings)
    put(settings.raw / "c.pdf", "2022\n4.00\n")
    assert [document.source_path for document in run(settings).documents] == ["c.pdf"]
    put(settings.raw / "c.pdf", "2022\n5.00\n")
    changed = run(settings)
    assert [document.source_path for document in changed.documents] == ["c.pdf"]
    assert changed.published
    (settings.raw / "c.pdf").unlink()
    gone = run(settings)
    assert (gone.documents, gone.published) == ((), True)
    assert not run(settings).published


def test_a_build_that_fails_leaves_the_last_good_one(settings: Settings) -> None:
    run(settings)
    good = one_build(settings.warehouse)
    put(settings.raw / "c.pdf", "2022\n4.00\n")

    def breaks(settings: Settings, folder: Path) -> Path:
        transform(settings, folder)
        raise BuildFailedError("dbt", "a model failed", ("model.x: it did",))

    with pytest.raises(BuildFailedError, match="dbt: a model failed"):
        run(settings, transform=breaks)
    assert one_build(settings.warehouse) == good
    assert list(settings.building.iterdir()) == []
    assert run(settings).published, "and the next build makes good"


def test_a_check_that_stops_keeps_the_warehouse_from_being_published(settings: Settings) -> None:
    run(settings)
    good = one_build(settings.warehouse)
    put(settings.raw / "c.pdf", "2022\n4.00\n")

    def stops(settings: Settings, built: Path, folder: Path) -> Checked:
        return replace(check(settings, built, folder), stops=("keys are not unique",))

    with pytest.raises(BuildFailedError, match="keys are not unique"):
        run(settings, check=stops)
    assert one_build(settings.warehouse) == good


def test_a_table_without_a_comment_is_not_published(settings: Settings) -> None:
    folder = settings.building / "x"
    folder.mkdir(parents=True)
    built = transform(settings, folder)
    with duckdb.connect(str(built)) as connection:
        connection.execute("CREATE TABLE mute AS SELECT 1 AS silent")
    assert undescribed(built) == ("mute", "mute.silent")
    with pytest.raises(NotPublishableError, match=r"mute, mute\.silent"):
        publish(settings, built, build_version="v")
    assert not settings.warehouse.exists()


def test_views_on_the_lake_are_not_published(settings: Settings) -> None:
    folder = settings.building / "x"
    folder.mkdir(parents=True)
    built = transform(settings, folder)
    with duckdb.connect(str(built)) as connection:
        connection.execute("CREATE SCHEMA staging; CREATE VIEW staging.stg AS SELECT * FROM fct")
        connection.execute("CREATE SCHEMA seeds; CREATE TABLE seeds.regions AS SELECT 1 AS region")
    publish(settings, built, build_version="v")
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM duckdb_views() WHERE NOT internal").fetchall() == [
            (0,)
        ]
        schemas = {
            name for (name,) in connection.execute("SELECT schema_name FROM duckdb_schemas()").fetchall()
        }
    assert "staging" not in schemas
    assert "seeds" in schemas
    assert one_build(settings.warehouse)


def test_an_empty_or_missing_folder_is_said_plainly(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no PDF in"):
        run(replace(settings, raw=tmp_path / "empty"))
    with pytest.raises(FileNotFoundError, match="no folder"):
        run(replace(settings, raw=tmp_path / "nowhere"))


def test_a_build_killed_before_its_pages_stood_is_made_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the pages of an earlier build would stay beside the new warehouse until something changes."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.warehouse.publish.publish_folder", killed)
        with pytest.raises(KeyboardInterrupt):
            run(settings)
    assert one_build(settings.warehouse)
    assert run(settings).published
    assert (settings.data_docs / "index.html").is_file()


def test_what_killed_readers_left_in_the_lake_is_swept(settings: Settings) -> None:
    run(settings)
    folder = next(path.parent for path in settings.lake.rglob("*.parquet"))
    left = put(folder / ".x.parquet.4711.part", "half")
    run(settings)
    assert not left.exists()


def test_two_builds_do_not_work_in_one_folder(settings: Settings) -> None:
    with build_lock(settings.data):
        with pytest.raises(BuildBusyError, match=f"process {os.getpid()} on .+, since "):
            run(settings)
        told: list[str] = []
        with pytest.raises(BuildBusyError), build_lock(settings.data, wait_seconds=0.5, on_wait=told.append):
            pass
        assert len(told) == 1
    assert run(settings).published


def test_a_killed_builder_leaves_no_lock_and_no_trace(settings: Settings) -> None:
    run(settings)
    good = one_build(settings.warehouse)
    put(settings.raw / "c.pdf", "2022\n4.00\n")
    builder = multiprocessing.get_context("spawn").Process(target=build_in_process, args=(settings,))
    builder.start()
    until = time.monotonic() + 30
    while time.monotonic() < until and not list(settings.building.glob("*/warehouse.duckdb*")):
        time.sleep(0.02)
    assert builder.pid
    os.kill(builder.pid, signal.SIGKILL)
    builder.join()
    assert list(settings.building.iterdir()), "it was killed in the middle"
    assert one_build(settings.warehouse) == good
    assert run(settings).published
    assert list(settings.building.iterdir()) == []
    assert one_build(settings.warehouse) > good


def test_readers_never_see_half_a_warehouse_while_builds_come_and_one_is_killed(settings: Settings) -> None:
    run(settings)
    first = one_build(settings.warehouse)
    stop = threading.Event()
    seen: list[set[int]] = [set() for _ in range(10)]
    errors: list[BaseException] = []

    def read(own: set[int]) -> None:
        while not stop.is_set():
            try:
                own.add(one_build(settings.warehouse))
            except BaseException as error:
                errors.append(error)
                return

    readers = [threading.Thread(target=read, args=(own,)) for own in seen]
    for reader in readers:
        reader.start()
    context = multiprocessing.get_context("spawn")
    try:
        for killed in (False, True, False):
            builder = context.Process(target=build_in_process, args=(settings,))
            builder.start()
            if killed:
                until = time.monotonic() + 30
                while time.monotonic() < until and not list(settings.building.glob("*/warehouse.duckdb*")):
                    time.sleep(0.02)
                builder.kill()
            builder.join(60)
            assert builder.exitcode == (-signal.SIGKILL if killed else 0)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert not errors, errors[0]
    # Connections of one process share a file while any is open, so a reader may see a build late here.
    last = one_build(settings.warehouse)
    assert last != first
    assert len(set().union(*seen, {first, last})) <= 3, "the first, and the two that were not killed"
