"""Log lines as denominators: each refused request once, as requests that pass are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from logclass.evidence.series import text

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMES = ("source", "service", "instance")


def once_each(tally: pd.DataFrame, echoes: pd.DataFrame, copy: str) -> pd.DataFrame:
    """Return the tally without the further lines that refused requests left in it.

    A service that logs a line per request and one more where it refuses looks, while it refuses
    all, as if half of its requests passed. Access logs tell one line per request of themselves,
    and of a second export everything stands twice, what passes too: these keep their numbers.
    """
    access = tally.loc[tally["status_class"] > 0, "source"].unique()
    more = echoes[~echoes["source"].isin(access) & (echoes["kind"] != copy)]
    if not len(more):
        return tally
    near = tally["minute"].isin(more["minute"].unique()) & (tally["status_class"] == 0)
    near &= tally["source"].isin(more["source"].unique())
    index = _places(tally[near])
    extra = more["count"].groupby([more["minute"].to_numpy(), *_names(more)]).sum()
    left = tally.loc[near, "events"].to_numpy() - extra.reindex(index).fillna(0).to_numpy()
    events = tally["events"].to_numpy().copy()
    events[near.to_numpy()] = np.maximum(left, 0).astype(events.dtype)
    return tally.assign(events=events)


def _places(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([rows["minute"].to_numpy(), *_names(rows)])


def _names(rows: pd.DataFrame) -> Sequence[np.ndarray]:
    return [text(rows, name).to_numpy(dtype=object) for name in _NAMES]
