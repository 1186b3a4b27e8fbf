"""Amounts right on scanned pages, and seconds a page, beside plain RapidOCR on the whole page.

    python -m benchmarks.scans FILE.pdf ... [--kinds fax:200 seal:150 ...] [--pages 10] [--peer-pages 2]
    python -m benchmarks.scans --generated 12 --rules none frame levels --seed 7 [...]

For every kind of picture ``--pages`` pages are drawn from all pages of the files that can be read without
the others (one that only goes on needs the one before it), other ones for each kind, and made into spoilt
pictures (``tests.corpus.scanning``; the same seed gives the same pages and pictures). ``--generated`` adds
documents of the space of layouts. Right is an amount in its statement, row, column and value; the truth is
the reading of the page's text layer; names of rows are compared without regard to full-width forms. Of a
repaired amount the name of its row is not asked: it is not what was repaired. RapidOCR gives lines, not
cells: of it only the values are asked, whether each amount printed on the page is among its texts; being
slow it sees the first ``--peer-pages`` pages of each kind only. Times are processor time of all threads, of
which each has as many as the process has cores: other programs on the machine do not change them much. Rows
are printed as they are measured; what is not right goes to ``--misses FILE``.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2

from pipelines.extraction import read_document
from pipelines.settings import usable_cores
from pipelines.statements import understand
from pipelines.statements.model import LineItem
from pipelines.statements.printed_text import plain
from pipelines.warehouse.repairing import repair
from tests.corpus.layout_space import families, space_plan, with_rules
from tests.corpus.producers import print_plans
from tests.corpus.scanning import SPOILINGS, ScannedPage, Spoiling, scan_pages, write_scan

_AMOUNT = re.compile(r"-?\d[\d,]*\.\d\d")


#: Every kind of picture at every fineness, those that tell most first.
KINDS = [f"{kind}:{dpi}" for dpi in (150, 200, 110, 300) for kind in reversed(SPOILINGS)]


@dataclass
class Score:
    """What came of the amounts of all pages of one kind of picture."""

    pages: int = 0
    amounts: int = 0
    right: int = 0
    wrong: int = 0
    wrong_and_doubtful: int = 0
    doubtful: int = 0
    right_before_repair: int = 0
    repaired: int = 0
    wrongly_repaired: int = 0
    peer_pages: int = 0
    peer_amounts: int = 0
    peer_right: int = 0
    seconds: float = 0.0
    peer_seconds: float = 0.0


def main() -> None:
    """Measure, and print a Markdown table with a row for each kind of picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--generated", type=int, default=0, help="so many generated documents besides")
    parser.add_argument("--rules", nargs="*", default=["none"], help="how their tables are ruled, by turns")
    parser.add_argument("--kinds", nargs="*", default=KINDS, help="kinds of picture with their dots an inch")
    parser.add_argument("--pages", type=int, default=10, help="pages of each kind")
    parser.add_argument("--peer-pages", type=int, default=2, help="pages of each kind that RapidOCR reads")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", type=Path, help="write every amount that is not right to this file")
    arguments = parser.parse_args()
    os.environ["JUESUAN_SCAN_THREADS"] = str(usable_cores())
    with tempfile.TemporaryDirectory() as folder:
        made = _generated(Path(folder), arguments.generated, arguments.rules, arguments.seed)
        _report(arguments, [*arguments.files, *made])


def _generated(folder: Path, number: int, rules: Sequence[str], seed: int) -> list[Path]:
    """Documents of the space of layouts, of other families each, ruled in the given ways by turns."""
    places = list(families())
    random.Random(seed).shuffle(places)
    paths: list[Path] = []
    for k, (family, kind) in enumerate((places * (1 + number // len(places)))[:number]):
        plan = with_rules(space_plan(seed, family, kind, "reportlab", k), rules[k % len(rules)])
        path = folder / f"{k:03d}-{rules[k % len(rules)]}-{family}-{kind}.pdf"
        (pdf,) = print_plans("reportlab", [plan])
        path.write_bytes(pdf)
        paths.append(path)
    return paths


def _report(arguments: argparse.Namespace, files: Sequence[Path]) -> None:
    peer = _peer()
    known = [(path, page, items) for path in files for page, items in _known(path).items()]
    print(
        "| picture | dpi | pages | amounts | right before repair | right | wrong | of these doubtful "
        "| doubtful of all | repaired | repaired wrongly | s/page | RapidOCR: pages | values right "
        "| s/page | ratio |"
    )
    print("|---" + "|---:" * 15 + "|", flush=True)
    for kind in arguments.kinds:
        spoiling, _, dpi = kind.partition(":")
        chosen = random.Random(f"{arguments.seed} {kind}").sample(known, min(arguments.pages, len(known)))
        score = Score()
        for number, (path, page, items) in enumerate(chosen):
            reader = peer if number < arguments.peer_pages else None
            _measure(score, path, page, items, spoiling, int(dpi), arguments.seed, reader, arguments.misses)
        print(_row(spoiling, int(dpi), score), flush=True)


def _known(path: Path) -> dict[int, list[LineItem]]:
    """The amounts of the pages of a document that tell all of themselves, by their text layer.

    Such a page is read alone, as its picture will be: without the title at the foot of the page before it, or
    of a statement that only goes on, nothing is known of it.
    """
    whole = understand(read_document(path, "printed", reader="pdfium"), file_name=path.name)
    pages: dict[int, list[LineItem]] = {}
    document = pypdfium2.PdfDocument(path)
    try:
        with tempfile.TemporaryDirectory() as folder:
            for page in sorted({item.page for item in whole.line_items}):
                alone = pypdfium2.PdfDocument.new()
                alone.import_pages(document, [page - 1])
                alone.save(Path(folder) / path.name)
                alone.close()
                read = read_document(Path(folder) / path.name, "printed", reader="pdfium")
                if items := list(understand(read, file_name=path.name).line_items):
                    pages[page] = items
    finally:
        document.close()
    return pages


def _peer() -> Any:
    logging.disable(logging.WARNING)
    from rapidocr import RapidOCR

    return RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": usable_cores()})


def _measure(
    score: Score,
    path: Path,
    page: int,
    known: Sequence[LineItem],
    spoiling: Spoiling,
    dpi: int,
    seed: int,
    peer: Any,
    misses: Path | None,
) -> None:
    (picture,) = scan_pages(path, spoiling, dpi, seed, [page])
    with tempfile.TemporaryDirectory() as folder:
        quality = None if spoiling == "fax" else 85
        scan = write_scan(Path(folder) / path.name, [picture], jpeg_quality=quality)
        start = time.process_time()
        document = read_document(scan, "scan")
        read = understand(document, file_name=path.name)
        found = repair(document, read)[0].line_items
        score.seconds += time.process_time() - start
    want, got = Counter(map(_place, known)), Counter(map(_place, found))
    score.pages += 1
    score.amounts += len(known)
    score.right_before_repair += sum((want & Counter(map(_place, read.line_items))).values())
    score.right += sum((want & got).values())
    false = got - want
    score.wrong += sum(false.values())
    score.wrong_and_doubtful += sum(
        _place(item) in false and item.reading_quality == "doubtful" for item in found
    )
    score.doubtful += sum(item.reading_quality == "doubtful" for item in found)
    mended = [item for item in found if item.reading_quality == "repaired"]
    score.repaired += len(mended)
    printed = Counter(map(_value, known))
    score.wrongly_repaired += sum(_value(item) not in printed for item in mended)
    if misses is not None:
        quality_of = {_place(item): item.reading_quality for item in found}
        with misses.open("a", encoding="utf-8") as file:
            for name, places in (("missing", want - got), ("wrong", false)):
                for place in places:
                    row = (name, spoiling, dpi, path.parent.name, path.name, page, *place)
                    print(*row, quality_of.get(place, ""), sep="\t", file=file)
    if peer is not None:
        _measure_peer(score, picture, known, peer)


def _measure_peer(score: Score, picture: ScannedPage, known: Sequence[LineItem], peer: Any) -> None:
    start = time.process_time()
    result = peer(picture.picture[..., ::-1])
    score.peer_seconds += time.process_time() - start
    score.peer_pages += 1
    want = Counter(text for item in known if _AMOUNT.fullmatch(text := _tight(item.amount_printed)))
    got = Counter(text for line in result.txts or () for text in _AMOUNT.findall(_tight(line)))
    score.peer_amounts += sum(want.values())
    score.peer_right += sum((want & got).values())


def _place(item: LineItem) -> tuple[object, ...]:
    return item.statement_id, plain(item.row_key), item.column_id, item.side, item.amount_yuan


def _value(item: LineItem) -> tuple[object, ...]:
    return item.statement_id, item.column_id, item.side, item.amount_yuan


def _tight(text: str) -> str:
    return re.sub(r"\s", "", text)


def _row(spoiling: str, dpi: int, score: Score) -> str:
    ours, theirs = score.seconds / max(score.pages, 1), score.peer_seconds / max(score.peer_pages, 1)
    ratio = f"{ours / theirs:.2f}" if theirs else ""
    return (
        f"| {spoiling} | {dpi} | {score.pages} | {score.amounts} "
        f"| {_share(score.right_before_repair, score.amounts)} | {_share(score.right, score.amounts)} "
        f"| {score.wrong} | {score.wrong_and_doubtful} | {_share(score.doubtful, score.amounts)} "
        f"| {score.repaired} | {score.wrongly_repaired} | {ours:.2f} "
        f"| {score.peer_pages} | {_share(score.peer_right, score.peer_amounts)} "
        f"| {theirs:.2f} | {ratio} |"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.2f} %"


if __name__ == "__main__":
    main()
