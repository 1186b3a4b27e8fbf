"""Streams are unpacked no further than any page of text needs, and in time that grows with their size.

pdfminer unpacks whatever comes, at once: a kilobyte can become gigabytes. Where the packed bytes are damaged
it goes on byte by byte and copies all it has for each of them.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from pdfminer import pdftypes
from pdfminer.lzw import LZWDecoder

#: The operators of one page, unpacked, take some hundred kilobytes, a font some megabytes; more than this
#: is an attack (bytes).
MOST_CONTENT = 128 * 2**20
_PIECE = 2**20
#: Packed bytes that are damaged are tried so many at a time; what goes wrong then, one by one.
_STRIDE = 1024
#: The checksum at the end of a deflated stream may be wrong (bytes).
_CHECKSUM = 3


class PageTooComplexError(Exception):
    """More on a page than on any page of text."""


def pieces(raw: bytes, unpacker: Any) -> Iterator[bytes]:
    """A deflated stream unpacked piece by piece.

    Raises ``PageTooComplexError`` where it unpacks to more than any page has, ``zlib.error`` for rubbish.
    """
    size = 0
    while not unpacker.eof and raw:
        piece = unpacker.decompress(raw, _PIECE)
        size += len(piece)
        _check(size)
        yield piece
        raw = unpacker.unconsumed_tail


def bound_unpacking() -> None:
    """Make pdfminer unpack with the functions of this module; what they return is what its own do."""
    for name, bounded in (
        ("zlib", _Zlib),
        ("decompress_corrupted", _damaged),
        ("lzwdecode", _lzw),
        ("rldecode", _run_lengths),
    ):
        setattr(pdftypes, name, bounded)


def _check(size: int) -> None:
    if size > MOST_CONTENT:
        raise PageTooComplexError(f"its contents unpack to more than {MOST_CONTENT / 2**20:.0f} MB")


def _joined(parts: Iterable[bytes]) -> bytes:
    found, size = [], 0
    for part in parts:
        size += len(part)
        _check(size)
        found.append(part)
    return b"".join(found)


class _Zlib:
    """What pdfminer uses of ``zlib``."""

    error = zlib.error

    @staticmethod
    def decompress(data: bytes) -> bytes:
        unpacker = zlib.decompressobj()
        content = _joined(pieces(data, unpacker))
        if not unpacker.eof:
            raise zlib.error("incomplete or truncated stream")
        return content


def _damaged(data: bytes) -> bytes:
    """As much of a deflated stream as there is, where no more than its checksum is wrong or it is cut off."""
    unpacker = zlib.decompressobj()
    parts, size = [], 0
    for start in range(0, len(data), _STRIDE):
        stride = data[start : start + _STRIDE]
        before = unpacker.copy()
        try:
            part = unpacker.decompress(stride)
        except zlib.error:
            for k in range(len(stride)):
                try:
                    parts.append(before.decompress(stride[k : k + 1]))
                except zlib.error:
                    if start + k < len(data) - _CHECKSUM:
                        raise
                    break
            break
        size += len(part)
        _check(size)
        parts.append(part)
    return b"".join(parts)


def _lzw(data: bytes) -> bytes:
    return _joined(LZWDecoder(io.BytesIO(data)).run())


def _run_lengths(data: bytes) -> bytes:
    """7.4.5 of ISO 32000-1; a run that is cut off ends it."""
    return _joined(_runs(data))


def _runs(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data) and (length := data[at]) != 128:
        if length < 128:
            yield data[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            yield data[at + 1 : at + 2] * (257 - length)
            at += 2
