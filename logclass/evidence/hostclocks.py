"""A host's clock against another that saw the same moment: the line's stamp, or a gateway's log.

A message may say the verifier's own time ("Current time: ...", "expired 36 s ago" beside `exp`)
while a collector stamps the line; a gateway logs the same request by its own clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from logclass.evidence.series import number, text
from logclass.evidence.slice import Slice, seconds
from logclass.vocabulary import Reason, RecordKind

if TYPE_CHECKING:
    from logclass.evidence.scan import Array

LEAST = 5
AGREED_SECONDS = 2.0  # stamps of whole seconds and slow requests differ by as much
ZONE_SECONDS = 900.0  # zones differ by multiples of it
CLEAR_SECONDS = 5.0  # from which unlinked logs of two hosts are out of step
FURTHEST_SECONDS = 890
MOST_PAIRED = 400
MATCHED = 0.5  # share of the rejections that another log holds at one and the same lag
AHEAD = (Reason.TOKEN_EXPIRED, Reason.TOKEN_TOO_OLD)


def stamped_overshoot(rows: pd.DataFrame, misread_seconds: float = 0.0) -> Array:
    """Return by how many seconds each check failed by the line's stamp and the token's times.

    `misread_seconds` is by how much the token's times are read too late.
    """
    now = seconds(rows)
    begin = number(rows, "nbf_seconds")
    begin = np.where(np.isfinite(begin), begin, number(rows, "iat_seconds"))
    late, end = _is_late(rows), number(rows, "exp_seconds") - misread_seconds
    return np.where(late, now - end, begin - misread_seconds - now)


def by_message(part: Slice, rows: pd.DataFrame) -> Array:
    """Return by how much the time that each message tells is ahead of its line's stamp, seconds.

    Not finite where it tells none.
    """
    return _told_ahead(rows) - misread(part, rows)


def misread(part: Slice, rows: pd.DataFrame) -> float:
    """Return by how much the tokens' times are read too late against the stamps, in seconds.

    What is so outside the episode too is no news; an offset of whole quarters of an hour is a
    zone that one of the two was written in.
    """
    usual = _told_ahead(part.others[part.others["reason"].isin(set(rows["reason"]))])
    usual = usual[np.isfinite(usual)]
    if len(usual) >= LEAST:
        return float(np.median(usual))
    now = _told_ahead(rows)
    now = now[np.isfinite(now)]
    middle = float(np.median(now)) if len(now) else 0.0
    zone = ZONE_SECONDS * round(middle / ZONE_SECONDS)
    return zone if abs(middle - zone) <= AGREED_SECONDS else 0.0


def _told_ahead(rows: pd.DataFrame) -> Array:
    more = number(rows, "overshoot_seconds") - stamped_overshoot(rows)
    return np.where(_is_late(rows), more, -more)


def _is_late(rows: pd.DataFrame) -> np.ndarray:
    return np.asarray(rows["reason"].isin(AHEAD).to_numpy(), dtype=bool)


def by_gateway(part: Slice, rows: pd.DataFrame) -> Array:
    """Return by how much each line is ahead of a gateway's line of the same request, seconds.

    The same request id stands in both logs, so the two stamps of one moment are compared. Without
    ids, one lag at which most rejections stand in the other log is taken for all.
    """
    told = part.echoes[(part.echoes["kind"] == RecordKind.ACCESS) & (part.echoes["link"] > 0)]
    off = np.full(len(rows), np.nan)
    if len(told):
        once = told.drop_duplicates("link").set_index("link")["time_ms"]
        other = once.reindex(rows["link"]).to_numpy(np.float64)
        off = np.where(rows["link"].to_numpy() > 0, seconds(rows) - other / 1000, np.nan)
    if int(np.isfinite(off).sum()) >= LEAST:
        return off
    lag = _common_lag(part, rows)
    return off if lag is None else np.full(len(rows), lag)


def _common_lag(part: Slice, rows: pd.DataFrame) -> float | None:
    """Return the one lag (seconds) at which the rejections stand in a log of another host."""
    theirs = _bare_refusals(part)
    lag = _peak(_stamps(rows), theirs)
    if lag is None or abs(lag) < CLEAR_SECONDS:
        return None
    calm = part.others[part.others["service"].isin(set(rows["service"]))]
    calm = calm[(calm["reason"] != Reason.UNSPECIFIED).to_numpy()]
    usual = _peak(_stamps(calm), theirs)
    return None if usual is not None and abs(usual - lag) <= CLEAR_SECONDS else lag


def _bare_refusals(part: Slice) -> Array:
    """Return the times of 401s whose reason another log would tell, in epoch seconds."""
    logs = (part.echoes[part.echoes["kind"] == RecordKind.ACCESS], part.rows, part.others)
    bare = [f if "reason" not in f else f[f["reason"] == Reason.UNSPECIFIED] for f in logs]
    return np.sort(np.concatenate([_stamps(f) for f in bare]))


def _stamps(frame: pd.DataFrame) -> Array:
    at = number(frame, "time_ms") / 1000
    return np.sort(at[np.isfinite(at)])


def _peak(mine: Array, theirs: Array) -> float | None:
    """Return the lag shared by most pairs; None if it holds no half of them, or others as many."""
    if len(mine) < LEAST or len(theirs) < LEAST:
        return None
    step = max(1, len(mine) // MOST_PAIRED)
    mine = mine[::step]
    lags = []
    for at in mine:
        low, high = np.searchsorted(theirs, [at - FURTHEST_SECONDS, at + FURTHEST_SECONDS])
        lags.append(at - theirs[low:high])
    found = np.concatenate(lags)
    bins = np.arange(-FURTHEST_SECONDS, FURTHEST_SECONDS + 1)
    counts = np.histogram(found, bins)[0]
    pairs = counts[:-1] + counts[1:]  # two seconds wide, wherever they begin
    top = int(np.argmax(pairs))
    apart = np.abs(np.arange(len(pairs)) - top) > CLEAR_SECONDS
    usual = float(np.quantile(pairs[apart], 0.99))
    if pairs[top] < max(MATCHED * len(mine), LEAST) or pairs[top] < 2 * usual + LEAST:
        return None
    near = found[np.abs(found - bins[top + 1]) <= AGREED_SECONDS]
    return float(np.median(near))


def offset_row(name: str, of: str, off: Array) -> dict[str, Any] | None:
    """Return a row as hostoffset has them, of offsets; None if few, or none to speak of.

    The interval is that of the median where a clock stood still, else the middle nine tenths.
    """
    sample = np.sort(off[np.isfinite(off)])
    if len(sample) < LEAST or abs(float(np.median(sample))) < AGREED_SECONDS:
        return None
    middle, error = float(np.median(sample)), 1.25 * float(sample.std()) / len(sample) ** 0.5
    error = max(error, 1.0)
    limits = [middle - error, middle + error]
    if float(sample.std()) > 0.1 * abs(middle) + AGREED_SECONDS:  # it drifts
        limits = [float(v) for v in np.quantile(sample, [0.05, 0.95])]
    return {
        "instance": name,
        "of": of,
        "seconds": round(middle, 1),
        "interval": [round(v, 1) for v in limits],
        "samples": len(sample),
    }


def offset_rows(rows: pd.DataFrame, off: Array) -> tuple[dict[str, Any], ...]:
    """Return one row per instance whose clock is off; per service where no instance is known."""
    known = text(rows, "instance").to_numpy(dtype=object)
    who = np.where(known != "", known, text(rows, "service").to_numpy(dtype=object))
    places = pd.Series(who).groupby(who, sort=True).indices
    named = set(known)
    found = [
        offset_row(str(name), "instance" if name in named else "service", off[at])
        for name, at in places.items()
        if name
    ]
    return tuple(row for row in found if row is not None)
