"""Answer 401 to tokens that PyJWT refuses. Usage: backend.py PORT [all] (all: accept every request)."""

from __future__ import annotations

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt

IS_OPEN = "all" in sys.argv


class Orders(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status, body = 200, b"[]\n"
        try:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if not IS_OPEN:
                jwt.decode(token, "s" * 32, ["HS256"], audience="orders")
        except jwt.PyJWTError:
            status, body = 401, b'{"error":"unauthorized"}\n'
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Orders).serve_forever()
