"""The code lists as data: years that fit, parents that are there, changes that are told, known traps."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
LISTS = {
    "functional": "functional_codes",
    "economic": "economic_codes",
    "government": "government_economic_codes",
}
LAST_YEAR = 2026
Rows = Sequence[Mapping[str, str]]


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def years(row: Mapping[str, str]) -> range:
    return range(int(row["valid_from"]), int(row["valid_to"] or LAST_YEAR) + 1)


def name_of(classification: str, code: str, year: int) -> str:
    """The one name a code has in a year; empty where the list does not have it."""
    names = [r["name_zh"] for r in seed(LISTS[classification]) if r["code"] == code and year in years(r)]
    assert len(names) <= 1, f"{code} has several names in {year}"
    return names[0] if names else ""


def what_does_not_fit(rows: Rows) -> list[str]:
    """Faults of a list: overlapping years, levels that do not fit codes, years without the code above."""
    faults = []
    by_code: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        by_code[row["code"]].append(row)
    for code, named in by_code.items():
        listed = [year for row in named for year in years(row)]
        faults += [f"{code}: two names in {year}" for year in set(listed) if listed.count(year) > 1]
        for row in named:
            if row["level"] != {3: "class", 5: "section", 7: "item"}.get(len(code)):
                faults.append(f"{code}: is no {row['level']}")
            if row["parent_code"] != (code[:-2] if len(code) > 3 else ""):
                faults.append(f"{code}: is not below {row['parent_code']}")
            if (row["is_to_known"] == "") != (row["valid_to"] == ""):
                faults.append(f"{code}: an end is known or not, a name in force has none")
        above = {year for parent in by_code.get(code[:-2], ()) for year in years(parent)}
        if len(code) > 3 and (missing := sorted(set(listed) - above)):
            faults.append(f"{code}: the code above is not in the list in {missing[0]}")
    return faults


@pytest.mark.parametrize("name", LISTS.values())
def test_a_list_fits_together(name: str) -> None:
    assert what_does_not_fit(seed(name)) == []


def test_a_list_that_does_not_fit_is_told() -> None:
    """The check is one that can fail."""
    row = {"name_zh": "甲", "valid_to": "", "is_to_known": ""}
    broken = [
        {**row, "code": "201", "level": "class", "parent_code": "", "valid_from": "2020"},
        {**row, "code": "201", "level": "class", "parent_code": "", "valid_from": "2026"},
        {**row, "code": "20101", "level": "item", "parent_code": "202", "valid_from": "2019"},
    ]
    assert what_does_not_fit(broken) == [
        "201: two names in 2026",
        "20101: is no item",
        "20101: is not below 202",
        "20101: the code above is not in the list in 2019",
    ]


@pytest.mark.parametrize("name", [*LISTS.values(), "code_successions"])
def test_every_row_says_what_it_is_from(name: str) -> None:
    sources = {row["source"] for row in seed("code_list_sources")}
    assert {row["source"] for row in seed(name)} <= sources


def test_every_beginning_and_end_that_is_dated_is_told() -> None:
    told = seed("code_successions")
    begun = {(r["classification"], r["to_code"], r["to_first_year"]) for r in told}
    ended = {(r["classification"], r["from_code"], r["from_last_year"]) for r in told}
    silent = []
    for classification, name in LISTS.items():
        first = 2018 if classification == "government" else 2007
        for row in seed(name):
            if row["is_from_known"] == "true" and int(row["valid_from"]) > first:
                key = (classification, row["code"], row["valid_from"])
                silent += [key] if key not in begun else []
            if row["is_to_known"] == "true":
                key = (classification, row["code"], row["valid_to"])
                silent += [key] if key not in ended else []
    assert silent == []


def test_both_sides_of_a_succession_are_in_the_list_in_their_year() -> None:
    for row in seed("code_successions"):
        classification = row["classification"]
        assert bool(row["from_code"]) == (row["kind"] != "new")
        assert bool(row["to_code"]) == (row["kind"] != "ended")
        if row["from_code"]:
            assert name_of(classification, row["from_code"], int(row["from_last_year"])), row
        if row["to_code"]:
            assert name_of(classification, row["to_code"], int(row["to_first_year"])), row
        if row["from_code"] and row["to_code"]:
            assert int(row["from_last_year"]) < int(row["to_first_year"])


@pytest.mark.parametrize(
    ("classification", "code", "before", "after", "change"),
    [
        ("economic", "30311", "住房公积金", "代缴社会保险费", 2018),
        ("functional", "20805", "行政事业单位离退休", "行政事业单位养老支出", 2020),
        ("functional", "210", "医疗卫生与计划生育支出", "卫生健康支出", 2019),
        ("functional", "207", "文化体育与传媒支出", "文化旅游体育与传媒支出", 2019),
        ("functional", "215", "资源勘探信息等支出", "资源勘探工业信息等支出", 2020),
        ("functional", "220", "国土海洋气象等支出", "自然资源海洋气象等支出", 2019),
        ("functional", "224", "", "灾害防治及应急管理支出", 2019),
        ("functional", "20828", "", "退役军人管理事务", 2019),
        ("functional", "20115", "工商行政管理事务", "", 2019),
    ],
)
def test_known_traps(classification: str, code: str, before: str, after: str, change: int) -> None:
    assert name_of(classification, code, change - 1) == before
    assert name_of(classification, code, change) == after


def test_mappings_name_groups_that_there_are_or_say_why_not() -> None:
    rules = {row["mapping_rule"]: row["is_mapped"] == "true" for row in seed("mapping_rules")}
    formats = {"COFOG": r"(0[1-9]|10)\.[1-9]", "GFSM 2014": r"(2[1-8]|3[123])\d{0,2}"}
    codes = {kind: {row["code"] for row in seed(name)} for kind, name in LISTS.items()}
    for row in seed("code_mappings"):
        assert row["code"] in codes[row["classification"]], row
        assert bool(row["target_code"]) == rules[row["mapping_rule"]], row
        assert not row["target_code"] or re.fullmatch(formats[row["scheme"]], row["target_code"]), row


def test_every_group_that_a_mapping_names_has_its_names_and_the_group_above_it() -> None:
    groups = {(row["scheme"], row["group_code"]): row for row in seed("international_groups")}
    for row in seed("code_mappings"):
        assert not row["target_code"] or (row["scheme"], row["target_code"]) in groups, row
    for (scheme, _), row in groups.items():
        assert row["name_zh"] and row["name_en"] and row["source"], row
        assert not row["parent_group_code"] or (scheme, row["parent_group_code"]) in groups, row


def test_divisions_that_ended_lead_to_divisions_that_are_listed_later() -> None:
    regions = {row["region_code"]: row for row in seed("regions")}
    for row in seed("region_successions"):
        ended, followed = regions[row["from_region_code"]], regions[row["to_region_code"]]
        assert int(ended["last_listed_year"]) < int(followed["last_listed_year"]), row
        assert row["from_region_code"][:2] == row["to_region_code"][:2]
