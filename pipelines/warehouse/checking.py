"""Asking the suites of what a build made, in a process of its own that gets ready while dbt is at work.

Great Expectations takes seconds to load, keeps its connection to the file, and a quarter of a gigabyte; all
of it goes with the process.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pipelines.settings import Settings
from pipelines.warehouse.expectations_runner import SuiteOutcome, load_great_expectations, run_suites
from pipelines.warehouse.pool import Failure, WorkersEndError, run_guarded

# The checks read our own file, not an untrusted one: these only end what would never end. The time is that
# from before dbt begins, which takes longer the more there is.
CHECK_SECONDS = 12 * 3600.0
CHECK_MEMORY_MB = 8000
#: How often the process looks whether what it waits for is there.
LOOK_SECONDS = 0.05


class ChecksEndError(RuntimeError):
    """The checks themselves broke: nothing is known of the data."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks said of a built warehouse: reasons not to publish it, rules asked, rules broken."""

    stops: tuple[str, ...]
    n_checks: int
    n_broken: int


@dataclass(frozen=True, slots=True)
class CheckTask:
    """A warehouse to be checked once it is built; Data Docs go into ``folder``.

    The process waits while the file ``waiting`` is there, and asks if ``wanted`` still is when it is not: a
    file can be taken away on a full disk, too.
    """

    built: Path
    folder: Path
    expectations: Path

    @property
    def waiting(self) -> Path:
        """There until the warehouse is built, or will not be."""
        return self.folder / "checks.waiting"

    @property
    def wanted(self) -> Path:
        """There unless the warehouse will not be built."""
        return self.folder / "checks.wanted"


class Checks:
    """The checks of one build. Entered, their process starts to get ready; left, it has ended.

    Where the program itself is being ended (Ctrl-C), so is their process, with it.
    """

    def __init__(self, settings: Settings, built: Path, folder: Path) -> None:
        self._task = CheckTask(built, folder, settings.expectations)
        self._outcomes: list[SuiteOutcome] | None = None
        self._failed = "no result"
        # It ends with the process: nobody who breaks a build off waits for the checks.
        self._thread = threading.Thread(target=self._run, name="checks", daemon=True)

    def __enter__(self) -> Checks:
        self._task.wanted.touch()
        self._task.waiting.touch()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.wanted.unlink(missing_ok=True)
        self._task.waiting.unlink(missing_ok=True)
        if kind is None or issubclass(kind, Exception):
            self._thread.join()

    def outcomes(self) -> list[SuiteOutcome]:
        """What the suites say of the warehouse, which is built now.

        Raises ``ChecksEndError`` when the checks themselves break.
        """
        self._task.waiting.unlink(missing_ok=True)
        self._thread.join()
        if self._outcomes is None:
            raise ChecksEndError(self._failed)
        return self._outcomes

    def _run(self) -> None:
        try:
            (finished,) = run_guarded(
                ask_in_process, [self._task], workers=1, seconds=CHECK_SECONDS, memory_mb=CHECK_MEMORY_MB
            )
        except (WorkersEndError, OSError) as error:
            self._failed = str(error)
            return
        self._outcomes = finished.result
        if isinstance(finished.failure, Failure):
            self._failed = finished.failure.message


def ask_in_process(task: CheckTask) -> list[SuiteOutcome]:
    """Ask the suites of what is built, when it is; runs in a worker. Nothing where it is not built."""
    load_great_expectations()
    while task.waiting.exists():
        time.sleep(LOOK_SECONDS)
    if not task.wanted.exists():
        return []
    return run_suites(task.built, task.folder, expectations=task.expectations)


def ask_suites(settings: Settings, built: Path, folder: Path) -> list[SuiteOutcome]:
    """Ask all suites of a warehouse that is built, and write Data Docs into ``folder``.

    Raises ``ChecksEndError`` when the checks themselves break.
    """
    with Checks(settings, built, folder) as checks:
        return checks.outcomes()


def checked_outcome(outcomes: Iterable[SuiteOutcome]) -> Checked:
    """What suites say of publishing: reasons against it, how many rules ran, how many are broken."""
    suites = list(outcomes)
    rules = [outcome for suite in suites for outcome in suite.expectations]
    return Checked(
        stops=tuple(reason for suite in suites for reason in suite.stops),
        n_checks=len(rules),
        n_broken=sum(not outcome.success for outcome in rules),
    )
