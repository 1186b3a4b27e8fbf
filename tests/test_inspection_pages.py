"""``juesuan inspect --picture DIR``: each figure with its meaning beside its place in the picture."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipelines.acquisition.model import FoundFile, RegisteredDocument
from pipelines.cli import inspection
from pipelines.cli.app import app
from pipelines.cli.exit_codes import ExitCode
from pipelines.cli.inspection import chosen_pages
from pipelines.cli.inspection_index import shown, write_index
from pipelines.cli.inspection_pages import seen_pages
from pipelines.cli.showing import describe
from pipelines.extraction import read_document
from pipelines.settings import PROJECT_ROOT
from pipelines.statements import understand
from pipelines.warehouse.drawing import PageDrawing
from pipelines.warehouse.inspection import InspectionTask, inspect_in_worker
from pipelines.warehouse.places import place_in_document
from pipelines.warehouse.pool import Failure, Finished
from pipelines.warehouse.reading import Understanding
from pipelines.warehouse.repairing import repair
from tests.corpus.document import make
from tests.corpus.seed_document import seed_plan
from tests.extraction.drawing import Sheet, plain, steps
from tests.warehouse.misreadings import misread_scan

SEED = PROJECT_ROOT / "raw" / "420100-information-center" / "2023-final-accounts.pdf"
#: What no tag of these pages may hold that a document could have put there.
HOSTILE = "预留<script>alert(1)</script>"


class Index(HTMLParser):
    """The cells of a page: places in the picture and words in the table, by cell id."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.places: dict[str, tuple[float, ...]] = {}
        self.kinds: dict[str, str] = {}
        self.words: dict[str, str] = defaultdict(str)
        self.tags: dict[str, int] = defaultdict(int)
        self.attributes: set[str] = set()
        self.text = ""
        self._cell = ""
        self.source = path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        said = dict(attrs)
        self.attributes |= set(said)
        name = said.get("id") or ""
        if tag == "rect" and name:
            self.places[name[2:]] = tuple(float(said[key] or 0) for key in ("x", "y", "width", "height"))
        if tag == "td" and name:
            self._cell = name[2:]
            self.kinds[self._cell] = said.get("class") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._cell = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._cell:
            self.words[self._cell] += data


def juesuan(*arguments: str) -> Any:
    return CliRunner().invoke(app, list(arguments))


def test_every_amount_stands_with_its_meaning_beside_its_place(tmp_path: Path) -> None:
    result = juesuan("inspect", str(SEED), "--picture", str(tmp_path / "seen"))
    assert result.exit_code == ExitCode.DONE, result.stderr
    assert str(tmp_path / "seen" / "index.html") in result.stderr
    index = Index(tmp_path / "seen" / "index.html")
    amounts = {name for name, kind in index.kinds.items() if kind.split()[0] == "amount"}
    truth = make(seed_plan()).truth
    assert len(truth) == len(amounts) == 341
    found = 0
    for row in truth:
        x0, top, x1, bottom = row.box
        (name,) = [
            name
            for name in amounts
            if f"-p{row.page:04d}-" in name and _near(index.places[name], (x0, top, x1 - x0, bottom - top))
        ]
        words = index.words[name]
        assert row.printed in words
        assert f"{row.yuan:,.2f} 元" in words
        assert row.row_key in words, words
        assert f"({row.column_id})" in words, words
        found += 1
    assert found == 341
    pictures = {path.name for path in (tmp_path / "seen").glob("*.png")}
    assert pictures == {f"page-{number:04d}.png" for number in range(1, 27)}
    assert set(re.findall(r'src="([^"]*)"', index.source)) == pictures
    assert not re.search(r"(?:src|href)=\"(?!#|page-)", index.source), "nothing comes from elsewhere"


def _near(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(a - b) <= 1.0 for a, b in zip(one, other, strict=True))


@pytest.fixture
def unknown_form(tmp_path: Path) -> Path:
    """A table no form fits, and a statement with a column and a row that are not understood."""
    sheet = Sheet(tmp_path / "<img src=x>.pdf")
    sheet.text(200, 60, "2023年度样例局部门预算公开", 12)
    sheet.text(200, 110, "部门来源分析表", 11)
    sheet.text(430, 128, "单位：万元")
    rows = [["科目编码", "科目名称", "上级统筹"], ["201", "一般公共服务支出", "1,200.50"]]
    sheet.table(plain(rows), steps(60, 70, 150, 80), steps(140, 20, 20))
    sheet.text(200, 300, "支出预算总表", 11)
    sheet.text(430, 318, "单位：万元")
    rows = [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出", HOSTILE],
        ["201", "一般公共服务支出", "1,200.50", "800.00", "400.50", "12.00"],
        ["208", "社会保障和就业支出", "120.00", "120.00", "", ""],
        ["", "另行 & <b>其他</b>", "7.00", "", "7.00", ""],
        ["", "合计", "1,320.50", "920.00", "400.50", "12.00"],
    ]
    sheet.table(plain(rows), steps(60, 60, 120, 60, 60, 60, 150), steps(330, *[20] * 5))
    return sheet.save()


def test_what_is_not_understood_is_marked_with_its_reason(unknown_form: Path, tmp_path: Path) -> None:
    assert juesuan("inspect", str(unknown_form), "--picture", str(tmp_path / "seen")).exit_code == 0
    index = Index(tmp_path / "seen" / "index.html")
    doubts = {name: index.words[name] for name, kind in index.kinds.items() if kind == "doubt"}
    printed = sorted(re.split(r"\s", words, maxsplit=1)[0].split("？")[0] for words in doubts.values())
    # Of the table that is not understood, its first cell.
    assert printed == ["1,200.50", "12.00", "12.00", "7.00", "7.00", "科目编码"]
    assert all(set(index.places) >= {name} for name in doubts)
    assert "table not understood; nearest forms" in index.text
    assert "column not understood: " + HOSTILE in index.text
    assert "row not understood: 另行 & <b>其他</b>" in index.text
    assert "budget_expenditure_by_function" in index.text


def test_what_a_document_prints_is_text_and_never_markup(unknown_form: Path, tmp_path: Path) -> None:
    juesuan("inspect", str(unknown_form), "--picture", str(tmp_path / "seen"))
    index = Index(tmp_path / "seen" / "index.html")
    assert index.tags["script"] == 1, "our own"
    assert index.tags["img"] == 1, "the page"
    assert not {name for name in index.attributes if name.startswith("on")}
    assert "alert(" not in index.source.replace("&lt;script&gt;alert(1)&lt;/script&gt;", "")
    assert "script-src 'sha256-" in index.source
    assert "<img src=x>.pdf" in index.text


def test_characters_that_no_page_can_hold_are_replaced() -> None:
    assert shown("金\x00额\u202e\ud800\r\n1\t2") == "金\ufffd额\ufffd\ufffd\n1\t2"


def test_a_page_that_cannot_be_drawn_is_shown_without_its_picture(
    unknown_form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object, drawings: list[PageDrawing]) -> Iterator[Finished[PageDrawing, bytes]]:
        for drawing in drawings:
            yield Finished(drawing, None, Failure("time_limit", "reading took longer than 60 s"), 60.0)

    monkeypatch.setattr(inspection, "draw_pages", fails)
    assert juesuan("inspect", str(unknown_form), "--picture", str(tmp_path / "seen")).exit_code == 0
    index = Index(tmp_path / "seen" / "index.html")
    assert "reading took longer than 60 s" in index.text
    assert index.tags["img"] == 0
    assert len(index.places) == len(index.kinds) > 30


@pytest.mark.parametrize(
    ("text", "pages"),
    [("", [1, 2, 3, 4, 5]), ("3", [3]), ("2-4", [2, 3, 4]), ("5, 1-2,2", [1, 2, 5])],
)
def test_pages_are_chosen(text: str, pages: list[int]) -> None:
    assert chosen_pages(text, 5) == pages


@pytest.mark.parametrize("text", ["x", "0", "6", "4-2", "1-", "-3", "1-2-3"])
def test_pages_that_are_not_there_are_told(text: str) -> None:
    with pytest.raises(ValueError, match="--page"):
        chosen_pages(text, 5)


def test_one_page_as_a_picture(unknown_form: Path, tmp_path: Path) -> None:
    picture = tmp_path / "one.png"
    result = juesuan("inspect", str(unknown_form), "--picture", str(picture), "--page", "1")
    assert result.exit_code == ExitCode.DONE
    assert picture.read_bytes().startswith(b"\x89PNG")
    result = juesuan("inspect", str(unknown_form), "--picture", str(picture), "--page", "2")
    assert result.exit_code == ExitCode.USAGE
    assert "the document has the pages 1 to 1" in result.stderr


def test_a_repaired_figure_is_shown_beside_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A figure misread in its first digit, as inspect, --cell, --json and pictures tell of it."""
    document = read_document(SEED, "0" * 16)
    understood = understand(document, file_name=SEED.name)
    item = next(
        i
        for i in understood.line_items
        if (i.statement_id, i.row_key, i.column_id) == ("final_expenditure", "2080502", "basic")
    )
    scan = misread_scan(document, item.cell_id)
    read = understand(scan, file_name=SEED.name)
    after, repairs = repair(scan, read)
    monkeypatch.setattr(
        "pipelines.warehouse.inspection.read_and_understand",
        lambda *_: Understanding(scan, after, after.identification, repairs),
    )
    file = FoundFile(SEED.name, "0" * 16, "0" * 64, 1, 0, RegisteredDocument(path=SEED.name))
    found = inspect_in_worker(InspectionTask(SEED, file, 50))
    (one,) = found.repairs
    assert (one.cell_id, one.amount_yuan) == (item.cell_id, item.amount_yuan)
    assert one.amount_as_read != one.amount_printed

    console = Console(record=True, width=200, file=io.StringIO())
    inspection.show(found, console)
    told = "".join(console.export_text().split())
    assert "".join(one.sentence_zh.split()) in told
    assert inspection.as_record(found)["repairs"][0]["amount_as_read"] == one.amount_as_read
    place = place_in_document(found, item.cell_id)
    assert place.amount_yuan == item.amount_yuan
    assert place.repaired == (one.sentence_zh, one.sentence_en)
    console = Console(record=True, width=200, file=io.StringIO())
    describe(place, console)
    assert "".join(one.sentence_en.split()) in "".join(console.export_text().split())

    index = Index(write_index(found, seen_pages(found, [item.page], {}, {item.page: "not drawn"}), tmp_path))
    assert index.kinds[item.cell_id] == "amount repaired"
    assert one.amount_as_read in index.words[item.cell_id]
    assert one.amount_printed in index.words[item.cell_id]
    assert one.proof[0] in index.words[item.cell_id]
    assert index.text.count("按勾稽关系更正，原识读划去") == 1
