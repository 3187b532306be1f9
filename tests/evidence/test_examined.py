"""What an independent examiner found on real bundles: each slip stays mended."""

import json

import numpy as np
import pandas as pd
import pytest

from logclass import changes, series
from logclass.evidence import scan
from logclass.evidence import series as series_module
from logclass.evidence.alarms import Series, find
from logclass.evidence.claims import hint
from logclass.evidence.contrast import has_random_kids, is_probe
from logclass.evidence.names import is_nameless, mentions
from logclass.evidence.repeats import is_retried
from logclass.evidence.series import Grid


def _github(payload, repository="platform"):
    row = {"id": 7, "sha": "a" * 40, "ref": "main", "task": "deploy", "payload": payload}
    row |= {"environment": "production", "description": "", "created_at": "2031-05-06T10:00:00Z"}
    row["url"] = f"https://api.example.com/repos/example/{repository}/deployments/7"
    (event,) = changes.read(json.dumps([row]).encode(), name="d.json").events
    return event.target


@pytest.mark.parametrize(
    ("payload", "target"),
    [
        ({"service": "auth"}, "auth"),
        ('{"service": "auth"}', "auth"),
        ({"services": ["auth", "api"]}, "auth, api"),
        ({}, "platform"),
        ("not json", "platform"),
        (["auth"], "platform"),
    ],
)
def test_deployment_of_a_monorepo_names_what_its_payload_says(payload, target):
    assert _github(payload) == target


def test_names_that_hold_many_services_name_none():
    assert is_nameless("platform")
    assert is_nameless("infra-main")
    assert not is_nameless("auth")
    assert mentions("Deploy auth 2.5.0 to production", "auth-service")
    assert not mentions("Deploy cart 2.5.0", "auth-service")


def _frame(minutes, reason="token_expired", clients=None):
    rows = {"minute": minutes, "count": 1, "reason": reason, "service": "auth"}
    rows |= {"client": clients if clients is not None else "", "kid": "", "exp_seconds": np.nan}
    return pd.DataFrame(rows)


NONE_ELSE = _frame([])


def _alarm_of(rows):
    where = Grid(30_000_000, 600)
    x = series_module.per_minute(rows, where)
    series = Series("token_expired", "auth", "", x, np.full(600, 60.0), is_measured=True)
    (alarm,) = find(series, 12.0)
    return alarm, where


def test_one_client_with_one_expired_token_is_told_from_a_proxy():
    minutes = np.repeat(np.arange(30_000_300, 30_000_600), 5)
    stuck = _frame(minutes, clients="10.50.3.17").assign(exp_seconds=1_800_000_000)
    others = _frame(np.array([30_000_010, 30_000_090]), clients="10.1.1.1").assign(exp_seconds=1)
    alarm, where = _alarm_of(pd.concat([stuck, others]))
    assert is_retried(alarm, pd.concat([stuck, others]), NONE_ELSE, where, 12.0)
    proxy = stuck.assign(exp_seconds=1_800_000_000 + np.arange(len(stuck)) // 4)
    assert not is_retried(alarm, pd.concat([proxy, others]), NONE_ELSE, where, 12.0)


def test_four_senders_that_send_nothing_else_are_a_probe_and_a_proxy_is_none():
    minutes = np.arange(400) + 30_000_000
    forged = _frame(minutes, "signature_invalid", [f"45.1.1.{n % 4}" for n in range(400)])
    others = _frame(minutes[:12], "token_expired", [f"10.0.0.{n}" for n in range(12)])
    assert is_probe(forged, others)
    assert not is_probe(forged, others.assign(client="45.1.1.1"))
    assert not is_probe(forged, others.iloc[:4])


def test_sparse_quiet_series_would_show_a_modest_burst():
    rng = np.random.default_rng(3)
    rows = _frame(np.sort(rng.integers(0, 1440, 120)) + 30_000_000)
    text = series.smallest_visible(rows, 30_000_000 * 60_000, (30_000_000 + 1439) * 60_000)
    burst = int(text.split()[1].replace(",", ""))
    assert 5 <= burst <= 30
    assert "has 120 in all that was read" in text


def test_what_is_called_visible_is_seen():
    rng = np.random.default_rng(4)
    x = rng.poisson(0.083, 1440).astype(float)
    burst = series._smallest_burst(x, "signature_invalid", scan.threshold(1440, 6))
    x[600:610] += np.diff(np.arange(11) * int(1.5 * burst) // 10)
    one = Series("signature_invalid", "auth", "", x, np.ones(1440), is_measured=False)
    (alarm,) = find(one, scan.threshold(1440, 6))
    assert 595 <= alarm.window.start <= 605


@pytest.mark.parametrize(("others", "is_client"), [("c{}", True), ("proxy", False)])
def test_an_address_that_sends_nothing_else_that_is_refused_is_a_client(others, is_client):
    """It alone sends expired tokens, on and on; twenty other requests are refused meanwhile."""
    minutes = np.repeat(np.arange(100, 110), 3)
    x = np.bincount(minutes, minlength=245).astype(float)
    one = Series("token_expired", "auth", "", x, np.ones(245), is_measured=False)
    h = scan.threshold(245, 3)
    (alarm,) = find(one, h)
    rows = _frame(minutes, clients=["proxy"] * 30)
    rest = _frame(np.arange(20) * 12, "header_missing", [others.format(n) for n in range(20)])
    assert is_retried(alarm, rows, rest, Grid(0, 245), h) is is_client


@pytest.mark.parametrize(
    ("reason", "requests", "is_told"),
    [
        ("header_missing", 80.0, False),
        ("unspecified", 80.0, False),
        ("header_missing", 2.0, True),  # half of what there is
        ("key_not_found", 80.0, True),  # nobody but an operator brings it about
    ],
)
def test_ten_of_a_thousand_requests_that_any_stranger_may_send_are_no_departure(
    reason, requests, is_told
):
    x = np.zeros(400)
    x[200:210] = 1.0
    one = Series(reason, "auth", "", x, np.full(400, requests), is_measured=True)
    assert bool(find(one, scan.threshold(400, 6))) is is_told


def test_clients_that_try_again_are_no_departure():
    rng = np.random.default_rng(5)
    minutes, clients = [], []
    for n in range(30):  # a burst of tries each, more of them late
        at = int(rng.integers(150, 240) if n > 5 else rng.integers(0, 150))
        for _ in range(8):
            minutes.append(at + int(rng.integers(0, 3)))
            clients.append(f"c{n}")
    rows = _frame(np.array(minutes), clients=clients)
    x = np.bincount(rows["minute"], minlength=245).astype(float)
    one = Series("token_expired", "auth", "", x, np.ones(245), is_measured=False)
    h = scan.threshold(245, 3)
    assert all(is_retried(a, rows, NONE_ELSE, Grid(0, 245), h) for a in find(one, h))
    assert scan.clustering(x[150:240]) > 2


def test_one_request_each_of_many_clients_is_a_departure():
    rng = np.random.default_rng(6)
    minutes = np.concatenate([rng.integers(0, 150, 10), rng.integers(150, 240, 300)])
    rows = _frame(minutes, clients=[f"c{n}" for n in range(310)])
    x = np.bincount(minutes, minlength=245).astype(float)
    one = Series("token_expired", "auth", "", x, np.ones(245), is_measured=False)
    h = scan.threshold(245, 3)
    (alarm,) = find(one, h)
    assert not is_retried(alarm, rows, NONE_ELSE, Grid(0, 245), h)


def test_keys_made_up_on_the_way_are_a_probe():
    rows = _frame(np.arange(40), "key_not_found").assign(kid=[f"x{n}" for n in range(40)])
    assert has_random_kids(rows)
    assert is_probe(rows, rows.iloc[:0])
    assert not has_random_kids(rows.assign(kid="k2"))


def test_hint_names_only_environments_that_are_there():
    text = hint(("https://auth.example.com",), ("https://auth.staging.example.com",))
    assert "staging" in text
    assert "this one" not in text
