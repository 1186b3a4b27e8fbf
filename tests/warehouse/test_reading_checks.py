"""A reading that does not hold together counts nowhere, whichever run comes later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipelines.extraction.model import Box, ReadDocument
from pipelines.settings import Settings
from pipelines.statements.model import UnderstoodDocument
from pipelines.warehouse.build import build
from pipelines.warehouse.lake import Lake
from pipelines.warehouse.reading_checks import INCONSISTENT, what_does_not_hold
from tests.statements.builders import CODE_HEAD, document, read, table
from tests.warehouse.fakes import put, understand_fake_inconsistent
from tests.warehouse.test_build import check, transform


def reading() -> tuple[ReadDocument, UnderstoodDocument]:
    one = table(
        ["2023年度支出决算表", "单位：万元"],
        [*CODE_HEAD, ["201", "一般公共服务支出", "12.00", "8.00", "4.00"]],
        page=2,
    )
    return document(one), read(one)


def test_a_sound_reading_holds_together() -> None:
    assert what_does_not_hold(*reading()) == ""


def test_each_fault_of_a_reading_is_named_with_its_cell() -> None:
    doc, found = reading()
    first, second, _ = found.line_items
    gone = replace(first, cell_id=f"{doc.document_id}-p0009-t01-r000-c00")
    said = what_does_not_hold(doc, replace(found, line_items=(gone, second, second)))
    assert f"{second.cell_id} stands for 2 amounts" in said
    assert f"{gone.cell_id} holds an amount and was not read" in said
    elsewhere = what_does_not_hold(
        doc, replace(found, line_items=(replace(first, page=9), *found.line_items[1:]))
    )
    assert f"{first.cell_id} is told to stand on page 9" in elsewhere
    fewer = what_does_not_hold(doc, replace(found, line_items=found.line_items[1:]))
    assert "says that it has 3 amounts and has 2" in fewer
    flat = tuple(replace(cell, box=Box(1, 1, 1, 1)) for cell in doc.tables[0].parts[0].cells)
    part = replace(doc.tables[0].parts[0], cells=flat)
    nowhere = replace(doc, tables=(replace(doc.tables[0], parts=(part,)),))
    assert "has no place on page 2" in what_does_not_hold(nowhere, found)


def test_it_is_set_aside_in_the_lake_and_no_later_run_lets_it_through(tmp_path: Path) -> None:
    put(tmp_path / "raw" / "a.pdf", "2023\n1.00\n")
    put(tmp_path / "raw" / "b.pdf", "2023\n3.00\n")
    settings = Settings(raw=tmp_path / "raw", data=tmp_path / "data", workers=1)
    for is_again in (False, True):
        built = build(
            settings,
            understand=understand_fake_inconsistent,
            transform=transform,
            check=check,
            full=is_again,
        )
        assert built.published
        assert len(built.documents) == (0 if is_again else 2)
        (aside,) = built.summary.set_aside
        assert (aside.source_path, aside.reason) == ("a.pdf", INCONSISTENT)
        assert "stands for 2 amounts" in aside.message
        assert built.summary.n_amounts == 1
    outcomes = {entry.source_path: entry.outcome for entry in Lake(settings.lake).entries().values()}
    assert outcomes == {"a.pdf": "set_aside", "b.pdf": "read"}
