"""Amounts right on scanned pages, and seconds a page, beside plain RapidOCR on the whole page.

    python -m benchmarks.scans FILE.pdf ... [--pages 6 8] [--dpi 300 200 150 110] [--spoilings skew fax ...]

Pages of documents with a text layer are made into spoilt pictures (``tests.corpus.scanning``; the
same seed gives the same pictures). Right is an amount in its statement, row and column with its
value; the truth is the reading of the text layer. RapidOCR gives lines, not cells: of it only the
values are asked, whether each amount printed on the page is among its texts. Both read the same
pictures in one run, each with as many threads as the process has cores.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.extraction import read_document
from pipelines.settings import usable_cores
from pipelines.statements import understand
from pipelines.statements.model import LineItem
from pipelines.warehouse.repairing import repair
from tests.corpus.scanning import SPOILINGS, ScannedPage, Spoiling, scan_pages, write_scan

_AMOUNT = re.compile(r"-?\d[\d,]*\.\d\d")


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
    peer_amounts: int = 0
    peer_right: int = 0
    seconds: float = 0.0
    peer_seconds: float = 0.0


def main() -> None:
    """Measure, and print a Markdown table with a row for each kind of picture."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument(
        "--pages", type=int, nargs="*", help="pages of each file; all with amounts if left out"
    )
    parser.add_argument("--dpi", type=int, nargs="*", default=[200, 150])
    parser.add_argument("--spoilings", nargs="*", choices=SPOILINGS, default=list(SPOILINGS))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    os.environ["JUESUAN_SCAN_THREADS"] = str(usable_cores())
    peer = _peer()
    print(
        "| picture | dpi | pages | amounts | right before repair | right | wrong | of these doubtful "
        "| doubtful of all | repaired | repaired wrongly | RapidOCR values right | s/page "
        "| RapidOCR s/page | ratio |"
    )
    print("|---" + "|---:" * 14 + "|")
    for spoiling in arguments.spoilings:
        for dpi in arguments.dpi:
            score = Score()
            for path in arguments.files:
                _measure(score, path, arguments.pages, spoiling, dpi, arguments.seed, peer)
            print(_row(spoiling, dpi, score), flush=True)


def _peer() -> Any:
    logging.disable(logging.WARNING)
    from rapidocr import RapidOCR

    return RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": usable_cores()})


def _measure(
    score: Score, path: Path, only: Sequence[int] | None, spoiling: Spoiling, dpi: int, seed: int, peer: Any
) -> None:
    printed = understand(read_document(path, "printed"), file_name=path.name)
    pages = sorted({item.page for item in printed.line_items if not only or item.page in only})
    if not pages:
        return
    known = [item for item in printed.line_items if item.page in pages]
    pictures = scan_pages(path, spoiling, dpi, seed, pages)
    with tempfile.TemporaryDirectory() as folder:
        scan = write_scan(Path(folder) / path.name, pictures, jpeg_quality=None if spoiling == "fax" else 85)
        start = time.perf_counter()
        document = read_document(scan, "scan")
        read = understand(document, file_name=path.name)
        found = repair(document, read)[0].line_items
        score.seconds += time.perf_counter() - start
    before = Counter(map(_place, read.line_items))
    want, got = Counter(map(_place, known)), Counter(map(_place, found))
    score.pages += len(pages)
    score.amounts += len(known)
    score.right_before_repair += sum((want & before).values())
    score.right += sum((want & got).values())
    false = got - want
    score.wrong += sum(false.values())
    score.wrong_and_doubtful += sum(
        _place(item) in false and item.reading_quality == "doubtful" for item in found
    )
    score.doubtful += sum(item.reading_quality == "doubtful" for item in found)
    mended = [item for item in found if item.reading_quality == "repaired"]
    score.repaired += len(mended)
    score.wrongly_repaired += sum(_place(item) in false for item in mended)
    for number, picture in zip(pages, pictures, strict=True):
        _measure_peer(score, picture, [item for item in known if item.page == number], peer)


def _measure_peer(score: Score, picture: ScannedPage, known: Sequence[LineItem], peer: Any) -> None:
    start = time.perf_counter()
    result = peer(picture.picture[..., ::-1])
    score.peer_seconds += time.perf_counter() - start
    want = Counter(text for item in known if _AMOUNT.fullmatch(text := _tight(item.amount_printed)))
    got = Counter(text for line in result.txts or () for text in _AMOUNT.findall(_tight(line)))
    score.peer_amounts += sum(want.values())
    score.peer_right += sum((want & got).values())


def _place(item: LineItem) -> tuple[object, ...]:
    return item.statement_id, item.row_key, item.column_id, item.side, item.amount_yuan


def _tight(text: str) -> str:
    return re.sub(r"\s", "", text)


def _row(spoiling: str, dpi: int, score: Score) -> str:
    pages = max(score.pages, 1)
    ours, theirs = score.seconds / pages, score.peer_seconds / pages
    return (
        f"| {spoiling} | {dpi} | {score.pages} | {score.amounts} "
        f"| {_share(score.right_before_repair, score.amounts)} | {_share(score.right, score.amounts)} "
        f"| {score.wrong} | {score.wrong_and_doubtful} | {_share(score.doubtful, score.amounts)} "
        f"| {score.repaired} | {score.wrongly_repaired} | {_share(score.peer_right, score.peer_amounts)} "
        f"| {ours:.2f} | {theirs:.2f} | {ours / max(theirs, 1e-9):.2f} |"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.2f} %"


if __name__ == "__main__":
    main()
