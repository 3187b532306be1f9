"""What to do about each cause: stop, prove, fix, verify, prevent.

The text is ours; the incident's own names are filled in. Nothing here turns a check off.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logclass.evidence.phrases import clock, names, of_what
from logclass.runbook_texts import PREVENT, PROVE, TEXTS
from logclass.vocabulary import Cause, ChangeKind

if TYPE_CHECKING:
    from logclass.evidence.attribution import Attribution
    from logclass.evidence.slice import Slice

_KINDS = {ChangeKind.CONFIG: "configuration change", ChangeKind.GATEWAY: "gateway change"}
STEPS = ("stop", "prove", "fix", "verify", "prevent")


@dataclass(frozen=True, slots=True)
class Names:
    """The incident's own names, as they stand in a sentence."""

    service: str = "the service"
    instances: str = "the failing instances"
    change: str = ""  # "the deploy of auth at 11:03 UTC (rev-12)"; "" when none is known
    can_roll_back: bool = False
    kid: str = "the key"


def names_of(part: Slice, found: Attribution) -> Names:
    """Return the names of an episode and of the change that began it."""
    services = [s for s in part.episode.services if s]
    kids = sorted({k for k in part.rows["kid"] if k})
    named = found.named
    change, can_roll_back = "", False
    if named is not None:
        c = named.change
        kind = _KINDS.get(c.kind, c.kind.value)
        what = f"{kind}{of_what(c.target, c.description)}"
        change = f"the {what} at {clock(c.time_ms)} ({names([c.id])})"
        can_roll_back = c.kind in {ChangeKind.DEPLOY, ChangeKind.CONFIG, ChangeKind.GATEWAY}
    return Names(
        names(services) if services else "the service",
        names(list(part.episode.instances)) if part.episode.instances else "the failing instances",
        change,
        can_roll_back,
        f"key {names(kids[:2])}" if kids else "the key",
    )


def steps(cause: Cause, who: Names | None = None) -> dict[str, tuple[str, ...]]:
    """Return the steps for a cause; without names they speak of "the service"."""
    who = who or Names()
    texts = TEXTS[cause]
    out = {
        "stop": (*_roll_back(cause, who), *texts["stop"]),
        "prove": (*texts["prove"], *(PROVE[k] for k in texts["checks"])),
        "fix": texts["fix"],
        "verify": texts["verify"],
        "prevent": (*texts["prevent"], *(PREVENT[k] for k in texts["habits"])),
    }
    fill = {"service": who.service, "instances": who.instances, "kid": who.kid}
    return {step: tuple(line.format(**fill) for line in out[step]) for step in STEPS}


def _roll_back(cause: Cause, who: Names) -> tuple[str, ...]:
    """Return the first step: undo the change if it can be undone, and rotations never."""
    if not who.change or cause is Cause.HOSTILE_PROBE:
        return ()
    change = who.change.replace("{", "{{").replace("}", "}}")
    if who.can_roll_back:
        return (f"Roll back {change} first, and look for the reason afterwards.",)
    return ()
