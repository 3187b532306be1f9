"""By how much the stamps of change records are off, against what the logs show of those changes.

A list kept in another zone, or by a clock that is wrong, is off by one amount. It shows where the
logs tell of the same changes: a release or key seen for the first time, starts, and the onset and
end of the episode. Zones are a quarter of an hour or more apart; what lies between is a lag.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from logclass.evidence.names import is_nameless, is_same, words
from logclass.evidence.phrases import clock, span
from logclass.evidence.series import text
from logclass.evidence.sightings import STARTED, first_releases, signals
from logclass.evidence.slice import seconds
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logclass.evidence.slice import Slice
    from logclass.model import ChangeEvent

STEP_MS = 30 * 60_000  # what zones in use differ by, but for a few
MOST_STEPS = 28  # fourteen hours
EARLY_MS, LATE_MS = 60_000, 8 * 60_000  # a trace may come this much before and after its change
CLOSE_MS = 3 * 60_000  # a lag up to which a single fit is worth a question
WATCHED_MS = 15 * 60_000  # what is seen in the first minutes may have been there before
FEW_MS = 15 * 60_000  # a record that is late by less was written after the fact
SAME_MS = 150_000  # by which two records of one source may be late by different times
TWO = 4  # weight of two traces without a name
CLEAR = 1.5  # times the weight of the next best shift
MOST_WAVES = 12  # starts of a service that come as often tell of no change
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_RELEASE = re.compile(r"\bv?(\d+(?:\.\d+)+[\w.+-]*)")
STARTS = frozenset({ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.ROLLBACK})
ROLLS = frozenset({ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.OTHER})


@dataclass(frozen=True, slots=True)
class Trace:
    """One moment that the logs show of a change; `by_name`: it bears the change's own name."""

    change: ChangeEvent
    time_ms: float
    text: str
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Offset:
    """How far the stamps of one source run ahead of the logs (negative: behind)."""

    source: str
    shift_ms: int
    agreeing: tuple[Trace, ...]
    is_certain: bool  # two changes agree; one alone only would fit

    def as_document(self) -> dict[str, Any]:
        """Return source, seconds, is_used, agreeing change ids and a sentence, for the report."""
        return {
            "source": self.source,
            "seconds": round(self.shift_ms / 1000),
            "is_used": self.is_certain,
            "changes": list(self.ids),
            "text": self.text,
        }

    @property
    def is_told(self) -> bool:
        """Whether a trace bears the name of its change."""
        return any(t.by_name for t in self.agreeing)

    @property
    def ids(self) -> tuple[str, ...]:
        """The changes whose traces agree."""
        return tuple(t.change.id for t in self.agreeing)

    @property
    def text(self) -> str:
        """The offset as a sentence, with what shows it."""
        side = "ahead of" if self.shift_ms > 0 else "behind"
        far = span(abs(self.shift_ms) / 1000)
        shown = "; ".join(f"{t.text} ({t.change.id})" for t in self.agreeing[:3])
        if self.is_certain:
            return f"{self.source} seems to run {far} {side} the logs: {shown}."
        first = self.agreeing[0]
        fits = f"{first.change.kind} {first.change.id} would fit the onset"
        return f"If {self.source} runs {far} {side} the logs, {fits}: check its clock and zone."


def named_traces(part: Slice, changes: Sequence[ChangeEvent]) -> tuple[Trace, ...]:
    """Return the first sights in the logs of releases and keys that change records name."""
    start = part.grid.first * 60_000 + WATCHED_MS
    releases = {str(k): float(v) for k, v in first_releases(part).items()}
    keys = _first_keys(part)
    brought = Counter(n for c in changes for n in {c.version, release_of(c, releases)} if n)
    out = []
    for c in changes:
        if c.kind is ChangeKind.ROTATION:
            known, noun = keys, "key"
            name = _key_of(c, keys)
        else:
            known, noun = releases, "release"
            name = release_of(c, releases) if c.kind in ROLLS and _is_here(c, part) else ""
        at = known.get(name)
        if at is None or at < start or brought[name] > 1:
            continue
        out.append(Trace(c, at, f"{noun} {name} was first seen at {clock(at)}", by_name=True))
    return tuple(out)


def _is_here(change: ChangeEvent, part: Slice) -> bool:
    named = [s for s in part.episode.services if s and not is_nameless(s)]
    return not named or any(is_same(change.target, s) for s in named)


def release_of(change: ChangeEvent, releases: dict[str, float]) -> str:
    """Return the release that a change brought, "" if `releases` holds none of its names.

    A commit may go with the tag it was built from.
    """
    if change.version in releases:
        return change.version
    told = _RELEASE.search(change.description) if _COMMIT.fullmatch(change.version) else None
    return told[1] if told and told[1] in releases else ""


def _key_of(change: ChangeEvent, keys: dict[str, float]) -> str:
    if change.version in keys:
        return change.version
    spoken = sorted({k for k in change.description.split() if k in keys})
    return max(spoken, key=lambda k: keys[k]) if spoken else ""


def _first_keys(part: Slice) -> dict[str, float]:
    frames = (part.before, part.rows, part.accepted, signals(part, "", anywhere=True))
    known = pd.concat([f[["minute", "time_ms", "kid"]] for f in frames])
    known = known[(known["kid"] != "").to_numpy()]
    at = pd.Series(seconds(known) * 1000, index=text(known, "kid").to_numpy(dtype=object))
    return {str(k): float(v) for k, v in at.groupby(level=0).min().items()}


def offsets(
    part: Slice, changes: Sequence[ChangeEvent], able: Sequence[ChangeEvent]
) -> tuple[Offset, ...]:
    """Return the sources whose stamps seem off, and by how much.

    `able` are the changes that could have begun the episode but for their time.
    """
    named = named_traces(part, changes)
    out = []
    by_source: dict[str, tuple[list[ChangeEvent], list[Trace], list[ChangeEvent]]] = {}
    for c in changes:
        by_source.setdefault(c.source, ([], [], []))[0].append(c)
    for t in named:
        by_source[t.change.source][1].append(t)
    for c in able:
        by_source[c.source][2].append(c)
    for source in sorted(by_source):
        best = _best(part, *by_source[source])
        if best is not None:
            out.append(best)
    if any(o.is_certain for o in out) or len(by_source) == 1:
        return tuple(out)
    return _in_common(_best(part, list(changes), list(named), list(able))) or tuple(out)


def _in_common(best: Offset | None) -> tuple[Offset, ...]:
    """Return the offset of each of several sources that agree: then it is the logs that are off."""
    if best is None or not best.is_certain:
        return ()
    sources = sorted({t.change.source for t in best.agreeing})
    return tuple(replace(best, source=s) for s in sources) if len(sources) > 1 else ()


def _best(
    part: Slice,
    changes: list[ChangeEvent],
    named: list[Trace],
    able: list[ChangeEvent],
) -> Offset | None:
    """Return the shift that most traces of a source agree on; None where its stamps fit as is."""
    if any(_fits(t, 0) for t in named):
        return None
    traces = [*named, *_unnamed(part, changes, able)]
    steps = [k * STEP_MS for k in range(-MOST_STEPS, MOST_STEPS + 1) if k]
    steps.sort(key=lambda s: (s % (2 * STEP_MS) != 0, abs(s), s))
    found = [(s, _agreeing(traces, s)) for s in steps]
    shift, agreeing = max(found, key=lambda f: _weight(f[1]))
    as_is = _weight(_agreeing(traces, 0))
    if _weight(agreeing) <= as_is:
        return _late(named if as_is else traces)
    second = max(_weight(a) for s, a in found if s != shift)
    # a release that begins with the rejections is what the record of it speaks of
    is_told = any(t.by_name and t.change in able for t in agreeing)
    is_certain = is_told or _weight(agreeing) >= max(TWO, CLEAR * second)
    if is_certain and any(not _fits(t, shift) for t in named):
        return None
    if not is_certain and (late := _late(traces)) is not None:
        return late
    if not is_certain and (as_is or shift % (2 * STEP_MS) or not _is_close(agreeing, shift)):
        return None
    return Offset(changes[0].source, shift, agreeing, is_certain)


def _is_close(agreeing: Sequence[Trace], shift_ms: float) -> bool:
    """Whether a trace follows its change so closely that it is worth a question."""
    lags = [t.time_ms - (t.change.time_ms - shift_ms) for t in agreeing]
    return min(abs(lag) for lag in lags) <= CLOSE_MS


def _weight(agreeing: Sequence[Trace]) -> int:
    return sum(3 if t.by_name else 2 for t in agreeing)


def _late(traces: Sequence[Trace]) -> Offset | None:
    """Return the offset of records that are some minutes late, all by about the same."""
    late = [t for t in traces if EARLY_MS < t.change.time_ms - t.time_ms <= FEW_MS]
    for first in late:
        by = first.change.time_ms - first.time_ms
        near = [t for t in late if abs(t.change.time_ms - t.time_ms - by) <= SAME_MS]
        told = _agreeing(near, by)
        if told and (_weight(told) >= TWO or told[0].by_name):
            worst = max(t.change.time_ms - t.time_ms for t in told)
            return Offset(first.change.source, round(worst), told, is_certain=True)
    return None


def _fits(trace: Trace, shift_ms: float) -> bool:
    change = trace.change
    lag = trace.time_ms - (change.time_ms - shift_ms)
    end = (change.end_ms or change.time_ms) - change.time_ms
    return -EARLY_MS <= lag <= LATE_MS + (min(end, 2 * STEP_MS) if trace.by_name else 0)


def _agreeing(traces: Sequence[Trace], shift_ms: float) -> tuple[Trace, ...]:
    """Return the traces that fit, each change and each moment once."""
    out: list[Trace] = []
    for t in traces:
        if _fits(t, shift_ms) and all(
            t.change is not o.change and abs(t.time_ms - o.time_ms) > EARLY_MS for o in out
        ):
            out.append(t)
    return tuple(out)


def _unnamed(
    part: Slice, changes: Sequence[ChangeEvent], able: Sequence[ChangeEvent]
) -> list[Trace]:
    """Return moments that any change of the right sort could have left: onset, end, starts."""
    episode = part.episode
    out = []
    if not episode.onset_censored:
        at = episode.onset.point_ms
        out = [Trace(c, at, f"rejections began at {clock(at)}") for c in able]
    targets = {frozenset(words(c.target)) for c in able}
    if episode.recovery is not None:
        end = episode.recovery.point_ms
        back = [c for c in changes if frozenset(words(c.target)) in targets]
        out += [Trace(c, end, f"rejections ended at {clock(end)}") for c in back]
    rolled = [c for c in changes if c.kind in STARTS]
    for service, start in _waves(part):
        text_ = f"instances started at {clock(start)}"
        out += [Trace(c, start, text_) for c in rolled if _is_of(c, service, part)]
    return out


def _is_of(change: ChangeEvent, service: str, part: Slice) -> bool:
    mine = service in part.episode.services or not part.episode.services
    return _is_here(change, part) if mine else is_same(change.target, service)


def _waves(part: Slice) -> list[tuple[str, float]]:
    """Return services and the first of each run of starts of one release, in epoch milliseconds."""
    told = signals(part, STARTED, anywhere=True)
    names = text(told, "service").to_numpy(dtype=object)
    out: list[tuple[str, float]] = []
    for service, group in told.groupby(names, sort=True):
        at, version = seconds(group) * 1000, text(group, "version").to_numpy(dtype=object)
        order = np.argsort(at, kind="stable")
        at, version = at[order], version[order]
        is_first = np.diff(at, prepend=-np.inf) > FEW_MS
        is_first[1:] |= version[1:] != version[:-1]
        first = at[is_first & (at >= part.grid.first * 60_000 + WATCHED_MS)]
        out += [(str(service), float(t)) for t in first if len(first) <= MOST_WAVES]
    return out


def in_log_time(change: ChangeEvent, offset: Offset) -> ChangeEvent:
    """Return a change with its times as the logs' clock would have them."""
    end = None if change.end_ms is None else change.end_ms - offset.shift_ms
    return replace(change, time_ms=change.time_ms - offset.shift_ms, end_ms=end)
