"""Send each line to a syslog server, as RFC 3164 from two hosts in turn. Usage: send.py PORT."""

from __future__ import annotations

import socket
import sys
from datetime import UTC, datetime

server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for number, line in enumerate(sys.stdin):
    priority = 11 if "ERROR" in line else 14
    stamp = f"{datetime.now(UTC):%b %e %H:%M:%S}"
    server.send(f"<{priority}>{stamp} web-{1 + number % 2} orders-api[77]: {line}".encode())
server.close()
