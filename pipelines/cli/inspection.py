"""``juesuan inspect``: what one PDF holds, on one screen or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import fitting, line, messages, output
from pipelines.settings import Settings
from pipelines.statements.model import Identification, Statement
from pipelines.warehouse.identities import IdentityResult
from pipelines.warehouse.inspection import Inspected, inspect_document, main_total

# Verdicts a person should look at, told one by one.
TOLD = ("violated", "improbable")
# Notes and verdicts printed; the rest are counted, and --json has all of them.
LISTED = 30


def inspect_file(
    settings: Settings, file: Path, *, picture: Path | None, page: int, as_json: bool
) -> ExitCode:
    """Inspect one PDF and print what was found; returns the exit status."""
    found = inspect_document(settings, file, picture_page=page if picture else None)
    if as_json:
        output().print(json.dumps(as_record(found), ensure_ascii=False, indent=2, default=str), markup=False)
    else:
        show(found, output())
    if picture and found.picture:
        picture.write_bytes(found.picture)
        messages().print(Text(f"page {page} drawn to {picture}"))
    return ExitCode.SET_ASIDE if found.outcome == "set_aside" else ExitCode.DONE


def as_record(found: Inspected) -> dict[str, Any]:
    """Everything found, for ``--json``: amounts as strings, so that none passes through a float."""
    return {
        "file": found.file.source_path,
        "document_id": found.file.document_id,
        "outcome": found.outcome,
        "problems": [asdict(problem) for problem in found.problems],
        "pages": found.page_count,
        "producer": found.producer,
        "is_scanned": found.is_scanned,
        "identification": asdict(found.understood.identification),
        "printed": asdict(found.printed),
        "statements": [asdict(statement) for statement in found.understood.statements],
        "line_items": [asdict(item) for item in found.understood.line_items],
        "claims": [asdict(claim) for claim in found.understood.claims],
        "notes": [asdict(note) for note in found.understood.notes],
        "identities": [asdict(result) for result in found.identities],
        "coverage": asdict(found.coverage),
    }


def show(found: Inspected, console: Console) -> None:
    """Print what was found for a person."""
    what = found.understood.identification
    line(console, "file", f"{found.file.source_path}  [{found.file.document_id}]")
    line(console, "document", _describe(what) or "not said which department, year and kind", "bold")
    registered = found.file.registered
    if registered.department and registered.department != found.printed.department_name:
        line(
            console,
            "",
            f"registered as {registered.department}; prints {found.printed.department_name or '—'}",
        )
    scanned = ", a scan" if found.is_scanned else ""
    line(console, "pages", f"{found.page_count}{scanned}; made by {found.producer or 'unknown'}")
    for problem in found.problems:
        place = f"page {problem.page}: " if problem.page else ""
        line(
            console, found.outcome.replace("_", " "), f"{place}{problem.message} [{problem.reason}]", "yellow"
        )
    if found.understood.statements:
        console.print()
        console.print(
            fitting(
                ("", "statement", "printed title", "pages", "unit", "rows", "amounts", "total, yuan"),
                [_statement_row(found, statement) for statement in found.understood.statements],
                console.width,
            )
        )
    console.print()
    _show_amounts(found, console)
    _show_identities(found, console)
    _show_notes(found, console)


def _show_amounts(found: Inspected, console: Console) -> None:
    coverage = found.coverage
    text = f"{len(found.understood.line_items):,} printed amounts"
    total = coverage.in_amounts + coverage.listed + coverage.elsewhere
    if total:
        text += f"; of {total:,} cells printed like amounts {coverage.in_amounts:,} are among them"
        text += f", {coverage.listed:,} listed below, {coverage.elsewhere:,} in tables that are no statement"
    line(console, "amounts", text)
    if found.understood.claims:
        line(console, "claims", f"{len(found.understood.claims):,} in the narrative")


def _show_identities(found: Inspected, console: Console) -> None:
    counts = Counter(result.verdict for result in found.identities)
    if not counts:
        return
    line(
        console, "identities", ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(counts.items()))
    )
    told = [result for result in found.identities if result.verdict in TOLD]
    for result in told[:LISTED]:
        line(
            console,
            f"  {result.verdict}",
            _identity(result),
            "red" if result.verdict == "violated" else "yellow",
        )
    if len(told) > LISTED:
        line(console, "", f"and {len(told) - LISTED} more (--json has all)")


def _identity(result: IdentityResult) -> str:
    place = f"page {result.page}, " if result.page else ""
    key = f" [{result.key}]" if result.key else ""
    return (
        f"{place}{result.title_zh}{key}: printed {result.reported_yuan:,}, the other figures give "
        f"{result.expected_yuan:,}, difference {result.difference_yuan:,} ({result.identity_id})"
    )


def _show_notes(found: Inspected, console: Console) -> None:
    notes = found.understood.notes
    for note in notes[:LISTED]:
        place = f"page {note.page}: " if note.page else ""
        printed = " ".join(note.text.split())
        text = f" “{printed[:80]}”" if printed and printed not in note.message else ""
        line(
            console, "note", f"{place}{note.message}{text}", "yellow" if "not_understood" in note.kind else ""
        )
    if len(notes) > LISTED:
        line(console, "", f"and {len(notes) - LISTED} more (--json has all)")


def _statement_row(found: Inspected, statement: Statement) -> tuple[object, ...]:
    pages = str(statement.first_page)
    if statement.last_page != statement.first_page:
        pages += f"–{statement.last_page}"
    total = main_total(found.understood.line_items, statement.statement_number)
    return (
        statement.statement_number,
        statement.statement_id,
        statement.title_printed,
        pages,
        statement.unit,
        statement.n_rows,
        "stated empty" if statement.is_stated_empty else str(statement.n_amounts),
        total.amount_yuan if total else None,
    )


def _describe(what: Identification) -> str:
    kind = {"budget": "部门预算 budget", "final_accounts": "部门决算 final accounts"}.get(what.kind or "", "")
    level = f"({what.level})" if what.level else ""
    parts = (what.department_name, str(what.fiscal_year or ""), kind, level, what.region_code)
    return " ".join(part for part in parts if part)
