from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.timestamps import isoformat, parse, parse_value

MS = 1_935_817_689_123  # 2031-05-06T07:08:09.123Z
SECOND = MS - 123
FIRST = 631_152_000_000
LAST = 4_133_980_799_999

moments = st.integers(FIRST, LAST).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
offsets = st.integers(-14 * 4, 14 * 4).map(
    lambda quarter: timezone(timedelta(minutes=15 * quarter))
)


def ms_of(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("text", "ms", "zone_known"),
    [
        ("2031-05-06T07:08:09.123Z", MS, True),
        ("2031-05-06T07:08:09.123000+00:00", MS, True),
        ("2031-05-06T09:08:09.123456789+0200", MS, True),
        ("2031-05-06T09:08:09.123456789+02:00", MS, True),
        ("2031-05-06T07:08:09Z", SECOND, True),
        ("2031-05-06T07:08:09.Z", SECOND, True),
        ("2031-05-06t07:08:09z", SECOND, True),
        ("2031-05-06T07:08:09.1234567Z", MS, True),
        ("2031-05-06 07:08:09,123", MS, False),
        ("2031-05-06 07:08:09.123", MS, False),
        ("2031-05-06T07:08:09", SECOND, False),
        ("2031-05-06 07:08", SECOND - 9000, False),
        ("2031-05-06 07:08:09 +0000 UTC", SECOND, True),
        ("2031-05-06 09:08:09.123456789 +0200 CEST m=+0.000012", MS, True),
        ("2031-05-06 07:08:09.123 UTC", MS, True),
        ("2031-05-06 07:08:09 +0000", SECOND, True),
        ("20310506T070809Z", SECOND, True),
        ("1935817689", SECOND, True),
        ("1935817689.123456", MS, True),
        ("1935817689123", MS, True),
        ("1935817689123456", MS, True),
        ("1935817689123456789", MS, True),
        ("Tue, 06 May 2031 07:08:09 +0000", SECOND, True),
        ("Tue, 6 May 2031 07:08:09 GMT", SECOND, True),
        ("6 May 2031 03:08:09 EDT", SECOND, True),
        ("06/May/2031:07:08:09 +0000", SECOND, True),
        ("06/May/2031:09:08:09.123 +0200", MS, True),
        ("06/May/2031:07:08:09.123", MS, False),
        ("2031/05/06 07:08:09", SECOND, False),
        ("2031/05/06 07:08:09.123456", MS, False),
        ("Tue May 06 07:08:09.123456 2031", MS, False),
        ("Tue May 6 09:08:09 2031 +0200", SECOND, True),
        ("Tue May  6 07:08:09 2031", SECOND, False),
        ("Tue May  6 07:08:09 UTC 2031", SECOND, True),
        ("May 6, 2031 @ 07:08:09.123", MS, False),
        ("May  6 2031 07:08:09", SECOND, False),
        (" 2031-05-06T07:08:09.123Z\n", MS, True),
    ],
)
def test_forms(text: str, ms: int, zone_known: bool) -> None:
    assert parse(text)[:2] == (ms, zone_known)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "yesterday", "2031-05-06", "20310506", "07:08:09.123", "12345", "193581768"),
        *("19358176891", "193581768912", "2031-13-06T07:08:09Z", "2031-02-29T07:08:09Z"),
        *("2031-05-06T25:08:09Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "9999999999"),
        *("0001-01-01T00:00:00+14:00", "2031-05-06T07:08:09+99:99", "2031-05-06T07:08:09Z later"),
        *(
            "\u0662\u0660\u0663\u0661-05-06T07:08:09Z",
            "May  6 07:08:09",
            "06/Foo/2031:07:08:09 +0000",
        ),
        *("2031-05-06x07:08:09", "2031\ud800-05-06T07:08:09Z"),
    ],
)
def test_everything_else_is_no_time(text: str) -> None:
    assert parse(text) is None


def test_a_zoneless_stamp_is_read_in_the_zone_given() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert parse("2031-05-06 09:08:09.123", zone=berlin)[:2] == (MS, False)
    assert parse("2031-05-06T07:08:09.123Z", zone=berlin)[:2] == (MS, True)
    assert parse("May 6, 2031 @ 09:08:09.123", zone=berlin)[:2] == (MS, False)
    assert parse("May  6 09:08:09", zone=berlin, near_ms=MS)[:2] == (SECOND, False)


def test_syslog_stamps_get_the_nearest_year() -> None:
    new_year = ms_of(datetime(2031, 1, 1, tzinfo=UTC))
    for near in (new_year - 5000, new_year + 5000):
        assert parse("Dec 31 23:59:59", near_ms=near)[:2] == (new_year - 1000, False)
        assert parse("Jan  1 00:00:01", near_ms=near)[:2] == (new_year + 1000, False)
    leap = ms_of(datetime(2032, 3, 1, tzinfo=UTC))
    assert parse("Feb 29 12:00:00", near_ms=leap)[:2] == (leap - 43_200_000, False)
    assert parse("Feb 29 12:00:00", near_ms=MS + 3 * 366 * 86_400_000) is None


def test_json_values() -> None:
    assert parse_value(1935817689)[:2] == (SECOND, True)
    assert parse_value(1935817689.123)[:2] == (MS, True)
    assert parse_value(1935817689123)[:2] == (MS, True)
    assert parse_value(1935817689123.0)[:2] == (MS, True)
    assert parse_value(1935817689123456789)[:2] == (MS, True)
    assert parse_value("1935817689123")[:2] == (MS, True)
    for other in (None, True, 12, -5, 0, float("nan"), float("inf"), 10**400, [], {}):
        assert parse_value(other) is None


@pytest.mark.parametrize(
    "form",
    [
        *("%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%d/%b/%Y:%H:%M:%S %z"),
        *("%a, %d %b %Y %H:%M:%S %z", "%a %b %d %H:%M:%S %Y %z", "%Y-%m-%d %H:%M:%S %z UTC"),
        "%Y/%m/%d %H:%M:%S %z",
    ],
)
@settings(derandomize=True, deadline=None)
@given(moment=moments, offset=offsets)
def test_forms_with_offset_round_trip(form: str, moment: datetime, offset: timezone) -> None:
    local = moment.astimezone(offset)
    stamp = parse(local.strftime(form))
    if 1990 <= local.year <= 2100:
        assert stamp is not None
        assert stamp[:2] == (ms_of(moment) // 1000 * 1000, True)
    else:
        assert stamp is None


@pytest.mark.parametrize(
    "form",
    [
        *("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S,%f", "%a %b %d %H:%M:%S.%f %Y"),
        *("%b %d, %Y @ %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S.%f", "%d/%b/%Y:%H:%M:%S.%f"),
    ],
)
@settings(derandomize=True, deadline=None)
@given(moment=moments)
def test_forms_without_zone_round_trip(form: str, moment: datetime) -> None:
    assert parse(moment.strftime(form))[:2] == (ms_of(moment), False)


@settings(derandomize=True, deadline=None)
@given(ms=st.integers(1_000_000_000_000, LAST), digits=st.integers(0, 9))
def test_epochs_and_fractions_round_trip(ms: int, digits: int) -> None:
    seconds = f"{ms // 1000}"
    fraction = f"{ms % 1000:03d}000000"[:digits]
    assert parse(f"{seconds}.{fraction}" if digits else seconds)[:2] == (
        ms // 1000 * 1000 + int((fraction + "000")[:3]),
        True,
    )
    for power in (0, 3, 6):
        assert parse(str(ms * 10**power))[:2] == (ms, True)


@settings(derandomize=True, deadline=None)
@given(moment=moments)
def test_syslog_round_trip_within_half_a_year(moment: datetime) -> None:
    near = min(max(ms_of(moment) + 100 * 86_400_000, FIRST), LAST)
    second = ms_of(moment) // 1000 * 1000
    if moment.strftime("%m%d") != "0229":
        assert parse(moment.strftime("%b %e %H:%M:%S"), near_ms=near)[:2] == (second, False)


@settings(derandomize=True, deadline=None)
@given(ms=st.integers(FIRST, LAST))
def test_isoformat_is_read_back(ms: int) -> None:
    text = isoformat(ms)
    assert text.endswith("Z")
    assert ("." in text) == (ms % 1000 != 0)
    assert parse(text)[:2] == (ms, True)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.text() | st.text(alphabet="0123456789-/:.,+TZ MayTueJanUTC@", max_size=40))
def test_no_text_ever_raises(text: str) -> None:
    stamp = parse(text, near_ms=MS)
    assert stamp is None or FIRST <= stamp.ms <= LAST + 86_400_000
