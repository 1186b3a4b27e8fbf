"""The suites: what they hold, that each rule of their own finds what it is for, and the gate they make."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.warehouse.expectations_runner import ExpectationOutcome, SuiteOutcome, run_suites
from pipelines.warehouse.identity_schema import IdentityError, load_identities
from pipelines.warehouse.identity_tables import IDENTITIES_FOLDER
from pipelines.warehouse.suites import EXPECTATIONS_FOLDER, SUITE_ORDER, Rule, load_suites
from tests.warehouse.built_file import SPOILT, build

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("expectations")

SUITES = load_suites()
OWN_RULES = {rule.id: rule for suite in SUITES for rule in suite.rules if not rule.is_identity}


def broken_by(connection: duckdb.DuckDBPyConnection, rule: Rule) -> list[tuple[object, ...]]:
    return connection.execute(rule.query.replace("{batch}", f"main.{rule.table}")).fetchall()


def test_every_identity_is_asked_in_exactly_one_suite() -> None:
    asked = [rule.id for suite in SUITES for rule in suite.rules if rule.is_identity]
    assert sorted(asked) == sorted(identity.id for identity in load_identities(IDENTITIES_FOLDER))
    assert [suite.id for suite in SUITES] == list(SUITE_ORDER)


def test_every_rule_says_what_it_is_for_in_both_languages() -> None:
    for suite in SUITES:
        for rule in suite.rules:
            assert re.search(r"[\u4e00-\u9fff]", rule.title.zh), rule.id
            assert re.search(r"[A-Za-z]", rule.title.en), rule.id


def test_every_rule_of_our_own_has_a_way_to_be_broken() -> None:
    assert sorted(SPOILT) == sorted(OWN_RULES)


@pytest.mark.parametrize("rule_id", sorted(OWN_RULES))
def test_each_rule_finds_what_it_is_for(tmp_path: Path, rule_id: str) -> None:
    rule = OWN_RULES[rule_id]
    with duckdb.connect(str(build(tmp_path / "healthy.duckdb")), read_only=True) as connection:
        assert broken_by(connection, rule) == []
    with duckdb.connect(str(build(tmp_path / "spoilt.duckdb", rule_id)), read_only=True) as connection:
        assert len(broken_by(connection, rule)) >= 1


def test_a_family_that_no_suite_asks_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "identities").mkdir()
    (tmp_path / "suites").mkdir()
    for path in IDENTITIES_FOLDER.glob("*.yaml"):
        (tmp_path / "identities" / path.name).write_bytes(path.read_bytes())
    for path in (EXPECTATIONS_FOLDER / "suites").glob("*.yaml"):
        if path.stem != "across_years":
            (tmp_path / "suites" / path.name).write_bytes(path.read_bytes())
    with pytest.raises(IdentityError, match="no suite asks"):
        load_suites(tmp_path)


def test_a_suite_that_breaks_the_schema_is_named(tmp_path: Path) -> None:
    (tmp_path / "identities").mkdir()
    (tmp_path / "suites").mkdir()
    (tmp_path / "identities" / "rows.yaml").write_bytes((IDENTITIES_FOLDER / "final_rows.yaml").read_bytes())
    (tmp_path / "suites" / "odd.yaml").write_text("id: odd\ntitle: {zh: 空的, en: Empty}\n", encoding="utf-8")
    with pytest.raises(IdentityError, match=r"odd\.yaml"):
        load_suites(tmp_path)


# --- through Great Expectations -------------------------------------------------------------


@pytest.fixture(scope="module")
def spoilt_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[SuiteOutcome]]:
    """One run over a file with two violated identities, a stop, a finding, and a rule that cannot run."""
    folder = tmp_path_factory.mktemp("built")
    path = build(folder / "warehouse.duckdb", "every_amount_is_one_fact", "statements_are_all_there")
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            insert into main.fct_identity_results values
                ('s1', 't3_row_total', '208', 'd1', 8, 'c3', 100.00, 350.00, -250.00, 'violated'),
                ('s1', 't3_row_total', '210', 'd1', 8, null, 0.00, 99.00, -99.00, 'violated');
            alter table main.fct_cells drop column x0;
            """
        )
    return folder, run_suites(path, folder)


def outcome(run: tuple[Path, list[SuiteOutcome]], rule_id: str) -> ExpectationOutcome:
    return next(found for suite in run[1] for found in suite.expectations if found.rule_id == rule_id)


def test_a_violated_identity_is_a_finding_with_its_evidence(
    spoilt_run: tuple[Path, list[SuiteOutcome]],
) -> None:
    found = outcome(spoilt_run, "t3_row_total")
    assert (found.success, found.severity, found.error, found.n_unexpected) == (False, "finding", "", 2)
    assert found.verdicts == {"rounding": 1, "violated": 2}
    assert found.worst_difference_yuan == Decimal("-250.00")
    case, blank = found.sample
    assert (case.published_name, case.page, case.cell_id) == ("2023年决算.pdf", 8, "c3")
    assert case.what == "社会保障和就业支出，本年支出合计"
    assert (case.reported_yuan, case.expected_yuan) == (Decimal("100.00"), Decimal("350.00"))
    assert (blank.what, blank.reported_yuan, blank.expected_yuan) == ("210", None, Decimal("99.00"))


def test_only_stops_and_rules_that_fail_to_run_stop(spoilt_run: tuple[Path, list[SuiteOutcome]]) -> None:
    stops = {suite.suite_id: suite.stops for suite in spoilt_run[1]}
    assert [reason.split(":")[0] for reason in stops["keys_and_completeness"]] == ["every_amount_is_one_fact"]
    assert [reason.split(":")[0] for reason in stops["structure"]] == ["amounts_have_a_place"]
    assert stops["within_statement"] == stops["across_statements"] == stops["across_years"] == ()
    assert not outcome(spoilt_run, "statements_are_all_there").success


def test_a_rule_that_cannot_run_is_an_error_of_the_rule(spoilt_run: tuple[Path, list[SuiteOutcome]]) -> None:
    found = outcome(spoilt_run, "amounts_have_a_place")
    assert not found.success
    assert "x0" in found.error
    assert found.n_unexpected == 0


def test_rules_that_hold_are_successes(spoilt_run: tuple[Path, list[SuiteOutcome]]) -> None:
    found = outcome(spoilt_run, "t3_rollup")
    assert (found.success, found.verdicts, found.sample) == (True, {"exact": 1}, ())
    assert outcome(spoilt_run, "t1_t3_expenditure_total").verdicts == {"not_evaluable": 1}


def test_data_docs_open_without_a_network(spoilt_run: tuple[Path, list[SuiteOutcome]]) -> None:
    site = spoilt_run[0] / "data_docs"
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == 1 + 2 * len(SUITES)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"(?:src|href)=[\"']https?://", text), page
        assert "newsletter" not in text.lower(), page
        for reference in re.findall(r"<(?:script|link)[^>]+(?:src|href)=\"([^\"]+)\"", text):
            assert reference.startswith("data:") or (page.parent / reference).is_file(), (page, reference)


def test_data_docs_show_words_and_cases_in_both_languages(
    spoilt_run: tuple[Path, list[SuiteOutcome]],
) -> None:
    site = spoilt_run[0] / "data_docs"
    (page,) = (site / "validations" / "within_statement").rglob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "支出决算表：本年支出合计 = 基本、项目、上缴上级、经营、对附属单位补助支出之和" in text
    assert "Expenditure table (T3): total expenditure = the sum of its kinds" in text
    assert "样例局 2023 final_accounts" in text and "-250.00" in text
    assert "社会保障和就业支出，本年支出合计" in text
    assert "空白 blank" in text, "what is not printed must not be shown as a printed 0.00"
    assert "不符 violated 2" in text
    assert "表内勾稽 Within a statement" in (site / "index.html").read_text(encoding="utf-8")


def test_text_out_of_a_pdf_is_text_in_data_docs() -> None:
    from great_expectations.core import ExpectationValidationResult

    from pipelines.warehouse.gx_suites import RowsThatBreakARule

    rows = [{"what": "<script>alert(1)</script>", "page": 3}]
    result = ExpectationValidationResult(success=False, result={"details": {"unexpected_rows": rows}})
    (shown,) = RowsThatBreakARule._rows_shown(result=result) or []
    assert shown.table == [["3", "&lt;script&gt;alert(1)&lt;/script&gt;"]]


def test_a_rule_that_many_rows_break_counts_them_all(tmp_path: Path) -> None:
    path = build(tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            insert into main.fct_identity_results
            select 's1', 't3_row_total', 'k' || n, 'd1', 8, 'c3', 1, 2, -1, 'violated'
            from range(1234) as t (n)
            """
        )
    found = outcome((tmp_path, run_suites(path, tmp_path)), "t3_row_total")
    assert (found.success, found.n_unexpected, len(found.sample)) == (False, 1234, 10)
