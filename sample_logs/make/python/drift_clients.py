"""Browsers of the web application, scanners, and the books of what was refused and why."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auth_service import LIFETIME_SECONDS
from virtual_clock import iso

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from web_world import WebWorld

LEEWAY_SECONDS = 30
THINK_MS = 20_000
SESSION_MS = 14 * 60_000
SESSIONS_PER_SECOND = 0.015
LATE_SHARE = 0.06
ROUTES = ("/v1/orders", "/v1/profile", "/v1/orders", "/v1/feed")


class Books:
    """Counts of requests to the API, entered by those who know what they sent."""

    def __init__(self, start_ms: int, end_ms: int) -> None:
        self._window = (start_ms, end_ms)
        self.totals: Counter[str] = Counter()
        self.by_reason: Counter[str] = Counter()
        self.by_minute: dict[str, Counter[str]] = defaultdict(Counter)
        self.by_instance: dict[str, Counter[str]] = defaultdict(Counter)
        self.drifted_ms: list[int] = []

    def enter(self, ms: int, reason: str | None, answer: tuple[int, str]) -> None:
        """Enter one API request; `reason` is why it must be refused."""
        status, instance = answer
        if (status == 401) != (reason is not None):
            raise AssertionError(f"the books say {reason}, the API says {status}")
        if not self._window[0] <= ms < self._window[1]:
            return
        self.totals["requests"] += 1
        self.totals["rejected" if reason else "accepted"] += 1
        if reason:
            self.by_reason[reason] += 1
            self.by_minute[iso(ms)[11:16]][reason] += 1
            self.by_instance[instance][reason] += 1
        if reason in ("issuer_mismatch", "audience_mismatch"):
            self.drifted_ms.append(ms)


@dataclass
class Browser:
    """One user's session."""

    user: str
    address: str
    agent: str
    end_ms: float
    token: str = ""
    is_late: bool = False  # sleeps through the refresh of this token, which is then refused
    refresh_token: str = ""
    issued_ms: int = 0
    drifted: bool = False  # the token carries the other environment's claims


def headers_of(browser: Browser, request_id: str) -> dict[str, str]:
    """Return the headers a browser's request carries."""
    return {
        "X-Forwarded-For": browser.address,
        "User-Agent": browser.agent,
        "X-Request-ID": request_id,
    }


class Clients:
    """Everybody who sends requests, as callbacks in order of virtual time."""

    def __init__(self, world: WebWorld, books: Books, draw: random.Random, end_ms: int) -> None:
        self._world, self._books, self._draw, self._end_ms = world, books, draw, end_ms
        self._agenda: list[tuple[int, int, Callable[[int], Any]]] = []
        self._entered = 0

    def at(self, ms: float, action: Callable[[int], Any]) -> None:
        """Put an action on the agenda."""
        self._entered += 1
        heapq.heappush(self._agenda, (int(ms), self._entered, action))

    def run(self, start_ms: int) -> None:
        """Let everything happen until the end."""
        self.at(start_ms, self._arrive)
        self.at(start_ms + 90_000, self._scan)
        while self._agenda and self._agenda[0][0] < self._end_ms:
            ms, _, action = heapq.heappop(self._agenda)
            self._world.set(ms)
            action(ms)

    def _request_id(self) -> str:
        return f"{self._draw.getrandbits(64):016x}"

    def _arrive(self, ms: int) -> None:
        browser = Browser(
            user=f"u-{self._draw.getrandbits(24):06x}",
            address=f"203.0.113.{self._draw.randint(1, 250)}",
            agent=self._draw.choice(["Mozilla/5.0 (X11; Linux x86_64)", "web-app/7.1 (Android)"]),
            end_ms=ms + self._draw.expovariate(1 / SESSION_MS),
        )
        self.at(ms, lambda now: self._log_in(browser, now))
        self.at(ms + self._draw.expovariate(SESSIONS_PER_SECOND / 1000), self._arrive)

    def _take_token(self, browser: Browser, ms: int, path: str, body: dict[str, str]) -> None:
        headers = headers_of(browser, self._request_id())
        _, answer = self._world.request("POST", path, headers, body)
        browser.token = answer["access_token"]
        browser.refresh_token = answer["refresh_token"]
        browser.issued_ms = ms
        browser.drifted = self._world.is_drifted
        browser.is_late = self._draw.random() < LATE_SHARE

    def _log_in(self, browser: Browser, ms: int) -> None:
        self._take_token(browser, ms, "/auth/login", {"user": browser.user})
        self._later(browser, ms + self._draw.uniform(300, 1500), self._use)

    def _refresh(self, browser: Browser, ms: int) -> None:
        body = {"refresh_token": browser.refresh_token}
        self._take_token(browser, ms, "/auth/refresh", body)

    def _later(self, browser: Browser, ms: float, step: Callable[[Browser, int], None]) -> None:
        if ms < browser.end_ms:
            self.at(ms, lambda now: step(browser, now))

    def _use(self, browser: Browser, ms: int) -> None:
        if not browser.is_late and ms - browser.issued_ms > 800 * LIFETIME_SECONDS:
            self._refresh(browser, ms)
        if self._ask(browser, ms) == 200:
            self._later(browser, ms + self._draw.expovariate(1 / THINK_MS), self._use)
            return
        # One refresh and one more try at once; then the user waits and tries again.
        again = ms + int(self._draw.uniform(200, 900))
        self._later(browser, again, self._retry)

    def _retry(self, browser: Browser, ms: int) -> None:
        self._refresh(browser, ms)
        pause = THINK_MS if self._ask(browser, ms) == 200 else 3 * THINK_MS
        self._later(browser, ms + self._draw.expovariate(1 / pause), self._use)

    def _ask(self, browser: Browser, ms: int) -> int:
        path = self._draw.choice(ROUTES)
        headers = headers_of(browser, self._request_id())
        headers["Authorization"] = f"Bearer {browser.token}"
        answer = self._world.ask_api(path, headers)
        # The issuer's clock is ten seconds slow: tokens end ten seconds early, and the leeway
        # of thirty more than makes up for it.
        expires = (browser.issued_ms - 10_000) // 1000 + LIFETIME_SECONDS
        reason = None
        if ms // 1000 >= expires + LEEWAY_SECONDS:
            reason = "token_expired"
        elif browser.drifted:
            reason = "audience_mismatch" if path == "/v1/feed" else "issuer_mismatch"
        self._books.enter(ms, reason, answer)
        return answer[0]

    def _scan(self, ms: int) -> None:
        address = f"198.51.100.{self._draw.choice([4, 61, 200])}"
        scanner = Browser("", address, "python-requests/2.31", ms)
        headers = headers_of(scanner, self._request_id())
        kind = self._draw.random()
        if kind < 0.4:
            self._world.request(
                "GET", self._draw.choice(["/.env", "/admin", "/wp-login.php"]), headers
            )
        elif kind < 0.7:
            self._books.enter(ms, "header_missing", self._world.ask_api("/v1/orders", headers))
        else:
            headers["Authorization"] = f"Bearer {self._draw.getrandbits(96):x}"
            self._books.enter(ms, "token_malformed", self._world.ask_api("/v1/orders", headers))
        self.at(ms + self._draw.expovariate(1 / 400_000), self._scan)
