"""Log lines copied by hand say the same as the lines themselves, whatever stands around them."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np
import pytest

from logclass import formats
from logclass.formats.blocks import line_numbers
from logclass.model import Fault, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reading import Read

TEXT = [
    "2031-05-06T07:08:09.123Z ERROR [auth] 7 --- TokenExpiredError: jwt expired",
    "    at verify (/app/auth.js:10:5)",
    "2031-05-06T07:09:10.123Z INFO [auth] 7 --- served /orders",
    "2031-05-06T07:09:11.123Z ERROR [auth] 7 --- JsonWebTokenError: invalid signature",
]
JSON = [
    '{"time":"2031-05-06T07:08:09.123Z","level":"error","msg":"jwt expired"}',
    '{"time":"2031-05-06T07:09:10.123Z","level":"info","msg":"served"}',
    '{"time":"2031-05-06T07:09:11.123Z","level":"error","msg":"invalid signature"}',
]
KLOG = [
    "E0506 07:08:09.424793     911 authentication.go:63] invalid bearer token",
    "I0506 07:09:10.424793     911 trace.go:116] served",
    "E0506 07:09:11.424793     911 authentication.go:63] token expired",
]


def _each(form: str) -> Callable[[list[str]], str]:
    return lambda lines: "".join(form.format(line) + "\n" for line in lines)


def _numbered(form: str, step: int = 1) -> Callable[[list[str]], str]:
    return lambda lines: "".join(
        form.format(9 + step * count, line) + "\n" for count, line in enumerate(lines)
    )


def _after(start: str, end: str = "") -> Callable[[list[str]], str]:
    return lambda lines: start + "".join(line + "\n" for line in lines) + end


WORN: dict[str, Callable[[list[str]], str]] = {
    "a quotation": _each("> {}"),
    "a quotation of a quotation": _each("> > {}"),
    "a fence": _after("```log\n", "```\n"),
    "a fence below room": _after("\n\n~~~\n", "~~~\n\n"),
    "empty lines": _after("\n \r\n\n"),
    "cat -n": _numbered("{:6}\t{}"),
    "grep -n": _numbered("{}:{}", step=7),
    "a prompt": _after("me@host-1:~/logs$ kubectl logs deploy/auth -n shop\n"),
    "a prompt as root": _after("[root@host-1 ~]# docker logs auth --tail 50\n"),
    "journalctl": _after("-- Logs begin at Tue 2031-05-06 01:46:21 CST. --\n"),
    "systemctl status": _after(
        "● auth.service - Authentication\n   Loaded: loaded (/etc/systemd/system/auth.service)\n"
        "   Active: active (running) since Tue 2031-05-06 01:22:23 UTC; 16min ago\n"
        "   CGroup: /system.slice/auth.service\n           └─4671 /opt/auth --v=9\n\n"
    ),
    "control sequences": _each("\x1b[2K{}"),
    "colours without their escape": _each("[32m{}[0m"),
    "colours of cat -v": _each("^[[32m{}^[[0m"),
}


def _read(data: bytes, size: int = 1 << 20) -> list[tuple[int | None, str, int, int]]:
    """Return time, text, minute and line of each record."""
    source = Source("f.log", "f.log", modified_seconds=1_935_900_000)
    opened = formats.open_reader(source, formats.head_of(data, source, is_whole=True))
    assert not isinstance(opened, Fault)
    reader = opened[1]
    chunks: Iterable[bytes] = [data[at : at + size] for at in range(0, len(data), size)]
    found = []
    read_bytes = 0
    for frame in reader.frames(chunks, []):
        read_bytes += len(frame.data) if frame.read_bytes < 0 else frame.read_bytes
        rows = zip(frame.starts.tolist(), frame.ends.tolist(), strict=True)
        lines = line_numbers(frame, np.arange(len(frame.starts))).tolist()
        for (start, end), minute, line in zip(rows, frame.minutes.tolist(), lines, strict=True):
            event = reader.decode(frame.data[start:end])
            assert event is not None
            found.append((event.time_ms, event.text.rstrip(), minute, line))
    assert read_bytes == len(data)
    return found


@pytest.mark.parametrize("lines", [TEXT, JSON, KLOG], ids=["text", "json", "klog"])
@pytest.mark.parametrize("worn", WORN)
def test_what_is_said_stays(worn: str, lines: list[str]) -> None:
    bare = _read("".join(line + "\n" for line in lines).encode())
    data = WORN[worn](lines).encode()
    assert [one[:3] for one in _read(data)] == [one[:3] for one in bare]
    assert _read(data, 7) == _read(data)
    marked = data.decode().splitlines()
    for _, text, _, line in _read(data):
        assert text.partition("\n")[0][-6:] in marked[line - 1]


@pytest.mark.parametrize(
    "text",
    [
        "> reading config\nsaid: no\n> done\n",
        "4711 INFO started\n4711 INFO served\n4711 WARN refused\n",
        "job 10:20 started\njob 11:21 served\njob 12:22 refused\n",
        "[main] started\n[0] served\n[32 more]\n",
    ],
)
def test_lines_of_a_program_stay_as_they_are(text: str) -> None:
    said = "\n".join(one[1] for one in _read(text.encode())) + "\n"
    assert said == text


def test_a_time_of_day_is_no_line_number() -> None:
    found = _read(b"10:20:01 started\n11:21:02 served\n12:22:03 refused\n")
    assert [one[1] for one in found] == ["started", "served", "refused"]


def test_an_object_that_was_escaped_for_a_web_page_is_read() -> None:
    data = "".join(line.replace('"', "&quot;") + "\n" for line in JSON).encode()
    assert [one[:2] for one in _read(data)] == [
        one[:2] for one in _read("".join(line + "\n" for line in JSON).encode())
    ]


def test_records_that_a_window_wrapped_keep_their_reason(bundle: Callable[..., Read]) -> None:
    lines = [
        f"2031-05-06T07:0{n}:09.123Z auth-7 ERROR [auth] request {n} rejected: jwt audience invalid."
        " expected: web-prod"
        for n in range(5)
    ]
    wrapped = "".join(f"{textwrap.fill(line, 80)}\n" for line in lines)
    assert wrapped.count("\n") == 2 * len(lines)
    assert bundle({"auth.log": wrapped}).rejected == {("auth", "audience_mismatch"): 5}
