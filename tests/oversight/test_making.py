"""Pages made in processes and only where their data changed: the same site, sooner."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.oversight import making
from pipelines.oversight.parts import Part, parts
from pipelines.oversight.site import build_site
from pipelines.oversight.writing import Piece, SiteFolder
from pipelines.settings import Settings
from tests.built_raw import GROUP, BuiltRaw


@pytest.fixture
def without_documents(built_raw: BuiltRaw, tmp_path: Path) -> Callable[[str], Settings]:
    """Data folders with the warehouse of ``raw/`` and none of its PDFs: pages of documents are left out."""

    def folder(name: str) -> Settings:
        settings = Settings(raw=tmp_path / "raw", data=tmp_path / name)
        settings.raw.mkdir(exist_ok=True)
        settings.data.mkdir()
        shutil.copyfile(built_raw.data / "warehouse.duckdb", settings.warehouse)
        return settings

    return folder


@pytest.mark.xdist_group(GROUP)
def test_a_change_of_one_department_makes_its_pages_and_no_others(
    without_documents: Callable[[str], Settings],
) -> None:
    settings = without_documents("data")
    whole = build_site(settings)
    assert whole.n_units > 50
    assert build_site(settings).n_units == 0
    before = {path: path.read_bytes() for path in settings.site.rglob("*") if path.is_file()}
    with duckdb.connect(str(settings.warehouse)) as connection:
        (one,) = connection.execute(
            "update mart_department_year_figures set amount_yuan = amount_yuan + 1 "
            "where department_id = (select max(department_id) from mart_department_year_figures) "
            "returning department_id"
        ).fetchone() or ("",)
    again = build_site(settings)
    assert (again.n_units, again.n_files, again.n_removed) == (1, whole.n_files, 0)
    changed = {
        path.relative_to(settings.site).as_posix() for path, old in before.items() if path.read_bytes() != old
    }
    made = {path for path in changed if not path.startswith("data/marts/")}
    assert {f"zh/department/{one}.html", f"en/department/{one}.html", f"data/compare/{one}.json"} <= made
    assert [path for path in made if "/department/" in path and one not in path] == []


@pytest.mark.xdist_group(GROUP)
def test_what_was_kept_is_made_again_where_a_file_of_it_is_gone(
    without_documents: Callable[[str], Settings],
) -> None:
    settings = without_documents("data")
    build_site(settings)
    gone = min((settings.site / "zh/department").glob("*.html"))
    content = gone.read_bytes()
    gone.unlink()
    assert build_site(settings).n_units == 1
    assert gone.read_bytes() == content


@pytest.mark.xdist_group(GROUP)
def test_two_processes_make_the_same_bytes_as_one(
    without_documents: Callable[[str], Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "WORTH_PROCESSES", 1)
    found = []
    for workers in (1, 2):
        settings = replace(without_documents(f"data{workers}"), workers=workers)
        build_site(settings)
        found.append(
            {
                path.relative_to(settings.site).as_posix(): path.read_bytes()
                for path in settings.site.rglob("*")
                if path.is_file()
            }
        )
    assert found[0] == found[1]


def test_a_long_list_is_parted_and_an_empty_one_has_a_page() -> None:
    found = list(parts("purpose/208", list(range(7)), 3))
    assert [part.path for part in found] == ["purpose/208.html", "purpose/208-2.html", "purpose/208-3.html"]
    assert [part.items for part in found] == [(0, 1, 2), (3, 4, 5), (6,)]
    assert {part.paths for part in found} == {tuple(part.path for part in found)}
    assert [part.items for part in parts("x", [], 3)] == [()]


def test_an_item_of_many_lines_fills_a_page_and_is_not_divided() -> None:
    found = parts("x", [1, 2, 5, 1, 1], 3, sizes=[1, 2, 5, 1, 1])
    assert [part.items for part in found] == [(1, 2), (5,), (1, 1)]


def test_of_a_list_that_comes_item_by_item_no_more_than_a_page_is_taken() -> None:
    given: list[int] = []

    def items() -> Iterator[int]:
        for number in range(7):
            given.append(number)
            yield number

    found = parts("x", items(), 3, sizes=[1] * 7)
    assert next(found).paths == ("x.html", "x-2.html", "x-3.html")
    assert given == [0, 1, 2]
    assert [part.items for part in found] == [(3, 4, 5), (6,)]


@pytest.mark.parametrize("n_pages", [1, 30, 31, 945, 12_345])
def test_a_page_of_a_long_list_names_few_others_and_leads_to_each_in_a_few_clicks(n_pages: int) -> None:
    paths = tuple(map(str, range(n_pages)))
    named = {number: Part("", number, paths, ()).near for number in range(1, n_pages + 1)}
    assert all({1, number, n_pages} <= {*of_page} for number, of_page in named.items())
    assert all({number - 1, number + 1} <= {*named[number]} for number in range(2, n_pages))
    assert max(map(len, named.values())) <= max(30, 12 * len(str(n_pages)))
    reached = {1}
    for _ in str(n_pages):
        reached |= {one for number in reached for one in named[number]}
    assert reached == named.keys()


def test_a_folder_takes_what_is_there_and_nothing_where_some_is_missing(tmp_path: Path) -> None:
    first = SiteFolder(tmp_path / "site")
    first.write("a", "1")
    first.write("b", "2")
    assert first.taken() == Piece(("a", "b"), 2, 2)
    first.finish()
    second = SiteFolder(tmp_path / "site")
    assert not second.keep(["a", "c"])
    assert second.keep(["a"])
    joined = SiteFolder(tmp_path / "site", joined=True)
    joined.write("b", "3")
    second.add(joined.taken())
    with pytest.raises(ValueError, match="b is written twice"):
        second.write("b", "4")
    written = second.finish()
    assert (written.n_files, written.n_changed, written.n_bytes, written.n_removed) == (2, 1, 2, 0)
    assert (tmp_path / "site/b").read_text(encoding="utf-8") == "3"
