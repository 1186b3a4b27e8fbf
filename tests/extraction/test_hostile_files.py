"""Broken and bombing files through the real worker pool: a named outcome each, the next file unharmed.

A fast part of ``python -m benchmarks.hostile_files``, which reads all of them with both readers.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines.extraction import read_document
from pipelines.settings import Reader
from tests.extraction.hostile import all_kinds
from tests.extraction.hostile.building import (
    BOX,
    CATALOGUE,
    FONT,
    RESOURCES,
    TEXT,
    HostileFile,
    assembled,
    deflated,
    one_page,
    stream,
)
from tests.extraction.hostile.contents import contents
from tests.extraction.hostile.mutations import mutations
from tests.extraction.hostile.threads import threads
from tests.extraction.hostile.trial import Verdict, tried

#: What only a limit ends, or what takes seconds: tried apart, with small limits.
SLOW = re.compile(
    r"Index\[0 99999999\]|100,000|nested|20,000|5 MB|50,000|only |inline|closing|300 forms|10 forms|billion|"
    r"4e9|1e9|deep|unknown operators|unclosed|long|10,000|thousand|million"
)


def fast_files() -> list[HostileFile]:
    quick = [f for f in all_kinds() if not f.kind.startswith("bombs") and not SLOW.search(f.name)]
    told = [f for f in quick if f.kind in ("threads", "revisions", "polyglots")]
    others = [f for f in quick if f not in told]
    return [*others[::2], *told, *mutations([("made", one_page())], 40, seed=11)]


def all_tried(
    files: list[HostileFile], folder: Path, reader: Reader, **limits: float
) -> tuple[list[Verdict], list[Verdict]]:
    """Hostile files and the good ones between them, after reading."""
    good = folder / "good.pdf"
    good.write_bytes(one_page())
    verdicts = list(tried(files, folder, reader, good, **limits))  # type: ignore[arg-type]
    hostile = [verdict for verdict in verdicts if verdict.file.kind != "control"]
    return hostile, [verdict for verdict in verdicts if verdict.file.kind == "control"]


def test_there_are_many_and_all_have_names_of_their_own() -> None:
    files = list(all_kinds())
    names = Counter((file.kind, file.name) for file in files)
    assert max(names.values()) == 1
    assert len(files) >= 500


def test_threads_are_named_by_their_address() -> None:
    sources = [file.source for file in threads()]
    assert all(re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+", one) for one in sources)
    assert len(set(sources)) == len(sources) >= 15


def test_the_same_seed_makes_the_same_mutations() -> None:
    bases = [("made", one_page())]
    first, second = ([f.make() for f in mutations(bases, 25, seed=3)] for _ in range(2))
    assert first == second
    assert len(set(first)) > 20


@pytest.mark.parametrize("reader", ["pdfplumber", "pdfium"])
def test_every_file_ends_with_a_named_outcome(tmp_path: Path, reader: Reader) -> None:
    files = fast_files()
    hostile, good = all_tried(files, tmp_path, reader, seconds=120, recycle_after=50)
    assert len(hostile) == len(files)
    assert [(v.file.kind, v.file.name, v.faults, v.told.message) for v in hostile if v.faults] == []
    assert len(good) == len(files) // 5
    assert all(verdict.told.outcome == "read" and verdict.told.shows for verdict in good)


def test_bombs_are_ended_by_small_limits_and_harm_nothing_else(tmp_path: Path) -> None:
    """By limits of memory and of a page's size, which end them on any machine.

    The limit of time is proved where a worker hangs (tests/warehouse/test_lake_pool.py): a file that takes
    long on one machine is read in time on another.
    """
    wanted = {
        "4000 MB of zeros, packed 2 times",
        "4000 MB of zeros, packed 3 times",
        "a million letters",
        "a string of five million letters",
        "CID widths of 1e9",
    }
    files = [file for file in contents() if file.name in wanted]
    assert len(files) == len(wanted)
    hostile, good = all_tried(files, tmp_path, "pdfplumber", seconds=120, memory_mb=300)
    ends = {verdict.file.name: (verdict.told.outcome, verdict.told.reasons) for verdict in hostile}
    assert set(ends) == wanted
    for name, (outcome, reasons) in ends.items():
        assert outcome == "set_aside", name
        assert {"memory_limit", "page_too_complex"} & set(reasons), (name, reasons)
    assert all(verdict.told.outcome == "read" and verdict.told.shows for verdict in good)


def test_a_bomb_on_one_page_costs_no_other_page(tmp_path: Path) -> None:

    page = b"<</Type/Page/Parent 2 0 R/Contents %d 0 R%s%s>>"
    path = tmp_path / "bomb.pdf"
    path.write_bytes(
        assembled(
            [
                CATALOGUE,
                b"<</Type/Pages/Kids[6 0 R 3 0 R]/Count 2>>",
                page % (4, BOX, RESOURCES),
                stream(TEXT),
                FONT,
                page % (7, BOX, RESOURCES),
                deflated(TEXT + b" " * 140_000_000),
            ]
        )
    )
    document = read_document(path, "0" * 16)
    assert document.outcome == "read_in_part"
    assert [(problem.reason, problem.page) for problem in document.problems] == [("page_too_complex", 1)]
    assert [page.number for page in document.pages] == [2]


def test_a_damaged_file_is_read_as_readers_repair_it(tmp_path: Path) -> None:
    """Its cross-reference is off and refers to itself: a viewer shows it all the same."""
    path = tmp_path / "off.pdf"
    path.write_bytes(one_page(shift=7))
    document = read_document(path, "0" * 16)
    assert document.outcome == "read_in_part"
    assert [problem.reason for problem in document.problems] == ["rebuilt"]
    assert [line.text for line in document.pages[0].lines] == ["Total 1,234.56"]


def test_a_page_tree_of_rubbish_costs_only_what_is_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "kids.pdf"
    path.write_bytes(one_page(pages=b"<</Type/Pages/Kids[9 0 R null 3 0 R (x) 2 0 R]/Count 5>>"))
    document = read_document(path, "0" * 16)
    assert document.outcome == "read"
    assert [line.text for line in document.pages[0].lines] == ["Total 1,234.56"]


@pytest.mark.parametrize("ring", [{6: b"6 0 R"}, {6: b"7 0 R", 7: b"6 0 R"}])
def test_references_in_a_ring_are_given_up(tmp_path: Path, ring: dict[int, bytes]) -> None:
    """Pdfminer follows them for ever; found by mutating a file's document information."""
    path = tmp_path / "ring.pdf"
    path.write_bytes(one_page(trailer=b"/Root 1 0 R/Info 6 0 R", more=ring))
    document = read_document(path, "0" * 16)
    assert document.outcome == "read"
    assert [line.text for line in document.pages[0].lines] == ["Total 1,234.56"]
