"""Text that a clipping path cuts in two: what is left is read, by either reader and without the other."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.extraction.hostile.building import BOX, one_page, stream
from tests.extraction.test_visibility import CUT, RESOURCES, assert_seen, read_by_both, written

# Helvetica, 12 points: a digit is 6.672 wide, so "4" begins at 76.69.
DIGITS = b"BT /F1 12 Tf 50 700 Td (0123456789) Tj ET\n"


def _to_the(right: float) -> bytes:
    """The digits clipped to what lies left of ``right``."""
    return b"q 40 690 %.2f 30 re W n " % (right - 40) + DIGITS + b"Q "


@pytest.mark.parametrize("turn", [b"0", b"90", b"180", b"270"])
@pytest.mark.parametrize(
    ("right", "left_over"),
    [(83.4, 5), (78.3, 4), (78.5, 5), (80.0, 5), (90.0, 6)],
    ids=["between two", "less than a quarter left", "more than a quarter left", "half of one", "the next"],
)
def test_a_text_is_read_as_far_as_its_clip_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, right: float, left_over: int, turn: bytes
) -> None:
    page = BOX + b"/Rotate " + turn + RESOURCES % b""
    content = one_page(content=_to_the(right), page=page)
    digits = "0123456789"
    with caplog.at_level(logging.INFO, logger="pipelines.extraction.read"):
        document = read_by_both(written(tmp_path, content))
    assert_seen(document, [digits[:left_over]], CUT, digits[left_over:])
    assert not [one for one in caplog.records if "is read by pdfplumber" in one.getMessage()]


def test_two_clips_leave_what_they_have_in_common(tmp_path: Path) -> None:
    clips = b"q 70 690 200 30 re W n 40 690 57 30 re W n " + DIGITS + b"Q "
    document = read_by_both(written(tmp_path, one_page(content=clips, page=BOX + RESOURCES % b"")))
    assert_seen(document, ["3456"], CUT, "012789")


def test_text_in_a_form_of_another_size_is_cut_alike(tmp_path: Path) -> None:
    """Clip and text of a form are told in its own space: the reference reads such a page."""
    form = stream(_to_the(85.0), b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + RESOURCES % b"")
    page = BOX + RESOURCES % b"/XObject<</X 6 0 R>>"
    content = one_page(content=b"q .5 0 0 .5 20 30 cm /X Do Q", page=page, more={6: form})
    document = read_by_both(written(tmp_path, content))
    assert_seen(document, ["01234"], CUT, "56789")
