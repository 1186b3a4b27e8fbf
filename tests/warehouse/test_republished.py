"""A document published again with another figure: read alone, shown in the marts, the old one kept."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from pipelines.warehouse.build import Built, build
from pipelines.warehouse.checking import Checked
from pipelines.warehouse.lake import Lake
from tests.corpus import panel
from tests.corpus.document import make
from tests.corpus.faults import Fault, planted_faults
from tests.corpus.panel import department_documents, departments
from tests.warehouse.models_only import models_only

FOLDER = "310107-sample-commerce"
PATH = f"{FOLDER}/2021-final-accounts.pdf"
(FAULT,) = [fault for fault in planted_faults() if fault.fault_id == "t2-row-sum"]
(CHANGE,) = FAULT.changes
PRINTED, CORRECT = (Decimal(CHANGE[key].replace(",", "")) * 10_000 for key in ("printed", "correct"))
#: Two more figures that the first version prints otherwise than the second, so that three are restated.
MORE = {"30201": ("36.21", "36.12"), "30202": ("8.26", "8.62")}
FIRST_PRINT = Fault(
    "first-print",
    "print",
    PATH,
    tuple(
        {
            "do": "print",
            "statement": "final_general_basic",
            "row_key": code,
            "column_id": "amount",
            "printed": printed,
            "correct": correct,
        }
        for code, (printed, correct) in MORE.items()
    ),
    (),
)
CELL = (CHANGE["statement"], str(CHANGE["row_key"]), "revenue", CHANGE["column_id"])


@dataclass(frozen=True)
class Republished:
    """Two builds, the second with one of three files replaced."""

    settings: Settings
    first: Built
    second: Built

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as connection:
            return connection.execute(sql, parameters).fetchall()


def put(raw: Path, year: int, *, with_faults: bool) -> None:
    """Write the final accounts of a year into the folder, without a register."""
    (department,) = [each for each in departments() if each.folder == FOLDER]
    for each in department_documents(department, year, "final_accounts", with_faults=with_faults):
        path = raw / each.plan.document
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make(each.plan).pdf)


def unchecked(settings: Settings, built: Path, folder: Path) -> Checked:
    return Checked(stops=(), n_checks=0, n_broken=0)


@pytest.fixture(scope="module")
def republished(tmp_path_factory: pytest.TempPathFactory) -> Republished:
    home = tmp_path_factory.mktemp("republished")
    settings = Settings(raw=home / "raw", data=home / "data", workers=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel, "planted_faults", lambda: (*planted_faults(), FIRST_PRINT))
        for year in (2021, 2022):
            put(settings.raw, year, with_faults=True)
    with models_only():
        first = build(settings, check=unchecked)
        put(settings.raw, 2021, with_faults=False)
        return Republished(settings, first, build(settings, check=unchecked))


# One worker makes the two builds.
pytestmark = pytest.mark.xdist_group("republished")


def test_only_the_changed_document_is_read_again(republished: Republished) -> None:
    assert len(republished.first.documents) == 2
    assert [read.source_path for read in republished.second.documents] == [PATH]
    assert republished.second.n_unchanged == 1


def test_marts_show_the_new_figure_and_the_old_one_as_a_restatement(republished: Republished) -> None:
    figures = republished.rows(
        "SELECT f.amount_yuan FROM fct_revenue_by_function AS f JOIN dim_document AS d USING (document_id) "
        "WHERE d.source_path = ? AND f.statement_id = ? AND f.functional_code = ? "
        "AND f.revenue_source = 'total'",
        PATH,
        CELL[0],
        CELL[1],
    )
    assert figures == [(CORRECT,)]
    findings = republished.rows(
        "SELECT expected_yuan, reported_yuan FROM mart_findings "
        "WHERE finding_kind = 'restated' AND fiscal_year = 2021 AND identity_key LIKE ?",
        f"{CELL[0]}/{CELL[1]}/%/{CELL[3]}",
    )
    assert findings == [(PRINTED, CORRECT)]


def test_the_lake_keeps_both(republished: Republished) -> None:
    old, new = (
        next(read.document_id for read in built.documents if read.source_path == PATH)
        for built in (republished.first, republished.second)
    )
    lake = Lake(republished.settings.lake)
    assert {old, new} <= lake.entries().keys()
    assert lake.entries()[new].supersedes_document_id == old
    assert len(list(republished.settings.lake.glob(f"line_items/*/*/{old}.parquet"))) == 1


def test_versions_are_numbered_in_the_order_of_publication(republished: Republished) -> None:
    versions = republished.rows(
        "SELECT version_number, document_status FROM dim_document WHERE source_path = ? ORDER BY 1", PATH
    )
    assert versions == [(1, "superseded"), (2, "current")]


def test_three_changed_figures_are_three_restatements(republished: Republished) -> None:
    rows = republished.rows(
        "SELECT r.statement_id, r.row_key, r.change_kind, r.earlier_yuan, r.amount_yuan "
        "FROM fct_restatements AS r JOIN dim_document AS d USING (document_id) "
        "WHERE d.source_path = ? ORDER BY 1, 2",
        PATH,
    )
    expected = [
        ("final_general_basic", code, "changed", *(Decimal(figure) * 10_000 for figure in figures))
        for code, figures in sorted(MORE.items())
    ]
    assert rows == [*expected, (CELL[0], CELL[1], "changed", PRINTED, CORRECT)]


def test_both_states_are_known_as_of_their_day(republished: Republished) -> None:
    """The state before is kept beside the state after."""
    rows = republished.rows(
        "SELECT v.version_number, v.amount_yuan, v.known_until IS NULL FROM fct_figure_versions AS v "
        "WHERE v.fiscal_year = 2021 AND v.statement_id = ? AND v.row_key = ? AND v.column_id = ? ORDER BY 1",
        CELL[0],
        CELL[1],
        CELL[3],
    )
    assert rows == [(1, PRINTED, False), (2, CORRECT, True)]
