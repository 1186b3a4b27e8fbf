"""The space of layouts, read: per family and producer, how many amounts came out as they were printed.

``python -m benchmarks.layout_space --per-place 20`` prints, as Markdown, for every family of forms and
every producer that is installed: documents, amounts, those right in statement, row, column and value,
those missing and listed as not understood, those missing without a word, and those wrong. ``--misses
FILE`` writes every amount that was not right; ``--keep FOLDER`` the PDFs it stood in. The documents
follow from ``--seed`` alone (``tests/corpus/layout_space.py``).
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby, islice
from pathlib import Path

from pipelines.extraction import read_document
from pipelines.statements import understand
from tests.corpus.layout_space import PRODUCERS, SpaceDocument, space_documents
from tests.corpus.printed import printed_amounts
from tests.corpus.producers import available, print_plans
from tests.corpus.space_scores import Score, score

BATCH = 20
Place = tuple[str, str]


def read_batch(documents: Sequence[SpaceDocument], keep: Path | None) -> tuple[Place, Score]:
    """Print, read and score some documents of one family and producer."""
    first = documents[0]
    total = Score()
    with tempfile.TemporaryDirectory() as folder:
        pdfs = print_plans(first.producer, [each.plan for each in documents])
        for document, pdf in zip(documents, pdfs, strict=True):
            name = f"{document.family}-{document.kind}-{document.producer}-{document.number:04d}.pdf"
            path = Path(folder) / name
            path.write_bytes(pdf)
            understood = understand(read_document(path, "0" * 16), file_name=name)
            found = score(name, printed_amounts(document.plan), understood)
            total.add(found)
            if keep is not None and found.misses:
                (keep / name).write_bytes(pdf)
    return (first.family, first.producer), total


def batches(documents: Iterator[SpaceDocument]) -> Iterator[list[SpaceDocument]]:
    """Documents of one family, kind and producer, at most ``BATCH`` at a time."""
    for _, group in groupby(documents, lambda each: (each.family, each.kind, each.producer)):
        while batch := list(islice(group, BATCH)):
            yield batch


def measure(
    seed: int,
    per_place: int,
    producers: tuple[str, ...],
    only: tuple[str, ...],
    workers: int,
    keep: Path | None,
) -> dict[Place, Score]:
    """The score of every family and producer."""
    scores: dict[Place, Score] = {}
    with ProcessPoolExecutor(workers) as pool:
        waiting = [
            pool.submit(read_batch, batch, keep)
            for batch in batches(space_documents(seed, per_place, producers, only))
        ]
        for done in waiting:
            place, found = done.result()
            scores.setdefault(place, Score()).add(found)
    return scores


def report(scores: dict[Place, Score]) -> str:
    """The scores as a Markdown table, with a line for each producer and for all."""
    lines = [
        "| family | producer | documents | amounts | right | listed | silent | wrong |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    sums: dict[str, Score] = {}
    for (family, producer), each in sorted(scores.items()):
        lines.append(_line(family, producer, each))
        for name in (producer, "all"):
            sums.setdefault(name, Score()).add(each)
    lines += [_line("**all**", name, each) for name, each in sorted(sums.items(), key=lambda pair: pair[0])]
    return "\n".join(lines)


def _line(family: str, producer: str, each: Score) -> str:
    share = f"{100 * each.right / each.amounts:.3f} %" if each.amounts else "-"
    return (
        f"| {family} | {producer} | {each.documents} | {each.amounts} | {share} | {each.listed} "
        f"| {each.silent} | {each.wrong} |"
    )


def write_misses(path: Path, scores: dict[Place, Score]) -> None:
    """Every amount that was not read as printed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["document", "kind", "statement_id", "row_key", "column_id", "figure"])
        for _, each in sorted(scores.items()):
            for document, miss in each.misses:
                writer.writerow(
                    [document, miss.kind, miss.statement_id, miss.row_key, miss.column_id, miss.printed]
                )


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layout_space", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--per-place", type=int, default=20, help="documents of each family, kind and producer"
    )
    parser.add_argument("--family", action="append", default=[], help="only this family (may be repeated)")
    parser.add_argument("--producer", action="append", default=[], choices=PRODUCERS)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--misses", type=Path)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    producers = tuple(each for each in arguments.producer or PRODUCERS if available(each))
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    scores = measure(
        arguments.seed,
        arguments.per_place,
        producers,
        tuple(arguments.family),
        arguments.workers,
        arguments.keep,
    )
    print(report(scores))
    absent = [each for each in PRODUCERS if not available(each)]
    if absent:
        print(f"\nNot installed and left out: {', '.join(absent)}.")
    if arguments.misses:
        write_misses(arguments.misses, scores)


if __name__ == "__main__":
    main()
