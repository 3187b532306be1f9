"""One drill: a cause and a seed -> a bundle and the truth about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logclass.drills import around_faults, bundle, key_faults, quiet, rotations, token_faults
from logclass.drills.division import is_divided
from logclass.drills.lines import stamp
from logclass.drills.run import run
from logclass.drills.world import Wanted, build
from logclass.errors import LogclassError
from logclass.vocabulary import Cause

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from logclass.drills.run import Ran
    from logclass.drills.verifying import Verifiers
    from logclass.drills.world import World

QUIET = "quiet"
# cause -> (what brings it about, how keys are held)
FAULTS: dict[str, tuple[Callable[[World], None], str]] = {
    Cause.ROTATION_WITHOUT_OVERLAP: (rotations.rotation_without_overlap, "any"),
    Cause.PARTIAL_ROLLOUT: (rotations.partial_rollout, "static"),
    Cause.STALE_KEY_CACHE: (rotations.stale_key_cache, "jwks"),
    Cause.SECRET_CHANGED_BY_DEPLOY: (key_faults.secret_changed_by_deploy, "secret"),
    Cause.KEY_FORMAT_CHANGED: (key_faults.key_format_changed, "static"),
    Cause.KEY_MISSING: (key_faults.key_missing, "static"),
    Cause.ALGORITHM_CHANGED: (token_faults.algorithm_changed, "any"),
    Cause.CLOCK_SKEW: (around_faults.clock_skew, "any"),
    Cause.CLAIM_CONTRACT_DRIFT: (token_faults.claim_contract_drift, "any"),
    Cause.HEADER_STRIPPED: (around_faults.header_stripped, "any"),
    Cause.REFRESH_FAILURE: (around_faults.refresh_failure, "any"),
    Cause.JWKS_OUTAGE: (key_faults.jwks_outage, "jwks"),
    Cause.LIBRARY_UPGRADE: (token_faults.library_upgrade, "any"),
    Cause.HOSTILE_PROBE: (around_faults.hostile_probe, "any"),
    QUIET: (quiet.quiet_day, "any"),
}


@dataclass(frozen=True, slots=True)
class Drill:
    """A bundle with its truth."""

    files: dict[str, bytes]
    truth: dict[str, Any]

    def save(self, directory: Path) -> None:
        """Write `bundle/` and `truth.json` into a directory, which is made."""
        for name, data in self.files.items():
            path = directory / "bundle" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        (directory / "truth.json").write_text(json.dumps(self.truth, indent=1) + "\n")


def make(cause: str, seed: int, wanted: Wanted, verifiers: Verifiers) -> Drill:
    """Return the drill of a cause (or "quiet"); the same arguments give the same bytes.

    Raises LogclassError for a cause that is not known.
    """
    if cause not in FAULTS:
        raise LogclassError(f"no drill is called {cause}: {', '.join(FAULTS)}")
    fault, mode = FAULTS[cause]
    world = build(cause, seed, wanted, mode)
    fault(world)
    quiet.add_decoys(world)
    ran = run(world, verifiers)
    state, off = quiet.spoil_records(world)
    files = bundle.write(world, ran, wanted.log_format, wanted.change_format)
    truth = _truth(world, ran, seed) | {"records": state, "record_offset_seconds": off}
    return Drill(files, truth)


def _truth(world: World, ran: Ran, seed: int) -> dict[str, Any]:
    faults = [event.time for event in ran.events if event.is_fault]
    logged = sorted(bundle.shown_time(world, event) for event in ran.events if event.is_fault)
    is_quiet = world.cause == QUIET
    causing = [one.id for one in world.changes if one.role == "cause"]
    busiest = _per_minute(faults)
    return {
        "cause": None if is_quiet else world.cause,
        "variant": world.variant,
        "seed": seed,
        "use": "measuring" if seed % 2 else "tuning",
        "window": [stamp(world.start), stamp(world.end)],
        "onset": None if is_quiet else stamp(world.at),
        "first_rejection": stamp(faults[0]) if faults else None,
        "first_logged": stamp(logged[0]) if logged else None,
        "last_rejection": stamp(faults[-1]) if faults else None,
        "fault_end": stamp(world.fault_end) if world.fault_end and not is_quiet else None,
        "causing_change": causing[-1] if causing else None,
        "causing_changes": causing,
        "undoing_changes": [one.id for one in world.changes if one.role == "undo"],
        "decoys": [one.id for one in world.changes if one.role == "decoy"],
        "services": sorted({world.services[e.service].name for e in ran.events if e.is_fault}),
        "affected_instances": sorted(world.affected),
        "skew_seconds": world.skew_seconds,
        "split": world.split,
        "is_divided": False if is_quiet else is_divided(world, ran.events),
        "requests": len(ran.events),
        "rejections": sum(event.refusal is not None for event in ran.events),
        "fault_rejections": len(faults),
        "cell": {
            "per_minute": round(world.per_minute, 2),
            "faults_per_minute": busiest,
            "phi": world.phi,
            "decoys": sum(one.role == "decoy" for one in world.changes),
            "quirks": sorted(world.quirks),
            "platform": world.platform,
        },
    }


def _per_minute(faults: list[float]) -> float:
    """Return fault-caused rejections per minute, over the first ten minutes."""
    early = [time for time in faults if time < faults[0] + 600]
    return round(len(early) / 10, 2)
