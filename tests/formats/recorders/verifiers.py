"""Servers that verify tokens, and stores that print tables, run and kept as they write.

`python verifiers.py ROOT SCRATCH` writes ../fixtures/verifiers and ../verifiers.toml. ROOT: a folder
with Debian's etcd-server, influxdb, docker-registry and rsyslog unpacked (`dpkg -x`), and nats-server
(`go install github.com/nats-io/nats-server/v2`) in its `bin`. Needs openssl, and pyjwt, cryptography,
nkeys and duckdb from PyPI. What is expected is what was sent. The only edit: SCRATCH reads `/srv`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import jwt
import nkeys

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "fixtures" / "verifiers"
ROOT, SCRATCH = Path(sys.argv[1]), Path(sys.argv[2])
SECRET, ISSUER = "correct-secret-correct-secret-123", "https://auth.example.com/"
NOW = int(time.time())
ROUNDS = 3


def shell(command: str) -> None:
    subprocess.run(command, shell=True, check=True, capture_output=True, cwd=SCRATCH)


def keys() -> tuple[str, str, str]:
    """Return the signing key, another, and the certificate of the first."""
    shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 30"
          " -subj /CN=auth.example.com && openssl rsa -in key.pem -pubout -out pub.pem"
          " && openssl genrsa -out other.pem 2048")  # fmt: skip
    key, other, cert = (
        (SCRATCH / name).read_text() for name in ("key.pem", "other.pem", "cert.pem")
    )
    return key, other, cert


@contextmanager
def running(name: str, command: list[str], port: int) -> Iterator[None]:
    with (SCRATCH / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, cwd=SCRATCH)
        try:
            for _ in range(150):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait()


def ask(url: str, token: str | None, data: object = None, scheme: str = "Bearer ") -> int:
    """Return the status of one request."""
    headers = {} if token is None else {"Authorization": scheme + token}
    body = None if data is None else json.dumps(data).encode()
    time.sleep(0.1)
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, body, headers), timeout=8
        ) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def influxd() -> dict[str, int]:
    (SCRATCH / "influx.conf").write_text(
        'reporting-disabled = true\nbind-address = "127.0.0.1:18088"\n'
        '[meta]\ndir = "meta"\n[data]\ndir = "data"\nwal-dir = "wal"\n[http]\n'
        f'bind-address = "127.0.0.1:18086"\nauth-enabled = true\nshared-secret = "{SECRET}"\n'
    )

    def token(secret: str | None = SECRET, algorithm: str = "HS256", **claims: object) -> str:
        return jwt.encode({"username": "admin", "exp": NOW + 600, **claims}, secret, algorithm)

    tokens = [
        token(), token(exp=NOW - 600), token("wrong" * 8), "abc", token(username="nobody"),
        token(None, "none"), None,
    ]  # fmt: skip
    with running("influxd", [f"{ROOT}/usr/bin/influxd", "-config", "influx.conf"], 18086):
        url = "http://127.0.0.1:18086/query?q="
        ask(url + "CREATE+USER+admin+WITH+PASSWORD+'x'+WITH+ALL+PRIVILEGES", None, {})
        for one in tokens * ROUNDS:
            assert ask(url + "SHOW+DATABASES", one) == (200 if one == tokens[0] else 401)
    return {"unspecified": 6 * ROUNDS}


def etcd() -> dict[str, int]:
    key, other, _ = keys()

    def token(key: str = key, algorithm: str = "RS256", **claims: object) -> str:
        claims = {"username": "root", "revision": 4, "exp": NOW + 600, **claims}
        return jwt.encode(claims, key, algorithm)

    tokens = [
        token(), token(exp=NOW - 600), token(other), "abc.def.ghi", "abc", token("s" * 40, "HS256"),
    ]  # fmt: skip
    base = "http://127.0.0.1:12379/"
    command = [
        f"{ROOT}/usr/bin/etcd", "--data-dir", "etcd", "--listen-client-urls", base.rstrip("/"),
        "--advertise-client-urls", base.rstrip("/"), "--logger", "zap", "--auth-token",
        "jwt,pub-key=pub.pem,priv-key=key.pem,sign-method=RS256,ttl=10m",
    ]  # fmt: skip
    with running("etcd", command, 12379):
        for path, said in (
            ("user/add", {"name": "root", "password": "x"}), ("role/add", {"name": "root"}),
            ("user/grant", {"user": "root", "role": "root"}), ("enable", {}),
        ):  # fmt: skip
            ask(f"{base}v3/auth/{path}", None, said)
        for one in tokens * ROUNDS:
            status = ask(f"{base}v3/kv/range", one, {"key": "YQ=="}, scheme="")
            assert status == (200 if one == tokens[0] else 401), status
    return {
        "algorithm_mismatch": ROUNDS, "signature_invalid": ROUNDS, "token_expired": ROUNDS,
        "token_malformed": 2 * ROUNDS,
    }  # fmt: skip


def registry() -> dict[str, int]:
    key, other, cert = keys()
    (SCRATCH / "registry.yml").write_text(
        "version: 0.1\nlog: {formatter: text, fields: {service: registry}}\n"
        "storage: {filesystem: {rootdirectory: images}}\nhttp: {addr: 127.0.0.1:15000}\n"
        'auth: {token: {realm: "https://auth.example.com/token", service: registry.example.com,'
        f' issuer: "{ISSUER}", rootcertbundle: cert.pem}}}}\n'
    )
    chain = {"x5c": ["".join(cert.split("-----")[2].split())]}

    def token(key: str = key, header: dict[str, object] | None = None, **claims: object) -> str:
        access = [{"type": "registry", "name": "catalog", "actions": ["*"]}]
        claims = {
            "iss": ISSUER, "aud": "registry.example.com", "sub": "u", "exp": NOW + 600,
            "nbf": NOW - 10, "iat": NOW - 10, "jti": "1", "access": access, **claims,
        }  # fmt: skip
        return jwt.encode(claims, key, "RS256", headers=header or chain)

    faults = {
        "token_expired": token(exp=NOW - 600), "token_not_yet_valid": token(nbf=NOW + 600),
        "audience_mismatch": token(aud="other"), "issuer_mismatch": token(iss="https://other/"),
        "signature_invalid": token(other), "key_not_found": token(other, {"kid": "zz"}),
        "token_malformed": "abc", "insufficient_scope": token(access=[]), "header_missing": None,
    }  # fmt: skip
    command = [f"{ROOT}/usr/bin/docker-registry", "serve", "registry.yml"]
    with running("registry", command, 15000):
        for one in [token(), *faults.values()] * ROUNDS:
            ask("http://127.0.0.1:15000/v2/_catalog", one)
    return dict.fromkeys(faults, ROUNDS)


def nats() -> dict[str, int]:
    """Refuse connections: the server says no more than that there was an authentication error."""

    def pair(prefix: int) -> tuple[nkeys.KeyPair, str]:
        one = nkeys.from_seed(nkeys.encode_seed(os.urandom(32), prefix))
        return one, one.public_key.decode()

    def b64(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    def claim(signer: nkeys.KeyPair, issuer: str, said: dict[str, object]) -> str:
        unique = hashlib.sha256(repr(said).encode()).hexdigest()[:40]
        head = b64(b'{"typ":"JWT","alg":"ed25519-nkey"}')
        body = b64(json.dumps({"jti": unique, "iat": NOW, "iss": issuer, **said}).encode())
        return f"{head}.{body}.{b64(signer.sign(f'{head}.{body}'.encode()))}"

    kinds = (nkeys.PREFIX_BYTE_OPERATOR, nkeys.PREFIX_BYTE_ACCOUNT, nkeys.PREFIX_BYTE_USER)
    (operator, o), (account, a), (user, u) = map(pair, kinds)
    free = dict.fromkeys(("subs", "data", "payload", "imports", "exports", "conn", "leaf"), -1)
    owner = claim(operator, o, {"sub": o, "nats": {"type": "operator", "version": 2}})
    held = {"type": "account", "version": 2, "limits": {**free, "wildcards": True}}
    member = claim(operator, o, {"sub": a, "nats": held})
    (SCRATCH / "nats.conf").write_text(
        f"port: 14222\nhost: 127.0.0.1\nserver_name: nats-1\noperator: {owner}\n"
        f"resolver: MEMORY\nresolver_preload: {{ {a}: {member} }}\nlogtime_utc: true\n"
    )
    rights = {"type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1}
    tokens = [
        claim(account, a, {"sub": u, "nats": rights, **more})
        for more in ({}, {"exp": NOW - 60}, {"nbf": NOW + 600})
    ]
    with running("nats", [f"{ROOT}/bin/nats-server", "-c", "nats.conf"], 14222):
        for one in [*tokens, "abc"] * ROUNDS:
            line = socket.create_connection(("127.0.0.1", 14222))
            told = json.loads(line.recv(4096).split(b" ", 1)[1].split(b"\r\n")[0])
            proof = {"jwt": one, "sig": b64(user.sign(told["nonce"].encode())), "protocol": 1}
            line.send(b"CONNECT " + json.dumps(proof).encode() + b"\r\nPING\r\n")
            time.sleep(0.1)
            line.close()
    return {}


SAID = (
    ("GET /orders/17 200", ""), ("token rejected: jwt expired", "token_expired"),
    ("GET /invoices 200", ""), ("token rejected: invalid signature", "signature_invalid"),
    ("token rejected: jwt malformed", "token_malformed"), ("GET /orders 200", ""),
)  # fmt: skip


def rsyslog() -> dict[str, int]:
    (SCRATCH / "rsyslog.conf").write_text(
        f'global(workDirectory="{SCRATCH}")\nmodule(load="imtcp")\n'
        'input(type="imtcp" port="15514" address="127.0.0.1")\n'
        f'action(type="omfile" file="{SCRATCH}/kept" template="RSYSLOG_SyslogProtocol23Format")\n'
    )
    modules = f"{ROOT}/usr/lib/x86_64-linux-gnu/rsyslog"
    command = [f"{ROOT}/usr/sbin/rsyslogd", "-n", "-f", "rsyslog.conf", "-i", f"{SCRATCH}/pid",
               "-M", modules]  # fmt: skip
    with running("rsyslog", command, 15514):
        line = socket.create_connection(("127.0.0.1", 15514))
        for number, (text, reason) in enumerate(SAID * ROUNDS):
            stamp = datetime.now(UTC).strftime("%b %e %H:%M:%S")
            host = f"web-{1 + number % 2}"
            line.send(f"<{11 if reason else 14}>{stamp} {host} orders-api[77]: {text}\n".encode())
            time.sleep(0.05)
        line.close()
        time.sleep(1)
    (SCRATCH / "kept").replace(SCRATCH / "rsyslog.log")
    return {reason: ROUNDS for _, reason in SAID if reason}


def duckdb_box() -> dict[str, int]:
    rows = ", ".join(
        f"(TIMESTAMP '2031-05-06 07:{number:02}:09.125', 'orders-api', '{text}')"
        for number, (text, _) in enumerate(SAID * ROUNDS)
    )
    out = io.StringIO()
    with redirect_stdout(out):
        asked = f"select * from (values {rows}) as logs(created_at, service, message)"
        duckdb.sql(asked).show(max_width=300, max_rows=100)
    (SCRATCH / "duckdb_box.log").write_text(out.getvalue())
    return {reason: ROUNDS for _, reason in SAID if reason}


# What is run: its format, services and instances of its refusals, events (none: one for each line).
RUNS: dict[Callable[[], dict[str, int]], tuple[str, list[str], list[str], int | None]] = {
    etcd: ("json-lines", [], [], None),
    influxd: ("text", [], [], None),
    registry: ("text", [], [], None),
    nats: ("text", [], [], None),
    rsyslog: ("syslog-5424", ["orders-api"], ["web-1", "web-2"], None),
    duckdb_box: ("printed-table", ["orders-api"], [], len(SAID) * ROUNDS),
}


def main() -> None:
    tables = ["# Written by recorders/verifiers.py: what was sent to servers that were run.\n"]
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for run, (form, services, instances, events) in RUNS.items():
        name = run.__name__
        begun = datetime.now(UTC)
        rejections = run()
        ended = datetime.now(UTC)
        text = (SCRATCH / f"{name}.log").read_text().replace(str(SCRATCH), "/srv")
        (FIXTURES / f"{name}.log").write_text(text)
        first, last = (f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in (begun, ended))
        if run is duckdb_box:
            first, last = "2031-05-06T07:00:09Z", f"2031-05-06T07:{len(SAID) * ROUNDS - 1:02}:09Z"
        counts = ", ".join(f"{reason} = {count}" for reason, count in sorted(rejections.items()))
        lines = [
            "[[fixture]]",
            f'file = "verifiers/{name}.log"',
            f'format = "{form}"',
            f"events = {events or len(text.splitlines())}",
            f"rejections = {{ {counts} }}" if counts else "rejections = {}",
            f'first = "{first}"',
            f'last = "{last}"',
        ]
        lines += [f"services = {json.dumps(services)}"] if services else []
        lines += [f"instances = {json.dumps(instances)}"] if instances else []
        tables.append("\n".join(lines) + "\n")
    (HERE.parent / "verifiers.toml").write_text("\n".join(tables))


main()
