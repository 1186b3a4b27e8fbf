"""What was painted on a page, sorted into rules and surfaces.

Producers paint a rule as a stroked line, a thin filled rectangle, the sides of a stroked one, a
filled polygon with several thin arms, a row of dots. Paths neither stroked nor filled are not
seen; what is painted in the white of the paper is put by until the coloured surfaces are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pipelines.extraction.clipping import Clip
from pipelines.extraction.marks import Fill, Rule, RuleSource

#: Drawn thinner than this (points), a filled shape is a rule; thicker, it is a surface.
THIN = 3.0
#: From here up a grey or colour channel counts as the white of the paper.
WHITE = 0.985
#: A polygon of more sides than this is a drawing, not rules.
MOST_SIDES = 400

#: Left, top, right and bottom on the displayed page.
Corners = tuple[float, float, float, float]
#: Red, green and blue from 0 to 1; None where it cannot be told (a picture, a pattern, an ink).
Look = tuple[float, float, float] | None

_NUMBERS = (int, float)

PAPER: Look = (1.0, 1.0, 1.0)
#: Colours that differ by no more than this in each channel cannot be told apart on the page.
ALIKE = 0.02
#: Surfaces are filed by squares of this size (points).
SQUARE = 40.0
#: A surface over more squares than this is looked at for every place.
MOST_SQUARES = 600


class PaintedPath(NamedTuple):
    """One part of a painted path, in pdfminer's frame: its box, how it is painted, its corners.

    ``steps`` are pdfminer's ``original_path``: a command with its points, ``m``, ``l``, ``c`` or ``h``; a
    line, and a rectangle that is only filled, may come without: their boxes say all.
    """

    shape: Literal["line", "rectangle", "curve"]
    x0: float
    y0: float
    x1: float
    y1: float
    stroke: bool
    fill: bool
    stroke_colour: Any
    fill_colour: Any
    points: Sequence[tuple[float, float]]
    steps: Sequence[tuple[Any, ...]]
    is_opaque: bool = True
    clip: Clip | None = None


@dataclass(frozen=True, slots=True)
class Surface:
    """Something painted over an area: ``order`` in drawing, how it looks, whether it hides what is below."""

    order: int
    box: Corners
    look: Look
    is_opaque: bool
    corners: tuple[tuple[float, float], ...] = ()

    def holds(self, x: float, y: float) -> bool:
        """Whether a place lies on it; for polygons by counting sides, curves taken as straight."""
        x0, top, x1, bottom = self.box
        if not (x0 <= x <= x1 and top <= y <= bottom):
            return False
        if not self.corners:
            return True
        inside = False
        for (ax, ay), (bx, by) in zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                inside = not inside
        return inside


class Surfaces:
    """The surfaces of a page, in drawing order, found by place; ``opaque`` are those that hide."""

    def __init__(self) -> None:
        self.last_order = -1
        self.looks: set[Look] = set()
        self.opaque: list[Surface] = []
        self._unfiled: list[Surface] = []
        self._squares: dict[tuple[int, int], list[Surface]] = {}
        self._large: list[Surface] = []

    def add(self, surface: Surface) -> None:
        """Take a surface; they come in drawing order. One of which nothing is seen is none."""
        if surface.box[2] <= surface.box[0] or surface.box[3] <= surface.box[1]:
            return
        self.looks.add(surface.look)
        if surface.is_opaque:
            self.last_order = surface.order
            self.opaque.append(surface)
        self._unfiled.append(surface)

    def _file(self, surface: Surface) -> None:
        x0, top, x1, bottom = (int(max(-1e6, min(1e6, at)) // SQUARE) for at in surface.box)
        if (x1 - x0 + 1) * (bottom - top + 1) > MOST_SQUARES:
            self._large.append(surface)
            return
        for column in range(x0, x1 + 1):
            for row in range(top, bottom + 1):
                self._squares.setdefault((column, row), []).append(surface)

    def at(self, x: float, y: float) -> list[Surface]:
        """The surfaces that a place lies on, in drawing order."""
        # Of most pages no place is ever asked for.
        for surface in self._unfiled:
            self._file(surface)
        self._unfiled.clear()
        filed = self._squares.get((int(x // SQUARE), int(y // SQUARE)), ())
        found = [surface for surface in (*self._large, *filed) if surface.holds(x, y)]
        return sorted(found, key=lambda surface: surface.order) if self._large else found

    def look_below(self, x: float, y: float, order: int) -> Look:
        """How the ground of a place looks when a mark of that order is printed on it."""
        for surface in reversed(self.at(x, y)):
            if surface.order < order and (surface.is_opaque or surface.look is None):
                return surface.look
        return PAPER

    def cover(self, box: Corners, order: int) -> bool:
        """Whether one opaque surface, painted later, lies over the body of a mark."""
        # The body: the box less a quarter on each side.
        x0, top, x1, bottom = box
        wide, high = (x1 - x0) / 4, (bottom - top) / 4
        corners = [(x, y) for x in (x0 + wide, x1 - wide) for y in (top + high, bottom - high)]
        return any(
            surface.order > order and surface.is_opaque and all(surface.holds(x, y) for x, y in corners)
            for surface in self.at((x0 + x1) / 2, (top + bottom) / 2)
        )


def look_of(colour: Any) -> Look:
    """How a pdfminer colour looks; None for what cannot be told. Inks mix as 10.3.5 of ISO 32000-1 says."""
    if isinstance(colour, int | float):
        return (float(colour),) * 3
    if isinstance(colour, tuple | list) and all(isinstance(one, _NUMBERS) for one in colour):
        if len(colour) == 1:
            return (float(colour[0]),) * 3
        if len(colour) == 3:
            return (float(colour[0]), float(colour[1]), float(colour[2]))
        if len(colour) == 4:
            cyan, magenta, yellow, black = colour
            return (
                1.0 - min(1.0, cyan + black),
                1.0 - min(1.0, magenta + black),
                1.0 - min(1.0, yellow + black),
            )
    return None


def are_alike(one: Look, other: Look) -> bool:
    """Whether two colours cannot be told apart; what cannot be told looks like nothing else."""
    if one is None or other is None:
        return False
    return all(abs(a - b) <= ALIKE for a, b in zip(one, other, strict=True))


@dataclass(slots=True)
class Sheet:
    """The displayed page: its size, where its corner lies in pdfminer's frame, what was painted.

    ``left`` and ``upper`` are the crop box's left and upper edge in pdfminer's coordinates, which
    are those of the media box after rotation with the origin at the lower left.
    """

    width: float
    height: float
    left: float
    upper: float
    horizontals: list[Rule] = field(default_factory=list)
    verticals: list[Rule] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    white: list[tuple[Corners, RuleSource]] = field(default_factory=list)
    image_area: float = 0.0
    n_images: int = 0
    n_curves: int = 0
    surfaces: Surfaces = field(default_factory=Surfaces)
    order: int = 0

    def box(self, item: Any) -> Corners:
        """A layout object's box on the displayed page."""
        return (item.x0 - self.left, self.upper - item.y1, item.x1 - self.left, self.upper - item.y0)

    def cut(self, box: Corners, clip: Clip | None) -> Corners:
        """What a clip, in pdfminer's frame, leaves of a box on the displayed page."""
        if clip is None:
            return box
        x0, y0, x1, y1 = clip
        return (
            max(box[0], x0 - self.left),
            max(box[1], self.upper - y1),
            min(box[2], x1 - self.left),
            min(box[3], self.upper - y0),
        )

    def is_on_colour(self, box: Corners) -> bool:
        """Whether the middle of a box lies on a coloured surface."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(f.x0 - 1 <= x <= f.x1 + 1 and f.top - 1 <= y <= f.bottom + 1 for f in self.fills)

    def add(self, box: Corners, source: RuleSource, colour: Any) -> None:
        """Take a rule of some colour; a white one is put by."""
        if is_white(colour):
            self.white.append((box, source))
        else:
            self.add_rule(box, source)

    def add_rule(self, box: Corners, source: RuleSource) -> None:
        """Take a thin upright or level box as a rule, cut to the page; anything outside is not seen."""
        x0, top, x1, bottom = box
        if x1 < 0 or bottom < 0 or x0 > self.width or top > self.height:
            return
        x0, x1 = max(x0, 0.0), min(x1, self.width)
        top, bottom = max(top, 0.0), min(bottom, self.height)
        wide, high = x1 - x0, bottom - top
        # A dot of a dotted rule may belong to either direction; joining the dots will tell.
        if wide >= high / 1.5:
            self.horizontals.append(Rule((top + bottom) / 2, x0, x1, source))
        if high >= wide / 1.5:
            self.verticals.append(Rule((x0 + x1) / 2, top, bottom, source))


def is_white(colour: Any) -> bool:
    """Whether a pdfminer colour is the white of paper; what cannot be told (patterns) is not."""
    if isinstance(colour, _NUMBERS):
        return colour >= WHITE
    if isinstance(colour, tuple | list) and colour and all(isinstance(c, _NUMBERS) for c in colour):
        if len(colour) == 4:  # CMYK: no ink
            return bool(max(colour) <= 1 - WHITE)
        return bool(min(colour) >= WHITE)
    return False


def take_image(sheet: Sheet, box: Corners, is_opaque: bool = True, clip: Clip | None = None) -> None:
    """Count a picture, ``box`` on the displayed page; one as thin as a rule is one."""
    x0, top, x1, bottom = box
    if x1 - x0 <= THIN or bottom - top <= THIN:
        sheet.add_rule((x0, top, x1, bottom), "rectangle")
        return
    seen = sheet.cut((x0, top, x1, bottom), clip)
    sheet.surfaces.add(Surface(sheet.order, seen, None, is_opaque))
    wide = min(x1, sheet.width) - max(x0, 0.0)
    high = min(bottom, sheet.height) - max(top, 0.0)
    if wide > 0 and high > 0:
        sheet.n_images += 1
        sheet.image_area += wide * high


def take_path(sheet: Sheet, path: PaintedPath) -> None:
    """Sort a painted path into rules and surfaces."""
    if path.shape == "line":
        if path.stroke:
            for piece in _straight_line(sheet.box(path)):
                sheet.add(piece, "line", path.stroke_colour)
        return
    if path.shape == "curve":
        sheet.n_curves += 1
    box = sheet.box(path)
    if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
        if path.fill and not is_white(path.fill_colour):
            sheet.add_rule(box, "rectangle")
        elif path.stroke or path.fill:
            sheet.add(box, "rectangle", path.stroke_colour if path.stroke else path.fill_colour)
        return
    if path.fill:
        _take_surface(sheet, path, box)
    if path.fill and not is_white(path.fill_colour):
        if path.shape == "rectangle":
            sheet.fills.append(Fill(*box))
        else:
            for arm in _thin_arms(sheet, path):
                sheet.add_rule(arm, "rectangle")
    if path.stroke:
        for ax, ay, bx, by in _segments(sheet, path):
            for piece in _straight_line((min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))):
                sheet.add(piece, "rectangle", path.stroke_colour)


def _take_surface(sheet: Sheet, path: PaintedPath, box: Corners) -> None:
    """File a filled path with how it looks; one of very many corners is a drawing and hides nothing whole."""
    corners: tuple[tuple[float, float], ...] = ()
    if path.shape == "curve":
        if len(path.points) > MOST_SIDES:
            return
        corners = tuple((x - sheet.left, sheet.upper - y) for x, y in path.points)
    look = look_of(path.fill_colour)
    seen = sheet.cut(box, path.clip)
    sheet.surfaces.add(Surface(sheet.order, seen, look, path.is_opaque, corners))


def _straight_line(box: Corners) -> Iterator[Corners]:
    """A stroke as a box without thickness if it is level or upright; a slanted one is no rule."""
    x0, top, x1, bottom = box
    wide, high = x1 - x0, bottom - top
    if min(wide, high) <= max(0.5, 0.01 * max(wide, high)):
        if wide >= high:
            yield (x0, (top + bottom) / 2, x1, (top + bottom) / 2)
        else:
            yield ((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)


def _segments(sheet: Sheet, path: PaintedPath) -> Iterator[Corners]:
    """The straight strokes of a path as (x, y, x, y) in displayed coordinates, closing one included."""
    here: tuple[float, float] | None = None
    first: tuple[float, float] | None = None
    for command, *points in path.steps:
        if command == "h":
            if here is not None and first is not None:
                yield (*here, *first)
            here = first
            continue
        if not points:
            continue
        x, y = points[-1]
        there = (x - sheet.left, sheet.upper - y)
        if command == "l" and here is not None:
            yield (*here, *there)
        elif command == "m":
            first = there
        here = there


def _thin_arms(sheet: Sheet, path: PaintedPath) -> list[Corners]:
    """The thin arms of a filled polygon with level and upright sides (an L, a T, a comb of rules).

    Two opposite sides nearer than THIN to each other over a common stretch enclose an arm.
    """
    level: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    for ax, ay, bx, by in _segments(sheet, path):
        if abs(ay - by) <= 0.1:
            level.append(((ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) <= 0.1:
            upright.append(((ax + bx) / 2, min(ay, by), max(ay, by)))
    if len(level) + len(upright) > MOST_SIDES:
        return []  # a drawing, not rules
    arms: list[Corners] = []
    for sides, is_level in ((sorted(level), True), (sorted(upright), False)):
        for i, (at, start, end) in enumerate(sides):
            for other, other_start, other_end in sides[i + 1 :]:
                if other - at > THIN:
                    break
                low, high = max(start, other_start), min(end, other_end)
                if high - low > THIN:
                    arms.append((low, at, high, other) if is_level else (at, low, other, high))
    return arms


def take_white_on_colour(sheet: Sheet) -> None:
    """White rules are seen where a coloured surface lies under them."""
    for box, source in sheet.white:
        if sheet.is_on_colour(box):
            sheet.add_rule(box, source)
