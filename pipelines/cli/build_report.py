"""The end of ``juesuan build``: what a person can act on."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.text import Text

from pipelines.cli.terminal import output
from pipelines.settings import Settings
from pipelines.warehouse.build import Built
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
        _line(console, "register", message)
    n_read = summary.n_read + summary.n_read_in_part
    in_part = f" ({summary.n_read_in_part} in part)" if summary.n_read_in_part else ""
    now = f"{len(built.documents)} now, {built.n_unchanged} before"
    read = f"{n_read} read{in_part}, {n_set_aside} set aside ({now}); {summary.n_pages:,} pages"
    _line(console, "documents", read)
    if summary.n_files > summary.n_documents:
        _line(console, "", f"{summary.n_files - summary.n_documents} file(s) hold the same bytes as another")
    for document in summary.set_aside[:LISTED]:
        _line(
            console, "set aside", f"{document.source_path}: {document.message} [{document.reason}]", "yellow"
        )
    if n_set_aside > LISTED:
        counts = Counter(document.reason for document in summary.set_aside[LISTED:])
        rest = ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))
        _line(console, "", f"and {n_set_aside - LISTED} more: {rest}", "yellow")
    not_understood = (
        f", {summary.n_tables_not_understood} tables not understood"
        if summary.n_tables_not_understood
        else ""
    )
    _line(
        console,
        "statements",
        f"{summary.n_statements} recognised, {summary.n_stated_empty} of them stated empty{not_understood}",
    )
    _line(console, "amounts", _amounts(summary))
    if summary.verdicts:
        verdicts = ", ".join(f"{count:,} {verdict}" for verdict, count in summary.verdicts.items())
        _line(console, "identities", verdicts, "yellow" if summary.verdicts.get("violated") else "")
    if summary.findings is not None:
        _line(console, "findings", f"{summary.findings:,}")
    state = "published" if built.published else "was up to date"
    _line(console, "warehouse", f"{settings.warehouse} ({state})", "bold")
    if settings.data_docs.is_dir():
        _line(console, "data docs", str(settings.data_docs / "index.html"))
    _line(console, "next", _next_command(settings, summary), "bold")


def _amounts(summary: Summary) -> str:
    text = f"{summary.n_amounts:,} printed amounts, each with page and cell"
    if summary.share_understood is not None:
        text += f"; {summary.share_understood:.2%} of the amount-like cells in statements understood"
    if summary.cells_listed:
        text += f", {summary.cells_listed:,} listed as not understood"
    return text


def _next_command(settings: Settings, summary: Summary) -> str:
    data = (
        ""
        if settings.data.name == "data" and settings.data.parent.samefile(".")
        else f" --data {settings.data}"
    )
    if summary.set_aside:
        return f"juesuan inspect {settings.raw / summary.set_aside[0].source_path}"
    name = "findings" if summary.findings else "departments"
    return f"juesuan query {name}{data}"


def _line(console: Console, label: str, text: str, style: str = "") -> None:
    console.print(Text.assemble((f"{label:<11}", "dim"), (text, style)))
