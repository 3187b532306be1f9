"""How well a change's time fits an onset, and what rules the change out by time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.phrases import clock, span
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from logclass.model import ChangeEvent, Episode

CAP = math.log(50)
MINUTE = 60_000.0
TOLERANCE_MS = 60_000  # records and logs of one site rarely agree better
FINISHED_MS = 45 * 60_000  # a rollout whose start is not recorded
MEANS = (0.5, 4.0, 20.0, 90.0)  # minutes from change to effect
LAGS = (0.5, 2, 5, 10, 15, 30, 60, 600, 1440)  # cache and token lifetimes, minutes
LOOK_BACK = 1440.0
LONGEST_ROLLOUT = 120.0  # minutes
_RARE = 3.0  # a chance that is not worth a sentence is more than one in so many


@dataclass(frozen=True, slots=True)
class Timing:
    """The time term of one change."""

    log_odds: float
    veto: str  # why it cannot be the cause; "" if it can
    text: str
    lag_minutes: float  # from the change to the onset


def is_finish_stamp(change: ChangeEvent) -> bool:
    """Whether the record tells when a rollout ended but not when it began."""
    rolls = change.kind in {ChangeKind.DEPLOY, ChangeKind.ROLLBACK}
    return rolls and change.end_ms is not None and change.end_ms <= change.time_ms


def timing(change: ChangeEvent, episode: Episode, look_back_minutes: float) -> Timing:
    """Return log of the density of this lag over chance, capped at x50, and any veto."""
    onset = episode.onset
    tolerance = FINISHED_MS if is_finish_stamp(change) else TOLERANCE_MS
    begin = change.time_ms - (tolerance if is_finish_stamp(change) else 0)
    lag = (onset.point_ms - change.time_ms) / MINUTE
    if onset.high_ms < change.time_ms - tolerance:
        return Timing(-CAP, _after(change, episode), "", lag)
    if episode.onset_censored:
        text = f"It was before the export begins; rejections were running by {clock(onset.high_ms)}"
        return Timing(0.0, "", text + ".", lag)
    density = float(np.mean([_density((u - begin) / MINUTE) for u in _onsets(episode)]))
    if change.end_ms is not None and change.end_ms > change.time_ms:
        density = max(density, _during(change, episode))
    log_odds = math.log(max(density, 1e-9) * look_back_minutes)
    return Timing(max(-CAP, min(CAP, log_odds)), "", _text(lag, episode), lag)


def _after(change: ChangeEvent, episode: Episode) -> str:
    late = span((change.time_ms - episode.onset.point_ms) / 1000)
    since = "before " if episode.onset_censored else "at "
    text = f"It came {late} after the rejections began ({since}{clock(episode.onset.point_ms)})."
    hours = round((change.time_ms - episode.onset.point_ms) / 1_800_000) / 2
    off_ms = abs(change.time_ms - hours * 3_600_000 - episode.onset.point_ms)
    if change.zone_assumed and 0 < hours <= 14 and off_ms < 6 * MINUTE:
        text += f" Its stamp has no zone: it would fit if it is UTC+{hours:g}."
    return text


def _onsets(episode: Episode) -> np.ndarray:
    """Return points of the onset's interval, dense around the likeliest."""
    low, point, high = episode.onset
    likeliest = np.full(2, float(point))
    return np.concatenate([np.linspace(low, point, 6), np.linspace(point, high, 6), likeliest])


def _density(lag: float) -> float:
    """Return the density per minute of an effect this long after its change."""
    tolerated = TOLERANCE_MS / MINUTE
    if lag < 0:  # the record's clock may be a little ahead
        return 0.2 * math.exp(lag / tolerated) if lag > -3 * tolerated else 0.0
    main = sum(math.exp(-lag / m) / m for m in MEANS) / len(MEANS)
    near = sum(
        math.exp(-0.5 * ((lag - v) / (0.05 * v + 0.5)) ** 2) / (0.05 * v + 0.5) for v in LAGS
    )
    return 0.9 * main + 0.05 * near / len(LAGS) / 2.5


def _during(change: ChangeEvent, episode: Episode) -> float:
    """Return the density if the effect comes with some instance of a rollout."""
    assert change.end_ms is not None
    length = (change.end_ms - change.time_ms) / MINUTE
    lag = (episode.onset.point_ms - change.time_ms) / MINUTE
    if length > LONGEST_ROLLOUT:  # the record was touched later, it did not roll that long
        return 0.0
    return 0.5 / max(length, 1.0) if 0 <= lag <= length else 0.0


def _text(lag: float, episode: Episode) -> str:
    at = clock(episode.onset.point_ms)
    if lag < 0:
        return f"Rejections began at {at}, within a minute of it as the two clocks agree."
    return f"Rejections began at {at}, {span(lag * 60)} after it."


def coincidence(changes: int, lag_minutes: float, width_minutes: float, window: float) -> str:
    """Return in words how often a change this close comes by chance; "" where that is often."""
    rate = changes / max(window, 1.0)
    chance = 1 - math.exp(-rate * (max(lag_minutes, 0.0) + max(width_minutes, 0.5)))
    if chance <= 0 or 1 / chance < _RARE:
        return ""
    return f"One so close comes by chance 1 time in {round(1 / chance):,}."
