"""What a report says of the clocks that were off in a drill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY_LINES = 200  # from which an offset is asked to be known within a second


@dataclass(frozen=True, slots=True)
class Skewed:
    """A clock that was off, and what is said of it."""

    samples: int
    error_seconds: float | None  # None where an interval is given and no number
    is_covered: bool


def skewed(truth: dict[str, Any], incident: dict[str, Any] | None) -> Iterator[Skewed]:
    """Yield what is said of each clock that was off: a host's, its service's, or the issuer's."""
    if truth["skew_seconds"] is None or incident is None:
        return
    is_issuer = truth["variant"] == "issuer"
    for one in incident["clock_skew"]:
        if is_issuer:
            sign = {"issuer": 1, "either": -1}.get(one["of"])
        else:
            # containers are often told by the first letters of their ids
            is_named = any(name.startswith(one["instance"]) for name in truth["affected_instances"])
            is_known = one["of"] != "instance" or is_named
            sign = 1 if one["of"] != "issuer" and is_known else None
        if sign is None or one["interval"] is None:
            continue
        true, (low, high) = sign * truth["skew_seconds"], one["interval"]
        yield Skewed(
            one["samples"],
            None if one["seconds"] is None else abs(one["seconds"] - true),
            (low is None or low <= true) and (high is None or true <= high),
        )
