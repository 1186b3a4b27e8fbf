"""Pictures of single lines become text: RapidOCR's recognition network, alone and in batches.

The network (PP-OCRv6) comes in the wheel of ``rapidocr``; it is run with onnxruntime directly,
because cells need what RapidOCR's own reader does not give: each character's confidence and what
else it may be, and batches of lines of like width instead of lines padded to 320 pixels.
"""

from __future__ import annotations

import importlib.util
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]

from pipelines.extraction.scan_image import Grey

MODEL = "PP-OCRv6_rec_small.onnx"
#: The network takes lines of this height in pixels.
HEIGHT = 48
#: Lines of one batch have widths rounded up to a multiple of this (pixels).
STEP = 32
#: A batch has no more than this many columns of pixels, which bounds the memory it takes.
MOST_COLUMNS = 4096
#: No line is wider than this after scaling (pixels).
WIDEST = 3200
#: Characters of other scripts that have the shape of a Chinese one, which is what is printed.
#: So have traditional forms, which the network takes some simplified ones for.
ONE_SHAPE = {
    **{"ー": "一", "ニ": "二", "ハ": "八", "ロ": "口", "エ": "工", "カ": "力", "タ": "夕", "ト": "卜"},
    **{"決": "决", "門": "门", "財": "财"},
}
#: Scripts that no statement is printed in: kana, Greek, Cyrillic, Coptic, pictures. Where strokes run
#: together the network answers with them (ド for 下); what it then holds for next likely is what is printed.
OTHER_SCRIPTS = re.compile("[\u0370-\u052f\u2c80-\u2cff\u3041-\u30ff\uff66-\uff9f\U0001f000-\U0001faff]")
#: So many readings of a character are looked at, and kept from this probability on.
CANDIDATES, LEAST = 4, 0.01


class Character(NamedTuple):
    """A recognised character: its confidence (0 to 1) and all it may be, the likeliest first.

    ``slips`` are how likely there is none (empty text), or this one with another beside it that was not
    recognised. ``at`` is where it was seen, as a share of the width of the picture of its line.
    """

    text: str
    confidence: float
    candidates: tuple[tuple[str, float], ...] = ()
    slips: tuple[tuple[str, float], ...] = ()
    at: float | None = None

    @property
    def alternatives(self) -> tuple[tuple[str, float], ...]:
        """What else may stand there, the likeliest first: another character, none, or two."""
        others = [each for each in (*self.candidates, *self.slips) if each[0] != self.text]
        return tuple(sorted(others, key=lambda each: (-each[1], each[0])))


class Reading(NamedTuple):
    """A recognised line. ``missed`` is how likely a character stands where none was recognised."""

    characters: tuple[Character, ...]
    missed: float = 0.0

    @property
    def text(self) -> str:
        """The line as text."""
        return "".join(character.text for character in self.characters)

    @property
    def confidence(self) -> float:
        """That of its least certain character, those included that may be missing.

        0 for a line in which nothing was recognised.
        """
        least = min((character.confidence for character in self.characters), default=0.0)
        return round(min(least, 1 - self.missed), 4)

    @property
    def mean_confidence(self) -> float:
        """The average over its characters; 0 for a line in which nothing was recognised."""
        total = sum(character.confidence for character in self.characters)
        return total / len(self.characters) if self.characters else 0.0


class Recogniser:
    """The recognition network, loaded once."""

    def __init__(self, threads: int = 1) -> None:
        """Raises ``FileNotFoundError`` where rapidocr brings no such network."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # lines differ in width: an arena would keep the sum of all
        self._session: Any = onnxruntime.InferenceSession(
            str(_model()), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        known = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        # Class 0 is "no character here", the last one a space.
        self._alphabet = ["", *(ONE_SHAPE.get(each, each) for each in known), " "]
        self._unprinted = [k for k, each in enumerate(self._alphabet) if OTHER_SCRIPTS.fullmatch(each)]

    def read(self, lines: Sequence[Grey]) -> list[Reading]:
        """Recognise pictures of one line each (grey, dark on light)."""
        scaled = [_scaled(line) for line in lines]
        readings: list[Reading] = [Reading(())] * len(lines)
        order = sorted(range(len(lines)), key=lambda k: scaled[k].shape[1])
        while order:
            width = math.ceil(scaled[order[0]].shape[1] / STEP) * STEP
            fitting = max(1, MOST_COLUMNS // width)
            batch = [k for k in order[:fitting] if scaled[k].shape[1] <= width]
            order = order[len(batch) :]
            for k, reading in zip(batch, self._batch([scaled[k] for k in batch], width), strict=True):
                readings[k] = reading
        return readings

    def _batch(self, lines: Sequence[Grey], width: int) -> list[Reading]:
        # Grey (0) to the right of a line, as the network was taught.
        pixels = np.zeros((len(lines), 3, HEIGHT, width), np.float32)
        for k, line in enumerate(lines):
            pixels[k, :, :, : line.shape[1]] = line.astype(np.float32) / 127.5 - 1
        (likely,) = self._session.run(None, {self._input: pixels})
        likely[..., self._unprinted] = 0
        return [self._decoded(each, width / line.shape[1]) for each, line in zip(likely, lines, strict=True)]

    def _decoded(self, likely: npt.NDArray[np.float32], reach: float = 1.0) -> Reading:
        """The characters of a line from the probabilities at each step along it (best path of CTC).

        The steps reach over so many times the width of the line.
        """
        best = likely.argmax(axis=1)
        runs: list[tuple[int, int, int]] = []
        for step, k in enumerate(best.tolist()):
            if k and runs and runs[-1][1] == step and runs[-1][2] == k:
                runs[-1] = (runs[-1][0], step + 1, k)
            elif k:
                runs.append((step, step + 1, k))
        missed = _missed(likely, best)
        most_missed = max((p for _, _, p in missed), default=0.0)
        characters: list[Character] = []
        for number, (begin, end, k) in enumerate(runs):
            # A character that goes on is as certain as at its surest step.
            most = likely[begin:end].max(axis=0)
            candidates = self._candidates(most)
            # Where one may have been missed: up to the run after this one, for the first also before it.
            until = runs[number + 1][0] if number + 1 < len(runs) else len(likely)
            beside = [(step < begin, self._alphabet[j], p) for step, j, p in missed if step < until]
            missed = [each for each in missed if each[0] >= until]
            text, sure = self._alphabet[k], round(float(most[k]), 4)
            slips = _slips(text, float(likely[begin:end, 0].min()), beside)
            peak = begin + int(likely[begin:end, k].argmax())
            at = (peak + 0.5) / len(likely) * reach
            characters.append(Character(text, sure, candidates, slips, at))
        return Reading(tuple(characters), round(most_missed, 4))

    def _candidates(self, most: npt.NDArray[np.float32]) -> tuple[tuple[str, float], ...]:
        """The likeliest characters of a run of steps, each as likely as at its likeliest step."""
        top = np.argpartition(most, -CANDIDATES)[-CANDIDATES:].tolist()
        ordered = sorted(((float(most[j]), self._alphabet[j]) for j in top if j), reverse=True)
        return tuple((text, round(p, 4)) for p, text in ordered if p >= LEAST)


def _slips(
    read: str, nothing: float, beside: Sequence[tuple[bool, str, float]]
) -> tuple[tuple[str, float], ...]:
    """The readings with a character less or more than ``read``, and how likely they are.

    ``nothing`` is how likely none stands there, ``beside`` what may have been missed before it or after.
    """
    found = {"": nothing}
    for is_before, text, p in beside:
        both = text + read if is_before else read + text
        found[both] = max(p, found.get(both, 0.0))
    return tuple((text, round(p, 4)) for text, p in found.items() if p >= LEAST)


def _missed(likely: npt.NDArray[np.float32], best: npt.NDArray[np.int64]) -> list[tuple[int, int, float]]:
    """Where a character may stand at a step where "none" won, and is not the one beside it.

    The step, the character's class and how likely it is. Spaces (the last class) do not count: numbers
    are printed with and without.
    """
    found: list[tuple[int, int, float]] = []
    for step in np.flatnonzero(best == 0).tolist():
        others = likely[step, 1:-1]
        k = int(others.argmax()) + 1
        beside = best[max(0, step - 1) : step + 2]
        if k not in beside:
            found.append((step, k, float(likely[step, k])))
    return found


def _model() -> Path:
    found = importlib.util.find_spec("rapidocr")
    folders = found.submodule_search_locations if found else None
    for folder in folders or ():
        path = Path(folder) / "models" / MODEL
        if path.is_file():
            return path
    raise FileNotFoundError(f"rapidocr brings no {MODEL}")


def _scaled(line: Grey) -> Grey:
    height, width = line.shape
    wanted = min(WIDEST, max(8, math.ceil(width * HEIGHT / height)))
    way = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(line, (wanted, HEIGHT), interpolation=way), dtype=np.uint8)
