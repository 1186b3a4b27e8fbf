"""How many characters a piece of ink is wide."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.extraction.scan_lines import Region
from pipelines.extraction.scan_recognition import Character, Reading
from pipelines.extraction.scan_widths import (
    doubted_where_lines_begin_late,
    widths,
    with_lost_characters,
)

SIZE, PITCH, PAPER = 22, 24, 6


def page_of(lengths: list[int]) -> tuple[np.ndarray, list[Region]]:
    """A page with a line of so many characters each, and where they stand."""
    page = np.full((40 * len(lengths) + 40, 800), 255, np.uint8)
    inks: list[Region] = []
    for row, length in enumerate(lengths):
        top = 20 + 40 * row
        for k in range(length):
            page[top : top + SIZE, 100 + k * PITCH : 100 + k * PITCH + SIZE] = 0
        inks.append(Region(100, top, 100 + length * PITCH - (PITCH - SIZE), top + SIZE))
    return page, inks


def reading(text: str, confidence: float = 0.99) -> Reading:
    """A reading of characters one pitch after another; a blank is one that was not recognised."""
    line = len(text) * PITCH - (PITCH - SIZE) + 2 * PAPER
    return Reading(
        tuple(
            Character(character, confidence, at=(PAPER + k * PITCH + SIZE / 2) / line)
            for k, character in enumerate(text)
            if character != " "
        )
    )


class Looks:
    """A recogniser that sees the same in every picture."""

    def __init__(self, seen: Reading) -> None:
        self.seen, self.shapes = seen, []

    def read(self, lines: list[np.ndarray]) -> list[Reading]:
        self.shapes += [line.shape for line in lines]
        return [self.seen for _ in lines]


def lost(text: str, seen: Reading, length: int = 9) -> tuple[Reading, list[tuple[int, ...]]]:
    """The last line of a page, of so many characters and read as the text, with what is seen in its gap."""
    page, inks = page_of([6, 4, 5, length])
    readings = [reading("政府采购预算"), reading("会议服务"), reading("住宿服务费"), reading(text)]
    wide = widths(page, inks, readings)
    assert [each and each.characters for each in wide] == [
        pytest.approx(n, abs=0.1) for n in (6, 4, 5, length)
    ]
    lines = [
        np.pad(page[ink.top : ink.bottom, ink.left : ink.right], PAPER, constant_values=255) for ink in inks
    ]
    looks = Looks(seen)
    found = with_lost_characters(looks, lines, inks, readings, wide)  # type: ignore[arg-type]
    assert found[:3] == readings[:3]
    return found[3], looks.shapes


@pytest.mark.parametrize("text", ["人代会 次会议经费", " 人代会次会议经费", "人代会次会议经费 "])
def test_a_character_that_the_width_shows_lost_is_looked_at_alone(text: str) -> None:
    found, shapes = lost(text, reading("二", 0.8))
    assert found.text == text.replace(" ", "二")
    assert found.confidence == 0.8
    assert [width < 2 * PITCH for _, width in shapes] == [True], "the gap alone"


@pytest.mark.parametrize("seen", [reading("二", 0.3), reading("二三"), Reading(())])
def test_a_lost_character_that_cannot_be_read_leaves_doubt(seen: Reading) -> None:
    found, _ = lost("人代会 次会议经费", seen)
    assert found.text == "人代会次会议经费"
    assert found.confidence < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "人代会二次会议经费",  # all there
        "人代会  经费",  # three too few: set wide, nothing is lost
        "人代会2次会议经",  # digits have no pitch
    ],
)
def test_what_lacks_no_character_stays(text: str) -> None:
    found, shapes = lost(text, reading("二"))
    assert (found, shapes) == (reading(text), [])


@pytest.mark.parametrize(
    ("left", "right", "doubted"),
    [
        (1, 6, True),  # one character later than the line above, which is ten long
        (0, 5, False),
        (3, 7, False),  # in the middle
        (1, 10, False),  # at the right end
    ],
)
def test_a_line_that_begins_one_character_late_has_lost_it(left: int, right: int, doubted: bool) -> None:
    page, inks = page_of([10, 10, 4, 5])
    page[inks[1].top : inks[1].bottom, :] = 255
    for k in range(left, right):
        page[inks[1].top : inks[1].bottom, 100 + k * PITCH : 100 + k * PITCH + SIZE] = 0
    readings = [
        reading("江苏省人民代表大会二"),
        reading("次会议经费" * 2)._replace(characters=reading("次会议经费" * 2).characters[: right - left]),
        reading("会议服务"),
        reading("住宿服务费"),
    ]
    wide = widths(page, inks, readings)
    found = doubted_where_lines_begin_late(inks, [7, 7, 8, 9], readings, wide)
    assert (found[1].confidence < 0.5) == doubted
    assert [found[0], *found[2:]] == [readings[0], *readings[2:]]


def test_specks_beside_a_line_do_not_make_it_wider() -> None:
    page, inks = page_of([6, 4, 5, 4])
    readings = [reading("政府采购预算"), reading("会议服务"), reading("住宿服务费"), reading("餐饮服务")]
    page[inks[3].top + 5 : inks[3].top + 8, inks[3].right + 20 : inks[3].right + 23] = 0
    inks[3] = inks[3]._replace(right=inks[3].right + 23)
    width = widths(page, inks, readings)[3]
    assert width is not None
    assert width.characters == pytest.approx(4, abs=0.1)


@pytest.mark.parametrize("grey", [20, 150, 210, 255])
def test_faint_print_is_as_wide_as_dark_print(grey: int) -> None:
    page, inks = page_of([6, 4, 5])
    page = np.where(page == 0, grey, page).astype(np.uint8)
    wide = widths(page, inks, [reading("政府采购预算"), reading("会议服务"), reading("住宿服务费")])
    characters = [each.characters for each in wide if each is not None]
    assert characters == ([pytest.approx(n, abs=0.1) for n in (6, 4, 5)] if grey < 255 else [])


def test_too_few_lines_show_no_pitch() -> None:
    page, inks = page_of([6, 4])
    assert widths(page, inks, [reading("政府采购预算"), reading("会议服务")]) == [None, None]
