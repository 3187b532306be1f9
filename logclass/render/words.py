"""Times, lengths of time, rates and numbers as the page writes them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_EXACT_SECONDS = 20
_ODDS = re.compile(r" \([\d.e+]+ to 1 (?:for|against)\)$")
_ROUGHLY = 600  # seconds from where on a lag is told in minutes


def seconds_of(time: object) -> float | None:
    """Return ISO 8601 text as seconds since the epoch, None where it is no time."""
    if not isinstance(time, str):
        return None
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def clock(time: object, *, seconds: bool = False) -> str:
    """Return `11:05`, or `11:05:12` where there are seconds or they are asked for.

    Text that is no time comes back as it is.
    """
    known = seconds_of(time)
    if known is None:
        return "" if time is None else str(time)
    moment = datetime.fromtimestamp(known, UTC)
    return moment.strftime("%H:%M:%S" if moment.second or seconds else "%H:%M")


def date(time: object) -> str:
    """Return the day of ISO 8601 text, "" where it is no time."""
    seconds = seconds_of(time)
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def moment(time: object, *, day: str, seconds: bool = False) -> str:
    """Return the clock time, with the date before it where that is not `day`."""
    own = date(time)
    text = clock(time, seconds=seconds)
    return f"{own} {text}" if own and own != day else text


def point(time: object, interval: Sequence[object] | None, *, day: str) -> str:
    """Return an estimated time, to the second only where its interval is that narrow."""
    low, high = (seconds_of(edge) for edge in interval or (None, None))
    text = moment(time, day=day)
    if (
        low is not None
        and high is not None
        and high - low > _EXACT_SECONDS
        and text.count(":") == 2
    ):
        return text.rsplit(":", 1)[0]
    return text


def span(first: object, last: object, joint: str = " \u2013 ") -> str:
    """Return the two clock times, both to the second where one needs it; "" where both are unknown.

    The second time carries its date where the two days differ.
    """
    if not first and not last:
        return ""
    exact = any((seconds_of(time) or 0) % 60 >= 1 for time in (first, last))
    end = moment(last, day=date(first), seconds=exact)
    return f"{clock(first, seconds=exact)}{joint}{end}"


def duration(seconds: float) -> str:
    """Return a length of time in its two largest units: `1 min 48 s`, `2 h 5 min`, `3 d`."""
    left = round(abs(seconds))
    parts: list[str] = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if left >= size or (unit == "s" and not parts):
            parts.append(f"{left // size} {unit}")
        left %= size
        if len(parts) == 2 or (parts and not left):
            break
    return " ".join(parts)


def lag(change: Mapping[str, Any], incident: Mapping[str, Any]) -> str:
    """Return how long before or after the onset a change was, "" where unknown.

    Where the clock of its record is known to be off, that is by the clock of the logs, and said.
    """
    start, end = seconds_of(change["time"]), seconds_of(incident["onset"])
    if start is None or end is None:
        return ""
    clocks = incident.get("change_clocks", ())
    used = [one for one in clocks if one["is_used"] and one["source"] == change["source"]]
    start -= used[0]["seconds"] if used else 0
    whose = " by the logs’ clock" if used else ""
    if start == end:
        return f"at the onset{whose}"
    apart = abs(end - start)
    apart = apart if apart < _ROUGHLY else 60 * round(apart / 60)
    return f"{duration(apart)} {'before' if start < end else 'after'} the onset{whose}"


def percent(share: object) -> str:
    """Return a probability; never a flat 0 or 100, which no evidence supports."""
    if not isinstance(share, int | float):
        return ""
    if share > 0.99:
        return "> 99 %"
    return f"{share * 100:.0f} %" if share >= 0.01 else "< 1 %"


def sampled(intake: Mapping[str, Any]) -> str:
    """Return the share of requests whose values were kept, "" where those of all were."""
    share = intake.get("detail_share", 1)
    return "" if share >= 1 else percent(share)


def accepted_sampled(intake: Mapping[str, Any]) -> str:
    """Return which share of the lines of accepted requests was read, "" where all were."""
    share = intake.get("accepted_share", 1)
    return "" if share >= 1 else f"1 in {round(1 / share):,}"


def odds(log_odds: object) -> str:
    """Return what a log-odds term does to the odds: a factor for, a divisor against."""
    if not isinstance(log_odds, int | float) or not log_odds:
        return ""
    factor = math.exp(min(abs(log_odds), 20))
    if factor < 1.05:
        return ""
    shown = "1000+" if factor >= 1000 else f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}"
    return ("\u00d7" if log_odds > 0 else "\u00f7") + shown


def unweighed(text: str) -> str:
    """Return evidence without the odds at its end, which a factor beside it says instead."""
    return _ODDS.sub("", text)


def number(value: object) -> str:
    """Return a count or rate with thousands separated and at most three significant decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def rate(per_minute: object) -> str:
    """Return a rate with two digits: estimates are not known better."""
    if not isinstance(per_minute, int | float):
        return ""
    if 0 < per_minute < 0.01:
        return "< 0.01"
    return f"{per_minute:.2g}" if per_minute < 10 else f"{per_minute:,.0f}"


def usual(per_minute: object) -> str:
    """Return a rate in the unit that gives a number of one or more: `1.7 an hour`, `4 a day`."""
    if not isinstance(per_minute, int | float) or per_minute <= 0:
        return "none" if per_minute == 0 else ""
    for unit, minutes in (("a minute", 1), ("an hour", 60), ("a day", 1440)):
        if per_minute * minutes >= 0.995:
            return f"{rate(per_minute * minutes)} {unit}"
    return "less than one a day"


def lasted(start: object, end: object, interval: Sequence[object] | None) -> str:
    """Return the time from start to end, to the minute where the end's interval is wider."""
    first, last = seconds_of(start), seconds_of(end)
    if first is None or last is None:
        return ""
    low, high = (seconds_of(edge) for edge in interval or (None, None))
    is_exact = low is not None and high is not None and high - low <= _EXACT_SECONDS
    seconds = abs(last - first)
    return duration(seconds if is_exact or seconds < 120 else 60 * round(seconds / 60))


def between(interval: Sequence[object] | None) -> str:
    """Return a 95 % interval in words, "" where it is not known or no longer than a moment."""
    low, high = interval or (None, None)
    if not low or not high or low == high:
        return ""
    return f"95 % interval {span(low, high, joint=' to ')}"


def short(count: int) -> str:
    """Return a round count for an axis: `800`, `1k`, `2.5M`."""
    for unit, many in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if count >= many:
            return f"{count / many:g}{unit}"
    return str(count)


def size(count_bytes: object) -> str:
    """Return a number of bytes in its largest decimal unit."""
    if not isinstance(count_bytes, int | float):
        return ""
    value = float(count_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.3g} {unit}" if value < 100 else f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:,.1f} TB"


def plural(count: int, one: str, many: str = "") -> str:
    """Return `1 instance`, `10 instances`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(names: Iterable[str], limit: int) -> tuple[list[str], int]:
    """Return the first names and how many are left; one left over is shown rather than counted."""
    every = list(names)
    if len(every) <= limit + 1:
        return every, 0
    return every[:limit], len(every) - limit


def enumerated(names: Iterable[str], limit: int) -> str:
    """Return the first names in words: `a, b and 3 more`."""
    shown, more = listed(names, limit)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
