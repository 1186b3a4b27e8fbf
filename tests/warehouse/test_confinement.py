"""A reading process that a hostile PDF has taken over reaches nothing: no network, no file, no program."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
from pathlib import Path

import pytest

from pipelines.acquisition.inventory import take_inventory
from pipelines.acquisition.model import FoundFile
from pipelines.settings import Settings
from pipelines.warehouse import confinement
from pipelines.warehouse.confinement import Confinement, confine
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.pool import Finished, run_guarded
from pipelines.warehouse.reading import Understanding, read_documents, write_inventory
from tests.warehouse.fakes import put, understand_fake


def attempt(wish: str) -> str:
    """Do what a taken-over reader might; answers with what came of it."""
    word, _, at = wish.partition(" ")
    try:
        if word == "write":
            Path(at).write_text("taken over", encoding="utf-8")
        elif word == "append":
            with Path(at).open("a", encoding="utf-8") as stream:
                stream.write("taken over")
        elif word == "delete":
            Path(at).unlink()
        elif word == "link":
            Path(at).symlink_to("/etc/passwd")
        elif word == "rename":
            Path(at).rename(at + ".moved")
        elif word == "connect":
            socket.create_connection(("127.0.0.1", int(at)), timeout=1).close()
        elif word == "datagram":
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
        elif word == "socket":
            socket.socket(socket.AF_UNIX).connect(at)
        elif word == "run":
            subprocess.run([at], check=True)
        elif word == "trace":
            ctypes.set_errno(0)
            if ctypes.CDLL(None, use_errno=True).ptrace(16, int(at), 0, 0):
                return os.strerror(ctypes.get_errno())
        elif word == "signal":
            os.kill(int(at), 0)
        elif word == "read":
            Path(at).read_bytes()
    except OSError as error:
        return str(error.strerror)
    return "done"


def attempts(*wishes: str, writable: tuple[Path, ...] | None = ()) -> dict[str, str | None]:
    finished: list[Finished[str, str]] = list(
        run_guarded(attempt, wishes, workers=1, seconds=30, memory_mb=400, writable=writable)
    )
    if writable is not None:
        for one in finished:
            assert one.confinement is not None
            if not one.confinement.is_whole:
                pytest.skip(f"this kernel confines no process: {one.confinement.said()}")
    return {one.task: one.result for one in finished}


def test_a_worker_opens_no_socket(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        wishes = (f"connect {port}", "datagram", f"socket {tmp_path}/daemon")
        assert attempts(f"connect {port}", writable=None) == {f"connect {port}": "done"}, "unconfined it can"
        assert set(attempts(*wishes).values()) == {"Permission denied"}


def test_a_worker_writes_where_its_results_go_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    register = put(tmp_path / "raw" / "register.csv", "path\n")
    forbidden = (
        f"write {tmp_path}/raw/new.pdf",
        f"append {register}",
        f"delete {register}",
        f"link {tmp_path}/link",
        f"rename {register}",
    )
    allowed = (f"write {tmp_path}/lake/a.parquet", f"rename {tmp_path}/lake/a.parquet", "write /dev/null")
    done = attempts(*forbidden, *allowed, f"read {register}", writable=(tmp_path / "lake",))
    assert {done[wish] for wish in forbidden} == {"Permission denied"}
    assert {done[wish] for wish in (*allowed, f"read {register}")} == {"done"}
    assert register.read_text(encoding="utf-8") == "path\n"


def test_a_worker_starts_no_program_and_meddles_with_no_process() -> None:
    refused = attempts("run /bin/true", f"trace {os.getpid()}", f"signal {os.getpid()}")
    assert refused["run /bin/true"] == refused[f"trace {os.getpid()}"] == "Permission denied"
    # Landlock guards signals since its version 6.
    assert refused[f"signal {os.getpid()}"] in {"Operation not permitted", "done"}


def understand_hostile(path: Path, file: FoundFile, max_pages: int) -> Understanding:
    """A reader that a document has taken over, which reports to its master first."""
    outcomes = [attempt(f"write {path.with_name('owned.pdf')}"), attempt("datagram")]
    if outcomes != ["Permission denied"] * 2:
        raise ValueError(f"reached the world: {outcomes}")
    return understand_fake(path, file, max_pages)


def test_documents_are_read_confined_and_it_is_told(tmp_path: Path) -> None:
    put(tmp_path / "raw" / "a.pdf", "2023\n1.00\n")
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data", workers=1)
    inventory = take_inventory(settings.raw)
    lake = Lake(settings.lake)
    lake.prepare()
    write_inventory(lake, inventory)
    (read,) = read_documents(settings, inventory, inventory.files, understand=understand_hostile)
    if "not in force" in read.confinement:
        pytest.skip(read.confinement)
    assert read.confinement == "no network, writes nothing but its results, starts no program"
    assert (read.outcome, read.message) == ("read", "")
    assert lake.holds(read.document_id)


def test_what_the_kernel_has_not_is_told_and_hinders_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confinement, "_restrict_files", lambda libc, writable: "Landlock: not implemented")
    monkeypatch.setattr(confinement, "_refuse_calls", lambda libc: "")
    monkeypatch.setattr(confinement.ctypes.CDLL(None).__class__, "prctl", lambda *_: 0, raising=False)
    found = confine(())
    assert found == Confinement(True, False, True, "files: Landlock: not implemented")
    assert found.said() == ("no network, starts no program (not in force: files: Landlock: not implemented)")
    assert not found.is_whole
