"""Printed performance sheets through the real rooms: every figure right, in its own cell, none besides."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.extraction.model import cell_id, placed_cells
from pipelines.statements import understand
from tests.corpus.performance import print_sheets

# page, row, meaning, text as printed
Figure = tuple[int, str, str, str]


@pytest.mark.parametrize(("seed", "rules"), [(1, "lines"), (2, "rectangles"), (3, "cells"), (4, "double")])
def test_every_figure_of_a_sheet_is_read(seed: int, rules: str, tmp_path: Path) -> None:
    pdf, drawn = print_sheets(seed, rules)
    path = tmp_path / "sheets.pdf"
    path.write_bytes(pdf)
    document = read_document(path, "0123456789abcdef")
    cells = {
        cell_id(document.document_id, cell): cell
        for _, table in placed_cells(document)
        for cell in table.cells
    }
    performance = understand(document, file_name=path.name).performance
    found: dict[Figure, str] = {}
    for project in performance.projects:
        for meaning in ("initial", "adjusted", "final", "rate", "weight", "score"):
            if cell := getattr(project, f"{meaning}_cell_id"):
                found[project.page, project.money_line, meaning, cells[cell].text] = cell
    for indicator in performance.indicators:
        row = "total" if indicator.role == "total" else indicator.level3
        for meaning in ("target", "result", "weight", "score"):
            if cell := getattr(indicator, f"{meaning}_cell_id"):
                found[indicator.page, row, meaning, cells[cell].text] = cell
    truth = {(each.page, each.tag.row_key, each.tag.column_id, each.printed): each for each in drawn}
    assert len(truth) == len(drawn) > 100
    assert set(found) == set(truth)
    for figure, each in truth.items():
        box = cells[found[figure]].box
        assert (box.x0, box.top, box.x1, box.bottom) == pytest.approx(each.box, abs=2)
    amounts = {
        (project.page, project.money_line, meaning): getattr(project, f"{meaning}_yuan")
        for project in performance.projects
        for meaning in ("initial", "adjusted", "final")
    }
    assert amounts == {
        (each.page, each.tag.row_key, each.tag.column_id): each.tag.yuan
        for each in drawn
        if each.tag.column_id in ("initial", "adjusted", "final")
    }
    kinds = {
        (i.page, i.level3): f"{i.level1}/{i.level2}" for i in performance.indicators if i.role == "indicator"
    }
    assert kinds == {
        (each.page, each.tag.row_key): each.tag.row_label for each in drawn if each.tag.column_id == "target"
    }
    assert {project.project_name for project in performance.projects} == {f"样例项目{n}" for n in (1, 2, 3)}
