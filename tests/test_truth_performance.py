"""Performance sheets of published documents against what people saw on their pages.

The truth is in ``tests/truth/performance``.

A truth file lists every figure of the pages it names: what is read there besides is wrong too.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.statements import understand
from pipelines.statements.performance_model import Performance
from tests.conftest import ROOT

FOLDER = Path(__file__).parent / "truth" / "performance"
# page, what, project, kinds, name, value
Row = tuple[str, str, str, str, str, str, str]


def read_truth(path: Path) -> tuple[str, Counter[Row]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    document = lines[0].removeprefix("# document: ")
    rows = csv.reader(line for line in lines if not line.startswith("#"))
    next(rows)
    return document, Counter((r[0], r[1], r[2], r[3], r[4], r[5], r[6]) for r in rows)


def figures(performance: Performance, pages: set[str]) -> Counter[Row]:
    found: Counter[Row] = Counter()
    for project in performance.projects:
        amounts = {
            "initial": project.initial_yuan,
            "adjusted": project.adjusted_yuan,
            "final": project.final_yuan,
            "rate": project.rate,
        }
        for what, amount in amounts.items():
            if amount is not None:
                found[
                    str(project.page), what, project.project_name, "", "", project.money_line, str(amount)
                ] += 1
    for each in performance.indicators:
        values = {
            "target": each.target,
            "result": each.result,
            "weight": each.weight,
            "score": each.score,
            "count": each.n_indicators,
        }
        for what, value in values.items():
            if value not in (None, ""):
                names = (each.project_name, each.level1, each.level2, each.level3)
                found[str(each.page), what, *names, str(value)] += 1
    return Counter({row: n for row, n in found.items() if row[0] in pages})


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.csv")))
def test_performance_is_read_as_printed(name: str, request: pytest.FixtureRequest) -> None:
    document, truth = read_truth(FOLDER / f"{name}.csv")
    own = ROOT / "raw" / document
    path = own if own.is_file() else request.getfixturevalue("corpus") / document
    performance = understand(read_document(path, "x"), file_name=path.name).performance
    found = figures(performance, {row[0] for row in truth})
    assert found - truth == Counter()
    assert truth - found == Counter()
