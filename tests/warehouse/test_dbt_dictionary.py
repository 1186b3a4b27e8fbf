"""The data dictionary and the descriptions it is made of."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

from pipelines.statements.catalogue import load_catalogue
from pipelines.statements.model import RowKind
from pipelines.warehouse.dictionary import (
    DICTIONARY,
    GROUPS,
    TableEntry,
    parse_project,
    read_manifest,
    render,
    rules_of,
)
from pipelines.warehouse.reference_data import catalogue_tables

# What the module makes once is made in one worker.
pytestmark = pytest.mark.xdist_group("dbt_dictionary")

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    return parse_project(PROJECT, tmp_path_factory.mktemp("parsed"))


@pytest.fixture(scope="module")
def tables(manifest: Mapping[str, Any]) -> tuple[TableEntry, ...]:
    return read_manifest(manifest)


def test_the_dictionary_says_what_the_project_says(tables: tuple[TableEntry, ...]) -> None:
    assert DICTIONARY.read_text(encoding="utf-8") == render(tables), (
        "run python -m pipelines.warehouse.dictionary"
    )


def test_no_mart_and_no_column_of_one_is_without_a_description(tables: tuple[TableEntry, ...]) -> None:
    silent = [table.name for table in tables if not table.description]
    silent += [f"{t.name}.{c.name}" for t in tables for c in t.columns if not c.description or not c.type]
    assert silent == []


def test_every_table_says_its_chinese_name(tables: tuple[TableEntry, ...]) -> None:
    without = [table.name for table in tables if not re.search(r"[\u4e00-\u9fff]", table.description)]
    assert without == []


def test_every_mart_stands_under_a_contract(manifest: Mapping[str, Any]) -> None:
    marts = [
        n for n in manifest["nodes"].values() if n["resource_type"] == "model" and n["fqn"][1] == "marts"
    ]
    assert marts
    assert [node["name"] for node in marts if not node["contract"]["enforced"]] == []


def test_the_tables_of_the_design_are_there(tables: tuple[TableEntry, ...]) -> None:
    designed = {
        *("dim_department", "dim_region", "dim_disclosure", "dim_document", "dim_statement"),
        *("dim_functional_code", "dim_economic_code", "fct_revenue_by_function"),
        *("fct_expenditure_by_function", "fct_expenditure_by_economic", "fct_statement_totals"),
        *("fct_three_public", "fct_claims", "fct_identity_results", "fct_cells", "fct_repairs"),
        "fct_identity_operands",
        *("mart_department_year", "mart_findings"),
    }
    assert designed <= {table.name for table in tables}
    assert {table.group for table in tables} == set(GROUPS)


def test_what_the_catalogue_can_say_of_an_amount_is_accepted(manifest: Mapping[str, Any]) -> None:
    """A form added to the catalogue must not fail the build of every document beside its own."""
    said: dict[str, set[str]] = {"fund": set(), "basis": set(), "row_kind": set(get_args(RowKind))}
    for dataset, rows in catalogue_tables(load_catalogue()):
        for number, column in enumerate(dataset.columns):
            if column.name in said:
                said[column.name] |= {str(row[number]) for row in rows if row[number]}
    accepted = [
        (rule.columns[0], set(rule.says))
        for rule in rules_of(manifest)
        if rule.kind == "accepted_values" and rule.columns[0] in said
    ]
    assert {column for column, _ in accepted} == set(said)
    assert [(column, said[column] - values) for column, values in accepted if said[column] - values] == []


def test_rules_of_columns_are_asked_by_a_test_of_their_table(manifest: Mapping[str, Any]) -> None:
    declared = {
        (node["name"], column["name"])
        for node in manifest["nodes"].values()
        for column in node.get("columns", {}).values()
        if column["config"]["meta"].get("rules")
    }
    asked = {(rule.table, *rule.columns) for rule in rules_of(manifest) if rule.kind != "unique_together"}
    assert asked == declared
    assert {rule.kind for rule in rules_of(manifest)} == {
        *("not_null", "unique", "unique_together", "accepted_values", "relationships")
    }


def test_a_mart_in_an_unknown_folder_is_an_error(manifest: Mapping[str, Any]) -> None:
    node = next(n for n in manifest["nodes"].values() if n["name"] == "fct_cells")
    moved = {**node, "fqn": ["juesuan", "marts", "elsewhere", "fct_cells"]}
    with pytest.raises(ValueError, match="elsewhere"):
        read_manifest({"nodes": {"model.juesuan.fct_cells": moved}})


@pytest.mark.parametrize("name", ["functional_codes", "economic_codes"])
def test_a_code_is_listed_under_a_parent_of_its_years(name: str) -> None:
    rows = list(csv.DictReader((PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8")))
    first_year: dict[str, int] = {}
    for row in rows:
        first_year[row["code"]] = min(int(row["valid_from"]), first_year.get(row["code"], 9999))
    early = [
        row["code"]
        for row in rows
        if row["parent_code"] and first_year[row["parent_code"]] > int(row["valid_from"])
    ]
    assert early == []
    assert rows == sorted(rows, key=lambda row: (row["code"], int(row["valid_from"])))
