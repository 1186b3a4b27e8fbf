"""What else a recognised figure may be: its reader's alternatives put together to whole amounts.

Digits are those a reader proposed and no others. Separators are no digits: a point taken for a comma,
or one that was lost, is put back where the figure then reads as its statement prints figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from pipelines.extraction.model import Cell
from pipelines.statements.model import LineItem
from pipelines.statements.numerals import read_number
from pipelines.statements.restating import restated
from pipelines.warehouse.repair import Proposal

#: A figure of which more readings can be put together than this is left as it was read.
MOST_READINGS = 4096
_OTHER_SEPARATOR = {".": ",", ",": ".", "，": ".", "．": ","}
_DIGITS = frozenset("0123456789")


def proposals(item: LineItem, cell: Cell, decimals: int | None) -> tuple[Proposal, ...]:
    """The other amounts that a recognised cell may hold, the likeliest first, then by their text.

    ``decimals`` is how many its statement prints, None where that is not one number. None for cells
    with too many readings.
    """
    found: dict[tuple[object, object], Proposal] = {}
    for text, likelihood in _readings(cell):
        for printed in (text, *_with_other_separators(text, decimals)):
            other = restated(item, printed)
            if other is None or other.amount_yuan == item.amount_yuan:
                continue
            place = other.amount_yuan, other.precision_yuan
            if place not in found or found[place].likelihood < likelihood:
                found[place] = Proposal(printed, other.amount_yuan, other.precision_yuan, likelihood)
    return tuple(sorted(found.values(), key=lambda p: (-p.likelihood, p.printed)))


def _readings(cell: Cell) -> Iterator[tuple[str, float]]:
    """All texts that a cell's characters and their alternatives make, with their likelihoods.

    The text as it was read comes with likelihood 1; the others with the product of the alternatives'.
    """
    characters = "".join(cell.text.split())
    choices: list[Sequence[tuple[str, float]]] = [((character, 1.0),) for character in characters]
    for doubt in cell.doubts:
        if doubt.at < len(choices):
            choices[doubt.at] = ((characters[doubt.at], 1.0), *doubt.alternatives)
    if prod(map(len, choices)) > MOST_READINGS:
        return
    for combination in product(*choices):
        likelihood = prod(each for _, each in combination)
        yield "".join(text for text, _ in combination), round(likelihood, 6)


def _with_other_separators(text: str, decimals: int | None) -> Iterator[str]:
    """What a figure that is not printed as its statement prints figures may be with other separators.

    One separator taken for the other, or the point put where the statement has it.
    """
    if decimals is None or read_number(text).decimals == decimals:
        return
    others = [
        text[:at] + _OTHER_SEPARATOR[character] + text[at + 1 :]
        for at, character in enumerate(text)
        if character in _OTHER_SEPARATOR
    ]
    if decimals and "." not in text and _DIGITS.issuperset(text[-decimals:]):
        others.append(f"{text[:-decimals].rstrip(',，')}.{text[-decimals:]}")
    yield from (other for other in others if read_number(other).decimals == decimals)
