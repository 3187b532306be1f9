"""Gateways: whose access logs tell of requests that others refused, and what explains them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logclass.evidence.names import GATEWAYS, is_nameless, is_same, speaks_of, words
from logclass.vocabulary import RecordKind

if TYPE_CHECKING:
    import pandas as pd


def gateways(tally: pd.DataFrame, rows: pd.DataFrame) -> frozenset[str]:
    """Return the services whose access logs may tell of requests that others refused.

    By their name, or because their lines carry ids of requests that others logged too; a service
    that logs access and nothing else is one too, if there is no other service it could stand for.
    """
    access = {str(s) for s in tally.loc[tally["status_class"] > 0, "service"].unique()}
    others = {str(s) for s in tally.loc[tally["status_class"] == 0, "service"].unique()}
    written = {str(s) for s in rows.loc[rows["kind"] == RecordKind.ACCESS, "service"].unique()}
    named = {s for s in access if is_nameless(s) or speaks_of(s, GATEWAYS)}
    named |= {s for s in written if speaks_of(s, GATEWAYS)}  # JSON lines have no status class
    linked = rows.loc[rows["link"] > 0, ["link", "service", "kind"]]
    told = set(linked.loc[linked["kind"] == RecordKind.VERIFIER, "link"])
    by_id = linked[(linked["kind"] == RecordKind.ACCESS) & linked["link"].isin(told)]
    alone = access - others if len(others) <= 1 else set()
    return frozenset(named | {str(s) for s in by_id["service"].unique()} | alone)


def for_access(pool: pd.DataFrame, service: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what a service's own verifier told, and all that may explain its access lines.

    Access logs of one service are of its instances, side by side: `gw-1` and `gw-2` each pass on
    requests of their own, and say nothing of each other's.
    """
    is_access = (pool["kind"] == RecordKind.ACCESS).to_numpy(dtype=bool)
    beside = [s for s in pool["service"].unique() if words(str(s)) == words(service)]
    left = pool[~(is_access & pool["service"].isin(beside).to_numpy(dtype=bool))]
    told = pool[~is_access]
    same = told[told["service"] == service]
    return (same if len(same) else told[_is_alias(told["service"], service)]), left


def _is_alias(services: pd.Series, name: str) -> np.ndarray:
    """Return which rows are of a service with another spelling of the name, or with none."""
    alike = [s for s in services.unique() if is_nameless(str(s)) or is_same(str(s), name)]
    return np.asarray(services.isin(alike), dtype=bool)


def same_route(pool: pd.DataFrame, group: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that a gateway's lines may echo: all verifiers', others' by their route."""
    routes = set(group["route"]) - {""}
    return pool[(pool["kind"] != RecordKind.ACCESS) | pool["route"].isin(routes)]
