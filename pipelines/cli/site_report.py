"""``juesuan site``: make the comparison site, say what it consists of, serve it."""

from __future__ import annotations

from rich.text import Text

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import line, messages, output
from pipelines.oversight.serving import serve
from pipelines.oversight.site import SiteError, build_site
from pipelines.settings import Settings
from pipelines.warehouse.locking import BuildBusyError, DataFolderError


def make_site(settings: Settings, *, specimens: bool, port: int | None) -> ExitCode:
    """Make the site and, with a ``port``, serve it until interrupted; returns the exit status."""
    try:
        written = build_site(settings, with_specimens=specimens)
    except SiteError as error:
        return _complain(str(error), ExitCode.FAILED)
    except DataFolderError as error:
        return _complain(str(error), ExitCode.USAGE)
    except BuildBusyError as error:
        return _complain(str(error), ExitCode.BUSY)
    console = output()
    line(
        console,
        "site",
        f"{written.n_files} files, {written.n_bytes / 2**20:.1f} MB; {written.n_changed} new or changed, "
        f"{written.n_removed} removed; {written.n_units} departments and codes made",
    )
    line(console, "folder", str(settings.site), "bold", copied=True)
    if port is None:
        return ExitCode.DONE
    try:
        serve(
            settings.site, port, lambda address: line(console, "open", f"{address} (Ctrl-C ends it)", "bold")
        )
    except KeyboardInterrupt:
        return ExitCode.DONE
    except OSError as error:
        return _complain(
            f"cannot serve on port {port}: {error.strerror or error}; choose another with --port"
        )
    return ExitCode.DONE


def _complain(message: str, code: ExitCode = ExitCode.USAGE) -> ExitCode:
    messages().print(Text.assemble(("juesuan: ", "bold red"), message))
    return code
