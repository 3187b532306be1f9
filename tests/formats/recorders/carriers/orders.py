"""A service that logs twelve events and notes the time of each in the file BOOK. Usage: orders.py FORM.

A start, five times a stored order and a token that PyJWT refuses (expired, wrong key, wrong audience,
two segments, expired), and an end. FORM: bare (no time), stamped, traced (stacks below), json.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import jwt

KEY = "s" * 32
NOW = int(time.time())


def token(key: str = KEY, **claims: object) -> str:
    return jwt.encode({"sub": "u1", "aud": "orders", **claims}, key, "HS256")


REFUSED = [
    token(exp=NOW - 600), token("x" * 32, exp=NOW + 600), token(exp=NOW + 600, aud="web"),
    "abc.def", token(exp=NOW - 60),
]  # fmt: skip


def events() -> object:
    yield "listening on port 8080", None
    for number, one in enumerate(REFUSED):
        yield f"order {number} stored", None
        try:
            jwt.decode(one, KEY, ["HS256"], audience="orders")
        except jwt.PyJWTError as error:
            yield "token rejected", error
    yield "shutting down", None


def written(form: str, moment: datetime, text: str, error: Exception | None) -> str:
    level = "ERROR" if error else "INFO"
    if form == "json":
        more = {"error": str(error), "type": type(error).__name__} if error else {}
        stamp = f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
        return json.dumps({"time": stamp, "level": level.lower(), "msg": text, **more}) + "\n"
    line = f"{level} {text}: {error}\n" if error else f"{level} {text}\n"
    if error and form == "traced":
        line = f"{level} {text}\n{''.join(traceback.format_exception(error))}"
    return line if form == "bare" else f"{moment:%Y-%m-%d %H:%M:%S},{moment:%f}"[:23] + f" {line}"


def run(form: str, out: TextIO) -> None:
    with Path(os.environ["BOOK"]).open("a") as book:
        for text, error in events():
            moment = datetime.now(UTC)
            out.write(written(form, moment, text, error))
            out.flush()
            book.write(f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z\n")
            time.sleep(0.1)


if __name__ == "__main__":
    run(sys.argv[1], sys.stdout)
