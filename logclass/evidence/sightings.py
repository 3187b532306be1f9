"""Changes that the logs tell of themselves: first sights, starts, keys loaded, clocks set.

They come with the same clock as the rejections and need no record; what they lack is who did it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.phrases import clock, count
from logclass.evidence.series import text
from logclass.evidence.slice import seconds

if TYPE_CHECKING:
    from logclass.evidence.slice import Slice
    from logclass.evidence.turnover import Turnover

BEFORE_MS, AFTER_MS = 15 * 60_000, 3 * 60_000  # a first sight this close to the onset may be it
LEAST_EARLIER = 5  # lines that must have named another release before
# what a line that is no rejection tells of, by the id of its pattern behind the dot
STARTED, KEY_LOADED, CLOCK_SET = "started", "key-loaded", "clock-set"
ENDPOINT, CONFIG = "token-endpoint-failed", "config-reloaded"
LIFETIME_MS = 60 * 60_000  # tokens live as long after the last one was issued, at most
LEAST_FAILED = 5


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something new that the logs show near the onset; epoch milliseconds."""

    text: str
    time_ms: int


def signals(part: Slice, sort: str, *, anywhere: bool = False) -> pd.DataFrame:
    """Return the lines of one sort; those of the failing services, or of any."""
    told = part.signals
    mine = text(told, "pattern").str.split(".").str[-1].str.startswith(sort)
    if not anywhere and part.episode.services:
        mine = mine & told["service"].isin(part.episode.services)
    return told[mine.to_numpy(dtype=bool)]


def rollout_seen(part: Slice, turnover: Turnover) -> Sighting | None:
    """Return the first sight of a release, of instances, of starts or of a configuration."""
    if part.episode.onset_censored:
        return None
    return _release(part) or _instances(part, turnover) or _starts(part) or _reloaded(part)


def first_releases(part: Slice) -> pd.Series:
    """Return when each release of the failing services was first seen, in epoch milliseconds.

    The release that a service's first rejections name may have run for long; one that a start
    names begins there.
    """
    first = releases(part).groupby(level=["service", "version"]).min()
    old = first.groupby(level="service").transform("min")
    told = signals(part, STARTED)
    started = pd.MultiIndex.from_arrays([text(told, "service"), text(told, "version")])
    known = first[(first > old).to_numpy() | first.index.isin(started)]
    return known.groupby(level="version").min()


def releases(part: Slice) -> pd.Series:
    """Return the time (ms) of each line that names a release, by service and release."""
    told = (part.before, part.rows, part.accepted, signals(part, ""))
    frames = [f[["minute", "time_ms", "service", "version"]] for f in told]
    known = pd.concat([f.assign(service=text(f, "service")) for f in frames])
    known = known[(known["version"] != "").to_numpy()]
    names = [known["service"].to_numpy(dtype=object), text(known, "version").to_numpy(dtype=object)]
    index = pd.MultiIndex.from_arrays(names, names=["service", "version"])
    return pd.Series(seconds(known) * 1000, index=index, dtype=float)


def _release(part: Slice) -> Sighting | None:
    at, onset = releases(part), part.episode.onset.point_ms
    earlier = at[at < onset - BEFORE_MS].groupby(level="service").size()
    first = at.groupby(level=["service", "version"]).min()
    watched = earlier.reindex(first.index.get_level_values("service")).fillna(0).to_numpy()
    near = first[(first > onset - BEFORE_MS) & (first <= onset + AFTER_MS)]
    near = near[(watched >= LEAST_EARLIER)[first.index.get_indexer(near.index)]]
    if not len(near):
        return None
    (_, name), time = near.index[int(np.argmin(near.to_numpy()))], int(near.min())
    return Sighting(f"release {name} was first seen at {clock(time)}", time)


def _instances(part: Slice, turnover: Turnover) -> Sighting | None:
    first, onset = turnover.first_new_ms, part.episode.onset.point_ms
    if first is None or not turnover.is_measured:
        return None
    if not onset - BEFORE_MS <= first <= onset + AFTER_MS:
        return None
    fresh = set(turnover.new) - set(turnover.old)
    if not fresh:  # started anew under their old names
        return None
    many = count(len(fresh), "new instance")
    return Sighting(f"{many} came from {clock(first)} on", first)


def _starts(part: Slice) -> Sighting | None:
    """Return starts near the onset, where none were in the time as long before."""
    found = _near(part, signals(part, STARTED))
    if found is None:
        return None
    many = count(len(found), "start")
    first = float(found.min())
    return Sighting(f"the logs tell of {many} from {clock(first)} on", int(first))


def _reloaded(part: Slice) -> Sighting | None:
    """Return a configuration that was read anew near the onset."""
    found = _near(part, signals(part, CONFIG))
    if found is None:
        return None
    first = float(found.min())
    return Sighting(f"the configuration was reloaded at {clock(first)}", int(first))


def key_loaded(part: Slice) -> Sighting | None:
    """Return keys that were loaded anew near the onset."""
    told = signals(part, KEY_LOADED, anywhere=True)
    found = None if part.episode.onset_censored else _near(part, told)
    if found is None or _starts(part) is not None:  # what starts loads its key, new or not
        return None
    first = float(found.min())
    at = told[seconds(told) * 1000 >= first]
    names = sorted({k for k in text(at, "kid") if k})[:2]
    which = f" ({', '.join(names)})" if names else ""
    return Sighting(f"a key was loaded anew at {clock(first)}{which}", int(first))


def clock_set(part: Slice) -> Sighting | None:
    """Return a clock that was set near the onset, by the host's own lines."""
    told = signals(part, CLOCK_SET, anywhere=True)
    found = None if part.episode.onset_censored else _near(part, told)
    if found is None:
        return None
    first = float(found.min())
    who = sorted({i for i in text(told[seconds(told) * 1000 >= first], "instance") if i})[:1]
    whose = f" of {who[0]}" if who else ""
    return Sighting(f"the clock{whose} was set at {clock(first)}", int(first))


def endpoint_failed(part: Slice) -> Sighting | None:
    """Return failures of the token endpoint in and before the episode, where few are usual."""
    at = np.sort(seconds(signals(part, ENDPOINT, anywhere=True)) * 1000)
    begin, end = part.episode.onset.point_ms - LIFETIME_MS, part.stop * 60_000
    inside = at[(at >= begin) & (at < end)]
    outside = len(at) - len(inside)
    rest = max(part.grid.minutes * 60_000 - (end - max(begin, part.grid.first * 60_000)), 60_000)
    usual = outside * (end - begin) / rest
    if part.episode.onset_censored or len(inside) < LEAST_FAILED + 4 * usual:
        return None
    many = count(len(inside), "time")
    text_ = f"the token endpoint failed {many} from {clock(float(inside[0]))} on"
    return Sighting(text_, int(inside[0]))


def _near(part: Slice, told: pd.DataFrame) -> np.ndarray | None:
    """Return the times (ms) of lines near the onset, where the hour before holds hardly any."""
    if not len(told):
        return None
    at, onset = seconds(told) * 1000, part.episode.onset.point_ms
    near = at[(at > onset - BEFORE_MS) & (at <= onset + AFTER_MS)]
    start = max(part.grid.first * 60_000, onset - BEFORE_MS - 3_600_000)
    earlier = at[(at >= start) & (at <= onset - BEFORE_MS)]
    length = max(onset - BEFORE_MS - start, 1)
    usual = len(earlier) * (BEFORE_MS + AFTER_MS) / length
    is_watched = length >= BEFORE_MS
    return near if len(near) and is_watched and len(near) > 3 * usual else None
