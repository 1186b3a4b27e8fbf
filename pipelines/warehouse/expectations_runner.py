"""Asking the suites of a built warehouse: outcomes for the gate and for asset checks, and Data Docs.

Great Expectations is imported only when ``run_suites`` is called. Counts by verdict and the worst
difference come from the warehouse itself; what Great Expectations says is whether a rule holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.warehouse.identity_schema import Severity
from pipelines.warehouse.imports import without_address_grammars
from pipelines.warehouse.suites import EXPECTATIONS_FOLDER, load_suites

if TYPE_CHECKING:
    from pipelines.warehouse.gx_suites import RuleRun

#: Cases given with an outcome; the whole list is in the warehouse.
SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Case:
    """One row that breaks a rule: where it is printed, and for identities the amounts in yuan.

    ``what`` is the row and column in words. ``reported_yuan`` is None where the cell is blank on the page.
    """

    document_id: str
    published_name: str
    page: int | None
    cell_id: str
    what: str
    detail: str
    reported_yuan: Decimal | None = None
    expected_yuan: Decimal | None = None
    difference_yuan: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ExpectationOutcome:
    """How one rule came out.

    ``success``: it ran and nothing breaks it. ``error``: why the rule itself could not be run (then
    nothing is known of the data). ``n_unexpected`` counts the rows that break it. For identities,
    ``verdicts`` counts results by verdict and ``worst_difference_yuan`` is the largest violated one.
    """

    rule_id: str
    severity: Severity
    title_zh: str
    title_en: str
    success: bool
    error: str
    n_unexpected: int
    verdicts: Mapping[str, int] = field(default_factory=dict)
    worst_difference_yuan: Decimal | None = None
    sample: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class SuiteOutcome:
    """How a suite came out, rule by rule in their order."""

    suite_id: str
    title_zh: str
    title_en: str
    expectations: tuple[ExpectationOutcome, ...]

    @property
    def success(self) -> bool:
        """Whether every rule holds."""
        return all(outcome.success for outcome in self.expectations)

    @property
    def stops(self) -> tuple[str, ...]:
        """Reasons not to publish: broken rules of severity ``stop``, and rules that could not be run."""
        return tuple(
            f"{outcome.rule_id}: {outcome.error or f'{outcome.title_en}: {outcome.n_unexpected} case(s)'}"
            for outcome in self.expectations
            if not outcome.success and (outcome.error or outcome.severity == "stop")
        )


def load_great_expectations() -> None:
    """Import it: seconds, and a quarter of a gigabyte."""
    without_address_grammars()
    import pipelines.warehouse.gx_suites  # noqa: F401


def run_suites(
    warehouse: Path, out_dir: Path, *, expectations: Path = EXPECTATIONS_FOLDER
) -> list[SuiteOutcome]:
    """Ask every suite of the DuckDB file ``warehouse`` (read-only); Data Docs go to ``out_dir/data_docs``.

    Raises ``IdentityError`` for expectations that cannot be read, ``duckdb.Error`` for a file that
    is no warehouse. A rule that fails to run is an outcome with an ``error``, not an exception.
    """
    load_great_expectations()
    from pipelines.warehouse.data_docs import make_offline
    from pipelines.warehouse.gx_suites import run

    suites = load_suites(expectations)
    docs = out_dir / "data_docs"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        verdicts = _verdicts(connection)
        worst = _worst_differences(connection)
        names = dict(
            connection.execute("select document_id, published_name from main.dim_document").fetchall()
        )
    runs = run(suites, warehouse, docs, verdicts)
    make_offline(docs, {suite.id: f"{suite.title.zh} {suite.title.en}" for suite in suites})
    return [
        SuiteOutcome(
            suite_id=suite.id,
            title_zh=suite.title.zh,
            title_en=suite.title.en,
            expectations=tuple(_outcome(run_, verdicts, worst, names) for run_ in runs[suite.id]),
        )
        for suite in suites
    ]


def _outcome(
    run: RuleRun,
    verdicts: Mapping[str, Mapping[str, int]],
    worst: Mapping[str, Decimal],
    names: Mapping[str, str],
) -> ExpectationOutcome:
    rule = run.rule
    return ExpectationOutcome(
        rule_id=rule.id,
        severity=rule.severity,
        title_zh=rule.title.zh,
        title_en=rule.title.en,
        success=run.success,
        error=run.error,
        n_unexpected=run.n_unexpected,
        verdicts=verdicts.get(rule.id, {}) if rule.is_identity else {},
        worst_difference_yuan=worst.get(rule.id) if rule.is_identity else None,
        sample=tuple(_case(row, names) for row in run.rows[:SAMPLE]),
    )


def _case(row: Mapping[str, object], names: Mapping[str, str]) -> Case:
    def text(name: str) -> str:
        value = row.get(name)
        return "" if value is None else str(value)

    def money(name: str) -> Decimal | None:
        return Decimal(text(name)) if text(name) else None

    return Case(
        document_id=text("document_id"),
        published_name=names.get(text("document_id"), ""),
        page=int(text("page")) if text("page") else None,
        cell_id=text("cell_id"),
        what=text("what"),
        detail=text("detail"),
        reported_yuan=money("reported_yuan"),
        expected_yuan=money("expected_yuan"),
        difference_yuan=money("difference_yuan"),
    )


def _verdicts(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    rows: Sequence[tuple[str, str, int]] = connection.execute(
        "select identity_id, verdict, count(*) from main.fct_identity_results group by all order by all"
    ).fetchall()
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for identity_id, verdict, count in rows:
        counts[identity_id][verdict] = count
    return counts


def _worst_differences(connection: duckdb.DuckDBPyConnection) -> dict[str, Decimal]:
    rows: Sequence[tuple[str, Decimal]] = connection.execute(
        """
        select identity_id, arg_max(difference_yuan, abs(difference_yuan))
        from main.fct_identity_results where verdict = 'violated' group by identity_id
        """
    ).fetchall()
    return dict(rows)
