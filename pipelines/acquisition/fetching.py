"""Asking a site for an address, as a good guest: robots.txt, pauses, redirects, conditions, tries.

What may pass by itself (no connection, 429, 5xx, an answer cut off) is tried again with growing pauses,
a few times, and a host that goes on failing is left for this run. What will not pass (403, another
host, too large) is not tried again. A transfer that was broken off goes on where it stopped, if the server
can tell that the file is still the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from pipelines.acquisition.addresses import AddressError, absolute
from pipelines.acquisition.clock import Clock, stamp
from pipelines.acquisition.journal import Known, Role
from pipelines.acquisition.robots import SIZE as ROBOTS_SIZE
from pipelines.acquisition.robots import Robots, read_robots
from pipelines.acquisition.sources import Conduct, Limits, Site
from pipelines.acquisition.store import Store
from pipelines.acquisition.transfer import PASSING, Answer, Bounds, Transport

_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_PASSING_STATUS = {408, 425, 429, 500, 502, 503, 504}
# Pause before the second try; twice as long before each further one.
_FIRST_PAUSE = 5.0

Outcome = Literal["got", "not_modified", "gone", "refused", "failed", "not_asked", "resting"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of asking for an address. ``file`` holds the body where the outcome is ``got``."""

    outcome: Outcome
    at: str
    said: str = ""
    file: Path | None = None
    status: int | None = None
    final_address: str = ""
    redirects: tuple[str, ...] = ()
    sent: dict[str, str] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    tries: int = 0

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(slots=True)
class _Host:
    """How it stands with a host in this run."""

    next_at: float = 0.0
    failures: int = 0
    left: str = ""
    pause: float = 0.0


class Fetcher:
    """Asks the hosts of some sites, one request at a time to each host."""

    def __init__(self, store: Store, transport: Transport, conduct: Conduct, clock: Clock) -> None:
        self._store = store
        self._transport = transport
        self._conduct = conduct
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self.robots: dict[str, Robots] = {}
        self.requests = 0
        #: Asks for a robots.txt not seen in this run, and has ``learn`` told of it.
        self.ask_robots: Callable[[str, Site], None] = lambda address, site: None

    def fetch(self, address: str, site: Site, role: Role, known: Known | None) -> Fetched:
        """Ask for an address of a site; with a condition where its content of last time is still here.

        ``known`` is what is known of the address. Never raises for what a site does.
        """
        now = self._clock.now()
        if (
            known is not None
            and known.settled == "refused"
            and (now - _moment(known.checked_at)).total_seconds() < site.limits.ask_again_days * 86400
        ):
            return Fetched("resting", stamp(now), f"refused on {known.checked_at[:10]}: {known.said}")
        conditions: dict[str, str] = {}
        if known is not None and self._store.holds(known.sha256, known.content):
            conditions = _conditions(known)
        return self._follow(address, site, role, conditions)

    def _follow(self, address: str, site: Site, role: Role, conditions: dict[str, str]) -> Fetched:
        hops: list[str] = []
        asked = address
        while True:
            fetched = self._try(asked, site, role, conditions)
            fetched = replace(fetched, redirects=tuple(hops), final_address=asked)
            if hops and fetched.outcome == "not_asked":
                return replace(fetched, outcome="refused", said=f"redirects to {asked}: {fetched.said}")
            if fetched.status not in _REDIRECTS or fetched.outcome != "refused":
                return fetched
            try:
                asked = absolute(asked, _location(fetched.header("location")))
            except AddressError as error:
                return replace(fetched, said=f"redirects to where nothing can be asked: {error}")
            if len(hops) >= site.limits.redirects or asked in hops or asked == address:
                said = f"redirects too often or in a ring ({len(hops) + 1} times, then to {asked})"
                return replace(fetched, said=said)
            hops.append(asked)

    def _try(self, address: str, site: Site, role: Role, conditions: dict[str, str]) -> Fetched:
        """One address without its redirects, as often as the failure may pass."""
        if role != "robots" and self._conduct.robots and site.may_visit(address):
            rules = robots_address(address)
            if rules not in self.robots and not self._host(address).left:
                self.ask_robots(rules, site)
        refused = self._refusal(address, site, role)
        if refused is not None:
            return refused
        host = self._host(address)
        partial = _Partial(self._store, address)
        fetched = Fetched("failed", stamp(self._clock.now()))
        for tried in range(1, site.limits.tries + 1):
            self._wait(host)
            self.requests += 1
            sent = partial.conditions() or dict(conditions)
            answer = self._transport.get(
                address, to=partial.file, bounds=_bounds(site.limits, role), sent=sent
            )
            host.next_at = self._clock.monotonic() + max(site.limits.seconds_between, host.pause)
            fetched = self._judge(answer, partial, sent, tried)
            if fetched.outcome != "failed":
                host.failures = 0
                return fetched
            host.failures += 1
            pause = _retry_after(answer, self._clock.now())
            if pause is not None and pause > site.limits.wait_seconds:
                host.left = f"asked to be left alone for {pause:g} seconds"
                return replace(fetched, said=f"{fetched.said}; the host {host.left}")
            if host.failures >= site.limits.failures:
                host.left = f"did not answer {host.failures} times in a row"
                return replace(fetched, said=f"{fetched.said}; the host {host.left} and is left for this run")
            # A transfer that took all its time goes on at the next run, not at once.
            if answer.problem == "too_slow":
                return fetched
            if tried < site.limits.tries:
                longest = site.limits.wait_seconds
                wait = min(pause if pause is not None else _FIRST_PAUSE * 2 ** (tried - 1), longest)
                host.next_at = self._clock.monotonic() + wait
        return fetched

    def _judge(self, answer: Answer, partial: _Partial, sent: dict[str, str], tried: int) -> Fetched:
        """What an answer means; takes care of the broken-off file."""
        made = Fetched(
            "got",
            stamp(self._clock.now()),
            status=answer.status,
            sent=sent,
            headers=answer.headers,
            tries=tried,
        )
        if answer.problem:
            passing = answer.problem in PASSING
            if passing and answer.status in (200, 206):
                partial.keep(answer)
            elif not (passing and partial.is_kept):
                partial.drop()
            if answer.problem == "not_http" and answer.status == 206:
                passing = True  # asked again from its beginning
            return replace(made, outcome="failed" if passing else "refused", said=answer.said)
        status = answer.status or 0
        if status in (200, 206):
            partial.done()
            return replace(made, file=partial.file)
        if status == 416 and "Range" in sent:
            partial.drop()
            return replace(made, outcome="failed", said="the rest of a file was not to be had; begun again")
        if status == 304:
            return replace(made, outcome="not_modified")
        if status in _PASSING_STATUS:
            return replace(made, outcome="failed", said=f"the server answers {_status_said(status)}")
        partial.drop()
        if status in _GONE:
            return replace(made, outcome="gone", said=f"the server answers {_status_said(status)}")
        return replace(made, outcome="refused", said=f"the server answers {_status_said(status)}")

    def _refusal(self, address: str, site: Site, role: Role) -> Fetched | None:
        """Why an address is not asked for, if it is not."""
        at = stamp(self._clock.now())
        if not site.may_visit(address):
            said = f"{urlsplit(address).netloc} is not among the hosts of site {site.id}"
            return Fetched("not_asked", at, said)
        host = self._host(address)
        if host.left:
            return Fetched("failed", at, f"not asked: the host {host.left}")
        if self.requests >= site.limits.requests:
            return Fetched("failed", at, f"not asked: {self.requests} requests were made in this run")
        if role == "robots" or not self._conduct.robots:
            return None
        robots = self.robots.get(robots_address(address))
        if robots is not None and not robots.allows(address, self._conduct.user_agent):
            if robots.everything is False:
                return Fetched("failed" if robots.may_pass else "refused", at, robots.said)
            return Fetched("not_asked", at, "the host's robots.txt asks not to fetch it")
        return None

    def learn(self, address: str, fetched: Fetched, known: Known | None) -> Robots:
        """Take over a host's robots.txt from what came of asking for it."""
        content = b""
        if fetched.file is not None:
            content = fetched.file.read_bytes()
        elif fetched.outcome == "not_modified" and known is not None:
            content = self._store.path_of(known.sha256, "text").read_bytes()
        if fetched.outcome in {"got", "not_modified"}:
            robots = read_robots(content)
        elif fetched.outcome == "failed" or (fetched.outcome == "refused" and fetched.status is None):
            said = f"not asked, for robots.txt could not be had: {fetched.said}"
            robots = Robots(everything=False, said=said, may_pass=fetched.outcome == "failed")
        else:
            robots = Robots(everything=True)
        self.robots[address] = robots
        host = self._host(address)
        host.pause = robots.seconds_between(self._conduct.user_agent)
        host.next_at = max(host.next_at, self._clock.monotonic() + host.pause)
        return robots

    def _host(self, address: str) -> _Host:
        return self._hosts.setdefault(urlsplit(address).netloc, _Host())

    def _wait(self, host: _Host) -> None:
        seconds = host.next_at - self._clock.monotonic()
        if seconds > 0:
            self._clock.sleep(seconds)


class _Partial:
    """A transfer that may have been broken off before: its bytes, and by what the rest is asked for."""

    def __init__(self, store: Store, address: str) -> None:
        name = hashlib.sha256(address.encode()).hexdigest()[:32]
        self.file = store.partial(name)
        self._about = store.partial(f"{name}.json")
        if not self._about.is_file():
            self.file.unlink(missing_ok=True)

    @property
    def is_kept(self) -> bool:
        """Whether there is a beginning to go on from."""
        return self._about.is_file() and self.file.is_file() and self.file.stat().st_size > 0

    def conditions(self) -> dict[str, str]:
        """The headers that ask for the rest; none where there is no beginning."""
        if not self.is_kept:
            return {}
        about = json.loads(self._about.read_text(encoding="utf-8"))
        return {"Range": f"bytes={self.file.stat().st_size}-", "If-Range": about["validator"]}

    def keep(self, answer: Answer) -> None:
        """Keep the beginning, if the server will be able to tell that the file is still the same."""
        etag = answer.header("etag")
        validator = etag if etag and not etag.startswith("W/") else answer.header("last-modified")
        is_begun = self.file.is_file() and self.file.stat().st_size > 0
        if answer.header("content-encoding") not in ("", "identity") or not validator or not is_begun:
            self.drop()
        else:
            self._about.write_text(json.dumps({"validator": validator}), encoding="utf-8")

    def done(self) -> None:
        """The file is whole."""
        self._about.unlink(missing_ok=True)

    def drop(self) -> None:
        """Begin anew next time."""
        self._about.unlink(missing_ok=True)
        self.file.unlink(missing_ok=True)


def robots_address(address: str) -> str:
    """Where the robots.txt of an address's host lies."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def _conditions(known: Known) -> dict[str, str]:
    conditions = {}
    if known.etag:
        conditions["If-None-Match"] = known.etag
    if known.last_modified:
        conditions["If-Modified-Since"] = known.last_modified
    return conditions


def _bounds(limits: Limits, role: Role) -> Bounds:
    size = {"file": limits.file_mb * 2**20, "robots": 2 * ROBOTS_SIZE}.get(role, limits.page_mb * 2**20)
    return Bounds(limits.connect_seconds, limits.silent_seconds, limits.whole_seconds, int(size))


def _location(value: str) -> str:
    """A ``Location`` header as it was meant: many servers send UTF-8 or GBK in it, read as Latin-1."""
    try:
        raw = value.encode("latin-1")
    except UnicodeEncodeError:
        return value
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value


def _retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds an answer asks to wait; ``None`` where it does not say."""
    text = answer.header("retry-after").strip()
    if not text:
        return None
    if text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


_SAID: Mapping[int, str] = {
    401: "not without a password", 403: "forbidden", 404: "not found", 410: "gone for good",
    429: "too many requests", 451: "withheld for legal reasons", 500: "internal error",
    502: "bad gateway", 503: "not available now", 504: "gateway time-out",
}  # fmt: skip


def _status_said(status: int) -> str:
    return f"{status} ({_SAID[status]})" if status in _SAID else str(status)
