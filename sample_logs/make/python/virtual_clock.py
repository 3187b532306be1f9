"""Virtual time for other processes: a file that says what time it is."""

from __future__ import annotations

import os
import subprocess
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def milliseconds(text: str) -> int:
    """Return the epoch milliseconds of an ISO time in UTC, such as 2031-05-06T09:30:00."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def iso(ms: int) -> str:
    """Return an ISO time with milliseconds and Z."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


class VirtualClock:
    """The time that the servers of this simulation see. It stands still between sets."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, ms: int) -> None:
        """Put the clock at a moment; the file is replaced whole, never half written."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds"))
        fresh.replace(self.path)


def start(command: list[str], url: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start a server and wait until it answers, whatever it answers."""
    process = subprocess.Popen(
        command,
        env=dict(os.environ, TZ="UTC", PYTHONHASHSEED="0", **environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return process
        except OSError:
            time.sleep(0.1)
        else:
            return process
    process.terminate()
    raise RuntimeError(f"no answer from {command[0]}")
