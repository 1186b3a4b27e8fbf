"""A server on this machine that plays the sites of governments, well kept and otherwise.

It tells hosts apart by the ``Host`` header, writes down every request, and answers what a test put there.
A resolver leads the names of its hosts to it; nothing else is ever asked.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: A private address that none of the tests' configurations allows.
PRIVATE = "10.11.12.13"
#: The whole time of a transfer that ``trickle`` lets run out.
SLOW = 7.0


@dataclass(frozen=True)
class Response:
    """What is answered. ``send`` writes the body itself; ``validators`` leaves out ETag where it is false."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    validators: bool = True
    ranges: bool = True
    send: Callable[[Any, threading.Event], None] | None = None

    @property
    def etag(self) -> str:
        return self.headers.get("ETag") or f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    host: str
    path: str
    headers: dict[str, str]
    at: float

    @property
    def is_conditional(self) -> bool:
        return bool({"if-none-match", "if-modified-since", "if-range"} & self.headers.keys())


Answer = Response | Callable[[int], Response]


class Governments:
    """The server: ``put`` says what lies at an address, ``asked`` is what came."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.clock = Clock()
        self.timers: set[Timer] = set()
        self._answers: dict[tuple[str, str], Answer] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._hosts: dict[str, Sequence[str]] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        governments = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                governments._answer(self)

            def log_message(self, *_: object) -> None:
                """Nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def address(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.port}{path}"

    def put(self, host: str, path: str, answer: Answer) -> None:
        """Let an address answer so; a callable is given how often it was asked before."""
        self._hosts.setdefault(host, ("127.0.0.1",))
        self._answers[host, path] = answer

    def pages(self, host: str, **pages: str) -> None:
        for path, text in pages.items():
            self.put(host, f"/{path}.html", html(text))

    def take_away(self, host: str, path: str) -> None:
        del self._answers[host, path]

    def name(self, host: str, *addresses: str) -> None:
        """What the name server says of a host; nothing: there is no such name."""
        self._hosts[host] = addresses

    def resolve(self, host: str, port: int) -> Sequence[str]:
        if not self._hosts.get(host):
            raise OSError(-2, "Name or service not known")
        return self._hosts[host]

    def trickle(self, handler: Any, over: threading.Event) -> None:
        """Some bytes one by one; then the time of whoever asks with ``SLOW`` is over; then more, for ever."""
        with contextlib.suppress(OSError):
            for number in range(2000):
                if over.wait(0.001 if number < 50 else 0.01):
                    return
                handler.wfile.write(b"x")
                if number == 50:
                    for timer in [timer for timer in self.timers if timer.seconds == SLOW]:
                        timer.end()

    def timer(self, seconds: float, end: Callable[[], None]) -> Timer:
        """The timer of a transfer: time goes by only for what ``trickle`` answers."""
        return Timer(self, seconds, end)

    def forget(self) -> None:
        """Begin a new list of what is asked."""
        self.asked.clear()

    def of(self, host: str) -> list[str]:
        """The paths asked of a host, in order."""
        return [asked.path for asked in self.asked if asked.host == host]

    def _answer(self, handler: Any) -> None:
        host = (handler.headers.get("Host") or "").rsplit(":", 1)[0]
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self._lock:
            self.asked.append(Asked(host, handler.path, headers, self.clock.monotonic()))
            number = self._counts.get((host, handler.path), 0)
            self._counts[host, handler.path] = number + 1
        answer = self._answers.get((host, handler.path), Response(b"<html>404</html>", 404))
        response = answer(number) if callable(answer) else answer
        _send(handler, _conditioned(response, headers), self._over)


@dataclass(eq=False)
class Timer:
    governments: Governments
    seconds: float
    end: Callable[[], None]

    def start(self) -> None:
        self.governments.timers.add(self)

    def cancel(self) -> None:
        self.governments.timers.discard(self)


class Clock:
    """A clock that stands still until someone waits, or ``passes`` some days."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
        self._monotonic = 0.0
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._monotonic += seconds
            self.slept.append(seconds)

    def passes(self, **delta: float) -> None:
        from datetime import timedelta

        self._now += timedelta(**delta)


def html(body: str, *, encoding: str = "utf-8", head: str = "", said: bool = True) -> Response:
    """A page in an encoding, which its head names."""
    meta = f'<meta charset="{encoding}">' if said else ""
    text = f"<!DOCTYPE html><html><head>{meta}{head}</head><body>{body}</body></html>"
    return Response(text.encode(encoding), headers={"Content-Type": "text/html"})


def pdf(words: str, size: int = 0) -> bytes:
    """Something that begins like a PDF."""
    content = f"%PDF-1.7\n{words}\n%%EOF\n".encode()
    return content + b"x" * max(0, size - len(content))


def file(content: bytes, content_type: str = "application/octet-stream", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(content, headers={"Content-Type": content_type, **named})


def redirect(to: str, status: int = 302) -> Response:
    return Response(b"", status, {"Location": to}, validators=False)


def endless(handler: Any, over: threading.Event) -> None:
    """Bytes without end, as fast as they are taken; at most 64 MB, should nobody hang up."""
    with contextlib.suppress(OSError):
        for _ in range(1024):
            if over.is_set():
                return
            handler.wfile.write(b"y" * 65536)


def cut_off(content: bytes, at: int) -> Callable[[Any, threading.Event], None]:
    """The beginning of a content; then the connection is closed."""

    def send(handler: Any, over: threading.Event) -> None:
        handler.wfile.write(content[:at])

    return send


@contextlib.contextmanager
def governments() -> Iterator[Governments]:
    """A server for the time of a test."""
    server = Governments()
    try:
        yield server
    finally:
        server.close()


def _conditioned(response: Response, headers: dict[str, str]) -> Response:
    if response.status != 200 or not response.validators:
        return response
    made = replace(response, headers={"ETag": response.etag, **response.headers})
    if headers.get("if-none-match") == response.etag:
        return Response(b"", 304, {"ETag": response.etag})
    asked = headers.get("range", "")
    if asked and response.ranges and headers.get("if-range") == response.etag:
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        if start >= len(response.body):
            return Response(b"", 416)
        rest = f"bytes {start}-{len(response.body) - 1}/{len(response.body)}"
        return replace(
            made,
            body=response.body[start:],
            status=206,
            send=None,
            headers={
                **made.headers,
                "Content-Range": rest,
                "Content-Length": str(len(response.body) - start),
            },
        )
    return made


def _send(handler: Any, response: Response, over: threading.Event) -> None:
    with contextlib.suppress(OSError):
        handler.send_response(response.status)
        for name, value in response.headers.items():
            # As servers do it: whatever bytes they have, in a header.
            handler._headers_buffer.append(f"{name}: ".encode() + value.encode("latin-1") + b"\r\n")
        if response.status != 304 and "Content-Length" not in response.headers and response.send is None:
            handler.send_header("Content-Length", str(len(response.body)))
        handler.send_header("Connection", "close")
        handler.end_headers()
        if response.send is not None:
            response.send(handler, over)
        else:
            handler.wfile.write(response.body)
    handler.close_connection = True
