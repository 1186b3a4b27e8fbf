"""Any number of consistent documents of invented departments, for benchmarks and for properties."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.statements.model import DocumentKind
from tests.corpus.document import Made, TruthRow, make
from tests.corpus.drawing import Rules
from tests.corpus.figures import LineProfile, Profile, simulate
from tests.corpus.panel import Department, PanelDocument, department_documents
from tests.corpus.raw import Registered, register_row, register_text
from tests.corpus.truth import write_truth
from tests.corpus.variation import PLAIN, random_variation

KINDS: tuple[DocumentKind, ...] = ("budget", "final_accounts")
REGIONS = (
    ("310107", "上海市普陀区", "shanghai"),
    ("320000", "江苏省", "jiangsu"),
    ("420100", "武汉市", "hubei"),
)
FIELDS = {
    "政务服务": ("2010301", "2010302", "2010303", "2010350", "2010399"),
    "商务": ("2011301", "2011302", "2011308", "2011350", "2160299"),
    "科普": ("2060701", "2060702", "2060705", "2060799"),
    "文化": ("2070104", "2070109", "2070111", "2070199"),
    "城市管理": ("2120101", "2120104", "2120199", "2120501"),
    "水务": ("2130304", "2130306", "2130311", "2130313", "2130314", "2130399"),
}
SOCIAL = (
    "2080501",
    "2080502",
    "2080505",
    "2080506",
    "2089999",
    "2101101",
    "2101102",
    "2101103",
    "2210201",
    "2210202",
    "2210203",
)
FUND_ITEMS = ("2120803", "2120899", "2296003")


def random_profile(rng: random.Random, name: str, field: str = "") -> Profile:
    """A department with plausible items, sizes and habits."""
    work = FIELDS[field or rng.choice(sorted(FIELDS))]
    size = rng.choice([60, 200, 600, 1800])
    lines = [LineProfile(work[0], basic=size * rng.randint(8, 14) // 10, project=rng.choice([0, size // 20]))]
    lines += [
        LineProfile(
            code,
            project=max(5, size * rng.randint(1, 20) // 10),
            growth=rng.randint(-600, 900),
            balance=rng.choice([0, 0, 500, 1500]),
        )
        for code in rng.sample(work[1:], rng.randint(1, len(work) - 1))
    ]
    lines += [
        LineProfile(code, basic=max(2, size * rng.randint(3, 16) // 100), growth=rng.randint(0, 500))
        for code in sorted(rng.sample(SOCIAL, rng.randint(4, len(SOCIAL))))
    ]
    if rng.random() < 0.35:
        lines.append(
            LineProfile(
                rng.choice(FUND_ITEMS),
                "government_fund",
                project=size // 3 + 3,
                growth=rng.randint(-500, 300),
                balance=rng.choice([0, 1200]),
            )
        )
    if rng.random() < 0.2:
        lines.append(
            LineProfile(
                "2230105", "state_capital", project=rng.randint(4, 40), growth=0, balance=rng.choice([0, 900])
            )
        )
    if rng.random() < 0.4:
        source = rng.choice(["undertaking", "other"])
        lines.append(LineProfile(work[-1], "nonfiscal", project=size // 4 + 3, balance=1400, source=source))
    cars = rng.randint(0, 9)
    public = {
        "vehicle_operation": cars * 250,
        "reception": rng.choice([0, 60, 300]),
        "abroad": rng.choice([0, 0, 900]),
    }
    return Profile(
        name=name,
        is_administrative=rng.random() < 0.5,
        lines=tuple(sorted(lines, key=lambda line: (line.fund, line.code))),
        three_public={**public, "vehicle_purchase": 1800 if cars else 0},
        purchase_years=(rng.randint(2020, 2024),) if cars else (),
        meeting=rng.choice([0, 10]),
        training=rng.choice([0, 20]),
        reserve=rng.choice([0, 800]),
        vehicles=cars,
        purchases=(
            ("A", "设备购置", "办公设备购置", "台式计算机", 6),
            ("C", "后勤服务", "物业管理费", "物业管理服务", size // 5 + 2),
        ),
    )


def random_documents(
    seed: int, count: int, *, varied: bool = True, open_tables: bool = False, rules: Rules | None = None
) -> Iterator[PanelDocument]:
    """``count`` files: departments one after the other, each four years of budget and final accounts.

    ``rules`` sets how all tables are ruled, whatever the variation would choose.
    """
    made = 0
    number = 0
    while made < count:
        number += 1
        rng = random.Random(f"{seed}-{number}")
        region, place, family = rng.choice(REGIONS)
        field = rng.choice(sorted(FIELDS))
        name = f"{place}样例{field}第{number}局"
        profile = random_profile(rng, name, field)
        years = simulate(profile, 2020, 2024, f"{seed}-{number}")
        department = Department(f"{region}-sample-{number:04d}", name, region, family, {}, years)
        variation = random_variation(rng, open_tables=open_tables) if varied else PLAIN
        if rules is not None:
            variation = replace(variation, table={**variation.table, "rules": rules})
        for year in range(2021, 2025):
            for kind in KINDS:
                for each in department_documents(
                    department, year, kind, with_faults=False, variation=variation
                ):
                    if made < count:
                        made += 1
                        yield each


def write_random(
    folder: Path, seed: int, count: int, *, open_tables: bool = False, rules: Rules | None = None
) -> int:
    """Write the documents, their register and ``truth.csv`` below ``folder``."""
    rows: list[dict[str, str]] = []
    truth: list[TruthRow] = []
    for each in random_documents(seed, count, open_tables=open_tables, rules=rules):
        made: Made = make(each.plan)
        path = folder / each.plan.document
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made.pdf)
        entry = Registered(
            each.plan,
            each.region_code,
            each.kind,
            each.part,
            each.published_name,
            each.published_at,
            each.note,
            each.units_stated,
        )
        rows.append(register_row(entry, made))
        truth += made.truth
    (folder / "register.csv").write_text(register_text(rows), encoding="utf-8")
    write_truth(folder / "truth.csv", truth)
    return len(rows)
