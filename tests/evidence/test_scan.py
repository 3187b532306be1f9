"""The scans find what trying every window finds."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logclass.evidence import allseries, scan
from logclass.evidence.series import Grid, exposure, instance_events, per_minute
from logclass.model import Counted

COUNTS = st.lists(st.integers(0, 12), min_size=3, max_size=40)


def _every_window(n):
    return [(a, b) for a in range(n) for b in range(a + 1, n + 1)]


@settings(derandomize=True, deadline=None, max_examples=80)
@given(COUNTS, st.floats(0.2, 5), st.sampled_from([1.0, 2.5, 8.0]), st.integers(0, 10**6))
def test_hull_scan_is_exact(counts, level, spread, seed):
    x = np.array(counts, float)
    mu = level * np.random.default_rng(seed).uniform(0.3, 2.0, len(x))
    best = max(
        float(scan.exponent(x[a:b].sum()[None], mu[a:b].sum()[None], spread)[0])
        for a, b in _every_window(len(x))
    )
    found = scan.best_window(x, mu, spread)
    assert abs(found.score - best) < 1e-9 * max(1.0, best)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(COUNTS, st.integers(0, 10**6))
def test_scan_given_the_total_is_exact(counts, seed):
    x = np.array(counts, float)
    e = np.random.default_rng(seed).uniform(0.5, 3.0, len(x))
    total, whole, best = x.sum(), e.sum(), 0.0
    for a, b in _every_window(len(x)):
        k, mean = x[a:b].sum(), total * e[a:b].sum() / whole
        if k < 2 or k <= mean:
            continue
        rest = (total - k) * np.log((total - k) / (total - mean)) if k < total else 0.0
        best = max(best, k * np.log(k / mean) + rest)
    assert abs(scan.given_total(x, e).score - best) < 1e-6


def test_threshold_grows_with_time_and_with_series():
    assert round(scan.threshold(1440, 40), 1) == 14.9  # the method's worked example
    assert scan.threshold(60, 1) < scan.threshold(1440, 1) < scan.threshold(1440, 10)


def test_surge_of_traffic_is_no_departure():
    rng = np.random.default_rng(5)
    e = np.where(np.arange(240) // 60 == 2, 900.0, 100.0)
    x = rng.poisson(0.02 * e).astype(float)
    window, _ = scan.scan(x, e)
    assert window.score < scan.threshold(240, 1)


def test_quiet_overdispersed_series_stay_below_the_threshold():
    rng = np.random.default_rng(6)
    h = scan.threshold(1440, 40)
    for _ in range(40):
        x = rng.negative_binomial(2, 0.25, 1440).astype(float)
        assert scan.scan(x, np.ones(1440))[0].score < h


def test_services_that_hardly_reject_are_not_scanned_one_by_one(monkeypatch):
    """A sender may choose names: what is looked at must not grow with them."""
    names = [f"svc-{n:04d}" for n in range(700)] + ["auth"] * 9
    rows = pd.DataFrame({"service": names, "instance": "", "reason": "token_expired", "count": 1})
    rows["minute"] = 30_000_000
    tally = rows.assign(events=rows["count"], status_class=0)
    counted = Counted(rows, rows[:0], rows[:0], tally, None, None)
    looked_at = []
    exposure = allseries.Tallies.exposure
    monkeypatch.setattr(
        allseries.Tallies,
        "exposure",
        lambda self, service, x: looked_at.append(service) or exposure(self, service, x),
    )
    found = allseries.all_series(counted, rows, Grid(30_000_000, 10))
    assert looked_at == ["auth"]
    assert {one.service for one in found} == {"auth", allseries.ALL}


@pytest.mark.parametrize("coded", [False, True])
def test_tallies_of_services_agree_with_a_mask_over_all(coded):
    """Log lines, access records and unnamed instances, against the plain way to count them."""
    rng = np.random.default_rng(3)
    n, where = 4000, Grid(30_000_000, 60)
    tally = pd.DataFrame(
        {
            "service": rng.choice(["b", "a", "c", ""], n),
            "instance": rng.choice(["i-2", "i-1", ""], n),
            "minute": where.first + rng.integers(-2, 62, n),
            "status_class": rng.choice([0, 2, 4], n),
            "events": rng.integers(1, 9, n),
        }
    )
    tally.loc[tally["service"] == "c", "status_class"] = 0
    if coded:
        tally = tally.astype({"service": "category", "instance": "category"})
    counted = Counted(tally[:0], tally[:0], tally[:0], tally, None, None)
    tallies = allseries.Tallies(counted, where)
    x = rng.integers(0, 5, where.minutes).astype(float)
    for service in ("a", "b", "c", "", "unknown"):
        mine, plain = tallies.exposure(service, x), exposure(counted, where, service, x)
        assert mine.kind == plain.kind
        assert np.array_equal(mine.per_minute, plain.per_minute)
        events = instance_events(counted, (service,))
        alive = tallies.alive(service, {"i-1", "i-2", "unknown"})
        assert set(alive) == set(events["instance"]) - {""}
        for name, counts in alive.items():
            rows = events[events["instance"] == name]
            assert np.array_equal(counts, per_minute(rows, where, "events"))
