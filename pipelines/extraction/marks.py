"""What is printed on one page, brought down to the few things that tables are made of.

Glyphs, horizontal and vertical rules, coloured fills and the share of the page under pictures,
all in one frame: points, origin at the top left of the crop box, as displayed after ``/Rotate``,
and, where the author set the whole page sideways without saying so (``turn``), turned upright so
that everything after this module may take "row" for horizontal. ``to_page`` brings a box back.

It reads pdfminer's layout objects as pdfplumber hands them over (``page.layout``), not
pdfplumber's dictionaries: making one dictionary per character costs a third of the reading time.
No tables here (``rules``, ``grid``), no lines of text (``lines``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage, LTLine, LTRect
from pdfplumber.page import Page as PlumberPage

from pipelines.extraction.model import Box

RuleSource = Literal["line", "rectangle"]
Turn = Literal[0, 90, 180, 270]

#: Drawn thinner than this (points), a filled shape is a rule; thicker, it is a surface.
THIN = 3.0
#: Doubled characters (fake bold) lie within this share of the type size of each other ...
DOUBLE_SHARE = 0.15
#: ... and never further apart than this (points).
DOUBLE_LIMIT = 1.5
#: ``Glyph.direction`` of text printed aslant over the page.
SLANTED = -1
#: Text is aslant from about this slope on; less is a slip of a scanner or a typesetter.
SLOPE = 0.18
#: From here up a grey or colour channel counts as the white of the paper.
WHITE = 0.985


class Glyph(NamedTuple):
    """One printed character in the reading frame.

    ``direction`` is by how many degrees clockwise it stands turned: 0, 90, 180, 270, or SLANTED.
    """

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    size: float
    direction: int = 0


class Rule(NamedTuple):
    """A straight piece of a rule: where it lies, from where to where, how it was drawn.

    For a horizontal rule ``at`` is the distance from the top and ``start``/``end`` run along x;
    for a vertical one ``at`` is x and ``start``/``end`` run downwards.
    """

    at: float
    start: float
    end: float
    source: RuleSource


class Fill(NamedTuple):
    """A surface filled with another colour than the paper's."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything printed on one page that matters to reading tables.

    ``width`` and ``height`` are those of the displayed page; ``turn`` says by how many degrees
    clockwise the marks were turned from there into the reading frame.
    """

    width: float
    height: float
    rotation: int
    turn: Turn
    glyphs: tuple[Glyph, ...]
    horizontals: tuple[Rule, ...]
    verticals: tuple[Rule, ...]
    fills: tuple[Fill, ...]
    image_share: float
    n_images: int

    def to_page(self, x0: float, top: float, x1: float, bottom: float) -> Box:
        """The box on the displayed page of a box in the reading frame, rounded to 0.01 pt."""
        if self.turn == 90:
            x0, top, x1, bottom = top, self.height - x1, bottom, self.height - x0
        elif self.turn == 180:
            x0, top, x1, bottom = self.width - x1, self.height - bottom, self.width - x0, self.height - top
        elif self.turn == 270:
            x0, top, x1, bottom = self.width - bottom, x0, self.width - top, x1
        return Box(round(x0, 2), round(top, 2), round(x1, 2), round(bottom, 2))


@dataclass(slots=True)
class _Sheet:
    """The marks of a page while they are being collected, in displayed coordinates."""

    width: float
    height: float
    left: float
    upper: float
    glyphs: list[Glyph]
    horizontals: list[Rule]
    verticals: list[Rule]
    fills: list[Fill]
    image_area: float = 0.0
    n_images: int = 0

    def box(self, item: Any) -> tuple[float, float, float, float]:
        return (item.x0 - self.left, self.upper - item.y1, item.x1 - self.left, self.upper - item.y0)

    def add_rule(self, x0: float, top: float, x1: float, bottom: float, source: RuleSource) -> None:
        """Take a thin upright or level box as a rule, cut to the page; anything outside is not seen."""
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


def read_marks(page: PlumberPage) -> Marks:
    """Everything printed on ``page`` that a reader sees and tables are made of.

    Left out are: paths neither stroked nor filled, rules and letters in the white of the paper
    (unless they lie on a coloured surface), and whatever lies outside the crop box. A line of
    width 0 stays: by ISO 32000-1, 8.4.3.2 it is the thinnest line that can be shown.

    Raises whatever pdfminer raises for a damaged page; ``read`` turns it into a Problem.
    """
    sheet = _empty_sheet(page)
    white_rules: list[tuple[float, float, float, float, RuleSource]] = []
    white_glyphs: list[Glyph] = []
    for item in _walk(page.layout):
        if isinstance(item, LTChar):
            _take_glyph(sheet, item, white_glyphs)
        elif isinstance(item, LTCurve):
            _take_path(sheet, item, white_rules)
        elif isinstance(item, LTImage):
            _take_image(sheet, item)
    if white_rules or white_glyphs:
        _keep_white_on_colour(sheet, white_rules, white_glyphs)
    glyphs = _without_doubles(sheet.glyphs)
    turn = _turn_of(glyphs)
    area = max(sheet.width * sheet.height, 1.0)
    marks = Marks(
        width=round(sheet.width, 2),
        height=round(sheet.height, 2),
        rotation=int(page.rotation or 0) % 360,
        turn=turn,
        glyphs=tuple(glyphs),
        horizontals=tuple(sheet.horizontals),
        verticals=tuple(sheet.verticals),
        fills=tuple(sheet.fills),
        image_share=min(1.0, sheet.image_area / area),
        n_images=sheet.n_images,
    )
    return _turned(marks) if turn else marks


def _empty_sheet(page: PlumberPage) -> _Sheet:
    """The displayed page: the crop box, brought through the same turn as pdfminer's objects."""
    source = page.page_obj
    mx0, my0, mx1, my1 = source.mediabox
    mx0, mx1, my0, my1 = min(mx0, mx1), max(mx0, mx1), min(my0, my1), max(my0, my1)
    cx0, cy0, cx1, cy1 = source.cropbox or source.mediabox
    cx0, cx1 = max(min(cx0, cx1), mx0), min(max(cx0, cx1), mx1)
    cy0, cy1 = max(min(cy0, cy1), my0), min(max(cy0, cy1), my1)
    if cx1 <= cx0 or cy1 <= cy0:
        cx0, cy0, cx1, cy1 = mx0, my0, mx1, my1
    rotate = int(source.rotate or 0) % 360
    if rotate == 90:
        x0, y0, x1, y1 = cy0 - my0, mx1 - cx1, cy1 - my0, mx1 - cx0
    elif rotate == 180:
        x0, y0, x1, y1 = mx1 - cx1, my1 - cy1, mx1 - cx0, my1 - cy0
    elif rotate == 270:
        x0, y0, x1, y1 = my1 - cy1, cx0 - mx0, my1 - cy0, cx1 - mx0
    else:
        x0, y0, x1, y1 = cx0 - mx0, cy0 - my0, cx1 - mx0, cy1 - my0
    return _Sheet(float(x1 - x0), float(y1 - y0), float(x0), float(y1), [], [], [], [])


def _walk(container: Any) -> Iterator[Any]:
    """All layout objects in the order in which they were drawn, those in forms included."""
    for item in container:
        if isinstance(item, LTContainer):
            yield from _walk(item)
        else:
            yield item


def _is_white(colour: Any) -> bool:
    """Whether a pdfminer colour is the white of paper; what cannot be told (patterns) is not."""
    if isinstance(colour, int | float):
        return colour >= WHITE
    if isinstance(colour, tuple | list) and colour and all(isinstance(c, int | float) for c in colour):
        if len(colour) == 4:  # CMYK: no ink
            return bool(max(colour) <= 1 - WHITE)
        return bool(min(colour) >= WHITE)
    return False


def _take_glyph(sheet: _Sheet, item: LTChar, white: list[Glyph]) -> None:
    x0, top, x1, bottom = sheet.box(item)
    if not (0 <= (x0 + x1) / 2 <= sheet.width and 0 <= (top + bottom) / 2 <= sheet.height):
        return
    direction = 0
    a, b, _, d, _, _ = item.matrix
    if min(abs(a), abs(b)) > SLOPE * max(abs(a), abs(b)):
        direction = SLANTED
    elif abs(b) > abs(a):
        direction = 90 if b < 0 else 270
    elif a < 0 and d < 0:
        direction = 180
    size = (x1 - x0) if direction in (90, 270) else (bottom - top)
    glyph = Glyph(x0, top, x1, bottom, item.get_text(), size, direction)
    (white if _is_white(item.graphicstate.ncolor) else sheet.glyphs).append(glyph)


def _take_image(sheet: _Sheet, item: LTImage) -> None:
    x0, top, x1, bottom = sheet.box(item)
    if x1 - x0 <= THIN or bottom - top <= THIN:
        sheet.add_rule(x0, top, x1, bottom, "rectangle")
        return
    wide = min(x1, sheet.width) - max(x0, 0.0)
    high = min(bottom, sheet.height) - max(top, 0.0)
    if wide > 0 and high > 0:
        sheet.n_images += 1
        sheet.image_area += wide * high


def _take_path(
    sheet: _Sheet, item: LTCurve, white: list[tuple[float, float, float, float, RuleSource]]
) -> None:
    """Sort a painted path into rules and surfaces."""
    x0, top, x1, bottom = sheet.box(item)
    is_stroked = bool(item.stroke)
    is_filled = bool(item.fill) and not isinstance(item, LTLine)
    if is_filled and (x1 - x0 <= THIN or bottom - top <= THIN):
        if _is_white(item.non_stroking_color):
            white.append((x0, top, x1, bottom, "rectangle"))
        else:
            sheet.add_rule(x0, top, x1, bottom, "rectangle")
        if not is_stroked or not _is_white(item.stroking_color):
            return
    elif is_filled and not _is_white(item.non_stroking_color):
        if isinstance(item, LTRect):
            sheet.fills.append(Fill(x0, top, x1, bottom))
        else:
            for arm in _thin_arms(sheet, item):
                sheet.add_rule(*arm, "rectangle")
    if not is_stroked:
        return
    is_white = _is_white(item.stroking_color)
    for piece in _straight_pieces(sheet, item):
        source: RuleSource = "line" if isinstance(item, LTLine) else "rectangle"
        if is_white:
            white.append((*piece, source))
        else:
            sheet.add_rule(*piece, source)


def _segments(sheet: _Sheet, item: LTCurve) -> Iterator[tuple[float, float, float, float]]:
    """The straight strokes of a path as (x, y, x, y) in displayed coordinates, closing one included."""
    here: tuple[float, float] | None = None
    first: tuple[float, float] | None = None
    path: list[Any] = item.original_path or []
    for command, *points in path:
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


def _straight_pieces(sheet: _Sheet, item: LTCurve) -> Iterator[tuple[float, float, float, float]]:
    """The level and upright strokes of a path as boxes; slanted and bent ones are not rules."""
    if isinstance(item, LTLine):
        x0, top, x1, bottom = sheet.box(item)
        wide, high = x1 - x0, bottom - top
        if min(wide, high) <= max(0.5, 0.01 * max(wide, high)):
            if wide >= high:
                yield (x0, (top + bottom) / 2, x1, (top + bottom) / 2)
            else:
                yield ((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)
            # A thick short stroke is a surface drawn with a wide pen; its middle still is the rule.
        return
    for ax, ay, bx, by in _segments(sheet, item):
        if abs(ay - by) <= 0.5 and abs(ax - bx) > 0.5:
            yield (min(ax, bx), (ay + by) / 2, max(ax, bx), (ay + by) / 2)
        elif abs(ax - bx) <= 0.5 and abs(ay - by) > 0.5:
            yield ((ax + bx) / 2, min(ay, by), (ax + bx) / 2, max(ay, by))


def _thin_arms(sheet: _Sheet, item: LTCurve) -> list[tuple[float, float, float, float]]:
    """The thin arms of a filled polygon with level and upright sides (an L, a T, a comb of rules).

    Two opposite sides nearer than THIN to each other over a common stretch enclose an arm.
    """
    level: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    for ax, ay, bx, by in _segments(sheet, item):
        if abs(ay - by) <= 0.1:
            level.append(((ay + by) / 2, min(ax, bx), max(ax, bx)))
        elif abs(ax - bx) <= 0.1:
            upright.append(((ax + bx) / 2, min(ay, by), max(ay, by)))
    if len(level) + len(upright) > 400:
        return []  # a drawing, not rules
    arms: list[tuple[float, float, float, float]] = []
    for sides, is_level in ((sorted(level), True), (sorted(upright), False)):
        for i, (at, start, end) in enumerate(sides):
            for other, other_start, other_end in sides[i + 1 :]:
                if other - at > THIN:
                    break
                low, high = max(start, other_start), min(end, other_end)
                if high - low > THIN:
                    arms.append((low, at, high, other) if is_level else (at, low, other, high))
    return arms


def _keep_white_on_colour(
    sheet: _Sheet, rules: list[tuple[float, float, float, float, RuleSource]], glyphs: list[Glyph]
) -> None:
    """White rules and letters are seen where a coloured surface (or a picture) lies under them."""

    def is_on_colour(x: float, y: float) -> bool:
        return any(f.x0 - 1 <= x <= f.x1 + 1 and f.top - 1 <= y <= f.bottom + 1 for f in sheet.fills)

    for x0, top, x1, bottom, source in rules:
        if is_on_colour((x0 + x1) / 2, (top + bottom) / 2):
            sheet.add_rule(x0, top, x1, bottom, source)
    for glyph in glyphs:
        on_picture = sheet.image_area > 0
        if on_picture or is_on_colour((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2):
            sheet.glyphs.append(glyph)


def _without_doubles(glyphs: list[Glyph]) -> list[Glyph]:
    """Each character once where fake bold prints it two or four times with a small shift.

    Characters are filed by text and 4 pt squares, so that each is compared with few others.
    """
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    kept: list[Glyph] = []
    for glyph in glyphs:
        reach = min(DOUBLE_LIMIT, DOUBLE_SHARE * glyph.size)
        x, y = glyph.x0, glyph.top
        columns = {int((x - reach) // 4), int((x + reach) // 4)}
        rows = {int((y - reach) // 4), int((y + reach) // 4)}
        is_double = False
        for column in columns:
            for row in rows:
                for other in seen.get((glyph.text, column, row), ()):
                    if abs(other.x0 - x) <= reach and abs(other.top - y) <= reach:
                        is_double = True
        if not is_double:
            kept.append(glyph)
            seen.setdefault((glyph.text, int(x // 4), int(y // 4)), []).append(glyph)
    return kept


def _turn_of(glyphs: list[Glyph]) -> Turn:
    """How far the page must be turned clockwise so that most of its text stands upright."""
    counts = {0: 0, 90: 0, 180: 0, 270: 0, SLANTED: 0}
    for glyph in glyphs:
        if not glyph.text.isspace():
            counts[glyph.direction] += 1
    total = sum(counts.values())
    # Text running down (90) is righted by three quarter turns clockwise, running up (270) by one.
    for direction, turn in ((90, 270), (180, 180), (270, 90)):
        if counts[direction] * 10 > total * 6:
            return turn  # type: ignore[return-value]
    return 0


def _turned_direction(direction: int, turn: int) -> int:
    return direction if direction == SLANTED else (direction + turn) % 360


def _turned(marks: Marks) -> Marks:
    """The same marks in the reading frame of ``marks.turn``."""
    width, height, turn = marks.width, marks.height, marks.turn

    def box(x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
        if turn == 90:
            return height - bottom, x0, height - top, x1
        if turn == 180:
            return width - x1, height - bottom, width - x0, height - top
        return top, width - x1, bottom, width - x0

    def level(rule: Rule, is_level: bool) -> tuple[Rule, bool]:
        if is_level:
            x0, top, x1, bottom = box(rule.start, rule.at, rule.end, rule.at)
        else:
            x0, top, x1, bottom = box(rule.at, rule.start, rule.at, rule.end)
        stays_level = is_level == (turn == 180)
        if stays_level:
            return Rule(top, x0, x1, rule.source), True
        return Rule(x0, top, bottom, rule.source), False

    turned = [level(rule, True) for rule in marks.horizontals]
    turned += [level(rule, False) for rule in marks.verticals]
    return Marks(
        width=width,
        height=height,
        rotation=marks.rotation,
        turn=turn,
        glyphs=tuple(
            Glyph(*box(g.x0, g.top, g.x1, g.bottom), g.text, g.size, _turned_direction(g.direction, turn))
            for g in marks.glyphs
        ),
        horizontals=tuple(rule for rule, is_level in turned if is_level),
        verticals=tuple(rule for rule, is_level in turned if not is_level),
        fills=tuple(Fill(*box(f.x0, f.top, f.x1, f.bottom)) for f in marks.fills),
        image_share=marks.image_share,
        n_images=marks.n_images,
    )
