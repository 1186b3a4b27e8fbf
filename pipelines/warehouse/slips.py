"""How like a slip of print one figure is of another: the fewer keys went wrong, the likelier."""

from __future__ import annotations

from enum import IntEnum


class Slip(IntEnum):
    """What turns one figure into another, the likeliest first."""

    ONE_DIGIT = 0
    """One digit for another, or two beside each other exchanged."""
    ONE_MORE_OR_LESS = 1
    """A digit too many or lost, the point or the sign."""
    OTHER = 2
    BLANK = 3
    """Nothing is printed."""


def slip_between(printed: int, meant: int, decimals: int) -> Slip:
    """The slip that prints ``printed`` for ``meant``, both in units of the last printed digit."""
    here, there = (str(abs(number)).rjust(decimals + 1, "0") for number in (printed, meant))
    if (printed < 0) != (meant < 0):
        return Slip.ONE_MORE_OR_LESS if here == there else Slip.OTHER
    if len(here) == len(there):
        differing = [place for place, (a, b) in enumerate(zip(here, there, strict=True)) if a != b]
        if len(differing) == 1:
            return Slip.ONE_DIGIT
        if len(differing) == 2 and differing[1] == differing[0] + 1:
            first, second = differing
            if here[first] == there[second] and here[second] == there[first]:
                return Slip.ONE_DIGIT
        return Slip.OTHER
    longer, shorter = (here, there) if len(here) > len(there) else (there, here)
    if longer.rstrip("0") == shorter.rstrip("0"):
        return Slip.ONE_MORE_OR_LESS
    if any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))):
        return Slip.ONE_MORE_OR_LESS
    return Slip.OTHER


def digits_changed(printed: int, meant: int) -> int:
    """In how many places two numbers differ, aligned at their last digit."""
    here, there = str(abs(printed)), str(abs(meant))
    width = max(len(here), len(there))
    return sum(a != b for a, b in zip(here.zfill(width), there.zfill(width), strict=True))
