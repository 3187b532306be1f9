"""The rows of one episode, cut out once for all measurements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.passing import once
from logclass.evidence.series import (
    Array,
    Grid,
    grid,
    instance_events,
    number,
    per_minute,
    text,
    timed,
)
from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    from logclass.model import Counted, Episode

MORE = 1.3  # log events per rejection from which other lines are there too
LEAST_QUIET = 20.0
SAW_MOST = 0.5  # of the rejections, for a log to be that of a gateway before them
_TEXT = (
    *("service", "instance", "version", "environment", "reason", "library", "pattern", "versions"),
    *("claim", "expected", "actual", "kid", "alg", "iss", "aud", "client", "route", "outcome"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """Rejections of one episode and what surrounds them; text columns are plain."""

    episode: Episode
    rows: pd.DataFrame  # rejections of the episode, in order of time
    before: pd.DataFrame  # earlier rejections, all reasons, of the same services
    others: pd.DataFrame  # rejections for other reasons or in other services, any time
    accepted: pd.DataFrame  # accepted requests of the same services, any time
    signals: pd.DataFrame  # lines that tell of a change, of any service, any time
    events: pd.DataFrame  # service, instance, minute, events: all log events of the same services
    echoes: pd.DataFrame  # further traces of the same services' requests, and of gateways'
    traffic: Array  # log events of the same services in each minute of the grid
    let_through: Array | None  # requests that a gateway which saw the rejections let through
    grid: Grid
    first: int  # first minute of the episode
    stop: int  # minute after its last
    services: frozenset[str]  # every service the export knows
    is_complete: bool  # log events are more than the rejections themselves

    @property
    def total(self) -> float:
        """Rejected requests of the episode."""
        return float(self.rows["count"].sum())


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with text columns as Python text; unknown is ""."""
    return frame.assign(**{name: text(frame, name) for name in _TEXT if name in frame})


def cut(
    counted: Counted, episode: Episode, rejections: pd.DataFrame, passed: pd.DataFrame
) -> Slice:
    """Return the slice of an episode; `rejections` and `passed` are plain and timed."""
    where = grid(counted)
    assert where is not None
    first = episode.onset.point_ms // 60_000
    stop = where.first + where.minutes
    if episode.recovery is not None:
        stop = min(stop, episode.recovery.point_ms // 60_000 + 1)
    minute = rejections["minute"].to_numpy(np.int64)
    mine = rejections["reason"].isin(episode.reasons).to_numpy()
    same = rejections["service"].isin(episode.services).to_numpy() | (not episode.services)
    now = (minute >= first) & (minute < stop)
    rows = rejections[mine & same & now].sort_values(["minute", "time_ms"], kind="stable")
    services = episode.services or tuple(rows["service"].drop_duplicates())
    here = passed["service"].isin(services) & (passed["outcome"] == "accepted")
    events = instance_events(counted, services)
    now_too = (events["minute"] >= first) & (events["minute"] < stop)
    return Slice(
        episode=episode,
        rows=rows,
        before=rejections[same & (minute < first)],
        others=rejections[~(mine & same & now)],
        accepted=once(passed[here.to_numpy()]),
        signals=passed[(passed["outcome"] == "signal").to_numpy()],
        events=events[events["instance"] != ""],
        echoes=counted.echoes,
        traffic=per_minute(events, where, "events"),
        let_through=_let_through(counted, rows, (first, stop), where),
        grid=where,
        first=first,
        stop=stop,
        services=frozenset(counted.tally["service"].unique())
        | frozenset(rejections["service"].unique()),
        is_complete=_is_complete(events, now_too, rows, rejections[same & ~now]),
    )


def _let_through(
    counted: Counted, rows: pd.DataFrame, span: tuple[int, int], where: Grid
) -> Array | None:
    """Return the requests with a good status, by minute, in the log that has the rejections too."""
    now = counted.echoes["minute"].between(span[0], span[1] - 1)
    seen = pd.concat([counted.echoes[now.to_numpy()], rows])
    seen = seen[(seen["kind"] == RecordKind.ACCESS).to_numpy()]
    saw = seen.groupby("service", observed=True)["count"].sum()
    gates = {str(name) for name in saw.index[saw >= SAW_MOST * float(rows["count"].sum())]}
    tally = timed(counted.tally)
    mine = tally["service"].isin(gates) & tally["status_class"].isin((2, 3))
    return per_minute(tally[mine.to_numpy()], where, "events") if mine.any() else None


def _is_complete(
    events: pd.DataFrame, inside: pd.Series, rows: pd.DataFrame, others: pd.DataFrame
) -> bool:
    """Return whether requests that pass leave lines as well.

    In an outage nearly every line is a rejection: then the rest of the time tells.
    """
    mine = events["events"].to_numpy(np.float64)
    now = inside.to_numpy()
    if float(mine[now].sum()) > MORE * float(rows["count"].sum()):
        return True
    quiet = float(mine[~now].sum())
    return quiet >= LEAST_QUIET and quiet > 2 * MORE * float(others["count"].sum())


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the timed rows of a frame; text is plain, or categories where it was."""
    rows = timed(frame)
    mixed = [n for n in _TEXT if n in rows and not isinstance(rows[n].dtype, pd.CategoricalDtype)]
    return rows.assign(**{name: text(rows, name) for name in mixed})


def seconds(frame: pd.DataFrame) -> np.ndarray:
    """Return each row's time in epoch seconds: the stamp, else the middle of its minute."""
    stamp = number(frame, "time_ms") / 1000
    middle = frame["minute"].to_numpy(np.float64) * 60 + 30
    return np.where(np.isfinite(stamp), stamp, middle)
