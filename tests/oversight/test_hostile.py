"""Names that want to be markup, formulas or endless do no harm; specimens stay out where there are others."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from pipelines.oversight.site import SiteError, build_site
from pipelines.settings import Settings
from tests.built_raw import GROUP
from tests.oversight.conftest import made

pytestmark = pytest.mark.xdist_group(GROUP)

Small = Callable[[Sequence[str]], Settings]
HOSTILE = [
    "<script>alert(1)</script>\"'&</title></textarea><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://example.org/","x")',
    "{{ 7 * 7 }}{% for x in y %} ${name} $department_id",
    "\u202e局政财\u202c" + "很长" * 2000,
    "</script><!-- ]]> \\u003c \u2028",
]
SCRIPTS = {
    "assets/tree.js",
    "assets/search.js",
    "assets/filter.js",
    "assets/findings.js",
    "assets/letter.js",
    "assets/proof.js",
    "assets/compare.js",
}


@pytest.mark.parametrize("name", HOSTILE, ids=["markup", "formula", "template", "long", "script"])
def test_a_hostile_name_is_text_wherever_it_stands(small: Small, name: str) -> None:
    quoted = name.replace("'", "''")
    settings = small(
        [
            "delete from dim_department where department_name not like '%样例文化馆'",
            f"update dim_department set department_name = '{quoted}', earlier_names = ['{quoted}']",
            f"update mart_findings set department_name = '{quoted}', sentence_zh = '{quoted}'",
            f"update mart_findings set published_name = '{quoted}', question_zh = '{quoted}'",
            f"update mart_publication set department_name = '{quoted}', due_rule = '{quoted}'",
            f"update fct_claims set sentence = sentence || '{quoted}'",
            f"update dim_document set published_name = '{quoted}', obtained_from = '{quoted}'",
            f"update fct_cells set printed_text = '{quoted}' where table_column = 0",
            f"update mart_purpose_year set row_label = '{quoted}'",
            f"update dim_functional_code set name_zh = '{quoted}'",
            f"update mart_economic_year set row_label = '{quoted}', break_kinds = ['{quoted}']",
            f"update dim_economic_code set name_zh = '{quoted}', name_en = '{quoted}'",
            f"update mart_international_year set name_zh = '{quoted}'",
            f"update dim_international_group set name_zh = '{quoted}', name_en = '{quoted}'",
            f"update mart_finding_states set decided_zh = '{quoted}', review_state = 'decided'",
        ]
    )
    site = made(settings)
    assert len(site.pages) > 20
    for path, page in site.pages.items():
        for script in page.all("script"):
            assert (
                script.get("src").replace("../", "") in SCRIPTS or script.get("type") == "application/json"
            ), path
        assert not page.all("img"), path
        assert not [e for e in page.elements for attribute in e.attributes if attribute.startswith("on")], (
            path
        )
        assert not [
            e for e in page.all("a") if e.get("href").lower().startswith(("javascript:", "data:", "http"))
        ]
    # The pages that only exist for codes and groups say it too, as text.
    for said in ("zh/economic/30101.html", "zh/international/gfsm-211.html", "zh/international/index.html"):
        assert name.strip()[:200] in site.pages[said].text, said
    for path in (settings.site / "data").rglob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for line in csv.reader(file) for cell in line]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))], path
    department = next(page for path, page in site.pages.items() if path.startswith("zh/department/"))
    (title,) = department.all("h1")
    assert title.text.strip().startswith(name.strip()[:200])
    (row,) = json.loads((settings.site / "data/search/1.json").read_text(encoding="utf-8"))
    assert row[1] == name
    with (settings.site / "data/departments.csv").open(encoding="utf-8-sig", newline="") as file:
        head, line = csv.reader(file)
    given = dict(zip(head, line, strict=True))["department_name"]
    assert given == (f"'{name}" if name.startswith("=") else name)
    (letter,) = (settings.site / "zh/letter").glob("*.docx")
    words = [paragraph.text for paragraph in docx.Document(str(letter)).element.body.iter(qn("w:p"))]
    assert f"{name}：" in words
    assert [text for text in words if text.endswith(name) and text[0].isdigit()]


def test_the_same_warehouse_gives_the_same_bytes_and_nothing_is_written_twice(small: Small) -> None:
    settings = small(["delete from dim_department where department_name not like '%样例文化馆'"])
    first = build_site(settings)
    before = contents(settings.site)
    inodes = {path: path.stat().st_mtime_ns for path in settings.site.rglob("*.html")}
    again = build_site(settings)
    assert contents(settings.site) == before
    assert (again.n_files, again.n_changed, again.n_removed) == (first.n_files, 0, 0)
    assert {path: path.stat().st_mtime_ns for path in settings.site.rglob("*.html")} == inodes


def test_specimens_are_left_out_where_there_are_published_documents(small: Small) -> None:
    settings = small(["update dim_department set is_synthetic = department_name not like '%样例文化馆'"])
    site = made(settings)
    assert len([name for name in site.pages if name.startswith("zh/department/")]) == 1
    assert "样例（SYNTHETIC）文件" not in site.pages["zh/index.html"].text
    with_all = made(settings, with_specimens=True)
    assert len([name for name in with_all.pages if name.startswith("zh/department/")]) == 7
    assert "本站同时列有样例" in with_all.pages["zh/index.html"].text


def test_an_empty_warehouse_gives_a_site_that_says_so(small: Small) -> None:
    settings = small(["delete from dim_department", "delete from dim_document"])
    site = made(settings)
    assert "还没有收录任何部门" in site.pages["zh/index.html"].text


def test_without_a_warehouse_or_with_one_of_another_version_the_old_site_stays(
    small: Small, tmp_path: Path
) -> None:
    with pytest.raises(SiteError, match="juesuan build"):
        build_site(Settings(raw=tmp_path, data=tmp_path / "none"))
    settings = small(["delete from dim_department where department_name not like '%样例文化馆'"])
    build_site(settings)
    before = contents(settings.site)
    settings = small(["drop table mart_purpose_year"])
    with pytest.raises(SiteError, match="mart_purpose_year"):
        build_site(settings)
    assert contents(settings.site) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
