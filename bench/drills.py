"""Score drills beside two baselines: the nearest change, and the most frequent reason.

.venv/bin/python bench/drills.py DIR...     # folders made by `logclass drill`
"""

from __future__ import annotations

import json
import math
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from logclass import pipeline
from logclass.cli.options import cache_directory
from logclass.drills import score, table
from logclass.errors import LogclassError

# the cause that a reason most often has, by the field guide's table
USUAL = {
    "signature_invalid": "secret_changed_by_deploy",
    "algorithm_mismatch": "algorithm_changed",
    "token_expired": "refresh_failure",
    "token_not_yet_valid": "clock_skew",
    "issued_in_future": "clock_skew",
    "audience_mismatch": "claim_contract_drift",
    "issuer_mismatch": "claim_contract_drift",
    "claim_mismatch": "claim_contract_drift",
    "claim_missing": "library_upgrade",
    "claim_invalid": "library_upgrade",
    "header_missing": "header_stripped",
    "key_not_found": "stale_key_cache",
    "key_missing": "key_missing",
    "key_invalid": "key_format_changed",
    "jwks_unavailable": "jwks_outage",
    "token_malformed": "hostile_probe",
    "algorithm_none": "hostile_probe",
}

TERMS = ("time", "space", "kind", "undo")
NO_CHANGE, NAMED = 0.3, 0.5  # as the attribution has them: prior of none, posterior to be named


def main(names: list[str]) -> None:
    found = sorted({path.parent for name in names for path in Path(name).rglob("truth.json")})
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(_diagnosed, found))
    judged = [score.judge(name, truth, report) for name, truth, report in results]
    print(table.render(score.figures(judged), judged))
    faults = [(truth, report) for _, truth, report in results if truth["cause"] and report]
    print("baselines, given the onset and the reasons that logclass found:")
    print(f"  most frequent reason: top-1 {_share([_by_reason(*one) for one in faults])}")
    print(f"  nearest change: right {_share(_nearest(faults))} of those with a change before")
    print("what each term of the attribution adds (vetoed changes are out in all rows):")
    for count in range(1, len(TERMS) + 1):
        right, named, able = _named_by(faults, frozenset(TERMS[:count]))
        print(f"  {' + '.join(TERMS[:count])}: names {named}, right {right}, of {able} recorded")


def _diagnosed(directory: Path) -> tuple[str, dict[str, Any], dict[str, Any] | None]:
    truth = json.loads((directory / "truth.json").read_text())
    options = pipeline.Options(workers=1, cache=cache_directory())
    try:
        intake = pipeline.read([str(directory / "bundle")], options)
    except LogclassError:
        return directory.name, truth, None
    return directory.name, truth, pipeline.diagnose(intake, command="bench").document


def _by_reason(truth: dict[str, Any], report: dict[str, Any]) -> bool:
    incidents = report["incidents"]
    reasons = incidents[0]["reasons"] if incidents else []
    return bool(reasons) and USUAL.get(reasons[0]["reason"]) == truth["cause"]


def _nearest(faults: list[tuple[dict[str, Any], dict[str, Any]]]) -> list[bool]:
    out = []
    for truth, report in faults:
        if not report["incidents"]:
            continue
        onset = _seconds(report["incidents"][0]["onset"])
        before = [one for one in report["changes"] if _seconds(one["time"]) <= onset]
        if before:
            nearest = max(before, key=lambda one: _seconds(one["time"]))
            out.append(nearest["id"] in truth["causing_changes"])
    return out


def _named_by(
    faults: list[tuple[dict[str, Any], dict[str, Any]]], terms: frozenset[str]
) -> tuple[int, int, int]:
    """Return how many changes some terms alone name, how many rightly, and of how many recorded."""
    right = named = able = 0
    for truth, report in faults:
        able += bool(truth["causing_changes"])
        changes = report["incidents"][0]["changes"] if report["incidents"] else []
        weight = {
            one["id"]: math.exp(sum(e["log_odds"] for e in one["evidence"] if e["kind"] in terms))
            for one in changes
            if not one["vetoed_because"]
        }
        if not weight:
            continue
        prior = (1 - NO_CHANGE) / len(weight)
        best = max(weight, key=lambda name: weight[name])
        if prior * weight[best] < NAMED * (NO_CHANGE + prior * sum(weight.values())):
            continue
        named += 1
        right += best in truth["causing_changes"]
    return right, named, able


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _share(right: list[bool]) -> str:
    return f"{sum(right)}/{len(right)}" if right else "-"


if __name__ == "__main__":
    main(sys.argv[1:])
