"""Names, claims, timing and tails: small measurements, each as a reader would check it."""

from types import SimpleNamespace

import numpy as np
import pytest

from logclass.evidence import decay
from logclass.evidence.claims import hint
from logclass.evidence.names import environment, is_same
from logclass.evidence.onset import end_of, start_of
from logclass.evidence.scan import Window
from logclass.evidence.timing import timing
from logclass.model import ChangeEvent, Interval
from logclass.vocabulary import ChangeKind


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("auth", "auth-service", True),
        ("prod/auth/jwt-secret", "auth", True),
        ("AuthService", "auth", True),
        ("deployment/auth-api", "auth-api", True),
        ("cart-web", "web", False),
        ("billing", "auth", False),
        ("", "auth", False),
        ("checkout-7f9c4d", "checkout", True),
    ],
)
def test_names_of_the_same_thing(a, b, same):
    assert is_same(a, b) is same
    assert is_same(b, a) is same


def test_environment_of_a_name():
    assert environment("auth-staging") == "staging"
    assert environment("auth") == ""


@pytest.mark.parametrize(
    ("want", "got", "word"),
    [
        ("https://a.example.com", "https://a.example.com/", "slash"),
        ("https://a.example.com", "http://a.example.com", "scheme"),
        ("https://a.example.com:8443", "https://a.example.com", "port"),
        ("Web", "web", "case"),
        ("https://auth.example.com", "https://auth.staging.example.com", "environments"),
        ("https://id.example.com/t1", "https://id.example.com/t2", "tenant"),
        ("web-prod", "web-staging", "staging"),
        ("auth.example.com", "https://auth.example.com/", "prefix"),
        ("web-prod", "d2ViLXByb2Q=", "base64"),
        ("https://a.example.com/t 1", "https://a.example.com/t%201", "URL-encoded"),
    ],
)
def test_hint_names_the_slip(want, got, word):
    assert word in hint((want,), (got,))


def test_hint_on_list_against_string():
    assert "list" in hint(("api", "web"), ("api",))
    assert hint(("api",), ("billing",)) == ""


def _ramp(n, start, stop, level, rise=0, fall=0):
    t = np.arange(n)
    up = np.clip((t - start + 0.5) / rise, 0, 1) if rise else (t >= start)
    down = np.clip(1 - (t - stop) / fall, 0, 1) if fall else (t < stop)
    return level * up * down


@pytest.mark.parametrize("rise", [0, 5, 15])
@pytest.mark.parametrize("level", [3.0, 40.0])
def test_start_of_step_and_ramp(rise, level):
    rng = np.random.default_rng(11)
    hits = 0
    for _ in range(12):
        x = rng.poisson(0.3 + _ramp(180, 80, 140, level, rise)).astype(float)
        found = start_of(x, np.full(180, 0.3), np.ones(180), Window(80 + rise // 2, 140, 99.0))
        hits += found.low <= 80 <= found.high
    assert hits >= 11


def test_end_is_found_in_order():
    rng = np.random.default_rng(12)
    x = rng.poisson(0.3 + _ramp(180, 80, 140, 30.0)).astype(float)
    end = end_of(x, np.full(180, 0.3), np.ones(180), Window(80, 140, 99.0))
    assert end.low <= 139 <= end.high
    assert end.low <= end.middle <= end.high


@pytest.mark.parametrize(("fall", "shape"), [(0, "abrupt"), (30, "linear")])
def test_shape_of_the_tail(fall, shape):
    rng = np.random.default_rng(13)
    x = rng.poisson(0.2 + _ramp(100, 5, 50, 40.0, 0, fall)).astype(float)
    assert decay.tail(x, np.full(100, 0.2))["shape"] == shape


def test_exponential_tail():
    rng = np.random.default_rng(14)
    t = np.arange(100)
    x = rng.poisson(0.2 + 60 * np.where(t < 30, 1.0, np.exp(-(t - 30) / 10))).astype(float)
    assert decay.tail(x, np.full(100, 0.2))["shape"] == "exponential"


MINUTE = 60_000
EPISODE = SimpleNamespace(
    onset=Interval(1_000 * MINUTE, 1_001 * MINUTE, 1_002 * MINUTE), onset_censored=False
)


def _deploy(minute, **more):
    return ChangeEvent("d", minute * MINUTE, ChangeKind.DEPLOY, "auth", "c.json", **more)


def test_change_after_the_onset_is_ruled_out():
    assert timing(_deploy(1_010), EPISODE, 1440).veto
    assert not timing(_deploy(1_000), EPISODE, 1440).veto


def test_nearer_change_fits_better():
    odds = [timing(_deploy(m), EPISODE, 1440).log_odds for m in (1_000, 990, 940, 500)]
    assert odds == sorted(odds, reverse=True)


def test_naive_stamp_in_another_zone_is_told_and_still_ruled_out():
    veto = timing(_deploy(1_120, zone_assumed=True), EPISODE, 1440).veto
    assert "UTC+2" in veto


def test_stamp_of_a_finished_rollout_does_not_rule_it_out():
    assert not timing(_deploy(1_010, end_ms=1_010 * MINUTE), EPISODE, 1440).veto
