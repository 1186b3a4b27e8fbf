"""PostgreSQL and Redis of Debian's packages, started for a test and ended with it; on unix sockets only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# All tests with servers run in one worker, which starts them once.
GROUP = "cluster"
START_SECONDS = 120


@dataclass(frozen=True)
class Servers:
    """Where the servers are reached: a folder with PostgreSQL's socket, and Celery's address of Redis."""

    postgres: Path
    broker: str

    def postgres_url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.postgres}"

    def libpq(self, database: str) -> str:
        return f"dbname={database} user=postgres host={self.postgres}"


def missing() -> str:
    """Why the servers are not started here; empty where they are."""
    if not _postgres_programs():
        return "PostgreSQL is not installed (Debian's package postgresql)"
    if not shutil.which("redis-server"):
        return "Redis is not installed (Debian's package redis-server)"
    return ""


@contextmanager
def running(databases: Sequence[str]) -> Iterator[Servers]:
    """Start both servers with empty databases of those names."""
    programs = _postgres_programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="juesuan-"))  # short: a socket's path has 107 characters at most
    processes: list[subprocess.Popen[bytes]] = []
    try:
        folder.chmod(0o755)
        account = _account_of_postgres()
        data, socket = folder / "pg", folder / "s"
        for path in (data, socket):
            path.mkdir()
            if account:
                shutil.chown(path, account, account)
        command = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync"]
        subprocess.run(_as(account, command), check=True, capture_output=True, cwd="/")
        log = (folder / "servers.log").open("wb")
        start = [str(programs / "postgres"), "-D", str(data), "-k", str(socket)]
        options = ["-c", "listen_addresses=", "-c", "fsync=off"]
        processes.append(_start(_as(account, [*start, *options]), log))
        redis = folder / "redis.sock"
        processes.append(
            _start(
                [
                    "redis-server",
                    "--port",
                    "0",
                    "--unixsocket",
                    str(redis),
                    "--save",
                    "",
                    "--dir",
                    str(folder),
                ],
                log,
            )
        )
        for database in databases:
            create = [str(programs / "createdb"), "-h", str(socket), "-U", "postgres", database]
            wait_for(
                lambda create=create: subprocess.run(create, capture_output=True).returncode == 0,  # type: ignore[misc]
                "PostgreSQL does not answer",
            )
        wait_for(redis.exists, "Redis does not answer")
        yield Servers(socket, f"redis+socket://{redis}?virtual_host=0")
    finally:
        for process in processes:
            kill(process, signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(holds: Callable[[], bool], otherwise: str, *, seconds: float = START_SECONDS) -> None:
    """Wait until something holds; fails with ``otherwise`` when it does not in time."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, otherwise
        time.sleep(0.1)


def kill(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """End a process and all it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _start(command: Sequence[str], log: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd="/")  # type: ignore[call-overload,no-any-return]


def _postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


def _account_of_postgres() -> str:
    """PostgreSQL refuses to run as root: then it runs as the account its package made."""
    return pwd.getpwnam("postgres").pw_name if os.getuid() == 0 else ""


def _as(account: str, command: Sequence[str]) -> list[str]:
    """A command as an account, ended when the process of the tests is, however that ends."""
    to = ["--reuid", account, "--regid", account, "--init-groups"] if account else []
    return ["setpriv", *to, "--pdeathsig", "TERM", "--", *command]
