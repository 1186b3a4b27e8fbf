"""From the pieces of rules on a page to the sets of rules that each make one grid.

Producers draw one visible rule as a line, as a thin rectangle, as both, as one piece per cell, as
a row of dots, or twice with a hair between. Here pieces in one line with each other become one
rule, and rules that touch become one framework. What the framework divides is ``grid``'s matter.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.extraction.marks import Rule
from pipelines.extraction.model import Ruling

#: Pieces whose lines lie no further apart than this (points) are pieces of one rule.
ALIGNED = 1.2
#: Gaps up to this (points) within a rule, or between a rule and the one it should meet, are bridged.
#: Larger than the drawing slips seen (up to 2 pt), smaller than any row of text is high.
GAP = 3.0
#: A joined rule shorter than this (points) bounds no cell that could hold a character.
SHORTEST = 4.0


@dataclass(frozen=True, slots=True)
class Framework:
    """Rules that hang together."""

    horizontals: tuple[Rule, ...]
    verticals: tuple[Rule, ...]

    @property
    def ruling(self) -> Ruling:
        """Whether the framework was drawn with lines, with rectangles or with both."""
        sources = {rule.source for rule in self.horizontals} | {rule.source for rule in self.verticals}
        if sources == {"line"}:
            return "lines"
        return "rectangles" if sources == {"rectangle"} else "mixed"


def join_pieces(pieces: Iterable[Rule]) -> list[Rule]:
    """Rules from their pieces: aligned, overlapping or with gaps up to GAP, ordered by place.

    A rule drawn as a line and again as a rectangle counts as a rectangle where the pieces differ
    less than ALIGNED; ``Framework.ruling`` needs no more than a hint.
    """
    joined: list[Rule] = []
    ordered = sorted(pieces)
    i = 0
    while i < len(ordered):
        j = i
        while j < len(ordered) and ordered[j].at - ordered[i].at <= ALIGNED:
            j += 1
        band = sorted(ordered[i:j], key=lambda rule: (rule.start, rule.end, rule.at, rule.source))
        i = j
        run: list[Rule] = []
        reach = 0.0
        for piece in band:
            if run and piece.start - reach > GAP:
                joined.append(_one_rule(run))
                run = []
            reach = max(reach, piece.end) if run else piece.end
            run.append(piece)
        if run:
            joined.append(_one_rule(run))
    return sorted(rule for rule in joined if rule.end - rule.start >= SHORTEST)


def _one_rule(run: Sequence[Rule]) -> Rule:
    """The rule that a run of pieces makes, at the mean of their places weighted by length."""
    if len(run) == 1:
        return run[0]
    weight = sum(piece.end - piece.start + 0.01 for piece in run)
    at = sum(piece.at * (piece.end - piece.start + 0.01) for piece in run) / weight
    sources = {piece.source for piece in run}
    return Rule(
        at,
        min(piece.start for piece in run),
        max(piece.end for piece in run),
        "line" if sources == {"line"} else "rectangle",
    )


def frameworks(horizontals: Sequence[Rule], verticals: Sequence[Rule]) -> list[Framework]:
    """The joined rules sorted into sets that touch (within GAP), from the top of the page down.

    A set without both directions divides nothing (an underline, a separator) and is left out.
    """
    parent = list(range(len(horizontals) + len(verticals)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    upright = sorted(range(len(verticals)), key=lambda k: verticals[k].at)
    places = [verticals[k].at for k in upright]
    for h, level in enumerate(horizontals):
        for k in upright[bisect_left(places, level.start - GAP) :]:
            rule = verticals[k]
            if rule.at > level.end + GAP:
                break
            # Most of those that touch hang together already.
            if parent[h] != parent[len(horizontals) + k] and rule.start - GAP <= level.at <= rule.end + GAP:
                a, b = root(h), root(len(horizontals) + k)
                parent[max(a, b)] = min(a, b)
    members: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for h, level in enumerate(horizontals):
        members.setdefault(root(h), ([], []))[0].append(level)
    for k, rule in enumerate(verticals):
        members.setdefault(root(len(horizontals) + k), ([], []))[1].append(rule)
    found = [Framework(tuple(h), tuple(v)) for h, v in members.values() if h and v]
    return sorted(found, key=lambda f: (f.horizontals[0].at, min(r.start for r in f.horizontals)))
