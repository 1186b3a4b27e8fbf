"""The site on this machine's own address, for looking at it: a plain file server, nothing more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

#: Only this machine can reach it.
HOST = "127.0.0.1"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Requests are not worth a line each."""


def serve(folder: Path, port: int, ready: Callable[[str], None]) -> None:
    """Serve a folder until interrupted; ``ready`` is told where. Raises ``OSError`` for a port taken."""
    with ThreadingHTTPServer((HOST, port), partial(_Quiet, directory=str(folder))) as server:
        ready(f"http://localhost:{server.server_port}/")
        server.serve_forever()
