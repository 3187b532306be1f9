"""Summary → each rejected request once; its further traces are echoes.

One request leaves several lines: the verifier's own, the framework's completion line, a gateway's
access line, a copy in an error tracker, and the same export twice. The most telling one is
counted. What links them, strongest first: the same event, the same request or trace id, the same
moment.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

from logclass.columns import COPY, FRAMEWORK
from logclass.evidence import passing
from logclass.evidence.categories import frame_of
from logclass.evidence.containers import same_names
from logclass.evidence.denominators import once_each
from logclass.evidence.gateways import for_access, gateways, same_route
from logclass.model import Counted
from logclass.vocabulary import Outcome, Reason, RecordKind

if TYPE_CHECKING:
    import pandas as pd

    from logclass.model import Summary

SAME_REQUEST_SECONDS = 30  # lines with one id further apart are different requests
MOST_LINES_OF_A_REQUEST = 24  # an id on more lines is a task's, a session's or a constant
SAME_MOMENT_MS = 5_000  # lines without an id this close may be of one request
EVENT_PER_LINE = "cloudwatch"  # formats of stores that cut a trace into one event a line
# What tells that two rows are of one request.
_TRACED = [
    *("event", "time_ms", "pattern", "fingerprint", "service", "instance", "source", "count"),
    *("link", "kind", "reason", "library", "route"),
]
_NUMBERS = ("time_ms", "exp_seconds", "iat_seconds", "nbf_seconds", "overshoot_seconds")


def count_once(summary: Summary) -> Counted:
    """Return the summary's rows, split into rejected requests, their echoes, and other outcomes."""
    frame, tally = same_names(frame_of(summary.counts), frame_of(summary.tally))
    for name in _NUMBERS:
        frame[name] = frame[name].astype("float64")
    is_rejected = (frame["outcome"] == Outcome.REJECTED).to_numpy()
    passed = passing.weighed(frame[~is_rejected], summary.sources)
    rows = frame[is_rejected].reset_index(drop=True)
    detailed = _without_shared_ids(rows[rows["fingerprint"] > 0].reset_index(drop=True))
    by_line = {one.source for one in summary.sources if one.format.startswith(EVENT_PER_LINE)}
    echo = _echo_kinds(detailed[_TRACED], by_line, gateways(tally, detailed))
    counted, echoes = _shared(rows[rows["fingerprint"] == 0], detailed, echo)
    times = [
        time for one in summary.sources for time in (one.first_ms, one.last_ms) if time is not None
    ]
    return Counted(
        rejections=counted.reset_index(drop=True),
        echoes=echoes.reset_index(drop=True),
        passed=passed.reset_index(drop=True),
        tally=once_each(tally, echoes, COPY),
        start_ms=min(times, default=None),
        end_ms=max(times, default=None),
    )


def _without_shared_ids(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without ids that stand on too many lines to be those of one request."""
    lines = rows.groupby("link")["link"].transform("size")
    return rows.assign(link=rows["link"].where(lines <= MOST_LINES_OF_A_REQUEST, 0))


def _echo_kinds(rows: pd.DataFrame, by_line: set[str], passing_on: frozenset[str]) -> pd.Series:
    """Return, per row, what kind of echo it is; "" for the row that is counted."""
    import pandas as pd

    echo = pd.Series([""] * len(rows), dtype=object)
    if len(rows) == 0:
        return echo
    _mark_copies(rows, echo)
    _mark_pieces(rows, echo, by_line)
    _mark_linked(rows, echo)
    _mark_moments(rows, echo, passing_on)
    return echo


def _mark_copies(rows: pd.DataFrame, echo: pd.Series) -> None:
    """Mark copies: the same event id twice, or the same content in two sources.

    Lines may repeat within one source for good, so of identical content the source with the most
    repeats counts. The same words at the same time in the logs of two services are no copy, unless
    both name the same instance.
    """
    ids = rows["event"].to_numpy()
    again = rows.duplicated(subset=["event", "time_ms", "pattern"]).to_numpy() & (ids > 0)
    echo[again] = COPY
    left = rows[~again]
    left = left.assign(writer=left["service"].astype(object).where(left["instance"] == "", ""))
    content = ["fingerprint", "writer"]
    size = left.groupby([*content, "source"], sort=True)["count"].transform("size")
    ranked = left.assign(size=size).sort_values(
        [*content, "size", "source"], ascending=[True, True, False, True], kind="stable"
    )
    first_source = ranked.groupby(content, sort=False)["source"].transform("first")
    copies = ranked.index[ranked["source"] != first_source]
    echo[copies] = COPY


def _mark_pieces(rows: pd.DataFrame, echo: pd.Series, by_line: set[str]) -> None:
    """Mark the further lines of a stack trace that the store keeps as events of their own.

    They have one time and one reason, and say it differently: `jwt.ExpiredSignatureError: …` and
    below it the framework's own error with the same words. Of what is said at that moment, the
    wording seen most often tells how many requests there were.
    """
    mine = rows["source"].isin(by_line) & (rows["link"] == 0) & (echo == "")
    pieces = rows[mine & (rows["kind"] == RecordKind.VERIFIER) & rows["time_ms"].notna()]
    if len(pieces) == 0:
        return
    moment = ["source", "instance", "reason", "time_ms"]
    size = pieces.groupby([*moment, "fingerprint"], sort=True)["count"].transform("size")
    ranked = pieces.assign(size=size).sort_values(
        [*moment, "size", "fingerprint"], ascending=[True] * 4 + [False, True], kind="stable"
    )
    chosen = ranked.groupby(moment, sort=False)["fingerprint"].transform("first")
    others = ranked.index[ranked["fingerprint"] != chosen]
    echo[others] = FRAMEWORK


def _mark_linked(rows: pd.DataFrame, echo: pd.Series) -> None:
    """Mark all but the most telling of the rows with one request id close together."""
    linked = rows[(rows["link"] > 0) & (echo == "")]
    if len(linked) == 0:
        return
    linked = linked.assign(rank=_telling(linked)).sort_values(["link", "time_ms"], kind="stable")
    gap = linked["time_ms"].diff() > SAME_REQUEST_SECONDS * 1000
    gap &= ~linked["link"].isin(_seen_once_each(linked))
    new = (linked["link"] != linked["link"].shift()) | gap
    linked = linked.assign(request=new.cumsum())
    best = linked.sort_values(["request", "rank", "time_ms"], kind="stable")
    others = best.index[best.duplicated(subset="request")]
    echo[others] = [_echo_kind(kind) for kind in rows.loc[others, "kind"]]


def _seen_once_each(linked: pd.DataFrame) -> set[int]:
    """Return the ids that a gateway and a verifier logged once each: one request, two clocks."""
    pairs = linked[linked["kind"].isin([RecordKind.ACCESS, RecordKind.VERIFIER])]
    one = pairs.groupby("link").agg(rows=("kind", "size"), kinds=("kind", "nunique"))
    return set(one.index[(one["rows"] == 2) & (one["kinds"] == 2)])


def _telling(rows: pd.DataFrame) -> np.ndarray:
    """Return how telling rows are, 0 the most: a reason beats none, the verifier beats a copy."""
    vague = (rows["reason"] == Reason.UNSPECIFIED).to_numpy()
    kind = np.full(len(rows), 3)
    for rank, name in enumerate((RecordKind.VERIFIER, RecordKind.SENTRY, RecordKind.ACCESS)):
        kind[(rows["kind"] == name).to_numpy()] = rank
    generic = (rows["library"] == "generic").to_numpy()
    return np.asarray(vague * 100 + kind * 10 + generic)


def _echo_kind(kind: str) -> str:
    return FRAMEWORK if kind == RecordKind.VERIFIER else kind


def _mark_moments(rows: pd.DataFrame, echo: pd.Series, passing_on: frozenset[str]) -> None:
    """Mark copies and vague rows without an id that a row of the same moment explains.

    A 401 in an access log is explained by the verifier of its own service; a gateway's by any.
    A counted row explains at most one row of each source: two gateways may both log a request.
    """
    for kind, vague in (
        (RecordKind.SENTRY, False),
        (RecordKind.VERIFIER, True),
        (RecordKind.ACCESS, True),
    ):
        is_kind = (rows["kind"] == kind) & (echo == "")
        if vague:
            is_kind &= rows["reason"] == Reason.UNSPECIFIED
        sources = (
            rows.loc[is_kind]
            .groupby("source")["count"]
            .sum()
            .sort_values(ascending=False, kind="stable")
        )
        for source in sources.index:
            mine = is_kind & (rows["source"] == source)
            _explain(rows, echo, mine, kind=kind, passing_on=passing_on)


def _explain(
    rows: pd.DataFrame,
    echo: pd.Series,
    mine: pd.Series,
    *,
    kind: str,
    passing_on: frozenset[str],
) -> None:
    """Mark those of `mine` that a counted row of another stream explains."""
    counted = (echo == "") & ~mine & rows["time_ms"].notna()
    used = _already_echoed(rows, echo, rows.loc[mine, "source"].iloc[0])
    pool = rows[counted & ~rows["link"].isin(used)]
    if kind != RecordKind.ACCESS:
        pool = pool[pool["reason"] != Reason.UNSPECIFIED]
    if kind == RecordKind.SENTRY:
        pool = pool[pool["kind"] == RecordKind.VERIFIER]
    for _, group in rows[mine].groupby(["service", "reason"], sort=True):
        service, reason = group["service"].iloc[0], group["reason"].iloc[0]
        fitting = pool if kind != RecordKind.SENTRY else pool[pool["reason"] == reason]
        same = fitting[fitting["service"] == service]
        if kind == RecordKind.ACCESS:
            same, fitting = for_access(fitting, str(service))
        is_own = kind == RecordKind.ACCESS and service not in passing_on
        if len(same) == 0 and (kind == RecordKind.VERIFIER or is_own):
            continue
        chosen = same if len(same) else same_route(fitting, group)
        explained = _pairs(group["time_ms"], chosen["time_ms"])
        marks = group.index[explained]
        echo[marks] = _echo_kind(kind)


def _already_echoed(rows: pd.DataFrame, echo: pd.Series, source: str) -> set[int]:
    """Return the requests that this source has echoed already, by their id."""
    echoed = (echo != "") & (rows["source"] == source) & (rows["link"] > 0)
    return set(rows.loc[echoed, "link"])


def _pairs(mine: pd.Series, pool: pd.Series) -> np.ndarray:
    """Return which of `mine` (ms) find a partner of their own within SAME_MOMENT_MS in `pool`."""
    order = np.argsort(mine.to_numpy(), kind="stable")
    free = sorted(pool.to_numpy())
    explained = np.zeros(len(mine), dtype=bool)
    start = 0
    for row in order:
        moment = mine.iloc[row]
        if np.isnan(moment):
            continue
        start = max(start, bisect_left(free, moment - SAME_MOMENT_MS))
        if start < len(free) and free[start] <= moment + SAME_MOMENT_MS:
            explained[row] = True
            start += 1
    return explained


def _shared(
    coarse: pd.DataFrame, detailed: pd.DataFrame, echo: pd.Series
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return counted rows and echoes; rows without detail are split as the sample was."""
    import pandas as pd

    echoes = detailed[echo != ""].assign(kind=echo[echo != ""])
    counted = detailed[echo == ""]
    if len(coarse) == 0:
        return counted, echoes
    keys = ["service", "kind", "reason"]
    share = (echo != "").groupby([detailed[key] for key in keys]).mean().rename("share")
    joined = coarse.merge(share.reset_index(), on=keys, how="left").fillna({"share": 0.0})
    echoed = (joined["count"] * joined["share"]).round().astype("int64")
    joined = joined.drop(columns="share")
    more = joined.assign(count=joined["count"] - echoed)
    fewer = joined.assign(count=echoed)
    counted = pd.concat([counted, more[more["count"] > 0]])
    return counted, pd.concat([echoes, fewer[fewer["count"] > 0]])
