"""The end of ``juesuan build``: what a person can act on."""

from __future__ import annotations

import shlex
from collections import Counter
from itertools import groupby

from rich.console import Console

from pipelines.cli.terminal import line, output
from pipelines.settings import Settings
from pipelines.warehouse.build import Built
from pipelines.warehouse.remedies import REMEDIES
from pipelines.warehouse.summary import Summary

# Set-aside documents told one by one; the rest are counted by reason and can be queried.
LISTED = 20


def report(settings: Settings, built: Built, console: Console | None = None) -> None:
    """Print what was read, what was not and why, what the checks say, and what to do next."""
    console = console or output()
    summary = built.summary
    n_set_aside = len(summary.set_aside)
    console.print()
    for message in built.register_problems:
        line(console, "register", message)
    n_read = summary.n_read + summary.n_read_in_part
    in_part = f" ({summary.n_read_in_part} in part)" if summary.n_read_in_part else ""
    now = f"{len(built.documents)} now, {built.n_unchanged} before"
    excluded = f", {len(summary.excluded)} excluded by a reviewer" if summary.excluded else ""
    read = f"{n_read} read{in_part}, {n_set_aside} set aside{excluded} ({now}); {summary.n_pages:,} pages"
    line(console, "documents", read)
    for duplicate in summary.duplicates[:LISTED]:
        text = f"{duplicate.source_path}: the same bytes as {duplicate.read_from}, counted once"
        line(console, "same bytes", text)
    if len(summary.duplicates) > LISTED:
        line(console, "", f"and {len(summary.duplicates) - LISTED} more files with the same bytes as another")
    _report_set_aside(summary, console)
    not_understood = (
        f", {summary.n_tables_not_understood} tables not understood"
        if summary.n_tables_not_understood
        else ""
    )
    line(
        console,
        "statements",
        f"{summary.n_statements} recognised, {summary.n_stated_empty} of them stated empty{not_understood}",
    )
    line(console, "amounts", _amounts(summary))
    if summary.verdicts:
        verdicts = ", ".join(f"{count:,} {verdict}" for verdict, count in summary.verdicts.items())
        line(console, "identities", verdicts, "yellow" if summary.verdicts.get("violated") else "")
    if summary.findings is not None:
        line(console, "findings", f"{summary.findings:,}")
    state = "published" if built.published else "was up to date"
    line(console, "warehouse", f"{settings.warehouse} ({state})", "bold", copied=True)
    if settings.data_docs.is_dir():
        line(console, "data docs", str(settings.data_docs / "index.html"), copied=True)
    line(console, "next", _next_command(settings, summary), "bold", copied=True)


def _report_set_aside(summary: Summary, console: Console) -> None:
    """Each document that is not in the warehouse with its reason, and per reason what can be done."""
    by_reason = sorted(summary.set_aside, key=lambda document: (document.reason, document.source_path))
    for reason, group in groupby(by_reason[:LISTED], key=lambda document: document.reason):
        for document in group:
            text = f"{document.source_path}: {document.message} [{reason}]"
            line(console, "set aside", text, "yellow")
        if reason in REMEDIES:
            line(console, "", f"→ {REMEDIES[reason]}")
    if len(by_reason) > LISTED:
        counts = Counter(document.reason for document in by_reason[LISTED:])
        rest = ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))
        line(console, "", f"and {len(by_reason) - LISTED} more: {rest}; all of them: juesuan query set-aside")
    if summary.n_read_in_part:
        line(console, "", "pages that are missing in documents read in part: juesuan query set-aside")


def _amounts(summary: Summary) -> str:
    text = f"{summary.n_amounts:,} printed amounts, each with page and cell"
    if summary.share_understood is not None:
        text += f"; {summary.share_understood:.2%} of the amount-like cells in statements understood"
    if summary.cells_listed:
        text += f", {summary.cells_listed:,} listed as not understood"
    return text


def _next_command(settings: Settings, summary: Summary) -> str:
    """The command to try next, as it can be pasted into a shell."""
    is_usual = settings.data.name == "data" and settings.data.parent.samefile(".")
    data = "" if is_usual else f" --data {shlex.quote(str(settings.data))}"
    if summary.set_aside:
        return f"juesuan inspect {shlex.quote(str(settings.raw / summary.set_aside[0].source_path))}"
    name = "findings" if summary.findings else "departments"
    return f"juesuan query {name}{data}"
