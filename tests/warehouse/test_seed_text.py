"""The text of the seed as published, beside its nine statements: each contradiction once, and no other.

The statements are those of the document in ``raw/`` (the same 341 figures): headers are torn in the text.
Pages of the text are not known; all of its narrative counts as the page on which that begins.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.acquisition.model import FoundFile, RegisteredDocument
from pipelines.extraction import read_document
from pipelines.extraction.model import Box, Page, TextLine
from pipelines.settings import PROJECT_ROOT
from pipelines.statements import identify, understand
from pipelines.warehouse.rows import document_rows
from pipelines.warehouse.self_check import findings_of
from tests.corpus.seed_document import DOCUMENT as SEED

NAME = "2023年度武汉市信息中心（武汉市大数据中心）决算.pdf"
CONTENTS, STATEMENTS, NARRATIVE = 2, range(5, 17), 17

#: Kind, page, and words of the sentence.
EXPECTED = {
    ("figure_contradicted", 7, "“合计”行“财政拨款收入”栏：空白"),
    ("text_year_wrong", CONTENTS, "2022年度部门决算表"),
    ("claim_ratio_wrong", NARRATIVE, "1958.81万元÷1,910.17万元"),
    ("text_sum_wrong", NARRATIVE, "应为1915.84万元，而文中印为254.18万元"),
    ("text_sum_wrong", NARRATIVE, "写“6项故障”，列出7个数值；平均应为1.929小时，写为1.813小时"),
    ("text_figures_differ", NARRATIVE, "此处印为1,350.78万元，第17页印为1,350.7万元"),
    ("claim_listed_but_blank", NARRATIVE, "所列“咨询费”“电费”“物业管理费”"),
    # “三公”: a budget of 10 in the text, of 7.48 in the statement.
    ("claim_contradicts_statement", NARRATIVE, "写为10万元"),
    # 39, 29 and 12 points are 80: neither the 100 said of the indicators nor the 40 reached.
    ("text_sum_wrong", NARRATIVE, "39+29+12=80≠100"),
    ("text_sum_wrong", NARRATIVE, "39+29+12=80≠40"),
    ("text_broken", NARRATIVE, "主要原因是主要原因为"),
    ("text_broken", NARRATIVE, "其中:其中:"),
}


def as_lines(part: str, page: int) -> tuple[TextLine, ...]:
    """The lines of a part of the text; those of its tables are divided by tabs."""
    kept = [line.strip(" -#") for line in part.splitlines() if line.strip() and "\t" not in line]
    return tuple(TextLine(page, line, Box(60, 10.0 * n, 500, 10.0 * n + 9)) for n, line in enumerate(kept))


def test_every_contradiction_of_the_published_text_is_one_finding_and_nothing_else_is(seed_text: str) -> None:
    contents, duties, rest = seed_text.replace("**", "").partition("一、部门主要职能\n\n贯彻")
    assert duties
    heading = "一、收入支出决算总体情况说明\n"
    narrative = heading + rest.partition(heading)[2]
    document = read_document(PROJECT_ROOT / "raw" / SEED, "0123456789abcdef")

    def published(page: Page) -> Page:
        if page.number == CONTENTS:
            return replace(page, lines=as_lines(contents, CONTENTS))
        if page.number == NARRATIVE:
            return replace(page, lines=as_lines(narrative, NARRATIVE))
        return page if page.number == 1 or page.number in STATEMENTS else replace(page, lines=(), tables=())

    document = replace(
        document,
        pages=tuple(map(published, document.pages)),
        tables=tuple(table for table in document.tables if table.parts[0].page in STATEMENTS),
    )
    understood = understand(document, file_name=NAME)
    assert len(understood.line_items) == 341
    registered = RegisteredDocument(path=NAME, department="武汉市信息中心（武汉市大数据中心）")
    file = FoundFile(NAME, document.document_id, "0" * 64, 1, 1, registered)
    rows = document_rows(
        file, document, understood, identify(document, NAME), extractor_version="", registration_version=""
    )
    found = findings_of([rows])
    told = [
        next(
            (
                each
                for each in EXPECTED
                if each[:2] == (one.finding_kind, one.page) and each[2] in one.sentence_zh
            ),
            one.sentence_zh,
        )
        for one in found
    ]
    assert sorted(map(str, told)) == sorted(map(str, EXPECTED))
    # 2,776.35 beside classes that make 2,776.34 is rounding.
    assert not any("2,776.3" in one.sentence_zh for one in found)
