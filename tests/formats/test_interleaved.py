"""Two writers whose stack traces stand line by line in one stream: each failure is counted once."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from reading import engine

from logclass import classify, formats
from logclass.model import Source

ONE = (
    "2031-05-06 07:08:09,120 ERROR auth rejected: Signature has expired",
    "Traceback (most recent call last):",
    '  File "/srv/a.py", line 3, in verify',
    "    jwt.decode(token)",
    "jwt.exceptions.ExpiredSignatureError: Signature has expired",
    "2031-05-06 07:08:09,130 INFO ok",
)
OTHER = (
    "2031-05-06 07:08:09,121 ERROR auth rejected: Signature verification failed",
    "Traceback (most recent call last):",
    '  File "/srv/b.py", line 9, in verify',
    "    jwt.decode(token)",
    "jwt.exceptions.InvalidSignatureError: Signature verification failed",
    "2031-05-06 07:08:09,131 INFO ok",
)
SOURCE = Source("events.json", "")
TASKS = ("0a1b" * 8, "1c2d" * 8)


def stamp(number: int) -> str:
    return f"2031-05-06T07:08:09.12{number}000000Z"


def docker(said: str, number: int, writer: int) -> str:
    stream = ("stdout", "stderr")[writer]
    return json.dumps({"log": said + "\n", "stream": stream, "time": stamp(number)})


PODS = ("orders-7d9f8b6c5d-x2x9z", "orders-7d9f8b6c5d-k4m7q")
WRITERS = {
    "stern": lambda said, n, writer: f"{PODS[writer]} api {stamp(n)} {said}",
    "kubectl-prefix": lambda said, n, writer: f"[pod/{PODS[writer]}/api] {stamp(n)} {said}",
    "cri": lambda said, n, writer: f"{stamp(n)} {('stdout', 'stderr')[writer]} F {said}",
    "syslog": lambda said, _, writer: f"May  6 07:08:09 host-1 api[{12 + writer}]: {said}",
    "cloudwatch-tail": lambda said, n, writer: (
        f"2031-05-06T07:08:09.12{n}000+00:00 ecs/api/{TASKS[writer]} {said}"
    ),
    "docker-json": docker,
}


@pytest.mark.parametrize("size", [100, 1 << 20])
@pytest.mark.parametrize("name", list(WRITERS))
def test_traces_of_two_writers_are_told_apart(name: str, size: int) -> None:
    written = WRITERS[name]
    text = "".join(
        written(said, number, writer) + "\n"
        for number, pair in enumerate(zip(ONE, OTHER, strict=True))
        for writer, said in enumerate(pair)
    )
    data = (text * 3).encode()
    matcher, prefilter = engine()
    source = Source("app.log", "app.log", modified_seconds=1_935_900_000)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    reasons: Counter[str] = Counter()
    events, formats_read = 0, set()
    for batch in formats.read(source, chunks, prefilter.hits, []):
        formats_read.add(batch.format)
        events += sum(row["events"] for row in batch.tally.to_pylist())
        for row in classify.classify(batch, matcher).rejections.to_pylist():
            reasons[row["reason"]] += 1
    assert formats_read == {name}
    assert events == 36
    assert reasons == {"token_expired": 3, "signature_invalid": 3}


def test_a_long_list_of_something_else_behind_the_events_is_not_held_back() -> None:
    event = {"timestamp": 1935818889120, "message": "jwt expired", "logStreamName": "api/1"}
    names = [{"logStreamName": f"api/{number}"} for number in range(1000)]
    between = json.dumps(names)[1:-1].encode() + b","
    chunks = [json.dumps({"events": [event]}).encode()[:-1] + b', "searchedLogStreams": [']
    chunks += [between] * 600 + [b"{}]}"]
    size = sum(map(len, chunks))
    reader = formats.open_reader(
        SOURCE, formats.head_of(b"".join(chunks[:2]), SOURCE, is_whole=False)
    )
    frames = list(reader[1].frames(iter(chunks), []))
    assert sum(len(frame.data) for frame in frames) == size
    assert sum(len(frame.starts) for frame in frames) == 1
    assert max(len(frame.data) for frame in frames) < size / 10
