"""Exports and consoles as public excerpts show them: events, times, names and what was refused."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from logclass import formats
from logclass.formats.event import Event
from logclass.model import Fault, Source
from logclass.timestamps import isoformat

WINDOWS = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='Orders'/><Level>2</Level>"
    "<TimeCreated SystemTime='2031-05-06T07:08:{}.1234567Z'/><Computer>web-1</Computer></System>"
    "<EventData><Data>The token is expired &amp; refused.</Data></EventData></Event>"
)
FASTAPI = (
    "      INFO   Started server process [1]\n   WARNING   token rejected\n"
    '      INFO   192.0.2.1:50420 - "GET /orders HTTP/1.1" 401\n'
)
ENVOY = (
    "2031-05-06T07:08:09.215066Z debug envoy http conn_manager_impl.cc:1838 encoding headers:\n"
    "':status', '401'\n'content-length', '22'\n"
    "2031-05-06T07:08:09.215204Z debug envoy http conn_manager_impl.cc:1950 done\n"
)
DICTS = (
    "{'time': '2031-05-06 07:08:09.123', 'level': 'ERROR', 'msg': 'Signature has expired'}\n"
    "{'time': '2031-05-06 07:08:11.123', 'level': 'INFO', 'msg': 'served'}\n"
)
MONGO = '{"t":{"$date":"2031-05-06T09:08:09.123+02:00"},"s":"I","c":"ACCESS","msg":"refused"}\n'
CLOUDFLARE = (
    '{"ClientIP":"192.0.2.1","ClientRequestMethod":"GET","ClientRequestURI":"/orders",'
    '"EdgeResponseStatus":401,"EdgeStartTimestamp":1935817689123000000}\n'
)


class Shape(NamedTuple):
    """A stream and what is in it."""

    text: str
    events: int
    time: str | None  # of the first event


SHAPES = {
    "Event Viewer": Shape(
        f"<Events>{WINDOWS.format('09')}{WINDOWS.format(11)}</Events>\n",
        2,
        "2031-05-06T07:08:09.123Z",
    ),
    "wevtutil": Shape(
        f"{WINDOWS.format('09')}\n{WINDOWS.format(11)}\n", 2, "2031-05-06T07:08:09.123Z"
    ),
    "FastAPI": Shape(FASTAPI, 3, None),
    "Envoy": Shape(ENVOY, 2, "2031-05-06T07:08:09.215Z"),
    "Python": Shape(DICTS, 2, "2031-05-06T07:08:09.123Z"),
    "MongoDB": Shape(MONGO, 1, "2031-05-06T07:08:09.123Z"),
    "Cloudflare": Shape(CLOUDFLARE, 1, "2031-05-06T07:08:09.123Z"),
}


def _read(text: str) -> list[Event]:
    data = text.encode()
    source = Source("f.log", "f.log")
    opened = formats.open_reader(source, formats.head_of(data, source, is_whole=True))
    assert not isinstance(opened, Fault)
    found = []
    for frame in opened[1].frames([data], []):
        for start, end in zip(frame.starts.tolist(), frame.ends.tolist(), strict=True):
            event = opened[1].decode(frame.data[start:end])
            assert event is not None
            found.append(event)
    return found


@pytest.mark.parametrize("name", SHAPES)
def test_each_event_is_counted_at_its_time(name: str) -> None:
    shape = SHAPES[name]
    events = _read(shape.text)
    assert len(events) == shape.events
    first = events[0].time_ms
    assert (None if first is None else isoformat(first)) == shape.time


def test_windows_names_provider_computer_and_level() -> None:
    event = _read(SHAPES["Event Viewer"].text)[0]
    assert (event.service, event.instance, event.severity) == ("Orders", "web-1", "error")
    assert "The token is expired & refused." in event.text


def test_consoles_and_edges_show_status_and_route() -> None:
    for event in (_read(FASTAPI)[2], _read(CLOUDFLARE)[0]):
        assert (event.status, event.route, event.client) == (401, "/orders", "192.0.2.1")


def test_a_time_that_something_took_is_no_service() -> None:
    line = "2031-05-06T07:08:09Z at=info status=401 connect=1ms service=18ms dyno=web.1\n"
    assert {event.service for event in _read(line * 3)} == {""}
