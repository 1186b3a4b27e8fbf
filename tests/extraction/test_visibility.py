"""What a reader of the page sees is what counts: the rest is told, and is no figure.

Every page shows a table; beside or under it stands text that is seen, or is not, for a known reason.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.colors import Color, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipelines.extraction import read_document
from pipelines.extraction.model import ReadDocument
from pipelines.settings import Reader
from tests.extraction.drawing import FONT, Sheet, plain, steps
from tests.extraction.hostile.building import BOX, CATALOGUE, PAGES, assembled, one_page, stream
from tests.extraction.hostile.building import FONT as HELVETICA
from tests.extraction.readers import differences

TEXTS = [["项目", "金额"], ["合计", "1,234.50"], ["教育支出", "987.60"]]
TABLE = "项目 金额 合计 1,234.50 教育支出 987.60"
READERS: tuple[Reader, ...] = ("pdfplumber", "pdfium")

OUTSIDE = "outside the page's visible part"
COVERED = "under something painted over it"
INVISIBLE = "printed invisibly"
PAPER = "in the colour of its ground"
TINY = "too small to be seen"
OFF = "in a part that is switched off"
CUT = "cut off by a clipping path"


def words(document: ReadDocument) -> str:
    return " ".join(line.text for page in document.pages for line in page.lines)


def read_by_both(path: Path) -> ReadDocument:
    """The reading of both readers, which must be one.

    Boxes are not compared: how wide pdfium takes a font that is not embedded depends on the machine's.
    """
    reference, other = (read_document(path, "0" * 16, reader=reader) for reader in READERS)
    assert [each for each in differences(reference, other) if not each.kind.endswith("_box")] == []
    assert reference.remarks == other.remarks
    return reference


def hidden(document: ReadDocument) -> list[tuple[str, str]]:
    """Reason and text of what is not seen."""
    found = []
    for remark in document.remarks:
        assert remark.reason == "hidden_text"
        assert remark.page == 1
        place, text = remark.message.removeprefix("Page 1: text ").split(": ", 1)
        found.append((place, text.strip("“”")))
    return found


def _text(
    canvas: Canvas, text: str, *, mode: int = 0, size: float = 9, x: float = 70, y: float = 300
) -> None:
    printed = canvas.beginText(x, y)
    printed.setFont(FONT, size)
    printed.setTextRenderMode(mode)
    printed.textOut(text)
    canvas.drawText(printed)


def _picture(canvas: Canvas, x: float, y: float, wide: float, high: float, alpha: int | None = None) -> None:
    image = (
        Image.new("L", (30, 30), 200) if alpha is None else Image.new("RGBA", (30, 30), (200, 0, 0, alpha))
    )
    buffer = io.BytesIO()
    image.save(buffer, format="PNG")
    buffer.seek(0)
    canvas.drawImage(ImageReader(buffer), x, y, wide, high, mask=None if alpha is None else "auto")


def _outside_crop(canvas: Canvas) -> None:
    canvas.setCropBox((40, 60, 560, 840))
    _text(canvas, "框外 55.00", y=30)


def _outside_page(canvas: Canvas) -> None:
    _text(canvas, "页外 55.00", x=-300)


def _under_rectangle(canvas: Canvas, fill: Color = white, text: str = "盖住 55.00") -> None:
    _text(canvas, text)
    canvas.setFillColor(fill)
    canvas.rect(60, 290, 200, 30, stroke=0, fill=1)


def _under_polygon(canvas: Canvas) -> None:
    _text(canvas, "盖住 55.00")
    path = canvas.beginPath()
    for k, (x, y) in enumerate(((50, 250), (300, 260), (310, 350), (40, 360))):
        (path.lineTo if k else path.moveTo)(x, y)
    path.close()
    canvas.setFillGray(0.9)
    canvas.drawPath(path, stroke=0, fill=1)


def _under_picture(canvas: Canvas) -> None:
    _text(canvas, "盖住 55.00")
    _picture(canvas, 60, 280, 200, 60)


def _in_white(canvas: Canvas) -> None:
    canvas.setFillColor(white)
    _text(canvas, "白字 55.00")


def _in_colour_of_ground(canvas: Canvas) -> None:
    canvas.setFillGray(0.8)
    canvas.rect(60, 280, 200, 60, stroke=0, fill=1)
    _text(canvas, "灰字 55.00")


def _white_on_white_on_grey(canvas: Canvas) -> None:
    canvas.setFillGray(0.3)
    canvas.rect(50, 270, 300, 90, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.rect(60, 280, 200, 60, stroke=0, fill=1)
    _text(canvas, "白字 55.00")


def _transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)
    _text(canvas, "透明 55.00")
    canvas.setFillAlpha(1)


def _clipped(canvas: Canvas, *box: float) -> None:
    path = canvas.beginPath()
    path.rect(*box)
    canvas.clipPath(path, stroke=0, fill=0)


def _outside_clip(canvas: Canvas) -> None:
    _clipped(canvas, 300, 100, 50, 50)
    _text(canvas, "剪去 55.00")


def _outside_both_clips(canvas: Canvas) -> None:
    _clipped(canvas, 60, 290, 100, 60)
    _clipped(canvas, 160, 290, 100, 60)
    _text(canvas, "剪去 55.00")


HIDING: dict[str, tuple[Callable[[Canvas], None], str, str]] = {
    "outside the crop box": (_outside_crop, OUTSIDE, "框外 55.00"),
    "outside a clip": (_outside_clip, CUT, "剪去 55.00"),
    "outside what two clips leave": (_outside_both_clips, CUT, "剪去 55.00"),
    "outside the page": (_outside_page, OUTSIDE, "页外 55.00"),
    "under a white rectangle": (_under_rectangle, COVERED, "盖住 55.00"),
    "under a coloured rectangle": (lambda c: _under_rectangle(c, Color(0.8, 0.9, 1)), COVERED, "盖住 55.00"),
    "under a polygon": (_under_polygon, COVERED, "盖住 55.00"),
    "under a picture": (_under_picture, COVERED, "盖住 55.00"),
    "rendering mode 3": (lambda c: _text(c, "隐形 55.00", mode=3), INVISIBLE, "隐形 55.00"),
    "rendering mode 7": (lambda c: _text(c, "隐形 55.00", mode=7), INVISIBLE, "隐形 55.00"),
    "white": (_in_white, PAPER, "白字 55.00"),
    "in the colour of its ground": (_in_colour_of_ground, PAPER, "灰字 55.00"),
    "white on white on grey": (_white_on_white_on_grey, PAPER, "白字 55.00"),
    "tiny": (lambda c: _text(c, "微小55.00", size=0.5), TINY, "微小55.00"),
    "transparent": (_transparent, INVISIBLE, "透明 55.00"),
}


@pytest.mark.parametrize("case", HIDING)
def test_text_that_is_not_seen_is_told_and_is_no_figure(tmp_path: Path, case: str) -> None:
    draw, by, text = HIDING[case]
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain(TEXTS), steps(60, 120, 90), steps(100, 20, 20, 20))
    sheet.canvas.saveState()
    draw(sheet.canvas)
    sheet.canvas.restoreState()
    document = read_by_both(sheet.save())
    assert document.outcome == "read"
    assert words(document).split() == TABLE.split()
    assert hidden(document) == [(by, text)]


def _seen_under_thin(canvas: Canvas) -> None:
    _text(canvas, "划掉 66.00")
    canvas.rect(60, 302, 200, 1, stroke=0, fill=1)


def _seen_half_covered(canvas: Canvas) -> None:
    _text(canvas, "半盖 66.00")
    canvas.setFillColor(white)
    canvas.rect(60, 290, 200, 11, stroke=0, fill=1)


def _seen_through(canvas: Canvas) -> None:
    _text(canvas, "透过 66.00")
    canvas.setFillColor(Color(1, 1, 0, alpha=0.3))
    canvas.rect(60, 290, 200, 30, stroke=0, fill=1)


def _seen_through_seal(canvas: Canvas) -> None:
    _text(canvas, "章下 66.00")
    _picture(canvas, 60, 280, 200, 60, alpha=90)


def _seen_white_on_colour(canvas: Canvas) -> None:
    canvas.setFillColor(Color(0, 0, 0.5))
    canvas.rect(60, 280, 200, 60, stroke=0, fill=1)
    canvas.setFillColor(white)
    _text(canvas, "蓝底白字 66.00")


def _seen_white_on_round(canvas: Canvas) -> None:
    canvas.setFillColor(Color(0, 0, 0.5))
    canvas.roundRect(60, 280, 200, 60, 8, stroke=0, fill=1)
    canvas.setFillColor(white)
    _text(canvas, "圆角白字 66.00", y=306)


def _seen_white_on_picture(canvas: Canvas) -> None:
    _picture(canvas, 60, 280, 200, 60)
    canvas.setFillColor(white)
    _text(canvas, "图上白字 66.00")


def _seen_white_on_shading(canvas: Canvas) -> None:
    canvas.linearGradient(60, 280, 260, 340, (Color(0, 0, 0.5), Color(0, 0.3, 0.5)))
    canvas.setFillColor(white)
    _text(canvas, "渐变白字 66.00")


def _seen_white_with_outline(canvas: Canvas) -> None:
    canvas.setFillColor(white)
    canvas.setStrokeGray(0)
    _text(canvas, "空心 66.00", mode=2)


def _seen_over_surface(canvas: Canvas) -> None:
    canvas.setFillGray(0.9)
    canvas.rect(60, 280, 200, 60, stroke=0, fill=1)
    canvas.setFillGray(0)
    _text(canvas, "底上 66.00")


def _seen_in_clip(canvas: Canvas) -> None:
    _clipped(canvas, 60, 290, 200, 60)
    _text(canvas, "剪内 66.00")


def _seen_after_clip(canvas: Canvas) -> None:
    canvas.saveState()
    _clipped(canvas, 300, 100, 50, 50)
    canvas.restoreState()
    _text(canvas, "剪后 66.00")


def _seen_beside_clipped_surface(canvas: Canvas) -> None:
    _text(canvas, "旁边 66.00")
    _clipped(canvas, 300, 100, 50, 50)
    canvas.setFillColor(white)
    canvas.rect(0, 0, 595, 842, stroke=0, fill=1)


SEEN: dict[str, tuple[Callable[[Canvas], None], str]] = {
    "crossed out": (_seen_under_thin, "划掉 66.00"),
    "within a clip": (_seen_in_clip, "剪内 66.00"),
    "after a clip has ended": (_seen_after_clip, "剪后 66.00"),
    "beside a surface that is clipped": (_seen_beside_clipped_surface, "旁边 66.00"),
    "half covered": (_seen_half_covered, "半盖 66.00"),
    "under something transparent": (_seen_through, "透过 66.00"),
    "under a seal": (_seen_through_seal, "章下 66.00"),
    "white on a colour": (_seen_white_on_colour, "蓝底白字 66.00"),
    "white on a round shape": (_seen_white_on_round, "圆角白字 66.00"),
    "white on a picture": (_seen_white_on_picture, "图上白字 66.00"),
    "white on a shading": (_seen_white_on_shading, "渐变白字 66.00"),
    "on a surface": (_seen_over_surface, "底上 66.00"),
    "outlined": (lambda c: _text(c, "轮廓 66.00", mode=1), "轮廓 66.00"),
    "white with an outline": (_seen_white_with_outline, "空心 66.00"),
    "small": (lambda c: _text(c, "小字 66.00", size=2), "小字 66.00"),
}


@pytest.mark.parametrize("case", SEEN)
def test_text_that_is_seen_is_never_lost(tmp_path: Path, case: str) -> None:
    draw, text = SEEN[case]
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain(TEXTS), steps(60, 120, 90), steps(100, 20, 20, 20))
    sheet.canvas.saveState()
    draw(sheet.canvas)
    sheet.canvas.restoreState()
    document = read_by_both(sheet.save())
    assert document.outcome == "read"
    assert document.remarks == ()
    assert words(document).split() == f"{TABLE} {text}".split()


# Raw files: what reportlab does not write.

SHOWN = b"BT /F1 12 Tf 50 700 Td (Total 1,234.56) Tj ET\n"
MORE = b"BT /F1 12 Tf 50 500 Td (More 77.00) Tj ET\n"
RESOURCES = b"/Resources<</Font<</F1 5 0 R>>%s>>"


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "t.pdf"
    path.write_bytes(content)
    return path


def assert_seen(document: ReadDocument, texts: list[str], by: str = "", text: str = "") -> None:
    assert document.outcome == "read"
    assert [line.text for page in document.pages for line in page.lines] == texts
    assert hidden(document) == ([(by, text)] if by else [])


OC = b"/OCProperties<</OCGs[6 0 R 7 0 R]/D<<%s>>>>"
GROUPS = {6: b"<</Type/OCG/Name(a)>>", 7: b"<</Type/OCG/Name(b)>>"}


@pytest.mark.parametrize(
    ("default", "member", "is_off"),
    [
        (b"/OFF[6 0 R]", b"6 0 R", True),
        (b"/OFF[7 0 R]", b"6 0 R", False),
        (b"/BaseState/OFF", b"6 0 R", True),
        (b"/BaseState/OFF/ON[6 0 R]", b"6 0 R", False),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/OCGs[6 0 R 7 0 R]>>", False),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/OCGs[6 0 R 7 0 R]/P/AllOn>>", True),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/OCGs[6 0 R 7 0 R]/P/AnyOff>>", False),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/OCGs 6 0 R>>", True),
        (b"", b"<</Type/OCMD/OCGs[6 0 R 7 0 R]/P/AllOff>>", True),
        (b"/OFF[6 0 R 7 0 R]", b"<</Type/OCMD/OCGs[6 0 R 7 0 R]/P/AllOff>>", False),
        (b"", b"<</Type/OCMD/VE[/Not 6 0 R]>>", True),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/VE[/Not 6 0 R]>>", False),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/VE[/Or 6 0 R[/Not 7 0 R]]>>", True),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/VE[/And[/Not 6 0 R]7 0 R]>>", False),
        # An expression goes before a policy; one that is none, or never ends, is passed over.
        (b"/OFF[6 0 R]", b"<</Type/OCMD/OCGs 6 0 R/VE[/Not 6 0 R]>>", False),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/OCGs 6 0 R/VE[/Nor 6 0 R]>>", True),
        (b"/OFF[6 0 R]", b"<</Type/OCMD/OCGs 6 0 R/VE 10 0 R>>", True),
    ],
)
@pytest.mark.parametrize("as_form", [False, True])
def test_optional_content(tmp_path: Path, default: bytes, member: bytes, is_off: bool, as_form: bool) -> None:
    form = stream(MORE, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/OC 8 0 R" + RESOURCES % b"")
    content = one_page(
        catalogue=b"<</Type/Catalog/Pages 2 0 R%s>>" % (OC % default),
        page=BOX + RESOURCES % b"/Properties<</P 8 0 R>>/XObject<</X 9 0 R>>",
        content=SHOWN + (b"/X Do " if as_form else b"/OC /P BDC q /Span BMC " + MORE + b"EMC Q EMC "),
        more={**GROUPS, 8: member, 9: form, 10: b"[/And 10 0 R 10 0 R]"},
    )
    document = read_by_both(written(tmp_path, content))
    if is_off:
        assert_seen(document, ["Total 1,234.56"], OFF, "More 77.00")
    else:
        assert_seen(document, ["Total 1,234.56", "More 77.00"])


USED = b"<</Type/OCG/Name(a)/Usage<</View<</ViewState/%s>>>>%s>>"
BY_USAGE = b"/AS[<</Event/View/OCGs[6 0 R]/Category[/View]>>]"


@pytest.mark.parametrize(
    ("group", "default", "is_off"),
    [
        (USED % (b"OFF", b""), BY_USAGE, True),
        (USED % (b"OFF", b""), b"", True),  # as browsers show it
        (USED % (b"ON", b""), b"/OFF[6 0 R]" + BY_USAGE, False),
        (USED % (b"ON", b""), b"/OFF[6 0 R]", True),
        (USED % (b"ON", b""), b"/OFF[6 0 R]/AS[<</Event/Print/OCGs[6 0 R]/Category[/View]>>]", True),
        (USED % (b"OFF", b"/Intent/Design"), b"", False),
        (b"<</Type/OCG/Name(a)/Intent[/Design/View]>>", b"/OFF[6 0 R]", True),
    ],
)
def test_optional_content_by_usage(tmp_path: Path, group: bytes, default: bytes, is_off: bool) -> None:
    content = one_page(
        catalogue=b"<</Type/Catalog/Pages 2 0 R%s>>" % (OC % default),
        page=BOX + RESOURCES % b"/Properties<</P 6 0 R>>",
        content=SHOWN + b"/OC /P BDC " + MORE + b"EMC ",
        more={**GROUPS, 6: group},
    )
    document = read_by_both(written(tmp_path, content))
    if is_off:
        assert_seen(document, ["Total 1,234.56"], OFF, "More 77.00")
    else:
        assert_seen(document, ["Total 1,234.56", "More 77.00"])


def annotated(
    annotation: bytes,
    look: bytes = b"BT /F1 12 Tf 2 5 Td (Field 77.00) Tj ET",
    *,
    content: bytes = SHOWN,
    catalogue: bytes = CATALOGUE,
) -> bytes:
    form = stream(look, b"/Type/XObject/Subtype/Form/BBox[0 0 100 20]" + RESOURCES % b"")
    page = BOX + RESOURCES % b"" + b"/Annots[6 0 R]"
    more = {6: b"<</Type/Annot/Rect[50 500 150 520]%s>>" % annotation, 7: form, 8: b"<</Type/OCG/Name(a)>>"}
    return one_page(content=content, page=page, more=more, catalogue=catalogue)


@pytest.mark.parametrize(
    "annotation",
    [
        b"/Subtype/Widget/FT/Tx/V(Field 77.00)/AP<</N 7 0 R>>",
        b"/Subtype/FreeText/AP<</N 7 0 R>>",
        b"/Subtype/Stamp/F 4/AP<</N 7 0 R>>",
        b"/Subtype/Widget/FT/Btn/AS/On/AP<</N<</On 7 0 R/Off null>>>>",
    ],
)
def test_what_annotations_and_form_fields_show_is_on_the_page(tmp_path: Path, annotation: bytes) -> None:
    document = read_by_both(written(tmp_path, annotated(annotation)))
    assert_seen(document, ["Total 1,234.56", "Field 77.00"])
    line = document.pages[0].lines[1]
    assert (round(line.box.x0), round(842 - line.box.bottom)) == (52, 503)


@pytest.mark.parametrize("flags", [2, 32, 34])
def test_hidden_annotations_are_told(tmp_path: Path, flags: int) -> None:
    annotation = b"/Subtype/FreeText/F %d/AP<</N 7 0 R>>" % flags
    assert_seen(
        read_by_both(written(tmp_path, annotated(annotation))), ["Total 1,234.56"], OFF, "Field 77.00"
    )


def test_an_annotation_in_a_part_that_is_off_is_told(tmp_path: Path) -> None:
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[8 0 R]/D<</OFF[8 0 R]>>>>>>"
    content = annotated(b"/Subtype/FreeText/OC 8 0 R/AP<</N 7 0 R>>", catalogue=catalogue)
    assert_seen(read_by_both(written(tmp_path, content)), ["Total 1,234.56"], OFF, "Field 77.00")


def test_an_annotation_over_a_figure_hides_it(tmp_path: Path) -> None:
    look = b"1 g 0 0 100 20 re f 0 g BT /F1 12 Tf 2 5 Td (Field 77.00) Tj ET"
    shown = SHOWN.replace(b"50 700 Td", b"50 505 Td")
    content = annotated(b"/Subtype/Stamp/AP<</N 7 0 R>>", look, content=shown)
    assert_seen(read_by_both(written(tmp_path, content)), ["Field 77.00"], COVERED, "Total 1,234.56")


def test_a_note_that_the_file_does_not_draw_is_told(tmp_path: Path) -> None:
    document = read_by_both(written(tmp_path, annotated(b"/Subtype/FreeText/Contents(77.00)")))
    assert [line.text for line in document.pages[0].lines] == ["Total 1,234.56"]
    assert "“77.00”" in document.remarks[0].message


def test_a_form_field_that_the_file_does_not_draw_is_told(tmp_path: Path) -> None:
    document = read_by_both(written(tmp_path, annotated(b"/Subtype/Widget/FT/Tx/V(77.00)")))
    assert [line.text for line in document.pages[0].lines] == ["Total 1,234.56"]
    assert [remark.reason for remark in document.remarks] == ["hidden_text"]
    assert "“77.00”" in document.remarks[0].message


def test_ink_of_a_separation_is_no_white(tmp_path: Path) -> None:
    """A full tint is 1, as white is in grey; it must not be taken for it."""
    space = (
        b"/ColorSpace<</Ink[/Separation/Black/DeviceGray<</FunctionType 2/Domain[0 1]/C0[1]/C1[0]/N 1>>]>>"
    )
    content = one_page(content=b"/Ink cs 1 scn " + SHOWN, page=BOX + RESOURCES % space)
    assert_seen(read_by_both(written(tmp_path, content)), ["Total 1,234.56"])


def test_a_form_inherits_the_colour_in_which_it_is_drawn(tmp_path: Path) -> None:
    form = stream(MORE, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + RESOURCES % b"")
    content = one_page(
        content=SHOWN + b"1 g /X Do", page=BOX + RESOURCES % b"/XObject<</X 6 0 R>>", more={6: form}
    )
    assert_seen(read_by_both(written(tmp_path, content)), ["Total 1,234.56"], PAPER, "More 77.00")


COVER = b" 1 1 0 rg 40 490 200 30 re f "


@pytest.mark.parametrize(
    ("form", "content", "is_covered"),
    [
        (COVER, SHOWN + MORE + b"/X Do", True),
        (COVER, SHOWN + b"/X Do 0 g " + MORE, False),
        (MORE, SHOWN + b"/X Do" + COVER, True),
        (MORE, SHOWN + COVER + b"0 g /X Do", False),
        (COVER + b"0 g " + MORE, SHOWN + b"/X Do", False),
        (MORE + COVER, SHOWN + b"/X Do", True),
    ],
)
def test_forms_cover_and_are_covered_in_drawing_order(
    tmp_path: Path, form: bytes, content: bytes, is_covered: bool
) -> None:
    drawn = stream(form, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + RESOURCES % b"")
    page = BOX + RESOURCES % b"/XObject<</X 6 0 R>>"
    document = read_by_both(written(tmp_path, one_page(content=content, page=page, more={6: drawn})))
    if is_covered:
        assert_seen(document, ["Total 1,234.56"], COVERED, "More 77.00")
    else:
        assert_seen(document, ["Total 1,234.56", "More 77.00"])


def test_a_form_shows_nothing_outside_its_box(tmp_path: Path) -> None:
    form = stream(MORE, b"/Type/XObject/Subtype/Form/BBox[0 0 595 400]" + RESOURCES % b"")
    content = one_page(
        content=SHOWN + b"/X Do", page=BOX + RESOURCES % b"/XObject<</X 6 0 R>>", more={6: form}
    )
    assert_seen(
        read_by_both(written(tmp_path, content)),
        ["Total 1,234.56"],
        CUT,
        "More 77.00",
    )


def test_a_fill_by_its_old_name_covers_too(tmp_path: Path) -> None:
    content = one_page(content=SHOWN + MORE + b"1 g 40 490 200 30 re F", page=BOX + RESOURCES % b"")
    assert_seen(read_by_both(written(tmp_path, content)), ["Total 1,234.56"], COVERED, "More 77.00")


@pytest.mark.parametrize(
    "before",
    [
        b"/Span <</ActualText(9,999.99)>> BDC ",
        b"/Span <</Actual#54ext(9,999.99)>> BDC ",
        b"/Span /P BDC ",
    ],
)
@pytest.mark.parametrize("as_form", [False, True])
def test_what_is_printed_counts_not_the_text_that_stands_in_for_it(
    tmp_path: Path, before: bytes, as_form: bool
) -> None:
    resources = RESOURCES % b"/Properties<</P<</ActualText(9,999.99)>>>>/XObject<</X 6 0 R>>"
    shown = before + SHOWN + b"EMC "
    form = stream(shown, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]" + resources)
    content = one_page(content=b"/X Do" if as_form else shown, page=BOX + resources, more={6: form})
    assert_seen(read_by_both(written(tmp_path, content)), ["Total 1,234.56"])


@pytest.mark.parametrize("corners", [b"0 0 595 842", b"0 842 595 0", b"595 842 0 0", b"595 0 0 842"])
@pytest.mark.parametrize("turn", [b"0", b"90", b"270"])
def test_a_page_box_may_name_any_two_opposite_corners(tmp_path: Path, corners: bytes, turn: bytes) -> None:
    page = b"/MediaBox[%s]/Rotate %s" % (corners, turn) + RESOURCES % b""
    assert_seen(read_by_both(written(tmp_path, one_page(content=SHOWN, page=page))), ["Total 1,234.56"])


def test_a_blend_that_lets_text_through_covers_nothing(tmp_path: Path) -> None:
    page = BOX + RESOURCES % b"/ExtGState<</G<</BM/Multiply>>>>"
    content = one_page(content=SHOWN + b"/G gs 1 1 0 rg 40 690 200 30 re f", page=page)
    assert_seen(read_by_both(written(tmp_path, content)), ["Total 1,234.56"])


@pytest.mark.parametrize("lost", [b"(Lost)", b"<B2D6>"])
def test_text_in_a_font_that_cannot_be_read_is_a_problem(tmp_path: Path, lost: bytes) -> None:
    page = BOX + RESOURCES % b""
    content = SHOWN + b"BT /F9 12 Tf 50 500 Td " + lost + b" Tj ET"
    document = read_by_both(written(tmp_path, one_page(content=content, page=page)))
    assert document.outcome == "read_in_part"
    assert [(one.reason, one.page) for one in document.problems] == [("text_not_decodable", 1)]
    assert words(document) == "Total 1,234.56"


def test_a_page_of_rules_without_text_says_so(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain(TEXTS), steps(60, 120, 90), steps(100, 20, 20, 20))
    sheet.new_page()
    sheet.table(plain([["", ""], ["", ""]]), steps(60, 120, 90), steps(100, 20, 20))
    document = read_by_both(sheet.save())
    assert document.outcome == "read"
    assert [(one.reason, one.page) for one in document.remarks] == [("page_without_text", 2)]


def test_letters_that_are_drawn_as_shapes_are_a_problem(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "t.pdf")
    sheet.table(plain(TEXTS), steps(60, 120, 90), steps(100, 20, 20, 20))
    sheet.new_page()
    for k in range(120):
        path = sheet.canvas.beginPath()
        x, y = 60 + 9 * (k % 40), 300 - 12 * (k // 40)
        path.moveTo(x, y)
        path.curveTo(x + 2, y + 8, x + 5, y + 8, x + 7, y)
        path.close()
        sheet.canvas.drawPath(path, stroke=0, fill=1)
    document = read_by_both(sheet.save())
    assert document.outcome == "read_in_part"
    assert [(one.reason, one.page) for one in document.problems] == [("text_not_decodable", 2)]


def revised(old: bytes, new: bytes) -> bytes:
    """A file with a first revision that showed ``old`` and a second one that shows ``new``."""
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (BOX, RESOURCES % b"")
    first = assembled({1: CATALOGUE, 2: PAGES, 3: page, 4: stream(old), 5: HELVETICA})
    part = b"4 0 obj\n%s\nendobj\n" % stream(new)
    at = len(first)
    table = b"xref\n4 1\n%010d 00000 n \ntrailer\n" % at
    trailer = b"<</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    return first + part + table + trailer % (first.index(b"xref\n0"), at + len(part))


def test_the_last_revision_counts_and_the_one_before_is_told(tmp_path: Path) -> None:
    content = revised(b"BT /F1 12 Tf 50 700 Td (Total 9,999.00) Tj ET", SHOWN)
    document = read_by_both(written(tmp_path, content))
    assert [line.text for line in document.pages[0].lines] == ["Total 1,234.56"]
    assert [(one.reason, one.page) for one in document.remarks] == [("earlier_revision", 1)]
    assert "9,999.00" in document.remarks[0].message


def test_a_revision_that_changes_no_text_is_not_told(tmp_path: Path) -> None:
    document = read_by_both(written(tmp_path, revised(SHOWN, SHOWN)))
    assert document.remarks == ()
