"""Statements whose cells are not ruled, through the real rooms: right or said not to be understood."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.statements import understand
from tests.corpus.document import make
from tests.corpus.drawing import Rules
from tests.corpus.random_documents import random_documents

#: Documents of three departments, one of each family of forms; of each the year ``YEAR`` is read.
SEED, COUNT, YEAR = 5, 50, 2022
FAMILIES = ("310107", "320000", "420100")
#: Of a thousand amounts so many must be right; of the rest none may be wrong.
ENOUGH = 995


@pytest.mark.parametrize("rules", ["none", "frame", "levels", "three_lines", "uprights", "open_sides"])
def test_amounts_are_right_or_not_understood(tmp_path: Path, rules: Rules) -> None:
    n_right = n_printed = 0
    seen: dict[str, str] = {}
    for each in random_documents(SEED, COUNT, rules=rules):
        region, department = each.plan.document[:6], each.plan.document.split("/")[0]
        if each.plan.year != YEAR or seen.setdefault(region, department) != department:
            continue
        made = make(each.plan)
        path = tmp_path / Path(each.plan.document).name
        path.write_bytes(made.pdf)
        understood = understand(read_document(path, each.plan.document), file_name=path.name)
        # Rows without codes are told by their label: their key is the reader's own path of names.
        free = ("budget_procurement",)
        printed = Counter(
            (r.page, r.statement_id, "" if r.statement_id in free else r.row_key, r.column_id, r.yuan)
            for r in made.truth
        )
        read = Counter(
            (i.page, i.statement_id, "" if i.statement_id in free else i.row_key, i.column_id, i.amount_yuan)
            for i in understood.line_items
        )
        assert not read - printed, f"{each.plan.document}: amounts of another row or column"
        n_right += (read & printed).total()
        n_printed += printed.total()
    assert set(seen) == set(FAMILIES)
    assert 1000 * n_right >= ENOUGH * n_printed, f"{n_right} of {n_printed} amounts"
