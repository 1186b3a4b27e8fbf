"""The checks of a built warehouse as asset checks, and the published warehouse and Data Docs as assets.

All suites are asked in one step (Great Expectations takes seconds to import); each family of
identities and each other rule is a check of its own. The gate is in the data too: publishing reads
what the checks wrote beside the built file, and publishes nothing that was not checked.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    AssetSpec,
    MaterializeResult,
    MetadataValue,
    multi_asset,
    multi_asset_check,
)

from pipelines.dagster_retries import retries_what_passes
from pipelines.dagster_settings import LAKE_POOL, OWNERS, TURN_SECONDS, JuesuanResource
from pipelines.settings import Settings
from pipelines.warehouse.build import BuildFailedError, release, warehouse_version
from pipelines.warehouse.checking import Checked, ask_suites, checked_outcome
from pipelines.warehouse.dbt_assets import built_version, run_folder
from pipelines.warehouse.expectations_runner import ExpectationOutcome
from pipelines.warehouse.identity_schema import load_identities
from pipelines.warehouse.locking import build_lock
from pipelines.warehouse.publish import published_version
from pipelines.warehouse.reading_metadata import markdown_table
from pipelines.warehouse.suites import BLANK, load_suites
from pipelines.warehouse.summary import summary_of

RESULTS_KEY = AssetKey(["main", "fct_identity_results"])
WAREHOUSE_KEY = AssetKey(["warehouse"])
DATA_DOCS_KEY = AssetKey(["data_docs"])


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """Rules that are one asset check: a family of identities, or one rule about a table."""

    name: str
    asset: AssetKey
    description: str
    rule_ids: tuple[str, ...]


def check_groups(settings: Settings, tables: Mapping[str, AssetKey]) -> tuple[CheckGroup, ...]:
    """The asset checks made from the suites. ``tables`` gives the asset of each table by its name."""
    # Read once: files edited in between would make families and suites disagree.
    identities = load_identities(settings.expectations / "identities")
    families = {identity.id: (identity.document_kind, identity.family) for identity in identities}
    groups: list[CheckGroup] = []
    for suite in load_suites(settings.expectations, identities):
        by_family: dict[tuple[str, str], list[str]] = {}
        for rule in suite.rules:
            if rule.id in families:
                by_family.setdefault(families[rule.id], []).append(rule.id)
                continue
            groups.append(
                CheckGroup(
                    f"{suite.id}__{rule.id}",
                    tables.get(rule.table, RESULTS_KEY),
                    f"{rule.title.en} {rule.title.zh}",
                    (rule.id,),
                )
            )
        for (kind, family), rules in by_family.items():
            groups.append(
                CheckGroup(
                    f"{suite.id}__{kind}__{family}",
                    RESULTS_KEY,
                    f"{suite.title.en} {suite.title.zh}: {len(rules)} identities, {family} ({kind})",
                    tuple(rules),
                )
            )
    return tuple(groups)


def build_check_assets(settings: Settings, dbt_models: AssetsDefinition) -> AssetChecksDefinition:
    """All checks of the built warehouse, as one step."""
    tables = {key.path[-1]: key for key in sorted(dbt_models.keys)}
    groups = check_groups(settings, tables)

    @multi_asset_check(
        name="great_expectations",
        specs=[
            AssetCheckSpec(
                name=group.name,
                asset=group.asset,
                description=group.description,
                # A broken rule that stops publication is an error and keeps what follows from running.
                blocking=True,
                additional_deps=[key for key in sorted(dbt_models.keys) if key != group.asset],
            )
            for group in groups
        ],
        pool=LAKE_POOL,
    )
    @retries_what_passes
    def great_expectations(
        context: AssetCheckExecutionContext, juesuan: JuesuanResource
    ) -> Iterator[AssetCheckResult]:
        settings = juesuan.settings()
        folder = run_folder(settings, context.run.run_id)
        outcomes = ask_suites(settings, folder / settings.warehouse.name, folder)
        checked = checked_outcome(outcomes)
        (folder / "checked.json").write_text(json.dumps(asdict(checked)), encoding="utf-8")
        by_rule = {outcome.rule_id: outcome for suite in outcomes for outcome in suite.expectations}
        for group in groups:
            yield _result(group, [by_rule[rule_id] for rule_id in group.rule_ids])

    return great_expectations


def build_published_warehouse(dbt_models: AssetsDefinition) -> AssetsDefinition:
    """The published DuckDB file and Data Docs."""
    marts = [spec.key for spec in dbt_models.specs if spec.group_name == "warehouse_marts"]

    @multi_asset(
        name="published_warehouse",
        specs=[
            AssetSpec(
                WAREHOUSE_KEY,
                deps=marts,
                group_name="warehouse_published",
                kinds={"duckdb"},
                owners=OWNERS,
                description=(
                    "data/warehouse.duckdb: built aside, checked, swapped in whole. Open readers keep the "
                    "old one, new ones see the new."
                ),
            ),
            AssetSpec(
                DATA_DOCS_KEY,
                deps=marts,
                group_name="warehouse_published",
                kinds={"html"},
                owners=OWNERS,
                description="data/data_docs: what was checked and what was found, as pages for the browser.",
            ),
        ],
        pool=LAKE_POOL,
    )
    @retries_what_passes
    def published_warehouse(
        context: AssetExecutionContext, juesuan: JuesuanResource
    ) -> Iterator[MaterializeResult[Any]]:
        settings = juesuan.settings()
        folder = run_folder(settings, context.run.run_id)
        checked_file = folder / "checked.json"
        if not checked_file.is_file():
            raise BuildFailedError("publish", "this run has not checked what it built; select the checks too")
        checked = Checked(**json.loads(checked_file.read_text(encoding="utf-8")))
        with build_lock(settings.data, wait_seconds=TURN_SECONDS, on_wait=context.log.info):
            version = built_version(folder)
            current = warehouse_version(settings)
            if version != current and published_version(settings) == current:
                context.log.warning("a newer warehouse has been published meanwhile; this one is left out")
            else:
                release(settings, folder / settings.warehouse.name, folder, version, checked)
        summary = summary_of(settings, current)
        yield MaterializeResult(
            asset_key=WAREHOUSE_KEY,
            metadata={
                "path": MetadataValue.path(str(settings.warehouse)),
                "documents": summary.n_documents - len(summary.set_aside),
                "documents_set_aside": len(summary.set_aside),
                "statements": summary.n_statements,
                "amounts": summary.n_amounts,
                "findings": summary.findings or 0,
                "verdicts": MetadataValue.md(
                    markdown_table(("verdict", "results"), [*summary.verdicts.items()])
                ),
                "megabytes": round(settings.warehouse.stat().st_size / 2**20, 1),
            },
        )
        yield MaterializeResult(
            asset_key=DATA_DOCS_KEY,
            metadata={"index": MetadataValue.path(str(settings.data_docs / "index.html"))},
        )

    return published_warehouse


def _result(group: CheckGroup, outcomes: Sequence[ExpectationOutcome]) -> AssetCheckResult:
    broken = [outcome for outcome in outcomes if not outcome.success]
    stops = [outcome for outcome in broken if outcome.error or outcome.severity == "stop"]
    verdicts: Counter[str] = Counter()
    for outcome in outcomes:
        verdicts.update(outcome.verdicts)
    worst = max(
        (outcome.worst_difference_yuan for outcome in outcomes if outcome.worst_difference_yuan is not None),
        key=abs,
        default=None,
    )
    metadata: dict[str, Any] = {
        "rules": len(outcomes),
        "rules_broken": len(broken),
        "cases": sum(outcome.n_unexpected for outcome in outcomes),
        "by_rule": MetadataValue.md(_rules(outcomes)),
    }
    if verdicts:
        metadata["verdicts"] = MetadataValue.md(
            markdown_table(("verdict", "results"), sorted(verdicts.items()))
        )
    if worst is not None:
        metadata["worst_difference_yuan"] = MetadataValue.text(f"{worst:,}")
    if broken:
        metadata["sample"] = MetadataValue.md(_sample(broken))
    return AssetCheckResult(
        check_name=group.name,
        asset_key=group.asset,
        passed=not broken,
        severity=AssetCheckSeverity.ERROR if stops else AssetCheckSeverity.WARN,
        description=f"{len(broken)} of {len(outcomes)} rule(s) broken" if broken else "holds",
        metadata=metadata,
    )


def _rules(outcomes: Sequence[ExpectationOutcome]) -> str:
    rows = [
        (
            "error" if outcome.error else "holds" if outcome.success else "broken",
            outcome.rule_id,
            outcome.title_zh,
            outcome.n_unexpected,
            outcome.severity,
            outcome.error,
        )
        for outcome in sorted(outcomes, key=lambda outcome: (outcome.success, -outcome.n_unexpected))
    ]
    return markdown_table(("", "rule", "规则", "cases", "severity", "error"), rows)


def _sample(broken: Sequence[ExpectationOutcome]) -> str:
    rows = [
        (
            case.published_name,
            case.page or "",
            outcome.title_zh,
            case.what or case.detail,
            # A figure is expected where nothing is printed.
            BLANK
            if case.reported_yuan is None and case.expected_yuan is not None
            else _yuan(case.reported_yuan),
            _yuan(case.expected_yuan),
            _yuan(case.difference_yuan),
        )
        for outcome in broken
        for case in outcome.sample[:5]
    ]
    return markdown_table(("document", "page", "rule", "what", "printed", "expected", "difference"), rows)


def _yuan(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,}"
