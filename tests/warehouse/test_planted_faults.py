"""The built warehouse of ``raw/``: every planted fault is a finding with its page, and nothing else is."""

from __future__ import annotations

import re
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


# What the seed contradicts, each once: kind, what it is about, page. All are in the published document.
SEEDS_OWN = {
    # The 合计 row of T2 leaves 财政拨款收入 blank.
    ("identity_violated", "t2_row_total total", 7),
    ("identity_violated", "t2_rollup total|fiscal_appropriation", 7),
    ("identity_violated", "t1_t2_fiscal_appropriation", 7),
    ("identity_violated", "t2_t4_fiscal_appropriation", 7),
    # The contents speak of the statements of 2022.
    ("text_year_wrong", "", 2),
    # 咨询费, 电费 and 物业管理费 are listed as paid and blank in T6.
    ("claim_listed_but_blank", "", 18),
    # “三公”: a budget of 10 in the text, of 7.48 in T9.
    ("claim_contradicts_statement", "budget", 19),
    # Goods and services go to SMEs to 100 %, which makes 1,915.84, and 254.18 is printed.
    ("text_sum_wrong", "", 20),
    # 1,958.81 is not 100 % of 1,910.17.
    ("claim_ratio_wrong", "share", 20),
    # Six faults with seven durations, and their mean.
    ("text_sum_wrong", "", 23),
    # A budget of 1,350.7 and of 1,350.78 for one project.
    ("text_figures_differ", "", 25),
}


def test_the_seeds_own_contradictions_are_found_and_nothing_else(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = [key[1:] for key, n in findings(warehouse).items() for _ in range(n) if key[0] == SEED]
    # What the text and its lists contradict has a key of its own place.
    told = Counter(
        (kind, "" if re.fullmatch(r"[0-9a-f]{16}-[fl]\d{4}", about) else about, page)
        for kind, about, page in found
    )
    assert told == Counter(SEEDS_OWN)


def test_each_contradiction_of_the_seed_is_told_with_its_sentence(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    told = dict(
        warehouse.execute(
            "select f.page || f.finding_kind, f.sentence_zh from mart_findings as f "
            "inner join dim_document as d using (document_id) where d.source_path = ?",
            [SEED],
        ).fetchall()
    )
    for page, kind, words in [
        (2, "text_year_wrong", "2022年度部门决算表"),
        (18, "claim_listed_but_blank", "所列“咨询费”“电费”“物业管理费”，第12页"),
        (20, "text_sum_wrong", "应为1915.84万元，而文中印为254.18万元"),
        (20, "claim_ratio_wrong", "1958.81万元÷1,910.17万元"),
        (23, "text_sum_wrong", "写“6项故障”，列出7个数值；平均应为1.929小时，写为1.813小时"),
        (25, "text_figures_differ", "此处印为1,350.78万元，第20页印为1,350.7万元"),
    ]:
        assert words in told[f"{page}{kind}"]
    # 2,776.35 beside classes that make 2,776.34 is rounding, 106.17 and 105.95 are two classifications.
    assert not any("2776.3" in sentence or "105.95" in sentence for sentence in told.values())


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
    assert checked["violated"] == 7
    assert checked["exact"] + checked["rounding"] > 2050


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
        "第15页，文字说明“三、支出决算情况说明”：“项目支出”写为5014.37万元，"
        "第7页支出决算表“合计”行“项目支出”栏印为5,002.37万元，相差12.00万元。",
    )


@pytest.mark.parametrize(
    ("document", "identity", "key", "sentence"),
    [
        # What is added up is called by its level.
        (
            "310107-sample-commerce/2021-final-accounts.pdf",
            "t2_rollup",
            "21602|total",
            "第7页，收入决算表“21602 商业流通事务”行“本年收入合计”栏：本行印为4,661.26万元，"
            "所属各项之和为4,664.26万元，相差3.00万元。",
        ),
        (
            "320000-sample-hydrology/2022-final-accounts.pdf",
            "t3_rollup",
            "208|total",
            "第8页，支出决算表“208 社会保障和就业支出”行“本年支出合计”栏：本行印为1,037.97万元，"
            "所属各款之和为1,017.97万元，相差20.00万元。",
        ),
        # Each statement in its own unit: here one of the two slipped.
        (
            "420100-sample-government-services/2024-final-accounts.pdf",
            "t4_t8_class",
            "223",
            "第8页，财政拨款收入支出决算总表“二十一、国有资本经营预算支出”行：国有资本经营预算类级支出"
            "印为24.55万元，国有资本经营预算财政拨款支出决算表该类为24.55元，相差24.547545万元。",
        ),
        # The one row of “三公” has no name, and a blank is no 0.00.
        (
            "310107-sample-subdistrict/2022-final-accounts.pdf",
            "t9_final_vehicles",
            "total",
            "第15页，财政拨款“三公”经费支出决算表：决算数公务用车小计印为22.69万元，"
            "购置费与运行维护费之和为23.89万元，相差1.20万元。",
        ),
        (
            SEED,
            "t2_rollup",
            "total|fiscal_appropriation",
            "第7页，收入决算表“合计”行“财政拨款收入”栏：本行印为空白，各类之和为3,295.68万元，相差3,295.68万元。",
        ),
    ],
)
def test_a_sentence_tells_the_page_as_printed(
    warehouse: duckdb.DuckDBPyConnection, document: str, identity: str, key: str, sentence: str
) -> None:
    assert warehouse.execute(
        "select f.sentence_zh from mart_findings as f inner join dim_document as d using (document_id) "
        "where d.source_path = ? and f.identity_id = ? and f.identity_key = ?",
        [document, identity, key],
    ).fetchall() == [(sentence,)]


def test_no_sentence_shows_an_id_of_the_catalogue(warehouse: duckdb.DuckDBPyConnection) -> None:
    ids = {
        name
        for (name,) in warehouse.execute(
            "select row_key from intermediate.int_line_items where regexp_full_match(row_key, '[a-z_]+') "
            "union select column_id from intermediate.int_line_items "
            "union select statement_id from dim_statement"
        ).fetchall()
    }
    rows = warehouse.execute("select question_zh, sentence_zh, sentence_en from mart_findings").fetchall()
    assert len(rows) > 50
    for question_zh, sentence_zh, sentence_en in rows:
        assert not ids & set(re.findall(r"[a-z_]+", question_zh + sentence_zh))
        assert not {name for name in ids if "_" in name} & set(re.findall(r"[a-z_]+", sentence_en))


def test_every_finding_is_a_question_that_can_be_sent(warehouse: duckdb.DuckDBPyConnection) -> None:
    (row,) = warehouse.execute(
        "select f.question_zh, f.question_en from mart_findings as f "
        "inner join dim_document as d using (document_id) "
        "where d.source_path = '310107-sample-commerce/2023-final-accounts.pdf' "
        "and f.identity_id like 't1_t2%'"
    ).fetchall()
    assert row == (
        "贵单位公开的2023年度决算中，第5页，收入支出决算总表：本年收入合计印为9,107.10万元，"
        "收入决算表合计为9,117.10万元，相差10.00万元。"
        "请问两处数字为何不同？如口径不同，请说明；如有数字印错，请说明以哪一处为准。",
        "In your final accounts for 2023: Page 5, Revenue and expenditure summary (T1): total revenue "
        "printed as 9,107.10 万元, the total of the revenue table 9,117.10 万元, difference 10.00 万元. "
        "Why do the two differ? If they are not the same thing, how do they differ; "
        "if one is misprinted, which holds?",
    )
    unasked = warehouse.execute(
        "select count(*) from mart_findings where not regexp_matches(question_zh, '请问|请确认') "
        "or not contains(question_en, '?')"
    ).fetchone()
    assert unasked == (0,)


def test_findings_of_one_wrong_cell_name_it(warehouse: duckdb.DuckDBPyConnection) -> None:
    # The cell misprinted on purpose, where one cell alone is at fault and several identities notice.
    rows = warehouse.execute(
        """
        select d.source_path, c.printed_text, count(*)
        from mart_findings as f
        inner join dim_document as d using (document_id)
        inner join fct_cells as c on f.suspect_cell_id = c.cell_id
        group by all
        """
    ).fetchall()
    found = {(path, text.replace(" ", "")): n for path, text, n in rows}
    for path, printed, n in [
        ("310107-sample-commerce/2021-final-accounts.pdf", "4,664.26", 2),
        ("310107-sample-commerce/2023-final-accounts.pdf", "9,117.10", 3),
        ("320000-sample-hydrology/2022-final-accounts.pdf", "1,037.97", 4),
        ("420100-sample-cultural-centre/2022-final-accounts.pdf", "943.10", 3),
        ("420100-sample-government-services/2022-final-accounts.pdf", "7,792.18", 3),
    ]:
        assert found[(path, printed)] == n


def test_the_published_file_holds_no_view(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute("select count(*) from duckdb_views() where not internal").fetchone() == (0,)
