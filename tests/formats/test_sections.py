"""Several files in one stream: each line says what it says alone, under its own file's name."""

from __future__ import annotations

import numpy as np
import pytest

from logclass import formats
from logclass.formats.blocks import line_numbers
from logclass.model import Fault, Source

ONE = "2031-05-06T07:08:09.123Z ERROR token rejected: jwt expired"
STACK = "    at verify (/app/auth.js:10:5)"
TWO = '{"time":"2031-05-06T07:09:10.123Z","level":"info","msg":"served"}'
KLOG = "E0506 07:10:03.924414       1 authentication.go:89] invalid bearer token"
TAILED = (
    f"==> /var/log/orders-api-1.log <==\n{ONE}\n{STACK}\n\n==> /var/log/billing-2.log <==\n{TWO}\n"
    f"\n==> kube-apiserver [8bce9679a1f3] <==\n{KLOG}\n\n==> /var/log/orders-api-1.log <==\n{TWO}\n"
)
GREPPED = (
    f"logs/orders-api-1.log:{ONE}\nlogs/orders-api-1.log-{STACK}\n--\nlogs/billing-2.log:{TWO}\n"
)
NUMBERED = f"orders-api-1.log:7:{ONE}\norders-api-1.log-8-{STACK}\nbilling-2.log:12:{TWO}\n"


def _read(text: str, size: int = 1 << 20) -> list[tuple[str, str, int | None, int]]:
    """Return service, instance, time and line of each record."""
    data = text.encode()
    source = Source("all.txt", "all.txt", modified_seconds=1_935_900_000)
    opened = formats.open_reader(source, formats.head_of(data, source, is_whole=True))
    assert not isinstance(opened, Fault)
    assert opened[0].name == "sections"
    found = []
    read_bytes = 0
    for frame in opened[1].frames([data[at : at + size] for at in range(0, len(data), size)], []):
        read_bytes += frame.read_bytes
        numbers = line_numbers(frame, np.arange(len(frame.starts))).tolist()
        rows = zip(frame.starts.tolist(), frame.ends.tolist(), numbers, strict=True)
        for start, end, line in rows:
            event = opened[1].decode(frame.data[start:end])
            assert event is not None
            found.append((event.service, event.instance, event.time_ms, line))
    assert read_bytes == len(data)
    return found


def test_tail_names_the_file_of_each_line() -> None:
    assert _read(TAILED) == [
        ("orders-api", "orders-api-1", 1_935_817_689_123, 2),
        ("billing", "billing-2", 1_935_817_750_123, 6),
        ("kube-apiserver", "", 1_935_817_803_924, 9),
        ("orders-api", "orders-api-1", 1_935_817_750_123, 12),
    ]


@pytest.mark.parametrize("text", [GREPPED, NUMBERED])
def test_grep_names_the_file_of_each_line(text: str) -> None:
    assert [one[:3] for one in _read(text)] == [
        ("orders-api", "orders-api-1", 1_935_817_689_123),
        ("billing", "billing-2", 1_935_817_750_123),
    ]


@pytest.mark.parametrize("text", [TAILED, GREPPED, NUMBERED])
@pytest.mark.parametrize("size", [1, 30, 100])
def test_any_chunks_are_read_alike(text: str, size: int) -> None:
    assert _read(text, size) == _read(text)


def test_hosts_with_ports_are_no_files() -> None:
    data = (
        b'shop.example.com:443 192.0.2.1 - - [06/May/2031:07:08:09 +0000] "GET / HTTP/1.1" 401 2\n'
    )
    source = Source("f.log", "f.log")
    opened = formats.open_reader(source, formats.head_of(data, source, is_whole=True))
    assert not isinstance(opened, Fault)
    assert opened[0].name == "access-combined"
