"""``juesuan inspect``: what one PDF holds, on one screen or as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.inspection_index import write_index
from pipelines.cli.inspection_pages import seen_pages
from pipelines.cli.letter import write_letter
from pipelines.cli.showing import draw_page, show_cell
from pipelines.cli.terminal import fitting, line, messages, output
from pipelines.settings import Settings
from pipelines.statements.model import Identification, Statement
from pipelines.warehouse.drawing import PageDrawing, draw_pages
from pipelines.warehouse.inspection import Inspected, inspect_document, main_total
from pipelines.warehouse.remedies import REMEDIES

# How loud a finding is told.
_STYLES = {"critical": "red", "high": "red", "medium": "yellow"}
# Notes and findings printed; the rest are counted, and --json has all of them.
LISTED = 30


def inspect_file(
    settings: Settings,
    file: Path,
    *,
    picture: Path | None = None,
    pages: str = "",
    cell: str = "",
    letter: Path | None = None,
    as_json: bool = False,
) -> ExitCode:
    """Inspect one PDF and print what was found; returns the exit status.

    ``picture`` is a folder for the pages, or a ``.png`` for one page; ``pages`` chooses pages ("8",
    "5-9,12"); ``cell`` asks for one cell only; ``letter`` is a folder for the findings as a letter.
    """
    found = inspect_document(settings, file)
    if cell and found.outcome != "set_aside":
        return show_cell(settings, file, found, cell, picture)
    if as_json:
        output().print(json.dumps(as_record(found), ensure_ascii=False, indent=2, default=str), markup=False)
    else:
        show(found, output())
    if found.outcome == "set_aside":
        return ExitCode.SET_ASIDE
    if letter is not None:
        try:
            line(messages(), "letter", str(write_letter(settings, file, found, letter)), "bold", copied=True)
        except OSError as error:
            messages().print(Text.assemble(("juesuan: ", "bold red"), str(error)))
            return ExitCode.USAGE
    if picture is None:
        return ExitCode.DONE
    try:
        chosen = chosen_pages(pages, found.page_count)
        if picture.suffix.lower() == ".png":
            return draw_page(settings, file, found, chosen[0], picture)
        index = draw_index(settings, file, found, chosen, picture)
    except (ValueError, OSError) as error:
        messages().print(Text.assemble(("juesuan: ", "bold red"), str(error)))
        return ExitCode.USAGE
    line(messages(), "pictures", str(index), "bold", copied=True)
    return ExitCode.DONE


def chosen_pages(text: str, page_count: int) -> list[int]:
    """The pages that "8", "5-9" or "5-9,12" choose; all of them for an empty text.

    Raises ``ValueError`` that says what is wrong: not a page, or not one the document has.
    """
    chosen: set[int] = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        first, dash, last = part.partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise ValueError(f"--page wants 8, 5-9 or 5-9,12, not {text!r}")
        begin, end = int(first), int(last if dash else first)
        if not 1 <= begin <= end <= page_count:
            raise ValueError(f"--page {part}: the document has the pages 1 to {page_count}")
        chosen |= set(range(begin, end + 1))
    return sorted(chosen) if chosen else list(range(1, page_count + 1))


def draw_index(
    settings: Settings, file: Path, found: Inspected, numbers: Sequence[int], folder: Path
) -> Path:
    """Draw pages into ``folder`` with an HTML page that shows what was read beside them; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    turns = {frame.number: frame.turn for frame in found.pages}
    drawings = [PageDrawing(file.resolve(), number, turn=turns.get(number, 0)) for number in numbers]
    pictures: dict[int, str] = {}
    failures: dict[int, str] = {}
    for finished in draw_pages(settings, drawings):
        number = finished.task.page
        if finished.result is None:
            failures[number] = finished.failure.message if finished.failure else "unknown"
            continue
        pictures[number] = f"page-{number:04d}.png"
        (folder / pictures[number]).write_bytes(finished.result)
    return write_index(found, seen_pages(found, numbers, pictures, failures), folder)


def as_record(found: Inspected) -> dict[str, Any]:
    """Everything found, for ``--json``: amounts as strings, so that none passes through a float."""
    return {
        "file": found.file.source_path,
        "document_id": found.file.document_id,
        "outcome": found.outcome,
        "problems": [asdict(problem) for problem in found.problems],
        "remarks": [asdict(remark) for remark in found.remarks],
        "pages": found.page_count,
        "producer": found.producer,
        "is_scanned": found.is_scanned,
        "identification": asdict(found.understood.identification),
        "printed": asdict(found.printed),
        "statements": [asdict(statement) for statement in found.understood.statements],
        "line_items": [asdict(item) for item in found.understood.line_items],
        "repairs": [asdict(repair) for repair in found.repairs],
        "claims": [asdict(claim) for claim in found.understood.claims],
        "notes": [asdict(note) for note in found.understood.notes],
        "identities": [asdict(result) for result in found.identities],
        "findings": [asdict(finding) for finding in found.findings],
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
        if problem.reason in REMEDIES and problem.reason != "crashed":  # that one says to come here
            line(console, "", f"→ {REMEDIES[problem.reason]}")
    for remark in found.remarks:
        line(console, "noticed", f"{remark.message} [{remark.reason}]", "yellow")
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
    _show_findings(found, console)
    _show_notes(found, console)


def _show_amounts(found: Inspected, console: Console) -> None:
    coverage = found.coverage
    text = f"{len(found.understood.line_items):,} printed amounts"
    total = coverage.in_amounts + coverage.listed + coverage.unaccounted
    if total:
        text += f"; of {total:,} cells printed like amounts {coverage.in_amounts:,} are among them"
        text += f", {coverage.listed:,} listed below as not understood"
    if coverage.unaccounted:
        text += f", {coverage.unaccounted:,} lost: an error of this program, please report it"
    line(console, "amounts", text)
    if found.n_in_doubt:
        told = f"{found.n_in_doubt:,} recognised so that they may be others: look at the page"
        line(console, "", told, "yellow")
    for repair in found.repairs[:LISTED]:
        line(console, "repaired", repair.sentence_zh, "yellow")
        line(console, "", f"{repair.sentence_en} ({repair.cell_id})", "dim")
    if len(found.repairs) > LISTED:
        line(console, "", f"and {len(found.repairs) - LISTED} more (--json has all)")
    if found.understood.claims:
        line(console, "claims", f"{len(found.understood.claims):,} in the narrative")


def _show_identities(found: Inspected, console: Console) -> None:
    counts = Counter(result.verdict for result in found.identities)
    if counts:
        told = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(counts.items()))
        line(console, "identities", told)


def _show_findings(found: Inspected, console: Console) -> None:
    if not found.is_checked:
        line(console, "findings", "not looked for: of which year or kind the document is, is not known")
        return
    line(console, "findings", f"{len(found.findings):,}" if found.findings else "none")
    for finding in found.findings[:LISTED]:
        line(console, f"  {finding.severity}", finding.sentence_zh, _STYLES.get(finding.severity, ""))
        line(console, "", f"{finding.sentence_en} ({finding.finding_kind})", "dim")
    if len(found.findings) > LISTED:
        line(console, "", f"and {len(found.findings) - LISTED} more (--json has all)")


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
