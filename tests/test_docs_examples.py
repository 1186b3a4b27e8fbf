"""The pages of docs/ and the README: what they show is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.examples import PAGES, Example, examples_of, markdown_table, result_of, with_results
from pipelines.settings import PROJECT_ROOT
from tests.built_raw import GROUP, BuiltRaw

pytestmark = pytest.mark.xdist_group(GROUP)

EXAMPLES = [example for page in PAGES for example in examples_of(page)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.page.name}:{e.line}")
def test_the_result_shown_is_the_result(example: Example, built_raw: BuiltRaw) -> None:
    assert example.shown == result_of(example, built_raw.data), "run make docs and look at what it changed"


def test_the_analyst_has_ten_questions_with_results() -> None:
    page = PROJECT_ROOT / "docs" / "analyst.md"
    questions = re.findall(r"^### (\d+)\. .*\?$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert questions == [str(number) for number in range(1, 11)]
    sql = [example for example in examples_of(page) if example.language == "sql"]
    assert len(sql) >= 10
    assert all(example.shown.count("\n") > 2 for example in sql), "a result without rows answers nothing"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_anchors_name_a_heading(page: Path) -> None:
    for path, anchor in re.findall(r"\]\(([^)#\s]*)#([^)]+)\)", page.read_text(encoding="utf-8")):
        target = page.parent / path if path else page
        headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        names = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in names, f"{page.name} points to {path}#{anchor}"


def test_results_are_put_where_they_belong(tmp_path: Path) -> None:
    block = "```sql\nselect {}\n```\n<!-- result -->\nold\n<!-- end of result -->\n"
    text = (
        "# A page\n\n" + block.format(1) + "\n```sql\nselect 'not run'\n```\n\n" + block.format(2) + "end\n"
    )
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    examples = list(examples_of(page))
    assert [(example.code, example.line) for example in examples] == [("select 1\n", 3), ("select 2\n", 14)]
    written = with_results(text, ["| 1 |\n", "| 2 |\n"])
    assert written == text.replace("old\n", "| 1 |\n", 1).replace("old\n", "| 2 |\n", 1)


def test_a_missing_value_is_said_and_a_stroke_does_not_break_the_table() -> None:
    assert markdown_table(["a", "b"], [(None, "x|y")]) == "| a | b |\n|---|---|\n| NULL | x\\|y |\n"


def test_no_page_names_a_machine_of_ours() -> None:
    for page in [*PAGES, *(PROJECT_ROOT / "docs").glob("*.py")]:
        assert not re.search(r"/work/|/tmp/|localhost:(?!3000|8000)", page.read_text(encoding="utf-8")), (
            page.name
        )
