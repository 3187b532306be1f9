"""The truth of drills against what the analyser said of them: figures, and a line on each miss.

Reads plain documents only: `truth.json`, and the report's JSON (docs/report-schema.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from logclass.drills.skewed import MANY_LINES, Skewed, skewed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_BINS = 10
_SURE = "confirmed"
SPOILT = "tenth lost, tenth wrong"
MIXTURE = {"intact": 0.8, "unrecorded": 0.1, "misstamped": 0.1}  # of the causing records
FAINT = 30  # fewer rejections than this are hard for anyone to see


@dataclass(frozen=True, slots=True)
class Judged:
    """One drill and its verdict."""

    name: str
    cause: str  # "quiet" where nothing was wrong
    variant: str
    records: str
    seed: int
    got: tuple[str, ...]  # causes in the order of the report; empty: no incident
    grade: str
    probability: float
    change: str  # right, wrong, abstained, none to name; "" on quiet days
    named: str  # id of the change that was named
    is_decoy_named: bool
    onset_error_seconds: float | None
    is_onset_covered: bool | None
    skews: tuple[Skewed, ...]
    is_divided: bool | None  # None: no one can say, or the logs name no instances
    is_split_found: bool
    incidents: int
    outages: int  # incidents whose first cause is no hostile probe
    cell: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the first cause is the true one."""
        return bool(self.got) and self.got[0] == self.cause


def judge(
    name: str, truth: dict[str, Any], report: dict[str, Any] | None, error: str = ""
) -> Judged:
    """Return what became of one drill; without a report it counts as missed, with the error."""
    incidents = report["incidents"] if report else []
    first = incidents[0] if incidents else None
    causes = first["causes"] if first else []
    named = [one["id"] for one in first["changes"] if one["verdict"] == "caused"] if first else []
    distance, covers = _onset(truth, first)
    cell = {**truth["cell"], "fault_rejections": truth["fault_rejections"]}
    return Judged(
        name=name,
        cause=truth["cause"] or "quiet",
        variant=truth["variant"],
        records=truth["records"],
        seed=truth["seed"],
        got=tuple(one["cause"] for one in causes),
        grade=causes[0]["grade"] if causes else "",
        probability=float(causes[0]["probability"]) if causes else 0.0,
        change=_change(truth, named),
        named=", ".join(named),
        is_decoy_named=any(_is_one_of(one, truth["decoys"]) for one in named),
        onset_error_seconds=distance,
        is_onset_covered=covers,
        skews=tuple(skewed(truth, first)),
        is_divided=None if "no instance" in cell["quirks"] else truth["is_divided"],
        is_split_found=bool(first and first["split"] and first["split"].get("classes")),
        incidents=len(incidents),
        outages=sum(map(_is_outage, incidents)),
        cell=cell,
        error=error,
    )


def _is_outage(incident: dict[str, Any]) -> bool:
    causes = incident["causes"]
    return not causes or causes[0]["cause"] != "hostile_probe"


def _is_one_of(named: str, ids: Sequence[str]) -> bool:
    return any(one == named or named.endswith(one) or one.endswith(named) for one in ids if named)


def _change(truth: dict[str, Any], named: Sequence[str]) -> str:
    if truth["cause"] is None:
        return ""
    if not named:
        return "abstained" if truth["causing_changes"] else "none to name"
    return "right" if all(_is_one_of(one, truth["causing_changes"]) for one in named) else "wrong"


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _onset(
    truth: dict[str, Any], incident: dict[str, Any] | None
) -> tuple[float | None, bool | None]:
    """Return the error of the onset and whether its interval holds it.

    No log can tell where between the fault and the first rejection it began: any time between the
    two is right.
    """
    if incident is None or truth["onset"] is None:
        return None, None
    low = _seconds(truth["onset"])
    high = max(low, _seconds(truth["first_rejection"] or truth["onset"]))
    point = _seconds(incident["onset"])
    interval = [_seconds(one) for one in incident["onset_interval"]]
    spans = [(low, high)]
    if truth["first_logged"]:  # what a skewed host's own stamps say
        spans.append((_seconds(truth["first_logged"]),) * 2)
    error = min(max(a - point, point - b, 0.0) for a, b in spans)
    return error, any(interval[0] - 1 <= b and a <= interval[1] + 1 for a, b in spans)


Figures = dict[str, Any]


def figures(judged: Sequence[Judged]) -> Figures:
    """Return all figures: overall, by cause, by difficulty; a share of nothing is None."""
    faults = [one for one in judged if one.cause != "quiet"]
    quiet = [one for one in judged if one.cause == "quiet"]
    by_cause = {
        cause: group([one for one in faults if one.cause == cause])
        for cause in sorted({one.cause for one in faults})
    }
    by_difficulty = {name: group(found) for name, found in _cells(faults).items()}
    spoilt = mixed(faults)
    return {
        "drills": len(judged),
        "all": group(faults),
        "clear": group([one for one in faults if one.cell["fault_rejections"] >= FAINT]),
        "quiet": {
            "days": len(quiet),
            "false_incidents": sum(one.incidents for one in quiet),
            "false_outages": sum(one.outages for one in quiet),
        },
        "division": division(judged),
        "by_cause": by_cause,
        "by_difficulty": by_difficulty | ({SPOILT: spoilt} if spoilt else {}),
    }


def _cells(faults: Sequence[Judged]) -> dict[str, list[Judged]]:
    tests: dict[str, Callable[[Judged], bool]] = {
        "fewer than 30 rejections": lambda one: one.cell["fault_rejections"] < FAINT,
        "1 to 10 a minute": lambda one: 1 <= one.cell["faults_per_minute"] < 10,
        "10 a minute and more": lambda one: one.cell["faults_per_minute"] >= 10,
        "dispersion 3 and more": lambda one: one.cell["phi"] >= 3,
        "10 decoys and more": lambda one: one.cell["decoys"] >= 10,
        "records intact": lambda one: one.records == "intact",
        "records mis-stamped": lambda one: one.records == "misstamped",
        "change not recorded": lambda one: one.records == "unrecorded",
    }
    for quirk in ("no instance", "no successes", "no kid"):
        tests[quirk] = lambda one, quirk=quirk: quirk in one.cell["quirks"]  # type: ignore[misc]
    found = {name: [one for one in faults if test(one)] for name, test in tests.items()}
    return {name: ones for name, ones in found.items() if ones}


def group(faults: Sequence[Judged]) -> Figures:
    """Return the figures of some fault drills."""
    named = [one for one in faults if one.change in {"right", "wrong"}]
    recorded = [
        one for one in faults if one.change != "none to name" and one.cause != "hostile_probe"
    ]
    unrecorded = [one for one in faults if one.records == "unrecorded"]
    sure = [one for one in faults if one.grade == _SURE]
    busy = [one for one in faults if one.cell["faults_per_minute"] >= 10]
    errors = [one.onset_error_seconds for one in busy if one.onset_error_seconds is not None]
    covered = [one.is_onset_covered for one in faults if one.is_onset_covered is not None]
    skews = [skew for one in faults for skew in one.skews if skew.samples >= MANY_LINES]
    offs = [one.error_seconds for one in skews if one.error_seconds is not None]
    return {
        "drills": len(faults),
        "top1": _share(one.is_right for one in faults),
        "top1_interval": wilson(sum(one.is_right for one in faults), len(faults)),
        "top3": _share(one.cause in one.got[:3] for one in faults),
        "detected": _share(one.incidents > 0 for one in faults),
        "change_precision": _share(one.change == "right" for one in named),
        "change_recall": _share(one.change == "right" for one in recorded),
        "decoy_named": _share(one.is_decoy_named for one in faults),
        "abstains_when_unrecorded": _share(not one.named for one in unrecorded),
        "onset_median_seconds": _quantile(errors, 0.5),
        "onset_p90_seconds": _quantile(errors, 0.9),
        "onset_covered": _share(bool(one) for one in covered),
        "confirmed_right": _share(one.is_right for one in sure),
        "confirmed_coverage": _share(one.grade == _SURE for one in faults),
        "calibration_error": calibration_error([one for one in faults if one.got]),
        "skews": len(skews),
        "skew_numbers": len(offs),
        "skew_median_error_seconds": _quantile(offs, 0.5),
        "skew_p90_error_seconds": _quantile(offs, 0.9),
        "skew_covered": _share(one.is_covered for one in skews),
    }


def division(judged: Sequence[Judged]) -> Figures:
    """Return how well divided fleets are told from others: counts, and F1."""
    told = [one for one in judged if one.is_divided is not None]
    both = sum(bool(one.is_divided) and one.is_split_found for one in told)
    either = sum(bool(one.is_divided) or one.is_split_found for one in told)
    return {
        "drills": len(told),
        "divided": sum(bool(one.is_divided) for one in told),
        "found": sum(one.is_split_found for one in told),
        "right": both,
        "f1": round(2 * both / (both + either), 4) if either else None,
    }


def mixed(faults: Sequence[Judged]) -> Figures:
    """Return precision and recall of the named change where tenths of the records are spoilt.

    Each sort of records weighs what it does in MIXTURE, whatever its share of the drills is. What
    is not recorded cannot be named, and counts where something is named nevertheless. Empty where
    a sort is missing.
    """
    able = [one for one in faults if one.cause != "hostile_probe"]
    sorts = {name: [one for one in able if one.records == name] for name in MIXTURE}
    if not all(sorts.values()):
        return {}
    right = named = recorded = recalled = decoys = 0.0
    for name, weight in MIXTURE.items():
        each = weight / len(sorts[name])
        right += each * sum(one.change == "right" for one in sorts[name])
        named += each * sum(one.change in {"right", "wrong"} for one in sorts[name])
        decoys += each * sum(one.is_decoy_named for one in sorts[name])
        known = [one for one in sorts[name] if one.change != "none to name"]
        if name != "unrecorded" and known:
            recorded += weight
            recalled += weight * sum(one.change == "right" for one in known) / len(known)
    return dict.fromkeys(group([])) | {
        "drills": len(able),
        "change_precision": round(right / named, 4) if named else None,
        "change_recall": round(recalled / recorded, 4) if recorded else None,
        "decoy_named": round(decoys, 4),
    }


def _share(found: Iterable[bool]) -> float | None:
    listed = list(found)
    return round(sum(listed) / len(listed), 4) if listed else None


def _quantile(values: Sequence[float], share: float) -> float | None:
    if not values:
        return None
    return round(sorted(values)[min(int(share * len(values)), len(values) - 1)], 2)


def wilson(right: int, total: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a share (Wilson 1927), None of nothing."""
    if not total:
        return None
    z = 1.959964
    share = right / total
    centre = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return round((centre - half) / scale, 4), round((centre + half) / scale, 4)


def calibration_error(judged: Sequence[Judged]) -> float | None:
    """Return the expected calibration error of the first cause's probability, in ten bins."""
    if not judged:
        return None
    total = 0.0
    for number in range(_BINS):
        inside = [one for one in judged if min(int(one.probability * _BINS), _BINS - 1) == number]
        if inside:
            said = sum(one.probability for one in inside) / len(inside)
            held = sum(one.is_right for one in inside) / len(inside)
            total += len(inside) * abs(said - held)
    return round(total / len(judged), 4)
