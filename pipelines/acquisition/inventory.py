"""What lies in a raw folder: every PDF at any depth, its content hash, what the register says.

Hashing reads whole files, so hashes are kept between runs beside size and time of change; a file
with the same path, size and time is not read again. The register is joined here, and its
disagreements with the folder are reported: rows naming files that are not there, hashes that differ.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.acquisition.model import FoundFile, Inventory, RegisteredDocument, RegisterProblem
from pipelines.acquisition.register import read_register, read_registers
from pipelines.acquisition.review import read_review

# A file touched this recently may still be written to within the clock's grain: hash it again next time.
SETTLED_NS = 2_000_000_000


def take_inventory(root: Path, *, cache: Path | None = None, register: Path | None = None) -> Inventory:
    """List the PDFs under ``root`` with their hashes, what the register says and what people decided of them.

    ``cache`` is a file that keeps hashes between calls. A missing ``root`` raises
    ``FileNotFoundError``; a folder or file that cannot be opened, or whose name is not UTF-8, is
    reported and left out.
    """
    if not root.is_dir():
        raise FileNotFoundError(f"there is no folder {root}")
    known = _load_cache(cache)
    registered, problems = read_register(register) if register else read_registers(root)
    reported = list(problems)
    review = read_review(root)
    files: list[FoundFile] = []
    hashes: dict[str, list[object]] = {}

    def report(place: str, error: OSError) -> None:
        message = f"{place} cannot be opened: {error.strerror or error}"
        reported.append(RegisterProblem(None, message))

    def report_folder(error: OSError) -> None:
        report(_shown(os.path.relpath(error.filename, root)), error)

    for path in find_pdfs(root, on_error=report_folder):
        source_path = path.relative_to(root).as_posix()
        if (shown := _shown(source_path)) != source_path:
            # Names out of old archives are often in GBK; neither JSON nor Parquet can hold them.
            reported.append(
                RegisterProblem(None, f"{shown} is not named in UTF-8: rename it to have it read")
            )
            continue
        try:
            stat = path.stat()
            cached = known.get(source_path)
            if cached is not None and cached[:2] == [stat.st_size, stat.st_mtime_ns]:
                sha256 = str(cached[2])
            else:
                sha256 = hash_file(path)
        except OSError as error:
            report(source_path, error)
            continue
        if time.time_ns() - stat.st_mtime_ns > SETTLED_NS:
            hashes[source_path] = [stat.st_size, stat.st_mtime_ns, sha256]
        entry = _registered(registered, source_path)
        if entry.sha256 and entry.sha256 != sha256:
            differs = f"registered with SHA-256 {entry.sha256[:16]}…, the file has {sha256[:16]}…"
            reported.append(RegisterProblem(None, f"{source_path}: {differs}"))
        reviewed = review.of(sha256[:16])
        files.append(
            FoundFile(source_path, sha256[:16], sha256, stat.st_size, stat.st_mtime_ns, entry, reviewed)
        )
    there = {_nfc(file.source_path) for file in files}
    reported.extend(
        RegisterProblem(None, f"{path} is registered but not in the folder")
        for path in sorted(registered)
        if _nfc(path) not in there
    )
    _save_cache(cache, hashes)
    return Inventory(root, tuple(files), tuple(reported), review.decisions, review.problems)


def find_pdfs(root: Path, *, on_error: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Every ``*.pdf`` (any case) under ``root`` at any depth, sorted by path; hidden folders are left out.

    A link that leads nowhere is among them, so that its reader notices; a folder that cannot be listed
    is told to ``on_error``.
    """
    found: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=on_error, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found.extend(
            path
            for path in (Path(folder, name) for name in names)
            if path.name.lower().endswith(".pdf")
            and not path.name.startswith(".")
            and (path.is_file() or not path.exists())
        )
    yield from sorted(found, key=lambda path: path.relative_to(root).as_posix())


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes as 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _registered(register: dict[str, RegisteredDocument], source_path: str) -> RegisteredDocument:
    entry = register.get(source_path) or register.get(_nfc(source_path))
    return replace(entry, path=source_path) if entry else RegisteredDocument(path=source_path)


def _shown(source_path: str) -> str:
    """A path that can be printed and stored: bytes that are not UTF-8 are spelt out."""
    return os.fsencode(source_path).decode("utf-8", "backslashreplace")


def _nfc(text: str) -> str:
    # A folder copied over from macOS has decomposed names; the register was typed composed.
    return unicodedata.normalize("NFC", text)


def _load_cache(cache: Path | None) -> dict[str, list[object]]:
    if cache is None or not cache.is_file():
        return {}
    try:
        content = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # a cache that cannot be read costs time, nothing else
    return {str(key): list(value) for key, value in content.items()} if isinstance(content, dict) else {}


def _save_cache(cache: Path | None, hashes: dict[str, list[object]]) -> None:
    if cache is None:
        return
    cache.parent.mkdir(parents=True, exist_ok=True)
    # One name, which the next writer takes over from one that was killed; who comes while another writes
    # keeps nothing: it costs time, nothing else.
    temporary = cache.with_name(f"{cache.name}.part")
    with temporary.open("a", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(stream.fileno()), temporary.stat()):
                return
        except OSError:
            return
        stream.truncate(0)
        json.dump(hashes, stream, ensure_ascii=False, indent=0, sort_keys=True)
        stream.flush()
        temporary.replace(cache)
