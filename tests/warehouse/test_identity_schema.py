"""What a mistake in the identity data is told: the file, the identity, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.warehouse.identity_schema import (
    Identity,
    IdentityError,
    StatementForm,
    check_against_forms,
    load_identities,
)
from pipelines.warehouse.identity_tables import compile_identities, write_identities

GOOD: dict[str, Any] = {
    "id": "t3_total",
    "family": "row",
    "document_kind": "final_accounts",
    "title": {"zh": "合计等于各项之和", "en": "Total is the sum"},
    "message": {"zh": "{key}：{reported}，应为{expected}", "en": "{key}: {reported}, expected {expected}"},
    "over": "rows",
    "reported": {"statement": "final_expenditure", "row": "$key", "column": "total"},
    "terms": [{"statement": "final_expenditure", "row": "$key", "columns": ["basic", "project"]}],
    "source": "form",
}

COLUMNS = frozenset({"total", "basic", "project"})
FORMS = {"final_expenditure": StatementForm("final_accounts", frozenset({"total"}), COLUMNS, has_codes=True)}


def write(folder: Path, *entries: dict[str, Any]) -> Path:
    (folder / "some.yaml").write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
    return folder


def test_a_good_identity_loads_and_compiles(tmp_path: Path) -> None:
    tables = compile_identities(write(tmp_path, GOOD), FORMS)
    assert [row[0] for row in tables.identities] == ["t3_total"]
    assert [(row[1], row[6], row[8]) for row in tables.identity_terms] == [
        (0, "key", "total"),
        (1, "key", "basic"),
        (1, "key", "project"),
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"family": "rows"}, "family"),
        ({"reported": GOOD["reported"] | {"rows": ["201"]}}, "either 'row' or 'rows'"),
        ({"reported": GOOD["reported"] | {"row": "$parents"}}, "unknown row selector"),
        ({"over": "once"}, "disagree"),
        ({"over": "rows_and_columns"}, "disagree"),
        ({"message": {"zh": "差{diff}", "en": "{diff}"}}, "diff"),
        ({"terms": []}, "terms"),
        ({"tolerance": 0.01}, "tolerance"),
    ],
)
def test_a_mistake_names_file_and_identity(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    with pytest.raises(IdentityError, match=r"some\.yaml: identity 't3_total'") as caught:
        load_identities(write(tmp_path, GOOD | change))
    assert told in str(caught.value)


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match=r"'t3_total' stands already in some\.yaml"):
        load_identities(write(tmp_path, GOOD, GOOD))


def test_an_empty_folder_is_not_a_set_of_identities(tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="no identities"):
        load_identities(tmp_path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reported": GOOD["reported"] | {"column": "sum"}}, "column sum of final_expenditure"),
        ({"reported": GOOD["reported"] | {"statement": "final_spending"}}, "statement final_spending"),
        ({"if_rows": ["rev_something"]}, "row rev_something"),
        ({"if_columns": ["elsewhere/x"]}, "column elsewhere/x"),
        ({"asked_of": ["budget_nothing"]}, "statement budget_nothing"),
    ],
)
def test_what_the_catalogue_does_not_know_is_named(change: dict[str, Any], told: str) -> None:
    columns = frozenset({"total", "basic", "project"})
    forms = {
        "final_expenditure": StatementForm("final_accounts", frozenset({"total"}), columns, has_codes=True)
    }
    check_against_forms([Identity.model_validate(GOOD)], forms)
    with pytest.raises(IdentityError, match="'t3_total'") as caught:
        check_against_forms([Identity.model_validate(GOOD | change)], FORMS)
    assert told in str(caught.value)


def test_tables_are_written_the_same_twice(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in write_identities(compile_identities(), tmp_path / "a")]
    second = [path.read_bytes() for path in write_identities(compile_identities(), tmp_path / "b")]
    assert first == second
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "identities.parquet",
        "identity_conditions.parquet",
        "identity_terms.parquet",
    ]
