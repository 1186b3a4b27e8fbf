"""``juesuan release`` and ``juesuan verify``: make a release, check one, say what came of it."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import duckdb
from rich.text import Text

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import line, messages, output
from pipelines.oversight.release.layout import SYNTHETIC, ReleaseError
from pipelines.oversight.release.making import make_release
from pipelines.oversight.release.verifying import verify_release
from pipelines.settings import Settings
from pipelines.warehouse.locking import BuildBusyError, DataFolderError


def make(settings: Settings, *, to: Path | None, date: datetime.date | None, since: Path | None) -> ExitCode:
    """Make a release and print where it is, its digest and what changed; returns the exit status."""
    try:
        made = make_release(settings, to=to, date=date, since=since)
    except ReleaseError as error:
        return _complain(str(error), ExitCode.FAILED)
    except duckdb.Error as error:
        return _complain(f"{settings.warehouse} cannot be released: {error}", ExitCode.FAILED)
    except DataFolderError as error:
        return _complain(str(error), ExitCode.USAGE)
    except BuildBusyError as error:
        return _complain(str(error), ExitCode.BUSY)
    except OSError as error:
        return _complain(f"the release cannot be written: {error}", ExitCode.FAILED)
    console = output()
    told = f"{made.date}, {made.n_files} files, {made.n_bytes / 2**20:.1f} MB"
    line(console, "release", told if made.is_new else f"{told}; it was there already, byte for byte")
    line(console, "folder", str(made.folder), "bold", copied=True)
    line(console, "digest", made.digest, copied=True)
    changed = (
        f"{made.n_changes:,} figures since {made.last_release}" if made.last_release else "no release before"
    )
    line(console, "changes", changed)
    if made.n_specimens:
        line(console, "specimens", f"{made.n_specimens:,} of its documents are {SYNTHETIC}", "yellow")
    line(console, "verify", f"juesuan verify {made.folder} --digest {made.digest}", copied=True)
    return ExitCode.DONE


def check(folder: Path, *, digest: str, raw: Path | None) -> ExitCode:
    """Verify a release and print what is wrong with it; returns the exit status."""
    if not folder.is_dir():
        return _complain(f"there is no folder {folder}", ExitCode.USAGE)
    if raw is not None and not raw.is_dir():
        return _complain(f"there is no folder {raw}", ExitCode.USAGE)
    if digest and not re.fullmatch(r"[0-9a-fA-F]{64}", digest):
        return _complain(f"a digest is 64 hex digits, not {digest!r}", ExitCode.USAGE)
    try:
        problems = verify_release(folder, digest=digest, raw=raw)
    except ReleaseError as error:
        return _complain(str(error), ExitCode.FAILED)
    console = output()
    for problem in problems:
        line(console, problem.kind, f"{problem.path}: {problem.message}", "red")
    if problems:
        return _complain(f"{folder} is not as it was released: {len(problems)} problem(s)", ExitCode.FAILED)
    line(console, "verified", f"{folder} is as it was released", "bold")
    return ExitCode.DONE


def _complain(message: str, code: ExitCode) -> ExitCode:
    messages().print(Text.assemble(("juesuan: ", "bold red"), message))
    return code
