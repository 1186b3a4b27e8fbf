"""``juesuan acquire``: fetch what the sites of the register publish, or take in what others fetched."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.console import Console
from rich.text import Text

from pipelines.acquisition.acquire import Acquired, SiteReport, acquire
from pipelines.acquisition.intake import IntakeError, take_in
from pipelines.acquisition.journal import JournalError, Result
from pipelines.acquisition.sources import Sources, SourcesError, read_sources
from pipelines.acquisition.store import AcquisitionBusyError
from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import line, messages, output
from pipelines.settings import Settings

# Troubles of a site told one by one; the journal has all.
LISTED = 20
# What is counted on a site's line, in this order, and how it is called there.
_COUNTED: dict[Result, str] = {
    "taken": "new",
    "changed": "changed",
    "kept": "kept but not read yet",
    "same": "unchanged",
    "back": "back",
    "vanished": "vanished",
    "unlinked": "linked nowhere any more",
    "refused": "refused",
    "failed": "failed",
    "not_asked": "not asked for",
    "resting": "refused lately and not asked again yet",
}


def acquire_sites(settings: Settings, ids: tuple[str, ...]) -> ExitCode:
    """Fetch from the sites named, else from all that are switched on; returns the exit status."""
    try:
        sources = read_sources(settings.sources)
        sites = sources.chosen(ids)
    except SourcesError as error:
        return _complain(str(error))
    if not sites:
        return _complain(
            f"no site in {settings.sources} is switched on: name one (juesuan acquire --list), or set "
            "enabled: true in its file"
        )
    progress = messages()
    line(progress, "asking", f"{len(sites)} sites: {', '.join(site.id for site in sites)}")

    def tell(report: SiteReport) -> None:
        line(progress, "done", f"{report.site}: {report.requests} requests")

    try:
        acquired = acquire(settings.raw, sources, sites, on_site=tell)
    except AcquisitionBusyError as error:
        return _complain(str(error), ExitCode.BUSY)
    except OSError as error:
        return _cannot_write(error)
    return report(settings, acquired)


def take_in_from(settings: Settings, source: Path) -> ExitCode:
    """Take in a folder, ZIP or WARC; returns the exit status."""
    try:
        acquired = take_in(settings.raw, source)
    except (IntakeError, JournalError) as error:
        return _complain(str(error))
    except AcquisitionBusyError as error:
        return _complain(str(error), ExitCode.BUSY)
    except OSError as error:
        return _cannot_write(error)
    return report(settings, acquired)


def list_sites(settings: Settings) -> ExitCode:
    """Print the register of sites; returns the exit status."""
    try:
        sources: Sources = read_sources(settings.sources)
    except SourcesError as error:
        return _complain(str(error))
    console = output()
    for site in sources.sites:
        state = "on" if site.enabled else "off"
        console.print(f"{site.id}  {state}  {site.region_code}  {site.name}", markup=False)
        for rule in site.lists:
            console.print(f"    {rule.address}", markup=False)
    return ExitCode.DONE


def report(settings: Settings, acquired: Acquired, console: Console | None = None) -> ExitCode:
    """Print what a run did, what was not got and why, and what to do next; returns the exit status."""
    console = console or output()
    for site in acquired.sites:
        if site.error:
            line(console, "site", f"{site.site}: {site.error}", "red")
            continue
        counts = ", ".join(
            f"{site.counts[result]} {word}" for result, word in _COUNTED.items() if site.counts[result]
        )
        pages = site.counts["page"]
        seen = f" ({pages} pages read)" if pages else ""
        line(console, "site", f"{site.site} {site.name}: {counts or 'nothing'}{seen}")
        for entry in site.troubles[:LISTED]:
            line(console, "", f"{_COUNTED[entry.result]}: {entry.address}: {entry.said}", "yellow")
        if len(site.troubles) > LISTED:
            line(console, "", f"and {len(site.troubles) - LISTED} more in the journal")
        if not site.is_complete:
            line(console, "", "not all pages were seen, so nothing counts as taken off the site")
    folder = settings.raw / "acquired"
    line(console, "registered", f"{acquired.registered} PDFs in {folder / 'register.csv'}", copied=True)
    line(console, "journal", str(folder / "journal" / "*" / f"{acquired.run}.jsonl"), copied=True)
    usual = settings.raw.name == "raw" and settings.raw.parent == Path.cwd()
    line(
        console,
        "next",
        "juesuan build" + ("" if usual else f" --raw {shlex.quote(str(settings.raw))}"),
        "bold",
    )
    if acquired.is_failed:
        return ExitCode.FAILED
    return ExitCode.SET_ASIDE if acquired.has_trouble else ExitCode.DONE


def _cannot_write(error: OSError) -> ExitCode:
    place = f" ({error.filename})" if error.filename else ""
    what = f"acquire failed: {error.strerror or error}{place}; what was fetched before is kept, run it again"
    return _complain(what, ExitCode.FAILED)


def _complain(message: str, code: ExitCode = ExitCode.USAGE) -> ExitCode:
    messages().print(Text.assemble(("juesuan: ", "bold red"), message))
    return code
