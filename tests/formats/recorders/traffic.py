"""Requests with good and bad tokens, in virtual time, and the book of what became of them."""

from __future__ import annotations

import base64
import json
import random
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import jwt

SECRET = "throwaway-secret-of-the-recorder-0123456789"
ISSUER, AUDIENCE = "https://auth.example.com/", "orders-api"
START_MS = 1_935_817_200_000  # 2031-05-06T07:00:00Z
SETTLE_SECONDS = 0.03  # a server may write its line after it answered
ROUTES = ("/orders", "/orders/17", "/invoices", "/profile")

REASONS = {
    "expired": "token_expired",
    "wrong_key": "signature_invalid",
    "wrong_audience": "audience_mismatch",
    "garbage": "token_malformed",
}


@dataclass(frozen=True)
class Request:
    at_ms: int
    route: str
    token: str
    fault: str  # "" for a token that is good


@dataclass
class Book:
    """What the recorder itself knows of a run."""

    requests: int = 0
    refused: Counter[str] = field(default_factory=Counter)  # by reason
    first_ms: int = START_MS  # the clock when the program started
    last_ms: int = START_MS
    request_ms: list[int] = field(default_factory=list)
    refused_ms: list[int] = field(default_factory=list)
    refused_reasons: list[str] = field(default_factory=list)  # in the same order


class Clock:
    """The file that libfaketime reads the time from."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.set(START_MS)

    def set(self, ms: int) -> None:
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(ms // 1000))
        held = self._path.with_suffix(".new")
        held.write_text(f"{moment}.{ms % 1000:03d}\n")
        held.replace(self._path)


def plan(name: str) -> list[Request]:
    """Return the requests that a program of this name gets: other numbers for every name.

    Times are eighths of a second, which libfaketime's floats hold exactly.
    """
    chance = random.Random(name)
    faults = [fault for fault in REASONS for _ in range(chance.randint(1, 4))]
    kinds = faults + [""] * chance.randint(16, 28)
    chance.shuffle(kinds)
    at_ms, requests = START_MS, []
    for number, fault in enumerate(kinds):
        at_ms += chance.randint(8, 400) * 125
        token = mint(at_ms // 1000, fault, number)
        requests.append(Request(at_ms, chance.choice(ROUTES), token, fault))
    return requests


def mint(now: int, fault: str, number: int) -> str:
    """Return a token; PyJWT signs, the fault is put in here."""
    if fault == "garbage":
        return "undefined" if number % 2 else base64.b64encode(b"session=17").decode()
    claims = {
        "iss": ISSUER,
        "aud": "billing-api" if fault == "wrong_audience" else AUDIENCE,
        "sub": f"user-{number}",
        "iat": now - 4000,
        "exp": now - 400 if fault == "expired" else now + 3600,
    }
    key = "another-secret-that-the-service-does-not-know" if fault == "wrong_key" else SECRET
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": "2031-a"})


def drive(requests: list[Request], url: str, clock: Clock) -> Book:
    """Send the requests, each at its time, and check that the service judged as planned."""
    book = Book()
    for number, request in enumerate(requests):
        clock.set(request.at_ms)
        status = _status(url + request.route, request.token, f"4f1c2d7e-{number:04d}-4a5b-9c8d")
        expected = 401 if request.fault else 200
        if status != expected:
            raise SystemExit(f"{request.fault or 'good'} token: {status} instead of {expected}")
        note(book, request)
        time.sleep(SETTLE_SECONDS)
    return book


def without_repeats(book: Book) -> Book:
    """Return the book as an SDK sees it that drops an error like the one before it."""
    pairs = list(zip(book.refused_ms, book.refused_reasons, strict=True))
    kept = [pair for before, pair in pairwise([(0, ""), *pairs]) if pair[1] != before[1]]
    times, reasons = zip(*kept, strict=True)
    return replace(
        book, refused=Counter(reasons), refused_ms=list(times), refused_reasons=list(reasons)
    )


def note(book: Book, request: Request) -> None:
    book.requests += 1
    book.last_ms = request.at_ms
    book.request_ms.append(request.at_ms)
    if request.fault:
        book.refused[REASONS[request.fault]] += 1
        book.refused_ms.append(request.at_ms)
        book.refused_reasons.append(REASONS[request.fault])


def _status(url: str, token: str, request_id: str) -> int:
    headers = {
        "Authorization": f"Bearer {token}",
        "X-Request-Id": request_id,
        "User-Agent": "orders-web/3.2 (+https://shop.example.com)",
    }
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            json.load(answer)
            return answer.status
    except urllib.error.HTTPError as error:
        error.read()
        return error.code
