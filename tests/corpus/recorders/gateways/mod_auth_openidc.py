"""Runs Apache with mod_auth_openidc as an OAuth 2.0 resource server and records its error log.

    python mod_auth_openidc.py ROOT VERSION > ../../mod-auth-openidc.jsonl

ROOT is where the Debian packages were unpacked (see README.md).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from rows import Rows
from tokens import OTHER_KEY, SECRET, faulty, jwk, token

PORT, KEY_SET_PORT = 18090, 8444
MODULES = ["mpm_event", "authn_core", "authz_core", "authz_user", "auth_openidc", "alias", "dir"]
# What is wrong with the token -> the reason.
REASONS = {
    "expired": "token_expired",
    "no-exp": "claim_missing",
    "exp-text": "claim_invalid",
    "iat-text": "claim_invalid",
    "iat-future": "issued_in_future",
    "signature": "signature_invalid",
    "kid": "key_not_found",
    "alg-hs256": "key_not_found",  # there is no secret among the keys
    "alg-unknown": "token_malformed",  # "invalid argument" is all that it says of these three
    "no-alg": "token_malformed",
    "alg-none": "token_malformed",
    "two-parts": "token_malformed",
    "one-part": "token_malformed",
    "header-json": "token_malformed",
    "payload-json": "token_malformed",
    "payload-base64": "token_malformed",
}
KEY_SETS = {
    "/good": (200, json.dumps({"keys": [jwk()]})),
    "/500": (500, "oops"),
    "/html": (200, "<html>maintenance</html>"),
    "/none": (200, '{"keys": []}'),
}


# Lines that are written beside a rejection and say nothing of it themselves.
BESIDE = ("functionality is deprecated", "oidc_util_decode_json_object")
SIGNAL = "doing a forced refresh"


class KeySets(BaseHTTPRequestHandler):
    """Serves the key sets, good and bad."""

    def do_GET(self) -> None:
        status, body = KEY_SETS[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def config(root: Path, folder: Path, verify: str) -> str:
    modules = "\n".join(
        f"LoadModule {name}_module {root}/usr/lib/apache2/modules/mod_{name}.so" for name in MODULES
    )
    return f"""
ServerRoot {folder}
ServerName api.example.com
PidFile {folder}/pid
Listen 127.0.0.1:{PORT}
{modules}
ErrorLog {folder}/log
LogLevel warn auth_openidc:warn
DocumentRoot {folder}
OIDCCryptoPassphrase change-me-now
OIDCOAuthSSLValidateServer Off
OIDCSSLValidateServer Off
{verify}
<Location />
  AuthType oauth20
  Require claim sub:user-1
</Location>
"""


class Apache:
    """A running Apache, and what it wrote since the last look."""

    def __init__(self, root: Path, folder: Path, verify: str) -> None:
        self.log, self.seen = folder / "log", 0
        (folder / "httpd.conf").write_text(config(root, folder, verify))
        environment = os.environ | {"LD_LIBRARY_PATH": f"{root}/usr/lib/x86_64-linux-gnu"}
        command = [f"{root}/usr/sbin/apache2", "-X", "-f", str(folder / "httpd.conf")]
        self.process = subprocess.Popen(command, env=environment)
        time.sleep(1.5)

    def ask(self, header: str | None) -> tuple[int, str, list[str]]:
        """Return the status, WWW-Authenticate and the new lines of the error log."""
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}/orders")
        if header is not None:
            request.add_header("Authorization", header)
        try:
            with urllib.request.urlopen(request, timeout=9) as answer:
                status, challenge = answer.status, ""
        except urllib.error.HTTPError as error:
            status, challenge = error.code, error.headers.get("WWW-Authenticate", "")
        time.sleep(0.1)
        text = self.log.read_text()
        new, self.seen = text[self.seen :], len(text)
        return status, challenge, [placed(line) for line in new.splitlines() if "oidc_" in line]


def placed(line: str) -> str:
    """Return the line with a fixed time, process and port."""
    line = re.sub(r"^\[[A-Z][^\]]+\]", "[Tue May 06 07:08:09.123456 2031]", line)
    line = re.sub(r"\[pid [^\]]+\]", "[pid 7:tid 140212]", line)
    return re.sub(r"\[client [^\]]+\]", "[client 192.0.2.9:51234]", line)


def facts(line: str) -> dict[str, list[str]]:
    """Return what a line shows of the fault that was made."""
    forms = {
        "expired_at": r'"exp" validation failure \((\d+)\)',
        "seconds": r"JWT expired (\d+) seconds ago",
        "kid": r"could not find key with kid: (\S+)",
        "url": r"failed on: (https://\S+) \(",
    }
    found = {name: re.search(form, line) for name, form in forms.items()}
    return {name: [hit[1]] for name, hit in found.items() if hit}


def tls(server: ThreadingHTTPServer) -> None:
    """Put the server behind TLS with a certificate made for the run: the module wants https."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = x509.CertificateBuilder(name, name, OTHER_KEY.public_key(), 1)
    certificate = certificate.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    signed = certificate.sign(OTHER_KEY, hashes.SHA256())
    private = OTHER_KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(signed.public_bytes(serialization.Encoding.PEM) + private)
        file.flush()
        context.load_cert_chain(file.name)
    server.socket = context.wrap_socket(server.socket, server_side=True)


def main() -> None:
    root, version = Path(sys.argv[1]), sys.argv[2]
    server = ThreadingHTTPServer(("127.0.0.1", KEY_SET_PORT), KeySets)
    tls(server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    rows = Rows("mod-auth-openidc", "mod_auth_openidc.py")
    tokens = faulty()
    faults = [(f"Bearer {tokens[name]}", reason) for name, reason in REASONS.items()]
    faults += [(None, "header_missing"), ("Token abc", "header_malformed")]
    faults += [(f"Bearer {token(sub='user-2')}", "insufficient_scope")]
    run(
        rows, root, version, f"OIDCOAuthVerifyJwksUri https://127.0.0.1:{KEY_SET_PORT}/good", faults
    )
    for path in ("/500", "/html", "/none"):
        reason = "key_not_found" if path == "/none" else "jwks_unavailable"
        uri = f"OIDCOAuthVerifyJwksUri https://127.0.0.1:{KEY_SET_PORT}{path}"
        run(rows, root, version, uri, [(f"Bearer {token()}", reason)])
    closed = "OIDCOAuthVerifyJwksUri https://127.0.0.1:1/jwks"
    run(rows, root, version, closed, [(f"Bearer {token()}", "jwks_unavailable")])
    secret = f"OIDCOAuthVerifySharedKeys plain##{SECRET.decode()[:-1]}x"
    run(rows, root, version, secret, [(f"Bearer {tokens['alg-hs256']}", "signature_invalid")])
    rows.print()


def run(rows: Rows, root: Path, version: str, verify: str, faults: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        apache = Apache(root, folder, verify)
        try:
            for header, reason in faults:
                status, challenge, lines = apache.ask(header)
                print(status, challenge, reason, file=sys.stderr)
                for line in lines:
                    if SIGNAL in line:
                        rows.signal(line, version)
                    beside = any(words in line for words in BESIDE)
                    rows.recorded(line, None if beside else reason, version, facts(line))
                if challenge and reason != "insufficient_scope":
                    rows.recorded(f"WWW-Authenticate: {challenge}", reason, version)
        finally:
            apache.process.terminate()
            apache.process.wait()


if __name__ == "__main__":
    main()
