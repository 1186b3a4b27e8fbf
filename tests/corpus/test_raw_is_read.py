"""The committed documents through the real rooms: every amount right, every planted fault found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipelines.statements import understand
from pipelines.statements.model import Claim, LineItem
from pipelines.warehouse.identities import IdentityResult, Printed, evaluate_documents
from tests.built_raw import GROUP, BuiltRaw
from tests.corpus.document import Made
from tests.corpus.faults import planted_faults
from tests.corpus.raw import Registered, make_raw
from tests.corpus.seed_document import DOCUMENT as SEED

pytestmark = pytest.mark.xdist_group(GROUP)


@dataclass(frozen=True)
class Read:
    """A document of ``raw/``: what it holds and what the rooms made of it."""

    entry: Registered
    made: Made
    printed: Printed
    claims: tuple[Claim, ...]


@pytest.fixture(scope="module")
def documents(built_raw: BuiltRaw) -> list[Read]:
    read = []
    for entry, made in make_raw():
        # Without the register: the document itself must say what it is.
        name = Path(entry.plan.document).name
        understood = understand(built_raw.document(entry.plan.document), file_name=name)
        found = understood.identification
        assert (found.fiscal_year, found.kind) == (entry.plan.year, entry.kind), entry.plan.document
        registered = replace(found, department_name=entry.plan.department, region_code=entry.region_code)
        read.append(
            Read(
                entry,
                made,
                Printed(entry.plan.document, registered, understood.statements, understood.line_items),
                understood.claims,
            )
        )
    return read


@pytest.fixture(scope="module")
def violated(documents: list[Read]) -> list[IdentityResult]:
    results = evaluate_documents(each.printed for each in documents)
    return [result for result in results if result.verdict == "violated"]


def test_every_amount_is_read(documents: list[Read]) -> None:
    differences = {}
    for each in documents:
        # Rows without codes are told by their label: their key is the reader's own path of names.
        free = ("budget_procurement",)
        wanted = Counter(
            (
                row.page,
                row.statement_id,
                row.row_label if row.statement_id in free else row.row_key,
                row.column_id,
                row.yuan,
            )
            for row in each.made.truth
        )
        got = Counter(
            (
                item.page,
                item.statement_id,
                item.row_label if item.statement_id in free else item.row_key,
                item.column_id,
                item.amount_yuan,
            )
            for item in each.printed.line_items
        )
        if wanted != got:
            differences[each.entry.plan.document] = (wanted - got, got - wanted)
    assert not differences


def test_every_statement_is_found_or_said_to_be_empty(documents: list[Read]) -> None:
    for each in documents:
        wanted = [(one.statement_id, one.first_page, one.is_empty) for one in each.made.statements]
        got = [(one.statement_id, one.first_page, one.is_stated_empty) for one in each.printed.statements]
        assert got == wanted, each.entry.plan.document


def test_planted_faults_are_found_with_their_page_and_nothing_else(violated: list[IdentityResult]) -> None:
    found = Counter(
        (result.document_id, result.identity_id, result.key, result.page)
        for result in violated
        if result.document_id != SEED
    )
    wanted = Counter(
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
    assert found == wanted


def test_text_and_statements_contradict_each_other_only_where_planted(documents: list[Read]) -> None:
    """Amounts of the narrative that name a printed figure agree with it within both precisions."""
    figures: dict[tuple[object, ...], LineItem] = {
        (each.entry.plan.department, each.entry.plan.year, each.entry.kind, *about(item)): item
        for each in documents
        for item in each.printed.line_items
    }
    contradicted, agreed = set(), 0
    for each in documents:
        plan = each.entry.plan
        for claim in each.claims:
            item = figures.get((plan.department, plan.year, each.entry.kind, *claim.about.split("/")))
            if item is None or claim.unit != "yuan" or plan.document == SEED:
                continue
            if abs(item.amount_yuan - claim.value) <= (item.precision_yuan + claim.precision) / 2:
                agreed += 1
            else:
                contradicted.add((plan.document, claim.about))
    planted = {
        (fault.document, expected["key"])
        for fault in planted_faults()
        for expected in fault.expected
        if expected.get("finding") == "claim" and expected["claim_kind"] == "amount"
    }
    assert contradicted == planted
    assert agreed > 400


def about(item: LineItem) -> tuple[str, str, str]:
    return (item.statement_id, item.row_key, item.column_id)


def test_a_violated_identity_names_its_cells(violated: list[IdentityResult]) -> None:
    assert all(result.cell_id or result.operand_cell_ids for result in violated)
