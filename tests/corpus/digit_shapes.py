"""The ten digits as some fonts draw them, as ``pipelines/extraction/digit_shapes.png`` holds them.

    python -m tests.corpus.digit_shapes

draws that picture anew: a row for each of ``FONTS``, each digit in the window of its advance. The fonts are
free ones (SIL Open Font License) of the kinds that statements are printed in, as Debian ships them
(``fonts-liberation``, ``fonts-noto-cjk``); the reader needs only the picture.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from pipelines.extraction.scan_digit_places import HIGH, SMOOTH, WIDE
from pipelines.extraction.scan_digit_shapes import SHAPES

FOLDER = Path("/usr/share/fonts")
FONTS = (
    "opentype/noto/NotoSerifCJK-Regular.ttc",
    "truetype/liberation2/LiberationSerif-Regular.ttf",
    "truetype/liberation2/LiberationSans-Regular.ttf",
    "opentype/noto/NotoSansCJK-Regular.ttc",
)
#: The foot of the digits lies on this row; they are drawn so many times as large, then made small.
FOOT, FINER = 24, 8


def drawn(font: Path) -> npt.NDArray[np.uint8]:
    """The ten digits of a font side by side (HIGH, 10 * WIDE), 0 paper to 255 ink, smoothed as figures."""
    wide = ImageFont.truetype(str(font), 1000).getlength("0")
    face = ImageFont.truetype(str(font), 1000 * WIDE * FINER / wide)
    windows = []
    for digit in "0123456789":
        sheet = Image.new("L", (WIDE * FINER, HIGH * FINER), 0)
        place = (WIDE * FINER / 2, FOOT * FINER)
        ImageDraw.Draw(sheet).text(place, digit, fill=255, font=face, anchor="ms")
        small = cv2.resize(np.asarray(sheet), (WIDE, HIGH), interpolation=cv2.INTER_AREA)
        windows.append(cv2.GaussianBlur(small, (0, 0), SMOOTH))
    return np.asarray(np.hstack(windows), dtype=np.uint8)


if __name__ == "__main__":
    Image.fromarray(np.vstack([drawn(FOLDER / font) for font in FONTS])).save(SHAPES)
