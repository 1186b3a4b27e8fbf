"""Numbers as they were recognised, written as numbers are: points, commas and digits told apart.

A point and a comma are two dots of ink that differ by a hair, a nought and an O by nothing. Which of
them is meant, the way amounts are written says: commas before groups of three digits, one point before
the last two. No digit is ever put in the place of another digit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.extraction.scan_recognition import Character, Reading

#: What separators are taken for.
SEPARATORS = frozenset(".,·•;:'’`‘、。，．：；")
#: Letters and signs that are digits where only a digit can stand.
LOOKALIKES = {**dict.fromkeys("OoDQ〇", "0"), **dict.fromkeys("lIi|丨", "1")}
#: How certain a point is that leaves no trace, looked for in numbers read with less confidence than this.
UNSEEN, DOUBT = 0.5, 0.95
#: A column is written in one way where this share of its numbers is, and so many at least.
MOSTLY, ENOUGH = 0.8, 3

_WRITTEN = re.compile(r"[(+-]?(?:\d+|\d{1,3}(?:,\d{3})+)\.\d\d\)?")
_POINTED = re.compile(r"[(+-]?\d+(?:s\d{3})*s\d\d\)?")
_GROUPED = re.compile(r"[(+-]?\d{1,3}(?:s\d{3})+\)?")
_WHOLE = re.compile(r"[(+-]?\d{1,3}(?:[.,]\d{3})+\)?")
_BARE = re.compile(r"[1-9]\d{2,7}|0\d\d")
_NUMBER = re.compile(r"[(+-]?\d[\d.,\s]*\)?")


def is_number(text: str) -> bool:
    """Whether a text may be a figure: digits, and what stands between and around them."""
    return _NUMBER.fullmatch(text.strip()) is not None


def is_pointed(text: str) -> bool:
    """Whether a text is a number written with two decimals."""
    return _WRITTEN.fullmatch(re.sub(r"\s", "", text)) is not None


def decimals_of(texts: Sequence[str]) -> bool | None:
    """How the numbers of a column are written: True with two decimals, False whole, None where none tells."""
    numbers = [re.sub(r"\s", "", text) for text in texts if _NUMBER.fullmatch(text)]
    if sum(map(bool, map(_WRITTEN.fullmatch, numbers))) >= max(ENOUGH, MOSTLY * len(numbers)):
        return True
    grouped = sum(map(bool, map(_WHOLE.fullmatch, numbers)))
    has_none = not any(re.search(r"\D\d{1,2}\)?$", number) for number in numbers)
    return False if has_none and grouped >= ENOUGH else None


def as_number(reading: Reading, decimals: bool | None = None) -> Reading:
    """A recognised number with its separators as they must be; any other reading as it is.

    ``decimals`` says how the column is written (``decimals_of``). In one of decimals a gap before the last
    two digits is a point too faint to see, and where there is not even a gap the number is doubtful; in
    one of whole numbers a point before three digits is a comma. A separator is as certain as it is that
    one stands there. One before or after the whole number is a scrap, or a sign that was not made out: the
    number is doubtful.
    """
    characters = [_digit(character) for character in reading.characters]
    while characters and characters[-1].text == " ":
        characters.pop()
    while characters and characters[0].text == " ":
        characters.pop(0)
    tight = _without_gaps(characters, decimals is True)
    shape = "".join("s" if character.text in SEPARATORS else character.text for character in tight)
    if decimals and _BARE.fullmatch(shape) and reading.confidence < DOUBT:
        tight.insert(-2, Character(".", UNSEEN, ((".", UNSEEN),)))
        return reading._replace(characters=tuple(tight))
    if decimals and (bare := shape.strip("s")) != shape and _POINTED.fullmatch(bare):
        begin = shape.index(bare)
        kept = tuple(tight[begin : begin + len(bare)])
        return as_number(Reading(kept, max(reading.missed, 1 - UNSEEN)), decimals)
    if "ss" in shape and _POINTED.fullmatch(re.sub("s+", "s", shape)):
        # Two dots where one is printed, or a digit between them that was not made out.
        single = [c for k, c in enumerate(tight) if shape[k - 1 : k + 1] != "ss"]
        return as_number(Reading(tuple(single), max(reading.missed, 1 - UNSEEN)), decimals)
    if "s" not in shape:
        return reading
    if _POINTED.fullmatch(shape) and (shape.count("s") == 1 or _is_grouped(shape)):
        point = shape.rindex("s")
    elif _GROUPED.fullmatch(shape) and (shape.count("s") > 1 or decimals is False):
        point = -1
    else:
        return reading
    written = [
        _separator(character, "." if place == point else ",") if character.text in SEPARATORS else character
        for place, character in enumerate(tight)
    ]
    return reading._replace(characters=tuple(written))


def _is_grouped(shape: str) -> bool:
    return len(shape.lstrip("(+-").split("s")[0]) <= 3


def _digit(character: Character) -> Character:
    """A letter that looks like a digit as that digit, as certain as it is that it is one of the two."""
    digit = LOOKALIKES.get(character.text)
    if digit is None:
        return character
    sure = sum(p for text, p in character.candidates if text == digit or LOOKALIKES.get(text) == digit)
    return character._replace(text=digit, confidence=round(min(max(sure, character.confidence), 1.0), 4))


def _without_gaps(characters: Sequence[Character], decimals: bool) -> list[Character]:
    """Without the spaces beside separators; in a column of decimals one between digits is a separator."""
    kept: list[Character] = []
    for place, character in enumerate(characters):
        if character.text != " ":
            kept.append(character)
        elif characters[place - 1].text.isdigit() and characters[place + 1].text.isdigit():
            gap = character._replace(text=".", candidates=((".", 1.0),))
            kept.append(gap if decimals else character)
    return kept


def _separator(character: Character, text: str) -> Character:
    """A separator as it must be; what else may stand there is no other separator."""
    sure = sum(p for other, p in character.candidates if other in SEPARATORS)
    others = tuple(each for each in character.candidates if each[0] not in SEPARATORS)
    confidence = round(min(max(sure, character.confidence), 1.0), 4)
    return character._replace(
        text=text, confidence=confidence, candidates=((text, confidence), *others), slips=()
    )
