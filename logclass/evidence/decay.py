"""How an incident ends: the shape of its tail says what ended it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from logclass.evidence.scan import Array

TEXT = {
    "abrupt": "Rejections stopped within a minute or two: something was put right at once, or the "
    "senders stopped.",
    "linear": "Rejections fell in a straight line to the baseline over {minutes} minutes: "
    "old tokens or old instances went out one after the other.",
    "exponential": "Rejections died away, half of them every {half} minutes: clients recovered "
    "one by one.",
    "staircase": "Rejections fell in steps, instance by instance.",
    "none_yet": "Rejections had not returned to the baseline when the data ended.",
}


def tail(x: Array, mu: Array, steps: int = 0) -> dict[str, Any]:
    """Return {"shape", "text"} of the fall from the peak to the end of `x`.

    `x` runs from the onset to some minutes past the recovery; `steps` is the number of instances
    that ended at clearly different times. Shapes are compared by AIC under a Poisson law.
    """
    excess = np.maximum(_smooth(x - mu), 0.0)
    plateau = float(np.quantile(excess, 0.9)) if len(excess) else 0.0
    if plateau <= 0:
        return _shape("abrupt", 1, 1)
    peak = int(np.flatnonzero(excess >= 0.8 * plateau)[-1])
    fits = [_abrupt(x, mu, peak), *_linear(x, mu, peak), *_exponential(x, mu, peak)]
    best = min(fits, key=lambda f: f[0])
    name, minutes = best[1], best[2]
    if name == "linear" and minutes <= 3:
        name = "abrupt"
    if name != "abrupt" and steps >= 3:
        name = "staircase"
    return _shape(name, minutes, max(1, round(minutes * 0.69)))


def none_yet() -> dict[str, Any]:
    """Return the shape of an incident that is not over when the data end."""
    return _shape("none_yet", 0, 0)


def _shape(name: str, minutes: int, half: int) -> dict[str, Any]:
    return {"shape": name, "text": TEXT[name].format(minutes=minutes, half=half)}


def _smooth(x: Array) -> Array:
    if len(x) < 5:
        return x
    return np.convolve(np.pad(x, 1, mode="edge"), np.ones(3) / 3, mode="valid")


def _aic(x: Array, rate: Array, parameters: int) -> float:
    rate = np.maximum(rate, 1e-6)
    spread = max(1.0, float(np.mean(x)) * 0.02)
    return float(2 * parameters - 2 * np.sum(x * np.log(rate) - rate) / spread)


def _scaled(x: Array, mu: Array, shape: Array) -> Array:
    height = float(np.sum(np.maximum(x - mu, 0) * (shape > 0.05))) / max(float(shape.sum()), 1e-9)
    return mu + height * shape


def _lead(peak: int) -> int:
    return max(0, peak - 10)


def _abrupt(x: Array, mu: Array, peak: int) -> tuple[float, str, int]:
    first = _lead(peak)
    t = np.arange(first, len(x))
    best = (np.inf, "abrupt", 1)
    for stop in range(peak, min(len(x) + 1, peak + 6)):
        shape = (t < stop).astype(float)
        if shape.any():
            score = _aic(x[first:], _scaled(x[first:], mu[first:], shape), 2)
            best = min(best, (score, "abrupt", 1))
    return best


def _linear(x: Array, mu: Array, peak: int) -> list[tuple[float, str, int]]:
    first, t = _lead(peak), np.arange(_lead(peak), len(x))
    fits = []
    for length in (2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120):
        for lead in {0, min(5, peak - first), min(10, peak - first)}:
            shape = np.clip(1 - (t - peak + lead) / length, 0, 1)
            score = _aic(x[first:], _scaled(x[first:], mu[first:], shape), 3)
            fits.append((score, "linear", length))
    return fits


def _exponential(x: Array, mu: Array, peak: int) -> list[tuple[float, str, int]]:
    first, t = _lead(peak), np.arange(_lead(peak), len(x))
    fits = []
    for scale in (1.5, 3, 5, 8, 12, 20, 30, 45, 60):
        for lead in {0, min(5, peak - first)}:
            shape = np.exp(-np.maximum(t - peak + lead, 0) / scale)
            score = _aic(x[first:], _scaled(x[first:], mu[first:], shape), 3)
            fits.append((score, "exponential", round(scale)))
    return fits
