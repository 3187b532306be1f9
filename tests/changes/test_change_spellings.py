"""The same exports in other spellings, envelopes and encodings: the programs differ, not the facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from logclass import changes
from logclass.timestamps import isoformat, parse

FIXTURES = Path(__file__).parent / "fixtures"


def ms(text: str) -> int:
    stamp = parse(text)
    assert stamp is not None
    return stamp.ms


def read(text: str, **more: Any) -> changes.ChangeRead:
    found = changes.read(text.encode(), name="bundle/export", **more)
    assert found is not None
    return found


def told(found: changes.ChangeRead) -> list[tuple[str, str, str, str]]:
    return [
        (isoformat(e.time_ms), e.kind.value, e.target, e.version) for e in changes.merge([found])
    ]


def spelt(value: Any, word: Any) -> Any:
    if isinstance(value, dict):
        ids = {key for key in value if key.count("-") == 4}  # versions of a secret
        return {k if k in ids else word(k): spelt(item, word) for k, item in value.items()}
    return [spelt(item, word) for item in value] if isinstance(value, list) else value


def pascal(key: str) -> str:
    return key[:1].upper() + key[1:]


def snake(key: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in key).lstrip("_")


def hyphened(key: str) -> str:
    return snake(key).replace("_", "-")


def as_yaml(value: Any, indent: int = 0) -> str:
    """Write JSON as the AWS CLI and kubectl do, in block style with JSON's scalars."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        lines = [
            f"{pad}{key}:{as_yaml(item, indent + 2 * isinstance(item, dict))}"
            for key, item in value.items()
        ]
        return ("\n" if indent else "") + "\n".join(lines)
    if isinstance(value, list) and value:
        items = [as_yaml(item, indent + 2).lstrip() for item in value]
        return "\n" + "\n".join(f"{pad}- {item}" for item in items)
    return f" {json.dumps(value)}"


EXPORTS = sorted(path.name for path in FIXTURES.glob("*-iso.json") if "tasks" not in path.name)


@pytest.mark.parametrize("name", EXPORTS)
def test_keys_in_any_spelling(name: str) -> None:
    export = json.loads((FIXTURES / name).read_text())
    expected = told(read(json.dumps(export)))
    assert expected
    for word in (pascal, snake, hyphened):
        assert told(read(json.dumps(spelt(export, word)))) == expected


@pytest.mark.parametrize("name", EXPORTS)
def test_envelopes_and_pages(name: str) -> None:
    export = json.loads((FIXTURES / name).read_text())
    expected = told(read(json.dumps(export)))
    lists = [value for value in export.values() if isinstance(value, list) and value]
    forms: list[Any] = [[export], {"data": export}, {"data": [export], "meta": {"page": 1}}]
    if len(lists) == 1 and "Versions" not in export:  # what names the secret stands around it
        forms += [lists[0], {"items": lists[0]}, {"result": {"items": lists[0], "total": 1}}]
    for form in forms:
        assert told(read(json.dumps(form))) == expected, form
    assert told(read("\n".join([json.dumps(export, indent=2)] * 2))) == expected


@pytest.mark.parametrize("name", EXPORTS)
def test_yaml(name: str) -> None:
    export = json.loads((FIXTURES / name).read_text())
    text = as_yaml(export)
    assert told(read(text)) == told(read(json.dumps(export))), text


@pytest.mark.parametrize("name", EXPORTS)
def test_unknown_null_and_missing_fields(name: str) -> None:
    export = json.loads((FIXTURES / name).read_text())
    expected = told(read(json.dumps(export)))

    def extended(value: Any) -> Any:
        if isinstance(value, dict):
            more = {"x-new-field": {"a": [1]}, "anotherField": None}
            return {**{key: extended(item) for key, item in value.items()}, **more}
        return [extended(item) for item in value] if isinstance(value, list) else value

    if "deployment" not in name:  # a record without a list around it has no envelope to open
        assert told(read(json.dumps(extended(export)))) == expected


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("ecs-services.text", "text"),
        ("secret-versions.text", "text"),
    ],
)
def test_text_of_the_aws_cli_says_how_to_export_it(name: str, form: str) -> None:
    found = changes.read((FIXTURES / name).read_bytes(), name=name)
    assert found is not None
    assert found.events == ()
    assert [fault.kind for fault in found.faults] == ["not_json"]
    assert f"as {form}" in found.faults[0].detail
    assert "--output json" in found.faults[0].detail
    assert "parameter-value" not in repr(found)


@pytest.mark.parametrize("name", ["ecs-services", "ssm-parameter-history"])
def test_tables_of_the_aws_cli_tell_what_its_json_tells(name: str) -> None:
    def known(export: bytes) -> list[tuple[Any, ...]]:
        found = changes.read(export, name=name)
        assert found is not None
        assert found.faults == ()
        assert "parameter-value" not in repr(found)
        return [(one.kind, one.target, one.version) for one in found.events]

    table = (FIXTURES / f"{name}.table").read_bytes()
    assert known(table) == known((FIXTURES / f"{name}.json").read_bytes())


ECS_TABLE = """\
-----------------------------------------------
|               DescribeServices              |
+---------------------------------------------+
||                  services                 ||
|+-------------------+-----------------------+|
||  serviceName      |  auth                 ||
||  taskDefinition   |  auth:3               ||
|+-------------------+-----------------------+|
|||               deployments               |||
||+-----------------+-----------------------+||
|||  createdAt      |  2031-05-06T11:02:00Z |||
|||  id             |  ecs-svc/2            |||
|||  rolloutState   |  COMPLETED            |||
|||  status         |  PRIMARY              |||
|||  taskDefinition |  auth:3               |||
||+-----------------+-----------------------+||
|||                 events                  |||
||+----------------------+----+-------------+||
|||       createdAt      | id |   message   |||
||+----------------------+----+-------------+||
|||  2031-05-06T11:09:00Z|  b |  (service auth) has reached a steady state.  |||
|||  2031-05-06T11:02:10Z|  a |  (service auth) has started 2 tasks.  |||
||+----------------------+----+-------------+||
"""


def test_rows_below_a_row_of_keys() -> None:
    found = changes.read(ECS_TABLE.encode(), name="x")
    assert found is not None
    (event,) = found.events
    assert (event.target, event.version) == ("auth", "auth:3")
    assert isoformat(event.end_ms or 0) == "2031-05-06T11:09:00Z"


@pytest.mark.parametrize(
    "text",
    [
        'changes:\n- time: 2031-05-06T11:02:00Z\n  kind: deploy\n  service: auth\n  version: "2.4"\n',
        "---\n- When: 2031-05-06 13:02:00 +0200\n  Type: Release\n  App: auth\n  Version: '2.4'\n",
        (
            '[[changes]]\ntime = 2031-05-06T11:02:00Z\nkind = "deploy"\nservice = "auth"\n'
            'version = "2.4"\n'
        ),
        '# kept by hand\n[[deploys]]\nat = "2031-05-06T11:02:00Z"\nservice = "auth"\nversion = "2.4"',
        (
            '{"data":{"items":[{"Time":"2031-05-06T11:02:00Z","Kind":"Deploy","ServiceName":"auth",'
            '"Version":"2.4"}],"total":1}}'
        ),
        "Deployed At,Application,Build\n2031-05-06T11:02:00Z,auth,2.4\n",
        "start date;start time (UTC);type;service;release\n2031-05-06;11:02;deployment;auth;2.4\n",
        (
            "# Changes\n\nWhat we did.\n\n| When | What | Service | Version |\n|---|:---:|---|---|\n"
            "| 2031-05-06 11:02 UTC | **deploy** | `auth` | 2.4 |\n\nThat is all.\n"
        ),
        "epoch_ms,action,service,version\n1935831720000,deploy,auth,2.4\n",
        (
            '{"title":"May","change":[{"time":"06.05.2031 11:02","kind":"deploy","service":{"name":"auth"},'
            '"version":"2.4","tz":"UTC"}]}'
        ),
        (
            '{"CHG-1":{"time":"2031-05-06T11:02:00Z","event":"deploy_started","services":["auth"],'
            '"version":"2.4"},"CHG-2":{"time":"2031-05-06T11:03:00Z","event":"deploy","status":"failed"}}'
        ),
        "unix time,action,service,version\n1935831720,deploy,auth,2.4\n",
    ],
)
def test_a_list_in_any_form(text: str) -> None:
    assert told(read(text)) == [("2031-05-06T11:02:00Z", "deploy", "auth", "2.4")]


def test_a_ticket_system_s_table() -> None:
    found = read(
        "Number,Type,Short description,State,Actual start date,Actual end date,Configuration item\n"
        "CHG1,Normal,Rotate JWT signing key,Closed,2031-05-06 11:02:00,2031-05-06 11:20:00,auth\n"
        "CHG2,Normal,Deploy web,Canceled,2031-05-06 11:03:00,2031-05-06 11:20:00,web\n"
        "CHG3,Normal,Deploy web 7,Failed,2031-05-06 11:04:00,,web\n"
    )
    (event,) = found.events
    assert (event.id, event.kind.value, event.target) == ("CHG1", "rotation", "auth")
    assert event.end_ms == ms("2031-05-06T11:20:00Z")
    assert found.not_done == ("CHG2", "CHG3")


def test_stamps_without_a_zone_are_read_in_the_one_the_user_told() -> None:
    for text in (
        "time,kind,target\n2031-05-06 13:02:00,deploy,auth\n",
        "2031-05-06 13:02 Deployed auth\n",
        "## 2031-05-06\n- 13:02 Deployed auth\n",
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20310506T130200\nSUMMARY:Deploy auth\n"
            "END:VEVENT\nEND:VCALENDAR\n"
        ),
    ):
        (naive,) = read(text).events
        assert (isoformat(naive.time_ms), naive.zone_assumed) == ("2031-05-06T13:02:00Z", True)
        (placed,) = read(text, zone="Europe/Berlin").events
        assert (isoformat(placed.time_ms), placed.zone_assumed) == ("2031-05-06T11:02:00Z", False)


TIMELINE = """\
# Incident of 2031-05-06 (UTC)

- **11:05** – users begin to get 401 right after login
- **11:15** – rotated the JWT secret in production
- **11:20** – restarted gateway
- **11:25** – Cancelled: release of web
- **11:33** – rolled back auth-api because of invalid signature errors
- **11:40** – 401 rate back to baseline
"""


def test_a_timeline_in_prose() -> None:
    events = read(TIMELINE).events
    assert [(isoformat(e.time_ms)[11:16], e.kind.value) for e in events] == [
        ("11:15", "rotation"),
        ("11:20", "gateway"),
        ("11:33", "rollback"),
    ]
    assert not any(event.zone_assumed for event in events)
    assert events[0].id == "export:4"


def test_plain_lines() -> None:
    text = (
        "2031-05-06 11:02 Deployed auth-api 2.4.1\n"
        "2031-05-06 11:15 Renewed the signing certificate\n"
        "2031-05-06 11:33 Deploy of web failed\n"
        "6 May 2031, 11:40: feature flag new-login enabled\n"
    )
    assert [(isoformat(e.time_ms)[11:16], e.kind.value) for e in read(text).events] == [
        ("11:02", "deploy"),
        ("11:15", "rotation"),
        ("11:40", "config"),
    ]
