"""What changes, vanishes and comes back over the weeks: nothing is lost, and each is told once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.acquisition.acquire import Acquired, acquire, by_host
from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.sources import Site, Sources
from pipelines.acquisition.store import AcquisitionBusyError, Store
from tests.acquisition.server import Governments, Response, file, governments, html, pdf
from tests.acquisition.test_governments import (
    archives,
    check_store,
    entries,
    numbered_list,
    paged_list,
    run,
    site,
    stored,
    told,
    zipped,
)

HOST = "versions.test"


@pytest.fixture
def web() -> Iterator[Governments]:
    with governments() as server:
        yield server


def publish(web: Governments, *names: str) -> None:
    web.put(HOST, "/index.html", html("".join(f'<a href="{name}.pdf">{name}</a>' for name in names)))


def week(web: Governments, raw: Path, made: Site) -> Acquired:
    web.forget()
    web.clock.passes(days=7)
    return run(web, raw, made)


def notes(raw: Path) -> dict[str, str]:
    """By address's last part and content, what the register notes."""
    import csv

    with (raw / "acquired" / "register.csv").open(encoding="utf-8") as stream:
        return {
            f"{row['obtained_from'].rsplit('/', 1)[-1]} {row['sha256'][:6]}": row["note"]
            for row in csv.DictReader(stream)
        }


def results(raw: Path, done: Acquired) -> dict[str, str]:
    return {
        entry.address.rsplit("/", 1)[-1]: entry.result
        for entry in entries(raw, done)
        if entry.role in {"file", "member"}
    }


def test_a_changed_file_is_a_new_version_and_the_old_one_stays(web: Governments, tmp_path: Path) -> None:
    made = site(web, "versions", HOST)
    publish(web, "a")
    web.put(HOST, "/a.pdf", file(pdf("first")))
    run(web, tmp_path, made)
    web.put(HOST, "/a.pdf", file(pdf("second")))
    done = week(web, tmp_path, made)
    assert results(tmp_path, done) == {"a.pdf": "changed"}
    assert "another file than before" in told(tmp_path, done, "/a.pdf").said
    assert stored(tmp_path) == sorted([pdf("first"), pdf("second")])
    files = take_inventory(tmp_path).files
    fetched = {(tmp_path / one.source_path).read_bytes(): one.registered.fetched_at for one in files}
    assert fetched == {pdf("first"): datetime(2026, 3, 2, 3), pdf("second"): datetime(2026, 3, 9, 3)}
    assert sorted(notes(tmp_path).values()) == ["", "replaced at its address on 2026-03-09"]
    # Put back as it was: the first counts again, and is as old as it is.
    web.put(HOST, "/a.pdf", file(pdf("first")))
    done = week(web, tmp_path, made)
    assert results(tmp_path, done) == {"a.pdf": "changed"}
    assert len(stored(tmp_path)) == 2
    assert sorted(notes(tmp_path).values()) == ["", "replaced at its address on 2026-03-16"]


def test_a_vanished_file_is_kept_and_marked_and_told_once(web: Governments, tmp_path: Path) -> None:
    made = site(web, "versions", HOST)
    publish(web, "a", "b")
    for name in ("a", "b"):
        web.put(HOST, f"/{name}.pdf", file(pdf(name)))
    run(web, tmp_path, made)
    web.take_away(HOST, "/a.pdf")
    done = week(web, tmp_path, made)
    assert results(tmp_path, done) == {"a.pdf": "vanished", "b.pdf": "same"}
    assert "404 (not found); it was there until 2026-03-02 and is kept" in told(tmp_path, done, "/a.pdf").said
    assert stored(tmp_path) == sorted([pdf("a"), pdf("b")])
    assert [report.counts["vanished"] for report in done.sites] == [1]
    marked = {key.split()[0]: note for key, note in notes(tmp_path).items()}
    assert marked == {"a.pdf": "not at its address since 2026-03-09", "b.pdf": ""}
    done = week(web, tmp_path, made)
    assert results(tmp_path, done)["a.pdf"] == "same", "told once"
    assert told(tmp_path, done, "/a.pdf").said == "still not there (since 2026-03-09)"
    web.put(HOST, "/a.pdf", file(pdf("a")))
    done = week(web, tmp_path, made)
    assert results(tmp_path, done)["a.pdf"] == "back"
    assert set(notes(tmp_path).values()) == {""}


def test_a_file_no_page_links_to_any_more_is_kept_and_marked(web: Governments, tmp_path: Path) -> None:
    made = site(web, "versions", HOST)
    publish(web, "a", "b")
    for name in ("a", "b"):
        web.put(HOST, f"/{name}.pdf", file(pdf(name)))
    run(web, tmp_path, made)
    publish(web, "b")
    done = week(web, tmp_path, made)
    assert results(tmp_path, done) == {"a.pdf": "unlinked", "b.pdf": "same"}
    assert len(stored(tmp_path)) == 2
    assert results(tmp_path, week(web, tmp_path, made)) == {"b.pdf": "same"}, "told once"
    publish(web, "a", "b")
    assert results(tmp_path, week(web, tmp_path, made)) == {"a.pdf": "back", "b.pdf": "same"}


def test_a_page_that_could_not_be_had_takes_no_link_away(web: Governments, tmp_path: Path) -> None:
    made = site(web, "versions", HOST, {"articles": {"selector": "ul a"}})
    web.put(HOST, "/index.html", html('<ul><a href="x.html">x</a></ul>'))
    web.put(HOST, "/x.html", html('<a href="a.pdf">a</a>'))
    web.put(HOST, "/a.pdf", file(pdf("a")))
    run(web, tmp_path, made)
    web.put(HOST, "/x.html", Response(b"", 500))
    done = week(web, tmp_path, made)
    assert results(tmp_path, done) == {}
    assert [report.is_complete for report in done.sites] == [False]
    assert set(notes(tmp_path).values()) == {""}


def test_a_changed_archive_keeps_what_was_in_it(web: Governments, tmp_path: Path) -> None:
    made = site(web, "versions", HOST)
    web.put(HOST, "/index.html", html('<a href="a.zip">a</a>'))
    web.put(HOST, "/a.zip", file(zipped(("1.pdf", pdf("1")), ("2.pdf", pdf("2")))))
    run(web, tmp_path, made)
    web.put(HOST, "/a.zip", file(zipped(("1.pdf", pdf("1")), ("2.pdf", pdf("2 corrected")))))
    done = week(web, tmp_path, made)
    assert results(tmp_path, done) == {"a.zip": "changed", "1.pdf": "same", "2.pdf": "taken"}
    pdfs = [content for content in stored(tmp_path) if content.startswith(b"%PDF")]
    assert pdfs == sorted([pdf("1"), pdf("2"), pdf("2 corrected")])
    assert sorted(notes(tmp_path).values()) == ["", "", "replaced at its address on 2026-03-09"]
    assert results(tmp_path, week(web, tmp_path, made)) == {"a.zip": "same"}


def test_a_server_without_validators_is_asked_in_full_and_nothing_is_new(
    web: Governments, tmp_path: Path
) -> None:
    made = site(web, "versions", HOST)
    publish(web, "a")
    web.put(HOST, "/a.pdf", Response(pdf("a"), validators=False))
    run(web, tmp_path, made)
    assert results(tmp_path, week(web, tmp_path, made)) == {"a.pdf": "same"}
    assert stored(tmp_path) == [pdf("a")]


def test_what_the_register_of_sites_says_later_reaches_what_was_fetched_before(
    web: Governments, tmp_path: Path
) -> None:
    publish(web, "a")
    web.put(HOST, "/a.pdf", file(pdf("a")))
    run(web, tmp_path, site(web, "versions", HOST))
    week(web, tmp_path, site(web, "versions", HOST, {"department": "甲局", "fiscal_year": 2024}))
    (found,) = take_inventory(tmp_path).files
    assert (found.registered.department, found.registered.fiscal_year) == ("甲局", 2024)
    assert found.registered.fetched_at == datetime(2026, 3, 2, 3), "when it was first fetched"


def test_what_a_person_enters_in_register_csv_wins(web: Governments, tmp_path: Path) -> None:
    publish(web, "a")
    web.put(HOST, "/a.pdf", file(pdf("a")))
    run(web, tmp_path, site(web, "versions", HOST, {"department": "甲局", "fiscal_year": 2024}))
    (found,) = take_inventory(tmp_path).files
    (tmp_path / "register.csv").write_text(
        f"path,department,fiscal_year,is_synthetic\n{found.source_path},乙局,,true\n", encoding="utf-8"
    )
    (corrected,) = take_inventory(tmp_path).files
    assert corrected.registered.department == "乙局"
    assert corrected.registered.fiscal_year == 2024
    assert corrected.registered.is_synthetic
    assert corrected.registered.obtained_from == found.registered.obtained_from
    assert take_inventory(tmp_path).problems == ()


def tree(raw: Path) -> dict[str, bytes]:
    return {
        path.relative_to(raw).as_posix(): path.read_bytes()
        for path in sorted(raw.rglob("*"))
        if path.is_file() and "journal" not in path.parts
    }


def test_the_same_sites_give_the_same_bytes(web: Governments, tmp_path: Path) -> None:
    sites = [play(web)[0] for play in (paged_list, numbered_list, archives)]
    run(web, tmp_path / "one", *sites)
    run(web, tmp_path / "two", *reversed(sites))
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    # Headers hold the server's time of day; all else of the journal is the same too.
    for path in sorted((tmp_path / "one").rglob("*.jsonl")):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        lines = [
            [{**json.loads(line), "headers": []} for line in journal.read_text(encoding="utf-8").splitlines()]
            for journal in (path, other)
        ]
        assert lines[0] == lines[1]


class Killed(BaseException):
    """What a kill is to a process: nothing catches it."""


@pytest.mark.parametrize("at", [1, 3, 5, 7, 9])
def test_a_run_killed_anywhere_leaves_whole_files_and_the_next_one_finishes(
    web: Governments, tmp_path: Path, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, meant = paged_list(web)
    real, count = Store.put, iter(range(100))

    def put(self: Store, *arguments: object) -> object:
        if next(count) == at:
            raise Killed
        return real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "put", put)
    monkeypatch.setattr("pipelines.acquisition.acquire.save_memory", lambda *_: None)
    with pytest.raises(Killed):
        run(web, tmp_path, made)
    monkeypatch.undo()
    check_store(tmp_path)
    done = run(web, tmp_path, made)
    assert [report.error for report in done.sites] == [""]
    assert stored(tmp_path) == sorted(meant)
    check_store(tmp_path)
    assert take_inventory(tmp_path).problems == ()


def test_a_damaged_memory_stops_its_site_alone(web: Governments, tmp_path: Path) -> None:
    paged, meant = paged_list(web)
    numbered, others = numbered_list(web)
    run(web, tmp_path, paged, numbered)
    (tmp_path / "acquired" / "known" / "paged.json").write_text("{", encoding="utf-8")
    done = run(web, tmp_path, paged, numbered)
    assert "paged.json cannot be read" in done.sites[1].error
    assert done.sites[0].error == ""
    assert stored(tmp_path) == sorted([*meant, *others])


def test_a_fault_at_one_site_hinders_no_other(
    web: Governments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paged, _ = paged_list(web)
    numbered, others = numbered_list(web)
    monkeypatch.setattr(
        "pipelines.acquisition.walking.Walk._links", lambda *_: (_ for _ in ()).throw(RuntimeError("fault"))
    )
    done = run(web, tmp_path, paged, numbered)
    assert [report.error for report in done.sites] == ["", "internal error: RuntimeError: fault"]
    assert stored(tmp_path) == sorted(others)


def test_two_at_once_in_one_folder_are_refused(web: Governments, tmp_path: Path) -> None:
    made, _ = paged_list(web)
    with Store(tmp_path).lock(), pytest.raises(AcquisitionBusyError, match="another acquisition"):
        acquire(tmp_path, Sources(sites=(made,)), [made])


def test_no_host_is_asked_by_two_at_once(web: Governments) -> None:
    sites = [
        site(web, "a", "x.test"),
        site(web, "b", "y.test", hosts=["z.test"]),
        site(web, "c", "z.test"),
        site(web, "d", "v.test", hosts=["x.test", "y.test"]),
        site(web, "e", "w.test"),
    ]
    groups = [[one.id for one in group] for group in by_host(sites)]
    assert sorted(groups) == [["a", "b", "c", "d"], ["e"]]


@pytest.mark.parametrize("seed", range(3))
def test_a_year_of_weeks_loses_nothing(web: Governments, tmp_path: Path, seed: int) -> None:
    """Files come, change, go and come back by chance; every content ever served is there in the end."""
    import random

    chance = random.Random(seed)
    made = site(web, "versions", HOST)
    there: dict[str, bytes] = {}
    served: set[bytes] = set()
    for number in range(25):
        for name in "abcdef":
            drawn = chance.random()
            if drawn < 0.25:
                there[name] = pdf(f"{name} {chance.randrange(3)}")
                web.put(HOST, f"/{name}.pdf", file(there[name]))
            elif drawn < 0.35 and name in there:
                del there[name]
                web.take_away(HOST, f"/{name}.pdf")
        publish(web, *sorted(there))
        served |= set(there.values())
        run(web, tmp_path, made) if number == 0 else week(web, tmp_path, made)
        assert stored(tmp_path) == sorted(served)
        current = {key.split()[0] for key, note in notes(tmp_path).items() if note == ""}
        assert current == {f"{name}.pdf" for name in there}
    check_store(tmp_path)
