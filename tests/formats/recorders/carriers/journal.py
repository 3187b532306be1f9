"""Put around each line what journald keeps beside it, as `systemd-journal-remote` reads it."""

from __future__ import annotations

import sys
import time

for line in sys.stdin:
    now_us = int(time.time() * 1e6)
    fields = {
        "__REALTIME_TIMESTAMP": now_us,
        "__MONOTONIC_TIMESTAMP": now_us % 10**9,
        "_BOOT_ID": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
        "_MACHINE_ID": "00112233445566778899aabbccddeeff",
        "PRIORITY": 3 if "ERROR" in line else 6,
        "_HOSTNAME": "web-1",
        "SYSLOG_IDENTIFIER": "orders-api",
        "_PID": 77,
        "_SYSTEMD_UNIT": "orders-api.service",
        "_TRANSPORT": "stdout",
        "MESSAGE": line.rstrip("\n"),
    }
    print("".join(f"{key}={value}\n" for key, value in fields.items()), flush=True)
