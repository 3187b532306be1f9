"""Stamps, numbers and prefixes of writers that were run: forms recorded, lines shortened."""

from __future__ import annotations

import json

import pytest
from test_store_exports import STORY, Line, holds_the_story, read


def lines(shown) -> str:
    return "".join(shown(line) + "\n" for line in STORY)


STAMPS = {
    "an offset of one digit": lambda line: (
        f"{line.at('%Y-%m-%d %H:%M:%S')} GMT+0 ERROR {line.text}"
    ),
    "nanoseconds first (seelog)": lambda line: f"{line.ms}000000 [Error] {line.text}",
}


@pytest.mark.parametrize("name", sorted(STAMPS))
def test_stamps(name: str) -> None:
    holds_the_story(read(lines(STAMPS[name])), 1000)


def test_a_long_id_before_the_time_is_no_time() -> None:
    """As in Papertrail's archives: id, two times, names, text."""

    def shown(line: Line) -> str:
        ident = 1_935_817_211_437_000_000 + line.number
        return f"{ident}\t{line.iso}\t{line.iso}\t7\tweb-{line.number % 2}\torders\t{line.text}"

    found = read(lines(shown))
    holds_the_story(found)
    assert found.instances == {"web-0", "web-1"}


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("21.4.2026, 9:04:05 MESZ", "07:04"),
        ("2026-04-21 08:04:05 MEZ", "07:04"),
        ("2026-04-21 09:04:05 GMT+2", "07:04"),
        ("2026-04-21 04:04:05 UTC-3", "07:04"),
    ],
)
def test_zones_as_browsers_and_java_name_them(written: str, utc: str) -> None:
    found = read(f"{written} ERROR {STORY[4].text}\n" * 3)
    assert f"{found.first_minute // 60 % 24:02}:{found.first_minute % 60:02}" == utc


def test_a_time_of_seconds_and_nanoseconds() -> None:
    """As Google's logging libraries write it."""

    def shown(line: Line) -> str:
        stamp = {"seconds": line.ms // 1000, "nanos": line.ms % 1000 * 1_000_000}
        return json.dumps({"severity": "ERROR", "timestamp": stamp, "message": line.text})

    holds_the_story(read(lines(shown)))


PREFIXED = {
    "PM2": lambda line: f"{line.number % 2}|orders-api  | {line.iso}: {line.text}",
    "Honcho": lambda line: f"{line.at('%H:%M:%S')} orders-api.1 | {line.iso} {line.text}",
}


@pytest.mark.parametrize("name", sorted(PREFIXED))
def test_prefixes_of_process_managers(name: str) -> None:
    found = read(lines(PREFIXED[name]))
    holds_the_story(found)
    assert found.services == {"orders-api"}


def test_a_time_in_the_object_behind_a_text() -> None:
    """As Winston's simple form with a timestamp; what is said is longer when things go wrong."""

    def shown(line: Line) -> str:
        told = {"path": "/orders"}
        if line.reason:
            told = {"err": "the token was refused. " * 8}
        return f"info: {line.text} {json.dumps({**told, 'timestamp': line.iso})}"

    holds_the_story(read(lines(shown)))


def test_python_s_default_form_among_lines_with_times() -> None:
    """WSGI servers print a request with its time, logging.warning() nothing but level and name."""
    said = []
    for line in STORY:
        said += [f"WARNING:auth:{line.text}"] if line.reason else []
        status = 401 if line.reason else 200
        said.append(
            f'127.0.0.1 - - [{line.at("%d/%b/%Y %H:%M:%S")}] "GET /orders HTTP/1.1" {status} 2'
        )
    assert read("\n".join(said) + "\n").events == len(said)
