"""pdfium's C functions with as little in between as Python allows.

pypdfium2's own declarations convert every pointer argument; over some thousand calls a page that is
most of the time. Here handles are plain integers, results are written into arrays by address, and
one function is called for all characters of a page in one go (``map``), without Python in between.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

#: What a handle is here: the address of an object of pdfium's; 0 is none.
Handle = int

# ctypes takes a void pointer faster than any integer as large, but makes None of one to nowhere.
_HANDLE, _FOUND = ctypes.c_void_p, ctypes.c_size_t
_INT, _UINT, _FLOAT = ctypes.c_int, ctypes.c_uint, ctypes.c_float
_COLOUR = (_HANDLE, _HANDLE, _HANDLE, _HANDLE)


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    # With the interpreter's lock kept: calls are too short for giving it up to pay.
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


load_page = _bound("FPDF_LoadPage", _FOUND, _HANDLE, _INT)
close_page = _bound("FPDF_ClosePage", None, _HANDLE)
load_text = _bound("FPDFText_LoadPage", _FOUND, _HANDLE)
close_text = _bound("FPDFText_ClosePage", None, _HANDLE)
count_chars = _bound("FPDFText_CountChars", _INT, _HANDLE)

char_unicode = _bound("FPDFText_GetUnicode", _UINT, _HANDLE, _INT)
char_object = _bound("FPDFText_GetTextObject", _FOUND, _HANDLE, _INT)
char_is_unmapped = _bound("FPDFText_HasUnicodeMapError", _INT, _HANDLE, _INT)
char_is_generated = _bound("FPDFText_IsGenerated", _INT, _HANDLE, _INT)
char_is_hyphen = _bound("FPDFText_IsHyphen", _INT, _HANDLE, _INT)
char_loose_box = _bound("FPDFText_GetLooseCharBox", _INT, _HANDLE, _INT, _HANDLE)
char_ink = _bound("FPDFText_GetCharBox", _INT, _HANDLE, _INT, *_COLOUR)
char_matrix = _bound("FPDFText_GetMatrix", _INT, _HANDLE, _INT, _HANDLE)
char_origin = _bound("FPDFText_GetCharOrigin", _INT, _HANDLE, _INT, _HANDLE, _HANDLE)
page_text = _bound("FPDFText_GetText", _INT, _HANDLE, _INT, _INT, _HANDLE)

text_font = _bound("FPDFTextObj_GetFont", _FOUND, _HANDLE)
text_mode = _bound("FPDFTextObj_GetTextRenderMode", _INT, _HANDLE)
text_size = _bound("FPDFTextObj_GetFontSize", _INT, _HANDLE, _HANDLE)
font_base_name = _bound("FPDFFont_GetBaseFontName", _FOUND, _HANDLE, _HANDLE, _FOUND)
font_is_embedded = _bound("FPDFFont_GetIsEmbedded", _INT, _HANDLE)
font_glyph_path = _bound("FPDFFont_GetGlyphPath", _FOUND, _HANDLE, _UINT, _FLOAT)
font_ascent = _bound("FPDFFont_GetAscent", _INT, _HANDLE, _FLOAT, _HANDLE)
font_descent = _bound("FPDFFont_GetDescent", _INT, _HANDLE, _FLOAT, _HANDLE)
font_glyph_width = _bound("FPDFFont_GetGlyphWidth", _INT, _HANDLE, _UINT, _FLOAT, _HANDLE)

page_count_objects = _bound("FPDFPage_CountObjects", _INT, _HANDLE)
page_object = _bound("FPDFPage_GetObject", _FOUND, _HANDLE, _INT)
form_count_objects = _bound("FPDFFormObj_CountObjects", _INT, _HANDLE)
form_object = _bound("FPDFFormObj_GetObject", _FOUND, _HANDLE, ctypes.c_ulong)
object_type = _bound("FPDFPageObj_GetType", _INT, _HANDLE)
object_matrix = _bound("FPDFPageObj_GetMatrix", _INT, _HANDLE, _HANDLE)
object_bounds = _bound("FPDFPageObj_GetBounds", _INT, _HANDLE, *_COLOUR)
object_fill = _bound("FPDFPageObj_GetFillColor", _INT, _HANDLE, *_COLOUR)
object_stroke = _bound("FPDFPageObj_GetStrokeColor", _INT, _HANDLE, *_COLOUR)

clip_of = _bound("FPDFPageObj_GetClipPath", _FOUND, _HANDLE)
clip_count_paths = _bound("FPDFClipPath_CountPaths", _INT, _HANDLE)
clip_count_segments = _bound("FPDFClipPath_CountPathSegments", _INT, _HANDLE, _INT)
clip_segment = _bound("FPDFClipPath_GetPathSegment", _FOUND, _HANDLE, _INT, _INT)

path_mode = _bound("FPDFPath_GetDrawMode", _INT, _HANDLE, _HANDLE, _HANDLE)
path_count = _bound("FPDFPath_CountSegments", _INT, _HANDLE)
path_segment = _bound("FPDFPath_GetPathSegment", _FOUND, _HANDLE, _INT)
segment_point = _bound("FPDFPathSegment_GetPoint", _INT, _HANDLE, _HANDLE, _HANDLE)
segment_type = _bound("FPDFPathSegment_GetType", _INT, _HANDLE)
segment_close = _bound("FPDFPathSegment_GetClose", _INT, _HANDLE)

#: a, b, c, d, e, f of x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]
#: Numbers that calls wrote, a row for each call.
Numbers = NDArray[Any]


def run(call: Callable[..., Any], *arguments: Iterable[int]) -> None:
    """``call`` for each row of arguments, what it returns left out."""
    deque(map(call, *arguments), maxlen=0)


def results(call: Callable[..., int], count: int, *arguments: Iterable[int]) -> NDArray[np.int64]:
    """What ``call`` returns for each of ``count`` rows of arguments: handles, counts, truths."""
    return np.fromiter(map(call, *arguments), np.int64, count)


def room(count: int, each: int, kind: type[np.generic] = np.float32) -> Numbers:
    """Room for the numbers of ``count`` calls, ``each`` at a time (floats, unless ``kind`` says)."""
    return np.zeros((count, each), kind)


def rows(numbers: Numbers, column: int = 0) -> range:
    """The addresses of a column's numbers, row after row, for calls to write to."""
    count, each = numbers.shape
    size = each * numbers.itemsize
    # ``ndarray.ctypes`` says the same, but makes two objects to say it.
    start = numbers.__array_interface__["data"][0] + column * numbers.itemsize
    return range(start, start + size * count, size)


#: Red, green and blue from 0 to 1.
Colour = tuple[float, float, float]


def channels(call: Callable[..., int], objects: Sequence[Handle]) -> tuple[Numbers, NDArray[np.int64]]:
    """Red, green, blue and alpha (0 to 255) of the fill or stroke (``call``) of each object.

    The second array is 0 where an object has no colour that can be told.
    """
    values = room(len(objects), 4, np.uint32)
    known = results(call, len(objects), objects, *(rows(values, k) for k in range(4)))
    return values, known


def colours(call: Callable[..., int], objects: Sequence[Handle]) -> list[Colour | None]:
    """The fill or stroke colour (``call``) of each object; None where it has none that can be told."""
    values, known = channels(call, objects)
    return [
        (red / 255, green / 255, blue / 255) if is_known else None
        for (red, green, blue, _), is_known in zip(values.tolist(), known.tolist(), strict=True)
    ]


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
