"""Runs a page's operators for the reference reader, keeping what tells whether a reader sees a mark.

pdfminer's interpreter leaves out what this needs: the rendering mode of text, transparency and blending
of the graphics state, optional content that is switched off, the state that a form inherits from where it
is drawn, and the appearance of annotations and form fields. Clauses are those of ISO 32000-1.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTPage
from pdfminer.pdfcolor import PREDEFINED_COLORSPACE, PDFColorSpace
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.utils import Matrix, mult_matrix

from pipelines.extraction.annotations import appearances
from pipelines.extraction.clipping import Clip, form_box, path_box, within
from pipelines.extraction.optional_content import Layers, layers_of
from pipelines.extraction.pdf_objects import matrix_of, name_of, numbers, resolved
from pipelines.extraction.unpacking import PageTooComplexError

_log = logging.getLogger(__name__)

#: A page of more marks than this (a table has some thousand) is a drawing or an attack.
MOST_MARKS = 200_000
#: To draw a form costs as much as so many marks.
_FORM_COSTS = 10
#: Forms within forms deeper than this are an attack.
DEEPEST = 28
#: Colour spaces whose numbers are grey, red/green/blue or cyan/magenta/yellow/black as they stand.
_PLAIN = frozenset({"DeviceGray", "CalGray", "DeviceRGB", "CalRGB", "DeviceCMYK", "ICCBased"})


class State(PDFGraphicState):
    """The graphics state with what decides over seeing: transparency, blending, rendering mode, clip."""

    def __init__(self) -> None:
        super().__init__()
        self.alpha = 1.0
        self.is_blended = False
        self.render = 0
        self.is_off = False
        self.clip: Clip | None = None

    def copy(self) -> State:
        """The same state once more."""
        other = State.__new__(State)
        other.__dict__.update(self.__dict__)
        return other


class _Device(PDFLayoutAnalyzer):
    """Collects layout objects in drawing order; paths carry their state, colours that say nothing none."""

    page: LTPage | None = None

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.n_marks = 0
        self.n_lost = 0

    def receive_layout(self, ltpage: LTPage) -> None:
        self.page = ltpage

    def count(self, more: int = 1) -> None:
        """Count marks; raises ``PageTooComplexError`` where there are too many."""
        self.n_marks += more
        if self.n_marks > MOST_MARKS:
            raise PageTooComplexError(f"more than {MOST_MARKS:,} marks")

    def paint_path(
        self, gstate: PDFGraphicState, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]
    ) -> None:
        assert isinstance(gstate, State)
        if gstate.is_off:
            return
        before = len(self.cur_item._objs)
        super().paint_path(gstate, stroke, fill, evenodd, path)
        for item in self.cur_item._objs[before:]:
            if not hasattr(item, "is_opaque"):
                self.count()
                mark: Any = item
                mark.is_opaque = gstate.alpha >= 0.99 and not gstate.is_blended
                mark.clip = gstate.clip
                mark.non_stroking_color = told(gstate.ncolor, gstate.ncs)
                mark.stroking_color = told(gstate.scolor, gstate.scs)

    def render_char(self, *arguments: Any, **named: Any) -> float:
        self.count()
        return super().render_char(*arguments, **named)

    def render_image(self, name: str, stream: PDFStream) -> None:
        self.count()
        super().render_image(name, stream)


def told(colour: Any, space: PDFColorSpace | None) -> Any:
    """The colour where its numbers say how it looks; None for inks, palettes and patterns."""
    return colour if space is None or space.name in _PLAIN else None


class _Interpreter(PDFPageInterpreter):
    device: _Device
    layers = Layers()
    depth = 0
    #: Whether the path that is being put together becomes a clip when it is painted.
    _clips = False
    _form_is_off = False
    #: For every marked content that is open, whether it is optional content that is off.
    hides: tuple[bool, ...] = ()
    graphicstate: State
    inherited: State | None = None

    def dup(self) -> _Interpreter:
        other = _Interpreter(self.rsrcmgr, self.device)
        other.layers, other.depth = self.layers, self.depth + 1
        if other.depth > DEEPEST:
            raise PageTooComplexError(f"forms within forms deeper than {DEEPEST}")
        other.inherited = self.graphicstate.copy() if hasattr(self, "graphicstate") else None
        return other

    def init_resources(self, resources: dict[object, object]) -> None:
        """Take fonts, colour spaces and forms; one that is rubbish costs nothing but itself."""
        self.resources = resources if isinstance(resources, dict) else {}
        self.fontmap, self.xobjmap, self.csmap = {}, self._listed("XObject"), PREDEFINED_COLORSPACE.copy()
        for name, spec in self._listed("Font").items():
            entries = resolved(spec)
            if not isinstance(entries, dict):
                continue
            try:
                number = spec.objid if isinstance(spec, PDFObjRef) else None
                self.fontmap[name] = self.rsrcmgr.get_font(number, entries)
            except MemoryError:
                raise
            except Exception as error:
                _log.info("a font cannot be read: %r", error)
        for name, spec in self._listed("ColorSpace").items():
            space = _colour_space(spec)
            if space is not None:
                self.csmap[name] = space

    def _listed(self, kind: str) -> dict[Any, Any]:
        found = resolved(self.resources.get(kind))
        return dict(found) if isinstance(found, dict) else {}

    def init_state(self, ctm: Matrix) -> None:
        super().init_state(ctm)
        self.graphicstate = self.inherited or State()
        self.inherited = None

    def do_gs(self, name: Any) -> None:
        """Take transparency and blending from a graphics state of the resources (8.4.5, 11.6.4)."""
        chosen = resolved(self._listed("ExtGState").get(name_of(name)))
        if not isinstance(chosen, dict):
            return
        alpha = resolved(chosen.get("ca"))
        if isinstance(alpha, int | float):
            self.graphicstate.alpha = float(alpha)
        if "BM" in chosen or "SMask" in chosen:
            mode = resolved(chosen.get("BM"))
            mode = mode[0] if isinstance(mode, list) and mode else mode
            mask = resolved(chosen.get("SMask"))
            plain = mode is None or name_of(mode) in ("Normal", "Compatible")
            self.graphicstate.is_blended = not plain or isinstance(mask, dict | PDFStream)

    def do_BMC(self, tag: Any) -> None:
        self.hides = (*self.hides[-1000:], False)

    def do_BDC(self, tag: Any, props: Any) -> None:
        hides = False
        if name_of(tag) == "OC":
            hides = self.layers.is_off(self._listed("Properties").get(name_of(props)))
        self.hides = (*self.hides[-1000:], hides)
        self.graphicstate.is_off = any(self.hides) or self._form_is_off

    def do_EMC(self) -> None:
        if self.hides:
            self.hides = self.hides[:-1]
            self.graphicstate.is_off = any(self.hides) or self._form_is_off

    def do_Q(self) -> None:
        super().do_Q()
        # Marked content does not follow the stack of graphics states.
        self.graphicstate.is_off = any(self.hides) or self._form_is_off

    def do_q(self) -> None:
        self.device.count()  # what takes time without printing anything has its limit too
        super().do_q()

    def do_BT(self) -> None:
        self.device.count()
        super().do_BT()

    def do_W(self) -> None:
        self._clips = True

    def do_W_a(self) -> None:
        self._clips = True

    def do_n(self) -> None:
        self._painted(super().do_n)

    def do_S(self) -> None:
        self._painted(super().do_S)

    def do_f(self) -> None:
        self._painted(super().do_f)

    def do_F(self) -> None:
        self.do_f()  # by 8.5.3.3 the same; pdfminer passes it over

    def do_f_a(self) -> None:
        self._painted(super().do_f_a)

    def do_B(self) -> None:
        self._painted(super().do_B)

    def do_B_a(self) -> None:
        self._painted(super().do_B_a)

    def _painted(self, paint: Callable[[], None]) -> None:
        """Paint the path; where it was marked so, it clips what is drawn after it (8.5.4)."""
        path = self.curpath
        paint()
        if self._clips:
            self._clips = False
            self.graphicstate.clip = within(self.graphicstate.clip, path_box(path, self.ctm))

    def do_sh(self, name: object) -> None:
        """A shading paints as far as the clip goes: what lies under later marks cannot be told."""
        self.device.count()
        unknown: Any = _Shading()
        self.device.cur_item._objs.append(unknown)

    def do_TJ(self, seq: Any) -> None:
        if self.textstate.font is None:
            if isinstance(seq, list) and any(isinstance(part, bytes) and part.strip() for part in seq):
                self.device.n_lost += 1
            return
        state = self.graphicstate.copy()
        state.render = self.textstate.render
        parts = seq if isinstance(seq, list) else [seq]
        before = self.device.n_marks
        self.device.render_string(self.textstate, parts, state.ncs, state)
        if self.device.n_marks == before and any(isinstance(part, bytes) and part.strip() for part in parts):
            self.device.n_lost += 1  # no code of it means a character

    def do_Tf(self, fontid: Any, fontsize: Any) -> None:
        # pdfminer takes a font of its own where one is missing: what its codes mean would be a guess.
        self.textstate.font = self.fontmap.get(name_of(fontid))
        if isinstance(fontsize, int | float):
            self.textstate.fontsize = float(fontsize)

    def do_Do(self, xobjid_arg: Any) -> None:
        self.device.count(_FORM_COSTS)
        drawn = resolved(self.xobjmap.get(name_of(xobjid_arg)))
        if not isinstance(drawn, PDFStream):
            return
        is_off = self.layers.is_off(drawn.attrs.get("OC"))
        if name_of(resolved(drawn.attrs.get("Subtype"))) == "Form":
            self.draw_form(drawn, matrix_of(drawn), self.ctm, is_off)
        elif not is_off and not self.graphicstate.is_off and "Width" in drawn and "Height" in drawn:
            before = len(self.device.cur_item._objs)
            super().do_Do(xobjid_arg)
            is_opaque = self.graphicstate.alpha >= 0.99 and not self.graphicstate.is_blended
            is_opaque = is_opaque and not any(
                resolved(drawn.attrs.get(key)) for key in ("SMask", "Mask", "ImageMask")
            )
            figures: list[Any] = self.device.cur_item._objs[before:]
            for figure in figures:
                for picture in figure._objs:
                    picture.is_opaque, picture.clip = is_opaque, self.graphicstate.clip

    def draw_form(self, form: PDFStream, matrix: Matrix, ctm: Matrix, is_off: bool = False) -> None:
        """Draw a form with ``matrix`` laid over ``ctm``; its text is told as hidden where it is off."""
        resources = resolved(form.attrs.get("Resources"))
        inner = self.subinterp()
        assert isinstance(inner, _Interpreter)
        if inner.inherited is not None:
            inner.inherited.is_off = inner._form_is_off = is_off or self.graphicstate.is_off
            box = numbers(form.attrs.get("BBox"), 4)
            if box is not None:
                own_clip = form_box(box, mult_matrix(matrix, ctm))
                inner.inherited.clip = within(inner.inherited.clip, own_clip)
        self.device.begin_figure("form", (0, 0, 1, 1), matrix)
        try:
            own = resources if isinstance(resources, dict) else dict(self.resources)
            inner.render_contents(own, [form], ctm=mult_matrix(matrix, ctm))
        finally:
            self.device.end_figure("form")
            self.device.set_ctm(self.ctm)


class _Shading:
    """Stands in a page's layout where a shading was painted."""

    is_shading = True


def laid_out(
    source: PDFPage, resources: PDFResourceManager, catalogue: Mapping[str, Any]
) -> tuple[LTPage, int]:
    """The layout objects of a page in drawing order, annotations last, and how many texts have no font.

    ``LTChar.graphicstate`` is a ``State``; paths and pictures say whether they are ``is_opaque``.
    Raises ``PageTooComplexError``, and whatever pdfminer raises for a damaged page.
    """
    device = _Device(resources)
    interpreter = _Interpreter(resources, device)
    interpreter.layers = layers_of(catalogue)
    ctm = page_matrix(source)
    device.begin_page(source, ctm)
    contents = source.resources if isinstance(source.resources, dict) else {}
    interpreter.render_contents(contents, source.contents, ctm=ctm)
    interpreter.hides, interpreter._form_is_off = (), False
    interpreter.init_state(ctm)
    for form, matrix, is_hidden, layer in appearances(source):
        interpreter.draw_form(form, matrix, ctm, is_hidden or interpreter.layers.is_off(layer))
    device.end_page(source)
    assert device.page is not None
    return device.page, device.n_lost


def page_matrix(source: PDFPage) -> Matrix:
    """The matrix with which a page begins: its box to the origin, turned by ``/Rotate``.

    Any two opposite corners may be given for a box (7.9.5).
    """
    left, lower, right, upper = (float(value) for value in source.mediabox)
    x0, x1, y0, y1 = min(left, right), max(left, right), min(lower, upper), max(lower, upper)
    rotate = int(source.rotate or 0) % 360
    if rotate == 90:
        return (0.0, -1.0, 1.0, 0.0, -y0, x1)
    if rotate == 180:
        return (-1.0, 0.0, 0.0, -1.0, x1, y1)
    if rotate == 270:
        return (0.0, 1.0, -1.0, 0.0, y1, -x0)
    return (1.0, 0.0, 0.0, 1.0, -x0, -y0)


def _colour_space(spec: Any) -> PDFColorSpace | None:
    """A colour space of the resources by its name and number of components, as far as pdfminer knows it."""
    spec = resolved(spec)
    parts = [resolved(part) for part in spec] if isinstance(spec, list) else [spec]
    name = name_of(parts[0]) if parts else None
    if name == "ICCBased" and len(parts) > 1 and isinstance(parts[1], PDFStream):
        count = resolved(parts[1].attrs.get("N"))
        return PDFColorSpace(name, count) if count in (1, 3, 4) else None
    if name == "DeviceN" and len(parts) > 1 and isinstance(parts[1], list):
        return PDFColorSpace(name, len(parts[1]))
    return PREDEFINED_COLORSPACE.get(name or "")
