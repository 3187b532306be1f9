"""One text in the wrappings that loggers put around it: what patterns must see through."""

from __future__ import annotations

import json


def coats(text: str) -> list[tuple[str, str]]:
    """Return (name of the wrapping, wrapped text) pairs; the bare text is not among them."""
    once = json.dumps({"level": "error", "msg": text, "pid": 7})
    wrapped = [
        ("a JSON line", once),
        ("a logfmt value", f"level=error msg={json.dumps(text)} pid=7"),
        ("a Python dict", repr({"error": text, "pid": 7})),
        ("a line with a prefix", f"2026-03-12T10:00:01.123Z ERROR [auth] 7 --- {text}"),
        ("a line with a stack", f"{text}\n    at verify (/app/auth.js:10:5)\n    at next"),
        ("a coloured line", f"\x1b[31merror\x1b[39m: {text}\x1b[0m"),
    ]
    if "\\" not in text:
        wrapped.append(("JSON within JSON", json.dumps({"log": once + "\n"})))
    return wrapped
