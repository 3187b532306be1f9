"""Who else saw the requests: the gateway, the error tracker, the issuer."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from logclass.drills import lines
from logclass.drills.parts import NO_HEADER

if TYPE_CHECKING:
    from logclass.drills.run import Ran
    from logclass.drills.world import World

_MOST = 500  # events an error tracker kept


def nginx(ran: Ran) -> bytes:
    """Return the gateway's access log, in the combined form."""
    out = []
    for event in ran.events:
        when = datetime.fromtimestamp(event.time, UTC)
        size = 41 if event.status == 401 else 300 + len(event.route) * 7
        out.append(
            f'{event.client.ip} - - [{when:%d/%b/%Y:%H:%M:%S} +0000] "GET {event.route} HTTP/1.1" '
            f'{event.status} {size} "-" "{event.client.agent}"'
        )
    return ("\n".join(out) + "\n").encode()


def sentry(world: World, ran: Ran) -> bytes:
    """Return events of the refused requests, a share of them."""
    rng = world.random
    share = rng.choice((0.2, 0.5, 1.0))
    rows: list[dict[str, object]] = []
    for event in ran.events:
        refusal = event.refusal
        if refusal is None or refusal is NO_HEADER or rng.random() > share or len(rows) >= _MOST:
            continue
        service = world.services[event.service]
        slot = service.slots[event.slot]
        module, _, name = refusal.error.rpartition(".")
        shown = event.time + slot.offset(event.time)
        row: dict[str, object] = {
            "event_id": f"{rng.getrandbits(128):032x}",
            "timestamp": lines.stamp(shown, "micro"),
            "platform": "python",
            "level": "error",
            "server_name": slot.names.at(event.time),
            "release": f"{service.name}@{slot.release.at(event.time)}",
            "environment": "production",
            "logger": f"{service.name}.auth",
            "exception": {"values": [{"type": name, "value": refusal.text, "module": module}]},
            "tags": {"service": service.name, "request_id": event.request_id},
        }
        rows.append(row)
    return json.dumps(rows, indent=1).encode()


def issuer(world: World, ran: Ran) -> bytes:
    """Return the log of the token endpoint."""
    out = []
    for time, client, failed in sorted(ran.refreshes, key=lambda one: one[0]):
        if not world.start <= time < world.end:
            continue
        status, level = failed or "200", "ERROR" if failed else "INFO"
        skew = 0.0 if world.is_stamped_centrally else world.issuer.offset(time)
        out.append(
            f"{lines.stamp(time + skew)} {level} identity-provider: "
            f"POST /oauth/token grant_type=refresh_token status={status} client_ip={client.ip}"
        )
    return ("\n".join(out) + "\n").encode()
