"""The claim delta: what the verifier expected, what the tokens said, and what hints at the slip."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pandas as pd

from logclass.evidence.names import ENVIRONMENTS, is_same, words
from logclass.evidence.slice import plain
from logclass.model import ClaimDelta, Contract
from logclass.vocabulary import DeltaState, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST = 12
CLAIM_OF = {
    Reason.AUDIENCE_MISMATCH: "aud",
    Reason.ISSUER_MISMATCH: "iss",
    Reason.SUBJECT_MISMATCH: "sub",
    Reason.ALGORITHM_MISMATCH: "alg",
    Reason.ALGORITHM_NONE: "alg",
    Reason.KEY_NOT_FOUND: "kid",
}
OF_ONE_TOKEN = frozenset({"exp", "iat", "nbf", "auth_time", "jti", "nonce", "at_hash", "c_hash"})
CLAIM_REASONS = (
    *(Reason.AUDIENCE_MISMATCH, Reason.ISSUER_MISMATCH, Reason.SUBJECT_MISMATCH),
    *(Reason.CLAIM_MISMATCH, Reason.CLAIM_MISSING, Reason.CLAIM_INVALID),
)
TOLD_BY_REASON = (*CLAIM_REASONS, Reason.ALGORITHM_MISMATCH)


def values(raw: object) -> tuple[str, ...]:
    """Return the entries of a JSON array kept as text; () if there are none."""
    if not isinstance(raw, str) or not raw:
        return ()
    try:
        parsed = json.loads(raw)
    except ValueError:
        return (raw,)
    entries = parsed if isinstance(parsed, list) else [parsed]
    return tuple(str(e) for e in entries if e is not None and str(e) != "")


def delta(rows: pd.DataFrame, contracts: tuple[Contract, ...]) -> tuple[ClaimDelta, ...]:
    """Return the claims that were refused, most frequent first, at most twelve.

    contracts: what the verifiers are meant to accept; where the log is silent, a service's own one
    tells what was expected.
    """
    told = spread(rows[rows["reason"].isin(TOLD_BY_REASON) | (rows["claim"] != "")])
    if not len(told):
        return ()
    told = plain(told)
    keyed = told.assign(
        claim=_claims(told),
        actual=_actuals(told),
        withheld=told["withheld"].fillna(value=False).astype(bool),
    )
    each = keyed["claim"].isin(OF_ONE_TOKEN) | (keyed["reason"] == Reason.CLAIM_MISSING)
    keyed = keyed.assign(actual=keyed["actual"].where(~each, ""))
    keyed = keyed[keyed["claim"] != ""]
    out = [
        delta_of(part, of_services(contracts, [str(name) for name in part["service"].unique()]))
        for _, part in keyed.groupby(_same_delta(contracts), sort=True)
    ]
    out.sort(key=lambda d: (-d.count, d.claim, d.expected, d.actual))
    return tuple(out[:MOST])


def spread(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that have detail, each counting for its share of all rejected requests.

    Beyond the limit of summary.py most requests have none: their values were not kept, which is not
    to say that the log hides them. The sample is uniform, so those of a service and reason are what
    its sampled ones are.
    """
    if "fingerprint" not in rows or not len(rows):
        return rows
    known = (rows["fingerprint"] > 0).to_numpy()
    if known.all() or not known.any():
        return rows
    groups = [rows["service"].astype(str).to_numpy(), rows["reason"].astype(str).to_numpy()]
    every = rows["count"].groupby(groups).transform("sum")
    sampled = rows["count"].where(known, 0).groupby(groups).transform("sum")
    kept = rows[known]
    return kept.assign(count=(kept["count"] * every[known] / sampled[known]).astype("float64"))


def _same_delta(contracts: tuple[Contract, ...]) -> list[str]:
    """Return what rows of one delta have in common: the service too where each has its contract."""
    common = ["claim", "expected", "actual", "withheld"]
    return [*common, "service"] if any(one.services for one in contracts) else common


def of_services(contracts: Iterable[Contract], services: Sequence[str]) -> Contract | None:
    """Return the contract of these services: their own, else the one that names nobody; or None."""
    contracts = tuple(contracts)
    own = [
        one
        for one in contracts
        if any(is_same(name, service) for name in one.services for service in services)
    ]
    exact = [one for one in own if set(one.services) & set(services)]
    shared = [one for one in contracts if not one.services]
    fitting = exact or own or shared
    return (
        fitting[0]
        if fitting and all(_accepts(one) == _accepts(fitting[0]) for one in fitting)
        else None
    )


def _accepts(one: Contract) -> tuple[tuple[str, ...], ...]:
    return one.iss, one.aud, one.algorithms, one.kid


def _claims(told: pd.DataFrame) -> pd.Series:
    return told["claim"].where(told["claim"] != "", told["reason"].map(CLAIM_OF).fillna(""))


def _actuals(told: pd.DataFrame) -> pd.Series:
    """Return what the log says of the value; where it is silent, what the token itself says."""
    claim, actual = _claims(told), told["actual"]
    for name in ("iss", "aud", "alg"):
        carried = told[name]
        if name != "aud":
            carried = carried.map(lambda v: json.dumps([v]) if v else "")
        actual = actual.where((actual != "") | (claim != name), carried)
    return actual


def delta_of(part: pd.DataFrame, contract: Contract | None) -> ClaimDelta:
    """Return the delta of rows that say the same of one claim."""
    row = part.iloc[0]
    claim = str(row["claim"])
    expected, actual = values(row["expected"]), values(row["actual"])
    if not expected and contract is not None:
        expected = {"iss": contract.iss, "aud": contract.aud, "alg": contract.algorithms}.get(
            claim, ()
        )
    stamps = pd.to_numeric(part["time_ms"], errors="coerce").dropna()
    is_missing = row["reason"] == Reason.CLAIM_MISSING and not actual
    return ClaimDelta(
        claim=claim,
        expected=expected,
        actual=actual,
        state=_state(expected, actual, is_missing=is_missing, is_withheld=bool(row["withheld"])),
        count=round(float(part["count"].sum())),
        services=tuple(sorted({s for s in part["service"] if s})),
        instances=tuple(sorted({s for s in part["instance"] if s})),
        first_ms=int(stamps.min()) if len(stamps) else None,
        last_ms=int(stamps.max()) if len(stamps) else None,
        hint=hint(expected, actual),
    )


def _state(
    expected: tuple[str, ...], actual: tuple[str, ...], *, is_missing: bool, is_withheld: bool
) -> str:
    if is_missing:
        return DeltaState.MISSING
    if expected and actual:
        return DeltaState.MISMATCH
    if is_withheld or not (expected or actual):
        return DeltaState.WITHHELD
    return DeltaState.EXPECTED_ONLY if expected else DeltaState.ACTUAL_ONLY


def hint(expected: tuple[str, ...], actual: tuple[str, ...]) -> str:
    """Return how near the two sides are, or "" if they are simply different."""
    if not expected or not actual:
        return ""
    shared = set(expected) & set(actual)
    if shared and (len(expected) > 1 or len(actual) > 1):
        return "Both sides share a value: one is a list where the other is a single string."
    for want in expected:
        for got in actual:
            found = _near(want, got)
            if found:
                return found
    return ""


def _near(want: str, got: str) -> str:  # noqa: PLR0911 - one line per kind of slip
    if want.rstrip("/") == got.rstrip("/"):
        return "They differ only by a trailing slash."
    if want.strip() == got.strip():
        return "They differ only by white space."
    if want.lower() == got.lower():
        return "They differ only in upper and lower case."
    if got.strip("[]\"' ") == want or want.strip("[]\"' ") == got:
        return "They differ only by quotes or brackets: a list was read as a string."
    found = _near_form(want, got) or _near_url(_url(want), _url(got))
    if found:
        return found
    environments = [next((w for w in words(v) if w in ENVIRONMENTS), "") for v in (want, got)]
    here, there = environments
    if here and there and here != there:
        return f"Different environments: {here} expected, {there} in the token."
    if there and not here:
        return f"Different environments: the token's value speaks of {there}, the expected one not."
    if here and not there:
        return f"Different environments: the expected value speaks of {here}, the token's not."
    return ""


def _near_form(want: str, got: str) -> str:
    """Return whether one value is the other in another form: base64, an address, escaped."""
    for one, other in ((want, got), (got, want)):
        if _decoded(one) == other:
            return "One is the base64 form of the other."
        if unquote(one) == other:
            return "One is the URL-encoded form of the other."
        scheme, _, rest = one.partition("://")
        if rest and rest.rstrip("/") == other.rstrip("/"):
            return f"They differ only in the prefix {scheme}://."
    return ""


def _decoded(value: str) -> str:
    try:
        padded = value + "=" * (-len(value) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError:
        return ""


def _url(value: str) -> tuple[str, str, str, str] | None:
    try:
        parts = urlsplit(value)
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        port = f":{parts.port}" if parts.port not in {None, usual} else ""
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port, parts.path.rstrip("/")


def _near_url(a: tuple[str, str, str, str] | None, b: tuple[str, str, str, str] | None) -> str:
    if a is None or b is None:
        return ""
    differs = [x != y for x, y in zip(a, b, strict=True)]
    if differs == [True, False, False, False]:
        return f"They differ only in the scheme: {a[0]} expected, {b[0]} in the token."
    if differs == [False, False, True, False]:
        return "They differ only in the port."
    if differs == [False, False, False, True]:
        return "Same host, another path: another tenant, realm or version of the issuer."
    return ""
