"""How the services of a drill word their logs."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from logclass.drills.parts import NO_HEADER

if TYPE_CHECKING:
    import random

    from logclass.drills.parts import Event, Note, Service, Slot

REJECTED = (
    "token rejected",
    "JWT verification failed",
    "Invalid token",
    "authentication failed",
    "Unauthorized",
    "could not validate credentials",
)
HEADERLESS = (
    "Missing Authorization Header",
    "Authentication credentials were not provided.",
    "No authorization token was found",
    "missing bearer token",
    "Authorization header is missing",
)
BEFORE = 2.0  # seconds: what starts says so a moment before it takes requests
TRACE_HEAD = """Traceback (most recent call last):
  File "/srv/app/auth.py", line 58, in authenticate
    claims = jwt.decode(token, key, algorithms=ALGORITHMS, audience=AUDIENCE, issuer=ISSUER)"""


@dataclass(frozen=True, slots=True)
class Style:
    """What one service's logs hold; fixed for a drill."""

    form: str  # plain, json
    rejected: str
    headerless: str
    has_instance: bool
    has_release: bool
    has_context: bool  # kid, alg, iat, exp, iss, aud of rejected tokens
    has_context_always: bool  # and of accepted ones
    has_request_id: bool
    has_client: bool
    has_trace: bool
    has_successes: bool
    names_class: bool
    stamp: str  # z, comma, micro
    error_key: str


def choose(rng: random.Random, form: str, *, must_tell_instance: bool) -> Style:
    """Return a style; what a drill cannot do without is always there."""
    has_context = rng.random() < 0.5
    return Style(
        form=form,
        rejected=rng.choice(REJECTED),
        headerless=rng.choice(HEADERLESS),
        has_instance=must_tell_instance or rng.random() < 0.88,
        has_release=rng.random() < 0.35,
        has_context=has_context,
        has_context_always=has_context and rng.random() < 0.5,
        has_request_id=rng.random() < 0.6,
        has_client=rng.random() < 0.7,
        has_trace=rng.random() < 0.35,
        has_successes=rng.random() < 0.8,
        names_class=rng.random() < 0.6,
        stamp=rng.choice(("z", "z", "comma", "micro")),
        error_key=rng.choice(("error", "exc", "reason", "detail")),
    )


def stamp(time: float, style: str = "z") -> str:
    """Return a time as text; all are UTC."""
    second = int(time)
    day = _minute(second // 60)
    rest = time - second
    if style == "comma":
        return f"{day[:10]} {day[11:]}:{second % 60:02},{int(rest * 1000):03}"
    if style == "micro":
        return f"{day}:{second % 60:02}.{int(rest * 1_000_000):06}Z"
    return f"{day}:{second % 60:02}.{int(rest * 1000):03}Z"


@functools.lru_cache(maxsize=1024)
def _minute(minute: int) -> str:
    return f"{datetime.fromtimestamp(minute * 60, UTC):%Y-%m-%dT%H:%M}"


def of_event(event: Event, service: Service, slot: Slot, style: Style, at: float) -> list[str]:
    """Return the lines one request leaves in its service's log, stamped with the time `at`."""
    refused = event.refusal is not None
    if not refused and not style.has_successes:
        return []
    fields = _fields(event, service, slot, style)
    if style.form == "json":
        return [_json_event(event, style, at, fields)]
    return [_plain_event(event, service, style, at, fields)]


def _fields(event: Event, service: Service, slot: Slot, style: Style) -> dict[str, object]:
    fields: dict[str, object] = {}
    if style.form == "json":
        fields["service"] = service.name
    if style.has_instance:
        fields["instance"] = slot.names.at(event.time)
    if style.has_release:
        fields["version"] = slot.release.at(event.time)
    if style.has_request_id:
        fields["request_id"] = event.request_id
    fields["method"] = "GET"
    fields["path"] = event.route
    fields["status"] = event.status
    if style.has_client:
        fields["client_ip"] = event.client.ip
    token = event.token
    is_told = style.has_context_always or (style.has_context and event.refusal is not None)
    if is_told and token is not None and event.refusal is not NO_HEADER:
        shape = token.shape
        if shape.shows_kid:
            fields["kid"] = shape.key.kid
        aud = list(shape.aud) if isinstance(shape.aud, tuple) else shape.aud
        fields |= {"alg": shape.key.alg, "iss": shape.iss, "aud": aud}
        fields |= {"iat": int(token.iat), "exp": int(token.exp)}
    return fields


def _said(event: Event, style: Style) -> str:
    refusal = event.refusal
    assert refusal is not None
    name = refusal.error.rsplit(".", 1)[-1]
    return f"{name}: {refusal.text}" if style.names_class else refusal.text


def _json_event(event: Event, style: Style, at: float, fields: dict[str, object]) -> str:
    if event.refusal is None:
        head = {"timestamp": stamp(at, "micro"), "level": "info", "event": "request"}
        return json.dumps({**head, **fields})
    head = {"timestamp": stamp(at, "micro"), "level": "warning"}
    if event.refusal is NO_HEADER:
        return json.dumps({**head, "event": style.headerless, **fields})
    said: dict[str, object] = {"event": style.rejected, style.error_key: _said(event, style)}
    if style.has_trace:
        said["exception"] = f"{TRACE_HEAD}\n{event.refusal.trace}"
    return json.dumps({**head, **said, **fields})


def _plain_event(
    event: Event, service: Service, style: Style, at: float, fields: dict[str, object]
) -> str:
    instance = fields.pop("instance", "")
    where = f"[{instance}] " if instance else ""
    level = "INFO" if event.refusal is None else "WARNING"
    head = f"{stamp(at, style.stamp)} {level} {where}{service.name}.auth: "
    tail = " ".join(f"{key}={value}" for key, value in fields.items())
    if event.refusal is None:
        return f"{head}request {tail}"
    if event.refusal is NO_HEADER:
        return f"{head}{style.headerless} {tail}"
    line = f"{head}{style.rejected}: {_said(event, style)} {tail}"
    return f"{line}\n{TRACE_HEAD}\n{event.refusal.trace}" if style.has_trace else line


def of_note(note: Note, service: Service, slot: Slot, style: Style, at: float) -> str:
    """Return the line of something that is no request."""
    instance = slot.names.at(note.time + BEFORE)
    if style.form == "json":
        head: dict[str, object] = {"timestamp": stamp(at, "micro"), "level": note.level}
        head |= {"event": note.text, "service": service.name}
        if style.has_instance:
            head["instance"] = instance
        return json.dumps({**head, **dict(note.fields)})
    where = f"[{instance}] " if style.has_instance else ""
    tail = "".join(f" {key}={value}" for key, value in note.fields)
    head_text = f"{stamp(at, style.stamp)} {note.level.upper()} {where}{service.name}: "
    return f"{head_text}{note.text}{tail}"
