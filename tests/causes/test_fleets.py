"""Instances are held against those of their own service, and new ones are known to be new."""

from dataclasses import replace

import fleet
import numpy as np
import pandas as pd
from test_diagnose import diagnose

from logclass.vocabulary import Cause

SMALL = {"minutes": 90, "rate": 60.0, "instances": 6}
IAT = frozenset({"instance", "iat"})


def of_two_services(found, hushed):
    """The last three instances are of `cart`; where `hushed` it logs only what it refuses."""
    c = found.counted
    cart = [f"i-{i:02d}" for i in (3, 4, 5)]

    def named(frame):
        is_cart = frame["instance"].isin(cart)
        return frame.assign(service=frame["service"].where(~is_cart, "cart"))

    rejections, tally = named(c.rejections), named(c.tally)
    if hushed:
        keys = ["source", "service", "instance", "minute"]
        refused = rejections.groupby(keys)["count"].sum().rename("refused")
        tally = tally.merge(refused.reset_index(), on=keys, how="left").fillna({"refused": 0})
        is_cart = tally["service"] == "cart"
        tally["events"] = tally["events"].where(~is_cart, tally["refused"]).astype(int)
        tally = tally[tally["events"] > 0].drop(columns="refused")
    counted = replace(c, rejections=rejections, passed=named(c.passed), tally=tally)
    return replace(found, counted=counted)


def test_services_that_log_differently_are_no_divided_fleet():
    """Both refuse old tokens; of one every request is logged, of the other the refused ones."""
    found = fleet.run(fleet.rotation_without_overlap(605, fields=IAT, **SMALL))
    incident = diagnose(of_two_services(found, hushed=True))[0]
    assert incident.findings[0].cause is Cause.ROTATION_WITHOUT_OVERLAP
    assert incident.split is None


def test_a_fleet_that_is_divided_is_seen_beside_another_service():
    world = fleet.secret_changed_by_deploy(605, fields=frozenset({"instance"}), **SMALL)
    bad, at = fleet.Outcome("signature_invalid"), world.onset
    world.check = lambda i, t, token: bad if i == 0 and at <= t < at + 1200 else fleet.OK
    incident = diagnose(of_two_services(fleet.run(world), hushed=False))[0]
    assert incident.split is not None
    assert incident.split["classes"][0]["instances"] == ["i-00"]


def starting(found, world, starts):
    """Each instance's own line says that it starts."""
    rows = [
        {**dict.fromkeys(found.counted.rejections.columns, ""), "service": world.service}
        | {"instance": world.name(i, t), "time_ms": (fleet.START + t) * 1000, "count": 1}
        | {"minute": int((fleet.START + t) // 60), "outcome": "signal"}
        | {"pattern": "signals.started-release"}
        for i, t in enumerate(starts)
    ]
    told = pd.concat([found.counted.passed, pd.DataFrame(rows)], ignore_index=True)
    return replace(found, counted=replace(found.counted, passed=told))


def test_hosts_that_keep_their_names_are_replaced_when_they_start_anew():
    world = fleet.partial_rollout(605, renames=False, **SMALL)
    swapped = world.onset + np.array([0, 420, 800, 1200, 1500, 1800])
    n = world.instances
    world.sign = lambda t, r: {"key": "k2" if t >= swapped[int(r.integers(n))] else "k1"}
    world.check = lambda i, t, token: (
        fleet.OK if (t >= swapped[i]) == (token.key == "k2") else fleet.Outcome("signature_invalid")
    )
    found = starting(fleet.run(world), world, swapped)
    incident = diagnose(found, [c for c in found.changes if c.id.startswith("decoy")])[0]
    assert incident.findings[0].cause is Cause.PARTIAL_ROLLOUT
    assert "old ones wrote" in " ".join(e.text for e in incident.findings[0].evidence_for)


def test_a_deploy_in_the_middle_of_an_outage_did_not_begin_it():
    """Old tokens are refused at once; after some minutes the instances are replaced in turn."""
    world = fleet.rotation_without_overlap(605, fields=IAT, **SMALL)
    later = world.onset + 360
    world.name = lambda i, t: f"i-{'new' if t >= later + 100 * i else 'old'}-{i:02d}"
    found = fleet.run(world)
    decoys = [c for c in found.changes if c.id.startswith("decoy")]
    findings = diagnose(found, decoys)[0].findings
    assert findings[0].cause is Cause.ROTATION_WITHOUT_OVERLAP


def test_an_instance_that_hardly_logs_is_not_new_when_it_first_refuses():
    world = fleet.rotation_without_overlap(605, fields=IAT, logs="rejections", **SMALL)
    world.expired_noise = 0.02
    incident = diagnose(fleet.run(world))[0]
    assert incident.split is None
    assert incident.findings[0].cause is Cause.ROTATION_WITHOUT_OVERLAP


def test_a_release_from_long_before_says_nothing_of_the_age_of_keys():
    """All that fails was signed before the rejections began, and after an older release."""
    world = fleet.rotation_without_overlap(605, fields=IAT, **SMALL)
    world.ttl = 900.0
    found = fleet.run(world)
    release = fleet.change("deploy", world.onset - 1500, world.service, "release")
    finding = diagnose(found, [release])[0].findings[0]
    assert finding.cause is Cause.ROTATION_WITHOUT_OVERLAP
    assert any("carry an old key" in e.text for e in finding.evidence_for)


def test_a_deploy_of_one_of_the_services_that_fail_alike_is_no_partial_rollout():
    """Old tokens are refused everywhere; the instances of `cart` alone are replaced as it begins."""
    world = fleet.rotation_without_overlap(605, fields=IAT, **SMALL)
    found = of_two_services(fleet.run(world), hushed=False)
    turned = (fleet.START + world.onset) // 60 + 1

    def renamed(frame):
        is_new = (frame["service"] == "cart") & (frame["minute"] >= turned)
        names = frame["instance"].where(~is_new, frame["instance"] + "-new")
        return frame.assign(instance=names)

    c = found.counted
    counted = replace(
        c,
        rejections=renamed(c.rejections),
        passed=renamed(c.passed),
        tally=renamed(c.tally),
    )
    incident = diagnose(replace(found, counted=counted))[0]
    assert incident.findings[0].cause is Cause.ROTATION_WITHOUT_OVERLAP
    assert incident.split is None


def test_an_instance_that_says_that_it_starts_with_its_first_line_is_new_and_not_old_too():
    found = fleet.run(fleet.partial_rollout(605, **SMALL))
    first = found.counted.tally.groupby(["service", "instance"], as_index=False)["minute"].min()
    told = first.assign(
        time_ms=first["minute"] * 60_000 + 30_000,
        count=1,
        outcome="signal",
        pattern="signals.started-release",
    ).reindex(columns=found.counted.rejections.columns, fill_value="")
    passed = pd.concat([found.counted.passed, told], ignore_index=True)
    incident = diagnose(replace(found, counted=replace(found.counted, passed=passed)))[0]
    old, new = (set(one["instances"]) for one in incident.split["classes"])
    assert old
    assert new
    assert not old & new


def test_clients_that_try_again_and_again_are_no_probe_while_hardly_anybody_passes():
    """Nine in ten are refused and try again ten times a minute: no requests on top of the usual."""
    world = fleet.secret_changed_by_deploy(605, fields=frozenset({"instance", "client"}), **SMALL)
    at, bad = world.onset, fleet.Outcome("token_malformed")
    world.check = lambda i, t, token: (
        bad if at <= t < at + 900 and hash(token.issued) % 10 else fleet.OK
    )
    world.extra = [(at + n * 0.1, bad, f"c{n % 40}", n % 6) for n in range(9000)]
    findings = diagnose(fleet.run(world), [])[0].findings
    told = " ".join(e.text for f in findings for e in f.evidence_for)
    assert "came on top" not in told
