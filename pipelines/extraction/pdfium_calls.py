"""pdfium's C functions with as little in between as Python allows.

pypdfium2's own declarations convert every pointer argument; over some thousand calls a page that is
most of the time. Here handles are plain integers, results are written into buffers by address, and
one function is called for all characters of a page in one go (``map``), without Python in between.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from typing import Any

import pypdfium2.raw as raw

#: What a handle is here: the address of an object of pdfium's; 0 and None are none.
Handle = int

_HANDLE, _INT, _UINT, _FLOAT = ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_float
_COLOUR = (_HANDLE, _HANDLE, _HANDLE, _HANDLE)


def _bound(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(raw, name), ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


load_page = _bound("FPDF_LoadPage", _HANDLE, _HANDLE, _INT)
close_page = _bound("FPDF_ClosePage", None, _HANDLE)
load_text = _bound("FPDFText_LoadPage", _HANDLE, _HANDLE)
close_text = _bound("FPDFText_ClosePage", None, _HANDLE)
count_chars = _bound("FPDFText_CountChars", _INT, _HANDLE)

char_unicode = _bound("FPDFText_GetUnicode", _UINT, _HANDLE, _INT)
char_object = _bound("FPDFText_GetTextObject", _HANDLE, _HANDLE, _INT)
char_is_unmapped = _bound("FPDFText_HasUnicodeMapError", _INT, _HANDLE, _INT)
char_is_generated = _bound("FPDFText_IsGenerated", _INT, _HANDLE, _INT)
char_is_hyphen = _bound("FPDFText_IsHyphen", _INT, _HANDLE, _INT)
char_loose_box = _bound("FPDFText_GetLooseCharBox", _INT, _HANDLE, _INT, _HANDLE)
char_matrix = _bound("FPDFText_GetMatrix", _INT, _HANDLE, _INT, _HANDLE)
char_origin = _bound("FPDFText_GetCharOrigin", _INT, _HANDLE, _INT, _HANDLE, _HANDLE)
page_text = _bound("FPDFText_GetText", _INT, _HANDLE, _INT, _INT, _HANDLE)

text_font = _bound("FPDFTextObj_GetFont", _HANDLE, _HANDLE)
text_size = _bound("FPDFTextObj_GetFontSize", _INT, _HANDLE, _HANDLE)
font_ascent = _bound("FPDFFont_GetAscent", _INT, _HANDLE, _FLOAT, _HANDLE)
font_descent = _bound("FPDFFont_GetDescent", _INT, _HANDLE, _FLOAT, _HANDLE)
font_glyph_width = _bound("FPDFFont_GetGlyphWidth", _INT, _HANDLE, _UINT, _FLOAT, _HANDLE)

page_count_objects = _bound("FPDFPage_CountObjects", _INT, _HANDLE)
page_object = _bound("FPDFPage_GetObject", _HANDLE, _HANDLE, _INT)
form_count_objects = _bound("FPDFFormObj_CountObjects", _INT, _HANDLE)
form_object = _bound("FPDFFormObj_GetObject", _HANDLE, _HANDLE, ctypes.c_ulong)
object_type = _bound("FPDFPageObj_GetType", _INT, _HANDLE)
object_matrix = _bound("FPDFPageObj_GetMatrix", _INT, _HANDLE, _HANDLE)
object_bounds = _bound("FPDFPageObj_GetBounds", _INT, _HANDLE, *_COLOUR)
object_fill = _bound("FPDFPageObj_GetFillColor", _INT, _HANDLE, *_COLOUR)
object_stroke = _bound("FPDFPageObj_GetStrokeColor", _INT, _HANDLE, *_COLOUR)

path_mode = _bound("FPDFPath_GetDrawMode", _INT, _HANDLE, _HANDLE, _HANDLE)
path_count = _bound("FPDFPath_CountSegments", _INT, _HANDLE)
path_segment = _bound("FPDFPath_GetPathSegment", _HANDLE, _HANDLE, _INT)
segment_point = _bound("FPDFPathSegment_GetPoint", _INT, _HANDLE, _HANDLE, _HANDLE)
segment_type = _bound("FPDFPathSegment_GetType", _INT, _HANDLE)
segment_close = _bound("FPDFPathSegment_GetClose", _INT, _HANDLE)

#: a, b, c, d, e, f of x' = ax + cy + e, y' = bx + dy + f.
Matrix = tuple[float, float, float, float, float, float]


class Floats:
    """Room for the numbers that calls write, ``each`` at a time, read back as tuples."""

    form = "f"

    def __init__(self, each: int, count: int = 1) -> None:
        self._form = struct.Struct(f"{each}{self.form}")
        self._size = self._form.size
        self._count = count
        self._buffer = ctypes.create_string_buffer(self._size * count)
        self.address = ctypes.addressof(self._buffer)

    def addresses(self) -> range:
        """Where the floats of each one go."""
        return range(self.address, self.address + self._size * self._count, self._size)

    def tuples(self) -> Iterator[tuple[float, ...]]:
        """The floats of each one in order."""
        return self._form.iter_unpack(self._buffer)

    def first(self) -> tuple[float, ...]:
        """The floats of the first one."""
        return self._form.unpack_from(self._buffer)


class Doubles(Floats):
    """The same in double precision."""

    form = "d"


class _Channels:
    """Room for the red, green, blue and alpha of colours."""

    def __init__(self, count: int) -> None:
        self._buffer = (ctypes.c_uint * (4 * max(count, 1)))()
        start, end = ctypes.addressof(self._buffer), 16 * count
        self.addresses = [range(start + 4 * k, start + 4 * k + end, 16) for k in range(4)]

    def colours(self, known: Sequence[int]) -> list[Colour | None]:
        values = list(self._buffer)
        return [
            (values[4 * k] / 255, values[4 * k + 1] / 255, values[4 * k + 2] / 255) if is_known else None
            for k, is_known in enumerate(known)
        ]


#: Red, green and blue from 0 to 1.
Colour = tuple[float, float, float]


def colours(call: Callable[..., int], objects: Sequence[Handle]) -> list[Colour | None]:
    """The fill or stroke colour (``call``) of each object; None where it has none that can be told."""
    channels = _Channels(len(objects))
    known = list(map(call, objects, *channels.addresses))
    return channels.colours(known)


def for_each(
    call: Callable[..., Any], handle: Handle, indices: Iterable[int], *more: Iterable[int]
) -> list[Any]:
    """``call(handle, index, ...)`` for all indices."""
    return list(map(call, repeat(handle), indices, *more))


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
