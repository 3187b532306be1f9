"""Real servers on local ports in virtual time: nginx in front, two API instances, the issuer."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import waitress
from api_service import build_api
from auth_service import build_auth
from json_log import json_logger
from throwaway_key import KID, throwaway_key

HERE = Path(__file__).parent
ISSUER_BEHIND = timedelta(seconds=10)  # the issuer's clock is ten seconds slow, all day
# Paths as in a container image, whatever the machine that made the bundle.
PATHS = {
    sysconfig.get_paths()["purelib"]: "/usr/local/lib/python3.11/site-packages",
    str(HERE): "/app",
}


def free_port() -> int:
    """Return a local port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Switchable:
    """A WSGI application that a deploy can exchange."""

    def __init__(self, clock: Any, behind: timedelta = timedelta()) -> None:
        self.application: Any = None
        self.served = 0  # requests so far
        self._clock, self._behind = clock, behind

    def __call__(self, environ, start_response):
        self.served += 1
        self._clock.shift(-self._behind)
        try:
            return self.application(environ, start_response)
        finally:
            self._clock.shift(self._behind)


class WebWorld:
    """The servers, their logs in `bundle`, and the only client connection to nginx."""

    def __init__(self, clock: Any, bundle: Path, scratch: Path, nginx: Path, library: Path) -> None:
        self._clock, self._scratch = clock, scratch
        self._clock_file = scratch / "clock"
        self._key = throwaway_key()
        self._trace = random.Random(7)
        self.is_drifted = False  # the issuer has the other environment's configuration
        self._logs = {}
        for name in ("api-1", "api-2", "auth-1"):
            path = bundle / name.partition("-")[0] / f"{name}.log"
            path.parent.mkdir(parents=True, exist_ok=True)
            self._logs[name] = path.open("w", encoding="utf-8")
        self.auth = Switchable(clock, ISSUER_BEHIND)
        self.apis = [Switchable(clock), Switchable(clock)]
        self._ports = {
            "AUTH": self._serve(self.auth),
            "API_1": self._serve(self.apis[0]),
            "API_2": self._serve(self.apis[1]),
            "PORT": free_port(),
        }
        self.set(0)
        self._nginx = self._start_nginx(bundle, nginx, library)
        self._connection = http.client.HTTPConnection("127.0.0.1", self._ports["PORT"])

    def set(self, ms: int) -> None:
        """Put all clocks at a moment."""
        moment = datetime.fromtimestamp(ms / 1000, UTC)
        self._clock.move_to(moment)
        fresh = self._clock_file.with_suffix(".new")
        fresh.write_text(moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + "\n")
        fresh.replace(self._clock_file)

    def deploy_auth(self, config: dict[str, str], version: str) -> None:
        """Start the issuer anew with a configuration."""
        log = json_logger(
            self._logs["auth-1"], PATHS, service="auth", instance="auth-1", version=version
        )
        self.is_drifted = "staging" in config["ISSUER"]
        self._clock.shift(-ISSUER_BEHIND)
        self.auth.application = build_auth(config, self._key, KID, log)
        self._clock.shift(ISSUER_BEHIND)

    def deploy_api(self, config: dict[str, Any], version: str) -> None:
        """Start both API instances anew with a configuration."""
        keys = {KID: self._key.public_key()}
        for number, api in enumerate(self.apis, start=1):
            name = f"api-{number}"
            log = json_logger(
                self._logs[name], PATHS, service="api", instance=name, version=version
            )
            api.application = build_api(config, keys, log, lambda: self._trace.random() < 0.006)

    def request(
        self, method: str, path: str, headers: dict[str, str], body: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Send one request through nginx; return status and JSON body."""
        payload = None if body is None else json.dumps(body)
        if payload is not None:
            headers = headers | {"Content-Type": "application/json"}
        self._connection.request(method, path, payload, {"Host": "app.example.com"} | headers)
        response = self._connection.getresponse()
        content = response.read()
        is_json = "json" in (response.getheader("Content-Type") or "")
        return response.status, json.loads(content) if is_json else None

    def ask_api(self, path: str, headers: dict[str, str]) -> tuple[int, str]:
        """Send one GET to the API; return the status and the instance that nginx chose."""
        before = self.apis[0].served
        status, _ = self.request("GET", path, headers)
        return status, "api-2" if self.apis[0].served == before else "api-1"

    def public_key(self) -> Any:
        """Return the key that tokens verify with."""
        return self._key.public_key()

    def close(self) -> None:
        """Stop nginx, which writes its last lines, and close the logs."""
        self._nginx.terminate()
        self._nginx.wait()
        for log in self._logs.values():
            log.close()

    def _serve(self, application: Switchable) -> int:
        server = waitress.create_server(application, host="127.0.0.1", port=0, threads=1)
        threading.Thread(target=server.run, daemon=True).start()
        return server.effective_port

    def _start_nginx(self, bundle: Path, nginx: Path, library: Path) -> subprocess.Popen[bytes]:
        access_log = bundle / "nginx" / "access.log"
        access_log.parent.mkdir(parents=True, exist_ok=True)
        text = (HERE / "nginx.conf.in").read_text()
        values = self._ports | {"DIR": self._scratch, "ACCESS_LOG": access_log}
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        config = self._scratch / "nginx.conf"
        config.write_text(text)
        environment = dict(
            os.environ,
            LD_PRELOAD=str(library),
            FAKETIME_TIMESTAMP_FILE=str(self._clock_file),
            FAKETIME_NO_CACHE="1",
            FAKETIME_DONT_FAKE_MONOTONIC="1",
            NO_FAKE_STAT="1",
            TZ="UTC",
        )
        process = subprocess.Popen(
            [str(nginx), "-p", str(self._scratch), "-c", str(config)],
            env=environment,
            stderr=sys.stderr,
        )
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._ports["PORT"])) == 0:
                    return process
            time.sleep(0.1)
        raise RuntimeError("nginx does not listen")
