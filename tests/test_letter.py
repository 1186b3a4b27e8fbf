"""``juesuan inspect --letter DIR``: the findings of one document as its department would read them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import letter as letters
from pipelines.cli.app import app
from pipelines.cli.exit_codes import ExitCode
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.warehouse.drawing import PageDrawing
from pipelines.warehouse.inspection import inspect_document
from pipelines.warehouse.pool import Failure, Finished
from tests.extraction.drawing import Sheet, plain, steps

SEED = PROJECT_ROOT / "raw" / "420100-information-center" / "2023-final-accounts.pdf"
HOSTILE = "预留<script>alert(1)</script>|*_[x](http://127.0.0.1/)"


class Page(HTMLParser):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def inspect(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["inspect", *arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.stdout, result.stderr


def test_each_finding_with_its_question_and_its_page(tmp_path: Path) -> None:
    """The seed's letter in both languages and both forms; every page it names is there."""
    code, told, said = inspect(str(SEED), "--letter", str(tmp_path / "letter"))
    assert code == ExitCode.DONE
    assert "letter.html" in said
    findings = json.loads(inspect(str(SEED), "--json")[1])["findings"]
    assert findings
    for name in ("letter.html", "letter.en.html"):
        page = Page(tmp_path / "letter" / name)
        key = "sentence_en" if ".en." in name else "sentence_zh"
        for finding in findings:
            assert finding[key] in page.text
            assert finding["sentence_zh"] in told
        assert page.tags.count("li") >= len(findings)
        files = [address for address in page.addresses if not address.startswith("#")]
        assert {f"page-{finding['page']:04d}.png" for finding in findings} == set(files)
        assert all((tmp_path / "letter" / address).read_bytes().startswith(b"\x89PNG") for address in files)
    markdown = (tmp_path / "letter" / "letter.md").read_text(encoding="utf-8")
    assert "样例" in markdown
    assert markdown.count("公开后可能被问到") == len(findings)
    # The question follows the sentence; it does not say it again.
    assert markdown.count(findings[0]["sentence_zh"]) == 1


@pytest.fixture
def unknown(tmp_path: Path) -> Path:
    """A table of no year, no kind, with markup for a label."""
    sheet = Sheet(tmp_path / "unknown.pdf")
    sheet.table(plain([[HOSTILE, "金额"], ["合计", "1,234.50"]]), steps(60, 240, 80), steps(140, 20, 20))
    return sheet.save()


def test_a_document_of_no_year_says_that_it_was_not_checked(unknown: Path, tmp_path: Path) -> None:
    code, told, _ = inspect(str(unknown), "--letter", str(tmp_path / "letter"))
    assert code == ExitCode.DONE
    assert "not looked for" in told
    page = Page(tmp_path / "letter" / "letter.html")
    assert "没有核对" in page.text
    assert "script" not in page.tags


def test_what_a_document_prints_is_no_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile name and sentence stand in the letter as text; a page that cannot be drawn is named."""
    settings = Settings.from_environment()
    found = inspect_document(settings, SEED)
    first = replace(found.findings[0], sentence_zh=HOSTILE, question_zh=HOSTILE + "为何？")
    registered = replace(found.file.registered, department=HOSTILE)
    found = replace(found, findings=(first,), file=replace(found.file, registered=registered))
    monkeypatch.setattr(
        letters,
        "draw_pages",
        lambda _settings, drawings: iter(
            [Finished(one, None, Failure("crashed", "it crashed"), 0.0) for one in drawings]
        ),
    )
    letters.write_letter(settings, SEED, found, tmp_path)
    page = Page(tmp_path / "letter.html")
    assert "script" not in page.tags
    assert HOSTILE in page.text
    assert "无法绘出" in page.text
    markdown = (tmp_path / "letter.md").read_text(encoding="utf-8")
    assert "<script>" not in markdown
    assert "[x](" not in markdown
    assert f"{letters._plain(HOSTILE)}：" in markdown


def test_a_sentence_that_contradicts_itself_is_framed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page with a finding frames what it is about, sentences of the narrative too."""
    settings = Settings.from_environment()
    found = inspect_document(settings, SEED)
    drawn: list[PageDrawing] = []

    def keep(_settings: Settings, drawings: list[PageDrawing]) -> Iterator[Finished[Any, bytes]]:
        drawn.extend(drawings)
        return iter([Finished(one, b"", None, 0.0) for one in drawings])

    monkeypatch.setattr(letters, "draw_pages", keep)
    letters.write_letter(settings, SEED, found, tmp_path)
    faults = {fault.page: fault.box for fault in found.understood.faults}
    assert len(faults) > 3
    framed = {drawing.page: [cell.box for cell in drawing.marked] for drawing in drawn}
    told = {finding.page for finding in found.findings if finding.finding_kind.startswith("text_")}
    assert told
    for page in told:
        assert faults[page or 0] in framed[page or 0]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    code, _, said = inspect(str(SEED), "--letter", str(tmp_path / "file"))
    assert code == ExitCode.USAGE
    assert "file" in said
