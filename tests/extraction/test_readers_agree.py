"""Both readers yield the same document; whatever they do not is in ``explained_differences.csv``."""

from __future__ import annotations

import csv
import itertools
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

from pipelines.extraction import read_document
from pipelines.extraction.pdfium_marks import PdfiumFile
from pipelines.settings import SettingsError, chosen_reader
from tests.conftest import ROOT
from tests.corpus.document import make
from tests.corpus.random_documents import random_documents
from tests.extraction.drawing import FONT, STYLES, Sheet, plain, steps
from tests.extraction.readers import Difference, differences

TEXTS = [["项目", "金额", "备注"], ["一、教育支出", "1,234.50", ""], ["合  计", "3, 295. 68", "—"]]
XS, YS = steps(60, 120, 90, 60), steps(100, 20, 20, 24)


def explained() -> dict[str, dict[tuple[int, str], str]]:
    """File -> (page, kind of difference) -> the reason."""
    found: dict[str, dict[tuple[int, str], str]] = {}
    with Path(__file__).with_name("explained_differences.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["file"], {})[int(row["page"]), row["kind"]] = row["reason"]
    return found


def compared(path: Path) -> list[Difference]:
    """The differences between both readers on one file."""
    reference = read_document(path, "0" * 16, reader="pdfplumber")
    return differences(reference, read_document(path, "0" * 16, reader="pdfium"))


def read_by_pdfium(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Difference]:
    """The same, where pdfium must not have left any page to the reference."""
    reference = read_document(path, "0" * 16, reader="pdfplumber")

    def no_reference(*_: object) -> None:
        raise AssertionError("left to the reference")

    monkeypatch.setattr("pipelines.extraction.read.read_marks", no_reference)
    return differences(reference, read_document(path, "0" * 16, reader="pdfium"))


def corpus_files() -> list[str]:
    """The published documents, by the register of the corpus beside the project, if there is one."""
    folder = ROOT.parent / "shared" / "corpus"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf")) or ["none"]


@pytest.mark.parametrize("file", corpus_files())
def test_readers_agree_on_published_documents(corpus: Path, file: str) -> None:
    path = corpus / file
    if not path.is_file():
        pytest.skip(f"{file} is not in the corpus")
    found = {(each.page, each.kind): each.what for each in compared(path)}
    assert set(found) == set(explained().get(file, {})), found


@pytest.mark.parametrize("path", sorted((ROOT / "raw").rglob("*.pdf"))[::9], ids=lambda path: path.stem)
def test_readers_agree_on_specimens(path: Path) -> None:
    assert compared(path) == []


@pytest.mark.parametrize(("seed", "open_tables"), [(401, False), (402, True), (403, False)])
def test_readers_agree_on_random_documents(tmp_path: Path, seed: int, open_tables: bool) -> None:
    for each in itertools.islice(random_documents(seed, 24, open_tables=open_tables), 0, None, 6):
        path = tmp_path / "random.pdf"
        path.write_bytes(make(each.plan).pdf)
        assert compared(path) == [], each.plan.document


@pytest.mark.parametrize("style", [*STYLES, "none"])
def test_readers_agree_however_rules_are_drawn(
    tmp_path: Path, style: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain(TEXTS), XS, YS, style)
    assert read_by_pdfium(sheet.save(), monkeypatch) == []


def _rotated(canvas: Canvas, degrees: int) -> None:
    canvas.setPageRotation(degrees)
    if degrees % 180:  # reportlab turns the page's box too: what follows has to be brought back onto it
        width, height = canvas._pagesize
        canvas.translate(0, width - height)


def _text(canvas: Canvas, mode: int = 0) -> None:
    text = canvas.beginText(70, 300)
    text.setFont(FONT, 10)
    text.setTextRenderMode(mode)
    text.textOut("看不见的字 12.50")
    canvas.drawText(text)


def _white(canvas: Canvas) -> None:
    canvas.setFillColor(white)
    canvas.drawString(70, 300, "白字 1.00")
    canvas.setFillGray(0.5)
    canvas.rect(60, 200, 200, 40, fill=1)
    canvas.setFillColor(white)
    canvas.drawString(70, 210, "灰底白字 2.00")


def _turned(canvas: Canvas, degrees: float) -> None:
    canvas.saveState()
    canvas.translate(300, 300)
    canvas.rotate(degrees)
    canvas.drawString(0, 0, "竖排说明  2,000.00")
    canvas.restoreState()


def _bold(canvas: Canvas) -> None:
    for shift in (0, 0.2, 0.4):
        canvas.drawString(70 + shift, 300, "加粗合计 1122.33")


def _form(canvas: Canvas) -> None:
    canvas.beginForm("part")
    canvas.setFont(FONT, 9)
    canvas.drawString(10, 10, "表单里的字 3.10")
    canvas.line(0, 0, 100, 0)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(90, 300)
    canvas.scale(1.5, 1.2)
    canvas.doForm("part")
    canvas.restoreState()


def _scaled(canvas: Canvas) -> None:
    text = canvas.beginText(70, 300)
    text.setFont(FONT, 10)
    text.setHorizScale(80)
    text.setCharSpace(1.5)
    text.setRise(3)
    text.textOut("压缩 字距 4.40")
    canvas.drawText(text)


def _cropped(canvas: Canvas) -> None:
    canvas.setCropBox((50, 100, 500, 800))
    canvas.drawString(10, 300, "框外")


CASES: dict[str, Callable[[Canvas], None]] = {
    "rotated 90": lambda canvas: _rotated(canvas, 90),
    "rotated 180": lambda canvas: _rotated(canvas, 180),
    "rotated 270": lambda canvas: _rotated(canvas, 270),
    "rendering mode 3": lambda canvas: _text(canvas, 3),
    "outlined": lambda canvas: _text(canvas, 2),
    "white": _white,
    "turned 90": lambda canvas: _turned(canvas, 90),
    "turned 270": lambda canvas: _turned(canvas, 270),
    "aslant": lambda canvas: _turned(canvas, 40),
    "fake bold": _bold,
    "form": _form,
    "scaled and raised": _scaled,
    "cropped": _cropped,
}


#: Text that may not be seen is for the reference to judge.
FOR_THE_REFERENCE = ("rendering mode 3", "cropped")
#: pdfium's text has one blank for several, and their place is lost where characters are spaced.
BLANKS_ONLY = {"scaled and raised": ("line_blanks", "cell_blanks")}


@pytest.mark.parametrize("case", CASES)
def test_readers_agree_on_ways_of_printing(
    tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    CASES[case](sheet.canvas)
    sheet.table(plain(TEXTS), XS, YS)
    path = sheet.save()
    assert read_document(path, "0" * 16).tables, "the table is on the page"
    found = compared(path) if case in FOR_THE_REFERENCE else read_by_pdfium(path, monkeypatch)
    assert {each.kind for each in found} == set(BLANKS_ONLY.get(case, ())), found


def test_a_page_that_pdfium_cannot_tell_is_read_by_the_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain(TEXTS), XS, YS)
    path = sheet.save()
    reference = read_document(path, "0" * 16, reader="pdfplumber")

    def fails(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(PdfiumFile, "read_marks", fails)
    assert read_document(path, "0" * 16, reader="pdfium") == reference
    monkeypatch.setattr(PdfiumFile, "__init__", fails)
    assert read_document(path, "0" * 16, reader="pdfium") == reference


#: Reads a file while pdfium gets no font from the machine.
WITHOUT_FONTS = """
import pickle, sys
from pathlib import Path
from pypdfium2 import PdfSysfontBase
class NoFonts(PdfSysfontBase):
    def EnumFonts(self, *_): return None
    def MapFont(self, *_): return None
    def GetFont(self, *_): return None
NoFonts().setup()
from pipelines.extraction import read_document
document = read_document(Path(sys.argv[1]), "0" * 16, reader="pdfium")
sys.stdout.buffer.write(pickle.dumps(document))
"""


def test_fonts_of_the_machine_change_nothing(tmp_path: Path) -> None:
    # The font is not in the file: what pdfium puts in for it has other widths, or no ideographs.
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain([*TEXTS, ["款", "8", "、"]]), XS, steps(100, 20, 20, 24, 20))
    path = sheet.save()
    reference = read_document(path, "0" * 16, reader="pdfplumber")
    assert differences(reference, read_document(path, "0" * 16, reader="pdfium")) == []
    command = [sys.executable, "-c", WITHOUT_FONTS, str(path)]
    elsewhere = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    assert differences(reference, pickle.loads(elsewhere.stdout)) == []


def test_the_reader_is_a_setting() -> None:
    assert chosen_reader({"JUESUAN_READER": "pdfium"}) == "pdfium"
    assert chosen_reader({"JUESUAN_READER": "pdfplumber"}) == "pdfplumber"
    with pytest.raises(SettingsError, match="JUESUAN_READER"):
        chosen_reader({"JUESUAN_READER": "other"})
