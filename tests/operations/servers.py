"""A mail server and a web hook on the loopback, as small as the tests need them."""

from __future__ import annotations

import contextlib
import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Postbox:
    """What a server took, and how it answers."""

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[str] = field(default_factory=list)
    posts: list[Any] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    offers_login: bool = False
    refuses_from: int | None = None  # messages after this many are refused
    status: int = 200
    answer: bytes = b"{}"


@contextlib.contextmanager
def mail_server(postbox: Postbox) -> Iterator[Postbox]:
    """Speaks as much of SMTP (RFC 5321) as ``smtplib`` needs to hand over a message."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "EHLO":
                    self.say("250-test")
                    if postbox.offers_login:
                        self.say("250-AUTH PLAIN LOGIN")
                    self.say("250 8BITMIME")
                elif verb == "AUTH":
                    self.say(f"535 no such user, you said {line}")
                elif verb == "DATA":
                    if postbox.refuses_from is not None and len(postbox.messages) >= postbox.refuses_from:
                        self.say("452 the disk of the mail server is full")
                        continue
                    self.say("354 go on")
                    lines = []
                    while (part := self.rfile.readline()) != b".\r\n":
                        lines.append(part)
                    postbox.messages.append(b"".join(lines).decode())
                    self.say("250 taken")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), postbox):
        yield postbox


@contextlib.contextmanager
def hook_server(postbox: Postbox) -> Iterator[Postbox]:
    """Takes JSON that is posted and answers as the postbox says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            postbox.paths.append(self.path)
            if postbox.status == 200:
                postbox.posts.append(json.loads(content))
            self.send_response(postbox.status)
            if postbox.status == 302:
                self.send_header("Location", f"http://127.0.0.1:{postbox.port}/elsewhere")
            self.end_headers()
            self.wfile.write(postbox.answer)

        def log_message(self, *_: object) -> None:
            """Silent."""

    with _serving(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler), postbox):
        yield postbox


@contextlib.contextmanager
def _serving(server: socketserver.TCPServer, postbox: Postbox) -> Iterator[None]:
    postbox.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
