"""Which clients, instances or routes carry the failures, against what they carry otherwise."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from logclass.evidence.series import text
from logclass.vocabulary import Reason

PROBING = {Reason.TOKEN_MALFORMED, Reason.ALGORITHM_NONE, Reason.HEADER_MALFORMED}
FORGEABLE = PROBING | {
    Reason.SIGNATURE_INVALID,
    Reason.ALGORITHM_MISMATCH,
    Reason.HEADER_UNSUPPORTED,
    Reason.KEY_NOT_FOUND,
    Reason.CLAIM_MISSING,
    Reason.CLAIM_INVALID,
    Reason.UNSPECIFIED,
}

FEW = 8  # clients of one probe
OFTEN = 10.0  # requests of each: who tries so often is known by it
LEAST_OTHERS = 10.0  # other requests whose client is known
# what a client that never had a token provokes too; it says nothing where many do
TRIED = FORGEABLE | {Reason.HEADER_MISSING}


def weights(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return requests per known value of a column, most frequent first, ties by name."""
    codes, found = coded(frame, name)
    known = codes >= 0
    weight = frame["count"].to_numpy(np.float64)
    sums = np.bincount(codes[known], weights=weight[known], minlength=len(found))
    seen = np.flatnonzero((sums > 0) & (found != ""))
    order = seen[np.argsort(-sums[seen], kind="stable")]
    return pd.Series(sums[order], index=pd.Index(found[order], dtype=object), dtype=float)


def coded(frame: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a column as numbers into an array of its values, which are in order of name."""
    column = frame[name]
    if isinstance(column.dtype, pd.CategoricalDtype):
        values = column.array
        return np.asarray(values.codes), values.categories.to_numpy(dtype=object)
    codes, found = pd.factorize(text(frame, name).to_numpy(dtype=object), sort=True)
    return codes, np.asarray(found, dtype=object)


def top_share(totals: pd.Series, most: int = 3) -> float:
    """Return the share of the requests that the most frequent values carry."""
    whole = float(totals.sum())
    return float(totals.head(most).sum()) / whole if whole else 0.0


def effective_number(totals: pd.Series) -> float:
    """Return the Hill number exp(entropy): how many values there are in effect."""
    whole = float(totals.sum())
    if not whole:
        return 0.0
    share = totals.to_numpy(np.float64) / whole
    return math.exp(-float(np.sum(share * np.log(np.maximum(share, 1e-300)))))


def are_particular(clients: pd.Series, others: pd.Series) -> bool:
    """Whether the few clients of some rejections send hardly any of the other requests.

    Then addresses tell clients apart, and these ones are not a proxy through which all come.
    """
    total = float(clients.sum())
    if not total or float(others.sum()) < LEAST_OTHERS:
        return False
    few = int(np.searchsorted(clients.cumsum().to_numpy() / total, 0.95)) + 1
    theirs = float(others.reindex(clients.index[:few]).fillna(0.0).sum())
    if few > FEW or theirs > 0.1 * float(others.sum()):
        return False
    return total >= OFTEN * few or few <= 0.5 * _drawn(others, total)


def _drawn(clients: pd.Series, requests: float) -> float:
    """Return how many clients so many requests would come from, drawn from these by chance."""
    share = clients.to_numpy(np.float64) / float(clients.sum())
    return float(np.sum(1 - (1 - share) ** requests))


def has_random_kids(rows: pd.DataFrame) -> bool:
    """Return whether the key ids hardly ever repeat: an issuer signs with a few keys."""
    found = weights(rows, "kid")
    return len(found) >= 8 and len(found) >= 0.4 * float(found.sum())


def is_probe(rows: pd.DataFrame, others: pd.DataFrame) -> bool:
    """Whether rejections look forged: few clients send them while many others are about.

    `others` are rows of other requests (accepted, or rejected for another reason or at another
    time). Behind a load balancer all requests come from few addresses: then nothing is concluded
    from that, and only reasons that no ordinary client provokes count.
    """
    by_reason = weights(rows, "reason")
    total = float(by_reason.sum())
    if not total:
        return False
    share = {str(k): float(v) / total for k, v in by_reason.items()}
    if share.get(Reason.ALGORITHM_NONE, 0.0) >= 0.3:
        return True
    if sum(share.get(r, 0.0) for r in TRIED) < 0.8:
        return False
    if has_random_kids(rows):
        return True
    clients, rest = weights(rows, "client"), weights(others, "client")
    if float(clients.sum()) < 0.5 * total:
        return False
    left = rest.drop(clients.index[:3], errors="ignore")
    is_crowd = effective_number(left) >= max(4.0, 2 * effective_number(clients))
    return (is_crowd and top_share(clients) >= 0.8) or are_particular(clients, rest)
