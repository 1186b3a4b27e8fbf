"""ZIP archives as departments publish them: what they hold, taken out by content and never by name.

Nothing is ever written under a name an archive gives: members go to the store by the hash of their
bytes, so that ``../../`` leads nowhere. Sizes are counted while unpacking, for an archive may lie
about them, and one that unpacks to more than it may is left as it is.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.acquisition.addresses import decoded_path
from pipelines.acquisition.content import kind_of

_CHUNK = 1 << 16
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """A file out of an archive. ``name`` is its path there, the archives it lay in before it.

    ``path`` is where it was unpacked to, ``None`` for one that was not; ``problem`` says why.
    """

    name: str
    path: Path | None
    problem: str = ""


@dataclass(slots=True)
class Allowance:
    """What is left of what an archive with all the archives in it may hold."""

    files: int
    size: int
    depth: int


class _AllowanceError(Exception):
    """An archive holds more than it may."""


def unpack(archive: Path, allowance: Allowance, new_file: Callable[[], Path]) -> Iterator[Member]:
    """The files of a ZIP and of the ZIPs within it, one after the other.

    ``new_file`` gives a path to unpack the next one to; the caller takes it away. What cannot be
    unpacked (encrypted, damaged, a link) is among them with its problem. An archive that holds more than
    ``allowance`` ends with one member without a path, and nothing more of it is unpacked.
    """
    try:
        yield from _unpack(archive, "", allowance, new_file, 1)
    except _AllowanceError as error:
        yield Member("", None, str(error))


def _unpack(
    path: Path, within: str, allowance: Allowance, new_file: Callable[[], Path], depth: int
) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as error:
        yield Member(within.rstrip("/"), None, f"is damaged: {error}")
        return
    with archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            name = within + _name_of(info)
            allowance.files -= 1
            if allowance.files < 0:
                raise _AllowanceError("holds more files than an archive may")
            if stat.S_ISLNK(info.external_attr >> 16):
                yield Member(name, None, "is a link to another file")
                continue
            if info.flag_bits & _ENCRYPTED:
                yield Member(name, None, "is encrypted")
                continue
            unpacked = new_file()
            try:
                _write(archive, info, unpacked, allowance)
            except (
                zipfile.BadZipFile,
                zlib.error,
                EOFError,
                OSError,
                NotImplementedError,
                ValueError,
            ) as error:
                yield Member(name, None, f"cannot be unpacked: {error}")
                continue
            is_archive = kind_of(unpacked) == "zip"  # the caller may move it
            yield Member(name, unpacked)
            if is_archive:
                if depth >= allowance.depth:
                    yield Member(name, None, f"lies {depth} archives deep: kept, not opened")
                else:
                    yield from _unpack(unpacked, f"{name}/", allowance, new_file, depth + 1)


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, to: Path, allowance: Allowance) -> None:
    with archive.open(info) as source, to.open("wb") as target:
        while chunk := source.read(_CHUNK):
            allowance.size -= len(chunk)
            if allowance.size < 0:
                raise _AllowanceError("unpacks to more than an archive may hold")
            target.write(chunk)


def _name_of(info: zipfile.ZipInfo) -> str:
    """A member's own name: archives made on Chinese systems have it in GBK and do not say so."""
    if info.flag_bits & _UTF8_NAME:
        return decoded_path(info.filename.encode("utf-8", "surrogateescape"))
    try:
        return decoded_path(info.filename.encode("cp437"))
    except UnicodeEncodeError:
        return decoded_path(info.filename.encode("utf-8", "surrogateescape"))
