"""Lines that a platform or a syslog put its own time and names in front of.

Shapes as in public issues and the platforms' manuals, re-dated and reworded.
"""

from __future__ import annotations

from typing import NamedTuple

from reading import ENDED

from logclass import formats
from logclass.formats.event import Event
from logclass.model import Fault, Source
from logclass.timestamps import isoformat

HEROKU = (
    "2031-05-06T07:08:09.155519+00:00 app[web.1]: JsonWebTokenError: invalid signature\n"
    "2031-05-06T07:08:09.155519+00:00 app[web.1]:     at /app/node_modules/jsonwebtoken/verify.js:1\n"
    '2031-05-06T07:08:09.158313+00:00 heroku[router]: at=info method=POST path="/orders"'
    " host=shop.example.com dyno=web.1 connect=1ms service=18ms status=401 bytes=13\n"
)
CLOUD_FOUNDRY = (
    "   2031-05-06T07:08:09.15+0000 [APP/PROC/WEB/2] ERR token rejected: expired\n"
    "   2031-05-06T07:08:09.16+0000 [RTR/3] OUT shop.example.com - [06/May/2031:07:08:09.1 +0000]"
    ' "GET /orders HTTP/1.1" 401 0 26 "-" "curl/7.54" "192.0.2.1:4"\n'
)
HARBOR = (
    "May  6 15:08:09 192.0.2.16 registry[1142]: 192.0.2.8 - - [06/May/2031:07:08:09 +0000]"
    ' "GET /v2/ HTTP/1.1" 401 87 "" "Go-http-client/1.1"\n'
    'May  6 15:08:10 192.0.2.16 registry[1142]: time="2031-05-06T07:08:10.43Z" level=warning'
    ' msg="error authorizing context: authorization token required"\n'
    "May  6 15:08:11 192.0.2.16 registry[1142]: started\n"
)


class Said(NamedTuple):
    """What a record says, and the minute that it is counted in."""

    event: Event
    minute: int


def _read(text: str) -> list[Said]:
    data = text.encode()
    source = Source("f.log", "f.log", modified_seconds=ENDED)
    opened = formats.open_reader(source, formats.head_of(data, source, is_whole=True))
    assert not isinstance(opened, Fault)
    said: list[Said] = []
    for frame in opened[1].frames([data], []):
        rows = zip(frame.starts.tolist(), frame.ends.tolist(), frame.minutes.tolist(), strict=True)
        for start, end, minute in rows:
            event = opened[1].decode(frame.data[start:end])
            assert event is not None
            said.append(Said(event, minute))
    return said


def test_heroku_names_the_dyno_and_the_routers_status() -> None:
    said = [one.event for one in _read(HEROKU)]
    assert len(said) == 3
    assert (said[0].instance, said[0].service) == ("web.1", "")
    assert (said[2].status, said[2].route, said[2].service) == (401, "/orders", "")


def test_cloud_foundry_names_the_instance() -> None:
    said = [one.event for one in _read(CLOUD_FOUNDRY)]
    assert [one.instance for one in said] == ["2", "3"]
    assert said[0].text == "token rejected: expired"
    assert (said[1].status, said[1].route) == (401, "/orders")


def test_a_syslog_of_local_time_is_read_in_the_zone_that_its_texts_show() -> None:
    said = _read(HARBOR)
    times = [one.event.time_ms for one in said]
    assert [isoformat(ms or 0) for ms in times] == [
        "2031-05-06T07:08:09Z",
        "2031-05-06T07:08:10.430Z",
        "2031-05-06T07:08:11Z",
    ]
    assert {one.minute for one in said} == {(times[0] or 0) // 60_000}
    assert {one.event.service for one in said} == {"registry"}
    assert [one.event.status for one in said] == [401, 0, 0]


def test_a_syslog_line_without_a_tag_is_an_event() -> None:
    said = _read(
        "May  6 07:08:09 node-1 sshd[7]: refused\nMay  6 07:08:10 --- last message repeated ---\n"
        "May  6 07:08:11 node-1 mail/submission/smtpd[8]: refused\nMay  6 07:08:12 node-1 a[9]: b\n"
    )
    assert [one.event.service for one in said] == ["sshd", "", "smtpd", "a"]
