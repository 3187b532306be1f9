"""One time stamp as text or number -> milliseconds since the Unix epoch, UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from logclass import months, timeforms
from logclass.offsets import offset_of

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence
    from datetime import tzinfo


class Stamp(NamedTuple):
    """A point in time. `zone_known` is True where the text itself fixes it: zone, offset, epoch."""

    ms: int  # milliseconds since the epoch, UTC, rounded down
    zone_known: bool
    year_known: bool = True


# Outside these years a number or date is far more likely to be something else.
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_FIRST_MS, _END_MS = 631_152_000_000, 4_133_980_800_000  # 1990-01-01, 2101-01-01

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # zoneless stamps are read as UTC
_SLACK_MS = 2 * 86_400_000
_FRESH_DAYS = 2  # from the last record of a file to when it was written
_NUMBER_BELOW = 10**19
_SLOW_LIMIT = 80  # no stamp is longer; keeps the expressions off long texts

_MONTH_NUMBER = {name: number for number, name in enumerate(months.ENGLISH, 1)}
_PLACES = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}  # of year, month and day


def parse(
    text: str, *, zone: tzinfo | None = None, near_ms: int | None = None, order: str = ""
) -> Stamp | None:
    """Return the time that a text stands for, or None where it is no time stamp. Never raises.

    A stamp without a zone is read in `zone`, or as UTC; a stamp without a year is the last such
    one before `near_ms`, and is refused without it. Years 1990 to 2100 are accepted.
    order: "dmy", "mdy" or "ymd" of dates that are numbers only, "" to go by the stamp alone.
    """
    if len(text) >= 16 and text[4] == "-" and text[13] == ":" and text[10] in "T ":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _parse_slowly(text, zone, near_ms, order)
        return _stamp(moment, zone)
    return _parse_slowly(text, zone, near_ms, order)


def parse_value(
    value: object, *, zone: tzinfo | None = None, near_ms: int | None = None
) -> Stamp | None:
    """Return the time of a JSON value, text or number (see `parse`), or None."""
    if isinstance(value, str):
        return parse(value, zone=zone, near_ms=near_ms)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < _NUMBER_BELOW:
        return None
    return _parse_number(str(value) if isinstance(value, int) else f"{value:.6f}")


def isoformat(ms: int) -> str:
    """Return UTC ISO 8601 with Z; milliseconds only where they are not zero.

    Raises OverflowError outside the years 1 to 9999.
    """
    moment = _EPOCH + timedelta(milliseconds=ms)
    unit = "milliseconds" if ms % 1000 else "seconds"
    return moment.isoformat(timespec=unit).removesuffix("+00:00") + "Z"


def _stamp(moment: datetime, zone: tzinfo | None) -> Stamp | None:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return None
    known = moment.tzinfo is not None
    if known:
        since = moment - _EPOCH
    elif zone is None:
        since = moment - _NAIVE_EPOCH
    else:
        since = moment.replace(tzinfo=zone) - _EPOCH
    return Stamp(since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000, known)


def _parse_slowly(text: str, zone: tzinfo | None, near_ms: int | None, order: str) -> Stamp | None:
    text = text.strip(" []\t\r\n").replace("][", " ")
    if not 8 <= len(text) <= _SLOW_LIMIT:
        return None
    stamp = _parse_number(timeforms.MICROSOFT.sub(r"\1", text))
    if stamp is not None:
        return stamp
    for form in timeforms.DIGIT_FIRST if text[0] <= "9" else timeforms.LETTER_FIRST:
        match = form.fullmatch(text)
        if match:
            return _from_match(match, zone, near_ms)
    if match := timeforms.NUMERIC.fullmatch(text):
        return _in_order(match, order or date_order([text], near_ms).order, zone)
    return None


class DateOrder(NamedTuple):
    """How one writer gives dates of numbers only: "dmy", "mdy" or "ymd", "" without such a date."""

    order: str
    is_open: bool = False  # in another order the dates make as good sense


def date_order(texts: Sequence[str], near_ms: int | None = None) -> DateOrder:
    """Return the order in which these dates of numbers only make the best sense.

    All are dates then, none later than `near_ms` (when the file was written), and they are near
    each other and near it.
    """
    matches = [match for text in texts if (match := timeforms.NUMERIC.fullmatch(text.strip()))]
    if not matches:
        return DateOrder("")
    # As C writes dates, and as is usual where hours are halved.
    is_american = matches[0]["half"] or (
        matches[0]["mark"] == "/" and len(matches[0]["third"]) == 2
    )
    usual = "mdy" if is_american else "dmy"
    ranks: list[_Rank] = []
    for order in ("ymd", usual, "mdy", "dmy"):
        if order == "mdy" and matches[0]["mark"] == "." and any(not one.is_late for one in ranks):
            continue  # nobody writes so, near as these dates may be to when the file was written
        read = [_in_order(match, order, None) for match in matches]
        times = [stamp.ms for stamp in read if stamp is not None]
        if len(times) < len(matches):
            continue
        late = near_ms is not None and max(times) > near_ms + _SLACK_MS
        days_away = 0 if near_ms is None else abs(near_ms - max(times)) // 86_400_000
        span_days = (max(times) - min(times)) // 86_400_000
        ranks.append(
            _Rank(late, span_days, 0 if late else days_away, order != usual, order, times[0])
        )
    if not ranks:
        return DateOrder(usual)
    best = min(ranks)
    return DateOrder(best.order, any(_is_as_good(one, best) for one in ranks))


class _Rank(NamedTuple):
    """How little sense dates make in one order; the least is best."""

    is_late: bool
    span_days: int
    days_away: int
    is_unusual: bool
    order: str
    first_ms: int


def _is_as_good(one: _Rank, best: _Rank) -> bool:
    """Return whether an order that reads other dates is not ruled out by what speaks for the best.

    A file that was written when its last record was tells the order; months later it does not.
    """
    is_fresh = best.days_away <= _FRESH_DAYS < one.days_away
    is_like = one.is_late == best.is_late and one.span_days <= best.span_days + 1
    return is_like and not is_fresh and one.first_ms != best.first_ms


def _in_order(match: re.Match[str], order: str, zone: tzinfo | None) -> Stamp | None:
    numbers = match.group("first", "second", "third")
    if len(numbers[2]) == 4 and order == "ymd":
        return None
    year, month, day = (int(numbers[place]) for place in _PLACES[order])
    try:
        moment = _moment(match, year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None
    return _stamp(moment, zone)


def _parse_number(text: str) -> Stamp | None:
    """Epoch seconds, ms, µs or ns, told apart by the number of digits."""
    match = timeforms.NUMBER.fullmatch(text)
    if match is None:
        return None
    digits, fraction = match.groups()
    ms = int((digits + (fraction or "") + "000")[:13])
    return Stamp(ms, zone_known=True) if _FIRST_MS <= ms < _END_MS else None


def _from_match(match: re.Match[str], zone: tzinfo | None, near_ms: int | None) -> Stamp | None:
    part = match.groupdict()
    try:
        digits = part.get("m")
        month = int(digits) if digits else _MONTH_NUMBER[part["month"][:3].lower()]
        # A leap year, so that 29 February stands until the year is known.
        year = int(part["y"] or 2000) + (2000 if len(part["y"] or "2000") == 2 else 0)
        moment = _moment(match, year, month, int(part["d"]))
    except ValueError:
        return None
    return _stamp(moment, zone) if part["y"] else _nearest(moment, zone, near_ms)


def _moment(match: re.Match[str], year: int, month: int, day: int) -> datetime:
    """Return a date with the time of day and zone of a match; raises ValueError for none such."""
    part = match.groupdict()
    return datetime(
        year,
        month,
        day,
        _hour(int(part["H"]), part.get("half")),
        int(part["M"]),
        int(part["S"] or 0),
        int(((part["f"] or "") + "000000")[:6]),
        offset_of(part.get("zone") or part.get("zone2")),
    )


def _hour(hour: int, half: str | None) -> int:
    return hour if half is None else hour % 12 + 12 * (half.upper() == "PM")


def _nearest(moment: datetime, zone: tzinfo | None, near_ms: int | None) -> Stamp | None:
    """Return the last such moment before `near_ms`: no line is younger than its file.

    Some slack is left for clocks and zones. Where there is none before, the nearest is taken.
    """
    if near_ms is None or not _FIRST_MS <= near_ms < _END_MS:
        return None
    year = (_EPOCH + timedelta(milliseconds=near_ms)).year
    found: list[Stamp] = []
    for candidate in (year + 1, year, year - 1):
        try:
            stamp = _stamp(moment.replace(year=candidate), zone)
        except ValueError:  # 29 February
            continue
        if stamp is None:
            continue
        stamp = stamp._replace(year_known=False)
        if stamp.ms <= near_ms + _SLACK_MS:
            return stamp
        found.append(stamp)
    return min(found, key=lambda stamp: abs(stamp.ms - near_ms), default=None)
