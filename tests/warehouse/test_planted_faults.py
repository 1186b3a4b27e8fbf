"""The built warehouse of ``raw/``: every planted fault is a finding with its page, and nothing else is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from pipelines.settings import Settings
from tests.built_raw import GROUP, RAW, BuiltRaw
from tests.corpus.faults import Fault, planted_faults
from tests.corpus.seed_document import DOCUMENT as SEED

pytestmark = pytest.mark.xdist_group(GROUP)

Finding = tuple[str, str, str, int | None]
"""Document, kind of finding, what it is about (of a figure: what it should be), page."""


@pytest.fixture(scope="module")
def warehouse(built_raw: BuiltRaw) -> Iterator[duckdb.DuckDBPyConnection]:
    path = Settings.from_environment(raw=RAW, data=built_raw.data).warehouse
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


def expected_findings(fault: Fault) -> list[Finding]:
    """The findings that a planted fault must give: one where one figure, place or unit is at fault."""
    (change, *others) = fault.changes or ({},)
    identities = [each for each in fault.expected if "identity" in each]
    if len(identities) > 1 and not others:
        kind = {"print": "figure_contradicted", "unit": "unit_contradicted", "move": "figures_exchanged"}
        page = change.get("page") if change["do"] != "move" else identities[0]["page"]
        return [(fault.document, kind[change["do"]], str(change.get("correct", "")), page)]
    return [_expected_finding(fault.document, each) for each in fault.expected]


def _expected_finding(document: str, expected: Mapping[str, Any]) -> Finding:
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
                when f.finding_kind = 'unit_contradicted'
                    then regexp_extract(f.sentence_zh, '若单位为(.*)，则', 1)
                when f.finding_kind = 'figures_exchanged' then c2.printed_text
                when f.finding_kind = 'figure_contradicted'
                    then regexp_extract(f.sentence_zh, '；若为([0-9.,]+)', 1)
                when c.claim_id is not null then c.claim_kind
                when f.finding_kind = 'code_name_differs' then split_part(f.identity_key, '/', 2)
                else f.identity_key
            end,
            f.page
        from mart_findings as f
        inner join dim_document as d on f.document_id = d.document_id
        left join fct_claims as c on f.identity_key = c.claim_id
        left join fct_cells as c2 on f.cell_id = c2.cell_id
        where f.severity <> 'low'
        """
    ).fetchall()
    return Counter(rows)


def test_every_planted_fault_is_a_finding_and_there_is_no_other(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    wanted = Counter(finding for fault in planted_faults() for finding in expected_findings(fault))
    found = Counter({key: n for key, n in findings(warehouse).items() if key[0] != SEED})
    assert found == wanted


# What the seed contradicts, each once: kind, what it is about, page. All are in the published document.
SEEDS_OWN = {
    # The 合计 row of T2 leaves 财政拨款收入 blank: four identities, one finding.
    ("figure_contradicted", "3,295.68", 7),
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
        (
            SEED,
            "t2_rollup",
            "total|fiscal_appropriation",
            "第7页，收入决算表“合计”行“财政拨款收入”栏：本行印为空白，各类之和为3,295.68万元，相差3,295.68万元。",
        ),
    ],
)
def test_what_a_finding_explains_is_kept_with_it(
    warehouse: duckdb.DuckDBPyConnection, document: str, identity: str, key: str, sentence: str
) -> None:
    assert warehouse.execute(
        "select s.sentence_zh from mart_finding_symptoms as s "
        "inner join mart_findings as f using (finding_id) "
        "inner join dim_document as d on f.document_id = d.document_id "
        "where d.source_path = ? and s.identity_id = ? and s.identity_key = ?",
        [document, identity, key],
    ).fetchall() == [(sentence,)]


@pytest.mark.parametrize(
    ("document", "kind", "sentence"),
    [
        (
            "310107-sample-commerce/2023-final-accounts.pdf",
            "figure_contradicted",
            "第6页，收入决算表“合计”行“本年收入合计”栏：印为9,117.10万元，与3处勾稽关系不符"
            "（收入决算表：本年收入合计 = 各来源收入之和；收入决算表：本行 = 下级科目之和；"
            "收入支出决算总表：本年收入合计 = 收入决算表合计）；若为9,107.10万元，则全部成立。",
        ),
        # A blank is no figure, and may be the one cause of much.
        (
            SEED,
            "figure_contradicted",
            "第7页，收入决算表“合计”行“财政拨款收入”栏：空白（未印数字），与4处勾稽关系不符"
            "（收入决算表：本年收入合计 = 各来源收入之和；收入决算表：本行 = 下级科目之和；"
            "收入决算表：财政拨款收入合计 = 总表一般公共预算、政府性基金、国有资本经营三行之和等）；"
            "若为3,295.68万元，则全部成立。",
        ),
        (
            "420100-sample-government-services/2024-final-accounts.pdf",
            "unit_contradicted",
            "第13页，国有资本经营预算财政拨款支出决算表：计量单位印为元，所印数字与其他报表的2处勾稽关系不符"
            "（财政拨款收入支出决算总表：国有资本经营预算本年支出合计 = "
            "国有资本经营预算财政拨款支出决算表合计；"
            "财政拨款收入支出决算总表：国有资本经营预算类级支出 = 国有资本经营预算财政拨款支出决算表该类）；"
            "若单位为万元，则全部成立。",
        ),
        (
            "320000-sample-hydrology/2024-final-accounts.pdf",
            "figures_exchanged",
            "第6页，收入决算表“2130399 其他水利支出”行“上级补助收入”栏：印为178.19万元；"
            "第6页，收入决算表“2130399 其他水利支出”行“财政拨款收入”栏：空白（未印数字）。"
            "与2处勾稽关系不符（收入决算表：本行 = 下级科目之和）；若两处互换，则全部成立。",
        ),
        # Where nothing else decides, those as likely are told.
        (
            "310107-sample-subdistrict/2022-final-accounts.pdf",
            "identity_violated",
            "第15页，财政拨款“三公”经费支出决算表：决算数公务用车小计印为22.69万元，"
            "购置费与运行维护费之和为23.89万元，相差1.20万元。"
            "可能印错的是第15页，财政拨款“三公”经费支出决算表“决算数 公务用车购置费”栏（印为17.28万元），"
            "若为16.08万元（16.07至16.09万元之间）即成立。"
            "也可能是第15页，财政拨款“三公”经费支出决算表“决算数 公务用车运行费”栏（印为6.61万元，"
            "若为5.41万元（5.40至5.42万元之间）也全部成立）。",
        ),
    ],
)
def test_one_cause_is_told_in_one_sentence(
    warehouse: duckdb.DuckDBPyConnection, document: str, kind: str, sentence: str
) -> None:
    assert warehouse.execute(
        "select f.sentence_zh from mart_findings as f inner join dim_document as d using (document_id) "
        "where d.source_path = ? and f.finding_kind = ? and f.severity <> 'low'",
        [document, kind],
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
    assert len(rows) > 25
    for question_zh, sentence_zh, sentence_en in rows:
        assert not ids & set(re.findall(r"[a-z_]+", question_zh + sentence_zh))
        assert not {name for name in ids if "_" in name} & set(re.findall(r"[a-z_]+", sentence_en))


def test_every_finding_is_a_question_that_can_be_sent(warehouse: duckdb.DuckDBPyConnection) -> None:
    (row,) = warehouse.execute(
        "select f.question_zh, f.question_en from mart_findings as f "
        "inner join dim_document as d using (document_id) "
        "where d.source_path = '310107-sample-commerce/2023-final-accounts.pdf' "
        "and f.finding_kind = 'figure_contradicted'"
    ).fetchall()
    assert row == (
        "贵单位公开的2023年度决算中，第6页，收入决算表“合计”行“本年收入合计”栏：印为9,117.10万元，与3处勾稽关系"
        "不符（收入决算表：本年收入合计 = 各来源收入之和；收入决算表：本行 = 下级科目之和；"
        "收入支出决算总表：本年收入合计 = 收入决算表合计）；若为9,107.10万元，则全部成立。"
        "请问该数字是否印错，应为多少？如没有印错，请说明其他各处不符的原因。",
        "In your final accounts for 2023: Page 6, Revenue, row 合计, column Revenue of the year: "
        "printed as 9,117.10 万元; 3 identities do not hold (Revenue and expenditure summary (T1): "
        "total revenue = the total of the revenue table; Revenue table (T2): this row = the sum of the codes "
        "printed under it; "
        "Revenue table (T2): total revenue = the sum of its sources). Were it 9,107.10 万元, all would hold. "
        "Is this figure misprinted, and what should it be? "
        "If it is not, why do the others disagree with it?",
    )
    unasked = warehouse.execute(
        "select count(*) from mart_findings where not regexp_matches(question_zh, '请问|请确认') "
        "or not contains(question_en, '?')"
    ).fetchone()
    assert unasked == (0,)


def test_the_finding_of_a_wrong_figure_names_its_cell_and_bounds(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    # The cell misprinted on purpose, what it should be, and how many identities tell of it.
    rows = warehouse.execute(
        """
        select
            d.source_path, c.printed_text,
            f.expected_yuan, f.suspect_low_yuan, f.suspect_high_yuan, f.n_symptoms
        from mart_findings as f
        inner join dim_document as d using (document_id)
        inner join fct_cells as c on f.suspect_cell_id = c.cell_id
        where f.finding_kind = 'figure_contradicted'
        """
    ).fetchall()
    found = {(path, text.replace(" ", "")): tuple(rest) for path, text, *rest in rows}
    for path, printed, correct, n in [
        ("310107-sample-commerce/2021-final-accounts.pdf", "4,664.26", "4661.26", 2),
        ("310107-sample-commerce/2023-final-accounts.pdf", "9,117.10", "9107.10", 3),
        ("320000-sample-hydrology/2022-final-accounts.pdf", "1,037.97", "1017.97", 4),
        ("320000-sample-hydrology/2023-final-accounts.pdf", "136.80", "139.80", 3),
        ("420100-sample-cultural-centre/2022-final-accounts.pdf", "943.10", "952.10", 3),
        ("420100-sample-government-services/2022-final-accounts.pdf", "7,792.18", "7762.18", 3),
    ]:
        expected, low, high, symptoms = found[(path, printed)]
        assert expected == Decimal(correct) * 10_000
        assert low <= expected <= high
        assert symptoms == n


def test_no_violated_identity_is_lost(warehouse: duckdb.DuckDBPyConnection) -> None:
    # Each is a finding or a symptom of one, and never both.
    rows = warehouse.execute(
        """
        with told as (
            select identity_id, identity_key, disclosure_id
            from mart_findings
            where finding_kind = 'identity_violated'
            union all
            select s.identity_id, s.identity_key, d.disclosure_id
            from mart_finding_symptoms as s
            inner join dim_document as d on s.document_id = d.document_id
            where s.symptom_kind = 'identity_violated'
        )
        select r.identity_id, r.identity_key, r.disclosure_id, count(t.identity_id)
        from fct_identity_results as r
        left join told as t
            on
                r.identity_id = t.identity_id
                and r.identity_key = t.identity_key
                and r.disclosure_id = t.disclosure_id
        where r.verdict = 'violated'
        group by all
        """
    ).fetchall()
    assert len(rows) > 40
    assert {row[-1] for row in rows} == {1}


def test_the_published_file_holds_no_view(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.execute("select count(*) from duckdb_views() where not internal").fetchone() == (0,)
