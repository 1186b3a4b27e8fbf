"""One HTTP request and its answer: bounded in time and size, to an address that was checked.

A request goes to an IP address looked up and checked just before (``hosts``); the name is only in the
``Host`` header and in the certificate that is asked for, so a name server cannot send it elsewhere
between check and connection. Environment variables for proxies are not heeded, for a proxy would look
names up itself. Every transfer is over when its time is, however slowly the bytes come.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from pipelines.acquisition.addresses import host_of, port_of
from pipelines.acquisition.hosts import HostRefusedError, Network, Resolver, checked_addresses, look_up

_CHUNK = 1 << 16
# Why a transfer failed: what may pass by itself, and what will not.
PASSING = frozenset({"no_name", "no_connection", "silent", "too_slow", "cut_off"})
Problem = Literal[
    "", "refused_address", "no_name", "no_connection", "certificate", "silent", "too_slow", "cut_off",
    "too_large", "not_http",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one transfer may take: seconds to connect, without a byte, for the whole; bytes of the body."""

    connect_seconds: float
    silent_seconds: float
    whole_seconds: float
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request. ``size`` counts what lies in the file now, resumed bytes with it.

    ``problem`` is empty for an answer that came whole, whatever its status; ``said`` is in words.
    """

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    size: int = 0
    problem: Problem = ""
    said: str = ""

    def header(self, name: str) -> str:
        """The first header of that name, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")


class Timer(Protocol):
    """Calls something when its time is over, in a thread of its own, unless it is cancelled before."""

    def start(self) -> None:
        """Begin to count."""

    def cancel(self) -> None:
        """Do not call."""


TimerMaker = Callable[[float, Callable[[], None]], Timer]


class _Watch:
    """Ends the connection of one transfer when its time is over, whatever it is doing."""

    def __init__(self, seconds: float, timer: TimerMaker) -> None:
        self.is_over = False
        self._sockets: list[socket.socket] = []
        self._timer = timer(seconds, self._end)

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        for sock in self._sockets:
            sock.close()

    def over(self, sock: socket.socket) -> None:
        """Watch over a connection; the copy of its socket outlives what TLS and http.client do with it."""
        self._sockets.append(sock.dup())

    def _end(self) -> None:
        self.is_over = True
        for sock in self._sockets:
            # Whoever reads from it in another thread sees the end of the stream.
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class Transport:
    """Sends requests, one connection each."""

    def __init__(
        self,
        *,
        user_agent: str,
        resolver: Resolver = look_up,
        allowed: Sequence[Network] = (),
        certificates: ssl.SSLContext | None = None,
        timer: TimerMaker = threading.Timer,
    ) -> None:
        self._user_agent = user_agent
        self._resolver = resolver
        self._allowed = tuple(allowed)
        self._certificates = certificates
        self._timer = timer

    def get(self, address: str, *, to: Path, bounds: Bounds, sent: Mapping[str, str]) -> Answer:
        """Ask for an address and write the answer's body to ``to``; never raises for what the web does.

        Only the body of a 200 or 206 is written: a 206 is added to what ``to`` holds, if it goes on
        exactly there, anything else replaces it. ``to`` is left as it was where no such answer came, and
        holds the beginning where one was cut off.
        """
        host, port = host_of(address), port_of(address)
        try:
            addresses = checked_addresses(host, port, resolver=self._resolver, allowed=self._allowed)
        except HostRefusedError as error:
            return Answer(problem="refused_address", said=str(error))
        except (OSError, UnicodeError) as error:
            return Answer(problem="no_name", said=f"the name {host} is not known: {_words(error)}")
        answer = Answer(problem="no_connection", said=f"{host} does not answer")
        with _Watch(bounds.whole_seconds, self._timer) as watch:
            for ip in addresses:
                answer = self._get(ip, address, to, bounds, sent, watch)
                if answer.problem != "no_connection" or watch.is_over:
                    break
        if watch.is_over and answer.problem in {
            "no_connection",
            "silent",
            "cut_off",
            "not_http",
            "certificate",
        }:
            return _over(answer, bounds)
        return answer

    def _get(
        self, ip: str, address: str, to: Path, bounds: Bounds, sent: Mapping[str, str], watch: _Watch
    ) -> Answer:
        parts = urlsplit(address)
        headers = {
            "Host": parts.netloc,
            "User-Agent": self._user_agent,
            "Accept-Encoding": "identity",
            "Connection": "close",
            **sent,
        }
        timeout = urllib3.Timeout(connect=bounds.connect_seconds, read=bounds.silent_seconds)
        with self._pool(parts.scheme, parts.hostname or "", ip, port_of(address), watch) as pool:
            try:
                response = pool.urlopen(
                    "GET",
                    parts.path + (f"?{parts.query}" if parts.query else ""),
                    headers=headers,
                    retries=False,
                    redirect=False,
                    timeout=timeout,
                    preload_content=False,
                    assert_same_host=False,
                )
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                return _failed(error, bounds)
            try:
                return _receive(response, to, bounds, watch)
            finally:
                response.close()

    def _pool(self, scheme: str, host: str, ip: str, port: int, watch: _Watch) -> urllib3.HTTPConnectionPool:
        if scheme == "http":
            plain = urllib3.HTTPConnectionPool(ip, port, maxsize=1)
            plain.ConnectionCls = _watched(HTTPConnection, watch)
            return plain
        secure = urllib3.HTTPSConnectionPool(
            ip,
            port,
            maxsize=1,
            server_hostname=host,
            assert_hostname=host,
            ssl_context=self._certificates or ssl.create_default_context(),
        )
        secure.ConnectionCls = _watched(HTTPSConnection, watch)
        return secure


def _watched(kind: type[Any], watch: _Watch) -> Any:
    class Watched(kind):  # type: ignore[misc]
        """A connection that its watch can end."""

        def _new_conn(self) -> socket.socket:
            sock: socket.socket = super()._new_conn()
            watch.over(sock)
            return sock

    return Watched


def _receive(response: urllib3.BaseHTTPResponse, to: Path, bounds: Bounds, watch: _Watch) -> Answer:
    headers = tuple((str(name), str(value)) for name, value in response.headers.items())
    answer = Answer(response.status, headers)
    if response.status not in (200, 206):
        return answer
    held = to.stat().st_size if to.is_file() else 0
    if response.status == 206 and not _goes_on(answer.header("content-range"), held):
        return Answer(206, headers, held, "not_http", "the server sent another part than was asked for")
    size = held if response.status == 206 else 0
    declared = answer.header("content-length")
    if declared.isdigit() and size + int(declared) > bounds.size:
        return Answer(response.status, headers, 0, "too_large", _large(bounds))
    with to.open("ab" if response.status == 206 else "wb") as target:
        while True:
            try:
                chunk = response.read1(_CHUNK, decode_content=True)
            except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
                target.flush()
                failed = _failed(error, bounds)
                if watch.is_over:
                    failed = _over(failed, bounds)
                problem = "cut_off" if failed.problem == "no_connection" else failed.problem
                return Answer(response.status, headers, size, problem, failed.said)
            if not chunk:
                break
            size += len(chunk)
            if size > bounds.size:
                return Answer(response.status, headers, 0, "too_large", _large(bounds))
            target.write(chunk)
    if watch.is_over:
        # An answer without a length ends like one that was ended.
        return _over(Answer(response.status, headers, size), bounds)
    return Answer(response.status, headers, size)


def _goes_on(content_range: str, held: int) -> bool:
    return content_range.replace(" ", "").lower().startswith(f"bytes{held}-") and held > 0


def _failed(error: Exception, bounds: Bounds) -> Answer:
    if isinstance(error, urllib3.exceptions.ConnectTimeoutError):
        said = f"no connection within {bounds.connect_seconds:g} seconds"
        return Answer(problem="no_connection", said=said)
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return Answer(problem="silent", said=f"not a byte for {bounds.silent_seconds:g} seconds")
    if isinstance(error, urllib3.exceptions.SSLError | ssl.SSLError):
        return Answer(problem="certificate", said=f"no trusted connection: {_words(error)}")
    if isinstance(error, urllib3.exceptions.NewConnectionError | OSError):
        return Answer(problem="no_connection", said=f"no connection: {_words(error)}")
    if isinstance(error, urllib3.exceptions.ProtocolError):
        return Answer(problem="cut_off", said=f"the answer was cut off: {_words(error)}")
    return Answer(problem="not_http", said=f"the answer is not HTTP as it should be: {_words(error)}")


def _over(answer: Answer, bounds: Bounds) -> Answer:
    said = f"not whole after {bounds.whole_seconds:g} seconds"
    return Answer(answer.status, answer.headers, answer.size, "too_slow", said)


def _large(bounds: Bounds) -> str:
    return f"larger than {bounds.size / 2**20:g} MB"


def _words(error: BaseException) -> str:
    """An exception in one line, without the names of classes and objects in memory."""
    reason: Any = getattr(error, "reason", None) or (error.args[-1] if error.args else error)
    while isinstance(reason, BaseException):
        reason = getattr(reason, "strerror", None) or (reason.args[-1] if reason.args else str(reason))
    return str(reason).split("object at 0x")[0][:200]
