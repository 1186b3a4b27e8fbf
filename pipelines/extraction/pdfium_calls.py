"""pdfium's C functions with as little in between as Python allows.

pypdfium2's own declarations convert every pointer argument; over some thousand calls a page that is
most of the time. Here one function is called for all characters or objects of a page in one go (``map``),
without Python in between. Handles are made into arguments once, for all the functions that take them, and
so are the addresses that functions write to, once for all pages.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, NewType

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

#: The address of an object of pdfium's; 0 is none.
Handle = int
#: A handle as it is handed to functions. Handed over as it stands, a handle would be cut to half its bits.
Argument = NewType("Argument", object)

#: a, b, c, d, e, f of x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]
#: Numbers that calls wrote, a row for each call.
Numbers = NDArray[Any]
Truths = NDArray[np.bool_]

# ctypes takes a void pointer faster than any integer as large, but makes None of one to nowhere.
_HANDLE, _FOUND = ctypes.c_void_p, ctypes.c_size_t
_INT, _UINT, _FLOAT = ctypes.c_int, ctypes.c_uint, ctypes.c_float
#: So many rows are written before they are taken out of the room for them.
_AT_A_TIME = 1024


#: A handle made ready to be handed to functions.
argument: Callable[[Handle], Argument] = _HANDLE.from_param  # type: ignore[assignment]


def arguments(handles: Iterable[Handle]) -> list[Argument]:
    """Handles made ready to be handed to functions."""
    return list(map(argument, handles))


def _bound(name: str, result: Any, *declared: Any) -> Callable[..., Any]:
    """A function of pdfium's; where nothing is declared it takes ``Argument`` and integers."""
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    # With the interpreter's lock kept: calls are too short for giving it up to pay.
    return ctypes.PYFUNCTYPE(result, *declared)(address)


class Writer:
    """A function that writes numbers, asked for many objects, or characters of a page, in one go.

    It writes ``columns`` numbers of a ``kind``, to one address if they are a record, else each to its own.
    """

    def __init__(self, name: str, kind: type[np.generic], columns: int, *, is_record: bool = False) -> None:
        self._call = _bound(name, _INT)
        self._room: Numbers = np.zeros((_AT_A_TIME, columns), kind)
        self._is_record = is_record

    @cached_property
    def _addresses(self) -> list[list[Argument]]:
        """Where the numbers of each row go."""
        _, columns = self._room.shape
        begin, size = self._room.ctypes.data, self._room.itemsize
        rows = range(begin, begin + self._room.nbytes, columns * size)
        return [arguments(row + k * size for row in rows) for k in range(1 if self._is_record else columns)]

    def __call__(self, of: Sequence[Argument | int], page: Argument | None = None) -> Numbers:
        """The numbers of each object, or of each character of the text ``page`` by its place; 0 for none."""
        return self._written(of, page, lambda calls, _: deque(calls, maxlen=0))

    def told(self, of: Sequence[Argument | int], page: Argument | None = None) -> tuple[Numbers, Truths]:
        """The same, and for which of them there are any."""
        known: list[Numbers] = [np.zeros(0, np.int64)]
        numbers = self._written(
            of, page, lambda calls, count: known.append(np.fromiter(calls, np.int64, count))
        )
        return numbers, np.concatenate(known) != 0

    def _written(
        self,
        of: Sequence[Argument | int],
        page: Argument | None,
        take: Callable[[Iterator[int], int], object],
    ) -> Numbers:
        parts: list[Numbers] = []
        for begin in range(0, len(of), _AT_A_TIME):
            some = of[begin : begin + _AT_A_TIME]
            owner = () if page is None else (repeat(page),)
            room = self._room[: len(some)]
            room.fill(0)
            take(map(self._call, *owner, some, *self._addresses), len(some))
            parts.append(room.copy())
        return parts[0] if len(parts) == 1 else np.concatenate((self._room[:0], *parts))


def results(call: Callable[..., int], count: int, *given: Iterable[Argument | int]) -> NDArray[np.int64]:
    """What ``call`` returns for each of ``count`` rows of what it is given: handles, counts, truths."""
    return np.fromiter(map(call, *given), np.int64, count)


load_page = _bound("FPDF_LoadPage", _FOUND)
close_page = _bound("FPDF_ClosePage", None)
load_text = _bound("FPDFText_LoadPage", _FOUND)
close_text = _bound("FPDFText_ClosePage", None)
count_chars = _bound("FPDFText_CountChars", _INT)

char_unicode = _bound("FPDFText_GetUnicode", _UINT)
char_object = _bound("FPDFText_GetTextObject", _FOUND)
char_is_unmapped = _bound("FPDFText_HasUnicodeMapError", _INT)
char_is_generated = _bound("FPDFText_IsGenerated", _INT)
char_is_hyphen = _bound("FPDFText_IsHyphen", _INT)
char_loose_box = Writer("FPDFText_GetLooseCharBox", np.float32, 4, is_record=True)
char_ink = Writer("FPDFText_GetCharBox", np.float64, 4)
char_matrix = Writer("FPDFText_GetMatrix", np.float32, 6, is_record=True)
char_origin = Writer("FPDFText_GetCharOrigin", np.float64, 2)
page_text = _bound("FPDFText_GetText", _INT)

text_font = _bound("FPDFTextObj_GetFont", _FOUND)
text_mode = _bound("FPDFTextObj_GetTextRenderMode", _INT)
text_size = Writer("FPDFTextObj_GetFontSize", np.float32, 1)

# Those of fonts are asked now and then, with floats: they are declared, and take handles as they are.
font_base_name = _bound("FPDFFont_GetBaseFontName", _FOUND, _HANDLE, _HANDLE, _FOUND)
font_is_embedded = _bound("FPDFFont_GetIsEmbedded", _INT, _HANDLE)
font_glyph_path = _bound("FPDFFont_GetGlyphPath", _FOUND, _HANDLE, _UINT, _FLOAT)
font_ascent = _bound("FPDFFont_GetAscent", _INT, _HANDLE, _FLOAT, _HANDLE)
font_descent = _bound("FPDFFont_GetDescent", _INT, _HANDLE, _FLOAT, _HANDLE)
font_glyph_width = _bound("FPDFFont_GetGlyphWidth", _INT, _HANDLE, _UINT, _FLOAT, _HANDLE)

page_count_objects = _bound("FPDFPage_CountObjects", _INT)
page_object = _bound("FPDFPage_GetObject", _FOUND)
form_count_objects = _bound("FPDFFormObj_CountObjects", _INT)
form_object = _bound("FPDFFormObj_GetObject", _FOUND, _HANDLE, ctypes.c_ulong)
object_type = _bound("FPDFPageObj_GetType", _INT)
object_matrix = Writer("FPDFPageObj_GetMatrix", np.float32, 6, is_record=True)
object_bounds = Writer("FPDFPageObj_GetBounds", np.float32, 4)
object_fill = Writer("FPDFPageObj_GetFillColor", np.uint32, 4)
object_stroke = Writer("FPDFPageObj_GetStrokeColor", np.uint32, 4)

clip_of = _bound("FPDFPageObj_GetClipPath", _FOUND)
clip_count_paths = _bound("FPDFClipPath_CountPaths", _INT)
clip_count_segments = _bound("FPDFClipPath_CountPathSegments", _INT)
clip_segment = _bound("FPDFClipPath_GetPathSegment", _FOUND)

path_mode = Writer("FPDFPath_GetDrawMode", np.int32, 2)
path_count = _bound("FPDFPath_CountSegments", _INT)
path_segment = _bound("FPDFPath_GetPathSegment", _FOUND)
segment_point = Writer("FPDFPathSegment_GetPoint", np.float32, 2)
segment_type = _bound("FPDFPathSegment_GetType", _INT)
segment_close = _bound("FPDFPathSegment_GetClose", _INT)


#: Red, green and blue from 0 to 1.
Colour = tuple[float, float, float]


def colours(paint: Writer, objects: Sequence[Argument]) -> list[Colour | None]:
    """The fill or stroke colour (``paint``) of each object; None where it has none that can be told."""
    values, known = paint.told(objects)
    shades = map(tuple, (values[:, :3] / 255).tolist())
    return [shade if is_known else None for shade, is_known in zip(shades, known.tolist(), strict=True)]


def concat(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that maps with ``first`` and what comes out with ``then``."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def address_of(pointer: Any) -> Handle:
    """The handle of what pypdfium2 holds as a typed pointer."""
    address = ctypes.cast(pointer, ctypes.c_void_p).value
    assert address is not None
    return address
