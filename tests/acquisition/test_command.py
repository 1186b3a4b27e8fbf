"""``juesuan acquire`` and the asset: the same work, told on a terminal and in Dagster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from dagster import (
    AssetKey,
    DagsterInstance,
    RunRequest,
    SkipReason,
    build_schedule_context,
    materialize,
)
from typer.testing import CliRunner

from pipelines.acquisition.assets import ACQUIRED_KEY, acquired_documents
from pipelines.acquisition.sources import SourcesError, read_sources
from pipelines.acquisition.store import Store
from pipelines.cli.app import app
from pipelines.cli.exit_codes import ExitCode
from pipelines.dagster_settings import JuesuanResource
from pipelines.definitions import ACQUIRE, EVERYTHING, ONE_PARTITION, ONLY_NEW, defs, weekly_acquisition
from pipelines.settings import DEFAULT_SOURCES
from tests.acquisition.server import Governments, Response, file, governments, html, pdf
from tests.acquisition.test_governments import stored, zipped


@pytest.fixture
def web() -> Iterator[Governments]:
    with governments() as server:
        server.put("127.0.0.1", "/index.html", html('<a href="a.pdf">a</a><a href="b.pdf">b</a>'))
        server.put("127.0.0.1", "/a.pdf", file(pdf("a")))
        server.put("127.0.0.1", "/b.pdf", file(pdf("b")))
        yield server


def register(folder: Path, web: Governments, *, allowed: bool = True, **entry: Any) -> Path:
    """A register with one site, on this machine, which only a configuration for tests allows."""
    folder.mkdir(exist_ok=True)
    made = {
        "id": "here",
        "name": "这里",
        "enabled": True,
        "region_code": "420100",
        "limits": {"seconds_between": 0, "tries": 1},
        "lists": [{"address": web.address("127.0.0.1", "/index.html")}],
        **entry,
    }
    (folder / "here.yaml").write_text(yaml.safe_dump(made, allow_unicode=True), encoding="utf-8")
    if allowed:
        (folder / "conduct.yaml").write_text("allowed_networks: [127.0.0.1/32]\n", encoding="utf-8")
    return folder


def juesuan(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def acquire(sources: Path, raw: Path, *more: str) -> Any:
    return juesuan("acquire", "--sources", str(sources), "--raw", str(raw), *more)


def test_the_command_fetches_and_says_what_came(web: Governments, tmp_path: Path) -> None:
    sources, raw = register(tmp_path / "sources", web), tmp_path / "raw"
    done = acquire(sources, raw)
    assert done.exit_code == ExitCode.DONE, done.output
    assert "here 这里: 2 new" in done.stdout
    assert "2 PDFs in" in done.stdout
    assert "juesuan build --raw" in done.stdout
    assert stored(raw) == [pdf("a"), pdf("b")]
    again = acquire(sources, raw)
    assert again.exit_code == ExitCode.DONE
    assert "2 unchanged" in again.stdout
    web.take_away("127.0.0.1", "/b.pdf")
    gone = acquire(sources, raw)
    assert gone.exit_code == ExitCode.SET_ASIDE
    assert "vanished: http://127.0.0.1" in gone.stdout
    assert "404 (not found); it was there until" in gone.stdout


def test_this_machine_is_not_asked_unless_the_configuration_says_so(web: Governments, tmp_path: Path) -> None:
    done = acquire(register(tmp_path / "sources", web, allowed=False), tmp_path / "raw")
    assert done.exit_code == ExitCode.FAILED
    assert "127.0.0.1 is an address of this machine: not asked" in done.stdout
    assert web.asked == []


def test_what_is_off_is_asked_only_by_name(web: Governments, tmp_path: Path) -> None:
    sources = register(tmp_path / "sources", web, enabled=False)
    off = acquire(sources, tmp_path / "raw")
    assert off.exit_code == ExitCode.USAGE
    assert "no site in" in off.stderr
    assert "is switched on" in off.stderr
    assert web.asked == []
    assert acquire(sources, tmp_path / "raw", "here").exit_code == ExitCode.DONE


def test_calls_that_are_wrong_are_said(web: Governments, tmp_path: Path) -> None:
    sources, raw = register(tmp_path / "sources", web), tmp_path / "raw"
    for arguments, said in (
        (("nowhere",), "no site nowhere; there are here"),
        (("here", "--from", "x"), "either sites or --from"),
        (("--from", str(tmp_path / "x.zip")), "there is no"),
    ):
        done = acquire(sources, raw, *arguments)
        assert (done.exit_code, said in done.stderr) == (ExitCode.USAGE, True), done.stderr
    with Store(raw).lock():
        busy = acquire(sources, raw)
    assert busy.exit_code == ExitCode.BUSY
    assert web.asked == []


def test_an_archive_is_taken_in_without_the_network(web: Governments, tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    archive.write_bytes(zipped(("a.pdf", pdf("a"))))
    done = acquire(tmp_path / "no sources", tmp_path / "raw", "--from", str(archive))
    assert done.exit_code == ExitCode.DONE, done.output
    assert "offline all.zip: 1 new" in done.stdout
    assert web.asked == []


def test_the_list_of_sites(web: Governments, tmp_path: Path) -> None:
    done = acquire(register(tmp_path / "sources", web), tmp_path, "--list")
    assert done.exit_code == ExitCode.DONE
    assert "here  on  420100  这里" in done.stdout


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"region_code": "42"}, "here.yaml: region_code: String should match pattern"),
        ({"lists": []}, "here.yaml: lists:"),
        ({"colour": "red"}, "here.yaml: colour: Extra inputs are not permitted"),
        ({"lists": [{"address": "ftp://x/"}]}, "is not http or https"),
        ({"lists": [{"address": "http://x/", "files": {"address": "("}}]}, "'(' is no regular expression"),
        ({"lists": [{"address": "http://x/", "articles": {"selector": "a["}}]}, "'a[' is no CSS selector"),
        ({"lists": [{"address": "http://x/", "pages": {}}]}, "give either next or numbered"),
        ({"lists": [{"address": "http://x/", "pages": {"numbered": "a.html"}}]}, "numbered must hold {n}"),
        (
            {"lists": [{"address": "http://x/", "kind": "budgets"}]},
            "Input should be 'budget' or 'final_accounts'",
        ),
        ({"limits": {"tries": 0}}, "here.yaml: limits.tries:"),
        ({"id": "there"}, "the file must be named there.yaml"),
    ],
)
def test_a_slip_in_the_register_of_sites_is_named_before_anything_is_asked(
    web: Governments, tmp_path: Path, entry: dict[str, Any], said: str
) -> None:
    done = acquire(register(tmp_path / "sources", web, **entry), tmp_path / "raw")
    assert done.exit_code == ExitCode.USAGE
    assert said in done.stderr
    assert web.asked == []


def test_the_projects_own_sites_are_right_and_off() -> None:
    sources = read_sources(DEFAULT_SOURCES)
    assert len(sources.sites) >= 5
    assert sources.chosen() == ()
    assert sources.conduct.allowed_networks == ()
    assert sources.conduct.robots
    with pytest.raises(SourcesError, match="there is no folder"):
        read_sources(DEFAULT_SOURCES / "none")


@pytest.fixture
def instance() -> Iterator[DagsterInstance]:
    # In memory: Dagster remembers a process's last instance, which must not lie in a folder that is gone.
    with DagsterInstance.ephemeral() as instance:
        yield instance


def test_the_asset_does_the_same_and_tells_of_it(
    web: Governments, tmp_path: Path, instance: DagsterInstance
) -> None:
    web.put("127.0.0.1", "/b.pdf", Response(b"", 403))
    resource = JuesuanResource(
        raw=str(tmp_path / "raw"),
        data=str(tmp_path / "data"),
        sources=str(register(tmp_path / "sources", web)),
    )
    run = materialize([acquired_documents], instance=instance, resources={"juesuan": resource})
    assert run.success
    assert stored(tmp_path / "raw") == [pdf("a")]
    (event,) = run.asset_materializations_for_node("raw__acquired")
    assert event.metadata["dagster/row_count"].value == 1
    assert "403 (forbidden)" in str(event.metadata["troubles"].value)
    assert [check.passed for check in run.get_asset_check_evaluations()] == [True]

    web.put("127.0.0.1", "/index.html", Response(b"", 503))
    failed = materialize(
        [acquired_documents], instance=instance, resources={"juesuan": resource}, raise_on_error=False
    )
    assert not failed.success
    assert "no site gave anything" in str(failed.all_events)


def test_nothing_but_the_job_acquire_goes_out_to_the_network() -> None:
    graph = defs.resolve_asset_graph()
    for job in (EVERYTHING, ONLY_NEW, ONE_PARTITION):
        assert ACQUIRED_KEY not in job.selection.resolve(graph), job.name
    assert ACQUIRE.selection.resolve(graph) == {AssetKey(["raw", "acquired"])}


def test_the_schedule_asks_for_nothing_where_no_site_is_on(
    web: Governments, tmp_path: Path, instance: DagsterInstance
) -> None:
    def tick(sources: Path) -> Any:
        moment = datetime(2026, 11, 21, 14, tzinfo=UTC)
        resource = JuesuanResource(raw="", data="", sources=str(sources))
        return weekly_acquisition(
            build_schedule_context(
                instance=instance, scheduled_execution_time=moment, resources={"juesuan": resource}
            )
        )

    off = tick(register(tmp_path / "off", web, enabled=False))
    assert isinstance(off, SkipReason)
    assert "is switched on" in str(off.skip_message)
    on = tick(register(tmp_path / "on", web))
    assert isinstance(on, RunRequest)
    assert on.run_key == "acquire-2026-W47"
    wrong = tick(register(tmp_path / "wrong", web, colour="red"))
    assert isinstance(wrong, SkipReason)
