"""Pages of prose are told before their lines are cut, and no table is ever lost by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.extraction.aligned_prose import is_prose
from pipelines.extraction.marks import Glyph
from pipelines.extraction.model import ReadDocument
from tests.conftest import ROOT
from tests.corpus.document import make
from tests.corpus.random_documents import random_documents


def line(text: str, x: float, top: float, size: float = 10.0) -> list[Glyph]:
    """A line of characters as wide as high; a blank is white space."""
    return [
        Glyph(x + k * size, top, x + (k + 1) * size, top + size, letter, size)
        for k, letter in enumerate(text)
        if letter != " "
    ]


PROSE = [
    *line("2024年度收入预算1200.50万元，比上年增加", 50, 100),
    *line("35.20万元，增长3%。其中：财政拨款", 50, 118),
    *line("980万元。", 50, 136),
]


def test_figures_in_sentences_are_prose() -> None:
    assert is_prose(PROSE)


def test_a_figure_with_white_before_it_may_be_a_table() -> None:
    assert not is_prose([*PROSE, *line("合计    1200.50", 50, 160)])
    assert not is_prose([*PROSE, *line("合计    －  —", 50, 160)])
    assert not is_prose([*PROSE, *line("合计    ６６", 50, 160)])


def test_a_unit_may_head_a_table() -> None:
    assert not is_prose([*PROSE, *line("单 位：人民币万元", 50, 160)])


def test_lines_that_cannot_be_told_apart_may_be_a_table() -> None:
    assert not is_prose([*PROSE, *line("与上一行挨得很近", 50, 103), *line("与上一行挨得很近", 50, 106)])


def reading(path: Path, monkeypatch: pytest.MonkeyPatch, *, skips: bool) -> ReadDocument:
    with monkeypatch.context() as patch:
        if not skips:
            patch.setattr("pipelines.extraction.aligned.is_prose", lambda *_: False)
        return read_document(path, "0" * 16, reader="pdfium")


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "raw").rglob("*text*.pdf"))[::6],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_nothing_is_lost_on_specimens(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reading(path, monkeypatch, skips=True) == reading(path, monkeypatch, skips=False)


@pytest.mark.parametrize("seed", [501, 502])
def test_nothing_is_lost_in_tables_without_rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    path = tmp_path / "random.pdf"
    for each in list(random_documents(seed, 6, open_tables=True)):
        path.write_bytes(make(each.plan).pdf)
        assert reading(path, monkeypatch, skips=True) == reading(path, monkeypatch, skips=False)
