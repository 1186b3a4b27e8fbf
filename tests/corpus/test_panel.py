"""The panel is consistent but for what was planted, and what was planted is where the list says."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from pipelines.warehouse.identities import IdentityResult, evaluate_documents
from tests.corpus.document import Made, make
from tests.corpus.faults import Fault, planted_faults
from tests.corpus.panel import PanelDocument, panel_documents
from tests.corpus.perfect_reading import printed


@cache
def panel() -> dict[str, tuple[PanelDocument, Made]]:
    return {each.plan.document: (each, make(each.plan)) for each in panel_documents()}


@cache
def results() -> list[IdentityResult]:
    return evaluate_documents(printed(each.plan, made, each.kind) for each, made in panel().values())


def violated() -> Counter[tuple[str, str, str, int | None]]:
    return Counter(
        (r.document_id, r.identity_id, r.key, r.page) for r in results() if r.verdict == "violated"
    )


def expected_violations() -> Counter[tuple[str, str, str, int | None]]:
    return Counter(
        (
            str(expected.get("document", fault.document)),
            str(expected["identity"]),
            str(expected["key"]),
            expected["page"],
        )
        for fault in planted_faults()
        for expected in fault.expected
        if "identity" in expected
    )


def test_exactly_the_planted_faults_are_violated_when_read_perfectly() -> None:
    assert violated() == expected_violations()


def test_rounding_occurs_and_most_identities_are_exact() -> None:
    verdicts = Counter(result.verdict for result in results())
    assert verdicts["rounding"] > 100
    assert verdicts["exact"] > 20 * verdicts["rounding"] / 2


def test_a_dozen_kinds_of_faults() -> None:
    faults = planted_faults()
    assert len(faults) >= 14
    assert len({fault.kind for fault in faults}) >= 12
    assert len({fault.fault_id for fault in faults}) == len(faults)


@pytest.mark.parametrize("fault", planted_faults(), ids=lambda fault: fault.fault_id)
def test_fault_is_printed_where_the_list_says(fault: Fault) -> None:
    _, made = panel()[fault.document]
    assert fault.expected
    assert fault.changes or fault.text_changes
    cells = {(row.statement_id, row.row_key, row.column_id): row for row in made.truth}
    pages = {each.statement_id: range(each.first_page, each.last_page + 1) for each in made.statements}
    for change in fault.changes:
        statement = change["statement"]
        if change["do"] == "drop":
            assert statement not in pages
            continue
        assert change["page"] in pages[statement]
        if change["do"] == "print":
            cell = cells[statement, change["row_key"], change["column_id"]]
            assert (cell.page, cell.printed) == (change["page"], change["printed"])
            assert change["printed"] != change["correct"]
        elif change["do"] == "move":
            cell = cells[statement, change["row_key"], change["to_column"]]
            assert (cell.page, cell.printed) == (change["page"], change["printed"])
            assert (statement, change["row_key"], change["column_id"]) not in cells
        elif change["do"] == "name":
            assert {
                row.row_label
                for row in made.truth
                if row.row_key == change["row_key"] and row.statement_id == statement
            } == {change["printed"]}
        elif change["do"] == "unit":
            assert {row.unit for row in made.truth if row.statement_id == statement} == {change["printed"]}


def test_panel_has_six_departments_four_years_both_kinds() -> None:
    found = {(each.plan.department, each.plan.year, each.kind) for each, _ in panel().values()}
    assert len(found) == 6 * 4 * 2
    assert {each.region_code for each, _ in panel().values()} == {"310107", "320000", "420100"}
    assert all("样例" in each.plan.department for each, _ in panel().values())
