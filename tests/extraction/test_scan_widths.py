"""How many characters a piece of ink is wide."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.extraction.scan_lines import Region
from pipelines.extraction.scan_recognition import Character, Reading
from pipelines.extraction.scan_widths import doubted_where_one_is_lost, widths

SIZE, PITCH = 22, 24


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
    return Reading(tuple(Character(character, confidence) for character in text))


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("人代会次会议经费", True),  # 二 is lost: there is ink of nine characters
        ("人代会二次会议经费", False),
        ("人代会次经费", False),  # three too few: spaced out, nothing is lost
        ("人代会2次会议经", False),  # digits have no pitch
    ],
)
def test_a_name_that_lacks_one_of_the_characters_that_its_ink_is_wide_is_in_doubt(
    text: str, doubted: bool
) -> None:
    page, inks = page_of([6, 4, 5, 9])
    readings = [reading("政府采购预算"), reading("会议服务"), reading("住宿服务费"), reading(text)]
    wide = widths(page, inks, readings)
    assert wide == [pytest.approx(n, abs=0.1) for n in (6, 4, 5, 9)]
    found = doubted_where_one_is_lost(readings, wide)
    assert found[:3] == readings[:3]
    assert (found[3].confidence < 0.5) == doubted
    assert found[3].text == text


def test_specks_beside_a_line_do_not_make_it_wider() -> None:
    page, inks = page_of([6, 4, 5, 4])
    readings = [reading("政府采购预算"), reading("会议服务"), reading("住宿服务费"), reading("餐饮服务")]
    page[inks[3].top + 5 : inks[3].top + 8, inks[3].right + 20 : inks[3].right + 23] = 0
    inks[3] = inks[3]._replace(right=inks[3].right + 23)
    assert widths(page, inks, readings)[3] == pytest.approx(4, abs=0.1)


def test_too_few_lines_show_no_pitch() -> None:
    page, inks = page_of([6, 4])
    assert widths(page, inks, [reading("政府采购预算"), reading("会议服务")]) == [None, None]
