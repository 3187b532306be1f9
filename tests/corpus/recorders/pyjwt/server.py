"""A key set endpoint on 127.0.0.1 that fails in the ways such endpoints fail."""

from __future__ import annotations

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import tokens

SLOW_SECONDS = 2.0


def _documents() -> dict[str, tuple[int, bytes]]:
    good = [tokens.jwk("oct", "2026-03-key", use="sig")]
    encryption_only = [tokens.jwk("oct", "2026-03-key", use="enc")]
    return {
        "/good": (200, json.dumps({"keys": good}).encode()),
        "/encryption-only": (200, json.dumps({"keys": encryption_only}).encode()),
        "/empty-set": (200, b'{"keys": []}'),
        "/keys-no-list": (200, b'{"keys": {"kid": "2026-03-key"}}'),
        "/unusable": (200, b'{"keys": [{"kty": "quantum", "kid": "2026-03-key"}]}'),
        "/other-algorithms": (200, b'{"keys": [{"kty": "RSA", "alg": "RSA-OAEP"}]}'),
        "/list": (200, b'["2026-03-key"]'),
        "/html": (200, b"<html><body>Sign in to continue</body></html>"),
        "/empty-body": (200, b""),
        "/not-utf-8": (200, b'{"keys": "\xff\xfe"}'),
        "/missing": (404, b"not found"),
        "/forbidden": (403, b"forbidden"),
        "/too-many": (429, b"slow down"),
        "/broken": (500, b"oops"),
        "/unavailable": (503, b"upstream connect error"),
    }


class Endpoint(BaseHTTPRequestHandler):
    """Answers each path with one of the documents, or not at all."""

    def do_GET(self) -> None:
        """Answer one request."""
        if self.path == "/slow":
            time.sleep(SLOW_SECONDS)
        if self.path in {"/slow", "/closed"}:
            self.close_connection = True
            return
        status, body = _documents().get(self.path, (302, b""))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/redirected-again")
        announced = len(body) + 100 if self.path == "/truncated" else len(body)
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: standard output belongs to the records."""


def start() -> str:
    """Start the endpoint in a thread; return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_address[1]}"


def closed_port() -> str:
    """Return an address nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"
