"""Lines behind what syslog daemons, platforms and tailing tools print, read as one story.

The rsyslog lines are as rsyslogd 8.2302 wrote them with RSYSLOG_SyslogProtocol23Format; the others
by hand after the tools' manuals.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from test_store_exports import PODS, REFUSED, STORY, Line, holds_the_story, read

from logclass.formats.payload import decode_object

SECOND_MS = 1000
NUMBERS = ("148ed193b95948", "5683d44c7e8948")
TASK = "orders-api.{}.k2j3h4k5j6h7k8j9h0k1j2h3k@node-7"
PREFIXES: dict[str, tuple[Callable[[Line], str], set[str], set[str]]] = {
    "rsyslog, 5424 of 3164": (
        lambda line: f"<11>1 {line.iso} web-{line.number % 2 + 1} orders-api 77 - -  ",
        {"orders-api"},
        {"web-1", "web-2"},
    ),
    "heroku drain": (
        lambda line: f"<190>1 {line.iso} host app web.{line.number % 2 + 1} - ",
        {"web"},
        {"web.1", "web.2"},
    ),
    "heroku with colours": (
        lambda line: f"\x1b[36m{line.iso} app[web.{line.number % 2 + 1}]:\x1b[39m ",
        {"web"},
        {"web.1", "web.2"},
    ),
    "fly": (
        lambda line: f"{line.iso} app[{NUMBERS[line.number % 2]}] fra [info]",
        {""},
        set(NUMBERS),
    ),
    "kail": (
        lambda line: f"prod/{line.pod}[orders-api]: {line.iso} ",
        {"orders-api"},
        set(PODS),
    ),
    "docker service logs": (
        lambda line: f"{line.iso} {TASK.format(line.number % 2 + 1)}    | ",
        {"orders-api"},
        {"orders-api.1", "orders-api.2"},
    ),
}


@pytest.mark.parametrize("name", sorted(PREFIXES))
def test_what_stands_before_a_line_names_its_writer(name: str) -> None:
    before, services, instances = PREFIXES[name]
    lines = [f"{before(line)}{line.text}\n" for line in STORY]
    found = read("".join(lines))
    holds_the_story(found)
    assert (found.services, found.instances) == (services, instances)


def test_a_date_before_a_line_is_no_name_of_a_file() -> None:
    lines = [f"{line.at('%d/%b/%Y:%H:%M:%S +0000')}: {line.text}\n" for line in STORY]
    found = read("".join(lines))
    holds_the_story(found, SECOND_MS)
    assert found.services == {""}


def test_the_number_of_a_kind_of_event_is_not_the_id_of_one() -> None:
    # .NET's JSON console without times; Windows' events have such a number too.
    said = '{{"EventId":7,"LogLevel":"Warning","Category":"Auth","Message":"{text}"}}\n'
    found = read("".join(said.format(text=line.text) for line in STORY))
    assert len(found.refused) == len(REFUSED)


def test_every_text_of_a_record_is_read() -> None:
    text = decode_object({"msg": "request failed", "text": "jwt expired", "event": "denied"}).text
    assert text.split("\n") == ["request failed", "jwt expired", "event=denied"]
