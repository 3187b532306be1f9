"""Stack traces whose every line has the head of a record: one rejection, not one a line."""

from __future__ import annotations

import pytest
from test_store_exports import STORY, Line, read

PYTHON = (
    "Traceback (most recent call last):",
    '  File "/app/auth.py", line 9, in check',
    "    return jwt.decode(token, key)",
    "jwt.exceptions.{error}",
)
NODE = (
    "{error}",
    "    at /app/node_modules/jsonwebtoken/verify.js:190:21",
    "    at verify (/app/auth.js:9:3)",
)
SAID = {
    "token_expired": "ExpiredSignatureError: Signature has expired",
    "signature_invalid": "InvalidSignatureError: Signature verification failed",
}
FORMS = {
    # As oslo.log writes them; recorded, with shorter traces.
    "oslo.log": ("{stamp} 7 {level} keystonemiddleware.auth_token {said}", PYTHON),
    "a formatter's prefix": ("[{stamp}] {level} in auth: {said}", PYTHON),
    "Node.js": ("{stamp} [web-1] {level} {said}", NODE),
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_trace_is_looked_at_once(name: str) -> None:
    form, trace = FORMS[name]

    def shown(line: Line) -> list[str]:
        said = ["[-] GET /orders"]
        if line.reason:
            said = [f"[-] token rejected: {SAID[line.reason]}"]
            said += [part.format(error=SAID[line.reason]) for part in trace]
        stamp, level = line.at("%Y-%m-%d %H:%M:%S.%3"), "ERROR" if line.reason else "INFO"
        return [form.format(stamp=stamp, level=level, said=part) for part in said]

    lines = [one for line in STORY for one in shown(line)]
    found = read("\n".join(lines) + "\n")
    assert found.events == len(lines)
    assert found.refused == [(line.ms, line.reason) for line in STORY if line.reason]
