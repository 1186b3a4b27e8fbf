"""Processor time per page to read documents, beside pdfplumber's bare ``extract_tables`` in the same run.

    python -m benchmarks.read_documents FOLDER [--rounds 3]

Each document is read by both in turn, round after round, in one process on one core; what counts is the
process's own time on the processor, so that whatever else the machine does meets both alike. Reported
are the fastest round of each document, summed, and the ratio of the sums: ``extract_tables`` alone
yields rows of strings; reading yields cells with boxes and spans, joined tables, and (with
``understand``) line items. Both readers are measured, beside two bare passes of pypdfium2 over all
characters with their boxes and all objects with their bounds: one with its helper classes, and one with
nothing but pdfium's functions as pypdfium2 declares them.
"""

from __future__ import annotations

import argparse
import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pdfplumber
import pypdfium2
import pypdfium2.raw as raw

from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument
from pipelines.statements import understand


@dataclass(frozen=True, slots=True)
class Timing:
    """The fastest seconds of each step for one document."""

    name: str
    pages: int
    peer: float
    read: float
    understand: float
    pdfium: float
    bare_pdfium: float
    raw_pdfium: float


def bare_extract_tables(path: Path) -> int:
    """What one gets without this project: every page's tables as rows of strings. Returns the pages."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()
        return len(pdf.pages)


def bare_pdfium(path: Path) -> int:
    """pypdfium2's own way to every character with its box and every object with its bounds."""
    document = pypdfium2.PdfDocument(path)
    seen = 0
    for index in range(len(document)):
        page = document[index]
        for each in page.get_objects():
            each.get_bounds()
        text = page.get_textpage()
        text.get_text_range()
        for k in range(text.count_chars()):
            text.get_charbox(k)
            seen += 1
        text.close()
        page.close()
    document.close()
    return seen


def raw_pdfium(path: Path) -> int:
    """The same with pdfium's functions alone, as pypdfium2 declares them."""
    document = pypdfium2.PdfDocument(path)
    box = [ctypes.c_double() for _ in range(4)]
    bounds = [ctypes.c_float() for _ in range(4)]
    seen = 0
    for index in range(len(document)):
        page = raw.FPDF_LoadPage(document.raw, index)
        for k in range(raw.FPDFPage_CountObjects(page)):
            each = raw.FPDFPage_GetObject(page, k)
            raw.FPDFPageObj_GetType(each)
            raw.FPDFPageObj_GetBounds(each, *bounds)
        text = raw.FPDFText_LoadPage(page)
        for k in range(raw.FPDFText_CountChars(text)):
            raw.FPDFText_GetUnicode(text, k)
            raw.FPDFText_GetCharBox(text, k, *box)
            seen += 1
        raw.FPDFText_ClosePage(text)
        raw.FPDF_ClosePage(page)
    document.close()
    return seen


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(path: Path, rounds: int) -> Timing:
    """Read one document ``rounds`` times both ways, in turn; keep the fastest of each."""
    peer = read = meaning = second = bare = barest = float("inf")
    document: ReadDocument = read_document(path, "0" * 16)
    for _ in range(rounds):
        peer = min(peer, _seconds(lambda: bare_extract_tables(path)))
        read = min(read, _seconds(lambda: read_document(path, "0" * 16, reader="pdfplumber")))
        second = min(second, _seconds(lambda: read_document(path, "0" * 16, reader="pdfium")))
        bare = min(bare, _seconds(lambda: bare_pdfium(path)))
        barest = min(barest, _seconds(lambda: raw_pdfium(path)))
        meaning = min(meaning, _seconds(lambda: understand(document, file_name=path.name)))
    name = path.parent.name + "/" + path.name
    return Timing(name, document.page_count, peer, read, meaning, second, bare, barest)


def report(timings: list[Timing]) -> str:
    """A Markdown table, a row a document and the sums, in milliseconds per page."""
    total = Timing(
        "**all**",
        sum(t.pages for t in timings),
        sum(t.peer for t in timings),
        sum(t.read for t in timings),
        sum(t.understand for t in timings),
        sum(t.pdfium for t in timings),
        sum(t.bare_pdfium for t in timings),
        sum(t.raw_pdfium for t in timings),
    )
    lines = [
        "| document | pages | extract_tables ms/page | read ms/page | understand ms/page | read : peer "
        "| read with pdfium ms/page | bare pypdfium2 ms/page | its raw functions ms/page | pdfium : peer "
        "| pdfium : bare | pdfium : raw |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for t in [*timings, total]:
        times = (t.peer, t.read, t.understand, t.pdfium, t.bare_pdfium, t.raw_pdfium)
        peer, read, meaning, second, bare, barest = (
            f"{1000 * seconds / max(t.pages, 1):.1f}" for seconds in times
        )
        lines.append(
            f"| {t.name} | {t.pages} | {peer} | {read} | {meaning} | {t.read / t.peer:.2f} "
            f"| {second} | {bare} | {barest} | {t.pdfium / t.peer:.3f} | {t.pdfium / t.bare_pdfium:.2f} "
            f"| {t.pdfium / t.raw_pdfium:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure every PDF below a folder and print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.pdf"))
    if not paths:
        parser.error(f"no PDF below {arguments.folder}")
    print(report([measure(path, arguments.rounds) for path in paths]))


if __name__ == "__main__":
    main()
