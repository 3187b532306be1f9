"""Records that belong together are found as if each were held against all before it."""

from __future__ import annotations

import random

from logclass.evidence.linking import Candidate, _leads, linked
from logclass.evidence.reach import Reach
from logclass.evidence.timing import Timing
from logclass.model import ChangeEvent
from logclass.vocabulary import ChangeKind

_TARGETS = ("auth", "auth-service", "prod/auth/jwt-secret", "orders-api", "orders", "", "12345")
_KINDS = (ChangeKind.DEPLOY, ChangeKind.ROTATION, ChangeKind.CONFIG, ChangeKind.GATEWAY)


def _candidates(seed: int, count: int) -> list[Candidate]:
    rng = random.Random(seed)
    out = []
    time_ms = 0
    for number in range(count):
        time_ms += rng.choice((0, 1_000, 60_000, 400_000))
        change = ChangeEvent(
            f"c{number}",
            time_ms,
            rng.choice(_KINDS),
            rng.choice(_TARGETS),
            "list",
            version=rng.choice(("", "7", "8")),
        )
        reach = Reach(
            rng.choice((0.0, 2.0)), rng.choice((-1.0, 0.5)), "", "", is_disjoint=rng.random() < 0.2
        )
        when = Timing(0.0, "late" if rng.random() < 0.1 else "", "", 0.0)
        out.append(Candidate(change, when, reach, 0.0, ""))
    return out


def _naive(judged: list[Candidate]) -> list[str]:
    leaders: list[Candidate] = []
    leads: list[str] = []
    for one in judged:
        able = [o for o in leaders if not (o.veto or o.reach.is_disjoint or o.reach.kind < -0.1)]
        lead = next((o.change.id for o in able if not one.veto and _leads(o, one)), "")
        leads.append(lead)
        leaders += [] if lead else [one]
    return leads


def test_links_are_those_that_a_comparison_of_all_pairs_finds() -> None:
    for seed in range(40):
        judged = _candidates(seed, 60)
        assert [one.lead for one in linked(judged)] == _naive(judged)


def test_a_wave_of_many_records_is_linked_in_one_pass() -> None:
    """Fifty thousand records of one deploy: all but the first repeat one before them."""
    many = [
        Candidate(
            ChangeEvent(f"c{n}", n, ChangeKind.DEPLOY, "auth", "list"),
            Timing(0.0, "", "", 0.0),
            Reach(0.0, 0.5, "", ""),
            0.0,
            "",
        )
        for n in range(50_000)
    ]
    assert [c.lead for c in linked(many)].count("c0") == len(many) - 1
