"""Random consistent disclosures hold, and one wrong digit in one figure is found and named.

    python -m benchmarks.planted_digits [--consistent 20000] [--wrong 5000] [--seed 1] [--misses misses.csv]

Disclosures of all families' forms (``tests.corpus.consistent``), read without error; no PDF is drawn and no
dbt started: the SQL of the identities and the search for contradictions run over them in memory, as they do
for ``juesuan inspect``. Exit status 1 where a consistent disclosure is contradicted.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

from pipelines.warehouse.identities import Printed, judged
from pipelines.warehouse.models_in_memory import build
from tests.corpus.consistent import Misprint, consistent_disclosures, with_wrong_digit

BATCH = 50
TOLD_EVERY = 1_000


def main() -> int:
    """Measure, and print what came out as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--consistent", type=int, default=20_000)
    parser.add_argument("--wrong", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=Path, help="a CSV of wrong digits not found or not named first")
    arguments = parser.parse_args()
    contradicted = measure_consistent(arguments.seed, arguments.consistent)
    measure_wrong(arguments.seed + 1, arguments.wrong, arguments.misses)
    return 1 if contradicted else 0


def measure_consistent(seed: int, count: int) -> int:
    """Print the verdicts on consistent disclosures; returns how many contradictions were found."""
    verdicts: Counter[str] = Counter()
    contradictions = 0
    began = process_time()
    for done, batch in _counted(_batches(consistent_disclosures(seed, count))):
        with judged(batch) as connection:
            build(connection, ["int_contradictions"])
            verdicts.update(
                dict(
                    connection.execute(
                        "select verdict, count(*) from int_identity_results group by verdict"
                    ).fetchall()
                )
            )
            for row in connection.execute("select * from int_contradictions").fetchall():
                contradictions += 1
                print("contradicted:", row, file=sys.stderr)
        _tell_progress(done, count, f"{verdicts['violated']} violated, {contradictions} contradictions")
    told = ", ".join(f"{n:,} {name}" for name, n in sorted(verdicts.items()))
    print(
        f"{count} consistent disclosures: {told}; "
        f"{contradictions} contradictions; {process_time() - began:.0f} s of processor time",
        flush=True,
    )
    return contradictions + verdicts["violated"]


def measure_wrong(seed: int, count: int, misses: Path | None) -> None:
    """Print how many wrong digits are found and named, by the number of identities that read the figure."""
    rows: list[dict[str, Any]] = []
    began = process_time()
    rng = Random(f"wrong {seed}")
    for done, batch in _counted(_batches(consistent_disclosures(seed, count))):
        rows += _outcomes([with_wrong_digit(each, rng) for each in batch])
        _tell_progress(done, count, f"{sum(bool(row['found']) for row in rows)} found")
    print(f"\n{count} wrong digits; {process_time() - began:.0f} s of processor time\n")
    print(
        "| the figure stands in | wrong | found | named first | first or as likely | the value told is right "
        "| of the found, more than one contradiction |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, chosen in (
        ("no identity", [row for row in rows if row["identities"] == 0]),
        ("one", [row for row in rows if row["identities"] == 1]),
        ("two or more", [row for row in rows if row["identities"] >= 2]),
        ("all", rows),
    ):
        found = [row for row in chosen if row["found"]]
        print(
            f"| {name} | {len(chosen)} | {_share(len(found), len(chosen))} "
            + "".join(
                f"| {_share(sum(bool(row[key]) for row in found), len(found))} "
                for key in ("named", "tied", "valued", "several")
            )
            + "|"
        )
    if misses is not None:
        with misses.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for row in rows if not (row["found"] and row["named"]))


def _outcomes(misprints: list[Misprint]) -> Iterator[dict[str, Any]]:
    with judged([each.printed for each in misprints]) as connection:
        build(connection, ["int_contradictions"])
        identities = dict(
            connection.execute(
                "select figure_id, count(*) from int_identity_figures where not is_blank group by figure_id"
            ).fetchall()
        )
        found: dict[str, list[list[dict[str, Any]]]] = {}
        for department, suspects in connection.execute(
            "select department_id, suspects from int_contradictions order by is_joint, len(symptoms) desc"
        ).fetchall():
            found.setdefault(department, []).append(suspects)
        for each in misprints:
            own = found.get(each.printed.identification.department_name, [])
            suspects = own[0] if own else []
            named = next((s for s in suspects if s["cell_id"] == each.wrong.cell_id), None)
            yield {
                "document": each.printed.document_id,
                "statement": each.wrong.statement_id,
                "row": each.wrong.row_key,
                "column": each.wrong.column_id,
                "printed": each.wrong.amount_printed,
                "right": each.right.amount_printed,
                "unit": each.wrong.unit,
                "identities": identities.get(each.wrong.cell_id, 0),
                "found": bool(own),
                "named": bool(suspects) and suspects[0] is named,
                "tied": named is not None and named["is_tied"],
                "valued": named is not None and named["value_yuan"] == each.right.amount_yuan,
                "several": len(own) > 1,
                "suspects": len(suspects),
            }


def _batches(disclosures: Iterable[Printed]) -> Iterator[list[Printed]]:
    waiting = iter(disclosures)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _counted(batches: Iterable[list[Printed]]) -> Iterator[tuple[int, list[Printed]]]:
    """Each batch with how many disclosures there are up to its end."""
    done = 0
    for batch in batches:
        done += len(batch)
        yield done, batch


def _tell_progress(done: int, count: int, told: str) -> None:
    """Say how far it is after each thousand: the whole takes an hour, and may be ended before."""
    if done % TOLD_EVERY < BATCH or done == count:
        print(f"{done:,} of {count:,}: {told}", file=sys.stderr, flush=True)


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.1f} %)" if whole else "–"


if __name__ == "__main__":
    sys.exit(main())
