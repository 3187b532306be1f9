"""What passed, by the log that has the refused requests too; and one sender's several failures."""

from __future__ import annotations

from dataclasses import replace

import fleet
import pandas as pd
import pytest

from logclass import causes, episodes
from logclass.vocabulary import Cause

SMALL = {"minutes": 120, "rate": 40.0, "instances": 3}


def with_gateway(found, passed_per_minute):
    """Add a gateway's log: of the refused requests, and of `passed_per_minute(minute)` others."""
    c = found.counted
    again = c.rejections.assign(kind="access", service="gateway", reason="unspecified", instance="")
    start = fleet.START // 60
    minutes = range(start, start + 120)
    rows = [
        {"source": "access.log", "service": "gateway", "instance": "", "minute": m}
        | {"status_class": 2, "events": passed_per_minute(m - start)}
        for m in minutes
    ]
    refused = again.groupby("minute")["count"].sum()
    rows += [
        {"source": "access.log", "service": "gateway", "instance": "", "minute": m}
        | {"status_class": 4, "events": int(n)}
        for m, n in refused.items()
    ]
    return replace(c, echoes=again, tally=pd.concat([c.tally, pd.DataFrame(rows)]))


@pytest.mark.parametrize("is_outage", [True, False])
def test_an_outage_behind_a_gateway_is_none_on_top_of_the_usual_requests(is_outage):
    """The service logs what it refuses, and a health check now and then."""
    world = fleet.header_stripped(604, **SMALL, fields=frozenset({"instance"}))
    found = fleet.run(world)
    at = world.onset / 60

    def passed(minute):
        return 0 if is_outage and minute >= at else 40

    counted = with_gateway(found, passed)
    incident = causes.diagnose(counted, episodes.find(counted), (), ())[0]
    told = [e.text for f in incident.findings for e in (*f.evidence_for, *f.evidence_against)]
    assert any("came on top" in text for text in told) is not is_outage
    if is_outage:
        assert incident.findings[0].cause is Cause.HEADER_STRIPPED


def test_signatures_that_fail_while_made_up_keys_are_tried_are_the_same_senders():
    """No line names a client; half of the forged tokens name a key, made up each time."""
    world = fleet.quiet(604, **SMALL, fields=frozenset({"instance", "kid"}))
    forged, unknown = fleet.Outcome("signature_invalid"), fleet.Outcome("key_not_found")
    world.extra = [(3600 + 5.0 * k, (forged, unknown)[k % 2], "", -1) for k in range(240)]
    found = fleet.run(world)
    rows = found.counted.rejections
    made_up = [f"x{n}" if r == "key_not_found" else "" for n, r in enumerate(rows["reason"])]
    counted = replace(found.counted, rejections=rows.assign(kid=made_up))
    (only,) = episodes.find(counted)
    assert only.is_probe
    assert set(only.reasons) == {"signature_invalid", "key_not_found"}
    (incident,) = causes.diagnose(counted, (only,), (), ())
    assert incident.findings[0].cause is Cause.HOSTILE_PROBE


def test_malformed_tokens_and_wrong_algorithms_in_like_numbers_are_no_outage():
    world = fleet.quiet(604, **SMALL, fields=frozenset({"instance"}), logs="rejections")
    ways = fleet.Outcome("token_malformed"), fleet.Outcome("algorithm_mismatch")
    world.extra = [(3600 + 4.0 * k, ways[k % 2], "", -1) for k in range(600)]
    found = fleet.run(world)
    (incident,) = causes.diagnose(found.counted, episodes.find(found.counted), (), ())
    assert incident.findings[0].cause is Cause.HOSTILE_PROBE
