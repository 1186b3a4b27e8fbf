"""One site, walked: its lists, their pages, the articles they lead to, the files these hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.acquisition.addresses import absolute, file_name
from pipelines.acquisition.archives import Allowance, unpack
from pipelines.acquisition.clock import Clock, stamp
from pipelines.acquisition.content import CALLED, KEPT, READ, kind_of
from pipelines.acquisition.fetching import Fetched, Fetcher
from pipelines.acquisition.journal import (
    MEMBER,
    REPLACED,
    Entry,
    Known,
    Memory,
    Result,
    Role,
)
from pipelines.acquisition.ledger import Ledger, known_of
from pipelines.acquisition.pages import Link, Page, PageError, read_page
from pipelines.acquisition.sources import ListRule, Site
from pipelines.acquisition.store import Store
from pipelines.acquisition.titles import Said, name_of, oddities

# Files stored between two times that what is known is kept: what a kill can cost is fetching them again.
_SAVED_EVERY = 20


class Walk:
    """One walk through one site. ``record`` takes each entry of the journal, ``save`` keeps the memory."""

    def __init__(
        self,
        site: Site,
        store: Store,
        fetcher: Fetcher,
        memory: Memory,
        clock: Clock,
        record: Callable[[Entry], None],
        save: Callable[[], None],
    ) -> None:
        self._site = site
        self._store = store
        self._fetcher = fetcher
        self._ledger = Ledger(memory, record, clock)
        self._clock = clock
        self._save = save
        self._seen: set[str] = set()
        self._is_complete = True
        self._stored = 0
        fetcher.ask_robots = self._ask_robots

    def run(self) -> bool:
        """Walk all lists. Returns whether every page was seen, so that what is linked nowhere is gone."""
        for rule in self._site.lists:
            self._list(rule)
        if self._is_complete:
            self._mark_unlinked()
        return self._is_complete

    # Pages

    def _list(self, rule: ListRule) -> None:
        page, source = self._page(rule.address, "list", self._site.id)
        if page is None:
            self._is_complete = False
            return
        self._take_from(page, rule)
        for number, address in enumerate(self._further(rule, page, source), start=2):
            if address in self._seen:
                return
            if rule.pages and number > rule.pages.most:
                self._is_complete = False
                return
            # With no count given a list ends where its next page is not there.
            may_end = rule.pages is not None and bool(rule.pages.numbered) and not rule.pages.count
            page, _ = self._page(address, "list", rule.address, may_end=may_end)
            if page is None:
                self._is_complete = self._is_complete and may_end and self._was_end(address)
                return
            self._current = page
            self._take_from(page, rule)

    def _further(self, rule: ListRule, page: Page, source: bytes) -> Iterator[str]:
        """The addresses of a list's further pages; the next link is looked for on the page seen last."""
        pages = rule.pages
        if pages is None:
            return
        self._current = page
        if pages.next:
            while (link := next(iter(self._links(self._current, pages.next)), None)) is not None:
                yield link.address
            return
        last = pages.most
        if pages.count:
            counted = re.search(pages.count, source.decode(page.encoding, "replace"))
            if counted is None or not counted[1].isdigit():
                said = f"the number of pages is not found with {pages.count!r}: only the first was seen"
                self._ledger.tell("list", rule.address, "failed", said)
                self._is_complete = False
                return
            last = int(counted[1])
        for number in range(pages.first, pages.first + last - (1 if pages.count else 0)):
            yield absolute(rule.address, pages.numbered.replace("{n}", str(number)))

    def _was_end(self, address: str) -> bool:
        known = self._ledger.memory.addresses.get(address)
        return known is not None and known.settled == "refused"

    def _page(
        self,
        address: str,
        role: Role,
        asked_from: str,
        *,
        may_end: bool = False,
        as_file: Said | None = None,
    ) -> tuple[Page | None, bytes]:
        """Fetch a page and read it; ``as_file``: what is said of it should it be a file itself."""
        self._seen.add(address)
        known = self._ledger.memory.addresses.get(address)
        fetched = self._fetcher.fetch(address, self._site, role, known)
        if fetched.outcome == "not_modified" and known is not None:
            content = self._store.path_of(known.sha256, "html").read_bytes()
            self._ledger.note(role, address, "same", fetched, asked_from=asked_from, sha256=known.sha256)
            self._ledger.keep(address, replace(known, checked_at=fetched.at, settled="", said=""))
            return self._read(content, known.final_address or address, known.content_type, address), content
        if fetched.outcome == "got" and fetched.file is not None:
            kind = kind_of(fetched.file)
            if kind == "html" or (kind in {"unknown", "text"} and "html" in fetched.header("content-type")):
                return self._store_page(address, role, fetched, known, asked_from)
            if as_file is not None and kind in READ | KEPT | {"zip"}:
                self._got(address, fetched, fetched.file, known, as_file)
                return None, b""
            fetched.file.unlink(missing_ok=True)
            said = f"a page was expected; it is {CALLED[kind]}"
            fetched = replace(fetched, outcome="refused", said=said)
        if may_end and (
            fetched.outcome == "gone" or (fetched.outcome == "resting" and self._was_end(address))
        ):
            self._ledger.note(
                role, address, "end", fetched, said="the list ends before it", asked_from=asked_from
            )
            if fetched.outcome == "gone":
                self._ledger.keep(
                    address, Known(role, fetched.at, settled="refused", said="the list ends before it")
                )
            return None, b""
        self._ledger.not_got(role, address, fetched, known, asked_from)
        return None, b""

    def _store_page(
        self, address: str, role: Role, fetched: Fetched, known: Known | None, asked_from: str
    ) -> tuple[Page | None, bytes]:
        assert fetched.file is not None
        content = fetched.file.read_bytes()
        stored = self._store.put(fetched.file, "html")
        content_type = fetched.header("content-type")
        self._ledger.note(
            role, address, "same" if known and known.sha256 == stored.sha256 else "page", fetched,
            asked_from=asked_from, sha256=stored.sha256, size=stored.size, content="html",
        )  # fmt: skip
        self._ledger.keep(
            address,
            replace(
                known_of(role, fetched, stored.sha256, "html"),
                content_type=content_type,
                final_address=fetched.final_address,
            ),
        )
        if role == "list" and known is not None and known.sha256 not in ("", stored.sha256):
            self._drop_page(known.sha256)
        return self._read(content, fetched.final_address or address, content_type, address), content

    def _drop_page(self, sha256: str) -> None:
        if all(known.sha256 != sha256 for known in self._ledger.memory.addresses.values()):
            self._store.drop(sha256, "html")

    def _read(self, content: bytes, address: str, content_type: str, asked: str) -> Page | None:
        try:
            return read_page(content, address, content_type)
        except PageError as error:
            self._ledger.tell("list", asked, "refused", str(error))
            self._is_complete = False
            return None

    def _links(self, page: Page, selector: str) -> Iterator[Link]:
        for link in page.links(selector):
            if isinstance(link, Link):
                yield link

    def _take_from(self, page: Page, rule: ListRule) -> None:
        """Follow a list page's articles, then take its files."""
        if rule.articles is not None:
            for link in self._links(page, rule.articles.selector):
                if link.address not in self._seen and rule.articles.takes(link.address, link.text):
                    self._article(link, page, rule)
        self._files(page, rule, ())

    def _article(self, link: Link, page: Page, rule: ListRule) -> None:
        if rule.files.address and rule.files.takes(link.address, link.text):
            return  # a list that names files and articles alike: it is taken with the files
        said = Said(self._site, rule, (link.text, file_name(link.address, page.encoding)), "", page.address)
        known = self._ledger.memory.addresses.get(link.address)
        if known is not None and known.role == "file":
            self._file(link.address, said)
            return
        article, _ = self._page(link.address, "article", page.address, as_file=said)
        if article is not None:
            self._files(article, rule, (link.text, article.title()))
            return
        known = self._ledger.memory.addresses.get(link.address)
        is_settled = known is not None and (known.settled == "refused" or known.role == "file")
        self._is_complete = self._is_complete and is_settled

    def _files(self, page: Page, rule: ListRule, titles: tuple[str, ...]) -> None:
        day = page.published_at(rule.published or "") if titles or rule.published is None else None
        for found in page.links(rule.files.selector):
            if isinstance(found, str):
                if rule.files.address and re.search(rule.files.address, found, re.IGNORECASE):
                    self._ledger.tell("file", page.address, "not_asked", found)
                continue
            if found.address in self._seen or not rule.files.takes(found.address, found.text):
                continue
            said = Said(
                self._site,
                rule,
                (found.text, file_name(found.address, page.encoding), *titles),
                day.isoformat() if day and titles else "",
                page.address,
            )
            self._file(found.address, said)

    # Files

    def _file(self, address: str, said: Said) -> None:
        self._seen.add(address)
        known = self._ledger.memory.addresses.get(address)
        fetched = self._fetcher.fetch(address, self._site, "file", known)
        if fetched.outcome == "got" and fetched.file is not None:
            self._got(address, fetched, fetched.file, known, said)
        elif fetched.outcome == "not_modified" and known is not None:
            self._same(address, fetched, known, said)
        elif fetched.outcome == "gone" and known is not None and known.sha256:
            self._vanished(address, fetched, known, said)
        else:
            self._ledger.not_got("file", address, fetched, known, said.asked_from)

    def _got(self, address: str, fetched: Fetched, file: Path, known: Known | None, said: Said) -> None:
        kind = kind_of(file)
        name = name_of(fetched.header("content-disposition"), said)
        if kind not in READ | KEPT and kind != "zip":
            file.unlink(missing_ok=True)
            why = f"not a document: {name or address} is {CALLED[kind]}"
            self._ledger.not_got(
                "file", address, replace(fetched, outcome="refused", said=why), known, said.asked_from
            )
            return
        before = known.sha256 if known is not None else ""
        stored = self._store.put(file, kind)
        if before == stored.sha256 and known is not None:
            self._same(
                address, fetched, replace(known_of("file", fetched, stored.sha256, kind), name=name), said
            )
            return
        result: Result = "changed" if before else "taken" if kind in READ else "kept"
        words = CALLED[kind] if kind in READ else f"{CALLED[kind]}: kept, not read yet"
        if kind == "zip":
            words = "a ZIP archive: kept, its files are taken out"
        if before:
            words += f"; another file than before ({before[:16]}…), which is kept"
            self._ledger.memory.mark(address, f"{REPLACED} at its address on {fetched.at[:10]}")
        elif not stored.is_new:
            result, words = "same", f"{CALLED[kind]} whose bytes are stored already"
        words += oddities(fetched, kind)
        self._ledger.note(
            "file", address, result, fetched, said=words, asked_from=said.asked_from,
            sha256=stored.sha256, size=stored.size, content=kind, name=name,
        )  # fmt: skip
        self._ledger.keep(address, replace(known_of("file", fetched, stored.sha256, kind), name=name))
        self._ledger.document(stored.sha256, kind, address, fetched.at, name, said)
        if kind == "zip":
            self._unpack(address, stored.path, fetched, said)
        self._stored += 1
        if self._stored % _SAVED_EVERY == 0:
            self._save()

    def _same(self, address: str, fetched: Fetched, known: Known, said: Said) -> None:
        before = self._ledger.memory.addresses.get(address)
        is_back = before is not None and before.settled in {"vanished", "unlinked"}
        words = f"there again; it was not on {before.gone_since[:10]}" if is_back and before else ""
        self._ledger.note(
            "file", address, "back" if is_back else "same", fetched, said=words, asked_from=said.asked_from,
            sha256=known.sha256, content=known.content, name=known.name,
        )  # fmt: skip
        etag, modified = fetched.header("etag"), fetched.header("last-modified")
        self._ledger.keep(
            address,
            replace(
                known, checked_at=fetched.at, settled="", said="", gone_since="",
                etag=etag or known.etag, last_modified=modified or known.last_modified,
            ),
        )  # fmt: skip
        for document in self._ledger.memory.of_file(address):
            # What the register of sites says may have changed since.
            if document.address == address and document.sha256 == known.sha256:
                self._ledger.describe_again(document, said)
            elif document.address != address and not document.is_replaced:
                inner = document.address.split(MEMBER, 1)[1]
                self._ledger.describe_again(document, replace(said, texts=(inner, *said.texts)))

    def _vanished(self, address: str, fetched: Fetched, known: Known, said: Said) -> None:
        since = known.gone_since or fetched.at
        words = f"{fetched.said}; it was there until {known.checked_at[:10]} and is kept"
        if known.settled == "vanished":
            words = f"still not there (since {since[:10]})"
        result: Result = "same" if known.settled == "vanished" else "vanished"
        self._ledger.note(
            "file", address, result, fetched, said=words, asked_from=said.asked_from, sha256=known.sha256
        )
        self._ledger.keep(
            address,
            replace(known, checked_at=fetched.at, settled="vanished", said=fetched.said, gone_since=since),
        )
        self._ledger.memory.mark(address, f"not at its address since {since[:10]}")

    def _mark_unlinked(self) -> None:
        at = stamp(self._clock.now())
        for address, known in sorted(self._ledger.memory.addresses.items()):
            if known.role == "file" and known.sha256 and not known.settled and address not in self._seen:
                said = "no page of the site's lists links to it any more; it is kept"
                self._ledger.tell("file", address, "unlinked", said)
                self._ledger.keep(address, replace(known, settled="unlinked", said=said, gone_since=at))
                self._ledger.memory.mark(address, f"linked nowhere since {at[:10]}")

    def _unpack(self, address: str, archive: Path, fetched: Fetched, said: Said) -> None:
        limits = self._site.limits
        allowance = Allowance(limits.archive_files, int(limits.archive_mb * 2**20), limits.archive_depth)
        number = iter(range(limits.archive_files + 1))

        def new_file() -> Path:
            return self._store.partial(f"{self._site.id}.member.{next(number)}")

        for member in unpack(archive, allowance, new_file):
            inner = f"{address}{MEMBER}{member.name}" if member.name else address
            if member.path is None:
                self._ledger.tell(
                    "member",
                    inner,
                    "refused",
                    f"the archive's file {member.problem}"
                    if member.name
                    else f"the archive {member.problem}: kept whole, not taken apart further",
                    address,
                )
                continue
            kind = kind_of(member.path)
            if kind not in READ | KEPT and kind != "zip":
                member.path.unlink()
                self._ledger.tell(
                    "member", inner, "refused", f"not a document: it is {CALLED[kind]}", address
                )
                continue
            if kind == "zip":
                continue  # its files follow; the archive it lies in is kept whole
            stored = self._store.put(member.path, kind)
            result: Result = "same" if not stored.is_new else "taken" if kind in READ else "kept"
            name = member.name.rsplit("/", 1)[-1]
            words = f"{CALLED[kind]}, out of an archive"
            self._ledger.record(
                Entry(fetched.at, "member", inner, result, words, asked_from=address,
                      sha256=stored.sha256, size=stored.size, content=kind, name=name)
            )  # fmt: skip
            of_member = replace(said, texts=(member.name, *said.texts))
            self._ledger.document(stored.sha256, kind, inner, fetched.at, name, of_member)
        for leftover in self._store.partial("").glob(f"{self._site.id}.member.*"):
            leftover.unlink()

    # Robots

    def _ask_robots(self, address: str, site: Site) -> None:
        known = self._ledger.memory.addresses.get(address)
        if known is not None and not (known.settled or self._store.holds(known.sha256, "text")):
            known = None
        fetched = self._fetcher.fetch(address, site, "robots", known)
        rests = fetched.outcome == "resting"
        self._fetcher.learn(address, fetched, known)
        if fetched.file is not None:
            stored = self._store.put(fetched.file, "text")
            self._ledger.note("robots", address, "page", fetched, sha256=stored.sha256, size=stored.size)
            self._ledger.keep(address, known_of("robots", fetched, stored.sha256, "text"))
        elif fetched.outcome == "not_modified" and known is not None:
            self._ledger.note("robots", address, "same", fetched, sha256=known.sha256)
            self._ledger.keep(address, replace(known, checked_at=fetched.at))
        elif fetched.outcome == "failed":
            self._ledger.note("robots", address, "failed", fetched)
        elif fetched.outcome == "refused" and fetched.status is None:
            self._ledger.note("robots", address, "refused", fetched)
        elif not rests:
            said = f"{fetched.said}: all may be asked"
            self._ledger.note("robots", address, "page", fetched, said=said)
            self._ledger.keep(address, Known("robots", fetched.at, settled="refused", said=fetched.said))
