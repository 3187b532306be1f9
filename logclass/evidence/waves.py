"""Releases in a wave: several services changed one after the other, and one left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logclass.evidence.names import GATEWAYS, is_same, mentions, speaks_of
from logclass.vocabulary import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from logclass.model import ChangeEvent, Interval

LEAST_LEFT = 0.3  # share of the rejections in services that were not changed
WAVE_MS = 15 * 60_000
RELEASED = frozenset({ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.ROLLBACK})


def released(changes: Sequence[ChangeEvent], onset: Interval) -> tuple[str, ...]:
    """Return what was released around an onset."""
    low, high = onset.low_ms - WAVE_MS, onset.high_ms + WAVE_MS
    near = (c.target for c in changes if c.kind in RELEASED and low <= c.time_ms <= high)
    return tuple(dict.fromkeys(near))


def speaking(changes: Sequence[ChangeEvent], failing: Sequence[str]) -> frozenset[str]:
    """Return the sources whose descriptions name what fails in some of their changes.

    Where a chat bot writes "search-api: ..." a message that does not is about something else.
    """
    found: set[str] = set()
    for c in changes:
        if c.source not in found and any(mentions(c.description, s) for s in failing if s):
            found.add(c.source)
    return frozenset(found)


def untouched(
    target: str, failing: Sequence[str], rejections: pd.Series, wave: Sequence[str]
) -> list[str]:
    """Return failing services beside the target that were not released with it.

    Empty where they hold few of the `rejections` (per service): what one release brought fails in
    one service, and what fails in several alike was brought to each, or is not of a release.
    """
    left = [s for s in failing if not is_same(target, s) and not speaks_of(s, GATEWAYS)]
    left = [s for s in left if not any(is_same(other, s) for other in wave)]
    held = float(rejections.reindex(left).fillna(0.0).sum())
    return left if held >= LEAST_LEFT * float(rejections.sum()) else []
