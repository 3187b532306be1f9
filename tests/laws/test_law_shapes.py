"""Law: records of one shape, read and matched once, give what each record read alone gives."""

from pathlib import Path

import orjson
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass import formats
from logclass.formats import messages
from logclass.formats.shapes import Shapes
from logclass.matcher import Matcher, Prefilter
from logclass.model import Source
from logclass.patternset import load

PATTERNS = load()
PREFILTER = Prefilter(PATTERNS)
MATCHER, ALONE = Matcher(PATTERNS, prefilter=PREFILTER), Matcher(PATTERNS, prefilter=PREFILTER)
TEMPLATES = {
    "text": (
        "2031-05-06T07:08:{second:02}.{ms:03}Z api-{digit} WARN req_id={id} jwt expired user={n}",
        "2031-05-06T07:08:{second:02}.{ms:03}Z api-{digit} INFO GET /orders/{n} 401 {m}ms ip={ip}",
        "2031-05-06 07:08:{second:02},{ms:03} ERROR [{id}] unknown kid {key} for {uuid} {key}",
        "2031-05-06T07:{second:02}:08+02:00 app=auth trace_id={id} span={key} code={n} iat={epoch}",
        "2031-05-06T07:08:09Z WARN token used before issued, {m}s ahead, exp={epoch} id={id} {id2}",
        "2031-05-06T07:08:{second:02}Z TokenExpiredError at 2031-05-06T07:{second:02}:00Z n={n}",
        "2031-05-06T07:08:{second:02}Z WARN u{n}@example.com order_{m}: IDX{n}: jwt expired k{n}-{id}",
        "2031-05-06T07:08:09Z WARN IDX10205 status {n} / {m} {n} {m} took {ms}.{digit}ms {id}",
    ),
    "json": (
        '{{"time":{epoch}{ms:03},"level":{n2},"msg":"jwt expired","reqId":"{id}","pid":{m}}}',
        (
            '{{"ts":"2031-05-06T07:08:{second:02}.{ms:03}Z","msg":"GET /o/{n} 401","request_id":"{uuid}",'
            '"status":401,"exp":{epoch},"kid":"{key}"}}'
        ),
        (
            '{{"time":"2031-05-06T07:08:{second:02}Z","err":{{"name":"JsonWebTokenError","message":'
            '"jwt audience invalid. expected: {n}"}},"trace_id":"{id}","code":{m}}}'
        ),
    ),
    "access": (
        '{ip} - - [06/May/2031:07:08:{second:02} +0000] "GET /o/{n}?x={id} HTTP/1.1" 401 {n2} "-" "-"',
    ),
}
CORPUS = sorted((Path(__file__).parents[1] / "corpus").glob("*.jsonl"))
HEX = "0123456789abcdef"


@st.composite
def values(draw):
    word = st.text(HEX, min_size=32, max_size=32)
    digits = st.text("0123456789", min_size=1, max_size=7)
    uuid = draw(word)
    return {
        "second": draw(st.integers(0, 61)),
        "ms": draw(st.integers(0, 999)),
        "digit": draw(st.integers(0, 9)),
        "n": draw(st.one_of(digits, st.sampled_from(["10205", "1401", "0401", "40100", "200"]))),
        "n2": draw(st.sampled_from(["30", "50", "401", "1401", "12345"])),
        "m": draw(st.integers(0, 99999)),
        "id": uuid if draw(st.booleans()) else draw(word),
        "id2": uuid if draw(st.booleans()) else draw(word),
        "uuid": f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}",
        "key": draw(st.sampled_from(["deadbeef", "0badcafe", "12345678", "a1b2c3d4"])),
        "ip": ".".join(str(draw(st.integers(0, 255))) for _ in range(4)),
        "epoch": draw(st.integers(1_900_000_000, 1_999_999_999)),
    }


def lines(template):
    return st.lists(values(), min_size=3, max_size=24).map(
        lambda rows: [template.format(**row).encode() + b"\n" for row in rows]
    )


@pytest.mark.parametrize("template", [one for group in TEMPLATES.values() for one in group])
@settings(derandomize=True, deadline=None, max_examples=60)
@given(data=st.data())
def test_records_of_one_shape_say_what_each_says_alone(template, data):
    records = data.draw(lines(template))
    head = formats.head_of(b"".join(records), Source("x", "x"), is_whole=True)
    _, reader = formats.open_reader(Source("x", "x"), head)
    shapes = Shapes(reader.decode, reader.clock.ms, PREFILTER.numbers)
    events = [shapes.decode(record) for record in records]
    assert unmarked(events) == list(map(reader.decode, records))
    texts = [one.text for one in events if one]
    found = MATCHER.match_alike(texts, [one.alike for one in events if one])
    assert list(map(verdict, found)) == [verdict(ALONE.match(text)) for text in texts]


@pytest.mark.parametrize("template", [one for group in TEMPLATES.values() for one in group])
@settings(derandomize=True, deadline=None, max_examples=20)
@given(data=st.data())
def test_messages_of_many_streams_say_what_each_says_alone(template, data):
    records = [
        orjson.dumps(
            {
                "logStreamName": f"ecs/auth/auth-{number % 3}",
                "timestamp": 1936_000_000_000 + number,
                "message": line.decode().strip(),
                "eventId": str(number),
            }
        )
        for number, line in enumerate(data.draw(lines(template)))
    ]
    answer = b'{"events":[' + b",".join(records) + b"]}"
    head = formats.head_of(answer, Source("x", "x"), is_whole=True)
    chosen, reader = formats.open_reader(Source("x", "x"), head)
    decode = messages.by_shape(reader, PREFILTER.numbers)
    events = [decode(record) for record in records]
    assert chosen.name == "cloudwatch-events"
    assert unmarked(events) == list(map(reader.decode, records))


def test_texts_of_one_skeleton_say_what_each_says_alone():
    """Of all recorded texts, and of the same texts with other values."""
    texts = [row["text"] for path in CORPUS for row in map(orjson.loads, path.open("rb"))]
    texts += [other for text in texts if (other := with_other_values(text)) != text]
    for start in range(0, len(texts), 4_000):
        some = texts[start : start + 4_000]
        alike = [verdict(match) for match in MATCHER.match_alike(some)]
        alone = [verdict(match) for match in ALONE.match_all(some)]
        different = [one for one in zip(some, alike, alone, strict=True) if one[1] != one[2]]
        assert different == []


def with_other_values(text):
    """Return a text with each digit that stands in a number of four or more raised by one."""
    return regex.sub(r"\d(?=\d{3})", lambda digit: str((int(digit[0]) + 1) % 10), text)


def unmarked(events):
    return [one and one._replace(alike="") for one in events]


def verdict(match):
    return match and match._replace(span=(0, 0), beaten=())
