"""Lines that show a time of day and no date: what programs wrote, and where the date is from."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading import write

from logclass import accounting, pipeline
from logclass.formats import undated

OPTIONS = pipeline.Options(workers=1)
# Written by the programs named, run over one list of tokens, stack traces shortened. Honcho's lines,
# and those below that test midnights, names and neighbours, are made by hand in the same forms.
WILDFLY = (
    "19:49:10,981 INFO  [com.example.auth.JwtFilter] (main) GET /orders/17\n"
    "19:49:11,060 INFO  [com.example.auth.JwtFilter] (main) GET /invoices\n"
    "19:49:11,107 WARNING [com.example.auth.JwtFilter] (main) token rejected:"
    " com.auth0.jwt.exceptions.TokenExpiredException: The Token has expired on"
    " 2026-11-22T19:42:31Z.\n"
    "\tat com.auth0.jwt.JWTVerifier.verify(JWTVerifier.java:464)\n"
)
LOGBACK = (
    "19:48:54.876 [main] INFO com.example.auth.JwtFilter -- GET /orders/17\n"
    "19:48:54.966 [main] WARN com.example.auth.JwtFilter -- token rejected\n"
    "java.lang.IllegalStateException: authentication failed\n"
    "\tat Emit.main(Emit.java:26)\n"
    "Caused by: com.auth0.jwt.exceptions.TokenExpiredException: The Token has expired on"
    " 2026-11-22T19:42:14Z.\n"
)
MICRONAUT = (
    "\x1b[36m19:48:47.849\x1b[0;39m \x1b[1;30m[main]\x1b[0;39m \x1b[34mINFO \x1b[0;39m"
    " \x1b[35mcom.example.auth.JwtFilter\x1b[0;39m - GET /orders/17\n"
    "\x1b[36m19:48:47.962\x1b[0;39m \x1b[1;30m[main]\x1b[0;39m \x1b[31mWARN \x1b[0;39m"
    " \x1b[35mcom.example.auth.JwtFilter\x1b[0;39m - token rejected\n"
    "com.auth0.jwt.exceptions.TokenExpiredException: The Token has expired on"
    " 2026-11-22T19:42:07Z.\n"
)
RUST = (  # simplelog
    "19:00:06 [INFO] GET /orders/17\n"
    "19:00:11 [ERROR] token rejected: ExpiredSignature\n"
    "19:00:13 [INFO] GET /orders\n"
)
GO = (  # op/go-logging
    "19:00:59.300 func32 ▶ INFO 004 GET /orders/17\n"
    "19:01:06.300 func33 ▶ ERRO 005 token rejected: token has invalid claims: token is expired\n"
)
HONCHO = "19:00:06 web.1    | GET /orders/17\n19:00:11 web.1    | token rejected: jwt expired\n"
WRITTEN = {
    "wildfly": (WILDFLY, 3, "2026-11-22T19:49:11.107Z"),
    "logback": (LOGBACK, 2, "2026-11-22T19:48:54.966Z"),
    "micronaut": (MICRONAUT, 2, "2026-11-22T19:48:47.962Z"),
    "simplelog": (RUST, 3, "2026-11-22T19:00:11Z"),
    "go-logging": (GO, 2, "2026-11-22T19:01:06.300Z"),
    "honcho": (HONCHO, 2, "2026-11-22T19:00:11Z"),
}
NEXT_DAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(folder, files: dict[str, str], when: datetime = NEXT_DAY) -> pipeline.Intake:
    """Return what a bundle holds whose files were last written then."""
    write(folder, files)
    for name in files:
        os.utime(folder / name, (when.timestamp(), when.timestamp()))
    return pipeline.read([str(folder)], OPTIONS)


def rejected(intake: pipeline.Intake, name: str) -> list[str]:
    rows = intake.summary.counts.to_pylist()
    times = [row["time_ms"] for row in rows if row["source"].endswith(name)]
    return [accounting.iso(one) for one in sorted(times)]


def said_of(intake: pipeline.Intake, name: str) -> str:
    (one,) = (part for part in intake.summary.sources if part.source.endswith(name))
    told = [settled for settled in intake.settled if settled.source == one.source]
    return " ".join(accounting.assumptions([one], told[0] if told else None))


@pytest.mark.parametrize("name", WRITTEN)
def test_the_date_is_the_last_before_the_file_was_written(name, tmp_path) -> None:
    text, events, time = WRITTEN[name]
    intake = at(tmp_path, {"app.log": text})
    assert intake.summary.sources[0].events == events
    assert rejected(intake, "app.log") == [time]
    assert "date is taken from when the file was written" in said_of(intake, "app.log")


def line(hour: int, minute: int, said: str) -> str:
    return f"[{hour:02}:{minute:02}:57 INF] {said}\n"  # as Serilog's console


EXPIRED = "token rejected: TokenExpiredError: jwt expired"


def over_midnights(days: int) -> str:
    """Return lines of one request in two hours, and a rejection at noon each day."""
    text = [line(22, 1, "GET /orders 200")]
    for _ in range(days):
        text += [line(hour, 3, EXPIRED if hour == 12 else "GET /") for hour in range(0, 24, 2)]
    return "".join(text)


@pytest.mark.parametrize("days", [1, 3])
@pytest.mark.parametrize("padding", [0, 3000])  # more than what a format is told by
def test_midnights_are_passed(days: int, padding: int, tmp_path) -> None:
    text = line(22, 0, "x" * 100) * padding + over_midnights(days)
    intake = at(tmp_path, {"app.log": text}, datetime(2026, 11, 23, 22, 5, tzinfo=UTC))
    assert rejected(intake, "app.log") == [
        f"2026-11-{23 - day}T12:03:57Z" for day in reversed(range(days))
    ]


@pytest.mark.parametrize("padding", [0, 40_000])  # several blocks
def test_a_date_that_a_line_speaks_of_is_not_its_own(padding: int, tmp_path) -> None:
    said = f"{EXPIRED}; session valid until 2026-11-22 23:59:00"
    text = (line(7, 3, said) + line(8, 3, said) * padding) + line(9, 3, said)
    intake = at(tmp_path, {"app.log": text}, datetime(2026, 11, 22, 9, 5, tzinfo=UTC))
    found = rejected(intake, "app.log")
    assert (found[0], found[-1]) == ("2026-11-22T07:03:57Z", "2026-11-22T09:03:57Z")


def test_lines_of_threads_around_midnight_keep_their_days(tmp_path) -> None:
    text = "[23:59:59 INF] GET /\n[00:00:00 INF] GET /\n"
    text += f"[23:59:59 ERR] {EXPIRED}\n[00:00:01 ERR] {EXPIRED}\n"
    intake = at(tmp_path, {"app.log": text})
    assert rejected(intake, "app.log") == ["2026-11-22T23:59:59Z", "2026-11-23T00:00:01Z"]


def test_the_name_of_a_rolled_file_tells_its_day(tmp_path) -> None:
    intake = at(tmp_path, {"orders-20261119.log": WILDFLY})
    assert rejected(intake, "orders-20261119.log") == ["2026-11-19T19:49:11.107Z"]
    assert "from the file's name" in said_of(intake, "orders-20261119.log")


def test_other_sources_tell_the_day_of_a_file_that_was_copied_since(tmp_path) -> None:
    other = "".join(f"2026-11-19T19:{m}:00Z INFO GET /orders 200\n" for m in range(40, 59))
    intake = at(tmp_path, {"app.log": WILDFLY, "web.log": other}, NEXT_DAY.replace(month=12))
    assert rejected(intake, "app.log") == ["2026-11-19T19:49:11.107Z"]


def test_a_time_with_its_own_date_behind_it_is_left_as_it_is(tmp_path) -> None:
    text = f"[Info] [07:00:11.437 06 May 2031 +00:00] [Auth#12] {EXPIRED}\n" * 3  # co-log
    intake = at(tmp_path, {"app.log": text})
    assert not intake.summary.sources[0].date_told


def test_no_line_is_changed_where_lines_have_dates(tmp_path) -> None:
    text = "".join(f"2026-11-22 19:4{m}:00 {EXPIRED}\n19:40:00 said\n" for m in range(9))
    intake = at(tmp_path, {"app.log": text})
    assert not intake.summary.sources[0].date_told


@given(
    st.lists(
        st.sampled_from(
            [
                "08:09:10.123 INFO x",
                "[23:59:58] late",
                "00:00:01,5 W",
                "  at a.b(c)",
                "",
                "x 08:09:10 y",
            ]
        ),
        max_size=12,
    )
)
@settings(derandomize=True, deadline=None)
def test_lines_dated_at_once_are_as_dated_one_by_one(lines):
    data = "\n".join(lines).encode()
    dates = undated.Dates(date(2031, 5, 6), undated.BY_NAME, None, is_half=False)
    at_once = undated._Dating(dates).dated(data)
    one_by_one = undated._Dating(dates._replace(is_half=True)).dated(data)
    assert at_once == one_by_one
