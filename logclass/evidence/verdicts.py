"""What each change had to do with an episode, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logclass.evidence.phrases import clock, odds
from logclass.evidence.stamps import in_log_time
from logclass.evidence.timing import coincidence
from logclass.model import ChangeEvent, ChangeVerdict, Episode, Evidence
from logclass.vocabulary import Verdict

if TYPE_CHECKING:
    from logclass.evidence.attribution import Attribution
    from logclass.evidence.linking import Candidate
    from logclass.evidence.slice import Slice

NEAR = 0.02  # posterior from which an innocent change still "fits"


def verdicts(
    found: Attribution, part: Slice, caused_by: str, window: float
) -> tuple[ChangeVerdict, ...]:
    """Return one verdict for every change; `caused_by` is the id of the one to be named, or "".

    The changes are shown with the times that stand in their records.
    """
    out = []
    for c in found.candidates:
        verdict = _verdict(c, caused_by)
        why = c.veto if verdict is Verdict.VETOED else ""
        shown = () if why else _evidence(c, len(found.candidates), part.episode, window)
        shown += _ending(c, found, part.episode)
        shown = (*_clock(c, found), *shown)
        out.append(ChangeVerdict(_as_recorded(c), c.probability, verdict, why, shown))
    order = (Verdict.CAUSED, Verdict.CONSISTENT, Verdict.UNRELATED, Verdict.VETOED)
    out.sort(key=lambda v: order.index(v.verdict))
    return tuple(out)


def _as_recorded(c: Candidate) -> ChangeEvent:
    if c.offset is None:
        return c.change
    return in_log_time(c.change, replace(c.offset, shift_ms=-c.offset.shift_ms))


def _clock(c: Candidate, found: Attribution) -> tuple[Evidence, ...]:
    """Return what is to be said of a change whose stamp seems off."""
    if c.offset is not None:
        text = f"Taken at {clock(c.change.time_ms)} by the logs' clock: {c.offset.text}"
        return (Evidence("clock", text),)
    return tuple(
        Evidence("clock", o.text)
        for o in found.offsets
        if c.change.id in o.ids and not o.is_certain
    )


def _verdict(c: Candidate, caused_by: str) -> Verdict:
    if caused_by and c.change.id == caused_by:
        return Verdict.CAUSED
    if c.veto:
        return Verdict.VETOED
    fits = c.lead or (c.probability >= NEAR and c.beside_time > 0)
    return Verdict.CONSISTENT if fits else Verdict.UNRELATED


def _evidence(c: Candidate, total: int, episode: Episode, window: float) -> tuple[Evidence, ...]:
    width = (episode.onset.high_ms - episode.onset.low_ms) / 120_000
    luck = "" if episode.onset_censored else coincidence(total, c.time.lag_minutes, width, window)
    rows = [
        Evidence("time", f"{c.time.text} {luck}".strip(), c.time.log_odds),
        Evidence("space", c.reach.space_text, c.reach.space),
        Evidence("kind", c.reach.kind_text, c.reach.kind),
        Evidence("undo", c.undo_text, c.undo),
    ]
    told = [replace(e, text=f"{e.text} ({odds(e.log_odds)})") for e in rows if e.text]
    return tuple(told)


def _ending(c: Candidate, found: Attribution, episode: Episode) -> tuple[Evidence, ...]:
    is_elsewhere = c.reach.is_disjoint or c.reach.veto
    if episode.recovery is None or is_elsewhere or c.change not in found.after[:4]:
        return ()
    text = f"Rejections ended at {clock(episode.recovery.point_ms)}, after it: it may be the fix."
    return (Evidence("undo", text),)
