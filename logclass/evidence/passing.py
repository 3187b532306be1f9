"""Requests that passed, as far as lines tell of them: a sample, weighed; each request once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from logclass.model import SourceIntake


def weighed(passed: pd.DataFrame, sources: Iterable[SourceIntake]) -> pd.DataFrame:
    """Return the rows with the number of requests that each drawn one stands for."""
    if not len(passed):
        return passed
    by_source = {one.source: 2**one.level for one in sources}
    is_drawn = (passed["drawn"].fillna(0) > 0).to_numpy()
    factor = passed["source"].astype(object).map(by_source).fillna(1).to_numpy(np.int64)
    return passed.assign(count=np.where(is_drawn, passed["count"] * factor, passed["count"]))


def once(accepted: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of accepted requests, each request once.

    A verifier may say that a token is good, and the line of the same request name its key: of the
    two, the one that says it of more requests of a service counts.
    """
    return accepted[~_said_twice(accepted)]


def _said_twice(rows: pd.DataFrame) -> np.ndarray:
    again = np.zeros(len(rows), dtype=bool)
    is_access = (rows["kind"] == RecordKind.ACCESS).to_numpy()
    if not is_access.any():
        return again
    services = rows["service"].astype(object).to_numpy()
    count = rows["count"].to_numpy(np.float64)
    for service in np.unique(services[is_access].astype(str)):
        mine = services == service
        verifier, access = mine & ~is_access, mine & is_access
        if verifier.any():
            again |= access if count[verifier].sum() >= count[access].sum() else verifier
    return again
