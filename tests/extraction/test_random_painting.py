"""Pages on which texts, surfaces and forms are painted at random: both readers see the same.

Texts lie over and under each other, over the page's edge, turned, white, outlined or invisible.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from pipelines.extraction import read_document
from tests.extraction.drawing import FONT
from tests.extraction.readers import differences

SURFACES = ((1, 1, 1), (0.8, 0.8, 0.8), (0, 0, 0.5), (1, 1, 0.9))
INKS = ((1, 1, 1), (0, 0.4, 0))
#: Pages on which the readers once differed: texts over each other, and a grid found twice.
ONCE_DIFFERENT = (234, 241)


def _text(canvas: Canvas, chance: random.Random) -> None:
    ink = chance.choice(INKS) if chance.random() < 0.2 else (0, 0, 0)
    canvas.setFillColor(Color(*ink))
    text = canvas.beginText(chance.uniform(-60, 560), chance.uniform(-20, 850))
    text.setFont(FONT, chance.choice([9, 12, 20]) if chance.random() < 0.3 else 10)
    text.setTextRenderMode(chance.choice([0] * 200 + [1, 2, 3, 7]))
    text.textOut(f"第{chance.randrange(1000)}项 {chance.randrange(99999) / 100:.2f}")
    canvas.drawText(text)


def _mark(canvas: Canvas, chance: random.Random) -> None:
    kind, colour = chance.random(), chance.choice(SURFACES)
    if kind < 0.55:
        _text(canvas, chance)
    elif kind < 0.8:
        canvas.setFillColor(Color(*colour))
        x, y = chance.uniform(0, 500), chance.uniform(0, 800)
        wide, high = chance.uniform(1, 250), chance.uniform(1, 60)
        canvas.rect(x, y, wide, high, fill=chance.choice([0, 1, 1]), stroke=chance.choice([0, 1]))
    elif kind < 0.88:
        canvas.setFillColor(Color(*colour))
        x, y = chance.uniform(0, 500), chance.uniform(0, 800)
        canvas.circle(x, y, chance.uniform(5, 60), fill=1, stroke=0)
    elif kind < 0.93:
        canvas.line(chance.uniform(0, 500), 100, 500, 100)
    else:
        canvas.saveState()
        canvas.translate(chance.uniform(0, 300), chance.uniform(0, 600))
        canvas.rotate(chance.choice([90, 180, 270, 30]))
        canvas.setFillColor(Color(0, 0, 0))
        canvas.setFont(FONT, 10)
        canvas.drawString(0, 0, "转 12.50")
        canvas.restoreState()


def painted(path: Path, seed: int) -> Path:
    """A page of random marks."""
    chance = random.Random(seed)
    canvas = Canvas(str(path), pagesize=(595, 842))
    if chance.random() < 0.2:
        canvas.setCropBox((chance.choice([0, 100]), 0, chance.choice([595, 400]), 842))
    if chance.random() < 0.4:
        canvas.beginForm("part")
        canvas.setFont(FONT, 10)
        for _ in range(3):
            _mark(canvas, chance)
        canvas.endForm()
        for _ in range(6):
            _mark(canvas, chance)
        canvas.doForm("part")
    for _ in range(chance.randrange(4, 25)):
        _mark(canvas, chance)
    canvas.showPage()
    canvas.save()
    return path


@pytest.mark.parametrize("seed", [*ONCE_DIFFERENT, *range(1000, 1030)])
def test_both_readers_see_the_same(tmp_path: Path, seed: int) -> None:
    path = painted(tmp_path / "page.pdf", seed)
    reference, other = (read_document(path, "0" * 16, reader=reader) for reader in ("pdfplumber", "pdfium"))  # type: ignore[arg-type]
    # The font is not in the file: how wide it is depends on the machine.
    assert [each for each in differences(reference, other) if not each.kind.endswith("_box")] == []
    assert reference.remarks == other.remarks
