"""The live page: a server on this machine alone, whose address holds a token that nobody can guess."""

from __future__ import annotations

import gzip
import hmac
import html
import json
import os
import secrets
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from ..errors import AnalysisError, OutputError
from ..store import Store
from .document import assemble
from .live_store import LiveStore

if TYPE_CHECKING:
    from ..typing import StrPath

LOOPBACK = "127.0.0.1"
SMALL = 1000  # bytes that are sent as they are


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Server

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        token, _, name = path.lstrip("/").partition("/")
        if not (self._is_ours() and hmac.compare_digest(token.encode(), self.server.token.encode())):
            self._answer(404, "text/plain", b"not here: use the whole address that was printed\n")
            return
        values = urllib.parse.parse_qs(query)
        try:
            self._find(name, lambda key: int(values[key][0]))
        except (KeyError, ValueError):
            self._answer(400, "text/plain", b"not understood\n")
        except AnalysisError as error:
            self._answer(500, "text/plain", f"{error}\n".encode())

    def _is_ours(self) -> bool:
        """Whether the request names this machine: a name of somebody else's that leads here is refused."""
        name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        return self.server.server_address[0] != LOOPBACK or name in (LOOPBACK, "localhost")

    def _find(self, name: str, number: Any) -> None:
        live = self.server.live
        if name == "":
            self._answer(200, "text/html; charset=utf-8", assemble(self.server.title, None).encode())
        elif name == "points":
            self._answer(200, "application/octet-stream", live.pack())
        elif name == "changes":
            self._json(live.changes(number("after")))
        elif name == "point":
            arrays = live.point(number("row"))
            if arrays is None:
                self._answer(404, "text/plain", b"no such row\n")
            else:
                self._json(arrays)
        else:
            self._answer(404, "text/plain", b"not here\n")

    def _json(self, content: Any) -> None:
        self._answer(200, "application/json", json.dumps(content, allow_nan=False).encode())

    def _answer(self, code: int, kind: str, content: bytes) -> None:
        self.send_response(code)
        if len(content) > SMALL and kind != "application/octet-stream" and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = gzip.compress(content, 1)
            self.send_header("Content-Encoding", "gzip")
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(content))), ("Cache-Control", "no-store"),
                            ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the token is in every address."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], live: LiveStore, title: str) -> None:
        super().__init__(address, _Handler)
        self.live = live
        self.title = title
        self.token = secrets.token_urlsafe(18)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that went away is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


class PageServer:
    """A live page that is being served; `address` opens it. close() ends it, as does the end of a `with` block."""

    def __init__(self, path: StrPath, host: str, port: int) -> None:
        self._live = LiveStore(path)
        try:
            self._server = _Server((host, port), self._live, os.path.basename(self._live.path))
        except (OSError, OverflowError) as error:
            self._live.close()
            raise OutputError(f"cannot serve on {host}, port {port} ({getattr(error, 'strerror', None) or error}); "
                              "another port: --port, or 0 for any") from None
        self.address = f"http://{host}:{self._server.server_port}/{self._server.token}/"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()

    def __enter__(self) -> PageServer:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<live page at {self.address}>"

    def _repr_html_(self) -> str:
        return f'<a href="{html.escape(self.address)}" target="_blank" rel="noopener">live page of {html.escape(self._server.title)}</a>'

    def wait(self) -> None:
        """Return when somebody else closes it; KeyboardInterrupt passes through."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._live.close()


def serve(store: Store | StrPath, port: int = 0, host: str = LOOPBACK) -> PageServer:
    """Serve the page of a store live, beside a sweep that runs or not, in a thread of its own.

    store: an open store or its path; the file may not be there yet if its sweep has begun. port: 0 for any that is free;
    host: the address to listen on, this machine alone by default. Whoever has the address can read the store.
    Raises InputError if there is no store and no sweep of one, OutputError if the port cannot be had.
    """
    return PageServer(store.path if isinstance(store, Store) else store, host, port)
