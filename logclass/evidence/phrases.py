"""Plain English for numbers, times and lists in evidence sentences."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ID = re.compile(r"[0-9a-fA-F-]{20,}")
_SAID_LETTERS = 60  # of a change's description
_LONGEST = 120  # characters of a list that a sentence can carry


def clock(ms: float) -> str:
    """Return a time of day in UTC, with seconds where they are not zero: "11:05 UTC"."""
    moment = datetime.fromtimestamp(int(ms) // 1000, UTC)
    return f"{moment:%H:%M:%S} UTC" if moment.second else f"{moment:%H:%M} UTC"


def minute(ms: float) -> str:
    """Return a time of day to the minute, without zone: "11:05"."""
    return f"{datetime.fromtimestamp(int(ms) // 1000, UTC):%H:%M}"


def span(seconds: float) -> str:
    """Return a length of time in the unit a person would choose."""
    seconds = abs(seconds)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 36 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.0f} days"


def offset(row: Mapping[str, Any]) -> str:
    """Return how far a clock is off, of a row as hostoffset has them; "" where it is not known.

    "about 4 min behind", "17 to 20 min ahead", "at least 10 min ahead".
    """
    off, limits = row["seconds"], row["interval"]
    if off is not None:
        return f"about {span(off)} {'ahead' if off > 0 else 'behind'}"
    if limits is None:
        return ""
    side = "ahead" if (limits[0] is not None and limits[0] >= 0) else "behind"
    near, far = sorted(limits, key=lambda one: math.inf if one is None else abs(one))
    if not near:
        return ""
    if far is None:
        return f"at least {span(near)} {side}"
    low, high = span(near), span(far)
    if low == high:
        return f"about {low} {side}"
    number, unit = low.split(" ", 1)
    return f"{number if high.endswith(f' {unit}') else low} to {high} {side}"


def names(values: Sequence[str], most: int = 4) -> str:
    """Return a list of names, shortened: "a, b and 3 more"; of long names fewer."""
    if not values:
        return "an unnamed service"
    values = [_short(v) for v in values]
    while most > 1 and len(", ".join(values[:most])) > _LONGEST:
        most -= 1
    if len(values) <= most:
        return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} and {values[-1]}"
    return f"{', '.join(values[:most])} and {len(values) - most} more"


def of_what(target: str, description: str) -> str:
    """Return what a change was of, to go behind its kind; "" where its record does not say.

    It is its target, or else the beginning of what the record says, quoted.
    """
    if target:
        return f" of {target}"
    said = " ".join(description.split())
    brief = said if len(said) <= _SAID_LETTERS else f"{said[: _SAID_LETTERS - 1].rstrip()}…"
    return f' "{brief}"' if brief else ""


def _short(name: str) -> str:
    """Return the start of a name that is one long id; people tell them apart by that."""
    return f"{name[:12]}…" if _ID.fullmatch(name) else name


def odds(log_odds: float) -> str:
    """Return a likelihood ratio in words: "40 to 1 for", "8 to 1 against"."""
    factor = math.exp(min(abs(log_odds), 12.0))
    return f"{factor:.2g} to 1 {'for' if log_odds >= 0 else 'against'}"


def count(number: float, noun: str) -> str:
    """Return a number with its noun: "1 rejection", "1,204 rejections"."""
    whole = round(number)
    return f"{whole:,} {noun}" if whole == 1 else f"{whole:,} {noun}s"


def percent(share: float) -> str:
    """Return a share as a percentage that is never rounded to 0 or 100 by mistake."""
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"
