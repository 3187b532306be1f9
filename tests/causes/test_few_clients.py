"""Few clients that are refused over and over, with little known of all others."""

from dataclasses import replace
from types import SimpleNamespace

import fleet
import numpy as np
import pandas as pd
import pytest

from logclass import causes, episodes
from logclass.causes.hostile import on_top
from logclass.evidence.contrast import are_particular
from logclass.evidence.series import Grid
from logclass.vocabulary import Cause, Grade

SMALL = {"minutes": 70, "rate": 60.0, "instances": 4}
FORGED = fleet.Outcome("signature_invalid")


def incident(clients, others):
    """`clients` send forged tokens for a quarter of an hour; `others` one bad one each before."""
    world = fleet.quiet(604, **(SMALL | {"fields": frozenset({"client"})}))
    world.expired_noise = world.scanner_noise = 0.0
    late = [(1800 + 2.0 * k, FORGED, clients[k % len(clients)], -1) for k in range(450)]
    bad = fleet.Outcome("header_missing")
    early = [(300 + 60.0 * k, bad, name, -1) for k, name in enumerate(others)]
    world.extra = early + late
    found = fleet.run(world)
    return causes.diagnose(found.counted, episodes.find(found.counted), (), ())[0]


def test_strangers_refused_over_and_over_are_a_probe_and_no_outage():
    got = incident([f"203.0.113.{n}" for n in range(4)], [f"198.51.100.{n}" for n in range(4)])
    assert got.findings[0].cause is Cause.HOSTILE_PROBE
    for f in got.findings[1:]:
        if f.cause in {Cause.SECRET_CHANGED_BY_DEPLOY, Cause.ROTATION_WITHOUT_OVERLAP}:
            assert any("an outage strikes all" in e.text for e in f.evidence_against)


@pytest.mark.parametrize("others", [["203.0.113.0", "203.0.113.1"], []])
def test_addresses_of_a_proxy_do_not_stand_for_clients(others):
    got = incident([f"203.0.113.{n}" for n in range(4)], others)
    told = [e.text for f in got.findings for e in (*f.evidence_for, *f.evidence_against)]
    assert not any("an outage strikes all" in text for text in told)


def test_callers_without_a_token_among_many_that_pass_are_no_stripped_header():
    world = fleet.quiet(604, **(SMALL | {"rate": 100.0, "fields": frozenset()}))
    world.expired_noise = world.scanner_noise = 0.0
    bare = fleet.Outcome("header_missing")
    world.extra = [(1500 + 30.0 * k, bare, "", -1) for k in range(80)]
    found = fleet.run(world)
    for got in causes.diagnose(found.counted, episodes.find(found.counted), (), ()):
        assert got.findings[0].grade not in {Grade.CONFIRMED, Grade.LIKELY}


def test_where_no_line_says_a_reason_the_words_of_the_change_count():
    world = fleet.quiet(604, **(SMALL | {"fields": frozenset()}))
    world.check = lambda i, t, token: fleet.Outcome("unspecified") if t >= 1800 else fleet.OK
    counted = fleet.run(world).counted
    ranks = {}
    for words in ("Change egress policy", "Change page size"):
        change = replace(fleet.change("config", 1780, "auth", "C-1"), description=words)
        (got,) = causes.diagnose(counted, episodes.find(counted), (change,), ())
        ranks[words] = {f.cause: f.probability for f in got.findings}
        assert got.findings[0].grade is not Grade.CONFIRMED
    egress, other = ranks["Change egress policy"], ranks["Change page size"]
    assert egress[Cause.JWKS_OUTAGE] > 0.3 > other.get(Cause.JWKS_OUTAGE, 0.0)


def test_forged_tokens_refused_for_other_reasons_are_no_requests_that_pass():
    """Half of a burst is refused for another reason: the usual ten a minute pass all along."""
    burst = pd.DataFrame({"minute": range(60, 75), "count": 30, "service": "auth"})
    part = SimpleNamespace(
        rows=burst,
        others=burst,
        traffic=np.full(120, 10.0) + 60.0 * ((np.arange(120) >= 60) & (np.arange(120) < 75)),
        grid=Grid(0, 120),
        first=60,
        stop=75,
        is_complete=True,
        let_through=None,
        echoes=burst.iloc[:0].assign(kind=""),
        events=burst,
    )
    case = SimpleNamespace(part=part, share=lambda *_: 1.0)
    found = on_top(case)
    assert found is not None
    assert "came on top" in found.text
    part.others = burst.head(0)
    assert on_top(case) is None


def requests(*each):
    return pd.Series({name: float(count) for name, count in each})


@pytest.mark.parametrize(
    ("refused", "is_few"),
    [
        ([("a", 3), ("b", 3), ("c", 1), ("d", 1), ("e", 1), ("f", 1), ("g", 1), ("h", 1)], False),
        ([("a", 1), ("b", 1)], False),  # two requests come from two clients at most
        ([("a", 15), ("b", 15)], True),
        ([("a", 6), ("b", 6)], True),  # a dozen ordinary ones would come from nine or so
    ],
)
def test_clients_are_few_where_as_many_ordinary_requests_would_come_from_more(refused, is_few):
    ordinary = requests(*((f"other-{k}", 1) for k in range(20)))
    assert are_particular(requests(*refused), ordinary) is is_few


@pytest.mark.parametrize(
    ("clients", "reason", "is_probe"),
    [
        (("45.67.196.7", "45.73.37.7"), "algorithm_mismatch", True),
        (("10.0.3.7", "10.0.4.7"), "algorithm_mismatch", False),  # a proxy's own network
        (("45.67.196.7",), "algorithm_mismatch", False),  # all may come through it
        (("45.67.196.7", "45.73.37.7"), "signature_invalid", False),  # the last old tokens
    ],
)
def test_two_strangers_are_a_probe_though_no_other_client_is_known(clients, reason, is_probe):
    """The service logs clients of what it refuses only, and refuses nothing else all day."""
    shown = frozenset({"instance", "client"})
    world = fleet.quiet(604, minutes=180, rate=12.0, instances=4, fields=shown)
    world.expired_noise = world.scanner_noise = 0.0
    start = 90 * 60.0
    world.extra = [
        (start + k * 14.0, fleet.Outcome(reason), clients[k % len(clients)], -1) for k in range(160)
    ]
    found = fleet.run(world)
    (got,) = causes.diagnose(found.counted, episodes.find(found.counted), (), ())
    told = [e.text for f in got.findings for e in (*f.evidence_for, *f.evidence_against)]
    assert any("Few clients" in text for text in told) is is_probe
