"""Plays the second incident of the field guide and writes sample_logs/claim_drift.

Usage: claim_drift.py SCENARIO_DIRECTORY NGINX LIBFAKETIME
"""

from __future__ import annotations

import json
import logging
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import time_machine
from drift_changes import CAUSE, DEPLOYMENTS, write_changes
from drift_clients import Books, Clients
from drift_validation import validate
from truth import write_truth
from virtual_clock import iso, milliseconds
from web_world import WebWorld

logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of one is no news

DAY = "2031-06-17T"
START, END = milliseconds(DAY + "13:00:00"), milliseconds(DAY + "16:00:00")
WARM_UP = START - 10 * 60_000  # simulated like the rest; its lines are cut off the logs
ONSET, FIX = milliseconds(DAY + "14:20:00"), milliseconds(DAY + "15:05:00")
VALIDATION = milliseconds(DAY + "15:12:00")
GOOD = {"ISSUER": "https://auth.example.com", "AUDIENCE": "web-prod"}
BAD = {"ISSUER": "https://auth.staging.example.com", "AUDIENCE": "web-staging"}
CONTRACT = """\
# What the API is meant to accept.
services = ["api"]
iss = ["https://auth.example.com"]
aud = ["web-prod"]
algorithms = ["RS256"]
leeway_seconds = 30
"""


def play(world: WebWorld, books: Books) -> dict[str, Any]:
    """Run the afternoon; return what the validation after the fix found."""
    clients = Clients(world, books, random.Random(20310617), END)
    api = GOOD | {"LEEWAY_SECONDS": 30}
    found: dict[str, Any] = {}
    world.set(WARM_UP)
    world.deploy_auth(GOOD, "config-56")
    world.deploy_api(api, "api-3.8.0")
    clients.at(milliseconds(DAY + "13:35:00"), lambda _: world.deploy_api(api, "api-3.8.1"))
    clients.at(ONSET, lambda _: world.deploy_auth(BAD, "config-57"))
    clients.at(FIX, lambda _: world.deploy_auth(GOOD, "config-58"))
    clients.at(VALIDATION, lambda ms: found.update(validate(world, books, ms)))
    clients.run(WARM_UP)
    return found


def cut_warm_up(bundle: Path) -> None:
    """Keep what was logged from START on, as an export of a time window does."""
    begin = iso(START)[:19]
    for path in bundle.glob("a*/*.log"):
        lines = path.read_text().splitlines(keepends=True)
        path.write_text("".join(x for x in lines if json.loads(x)["timestamp"][:19] >= begin))
    path = bundle / "nginx" / "access.log"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(x for x in lines if x.partition("2031:")[2][:8] >= begin[11:19]))


def truth(books: Books) -> dict[str, Any]:
    """Return what really happened, from the books."""
    failures = books.drifted_ms
    return {
        "scenario": "claim_drift",
        "window": [iso(START), iso(END)],
        "incident": {
            "cause": "claim_contract_drift",
            "service": "api",
            "reasons": ["issuer_mismatch", "audience_mismatch"],
            "onset": iso(ONSET),
            "first_failure": iso(failures[0]),
            "recovery": iso(FIX),
            "last_failure": iso(failures[-1]),
            "rejections": len(failures),
            "causing_change": CAUSE,
            "causing_changes": [CAUSE],
            "decoys": [d.id for d in DEPLOYMENTS if d.is_decoy],
            "instances": ["api-1", "api-2"],
            "claims": {
                "iss": {"expected": GOOD["ISSUER"], "actual": BAD["ISSUER"]},
                "aud": {"expected": GOOD["AUDIENCE"], "actual": BAD["AUDIENCE"]},
            },
        },
        "requests": books.totals,
        "rejections_by_reason": books.by_reason,
        "rejections_by_instance": books.by_instance,
        "rejections_by_minute": books.by_minute,
    }


def main(scenario: Path, nginx: Path, library: Path) -> None:
    """Rebuild the scenario's bundle, truth and validation."""
    bundle = scenario / "bundle"
    shutil.rmtree(bundle, ignore_errors=True)
    bundle.mkdir(parents=True)
    books = Books(START, END)
    with tempfile.TemporaryDirectory() as scratch:
        clock = time_machine.travel(0, tick=False).start()
        world = WebWorld(clock, bundle, Path(scratch), nginx, library)
        try:
            found = play(world, books)
        finally:
            world.close()
    cut_warm_up(bundle)
    (bundle / "contract.toml").write_text(CONTRACT)
    write_changes(bundle)
    (scenario / "validation.json").write_text(json.dumps(found, indent=1) + "\n")
    write_truth(scenario / "truth.json", truth(books))


if __name__ == "__main__":
    main(*(Path(argument).resolve() for argument in sys.argv[1:4]))
