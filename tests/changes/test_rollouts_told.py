"""Rollouts that a record tells of without saying so outright."""

import json

import pytest

from logclass import changes
from logclass.changes.merging import merge
from logclass.timestamps import isoformat

NOW = "2031-05-06T14:00:00+00:00"


def read(document):
    found = changes.read(json.dumps(document).encode(), name="export.json")
    return [
        (e.id, isoformat(e.time_ms), isoformat(e.end_ms) if e.end_ms else "", e.kind.value)
        for e in sorted(found.events, key=lambda e: e.time_ms)
    ]


def service(events, wanted=4):
    told = [
        {"id": f"e{k}", "createdAt": f"2031-05-06T{at}+00:00", "message": f"(service quill) {text}"}
        for k, (at, text) in enumerate(events)
    ]
    last = {"id": "ecs-svc/9", "status": "PRIMARY", "createdAt": NOW, "rolloutState": "IN_PROGRESS"}
    deployments = [last | {"taskDefinition": "arn:aws:ecs:eu-west-1:1:task-definition/quill:9"}]
    one = {"serviceName": "quill", "desiredCount": wanted, "deployments": deployments}
    return {"services": [one | {"events": told[::-1]}]}


def started(count):
    return f"has started {count} tasks: " + " ".join(f"(task {'ab' * 16})" for _ in range(count))


def test_events_of_a_service_tell_of_the_rollout_before_the_last():
    events = [
        ("11:42:00", started(2)),
        ("11:43:10", started(2)),
        ("11:44:30", "has reached a steady state."),
    ]
    old, last = read(service(events))
    assert old == ("e0", "2031-05-06T11:42:00Z", "2031-05-06T11:44:30Z", "deploy")
    assert last[0] == "ecs-svc/9"


def test_two_snapshots_of_a_service_tell_of_one_rollout_once():
    """The second one lists the deployment no longer: its events alone tell of it."""
    events = [("11:42:00", started(4)), ("11:44:30", "has reached a steady state.")]
    later = service(events)
    first = service(events)
    listed = first["services"][0]["deployments"][0]
    listed |= {"createdAt": "2031-05-06T11:41:30+00:00", "rolloutState": "COMPLETED"}
    listed |= {"id": "ecs-svc/8"}
    reads = [
        changes.read(json.dumps(one).encode(), name=name)
        for one, name in ((first, "a.json"), (later, "b.json"))
    ]
    told = [(e.id, isoformat(e.time_ms)) for e in merge(reads)]
    assert told == [
        ("ecs-svc/8", "2031-05-06T11:41:30Z"),
        ("ecs-svc/9", "2031-05-06T14:00:00Z"),
    ]


def test_a_deployment_that_only_its_end_names_began_with_its_first_task():
    events = [
        ("11:42:00", started(4)),
        ("11:44:30", "(deployment ecs-svc/8) deployment completed."),
        ("11:44:30", "has reached a steady state."),
    ]
    old, _ = read(service(events))
    assert old == ("ecs-svc/8", "2031-05-06T11:42:00Z", "2031-05-06T11:44:30Z", "deploy")


def test_one_task_of_many_that_was_replaced_is_no_rollout():
    events = [("11:42:00", started(1)), ("11:44:30", "has reached a steady state.")]
    assert [ident for ident, *_ in read(service(events))] == ["ecs-svc/9"]


@pytest.mark.parametrize(
    ("summary", "details", "kind"),
    [
        ("koi 20.2: pin ValidAlgorithms", {"service": "koi", "version": "20.2"}, "deploy"),
        ("koi: pin ValidAlgorithms", {"service": "koi"}, "other"),
        ("signer: w2 signs", {"service": "signer"}, "rotation"),
        ("key 2031-q2 now signs, 2031-q1 retired", {}, "rotation"),
        ("Rolled back koi to 20.1", {"version": "20.1"}, "rollback"),
    ],
)
def test_change_events_of_pagerduty_say_by_words_or_by_version_what_they_are(
    summary, details, kind
):
    event = {"type": "change_event", "id": "P1", "summary": summary, "timestamp": NOW}
    event["custom_details"] = details
    assert read({"change_events": [event]}) == [("P1", "2031-05-06T14:00:00Z", "", kind)]
