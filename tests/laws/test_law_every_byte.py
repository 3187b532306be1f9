"""Law: every byte of an export is in a record, in the framing around records, or in a fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from logclass import formats, sources
from logclass.model import Fault, Source

FIXTURES = Path(__file__).parents[1] / "formats" / "fixtures"
FILES = sorted(path for path in FIXTURES.rglob("*") if path.is_file())
INTERLEAVED = {"pm2-stack.log"}  # where a trace's lines come to stand behind its first one
CHUNKS = (1 << 20, 499)


def opened(path: Path):
    """Yield source and bytes of the streams in a fixture."""
    source = Source(path.relative_to(FIXTURES).as_posix(), str(path), modified_seconds=1935900000)
    for one in sources.streams(source):
        assert not isinstance(one, Fault)
        faults: list[Fault] = []
        data = b"".join(one.chunks(1 << 20, faults))
        assert not faults
        yield one.source, data


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(FIXTURES).as_posix()[-60:]
)
@pytest.mark.parametrize("size", CHUNKS)
def test_every_byte_is_accounted_for(path, size):
    for source, data in opened(path):
        head = formats.head_of(data, source, is_whole=True)
        known = formats.open_reader(source, head)
        if isinstance(known, Fault):
            continue
        chunks = [data[at : at + size] for at in range(0, len(data), size)]
        faults: list[Fault] = []
        passed = 0
        own = framing = b""
        for frame in known[1].frames(chunks, faults):
            passed += len(frame.data) if frame.read_bytes < 0 else frame.read_bytes
            at = 0
            for start, end in zip(frame.starts.tolist(), frame.ends.tolist(), strict=True):
                assert at <= start <= end <= len(frame.data)
                framing += frame.data[at:start]
                at = end
            framing += frame.data[at:]
            own += frame.data if frame.read_bytes < 0 else b""
        assert passed == len(data)
        if path.name in INTERLEAVED:
            assert sorted(own.splitlines()) == sorted(data.splitlines())
        elif own:  # what is not rewritten passes as it is
            assert own == data
        assert not faults
        assert_is_framing(known[0].name, framing)


def assert_is_framing(name: str, framing: bytes) -> None:
    """Check that what stands between records says nothing of an event."""
    if name == "sentry-envelope":  # headers, each a line
        headers = [json.loads(line) for line in framing.splitlines() if line.strip()]
        assert all(not {"exception", "message", "logentry"} & set(one) for one in headers)
        return
    words = framing.translate(None, b' \t\r\n,:[]{}"')
    assert not any(key in framing for key in (b'"message"', b'"@message"', b'"log"', b'"line"'))
    assert len(words) < 1000  # names of lists, paging, statistics of a query


def test_a_fixture_is_read_at_all():
    assert len(FILES) > 60
