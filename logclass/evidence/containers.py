"""Containers under one name: a full id, and its first twelve digits, which name its host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

SHOWN = 12  # digits of a container's id that docker shows, and names the container's host by
_ID = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{12,64}")


def same_names(*frames: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """Return the frames with each container under its longest name in their column `instance`."""
    longest = _longest({str(name) for frame in frames for name in frame["instance"].unique()})
    return tuple(_renamed(frame, longest) for frame in frames)


def _longest(names: Iterable[str]) -> dict[str, str]:
    """Return {short name: the one longer id that begins with it}."""
    ids: dict[str, set[str]] = {}
    for name in names:
        if _ID.fullmatch(name):
            ids.setdefault(name[:SHOWN], set()).add(name)
    pairs = ((short, ids[short] - {short}) for short in ids if short in ids[short])
    return {short: next(iter(longer)) for short, longer in pairs if len(longer) == 1}


def _renamed(frame: pd.DataFrame, longest: dict[str, str]) -> pd.DataFrame:
    if not longest:
        return frame
    known = frame["instance"]
    names = known.astype(object).map(lambda name: longest.get(str(name), name))
    return frame.assign(instance=names.astype(known.dtype if known.dtype == object else "category"))
