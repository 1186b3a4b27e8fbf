"""``juesuan status``, ``alerts`` and ``tidy``, and what a build leaves for them."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict

from rich.console import Console

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import line, messages, output
from pipelines.operations.channels import channels_of
from pipelines.operations.composing import build_failed, trial
from pipelines.operations.failed_build import forget_failure, remember_failure
from pipelines.operations.outbox import Outbox
from pipelines.operations.status import Status, by_reason, collect_status
from pipelines.operations.status_page import page_of, write_status_page
from pipelines.operations.tidying import tidy_folders
from pipelines.settings import Settings, SettingsError, alert_settings
from pipelines.warehouse.locking import BuildBusyError, DataFolderError

# Partitions told one by one.
LISTED = 20


def show_status(settings: Settings, *, as_json: bool = False, page: bool = False) -> ExitCode:
    """Print how things stand; ``page`` also writes ``data/status.html``. FAILED where a person is needed."""
    status = collect_status(settings)
    if as_json:
        content = {**asdict(status), "needs_a_person": status.needs_a_person}
        print(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        _print(status, output())
    if page:
        messages().print(f"wrote {write_status_page(settings, status)}", markup=False)
    return ExitCode.FAILED if status.needs_a_person else ExitCode.DONE


def _print(status: Status, console: Console) -> None:
    for said in status.needs_a_person:
        line(console, "attention", said, "bold red")
    good = status.good
    if good is None:
        line(console, "last build", "none is published")
    else:
        current = {
            None: "it has no record of what it was built from",
            True: "up to date with the lake",
            False: "the lake or the code is newer than it: juesuan build",
        }[good.is_current]
        line(console, "last build", f"{good.published_at}, {good.documents:,} documents; {current}")
        line(console, "", good.path, copied=True)
        if good.versions:
            made = ", ".join(f"{name} {version}" for name, version in good.versions.items())
            line(console, "made with", f"{made}; build {good.build_version}")
    for failing in status.failing:
        line(console, "failed", f"{failing.at} {failing.what}: {failing.why}", "red")
        line(console, "", f"→ {failing.do_en}")
        if failing.link:
            line(console, "", failing.link, copied=True)
    for stale in status.stale[:LISTED]:
        line(
            console,
            "not read",
            f"{stale.partition}: {stale.files} file(s), such as {stale.example}",
            "yellow",
        )
    if len(status.stale) > LISTED:
        line(console, "", f"and {len(status.stale) - LISTED} more partitions")
    if status.gone:
        line(
            console,
            "gone",
            f"{status.gone} file(s) left the raw folder; the next build notes it",
        )
    if not (status.stale or status.gone):
        line(console, "to be read", "nothing: the lake holds every file of the raw folder")
    if status.of_older_version:
        said = (
            f"{status.of_older_version:,} of {status.held:,} documents count as an older extractor read them"
        )
        line(console, "older", f"{said}: juesuan try-reader compares", "yellow")
    reasons = ", ".join(f"{count} {reason}" for reason, count in by_reason(status.set_aside).items())
    waiting = [("documents set aside", len(status.set_aside), f"{reasons}: juesuan query set-aside")]
    waiting += [(one.en, one.count, one.look) for one in status.waiting]
    for what, count, look in waiting:
        if count:
            line(console, "waits", f"{count:,} {what}: {look}")
    if not any(count for _, count, _ in waiting):
        line(console, "waits", "nothing waits for a person")
    for one in status.automations:
        line(console, one.kind, f"{one.name} is {'on' if one.is_on else 'off'}; {one.last_tick}".rstrip("; "))
    channels = ", ".join(status.alerts.channels) or "no channel is configured"
    line(console, "alerts", f"{channels}; {status.alerts.waiting} waiting")
    sizes = ", ".join(
        f"{place.name} {'≥ ' if place.at_least else ''}{place.megabytes:,.1f}" for place in status.places
    )
    line(console, "disk", f"{status.free_megabytes:,.0f} MB free ({status.free_share:.0%}); MB: {sizes}")
    line(console, "locks", "; ".join(f"{lock.what}: {lock.by}" for lock in status.locks) or "none is held")
    line(console, "workers", status.confinement)
    for said in status.unknown:
        line(console, "unknown", said, "yellow")


def send_alerts(settings: Settings, *, test: bool = False) -> ExitCode:
    """Send what waits, or with ``test`` a trial message, and say what each channel answered."""
    console = messages()
    try:
        channels = channels_of(alert_settings())
    except SettingsError as error:
        console.print(f"juesuan: {error}", style="bold red", markup=False)
        return ExitCode.USAGE
    if not channels:
        console.print(
            "juesuan: no channel is configured (JUESUAN_ALERT_SMTP, JUESUAN_ALERT_HOOK)", markup=False
        )
        return ExitCode.USAGE
    if not test:
        delivered = Outbox.of(settings.data).deliver(channels)
        line(output(), "alerts", f"{delivered.sent} sent, {delivered.waiting} waiting")
        for trouble in delivered.troubles:
            line(output(), "trouble", trouble, "red")
        return ExitCode.FAILED if delivered.troubles else ExitCode.DONE
    code = ExitCode.DONE
    for channel in channels:
        try:
            channel.send(trial())
        except Exception as error:  # the others are tried all the same
            line(output(), "trouble", str(error), "red")
            code = ExitCode.FAILED
        else:
            line(output(), "sent", f"a trial message through {channel.name}")
    return code


def make_room(settings: Settings, days: int) -> ExitCode:
    """Take leftovers away and list them; BUSY while a build is at work."""
    try:
        tidied = tidy_folders(settings, days=days)
    except (BuildBusyError, DataFolderError) as error:
        messages().print(f"juesuan: {error}", style="bold red", markup=False)
        return ExitCode.BUSY if isinstance(error, BuildBusyError) else ExitCode.USAGE
    for name in tidied.removed:
        line(output(), "removed", name)
    line(output(), "freed", f"{tidied.freed / 2**20:,.1f} MB")
    return ExitCode.DONE


def note_failure(settings: Settings, stage: str, said: str, *, alert: bool = False) -> None:
    """Keep a build's failure for the status, bring its page up to date, and tell of it where asked to."""
    failed = remember_failure(settings, stage, said)
    _draw_page(settings)
    if not alert:
        return
    try:
        channels = channels_of(alert_settings())
        if not channels:
            messages().print("no alert was sent: no channel is configured", markup=False)
            return
        outbox = Outbox.of(settings.data)
        outbox.put([build_failed(failed.stage, failed.said, failed.at)])
        for trouble in outbox.deliver(channels).troubles:
            messages().print(f"the alert waits: {trouble}", markup=False)
    except (SettingsError, OSError) as error:
        messages().print(f"no alert was sent: {error}", markup=False)


def note_success(settings: Settings, *, has_changed: bool) -> None:
    """A build has succeeded: the page says so, unless it said so before and nothing has changed."""
    forgotten = forget_failure(settings)
    if has_changed or forgotten or not page_of(settings).is_file():
        _draw_page(settings)


def _draw_page(settings: Settings) -> None:
    with contextlib.suppress(OSError):  # a full disk, which is told already
        write_status_page(settings, collect_status(settings))
