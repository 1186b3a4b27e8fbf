"""``juesuan inspect --letter DIR``: the findings of one document as a letter, HTML and Markdown.

What a department would want to know before it publishes, and an auditor before asking: each finding in a
sentence with its question, and the pages with what it is about framed. Chinese and English; one folder
that opens with no network. What a document prints is untrusted text: the templates escape all of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import jinja2

from pipelines.cli.inspection_index import TEMPLATES, shown
from pipelines.extraction.model import Cell, cell_id
from pipelines.oversight.figures import in_wan
from pipelines.oversight.wording import LANGUAGES, Wording, wording
from pipelines.settings import Settings
from pipelines.warehouse.drawing import PageDrawing, draw_pages
from pipelines.warehouse.inspection import Inspected

# What Markdown would take for its own; a document's text is text.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_NOT_UNDERSTOOD = frozenset({"table_not_understood", "amount_not_understood", "page_not_read"})


def write_letter(settings: Settings, file: Path, found: Inspected, folder: Path) -> Path:
    """Write ``letter.html`` and ``letter.md``, the same in English (``letter.en.…``), and the pages.

    Returns the path of the first. Raises ``OSError`` where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sheets = _draw(settings, file, found, folder)
    for lang in LANGUAGES:
        words = wording(lang)
        for ending, escape in (("html", True), ("md", False)):
            template = _environment(escape=escape).get_template(f"letter.{ending}.j2")
            name = f"letter.{ending}" if lang == LANGUAGES[0] else f"letter.{lang}.{ending}"
            text = template.render(_said(found, words), sheets=sheets, t=words, lang=lang)
            (folder / name).write_bytes(text.encode("utf-8", "replace"))
    return folder / "letter.html"


def _said(found: Inspected, words: Wording) -> dict[str, object]:
    what = found.understood.identification
    verdicts = Counter(result.verdict for result in found.identities)
    title = words("self_check.title_unknown")
    if what.fiscal_year is not None and what.kind is not None:
        title = words("self_check.title", year=what.fiscal_year, kind=words(f"kind.{what.kind}"))
    statements = found.understood.statements
    not_read = Counter(note.page for note in found.understood.notes if note.kind in _NOT_UNDERSTOOD)
    return {
        "title": title,
        "name": found.file.registered.department or what.department_name or found.file.source_path,
        "found": found,
        "findings": [
            {
                **asdict(finding),
                # The question of a finding repeats its sentence, which stands above it here.
                "asked_zh": finding.question_zh.rpartition(finding.sentence_zh)[2],
                "asked_en": finding.question_en.rpartition(finding.sentence_en)[2].strip(),
            }
            for finding in found.findings
        ],
        "facts": (
            (words("self_check.file"), found.file.source_path),
            (words("self_check.pages"), str(found.page_count)),
            (
                words("self_check.statements"),
                words(
                    "self_check.statements_value",
                    n=len(statements),
                    empty=sum(statement.is_stated_empty for statement in statements),
                    amounts=len(found.understood.line_items),
                ),
            ),
            (
                words("self_check.identities"),
                words(
                    "self_check.identities_value",
                    holding=verdicts["exact"] + verdicts["rounding"],
                    rounding=verdicts["rounding"],
                    violated=verdicts["violated"],
                    improbable=verdicts["improbable"],
                ),
            ),
            (
                words("self_check.claims"),
                words("self_check.claims_value", n=len(found.understood.claims)),
            ),
        ),
        "not_read": sorted(not_read.items(), key=lambda item: item[0] or 0),
        "in_wan": in_wan,
    }


def _draw(settings: Settings, file: Path, found: Inspected, folder: Path) -> Sequence[Mapping[str, object]]:
    """The pages that findings stand on, with their figures framed; which findings each shows."""
    numbers: dict[int, list[int]] = defaultdict(list)
    marked: dict[int, dict[str, Cell]] = defaultdict(dict)
    beside: dict[int, dict[str, Cell]] = defaultdict(dict)
    cells = _cells(found)
    for number, finding in enumerate(found.findings, start=1):
        if finding.page is None:
            continue
        about = [finding.identity_key or "", finding.cell_id or ""]
        named = [one for one in about if one in cells and cells[one].page == finding.page]
        numbers[finding.page].append(number)
        marked[finding.page].update({one: cells[one] for one in named})
        for one in finding.operand_cell_ids:
            if one in cells and cells[one].page == finding.page:
                beside[finding.page][one] = cells[one]
    drawings = [
        PageDrawing(
            file.resolve(),
            page,
            marked=tuple(marked[page].values()),
            dashed=tuple(cell for one, cell in beside[page].items() if one not in marked[page]),
            turn=next((frame.turn for frame in found.pages if frame.number == page), 0),
        )
        for page in sorted(numbers)
    ]
    pictures = {
        finished.task.page: finished.result for finished in draw_pages(settings, drawings) if finished.result
    }
    for page, picture in pictures.items():
        (folder / f"page-{page:04d}.png").write_bytes(picture)
    return [
        {
            "page": page,
            "numbers": numbers[page],
            "picture": f"page-{page:04d}.png" if page in pictures else "",
        }
        for page in sorted(numbers)
    ]


def _cells(found: Inspected) -> dict[str, Cell]:
    """Everything of the document that a finding can be about, by its id: table cells, and sentences."""
    document_id = found.file.document_id
    cells = {
        cell_id(document_id, cell): cell
        for table in found.understood.tables
        for part in table.parts
        for cell in part.cells
    }
    for claim in found.understood.claims:
        sentence = Cell(claim.page, 0, 0, 0, 1, 1, claim.sentence, claim.box)
        cells[f"{document_id}-n{claim.claim_number:04d}"] = sentence
    for fault in found.understood.faults:
        sentence = Cell(fault.page, 0, 0, 0, 1, 1, fault.sentence, fault.box)
        cells[f"{document_id}-f{fault.fault_number:04d}"] = sentence
    return cells


def _environment(*, escape: bool) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=escape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["shown"] = shown
    environment.filters["plain"] = _plain
    return environment


def _plain(text: object) -> str:
    """Text as it is, in Markdown: one line, nothing of it taken for markup."""
    return _MARKDOWN.sub(r"\\\1", " ".join(shown(str(text)).split()))
