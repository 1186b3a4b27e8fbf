"""The page on fetching names every entry, limit, result and test there is."""

from __future__ import annotations

import re

import yaml

from docs.examples import FOLDER
from pipelines.acquisition.journal import RESULTS
from pipelines.acquisition.sources import Limits, ListRule, Site
from pipelines.settings import PROJECT_ROOT

PAGE = (FOLDER / "acquisition.md").read_text(encoding="utf-8")


def first_column(heading: str) -> list[tuple[list[str], str]]:
    """Rows of the table under that heading: the names of the first column, the second column."""
    table = PAGE[PAGE.index(f"| {heading} |") :].split("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return [(re.findall(r"`([^`]+)`", row[0]), row[1]) for row in rows]


def test_results_are_those_of_the_journal() -> None:
    said = {names[0]: meaning.rstrip(" |") for names, meaning in first_column("result")}
    assert said == RESULTS


def test_limits_are_those_of_the_code() -> None:
    said = {
        name: value
        for names, values in first_column("limit")
        for name, value in zip(names, values.split(", "), strict=True)
    }
    assert said == {name: f"{value:g}" for name, value in Limits().model_dump().items()}


def test_entries_of_a_list_are_those_of_the_schema() -> None:
    assert {name for names, _ in first_column("entry of a list") for name in names} == set(
        ListRule.model_fields
    )


def test_the_example_is_a_site() -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example
    assert Site.model_validate(yaml.safe_load(example[1])).id == "suizhou-market-supervision"


def test_every_test_named_is_there() -> None:
    tests = "".join(
        path.read_text(encoding="utf-8") for path in (PROJECT_ROOT / "tests" / "acquisition").glob("*.py")
    )
    threats = PAGE[PAGE.index("| threat |") :].split("\n\n")[0]
    named = {
        name
        for row in threats.splitlines()[2:]
        for name in re.findall(r"`([^`]+)`", row.rsplit(" | ", 1)[-1])
        if not name.endswith(".py")
    }
    assert len(named) > 15
    missing = [name for name in sorted(named) if f"def {name}(" not in tests and f"{name}" not in tests]
    assert missing == []
