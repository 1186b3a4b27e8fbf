"""Scans of known documents: their pages as pictures, spoilt the way scanners and copiers spoil them.

Truth is that of the document a scan is made of: a page keeps its size in points, so that a figure's
place is known but for the turn. The same seed gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args
from zlib import crc32

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

Spoiling = Literal["clean", "skew", "noise", "jpeg", "shadow", "blur", "seal", "fax"]
SPOILINGS: tuple[Spoiling, ...] = get_args(Spoiling)

Picture = npt.NDArray[np.uint8]
#: Largest turn of a sheet in the scanner, in degrees either way.
MOST_SKEW = 3.0
#: Width of the blur in points: a lens out of focus, not less at a finer resolution.
BLUR_POINTS = 0.75
#: Standard deviation of the noise of a sensor, in grey levels of 256.
NOISE = 14.0


class ScannedPage(NamedTuple):
    """A page as a picture (rows, columns, red green blue), and its size in points."""

    picture: Picture
    width: float
    height: float


def scan_pages(
    pdf: Path, spoiling: Spoiling, dpi: int, seed: int, pages: Iterable[int] | None = None
) -> list[ScannedPage]:
    """Pages of a PDF (numbers from 1; all if not given) as pictures of ``dpi`` dots an inch, spoilt."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        numbers = list(pages) if pages is not None else list(range(1, len(document) + 1))
        return [_scan(document, number, spoiling, dpi, seed) for number in numbers]
    finally:
        document.close()


def write_scan(out: Path, pages: Sequence[ScannedPage], *, jpeg_quality: int | None = 85) -> Path:
    """Write pictures as a PDF without any text; ``jpeg_quality`` None keeps every dot as it is."""
    canvas = Canvas(str(out), invariant=1)
    for page in pages:
        canvas.setPageSize((page.width, page.height))
        image: Image.Image = Image.fromarray(page.picture)
        if jpeg_quality is not None:
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=jpeg_quality)
            buffer.seek(0)
            image = Image.open(buffer)
        canvas.drawImage(ImageReader(image), 0, 0, page.width, page.height)
        canvas.showPage()
    canvas.save()
    return out


def _scan(
    document: pypdfium2.PdfDocument, number: int, spoiling: Spoiling, dpi: int, seed: int
) -> ScannedPage:
    source = document[number - 1]
    width, height = source.get_size()
    picture = np.asarray(source.render(scale=dpi / 72).to_pil().convert("RGB"))
    source.close()
    random = np.random.default_rng([seed, number, dpi, crc32(spoiling.encode())])
    return ScannedPage(_spoilt(picture, spoiling, dpi, random), width, height)


def _spoilt(picture: Picture, spoiling: Spoiling, dpi: int, random: np.random.Generator) -> Picture:
    if spoiling == "skew":
        return turned(picture, float(random.uniform(-MOST_SKEW, MOST_SKEW)))
    if spoiling == "noise":
        return _noisy(turned(picture, float(random.uniform(-1, 1))), random, NOISE)
    if spoiling == "jpeg":
        return _jpeg(turned(picture, float(random.uniform(-2, 2))), 30)
    if spoiling == "shadow":
        return _noisy(_shadowed(picture, random), random, 4.0)
    if spoiling == "blur":
        return _noisy(_blurred(_shadowed(picture, random), BLUR_POINTS * dpi / 72), random, 3.0)
    if spoiling == "seal":
        return _jpeg(_sealed(picture, dpi, random), 75)
    if spoiling == "fax":
        askew = turned(picture, float(random.uniform(-1, 1)))
        return _one_bit(_noisy(_blurred(askew, 0.4 * dpi / 72), random, 30.0))
    return picture


def turned(picture: Picture, degrees: float) -> Picture:
    """A picture turned counter-clockwise about its middle, white where no sheet lies."""
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)),
        dtype=np.uint8,
    )


def _noisy(picture: Picture, random: np.random.Generator, deviation: float) -> Picture:
    grain = random.normal(0.0, deviation, picture.shape[:2])
    return np.clip(picture + grain[..., None], 0, 255).astype(np.uint8)


def _jpeg(picture: Picture, quality: int) -> Picture:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def _shadowed(picture: Picture, random: np.random.Generator) -> Picture:
    """The grey of a book's fold along one side and of a lamp that does not reach a corner."""
    height, width = picture.shape[:2]
    x = np.linspace(0, 1, width)[None, :]
    y = np.linspace(0, 1, height)[:, None]
    if random.random() < 0.5:
        x = 1 - x
    light = 1 - 0.55 * np.exp(-((x / 0.25) ** 2)) - float(random.uniform(0.1, 0.25)) * y
    return np.clip(picture * light[..., None], 0, 255).astype(np.uint8)


def _blurred(picture: Picture, deviation: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation), dtype=np.uint8)


def _sealed(picture: Picture, dpi: int, random: np.random.Generator) -> Picture:
    """Round red seals of 42 mm, as offices have them, inked over the middle of the page."""
    height, width = picture.shape[:2]
    ink = np.zeros((height, width), np.float32)
    radius = 21 / 25.4 * dpi
    for _ in range(2):
        x = float(random.uniform(0.25, 0.75)) * width
        y = float(random.uniform(0.25, 0.75)) * height
        centre = (int(x), int(y))
        cv2.circle(ink, centre, int(radius), 1.0, max(2, int(0.05 * radius)))
        star = [
            (x + 0.35 * radius * r * np.sin(a), y - 0.35 * radius * r * np.cos(a))
            for k in range(10)
            for a, r in [(np.pi * k / 5, 1.0 if k % 2 == 0 else 0.4)]
        ]
        cv2.fillPoly(ink, [np.array(star, np.int32)], 1.0)
        for k in range(14):  # the characters along the rim
            a = np.pi * (0.7 + 1.6 * k / 13) + np.pi / 2
            px, py = x + 0.78 * radius * np.cos(a), y + 0.78 * radius * np.sin(a)
            half = 0.09 * radius
            for dx, dy in ((-half, -half), (-half, 0), (-half, half)):
                start = (int(px + dx), int(py + dy))
                cv2.line(ink, start, (int(px + half), int(py + dy)), 1.0, max(1, int(0.03 * radius)))
            cv2.line(
                ink, (int(px), int(py - half)), (int(px), int(py + half)), 1.0, max(1, int(0.03 * radius))
            )
    # Ink takes up unevenly, and what is printed shows through it.
    grain = cv2.GaussianBlur(random.normal(0, 1, ink.shape).astype(np.float32), (0, 0), dpi / 40)
    strength = np.clip(ink * (0.8 + 1.2 * grain), 0, 0.95)[..., None]
    red = np.array([215, 40, 45], np.float32)
    return np.clip(picture * (1 - strength) + strength * red * (0.25 + 0.75 * picture / 255), 0, 255).astype(
        np.uint8
    )


def _one_bit(picture: Picture) -> Picture:
    grey = picture.mean(axis=2)
    return np.repeat(np.where(grey < 150, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
