"""The built warehouse of ``raw/``: every planted fault is a finding with its page, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from tests.built_raw import GROUP, RAW, BuiltRaw
from tests.corpus.faults import planted_faults
from tests.corpus.seed_document import DOCUMENT as SEED

pytestmark = pytest.mark.xdist_group(GROUP)

Finding = tuple[str, str, str, int | None]
"""Document, kind of finding, what it is about, page."""


@pytest.fixture(scope="module")
def warehouse(built_raw: BuiltRaw) -> Iterator[duckdb.DuckDBPyConnection]:
    path = Settings.from_environment(raw=RAW, data=built_raw.data).warehouse
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def expected_finding(document: str, expected: Mapping[str, Any]) -> Finding:
    """The finding that a planted fault must give."""
    place = str(expected.get("document", document))
    page = expected.get("page")
    if "identity" in expected:
        return (place, "identity_violated", f"{expected['identity']} {expected['key']}".strip(), page)
    if expected["finding"] == "claim":
        kind = "claim_contradicts_statement" if "/" in expected["key"] else "claim_ratio_wrong"
        return (place, kind, expected["claim_kind"], page)
    return (place, expected["finding"], expected.get("key") or expected["statement"], page)


def findings(warehouse: duckdb.DuckDBPyConnection) -> Counter[Finding]:
    """Every finding that is more than a hint."""
    rows = warehouse.execute(
        """
        select
            d.source_path,
            f.finding_kind,
            case
                when f.identity_id is not null then trim(f.identity_id || ' ' || f.identity_key)
                when c.claim_id is not null then c.claim_kind
                when f.finding_kind = 'code_name_differs' then split_part(f.identity_key, '/', 2)
                else f.identity_key
            end,
            f.page
        from mart_findings as f
        inner join dim_document as d on f.document_id = d.document_id
        left join fct_claims as c on f.identity_key = c.claim_id
        where f.severity <> 'low'
        """
    ).fetchall()
    return Counter(rows)


def test_every_planted_fault_is_a_finding_and_there_is_no_other(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    wanted = Counter(
        expected_finding(fault.document, expected)
        for fault in planted_faults()
        for expected in fault.expected
    )
    found = Counter({key: n for key, n in findings(warehouse).items() if key[0] != SEED})
    assert found == wanted


def test_the_seeds_own_contradictions_are_found(warehouse: duckdb.DuckDBPyConnection) -> None:
    # The 合计 row of T2 leaves 财政拨款收入 blank; “三公” budget 10 万元 in the text, 7.48 in T9.
    assert {key[1:] for key in findings(warehouse) if key[0] == SEED} == {
        ("identity_violated", "t2_row_total total", 7),
        ("identity_violated", "t2_rollup total|fiscal_appropriation", 7),
        ("identity_violated", "t1_t2_fiscal_appropriation", 7),
        ("identity_violated", "t2_t4_fiscal_appropriation", 7),
        ("claim_contradicts_statement", "amount", 17),
        ("claim_contradicts_statement", "budget", 19),
    }


def test_nothing_is_violated_in_the_panel_but_what_is_planted(warehouse: duckdb.DuckDBPyConnection) -> None:
    violated = warehouse.execute(
        "select count(*) from fct_identity_results as r "
        "inner join dim_document as d on r.document_id = d.document_id "
        "where r.verdict = 'violated' and d.source_path <> ?",
        [SEED],
    ).fetchone()
    planted = sum("identity" in expected for fault in planted_faults() for expected in fault.expected)
    assert violated == (planted,)


def test_most_of_the_narrative_that_names_a_figure_is_checked(warehouse: duckdb.DuckDBPyConnection) -> None:
    checked = dict(
        warehouse.execute(
            "select verdict, count(*) from fct_claims where compared_with is not null group by verdict"
        ).fetchall()
    )
    assert checked["violated"] == 4
    assert checked["exact"] + checked["rounding"] > 1200


def test_findings_name_department_region_file_and_statement(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = warehouse.execute(
        "select department_name, region_name, published_name, statement_name_zh, severity, sentence_zh "
        "from mart_findings where finding_kind = 'claim_contradicts_statement' "
        "and department_name = '武汉市样例政务保障局'"
    ).fetchone()
    assert row is not None
    assert row[:2] == ("武汉市样例政务保障局", "武汉市")
    assert row[3:] == (
        "支出决算表",
        "medium",
        "第15页，文字说明“三、支出决算情况说明”：“项目支出”写为50,143,700.00元，"
        "第7页支出决算表，合计，项目支出印为50,023,700.00元，相差120,000.00元。",
    )


def test_the_published_file_holds_no_view(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute("select count(*) from duckdb_views() where not internal").fetchone() == (0,)
