"""From the register of sites to files in the raw folder: what ``juesuan acquire`` and the asset do.

A site's lists are walked page by page, their articles too, and what their rules take is fetched, stored
and registered. One site that fails hinders no other; sites on different hosts are walked side by side.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from pipelines.acquisition.addresses import host_of
from pipelines.acquisition.clock import Clock, SystemClock
from pipelines.acquisition.fetching import Fetcher
from pipelines.acquisition.journal import (
    TROUBLE,
    Entry,
    Journal,
    JournalError,
    Memory,
    Result,
    load_memory,
    save_memory,
)
from pipelines.acquisition.sources import Site, Sources
from pipelines.acquisition.store import Store
from pipelines.acquisition.transfer import Transport
from pipelines.acquisition.walking import Walk

# Hosts spoken to at the same time; each of them has one request at a time.
SIDE_BY_SIDE = 8


@dataclass(slots=True)
class SiteReport:
    """What a run did at one site. ``error`` is empty unless the site could not be walked at all."""

    site: str
    name: str
    counts: Counter[Result] = field(default_factory=Counter)
    troubles: list[Entry] = field(default_factory=list)
    requests: int = 0
    is_complete: bool = False
    error: str = ""

    def add(self, entry: Entry) -> None:
        """Count an entry of the journal; a page that is as it was counts as a page, not as a file."""
        is_page = entry.role in {"robots", "list", "article"} and entry.result == "same"
        self.counts["page" if is_page else entry.result] += 1
        if entry.result in TROUBLE:
            self.troubles.append(entry)


@dataclass(frozen=True, slots=True)
class Acquired:
    """What a run did, site by site, and how many PDFs the register of acquired files holds now."""

    run: str
    sites: tuple[SiteReport, ...]
    registered: int

    @property
    def new(self) -> int:
        """Files stored that were not here before."""
        return sum(
            report.counts["taken"] + report.counts["changed"] + report.counts["kept"] for report in self.sites
        )

    @property
    def has_trouble(self) -> bool:
        """Whether there is something a person should look at."""
        return any(report.error or report.troubles for report in self.sites)

    @property
    def is_failed(self) -> bool:
        """Whether no site gave anything at all."""
        return bool(self.sites) and all(
            report.error or not (report.counts.keys() - {"failed", "refused", "not_asked", "resting"})
            for report in self.sites
        )


def acquire(
    raw: Path,
    sources: Sources,
    sites: Sequence[Site],
    *,
    clock: Clock | None = None,
    transport: Transport | None = None,
    on_site: Callable[[SiteReport], None] = lambda report: None,
) -> Acquired:
    """Bring what the sites publish into ``raw``/acquired.

    ``on_site`` is told of each site as it ends. Raises ``AcquisitionBusyError`` while another
    acquisition is at work in the folder, and ``OSError`` where it cannot be written to.
    """
    clock = clock or SystemClock()
    transport = transport or Transport(
        user_agent=sources.conduct.user_agent, allowed=sources.conduct.networks()
    )
    store = Store(raw)
    with store.lock():
        run = new_run(store, clock, [site.id for site in sites])

        def of_group(group: Sequence[Site]) -> list[SiteReport]:
            fetcher = Fetcher(store, transport, sources.conduct, clock)
            return [_site(site, store, fetcher, clock, run, on_site) for site in group]

        reports: list[SiteReport] = []
        with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE, thread_name_prefix="acquire") as pool:
            for done in as_completed([pool.submit(of_group, group) for group in by_host(sites)]):
                reports.extend(done.result())
        registered = register_all(store)
    return Acquired(run, tuple(sorted(reports, key=lambda report: report.site)), registered)


def by_host(sites: Iterable[Site]) -> list[list[Site]]:
    """Sites in groups that share no host, so that no host is asked by two at once."""
    groups: list[tuple[set[str], list[Site]]] = []
    for site in sorted(sites, key=lambda site: site.id):
        hosts = {*site.hosts, *(host_of(rule.address) for rule in site.lists)}
        joined = [group for group in groups if group[0] & hosts]
        for group in joined:
            groups.remove(group)
        merged = [*(member for group in joined for member in group[1]), site]
        groups.append((hosts.union(*(group[0] for group in joined)), merged))
    return [sorted(members, key=lambda site: site.id) for _, members in groups]


def new_run(store: Store, clock: Clock, sites: Iterable[str]) -> str:
    """A name for a run: when it began, with a number where there has been one in the same second."""
    base = clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    named = list(sites)
    run, number = base, 1
    while any(store.journal(site, run).exists() for site in named):
        number += 1
        run = f"{base}-{number}"
    return run


def register_all(store: Store) -> int:
    """Write the register of all that was ever acquired; rows of a damaged memory stay as they were."""
    memories: list[tuple[str, Memory]] = []
    for path in sorted((store.root / "known").glob("*.json")):
        # Told of by the site's own run; its rows stay as they are.
        with contextlib.suppress(JournalError):
            memories.append((path.stem, load_memory(path)))
    return store.write_register(memories)


def _site(
    site: Site,
    store: Store,
    fetcher: Fetcher,
    clock: Clock,
    run: str,
    on_site: Callable[[SiteReport], None],
) -> SiteReport:
    """Walk one site; whatever goes wrong there is its own report's."""
    report = SiteReport(site.id, site.name)
    journal = Journal(store.journal(site.id, run))
    fetcher.requests = 0
    try:
        memory = load_memory(store.known(site.id))

        def save() -> None:
            save_memory(store.known(site.id), memory)

        def record(entry: Entry) -> None:
            journal.write(entry)
            report.add(entry)

        walk = Walk(site, store, fetcher, memory, clock, record, save)
        try:
            report.is_complete = walk.run()
        finally:
            save()
    except JournalError as error:
        report.error = str(error)
    except OSError as error:
        report.error = f"{error.strerror or error}{f' ({error.filename})' if error.filename else ''}"
    except Exception as error:  # a fault of ours at one site must not take the others with it
        report.error = f"internal error: {type(error).__name__}: {error}"
    finally:
        journal.close()
        report.requests = fetcher.requests
        on_site(report)
    return report
