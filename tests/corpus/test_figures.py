"""The model of a department's finances: whatever is simulated adds up, exactly, everywhere."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.corpus.contents import Amount
from tests.corpus.figures import FISCAL, DepartmentYear, personnel, running, simulate, split
from tests.corpus.forms import build, family_file, load_family
from tests.corpus.layout_space import families
from tests.corpus.random_documents import random_profile
from tests.corpus.statements_budget import budget_contents
from tests.corpus.statements_budget_regional import regional_budget_contents
from tests.corpus.statements_final import final_contents
from tests.corpus.statements_regional import regional_contents

seeds = st.integers(min_value=0, max_value=10**9)


def years_of(seed: int) -> dict[int, DepartmentYear]:
    return simulate(random_profile(random.Random(seed), "样例局"), 2020, 2023, str(seed))


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_years_follow_on_each_other(seed: int) -> None:
    years = years_of(seed)
    for year in range(2021, 2024):
        before = {(a.code, a.fund): a.closing for a in years[year - 1].accounts}
        for account in years[year].accounts:
            assert account.opening == before[account.code, account.fund]
            assert account.closing >= 0
            assert min(account.revenue, account.basic, account.project) >= 0
        assert years[year].carryover_from == years[year - 1].carryover_to


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_basic_expenditure_is_the_same_by_function_and_by_economic_code(seed: int) -> None:
    for figures in years_of(seed).values():
        basic = sum(a.basic for a in figures.accounts if a.fund == "general_public")
        assert (
            sum(figures.economic.values()) == basic == personnel(figures.economic) + running(figures.economic)
        )
        planned = sum(b.basic for b in figures.budget if b.fund == "general_public")
        assert sum(figures.budget_economic.values()) == planned
        assert min(figures.economic.values()) >= 0


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_sums_over_rows_columns_and_statements(seed: int) -> None:
    for figures in years_of(seed).values():
        contents = final_contents(figures)
        t1, t2, t3, t4 = (
            contents[name].amounts
            for name in ("final_summary", "final_revenue", "final_expenditure", "final_appropriation_summary")
        )

        def at(table: Mapping[tuple[str, str], Amount], row: str, column: str = "amount") -> Decimal:
            return table[row, column].yuan

        assert at(t1, "grand_total_revenue") == at(t1, "grand_total_expenditure")
        assert at(t1, "revenue_total") == at(t2, "total", "total")
        assert at(t1, "expenditure_total") == at(t3, "total", "total")
        assert at(t4, "grand_total_revenue") == at(t4, "grand_total_expenditure", "total")
        for code in contents["final_expenditure"].codes:
            children = [
                c
                for c in contents["final_expenditure"].codes
                if c[: len(code)] == code and len(c) == len(code) + 2
            ]
            for column in ("total", "basic", "project"):
                if children:
                    assert at(t3, code, column) == sum(at(t3, child, column) for child in children)
            assert at(t3, code, "total") == at(t3, code, "basic") + at(t3, code, "project")
        assert sum(
            at(t2, "total", source) for source in ("fiscal_appropriation", "undertaking", "other", "business")
        ) == at(t2, "total", "total")


@given(seeds)
@settings(max_examples=25, deadline=None)
def test_budget_statements_agree(seed: int) -> None:
    for figures in years_of(seed).values():
        contents = budget_contents(figures)
        printed = contents["budget_summary"].amounts
        summary = {row: amount.yuan for (row, column), amount in printed.items() if column == "amount"}
        assert summary["grand_total_revenue"] == summary["grand_total_expenditure"]
        assert (
            summary["use_basic"] + summary["use_project"] + summary["use_reserve"]
            == summary["expenditure_total"]
        )
        assert (
            summary["revenue_total"] + summary["carryover_from_last_year"] == summary["grand_total_revenue"]
        )
        fiscal = sum(line.total for line in figures.budget if line.fund in FISCAL)
        assert summary["rev_fiscal_appropriation"] * 100 == fiscal


def test_every_named_line_that_a_form_prints_has_its_figure() -> None:
    # A line without one would be printed blank, beside a total that counts what it should hold.
    missing = []
    for family, kind in families():
        _, year = family_file(family).get("years", (2021, 2024))
        figures = simulate(random_profile(random.Random(3), "样例局"), year - 1, year, "3")[year]
        contents = regional_budget_contents(figures) if kind == "budget" else regional_contents(figures)
        for form in load_family(family, kind).forms:
            content = contents.get(form.statement_id)
            if content is None or content.is_empty or content.free_rows:
                continue
            known = {row for row, _ in content.amounts}
            missing += [
                (family, form.statement_id, row)
                for row in build(form, content, year).row_keys
                if not row.isdigit() and row not in known
            ]
    assert missing == []


@given(
    st.integers(0, 10**12),
    st.dictionaries(st.text(min_size=1), st.integers(1, 50), min_size=1, max_size=8),
    seeds,
)
def test_split_loses_nothing(total: int, weights: dict[str, int], seed: int) -> None:
    parts = split(total, weights, random.Random(seed))
    assert sum(parts.values()) == total
    assert min(parts.values()) >= 0
