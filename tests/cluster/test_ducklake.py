"""dbt's target `lake` builds the same marts as the file, and readers of the DuckLake notice nothing of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import DuckLake, Settings
from pipelines.warehouse import ducklake
from pipelines.warehouse.dbt_runner import run_dbt
from pipelines.warehouse.ducklake import begin_build, copy_build, publish_tables, reader
from pipelines.warehouse.publish import NotPublishableError, publish
from tests.cluster import checksums
from tests.cluster.reading_on import Answers, count_all, reading_on
from tests.cluster.servers import GROUP, Servers, missing, wait_for
from tests.warehouse.small_lake import small_lake

pytestmark = [
    pytest.mark.xdist_group(GROUP),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]


@dataclass(frozen=True)
class BothTargets:
    """The file of the target `build`, what the target `lake` published, and what its readers were told."""

    file: Path
    settings: Settings
    coming: Answers
    staying: Answers

    @property
    def ducklake(self) -> DuckLake:
        assert self.settings.ducklake is not None
        return self.settings.ducklake


@pytest.fixture(scope="module")
def both(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> BothTargets:
    """The small lake built with both targets; what readers of the DuckLake find before are empty tables."""
    folder = tmp_path_factory.mktemp("ducklake")
    lake, _ = small_lake()
    data = folder / "data"
    lake.write(data / "lake")
    file = _build(Settings(raw=folder, data=data), folder / "file")
    published = DuckLake(servers.libpq("ducklake"), data / "ducklake", data / "duckdb_extensions")
    settings = Settings(raw=folder, data=data, ducklake=published)
    publish_tables(published, _emptied(file, folder / "earlier.duckdb"), "earlier")
    with reading_on(published) as (coming, staying):
        begin_build(published)
        built = _build(settings, folder / "lake")
        copy_build(published, built)
        publish(settings, built, build_version="later")
        _wait_for_a_question(coming, staying)
    return BothTargets(file, settings, coming, staying)


def _build(settings: Settings, folder: Path) -> Path:
    """Seeds and models with the target of the settings; dbt's tests have their own tests."""
    built = folder / settings.warehouse.name
    arguments = ["build", "--exclude-resource-type", "test"]
    run = run_dbt(settings, arguments, warehouse=built, target=settings.data / "dbt_target", logs=folder)
    assert run.succeeded, run.problems
    return built


def _emptied(file: Path, target: Path) -> Path:
    shutil.copy(file, target)
    with duckdb.connect(str(target)) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'")
        for (table,) in tables.fetchall():
            connection.execute(f'DELETE FROM main."{table}"')
    return target


def _wait_for_a_question(*answers: Answers) -> None:
    """Let each reader ask once more, after the publication."""
    for each in answers:
        until = each.n_questions + 2
        wait_for(
            lambda each=each, until=until: each.errors or each.n_questions >= until, "a reader has ended"
        )  # type: ignore[misc]


def test_the_ducklake_holds_the_marts_of_the_file_with_their_comments(both: BothTargets) -> None:
    with reader(both.ducklake) as connection:
        connection.execute(f"ATTACH '{both.file}' AS warehouse (READ_ONLY)")
        in_lake, in_file = (checksums.of_tables(connection, name) for name in ("lake", "warehouse"))
        assert in_lake == in_file
        assert len(in_file) > 20
        said = [
            connection.execute(
                "SELECT table_name, column_name, comment FROM duckdb_columns() "
                "WHERE database_name = ? AND schema_name = 'main' ORDER BY ALL",
                [name],
            ).fetchall()
            for name in ("lake", "warehouse")
        ]
        assert said[0] == said[1]
        published = connection.execute("SELECT commit_message FROM ducklake_snapshots('lake')").fetchall()
        assert [message for (message,) in published if message] == ["earlier", "later"]


def test_the_file_published_beside_it_is_the_same(both: BothTargets) -> None:
    """It is what checks, site and releases read."""
    found = []
    for file in (both.file, both.settings.warehouse):
        with duckdb.connect(str(file), read_only=True) as connection:
            found.append(checksums.of_tables(connection, "warehouse"))
    assert found[0] == found[1]


def test_readers_see_the_publication_of_before_or_that_of_after(both: BothTargets) -> None:
    with duckdb.connect(str(both.file), read_only=True) as connection:
        after = count_all(connection, "warehouse")
    assert min(after) > 0
    for answers in (both.coming, both.staying):
        assert answers.errors == []
        assert answers.told == [(0,) * len(after), after]
        assert answers.n_questions > 3


def test_what_a_check_stops_reaches_no_reader(both: BothTargets, tmp_path: Path) -> None:
    built = tmp_path / "warehouse.duckdb"
    shutil.copy(_emptied(both.file, tmp_path / "emptied.duckdb"), built)
    with reader(both.ducklake) as connection:
        before = count_all(connection, "lake")
    with pytest.raises(NotPublishableError, match="no good"):
        publish(both.settings, built, build_version="worse", stops=["no good"])
    with reader(both.ducklake) as connection:
        assert count_all(connection, "lake") == before


def test_a_publication_that_breaks_off_changes_nothing(
    both: BothTargets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle: some tables are replaced, in a transaction that never ends."""
    n_copied = 0
    copy: Callable[..., None] = ducklake._copy

    def breaks(*names: object) -> None:
        nonlocal n_copied
        n_copied += 1
        if n_copied > 3:
            raise OSError("no space left on device")
        copy(*names)

    with reader(both.ducklake) as connection:
        before = checksums.of_tables(connection, "lake")
    monkeypatch.setattr(ducklake, "_copy", breaks)
    with pytest.raises(OSError, match="no space"):
        publish_tables(both.ducklake, _emptied(both.file, tmp_path / "emptied.duckdb"), "worse")
    monkeypatch.undo()
    with reader(both.ducklake) as connection:
        assert checksums.of_tables(connection, "lake") == before
