"""What was read, source by source: counts, faults by kind, silent stretches, signs of a cut."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from logclass.columns import NO_MINUTE
from logclass.plain import iso
from logclass.vocabulary import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa
    from numpy.typing import NDArray

    from logclass.model import Fault, Settled, SourceIntake, Summary

LISTED_GAPS = 10
NO_GAPS: dict[str, Any] = {"quiet_minutes": 0, "gaps": []}  # of a source without times

_MINUTE_MS = 60_000
_GAP_MINUTES = 2
_BY_CHANCE = 0.01  # gaps as long as this one that a quiet source would show anyway
_CUT_KINDS = {"truncated", "event_limit", "more_pages", "torn"}
# Format -> rows an export can have, and whose limit that is.
_ROW_LIMITS = {
    "sentry-events": (100, "Sentry gives a page of"),
    "sentry-wrapped": (100, "Sentry gives a page of"),
    "cloudwatch-insights": (10_000, "Logs Insights gives at most"),
    "csv": (10_000, "Logs Insights gives at most"),
}
_DATES = {
    "name": "Lines show a time of day only: their date is taken from the file's name.",
    "written": "Lines show a time of day only: their date is taken from when the file was written"
    " and from the other sources.",
}
_ORDERS = {"dmy": "the day", "mdy": "the month", "ymd": "the year"}


def intake(summary: Summary, settled: Iterable[Settled] = ()) -> dict[str, Any]:
    """Return every source that was read, and their sums: the document's `intake`."""
    told = {one.source: one for one in settled}
    parts_of: dict[str, list[SourceIntake]] = {}
    for one in summary.sources:
        parts_of.setdefault(one.source, []).append(one)
    listed = _by_source(summary.faults)
    silent = gaps(summary.tally)
    sources = [
        _source(name, parts_of[name], listed.pop(name, []))
        | silent.get(name, NO_GAPS)
        | {"assumptions": assumptions(parts_of[name], told.get(name))}
        for name in sorted(parts_of)
    ]
    return {
        "sources": sources,
        "events": sum(source["events"] for source in sources),
        "rejections": sum(source["rejections"] for source in sources),
        "unclassified": sum(one.unclassified for one in summary.sources),
        "detail_share": summary.sample_below / 2**64,
        "accepted_share": accepted_share(summary),
        # what is left in `listed` could not even be opened
        "faults": sum(source["faults"] for source in sources)
        + sum(fault.count for faults in listed.values() for fault in faults),
    }


def accepted_share(summary: Summary) -> float:
    """Return which share of the lines of accepted requests was read, of the source read least.

    1 where none tells of one: lines that only might have are no such lines.
    """
    told = summary.counts["outcome"].unique().to_pylist() if len(summary.counts) else []
    if Outcome.ACCEPTED not in told:
        return 1.0
    return min((0.5**one.level for one in summary.sources if one.drawn), default=1.0)


def _by_source(faults: Iterable[Fault]) -> dict[str, list[Fault]]:
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.source, []).append(fault)
    return found


def _source(name: str, parts: list[SourceIntake], faults: list[Fault]) -> dict[str, Any]:
    largest = max(parts, key=lambda part: (part.events, part.format))
    events = sum(part.events for part in parts)
    return {
        "name": name,
        "format": largest.format,
        "bytes": sum(part.read_bytes for part in parts),
        "sha256": max(part.sha256 for part in parts),
        "events": events,
        "candidates": sum(part.candidates for part in parts),
        "rejections": sum(part.rejections for part in parts),
        "faults": max(sum(f.count for f in faults), sum(part.faults for part in parts)),
        "faults_by_kind": faults_by_kind(faults),
        "first": iso(_edge(min, (part.first_ms for part in parts))),
        "last": iso(_edge(max, (part.last_ms for part in parts))),
        "truncation": truncation(largest.format, events, faults),
    }


def assumptions(parts: Iterable[SourceIntake], told: Settled | None) -> list[str]:
    """Return how a source's times were read where they leave something open, in sentences."""
    found = []
    parts = list(parts)
    if told is not None and told.zone:
        found.append(f"Times without a zone are read as {told.zone}: {told.because}.")
    elif zone := max(part.zone_told for part in parts):
        found.append(
            f"Times without a zone are read as {zone}: the second clock on their lines tells it."
        )
    elif any(part.zone_assumed for part in parts):
        found.append("Times without a zone are read as UTC: nothing tells their zone.")
    if date_told := max(part.date_told for part in parts):
        found.append(_DATES[date_told])
    elif told is not None and told.written_seconds is not None:
        found.append("Dates without a year are read in the year of the other sources.")
    elif any(part.year_assumed for part in parts):
        found.append("Dates without a year are read as the last ones before the file was written.")
    if order := max(part.order_assumed for part in parts):
        found.append(
            f"Dates of numbers are read with {_ORDERS[order]} first: nothing tells their order."
        )
    return found


def zones_assumed(summary: Summary, settled: Iterable[Settled]) -> str | None:
    """Return the zones in which times without one were read, None where all name theirs."""
    told = {one.source: one.zone for one in settled if one.zone}
    zones = {*told.values(), *(one.zone_told for one in summary.sources if one.zone_told)} | {
        "UTC" for one in summary.sources if one.zone_assumed and one.source not in told
    }
    return ", ".join(sorted(zones)) or None


def _edge(pick: Callable[[list[int]], int], times: Iterable[int | None]) -> int | None:
    known = [time for time in times if time is not None]
    return pick(known) if known else None


def faults_by_kind(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Return kind, count, and the first of each kind, most frequent first."""
    kinds: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.count:
            kinds[fault.kind].append(fault)
    rows = []
    for kind, same in kinds.items():
        first = min(same, key=lambda fault: (fault.line or 0, fault.detail))
        rows.append(
            {
                "kind": kind,
                "count": sum(fault.count for fault in same),
                "detail": first.detail,
                "line": first.line,
                "excerpt": first.excerpt,
            }
        )
    return sorted(rows, key=lambda row: (-row["count"], row["kind"]))


def truncation(format_: str, events: int, faults: Iterable[Fault]) -> list[str]:
    """Return what says that an export holds less than there was, one sentence each."""
    found = sorted({fault.detail for fault in faults if fault.kind in _CUT_KINDS})
    limit, whose = _ROW_LIMITS.get(format_, (0, ""))
    if limit and events == limit:
        found.append(f"exactly {limit:,} events, and {whose} {limit:,}: there may be more")
    return found


def gaps(tally: pa.Table) -> dict[str, dict[str, Any]]:
    """Return by source how long it is silent, between its first and last line, while others speak.

    `quiet_minutes` counts all such minutes. `gaps` are those stretches that are too long to be
    chance where the source is silent as often as it is otherwise: `start`, `end` (its last silent
    minute included), `minutes`.
    """
    if tally.num_rows == 0:
        return {}
    minutes = tally.column("minute").to_numpy()
    if not (minutes != NO_MINUTE).any():
        return {}
    encoded = tally.column("source").combine_chunks()
    names = encoded.dictionary.to_pylist()
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    timed = minutes != NO_MINUTE
    order = np.argsort(codes[timed], kind="stable")  # with many sources no mask runs over all
    minutes, codes = minutes[timed][order], codes[timed][order]
    every = np.unique(minutes)
    known, begins = np.unique(codes, return_index=True)
    found = {}
    for code, rows in zip(known.tolist(), np.split(minutes, begins[1:]), strict=True):
        at = np.searchsorted(every, np.unique(rows))
        near = every[at[0] : at[-1] + 1]
        is_silent = np.ones(len(near), dtype=bool)
        is_silent[at - at[0]] = False
        found[names[code]] = {
            "quiet_minutes": int(is_silent.sum()),
            "gaps": _long_ones(near, is_silent),
        }
    return found


def _long_ones(minutes: NDArray[np.int64], is_silent: NDArray[np.bool_]) -> list[dict[str, Any]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], is_silent.astype(np.int8), [0]))))
    starts, ends = edges[::2], edges[1::2]  # of stretches, as places in `minutes`
    lengths = ends - starts
    # As in runs of a coin that shows silence as often as the source does outside this stretch.
    outside = np.maximum(len(minutes) - lengths, 1)
    share = (int(is_silent.sum()) - lengths) / outside
    expected = len(minutes) * (1 - share) * share**lengths
    rows = np.flatnonzero((lengths >= _GAP_MINUTES) & (expected < _BY_CHANCE))
    kept = sorted(rows[np.argsort(-lengths[rows], kind="stable")][:LISTED_GAPS].tolist())
    return [
        {
            "start": iso(int(minutes[starts[row]]) * _MINUTE_MS),
            "end": iso((int(minutes[ends[row] - 1]) + 1) * _MINUTE_MS),
            "minutes": int(lengths[row]),
        }
        for row in kept
    ]
