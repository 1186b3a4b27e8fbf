"""The space of layouts, read: per family and producer, how many amounts came out as they were printed.

``python -m benchmarks.layout_space --per-place 20`` prints, as Markdown, for every family of forms and
every producer that is installed: documents, amounts, those right in statement, row, column and value,
those missing and listed as not understood, those missing without a word, and those wrong. ``--misses
FILE`` writes every amount that was not right; ``--keep FOLDER`` the PDFs it stood in. The documents
follow from ``--seed`` alone (``tests/corpus/layout_space.py``).

Printing takes longer than reading. ``--printed FOLDER`` keeps every PDF under a name made of what it
prints, and takes it from there when the same is measured again after a rule was changed. A change of
how a producer draws is not seen there: then begin a new folder.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby, islice
from pathlib import Path

from pipelines.extraction import read_document
from pipelines.statements import understand
from tests.corpus.document import StatementBlock
from tests.corpus.layout_space import PRODUCERS, SpaceDocument, space_documents
from tests.corpus.printed import printed_amounts, printed_statement
from tests.corpus.producers import available, print_plans
from tests.corpus.space_scores import Score, score

BATCH = 20
Place = tuple[str, str]


def printed_pdfs(documents: Sequence[SpaceDocument], printed: Path | None) -> list[bytes]:
    """The PDFs of some documents of one producer: those in the folder ``printed``, all others printed now."""
    producer = documents[0].producer
    if printed is None:
        return print_plans(producer, [each.plan for each in documents])
    paths = [printed / f"{_fingerprint(each)}.pdf" for each in documents]
    absent = [(path, each.plan) for path, each in zip(paths, documents, strict=True) if not path.exists()]
    for (path, _), pdf in zip(absent, print_plans(producer, [plan for _, plan in absent]), strict=True):
        whole = path.with_suffix(f".{os.getpid()}")
        whole.write_bytes(pdf)
        whole.replace(path)
    return [path.read_bytes() for path in paths]


def _fingerprint(document: SpaceDocument) -> str:
    """A name for what is printed: the plan with the grids made of it, and by whom."""
    grids = [
        printed_statement(document.plan, block)
        for block in document.plan.blocks
        if isinstance(block, StatementBlock)
    ]
    said = f"{document.producer}\n{document.plan!r}\n{grids!r}"
    return hashlib.sha256(said.encode()).hexdigest()[:24]


def read_batch(
    documents: Sequence[SpaceDocument], keep: Path | None, printed: Path | None
) -> tuple[Place, Score]:
    """Print, read and score some documents of one family and producer."""
    first = documents[0]
    total = Score()
    with tempfile.TemporaryDirectory() as folder:
        pdfs = printed_pdfs(documents, printed)
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
    printed: Path | None,
) -> dict[Place, Score]:
    """The score of every family and producer, printed again where a program that prints took too long.

    Raises ``subprocess.TimeoutExpired`` where it does so again.
    """
    scores: dict[Place, Score] = {}
    with ProcessPoolExecutor(workers) as pool:
        waiting = [
            (batch, pool.submit(read_batch, batch, keep, printed))
            for batch in batches(space_documents(seed, per_place, producers, only))
        ]
        for batch, done in waiting:
            try:
                place, found = done.result()
            except subprocess.TimeoutExpired:
                # A machine that was busy: an hour of other documents is not given up for it.
                place, found = read_batch(batch, keep, printed)
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
    parser.add_argument("--printed", type=Path, help="folder of PDFs printed before")
    arguments = parser.parse_args()
    producers = tuple(each for each in arguments.producer or PRODUCERS if available(each))
    for folder in filter(None, (arguments.keep, arguments.printed)):
        folder.mkdir(parents=True, exist_ok=True)
    scores = measure(
        arguments.seed,
        arguments.per_place,
        producers,
        tuple(arguments.family),
        arguments.workers,
        arguments.keep,
        arguments.printed,
    )
    print(report(scores))
    absent = [each for each in PRODUCERS if not available(each)]
    if absent:
        print(f"\nNot installed and left out: {', '.join(absent)}.")
    if arguments.misses:
        write_misses(arguments.misses, scores)


if __name__ == "__main__":
    main()
