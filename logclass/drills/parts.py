"""What a simulated fleet is made of. Times are seconds since the epoch, as floats."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
START = float("-inf")


class Timeline(Generic[T]):
    """A value that changes at known times."""

    __slots__ = ("_times", "_values")

    def __init__(self, first: T) -> None:
        self._times = [START]
        self._values = [first]

    def put(self, time: float, value: T) -> None:
        """Have the value from this time on, until the next time that is put later."""
        place = bisect_right(self._times, time)
        self._times.insert(place, time)
        self._values.insert(place, value)

    def at(self, time: float) -> T:
        """Return the value at a time."""
        if len(self._times) == 1:
            return self._values[0]
        return self._values[bisect_right(self._times, time) - 1]


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key: what logs may say of it, and the number of its real material."""

    kid: str
    alg: str
    number: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What tokens of one sort have in common: all but their times."""

    key: Key
    iss: str
    aud: str | tuple[str, ...]
    subject: str | int
    shows_kid: bool = True
    has_nbf: bool = False
    kind: str = "token"  # or a way to be junk: see verifying.token


@dataclass(frozen=True, slots=True)
class Checks:
    """How a verifier is set up."""

    source: str  # "jwks": PyJWKClient; "own cache": PyJWKSet by kid; "static": one key or secret
    algorithms: tuple[str, ...]
    aud: str
    iss: str
    leeway_seconds: float
    key: Key | None = None  # static only
    accepts: tuple[Key, ...] = ()  # static: further keys, chosen by kid
    form: str = "right"  # of the static key: right, base64, mangled, empty
    options: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the verifying library raised."""

    error: str  # the class, with its module
    text: str
    trace: str  # as Python prints it, without the application's own frames


NO_HEADER = Refusal("", "", "")  # no token reached the verifier


@dataclass(slots=True)
class Token:
    """A token some client holds."""

    shape: Shape
    iat: float
    exp: float


@dataclass(slots=True)
class Slot:
    """A place in a fleet that one instance after another fills."""

    weight: float
    names: Timeline[str]
    release: Timeline[str]
    checks: Timeline[Checks]
    shape: Timeline[Shape | None]  # what it signs, where it issues tokens
    skew: Timeline[tuple[float, float, float]]  # (since, seconds then, seconds per second)
    keys: tuple[Key, ...] = ()  # the key set in its cache
    fetched: float = START
    tried: float = START
    refetches: bool = True  # on an unknown kid
    cache_seconds: float = 300.0

    def offset(self, time: float) -> float:
        """Return by how many seconds its clock is ahead."""
        since, seconds, drift = self.skew.at(time)
        return seconds if not drift else seconds + drift * (time - since)


@dataclass(slots=True)
class Service:
    """Instances that verify the same tokens the same way."""

    name: str
    slots: list[Slot]
    routes: tuple[str, ...]
    share: float
    totals: list[float] = field(default_factory=list)  # running weights of the slots


@dataclass(slots=True)
class Client:
    """Someone who holds a token."""

    ip: str
    agent: str
    app: str  # web, mobile, batch, partner
    margin: float  # refreshes after this share of the lifetime
    on_401: str  # refresh, keep, login
    subject: str | int
    is_lazy: bool = False  # finds out by a 401 that the token has expired
    release: str = ""
    token: Token | None = None
    is_waiting: bool = False  # for a new login


@dataclass(frozen=True, slots=True)
class Job:
    """Something that asks in bursts, with a token that has long expired."""

    client: Client
    starts: tuple[float, ...]
    requests: int
    pause_seconds: float


@dataclass(frozen=True, slots=True)
class Stranger:
    """One request of somebody who holds no token of ours."""

    time: float
    service: int
    ip: str
    shape: Shape | None  # None: no Authorization header at all
    is_fault: bool = False


@dataclass(slots=True)
class Change:
    """Something that was changed, and whether it is the cause."""

    id: str
    kind: str
    time: float
    target: str
    role: str  # cause, undo, decoy
    description: str = ""
    version: str = ""
    end: float | None = None


@dataclass(slots=True)
class Event:
    """One request as it reached a verifier."""

    time: float
    service: int
    slot: int
    client: Client
    route: str
    status: int
    refusal: Refusal | None
    token: Token | None
    request_id: str
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A line that is no request: a start, a fetched key set, a health check."""

    time: float
    service: int
    slot: int
    level: str
    text: str
    fields: tuple[tuple[str, str | int], ...] = ()
