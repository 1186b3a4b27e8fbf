"""What a statement says of its own sums is held against its figures; a finding where they contradict it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import duckdb
import pytest

from pipelines.acquisition.inventory import hash_file
from pipelines.acquisition.model import FoundFile
from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument
from pipelines.settings import Settings
from pipelines.statements import identify, understand
from pipelines.warehouse.inspection import registration_of
from pipelines.warehouse.lake import DocumentRows
from pipelines.warehouse.rows import document_rows
from pipelines.warehouse.self_check import Finding, findings_of
from tests.built_raw import GROUP, RAW, BuiltRaw

SEED = RAW / "420100-information-center" / "2023-final-accounts.pdf"
STATED = "31行=（27+28+29）行"


def rows_of(document: ReadDocument) -> DocumentRows:
    sha256 = hash_file(SEED)
    file = FoundFile(SEED.name, sha256[:16], sha256, SEED.stat().st_size, 0, registration_of(SEED))
    understood = understand(document, file_name=SEED.name)
    printed = identify(document, SEED.name)
    return document_rows(file, document, understood, printed, extractor_version="", registration_version="")


def with_footnote(document: ReadDocument, old: str, new: str) -> ReadDocument:
    """The document with a footnote that says something else."""
    tables = tuple(
        replace(table, trail=tuple(replace(line, text=line.text.replace(old, new)) for line in table.trail))
        for table in document.tables
    )
    assert tables != document.tables
    return replace(document, tables=tables)


def stated(findings: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in findings if finding.finding_kind == "stated_sum_violated"]


@pytest.fixture(scope="module")
def document() -> ReadDocument:
    return read_document(SEED, hash_file(SEED)[:16])


def test_a_blank_total_that_an_identity_tells_is_not_told_again(document: ReadDocument) -> None:
    """The total of the seed's 收入决算表 is blank: its own footnote is violated there, as is the identity."""
    found = findings_of([rows_of(document)])
    assert any(finding.finding_kind == "figure_contradicted" and finding.page == 7 for finding in found)
    assert stated(found) == []


def test_a_footnote_that_the_figures_contradict_is_a_finding(document: ReadDocument) -> None:
    """Line 31 said to be lines 27, 28 and 31 of the other side's numbers: 26 is a line of nothing."""
    wrong = with_footnote(document, STATED, "31行=（26+28+29）行")
    (finding,) = stated(findings_of([rows_of(wrong)]))
    assert (finding.page, finding.statement_name_zh) == (6, "收入支出决算总表")
    assert finding.reported_yuan == Decimal("32956800.00")
    assert finding.expected_yuan == Decimal("0.00")
    assert "“31行=(26+28+29)行”，合计印为3,295.68万元，所列各数之和为0.00万元" in finding.sentence_zh
    assert finding.question_zh.endswith("应为多少。")


def test_a_footnote_on_a_line_that_is_not_there_is_no_finding(document: ReadDocument) -> None:
    wrong = with_footnote(document, STATED, "31行=（27+28+299）行")
    assert stated(findings_of([rows_of(wrong)])) == []


@pytest.mark.xdist_group(GROUP)
def test_the_warehouse_holds_every_sum_with_its_verdict(built_raw: BuiltRaw) -> None:
    """raw/: the documents of Hubei's form state sums; the planted faults violate some of them."""
    settings = Settings.from_environment(raw=RAW, data=built_raw.data)
    with duckdb.connect(str(settings.warehouse), read_only=True) as warehouse:
        verdicts = Counter(
            dict(
                warehouse.execute("select verdict, count(*) from fct_stated_sums group by verdict").fetchall()
            )
        )
        seed = warehouse.execute(
            "select verdict, count(*) from fct_stated_sums where document_id = ? group by all order by all",
            [hash_file(SEED)[:16]],
        ).fetchall()
        wrong = warehouse.execute(
            """
            select count(*) from fct_stated_sums as s
            where s.verdict in ('exact', 'rounding') and abs(s.difference_yuan) > s.tolerance_yuan
            """
        ).fetchone()
    assert seed == [("exact", 81), ("violated", 1)]
    assert verdicts["exact"] > 500
    assert verdicts["violated"] < 20
    assert wrong == (0,)
