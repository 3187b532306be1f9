"""The moto server in virtual time: before each request it takes the time from a file.

Usage: moto_at_virtual_time.py PORT CLOCK_FILE
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import moto.server
import time_machine
from werkzeug.serving import WSGIRequestHandler

WSGIRequestHandler.disable_nagle_algorithm = True  # its 40 ms would be most of a request
WSGIRequestHandler.log_request = lambda *_: None


def serve(port: str, clock_file: Path) -> None:
    """Run moto until the process ends."""
    dispatch = moto.server.DomainDispatcherApplication.__call__
    clock = time_machine.travel(datetime.fromisoformat(clock_file.read_text()), tick=False).start()

    def at_virtual_time(application, environ, start_response):
        clock.move_to(datetime.fromisoformat(clock_file.read_text()))
        return dispatch(application, environ, start_response)

    moto.server.DomainDispatcherApplication.__call__ = at_virtual_time
    moto.server.main(["-H", "127.0.0.1", "-p", port])


serve(sys.argv[1], Path(sys.argv[2]))
