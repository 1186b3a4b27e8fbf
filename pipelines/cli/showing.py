"""A figure's place on its page: ``juesuan show ID`` and ``juesuan inspect FILE --cell ID``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.text import Text

from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.terminal import line, messages, output
from pipelines.extraction.model import cell_id
from pipelines.settings import Settings
from pipelines.warehouse.drawing import PageDrawing, draw_pages
from pipelines.warehouse.inspection import Inspected
from pipelines.warehouse.places import (
    Place,
    PlaceError,
    StoodIn,
    place_in_document,
    place_in_warehouse,
    raw_file,
)

#: Identities and cells named one by one; the rest are counted.
LISTED = 20
_SCALE = 2.0
_STYLES = {"violated": "red", "improbable": "yellow"}
_WORST_FIRST = {verdict: place for place, verdict in enumerate(_STYLES)}


def show_id(settings: Settings, id_: str, *, picture: Path | None) -> ExitCode:
    """Show what a cell or a finding of the warehouse is and draw its page; returns the exit status."""
    try:
        place = place_in_warehouse(settings, id_)
    except PlaceError as error:
        return _complain(str(error))
    describe(place, output())
    try:
        path = raw_file(settings, place)
    except PlaceError as error:
        return _complain(str(error))
    return draw_place(settings, path, place, picture)


def show_cell(settings: Settings, file: Path, found: Inspected, id_: str, picture: Path | None) -> ExitCode:
    """Show what a cell of a document that was just read is and draw its page; returns the exit status."""
    try:
        place = place_in_document(found, id_)
    except PlaceError as error:
        return _complain(str(error))
    describe(place, output())
    return draw_place(settings, file.resolve(), place, picture)


def describe(place: Place, console: Console) -> None:
    """Print what stands at a place: document, page, statement, row, column, text, identities."""
    for sentence in place.sentences:
        line(console, "finding" if sentence == place.sentences[0] else "", sentence, "bold")
    line(console, "document", place.document)
    line(console, "file", place.source_path)
    line(console, "page", str(place.page))
    if place.statement:
        line(console, "statement", place.statement)
        line(console, "row", place.row)
        line(console, "column", place.column)
    if place.cells:
        printed = " ".join(place.printed_text.split())
        is_read_otherwise = place.repaired or place.decided
        line(console, "read as" if is_read_otherwise else "printed", printed or "(blank)", "bold")
    for number, sentence in enumerate(place.repaired):
        line(console, "" if number else "repaired", sentence, "yellow")
    for number, sentence in enumerate(place.decided):
        line(console, "" if number else "reviewed", sentence, "yellow")
    if place.amount_yuan is not None:
        line(console, "amount", f"{place.amount_yuan:,} yuan; the statement is in {place.unit}")
    elif place.why_not_understood:
        line(console, "note", f"not understood: {place.why_not_understood}", "yellow")
    elif place.cells and not place.sentences:
        line(console, "note", "no amount of a statement")
    worst_first = sorted(place.identities, key=lambda stood: _WORST_FIRST.get(stood.verdict, len(_STYLES)))
    for number, stood in enumerate(worst_first[:LISTED]):
        line(console, "" if number else "identities", _identity(stood), _STYLES.get(stood.verdict, ""))
    if len(place.identities) > LISTED:
        line(console, "", f"and {len(place.identities) - LISTED} more")
    for number, other in enumerate(place.elsewhere[:LISTED]):
        line(console, "" if number else "see also", f"juesuan show {other}", copied=True)
    if len(place.elsewhere) > LISTED:
        line(console, "", f"and {len(place.elsewhere) - LISTED} more cells on other pages")


def draw_place(settings: Settings, file: Path, place: Place, picture: Path | None) -> ExitCode:
    """Draw the page of a place with its cells framed, to ``picture`` or a PNG named after the id."""
    target = picture or Path(f"{place.id}.png")
    if not target.parent.is_dir():
        return _complain(f"there is no folder {target.parent}")
    drawing = PageDrawing(file, place.page, marked=place.cells, dashed=place.others, scale=_SCALE)
    (finished,) = draw_pages(settings, [drawing])
    if finished.result is None:
        reason = finished.failure.message if finished.failure else "unknown"
        return _complain(f"page {place.page} of {file} cannot be drawn: {reason}", ExitCode.SET_ASIDE)
    target.write_bytes(finished.result)
    framed = "its cell framed" if place.cells else "no cell framed: what it is about is blank"
    others = f", {len(place.others)} other figure(s) of the identity dashed" if place.others else ""
    line(output(), "picture", f"{target} ({framed}{others})", "bold", copied=True)
    return ExitCode.DONE


def draw_page(settings: Settings, file: Path, found: Inspected, page: int, target: Path) -> ExitCode:
    """Draw one page with every cell outlined: amounts thick, what is not understood dashed."""
    parts = tuple(part for table in found.understood.tables for part in table.parts if part.page == page)
    named = {cell_id(found.file.document_id, cell): cell for part in parts for cell in part.cells}
    amounts = {item.cell_id for item in found.understood.line_items}
    doubts = {note.cell_id for note in found.understood.notes} - amounts
    drawing = PageDrawing(
        file.resolve(),
        page,
        parts,
        marked=tuple(cell for name, cell in named.items() if name in amounts),
        dashed=tuple(cell for name, cell in named.items() if name in doubts),
        turn=next((frame.turn for frame in found.pages if frame.number == page), 0),
    )
    (finished,) = draw_pages(settings, [drawing])
    if finished.result is None:
        reason = finished.failure.message if finished.failure else "unknown"
        return _complain(f"page {page} of {file} cannot be drawn: {reason}", ExitCode.SET_ASIDE)
    target.write_bytes(finished.result)
    messages().print(Text(f"page {page} drawn to {target}"))
    return ExitCode.DONE


def _identity(stood: StoodIn) -> str:
    key = f" [{stood.key}]" if stood.key else ""
    place = "reported" if stood.is_reported else "operand"
    text = f"{stood.verdict}: {stood.title_zh} {stood.title_en}{key} ({stood.identity_id}, {place})"
    if stood.verdict in _STYLES and stood.difference_yuan is not None:
        text += (
            f": printed {_yuan(stood.reported_yuan)}, the other figures give "
            f"{_yuan(stood.expected_yuan)}, difference {_yuan(stood.difference_yuan)}"
        )
    return text


def _yuan(amount: Decimal | None) -> str:
    return "nothing" if amount is None else f"{amount:,}"


def _complain(message: str, code: ExitCode = ExitCode.USAGE) -> ExitCode:
    messages().print(Text.assemble(("juesuan: ", "bold red"), message))
    return code
