"""What was fetched by others, taken in: a folder, a ZIP with its register, or a web archive (WARC).

It comes to lie and to be registered as if it had been fetched: by content, once, with where it is from
and a line in the journal, under the name ``offline``. Nothing is asked of the network.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from pipelines.acquisition.acquire import Acquired, SiteReport, new_run, register_all
from pipelines.acquisition.addresses import file_name
from pipelines.acquisition.archives import Allowance, unpack
from pipelines.acquisition.clock import Clock, SystemClock, stamp
from pipelines.acquisition.content import CALLED, KEPT, READ, ContentKind, kind_of
from pipelines.acquisition.journal import (
    MEMBER,
    Document,
    Entry,
    Journal,
    Memory,
    Result,
    kept_headers,
    load_memory,
    save_memory,
)
from pipelines.acquisition.model import RegisteredDocument
from pipelines.acquisition.register import read_register
from pipelines.acquisition.sources import Limits
from pipelines.acquisition.store import SUFFIXES, Store

#: Under what name journal and memory of what was taken in are kept.
OFFLINE = "offline"
REGISTER = "register.csv"
Record = Callable[[Entry], None]
_WARC = (".warc", ".warc.gz")
_CHUNK = 1 << 16


class IntakeError(ValueError):
    """What was to be taken in is no folder, ZIP or WARC, or cannot be read."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file in what is taken in. ``file`` may be moved; ``None``: it could not be had, for ``problem``."""

    address: str
    name: str
    file: Path | None
    problem: str = ""
    registered: RegisteredDocument | None = None
    fetched_at: str = ""
    headers: tuple[tuple[str, str], ...] = ()


def take_in(raw: Path, source: Path, *, clock: Clock | None = None, limits: Limits | None = None) -> Acquired:
    """Take in a folder, ZIP or WARC. Raises ``IntakeError`` and ``AcquisitionBusyError``.

    A ``register.csv`` at its root says what it says of the files; one that cannot be used row by row is
    told of. Pages in a WARC are passed over: the files are what is kept.
    """
    clock, limits = clock or SystemClock(), limits or Limits()
    store = Store(raw)
    report = SiteReport(OFFLINE, source.name)
    with store.lock():
        run = new_run(store, clock, [OFFLINE])
        memory = load_memory(store.known(OFFLINE))
        journal = Journal(store.journal(OFFLINE, run))

        def record(entry: Entry) -> None:
            journal.write(entry)
            report.add(entry)

        at = stamp(clock.now())
        workroom = store.partial("intake")
        shutil.rmtree(workroom, ignore_errors=True)
        workroom.mkdir(parents=True)
        try:
            for found in _found(source, workroom, limits, record, at):
                _take(found, store, memory, record, at)
        finally:
            save_memory(store.known(OFFLINE), memory)
            journal.close()
            shutil.rmtree(workroom, ignore_errors=True)
        report.is_complete = True
        registered = register_all(store)
    return Acquired(run, (report,), registered)


def _take(found: _Found, store: Store, memory: Memory, record: Record, at: str) -> None:
    if found.file is None:
        record(Entry(at, "file", found.address, "refused", found.problem, name=found.name))
        return
    kind = kind_of(found.file)
    if kind not in READ | KEPT:
        found.file.unlink(missing_ok=True)
        said = f"not a document: {found.name or found.address} is {CALLED[kind]}"
        record(Entry(at, "file", found.address, "refused", said, name=found.name, headers=found.headers))
        return
    stored = store.put(found.file, kind)
    result: Result = "same" if not stored.is_new else "taken" if kind in READ else "kept"
    said = CALLED[kind] if kind in READ else f"{CALLED[kind]}: kept, not read yet"
    if not stored.is_new:
        said += ", stored already"
    record(
        Entry(
            at,
            "file",
            found.address,
            result,
            said,
            sha256=stored.sha256,
            size=stored.size,
            content=kind,
            name=found.name,
            headers=found.headers,
        )
    )
    document = _document(found, kind, stored.sha256, at)
    known = memory.get(stored.sha256, document.address)
    memory.put(document if known is None else replace(document, fetched_at=known.fetched_at))


def _document(found: _Found, kind: ContentKind, sha256: str, at: str) -> Document:
    document = Document(sha256, SUFFIXES[kind], found.address, found.fetched_at or at, found.name)
    said = found.registered
    if said is None:
        return document
    return replace(
        document,
        address=said.obtained_from or found.address,
        fetched_at=stamp(said.fetched_at.replace(tzinfo=UTC)) if said.fetched_at else document.fetched_at,
        published_name=said.published_name or found.name,
        region_code=said.region_code,
        department=said.department,
        level=said.level or "",
        fiscal_year=said.fiscal_year,
        kind=said.kind or "",
        part=said.part,
        published_at=said.published_at.isoformat() if said.published_at else "",
        is_synthetic=said.is_synthetic,
    )


def _found(source: Path, workroom: Path, limits: Limits, record: Record, at: str) -> Iterator[_Found]:
    if source.is_dir():
        yield from _in_folder(source, workroom, limits, record, at)
    elif source.is_file() and source.name.lower().endswith(_WARC):
        yield from _in_warc(source, workroom, limits)
    elif source.is_file() and kind_of(source) == "zip":
        yield from _in_zip(source, workroom, limits, record, at, source.name)
    elif not source.exists():
        raise IntakeError(f"there is no {source}")
    else:
        raise IntakeError(f"{source} is no folder, no ZIP and no WARC (.warc, .warc.gz)")


def _in_folder(folder: Path, workroom: Path, limits: Limits, record: Record, at: str) -> Iterator[_Found]:
    said = _register(folder / REGISTER, folder.name, record, at)
    for path in sorted(folder.rglob("*"), key=lambda path: path.as_posix()):
        inner = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or inner == REGISTER or path.name.startswith("."):
            continue
        try:
            copy = Path(shutil.copyfile(path, workroom / "file"))
        except OSError as error:
            yield _Found(f"{folder.name}/{inner}", path.name, None, f"cannot be read: {error.strerror}")
            continue
        if kind_of(copy) == "zip":
            for found in _in_zip(copy, workroom, limits, record, at, f"{folder.name}/{inner}"):
                yield replace(found, registered=found.registered or said.get(inner))
        else:
            yield _Found(f"{folder.name}/{inner}", path.name, copy, registered=said.get(inner))


def _in_zip(
    archive: Path, workroom: Path, limits: Limits, record: Record, at: str, named: str
) -> Iterator[_Found]:
    numbers = iter(range(limits.archive_files + 1))
    allowance = Allowance(limits.archive_files, int(limits.archive_mb * 2**20), limits.archive_depth)
    # All of it first: the register may come last.
    members = list(unpack(archive, allowance, lambda: workroom / str(next(numbers))))
    registers = [member for member in members if member.path and member.name.endswith(REGISTER)]
    register = min(registers, key=lambda member: member.name.count("/"), default=None)
    said: dict[str, RegisteredDocument] = {}
    root = ""
    if register is not None and register.path is not None:
        root = register.name.removesuffix(REGISTER)
        said = _register(register.path, named, record, at)
    for member in members:
        if member is register:
            continue
        inner = f"{named}{MEMBER}{member.name}"
        name = member.name.rsplit("/", 1)[-1]
        if member.path is None:
            yield _Found(inner, name, None, f"{member.problem}")
        elif kind_of(member.path) != "zip":
            registered = said.get(member.name.removeprefix(root))
            yield _Found(inner, name, member.path, registered=registered)


def _in_warc(archive: Path, workroom: Path, limits: Limits) -> Iterator[_Found]:
    """The answers of a web archive that came whole and are files."""
    with archive.open("rb") as stream:
        try:
            for number, record in enumerate(ArchiveIterator(stream), start=1):
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                is_answer = record.rec_type == "response" and record.http_headers is not None
                if not is_answer and record.rec_type != "resource":
                    continue
                if is_answer and record.http_headers.get_statuscode() != "200":
                    continue
                yield from _in_record(record, number, address, workroom, limits)
        except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            yield _Found(archive.name, archive.name, None, f"the web archive is damaged: {error}")


def _in_record(
    record: ArcWarcRecord, number: int, address: str, workroom: Path, limits: Limits
) -> Iterator[_Found]:
    copy = workroom / str(number)
    size, most = 0, int(limits.file_mb * 2**20)
    with copy.open("wb") as target:
        while chunk := record.content_stream().read(_CHUNK):
            size += len(chunk)
            if size > most:
                break
            target.write(chunk)
    name = file_name(address) if "://" in address else address
    if size > most:
        copy.unlink()
        yield _Found(address, name, None, f"larger than {limits.file_mb:g} MB")
        return
    if kind_of(copy) in {"html", "text", "unknown", "empty"}:
        copy.unlink()  # pages and what belongs to them
        return
    headers: list[tuple[str, str]] = []
    if record.http_headers is not None:
        headers = record.http_headers.headers
    yield _Found(
        address, name, copy, fetched_at=_moment(record.rec_headers.get_header("WARC-Date")),
        headers=kept_headers(headers),
    )  # fmt: skip


def _moment(text: str | None) -> str:
    with suppress(ValueError, TypeError):
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
        return stamp(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return ""


def _register(path: Path, name: str, record: Record, at: str) -> dict[str, RegisteredDocument]:
    said, problems = read_register(path)
    for problem in problems:
        record(Entry(at, "file", f"{name}/{REGISTER}", "refused", problem.said(), name=REGISTER))
    return said
