"""The suites run by Great Expectations, and its Data Docs. Import this only inside the check.

The import alone takes seconds and a quarter of a gigabyte; everything that must stay light
(definitions, suites as data, outcomes) lives in ``suites`` and ``expectations_runner``.
"""

from __future__ import annotations

import html
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from pipelines.settings import TELEMETRY_OFF

os.environ.update(TELEMETRY_OFF)

import great_expectations as gx
from great_expectations.constants import MAX_RESULT_RECORDS
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.registry import get_metric_kwargs
from great_expectations.render.components import (
    LegacyDiagnosticRendererType,
    RenderedStringTemplateContent,
    RenderedTableContent,
)
from great_expectations.render.renderer.renderer import renderer
from great_expectations.validator.metric_configuration import MetricConfiguration

from pipelines.warehouse import gx_dialect
from pipelines.warehouse.suites import BLANK, Rule, Suite

# It tells at length what is no trouble (renderers declared again, tables without a schema).
logging.getLogger("great_expectations").setLevel(logging.ERROR)

DOCS_SITE = "juesuan"
#: What Great Expectations calls the first rows of a query, and their number.
_FIRST_ROWS, _ROW_COUNT = "unexpected_rows_query.table", "unexpected_rows_query.row_count"
_SEVERITY = {"stop": "阻止发布 stops publication", "finding": "发现，供核对 finding"}
#: Rows that break a rule shown in Data Docs; all of them are in the warehouse.
SHOWN = 20
_VERDICTS = {
    "violated": "不符 violated",
    "improbable": "偏大 improbable",
    "rounding": "尾差 rounding",
    "exact": "相符 exact",
    "not_evaluable": "无法判断 not evaluable",
}
_COLUMNS = {
    "document": "文件 Document",
    "document_id": "文件号 File",
    "page": "页 Page",
    "cell_id": "单元格 Cell",
    "what": "项目 What",
    "detail": "说明 Detail",
    "reported_yuan": "印出（元）Reported",
    "expected_yuan": "应为（元）Expected",
    "difference_yuan": "差额（元）Difference",
}


class RowsThatBreakARule(UnexpectedRowsExpectation):
    """Rows that a query returns break a rule; Data Docs show the first of them with page and cell.

    Great Expectations asks each query twice, for the first rows and for how many there are. Most rules are
    broken by none, or by few: then the rows are counted.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = (_FIRST_ROWS,)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> ExpectationValidationResult | dict[str, Any]:
        count = len(metrics[_FIRST_ROWS])
        if count >= MAX_RESULT_RECORDS and execution_engine is not None:
            asked = get_metric_kwargs(
                metric_name=_ROW_COUNT,
                configuration=self.configuration,
                runtime_configuration=runtime_configuration,
            )
            metric = MetricConfiguration(
                _ROW_COUNT, asked["metric_domain_kwargs"], asked["metric_value_kwargs"]
            )
            count = execution_engine.resolve_metrics([metric])[metric.id]
        return super()._validate({**metrics, _ROW_COUNT: count}, runtime_configuration, execution_engine)

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.OBSERVED_VALUE)
    def _rows_counted(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
        **_others: Any,
    ) -> str:
        count = ((result.result if result else None) or {}).get("observed_value")
        if result is None or count is None:
            return "规则出错 rule failed to run"
        verdicts = _meta(result).get("verdicts")
        if verdicts is None:
            return "无 none" if count == 0 else f"{count:,} 处 case(s)"
        if not verdicts:
            return "未涉及 not asked of any document"
        return "，".join(f"{_VERDICTS[name]} {verdicts[name]:,}" for name in _VERDICTS if name in verdicts)

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def _rows_shown(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
        **_others: Any,
    ) -> list[RenderedTableContent] | None:
        rows = _rows(result)
        if not rows:
            return None
        names = [name for name in _COLUMNS if any(_shown(name, row) for row in rows)]
        if "document" in names:
            # The cell's name begins with the file's.
            names.remove("document_id")
        return [
            RenderedTableContent(
                content_block_type="table",
                header_row=[_COLUMNS[name] for name in names],
                # Great Expectations puts texts into its pages as they are; these are out of PDFs.
                table=[[html.escape(_shown(name, row)) for name in names] for row in rows[:SHOWN]],
                styling={"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}},
            )
        ]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_STATEMENT)
    def _error_told(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
        **_others: Any,
    ) -> list[RenderedStringTemplateContent]:
        message = error_of(result) if result is not None else ""
        if not message:
            return []
        template = {"template": "规则本身出错，不是数据的问题 The rule itself failed: $message"}
        return [
            RenderedStringTemplateContent(
                content_block_type="string_template",
                string_template={**template, "params": {"message": message}, "tag": "p"},
            )
        ]


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What Great Expectations said of one rule. ``error``: the rule itself could not be run."""

    rule: Rule
    success: bool
    n_unexpected: int
    error: str
    rows: tuple[dict[str, Any], ...]


def run(
    suites: Sequence[Suite], warehouse: Path, docs: Path, verdicts: Mapping[str, Mapping[str, int]]
) -> dict[str, tuple[RuleRun, ...]]:
    """Run ``suites`` on the DuckDB file ``warehouse`` and write Data Docs to ``docs``.

    ``verdicts`` (results by identity and verdict) are shown beside each identity. Returns the runs
    by suite id. The file is opened read-only.
    """
    gx_dialect.register()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    _add_docs_site(context, docs)
    source = context.data_sources.add_sql(
        name="warehouse", connection_string=gx_dialect.url(str(warehouse)), create_temp_table=False
    )
    validations = []
    for suite in suites:
        # What is violated comes first: a page of Data Docs is read from the top.
        ordered = sorted(suite.rules, key=lambda rule: -verdicts.get(rule.id, {}).get("violated", 0))
        expectations = [_expectation(suite, rule, verdicts) for rule in ordered]
        asked = context.suites.add(gx.ExpectationSuite(name=suite.id, expectations=expectations))
        asset = source.add_table_asset(name=suite.id, table_name=suite.table, schema_name="main")
        batch = asset.add_batch_definition_whole_table(suite.table)
        validations.append(
            context.validation_definitions.add(
                gx.ValidationDefinition(name=suite.id, data=batch, suite=asked)
            )
        )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name="warehouse", validation_definitions=validations, result_format={"result_format": "COMPLETE"}
        )
    )
    try:
        outcome = checkpoint.run(run_id=RunIdentifier(run_name="juesuan"))
        context.build_data_docs(site_names=[DOCS_SITE])
    finally:
        # DuckDB refuses a second connection with other settings while this one is open.
        source.get_engine().dispose()
    by_id = {result.suite_name: result.results for result in outcome.run_results.values()}
    return {suite.id: _runs(suite, by_id[suite.id]) for suite in suites}


def _expectation(suite: Suite, rule: Rule, verdicts: Mapping[str, Mapping[str, int]]) -> RowsThatBreakARule:
    """One rule as an expectation; its words are what Data Docs show."""
    query = rule.query
    if rule.table != suite.table:
        # Great Expectations wants every query to name the batch; this one reads another table.
        query = "/* {batch} */ " + query.replace("{batch}", f"main.{rule.table}")
    meta: dict[str, Any] = {"rule_id": rule.id, "severity": rule.severity}
    if rule.is_identity:
        meta["verdicts"] = dict(verdicts.get(rule.id, {}))
    # Dollar signs would be taken for placeholders.
    words = f"{rule.title.zh}\n{rule.title.en}\n{rule.id} · {_SEVERITY[rule.severity]} · 依据 {rule.source}"
    return RowsThatBreakARule(
        unexpected_rows_query=query,
        description=words.replace("$", "$$"),
        severity=FailureSeverity.CRITICAL if rule.severity == "stop" else FailureSeverity.WARNING,
        meta=meta,
    )


def _runs(suite: Suite, results: Sequence[ExpectationValidationResult]) -> tuple[RuleRun, ...]:
    rules = {rule.id: rule for rule in suite.rules}
    found = {}
    for result in results:
        rule = rules[_meta(result)["rule_id"]]
        error = error_of(result)
        found[rule.id] = RuleRun(
            rule=rule,
            success=bool(result.success) and not error,
            n_unexpected=int((result.result or {}).get("observed_value") or 0),
            error=error,
            rows=tuple(_rows(result)),
        )
    return tuple(found[rule.id] for rule in suite.rules)


def _add_docs_site(context: Any, docs: Path) -> None:
    context.add_data_docs_site(
        site_name=DOCS_SITE,
        site_config={
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "show_cta_footer": False},
        },
    )


def _shown(name: str, row: Mapping[str, object]) -> str:
    value = row.get(name)
    if value is None:
        return BLANK if name == "reported_yuan" and row.get("expected_yuan") is not None else ""
    return f"{Decimal(str(value)):,}" if name.endswith("_yuan") else str(value)


def _meta(result: ExpectationValidationResult) -> dict[str, Any]:
    config = result.expectation_config
    return dict(config.meta or {}) if config is not None else {}


def _rows(result: ExpectationValidationResult | None) -> list[dict[str, Any]]:
    details = ((result.result if result else None) or {}).get("details") or {}
    return list(details.get("unexpected_rows") or [])


def error_of(result: ExpectationValidationResult) -> str:
    """The message of the exception that kept a rule from running; empty if it ran."""
    told = result.exception_info or {}
    infos = [told] if "raised_exception" in told else list(told.values())
    messages = [info.get("exception_message") or "" for info in infos if info.get("raised_exception")]
    return "; ".join(dict.fromkeys(message.strip() for message in messages if message))
