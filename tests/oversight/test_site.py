"""The site of the committed ``raw/``: its numbers are the warehouse's, its links lead somewhere."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import PurePosixPath

import duckdb
import pytest

from pipelines.oversight.wording import LANGUAGES
from tests.built_raw import GROUP
from tests.oversight.conftest import BuiltSite
from tests.oversight.pages import Element, resolved

pytestmark = pytest.mark.xdist_group(GROUP)


def figures(site: BuiltSite) -> list[tuple[str, Element, str]]:
    """Every figure that leads to its cell: the page, the element with the value, the cell's id."""
    found = []
    for name, page in site.pages.items():
        for data in page.all("data"):
            link = data.within[-1]
            if link.tag == "a" and "document/" in link.get("href"):
                target, place = resolved(name, link.get("href"))
                found.append((name, data, f"{PurePosixPath(target).stem}-{place}"))
    return found


def test_every_number_that_leads_to_a_cell_is_the_amount_of_that_cell(site: BuiltSite) -> None:
    with site.warehouse() as warehouse:
        amounts: dict[str, set[Decimal]] = {}
        for cell, amount in warehouse.execute(
            "select cell_id, amount_yuan from intermediate.int_line_items"
        ).fetchall():
            amounts.setdefault(cell, set()).add(amount)
    found = figures(site)
    assert len(found) > 3000
    wrong = [
        (page, cell, data.get("value"))
        for page, data, cell in found
        if Decimal(data.get("value")) not in amounts.get(cell, set())
    ]
    assert wrong == []


def test_a_number_is_shown_in_ten_thousand_yuan_with_the_exact_yuan_beside_it(site: BuiltSite) -> None:
    checked = 0
    for page, data, _ in figures(site):
        if "万元" in data.text or "亿元" in data.text or "million" in data.text:
            continue
        yuan = Decimal(data.get("value"))
        assert data.text == f"{(yuan / 10000).quantize(Decimal('0.01'), ROUND_HALF_UP):,}", page
        assert data.within[-1].get("title").startswith(f"{yuan:,} 元")
        checked += 1
    assert checked > 3000


def test_the_hand_checked_figure_stands_on_its_page_and_leads_to_its_cell(site: BuiltSite) -> None:
    # 武汉市信息中心, final accounts 2023, page 6: expenditure of the year is printed as 3, 295. 68 (万元).
    (page,) = (
        name
        for name in site.pages
        if name.startswith("zh/department/420100") and "武汉市信息中心" in site.pages[name].text
    )
    cell = "dcaab82395bd3af3-p0006-t01-r029-c05"
    shown = [data for name, data, one in figures(site) if name == page and one == cell]
    assert {data.text for data in shown} == {"3,295.68", "3,295.68 万元"}
    document = json.loads((site.folder / "data/document/dcaab82395bd3af3.json").read_text(encoding="utf-8"))
    number, box, meaning, _ = document["cells"][cell[17:]]
    assert number == 6
    assert box == [471.56, 597.5, 533.28, 614.5]
    assert meaning[3] == "32956800.00"


def test_no_figure_of_the_comparison_sheet_is_missing_from_its_department(site: BuiltSite) -> None:
    shown = {(page, cell) for page, _, cell in figures(site)}
    with site.warehouse() as warehouse:
        rows = warehouse.execute(
            "select department_id, cell_id from mart_department_year_figures "
            "where measure not like 'three_public%'"
        ).fetchall()
    assert len(rows) > 400
    assert [
        row for row in rows for lang in LANGUAGES if (f"{lang}/department/{row[0]}.html", row[1]) not in shown
    ] == []


def test_a_year_without_a_figure_is_a_gap_and_not_a_zero(site: BuiltSite) -> None:
    # 武汉市信息中心 published one year only: its neighbours in the table of a code have gaps there.
    page = site.pages["zh/purpose/2010399.html"]
    row = next(element for element in page.all("tr") if "武汉市信息中心" in element.text)
    cells = [element.text.strip() for element in page.all("td") if row in element.within]
    assert cells[:4] == ["—", "—", "1,910.17", "—"]


def test_every_link_leads_to_a_file_of_the_site_and_to_a_place_in_it(site: BuiltSite) -> None:
    ids = {name: set(page.ids) for name, page in site.pages.items()}
    documents = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in (site.folder / "data/document").glob("*.json")
    }
    broken = []
    for name, page in site.pages.items():
        for element in page.elements:
            for attribute in ("href", "src"):
                address = element.get(attribute)
                if not address:
                    continue
                target, place = resolved(name, address)
                if not (site.folder / target).is_file():
                    broken.append((name, address))
                elif place and target.endswith(".html") and place not in ids[target]:
                    document = documents[PurePosixPath(target).stem]
                    kind, _, what = place.partition("-")
                    held = {"show": document["findings"], "claim": document["claims"]}.get(kind, {})
                    if what not in held:
                        broken.append((name, address))
    assert broken == []


def test_nothing_refers_to_another_host(site: BuiltSite) -> None:
    for name, page in site.pages.items():
        for element in page.elements:
            for attribute in ("href", "src", "action", "srcset", "poster", "data", "style"):
                assert not re.match(r"\s*([a-z]+:|//)", element.get(attribute), re.IGNORECASE), (
                    name,
                    attribute,
                )
    own = [path for path in (site.folder / "assets").iterdir() if path.is_file()]
    assert len(own) > 5
    for path in own:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert (
            "//" not in re.sub(r"(?m)^\s*//.*$|/\*.*?\*/", "", text).replace("://", "URL//")
            or ".md" in path.name
        )
        assert not re.search(r"https?:|url\(|@import", text), path.name


def test_every_page_is_there_in_both_languages_and_says_what_it_is(site: BuiltSite) -> None:
    names = {lang: {name[3:] for name in site.pages if name.startswith(f"{lang}/")} for lang in LANGUAGES}
    assert names["zh"] == names["en"]
    assert len(names["zh"]) > 100
    for name, page in site.pages.items():
        if name == "index.html":
            continue
        (html,) = page.all("html")
        assert html.get("lang") == ("zh-CN" if name.startswith("zh/") else "en")
        assert len(page.all("h1")) == 1, name
        assert len(page.ids) == len(set(page.ids)), name
        assert "SYNTHETIC" in page.text, name  # all of raw/ are specimens
        assert not re.search(r"\{\w+\}", page.all("main")[0].text), name


def test_a_pdf_lies_beside_every_document_as_it_was_published(site: BuiltSite) -> None:
    with site.warehouse() as warehouse:
        rows = warehouse.execute(
            "select document_id, source_path from dim_document where document_status = 'current'"
        ).fetchall()
    assert len(rows) == 53
    for document, path in rows:
        carried = (site.folder / f"pdf/{document}.pdf").read_bytes()
        assert carried == (site.settings.raw / path).read_bytes()


def test_every_word_the_warehouse_uses_has_a_name(site: BuiltSite) -> None:
    from pipelines.oversight.finding_groups import group_of_kind
    from pipelines.oversight.wording import wording

    with site.warehouse() as warehouse:

        def words(query: str) -> list[str]:
            return [row[0] for row in warehouse.execute(query).fetchall()]

        asked = {
            "finding_kind": words("select distinct finding_kind from mart_findings"),
            "severity": words("select distinct severity from mart_findings"),
            "verdict": words("select distinct verdict from fct_identity_results"),
            "publication": words("select distinct publication_status from mart_publication"),
            "status": words("select distinct document_status from dim_document"),
            "measure": words("select distinct measure from mart_department_year_figures"),
            "family": words("select distinct family from dim_identity"),
        }
    for lang in LANGUAGES:
        t = wording(lang)
        assert [
            f"{kind}.{one}" for kind, names in asked.items() for one in names if not t.has(f"{kind}.{one}")
        ] == []
    assert set(asked["finding_kind"]) <= set(group_of_kind())


def test_findings_stand_in_their_year_and_in_the_letter_with_their_question(site: BuiltSite) -> None:
    with site.warehouse() as warehouse:
        rows = warehouse.execute(
            "select finding_id, fiscal_year, department_id, sentence_zh, question_zh from mart_findings "
            "where finding_kind <> 'register_disagrees'"
        ).fetchall()
    assert len(rows) > 25
    for finding, year, department, sentence, question in rows:
        page = site.pages[f"zh/findings/{year}.html"]
        (item,) = (element for element in page.elements if element.get("id") == f"finding-{finding}")
        assert sentence in item.text
        assert question in site.pages[f"zh/letter/{department}.html"].text


def test_the_comparison_has_the_figures_of_the_warehouse_to_the_yuan(site: BuiltSite) -> None:
    with site.warehouse() as warehouse:
        rows = warehouse.execute(
            "select department_id, fiscal_year, document_kind, amount_yuan, cell_id "
            "from mart_department_year_figures where measure = 'three_public'"
        ).fetchall()
    for department, year, kind, amount, cell in rows:
        held = json.loads((site.folder / f"data/compare/{department}.json").read_text(encoding="utf-8"))
        assert held["three_public"][str(year)][kind] == [str(amount), cell]
    assert len(rows) > 40


def test_a_figure_that_is_in_a_broken_identity_is_marked_in_the_table_as_printed(site: BuiltSite) -> None:
    with duckdb.connect(str(site.settings.warehouse), read_only=True) as warehouse:
        rows = warehouse.execute(
            "select document_id, cell_id from mart_findings "
            "where finding_kind = 'identity_violated' and cell_id like document_id || '-%'"
        ).fetchall()
    assert rows
    for document, cell in rows:
        page = site.pages[f"en/document/{document}.html"]
        (printed,) = (element for element in page.elements if element.get("id") == cell[17:])
        assert "wrong" in printed.get("class").split()


def test_what_is_not_published_stands_in_its_region_with_the_day_it_was_due(site: BuiltSite) -> None:
    with site.warehouse() as warehouse:
        rows = warehouse.execute(
            "select region_code, department_name, fiscal_year, document_kind, publication_status, due_on, "
            "days_late from mart_publication where publication_status in ('missing', 'late', 'incomplete')"
        ).fetchall()
    assert {row[4] for row in rows} == {"missing", "late", "incomplete"}
    for region, name, year, kind, status, due_on, days in rows:
        page = site.pages[f"zh/coverage/{region}.html"]
        place = {"data-state": status, "data-year": str(year), "data-document": kind}
        (line,) = (
            row.text
            for row in page.all("tr")
            if name in row.text and all(row.get(key) == value for key, value in place.items())
        )
        assert str(due_on) in line
        assert days is None or f"{days} 天" in line


def test_a_finding_tells_what_it_explains(site: BuiltSite) -> None:
    with site.warehouse() as warehouse:
        rows = warehouse.execute(
            "select s.finding_id, f.fiscal_year, s.sentence_en from mart_finding_symptoms as s "
            "inner join mart_findings as f on s.finding_id = f.finding_id"
        ).fetchall()
    assert len(rows) > 20
    for finding, year, sentence in rows:
        page = site.pages[f"en/findings/{year}.html"]
        (item,) = (element for element in page.elements if element.get("id") == f"finding-{finding}")
        assert sentence in item.text


def test_the_report_of_the_checks_lies_beside_the_pages(site: BuiltSite) -> None:
    (link,) = (a for a in site.pages["zh/checks.html"].all("a") if "data_docs" in a.get("href"))
    target, _ = resolved("zh/checks.html", link.get("href"))
    assert "Great Expectations" in (site.folder / target).read_text(encoding="utf-8")


def test_a_department_shows_its_procurement_its_restatements_and_the_sentences_on_them(
    site: BuiltSite,
) -> None:
    with site.warehouse() as warehouse:
        procured = warehouse.execute(
            "select department_id, cell_id from fct_procurement where item_path in ('total', '一、货物A')"
        ).fetchall()
        restated = warehouse.execute("select department_id, cell_id from fct_restatements").fetchall()
        said = warehouse.execute(
            "select distinct department_id, sentence from fct_claims where sentence like '%中小企业%'"
        ).fetchall()
    shown = {(page, cell) for page, _, cell in figures(site)}
    assert len(procured) > 10 and restated and len(said) > 5
    for department, cell in (*procured, *restated):
        assert (f"en/department/{department}.html", cell) in shown
    for department, sentence in said:
        assert sentence in site.pages[f"zh/department/{department}.html"].text
