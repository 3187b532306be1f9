"""What is no rejection: the signing side, and errors of the service itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import app
import tokens
from fault import Fault
from keyfaults import BROKEN_PEM
from tokens import OTHER_SECRET, SECRET, token

if TYPE_CHECKING:
    from collections.abc import Callable


def foreign_faults() -> list[Fault]:
    """Return what is no rejection: the signing side, warnings, and errors of the service itself."""

    def silent(name: str, run: Callable[[], object], **more: Any) -> Fault:
        return Fault(name, None, run, outcome="none", **more)

    issue, only = app.issue, {"coats": "traceback"}
    jwk = json.dumps(tokens.jwk("oct", "2026-03-key"))
    found = [
        silent("encode: claims a list", lambda: issue(["a"], SECRET, "HS256")),
        silent("encode: iss a number", lambda: issue({"iss": 7}, SECRET, "HS256"), since=(2, 11)),
        silent("encode: no such algorithm", lambda: issue({}, SECRET, "HS999"), **only),
        silent("encode: no key", lambda: issue({}, None, "HS256"), **only),
        silent("encode: empty key", lambda: issue({}, "", "HS256"), since=(2, 13), **only),
        silent("encode: JWK as secret", lambda: issue({}, jwk, "HS256"), since=(2, 13), **only),
        silent("encode: key for none", lambda: issue({}, SECRET, "none"), **only),
        silent(
            "encode: kid a number",
            lambda: issue({}, SECRET, "HS256", headers={"kid": 7}),
            **only,
        ),
        silent("encode: claim not JSON", lambda: issue({"a": {1, 2}}, SECRET, "HS256")),
        silent("claim the service wants", lambda: app.current_user(token(), SECRET)),
        silent("words in a frame", lambda: app.retry_after("Signature has expired", {})),
        silent(
            "raise line in a frame",
            lambda: app.refuse(token(None, OTHER_SECRET), SECRET),
            since=(1, 7),
        ),
    ]
    if tokens.HAS_CRYPTOGRAPHY:
        broken = BROKEN_PEM
        found += [
            silent("encode: broken key", lambda: issue({}, broken, "RS256"), **only),
            silent("encode: broken EC key", lambda: issue({}, broken, "ES256"), **only),
        ]
    return found
