"""The faults of key sets: read from a document, and fetched from a real endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import app
import tokens
from fault import Fault
from keyfaults import RSA_JWK
from tokens import token

if TYPE_CHECKING:
    from collections.abc import Callable


def key_set_faults() -> list[Fault]:
    """Return the faults of a key set that was read from somewhere else than a URL."""
    good = {"keys": [tokens.jwk("oct", "2026-03-key")]}
    unusable = {"keys": [{"kty": "quantum", "kid": "q"}]}
    read = app.load_key_set
    return [
        Fault("set empty", "jwks_unavailable", lambda: read({"keys": []}), since=(2,)),
        Fault("set no list", "jwks_unavailable", lambda: read({"keys": {"a": 1}}), since=(2,)),
        Fault("set unusable", "jwks_unavailable", lambda: read(unusable), since=(2, 7)),
        Fault(
            "set without cryptography",
            "jwks_unavailable",
            lambda: read({"keys": [{**RSA_JWK, "alg": "RS999"}]}),
            since=(2, 7),
            bare=True,
        ),
        Fault(
            "set without this kid",
            "key_not_found",
            lambda: app.key_by_id(good, "2026-02-key"),
            {"kid": ["2026-02-key"]},
            since=(2, 4),
        ),
    ]


def client_faults(address: str, nobody: str) -> list[Fault]:
    """Return the faults of fetching a key set; the fetch is real, on 127.0.0.1."""

    def fetch(path: str, kid: str | None = "2026-03-key", **settings: Any) -> Callable[[], object]:
        url = path if ":" in path else f"http://{address}{path}"
        return lambda: app.signing_key(url, token(None, kid=kid), **settings)

    def fault(name: str, path: str, status: str = "", **more: Any) -> Fault:
        settings = more.pop("settings", {})
        captures = {"status": [status]} if status else {}
        more.setdefault("since", (2, 5))
        return Fault(name, "jwks_unavailable", fetch(path, **settings), captures, **more)

    silent = {"since": (2,), "until": (2, 5), "coats": "traceback"}
    raw = {"since": (2,), "coats": "traceback"}
    found = [
        fault(f"key set: HTTP {status}", path, status)
        for path, status in (
            ("/broken", "500"), ("/missing", "404"), ("/forbidden", "403"),
            ("/too-many", "429"), ("/unavailable", "503"), ("/moved", "302"),
        )
    ]  # fmt: skip
    return [
        *found,
        fault("key set: refused", f"http://{nobody}/jwks", since=(2, 7), by_class=True),
        fault("key set: no TLS there", f"https://{address}/good"),
        fault("key set: too slow", "/slow", settings={"timeout": 0.3}, since=(2, 8)),
        fault("key set: no such scheme", "file:///etc/jwks.json", since=(2, 13)),
        fault("key set: a list", "/list", since=(2, 7)),
        fault("key set: no keys", "/empty-set", since=(2,)),
        fault("key set: keys no list", "/keys-no-list", since=(2,)),
        fault("key set: none usable", "/unusable", since=(2, 7)),
        fault("key set: other algorithms only", "/other-algorithms"),
        fault("key set: none for signing", "/encryption-only", since=(2,)),
        fault("key set: lifespan 0", "/good", settings={"lifespan": 0}),
        fault("key set: cooldown -1", "/good", settings={"cooldown_duration": -1}, since=(2, 14)),
        fault(
            "key set: cooldown inf",
            "/good",
            settings={"cooldown_duration": float("inf")},
            since=(2, 14),
        ),
        fault("raw: HTTP 500", "/broken", **silent),
        fault("raw: refused", f"http://{nobody}/jwks", **silent),
        fault("raw: HTML", "/html", **raw),
        fault("raw: empty body", "/empty-body", **raw),
        fault("raw: not UTF-8", "/not-utf-8", **raw),
        fault("raw: closed", "/closed", **raw),
        fault("raw: a list", "/list", since=(2,), until=(2, 7), coats="traceback"),
        Fault(
            "kid unknown",
            "key_not_found",
            fetch("/good", "2026-02-key"),
            {"kid": ["2026-02-key"]},
            since=(2,),
        ),
        Fault("kid absent", "key_not_found", fetch("/good", None), {"kid": []}, since=(2,)),
    ]
